"""Numbers repeated into tuples, as kernel sizes, strides and paddings need."""

from collections.abc import Iterable
from itertools import repeat


def _ntuple(n):
    """x -> (x, ..., x) with n entries; an iterable is only made a tuple."""
    def parse(x):
        return tuple(x) if isinstance(x, Iterable) else tuple(repeat(x, n))
    parse.__name__ = f"_ntuple_{n}"
    return parse


_single, _pair, _triple, _quadruple = (_ntuple(n) for n in (1, 2, 3, 4))


def _reverse_repeat_tuple(t, n):
    """(a, b) -> (b, ..., b, a, ..., a), each n times: the order in which F.pad counts dimensions."""
    return tuple(x for x in reversed(t) for _ in range(n))


def inplace_suffix(module, separator=", "):
    """What extra_repr says of an activation's `inplace` flag."""
    return f"{separator}inplace=True" if module.inplace else ""
