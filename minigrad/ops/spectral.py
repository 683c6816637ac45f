"""Singular values and eigenvalues, and what is defined by them: pseudoinverse, rank."""

from .. import return_types
from ..autograd.graph import requires_grad
from ..autograd.modes import mode
from ..backends import on_its_device
from ..dtypes import FLOAT, SCALAR_TYPE
from ..tensor import Tensor
from .matrices import (
    LinAlgError,
    by_columns,
    check_floating,
    check_kernel,
    check_matrix,
    check_square,
    diag,
    largest,
    mT,
    plus_identity,
)  # fmt: skip
from .out import takes_out
from .primitive import primitive
from .shape import transpose, unsqueeze_dim


def row(x):
    """Vectors as matrices of one row"""
    return unsqueeze_dim(x, x.ndim - 1)


def column(x):
    """Vectors as matrices of one column"""
    return unsqueeze_dim(x, x.ndim)


# ---- singular values ------------------------------------------------------------------------------------------------

NOT_FINITE = "linalg.svd: The algorithm failed to converge because the input matrix contained non-finite values."


@primitive("LinalgSvdBackward0", outputs=("U", "S", "Vh"))
def svd_arrays(xp, A, /, full_matrices):
    """U, S and V^T with A = U diag(S) V^T"""
    if not xp.isfinite(A).all():
        raise LinAlgError(NOT_FINITE)
    U, S, Vh = xp.linalg.svd(A, full_matrices=full_matrices)
    return by_columns(xp, U), S, by_columns(xp, Vh)


def _svd_vjp(given, U, S, Vh, full_matrices):
    """U [skew(U^T gU)/E S + S skew(V^T gV)/E + diag(gS)] V^T, E_ij = S_j^2 - S_i^2, and what leaves their spans"""
    gU, gS, gVh = given
    k = S.shape[-1]
    if full_matrices:
        U, Vh = U[..., :k], Vh[..., :k, :]
        gU, gVh = None if gU is None else gU[..., :k], None if gVh is None else gVh[..., :k, :]
    if gU is None and gVh is None:
        return (U * row(gS)) @ Vh
    E = plus_identity((row(S) - column(S)) * (row(S) + column(S)))
    core = 0 if gS is None else diag(gS)
    if gU is not None:
        inside = mT(U) @ gU
        core = core + (inside - mT(inside)) / E * row(S)
    if gVh is not None:
        inside = Vh @ mT(gVh)
        core = core + column(S) * ((inside - mT(inside)) / E)
    left = U @ core
    if gU is not None and U.shape[-2] > k:
        outside = gU / row(S)
        left = left + outside - U @ (mT(U) @ outside)
    result = left @ Vh
    if gVh is not None and Vh.shape[-1] > k:
        outside = gVh / column(S)
        result = result + U @ (outside - outside @ mT(Vh) @ Vh)
    return result


svd_arrays.vjp(A=_svd_vjp)
svd_arrays.shows(S_sym_argsize_minus_1=lambda S: S.shape[-1])


@primitive()
def singular_values(xp, A, /):
    """The singular values alone"""
    if not xp.isfinite(A).all():
        raise LinAlgError(NOT_FINITE)
    return xp.linalg.svd(A, compute_uv=False)


def _check_svd(A, driver):
    check_matrix("linalg.svd", A)
    check_floating("linalg.svd", A)
    if driver is not None:
        raise RuntimeError("torch.linalg.svd: keyword argument `driver=` is only supported on CUDA inputs with cuSOLVER "
                           "backend.")


@takes_out
def linalg_svd(A, full_matrices=True, *, driver=None):
    """(U, S, Vh) with A = U diag(S) Vh"""
    _check_svd(A, driver)
    return return_types.linalg_svd(svd_arrays(A, full_matrices))


def differentiated(A):
    """Whether a derivative by A may be asked for, which takes the vectors, too"""
    return mode.enabled and requires_grad(A)


@takes_out
def svdvals(A, *, driver=None):
    """The singular values, in descending order"""
    _check_svd(A, driver)
    return svd_arrays(A, False)[1] if differentiated(A) else singular_values(A)


@takes_out
def svd(input, some=True, compute_uv=True):
    """(U, S, V) with A = U diag(S) V^T"""
    if input.dim() < 2:
        raise RuntimeError(f"linalg.svd: input should have at least 2 dimensions, but has {input.dim()} dimensions "
                           f"instead")
    if not compute_uv:
        batch, (m, n) = tuple(input.shape[:-2]), input.shape[-2:]
        return return_types.svd((input.new_zeros(*batch, m, m), svdvals(input), input.new_zeros(*batch, n, n)))
    U, S, Vh = linalg_svd(input, not some)
    return return_types.svd((U, S, transpose(Vh, -2, -1)))


# ---- symmetric matrices ---------------------------------------------------------------------------------------------


@primitive("LinalgEighBackward0", outputs=("eigenvalues", "eigenvectors"))
def eigh_arrays(xp, A, /, UPLO):
    """Eigenvalues, ascending, and eigenvectors, in columns, of symmetric matrices of which one triangle is read"""
    try:
        L, V = xp.linalg.eigh(A, UPLO)
    except xp.linalg.LinAlgError:
        L = V = None
    if L is None or not xp.isfinite(L).all():
        raise LinAlgError("linalg.eigh: The algorithm failed to converge because the input matrix is ill-conditioned "
                          f"or has too many repeated eigenvalues (error code: {A.shape[-1] - 1}).")
    return L, by_columns(xp, V)


