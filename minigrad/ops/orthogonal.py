"""QR, and matrices that are products of Householder reflections."""

from .. import return_types
from ..dtypes import SCALAR_TYPE
from .matrices import by_columns, check_floating, check_matrix, mT, tril
from .out import takes_out
from .primitive import primitive
from .shape import cat, stack, unsqueeze_dim
from .triangular import solve_triangular_arrays as solve_tri

MODES = ("reduced", "complete", "r")


@primitive("LinalgQrBackward0", outputs=("Q", "R"))
def qr_arrays(xp, A, /, mode):
    """Q and R with A = Q R, R upper triangular; Q is empty for mode "r" """
    if mode == "r":
        return xp.zeros(0, dtype=A.dtype), by_columns(xp, xp.linalg.qr(A, "r"))
    Q, R = xp.linalg.qr(A, mode)
    return by_columns(xp, Q), by_columns(xp, R)


def _symmetric(M):
    """The lower triangle, copied to the upper"""
    return tril(M, 0) + mT(tril(M, -1))


def _qr_vjp(gs, Q, R, mode):
    """[gQ + Q copyltu(R gR^T - gQ^T Q)] R^-T; a wide matrix's last columns are Q times R's last"""
    if mode == "r":
        raise RuntimeError("The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use "
                           "linalg.qr(A, mode='reduced') if you are going to require gradients.")
    gQ, gR = gs
    m, n = Q.shape[-2], R.shape[-1]
    if mode == "complete" and m > n:
        raise RuntimeError("The QR decomposition is not differentiable when mode='complete' and nrows > ncols")
    if m >= n:
        return _tall(gQ, gR, Q, R)
    gQ = gQ + Q @ R[..., m:] @ mT(gR[..., m:])
    return cat([_tall(gQ, gR[..., :m], Q, R[..., :m]), Q @ gR[..., m:]], -1)


def _tall(gQ, gR, Q, R):
    M = R @ mT(gR) - mT(gQ) @ Q
    return solve_tri(mT(R), gQ + Q @ _symmetric(M), False, False, False)


qr_arrays.vjp(A=_qr_vjp)


def _check_mode(mode):
    if mode not in MODES:
        raise RuntimeError(f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', or "
                           f"'complete'")


@takes_out
def linalg_qr(A, mode="reduced"):
    """(Q, R) with A = Q R"""
    check_matrix("linalg.qr", A)
    check_floating("linalg.qr", A)
    _check_mode(mode)
    return return_types.linalg_qr(qr_arrays(A, mode))


@takes_out
def qr(input, some=True):
    """(Q, R) with A = Q R, Q square unless `some`"""
    Q, R = linalg_qr(input, "reduced" if some else "complete")
    return return_types.qr((Q, R))


# ---- products of reflections I - tau v v^T, v = 0 above the diagonal, 1 on it ---------------------------------------


@primitive("GeqrfBackward0", outputs=("a", "tau"))
def geqrf_arrays(xp, A, /):
    """R above the diagonal, the reflections' vectors below it, and their factors"""
    h, tau = xp.linalg.qr(A, "raw")
    return by_columns(xp, xp.swapaxes(h, -1, -2)), tau


def _no_derivative(gs):
    raise NotImplementedError("the derivative for 'geqrf' is not implemented.")


geqrf_arrays.vjp(A=_no_derivative)


@takes_out
def geqrf(input):
    """(a, tau): R and the reflections whose product is Q"""
    if input.dim() < 2:
        raise RuntimeError("torch.geqrf: input must have at least 2 dimensions.")
    return return_types.geqrf(geqrf_arrays(input))


@primitive()
def _first_columns(xp, input, /):
    """The columns of the identity matrix that input has room for"""
    return xp.array(xp.broadcast_to(xp.eye(*input.shape[-2:], dtype=input.dtype), input.shape))


@primitive()
def _unit(xp, input, /, i):
    """The i-th unit vector as a column"""
    v = xp.zeros((input.shape[-2], 1), dtype=input.dtype)
    v[i] = 1
    return v


def _vector(input, i):
    """The i-th reflection's vector as a column"""
    return tril(input, -1)[..., i : i + 1] + _unit(input, i)


def _factor(tau, i):
    return unsqueeze_dim(tau[..., i : i + 1], tau.ndim)


def _reflect(X, v, factor):
    return X - factor * (v @ (mT(v) @ X))


def _apply(input, tau, X, order):
    """The reflections applied to X from the last of `order` to its first; every X on the way, first the result"""
    states = [X]
    for i in reversed(order):
        states.append(_reflect(states[-1], _vector(input, i), _factor(tau, i)))
    return states[::-1]


