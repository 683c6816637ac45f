"""Writing at positions that a tensor gives: scatter and its reductions, index_*, put.

All come down to an op of writing.py or reducing.py.
"""

import warnings

from ..autograd.inplace import inplace
from ..dtypes import SCALAR_TYPE, int32, int64
from ..tensor import Tensor
from .checks import type_name
from .dims import wrap_dim
from .gathering import check_along, check_flat, check_index, take_at
from .indexing import index_put_arrays, places
from .layout import like
from .masking import zero
from .out import takes_out
from .primitive import primitive
from .reducing import KINDS, NEUTRAL, REDUCING, REDUCING_INSIDE, index_reduce_src, scatter_reduce_src
from .shape import clone
from .writing import (
    added,
    index_add_source,
    index_copy_source,
    index_fill_value,
    index_fill_with,
    scatter_add_src,
    scatter_src,
    scatter_value,
    written,
)  # fmt: skip

# ---- scatter --------------------------------------------------------------------------------------------------------


def _scatter_dim(input, dim, index, src=None):
    """The dimension, counted from 0.  Raises torch's errors if input, index and src do not fit."""
    dim = wrap_dim(dim, input.dim())
    check_index("scatter", index)
    if src is not None and src.dtype is not input.dtype:
        raise RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype")
    if index.numel():
        _check_scatter_shapes(input, dim, index, src)
        check_along(input, dim, index)
    return dim


def _check_scatter_shapes(input, dim, index, src):
    for x, whose in ((input, "self"), (src, "src")):
        if x is not None and max(x.dim(), 1) != max(index.dim(), 1):
            raise RuntimeError(f"Index tensor must have the same number of dimensions as {whose} tensor")
    too_large = any(index.shape[d] > s for d, s in enumerate(input.shape) if d != dim and index.dim())
    beyond_src = src is not None and index.dim() and any(n > s for n, s in zip(index.shape, src.shape))
    if too_large or beyond_src:
        more = "" if src is None else f" and to be no larger size than src {list(src.shape)}"
        raise RuntimeError(f"Expected index {list(index.shape)} to be no larger than self {list(input.shape)} apart "
                           f"from dimension {dim}{more}")


@takes_out
def scatter(input, dim, index, src=None, *, value=None, reduce=None):
    """result[i, ..., index[i, ..., k], ..., k] = src[i, ..., k] at dimension `dim`; or added or multiplied there"""
    return _scattered(REDUCING, input, dim, index, value if src is None else src, reduce)


def scatter_inside(input, dim, index, src=None, *, value=None, reduce=None):
    """scatter, for its in-place version"""
    return _scattered(REDUCING_INSIDE, input, dim, index, value if src is None else src, reduce)


scatter_inside.__name__ = "scatter"


def _scattered(ops, input, dim, index, src, reduce):
    tensor = src if isinstance(src, Tensor) else None
    if reduce is not None:
        return _scatter_with(ops, input, dim, index, src, reduce)
    dim = _scatter_dim(input, dim, index, tensor)
    return scatter_value(input, index, dim, src) if tensor is None else scatter_src(input, index, src, dim)


def _scatter_with(ops, input, dim, index, src, reduce):
    if reduce not in KINDS:
        raise RuntimeError("reduce argument must be either add or multiply.")
    dim = _scatter_dim(input, dim, index, src if isinstance(src, Tensor) else None)
    with_src, with_number = ops
    if isinstance(src, Tensor):
        return with_src(input, index, src, dim, KINDS[reduce])
    return with_number(input, index, dim, src, KINDS[reduce])


@takes_out
def scatter_add(input, dim, index, src):
    """result[i, ..., index[i, ..., k], ..., k] += src[i, ..., k] at dimension `dim`"""
    return scatter_add_src(input, index, src, _scatter_dim(input, dim, index, src))


# ---- reductions -----------------------------------------------------------------------------------------------------


@takes_out
def scatter_reduce(input, dim, index, src, reduce, *, include_self=True):
    """src reduced into input at explicit positions: sum, prod, mean, amax or amin, with or without what was there"""
    return scatter_reduce_src(*_scatter_reduce(input, dim, index, src, reduce, include_self))


def scatter_reduce_(input, dim, index, src, reduce, *, include_self=True):
    """In-place version of `scatter_reduce`."""
    return scatter_reduce_in_place(*_scatter_reduce(input, dim, index, src, reduce, include_self))


