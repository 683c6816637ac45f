"""Forward mode over the op cases: tangents, alone and together with backward passes, are torch's."""

import itertools

import pytest

import parity_tests.ops  # noqa: F401  (fills the table)
from parity_tests.case import CASES, call
from parity_tests.forward import check_forward, check_mixed
from parity_tests.forward_deviations import entries
from parity_tests.libs import REFERENCE

CHECKS = {"forward": check_forward, "mixed": check_mixed}
KNOWN = entries()
DIFFERENTIABLE = [case for case in CASES if "float64" in case.dtypes and case.specs and case.order]
BY_OP = {op: list(cases) for op, cases in
         itertools.groupby(sorted(DIFFERENTIABLE, key=lambda case: case.op), key=lambda case: case.op)}


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
