"""Ops that reduce into positions: sum, prod, mean, amax or amin of what is there and what comes."""

import math

from . import pointwise
from .comparison import eq, logical_and
from .gathering import along, at_dim, gather_along, index_select_dim
from .masking import zero
from .primitive import primitive
from .refusing import refusing
from .writing import index_add_source, index_fill_value, part_of, rows_of, scatter_add_src, scatter_value

NEUTRAL = {"sum": 0, "mean": 0, "prod": 1, "amax": -math.inf, "amin": math.inf}


def reduced_at(xp, input, where, src, reduce, include_self):
    """A copy of input with src reduced into it at `where`; include_self False: without what was there"""
    result = xp.array(input, order="C", copy=True)
    if not include_self:
        result[where] = _neutral(xp, result.dtype, reduce)
    xp.reduce_at(reduce, result, where, src)
    if reduce == "mean":
        count = xp.full(input.shape, int(include_self), dtype=input.dtype)
        xp.scatter_add(count, where, xp.ones((), dtype=input.dtype))
        count = xp.maximum(count, 1)
        result = result // count if result.dtype.kind in "iu" else result / count
    return result


def _neutral(xp, kind, reduce):
    """What a reduction starts from"""
    if kind.kind == "b":
        return reduce in ("prod", "amin")
    if kind.kind in "iu" and reduce.startswith("am"):
        return xp.iinfo(kind).min if reduce == "amax" else xp.iinfo(kind).max
    return NEUTRAL[reduce]


class Places:
    """How to read, add and clear at the positions of an index along a dimension"""

    def __init__(self, read, add, clear):
        self.read, self.add, self.clear = read, add, clear


ONE_BY_ONE = Places(gather_along, scatter_add_src, lambda x, index, dim: scatter_value(x, index, dim, 0))
SLICES = Places(index_select_dim, lambda x, index, source, dim: index_add_source(x, index, source, dim, 1),
                lambda x, index, dim: index_fill_value(x, index, dim, 0))  # fmt: skip


def _differentiate(op, places):
    """Give an op (input, index, src, dim, reduce, include_self) its formulas"""

    def slopes(g, needs, input, index, src, out, dim, reduce, include_self):
        """Gradients of input and of src, by kind of reduction"""
        read, add = lambda x: places.read(x, index, dim), lambda x, y: places.add(x, index, y, dim)
        times = lambda x, y: op(x, index, y, dim, "prod", include_self)
        into, back = VJP[reduce](g, input, src, out, read, add, times, include_self)
        return (into if include_self else places.clear(into, index, dim)), back

    op.vjp(("input", "src", slopes))


def _sum_vjp(g, input, src, out, read, add, times, include_self):
    return g, read(g)


def _mean_vjp(g, input, src, out, read, add, times, include_self):
    ones = _number(g == g, g)
    count = add(ones * int(include_self), read(ones))
    share = g / pointwise.where(count == 0, 1.0, count)
    return share, read(share)


def _extreme_vjp(g, input, src, out, read, add, times, include_self):
    """All that equal the extreme share the gradient"""
    mine, theirs = _number(input == out, g), _number(eq(src, read(out)), g)
    share = g / add(mine, theirs)
    return mine * share, theirs * read(share)


def _prod_vjp(g, input, src, out, read, add, times, include_self):
    """The gradient times the product of all the other factors"""
    nonzero = pointwise.where(input == 0, 1.0, input)
    into = g * times(nonzero, src) / nonzero
    empty = src == 0
    zeros_met = read(add(zero(g), _number(empty, g)))
    alone = logical_and(empty, zeros_met == 1)
    rest = read(g * times(input, pointwise.where(alone, 1.0, src)))
    met = pointwise.div(read(g * out), pointwise.where(empty, 1.0, src))
    return into, pointwise.where(alone, rest, met)


VJP = {"sum": _sum_vjp, "mean": _mean_vjp, "amax": _extreme_vjp, "amin": _extreme_vjp, "prod": _prod_vjp}


def _number(mask, like):
    """A mask as 0s and 1s of the dtype of `like`"""
    none = zero(like.reshape(-1)[:1].sum())
    return pointwise.where(mask, none + 1, none)


@primitive("ScatterReduceBackward0")
def scatter_reduce_src(xp, input, index, src, /, dim, reduce, include_self):
    """src reduced into input at explicit positions along one dimension"""
    return reduced_at(xp, input, along(input, index, dim), part_of(src, index), reduce, include_self)


@primitive("IndexReduceBackward0")
def index_reduce_src(xp, input, index, src, /, dim, reduce, include_self):
    """The slices of src reduced into slices of input"""
    return reduced_at(xp, input, at_dim(input, index, dim), rows_of(src, input), reduce, include_self)


_differentiate(scatter_reduce_src, ONE_BY_ONE)
_differentiate(index_reduce_src, SLICES)


def _undifferentiated(name):
    """The ops of scatter with reduce=, for a tensor and for a number, which torch gives no derivative"""

    @primitive("NotImplemented")
    def with_src(xp, input, index, src, /, dim, reduce):
        """src added to input at explicit positions, or multiplied with it"""
        return reduced_at(xp, input, along(input, index, dim), part_of(src, index), reduce, True)

    @primitive("NotImplemented")
    def with_number(xp, input, index, /, dim, value, reduce):
        """A number added to input at explicit positions, or multiplied with it"""
        return reduced_at(xp, input, along(input, index, dim), xp.asarray(value).astype(input.dtype), reduce, True)

    return refusing(with_src, name), refusing(with_number, name)


KINDS = {"add": "sum", "multiply": "prod"}
REDUCING, REDUCING_INSIDE = _undifferentiated("scatter"), _undifferentiated("scatter_")
