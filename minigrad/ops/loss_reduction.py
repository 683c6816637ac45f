"""What all losses share: how the loss of a batch becomes one number, and how input and target are matched."""

import warnings

from ..autograd.modes import mode
from .promotion import broadcast_shape
from .reduction import mean, mean_all, sum, sum_all
from .shape import expand

REDUCTIONS = ("none", "mean", "sum")


def reduction_name(reduction, size_average=None, reduce=None):
    """The reduction asked for, by its name or the old way.  Raises ValueError for an unknown one."""
    if size_average is not None or reduce is not None:
        reduction = legacy_reduction(size_average, reduce)
    elif reduction == "elementwise_mean":
        warnings.warn("reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.", stacklevel=4)
        reduction = "mean"
    if reduction not in REDUCTIONS:
        raise ValueError(f"{reduction} is not a valid value for reduction")
    return reduction


def legacy_reduction(size_average, reduce):
    """(size_average, reduce) -> 'mean', 'sum' or 'none'; None counts as True."""
    reduction = "none" if reduce is False else "sum" if size_average is False else "mean"
    warnings.warn(f"size_average and reduce args will be deprecated, please use reduction='{reduction}' instead.",
                  stacklevel=4)
    return reduction


def reduced(loss, reduction):
    """The losses of the elements reduced, as ops of their own"""
    return {"none": lambda x: x, "mean": mean, "sum": sum}[reduction](loss)


def stored_as(kept, other):
    """The dtype in which torch stores the elements' losses, None if that is the one they are computed in"""
    return None if kept.dtype is other.dtype else kept.dtype


def reduced_array(xp, loss, reduction, dtype=None):
    """The same inside a kernel, the losses first stored as `dtype`"""
    loss = loss if dtype is None else xp.cast(loss, dtype)
    if reduction == "none":
        return loss
    return (mean_all if reduction == "mean" else sum_all).op.kernel(xp, loss)


def share(reduction, shape):
    """The factor with which an element's loss enters the result"""
    count = 1
    for size in shape if reduction == "mean" else ():
        count *= size
    return 1 / count if count else 1.0  # there is no element for it to scale


def same_size(input, target, stacklevel=3):
    """Input and target broadcast to each other, with torch's warning if that changes anything."""
    if target.size() == input.size():
        return input, target
    warnings.warn(f"Using a target size ({target.size()}) that is different to the input size ({input.size()}). This "
                  f"will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.",
                  stacklevel=stacklevel)
    shape = broadcast_shape(tuple(input.shape), tuple(target.shape))
    return tuple([x if tuple(x.shape) == shape else expand(x, shape) for x in (input, target)])


def no_gradient_for(name, **tensors):
    """Raise torch's error if a tensor that the loss is not differentiable in requires grad."""
    for argument, tensor in tensors.items():
        if tensor is not None and mode.enabled and tensor.requires_grad:
            raise RuntimeError(f"The function '{name}' is not differentiable with respect to argument '{argument}'. This "
                               f"input cannot have requires_grad True.")
