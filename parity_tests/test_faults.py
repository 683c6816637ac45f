"""Planted faults: each is put into minigrad's own code, and the suite's own cases and checkers must notice."""

import re
from fnmatch import fnmatchcase

import pytest

import parity_tests.ops  # noqa: F401  (fills the table)
from parity_tests import opinfo, runner
from parity_tests.behaviours import PROGRAMS
from parity_tests.case import CASES
from parity_tests.checkers import same_text
from parity_tests.faults import FAULTS
from parity_tests.libs import REFERENCE
from parity_tests.test_behaviour import played

CRASH = re.compile(r"got \(minigrad\) (TypeError: .*argument|AttributeError|NameError|AssertionError)")


def findings(witness, checker, dtype, lib):
    """What a part of the suite says of minigrad as it is now."""
    source, _, name = witness.partition("/")
    if source == "behaviour":
        expected, got = (played(PROGRAMS[name], one) for one in (REFERENCE, lib))
        return [a for a, b in zip(expected, got) if not same_text(a, b)] + ["lines"] * (len(expected) != len(got))
    if source == "opinfo":
        return opinfo.check(opinfo.Entry(opinfo.database()[name], lib), dtype, checker, 4).findings
    cases = [case for case in CASES if fnmatchcase(case.id, witness)]
    assert cases, f"no case is called {witness}"
    return [text for case in cases for text in runner.check(case, dtype, checker, lib).findings]


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.filterwarnings("ignore")
def test_a_planted_fault_is_noticed(name, lib):
    plant, *part = FAULTS[name]
    assert findings(*part, lib) == [], "the witness differs without the fault"
    with plant():
        said = findings(*part, lib)
    assert said, f"{part[0]} does not notice {name}"
    assert not [text for text in said if CRASH.search(text)], "the fault stops the program instead of making it wrong"
    assert findings(*part, lib) == [], "the fault outlived its test"


def test_there_are_enough():
    assert len(FAULTS) >= 25
