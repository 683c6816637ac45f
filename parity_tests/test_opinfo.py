"""Every entry of torch's OpInfo that has a counterpart here: value, gradients, variants and error inputs.

A few samples of each entry; `--full` takes all of them, and float32 and the other dtypes too.
"""

import pytest

from parity_tests import libs, opinfo
from parity_tests.runner import verdict

SAMPLES = 2
LIB = libs.load()
FOUND, MISSING = opinfo.mapped(LIB)
GRID = [pytest.param(name, checker, id=f"{name}-{checker}")
        for name, entry in FOUND.items() for checker in opinfo.checks(entry, opinfo.first_dtype(entry))]


@pytest.mark.parametrize("name, checker", GRID)
def test_entry(name, checker, full, backend):
    entry, said = FOUND[name], []
    for dtype in entry.dtypes() if full else [opinfo.first_dtype(entry)]:
        if checker in opinfo.checks(entry, dtype):
            result = opinfo.check(entry, dtype, checker, None if full else SAMPLES)
            said += verdict(f"opinfo/{name}", dtype, checker, result, backend)
    assert not said, "\n" + "\n".join(said)


def test_coverage():
    """No entry that once had a counterpart has lost it."""
    assert len(FOUND) >= 400, f"{len(FOUND)} entries have a counterpart; missing: {' '.join(MISSING)}"
