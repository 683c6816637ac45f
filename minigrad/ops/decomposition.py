"""Cholesky and LU: a matrix as a product of triangular matrices."""

import math

from .. import return_types
from .matrices import (
    LinAlgError,
    by_columns,
    check_floating,
    check_kernel,
    check_square,
    first_failure,
    mT,
    plus_identity,
    tril,
    triu,
)  # fmt: skip
from .out import takes_out
from .primitive import primitive
from .shape import cat, clone
from .triangular import solve_triangular_arrays as solve_tri

# ---- Cholesky -------------------------------------------------------------------------------------------------------


def _cholesky_kernel(xp, A):
    """(L, info): info is the order of the leading minor that is not positive, 0 if there is none"""
    info = xp.zeros(A.shape[:-2], dtype=xp.int32)
    try:
        return xp.linalg.cholesky(A), info
    except xp.linalg.LinAlgError:
        L = xp.tril(A)
    for k in range(A.shape[-1]):
        pivot = L[..., k, k] - (L[..., k, :k] ** 2).sum(-1)
        info = xp.where((info == 0) & ~(pivot > 0), k + 1, info).astype(info.dtype)
        L[..., k, k] = xp.sqrt(xp.where(pivot > 0, pivot, 1))
        rest = L[..., k + 1 :, k] - (L[..., k + 1 :, :k] * L[..., None, k, :k]).sum(-1)
        L[..., k + 1 :, k] = rest / L[..., k, k, None]
    return L, info


def _cholesky(xp, input, upper):
    """Only one triangle of input is read"""
    lower = xp.swapaxes(input, -1, -2) if upper else input
    L, info = _cholesky_kernel(xp, lower)
    return (xp.swapaxes(L, -1, -2) if upper else by_columns(xp, L)), info


def _cholesky_vjp(g, L, upper):
    """L^-T [tril(L^T gL) + its strictly lower part transposed] L^-1 / 2"""
    g, L = (mT(g), mT(L)) if upper else (g, L)
    S = mT(L) @ g
    S = tril(S, 0) + mT(tril(S, -1))
    half = solve_tri(mT(L), solve_tri(L, S, False, False, False), True, True, False)
    return half * 0.5


@primitive("LinalgCholeskyExBackward0", outputs=("L", "info"), differentiable_outputs=1)
def cholesky_ex_arrays(xp, input, /, upper):
    """(L, info) with A = L L^T, or (U, info) with A = U^T U"""
    return _cholesky(xp, input, upper)


cholesky_ex_arrays.vjp(input=lambda gs, L, upper: _cholesky_vjp(gs[0], L, upper))


@primitive("CholeskyBackward0", outputs=("L", "info"), differentiable_outputs=1)
def cholesky_arrays(xp, input, /, upper):
    """The same as torch.cholesky records it"""
    return _cholesky(xp, input, upper)


cholesky_arrays.vjp(input=lambda gs, L, upper: _cholesky_vjp(gs[0], L, upper))


def _positive(name, info):
    failure = first_failure(info)
    if failure:
        raise LinAlgError(f"{name}: {failure[0]}The factorization could not be completed because the input is not "
                          f"positive-definite (the leading minor of order {failure[1]} is not positive-definite).")


@takes_out
def cholesky_ex(input, *, upper=False, check_errors=False):
    """(L, info) with A = L L^T; info is not 0 where A is not positive-definite"""
    check_square("linalg.cholesky", input)
    check_floating("linalg.cholesky", input)
    L, info = cholesky_ex_arrays(input, upper)
    if check_errors:
        _positive("linalg.cholesky_ex", info)
    return return_types.linalg_cholesky_ex((L, info))


@takes_out
def linalg_cholesky(input, *, upper=False):
    """L with A = L L^T, or U with A = U^T U.  Raises LinAlgError unless A is positive-definite"""
    L, info = cholesky_ex(input, upper=upper)
    _positive("linalg.cholesky", info)
    return L


@takes_out
def cholesky(input, upper=False):
    """L with A = L L^T, or U with A = U^T U.  Raises LinAlgError unless A is positive-definite"""
    check_square("cholesky", input)
    L, info = cholesky_arrays(input, upper)
    _positive("cholesky", info)
    return L


