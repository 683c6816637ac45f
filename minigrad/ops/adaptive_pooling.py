"""Adaptive pooling: the input is cut into `output_size` nearly equal parts, each of which becomes one number.

Part i of m covers the elements from floor(i * n / m) up to, not including, ceil((i + 1) * n / m).  Element j lies in
part i exactly if part j of n, cut from m, contains i: so the adjoint of summing parts is summing parts the other way.
"""

import functools
import math

from ..dtypes import SCALAR_TYPE
from ..tensor import Tensor
from .checks import type_name
from .dims import wrap_dim
from .masking import zero
from .pooling import put_in_plane
from .primitive import primitive
from .reduction import mean_dims
from .shape import squeeze_dim, unsqueeze_dim
from .windows import spread

# ---- parts ----------------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=256)
def parts(size, count):
    """(first, end) of each of `count` nearly equal parts of `size` elements"""
    return [(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]


def _sum_parts(xp, input, size):
    """The sums over the parts of the last dimensions, as many as `size` says"""
    for back, count in enumerate(reversed(size), 1):
        input = xp.swapaxes(input, -1, -back)
        bounds = parts(input.shape[-1], count)
        total = xp.zeros((*input.shape[:-1], count), dtype=input.dtype)
        for k in range(max((end - first for first, end in bounds), default=0)):
            chosen = [i for i, (first, end) in enumerate(bounds) if first + k < end]
            total[..., chosen] += input[..., [bounds[i][0] + k for i in chosen]]
        input = xp.swapaxes(total, -1, -back)
    return xp.ascontiguousarray(input)


def _counts(xp, size, count, dtype):
    """How many elements each part has"""
    result = xp.ones((), dtype=dtype)
    for s, c in zip(size, count):
        result = result[..., None] * xp.asarray([end - first for first, end in parts(s, c)], dtype=dtype)
    return result


# ---- averages -------------------------------------------------------------------------------------------------------


def _adaptive_avg_pool(xp, input, /, size):
    """The mean of each part"""
    if input.dtype.itemsize == 2:
        return _adaptive_avg_pool(xp, input.astype(xp.float32), size).astype(input.dtype)
    return _sum_parts(xp, input, size) / _counts(xp, input.shape[-len(size) :], size, input.dtype)


@primitive("AdaptiveAvgPoolBackwardBackward0")
def spread_parts(xp, g, input, /, count):
    """Each part's share of g on every element of it, like input: the adjoint of adaptive average pooling"""
    size = input.shape[-len(count) :]
    _check_not_empty(f"adaptive_avg_pool{len(count)}d_backward", g.shape, g.ndim - len(count), "grad_output")
    return _sum_parts(xp, g / _counts(xp, size, count, g.dtype), size)


adaptive_avg_pool_2d = primitive("AdaptiveAvgPool2DBackward0")(_adaptive_avg_pool)
adaptive_avg_pool_3d = primitive("AdaptiveAvgPool3DBackward0")(_adaptive_avg_pool)
for _op in (adaptive_avg_pool_2d, adaptive_avg_pool_3d):
    _op.vjp(input=lambda g, input, size: spread_parts(g, input, size))
spread_parts.vjp(g=lambda g, count: (adaptive_avg_pool_2d if len(count) == 2 else adaptive_avg_pool_3d)(g, count),
                 input=lambda g: zero(g))


def _one_size(name, output_size):
    if isinstance(output_size, (tuple, list)) and len(output_size) != 1:
        raise RuntimeError(f"{name}() argument 'output_size' should contain one int (got {len(output_size)})")
    return spread(output_size, 1)


def _check_1d(name, input):
    if not isinstance(input, Tensor):
        raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {type_name(input)}")
    if input.dim() not in (2, 3):
        raise RuntimeError(f"Expected 2 to 3 dimensions, but got {input.dim()}-dimensional tensor for argument #1 "
                           f"'self' (while checking arguments for {name})")


def adaptive_avg_pool1d(input, output_size):
    """The mean of each of output_size parts of the last dimension"""
    _check_1d("adaptive_avg_pool1d", input)
    size = (1, *_one_size("adaptive_avg_pool1d", output_size))
    return squeeze_dim(adaptive_avg_pool2d(unsqueeze_dim(input, input.dim() - 1), size), input.dim() - 1)


def adaptive_avg_pool2d(input, output_size):
    """The mean of each of output_size parts of the last two dimensions"""
    return _adaptive_average("adaptive_avg_pool2d", adaptive_avg_pool_2d, 2, input, output_size)


def adaptive_avg_pool3d(input, output_size):
    """The mean of each of output_size parts of the last three dimensions"""
    return _adaptive_average("adaptive_avg_pool3d", adaptive_avg_pool_3d, 3, input, output_size)


def _sizes(input, output_size, n):
    """output_size as a tuple, None standing for the input's own size; too short or too long ones stay so"""
    if not isinstance(output_size, (tuple, list)):
        return (output_size,) * n
    if input.dim() <= len(output_size):
        raise ValueError(f"Input dimension should be at least {len(output_size) + 1}")
    own = tuple(input.shape)[input.dim() - len(output_size) :]
    return tuple(o if s is None else s for s, o in zip(output_size, own))


def _adaptive_average(name, op, n, input, output_size):
    size, shape = _sizes(input, output_size, n), tuple(input.shape)
    if len(size) != n:
        raise RuntimeError(f"{name}: output_size must be {n}")
    if min(size) < 0:
        said = ",".join([", ".join(map(str, size[:2])), *map(str, size[2:])])
        raise RuntimeError(f"{name}: elements of output_size must be greater than or equal to 0 but received "
                           f"{{{said}}}")
    if set(size) == {1}:
        return mean_dims(input, tuple(sorted(wrap_dim(-d, len(shape)) for d in range(1, n + 1))), True)
    if len(shape) not in (n + 1, n + 2):
        raise RuntimeError(f"{name}(): Expected {n + 1}D or {n + 2}D tensor, but got {list(shape)}")
    _check_not_empty(name, shape, len(shape) - n)
    if input._data.dtype.kind in "biu":
        raise NotImplementedError(f"\"{name.replace('pool3d', 'pool3d_cpu')}\" not implemented for "
                                  f"'{SCALAR_TYPE[input.dtype]}'")
    return op(input, size)


def _check_not_empty(name, shape, start, what="input"):
    for d in range(start, len(shape)):
        if shape[d] == 0:
            raise RuntimeError(f"{name}(): Expected {what} to have non-zero size for non-batch dimensions, but {what} "
                               f"has sizes {list(shape)} with dimension {d} being empty")


# ---- maxima ---------------------------------------------------------------------------------------------------------


def max_of_parts(xp, input, bounds):
    """The largest element and its index in the plane of each part, given (first, end) of the parts per dimension"""
    size = input.shape[-len(bounds) :]
    plane = xp.zeros((1, 1), dtype=xp.int64)
    for n, ranges in zip(size, bounds):
        longest = max(end - first for first, end in ranges)
        lines = xp.asarray([[min(first + k, end - 1) for k in range(longest)] for first, end in ranges])
        plane = plane[:, None, :, None] * n + lines[None, :, None, :]
        plane = plane.reshape(plane.shape[0] * plane.shape[1], -1)
    lead = input.shape[: -len(bounds)]
    candidates = input.reshape(math.prod(lead), math.prod(size))[:, plane]
    best = xp.argmax(candidates, axis=-1)
    if input.dtype.kind == "f" and xp.may_hold_nan(candidates):
        nans = xp.isnan(candidates)
        last = plane.shape[1] - 1 - xp.argmax(nans[..., ::-1], axis=-1)
        best = xp.where(nans.any(-1), last, best)
    count = [len(ranges) for ranges in bounds]
    index = plane[xp.arange(plane.shape[0]), best].reshape(*lead, *count)
    value = xp.take_along_axis(candidates, best[..., None], axis=-1).reshape(*lead, *count)
    return value, index


def _adaptive_max_pool(xp, input, /, size):
    """The largest element of each part and its index in the plane"""
    if 0 in size or 0 in input.shape:
        shape = (*input.shape[: -len(size)], *size)
        return xp.zeros(shape, dtype=input.dtype), xp.zeros(shape, dtype=xp.int64)
    return max_of_parts(xp, input, [parts(s, c) for s, c in zip(input.shape[-len(size) :], size)])


MAXIMA = {"outputs": ("out", "indices"), "differentiable_outputs": 1}
adaptive_max_pool_2d = primitive("AdaptiveMaxPool2DBackward0", **MAXIMA)(_adaptive_max_pool)
adaptive_max_pool_3d = primitive("AdaptiveMaxPool3DBackward0", **MAXIMA)(_adaptive_max_pool)
for _op in (adaptive_max_pool_2d, adaptive_max_pool_3d):
    _op.vjp(input=lambda g, input, indices, size: put_in_plane(g, input, indices, len(size), True))


def _adaptive_maxima(name, op, n, input, output_size, return_indices):
    size, shape = _sizes(input, output_size, n), tuple(input.shape)
    if len(shape) not in (n + 1, n + 2):
        raise RuntimeError(f"{name}(): Expected {n + 1}D or {n + 2}D tensor, but got: {list(shape)}")
    _check_not_empty(name, shape, len(shape) - n - (len(shape) == n + 1))
    if len(size) != n:
        raise RuntimeError(f"{name}(): internal error: output_size.size() must be {n}")
    if input._data.dtype.kind in "biu":
        raise NotImplementedError(f"\"{name}\" not implemented for '{SCALAR_TYPE[input.dtype]}'")
    if min(size) < 0:
        raise RuntimeError(f"Trying to create tensor with negative dimension {min(size)}: "
                           f"{[*shape[: len(shape) - n], *size]}")
    out, indices = op(input, size)
    return (out, indices) if return_indices else out


def adaptive_max_pool1d(input, output_size, return_indices=False):
    """The largest element of each of output_size parts of the last dimension, with return_indices its index"""
    _check_1d("adaptive_max_pool1d", input)
    size = (1, *_one_size("adaptive_max_pool1d", output_size))
    _check_not_empty("adaptive_max_pool1d", tuple(input.shape), input.dim() - 2)
    dim = input.dim() - 1
    input = unsqueeze_dim(input, dim)
    out, indices = _adaptive_maxima("adaptive_max_pool2d", adaptive_max_pool_2d, 2, input, size, True)
    out, indices = squeeze_dim(out, dim), squeeze_dim(indices, dim)
    return (out, indices) if return_indices else out


def adaptive_max_pool2d(input, output_size, return_indices=False):
    """The largest element of each of output_size parts of the last two dimensions, with return_indices its index"""
    return _adaptive_maxima("adaptive_max_pool2d", adaptive_max_pool_2d, 2, input, output_size, return_indices)


def adaptive_max_pool3d(input, output_size, return_indices=False):
    """The largest element of each of output_size parts of the last three dimensions, with return_indices its index"""
    return _adaptive_maxima("adaptive_max_pool3d", adaptive_max_pool_3d, 3, input, output_size, return_indices)
