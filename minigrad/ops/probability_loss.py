"""Losses that are negative log-likelihoods: of yes and no, of distributions, of counts and of measurements."""

import math
import warnings

from ..autograd.modes import no_grad
from ..dtypes import FLOAT, SCALAR_TYPE, bool_
from .activation import log_sigmoid, sigmoid
from .arguments import declared
from .keeping import keeping
from .loss_reduction import legacy_reduction, no_gradient_for, reduced, reduced_array, reduction_name, share, stored_as
from .pointwise import TWO_BOOLS, exp, log, mul, sub, where
from .precision import check_floating, through_float32
from .primitive import pointwise
from .promotion import broadcast_shape
from .scalars import plus, times
from .shape import expand

# ---- yes or no ------------------------------------------------------------------------------------------------------


@pointwise("BinaryCrossEntropyBackward0")
@through_float32
def binary_cross_entropy_(xp, input, target, weight=None, /, reduction="mean"):
    """-w (y log x + (1 - y) log(1 - x)), the logarithms at least -100; reduced"""
    check_floating(xp, input, "binary_cross_entropy")
    if input.size and not ((input >= 0) & (input <= 1)).all():
        raise RuntimeError("all elements of input should be between 0 and 1")
    if input.size and not ((target >= 0) & (target <= 1)).all():
        raise RuntimeError("all elements of target should be between 0 and 1")
    yes, no = xp.maximum(xp.log(input), -100), xp.maximum(xp.log1p(-input), -100)
    loss = (target - 1) * no - target * yes
    return reduced_array(xp, loss if weight is None else loss * weight, reduction)


def _scale(g, weight, reduction, shape):
    """The gradient of one element's loss"""
    g = g * share(reduction, shape) if reduction == "mean" else g
    return g if weight is None else g * weight


def _bce_vjp(g, input, target, weight, reduction):
    spread = (1 - input) * input
    spread = where(spread < 1e-12, 1e-12, spread)
    return _scale(g, weight, reduction, input.shape) * (input - target) / spread


@keeping("target")
def _bce_target_vjp(g, input, weight, reduction):
    return _scale(-log(input / (1 - input)) * g, weight, reduction, input.shape)


binary_cross_entropy_.vjp(input=_bce_vjp, target=_bce_target_vjp)


def binary_cross_entropy(input, target, weight=None, size_average=None, reduce=None, reduction="mean"):
    """-(y log x + (1 - y) log(1 - x)), reduced; x are probabilities.  Raises RuntimeError outside [0, 1]."""
    reduction = reduction_name(reduction, size_average, reduce)
    if target.size() != input.size():
        raise ValueError(f"Using a target size ({target.size()}) that is different to the input size ({input.size()}) is "
                         f"deprecated. Please ensure they have the same size.")
    if weight is not None:
        broadcast = broadcast_shape(tuple(target.shape), tuple(weight.shape))
        weight = expand(weight, broadcast)
        no_gradient_for("binary_cross_entropy", weight=weight)
    if target.dtype is not input.dtype and input.dtype.category == FLOAT:
        raise RuntimeError(f"Found dtype {SCALAR_TYPE[target.dtype]} but expected {SCALAR_TYPE[input.dtype]}")
    return binary_cross_entropy_(input, target, weight, reduction)


@pointwise("BinaryCrossEntropyWithLogitsBackward0")
@through_float32
def binary_cross_entropy_with_logits_(xp, input, target, weight=None, pos_weight=None, /, reduction="mean", dtype=None):
    """-w (p y log s(x) + (1 - y) log(1 - s(x))) with s = sigmoid; stored as `dtype`, reduced"""
    log_yes = xp.minimum(input, 0) - xp.log1p(xp.exp(-xp.abs(input)))
    count = 1 if pos_weight is None else (pos_weight - 1) * target + 1
    loss = (1 - target) * input - count * log_yes
    return reduced_array(xp, loss if weight is None else loss * weight, reduction, dtype)


def _bce_logits_vjp(g, input, target, weight, pos_weight, reduction):
    if pos_weight is None:
        slope = sigmoid(input) - target
    else:
        yes = pos_weight * target
        slope = (yes + 1 - target) * sigmoid(input) - yes
    return _scale(g, weight, reduction, input.shape) * slope


@keeping("target")
def _bce_logits_target_vjp(g, input, weight, pos_weight, reduction):
    slope = -input if pos_weight is None else log_sigmoid(-input) - pos_weight * log_sigmoid(input)
    return _scale(g, weight, reduction, input.shape) * slope


