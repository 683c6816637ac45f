"""float16 is computed in float32 and rounded once, as torch does it."""

import functools


def through_float32(kernel):
    """A kernel that sees float16 arrays as float32 and rounds its results back; other dtypes it sees as they are."""

    @functools.wraps(kernel)
    def run(xp, *arguments):
        if getattr(arguments[0], "dtype", None) != xp.float16:
            return kernel(xp, *arguments)
        result = kernel(xp, *[_cast(x, xp.float16, xp.float32) for x in arguments])
        if isinstance(result, (tuple, list)):
            return [_cast(x, xp.float32, xp.float16) for x in result]
        return _cast(result, xp.float32, xp.float16)

    return run


def _cast(value, source, target):
    return value.astype(target) if getattr(value, "dtype", None) == source else value