def _reflections_vjp(g, input, tau, states, order):
    """The gradients of the vectors' matrix, of the factors and of X, from the states on the way"""
    columns, factors = {}, {}
    for i, Y in zip(order, states[1:]):
        v, factor = _vector(input, i), _factor(tau, i)
        row_g, row_Y = mT(g) @ v, mT(Y) @ v
        factors[i] = -(mT(row_g) @ row_Y)[..., 0, 0]
        columns[i] = -factor * (g @ row_Y + Y @ row_g)
        g = _reflect(g, v, factor)
    k, blank = tau.shape[-1], input[..., :1] * 0
    if not k:
        return input * 0, tau * 0, g
    gv = cat([columns.get(i, blank) for i in range(input.shape[-1])], -1)
    return tril(gv, -1), stack([factors[i] for i in range(k)], -1), g


@primitive("LinalgHouseholderProductBackward0")
def householder_arrays(xp, input, tau, /):
    """The first columns of the product of the reflections"""
    return by_columns(xp, _apply(input, tau, _first_columns(input), range(tau.shape[-1]))[0])


def _householder_vjp(gs, needs, input, tau):
    order = range(tau.shape[-1])
    if not order:
        return None, None
    return _reflections_vjp(gs[0], input, tau, _apply(input, tau, _first_columns(input), order), order)[:2]


householder_arrays.vjp(("input", "tau", _householder_vjp))


def _check_reflections(name, input, tau):
    if input.dim() < 2:
        raise RuntimeError(f"{name}: input must have at least 2 dimensions.")
    if input.shape[-2] < input.shape[-1]:
        raise RuntimeError(f"{name}: input.shape[-2] must be greater than or equal to input.shape[-1]")
    if input.shape[-1] < tau.shape[-1]:
        raise RuntimeError(f"{name}: input.shape[-1] must be greater than or equal to tau.shape[-1]")
    if input.dim() - tau.dim() != 1:
        raise RuntimeError(f"{name}: Expected tau to have one dimension less than input, but got tau.ndim equal to "
                           f"{tau.dim()} and input.ndim is equal to {input.dim()}")
    if input.dtype is not tau.dtype:
        raise RuntimeError(f"{name}: tau dtype {SCALAR_TYPE[tau.dtype]} does not match input dtype "
                           f"{SCALAR_TYPE[input.dtype]}")


@takes_out
def householder_product(input, tau):
    """The first columns of the product of reflections I - tau v v^T whose vectors are in the columns of input"""
    _check_reflections("torch.linalg.householder_product", input, tau)
    return householder_arrays(input, tau)


@takes_out
def orgqr(input, input2):
    """householder_product(input, input2)"""
    return householder_product(input, input2)


@primitive("OrmqrBackward0")
def ormqr_arrays(xp, input, tau, other, /, left, transpose):
    """Q other, other Q, or the same with Q^T"""
    return by_columns(xp, _ormqr_states(input, tau, other, left, transpose)[0][0])


def _ormqr_states(input, tau, other, left, transpose):
    """other Q is (Q^T other^T)^T: reflections are symmetric, so Q^T applies them in the opposite order"""
    order = list(range(tau.shape[-1]))
    if left is transpose:
        order.reverse()
    states = _apply(input, tau, other if left else mT(other), order)
    return (states if left else [mT(states[0]), *states[1:]]), order


def _ormqr_vjp(gs, needs, input, tau, other, left, transpose):
    if 0 in tau.shape or 0 in input.shape:
        return None, None, ormqr_arrays(input, tau, gs[0], left, not transpose)
    states, order = _ormqr_states(input, tau, other, left, transpose)
    gv, gtau, gX = _reflections_vjp(gs[0] if left else mT(gs[0]), input, tau, states, order)
    return gv, gtau, gX if left else mT(gX)


ormqr_arrays.vjp(("input", "tau", "other", _ormqr_vjp))


@takes_out
def ormqr(input, input2, input3, left=True, transpose=False):
    """Q times input3, or input3 times Q, for the Q whose reflections are in input and input2"""
    tau, other = input2, input3
    if input.dim() < 2 or other.dim() < 2:
        raise RuntimeError(f"torch.ormqr: {'input' if input.dim() < 2 else 'other'} must have at least 2 dimensions.")
    size = other.shape[-2 if left else -1]
    side = "-2" if left else "-1"
    if size < tau.shape[-1]:
        raise RuntimeError(f"torch.ormqr: other.shape[{side}] must be greater than or equal to tau.shape[-1]")
    if tau.shape[-1] != min(size, input.shape[-1]):
        raise RuntimeError(f"torch.ormqr: tau.shape[-1] must be equal to min(other.shape[{side}], input.shape[-1])")
    if size != input.shape[-2]:
        raise RuntimeError(f"torch.ormqr: other.shape[{side}] must be equal to input.shape[-2]")
    return ormqr_arrays(input, tau, other, left, transpose)
