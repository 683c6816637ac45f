"""Interpolation to a larger or smaller grid: each output is a weighted sum of a few inputs along each dimension.

Output element i lies at input coordinate scale * (i + 1/2) - 1/2, or scale * i if the corners are to meet.  `taps`
says which input elements are near it and with what weight; dimensions are treated one after the other.
"""

import math

from ..dtypes import SCALAR_TYPE
from .adaptive_pooling import adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d
from .primitive import primitive

# ---- which elements, with what weights ------------------------------------------------------------------------------


def taps(xp, kind, n, m, align, factor, dtype):
    """(index, weight), both of shape (taps, m): output i is the sum over k of weight[k, i] * input[index[k, i]]"""
    step = _step(xp, kind, n, m, align, factor, dtype)
    i = xp.arange(m).astype(dtype)
    if kind in NEAREST:
        return _nearest(xp, kind, n, m, i, step, dtype)
    if kind in FILTERS:
        return _filtered(xp, kind, n, i, step, dtype)
    half = dtype.type(0.5)
    place = i * step if align else (i + half) * step - half
    if kind == "linear":
        place = xp.maximum(place, 0)
        first = xp.minimum(xp.floor(place), n - 1)
        right = xp.clip(place - first, 0, 1)
        index, weight = (first, first + 1), (1 - right, right)
    else:
        first = xp.floor(place)
        index, weight = [first + k for k in (-1, 0, 1, 2)], _cubic(xp, place - first)
    return xp.clip(xp.stack(index), 0, n - 1).astype(xp.int64), xp.stack(weight)


NEAREST = ("nearest", "nearest-exact")


def _step(xp, kind, n, m, align, factor, dtype):
    """How far apart neighbouring outputs are in the input"""
    if align:
        return dtype.type(n - 1) / dtype.type(m - 1) if m > 1 else dtype.type(0)
    return dtype.type(1.0 / factor) if factor else dtype.type(n) / dtype.type(m)


def _nearest(xp, kind, n, m, i, step, dtype):
    place = i * step if kind == "nearest" else (i + dtype.type(0.5)) * step
    return xp.minimum(xp.floor(place), n - 1).astype(xp.int64)[None], None


def _cubic(xp, t, a=-0.75):
    """The weights of the four neighbours of a point at fraction t between the middle two"""
    def near(x):
        return ((a + 2) * x - (a + 3)) * x * x + 1

    def far(x):
        return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a

    return far(t + 1), near(t), near(1 - t), far(2 - t)


def _triangle(xp, x):
    return xp.maximum(1 - xp.abs(x), 0)


def _cubic_filter(xp, x, a=-0.5):
    x = xp.abs(x)
    near, far = ((a + 2) * x - (a + 3)) * x * x + 1, ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    return xp.where(x < 1, near, xp.where(x < 2, far, 0))


def _lanczos(xp, x):
    return xp.where(xp.abs(x) < 3, xp.sinc(x) * xp.sinc(x / 3), 0)


FILTERS = {"linear antialiased": (_triangle, 1), "cubic antialiased": (_cubic_filter, 2),
           "lanczos antialiased": (_lanczos, 3)}  # fmt: skip


def _filtered(xp, kind, n, i, step, dtype):
    """A filter as wide as an output element, so that shrinking averages: weights of all it covers, summing to 1"""
    function, reach = FILTERS[kind]
    wide = max(float(step), 1.0)
    support, half = dtype.type(reach * wide), dtype.type(0.5)
    center = (i + half) * step
    first = xp.maximum((center - support + half).astype(xp.int64), 0)
    end = xp.minimum((center + support + half).astype(xp.int64), n)
    index = first + xp.arange(max(int((end - first).max()), 1))[:, None]
    weight = function(xp, (index - center + half) / dtype.type(wide)).astype(dtype)
    weight = xp.where(index < end, weight, 0).astype(dtype)
    return xp.minimum(index, n - 1), weight / weight.sum(0)


# ---- the ops --------------------------------------------------------------------------------------------------------


def _along(values, ndim, d):
    """A vector along dimension d of ndim"""
    return values.reshape(-1, *(1,) * (ndim - 1 - d))


