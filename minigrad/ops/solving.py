"""Systems of linear equations: inverses, solutions, determinants, least squares."""

import math

from .. import return_types
from ..backends import backend_of
from ..dtypes import SCALAR_TYPE
from .decomposition import lower_of, lu_kernel, permutation, upper_of
from .keeping import keeping
from .masking import zero
from .matrices import (
    LinAlgError,
    by_columns,
    check_floating,
    check_kernel,
    check_same_dtype,
    check_square,
    first_failure,
    largest,
    mT,
    tril,
    triu,
)  # fmt: skip
from .out import takes_out
from .pointwise import where
from .primitive import primitive
from .promotion import broadcast_shape
from .shape import expand_to, reshape, unsqueeze_dim
from .spectral import pinv_arrays, pinv_vjp, row
from .triangular import check_shapes
from .triangular import solve_triangular_arrays as solve_tri

# ---- inverse --------------------------------------------------------------------------------------------------------


def factors(A):
    """(LU, pivots) of an array"""
    return lu_kernel(backend_of(A), A)[:2]


def transposed_factors(A):
    """The same of A by columns: the determinant does not mind, and elimination wants it so"""
    return factors(mT(A) if A.flags.c_contiguous else A)


def _singular(xp, A):
    """For each matrix of a batch, some of them singular: the first step at which elimination finds only zeros"""
    LU, _, info = lu_kernel(xp, A)
    if not info.any():
        pivots = xp.abs(xp.diagonal(LU, axis1=-2, axis2=-1))
        info = xp.where(pivots.min(-1) == pivots.min(), pivots.argmin(-1) + 1, 0)
    return info.astype(xp.int32)


@primitive("LinalgInvExBackward0", outputs=("inverse", "info"), differentiable_outputs=1)
def inv_arrays(xp, A, /):
    """(A^-1, info); info is not 0 where A is singular"""
    info = xp.zeros(A.shape[:-2], dtype=xp.int32)
    try:
        return by_columns(xp, xp.linalg.inv(A)), info
    except xp.linalg.LinAlgError:
        info = _singular(xp, A)
    bad = (info != 0)[..., None, None]
    inverse = xp.linalg.inv(xp.where(bad, xp.eye(A.shape[-1], dtype=A.dtype), A))
    return by_columns(xp, xp.where(bad, xp.inf, inverse).astype(A.dtype)), info


inv_arrays.vjp(A=lambda gs, inverse: -(mT(inverse) @ (gs[0] @ mT(inverse))))


def _check_inverse(name, info):
    failure = first_failure(info)
    if failure:
        raise LinAlgError(f"{name}: {failure[0]}The diagonal element {failure[1]} is zero, the inversion could not be "
                          f"completed because the input matrix is singular.")


@takes_out
def inv_ex(A, *, check_errors=False):
    """(A^-1, info); info is not 0 where A is singular"""
    check_square("linalg.inv", A)
    check_floating("linalg.inv", A)
    inverse, info = inv_arrays(A)
    if check_errors:
        _check_inverse("linalg.inv_ex", info)
    return return_types.linalg_inv_ex((inverse, info))


@takes_out
def inv(A):
    """A^-1.  Raises LinAlgError if A is singular"""
    inverse, info = inv_ex(A)
    _check_inverse("linalg.inv", info)
    return inverse


# ---- solve ----------------------------------------------------------------------------------------------------------


def _solve(xp, A, B):
    """X with A X = B, for matrices"""
    shape = xp.broadcast_shapes(A.shape[:-2], B.shape[:-2])  # CuPy's solve does not broadcast
    A, B = xp.broadcast_to(A, shape + A.shape[-2:]), xp.broadcast_to(B, shape + B.shape[-2:])
    try:
        return by_columns(xp, xp.linalg.solve(A, B)), xp.zeros(A.shape[:-2], dtype=xp.int32)
    except xp.linalg.LinAlgError:
        info = _singular(xp, A)
    bad = (info != 0)[..., None, None]
    X = xp.linalg.solve(xp.where(bad, xp.eye(A.shape[-1], dtype=A.dtype), A), B)
    return xp.where(bad, xp.inf, X).astype(A.dtype), info


