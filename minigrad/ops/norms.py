"""Norms of matrices and what is made of them: matrix_norm, norm, cond."""

import math

from .comparison import nan_to_num
from .dims import wrap_dim
from .extremes import amax, amin
from .matrices import check_floating, check_matrix, check_square
from .out import takes_out
from .pointwise import reciprocal
from .primitive import primitive
from .reduction import sum_dims, vector_norm
from .shape import permute_dims, squeeze_dim, unsqueeze_dim
from .solving import inv_ex
from .spectral import svdvals
from .transcendental import sqrt

ORDERS = (1, 2, math.inf)


@primitive("MaskedFillBackward0")
def failed_to_inf(xp, input, info, /):
    """inf for the matrices whose info is not 0"""
    return xp.where((info != 0)[..., None, None], xp.inf, input).astype(input.dtype)


failed_to_inf.vjp(input=lambda g, info: g * (1 - 1 * (info != 0)).reshape((*info.shape, 1, 1)))


def _checked_dims(A, dim):
    dim = (dim,) if isinstance(dim, int) else tuple(dim)
    if len(dim) != 2:
        raise RuntimeError(f"linalg.matrix_norm: dim must be a 2-tuple. Got {' '.join(map(str, dim))}")
    first, second = (wrap_dim(d, A.dim()) for d in dim)
    if first == second:
        raise RuntimeError(f"linalg.matrix_norm: dims must be different. Got ({dim[0]}, {dim[1]})")
    return first, second


def _singular_norm(A, reduce, dims, keepdim):
    """A norm defined by the singular values of the matrices in two dimensions"""
    rest = [d for d in range(A.dim()) if d not in dims]
    order = (*rest, *dims)
    result = reduce(svdvals(permute_dims(A, order)), -1, keepdim)
    if not keepdim:
        return result
    return permute_dims(unsqueeze_dim(result, result.dim()), tuple(sorted(range(A.dim()), key=order.__getitem__)))


def _total(x, dim, keepdim=False):
    return sum_dims(x, (wrap_dim(dim, x.dim()),), keepdim)


@takes_out
def matrix_norm(A, ord="fro", dim=(-2, -1), keepdim=False, *, dtype=None):
    """The norm of matrices: "fro", "nuc", or the largest (ord > 0) or smallest size of A x in the norm |ord|"""
    check_matrix("linalg.matrix_norm", A)
    dims = _checked_dims(A, dim)
    check_floating("linalg.matrix_norm", A, low=True)
    if ord == "fro":
        return vector_norm(A, 2, dims, keepdim, dtype=dtype)
    if ord == "nuc" or not isinstance(ord, str) and abs(ord) == 2:
        A = A if dtype is None else A.to(dtype)
        return _singular_norm(A, _total if ord == "nuc" else amax if ord > 0 else amin, dims, keepdim)
    if isinstance(ord, str) or abs(ord) not in ORDERS:
        raise RuntimeError(f"linalg.matrix_norm: Order {_as_text(ord)} not supported.")
    first, second = dims if abs(ord) == 1 else dims[::-1]
    lengths = vector_norm(A, 1, first, keepdim, dtype=dtype)
    return (amax if ord > 0 else amin)(lengths, second if keepdim or second < first else second - 1, keepdim)


def _as_text(ord):
    return f"{ord:g}" if isinstance(ord, float) else ord


@takes_out
def linalg_norm(A, ord=None, dim=None, keepdim=False, *, dtype=None):
    """The norm of vectors or matrices, by the number of dimensions it is taken over"""
    dim = (dim,) if isinstance(dim, int) else dim
    if dim is not None and len(dim) not in (1, 2):
        raise RuntimeError(f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {list(dim)}")
    if isinstance(ord, str):
        if dim is None and A.dim() > 2:
            raise RuntimeError(f"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got "
                               f"{A.dim()}D.")
        return matrix_norm(A, ord, (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    if ord is None:
        return vector_norm(A, 2, dim, keepdim, dtype=dtype)
    if dim is None and A.dim() not in (1, 2):
        raise RuntimeError(f"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {A.dim()}D.")
    if dim is not None and len(dim) == 2 or dim is None and A.dim() == 2:
        return matrix_norm(A, ord, (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    return vector_norm(A, ord, dim, keepdim, dtype=dtype)


@takes_out
def norm(input, p="fro", dim=None, keepdim=False, dtype=None):
    """The p-norm of the elements, all together or over `dim`; the nuclear norm of matrices for "nuc" """
    dim = (dim,) if isinstance(dim, int) else dim
    if p == "nuc" or isinstance(p, str) and p != "fro":
        return matrix_norm(input, p, (-2, -1) if dim is None else dim, keepdim, dtype=dtype)
    return vector_norm(input, 2 if p in (None, "fro") else p, dim, keepdim, dtype=dtype)


def nuclear_norm(input, dim=(-2, -1), keepdim=False):
    """The sum of the singular values"""
    return matrix_norm(input, "nuc", dim, keepdim)


# ---- condition ------------------------------------------------------------------------------------------------------


def _slice(x, start, length):
    return x.narrow(-1, start, length)


@takes_out
def cond(A, p=None):
    """The condition number: norm(A) norm(A^-1)"""
    if A.dim() < 2:
        raise RuntimeError("linalg.cond: The input tensor must have at least 2 dimensions.")
    if p is None or not isinstance(p, str) and abs(p) == 2:
        S = svdvals(A)
        largest, smallest = _slice(S, 0, 1), _slice(S, -1, 1)
        return squeeze_dim(smallest / largest if p == -2 else largest / smallest, S.dim() - 1)
    if isinstance(p, str) and p not in ("fro", "nuc"):
        raise RuntimeError(f"linalg.cond got an invalid norm type: {p}")
    check_square(f"linalg.cond(ord={_as_text(p)})", A)
    if 0 in A.shape[-2:]:
        return A.new_zeros(A.shape[:-2])
    if p == "nuc":
        S = svdvals(A)
        return _total(S, -1) * _total(reciprocal(S), -1)
    inverse, info = inv_ex(A)
    return nan_to_num(matrix_norm(A, p) * matrix_norm(failed_to_inf(inverse, info), p), math.inf, math.inf, math.inf)


# ---- a weight of a given length ------------------------------------------------------------------------------------


@primitive("WeightNormInterfaceBackward0")
def lengthened(xp, weight, length, /, dims):
    """length * weight / |weight|, the norm over some dimensions (whose second derivative torch takes for 0)"""
    return weight * (length / xp.sqrt(xp.sum(weight * weight, axis=dims, keepdims=True)))


def _lengthened_vjp(g, weight, length, dims):
    squared = sum_dims(weight * weight, dims, True)
    along = weight * (sum_dims(g * weight, dims, True) / squared)
    return length / sqrt(squared) * (g - along)


lengthened.vjp(weight=_lengthened_vjp,
               length=lambda g, weight, dims: sum_dims(g * weight, dims, True) / sqrt(sum_dims(weight * weight, dims, True)))


def norm_except_dim(v, pow=2, dim=0):
    """The norm over all dimensions but one (dim=-1: over all)"""
    if dim == -1:
        return norm(v, pow)
    return norm(v, pow, [d for d in range(v.dim()) if d != dim], keepdim=True)


def _weight_norm(v, g, dim=0):
    """v with the length g along each slice of a dimension (dim=-1: of length g)"""
    if dim in (0, v.dim() - 1):
        return lengthened(v, g, tuple(d for d in range(v.dim()) if d != dim))
    return v * (g / norm_except_dim(v, 2, dim))
