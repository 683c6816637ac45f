"""The suite tested: torch against a torch with one planted fault, which a checker must catch (and pass without it)."""

import numpy as np
import pytest
import torch

from parity_tests import deviations
from parity_tests.case import Call, Case, call
from parity_tests.checkers import CHECKERS, same_text
from parity_tests.compare import Result, compare, ulps
from parity_tests.inputs import LAYOUTS, T, applies, arrays
from parity_tests.runner import verdict


def planted(forward, backward, name="MulBackward0"):
    """x * y (or another forward) as a custom function with the backward given, its node named `name`."""

    class Fault(torch.autograd.Function):
        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(*inputs)

        @staticmethod
        def forward(*xs):
            return forward(*xs)

        @staticmethod
        def backward(ctx, g):
            return backward(g, *ctx.saved_tensors)

    return lambda lib, *xs: Fault.apply(*xs)


def mul(lib, x, y):
    return x * y


def changes_input(lib, x, y):
    x.data[0] = 7
    return x * y


def bumps_version(lib, x, y):
    with torch.no_grad():
        x.mul_(1)
    return x * y


def raises(text, kind=RuntimeError):
    def program(lib, *xs):
        raise kind(text)

    return program


SQUARE, ROW = (T(3, 3), T(3, 3)), (T(3, 3), T(3))
FAULTS = {
    "a flipped sign": ("gradient", SQUARE, mul, planted(torch.mul, lambda g, x, y: (g * y, -g * x))),
    "gradients exchanged": ("gradient", SQUARE, mul, planted(torch.mul, lambda g, x, y: (g * x, g * y))),
    "a reduction by mean": ("gradient", ROW, mul, planted(torch.mul, lambda g, x, y: (g * y, (g * x).mean(0)))),
    "a wrong permutation": ("gradient", SQUARE[:1], lambda lib, x: x.t(), planted(lambda x: x.t(), lambda g, x: g)),
    "a missing gradient": ("gradient", SQUARE, mul, planted(torch.mul, lambda g, x, y: (g * y, None))),
    "a gradient not recorded": ("second", SQUARE, mul, planted(torch.mul, lambda g, x, y: (g * y.detach(), g * x))),
    "a wrong value": ("value", SQUARE, mul, lambda lib, x, y: x * y + 1e-6),
    "a wrong dtype": ("value", SQUARE, mul, lambda lib, x, y: (x * y).float()),
    "a wrong shape": ("value", SQUARE, mul, lambda lib, x, y: (x * y)[None]),
    "other strides": ("value", SQUARE, mul, lambda lib, x, y: (x * y).t().contiguous().t()),
    "a result that forgets its graph": ("value", SQUARE, mul, lambda lib, x, y: (x * y).detach()),
    "an input changed": (
        "value",
        SQUARE,
        lambda lib, x, y: x.detach() * y,
        lambda lib, x, y: changes_input(lib, x, y).detach() * 1,
    ),
    "a version bumped": ("value", (T(3, grad=False), T(3, grad=False)), mul, bumps_version),
    "a list for a tensor": ("value", SQUARE, mul, lambda lib, x, y: [x * y, x]),
    "another node": ("graph", SQUARE, mul, lambda lib, x, y: x / y),
    "edges exchanged": ("graph", SQUARE, mul, lambda lib, x, y: y * x),
    "a node too many": ("graph", SQUARE, mul, lambda lib, x, y: x * (y + 0)),
    "an error where none is": ("value", SQUARE, mul, raises("no")),
    "no error where one is": ("value", SQUARE, lambda lib, x, y: x @ y[:2], mul),
    "another text": ("value", SQUARE, raises("one thing"), raises("another")),
    "another class": ("value", SQUARE, raises("one thing"), raises("one thing", ValueError)),
}


def result(checker, specs, fn, other):
    programs = [call(Case("planted", "fault", f, specs), torch, "float64", "contiguous") for f in (fn, other)]
    return CHECKERS[checker](*programs)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught(fault):
    checker, specs, right, wrong = FAULTS[fault]
    assert result(checker, specs, right, right).findings == []
    assert result(checker, specs, right, wrong).findings != []


def test_ulps_are_units_of_the_last_place():
    for dtype in (np.float16, np.float32, np.float64):
        one = np.ones(1, dtype)
        assert ulps(one, np.nextafter(one, dtype(2))) == 1
        assert ulps(one, one + 4 * np.finfo(dtype).eps) == 4
        assert ulps(one, one) == 0
        assert ulps(np.array([1, 0], dtype), np.array([1, np.finfo(dtype).eps], dtype)) <= 1024


def test_signed_zeros_nan_and_inf():
    zero, nan = np.array([0.0]), np.array([np.nan])
    assert compare("x", zero, -zero).findings == []
    assert compare("x", zero, -zero, signs=True).findings
    assert compare("x", nan, nan).findings == [] and compare("x", nan, zero).findings
    assert compare("x", np.array([np.inf]), np.array([-np.inf])).findings


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_are_what_they_say(layout):
    specs = (T(4, 3), T(4, 3))
    assert applies(specs, layout)
    (a, b), same = arrays(specs, "float64", layout, "seed")
    seen = {
        "contiguous": a.strides == (24, 8),
        "transposed": a.strides == (8, 32),
        "strided": a.strides == (48, 16),
        "expanded": a.strides == (0, 8),
        "twice": same == [0, 0],
        "0-d": a.shape == (),
        "empty": a.shape == (0, 3),
    }
    assert seen[layout]
    again = arrays(specs, "float64", layout, "seed")[0]
    assert np.array_equal(a, again[0]) and np.array_equal(b, again[1])


def test_layouts_survive_the_crossing():
    case = Case("x", "y", lambda lib, x: x, (T(4, 3),))
    for layout, stride in {"transposed": (1, 4), "strided": (6, 2), "expanded": (0, 1)}.items():
        made: Call = call(case, torch, "float32", layout)
        assert made.make(True)[1][0].stride() == stride


def test_only_an_error_may_say_more():
    assert same_text("ValueError: a", "ValueError: a") and same_text("ValueError: a", "ValueError: a\nwhere: here")
    assert not same_text("ValueError: a", "ValueError: ab") and not same_text("ValueError: a", "TypeError: a")
    assert not same_text("tensor(1.)", "tensor(1.)\nmore")


def test_a_deviation_is_strict(monkeypatch):
    monkeypatch.setattr(deviations, "DEVIATIONS", [deviations.Deviation("mul/*", "for this test", check="value")])
    assert verdict("mul/x", "float64", "value", Result(["differs"])) == []
    assert verdict("mul/x", "float64", "gradient", Result(["differs"])) == ["differs"]
    assert "mended" in verdict("mul/x", "float64", "value", Result([]))[0]
