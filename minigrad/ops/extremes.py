"""The largest, smallest, middle and most frequent elements, and where they are.

What is picked along a dimension passes its gradient to the element picked; the extreme of all elements shares it evenly
among equal ones, and so do amax, amin and aminmax.
"""

import math

from .. import return_types
from ..dtypes import BOOL, SCALAR_TYPE
from ..tensor import Tensor
from .checks import is_tensor, type_name
from .comparison import maximum, minimum
from .dims import wrap_dim
from .out import takes_out
from .primitive import primitive
from .reduction import axes_of, dims_given, restore_dims, sum_dims
from .scan import running
from .sorting import _kept, order, picked, place_along

# ---- checks ---------------------------------------------------------------------------------------------------------


def _one_dim(name, input, dim):
    """A dimension with elements to choose from.  Raises TypeError or IndexError for others."""
    if not hasattr(dim, "__index__") or isinstance(dim, bool):
        raise TypeError(f"{name}(): argument 'dim' (position 2) must be int, not {type_name(dim)}")
    dim = wrap_dim(dim, input.dim())
    if input.dim() and not input.shape[dim]:
        raise IndexError(f"{name}(): Expected reduction dim {dim} to have non-zero size.")
    return dim


def _refuse_overloads(name, dim, keepdim):
    """Raise TypeError where torch finds no signature"""
    if dim is None and keepdim is None:
        return
    given = next((type_name(x) for x in (dim, keepdim) if x is not None), "")
    raise TypeError(f"{name}() received an invalid combination of arguments - got ({given}), but expected one of:\n"
                    f" * ()\n * (Tensor other)\n * (int dim, bool keepdim = False)\n")


# ---- max and min ----------------------------------------------------------------------------------------------------


@primitive()
def equal_to(xp, input, value, /):
    """1 where input equals value, else 0"""
    return (input == value).astype(input.dtype)


@primitive()
def chosen(xp, input, value, /):
    """1 where input equals value or both are nan, else 0"""
    return ((input == value) | ((input != input) & (value != value))).astype(input.dtype)


def _share_all(g, input, out):
    mask = chosen(input, out)
    return mask * (g / mask.sum())


def _share_dims(g, input, out, dim, keepdim):
    shape = tuple(input.shape)
    g, out = (restore_dims(x, shape, dim, keepdim) for x in (g, out))
    mask = equal_to(input, out)
    return g * mask / sum_dims(mask, dim, True)


@primitive("MaxBackward1")
def max_all(xp, input, /):
    """The largest element"""
    return xp.max(input)


@primitive("MinBackward1")
def min_all(xp, input, /):
    """The smallest element"""
    return xp.min(input)


for _op in (max_all, min_all):
    _op.vjp(input=_share_all)


def _extreme_at(xp, search, input, dim, keepdim):
    """The element that `search` (argmax or argmin) finds along a dimension, and its index"""
    if not input.ndim:
        return xp.array(input), xp.zeros((), dtype=int)
    if input.size == 0:
        shape = tuple(1 if i == dim else n for i, n in enumerate(input.shape))
        values, indices = xp.zeros(shape, dtype=input.dtype), xp.zeros(shape, dtype=int)
    else:
        indices = xp.expand_dims(xp.asarray(search(input, axis=dim)), dim)
        values = xp.take_along_axis(input, indices, dim)
    return (values, indices) if keepdim else (xp.squeeze(values, dim), xp.squeeze(indices, dim))


@primitive("MaxBackward0", outputs=("values", "indices"), differentiable_outputs=1)
def max_dim(xp, input, /, dim, keepdim):
    """The largest element along a dimension, and where it first occurs"""
    return _extreme_at(xp, xp.argmax, input, dim, keepdim)


@primitive("MinBackward0", outputs=("values", "indices"), differentiable_outputs=1)
def min_dim(xp, input, /, dim, keepdim):
    """The smallest element along a dimension, and where it first occurs"""
    return _extreme_at(xp, xp.argmin, input, dim, keepdim)


def _to_picked(g, input_shape, indices, dim, keepdim):
    return place_along(_kept(g, input_shape, dim, keepdim), _kept(indices, input_shape, dim, keepdim), input_shape, dim)


for _op in (max_dim, min_dim):
    _op.vjp(input=_to_picked)


def _extreme(name, input, dim, keepdim, other, whole, along, of_two):
    is_tensor(name, "input", 1, input)
    if isinstance(dim, Tensor) or other is not None:
        return of_two(input, dim if isinstance(dim, Tensor) else other)
    if dim is None or not hasattr(dim, "__index__") or isinstance(dim, bool):
        _refuse_overloads(name, dim, keepdim)
        if input.numel() == 0:
            raise RuntimeError(f"{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the "
                               f"reduction dim with the 'dim' argument.")
        return whole(input)
    found = along(input, _one_dim(name, input, dim), keepdim or False)
    return getattr(return_types, name)(found)