@primitive("LinalgSolveExBackward0", outputs=("result", "info"), differentiable_outputs=1)
def solve_arrays(xp, A, B, /, left, vector):
    """(X, info) with A X = B, or X A = B unless `left`; B may be a vector"""
    if vector:
        X, info = _solve(xp, A, B[..., None])
        return X[..., 0], info
    if left:
        return _solve(xp, A, B)
    X, info = _solve(xp, xp.swapaxes(A, -1, -2), xp.swapaxes(B, -1, -2))
    return xp.ascontiguousarray(xp.swapaxes(X, -1, -2)), info


def _solve_vjp(gs, needs, A, result, left, vector):
    gB = solve_arrays(mT(A), gs[0], left, vector)[0]
    if not needs[0]:
        return None, gB
    if vector:
        return -unsqueeze_dim(gB, gB.ndim) * row(result), gB
    return -(gB @ mT(result) if left else mT(result) @ gB), gB


solve_arrays.vjp(("A", "B", _solve_vjp))
solve_arrays.shows(LU=lambda A: factors(A)[0], pivots=lambda A: factors(A)[1])


def _is_vector(A, B):
    return B.dim() == 1 or A.dim() - 1 == B.dim() and tuple(B.shape) == tuple(A.shape[:-1])


@takes_out
def solve_ex(A, B, *, left=True, check_errors=False):
    """(X, info) with A X = B; info is not 0 where A is singular"""
    check_floating("linalg.solve", A, low=True)
    check_same_dtype("linalg.solve", A, B)
    vector = A.dim() >= 2 and _is_vector(A, B)
    check_shapes("linalg.solve", A, unsqueeze_dim(B, B.dim()) if vector else B, left)
    check_kernel("lu_cpu", A)
    if vector and not left:
        raise RuntimeError("linalg.solve: Vector broadcasting of the left hand side is not supported for left=False. In "
                           "this case linalg.solve is equivalent to B / A.squeeze(-1)")
    if not vector:
        broadcast_shape(tuple(B.shape[:-2]), tuple(A.shape[:-2]))
    result, info = solve_arrays(A, B, left, vector)
    if check_errors:
        _check_solution("torch.linalg.solve_ex", info)
    return return_types.linalg_solve_ex((result, info))


def _check_solution(name, info):
    failure = first_failure(info)
    if failure:
        raise LinAlgError(f"{name}: {failure[0]}The solver failed because the input matrix is singular.")


@takes_out
def solve(A, B, *, left=True):
    """X with A X = B, or X A = B unless `left`.  Raises LinAlgError if A is singular"""
    result, info = solve_ex(A, B, left=left)
    _check_solution("torch.linalg.solve", info)
    return result


# ---- with a factorization at hand -----------------------------------------------------------------------------------


@primitive("LinalgLuSolveBackward0")
def lu_solve_arrays(xp, LU, pivots, B, /, left, adjoint):
    """X with A X = B (or X A = B, or with A^T) for A = P L U"""
    X = lu_solution(LU, pivots, B, left, adjoint)
    return by_columns(xp, X) if left else xp.ascontiguousarray(X)


def lu_solution(LU, pivots, B, left, adjoint):
    """The same, step by step"""
    P, L, U = permutation(pivots, LU, LU.shape[-2]), lower_of(LU), upper_of(LU)
    if left and not adjoint:
        return solve_tri(U, solve_tri(L, mT(P) @ B, False, True, True), True, True, False)
    if left:
        return P @ solve_tri(mT(L), solve_tri(mT(U), B, False, True, False), True, True, True)
    if not adjoint:
        return solve_tri(L, solve_tri(U, B, True, False, False), False, False, True) @ mT(P)
    return solve_tri(mT(U), solve_tri(mT(L), B @ P, True, False, True), False, False, False)


