"""Orthogonal polynomials of degree n at x, element by element, from their recurrences.  They have no derivatives in torch.

Each starts from 1 and `first(x)` and goes on by `step(k, x, p_k, p_(k-1))`; of a degree below 0 it is 0.
"""

from .kinds import no_half
from .primitive import pointwise
from .rounding import as_arrays

CLOSED_FROM = 7  # the degree from which on trigonometric forms take the place of the recurrence inside (-1, 1)


def polynomial(name, first, step, closed=None, shifted=False):
    """The op for one family.  `closed(xp, n, angle)` is the value at x = cos(angle)"""

    def values(xp, x, n):
        x, n = xp.broadcast_arrays(2 * x - 1 if shifted else x, xp.trunc(n))
        direct = xp.zeros(n.shape, dtype=bool) if closed is None else (xp.abs(x) < 1) & (n >= CLOSED_FROM)
        degrees = xp.where(direct, 0, n)
        highest = int(xp.max(degrees).item()) if n.size else 0
        before, here = xp.ones_like(x), first(x)
        result = xp.where(degrees == 0, before, xp.where(degrees == 1, here, 0.0))
        for k in range(1, highest):
            before, here = here, step(k, x, here, before)
            result = xp.where(degrees == k + 1, here, result)
        return result if closed is None else xp.where(direct, closed(xp, n, xp.arccos(xp.where(direct, x, 0.0))), result)

    def kernel(xp, x, n):
        for array in (x, n):
            no_half(xp, array, name + "_cpu")
        return values(xp, *as_arrays(xp, x, n))

    kernel.__name__, kernel.__doc__ = name, f"The {name.replace('_polynomial_', ' polynomial ')} of degree n at x"
    return pointwise(integers="float")(kernel)


def _doubling(k, x, here, before):
    return 2 * x * here - before


CHEBYSHEV = {
    "t": (lambda x: x, lambda xp, n, angle: xp.cos(n * angle)),
    "u": (lambda x: 2 * x, lambda xp, n, angle: xp.sin((n + 1) * angle) / xp.sin(angle)),
    "v": (lambda x: 2 * x - 1, lambda xp, n, angle: xp.cos((n + 0.5) * angle) / xp.cos(angle / 2)),
    "w": (lambda x: 2 * x + 1, lambda xp, n, angle: xp.sin((n + 0.5) * angle) / xp.sin(angle / 2)),
}  # of the first to the fourth kind: p_1 and the trigonometric form


def _chebyshev(kind, shifted=False):
    first, closed = CHEBYSHEV[kind]
    name = "shifted_chebyshev_polynomial_" if shifted else "chebyshev_polynomial_"
    return polynomial(name + kind, first, _doubling, closed, shifted)


chebyshev_polynomial_t, chebyshev_polynomial_u = _chebyshev("t"), _chebyshev("u")
chebyshev_polynomial_v, chebyshev_polynomial_w = _chebyshev("v"), _chebyshev("w")
shifted_chebyshev_polynomial_t, shifted_chebyshev_polynomial_u = _chebyshev("t", True), _chebyshev("u", True)
shifted_chebyshev_polynomial_v, shifted_chebyshev_polynomial_w = _chebyshev("v", True), _chebyshev("w", True)

hermite_polynomial_h = polynomial(
    "hermite_polynomial_h", lambda x: 2 * x, lambda k, x, here, before: 2 * (x * here - k * before))
hermite_polynomial_he = polynomial(
    "hermite_polynomial_he", lambda x: x, lambda k, x, here, before: x * here - k * before)
laguerre_polynomial_l = polynomial(
    "laguerre_polynomial_l", lambda x: 1 - x,
    lambda k, x, here, before: ((2 * k + 1 - x) * here - k * before) / (k + 1))
legendre_polynomial_p = polynomial(
    "legendre_polynomial_p", lambda x: x,
    lambda k, x, here, before: ((2 * k + 1) * x * here - k * before) / (k + 1))  # fmt: skip
