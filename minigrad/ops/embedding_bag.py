"""Bags of embeddings: the sum, mean or maximum of the rows that each bag lists."""

from ..tensor import Tensor
from .embedding import _check_indices, shorten_rows
from .indexing import index_arrays, index_backward
from .primitive import primitive
from .reduction import sum_dims
from .shape import reshape

# `bags` holds, for each index, the number of its bag; `share` what it counts there (0: padding).


@primitive("EmbeddingBagBackward0")
def bag_sums(xp, weight, per_sample_weights, /, indices, bags, share, count, by_frequency):
    """The sum over each bag of the rows times their weights"""
    rows = weight[indices] * share[:, None].astype(weight.dtype)
    if per_sample_weights is not None:
        rows = rows * per_sample_weights[:, None]
    result = xp.zeros((count, weight.shape[1]), dtype=weight.dtype)
    xp.scatter_add(result, (bags,), rows)
    return result


def _bag_weight_vjp(g, per_sample_weights, weight_shape, indices, bags, share, by_frequency):
    rows = index_arrays(g, None, (bags,)) * share_like(g, share if by_frequency is None else share * by_frequency)
    if per_sample_weights is not None:
        rows = rows * reshape(per_sample_weights, (-1, 1))
    return index_backward(rows, weight_shape, (indices,))


def _bag_sample_vjp(g, weight, indices, bags, share):
    rows = index_arrays(g, None, (bags,)) * share_like(g, share)
    return sum_dims(rows * index_arrays(weight, None, (indices,)), (1,), False)


bag_sums.vjp(weight=_bag_weight_vjp, per_sample_weights=_bag_sample_vjp)


@primitive()
def share_like(xp, like, /, share):
    """The shares as a column in the dtype of `like`"""
    return share[:, None].astype(like.dtype)


@primitive("EmbeddingBagBackward0", outputs=("out", "best"), differentiable_outputs=1)
def bag_maxima(xp, weight, per_sample_weights, /, indices, bags, share, count):
    """The largest entries of each bag's rows (0 for empty bags) and where among the indices they are"""
    kept = xp.nonzero(share)[0]
    indices, bags = indices[kept], bags[kept]
    sizes = xp.bincount(bags, minlength=count)
    place = xp.arange(len(bags)) - (xp.cumsum(sizes) - sizes)[bags]
    width = max(int(sizes.max()) if count else 0, 1)
    table = xp.full((count, width, weight.shape[1]), -xp.inf, dtype=weight.dtype)
    table[bags, place] = weight[indices]
    numbers = xp.zeros((count, width), dtype=xp.int64)
    numbers[bags, place] = indices
    empty = (sizes == 0)[:, None]
    best = xp.argmax(table, axis=1)
    rows = xp.where(empty, -1, xp.take_along_axis(numbers, best, axis=1))
    return xp.masked(xp.max(table, axis=1), ~empty), rows


def _bag_max_vjp(g, needs, best, weight_shape):
    return [spread_maxima(g, getattr(best, "_data", best), weight_shape), None]


@primitive()
def spread_maxima(xp, g, /, rows, size):
    """Each gradient added at the row where the maximum was"""
    result = xp.zeros(size, dtype=g.dtype)
    xp.scatter_add(result, (xp.where(rows < 0, 0, rows), xp.arange(size[1])[None, :]), xp.masked(g, rows >= 0))
    return result


spread_maxima.vjp(g=lambda g, rows: index_arrays(g, None, (rows, tuple(range(g.shape[1])))))
bag_maxima.vjp(("weight", "per_sample_weights", _bag_max_vjp))


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
        n, length = input.shape
        starts = [i * length for i in range(n)]
        input = reshape(input, (-1,))
        per_sample_weights = None if per_sample_weights is None else reshape(per_sample_weights, (-1,))
    elif input.dim() == 1:
        if not isinstance(offsets, Tensor):
            raise ValueError("offsets has to be a 1D Tensor but got None")
        if offsets.dim() != 1:
            raise ValueError("offsets has to be a 1D Tensor")
        starts = offsets.tolist()
    else:
        raise ValueError(f"input has to be 1D or 2D Tensor, but got Tensor of dimension {input.dim()}")
    _check_mode(mode, scale_grad_by_freq, per_sample_weights)
    if max_norm is not None:
        shorten_rows(weight, input, max_norm, norm_type)
    _check_indices("embedding_bag", input)
    _check_bags(input, weight, starts, per_sample_weights, offsets)
    if include_last_offset:
        starts = starts[:-1]
    return _bags(input, weight, starts, scale_grad_by_freq, mode, per_sample_weights, _padding(weight, padding_idx))


def _check_mode(mode, scale_grad_by_freq, per_sample_weights):
    if mode not in ("sum", "mean", "max"):
        raise ValueError("mode has to be one of sum, mean or max")
    if mode == "max" and scale_grad_by_freq:
        raise ValueError("max mode does not support scaling the gradient by the frequency")
    if per_sample_weights is not None and mode != "sum":
        raise NotImplementedError(f"embedding_bag: per_sample_weights was not None. per_sample_weights is only supported "
                                  f"for mode='sum' (got mode='{mode}'). Please open a feature request on GitHub.")


def _check_bags(input, weight, starts, per_sample_weights, offsets):
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


def _bags(input, weight, starts, by_frequency, mode, per_sample_weights, padding):
    xp, indices = weight.device.backend, input._data
    count = len(starts)
    starts = xp.asarray(starts, dtype=xp.int64)
    bags = xp.searchsorted(starts, xp.arange(len(indices)), side="right") - 1
    share = (indices != padding).astype(xp.float64)
    if mode == "max":
        return bag_maxima(weight, per_sample_weights, indices, bags, share, count)[0]
    if mode == "mean":
        sizes = xp.bincount(bags, weights=share, minlength=count)
        share = share / xp.maximum(sizes, 1)[bags]
    frequency = 1 / xp.bincount(indices)[indices] if by_frequency and len(indices) else None
    return bag_sums(weight, per_sample_weights, indices, bags, share, count, frequency)
