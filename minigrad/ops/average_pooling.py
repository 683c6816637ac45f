"""Average pooling, and power-average (lp) pooling, over fixed windows and over nearly equal parts."""

import functools
import math

from ..dtypes import SCALAR_TYPE
from ..tensor import Tensor
from .activation import relu
from .checks import type_name
from .dims import wrap_dim
from .masking import zero
from .out import takes_out
from .pointwise import abs as absolute
from .pointwise import mul, pow_number, sign
from .pooling import as_asked, check_size, check_windows, count_windows, geometry_of, parts_of, window_options
from .primitive import primitive
from .shape import squeeze_dim, unsqueeze_dim
from .windows import offsets, spread

# ---- fixed windows --------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=256)
def _lengths(size, kernel, stride, padding, count, include_pad):
    """Along each dimension, how many elements each window averages over"""
    lengths = []
    for s, k, step, p, c in zip(size, kernel, stride, padding, count):
        first, last = (-p, s + p) if include_pad else (0, s)
        lengths.append([min(i * step - p + k, last) - max(i * step - p, first) for i in range(c)])
    return lengths


def _divisor(xp, size, dtype, geometry, include_pad, divisor):
    """What the sum of each window is divided by: a number, or an array for all windows"""
    kernel, stride, padding, _, count = geometry
    if divisor is not None:
        return divisor
    result = xp.ones((), dtype=dtype)
    for lengths in _lengths(size, kernel, stride, padding, count, include_pad):
        result = result[..., None] * xp.asarray(lengths, dtype=dtype)
    return result


def _avg_pool(xp, input, /, geometry, include_pad, divisor):
    """The mean of each window"""
    if input.dtype.itemsize == 2 and input.dtype.kind == "f":
        return _avg_pool(xp, input.astype(xp.float32), geometry, include_pad, divisor).astype(input.dtype)
    first, *rest = parts_of(xp, input, geometry, 0)
    total = first.copy()
    for part in rest:
        total += part
    by = _divisor(xp, input.shape[-len(geometry[0]) :], input.dtype, geometry, include_pad, divisor)
    return _truncated(xp, total, by) if input.dtype.kind in "iu" else total / by


