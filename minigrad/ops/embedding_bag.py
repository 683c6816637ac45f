"""Bags of embeddings: the sum, mean or maximum of the rows that each bag lists."""

from ..tensor import Tensor
from .creation import arange
from .embedding import _check_indices, shorten_rows
from .gathering import array_of
from .indexing import index_arrays, index_backward
from .keeping import keeping
from .masking import drop
from .primitive import primitive
from .reduction import sum_dims
from .shape import reshape, unsqueeze_dim

MODES = ("sum", "mean", "max")


@primitive("EmbeddingBagBackward0", outputs=("out", "offset2bag", "bag_size", "max_indices"), differentiable_outputs=1)
def bags(xp, weight, indices, offsets, per_sample_weights, /, scale_grad_by_freq, mode, sparse, include_last_offset,
         padding_idx):  # fmt: skip
    """The sum over each bag of the rows times their weights, or their mean or maximum; the bag of each index; the sizes of
    the bags, of which a sum makes no use; the rows in which the maxima are"""
    count = len(offsets) - include_last_offset
    offset2bag = xp.searchsorted(offsets[:count], xp.arange(len(indices)), side="right").astype(indices.dtype) - 1
    if mode == "sum":
        sizes = xp.zeros(count, dtype=indices.dtype)
    else:
        sizes = xp.bincount(offset2bag[indices != padding_idx], minlength=count).astype(indices.dtype)
    if mode == "max":
        return _maxima(xp, weight, indices, offset2bag, sizes, padding_idx)
    rows = weight[indices] * shares.op.kernel(xp, weight, indices, offset2bag, sizes, mode, padding_idx, False)
    if per_sample_weights is not None:
        rows = rows * per_sample_weights[:, None]
    result = xp.zeros((count, weight.shape[1]), dtype=weight.dtype)
    xp.scatter_add(result, (offset2bag,), rows)
    return result, offset2bag, sizes, sizes


def _maxima(xp, weight, indices, offset2bag, sizes, padding_idx):
    """The largest entries of each bag's rows, 0 for empty bags"""
    kept = indices != padding_idx
    kept, bag = indices[kept], offset2bag[kept]
    place = xp.arange(len(bag)) - (xp.cumsum(sizes) - sizes)[bag]
    width = max(int(sizes.max()) if len(sizes) else 0, 1)
    table = xp.full((len(sizes), width, weight.shape[1]), -xp.inf, dtype=weight.dtype)
    table[bag, place] = weight[kept]
    numbers = xp.zeros((len(sizes), width), dtype=indices.dtype)
    numbers[bag, place] = kept
    rows = xp.take_along_axis(numbers, xp.argmax(table, axis=1), axis=1)
    return xp.masked(xp.max(table, axis=1), (sizes > 0)[:, None]), offset2bag, sizes, rows


@primitive()
def shares(xp, like, indices, offset2bag, bag_size, /, mode, padding_idx, by_frequency):
    """What each index counts in its bag, as a column: 0 for padding, 1 / the size of the bag in a mean"""
    share = (indices != padding_idx).astype(xp.float64)
    if mode == "mean":
        share = share / xp.maximum(bag_size, 1)[offset2bag]
    if by_frequency and len(indices):
        share = share * (1 / xp.bincount(indices)[indices])
    return share[:, None].astype(like.dtype)


@keeping("offsets")
def _weight_vjp(g, weight_shape, indices, per_sample_weights, offset2bag, bag_size, max_indices, scale_grad_by_freq, mode,
                padding_idx):  # fmt: skip
    if mode == "max":
        return spread_maxima(g, max_indices, bag_size, weight_shape)
    rows = index_arrays(g, None, (array_of(offset2bag),))
    rows = rows * shares(g, indices, offset2bag, bag_size, mode, padding_idx, scale_grad_by_freq)
    if per_sample_weights is not None:
        rows = rows * reshape(per_sample_weights, (-1, 1))
    return index_backward(rows, weight_shape, (array_of(indices),))


@keeping("offsets", "per_sample_weights")
def _sample_vjp(g, weight, indices, offset2bag, bag_size, mode, padding_idx):
    rows = index_arrays(g, None, (array_of(offset2bag),))
    rows = rows * shares(g, indices, offset2bag, bag_size, mode, padding_idx, False)
    return sum_dims(rows * index_arrays(weight, None, (array_of(indices),)), (1,), False)


