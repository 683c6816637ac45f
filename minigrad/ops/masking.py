"""Zeros where a mask says so: linear in what remains, and exact also for infinities and nan."""

from .primitive import primitive


@primitive("MaskedFillBackward0")
def keep(xp, input, mask, /):
    """input where mask holds, 0 elsewhere"""
    return xp.masked(input, mask)


keep.vjp(input=lambda g, mask: keep(g, mask))


@primitive("MaskedFillBackward0")
def drop(xp, input, mask, /):
    """0 where mask holds, input elsewhere"""
    return xp.masked(input, xp.logical_not(mask))


drop.vjp(input=lambda g, mask: drop(g, mask))