def _resample(xp, input, /, kind, size, align, factors):
    """The weighted sums along each of the last dimensions"""
    if input.dtype.itemsize == 2:
        return _resample(xp, input.astype(xp.float32), kind, size, align, factors).astype(input.dtype)
    exact = xp.dtype(xp.float32) if kind in NEAREST else input.dtype
    for d, m, factor in zip(range(input.ndim - len(size), input.ndim), size, factors):
        index, weight = taps(xp, kind, input.shape[d], m, align, factor, exact)
        parts = [xp.take(input, line, axis=d) for line in index]
        if weight is not None:
            parts = [part * _along(w, input.ndim, d) for part, w in zip(parts, weight)]
        input = parts[0]
        for part in parts[1:]:
            input = input + part
    return input


@primitive("UpsampleBackwardBackward0")
def spread_taps(xp, g, /, kind, size, align, factors):
    """Every output's gradient spread over the inputs it came from, by their weights: the adjoint of resampling"""
    if g.dtype.itemsize == 2:
        return spread_taps(g.astype(xp.float32), kind, size, align, factors).astype(g.dtype)
    exact = xp.dtype(xp.float32) if kind in NEAREST else g.dtype
    for d, n, factor in zip(range(g.ndim - len(size), g.ndim), size, factors):
        m = g.shape[d]
        index, weight = taps(xp, kind, n, m, align, factor, exact)
        matrix = xp.zeros((m, n), dtype=g.dtype)
        for k, line in enumerate(index):
            xp.scatter_add(matrix, (xp.arange(m), line), 1 if weight is None else weight[k])
        g = xp.swapaxes(xp.matmul(xp.swapaxes(g, d, -1), matrix), d, -1)
    return xp.ascontiguousarray(g)


NODES = {("nearest", 1): "Nearest1D", ("nearest", 2): "Nearest2D", ("nearest", 3): "Nearest3D",
         ("nearest-exact", 1): "NearestExact1D", ("nearest-exact", 2): "NearestExact2D",
         ("nearest-exact", 3): "NearestExact3D", ("linear", 1): "Linear1D", ("linear", 2): "Bilinear2D",
         ("linear", 3): "Trilinear3D", ("cubic", 2): "Bicubic2D", ("linear antialiased", 2): "Bilinear2DAa",
         ("cubic antialiased", 2): "Bicubic2DAa", ("lanczos antialiased", 2): "Lanczos2DAa"}  # fmt: skip
RESAMPLE = {key: primitive(f"Upsample{node}Backward0")(_resample) for key, node in NODES.items()}
for _op in RESAMPLE.values():
    _op.vjp(input=lambda g, input_shape, kind, size, align, factors:
            spread_taps(g, kind, tuple(input_shape[-len(size) :]), align, factors))


def _again(g, kind, g_shape, size, align, factors):
    return RESAMPLE[kind, len(size)](g, kind, tuple(g_shape[-len(size) :]), align, factors)


spread_taps.vjp(g=_again)

# ---- torch's functions ----------------------------------------------------------------------------------------------

MODES = "nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact"
SMOOTH = {"linear": ("linear", 1), "bilinear": ("linear", 2), "trilinear": ("linear", 3), "bicubic": ("cubic", 2),
          "lanczos": ("lanczos", 2)}  # fmt: skip


def interpolate(input, size=None, scale_factor=None, mode="nearest", align_corners=None, recompute_scale_factor=None,
                antialias=False):
    """input resampled to `size`, or to scale_factor times its size.  Raises ValueError or NotImplementedError."""
    if mode in ("nearest", "area", "nearest-exact"):
        if align_corners is not None:
            raise ValueError("align_corners option can only be set with the interpolating modes: linear | bilinear | "
                             "bicubic | trilinear")
    spatial = list(input.shape[2:])
    n = len(spatial)
    factors = _factors(spatial, size, scale_factor)
    sizes = _sizes(spatial, size)
    if recompute_scale_factor and size is not None:
        raise ValueError("recompute_scale_factor is not meaningful with an explicit size.")
    if recompute_scale_factor or mode == "area" and sizes is None:
        sizes, factors = [math.floor(float(s) * f) for s, f in zip(spatial, factors)] if sizes is None else sizes, None
    if antialias and (mode not in ("bilinear", "bicubic", "lanczos") or n != 2):
        raise ValueError("Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D "
                         "tensor as input")
    if mode == "lanczos" and align_corners:
        raise ValueError("Lanczos mode does not support align_corners=True")
    if mode == "lanczos" and not antialias:
        raise ValueError("Lanczos mode requires antialias=True")
    kind = _kind(input, mode, n)
    if sizes is None:
        sizes = [math.floor(float(s) * f) for s, f in zip(spatial, factors)]
    if mode == "area":
        return (adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d)[n - 1](input, tuple(sizes))
    _check(input, sizes, kind, n)
    kind += " antialiased" if antialias else ""
    return RESAMPLE[kind, n](input, kind, tuple(sizes), bool(align_corners), tuple(factors or (None,) * n))


