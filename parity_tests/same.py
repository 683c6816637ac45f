"""One small program run with both libraries: what it returns, or the error that stops it, is the same.

To the bit, unless the check says that floats are computed with other roundings; then text, structure, dtypes, shapes,
integers and Python's numbers are still the same to the bit.
"""

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


def check(program, lib, ulps=0):
    """The two outcomes are equal; an error's text counts.  Floating tensors may differ by `ulps` roundings."""
    expected, got = outcome(program, REFERENCE), outcome(program, lib)
    difference = first_difference(expected, got, ulps)
    assert difference is None, difference
    return expected


def first_difference(expected, got, ulps=0, path=""):
    """Where two frozen values first differ, and how; None if they do not."""
    if expected == got or ulps and rounded_alike(expected, got, ulps):
        return None
    if isinstance(expected, Mapping) and isinstance(got, Mapping) and list(expected) == list(got):
        pairs = [(expected[key], got[key], f"{path}[{key!r}]") for key in expected]
    elif isinstance(expected, (list, tuple)) and type(expected) is type(got) and len(expected) == len(got):
        pairs = [(a, b, f"{path}[{i}]") for i, (a, b) in enumerate(zip(expected, got))]
    else:
        pairs = []
    if not pairs or is_tensor(expected):
        return f"at {path}: expected (torch) {expected!r} / got (minigrad) {got!r}"
    return next((found for a, b, where in pairs if (found := first_difference(a, b, ulps, where))), None)


def is_tensor(value):
    return isinstance(value, tuple) and value[:1] == ("tensor",)


def rounded_alike(expected, got, ulps):
    """Two frozen floating tensors |a - b| <= ulps eps max(1, |a|): eps is the dtype's, and 1 the scale of what is
    computed here, so that a value near 0 may carry the rounding of the terms that cancelled."""
    if not (is_tensor(expected) and is_tensor(got) and expected[:4] == got[:4]):
        return False
    dtype = expected[1].removeprefix("torch.")
    if not dtype.startswith("float"):
        return False
    a, b = (np.frombuffer(value[4], dtype=dtype) for value in (expected, got))
    eps = float(np.finfo(dtype).eps)
    return np.allclose(b, a, rtol=ulps * eps, atol=ulps * eps, equal_nan=True)


def attempt(program):
    """Its result, or "ErrorClass: text", for programs that try several things in turn."""
    try:
        return program()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