# ---- LU -------------------------------------------------------------------------------------------------------------


def lu_kernel(xp, A):
    """(LU, pivots, info): Gaussian elimination with row exchanges; row k was exchanged with row pivots[k], from 1"""
    m, n = A.shape[-2:]
    LU = xp.array(A.reshape(math.prod(A.shape[:-2]), m, n))
    batch = xp.arange(LU.shape[0])
    pivots = xp.zeros((LU.shape[0], min(m, n)), dtype=xp.int32)
    info = xp.zeros(LU.shape[0], dtype=xp.int32)
    for k in range(min(m, n)):
        best = xp.argmax(xp.abs(LU[:, k:, k]), axis=1) + k
        pivots[:, k] = best + 1
        row = LU[batch, best].copy()
        LU[batch, best] = LU[:, k]
        LU[:, k] = row
        zero = row[:, k] == 0
        info = xp.where((info == 0) & zero, k + 1, info).astype(info.dtype)
        factor = LU[:, k + 1 :, k] / xp.where(zero, 1, row[:, k])[:, None].astype(A.dtype)
        LU[:, k + 1 :, k] = factor
        LU[:, k + 1 :, k + 1 :] -= factor[:, :, None] * row[:, None, k + 1 :]
    return LU.reshape(A.shape), pivots.reshape(*A.shape[:-2], min(m, n)), info.reshape(A.shape[:-2])


@primitive(outputs=("P",))
def permutation(xp, pivots, like, /, size):
    """P with A = P L U, from the row exchanges"""
    count = math.prod(pivots.shape[:-1])
    order = xp.array(xp.broadcast_to(xp.arange(size), (count, size)))
    steps, batch = pivots.reshape(count, pivots.shape[-1]), xp.arange(count)
    for k in range(pivots.shape[-1]):
        other = steps[:, k] - 1
        order[batch, k], order[batch, other] = order[batch, other].copy(), order[batch, k].copy()
    P = xp.ascontiguousarray(xp.arange(size)[:, None] == order[:, None, :]).astype(like.dtype)
    return P.reshape(*pivots.shape[:-1], size, size)


def _lu_vjp(gL, gU, P, L, U):
    """P L^-T [tril(L^T gL, -1) + triu(gU U^T)] U^-T for square A; blocks of it for others"""
    k = min(L.shape[-2], U.shape[-1])
    L1, U1 = L[..., :k, :], U[..., :, :k]
    left = mT(L1) @ gL[..., :k, :]
    right = gU[..., :, :k] @ mT(U1)
    if U.shape[-1] > k:
        left = left - gU[..., :, k:] @ mT(U[..., :, k:])
    if L.shape[-2] > k:
        right = right - mT(L[..., k:, :]) @ gL[..., k:, :]
    core = tril(left, -1) + triu(right, 0)
    core = solve_tri(mT(U1), solve_tri(mT(L1), core, True, True, True), False, False, False)
    if U.shape[-1] > k:
        core = cat([core, solve_tri(mT(L1), gU[..., :, k:], True, True, True)], -1)
    if L.shape[-2] > k:
        core = cat([core, solve_tri(mT(U1), gL[..., k:, :], False, False, False)], -2)
    return P @ core


def lower_of(LU):
    """L: ones on the diagonal"""
    k = min(LU.shape[-2:])
    return plus_identity(tril(LU[..., :, :k], -1))


def upper_of(LU):
    """U"""
    return triu(LU[..., : min(LU.shape[-2:]), :], 0)


@primitive("LinalgLuFactorExBackward0", outputs=("LU", "pivots", "info"), differentiable_outputs=1)
def lu_factor_arrays(xp, input, /):
    """L below the diagonal and U above in one matrix, the row exchanges, and where U has a 0"""
    LU, pivots, info = lu_kernel(xp, input)
    return by_columns(xp, LU), pivots, info


def _lu_factor_vjp(gs, LU, pivots):
    g, k = gs[0], min(LU.shape[-2:])
    P = permutation(pivots, LU, LU.shape[-2])
    return _lu_vjp(tril(g[..., :, :k], -1), triu(g[..., :k, :], 0), P, lower_of(LU), upper_of(LU))


