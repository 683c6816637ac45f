"""How elements spread: var and std with or without the mean, and quantiles."""

import math
import warnings

from ..dtypes import FLOAT, SCALAR_TYPE, int64
from ..tensor import Tensor
from .comparison import isnan, where
from .creation import scalar_tensor
from .dims import wrap_dim
from .gathering import gather
from .masked import masked_fill
from .masking import drop
from .out import takes_out
from .pointwise import mul
from .precision import through_float32
from .primitive import primitive
from .promotion import broadcast_shape
from .reduction import axes_of, dims_given, dims_of, mean_dims, reduced, restore_dims
from .rounding import ceil, floor
from .rounding import round as round_
from .scalars import times
from .shape import expand_to, flatten, to_dtype, transpose, unsqueeze, view
from .sorting import sort

# ---- variance and standard deviation --------------------------------------------------------------------------------


def _freedom(shape, dim, correction):
    """How many degrees of freedom there are: the number of elements less the correction, 1 if not given"""
    return reduced(shape, dim) - (1 if correction is None else correction)


def _variance(xp, input, dim, correction, keepdim):
    """The mean, and the mean square of the deviations from it (their number less the correction)"""
    axes = axes_of(input, dim)
    centre = xp.mean(input, axis=axes, keepdims=True)
    deviations = xp.abs(input - centre)
    spread = xp.sum(deviations * deviations, axis=axes, keepdims=keepdim)
    freedom = _freedom(input.shape, dim, correction)
    spread = spread / xp.asarray(freedom if freedom > 0 else 0, dtype=spread.dtype)
    return spread, centre if keepdim else xp.reshape(centre, spread.shape)


def _var_vjp(g, input, dim, correction, keepdim):
    shape = tuple(input.shape)
    freedom = _freedom(shape, dim, correction)
    g = restore_dims(g, shape, dim, keepdim)
    if freedom <= 0 and (dim is None or not shape):
        return g * where(input == mean_dims(input, dim, True), math.nan, math.inf)
    return g * (2 / freedom if freedom else math.inf) * (input - mean_dims(input, dim, True))


def _std_vjp(g, input, out, dim, correction, keepdim):
    return _var_vjp(drop(g / (out * 2), out == 0), input, dim, correction, keepdim)


@primitive("VarBackward0")
@through_float32
def var_dims(xp, input, /, dim, correction, keepdim):
    """The variance over some dimensions"""
    return _variance(xp, input, dim, correction, keepdim)[0]


@primitive("StdBackward0")
@through_float32
def std_dims(xp, input, /, dim, correction, keepdim):
    """The standard deviation over some dimensions"""
    return xp.sqrt(_variance(xp, input, dim, correction, keepdim)[0])


@primitive("VarMeanBackward0", outputs=("var", "mean"))
@through_float32
def var_mean_dims(xp, input, /, dim, correction, keepdim):
    """The variance and the mean over some dimensions"""
    return _variance(xp, input, dim, correction, keepdim)


@primitive("StdMeanBackward0", outputs=("std", "mean"))
@through_float32
def std_mean_dims(xp, input, /, dim, correction, keepdim):
    """The standard deviation and the mean over some dimensions"""
    spread, centre = _variance(xp, input, dim, correction, keepdim)
    return xp.sqrt(spread), centre


def _mean_vjp(g, input, dim, keepdim):
    shape = tuple(input.shape)
    return expand_to(restore_dims(g, shape, dim, keepdim), shape) / reduced(shape, dim)


def _sum_of(parts):
    parts = [part for part in parts if part is not None]
    return parts[0] if len(parts) == 1 else parts[0] + parts[1]


def _var_mean_vjp(given, input, dim, correction, keepdim):
    g, g_mean = given
    return _sum_of([None if g is None else _var_vjp(g, input, dim, correction, keepdim),
                    None if g_mean is None else _mean_vjp(g_mean, input, dim, keepdim)])


def _std_mean_vjp(given, input, std, dim, correction, keepdim):
    g, g_mean = given
    return _sum_of([None if g is None else _std_vjp(g, input, std, dim, correction, keepdim),
                    None if g_mean is None else _mean_vjp(g_mean, input, dim, keepdim)])


var_dims.vjp(input=_var_vjp)
std_dims.vjp(input=_std_vjp)
var_mean_dims.vjp(input=_var_mean_vjp)
std_mean_dims.vjp(input=_std_mean_vjp)


FREEDOM = ("degrees of freedom is <= 0. Correction should be strictly less than the reduction factor (input numel divided "
           "by output numel).")


def _spread(name, op, input, dim, unbiased, keepdim, correction):
    """torch's three signatures: (unbiased), (dim, unbiased, keepdim), (dim, *, correction, keepdim)"""
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if unbiased is not None and correction is not None:
        raise TypeError(f"{name}() received an invalid combination of arguments - got (correction=int, unbiased=bool), "
                        f"but expected one of:\n * (tuple of ints dim, bool unbiased = True, bool keepdim = False)\n"
                        f" * (tuple of ints dim = None, *, Number correction = None, bool keepdim = False)\n"
                        f" * (bool unbiased = True)\n")
    if input.dtype.category < FLOAT:
        whose = "std and var" if name in ("std", "var") else name
        raise RuntimeError(f"{whose} only support floating point and complex dtypes")
    if unbiased is not None or dim is not None and correction is None:
        correction = 1 if unbiased is None else int(unbiased)
    dims = dims_of(input, dim)
    if _freedom(input.shape, dims, correction) <= 0 and all(n for i, n in enumerate(input.shape) if i not in dims):
        warnings.warn(f"{name}(): {FREEDOM}", UserWarning, stacklevel=4)
    return op(input, dims_given(input, dim), correction, keepdim)


