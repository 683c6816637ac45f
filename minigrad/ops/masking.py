"""Zeros where a mask says so, and nothing but zeros: exact also for infinities and nan."""

from .primitive import primitive


@primitive("MaskedFillBackward0")
def keep(xp, input, mask, /):
    """input where mask holds, 0 elsewhere"""
    return xp.masked(input, mask)


keep.vjp(input=lambda g, mask: keep(g, mask))


@primitive("MaskedFillBackward0")
def drop(xp, input, mask, of=None, /):
    """0 where mask holds, input elsewhere.

    `of` is the tensor that the mask was made from, if that should have a gradient of zero rather than none.
    """
    return xp.unmasked(input, mask)


drop.vjp(input=lambda g, mask: drop(g, mask), of=lambda g: zero(g))


@primitive("AliasBackward0")
def beside(xp, input, of, /):
    """input, with a gradient of zero, rather than none, for `of`"""
    return input


beside.vjp(input=lambda g: g, of=lambda g: zero(g))


@primitive()
def zero(xp, input, /):
    """Zeros like input, which depend on nothing"""
    return xp.zeros_like(input)
