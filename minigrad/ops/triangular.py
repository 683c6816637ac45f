"""Systems of equations with triangular matrices."""

from .. import return_types
from ..dtypes import SCALAR_TYPE
from .keeping import keeping
from .matrices import by_columns, check_matrix, check_square, mT, triangle
from .out import takes_out
from .primitive import primitive


def substitute(xp, A, B, upper, unit=False):
    """X with A X = B by forward or backward substitution"""
    n = A.shape[-1]
    shape = xp.broadcast_shapes(A.shape[:-2], B.shape[:-2]) + B.shape[-2:]
    X = xp.array(xp.broadcast_to(B, shape))
    for i in range(n - 1, -1, -1) if upper else range(n):
        known = slice(i + 1, n) if upper else slice(0, i)
        X[..., i, :] -= xp.matmul(A[..., i : i + 1, known], X[..., known, :])[..., 0, :]
        if not unit:
            X[..., i, :] /= A[..., i, i, None]
    return X


@primitive("LinalgSolveTriangularBackward0")
def solve_triangular_arrays(xp, input, B, /, upper, left, unitriangular):
    """X with A X = B, or with X A = B unless `left`"""
    if left:
        return by_columns(xp, substitute(xp, input, B, upper, unitriangular))
    A, B = xp.swapaxes(input, -1, -2), xp.swapaxes(B, -1, -2)
    return by_columns(xp, xp.swapaxes(substitute(xp, A, B, not upper, unitriangular), -1, -2))


def _to_B(g, input, upper, left, unitriangular):
    return solve_triangular_arrays(mT(input), g, not upper, left, unitriangular)


def _to_A(g, input, out, upper, left, unitriangular):
    gB = _to_B(g, input, upper, left, unitriangular)
    return -triangle(gB @ mT(out) if left else mT(out) @ gB, upper, unitriangular)


solve_triangular_arrays.vjp(input=_to_A, B=keeping("out")(_to_B))


def check_shapes(name, A, B, left, square=check_square):
    """Raise RuntimeError unless A X = B (or X A = B) makes sense."""
    square(name, A)
    check_matrix(name, B, "B")
    if B.shape[-2 if left else -1] != A.shape[-1]:
        raise RuntimeError(f"{name}: Incompatible shapes of A and B for the equation {'AX' if left else 'XA'} = B "
                           f"({A.shape[-2]}x{A.shape[-1]} and {B.shape[-2]}x{B.shape[-1]})")


@takes_out
def solve_triangular(input, B, *, upper, left=True, unitriangular=False):
    """X with A X = B for a triangular A, or with X A = B unless `left`"""
    check_shapes("linalg.solve_triangular", input, B, left)
    return solve_triangular_arrays(input, B, upper, left, unitriangular)


@primitive("TriangularSolveBackward0", outputs=("solution", "cloned_coefficient"))
def triangular_solve_arrays(xp, b, A, /, upper, transpose, unitriangular):
    """X with A X = b (or A^T X = b), and a copy of A"""
    matrix = xp.swapaxes(A, -1, -2) if transpose else A
    X = substitute(xp, matrix, b, upper is not transpose, unitriangular)
    clone = xp.array(xp.broadcast_to(A, X.shape[:-2] + A.shape[-2:]))
    return by_columns(xp, X), by_columns(xp, clone)


@keeping("b")
def _triangular_vjp(gs, needs, A, solution, upper, transpose, unitriangular):
    gX, gA = gs
    gb = solve_triangular_arrays(A if transpose else mT(A), gX, upper is transpose, True, unitriangular)
    if needs[1]:
        product = solution @ mT(gb) if transpose else gb @ mT(solution)
        gA = gA - triangle(product, upper, unitriangular)
    return gb if needs[0] else None, gA if needs[1] else None


triangular_solve_arrays.vjp(("b", "A", _triangular_vjp))


@takes_out
def triangular_solve(b, A, upper=True, transpose=False, unitriangular=False):
    """X with A X = b for a triangular A, and a copy of A"""
    for name, x in (("b", b), ("A", A)):
        if x.dim() < 2:
            raise RuntimeError(f"torch.triangular_solve: Expected {name} to have at least 2 dimensions, but it has "
                               f"{x.dim()} dimensions instead")
    if b.dtype is not A.dtype:
        raise RuntimeError(f"torch.triangular_solve: expects b and A to have the same dtype, but got "
                           f"{SCALAR_TYPE[b.dtype]} and {SCALAR_TYPE[A.dtype]}")
    if A.shape[-1] == A.shape[-2] != b.shape[-2]:
        raise RuntimeError(f"Incompatible matrix sizes for triangular_solve: each A matrix is {A.shape[-1]} by "
                           f"{A.shape[-1]} but each b matrix is {b.shape[-2]} by {b.shape[-1]}")
    check_shapes("triangular_solve", A, b, True)
    return return_types.triangular_solve(triangular_solve_arrays(b, A, upper, transpose, unitriangular))
