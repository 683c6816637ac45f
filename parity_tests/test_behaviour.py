"""How autograd behaves: small programs print what they see, and every line must be torch's."""

import re

import pytest

from parity_tests.behaviours import PROGRAMS
from parity_tests.checkers import ADDRESS, same_text
from parity_tests.documents.stage import Stage
from parity_tests.libs import REFERENCE, seal

BUILD = re.compile(r" \(Triggered internally at [^)]*\)")  # where torch itself was built


def played(program, lib):
    """What a program prints, with the error that stopped it, if any, as its last line."""
    seal(lib)
    show = Stage(lib)
    try:
        program(lib, show)
    except Exception as error:
        show(f"stopped by {type(error).__name__}: {error}")
    finally:
        lib.set_grad_enabled(True)
    return [BUILD.sub("", ADDRESS.sub("0x...", line)) for line in show.lines]


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.filterwarnings("ignore")
def test_behaviour(name, lib):
    expected, got = (played(PROGRAMS[name], one) for one in (REFERENCE, lib))
    assert not any(line.startswith("stopped by") for line in expected), expected[-1]
    wrong = [
        f"line {i}: expected (torch) {a!r} / got (minigrad) {b!r}"
        for i, (a, b) in enumerate(zip(expected, got))
        if not same_text(a, b)
    ]
    assert not wrong and len(expected) == len(got), "\n".join(
        wrong + [f"last: expected (torch) {expected[-1]!r} / got (minigrad) {got[-1]!r}"]
    )
