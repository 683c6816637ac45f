"""Symmetric matrices that need not be positive: A = L D L^T, D with blocks of size 1 and 2 (Bunch and Kaufman 1977).

All matrices of a batch take a step together.  The second column of a block of size 2 is done with the first.
"""

import math

from .. import return_types
from ..dtypes import SCALAR_TYPE
from .matrices import by_columns, check_floating, check_kernel, check_matrix, check_same_dtype, check_square, first_failure
from .out import takes_out
from .primitive import primitive
from .promotion import broadcast_shape
from .refusing import refusing

ALPHA = (1 + math.sqrt(17)) / 8  # balances how much the elements grow over blocks of size 1 and of size 2


def _choose(xp, A, k, waiting):
    """For each matrix the row to exchange, and whether the block at k has size 2"""
    batch, n = xp.arange(A.shape[0]), A.shape[-1]
    size, after = xp.abs(A), xp.arange(n) > k
    column = xp.where(after, size[:, :, k], 0)
    best = xp.argmax(column, axis=1)
    largest, own = column[batch, best], size[batch, best, best]
    others = xp.where((xp.arange(n) >= k) & (xp.arange(n) != best[:, None]), size[batch, best], 0).max(-1)
    here = size[:, k, k]
    keep = waiting | (here >= ALPHA * largest) | (here * others >= ALPHA * largest * largest)
    pair = ~keep & (own < ALPHA * others)
    return xp.where(keep, k, best), pair


def _exchange(xp, A, k, p, q):
    """Rows and columns p and q exchanged in the part of each matrix from k on"""
    n = A.shape[-1]
    order = xp.arange(n)[None, :]
    order = xp.where(order == p[:, None], q[:, None], xp.where(order == q[:, None], p[:, None], order))
    batch = xp.arange(A.shape[0])[:, None, None]
    rest = xp.arange(n) >= k
    return xp.where(rest[:, None] & rest, A[batch, order[:, :, None], order[:, None, :]], A)


def _eliminate(xp, A, k, pair, waiting):
    """One block taken out: its columns become those of L, and what remains loses L D L^T"""
    n, places = A.shape[-1], xp.arange(A.shape[-1])
    one, two = (~pair & ~waiting)[:, None], pair[:, None]
    v, pivot = xp.where(places > k, A[:, :, k], 0), A[:, k, k][:, None]
    single = v / xp.where(pivot == 0, 1, pivot)
    taken = xp.where(one, v, 0)[:, :, None] * single[:, None, :]
    A = A.copy()
    if k + 1 < n and pair.any():
        beyond = places > k + 1
        x, y = (xp.where(beyond, A[:, :, j], 0) for j in (k, k + 1))
        off = xp.where(two, A[:, k + 1, k][:, None], 1)
        d11, d22 = xp.where(two, A[:, k + 1, k + 1][:, None], 0) / off, xp.where(two, A[:, k, k][:, None], 0) / off
        scale = 1 / (d11 * d22 - 1) / off
        left, right = scale * (d11 * x - y), scale * (d22 * y - x)
        both = x[:, :, None] * left[:, None, :] + y[:, :, None] * right[:, None, :]
        taken = xp.where(two[:, :, None], both, taken)
        A[:, :, k] = xp.where(two & beyond, left, A[:, :, k])
        A[:, :, k + 1] = xp.where(two & beyond, right, A[:, :, k + 1])
    A[:, :, k] = xp.where(one & (places > k), single, A[:, :, k])
    rest = places > k
    trailing = (rest[:, None] & rest)[None] & (one | (places > k + 1)[None])[:, :, None] & (one | (places > k + 1))[:, None, :]
    return xp.where(trailing & ~waiting[:, None, None], A - taken, A)


@primitive("NotImplemented", outputs=("LD", "pivots", "info"), differentiable_outputs=1)
def ldl_arrays(xp, A, /):
    """L below the blocks of D in one matrix, the exchanges (negative: of a block of size 2), and where D has a 0"""
    n, shape = A.shape[-1], A.shape
    lower = xp.tril(A).reshape(math.prod(shape[:-2]), n, n)
    work = lower + xp.swapaxes(xp.tril(lower, -1), -1, -2)
    pivots, info = xp.zeros((len(work), n), dtype=xp.int32), xp.zeros(len(work), dtype=xp.int32)
    waiting = xp.zeros(len(work), dtype=bool)
    for k in range(n):
        row, pair = _choose(xp, work, k, waiting)
        work = _exchange(xp, work, k, xp.where(waiting, row, k + pair), row)
        pivots[:, k] = xp.where(waiting, pivots[:, k], xp.where(pair, -(row + 1), row + 1))
        if k + 1 < n:
            pivots[:, k + 1] = xp.where(pair, -(row + 1), 0)
        zero = ~waiting & ~pair & (work[:, k, k] == 0) & (info == 0)
        info = xp.where(zero, k + 1, info).astype(xp.int32)
        work, waiting = _eliminate(xp, work, k, pair, waiting), pair
    return by_columns(xp, xp.tril(work).reshape(shape)), pivots.reshape(shape[:-1]), info.reshape(shape[:-2])


