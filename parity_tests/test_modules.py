"""Every module of torch's ModuleInfo that minigrad.nn has: printed form, state, results, gradients and errors.

A few samples of each module in float64; `--full` takes all of them, and float32 too.
"""

import pytest

from parity_tests import libs, moduleinfo
from parity_tests.runner import verdict

SAMPLES = 2
LIB = libs.load()
FOUND = [name for name in moduleinfo.database() if hasattr(LIB.nn, name)]
MISSING = [name for name in moduleinfo.database() if name not in FOUND]
GRID = [pytest.param(name, checker, id=f"{name}-{checker}")
        for name in FOUND for checker in moduleinfo.checks(name, "float64")]


@pytest.mark.parametrize("name, checker", GRID)
def test_module(name, checker, lib, full, backend):
    said = []
    for dtype in moduleinfo.DTYPES if full else moduleinfo.DTYPES[:1]:
        if checker in moduleinfo.checks(name, dtype):
            result = moduleinfo.check(name, lib, dtype, checker, None if full else SAMPLES)
            said += verdict(f"moduleinfo/{name}", dtype, checker, result, backend)
    assert not said, "\n" + "\n".join(said)


def test_coverage():
    """No module that once was there is gone."""
    assert len(FOUND) >= 107, f"missing: {' '.join(MISSING)}"
