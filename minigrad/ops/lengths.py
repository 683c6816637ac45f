"""Distances between two tensors taken as vectors, and slices cut down to a length."""

from ..dtypes import FLOAT, SCALAR_TYPE
from .comparison import where
from .dims import wrap_dim
from .out import takes_out
from .pointwise import neg
from .precision import through_float32
from .primitive import primitive
from .promotion import broadcast_shape, result_type
from .reduction import sum_dims, vector_norm_dims
from .reduction import vector_norm_vjp as norm_vjp
from .shape import sum_to, to_dtype

# ---- dist -----------------------------------------------------------------------------------------------------------


@primitive("DistBackward0")
@through_float32
def dist_p(xp, input, other, /, p):
    """The p-norm of input - other"""
    gap = input - other
    return vector_norm_dims.op.kernel(xp, gap, p, tuple(range(gap.ndim)), False)


def _gap_vjp(g, input, other, out, p):
    gap = input - other
    found = norm_vjp(g, gap, out, p, tuple(range(len(gap.shape))), False)
    if found is None:
        raise RuntimeError("Expected a proper Tensor but got None (or an undefined Tensor in C++) for argument #0 "
                           "'self'")
    return found


dist_p.vjp(
    input=lambda g, input, other, out, p: sum_to(_gap_vjp(g, input, other, out, p), tuple(input.shape)),
    other=lambda g, input, other, out, p: neg(sum_to(_gap_vjp(g, input, other, out, p), tuple(other.shape))))


@takes_out
def dist(input, other, p=2):
    """The p-norm of input - other"""
    broadcast_shape(tuple(input.shape), tuple(other.shape))
    kind = result_type(input, other)
    if kind.category < FLOAT:
        raise RuntimeError(f"norm(): input dtype should be either floating point or complex. Got {SCALAR_TYPE[kind]} "
                           f"instead.")
    return dist_p(*[x if x.dtype is kind else to_dtype(x, kind) for x in (input, other)], float(p))


# ---- renorm ---------------------------------------------------------------------------------------------------------

ROOM = 1e-7  # added to a norm before dividing by it


@primitive("RenormBackward0")
def renorm_dim(xp, input, /, p, dim, maxnorm):
    """The slices along a dimension, those with a p-norm above maxnorm scaled down to it"""
    wide = input.astype(xp.float32) if input.dtype == xp.float16 else input
    others = tuple(d for d in range(input.ndim) if d != dim)
    size = vector_norm_dims.op.kernel(xp, wide, p, others, True)
    return (wide * xp.where(size > maxnorm, maxnorm / (size + ROOM), 1.0)).astype(input.dtype, order="C")


def _renorm_vjp(g, input, p, dim, maxnorm):
    others = tuple(d for d in range(len(input.shape)) if d != dim)
    size = vector_norm_dims(input, p, others, True)
    pull = norm_vjp(sum_dims(g * input, others, True), input, size, p, others, True)
    inverse = 1 / (size + ROOM)
    return where(size > maxnorm, maxnorm * inverse * (g - inverse * pull), g)


renorm_dim.vjp(input=_renorm_vjp)


@takes_out
def renorm(input, p, dim, maxnorm):
    """The slices along `dim`, those with a p-norm above maxnorm scaled down to it"""
    if isinstance(p, str):
        raise TypeError(f"renorm(): argument 'p' (position 1) must be Number, not {type(p).__name__}")
    if p <= 0:
        raise RuntimeError("renorm: non-positive-norm not supported")
    if maxnorm < 0:
        raise RuntimeError(f"renorm: expected maxnorm to be >= 0 but got {maxnorm:g}")
    if input.dim() < 2:
        raise RuntimeError(f"renorm: input needs at least 2 dimensions, got {input.dim()} dimensions")
    dim = wrap_dim(dim, input.dim())
    if input.dtype.category < FLOAT:
        raise RuntimeError(f"linalg.vector_norm: Expected a floating point or complex tensor as input. Got "
                           f"{SCALAR_TYPE[input.dtype]}")
    return renorm_dim(input, float(p), dim, float(maxnorm))