def _lu_solve_vjp(gs, needs, LU, pivots, out, left, adjoint):
    """gB = A^-T g, gA = -gB X^T, and of that the parts of L and U, A = P L U"""
    g, k = gs[0], LU.shape[-1]
    P, L, U = permutation(pivots, LU, k), lower_of(LU), upper_of(LU)
    gB = lu_solution(LU, pivots, g, left, not adjoint)
    gA = -(gB @ mT(out) if left else mT(out) @ gB)
    gA = mT(gA) if adjoint else gA
    gM = mT(P) @ gA
    return tril(gM @ mT(U), -1) + triu(mT(L) @ gM, 0), gB


lu_solve_arrays.vjp(("LU", "B", _lu_solve_vjp))


@takes_out
def linalg_lu_solve(LU, pivots, B, *, left=True, adjoint=False):
    """X with A X = B for the A that lu_factor took apart"""
    check_floating("torch.linalg.lu_solve", LU, low=True)
    check_same_dtype("linalg.lu_solve", LU, B)
    if str(pivots.dtype) != "torch.int32":
        raise RuntimeError("linalg.lu_solve: pivots should be a Tensor of scalar type torch.int32")
    check_shapes("linalg.lu_solve", LU, B, left)
    return lu_solve_arrays(LU, pivots, B, left, adjoint)


@takes_out
def lu_solve(b, LU_data, LU_pivots):
    """X with A X = b for the A that lu_factor took apart"""
    return linalg_lu_solve(LU_data, LU_pivots, b)


@primitive("CholeskySolveBackward0")
def cholesky_solve_arrays(xp, input, input2, /, upper):
    """X with L L^T X = B"""
    return by_columns(xp, _cholesky_solution(input, input2, upper))


def _cholesky_solution(B, L, upper):
    L = mT(L) if upper else L
    return solve_tri(mT(L), solve_tri(L, B, False, True, False), True, True, False)


@keeping("input")
def _cholesky_solve_vjp(gs, needs, input2, out, upper):
    gB = cholesky_solve_arrays(gs[0], input2, upper)
    common = gB @ mT(out)
    common = common + mT(common)
    return gB, -(input2 @ common if upper else common @ input2)


cholesky_solve_arrays.vjp(("input", "input2", _cholesky_solve_vjp))


@takes_out
def cholesky_solve(input, input2, upper=False):
    """X with A X = input, A = L L^T, L = input2"""
    for name, x in (("b", input), ("u", input2)):
        if x.dim() < 2:
            raise RuntimeError(f"{name} should have at least 2 dimensions, but has {x.dim()} dimensions instead")
    if input2.shape[-1] != input2.shape[-2]:
        raise RuntimeError(f"A must be batches of square matrices, but they are {input2.shape[-2]} by {input2.shape[-1]} "
                           f"matrices")
    if input2.shape[-1] != input.shape[-2]:
        raise RuntimeError(f"Incompatible matrix sizes for cholesky_solve: each A matrix is {input2.shape[-1]} by "
                           f"{input2.shape[-1]} but each b matrix is {input.shape[-2]} by {input.shape[-1]}")
    return cholesky_solve_arrays(input, input2, upper)


@primitive("CholeskyInverseBackward0")
def cholesky_inverse_arrays(xp, input, /, upper):
    """(L L^T)^-1"""
    eye = xp.broadcast_to(xp.eye(input.shape[-1], dtype=input.dtype), input.shape)
    return by_columns(xp, _cholesky_solution(eye, input, upper))


def _cholesky_inverse_vjp(g, input, out, upper):
    common = out @ (g + mT(g)) @ out
    return -(input @ common if upper else common @ input)


cholesky_inverse_arrays.vjp(input=_cholesky_inverse_vjp)


