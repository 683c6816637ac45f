"""Every case in every dtype with every checker."""

import pytest

import parity_tests.ops  # noqa: F401  (fills the table)
from parity_tests.case import CASES
from parity_tests.runner import check, checks, verdict

GRID = [pytest.param(case, dtype, checker, id=f"{case.id}-{dtype}-{checker}")
        for case in CASES for dtype in case.dtypes for checker in checks(case, dtype)]


def test_names_are_unique():
    """Two cases of one name would share inputs and deviations."""
    names = [case.id for case in CASES]
    assert sorted({n for n in names if names.count(n) > 1}) == []


@pytest.mark.parametrize("case, dtype, checker", GRID)
def test_case(case, dtype, checker, lib, backend):
    result = check(case, dtype, checker, lib)
    said = verdict(case.id, dtype, checker, result, backend)
    assert not said, "\n" + "\n".join(said)