lu_factor_arrays.vjp(input=_lu_factor_vjp)
lu_factor_arrays.shows(pivot=lambda: True)


@primitive("LinalgLuBackward0", outputs=("L", "U", "P"), differentiable_outputs=2)
def lu_arrays(xp, input, /):
    """L, U and P with A = P L U"""
    LU, pivots, _ = lu_kernel(xp, input)
    L, U = xp.ascontiguousarray(lower_of(LU)), xp.ascontiguousarray(upper_of(LU))
    return L, U, permutation.op.kernel(xp, pivots, LU, input.shape[-2])


lu_arrays.vjp(input=lambda gs, P, L, U: _lu_vjp(gs[0], gs[1], P, L, U))
lu_arrays.shows(pivot=lambda: True)

NO_PIVOT = "LU without pivoting is not implemented on the CPU"


def _check_lu(name, input, pivot):
    if input.dim() < 2:
        raise RuntimeError(f"{name}: Expected tensor with 2 or more dimensions. Got size: {list(input.shape)} instead")
    check_kernel("lu_cpu", input)
    if not pivot:
        raise RuntimeError(f"linalg.lu_factor: {NO_PIVOT}")


@takes_out
def lu_factor_ex(A, *, pivot=True, check_errors=False):
    """(LU, pivots, info); info is not 0 where U has a 0 on the diagonal"""
    _check_lu("torch.lu_factor", A, pivot)
    return return_types.linalg_lu_factor_ex(lu_factor_arrays(A))


@takes_out
def lu_factor(A, *, pivot=True):
    """(LU, pivots).  Raises RuntimeError if U has a 0 on the diagonal"""
    LU, pivots, info = lu_factor_ex(A, pivot=pivot)
    failure = first_failure(info)
    if failure:
        raise RuntimeError(f"torch.linalg.lu_factor: {failure[0]}U[{failure[1]},{failure[1]}] is zero and using it on "
                           f"lu_solve would result in a division by zero. If you still want to perform the "
                           f"factorization, consider calling linalg.lu(A, pivot) or linalg.lu_factor_ex(A, pivot)")
    return return_types.linalg_lu_factor((LU, pivots))


@takes_out
def lu(A, pivot=True, get_infos=False):
    """(LU, pivots), with infos if asked for: torch.lu"""
    LU, pivots, info = lu_factor_ex(A, pivot=pivot)
    return (LU, pivots, info) if get_infos else (LU, pivots)


@takes_out
def linalg_lu(A, *, pivot=True):
    """(P, L, U) with A = P L U"""
    _check_lu("linalg.lu", A, pivot)
    L, U, P = lu_arrays(A)
    return return_types.linalg_lu((P, L, U))


@primitive("LuUnpackBackward0", outputs=("L", "U"))
def lu_unpack_arrays(xp, LU_data, /):
    """L and U"""
    return lower_of(LU_data), upper_of(LU_data)


def _unpack_vjp(gs, LU_data_shape):
    gL, gU = gs
    m, n = LU_data_shape[-2:]
    gL, gU = tril(gL, -1), triu(gU, 0)
    if m == n:
        return gL + gU
    k = min(m, n)
    if n > k:
        return cat([gL + gU[..., :, :k], gU[..., :, k:]], -1)
    return cat([gL[..., :k, :] + gU, gL[..., k:, :]], -2)


lu_unpack_arrays.vjp(LU_data=_unpack_vjp)


@takes_out
def lu_unpack(LU_data, LU_pivots, unpack_data=True, unpack_pivots=True):
    """(P, L, U) from what lu_factor gives"""
    if unpack_pivots and str(LU_pivots.dtype) != "torch.int32":
        raise RuntimeError("torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 dtype.\n"
                           "Note: this function is intended to be used with the output produced by torch.linalg.lu_factor")
    none = LU_data.new_empty(0)
    L, U = lu_unpack_arrays(LU_data) if unpack_data else (none, clone(none))
    P = permutation(LU_pivots, LU_data, LU_data.shape[-2]) if unpack_pivots else clone(none)
    return return_types.lu_unpack((P, L, U))
