"""gradcheck and gradgradcheck: what passes, what fails and with which text, slow and fast."""

import warnings

from parity_tests.behaviours.program import behaviour


def functions(lib):
    """x -> 2x with backward functions that are wrong each in its way."""

    class Double(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.set_materialize_grads(False)
            return x * 2

    class Wrong(Double):
        @staticmethod
        def backward(ctx, g):
            return g * 3 if g is not None else None

    class Undefined(Double):
        @staticmethod
        def backward(ctx, g):
            return lib.ones(2, dtype=lib.float64) if g is None else g * 2

    class Unsteady(Double):
        calls = []

        @staticmethod
        def backward(ctx, g):
            Unsteady.calls.append(1)
            return None if g is None else g * (2 + 1e-8 * len(Unsteady.calls))

    class Shape(Double):
        @staticmethod
        def backward(ctx, g):
            return (g * 2).sum().reshape(1, 1)

    class ConstantDerivative(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**2

        @staticmethod
        def backward(ctx, g):
            return 2 * ctx.saved_tensors[0].detach() * g

    return Double, Wrong, Undefined, Unsteady, Shape, ConstantDerivative


def shown(show, check):
    """Show what a check returns or raises, and the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        show.fails(lambda: show(check()))
    show([str(w.message) for w in caught if w.category is UserWarning])


def checked(lib, show, fast):
    Double, Wrong, Undefined, Unsteady, Shape, _ = functions(lib)
    x = lib.tensor([1.0, 2.0], dtype=lib.float64, requires_grad=True)
    single = lib.tensor([1.0, 2.0], requires_grad=True)
    check = lambda f, i, **options: shown(show, lambda: lib.autograd.gradcheck(f, i, fast_mode=fast, **options))
    check(lambda t: t**2, x)
    check(lambda t: (t.exp(), t * t, t.detach()), [x])
    check(lambda t, u, k: t * u * k, (x, x.detach(), 3))
    check(lambda t, u: t + 0 * u.detach(), (x, x.detach().clone().requires_grad_()))
    check(lambda t: t**2, single)
    check(lambda t: t**2, single, eps=1e-2, atol=1e-2)
    check(Wrong.apply, x)
    check(Wrong.apply, x, raise_exception=False)
    check(Shape.apply, x)
    check(Double.apply, x)
    check(Undefined.apply, x)
    check(Undefined.apply, x, check_undefined_grad=False)
    check(Unsteady.apply, x)
    check(Unsteady.apply, x, nondet_tol=1e-3)
    check(lambda t, u: t * u, (x, x))
    check(lambda t: t.detach(), x)
    check(lambda t: t, x.detach())
    check(lambda t: 3, x)
    check(lambda t: t * 2, x.detach()[:1].expand(2).requires_grad_())
    check(lambda t: t * 2, lib.ones(0, dtype=lib.float64, requires_grad=True))
    check(lambda t: t**2, x, check_backward_ad=False)
    check(lambda t: t.abs(), lib.zeros(2, dtype=lib.float64, requires_grad=True))
    show(x)


@behaviour
def gradcheck(lib, show):
    checked(lib, show, fast=False)


@behaviour
def gradcheck_fast(lib, show):
    checked(lib, show, fast=True)


@behaviour
def gradgradcheck(lib, show):
    *_, ConstantDerivative = functions(lib)
    x = lib.tensor([1.0, 2.0], dtype=lib.float64, requires_grad=True)
    check = lambda f, i, *g, **options: shown(show, lambda: lib.autograd.gradgradcheck(f, i, *g, **options))
    for fast in (False, True):
        check(lambda t: t**3, x, fast_mode=fast)
        check(lambda t, u: t * u.exp(), (x, x.detach().clone().requires_grad_()), fast_mode=fast)
        check(lambda t: t * 2, x, fast_mode=fast)
        check(lambda t: t**3, x, lib.ones(2, dtype=lib.float64), fast_mode=fast)
        check(ConstantDerivative.apply, x, fast_mode=fast)
        check(ConstantDerivative.apply, x, fast_mode=fast, raise_exception=False)


@behaviour
def checks_in_forward_mode(lib, show):
    kind, (gradcheck, gradgradcheck) = lib.float64, (lib.autograd.gradcheck, lib.autograd.gradgradcheck)
    x, y = (lib.tensor(values, dtype=kind, requires_grad=True) for values in ([1.0, 2.0], [3.0, 0.5]))

    class Double(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def jvp(ctx, t):
            return t * 2

    class Wrong(Double):
        @staticmethod
        def backward(ctx, g):
            return g * 2

        @staticmethod
        def jvp(ctx, t):
            return t * 3

    class Undefined(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x, y):
            ctx.set_materialize_grads(False)
            return x * y

        @staticmethod
        def jvp(ctx, a, b):
            return a if a is not None else b

    programs = {
        "right": lambda **how: gradcheck(lambda a, b: a * b.exp(), (x, y), check_forward_ad=True, **how),
        "wrong": lambda **how: gradcheck(Wrong.apply, x, check_forward_ad=True, **how),
        "second": lambda **how: gradcheck(lambda a, b: (a, Wrong.apply(b)), (y, x), check_forward_ad=True, **how),
        "caught": lambda **how: gradcheck(Wrong.apply, x, check_forward_ad=True, raise_exception=False, **how),
        "no backward": lambda **how: gradcheck(Double.apply, x, check_forward_ad=True, **how),
        "only": lambda **how: gradcheck(Double.apply, x, check_forward_ad=True, check_backward_ad=False, **how),
        "undefined": lambda **how: gradcheck(Undefined.apply, (x, y), check_forward_ad=True, check_backward_ad=False, **how),
        "refused": lambda **how: gradcheck(lambda a: lib.cdist(a[None], a[None]), x, check_forward_ad=True, **how),
        "over reverse": lambda **how: gradgradcheck(lambda a: a**3, x, check_fwd_over_rev=True, **how),
        "over reverse only": lambda **how: gradgradcheck(lambda a: a**3, x, check_fwd_over_rev=True, check_rev_over_rev=False,
                                                         check_undefined_grad=False, **how),
    }  # fmt: skip
    for name, program in programs.items():
        for fast in (False, True):
            show(name, fast)
            shown(show, lambda program=program, fast=fast: program(fast_mode=fast))
    shown(show, lambda: gradcheck(lambda j, a: Wrong.apply(a), (lib.arange(2), x), check_forward_ad=True))
    for flags in ({"check_backward_ad": False}, {"check_batched_forward_grad": True},
                  {"check_batched_grad": True, "check_backward_ad": False, "check_forward_ad": True}):  # fmt: skip
        show.fails(lambda flags=flags: gradcheck(lambda a: a, x, **flags))
    for flags in ({"check_rev_over_rev": False}, {"check_rev_over_rev": False, "check_fwd_over_rev": True}):
        show.fails(lambda flags=flags: gradgradcheck(lambda a: a, x, **flags))


@behaviour
def checks_count_the_inputs_that_require_grad(lib, show):
    Double, Wrong, *_ = functions(lib)
    x = lib.tensor([1.0, 2.0], dtype=lib.float64, requires_grad=True)
    shown(show, lambda: lib.autograd.gradcheck(lambda j, a: Wrong.apply(a), (lib.arange(2), x)))
