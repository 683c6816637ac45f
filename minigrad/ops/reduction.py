"""Sums, means, products, norms and counts: many elements to one, over all dimensions or some."""

import math

from .. import dtypes
from ..dtypes import FLOAT
from ..tensor import Tensor
from .accumulation import widened, widening
from .comparison import isnan, ne, where
from .dims import wrap_dim, wrap_dims
from .masking import drop, zero
from .out import in_dtype_of_out, out_must_be, takes_out
from .pointwise import abs as abs_
from .pointwise import div_ as divide
from .pointwise import sgn
from .primitive import primitive
from .rearrange import flip_dims
from .scan import products_before
from .shape import contiguous, expand_to, reshape, to_dtype
from .summing import axes_of, restore_dims, sum_all, sum_dims
from .transcendental import exp


def reduced(shape, dim):
    """How many elements go into one"""
    return math.prod(shape[d] for d in dim or range(len(shape))) if shape else 1


def dims_given(input, dim):
    """`dim` as an op takes it: a tuple of dimensions, of which none, like None, stands for all"""
    if dim is None:
        return None
    ndim = len(input.shape)
    return (wrap_dim(dim, ndim),) if isinstance(dim, int) else wrap_dims(dim, ndim)


def dims_of(input, dim):
    """`dim` (None, a number or several) as a tuple of all reduced dimensions"""
    return dims_given(input, dim) or tuple(range(len(input.shape)))


# ---- sum and mean ---------------------------------------------------------------------------------------------------


@in_dtype_of_out
@takes_out
def sum(input, dim=None, keepdim=False, *, dtype=None):
    """The sum of all elements, or over `dim`; integers add up in int64"""
    if type(keepdim) is not bool:
        raise TypeError(f"sum(): argument 'keepdim' (position 2) must be bool, not {type(keepdim).__name__}")
    if not isinstance(input, Tensor):
        raise TypeError(f"sum(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}")
    input = widened(input, dtype)
    if dim is None and not keepdim:
        return sum_all(input)
    return sum_dims(input, dims_given(input, dim), keepdim)


@primitive("MeanBackward0")
def mean_all(xp, input, /):
    """The mean of all elements"""
    return xp.mean(input)


mean_all.vjp(input=lambda g, input_shape: expand_to(g, input_shape) / math.prod(input_shape))


@primitive("MeanBackward1")
def mean_dims(xp, input, /, dim, keepdim):
    """The mean over some dimensions"""
    return xp.asarray(xp.mean(input, axis=axes_of(input, dim), keepdims=keepdim), order="C")


mean_dims.vjp(input=lambda g, input_shape, dim, keepdim:
              expand_to(restore_dims(g, input_shape, dim, keepdim), input_shape) / reduced(input_shape, dim))


@takes_out
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
    return mean_dims(input, dims_given(input, dim), keepdim)


@primitive("NansumBackward0")
def nansum_dims(xp, input, /, dim, keepdim):
    """The sum of what is not nan"""
    return xp.nansum(input, axis=axes_of(input, dim), keepdims=keepdim, dtype=input.dtype)


def _nansum_vjp(g, input, dim, keepdim):
    shape = tuple(input.shape)
    return where(isnan(input), 0.0, expand_to(restore_dims(g, shape, dim, keepdim), shape))


nansum_dims.vjp(input=_nansum_vjp)


@in_dtype_of_out
@takes_out
def nansum(input, dim=None, keepdim=False, *, dtype=None):
    """The sum of what is not nan"""
    return nansum_dims(widened(input, dtype), dims_given(input, dim), keepdim)


@takes_out
def nanmean(input, dim=None, keepdim=False, *, dtype=None):
    """The mean of what is not nan.  Raises RuntimeError for integers"""
    if input.dtype.category < FLOAT:
        raise RuntimeError(f"nanmean(): expected input to have floating point or complex dtype but got "
                           f"{dtypes.SCALAR_TYPE[input.dtype]}")
    count = sum(~isnan(input.detach()), dim, keepdim)
    return divide(nansum(input, dim, keepdim, dtype=dtype), count)


@primitive()
def count_dims(xp, input, /, dim):
    """How many elements are non-zero"""
    return xp.asarray(xp.count_nonzero(input, axis=axes_of(input, dim)))


def count_nonzero(input, dim=None):
    """How many elements are non-zero"""
    return to_dtype(count_dims(input, dims_of(input, dim)), dtypes.int64)


