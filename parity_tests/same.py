"""One small program run with both libraries: what it returns, or the error that stops it, is the same to the bit."""

import re
import warnings
from collections.abc import Mapping

import numpy as np

from parity_tests.libs import REFERENCE, seal

ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


def as_torch(text, lib):
    """Text in which the library's own name and addresses do not show."""
    return ADDRESS.sub("0x...", text).replace(lib.__name__ + ".", "torch.")


def frozen(value, lib):
    """A value that compares by content: tensors by dtype, shape, bits and requires_grad; objects by their repr."""
    if isinstance(value, lib.Tensor):
        array = np.ascontiguousarray(value.detach().numpy())
        return ("tensor", str(value.dtype), tuple(value.shape), value.requires_grad, array.tobytes(), array.tolist())
    if isinstance(value, (bool, int, float, str, bytes, type(None))):
        return as_torch(value, lib) if isinstance(value, str) else value
    if isinstance(value, Mapping):
        return {frozen(key, lib): frozen(item, lib) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [type(value).__name__, *(frozen(item, lib) for item in value)]
    return as_torch(repr(value), lib)


def outcome(program, lib):
    """What `program(lib)` gives or raises, and the warnings it makes."""
    seal(lib)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = frozen(program(lib), lib)
        except Exception as error:
            result = ("raised", type(error).__name__, as_torch(str(error), lib))
    said = [(w.category.__name__, str(w.message)) for w in caught if "Triggered internally" not in str(w.message)]
    return result, said


def check(program, lib):
    """The two outcomes are equal; an error's text counts."""
    expected, got = outcome(program, REFERENCE), outcome(program, lib)
    assert got == expected, first_difference(expected, got)
    return expected


def first_difference(expected, got, path=""):
    """Where two frozen values first differ, and how."""
    if isinstance(expected, Mapping) and isinstance(got, Mapping) and expected.keys() == got.keys():
        pairs = [(expected[key], got[key], f"{path}[{key!r}]") for key in expected]
    elif isinstance(expected, (list, tuple)) and type(expected) is type(got) and len(expected) == len(got):
        pairs = [(a, b, f"{path}[{i}]") for i, (a, b) in enumerate(zip(expected, got))]
    else:
        pairs = []
    for a, b, where in pairs:
        if a != b:
            return first_difference(a, b, where)
    return f"at {path}: expected (torch) {expected!r} / got (minigrad) {got!r}"


def attempt(program):
    """Its result, or "ErrorClass: text", for programs that try several things in turn."""
    try:
        return program()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