@primitive()
def spread_maxima(xp, g, max_indices, bag_size, /, size):
    """Each gradient added at the row where the maximum was, if the bag was not empty"""
    result = xp.zeros(size, dtype=g.dtype)
    xp.scatter_add(result, (max_indices, xp.arange(size[1])[None, :]), xp.masked(g, (bag_size > 0)[:, None]))
    return result


spread_maxima.vjp(g=lambda g, max_indices, bag_size: drop(
    index_arrays(g, None, (array_of(max_indices), tuple(range(g.shape[1])))), unsqueeze_dim(bag_size == 0, 1)))
bags.vjp(weight=_weight_vjp, per_sample_weights=_sample_vjp)
bags.shows(mode=lambda mode: MODES.index(mode), weight_sym_argsize_0=lambda weight_shape: weight_shape and weight_shape[0])


def embedding_bag(input, weight, offsets=None, max_norm=None, norm_type=2, scale_grad_by_freq=False, mode="mean",
                  sparse=False, per_sample_weights=None, include_last_offset=False, padding_idx=None):  # fmt: skip
    """The mean, sum or maximum of the table's rows in each bag: a row of a 2-D input, or from one offset to the next"""
    if per_sample_weights is not None and input.size() != per_sample_weights.size():
        raise ValueError(f"embedding_bag: If per_sample_weights ({per_sample_weights.shape}) is not None, then it must "
                         f"have the same shape as the input ({input.shape})")
    if input.dim() == 2:
        if offsets is not None:
            raise ValueError(f"if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed "
                             f"length sequences. However, found offsets of type {type(offsets)}")
        offsets = arange(0, input.numel(), input.shape[1], dtype=input.dtype, device=input.device)
        input = reshape(input, (-1,))
        per_sample_weights = None if per_sample_weights is None else reshape(per_sample_weights, (-1,))
    elif input.dim() == 1:
        if not isinstance(offsets, Tensor):
            raise ValueError("offsets has to be a 1D Tensor but got None")
        if offsets.dim() != 1:
            raise ValueError("offsets has to be a 1D Tensor")
    else:
        raise ValueError(f"input has to be 1D or 2D Tensor, but got Tensor of dimension {input.dim()}")
    _check_mode(mode, scale_grad_by_freq, per_sample_weights)
    if max_norm is not None:
        shorten_rows(weight, input, max_norm, norm_type)
    _check_indices("embedding_bag", input)
    if include_last_offset and not offsets.numel():
        raise RuntimeError("include_last_offset: number of offset should be at least 1")
    _check_bags(input, weight, offsets.tolist(), per_sample_weights)
    return bags(weight, input, offsets, per_sample_weights, scale_grad_by_freq, mode, sparse, include_last_offset,
                _padding(weight, padding_idx))[0]  # fmt: skip


def _check_mode(mode, scale_grad_by_freq, per_sample_weights):
    if mode not in MODES:
        raise ValueError("mode has to be one of sum, mean or max")
    if mode == "max" and scale_grad_by_freq:
        raise ValueError("max mode does not support scaling the gradient by the frequency")
    if per_sample_weights is not None and mode != "sum":
        raise NotImplementedError(f"embedding_bag: per_sample_weights was not None. per_sample_weights is only supported "
                                  f"for mode='sum' (got mode='{mode}'). Please open a feature request on GitHub.")


def _check_bags(input, weight, starts, per_sample_weights):
    length, count = input.numel(), weight.shape[0]
    if starts and starts[0] != 0:
        raise RuntimeError(f"offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from "
                           f"position 0. However, got {starts[0]}")
    if starts and starts[-1] > length:
        raise RuntimeError(f"offsets[-1] can not be greater than input's length {length} but got offsets[-1] of "
                           f"{starts[-1]}")
    if per_sample_weights is not None and per_sample_weights.dtype is not weight.dtype:
        raise RuntimeError(f"Expected tensor for argument #1 'weight' to have the same type as tensor for argument #1 "
                           f"'per_sample_weights'; but type {weight.type()} does not equal {per_sample_weights.type()} "
                           f"(while checking arguments for embedding_bag)")
    for position, index in enumerate(input.tolist()) if length else ():
        if not 0 <= index < count:
            raise RuntimeError(f"Index {position} of input takes value {index} which is not in the valid range [0, "
                               f"{count})")


def _padding(weight, padding_idx):
    count = weight.shape[0]
    if padding_idx is None:
        return -1
    if not -count <= padding_idx < count:
        raise RuntimeError(f"padding_idx must be within the number of embeddings, -{count} through {count - 1}, but got "
                           f"{padding_idx}")
    return padding_idx % count
