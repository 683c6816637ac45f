"""Distances between all rows of two matrices."""

from ..dtypes import FLOAT, SCALAR_TYPE
from .masking import zero
from .primitive import primitive
from .promotion import broadcast_shape
from .reduction import sum_dims, vector_norm_dims
from .shape import expand_to, unsqueeze_dim, view

MODES = ("use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist")
FEW = 25  # more rows than this are compared through one matrix product


def differences(x1, x2):
    """x1[..., i, None, :] - x2[..., None, j, :]"""
    return unsqueeze_dim(x1, x1.ndim - 1) - unsqueeze_dim(x2, x2.ndim - 2)


@primitive("CdistBackward0")
def cdist_arrays(xp, x1, x2, /, p):
    """The p-norms of the differences of all rows of x1 and all rows of x2"""
    if x1.shape[-1] == 0:
        return xp.zeros((*x1.shape[:-1], x2.shape[-2]), dtype=x1.dtype)
    return vector_norm_dims.op.kernel(xp, differences(x1, x2), p, (x1.ndim,), False)


def _cdist_vjp(g, needs, x1, x2, out, p):
    gap = differences(x1, x2)
    pull = vector_norm_dims.op.formulas["input"](g, gap, out, p, (gap.ndim - 1,), False) if p else zero(gap)
    return sum_dims(pull, (pull.ndim - 2,), False), -sum_dims(pull, (pull.ndim - 3,), False)


cdist_arrays.vjp(("x1", "x2", lambda gs, needs, x1, x2, out, p: _cdist_vjp(gs[0], needs, x1, x2, out, p)))


@primitive("EuclideanDistBackward0")
def euclidean_arrays(xp, x1, x2, /):
    """sqrt(|a|^2 - 2 a.b + |b|^2), at least 0"""
    one, two = (xp.sum(x * x, axis=-1, keepdims=True) for x in (x1, x2))
    left = xp.concatenate([x1 * -2, one, xp.ones_like(one)], axis=-1)
    right = xp.concatenate([x2, xp.ones_like(two), two], axis=-1)
    return xp.sqrt(xp.maximum(xp.matmul(left, xp.swapaxes(right, -1, -2)), 0))


euclidean_arrays.vjp(("x1", "x2", lambda gs, needs, x1, x2, out: _cdist_vjp(gs[0], needs, x1, x2, out, 2.0)))


def _check(x1, x2, p, compute_mode):
    for name, x in (("X1", x1), ("X2", x2)):
        if x.dim() < 2:
            raise RuntimeError(f"cdist only supports at least 2D tensors, {name} got: {x.dim()}D")
    for name, x in (("X1", x1), ("X2", x2)):
        if x.dtype.category < FLOAT:
            raise RuntimeError(f"cdist only supports floating-point dtypes, {name} got: {SCALAR_TYPE[x.dtype]}")
    if x1.shape[-1] != x2.shape[-1]:
        raise RuntimeError(f"X1 and X2 must have the same number of columns. X1: {x1.shape[-1]} X2: {x2.shape[-1]}")
    if p < 0:
        raise RuntimeError("cdist only supports non-negative p values")
    if x1.dtype is not x2.dtype:
        raise RuntimeError(f"expected scalar type {SCALAR_TYPE[x1.dtype]} but found {SCALAR_TYPE[x2.dtype]}")


def cdist(x1, x2, p=2.0, compute_mode=MODES[0]):
    """The p-norms of the differences of all rows of x1 and all rows of x2"""
    if compute_mode not in MODES:
        raise ValueError(f"{compute_mode} is not a valid value for compute_mode")
    _check(x1, x2, p, compute_mode)
    batch = broadcast_shape(tuple(x1.shape[:-2]), tuple(x2.shape[:-2]))
    x1, x2 = (x if tuple(x.shape[:-2]) == batch else expand_to(x, (*batch, *x.shape[-2:])) for x in (x1, x2))
    many = x1.shape[-2] > FEW or x2.shape[-2] > FEW
    if p == 2 and x1.numel() and x2.numel() and (compute_mode == MODES[1] or compute_mode == MODES[0] and many):
        return view(euclidean_arrays(x1, x2), (*batch, x1.shape[-2], x2.shape[-2]))
    return cdist_arrays(x1, x2, float(p))