@takes_out
def cholesky_inverse(L, upper=False):
    """A^-1, A = L L^T"""
    check_square("cholesky_inverse", L)
    return cholesky_inverse_arrays(L, upper)


# ---- determinants ---------------------------------------------------------------------------------------------------


@primitive()
def regular(xp, A, /):
    """A, with the zeros that elimination leaves on the diagonal replaced by a tiny number"""
    LU, pivots, info = lu_kernel(xp, A)
    if not info.any():
        return A
    zero = xp.eye(A.shape[-1], dtype=bool) & (LU == 0)
    LU = LU + zero.astype(A.dtype) * xp.finfo(A.dtype).eps
    return permutation(pivots, LU, A.shape[-1]) @ lower_of(LU) @ upper_of(LU)


regular.vjp(A=lambda g: g)


def _spread(g):
    """One number per matrix, as 1 x 1 matrices"""
    return reshape(g, (*g.shape, 1, 1))


@primitive("LinalgDetBackward0")
def det_arrays(xp, A, /):
    """The determinant"""
    return xp.linalg.det(A)


def _det_vjp(g, A, out):
    """g det(A) A^-T"""
    if 0 in A.shape:
        return zero(A)
    if A.shape[-1] == 1:
        return expand_to(_spread(g), tuple(A.shape))
    return _spread(g * out) * mT(inv_arrays(regular(A))[0])


det_arrays.vjp(A=_det_vjp)
det_arrays.shows(LU=lambda A: transposed_factors(A)[0], pivots=lambda A: transposed_factors(A)[1])


@takes_out
def det(A):
    """The determinant; its gradient is det(A) A^-T"""
    check_square("linalg.det", A)
    check_floating("linalg.det", A)
    return det_arrays(A)


@primitive("LinalgSlogdetBackward0", outputs=("sign", "logabsdet"))
def slogdet_arrays(xp, A, /):
    """The sign and the logarithm of the determinant's size"""
    return xp.linalg.slogdet(A)


slogdet_arrays.vjp(A=keeping("sign")(lambda gs, A: _spread(gs[1]) * mT(inv_arrays(A)[0])))
slogdet_arrays.shows(LU=lambda A: transposed_factors(A)[0], pivots=lambda A: transposed_factors(A)[1])


@takes_out
def slogdet(A):
    """The sign and the logarithm of the determinant's size"""
    check_square("linalg.slogdet", A)
    check_floating("linalg.slogdet", A)
    return return_types.linalg_slogdet(slogdet_arrays(A))


def logdet(input):
    """log(det(A)), nan where that is negative"""
    check_square("logdet", input)
    check_floating("logdet", input)
    sign, size = slogdet_arrays(input)
    return where(sign == -1, math.nan, size)


# ---- least squares --------------------------------------------------------------------------------------------------


def _lstsq_kernel(xp, A, B, rcond):
    vector = A.ndim - 1 == B.ndim
    X = xp.matmul(pinv_arrays.op.kernel(xp, A, 0.0, rcond, False), B[..., None] if vector else B)
    return X[..., 0] if vector else X


@primitive("LinalgLstsqBackward0", outputs=("solution", "residuals", "rank", "singular_values"), differentiable_outputs=2)
def lstsq_arrays(xp, input, B, /, rcond, driver):
    """X with the least |A X - B|, and of those the least |X|"""
    m, n = input.shape[-2:]
    S = xp.linalg.svd(input, compute_uv=False) if 0 not in input.shape else xp.zeros((*input.shape[:-2], 0), input.dtype)
    rank = (S > rcond * largest(xp, S)).sum(-1)
    X = _lstsq_kernel(xp, input, B, rcond)
    none = xp.zeros(0, dtype=input.dtype)
    residuals = none
    if m > n and driver != "gelsy" and (driver == "gels" or (rank == n).all()):
        vector = input.ndim - 1 == B.ndim
        rest = xp.matmul(input, X[..., None] if vector else X) - (B[..., None] if vector else B)
        residuals = (rest * rest).sum(-2)
        residuals = residuals[..., 0] if vector else residuals
    return (by_columns(xp, X), residuals, rank if driver != "gels" else xp.zeros(0, dtype=xp.int64),
            S if driver in ("gelsd", "gelss") else none)


