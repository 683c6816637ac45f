"""Stretching by repetition, and sums: each other's derivative."""

import functools

from ..tensor import Tensor
from .dims import expanded_strides
from .primitive import primitive


def axes_of(input, dim):
    """Dimensions for the array library, whose 0-d arrays have no dimension 0"""
    return None if dim == () or not input.ndim else dim


def restore_dims(g, shape, dim, keepdim):
    """A reduced tensor with its reduced dimensions back as size 1"""
    if keepdim or not shape:
        return g
    return g.reshape(tuple(1 if not dim or i in dim else s for i, s in enumerate(shape)))


@primitive("SumBackward0")
def sum_all(xp, input, /):
    """The sum of all elements"""
    return xp.sum(input, dtype=input.dtype)


@primitive("SumBackward1")
def sum_dims(xp, input, /, dim, keepdim):
    """The sum over some dimensions"""
    return xp.asarray(xp.sum(input, axis=axes_of(input, dim), keepdims=keepdim, dtype=input.dtype), order="C")


def sum_to(input, size):
    """Sum over the dimensions that broadcasting from `size` to input's shape would add or stretch"""
    if isinstance(input, Tensor) and not size:
        return sum_all(input)
    dims = _stretched(tuple(input.shape), size)
    if dims:
        input = sum_dims(input, dims, isinstance(input, Tensor))  # what torch records keeps the dimensions at first
    return input if tuple(input.shape) == size else input.reshape(size)


@functools.lru_cache(maxsize=256)
def _stretched(shape, size):
    """The dimensions that broadcasting from `size` to `shape` adds or stretches"""
    extra = len(shape) - len(size)
    return tuple([i for i, s in enumerate(shape) if i < extra or s != 1 and size[i - extra] == 1])


@primitive("ExpandBackward0", view="single")
def expand_to(xp, input, /, size):
    """A view of the given size in which dimensions of size 1 repeat without being copied"""
    if input.size == 1 and 1 not in size:
        return xp.as_strided(input.reshape(-1), size, (0,) * len(size), 0)
    if 1 not in size:
        return xp.broadcast_to(input, size)
    return xp.as_strided(xp.storage(input), size, expanded_strides(input.shape, xp.strides(input), size),
                         xp.storage_offset(input))


sum_all.vjp(input=lambda g, input_shape: expand_to(g, input_shape))
sum_dims.vjp(input=lambda g, input_shape, dim, keepdim:
             expand_to(restore_dims(g, input_shape, dim, keepdim), input_shape))
expand_to.vjp(input=lambda g, input_shape: sum_to(g, input_shape))
