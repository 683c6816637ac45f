"""torch.gradient: derivatives of samples by differences, central ones inside and one-sided ones at the ends."""

from ..dtypes import INTEGER, get_default_dtype
from ..tensor import Tensor
from .dims import wrap_dims
from .joining import cat
from .promotion import NUMBERS
from .scan import diff
from .shape import slice_dim, to_dtype, view


def gradient(input, *, spacing=None, dim=None, edge_order=1):
    """A tuple of the derivatives along `dim` (all if None); samples lie `spacing` apart, or at the points it lists"""
    dims = tuple(range(input.dim())) if dim is None else (dim,) if isinstance(dim, int) else tuple(dim)
    steps = _spacing(input, spacing, dims, dim is None)
    if edge_order not in (1, 2):
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")
    dims = wrap_dims(dims, input.dim())
    for d in dims:
        if input.dim() and input.shape[d] < edge_order + 1:
            raise RuntimeError("torch.gradient expected each dimension size to be at least edge_order+1")
    for step in steps:
        if isinstance(step, Tensor):
            _check_points(input, step)
    return tuple(_along(input, d, step, edge_order) for d, step in zip(dims, steps, strict=True))


def _spacing(input, spacing, dims, everywhere):
    """One step, or one tensor of coordinates, for each dimension"""
    if spacing is None or isinstance(spacing, NUMBERS):
        return [1 if spacing is None else spacing] * len(dims)
    if isinstance(spacing, Tensor):
        raise TypeError("gradient() received an invalid combination of arguments - got (Tensor, spacing=Tensor)")
    if len(spacing) == len(dims):
        return list(spacing)
    if everywhere:
        raise RuntimeError(f"torch.gradient expected spacing to be unspecified, a scalar, or a list of length equal to "
                           f"'self.dim() = {input.dim()}', since dim argument was not given, but got a list of length "
                           f"{len(spacing)}")
    raise RuntimeError(f"torch.gradient expected spacing to be unspecified, a scalar or it's spacing and dim arguments to "
                       f"have the same length, but got a spacing argument of length {len(spacing)} and a dim argument of "
                       f"length {len(dims)}.")


def _check_points(input, points):
    if points.dim() != 1:
        raise RuntimeError(f"torch.gradient expected each element of spacing to have one dimension, but got an element "
                           f"with {points.dim()} dimensions!")
    if points.device is not input.device:
        raise RuntimeError(f"torch.gradient expected each tensor to be on the same device, but got devices "
                           f"{input.device} and {points.device}!")


def _along(input, dim, step, edge_order):
    """The derivative along one dimension"""
    if input.dtype.category == INTEGER:
        input = to_dtype(input, get_default_dtype())
    n = input.shape[dim]
    parts = [slice_dim(input, dim, start, end, 1) for start, end in ((0, n - 2), (1, n - 1), (2, n))]
    if not isinstance(step, Tensor):
        centre = (parts[2] - parts[0]) / step / 2
        widths = [step] * 2
    else:
        shape = tuple(-1 if i == dim else 1 for i in range(input.dim()))
        gaps = diff(step)
        before, after = (view(slice_dim(gaps, 0, start, n - 2 + start, 1), *shape) for start in (0, 1))
        centre = _three_points(parts, before, after)
        widths = [gaps[0], gaps[1 if edge_order == 2 else 0]], [gaps[-1], gaps[-2 if edge_order == 2 else -1]]
        return cat([_end(input, dim, widths[0], edge_order, 0), centre, _end(input, dim, widths[1], edge_order, n - 1)], dim)
    return cat([_end(input, dim, widths, edge_order, 0), centre, _end(input, dim, widths, edge_order, n - 1)], dim)


def _three_points(values, before, after):
    """The derivative at the middle one of three points, `before` and `after` away from the others"""
    first, middle, last = values
    return (first * (-after / (before * (before + after))) + middle * ((after - before) / (before * after))
            + last * (before / (after * (before + after))))


def _end(input, dim, widths, edge_order, place):
    """The one-sided derivative at the first or last sample; `widths` from there on"""
    inwards = -1 if place else 1
    values = [slice_dim(input, dim, place + i * inwards, place + i * inwards + 1, 1) for i in range(edge_order + 1)]
    near, far = widths
    if edge_order == 1:
        return (values[1] - values[0]) * inwards / near
    reach = near + far
    slope = (values[0] * (-(near + reach) / (near * reach)) + values[1] * (reach / (near * far))
             + values[2] * (-near / (far * reach)))
    return slope * inwards