binary_cross_entropy_with_logits_.vjp(input=_bce_logits_vjp, target=_bce_logits_target_vjp)


def binary_cross_entropy_with_logits(input, target, weight=None, size_average=None, reduce=None, reduction="mean",
                                     pos_weight=None):  # fmt: skip
    """binary_cross_entropy of sigmoid(x), without overflow; `pos_weight` counts the positive targets more or less"""
    reduction = reduction_name(reduction, size_average, reduce)
    if target.size() != input.size():
        raise ValueError(f"Target size ({target.size()}) must be the same as input size ({input.size()})")
    no_gradient_for("binary_cross_entropy_with_logits", weight=weight, pos_weight=pos_weight)
    check_floating(input.device.backend, input._data, "log_sigmoid_cpu")
    if target.dtype is bool_:
        raise RuntimeError(TWO_BOOLS)
    if target.dtype.category < FLOAT:
        raise RuntimeError(f"result type {SCALAR_TYPE[input.dtype]} can't be cast to the desired output type "
                           f"{SCALAR_TYPE[target.dtype]}")
    return binary_cross_entropy_with_logits_(input, target, weight, pos_weight, reduction,
                                             stored_as(target, input))


# ---- distributions --------------------------------------------------------------------------------------------------


@declared("kl_div(Tensor input, Tensor target)")
def kl_div(input, target, size_average=None, reduce=None, reduction="mean", log_target=False):
    """y (log y - x), reduced; x are log-probabilities, y probabilities or (`log_target`) their logarithms"""
    mean_of_batch = False
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    elif reduction == "mean":
        warnings.warn("reduction: 'mean' divides the total loss by both the batch size and the support size."
                      "'batchmean' divides only by the batch size, and aligns with the KL div math definition."
                      "'mean' will be changed to behave the same as 'batchmean' in the next major release.",
                      stacklevel=2)  # fmt: skip
    elif reduction == "batchmean":
        reduction, mean_of_batch = "sum", True
    reduction = reduction_name(reduction)
    if input.dtype.category < FLOAT or target.dtype.category < FLOAT:
        raise RuntimeError("kl_div: Integral inputs not supported.")
    if log_target:
        loss = mul(exp(target), sub(target, input))
    else:
        loss = sub(target.xlogy(target), mul(target, input))
    loss = reduced(loss, reduction)
    return loss / input.shape[0] if mean_of_batch and input.dim() else loss


@declared("poisson_nll_loss(Tensor input, Tensor target, bool log_input, bool full, float eps)")
def poisson_nll_loss(input, target, log_input=True, full=False, size_average=None, eps=1e-08, reduce=None,
                     reduction="mean"):  # fmt: skip
    """e^x - y x (or x - y log(x + eps)): how unlikely counts y are at rate e^x (or x); `full` adds log y! by Stirling"""
    reduction = reduction_name(reduction, size_average, reduce)
    loss = sub(exp(input), mul(target, input)) if log_input else sub(input, mul(target, log(plus(input, eps))))
    if full:
        stirling = sub(mul(target, log(target)), target) + times(log(times(target, 2 * math.pi)), 0.5)
        loss = loss + stirling.masked_fill(target <= 1, 0)
    return reduced(loss, reduction)


def gaussian_nll_loss(input, target, var, full=False, eps=1e-6, reduction="mean"):
    """(log v + (x - y)^2 / v) / 2: how unlikely y is at mean x and variance v; `full` adds log(2 pi) / 2"""
    if isinstance(var, float):
        if var < 0:
            raise ValueError("var has negative entry/entries")
        var = var * input.new_ones(input.size())
    elif (var < 0).any():
        raise ValueError("var has negative entry/entries")
    if var.size() != input.size():
        if input.size()[:-1] == var.size():
            var = var.unsqueeze(-1)
        elif not (input.size()[:-1] == var.size()[:-1] and var.size(-1) == 1) and not _broadcasts(input, var):
            raise ValueError("var is of incorrect size")
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(reduction + " is not valid")
    var = var.clone()
    with no_grad():
        var.clamp_(min=eps)
    loss = 0.5 * (log(var) + (input - target) ** 2 / var)
    if full:
        loss += 0.5 * math.log(2 * math.pi)
    return reduced(loss, reduction)


def _broadcasts(input, var):
    """Whether var has input's sizes but for some that are 1"""
    return input.dim() == var.dim() and all(v in (1, n) for n, v in zip(input.shape, var.shape)) and any(
        v == 1 for v in var.shape)
