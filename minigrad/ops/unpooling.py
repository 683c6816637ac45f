"""Max unpooling: the maxima back to where they were."""

import math

from .. import dtypes
from ..backends import on_its_device
from ..dtypes import SCALAR_TYPE
from .pooling import take_from_plane
from .primitive import primitive
from .shape import squeeze_dim, unsqueeze_dim
from .windows import spread


def _max_unpool(xp, input, indices, /, size):
    """Zeros of `size` in the last dimensions, but each element of input at its index in the plane"""
    lead = input.shape[: -len(size)]
    rows, plane = math.prod(lead), math.prod(size)
    result = xp.zeros((*lead, *size), dtype=input.dtype)
    where = indices.reshape(rows, -1 if rows else 0) + xp.arange(rows)[:, None] * plane
    result.reshape(-1)[where.reshape(-1)] = input.reshape(-1)
    return result


max_unpool_2d = primitive("MaxUnpool2DBackward0")(_max_unpool)
max_unpool_3d = primitive("MaxUnpool3DBackward0")(_max_unpool)
for _op in (max_unpool_2d, max_unpool_3d):
    _op.vjp(input=lambda g, indices, size: take_from_plane(g, indices, len(size), True))


def _output_size(input, kernel, stride, padding, output_size, n):
    """The size that was pooled, as far as it can be told; output_size chooses among those that fit"""
    size = tuple(input.shape)
    default = [(size[len(size) - n + d] - 1) * stride[d] + kernel[d] - 2 * padding[d] for d in range(n)]
    if output_size is None:
        return tuple(default)
    output_size = list(output_size)
    if len(output_size) == n + 2:
        output_size = output_size[2:]
    if len(output_size) != n:
        raise ValueError(f"output_size should be a sequence containing {n} or {n + 2} elements, but it has a length of "
                         f"'{len(output_size)}'")
    for d in range(n):
        least, most = default[d] - stride[d], default[d] + stride[d]
        if not least < output_size[d] < most:
            raise ValueError(f'invalid output_size "{tuple(output_size)}" (dim {d} must be between {least} and {most})')
    return tuple(output_size)


@on_its_device
def _unpool(op, n, input, indices, size):
    if indices.dtype is not dtypes.int64:
        but = f" but got: {SCALAR_TYPE[indices.dtype]}" if n == 2 else ""
        raise RuntimeError(f"elements in indices should be type int64{but}")
    if input.dim() not in (n + 1, n + 2):
        raise RuntimeError(f"Input to max_unpooling{n}d should be a {n + 1}d or {n + 2}d Tensor, but got a tensor with "
                           f"{input.dim()} dimensions.")
    if input.shape != indices.shape:
        raise RuntimeError(f"Expected shape of indices to be same as that of the input tensor ({list(input.shape)}) "
                           f"but got indices tensor with shape: {list(indices.shape)}")
    array, plane = indices._data, math.prod(size)
    wrong = array[(array < 0) | (array >= plane)]
    if wrong.size:
        raise RuntimeError(f"Found an invalid max index: {wrong[0]} (output volumes are of size "
                           f"{'x'.join(map(str, size))})")
    return op(input, indices, size)


def _windows(kernel_size, stride, padding, n):
    kernel = spread(kernel_size, n)
    return kernel, kernel if stride is None else spread(stride, n), spread(padding, n)


def max_unpool1d(input, indices, kernel_size, stride=None, padding=0, output_size=None):
    """Zeros, but the elements of input at their indices: undoes max_pool1d as far as possible"""
    size = _output_size(input, *_windows(kernel_size, stride, padding, 1), output_size, 1)
    last = input.dim()
    out = _unpool(max_unpool_2d, 2, unsqueeze_dim(input, last), unsqueeze_dim(indices, indices.dim()), (*size, 1))
    return squeeze_dim(out, last)


def max_unpool2d(input, indices, kernel_size, stride=None, padding=0, output_size=None):
    """Zeros, but the elements of input at their indices: undoes max_pool2d as far as possible"""
    size = _output_size(input, *_windows(kernel_size, stride, padding, 2), output_size, 2)
    return _unpool(max_unpool_2d, 2, input, indices, size)


def max_unpool3d(input, indices, kernel_size, stride=None, padding=0, output_size=None):
    """Zeros, but the elements of input at their indices: undoes max_pool3d as far as possible"""
    size = _output_size(input, *_windows(kernel_size, stride, padding, 3), output_size, 3)
    return _unpool(max_unpool_3d, 3, input, indices, size)