# ---- product --------------------------------------------------------------------------------------------------------


@primitive("ProdBackward0")
def prod_all(xp, input, /, dtype):
    """The product of all elements, first converted to `dtype` if given"""
    input = input if dtype is None else xp.cast(input, dtype)
    return xp.prod(input, dtype=input.dtype)


def _prod_vjp(g, input, out, dim):
    """g times the product of the others along `dim`; where an element is 0, that of those before and those after it"""
    if not bool((input == 0).any()):
        return g * out / input
    return g * products_before(input, dim) * flip_dims(products_before(flip_dims(input, (dim,)), dim), (dim,))


def _prod_all_vjp(g, input, out, dtype):
    shape, input = tuple(input.shape), input if dtype is None else to_dtype(input, dtype)
    if math.prod(shape) == 0 or not shape:
        return g * input if shape else g
    if not isinstance(input, Tensor) and int((input == 0).sum()) > 1:
        return zero(input)
    return reshape(_prod_vjp(g, reshape(input, (math.prod(shape),)), out, 0), shape)


def _prod_dim_vjp(g, input, out, dim, keepdim, dtype):
    shape, input = tuple(input.shape), input if dtype is None else to_dtype(input, dtype)
    if math.prod(shape) == 0 or not shape:
        return restore_dims(g, shape, (dim,), keepdim) * input if shape else g
    g, out = (restore_dims(x, shape, (dim,), keepdim) for x in (g, out))
    return _prod_vjp(g, input, out, dim)


prod_all.vjp(input=_prod_all_vjp)


@primitive("ProdBackward1")
def prod_dim(xp, input, /, dim, keepdim, dtype):
    """The product over a dimension, first converted to `dtype` if given"""
    input = input if dtype is None else xp.cast(input, dtype)
    return xp.asarray(xp.prod(input, axis=axes_of(input, dim), keepdims=keepdim, dtype=input.dtype), order="C")


prod_dim.vjp(input=_prod_dim_vjp)


@in_dtype_of_out
@takes_out
def prod(input, dim=None, keepdim=False, *, dtype=None):
    """The product of all elements, or over `dim`; integers multiply in int64"""
    if dim is not None and not hasattr(dim, "__index__"):
        raise TypeError(f"prod() received an invalid combination of arguments - got (Tensor, {type(dim).__name__}), but "
                        f"expected one of:\n * (Tensor input, *, torch.dtype dtype = None)\n * (Tensor input, int dim, "
                        f"bool keepdim = False, *, torch.dtype dtype = None, Tensor out = None)\n")
    dtype = widening(input, dtype)
    return prod_all(input, dtype) if dim is None else prod_dim(input, wrap_dim(dim, input.dim()), keepdim, dtype)


# ---- truth ----------------------------------------------------------------------------------------------------------


@primitive()
def any_dims(xp, input, /, dim, keepdim):
    """Whether any element is non-zero"""
    return xp.asarray(xp.any(input, axis=axes_of(input, dim), keepdims=keepdim), order="C")


@primitive()
def all_dims(xp, input, /, dim, keepdim):
    """Whether all elements are non-zero"""
    return xp.asarray(xp.all(input, axis=axes_of(input, dim), keepdims=keepdim), order="C")


def _truth(op, input, dim, keepdim):
    nowhere = dim is not None and not isinstance(dim, int) and len(dim) == 0
    result = contiguous(ne(input, 0)) if nowhere else op(input, dims_of(input, dim), keepdim)
    return to_dtype(result, dtypes.uint8) if input.dtype is dtypes.uint8 else result


def _bool_out(name):
    def check(input, out):
        allowed = (dtypes.bool_, dtypes.uint8) if input.dtype is dtypes.uint8 else (dtypes.bool_,)
        if out.dtype not in allowed:
            raise RuntimeError(f"{name} only supports bool tensor for result, got: {dtypes.SCALAR_TYPE[out.dtype]}")

    return check


@out_must_be(_bool_out("any"))
@takes_out
def any(input, dim=None, keepdim=False):
    """Whether any element is non-zero"""
    return _truth(any_dims, input, dim, keepdim)


@out_must_be(_bool_out("all"))
@takes_out
def all(input, dim=None, keepdim=False):
    """Whether all elements are non-zero"""
    return _truth(all_dims, input, dim, keepdim)


# ---- logarithm of a sum of exponentials -----------------------------------------------------------------------------


