"""Masks: the elements where a mask holds read, filled, or replaced."""

import math

from ..autograd.graph import unless_refused
from ..dtypes import COMPLEX, CPP_NAME, SCALAR_TYPE, bool_
from ..tensor import Tensor
from .data import TYPE_NAME, fitting, too_large
from .keeping import keeping
from .masking import drop
from .out import takes_out
from .primitive import primitive
from .promotion import broadcast_shape
from .shape import expand, expand_to
from .views import slice_backward


@primitive("MaskedSelectBackward0")
def masked_select_at(xp, input, mask, /, size):
    """The elements of input where mask holds, as one row, both broadcast to `size`"""
    return xp.broadcast_to(input, size)[xp.broadcast_to(mask, size)]


masked_select_at.vjp(input=keeping("input")(lambda g, mask, size: masked_scatter_zeros(g, mask, size)))


@primitive("MaskedScatterBackward0")
def masked_scatter_zeros(xp, input, mask, /, size):
    """Zeros of `size` with input's elements where mask holds: the adjoint of masked_select"""
    result = xp.zeros(size, dtype=input.dtype)
    result[xp.broadcast_to(mask, size)] = input
    return result


masked_scatter_zeros.vjp(input=lambda g, mask, size: masked_select_at(g, mask, size))


@takes_out
def masked_select(input, mask):
    """The elements of input where mask holds, as one row"""
    if mask.dtype is not bool_:
        raise RuntimeError("masked_select: expected BoolTensor for mask")
    return masked_select_at(input, mask, broadcast_shape(tuple(mask.shape), tuple(input.shape)))


# ---- written --------------------------------------------------------------------------------------------------------


@primitive("MaskedFillBackward0")
def masked_fill_number(xp, input, mask, /, value):
    """value where mask holds, input elsewhere"""
    shape = xp.broadcast_shapes(input.shape, mask.shape)
    result = xp.array(xp.broadcast_to(input, shape), order="C", copy=True)
    result[xp.broadcast_to(mask, result.shape)] = value
    return result


masked_fill_number.vjp(input=lambda g, mask: drop(g, mask))


@primitive("MaskedFillBackward1")
def masked_fill_tensor(xp, input, mask, value, /):
    """A 0-d tensor where mask holds, input elsewhere"""
    return masked_fill_number.op.kernel(xp, input, mask, value)


masked_fill_tensor.vjp(input=lambda g, mask: drop(g, mask),
                       value=lambda g, mask: masked_select_at(g, mask, tuple(g.shape)).sum())


def masked_fill(input, mask, value):
    """value where mask holds, input elsewhere, broadcast to each other"""
    unless_refused(input, None)
    broadcast_shape(tuple(mask.shape), tuple(input.shape))
    _check_fill(mask, value)
    return _filled(input, mask, value)


def masked_fill_inside(input, mask, value):
    """masked_fill for a mask that is broadcast to input alone"""
    _check_fill(mask, value)
    broadcast_shape(tuple(input.shape), tuple(mask.shape))
    return _filled(input, mask, value)


masked_fill_inside.__name__ = "masked_fill"


def _check_fill(mask, value):
    if isinstance(value, Tensor) and value.dim():
        raise RuntimeError(f"masked_fill_ only supports a 0-dimensional value tensor, but got tensor with {value.dim()} "
                           f"dimension(s).")
    if mask.dtype is not bool_:
        raise RuntimeError(f"masked_fill_ only supports boolean masks, but got mask with dtype "
                           f"{CPP_NAME[mask.dtype]}")


def _filled(input, mask, value):
    if not isinstance(value, Tensor):
        return masked_fill_number(input, mask, fitting(value, input.dtype))
    if value.dtype.category == COMPLEX > input.dtype.category:
        raise too_large(TYPE_NAME[input.dtype])
    return masked_fill_tensor(input, mask, value)


@primitive("MaskedScatterBackward0")
def masked_scatter_from(xp, input, mask, source, /, size):
    """input with the elements of source, in order, where mask holds"""
    mask = xp.broadcast_to(mask, size)
    result = xp.array(xp.broadcast_to(input, size), order="C", copy=True)
    result[mask] = source.reshape(-1)[: int(mask.sum())]
    return result


masked_scatter_from.vjp(
    input=lambda g, mask: drop(g, mask),
    source=lambda g, mask, source_shape, size: _first_elements(masked_select_at(g, mask, size), source_shape))


def _first_elements(values, shape):
    return slice_backward(values, (math.prod(shape),), 0, 0, values.shape[0], 1).reshape(shape)


def masked_scatter(input, mask, source):
    """input with the elements of source, in order, where mask holds"""
    size = broadcast_shape(tuple(mask.shape), tuple(input.shape))
    if input.dtype is not source.dtype:
        raise RuntimeError(f"masked_scatter: expected self and source to have same dtypes but got"
                           f"{SCALAR_TYPE[input.dtype]} and {SCALAR_TYPE[source.dtype]}")
    if mask.dtype is not bool_:
        raise RuntimeError(f"masked_scatter_ only supports boolean masks, but got mask with dtype "
                           f"{SCALAR_TYPE[mask.dtype]}")
    if expand_to(mask, size).sum().item() > source.numel():
        raise RuntimeError("Number of elements of source < number of ones in mask")
    return masked_scatter_from(input, mask, source, size)


def masked_scatter_inside(input, mask, source):
    """masked_scatter for a mask that is broadcast to input alone"""
    return masked_scatter(input, expand(mask, tuple(input.shape)), source)


masked_scatter_inside.__name__ = "masked_scatter"
