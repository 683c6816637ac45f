"""Sampling an image at the points of a grid, and making such grids.

Along each dimension a point meets a few lines of the input (one, two or four), each with a weight; what lies outside
has weight 0.  A sample is the sum over all combinations, each weighing the product of its weights.  Its derivative by a
coordinate takes the derivative of that dimension's weights instead, so `order` says for every dimension how often they
are differentiated, and one op with its adjoint serves all derivatives.
"""

import itertools
import math
import warnings

from ..dtypes import FLOAT, SCALAR_TYPE
from .arguments import declared
from .primitive import primitive
from .reduction import sum_dims
from .shape import stack

# ---- coordinates ----------------------------------------------------------------------------------------------------


def _place(point, size, align):
    """A coordinate in [-1, 1] as a position among `size` elements, and the derivative"""
    if align:
        return (point + 1) / 2 * (size - 1), (size - 1) / 2
    return ((point + 1) * size - 1) / 2, size / 2


def _kept_inside(xp, place, size, padding, align):
    """The position after padding: clipped, or reflected at the borders and clipped; and the derivative"""
    slope = xp.ones_like(place)
    if padding == "reflection":
        low, high = (0, size - 1) if align else (-0.5, size - 0.5)
        span = high - low
        if span == 0:
            return xp.zeros_like(place), xp.zeros_like(place)
        slope = xp.where(place < low, -slope, slope)
        away = xp.abs(place - low)
        turns = xp.floor(away / span)
        rest = away - turns * span
        even = turns % 2 == 0
        place, slope = xp.where(even, rest + low, high - rest), xp.where(even, slope, -slope)
    if padding in ("reflection", "border"):
        slope = xp.where((place <= 0) | (place >= size - 1), 0, slope)
        place = xp.clip(place, 0, size - 1)
    return place, slope


def _cubic(t, order, a=-0.75):
    """Weights of the four neighbours at fraction t, differentiated `order` times"""
    near, far = (a + 2, -(a + 3), 0, 1), (a, -5 * a, 8 * a, -4 * a)
    sign = (-1) ** order
    return (_polynomial(far, t + 1, order), _polynomial(near, t, order), sign * _polynomial(near, 1 - t, order),
            sign * _polynomial(far, 2 - t, order))


def _polynomial(coefficients, x, order):
    """The value at x, highest power first, after differentiating `order` times"""
    for _ in range(order):
        degree = len(coefficients) - 1
        coefficients = [c * (degree - i) for i, c in enumerate(coefficients[:-1])] or [0]
    result = x * 0
    for c in coefficients:
        result = result * x + c
    return result


def _linear(t, order):
    """Weights of the two neighbours at fraction t, differentiated `order` times"""
    return ((1 - t, t), (t * 0 - 1, t * 0 + 1), (t * 0, t * 0))[min(order, 2)]


def taps(xp, point, size, mode, padding, align, order):
    """What a grid coordinate meets along a dimension: [(index, weight differentiated `order` times)]"""
    place, slope = _place(point, size, align)
    if mode == "bicubic":
        first = xp.floor(place)
        lines = [_kept_inside(xp, first + k, size, padding, align)[0] for k in (-1, 0, 1, 2)]
        weights = _cubic(place - first, order)
    else:
        place, inner = _kept_inside(xp, place, size, padding, align)
        slope = slope * inner
        if mode == "nearest":
            lines, weights = [xp.rint(place)], [place * 0 + (order == 0)]
        else:
            first = xp.floor(place)
            lines, weights = (first, first + 1), _linear(place - first, order)
    inside = [(line >= 0) & (line <= size - 1) for line in lines]
    return [(xp.where(here, line, 0).astype(xp.int64), xp.where(here, w * slope**order, 0))
            for here, line, w in zip(inside, lines, weights)]


def _corners(xp, size, grid, how, order):
    """For every combination of taps: the flat index and the weight, both (N, points)"""
    n = len(size)
    points = grid.reshape(grid.shape[0], math.prod(grid.shape[1:-1]), n)
    lists = [taps(xp, points[..., n - 1 - d], s, *how, order[d]) for d, s in enumerate(size)]
    for combination in itertools.product(*lists):
        index, weight = 0, 1
        for (line, w), s in zip(combination, size):
            index, weight = index * s + line, weight * w
        yield index, weight


