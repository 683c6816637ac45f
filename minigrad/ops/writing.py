"""Ops that write at positions along a dimension: result[where] = src, or += src.

Where that is, index arithmetic (gathering.py) works out from the index: one position for every element of the index (scatter),
or a whole slice (index_copy).  The gradient of src is the gradient read there; that of input is the gradient with the positions
written over zeroed.
"""

from ..backends import backend_of
from .gathering import along, array_of, at_dim, gather_along, index_select_dim
from .layout import like
from .primitive import primitive
from .shape import reshape


def written(xp, input, where, src):
    """A copy of input with src at `where`"""
    result = xp.array(input, order="C", copy=True)
    result[where] = src
    return result


def added(xp, input, where, src):
    """A copy of input with src added at `where`, as often as a position occurs"""
    result = xp.array(input, order="C", copy=True)
    xp.scatter_add(result, where, src)
    return result


# ---- one by one -----------------------------------------------------------------------------------------------------


def part_of(src, index):
    """The part of src for which there are indices"""
    if src.shape == index.shape or not index.ndim:
        return src
    return src[tuple([slice(0, n) for n in index.shape])] if src.ndim else src.reshape(1)[: index.size]


@primitive("ScatterBackward0")
def scatter_src(xp, input, index, src, /, dim):
    """src written at explicit positions along one dimension"""
    return written(xp, input, along(input, index, dim), part_of(src, index))


@primitive("ScatterBackward1")
def scatter_value(xp, input, index, /, dim, value):
    """A number written at explicit positions along one dimension"""
    return written(xp, input, along(input, index, dim), value)


@primitive("ScatterAddBackward0")
def scatter_add_src(xp, input, index, src, /, dim):
    """src added at explicit positions along one dimension"""
    return added(xp, input, along(input, index, dim), part_of(src, index))


scatter_src.vjp(input=lambda g, index, dim: scatter_value(g, index, dim, 0),
                src=lambda g, index, dim: gather_along(g, index, dim))
scatter_value.vjp(input=lambda g, index, dim: scatter_value(g, index, dim, 0))
scatter_add_src.vjp(input=lambda g: g,
                    src=lambda g, index, dim: gather_along(g, index, dim))

# ---- in slices ------------------------------------------------------------------------------------------------------


def rows_of(source, input):
    """source as the indices see it: a 0-d one as one row"""
    if not input.ndim:
        return source.reshape(())
    return source if source.ndim else source.reshape((1,) * input.ndim)


def _read_back(g, index, source, dim):
    """The slices of g at the index, in the shape of source"""
    return reshape(index_select_dim(g, index, dim), tuple(source.shape))


@primitive("IndexAddBackward0")
def index_add_source(xp, input, index, source, /, dim, alpha):
    """alpha times the slices of source added to slices of input"""
    source = rows_of(source, input)
    source = source if alpha == 1 else source * xp.asarray(alpha).astype(source.dtype)
    return added(xp, input, at_dim(input, index, dim), source)


@primitive("IndexCopyBackward0")
def index_copy_source(xp, input, index, source, /, dim):
    """Slices of input replaced by those of source"""
    return written(xp, input, at_dim(input, index, dim), rows_of(source, input))


@primitive("IndexFillBackward0")
def index_fill_value(xp, input, index, /, dim, value):
    """Slices of input filled with a number"""
    return like(xp, written(xp, input, at_dim(input, index, dim), value), input)


@primitive("IndexFillBackward1")
def index_fill_with(xp, input, index, value, /, dim):
    """Slices of input filled with a 0-d tensor"""
    return like(xp, written(xp, input, at_dim(input, index, dim), value), input)


def _sum_filled(g, index, dim):
    """The sum of the slices of g at the index, each once"""
    index = array_of(index)
    return index_select_dim(g, backend_of(index).unique(index), dim).sum()


index_add_source.vjp(input=lambda g: g,
                     source=lambda g, index, source, dim, alpha: _read_back(g, index, source, dim) * alpha)
index_copy_source.vjp(input=lambda g, index, dim: index_fill_value(g, index, dim, 0),
                      source=lambda g, index, source, dim: _read_back(g, index, source, dim))
index_fill_value.vjp(input=lambda g, index, dim: index_fill_value(g, index, dim, 0))
index_fill_with.vjp(input=lambda g, index, dim: index_fill_value(g, index, dim, 0),
                    value=_sum_filled)
for _op in (index_add_source, index_copy_source):
    _op.shows(source_dim=lambda source: None if source is None else source.ndim)