def _scatter_reduce(input, dim, index, src, reduce, include_self):
    if reduce not in NEUTRAL:
        raise RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}")
    return input, index, src, _scatter_dim(input, dim, index, src), reduce, include_self


scatter_reduce_in_place, index_reduce_in_place = inplace(scatter_reduce_src), inplace(index_reduce_src)

# ---- slices ---------------------------------------------------------------------------------------------------------


@takes_out
def index_add(input, dim, index, source, *, alpha=1):
    """result[:, ..., index[i]] += alpha * source[:, ..., i] at dimension `dim`"""
    dim = wrap_dim(dim, input.dim())
    _check_slices_at("index_add_()", input, dim, index, source)
    if input.dim() < 2:
        _check_range(index, input, dim, IndexError, "index out of range in self")
    elif not input.numel():
        return clone(input)
    else:
        _check_range(index, input, dim, RuntimeError, "index {} is out of bounds for dimension {} with size {}")
    return index_add_source(input, index, source, dim, alpha)


def _check_slices_at(name, input, dim, index, source):
    """Raise IndexError or RuntimeError unless there is a slice of source, shaped as input's, for each index."""
    if index.dim() > 1:
        raise IndexError(f"{name}: Index is supposed to be a vector, but got dim: {index.dim()} with type: "
                         f"{SCALAR_TYPE[index.dtype]} and size: {list(index.shape)}")
    if index.dtype not in (int64, int32):
        raise RuntimeError(f"{name}: Expected dtype int32/int64 for index but got: {SCALAR_TYPE[index.dtype]}")
    if input.dtype is not source.dtype:
        raise RuntimeError(f"{name}: self ({SCALAR_TYPE[input.dtype]}) and source ({SCALAR_TYPE[source.dtype]}) "
                           f"must have the same scalar type")
    if dim and dim >= source.dim():
        raise RuntimeError(f"{name}: Indexing dim {dim} is out of bounds of the source tensor with dim {source.dim()}")
    if index.numel() != (source.size(dim) if source.dim() or index.numel() != 1 else 1):
        raise RuntimeError(f"{name}: Number of indices ({index.numel()}) should be equal to source.size(dim): "
                           f"({source.shape[dim]}), for dim: {dim}")
    without = lambda x: [s for d, s in enumerate(x.shape) if d != dim]
    if source.dim() != input.dim() or without(source) != without(input):
        raise RuntimeError(f"source tensor shape must match self tensor shape, excluding the specified dimension. Got "
                           f"self.shape = {list(input.shape)} source.shape = {list(source.shape)}")


def _check_range(index, input, dim, error, text, low=0):
    size = input.shape[dim] if input.dim() else 1
    index.device.backend.check_range(index._data, low * size, size, lambda wrong: error(text.format(wrong, dim, size)))


@takes_out
def index_copy(input, dim, index, source):
    """result[:, ..., index[i]] = source[:, ..., i] at dimension `dim`"""
    dim = wrap_dim(dim, input.dim())
    if index.dim() > 1:
        raise IndexError(f"index_copy_(): Index should have dimension 1 or 0 (got {index.dim()})")
    if source.dim() and input.dim() and source.dim() != input.dim():
        raise IndexError(f"index_copy_(): When source and destination are not scalars, their dimensionality must match. "
                         f"Source dimensionality ({source.dim()}), destination dimensionality ({input.dim()})")
    if index.dtype is not int64:
        raise RuntimeError(f"index_copy_(): Expected a long tensor for index, but got {SCALAR_TYPE[index.dtype]}")
    if input.dtype is not source.dtype:
        raise RuntimeError(f"index_copy_(): self and source expected to have the same dtype, but got (self) "
                           f"{SCALAR_TYPE[input.dtype]} and (source) {SCALAR_TYPE[source.dtype]}")
    _check_slices(input, source, dim)
    if source.dim() and index.numel() != source.shape[dim]:
        raise IndexError(f"index_copy_(): Number of indices ({index.numel()}) should be equal to source.size(dim) "
                         f"({source.shape[dim]})")
    _check_range(index, input, dim, IndexError, "index_copy_(): index {} is out of bounds for dimension {} with size {}")
    return index_copy_source(input, index, source, dim)


