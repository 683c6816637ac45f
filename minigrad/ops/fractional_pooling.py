"""Fractional max pooling: windows of one size, at pseudo-random distances, so many that the output has a wanted size."""

import math

from ..dtypes import SCALAR_TYPE
from ..tensor import Tensor
from . import checks
from .dims import wrap_dim
from .pooling import put_in_plane
from .primitive import primitive
from .sampling import rand
from .windows import spread


def _starts(xp, size, kernel, count, samples):
    """Where the windows begin along one dimension, one row for each plane's sample in [0, 1).

    They lie (size - kernel) / (count - 1) apart on average, the sample says where the rounding begins, and the last one
    ends with the input.
    """
    step = xp.asarray(size - kernel, dtype=samples.dtype) / xp.asarray(max(count - 1, 1), dtype=samples.dtype)
    sample = samples.reshape(-1, 1)
    places = (xp.arange(count).astype(samples.dtype) + sample) * step
    places = places.astype(xp.int64) - (sample * step).astype(xp.int64)
    places[:, count - 1 :] = size - kernel
    return places


def _members(xp, size, kernel, count, samples):
    """(planes, windows, elements of a window): the flat index of each element of each window"""
    index = xp.zeros((samples.shape[0], 1, 1), dtype=xp.int64)
    order = range(len(size)) if len(size) == 3 else (1, 0)  # of images, the first sample is the width's
    for d, (s, k, c) in enumerate(zip(size, kernel, count)):
        places = _starts(xp, s, k, c, samples[:, order[d]])[:, :, None] + xp.arange(k)
        index = index[:, :, None, :, None] * s + places[:, None, :, None, :]
        index = index.reshape(samples.shape[0], index.shape[1] * c, index.shape[3] * k)
    return index


def _fractional(xp, input, samples, /, kernel, count):
    """The largest element of each window and its place in the plane: of several the first, of several nan the last"""
    n = len(kernel)
    size, outer = input.shape[-n:], input.shape[:-n]
    planes = input.reshape(math.prod(outer), 1, math.prod(size))
    members = _members(xp, size, kernel, count, samples[: outer[0] if len(outer) > 1 else 1].reshape(-1, n))
    values = xp.take_along_axis(planes, members.reshape(len(planes), 1, math.prod(members.shape[1:])), axis=2)
    values = values.reshape(members.shape)
    missing = xp.isnan(values)
    best = xp.argmax(xp.where(missing, xp.inf, values), axis=2)
    last = values.shape[2] - 1 - xp.argmax(missing[:, :, ::-1], axis=2)
    best = xp.where(missing.any(axis=2), last, best)[:, :, None]
    shape = (*outer, *count)
    return tuple([xp.take_along_axis(x, best, axis=2).reshape(shape) for x in (values, members)])


def _fractional_op(name):
    op = primitive(name, outputs=("out", "indices"), differentiable_outputs=1)(_fractional)
    op.vjp(input=lambda g, input, indices, kernel: put_in_plane(g, input, indices, len(kernel), True))
    return op


OPS = {2: _fractional_op("FractionalMaxPool2DBackward0"), 3: _fractional_op("FractionalMaxPool3DBackward0")}
TUPLE = {2: "tuple of Ints", 3: "tuple of three Ints"}


def _numbers(name, what, value, n):
    value = spread(value, n)
    if len(value) != n:
        raise RuntimeError(f"{name}: {what} must either be a single Int or {TUPLE[n]}")
    return value


def _wanted(name, n, input, output_size, output_ratio):
    """The output's size, from the ratio if it is not given itself.  Raises torch's errors."""
    if output_size is not None:
        return output_size
    if output_ratio is None:
        raise ValueError(f"{name} requires specifying either an output_size or an output_ratio")
    if len(output_ratio) > n:
        raise ValueError(f"{name} requires output_ratio to either be a single Int or tuple of Ints.")
    return [int(input.size(d - n) * output_ratio[d]) for d in range(n)]


def _check(name, n, input, kernel, count, samples):
    shape = list(input.shape)
    if len(shape) not in (n + 1, n + 2):
        raise RuntimeError(f"{name}(): Expected {n + 1}D or {n + 2}D tensor, but got: {shape}")
    for d in range(len(shape) - n - 1, len(shape)):
        if shape[d] == 0:
            raise RuntimeError(f"{name}(): Expected input to have non-zero size for non-batch dimensions, but got{shape} "
                               f"with dimension {d} being empty.")
    words = ("time", "height", "width")[-n:]
    for word, s, k, c in zip(words, shape[-n:], kernel, count):
        if c + k - 1 > s:
            where = name if n == 2 else name + "_out"
            raise RuntimeError(f"{where}(): pool {word} {k} too large relative to input {word} {s}")
    if samples.dtype is not input.dtype:
        raise RuntimeError("Expect _random_samples to have the same dtype as input")
    if samples.dim() != 3:
        raise RuntimeError(f"Expect _random_samples to have 3 dimensions, got {samples.dim()}")
    if samples.shape[0] < (shape[0] if len(shape) == n + 2 else 1):
        raise RuntimeError("Expect _random_samples.size(0) no less then input batch size.")
    if samples.shape[1] != shape[-n - 1]:
        raise RuntimeError("Expect _random_samples.size(1) equals to input channel size.")
    if samples.shape[2] != n:
        raise RuntimeError(f"Expect _random_samples.size(2) equals to {n}; got {samples.shape[2]}.")
    if not input.dtype.is_floating_point:
        raise NotImplementedError(f"\"{name}_out_frame\" not implemented for '{SCALAR_TYPE[input.dtype]}'")


def _pooling_of(n):
    name = f"fractional_max_pool{n}d"

    def with_indices(input, kernel_size, output_size=None, output_ratio=None, return_indices=False,
                     _random_samples=None):  # fmt: skip
        if not isinstance(input, Tensor):
            raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {checks.type_name(input)}")
        count = _wanted(name, n, input, output_size, output_ratio)
        samples = _random_samples
        if samples is None:
            channels = input.shape[wrap_dim(-n - 1, input.dim())]
            batch = 1 if input.dim() == n + 1 else input.shape[0]
            samples = rand(batch, channels, n, dtype=input.dtype, device=input.device)
        kernel, count = _numbers(name, "kernel_size", kernel_size, n), _numbers(name, "output_size", count, n)
        _check(name, n, input, kernel, count, samples)
        return OPS[n](input, samples, tuple(kernel), tuple(count))

    def pool(input, kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None):
        out, indices = with_indices(input, kernel_size, output_size, output_ratio, return_indices, _random_samples)
        return (out, indices) if return_indices else out

    pool.__name__ = pool.__qualname__ = name
    pool.__doc__ = f"The largest element of each window in {n} dimensions, and with return_indices its index"
    with_indices.__name__ = with_indices.__qualname__ = name + "_with_indices"
    with_indices.__doc__ = f"The largest element of each window in {n} dimensions and its index"
    return pool, with_indices


fractional_max_pool2d, fractional_max_pool2d_with_indices = _pooling_of(2)
fractional_max_pool3d, fractional_max_pool3d_with_indices = _pooling_of(3)