@takes_out
def max(input, dim=None, keepdim=None, *, other=None):
    """The largest element; along `dim` with its index; or the larger elements of two tensors"""
    return _extreme("max", input, dim, keepdim, other, max_all, max_dim, maximum)


@takes_out
def min(input, dim=None, keepdim=None, *, other=None):
    """The smallest element; along `dim` with its index; or the smaller elements of two tensors"""
    return _extreme("min", input, dim, keepdim, other, min_all, min_dim, minimum)


# ---- amax, amin, aminmax --------------------------------------------------------------------------------------------


@primitive("AmaxBackward0")
def amax_dims(xp, input, /, dim, keepdim):
    """The largest element over some dimensions"""
    return xp.max(input, axis=axes_of(input, dim), keepdims=keepdim)


@primitive("AminBackward0")
def amin_dims(xp, input, /, dim, keepdim):
    """The smallest element over some dimensions"""
    return xp.min(input, axis=axes_of(input, dim), keepdims=keepdim)


for _op in (amax_dims, amin_dims):
    _op.vjp(input=_share_dims)


def _several_dims(name, input, dim):
    dim = () if dim is None else dim
    if not isinstance(dim, (tuple, list)) and not hasattr(dim, "__index__"):
        raise TypeError(f"{name}(): argument 'dim' (position 2) must be tuple of ints, not {type_name(dim)}")
    if input.numel() == 0:
        dims = range(input.dim()) if dim in ((), []) else [wrap_dim(d, input.dim()) for d in (
            dim if isinstance(dim, (tuple, list)) else (dim,))]
        if dim in ((), []):
            raise RuntimeError(f"{name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the "
                               f"reduction dim with the 'dim' argument.")
        for d in dims:
            if input.shape[d] == 0:
                raise IndexError(f"{name}(): Expected reduction dim {d} to have non-zero size.")
    return dims_given(input, dim)


@takes_out
def amax(input, dim=(), keepdim=False):
    """The largest element over `dim`, a number or several"""
    return amax_dims(input, _several_dims("amax", input, dim), keepdim)


@takes_out
def amin(input, dim=(), keepdim=False):
    """The smallest element over `dim`, a number or several"""
    return amin_dims(input, _several_dims("amin", input, dim), keepdim)


@primitive("AminmaxBackward0", outputs=("min", "max"))
def aminmax_dims(xp, input, /, dim, keepdim):
    """The smallest and the largest element"""
    axes = axes_of(input, dim)
    return xp.min(input, axis=axes, keepdims=keepdim), xp.max(input, axis=axes, keepdims=keepdim)


def _aminmax_vjp(given, input, min, max, dim, keepdim):
    dim = None if dim is None else (dim,)
    shares = [_share_dims(g, input, out, dim, keepdim) for g, out in zip(given, (min, max)) if g is not None]
    return shares[0] if len(shares) == 1 else shares[0] + shares[1]


aminmax_dims.vjp(input=_aminmax_vjp)


@takes_out
def aminmax(input, *, dim=None, keepdim=False):
    """The smallest and the largest element, of all or along `dim`"""
    if dim is None and input.numel() == 0:
        raise RuntimeError("aminmax(): cannot compute aminmax over an empty dimension as the operation has no "
                           "identity.")
    if dim is not None and not hasattr(dim, "__index__"):
        raise TypeError(f"aminmax(): argument 'dim' must be int, not {type_name(dim)}")
    dim = None if dim is None else wrap_dim(dim, input.dim())
    if dim is not None and input.dim() and not input.shape[dim]:
        raise IndexError(f"aminmax: Expected reduction dim {dim} to have non-zero size.")
    return return_types.aminmax(aminmax_dims(input, dim, keepdim))


# ---- indices of extremes --------------------------------------------------------------------------------------------


@primitive()
def argmax_dim(xp, input, /, dim, keepdim):
    """Where the largest element first occurs"""
    return _position(xp, xp.argmax, input, dim, keepdim)


@primitive()
def argmin_dim(xp, input, /, dim, keepdim):
    """Where the smallest element first occurs"""
    return _position(xp, xp.argmin, input, dim, keepdim)


def _position(xp, search, input, dim, keepdim):
    if dim is None or not input.ndim:
        return xp.reshape(xp.asarray(search(input.reshape(-1))), (1,) * input.ndim if keepdim else ())
    if input.size == 0:
        found = xp.zeros(tuple(n for i, n in enumerate(input.shape) if i != dim), dtype=int)
    else:
        found = xp.asarray(search(input, axis=dim))
    return xp.expand_dims(found, dim) if keepdim else found


def _argument(name, op, input, dim, keepdim):
    if input.dtype.category == BOOL:
        raise RuntimeError(f"{name}(): does not support bool input")
    if dim is None and input.numel() == 0:
        raise IndexError(f"{name}(): Expected reduction dim to be specified for input.numel() == 0.")
    return op(input, None if dim is None else _one_dim(name, input, dim), keepdim)


@takes_out
def argmax(input, dim=None, keepdim=False):
    """The index of the largest element, among all (in row-major order) or along `dim`"""
    return _argument("argmax", argmax_dim, input, dim, keepdim)


