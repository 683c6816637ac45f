"""Behaviour cases: small functions of a library, run with torch and with the library under test.

A case returns what it saw, or yields it piece by piece; a yielded function is called, and what it returns or raises is
seen.  What both libraries saw must read the same.
"""

import inspect
import re
import warnings

import pytest

from parity_tests.checkers import error_text, same_text
from parity_tests.libs import REFERENCE, seal

ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


def outcome(value):
    """How a value reads; a function is called first, and its error is read."""
    if callable(value) and inspect.isfunction(value):
        try:
            value = value()
        except Exception as error:
            return error_text(error)
    return ADDRESS.sub("0x...", repr(value))


def watch(program, lib):
    """All that a case sees in one library."""
    seal(lib)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if not inspect.isgeneratorfunction(program):
                return [outcome(lambda: program(lib))]
            return [outcome(value) for value in program(lib)]
        finally:
            seal(lib)


def check(program, lib):
    """Fail with the first difference between the two libraries."""
    expected, got = watch(program, REFERENCE), watch(program, lib)
    for i, (a, b) in enumerate(zip(expected, got)):
        assert same_text(a, b), f"{program.__name__} sees ({i})\nexpected (torch) {a}\ngot (minigrad) {b}"
    assert len(expected) == len(got)


def cases(module):
    """Parametrize a test over the public functions of a module that take `lib` alone."""
    found = [f for name, f in module.items() if inspect.isfunction(f) and f.__module__ == module["__name__"]
             and list(inspect.signature(f).parameters) == ["lib"] and not name.startswith("test")]  # fmt: skip
    return pytest.mark.parametrize("program", found, ids=lambda f: f.__name__)


def leaf(lib, *values):
    """A leaf that requires grad."""
    return lib.tensor(values or (1.0, 2.0, 3.0), requires_grad=True)


def place(tensor):
    """Where a tensor stands: what autograd shows of it."""
    base = tensor._base
    return (tensor.requires_grad, tensor.is_leaf, tensor.output_nr, tensor._is_view(), base is None, tensor._version,
            tensor.grad_fn and tensor.grad_fn.name())


def names(node, depth=4):
    """The names of the nodes behind a node, nested as the graph is."""
    return None if node is None else (node.name(), *(names(n, depth - 1) for n, _ in node.next_functions if depth))
