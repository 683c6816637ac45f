"""Histograms over bins of any width, in one dimension and in several."""

import math

from .. import return_types
from ..backends import on_its_device
from ..dtypes import CPP_NAME, FLOAT, SCALAR_TYPE
from ..tensor import Tensor
from .out import takes_out
from .primitive import primitive
from .shape import reshape
from .steps import linspace


@primitive()
def bin_counts(xp, points, weight, /, edges):
    """How many rows of `points` (or how much of their weight) fall into each cell of a grid; the last bins include their end"""
    inside, place = xp.ones(points.shape[:1], dtype=bool), xp.zeros(points.shape[:1], dtype=int)
    for d, ends in enumerate(edges):
        x, bins = points[:, d], ends.shape[0] - 1
        inside = inside & (x >= ends[0]) & (x <= ends[-1])
        place = place * max(bins, 0) + xp.minimum(places_after(xp, ends, x) - 1, bins - 1)
    shape = tuple(ends.shape[0] - 1 for ends in edges)
    counts = xp.zeros((math.prod(shape),), dtype=points.dtype)
    amounts = xp.ones(points.shape[:1], dtype=points.dtype) if weight is None else weight
    if counts.size:
        xp.scatter_add(counts, (place[inside],), amounts[inside])
    return counts.reshape(shape)


def places_after(xp, ends, x):
    """Where in `ends` the first number greater than x is: a search by halves that takes their order on trust"""
    first, left = xp.zeros(x.shape, dtype=int), xp.zeros(x.shape, dtype=int) + ends.shape[0]
    for _ in range(ends.shape[0].bit_length()):
        half = left // 2
        middle = xp.minimum(first + half, ends.shape[0] - 1)
        lower, open_ = x < ends[middle], left > 0
        first = xp.where(open_ & ~lower, middle + 1, first)
        left = xp.where(open_, xp.where(lower, half, left - half - 1), left)
    return first


@on_its_device
def _range_of(input, range, dim, count):
    """The outer edges in one dimension: those given, or the data's, half a unit wider on each side if they are equal"""
    if range is not None:
        if len(range) != 2 * count:
            raise RuntimeError(f"torch.histogramdd: for a {count}-dimensional histogram range should have {2 * count} "
                               f"elements, but got {len(range)}")
        low, high = range[2 * dim : 2 * dim + 2]
    elif input.numel():
        low, high = (getattr(input._data[:, dim], end)().item() for end in ("min", "max"))
    else:
        low, high = 0.0, 1.0
    if not (math.isfinite(low) and math.isfinite(high)):
        raise RuntimeError(f"torch.histogramdd: dimension {dim}'s range [{low:g}, {high:g}] is not finite")
    if low > high:
        raise RuntimeError(f"torch.histogramdd: min should not exceed max, but got min {low:g} max {high:g} for dimension "
                           f"{dim}")
    return (low - 0.5, high + 0.5) if low == high else (low, high)


def _edges(input, bins, range, dim, count):
    """The edges of the bins in one dimension"""
    if not isinstance(bins, Tensor):
        if bins <= 0:
            raise RuntimeError(f"torch.histogram(): bins must be > 0, but got {bins} for dimension {dim}")
        low, high = _range_of(input, range, dim, count)
        return linspace(low, high, bins + 1, dtype=input.dtype, device=input.device)
    if bins.dim() != 1:
        raise RuntimeError(f"torch.histogramdd: bins tensor should have one dimension, but got {bins.dim()} dimensions in "
                           f"the bins tensor for dimension {dim}")
    if not bins.numel():
        raise RuntimeError(f"torch.histogramdd: bins tensor should have at least 1 element, but got 0 elements in the bins "
                           f"tensor for dimension {dim}")
    if bins.dtype is not input.dtype:
        raise RuntimeError(f"torch.histogramdd: input tensor and bins tensors should have the same dtype, but got input "
                           f"with dtype {CPP_NAME[input.dtype]} and bins for dimension {dim} with dtype "
                           f"{CPP_NAME[bins.dtype]}")
    return bins


def _check(input, weight):
    if weight is not None and tuple(weight.shape) != tuple(input.shape[:-1]):
        raise RuntimeError(f"torch.histogramdd: if weight tensor is provided it should have the same shape as the input "
                           f"tensor excluding its innermost dimension, but got input with shape {list(input.shape)} and "
                           f"weight with shape {list(weight.shape)}")
    if weight is not None and weight.dtype is not input.dtype:
        raise RuntimeError(f"torch.histogramdd: if weight tensor is provided, input tensor and weight tensor should have "
                           f"the same dtype, but got input({CPP_NAME[input.dtype]}), and weight({CPP_NAME[weight.dtype]})")
    if input.dtype.category != FLOAT:
        raise NotImplementedError(f"\"histogramdd\" not implemented for '{SCALAR_TYPE[input.dtype]}'")


def _counted(points, edges, weight, density):
    """The counts, divided by their sum and the size of each cell if `density`"""
    weight = None if weight is None else reshape(weight, -1)
    counts = bin_counts(points.detach(), weight, [end._data for end in edges])
    if not density:
        return counts
    counts = counts / counts.sum()
    for d, ends in enumerate(edges):
        widths = ends[1:] - ends[:-1]
        counts = counts / reshape(widths, *(-1 if i == d else 1 for i in range(len(edges))))
    return counts


@takes_out
def histogram(input, bins=100, *, range=None, weight=None, density=False):
    """How many elements lie in each bin, and the edges of the bins: `bins` equal ones, or those with the edges `bins`"""
    if not isinstance(bins, Tensor) and not hasattr(bins, "__index__") or isinstance(bins, Tensor) and range is not None:
        raise TypeError(f"histogram() received an invalid combination of arguments - got (Tensor, {type(bins).__name__})")
    column = reshape(input, -1, 1)
    weight = None if weight is None else reshape(weight, -1)
    _check(column, weight)
    ends = _edges(column, bins, range, 0, 1)
    return return_types.histogram((_counted(column, [ends], weight, density), ends))


def histogramdd(input, bins, range=None, weight=None, density=False):
    """histogram of points, the coordinates in the last dimension; `bins` one number, or a number or edges for each"""
    if input.dim() < 2:
        raise RuntimeError("torch.histogramdd: input tensor should have at least 2 dimensions")
    count = input.shape[-1]
    bins = [bins] * count if hasattr(bins, "__index__") and not isinstance(bins, Tensor) else list(bins)
    if len(bins) != count:
        raise RuntimeError("histogramdd: The size of bins must be equal to the innermost dimension of the input.")
    _check(input, weight)
    points = reshape(input, math.prod(input.shape[:-1]), count)
    edges = [_edges(points, one, range, d, count) for d, one in enumerate(bins)]
    return return_types.histogramdd((_counted(points, edges, weight, density), tuple(edges)))