@takes_out
def argmin(input, dim=None, keepdim=False):
    """The index of the smallest element, among all (in row-major order) or along `dim`"""
    return _argument("argmin", argmin_dim, input, dim, keepdim)


# ---- median ---------------------------------------------------------------------------------------------------------


def _middle(xp, input, dim, keepdim, skip_nan):
    """The lower middle element along a dimension and its index; nan if there is any, or as if it were not there"""
    if not input.ndim:
        return xp.array(input), xp.zeros((), dtype=int)
    n = input.shape[dim]
    if input.size == 0 and n == 0 and not keepdim and input.ndim == 1:
        return xp.full((), math.nan if input.dtype.kind == "f" else _no_number(input.dtype), dtype=input.dtype), None
    nans = xp.sum(input != input, axis=dim, keepdims=True)
    if skip_nan:
        place = xp.maximum(n - nans - 1, 0) // 2
    else:
        place = xp.where(nans > 0, n - nans, (n - 1) // 2)
    indices = xp.take_along_axis(order(xp, input, dim, False), place, dim)
    values, indices = picked(xp, input, dim, indices)
    return (values, indices) if keepdim else (xp.squeeze(values, dim), xp.squeeze(indices, dim))


def _no_number(kind):
    """What C++ makes of nan as an integer: True, or the smallest number of 32 or 64 bits, cut to size"""
    return True if kind.kind == "b" else -(2**63) if kind.itemsize == 8 else -(2**31) if kind.itemsize == 4 else 0


@primitive("MedianBackward0")
def median_all(xp, input, /):
    """The lower middle element of all; nan if there is any"""
    return _middle(xp, input.reshape(-1), 0, False, False)[0]


@primitive("NanmedianBackward0")
def nanmedian_all(xp, input, /):
    """The lower middle element of all that are not nan"""
    return _middle(xp, input.reshape(-1), 0, False, True)[0]


@primitive("MedianBackward1", outputs=("values", "indices"), differentiable_outputs=1)
def median_dim(xp, input, /, dim, keepdim):
    """The lower middle element along a dimension, and its index"""
    return _middle(xp, input, dim, keepdim, False)


@primitive("NanmedianBackward1", outputs=("values", "indices"), differentiable_outputs=1)
def nanmedian_dim(xp, input, /, dim, keepdim):
    """The lower middle element along a dimension of those that are not nan, and its index"""
    return _middle(xp, input, dim, keepdim, True)


for _op in (median_all, nanmedian_all):
    _op.vjp(input=_share_all)
for _op in (median_dim, nanmedian_dim):
    _op.vjp(input=_to_picked)


def _median(name, input, dim, keepdim, whole, along):
    dim = None if dim is None else _one_dim("median", input, dim)
    if input.dtype.category == BOOL and (input.numel() or dim is not None):
        kernel = "median_cpu" if dim is None else "median_out"
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{SCALAR_TYPE[input.dtype]}'")
    return whole(input) if dim is None else getattr(return_types, name)(along(input, dim, keepdim))


@takes_out
def median(input, dim=None, keepdim=False):
    """The middle element, the lower of two; along `dim` with its index"""
    return _median("median", input, dim, keepdim, median_all, median_dim)


@takes_out
def nanmedian(input, dim=None, keepdim=False):
    """The middle element of those that are not nan, the lower of two; along `dim` with its index"""
    return _median("nanmedian", input, dim, keepdim, nanmedian_all, nanmedian_dim)


# ---- mode -----------------------------------------------------------------------------------------------------------


@primitive("ModeBackward0", outputs=("values", "indices"), differentiable_outputs=1)
def mode_dim(xp, input, /, dim, keepdim):
    """The most frequent element along a dimension, the smallest of several, and its last index"""
    if not input.ndim:
        return xp.array(input), xp.zeros((), dtype=int)
    indices = xp.moveaxis(order(xp, input, dim, False), dim, -1)
    sorted_ = xp.take_along_axis(xp.moveaxis(input, dim, -1), indices, -1)
    n = input.shape[dim]
    starts = xp.concatenate([xp.ones_like(sorted_[..., :1], dtype=bool), sorted_[..., 1:] != sorted_[..., :-1]], -1)
    places = xp.arange(n)
    lengths = places - running(xp, xp.maximum, xp.where(starts, places, 0), input.ndim - 1)
    indices = xp.take_along_axis(indices, xp.expand_dims(xp.argmax(lengths, axis=-1), -1), -1)
    values, indices = picked(xp, input, dim, xp.moveaxis(indices, -1, dim))
    return (values, indices) if keepdim else (xp.squeeze(values, dim), xp.squeeze(indices, dim))


mode_dim.vjp(input=_to_picked)


@takes_out
def mode(input, dim=-1, keepdim=False):
    """The most frequent element along `dim`, the smallest of several, and its index"""
    return return_types.mode(mode_dim(input, _one_dim("mode", input, dim), keepdim))
