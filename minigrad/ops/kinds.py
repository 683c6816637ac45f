"""Which kinds of numbers a kernel accepts."""

from ..dtypes import SCALAR_TYPE

BOOLS, INTEGERS, FLOATS = "b", "biu", "fc"  # the letters of an array's `dtype.kind`


def is_bool(array):
    """Whether an array (or number) holds truth values"""
    return array.dtype.kind == "b" if hasattr(array, "dtype") else isinstance(array, bool)


def is_integer(array):
    """Whether an array holds integers or truth values"""
    return array.dtype.kind in INTEGERS


def only(xp, array, kinds, kernel):
    """Raise torch's NotImplementedError unless the array's numbers are of the kinds that the kernel takes."""
    if array.dtype.kind not in kinds:
        raise unsupported(xp, array, kernel)


def no_half(xp, array, kernel):
    """Raise torch's NotImplementedError for float16, where a kernel is not made for it."""
    if getattr(array, "dtype", None) == xp.float16:
        raise unsupported(xp, array, kernel)


def unsupported(xp, array, kernel):
    """torch's error for a kernel that has no implementation for an array's dtype"""
    return NotImplementedError(f"\"{kernel}\" not implemented for '{SCALAR_TYPE[xp.dtype_of(array)]}'")
