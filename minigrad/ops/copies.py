"""Copies: in memory of their own, in another layout, dtype or device."""

from ..dtypes import FLOAT
from ..memory_format import contiguous_format, preserve_format, strides_in
from ..tensor import Tensor
from .primitive import primitive
from .views import laid_out


@primitive("CloneBackward0")
def clone_array(xp, input, /, contiguous=False):
    """A copy in memory of its own, laid out like input or row by row"""
    if contiguous:
        return xp.array(input, order="C", copy=True)
    return xp.dense_copy(input)


clone_array.vjp(input=lambda g: g)


def clone(input, *, memory_format=None, contiguous=False):
    """A copy in memory of its own"""
    if memory_format is not None and memory_format.rank:
        sizes = tuple(input.shape)
        return laid_out(input, (sizes, strides_in(memory_format, sizes), None))
    return clone_array(input, contiguous or memory_format is contiguous_format)


def contiguous(input, memory_format=contiguous_format):
    """input itself if its elements lie in memory in that order, else a copy of which that is true"""
    if input.is_contiguous(memory_format):
        return input
    if memory_format is preserve_format:
        raise RuntimeError("preserve memory format is unsupported by the contiguous operator")
    return clone(input, contiguous=True, memory_format=memory_format)


def _unshared(xp, input):
    """input, row by row if elements share memory"""
    return xp.dense_copy(input) if 0 in input.strides else input


@primitive("ToCopyBackward0")
def to_floats(xp, input, /, dtype, memory_format=None):
    """A copy converted to a floating-point dtype, perhaps in another order in memory"""
    return _converted(xp, input, dtype, memory_format)


to_floats.vjp(input=lambda g: g)


@primitive()
def to_integers(xp, input, /, dtype, memory_format=None):
    """A copy converted to integers or truth values, which have no gradients"""
    return _converted(xp, input, dtype, memory_format)


def _converted(xp, input, dtype, memory_format):
    result = xp.cast(_unshared(xp, input), dtype)
    if memory_format is None:
        return result
    return laid_out.op.kernel(xp, result, (result.shape, strides_in(memory_format, result.shape), None))


def to_dtype(input, dtype, memory_format=None):
    """A copy converted to a dtype, in the order in memory of input or of a memory format"""
    if memory_format is preserve_format:
        memory_format = None
    return (to_floats if dtype.category >= FLOAT else to_integers)(input, dtype, memory_format)


@primitive("ToCopyBackward0")
def to_device(input, /, device):
    """A copy on another device"""
    return device.backend.from_device(input)


to_device.vjp(input=lambda g, input_device: moved(g, input_device))


def moved(input, device):
    """A copy on another device"""
    result = to_device(input, device)
    if isinstance(result, Tensor):
        result.device = device
    return result
