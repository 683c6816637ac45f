"""Functions of matrices: the exponential, and Vandermonde's matrix."""

from .matrices import check_floating, check_square, largest, mT
from .primitive import primitive
from .shape import cat, expand

# A polynomial of degree 18 that agrees with exp to the last term, made of five products of matrices: Bader, Blanes and
# Casas, "Computing the matrix exponential with an optimized Taylor polynomial approximation" (2019).  Each row: the factors
# of 1, A, A^2, A^3 and A^6.  It is exact to a dtype's precision for norms up to the limit.
FACTORS = (
    (0, -0.10036558103014462001, -0.00802924648241156960, -0.00089213849804572995, 0),
    (0, 0.39784974949964507614, 1.36783778460411719922, 0.49828962252538267755, -0.00063789819459472330),
    (-10.9676396052962062593, 1.68015813878906197182, 0.05717798464788655127, -0.00698210122488052084,
     0.00003349750170860705),
    (-0.09043168323908105619, -0.06764045190713819075, 0.06759613017704596460, 0.02955525704293155274,
     -0.00001391802575160607),
    (0, 0, -0.09233646193671185927, -0.01693649390020817171, -0.00001400867981820361),
)
LIMIT = {4: 3.01, 8: 1.09}


def _polynomial(xp, A):
    """1 + A + A^2 / 2! + ... + A^18 / 18!"""
    square = xp.matmul(A, A)
    cube = xp.matmul(square, A)
    powers = xp.eye(A.shape[-1], dtype=A.dtype), A, square, cube, xp.matmul(cube, cube)
    one, two, three, four, five = (
        sum([factor * power for factor, power in zip(row, powers) if factor]) for row in FACTORS)
    inner = xp.matmul(one, five) + four
    return two + xp.matmul(three + inner, inner)


def _exp(xp, A):
    """exp(A) = exp(A / 2^s)^(2^s), with an s for each matrix"""
    kind, A = A.dtype, A if A.dtype.itemsize > 2 else A.astype(xp.float32)
    norm = largest(xp, xp.abs(A).sum(-2))[..., None]
    wanted = xp.ceil(xp.log2(xp.maximum(norm, LIMIT[A.dtype.itemsize]) / LIMIT[A.dtype.itemsize]))
    halvings = xp.where(xp.isfinite(wanted), wanted, 0)
    result = _polynomial(xp, A * xp.exp2(-halvings).astype(A.dtype))
    for done in range(int(halvings.max()) if halvings.size else 0):
        result = xp.where(done < halvings, xp.matmul(result, result), result)
    return result.astype(kind)


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


def matrix_exp(input):
    """The matrix exponential"""
    check_square("linalg.matrix_exp", input)
    check_floating("linalg.matrix_exp", input, low=True)
    return matrix_exp_arrays(input)


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
