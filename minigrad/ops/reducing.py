"""Ops that reduce into positions: sum, prod, mean, amax or amin of what is there and what comes."""

import math

from . import pointwise
from .comparison import eq, logical_and
from .indexing import index_arrays
from .masking import zero
from .primitive import primitive
from .refusing import refusing
from .writing import WHOLE, cleared, scatter_add_src

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


def _reducer(name, doc):
    """An op (input, src, where, part, reduce, include_self): src[part] reduced into input at `where`"""
    def write(xp, input, src, /, where, part, reduce, include_self):
        return reduced_at(xp, input, where, src[part], reduce, include_self)

    write.__doc__ = doc
    write = primitive(name)(write)
    write.vjp(("input", "src", _reduce_vjp))
    return write


def _reduce_vjp(g, needs, input, src, out, where, part, reduce, include_self):
    """Gradients of input and of src, by kind of reduction"""
    into, back = VJP[reduce](g, input, src, out, where, part, include_self)
    return (into if include_self else cleared(into, where)), back


def _sum_vjp(g, input, src, out, where, part, include_self):
    return g, index_arrays(g, where)


def _mean_vjp(g, input, src, out, where, part, include_self):
    ones = _number(g == g, g)
    count = scatter_add_src(ones * int(include_self), index_arrays(ones, where), where, WHOLE, 1)
    share = g / pointwise.where(count == 0, 1.0, count)
    return share, index_arrays(share, where)


def _extreme_vjp(g, input, src, out, where, part, include_self):
    """All that equal the extreme share the gradient"""
    mine, theirs = _number(input == out, g), _number(eq(src, index_arrays(out, where)), g)
    share = g / scatter_add_src(mine, theirs, where, part, 1)
    return mine * share, theirs * index_arrays(share, where)


def _prod_vjp(g, input, src, out, where, part, include_self):
    """The gradient times the product of all the other factors"""
    times = lambda x, y: scatter_reduce_src(x, y, where, part, "prod", include_self)
    nonzero = pointwise.where(input == 0, 1.0, input)
    into = g * times(nonzero, src) / nonzero
    empty = src == 0
    zeros_met = index_arrays(scatter_add_src(zero(g), _number(empty, g), where, part, 1), where)
    alone = logical_and(empty, zeros_met == 1)
    rest = index_arrays(g * times(input, pointwise.where(alone, 1.0, src)), where)
    met = pointwise.div(index_arrays(g * out, where), pointwise.where(empty, 1.0, src))
    return into, pointwise.where(alone, rest, met)


VJP = {"sum": _sum_vjp, "mean": _mean_vjp, "amax": _extreme_vjp, "amin": _extreme_vjp, "prod": _prod_vjp}


def _number(mask, like):
    """A mask as 0s and 1s of the dtype of `like`"""
    none = zero(like.reshape(-1)[:1].sum())
    return pointwise.where(mask, none + 1, none)


scatter_reduce_src = _reducer("ScatterReduceBackward0", "src reduced into input at explicit positions")
index_reduce_src = _reducer("IndexReduceBackward0", "The slices of src reduced into slices of input")


def _undifferentiated(name):
    """The ops of scatter with reduce=, for a tensor and for a number, which torch gives no derivative"""

    @primitive("NotImplemented")
    def with_src(xp, input, src, /, where, part, reduce):
        """src[part] added to input at `where`, or multiplied with it"""
        return reduced_at(xp, input, where, src[part], reduce, True)

    @primitive("NotImplemented")
    def with_number(xp, input, /, where, value, reduce):
        """A number added to input at `where`, or multiplied with it"""
        return reduced_at(xp, input, where, xp.asarray(value).astype(input.dtype), reduce, True)

    return refusing(with_src, name), refusing(with_number, name)


KINDS = {"add": "sum", "multiply": "prod"}
REDUCING, REDUCING_INSIDE = _undifferentiated("scatter"), _undifferentiated("scatter_")
