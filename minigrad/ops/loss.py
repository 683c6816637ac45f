"""Losses of regression: how far numbers are from their targets."""

from ..dtypes import FLOAT, SCALAR_TYPE
from .loss_reduction import reduced, reduced_array, reduction_name, same_size, share
from .pointwise import abs as abs_
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


mse_loss_.vjp(input=lambda g, input, target, reduction: 2 * share(reduction, input.shape) * (input - target) * g,
              target=lambda g, input, target, reduction: 2 * share(reduction, input.shape) * (target - input) * g)


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
