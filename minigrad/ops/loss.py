"""Losses of regression: how far numbers are from their targets."""

from ..dtypes import FLOAT, SCALAR_TYPE, bool_
from ..tensor import Tensor
from .loss_reduction import reduced, reduced_array, reduction_name, same_size, share, stored_as
from .masking import keep
from .pointwise import abs as abs_
from .pointwise import where
from .precision import through_float32
from .primitive import pointwise
from .promotion import result_type


def _check_floating(name, *tensors):
    kind = result_type(*tensors)
    if kind.category < FLOAT:
        raise NotImplementedError(f'"{name}_cpu" not implemented for \'{SCALAR_TYPE[kind]}\'')


def _weighted(loss, weight, reduction):
    """The weighted losses; their mean is that of the weights' distribution"""
    loss = loss * weight
    return loss if reduction == "none" else loss.sum() if reduction == "sum" else loss.sum() / weight.sum()


def _check_weight(weight, input):
    if weight is not None and weight.size() != input.size():
        raise ValueError("Weights and input must have the same size.")


# ---- squared and absolute error -------------------------------------------------------------------------------------


@pointwise("MseLossBackward0")
@through_float32
def mse_loss_(xp, input, target, /, reduction):
    """(x - y)^2, reduced"""
    difference = input - target
    return reduced_array(xp, difference * difference, reduction)


def _mse_slope(g, x, y, reduction):
    """The slope in x; y may hold truth values"""
    y = y * 1.0 if isinstance(y, Tensor) and y.dtype is bool_ else y
    return 2 * share(reduction, x.shape) * (x - y) * g


mse_loss_.vjp(input=lambda g, input, target, reduction: _mse_slope(g, input, target, reduction),
              target=lambda g, input, target, reduction: _mse_slope(g, target, input, reduction))


def mse_loss(input, target, size_average=None, reduce=None, reduction="mean", weight=None):
    """(x - y)^2, reduced.  Raises RuntimeError if the sizes do not match."""
    input, target = same_size(input, target)
    reduction = reduction_name(reduction, size_average, reduce)
    _check_weight(weight, input)
    _check_floating("mse", input, target)
    if weight is not None:
        return _weighted(mse_loss_(input, target, "none"), weight, reduction)
    return mse_loss_(input, target, reduction)


def l1_loss(input, target, size_average=None, reduce=None, reduction="mean", weight=None):
    """|x - y|, reduced.  Raises RuntimeError if the sizes do not match."""
    input, target = same_size(input, target)
    reduction = reduction_name(reduction, size_average, reduce)
    _check_weight(weight, input)
    loss = abs_(input - target)
    return reduced(loss, reduction) if weight is None else _weighted(loss, weight, reduction)


# ---- squared near the target, absolute far from it ------------------------------------------------------------------


@pointwise("SmoothL1LossBackward0")
@through_float32
def smooth_l1_loss_(xp, input, target, /, reduction, beta):
    """d^2 / (2 beta) where d = |x - y| < beta, else d - beta/2; reduced"""
    size = xp.abs(input - target)
    return reduced_array(xp, xp.where(size < beta, 0.5 * size * size / beta, size - 0.5 * beta), reduction)


def _smooth_l1_slope(g, input, target, reduction, beta):
    return g * (share(reduction, input.shape) * _limited((input - target) / beta, 1.0))


smooth_l1_loss_.vjp(
    input=_smooth_l1_slope,
    target=lambda g, input, target, reduction, beta: -_smooth_l1_slope(g, input, target, reduction, beta))  # fmt: skip


def _limited(x, limit):
    """x brought into [-limit, limit], of slope 1 inside alone; nan, which x - x is with it, has slope 0"""
    return where(x >= limit, limit, where(x <= -limit, -limit, keep(x, abs_(x) < limit) + (x - x)))


def smooth_l1_loss(input, target, size_average=None, reduce=None, reduction="mean", beta=1.0):
    """(x - y)^2 / (2 beta) where |x - y| < beta, else |x - y| - beta/2; reduced"""
    input, target = same_size(input, target)
    reduction = reduction_name(reduction, size_average, reduce)
    if beta < 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if beta == 0:
        return reduced(abs_(input - target), reduction)
    _check_floating("smooth_l1", input, target)
    return smooth_l1_loss_(input, target, reduction, beta)


@pointwise("HuberLossBackward0")
@through_float32
def huber_loss_(xp, input, target, /, reduction, delta, dtype):
    """d^2 / 2 where d = |x - y| <= delta, else delta (d - delta/2); stored as `dtype`, reduced"""
    size = xp.abs(input - target)
    loss = xp.where(size <= delta, 0.5 * size * size, delta * (size - 0.5 * delta))
    return reduced_array(xp, loss, reduction, dtype)


def _huber_slope(g, x, y, kind, other, reduction, delta):
    """The slope in x of |x - y|.  Raises RuntimeError if x and y are of different dtypes, of which torch takes one."""
    if kind is not other:
        raise RuntimeError(f"Found dtype {SCALAR_TYPE[other]} but expected {SCALAR_TYPE[kind]}")
    return g * (share(reduction, x.shape) * _limited(x - y, delta))


huber_loss_.vjp(
    input=lambda g, input, target, input_dtype, target_dtype, reduction, delta:
        _huber_slope(g, input, target, input_dtype, target_dtype, reduction, delta),
    target=lambda g, input, target, input_dtype, target_dtype, reduction, delta:
        _huber_slope(g, target, input, target_dtype, input_dtype, reduction, delta))  # fmt: skip


def huber_loss(input, target, reduction="mean", delta=1.0, weight=None):
    """(x - y)^2 / 2 where |x - y| <= delta, else delta (|x - y| - delta/2); reduced"""
    input, target = same_size(input, target)
    reduction = reduction_name(reduction)
    _check_weight(weight, input)
    if delta <= 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    _check_floating("huber", input, target)
    if input.dtype.category < FLOAT:
        raise RuntimeError(f"result type {SCALAR_TYPE[target.dtype]} can't be cast to the desired output type "
                           f"{SCALAR_TYPE[input.dtype]}")
    if weight is not None:
        return _weighted(huber_loss_(input, target, "none", delta, stored_as(input, target)), weight, reduction)
    return huber_loss_(input, target, reduction, delta, stored_as(input, target))
