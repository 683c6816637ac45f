"""Copies: in memory of their own, in another layout, dtype or device."""

from ..dtypes import FLOAT
from ..tensor import Tensor
from .primitive import primitive


@primitive("CloneBackward0")
def clone_array(xp, input, /, contiguous=False):
    """A copy in memory of its own, laid out like input or row by row"""
    if contiguous:
        return xp.array(input, order="C", copy=True)
    return xp.dense_copy(input)


clone_array.vjp(input=lambda g: g)


def clone(input, *, memory_format=None, contiguous=False):
    """A copy in memory of its own"""
    return clone_array(input, contiguous or memory_format == "torch.contiguous_format")


def contiguous(input, memory_format=None):
    """input itself if its elements follow each other in memory, else a copy of which that is true"""
    return input if input.is_contiguous() else clone(input, contiguous=True)


def _unshared(xp, input):
    """input, row by row if elements share memory"""
    return xp.dense_copy(input) if 0 in input.strides else input


@primitive("ToCopyBackward0")
def to_floats(xp, input, /, dtype):
    """A copy converted to a floating-point dtype"""
    return xp.cast(_unshared(xp, input), dtype)


to_floats.vjp(input=lambda g: g)


@primitive()
def to_integers(xp, input, /, dtype):
    """A copy converted to integers or truth values, which have no gradients"""
    return xp.cast(_unshared(xp, input), dtype)


def to_dtype(input, dtype):
    """A copy converted to another dtype"""
    return (to_floats if dtype.category >= FLOAT else to_integers)(input, dtype)


@primitive("ToCopyBackward0")
def to_device(xp, input, /, device):
    """A copy on another device"""
    return device.backend.from_host(xp.to_host(input))


to_device.vjp(input=lambda g, input_device: moved(g, input_device))


def moved(input, device):
    """A copy on another device"""
    result = to_device(input, device)
    if isinstance(result, Tensor):
        result.device = device
    return result
