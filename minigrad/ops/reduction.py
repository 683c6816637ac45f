"""Reductions: many elements to one, over all dimensions or some."""

import math

from .. import dtypes
from ..dtypes import FLOAT
from .dims import wrap_dim, wrap_dims
from .pointwise import abs as abs_
from .pointwise import sign, where
from .primitive import primitive
from .shape import expand_to, reshape, to_dtype


def restore_dims(g, shape, dim, keepdim):
    """A reduced tensor with its reduced dimensions back as size 1"""
    if keepdim or not shape:
        return g
    return reshape(g, tuple(1 if i in dim else s for i, s in enumerate(shape)))


def reduced(shape, dim):
    """How many elements go into one"""
    return math.prod(shape[d] for d in dim) if shape else 1


def dims_of(input, dim):
    """`dim` (None, a number or several) as a tuple of all reduced dimensions"""
    ndim = len(input.shape)
    if dim is None or dim == () or dim == []:
        return tuple(range(ndim))
    if isinstance(dim, int):
        return (wrap_dim(dim, ndim),)
    return wrap_dims(dim, ndim, "sum")


def _axes(input, dim):
    return dim if input.ndim else None


def widened(input, dtype, integers=dtypes.int64):
    """input in the dtype a sum accumulates in: `dtype` if given, int64 for integers and bools"""
    if dtype is not None:
        return input if input.dtype is dtype else input.to(dtype)
    return to_dtype(input, integers) if input.dtype.category < FLOAT and input.dtype is not integers else input


# ---- sum and mean ---------------------------------------------------------------------------------------------------


@primitive("SumBackward0")
def sum_all(xp, input, /):
    """The sum of all elements"""
    return xp.sum(input)


sum_all.vjp(input=lambda g, input_shape: expand_to(g, input_shape))


@primitive("SumBackward1")
def sum_dims(xp, input, /, dim, keepdim):
    """The sum over some dimensions"""
    return xp.sum(input, axis=_axes(input, dim), keepdims=keepdim)


sum_dims.vjp(input=lambda g, input_shape, dim, keepdim:
             expand_to(restore_dims(g, input_shape, dim, keepdim), input_shape))


def sum(input, dim=None, keepdim=False, *, dtype=None):
    """The sum of all elements, or over `dim`; integers add up in int64"""
    input = widened(input, dtype)
    if dim is None and not keepdim:
        return sum_all(input)
    return sum_dims(input, dims_of(input, dim), keepdim)


@primitive("MeanBackward0")
def mean_all(xp, input, /):
    """The mean of all elements"""
    return xp.mean(input)


mean_all.vjp(input=lambda g, input_shape: expand_to(g, input_shape) / math.prod(input_shape))


@primitive("MeanBackward1")
def mean_dims(xp, input, /, dim, keepdim):
    """The mean over some dimensions"""
    return xp.mean(input, axis=_axes(input, dim), keepdims=keepdim)


mean_dims.vjp(input=lambda g, input_shape, dim, keepdim:
              expand_to(restore_dims(g, input_shape, dim, keepdim), input_shape) / reduced(input_shape, dim))


def mean(input, dim=None, keepdim=False, *, dtype=None):
    """The mean of all elements, or over `dim`.  Raises RuntimeError for integers."""
    kind = dtype or input.dtype
    if kind.category < FLOAT:
        which = "Optional" if dtype else "Input"
        raise RuntimeError(f"mean(): could not infer output dtype. {which} dtype must be either a floating point or "
                           f"complex dtype. Got: {dtypes.SCALAR_TYPE[kind]}")
    input = widened(input, dtype)
    if dim is None and not keepdim:
        return mean_all(input)
    return mean_dims(input, dims_of(input, dim), keepdim)


# ---- truth ----------------------------------------------------------------------------------------------------------


@primitive()
def any_dims(xp, input, /, dim, keepdim):
    """Whether any element is non-zero"""
    return xp.any(input, axis=_axes(input, dim), keepdims=keepdim)


@primitive()
def all_dims(xp, input, /, dim, keepdim):
    """Whether all elements are non-zero"""
    return xp.all(input, axis=_axes(input, dim), keepdims=keepdim)


def _truth(op, input, dim, keepdim):
    result = op(input, dims_of(input, dim), keepdim)
    return to_dtype(result, dtypes.uint8) if input.dtype is dtypes.uint8 else result


def any(input, dim=None, keepdim=False):
    """Whether any element is non-zero"""
    return _truth(any_dims, input, dim, keepdim)


def all(input, dim=None, keepdim=False):
    """Whether all elements are non-zero"""
    return _truth(all_dims, input, dim, keepdim)


# ---- norm -----------------------------------------------------------------------------------------------------------


@primitive("LinalgVectorNormBackward0")
def vector_norm_dims(xp, input, /, ord, dim, keepdim):
    """(sum |x|^ord)^(1/ord) over some dimensions"""
    axes = _axes(input, dim)
    size = xp.abs(input)
    if ord == 2:
        return xp.sqrt(xp.sum(input * input, axis=axes, keepdims=keepdim))
    if ord == 1:
        return xp.sum(size, axis=axes, keepdims=keepdim)
    if ord == 0:
        return xp.sum(input != 0, axis=axes, keepdims=keepdim).astype(input.dtype)
    if math.isinf(ord):
        return (xp.max if ord > 0 else xp.min)(size, axis=axes, keepdims=keepdim)
    return xp.power(xp.sum(xp.power(size, ord), axis=axes, keepdims=keepdim), 1 / ord)


def _vector_norm_vjp(g, input, out, ord, dim, keepdim):
    shape = tuple(input.shape)
    g, out = restore_dims(g, shape, dim, keepdim), restore_dims(out, shape, dim, keepdim)
    size, direction = abs_(input), sign(input)
    if ord == 0:
        return g * input * 0
    if ord == 1:
        return g * direction
    if ord == 2:
        return input * where(out == 0, 0.0, g / out)
    if math.isinf(ord):
        ties = size == out
        return direction * where(ties, g / sum_dims(to_like(ties, g), dim, True), 0.0)
    if ord < 1:
        return where(input == 0, 0.0, direction * size ** (ord - 1)) * (g * out ** (1 - ord))
    return direction * (size / where(out == 0, 1.0, out)) ** (ord - 1) * where(out == 0, 0.0, g)


def to_like(mask, like):
    """A mask as 0s and 1s of the dtype of `like`"""
    return where(mask, like * 0 + 1, like * 0)


vector_norm_dims.vjp(input=_vector_norm_vjp)


def vector_norm(input, ord=2, dim=None, keepdim=False, *, dtype=None):
    """(sum |x|^ord)^(1/ord) over `dim` or all elements"""
    kind = dtype or input.dtype
    if kind.category < FLOAT:
        raise RuntimeError(f"linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
                           f"{dtypes.SCALAR_TYPE[kind]}")
    return vector_norm_dims(widened(input, dtype), ord, dims_of(input, dim), keepdim)


def norm(input, p="fro", dim=None, keepdim=False, dtype=None):
    """The p-norm of the elements, all together or over `dim`"""
    return vector_norm(input, 2.0 if p in (None, "fro") else float(p), dim, keepdim, dtype=dtype)