def _check_slices(input, source, dim):
    mine, theirs = ([s for d, s in enumerate(x.shape) if d != dim] for x in (input, source))
    if mine != theirs and source.dim():
        raise RuntimeError(f"index_copy_(): Source/destination tensor must have same slice shapes. Destination slice "
                           f"shape: {' '.join(map(str, mine))} at dimension {dim} and source slice shape: "
                           f"{' '.join(map(str, theirs))} at dimension 0.")


def index_fill(input, dim, index, value):
    """result[:, ..., index] = value at dimension `dim`, for a number or a 0-d tensor"""
    dim = wrap_dim(dim, input.dim())
    if index.dtype not in (int64, int32):
        raise IndexError("index_fill_(): Expected dtype int64 for index.")
    if index.dim() > 1:
        raise RuntimeError("Index has to be a vector/scalar")
    if isinstance(value, Tensor) and value.dim():
        raise RuntimeError(f"index_fill_ only supports a 0-dimensional value tensor, but got tensor with {value.dim()} "
                           f"dimension(s).")
    _check_range(index, input, dim, IndexError, "index {} is out of bounds for dimension {} with size {}", low=-1)
    if isinstance(value, Tensor):
        return index_fill_with(input, index, value, dim)
    return index_fill_value(input, index, dim, value)


@takes_out
def index_reduce(input, dim, index, source, reduce, *, include_self=True):
    """The slices of source reduced into slices of input: prod, mean, amax or amin"""
    return index_reduce_src(*_index_reduce(input, dim, index, source, reduce, include_self))


def index_reduce_(input, dim, index, source, reduce, *, include_self=True):
    """In-place version of `index_reduce`."""
    return index_reduce_in_place(*_index_reduce(input, dim, index, source, reduce, include_self))


def _index_reduce(input, dim, index, source, reduce, include_self):
    dim = wrap_dim(dim, input.dim())
    if reduce not in NEUTRAL or reduce == "sum":
        raise RuntimeError(f"index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got {reduce}.")
    warnings.warn("index_reduce() is in beta and the API may change at any time.", UserWarning, stacklevel=3)
    _check_slices_at("index_reduce_()", input, dim, index, source)
    _check_range(index, input, dim, IndexError, "index out of range in self")
    return input, index, source, dim, reduce, include_self


# ---- the elements as one row ----------------------------------------------------------------------------------------


@primitive("PutBackward0")
def put_at(xp, input, index, source, /, accumulate):
    """source written (or added) at positions of input's elements taken as one row"""
    change = added if accumulate else written
    result = change(xp, input.reshape(-1), (index.reshape(-1),), source.reshape(-1)).reshape(input.shape)
    return like(xp, result, input)


put_at.vjp(input=lambda g, index, accumulate: g if accumulate else put_at(g, index, zero(take_at(g, index)), False),
           source=lambda g, index, source: take_at(g, index).reshape(tuple(source.shape)))


def put(input, index, source, accumulate=False):
    """source written (or added) at positions of input's elements taken as one row"""
    if index.dtype is not int64:
        raise RuntimeError(f"put_(): Expected a long tensor for index, but got {SCALAR_TYPE[index.dtype]}")
    if input.dtype is not source.dtype:
        raise RuntimeError(f"put_(): self and source expected to have the same dtype, but got self.dtype = "
                           f"{SCALAR_TYPE[input.dtype]} and source.dtype = {SCALAR_TYPE[source.dtype]}")
    if source.numel() != index.numel():
        raise IndexError(f"put_(): Expected source and index to have the same number of elements, but got "
                         f"source.numel() = {source.numel()}, index.numel() = {index.numel()}")
    check_flat(input, index)
    return put_at(input, index, source, accumulate)


def index_put(input, indices, values, accumulate=False):
    """A copy of input with values written (or added) where input[indices] reads"""
    if not isinstance(indices, (tuple, list)):
        raise TypeError(f"index_put(): argument 'indices' (position 2) must be tuple of Tensors, not "
                        f"{type_name(indices)}")
    for i, item in enumerate(indices):
        if item is not None and not isinstance(item, Tensor):
            raise TypeError(f"expected Tensor as element {i} in argument 0, but got {type_name(item)}")
    return index_put_arrays(input, values, list(indices), places(input, indices, values), accumulate)
