"""Ordinary programs (programs/), each run as it is with both libraries: what one prints, the other prints."""

import builtins
import sys
from pathlib import Path
from types import ModuleType

import pytest

from parity_tests.checkers import ADDRESS, same_text
from parity_tests.libs import REFERENCE, importing, seal

FOLDER = Path(__file__).parent / "programs"
PROGRAMS = sorted(path.stem for path in FOLDER.glob("[!_]*.py"))


def played(lib, name):
    """The lines that a program prints."""
    seal(lib)
    lines = []

    def show(*values):
        lines.extend(ADDRESS.sub("0x...", " ".join(map(str, values))).split("\n"))

    program = ModuleType(f"parity_tests.programs.{name}")
    program.print, program.__builtins__ = show, {**vars(builtins), "__import__": importing(lib)}
    sys.modules[program.__name__] = program  # where pickle looks for its classes
    try:
        exec(compile((FOLDER / f"{name}.py").read_text(), f"{name}.py", "exec"), vars(program))
    finally:
        del sys.modules[program.__name__]
    return lines


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.filterwarnings("ignore")
def test_program(name, lib):
    expected, got = played(REFERENCE, name), played(lib, name)
    wrong = [f"line {i}: expected (torch) {a!r} / got (minigrad) {b!r}"
             for i, (a, b) in enumerate(zip(expected, got)) if not same_text(a, b)]  # fmt: skip
    assert not wrong and len(expected) == len(got), "\n".join([*wrong, f"{len(expected)} lines and {len(got)}"])


def test_files_are_exchanged(lib, tmp_path):
    """What one library saves, the other loads."""
    for writer, reader in ((REFERENCE, lib), (lib, REFERENCE)):
        net = writer.nn.Sequential(writer.nn.Conv2d(1, 2, 3), writer.nn.BatchNorm2d(2))
        values = {"model": net.state_dict(), "view": writer.arange(6).view(2, 3).t(), "numbers": [1, 2.5, None]}
        values |= {"parameter": writer.nn.Parameter(writer.ones(2)), "kind": writer.float16, "size": writer.Size([2])}
        writer.save(values, tmp_path / "values.pt")
        found = reader.load(tmp_path / "values.pt")
        assert repr(found) == repr(values)
        assert found["view"].stride() == (1, 3) and type(found["view"]) is reader.Tensor
        writer.save(net, tmp_path / "net.pt")
        if reader is lib:  # the other way torch finds torch's names, but not the members that only its own modules have
            assert repr(reader.load(tmp_path / "net.pt", weights_only=False)) == repr(net)