def _eigh_vjp(given, eigenvalues, eigenvectors):
    """V [skew(V^T gV) / (2 E) + diag(gL)] V^T, E_ij = L_j - L_i"""
    gL, gV = given
    V, core = eigenvectors, 0
    if gV is None:
        return (V * row(gL)) @ mT(V)
    inside = mT(V) @ gV
    core = (inside - mT(inside)) / plus_identity(row(eigenvalues) - column(eigenvalues)) * 0.5
    return V @ (core if gL is None else core + diag(gL)) @ mT(V)


eigh_arrays.vjp(A=_eigh_vjp)


def _check_eigh(A, UPLO):
    check_square("linalg.eigh", A)
    if UPLO.upper() not in ("L", "U"):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {UPLO}")
    check_kernel("linalg_eigh_cpu", A)


@takes_out
def eigh(A, UPLO="L"):
    """(eigenvalues, eigenvectors) of symmetric matrices"""
    _check_eigh(A, UPLO)
    return return_types.linalg_eigh(eigh_arrays(A, UPLO.upper()))


@takes_out
def eigvalsh(A, UPLO="L"):
    """The eigenvalues of symmetric matrices"""
    _check_eigh(A, UPLO)
    return eigh_arrays(A, UPLO.upper())[0]


@primitive("LinalgEigBackward0", outputs=("eigenvalues", "eigenvectors"))
def eig_arrays(xp, A, /):
    """Eigenvalues and eigenvectors, which are complex"""
    L, V = xp.linalg.eig(A)
    kind = xp.result_type(A.dtype, xp.complex64)
    return L.astype(kind), by_columns(xp, V.astype(kind))


def _check_eig(A):
    check_square("linalg.eig", A)
    check_floating("linalg.eig", A)
    if not backend_is_finite(A):
        raise LinAlgError("torch.linalg.eig: input tensor should not contain infs or NaNs.")


@on_its_device
def backend_is_finite(A):
    """Whether no element is inf or nan"""
    return bool(A.device.backend.isfinite(A._data).all())


@takes_out
def eig(A):
    """(eigenvalues, eigenvectors) of square matrices"""
    _check_eig(A)
    return return_types.linalg_eig(eig_arrays(A))


@takes_out
def eigvals(A):
    """The eigenvalues of square matrices"""
    _check_eig(A)
    return eig_arrays(A)[0]


# ---- pseudoinverse and rank -----------------------------------------------------------------------------------------


def _number(x):
    return x._data[..., None] if isinstance(x, Tensor) else x


def _tolerance(xp, S, shape, atol, rtol):
    """Singular values up to this count as 0: max(atol, rtol * the largest)"""
    atol = _number(0.0 if atol is None else atol)
    rtol = xp.where(xp.asarray(atol) > 0, 0.0, xp.finfo(S.dtype).eps * max(shape)) if rtol is None else _number(rtol)
    return xp.maximum(atol, rtol * largest(xp, S))


@primitive("LinalgPinvBackward0")
def pinv_arrays(xp, input, /, atol, rtol, hermitian):
    """V diag(1 / S) U^T over the singular values that do not count as 0"""
    shape = input.shape[-2:]
    if 0 in input.shape:
        return xp.zeros((*input.shape[:-2], shape[1], shape[0]), dtype=input.dtype)
    if hermitian:
        S, U = xp.linalg.eigh(input)
        Vh = xp.swapaxes(U, -1, -2)
    else:
        U, S, Vh = xp.linalg.svd(input, full_matrices=False)
    size = xp.abs(S)
    keep = size > _tolerance(xp, size, shape, atol, rtol)
    inverse = xp.where(keep, 1 / xp.where(keep, S, 1), 0).astype(input.dtype)
    return xp.ascontiguousarray(xp.matmul(xp.swapaxes(Vh, -1, -2) * inverse[..., None, :], xp.swapaxes(U, -1, -2)))


def pinv_vjp(g, input, out):
    """-X^T g X^T + (I - A X) g^T X X^T + X^T X g^T (I - X A) for X = pinv(A)"""
    A, X, gT = input, out, mT(g)
    right, left = gT @ X @ mT(X), mT(X) @ X @ gT
    return right - A @ (X @ right) + left - (left @ X) @ A - mT(X) @ g @ mT(X)


pinv_arrays.vjp(input=lambda g, input, out: pinv_vjp(g, input, out))


@takes_out
def linalg_pinv(A, rcond=None, hermitian=False, *, atol=None, rtol=None):
    """The Moore-Penrose pseudoinverse"""
    rtol = rcond if rtol is None else rtol
    if A.dim() < 2 or A.dtype.category < FLOAT:
        raise RuntimeError(f"linalg.pinv({SCALAR_TYPE[A.dtype]}{{{list(A.shape)}}}): expected a tensor with 2 or more "
                           f"dimensions of float, double, cfloat or cdouble types")
    if hermitian:
        check_square("linalg.eigh", A)
    return pinv_arrays(A, atol, rtol, hermitian)


def pinverse(input, rcond=1e-15):
    """The Moore-Penrose pseudoinverse"""
    return linalg_pinv(input, rcond)


@primitive()
def rank_arrays(xp, A, /, atol, rtol, hermitian):
    """How many singular values do not count as 0"""
    if 0 in A.shape[-2:]:
        return xp.zeros(A.shape[:-2], dtype=xp.int64)
    S = xp.abs(xp.linalg.eigvalsh(A)) if hermitian else xp.linalg.svd(A, compute_uv=False)
    return (S > _tolerance(xp, S, A.shape[-2:], atol, rtol)).sum(axis=-1)


@takes_out
def matrix_rank(A, tol=None, hermitian=False, *, atol=None, rtol=None):
    """How many singular values are larger than max(atol, rtol * the largest)"""
    check_matrix("torch.linalg.matrix_rank", A, "input")
    if hermitian:
        check_square("linalg.eigh", A)
    if tol is not None:
        atol, rtol = tol, 0.0
    return rank_arrays(A, atol, rtol, hermitian)