def _lstsq_vjp(given, needs, input, B, solution, rcond, driver):
    gX, gR = given[:2]
    vector = input.ndim - 1 == B.ndim
    as_matrix = lambda x: unsqueeze_dim(x, x.ndim) if vector else x
    B, X, A = as_matrix(B), as_matrix(solution), input
    gA = gB = 0
    if gX is not None:
        pinv = pinv_arrays(A, 0.0, rcond, False)
        gB = mT(pinv) @ as_matrix(gX)
        gA = pinv_vjp(as_matrix(gX) @ mT(B), A, pinv)
    if gR is not None and 0 not in gR.shape:
        rest = (A @ X - B) * row(unsqueeze_dim(gR, gR.ndim) if vector else gR) * 2
        gA, gB = gA + rest @ mT(X), gB - rest
    return gA, reshape(gB, gB.shape[:-1]) if vector else gB


lstsq_arrays.vjp(("input", "B", _lstsq_vjp))


@takes_out
def lstsq(input, b, rcond=None, *, driver=None):
    """(solution, residuals, rank, singular_values) of min |A X - B|"""
    name = "torch.linalg.lstsq"
    if input.dim() < 2:
        raise RuntimeError(f"{name}: input must have at least 2 dimensions.")
    if b.dim() < 1:
        raise RuntimeError(f"{name}: other must have at least 1 dimension.")
    if input.dtype is not b.dtype:
        raise RuntimeError(f"{name}: Expected input and other to have the same dtype, but got input's dtype "
                           f"{SCALAR_TYPE[input.dtype]} and other's dtype {SCALAR_TYPE[b.dtype]}")
    vector = input.dim() - 1 == b.dim() and tuple(b.shape) == tuple(input.shape[:-1])
    side = "-1" if vector else "-2"
    if not vector and b.dim() < 2 or input.shape[-2] != b.shape[int(side)]:
        raise RuntimeError(f"{name}: input.size(-2) should match other.size({side})")
    if driver not in (None, "gels", "gelsy", "gelsd", "gelss"):
        raise RuntimeError(f"{name}: parameter `driver` should be one of (gels, gelsy, gelsd, gelss)")
    check_kernel("linalg_lstsq_cpu", input)
    if rcond is None:
        rcond = input.device.backend.finfo(input._data.dtype).eps * max(input.shape[-2:])
    return return_types.linalg_lstsq(lstsq_arrays(input, b, float(rcond), driver or "gelsy"))


# ---- tensors as matrices --------------------------------------------------------------------------------------------


@takes_out
def tensorinv(A, ind=2):
    """The inverse of A as a matrix from its last dimensions to its first `ind`"""
    if ind <= 0:
        raise RuntimeError(f"Expected a strictly positive integer for 'ind', but got {ind}")
    shape = tuple(A.shape)
    rows, columns = math.prod(shape[:ind]), math.prod(shape[ind:])
    if rows != columns:
        raise RuntimeError(f"Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), "
                           f"but got {columns} != {rows}")
    return reshape(inv(reshape(A, rows, columns)), shape[ind:] + shape[:ind])


@takes_out
def tensorsolve(input, other, dims=None):
    """X with tensordot(input, X, X.dim()) = other"""
    if dims is not None:
        input = input.movedim(tuple(dims), tuple(range(input.dim() - len(dims), input.dim())))
    shape = tuple(input.shape[other.dim() :])
    size = math.prod(shape)
    if size != other.numel():
        raise RuntimeError(f"Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == "
                           f"prod(self.shape[:other.ndim]), but got {size} != {other.numel()}")
    return reshape(solve(reshape(input, -1, size), reshape(other, -1)), shape)
