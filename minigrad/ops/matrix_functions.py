"""Functions of matrices: the exponential, and Vandermonde's matrix."""

import math

from .matrices import check_floating, check_square, largest, mT
from .primitive import primitive
from .shape import cat, expand

# The Pade approximant of degree 13 of exp is p(x) / p(-x); it is exact to float64 for norms up to LIMIT.
PADE = [math.factorial(26 - k) * math.factorial(13) / (math.factorial(26) * math.factorial(k) * math.factorial(13 - k))
        for k in range(14)]  # fmt: skip
LIMIT = 5.4


def _exp(xp, A):
    """exp(A) = exp(A / 2^s)^(2^s)"""
    top = largest(xp, xp.abs(A).sum(-2).reshape(-1)).item()
    halvings = max(0, math.ceil(math.log2(top / LIMIT))) if 0 < top < math.inf else 0
    A = A * 0.5**halvings
    eye, square = xp.eye(A.shape[-1], dtype=A.dtype), xp.matmul(A, A)
    odd = even = xp.zeros_like(A)
    for k in range(12, -1, -2):
        even = xp.matmul(even, square) + PADE[k] * eye
        odd = xp.matmul(odd, square) + PADE[k + 1] * eye
    odd = xp.matmul(A, odd)
    result = xp.linalg.solve(even - odd, even + odd)
    for _ in range(halvings):
        result = xp.matmul(result, result)
    return result


@primitive("LinalgMatrixExpBackward0")
def matrix_exp_arrays(xp, input, /):
    """1 + A + A^2 / 2! + A^3 / 3! + ..."""
    return _exp(xp, input)


def _exp_vjp(g, input):
    """The upper right block of exp([[A^T, g], [0, A^T]])"""
    n, A = input.shape[-1], mT(input)
    block = cat([cat([A, g], -1), cat([A * 0, A], -1)], -2)
    return matrix_exp_arrays(block)[..., :n, n:]


matrix_exp_arrays.vjp(input=_exp_vjp)


def matrix_exp(A):
    """The matrix exponential"""
    check_square("linalg.matrix_exp", A)
    check_floating("linalg.matrix_exp", A, low=True)
    return matrix_exp_arrays(A)


def linalg_vander(x, *, N=None):
    """The powers 0 to N - 1 of the last dimension's elements, in rows"""
    N = (x.shape[-1] if x.dim() else 1) if N is None else N
    if N <= 1:
        raise RuntimeError("N must be greater than 1.")
    x = (x if x.dim() else x.unsqueeze(-1)).unsqueeze(-1)
    powers = expand(x, (*x.shape[:-1], N - 1)).cumprod(-1)
    return cat([x.new_ones(x.shape), powers], -1)


def vander(x, N=None, increasing=False):
    """The powers of a vector's elements, in rows, by default from the highest down"""
    if x.dim() != 1:
        raise RuntimeError("x must be a one-dimensional tensor.")
    N = x.shape[0] if N is None else N
    ones = x.new_ones((x.shape[0], min(N, 1)))
    powers = cat([ones, expand(x.unsqueeze(-1), (x.shape[0], N - 1)).cumprod(-1)], -1) if N > 1 else ones
    return powers if increasing else powers.flip(-1)
