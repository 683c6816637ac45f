"""Anomaly detection: which node is blamed, with which lines of the program, for errors and NaN in backward."""

import re
import warnings

from parity_tests.behaviours.program import behaviour, leaf

TRIGGER = re.compile(r" ?\(Triggered internally at .*\)")
INTERNAL = re.compile(r'  File "[^"]*/(torch|minigrad)/.*\n    .*\n')
OUTSIDE = re.compile(r'(  File "(?![^"]*behaviours/anomalies).*\n(    .*\n)?)+')


def warned(show, program):
    """Run a program and show what it raised and warned of; of tracebacks, only the lines of this file."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", RuntimeWarning)  # NumPy's own, of the values and not of the backward pass
        show.fails(program)
    for warning in caught:
        show(warning.category.__name__, OUTSIDE.sub("", INTERNAL.sub("", TRIGGER.sub("", str(warning.message) + "\n"))))


def functions(lib):
    """Functions whose backward fails, or calls the next one."""

    class Fails(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, g):
            raise ValueError("on purpose")

    class Calls(Fails):
        @staticmethod
        def backward(ctx, g):
            return Fails.apply(g)

    class CallsAgain(Fails):
        @staticmethod
        def backward(ctx, g):
            return Calls.apply(g)

    return Fails, Calls, CallsAgain


@behaviour
def anomaly_nan(lib, show):
    detect = lib.autograd.detect_anomaly

    def root():
        with detect():
            x = leaf(lib, -1.0, 0.0, 4.0)
            y = x.sqrt()
            y.sum().backward()

    def made_before():
        x = leaf(lib, -1.0, 0.0, 4.0)
        y = x.sqrt()
        with detect():
            y.sum().backward()

    def unchecked():
        with detect(check_nan=False):
            x = leaf(lib, -1.0, 0.0, 4.0)
            x.sqrt().sum().backward()
            show(x.grad)

    def in_gradient():
        with detect():
            x = leaf(lib)
            (x * 1).sum().backward(lib.tensor(float("nan")))

    def second_input():
        with detect():
            x, z = leaf(lib), leaf(lib)
            (lib.zeros(3) / 0 * z * x).sum().backward()

    def second_order():
        with detect():
            x = leaf(lib, 0.0, 1.0)
            (g,) = lib.autograd.grad((x**3).sum(), x, create_graph=True)
            (g.sqrt() * 0).sum().backward()

    for program in (root, made_before, unchecked, in_gradient, second_input, second_order):
        warned(show, program)


@behaviour
def anomaly_errors(lib, show):
    Fails, Calls, CallsAgain = functions(lib)
    detect = lib.autograd.detect_anomaly

    def function():
        with detect():
            Fails.apply(leaf(lib)).sum().backward()

    def induced():
        with detect():
            x, v = leaf(lib), leaf(lib)
            (g,) = lib.autograd.grad(Calls.apply(x), x, v, create_graph=True)
            g.sum().backward()

    def induced_twice():
        with detect():
            x, v = leaf(lib), leaf(lib)
            (g,) = lib.autograd.grad(CallsAgain.apply(x), x, v, create_graph=True)
            (h,) = lib.autograd.grad(g, v, v, create_graph=True)
            h.sum().backward()

    def hook(g):
        raise ValueError("hooked")

    def tensor_hook():
        with detect():
            y = leaf(lib) * 2
            z = y * 3
            y.register_hook(hook)
            z.sum().backward()

    for program in (function, induced, induced_twice, tensor_hook):
        warned(show, program)


@behaviour
def anomaly_hint(lib, show):
    with lib.autograd.set_detect_anomaly(True):
        x = leaf(lib)
        y = x * 1
        z = y * y
        y.add_(1)
        warned(show, lambda: z.sum().backward())


@behaviour
def anomaly_switches(lib, show):
    def state():
        show(lib.is_anomaly_enabled(), lib.is_anomaly_check_nan_enabled())

    state()
    lib.autograd.set_detect_anomaly(True)
    state()
    with lib.autograd.set_detect_anomaly(True, check_nan=False):
        state()
    state()
    lib.autograd.set_detect_anomaly(False)
    state()
    with lib.autograd.detect_anomaly(check_nan=False) as given:
        state()
        show(given)
    state()
    lib.autograd.set_detect_anomaly(False)


@behaviour
def switched_by_no_bool(lib, show):
    for wrong in (lambda: lib.autograd.set_detect_anomaly(3), lambda: lib.autograd.set_detect_anomaly(True, 3)):
        show.fails(wrong)
    show(lib.is_anomaly_enabled(), lib.is_anomaly_check_nan_enabled())
