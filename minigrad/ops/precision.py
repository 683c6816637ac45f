"""float16 is computed in float32 and rounded once, as torch does it; integers are not computed with at all."""

import functools

from ..dtypes import SCALAR_TYPE

FLOATS = "fc"  # the letters of floating-point and complex arrays' `dtype.kind`


def through_float32(kernel):
    """A kernel that sees float16 arrays as float32 and rounds its results back; other dtypes it sees as they are."""

    @functools.wraps(kernel)
    def run(xp, *arguments):
        dtype = getattr(arguments[0], "dtype", None)
        if dtype is None or dtype.itemsize != 2 or dtype.kind != "f":
            return kernel(xp, *arguments)
        result = kernel(xp, *[_cast(x, xp.float16, xp.float32) for x in arguments])
        if isinstance(result, (tuple, list)):
            return [_cast(x, xp.float32, xp.float16) for x in result]
        return _cast(result, xp.float32, xp.float16)

    return run


def _cast(value, source, target):
    return value.astype(target) if getattr(value, "dtype", None) == source else value


def floating(name):
    """The same for a kernel that takes no integers; `name` is what torch's error calls it."""

    def decorate(kernel):
        inner = through_float32(kernel)

        @functools.wraps(kernel)
        def run(xp, *arguments):
            check_floating(xp, arguments[0], name)
            return inner(xp, *arguments)

        return run

    return decorate


def check_floating(xp, array, name):
    """Raise torch's NotImplementedError if an array holds integers or truth values."""
    if array.dtype.kind not in FLOATS:
        raise NotImplementedError(f"\"{name}\" not implemented for '{SCALAR_TYPE[xp.dtype_of(array)]}'")
