"""Forward mode over the op cases: tangents, alone and together with backward passes, are torch's."""

import gc
import itertools
import weakref
from importlib import import_module

import pytest

import parity_tests.ops  # noqa: F401  (fills the table)
from parity_tests import checkers, libs, opinfo
from parity_tests.case import CASES, call
from parity_tests.forward import check_forward, check_mixed, check_unrecorded
from parity_tests.forward_deviations import entries
from parity_tests.libs import REFERENCE

CHECKS = {"forward": check_forward, "mixed": check_mixed}
KNOWN = entries()
DIFFERENTIABLE = [case for case in CASES if "float64" in case.dtypes and case.specs and case.order]
BY_OP = {op: list(cases) for op, cases in
         itertools.groupby(sorted(DIFFERENTIABLE, key=lambda case: case.op), key=lambda case: case.op)}


@pytest.mark.parametrize("op", BY_OP)
@pytest.mark.filterwarnings("ignore")
def test_tangents_of_what_is_not_recorded(op, lib):
    wrong = []
    for case in BY_OP[op]:
        if (case.id, "forward") not in KNOWN and "floats to integers" not in case.name:  # torch stops with an internal error
            programs = [call(case, one, "float64", "contiguous") for one in (REFERENCE, lib)]
            wrong += [f"{case.id}: {x}" for x in check_unrecorded(*programs, case.tolerance.get("float64")).findings]
    assert not wrong, "\n".join(wrong)


def findings(case, check, lib):
    """What differs, layout by layout."""
    programs = {layout: [call(case, one, "float64", layout) for one in (REFERENCE, lib)]
                for layout in case.variants("float64")}
    return [f"{case.id}, {layout}: {found}" for layout, both in programs.items()
            for found in CHECKS[check](*both, case.tolerance.get("float64")).findings]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("op", BY_OP)
@pytest.mark.filterwarnings("ignore")
def test_tangents(op, check, lib):
    wrong = []
    for case in BY_OP[op]:
        found, known = findings(case, check, lib), KNOWN.get((case.id, check))
        if known is None:
            wrong += found
        elif not found:
            wrong.append(f"this known deviation is mended, remove it from forward_deviations.py: {case.id} ({known})")
    assert not wrong, "\n".join(wrong)


FOUND, _ = opinfo.mapped(libs.load())
ENTRIES = [name for name, entry in FOUND.items() if opinfo.first_dtype(entry) == "float64" and entry.differentiable]


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("name", ENTRIES)
@pytest.mark.filterwarnings("ignore")
def test_entry(name, check, monkeypatch):
    monkeypatch.setitem(checkers.CHECKERS, check, CHECKS[check])
    found, known = opinfo.check(FOUND[name], "float64", check, 2).findings, KNOWN.get((f"opinfo/{name}", check))
    assert not found or known, "\n".join(found)
    assert found or not known, f"this known deviation is mended, remove it from forward_deviations.py: {known}"


def test_nothing_outlives_its_level(lib):
    """Tangents go with their tensors, and all with the level, without the garbage collector."""
    forward_ad = lib.autograd.forward_ad
    gc.collect()
    gc.disable()
    try:
        x = lib.ones(3)
        with forward_ad.dual_level():
            y = forward_ad.make_dual(x, lib.ones(3)).exp() * 2
            kept, gone = weakref.ref(forward_ad.unpack_dual(y).tangent), y * y
            gone = weakref.ref(forward_ad.unpack_dual(gone).tangent)
            assert gone() is None and kept() is not None
        assert kept() is None
    finally:
        gc.enable()


def test_no_short_cut_misses_a_level(lib):
    """Ops of each kind of short cut propagate tangents inside a level, and outside none of it is left."""
    forward_ad, shortcut = lib.autograd.forward_ad, import_module(f"{lib.__name__}.ops.shortcut")
    ordinary = {place: getattr(*place) for place in forward_ad.FORWARD.places}
    x = lib.ones(2, 2)
    uses = (lambda d: d.exp(), lambda d: d * d, lambda d: d * 2.0, lib.nn.functional.relu, lambda d: lib.mul(d, 2.0),
            lambda d: d.t(), lambda d: d[0], lambda d: d.reshape(4), lambda d: d @ d, lambda d: -d)  # fmt: skip
    for use in uses:
        use(x)
        with forward_ad.dual_level():
            assert shortcut.Tensor is not lib.Tensor
            assert forward_ad.unpack_dual(use(forward_ad.make_dual(x, x))).tangent is not None
        use(x)
    assert all(getattr(*place) is function for place, function in ordinary.items())
    assert shortcut.Tensor is lib.Tensor