def _sizes(spatial, size):
    if size is None:
        return None
    if not isinstance(size, (tuple, list)):
        return [size] * len(spatial)
    if len(size) != len(spatial):
        raise ValueError(f"Input and output must have the same number of spatial dimensions, but got input with "
                         f"spatial dimensions of {spatial} and output size of {size}. Please provide input tensor in "
                         f"(N, C, d1, d2, ...,dK) format and output size in (o1, o2, ...,oK) format.")
    if not all(hasattr(s, "__index__") for s in size):
        raise TypeError(f"expected size to be one of int or Tuple[int] or Tuple[int, int] or Tuple[int, int, int], but "
                        f"got size with types {[type(s) for s in size]}")
    return [int(s) for s in size]


def _factors(spatial, size, scale_factor):
    if size is not None and scale_factor is not None:
        raise ValueError("only one of size or scale_factor should be defined")
    if scale_factor is None:
        if size is None:
            raise ValueError("either size or scale_factor should be defined")
        return None
    if not isinstance(scale_factor, (tuple, list)):
        return [float(scale_factor)] * len(spatial)
    if len(scale_factor) != len(spatial):
        raise ValueError(f"Input and scale_factor must have the same number of spatial dimensions, but got input with "
                         f"spatial dimensions of {spatial} and scale_factor of shape {scale_factor}. Please provide "
                         f"input tensor in (N, C, d1, d2, ...,dK) format and scale_factor in (s1, s2, ...,sK) format.")
    return [float(f) for f in scale_factor]


def _kind(input, mode, n):
    """The mode without its number of dimensions.  Raises NotImplementedError if they are not the input's."""
    dims = input.dim()
    if mode in (*NEAREST, "area") and n in (1, 2, 3):
        return mode
    kind, wanted = SMOOTH.get(mode, (None, None))
    if wanted == n:
        return kind
    if kind == "linear" and n in (1, 2, 3):
        raise NotImplementedError(f"Got {dims}D input, but {mode} mode needs {wanted + 2}D input")
    raise NotImplementedError(f"Input Error: Only 3D, 4D and 5D input Tensors supported (got {dims}D) for the modes: "
                              f"{MODES} (got {mode})")


def _check(input, sizes, kind, n):
    spatial, axes = list(input.shape[2:]), "DHW"[-n:] if n > 1 else "W"
    if min(sizes + spatial) <= 0:
        a, b = (", ".join(f"{axis}: {s}" for axis, s in zip(axes, values)) for values in (spatial, sizes))
        raise RuntimeError(f"Input and output sizes should be greater than 0, but got input ({a}) output ({b})")
    if 0 in input.shape[1:]:
        raise RuntimeError(f"Non-empty {n + 2}D data tensor expected but got a tensor with sizes {list(input.shape)}")
    if input._data.dtype.kind in "biu" and SCALAR_TYPE[input.dtype] != "Byte":
        name = {"nearest": f"upsample_nearest{n}d", "nearest-exact": f"upsample_nearest_exact{n}d"}.get(
            kind, {1: "upsample_linear1d", 2: "upsample_bilinear2d", 3: "upsample_trilinear3d"}[n])
        raise NotImplementedError(f"\"{name}_channels_last\" not implemented for '{SCALAR_TYPE[input.dtype]}'")


def upsample(input, size=None, scale_factor=None, mode="nearest", align_corners=None):
    """interpolate under its former name"""
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(input, size=None, scale_factor=None):
    """interpolate, taking the nearest element"""
    return interpolate(input, size, scale_factor, mode="nearest")


def upsample_bilinear(input, size=None, scale_factor=None):
    """interpolate linearly in both dimensions, corners meeting"""
    return interpolate(input, size, scale_factor, mode="bilinear", align_corners=True)
