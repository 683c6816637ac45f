"""Padding: more elements around a tensor, constant or taken from inside."""

from .primitive import primitive


@primitive("ConstantPadNdBackward0")
def constant_pad(xp, input, /, pad, value):
    """`value` around input: pad = (before, after) for the last dimension, then for the one before it, ...

    Negative numbers cut elements off instead.
    """
    sides = _sides(pad, input.ndim)
    size = [s + before + after for s, (before, after) in zip(input.shape, sides)]
    result = xp.full(size, value, dtype=input.dtype)
    target = tuple([slice(max(before, 0), s - max(after, 0)) for s, (before, after) in zip(size, sides)])
    source = tuple([slice(max(-before, 0), s - max(-after, 0)) for s, (before, after) in zip(input.shape, sides)])
    result[target] = input[source]
    return result


def _sides(pad, ndim):
    """(before, after) for every dimension, first dimension first"""
    pairs = list(zip(pad[::2], pad[1::2]))
    return [(0, 0)] * (ndim - len(pairs)) + pairs[::-1]


constant_pad.vjp(input=lambda g, pad: constant_pad(g, tuple(-p for p in pad), 0))