refusing(ldl_arrays, "linalg_ldl_factor_ex")


@takes_out
def ldl_factor_ex(input, *, hermitian=False, check_errors=False):
    """(LD, pivots, info) of symmetric matrices, of which the lower triangles are read; info is not 0 where D has a 0"""
    check_square("torch.linalg.ldl_factor_ex", input)
    check_floating("torch.linalg.ldl_factor_ex", input)
    result = ldl_arrays(input)
    if check_errors:
        _check_factor("torch.linalg.ldl_factor_ex", result[2])
    return return_types.linalg_ldl_factor_ex(result)


@takes_out
def ldl_factor(input, *, hermitian=False):
    """(LD, pivots) of symmetric matrices, of which the lower triangles are read"""
    LD, pivots, _ = ldl_factor_ex(input, hermitian=hermitian)
    return return_types.linalg_ldl_factor((LD, pivots))


def _check_factor(name, info):
    failure = first_failure(info)
    if failure:
        raise RuntimeError(f"{name}: {failure[0]}D[{failure[1]},{failure[1]}] is zero")


# ---- solving --------------------------------------------------------------------------------------------------------


def _rows(xp, B, p, q):
    """Rows p and q of each matrix exchanged"""
    order = xp.arange(B.shape[1])[None, :]
    order = xp.where(order == p[:, None], q[:, None], xp.where(order == q[:, None], p[:, None], order))
    return B[xp.arange(B.shape[0])[:, None], order]


@primitive("NotImplemented")
def ldl_solved(xp, LD, pivots, B, /):
    """X with P L D L^T P^T X = B, one block after the other down and up again"""
    batch, n = xp.broadcast_shapes(LD.shape[:-2], B.shape[:-2]), LD.shape[-1]
    LD, pivots, B = (xp.broadcast_to(x, batch + x.shape[-d:]).reshape(math.prod(batch), *x.shape[-d:])
                     for x, d in ((LD, 2), (pivots, 1), (B, 2)))
    places = xp.arange(n)
    starts, second = [], xp.zeros(len(LD), dtype=bool)
    for k in range(n):
        starts.append((pivots[:, k] < 0) & ~second)
        second = starts[-1]
    column = lambda k, first: xp.where(places > first, LD[:, :, k], 0)[:, :, None]
    for k in range(n):
        pair, second = starts[k], starts[k - 1] if k else xp.zeros(len(LD), dtype=bool)
        row = xp.abs(pivots[:, k]) - 1
        B = xp.where(second[:, None, None], B, _rows(xp, B, xp.where(pair, k + 1, k), row))
        single = B - column(k, k) * B[:, k : k + 1]
        single[:, k] = B[:, k] / xp.where(LD[:, k, k] == 0, 1, LD[:, k, k])[:, None]
        both = B.copy()
        if k + 1 < n:
            both = B - column(k, k + 1) * B[:, k : k + 1] - column(k + 1, k + 1) * B[:, k + 1 : k + 2]
            off = xp.where(pair, LD[:, k + 1, k], 1)[:, None]
            a, c, u, w = LD[:, k, k][:, None] / off, LD[:, k + 1, k + 1][:, None] / off, B[:, k] / off, B[:, k + 1] / off
            scale = xp.where(pair[:, None], a * c - 1, 1)
            both[:, k], both[:, k + 1] = (c * u - w) / scale, (a * w - u) / scale
        B = xp.where(second[:, None, None], B, xp.where(pair[:, None, None], both, single))
    for k in reversed(range(n)):
        pair, second = starts[k], starts[k - 1] if k else xp.zeros(len(LD), dtype=bool)
        first = xp.where(pair, k + 1, k)
        weights = xp.where(places > first[:, None], LD[:, :, k], 0)
        B = B.copy()
        B[:, k] = B[:, k] - xp.sum(weights[:, :, None] * B, axis=1)
        row = xp.abs(pivots[:, k]) - 1
        B = xp.where(second[:, None, None], B, _rows(xp, B, xp.where(pair, k + 1, k), row))
    return by_columns(xp, B.reshape(*batch, *B.shape[1:]))


refusing(ldl_solved, "linalg_ldl_solve")


@takes_out
def ldl_solve(LD, pivots, B, *, hermitian=False):
    """X with A X = B for the A that ldl_factor took apart"""
    check_square("torch.linalg.ldl_solve", LD, "LD")
    check_matrix("torch.linalg.ldl_solve", B, "B")
    check_floating("torch.linalg.ldl_solve", LD)
    check_same_dtype("torch.linalg.ldl_solve", LD, B)
    check_kernel("ldl_solve_cpu", LD)
    if str(pivots.dtype) not in ("torch.int32", "torch.int64"):
        raise RuntimeError(f"torch.linalg.ldl_solve: Expected pivots to be integers. Got {SCALAR_TYPE[pivots.dtype]}")
    broadcast_shape(tuple(B.shape[:-2]), tuple(LD.shape[:-2]))
    return ldl_solved(LD, pivots, B)