# ---- the ops: how = (mode, padding, align) --------------------------------------------------------------------------

MODES, PADDINGS = ("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection")


def _sample(xp, input, grid, /, how, order):
    """The input at each point of the grid: the weighted sum of what the point meets"""
    n, c = input.shape[:2]
    planes = input.reshape(n, c, math.prod(input.shape[2:]))
    out = 0
    for index, weight in _corners(xp, input.shape[2:], grid, how, order):
        out = out + xp.take_along_axis(planes, index[:, None], axis=2) * weight[:, None]
    return out.astype(input.dtype).reshape(n, c, *grid.shape[1:-1])


@primitive("GridSamplerBackwardBackward0")
def spread_samples(xp, spread, grid, /, size, how, order):
    """Each point's share added to what it met, in (N, C, *size): the adjoint of sampling"""
    n, c = spread.shape[:2]
    g = spread.reshape(n, c, math.prod(spread.shape[2:]))
    result = xp.zeros((n, c, math.prod(size)), dtype=g.dtype)
    planes = xp.arange(n * c).reshape(n, c, 1) * math.prod(size)
    for index, weight in _corners(xp, size, grid, how, order):
        xp.scatter_add(result.reshape(-1), (planes + index[:, None]).reshape(-1), (g * weight[:, None]).reshape(-1))
    return result.reshape(n, c, *size)


def _by_coordinate(g, input, grid, how, order):
    """How much each coordinate of the grid changes the sum of g * sample(input), x first"""
    n = len(order)
    if how[0] == "nearest":
        return grid * 0
    sample = grid_sampler_2d if n == 2 else grid_sampler_3d
    steps = [tuple(o + (i == d) for i, o in enumerate(order)) for d in reversed(range(n))]
    return stack([sum_dims(g * sample(input, grid, how, step), (1,), False) for step in steps], n + 1)


grid_sampler_2d = primitive("GridSampler2DBackward0")(_sample)
grid_sampler_3d = primitive("GridSampler3DBackward0")(_sample)
for _op in (grid_sampler_2d, grid_sampler_3d):
    _op.vjp(input=lambda g, input, grid, how, order: spread_samples(g, grid, tuple(input.shape[2:]), how, order),
            grid=_by_coordinate)
    _op.shows(interpolation_mode=lambda how: MODES.index(how[0]), padding_mode=lambda how: PADDINGS.index(how[1]),
              align_corners=lambda how: how[2])
spread_samples.vjp(
    spread=lambda g, grid, how, order: (grid_sampler_2d if len(order) == 2 else grid_sampler_3d)(g, grid, how, order),
    grid=lambda g, spread, grid, how, order: _by_coordinate(spread, g, grid, how, order))


@primitive("AffineGridGeneratorBackward0")
def affine_points(xp, theta, /, size, align):
    """The points theta @ (x, y, ..., 1) for the centres (or corners) of a grid of `size`"""
    base = _base(xp, size, align, theta.dtype)
    points = xp.matmul(base, xp.swapaxes(theta, 1, 2))
    return points.reshape(theta.shape[0], *size[2:], len(size) - 2)


def _base(xp, size, align, dtype):
    lines = []
    for s in size[2:]:
        line = xp.linspace(-1, 1, s) if s > 1 else xp.zeros(1)
        lines.append(line if align or s <= 1 else line * (s - 1) / s)
    grids = xp.meshgrid(*lines, indexing="ij")
    return xp.stack([*(x.reshape(-1) for x in reversed(grids)), xp.ones(math.prod(size[2:]))], axis=-1).astype(dtype)


@primitive("AffineGridGeneratorBackwardBackward0")
def affine_points_to_theta(xp, g, /, size, align):
    """The adjoint of affine_points"""
    base = _base(xp, size, align, g.dtype)
    rows = g.reshape(g.shape[0], base.shape[0], len(size) - 2)
    return xp.matmul(xp.swapaxes(rows, 1, 2), base)


