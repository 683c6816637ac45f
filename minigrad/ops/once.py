"""Derivatives that torch takes once: their formula is an op of its own, which has no derivative."""

from .primitive import primitive
from .rounding import not_implemented


def once(name, **traits):
    """Declare a derivative formula `g, ... -> gradient` as an op on arrays; `name` is what torch's error calls it."""

    def declare(kernel):
        op = primitive("NotImplemented", **traits)(kernel)
        op.vjp(**dict.fromkeys(op.op.inputs, not_implemented(name)))
        return op

    return declare
