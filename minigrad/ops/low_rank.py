"""Low-rank approximations of matrices by random projection (Halko, Martinsson and Tropp 2009)."""

from .linalg import matmul
from .matrices import mT
from .orthogonal import linalg_qr
from .reduction import mean
from .sampling import randn
from .shape import expand
from .spectral import linalg_svd


def _basis(A, size, niter, M):
    """An orthonormal basis of nearly all that A - M maps to: random directions, mapped to and fro and made orthogonal"""
    apart = lambda X, other: matmul(A, X) if other is None else matmul(A, X) - matmul(other, X)
    Q = linalg_qr(apart(randn(A.shape[-1], size, dtype=A.dtype, device=A.device), M))[0]
    for _ in range(niter):
        back = matmul(mT(A), Q) if M is None else matmul(mT(A), Q) - matmul(mT(M), Q)
        Q = linalg_qr(apart(linalg_qr(back)[0], M))[0]
    return Q


def svd_lowrank(A, q=6, niter=2, M=None):
    """(U, S, V) with A - M nearly U diag(S) V^T, of rank q"""
    q = 6 if q is None else q
    M = M if M is None else expand(M, tuple(A.shape))
    wide = A.shape[-2] < A.shape[-1]
    if wide:
        A, M = mT(A), M if M is None else mT(M)
    Q = _basis(A, q, niter, M)
    B = matmul(mT(Q), A) if M is None else matmul(mT(Q), A - M)
    U, S, Vh = linalg_svd(B, False)
    U, V = matmul(Q, U), mT(Vh)
    return (V, S, U) if wide else (U, S, V)


def pca_lowrank(A, q=None, center=True, niter=2):
    """(U, S, V) of A with the mean of its rows taken off: V's columns are the principal directions"""
    m, n = A.shape[-2:]
    q = min(6, m, n) if q is None else q
    if not 0 <= q <= min(m, n):
        raise ValueError(f"q(={q}) must be non-negative integer and not greater than min(m, n)={min(m, n)}")
    if niter < 0:
        raise ValueError(f"niter(={niter}) must be non-negative integer")
    return svd_lowrank(A - mean(A, -2, keepdim=True) if center else A, q, niter)