@takes_out
def var(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    """The variance: the sum of squared deviations from the mean over their number less `correction`"""
    return _spread("var", var_dims, input, dim, unbiased, keepdim, correction)


@takes_out
def std(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    """The standard deviation: the square root of the variance"""
    return _spread("std", std_dims, input, dim, unbiased, keepdim, correction)


@takes_out
def var_mean(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    """The variance and the mean"""
    return _spread("var_mean", var_mean_dims, input, dim, unbiased, keepdim, correction)


@takes_out
def std_mean(input, dim=None, unbiased=None, keepdim=False, *, correction=None):
    """The standard deviation and the mean"""
    return _spread("std_mean", std_mean_dims, input, dim, unbiased, keepdim, correction)


# ---- quantiles ------------------------------------------------------------------------------------------------------

INTERPOLATIONS = ("linear", "lower", "higher", "midpoint", "nearest")


def _check_quantile(name, input, q, interpolation):
    if interpolation not in INTERPOLATIONS:
        raise RuntimeError(f"{name}() interpolation must be one of linear, lower, higher, midpoint or nearest, but got "
                           f"{interpolation}")
    if input.numel() == 0:
        raise RuntimeError(f"{name}() input tensor must be non-empty")
    if q.dim() > 1:
        raise RuntimeError(f"{name}() q must be a scalar or 1D tensor")
    if SCALAR_TYPE[input.dtype] not in ("Float", "Double"):
        raise RuntimeError(f"{name}() input tensor must be either float or double dtype")
    if q.dtype is not input.dtype:
        raise RuntimeError(f"{name}() q tensor must be same dtype as the input tensor")
    if not bool(((q >= 0) & (q <= 1)).all()):
        raise RuntimeError(f"{name}() q values must be in the range [0, 1]")


def _sorted_rows(input, dim):
    """The elements to choose from in order, in the last dimension"""
    if dim is None:
        return sort(flatten(input))[0]
    if dim == input.dim() - 1:
        return sort(input)[0]
    return sort(transpose(unsqueeze(input, -1), dim, -1))[0]


def _ranks(rows, q, skip_nan):
    """Which place in a row each q falls on; that of a nan, if there is any and it is not to be skipped"""
    last, nans = rows.shape[-1] - 1, isnan(rows)
    if skip_nan:
        ranks = mul(q, last - nans.sum(-1, keepdim=True))
        return masked_fill(ranks, ranks.detach() < 0, 0)
    ranks, spoilt = times(q, last), nans.any(-1, keepdim=True)
    shape = broadcast_shape(tuple(ranks.shape), tuple(spoilt.shape))
    ranks, spoilt = (x if tuple(x.shape) == shape else expand_to(x, shape) for x in (ranks, spoilt))
    return masked_fill(ranks, spoilt, last)


def _interpolated(rows, ranks, interpolation):
    at = ranks.detach()
    if interpolation == "nearest":
        return gather(rows, -1, to_dtype(round_(at), int64))
    below = floor(at) if interpolation != "higher" else ceil(at)
    low = gather(rows, -1, to_dtype(below, int64))
    if interpolation in ("lower", "higher"):
        return low
    weights = ranks - below if interpolation == "linear" else at * 0 + 0.5
    return low.lerp_(gather(rows, -1, to_dtype(ceil(at), int64)), weights)


def _quantile(name, input, q, dim, keepdim, interpolation, skip_nan):
    given = isinstance(q, Tensor)
    if not given:
        if not 0 <= q <= 1:
            raise RuntimeError(f"{name}() q must be in the range [0, 1] but got {q:g}")
        q = scalar_tensor(q, dtype=input.dtype, device=input.device)
    _check_quantile(name, input, q, interpolation)
    dim = None if dim is None else wrap_dim(dim, input.dim())
    rows = _sorted_rows(input, dim)
    shape = tuple(input.shape)
    if dim is None:
        rest = (1,) * len(shape) if keepdim else ()
    else:
        rest = tuple(1 if i == dim else n for i, n in enumerate(shape) if keepdim or i != dim)
    rows = view(rows, (*rest, rows.shape[-1]))
    result = _interpolated(rows, _ranks(rows.detach(), q, skip_nan), interpolation)
    if q.dim():
        result.unsqueeze_(0).transpose_(0, -1)
    return result.squeeze_(-1)


@takes_out
def quantile(input, q, dim=None, keepdim=False, *, interpolation="linear"):
    """The values below which a share q of the elements lies, interpolated between neighbours; nan if there is any"""
    return _quantile("quantile", input, q, dim, keepdim, interpolation, False)


@takes_out
def nanquantile(input, q, dim=None, keepdim=False, *, interpolation="linear"):
    """quantile of the elements that are not nan"""
    return _quantile("quantile", input, q, dim, keepdim, interpolation, True)
