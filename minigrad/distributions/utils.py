"""What the distributions share: parameters of one shape, probabilities and their logits, attributes computed once."""

from numbers import Number

from ..dtypes import finfo, get_default_dtype
from ..nn.functional import softmax
from ..ops.creation import empty, tensor
from ..ops.grids import broadcast_tensors
from ..ops.sampling import normal
from ..ops.transcendental import log, log1p
from ..size import Size
from ..tensor import Tensor

EULER = 0.57721566490153286060  # Euler's constant


def broadcast_all(*values):
    """Tensors and numbers as tensors of one shape; numbers take the dtype and device of the first tensor."""
    if not all(isinstance(value, (Tensor, Number)) for value in values):
        raise ValueError("Input arguments must all be instances of Number, torch.Tensor or objects implementing "
                         "__torch_function__.")
    like = next((value for value in values if isinstance(value, Tensor)), None)
    kind = {"dtype": get_default_dtype()} if like is None else {"dtype": like.dtype, "device": like.device}
    return broadcast_tensors(*(value if isinstance(value, Tensor) else tensor(value, **kind) for value in values))


def shape_of(*values):
    """Size() of parameters that are all numbers, else None: let them say themselves."""
    return Size() if all(isinstance(value, Number) for value in values) else None


def standard_normal(shape, like):
    """Numbers from the standard normal distribution, of the dtype and device of `like`"""
    zeros = empty(shape, dtype=like.dtype, device=like.device).zero_()
    return normal(zeros, zeros + 1)


def logits_to_probs(logits, is_binary=False):
    return logits.sigmoid() if is_binary else softmax(logits, dim=-1)


def clamp_probs(probs):
    """Probabilities moved away from 0 and 1, so that they have logarithms"""
    eps = finfo(probs.dtype).eps
    return probs.clamp(min=eps, max=1 - eps)


def probs_to_logits(probs, is_binary=False):
    clamped = clamp_probs(probs)
    return log(clamped) - log1p(-clamped) if is_binary else log(clamped)


def sum_rightmost(value, dim):
    """The sum over the last `dim` dimensions"""
    return value.reshape((*value.shape[: value.dim() - dim], -1)).sum(-1) if dim else value


class lazy_property:
    """An attribute computed when it is first asked for, and kept."""

    def __init__(self, wrapped):
        self.wrapped, self.__doc__ = wrapped, wrapped.__doc__

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        value = self.wrapped(instance)
        setattr(instance, self.wrapped.__name__, value)
        return value