def _truncated(xp, a, b):
    """a / b cut to an integer, as C divides"""
    return xp.sign(a) * xp.sign(b) * (xp.abs(a) // abs(b))


@primitive("AvgPoolBackwardBackward0")
def spread_average(xp, g, input, /, geometry, include_pad, divisor):
    """Each window's share of g on every element of it, like input: the adjoint of average pooling"""
    size = input.shape
    kernel, stride, padding, dilation, count = geometry
    n = len(kernel)
    share = g / _divisor(xp, size[-n:], g.dtype, geometry, include_pad, divisor)
    ends = [max((c - 1) * s + k, p + extent) for k, s, p, c, extent in zip(kernel, stride, padding, count, size[-n:])]
    field = xp.zeros((*size[:-n], *ends), dtype=g.dtype)
    for _, index in reversed(offsets(kernel, stride, dilation, count)):
        field[index] += share
    return field[(..., *[slice(p, p + s) for p, s in zip(padding, size[-n:])])]


avg_pool_2d = primitive("AvgPool2DBackward0")(_avg_pool)
avg_pool_3d = primitive("AvgPool3DBackward0")(_avg_pool)
for _op in (avg_pool_2d, avg_pool_3d):
    _op.vjp(input=lambda g, input, geometry, include_pad, divisor:
            spread_average(g, input, geometry, include_pad, divisor))
    _op.shows(stride=lambda geometry: geometry.asked[0], ceil_mode=lambda geometry: geometry.asked[1])
spread_average.vjp(g=lambda g, geometry, include_pad, divisor:
                   (avg_pool_2d if len(geometry[0]) == 2 else avg_pool_3d)(g, geometry, include_pad, divisor),
                   input=lambda g: zero(g))


def _average(name, n, input, kernel, stride, padding, ceil_mode, include_pad, divisor):
    if not isinstance(input, Tensor):
        raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {type_name(input)}")
    asked = as_asked(stride, n), ceil_mode
    kernel, stride, padding = window_options(name, n, kernel, stride, padding)
    size = tuple(input._data.shape)
    if n == 3 and len(size) not in (4, 5):
        raise RuntimeError("non-empty 4D or 5D (batch mode) tensor expected for input")
    if n == 2:
        wrap_dim(-3, len(size)) if size else _no_dimensions()
    if divisor == 0:
        raise RuntimeError("divisor must be not zero")
    check_windows(n, kernel, stride, padding, (1,) * n)
    if n == 2 and len(size) not in (3, 4):
        raise RuntimeError(f"Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but "
                           f"got:{list(size)}")
    count = count_windows(size[-n:], kernel, stride, padding, (1,) * n, ceil_mode)
    if n == 3 and any(s + 2 * p < k for s, p, k in zip(size[-3:], padding, kernel)) and 0 not in size[-4:]:
        (t, h, w), (kt, kh, kw) = size[-3:], kernel
        raise RuntimeError(f"input image (T: {t} H: {h} W: {w}) smaller than kernel size (kT: {kt} kH: {kh} kW: {kw})")
    check_size(name, n, size, count)
    _check_dtype(n, input)
    pool = avg_pool_2d if n == 2 else avg_pool_3d
    return pool(input, geometry_of(size[-n:], kernel, stride, padding, (1,) * n, count, asked), include_pad, divisor)


def _no_dimensions():
    raise IndexError("Dimension specified as -3 but tensor has no dimensions")


def _check_dtype(n, input):
    kind, refused = SCALAR_TYPE[input.dtype], ("Half",) if n == 3 else ()
    if kind in refused or input._data.dtype.kind in "biu" and kind != "Long":
        kernel = "avg_pool2d" if n == 2 else "avg_pool3d_out_frame"
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{kind}'")


def avg_pool1d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
    """The mean of each window of a (N, C, L) or (C, L) input"""
    if isinstance(input, Tensor) and input.dim() not in (2, 3):
        raise RuntimeError(f"Expected 2 to 3 dimensions, but got {input.dim()}-dimensional tensor for argument #1 "
                           f"'self' (while checking arguments for avg_pool1d)")
    stride = kernel_size if stride in (None, [], ()) else stride
    for what, value in (("kernel_size", kernel_size), ("stride", stride), ("padding", padding)):
        if isinstance(value, float):
            raise TypeError(f"avg_pool1d(): argument '{what}' (position 2) must be tuple of ints, not float")
        if isinstance(value, (tuple, list)) and len(value) != 1:
            raise RuntimeError(f"avg_pool1d() argument '{what}' should contain one int (got {len(value)})")
    row = [(a, *spread(value, 1)) for a, value in ((1, kernel_size), (1, stride), (0, padding))]
    out = _average("avg_pool2d", 2, unsqueeze_dim(input, input.dim() - 1), *row, ceil_mode, count_include_pad, None)
    return squeeze_dim(out, out.dim() - 2)


@takes_out
def avg_pool2d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True,
               divisor_override=None):
    """The mean of each window of a (N, C, H, W) or (C, H, W) input"""
    return _average("avg_pool2d", 2, input, kernel_size, stride, padding, ceil_mode, count_include_pad,
                    divisor_override)


@takes_out
def avg_pool3d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True,
               divisor_override=None):
    """The mean of each window of a (N, C, D, H, W) or (C, D, H, W) input"""
    return _average("avg_pool3d", 3, input, kernel_size, stride, padding, ceil_mode, count_include_pad,
                    divisor_override)


# ---- power averages -------------------------------------------------------------------------------------------------


def _power_average(average, input, norm_type, kernel, stride, ceil_mode, n):
    out = average(pow_number(input, norm_type), kernel, stride, 0, ceil_mode)
    size = math.prod(spread(kernel, n))
    return pow_number(mul(mul(sign(out), relu(absolute(out))), size), 1.0 / norm_type)


def lp_pool1d(input, norm_type, kernel_size, stride=None, ceil_mode=False):
    """(sum x^p)^(1/p) of each window"""
    return _power_average(avg_pool1d, input, norm_type, kernel_size, stride, ceil_mode, 1)


def lp_pool2d(input, norm_type, kernel_size, stride=None, ceil_mode=False):
    """(sum x^p)^(1/p) of each window"""
    return _power_average(avg_pool2d, input, norm_type, kernel_size, stride, ceil_mode, 2)


def lp_pool3d(input, norm_type, kernel_size, stride=None, ceil_mode=False):
    """(sum x^p)^(1/p) of each window"""
    return _power_average(avg_pool3d, input, norm_type, kernel_size, stride, ceil_mode, 3)