affine_points.vjp(theta=lambda g, size, align: affine_points_to_theta(g, size, align))
affine_points_to_theta.vjp(g=lambda g, size, align: affine_points(g, size, align))

# ---- torch's functions ----------------------------------------------------------------------------------------------

DEFAULT = ("Default grid_sample and affine_grid behavior has changed to align_corners=False since 1.3.0. Please "
           "specify align_corners=True if the old behavior is desired. See the documentation of grid_sample for "
           "details.")


@declared("grid_sampler(Tensor input, Tensor grid)")
def grid_sample(input, grid, mode="bilinear", padding_mode="zeros", align_corners=None):
    """input (N, C, H, W) or (N, C, D, H, W) at the points of a grid with coordinates in [-1, 1], x first"""
    name = "nn.functional.grid_sample(): expected"
    if mode not in MODES:
        raise ValueError(f"{name} mode to be 'bilinear', 'nearest' or 'bicubic', but got: '{mode}'")
    if padding_mode not in PADDINGS:
        raise ValueError(f"{name} padding_mode to be 'zeros', 'border', or 'reflection', but got: '{padding_mode}'")
    if align_corners is None:
        warnings.warn(DEFAULT, stacklevel=2)
    _check(input, grid, mode)
    sampler = grid_sampler_2d if input.dim() == 4 else grid_sampler_3d
    return sampler(input, grid, (mode, padding_mode, bool(align_corners)), (0,) * (input.dim() - 2))


def _check(input, grid, mode):
    a, b = list(input.shape), list(grid.shape)
    if a[:1] != b[:1]:
        raise RuntimeError(f"grid_sampler(): expected grid and input to have same batch size, but got input with sizes "
                           f"{a} and grid with sizes {b}")
    if b[-1] != len(a) - 2:
        raise RuntimeError(f"grid_sampler(): expected grid to have size {len(a) - 2} in last dimension, but got grid "
                           f"with sizes {b}")
    if len(a) not in (4, 5) or len(a) != len(b):
        raise RuntimeError(f"grid_sampler(): expected {len(a)}D input and grid with same number of dimensions, but got "
                           f"input with sizes {a} and grid with sizes {b}")
    for d in range(2, len(a)):
        if a[d] == 0:
            raise RuntimeError(f"grid_sampler(): expected input to have non-empty spatial dimensions, but input has "
                               f"sizes {a} with dimension {d} being empty")
    if len(a) == 5 and mode == "bicubic":
        raise RuntimeError("grid_sampler(): bicubic interpolation only supports 4D input")
    if input._data.dtype != grid._data.dtype:
        raise RuntimeError(f"expected scalar type {SCALAR_TYPE[input.dtype]} but found {SCALAR_TYPE[grid.dtype]}")


def affine_grid(theta, size, align_corners=None):
    """The grid that maps each point of an output of `size` to where the affine map theta takes it"""
    if theta.dtype.category != FLOAT:
        raise ValueError(f"Expected theta to have floating point type, but got {theta.dtype}")
    size = tuple(size)
    if align_corners is None:
        warnings.warn(DEFAULT, stacklevel=2)
    said = f"({', '.join(map(str, size))})"
    if len(size) not in (4, 5):
        raise NotImplementedError(f"affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, "
                                  f"respectively. Got size {said}.")
    n = len(size) - 2
    if theta.dim() != 3 or tuple(theta.shape[-2:]) != (n, n + 1):
        raise ValueError(f"Expected a batch of {n}D affine matrices of shape Nx{n}x{n + 1} for size {said}. Got "
                         f"{theta.shape}.")
    if min(size) <= 0:
        raise ValueError(f"Expected non-zero, positive output size. Got {said}")
    if theta.shape[0] != size[0]:
        raise RuntimeError(f"Expected size for first two dimensions of batch2 tensor to be: [{size[0]}, {n + 1}] but "
                           f"got: [{theta.shape[0]}, {n + 1}].")
    return affine_points(theta, size, bool(align_corners))
