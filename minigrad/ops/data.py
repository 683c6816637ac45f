"""Numbers and nested sequences as arrays: which dtype they ask for, what a dtype can hold, and torch's errors about both."""

import math

from .. import dtypes
from ..backends import BACKENDS, host
from ..dtypes import COMPLEX, CPP_NAME, FLOAT, INTEGER, get_default_dtype
from ..tensor import Tensor
from .promotion import NUMBERS, dtype_of_number

LONG = range(-(2**63), 2**63)
TYPE_NAME = {kind: kind.name + "_t" if kind.category == INTEGER and kind is not dtypes.int32 else name
             for kind, name in CPP_NAME.items()}  # fmt: skip

# ---- what a dtype can hold ------------------------------------------------------------------------------------------


def fitting(number, dtype):
    """`number` as a tensor of that dtype holds it: cut off, or wrapped around.  Raises RuntimeError where it is too large"""
    if isinstance(number, complex) and dtype.category < COMPLEX:
        raise too_large(TYPE_NAME[dtype])
    if isinstance(number, int) and number not in LONG:
        raise OverflowError("int too big to convert")
    if dtype.category == INTEGER:
        if not _holds(dtype, number, number, isinstance(number, float)):
            raise too_large(TYPE_NAME[dtype])
        return int(number) if dtype.is_signed else int(number) % 256
    if dtype is dtypes.float32 and math.isfinite(number) and abs(number) > dtypes.finfo(dtype).max:
        raise too_large(TYPE_NAME[dtype])
    return number.item() if hasattr(number, "item") else number  # NumPy's numbers would bring their dtype along


def _holds(dtype, low, high, floats):
    """Whether an integer dtype can hold numbers from low to high; negative integers wrap around in unsigned ones"""
    limits = dtypes.iinfo(dtype)
    return bool((limits.min if dtype.is_signed or floats else -limits.max) <= low and high <= limits.max)


def too_large(name):
    return RuntimeError(f"value cannot be converted to type {name} without overflow")


# ---- nested sequences -----------------------------------------------------------------------------------------------


def from_python(data, dtype):
    """A number, or nested sequences of numbers, as an array of its own dtype; and the dtype to convert it to"""
    if isinstance(data, NUMBERS):
        kind = dtype or dtype_of_number(data)
        _check_element(data, kind)
        _check_range(host.from_host(data) if kind.category == INTEGER else None, kind)
        return (data % 256 if kind is dtypes.uint8 else data), kind
    leaf = _first_leaf(data)
    plain = _untensored(data) if isinstance(leaf, Tensor) else data
    array = _as_array(plain, dtype)
    _check_range(array, dtype)
    return array, dtype or _asked_for(array, leaf)


def _as_array(data, dtype):
    try:
        array = host.from_host(data)
        if host.dtype_of(array).category == COMPLEX and dtype is not None and dtype.category < COMPLEX:
            raise TypeError
    except (ValueError, KeyError, TypeError, OverflowError):
        if dtype is None:
            _check_type(data)
        _check_nested(data, _nested_shape(data), dtype or _inferred(data))
        if dtype is None or dtype.category == INTEGER:
            raise
        return host.from_host(data, dtype)
    return array


def _asked_for(array, leaf):
    """The dtype of an array of Python numbers, or of tensors like `leaf`"""
    kind = host.dtype_of(array)
    if isinstance(leaf, Tensor):
        return leaf.dtype if kind.category == leaf.dtype.category else kind
    if kind is dtypes.float64 and (leaf is None or type(leaf) in (float, int, bool)):
        return get_default_dtype()
    return get_default_dtype().to_complex() if kind is dtypes.complex128 else kind


def _is_sequence(data):
    return hasattr(data, "__len__") and hasattr(data, "__getitem__") and not isinstance(data, (dict, str, Tensor))


def _check_type(data):
    """Raise torch's error for the first element that asks for no dtype"""
    if isinstance(data, str):
        raise TypeError("new(): invalid data type 'str'")
    if isinstance(data, (list, tuple)):
        for item in data:
            _check_type(item)
    elif not isinstance(data, (*NUMBERS, Tensor)) and type(data) not in BACKENDS and not _is_sequence(data):
        raise RuntimeError(f"Could not infer dtype of {type(data).__name__}")


def _inferred(data):
    """The dtype that nested numbers ask for"""
    if not isinstance(data, (list, tuple)):
        return dtype_of_number(data) if isinstance(data, NUMBERS) else dtypes.float32
    return max((_inferred(item) for item in data), key=lambda kind: kind.category, default=get_default_dtype())


def _first_leaf(data):
    while isinstance(data, (list, tuple)) or type(data) not in BACKENDS and _is_sequence(data):
        if not len(data):
            return None
        data = data[0]
    return data


def _untensored(data):
    if isinstance(data, Tensor):
        if data.numel() != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return data.item()
    return [_untensored(item) for item in data] if isinstance(data, (list, tuple)) else data


def _nested_shape(data):
    shape = []
    while isinstance(data, (list, tuple)):
        shape.append(len(data))
        if not data:
            break
        data = data[0]
    return shape


def _check_nested(data, shape, dtype, dim=0):
    """Raise torch's error for the first element that does not fit."""
    if dim == len(shape):
        _check_element(data, dtype)
        return
    if not isinstance(data, (list, tuple)):
        raise TypeError("not a sequence")
    if len(data) != shape[dim]:
        raise ValueError(f"expected sequence of length {shape[dim]} at dim {dim} (got {len(data)})")
    for item in data:
        _check_nested(item, shape, dtype, dim + 1)


def _check_element(data, dtype):
    """Raise TypeError unless `data` can be made an element of that dtype, ValueError for integers beyond 64 bits"""
    if isinstance(data, str):
        raise TypeError("new(): invalid data type 'str'")
    if dtype.category == INTEGER:
        if not isinstance(data, float) and not hasattr(data, "__index__"):
            raise TypeError(f"'{type(data).__name__}' object cannot be interpreted as an integer")
        if isinstance(data, int) and data not in LONG:
            raise ValueError("Overflow when unpacking long long")
    elif dtype.category == FLOAT and not hasattr(data, "__float__") and not hasattr(data, "__index__"):
        raise TypeError(f"must be real number, not {type(data).__name__}")


def _check_range(array, dtype):
    """Raise RuntimeError for numbers that an integer dtype cannot hold"""
    if dtype is None or dtype.category != INTEGER or not array.size or array.dtype.kind == "b":
        return
    if not _holds(dtype, array.min(), array.max(), array.dtype.kind == "f"):
        raise too_large(dtype.name)