@primitive("LogsumexpBackward0")
def logsumexp_dims(xp, input, /, dim, keepdim):
    """log(sum(e ** input)), the largest element taken out first so that nothing overflows"""
    axes = axes_of(input, dim)
    if input.size == 0:
        return xp.log(xp.sum(xp.exp(input), axis=axes, keepdims=keepdim))
    top = xp.max(input, axis=axes, keepdims=True)
    top = xp.where(xp.isinf(top), 0.0, top).astype(input.dtype)
    total = xp.log(xp.sum(xp.exp(input - top), axis=axes, keepdims=True)) + top
    return total if keepdim else xp.squeeze(total, axis=axes)


def _logsumexp_vjp(g, input, out, dim, keepdim):
    shape = tuple(input.shape)
    out = restore_dims(out, shape, dim, keepdim)
    return restore_dims(g, shape, dim, keepdim) * exp(input - where(out == -math.inf, 0.0, out))


logsumexp_dims.vjp(input=_logsumexp_vjp)


@takes_out
def logsumexp(input, dim, keepdim=False):
    """log(sum(e ** input)) over `dim`"""
    if dim is None:
        raise TypeError("logsumexp(): argument 'dim' must be tuple of ints, not NoneType")
    if input.dtype.category < FLOAT:
        input = to_dtype(input, dtypes.get_default_dtype())
    return logsumexp_dims(input, dims_of(input, dim), keepdim)


# ---- norm -----------------------------------------------------------------------------------------------------------


@primitive("LinalgVectorNormBackward0")
def vector_norm_dims(xp, input, /, ord, dim, keepdim):
    """(sum |x|^ord)^(1/ord) over some dimensions"""
    axes = axes_of(input, dim)
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


def vector_norm_vjp(g, input, out, ord, dim, keepdim):
    """The gradient of a vector norm `out`"""
    shape = tuple(input.shape)
    g, out = restore_dims(g, shape, dim, keepdim), restore_dims(out, shape, dim, keepdim)
    size, direction = abs_(input), sgn(input)
    if ord == 0:
        return None
    if ord == 1:
        return g * direction
    if ord == 2:
        return g * drop(input / out, out == 0)
    if math.isinf(ord):
        ties = to_like((size == out) | isnan(size), g)
        return direction * (g / sum_dims(ties, dim, True) * ties)
    if ord < 1:
        return drop(direction * size ** (ord - 1), input == 0) * g * out ** (1 - ord)
    scaled = direction * size ** (ord - 1) if ord < 2 else input * size ** (ord - 2)
    return scaled * drop(g / out ** (ord - 1), out == 0)


def to_like(mask, like):
    """A mask as 0s and 1s of the dtype of `like`"""
    return where(mask, like * 0 + 1, like * 0)


vector_norm_dims.vjp(input=vector_norm_vjp)


def _check_identity(input, ord, dims, whole):
    """Raise RuntimeError if there is no element to be the largest or smallest"""
    if input.numel() or ord >= 0 and ord != math.inf:
        return
    if whole:
        raise RuntimeError(f"linalg.vector_norm cannot compute the {ord:g} norm on an empty tensor because the operation "
                           f"does not have an identity")
    for d in dims:
        if not input.shape[d]:
            raise RuntimeError(f"linalg.vector_norm cannot compute the {ord:g} norm on the dimension {d} because this "
                               f"dimension is empty and the operation does not have an identity")


@takes_out
def vector_norm(input, ord=2, dim=None, keepdim=False, *, dtype=None):
    """(sum |x|^ord)^(1/ord) over `dim` or all elements"""
    if input.dtype.category < FLOAT:
        raise RuntimeError(f"linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
                           f"{dtypes.SCALAR_TYPE[input.dtype]}")
    if dtype is not None and dtype.category < FLOAT:
        raise RuntimeError(f"linalg.vector_norm: dtype should be floating point or complex, but got "
                           f"{dtypes.SCALAR_TYPE[dtype]}")
    if dtype is not None and dtypes.promote_types(input.dtype, dtype) is not dtype:
        raise RuntimeError(f"linalg.vector_norm: the dtype of the input ({dtypes.SCALAR_TYPE[input.dtype]}) should be "
                           f"convertible without narrowing to the specified dtype ({dtypes.SCALAR_TYPE[dtype]})")
    _check_identity(input, ord, dims_of(input, dim), dim is None)
    return vector_norm_dims(widened(input, dtype), ord, dims_given(input, dim), keepdim)
