"""Products of other kinds: outer, inner, tensordot, Kronecker, chains and powers of matrices, cross products."""

import math

from ..dtypes import CPP_NAME, SCALAR_TYPE
from .creation import eye
from .dims import wrap_dim
from .linalg import check_dot, dot, matmul, mm
from .matrices import check_square
from .out import takes_out
from .primitive import primitive
from .reduction import sum_dims
from .shape import clone, permute_dims, reshape, unsafe_view, unsqueeze_dim, view
from .solving import inv


@primitive("VdotBackward0")
def vdot_arrays(xp, input, other, /):
    """The inner product of two vectors"""
    return input.dot(other)


vdot_arrays.vjp(input=lambda g, other: g * other, other=lambda g, input: g * input)


@takes_out
def vdot(input, other):
    """The inner product of two vectors of equal length"""
    check_dot(input, other)
    return vdot_arrays(input, other)


@takes_out
def outer(input, vec2):
    """The matrix of all products of two vectors' elements"""
    for name, x in (("self", input), ("vec2", vec2)):
        if x.dim() != 1:
            raise RuntimeError(f"outer: Expected 1-D argument {name}, but got {x.dim()}-D")
    return reshape(input, input.shape[0], 1) * vec2


@takes_out
def inner(input, other):
    """The sums of products over the last dimension of both"""
    if input.dim() == 0 or other.dim() == 0:
        return input * other
    if input.shape[-1] != other.shape[-1]:
        raise RuntimeError(f"inner() the last dimension must match on both input tensors but got shapes "
                           f"{list(input.shape)} and {list(other.shape)}")
    return tensordot(input, other, [[-1], [-1]])


@takes_out
def vecdot(x, y, *, dim=-1):
    """The sum of x * y over a dimension"""
    if x.dtype is not y.dtype:
        raise RuntimeError(f"linalg.vecdot: Expected x and y to have the same dtype, but found x of type "
                           f"{SCALAR_TYPE[x.dtype]} and y of type {SCALAR_TYPE[y.dtype]} instead")
    if x.dim() == 1 and y.dim() == 1:
        check_dot(x, y)
        return vdot(x, y)
    return (x * y).sum(dim)


# ---- tensordot ------------------------------------------------------------------------------------------------------


def _pairs(a, b, dims):
    """The dimensions of each tensor that are summed over"""
    if hasattr(dims, "tolist"):
        dims = dims.tolist()
    if isinstance(dims, int):
        if dims < 0:
            raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
        if dims > min(a.dim(), b.dim()):
            raise RuntimeError(f"tensordot expects dims < ndim_a or ndim_b, but got dims={dims}")
        return list(range(-dims, 0)), list(range(dims))
    return [[x] if isinstance(x, int) else list(x) for x in dims]


@takes_out
def tensordot(a, b, dims=2):
    """The sums of products over pairs of dimensions, one of each tensor"""
    dims_a, dims_b = _pairs(a, b, dims)
    if len(dims_a) != len(dims_b):
        raise RuntimeError("both dimension lists should have same length")
    if a.dtype is not b.dtype:
        raise RuntimeError("both inputs should have same dtype")
    first, second = [], []
    for i, j in zip(dims_a, dims_b):
        d, e = wrap_dim(i, a.dim()), wrap_dim(j, b.dim())
        if a.shape[d] == 1:
            b = sum_dims(b, (e,), True)
        elif b.shape[e] == 1:
            a = sum_dims(a, (d,), True)
        elif a.shape[d] != b.shape[e]:
            raise RuntimeError(f"contracted dimensions need to match, but first has size {a.shape[d]} in dim {i} and "
                               f"second has size {b.shape[e]} in dim {j}")
        first.append(d)
        second.append(e)
    return _contract(a, b, first, second)


def _contract(a, b, first, second):
    free_a = [d for d in range(a.dim()) if d not in first]
    free_b = [d for d in range(b.dim()) if d not in second]
    rows, columns = [a.shape[d] for d in free_a], [b.shape[d] for d in free_b]
    length = math.prod(a.shape[d] for d in first)
    left, right = permute_dims(a, (*free_a, *first)), permute_dims(b, (*second, *free_b))
    if not rows and not columns:
        return view(dot(reshape(left, length), reshape(right, length)), ())
    product = mm(reshape(left, math.prod(rows), length), reshape(right, length, math.prod(columns)))
    return reshape(product, *rows, *columns)


@takes_out
def kron(input, other):
    """Every element of input times the whole of other"""
    ndim = max(input.dim(), other.dim())
    a, b = [(1,) * (ndim - x.dim()) + tuple(x.shape) for x in (input, other)]
    spread_a = unsafe_view(input, tuple(n for size in a for n in (size, 1)))
    spread_b = unsafe_view(other, tuple(n for size in b for n in (1, size)))
    return unsafe_view(spread_a * spread_b, tuple(m * n for m, n in zip(a, b)))


# ---- chains and powers of matrices ----------------------------------------------------------------------------------


@takes_out
def chain_matmul(*matrices):
    """The product of matrices, in the order of least work"""
    matrices = matrices[0] if len(matrices) == 1 and isinstance(matrices[0], (list, tuple)) else matrices
    for x in matrices:
        if x.dim() != 2:
            raise RuntimeError(f"Tensor dimension is {x.dim()}, expected 2 instead.")
    return matrices[0] if len(matrices) == 1 else multi_dot(matrices)


@takes_out
def multi_dot(tensors):
    """The product of matrices, in the order of least work; the first and the last may be vectors"""
    tensors = list(tensors)
    size = _check_chain(tensors)
    first, last = tensors[0], tensors[-1]
    if first.dim() == 1:
        tensors[0] = unsqueeze_dim(first, 0)
    if last.dim() == 1:
        tensors[-1] = unsqueeze_dim(last, 1)
    for i, (x, y) in enumerate(zip(tensors, tensors[1:])):
        if x.shape[1] != y.shape[0]:
            raise RuntimeError(f"multi_dot(): tensors {i} and {i + 1} with shapes {list(x.shape)} and {list(y.shape)} "
                               f"cannot be multiplied")
    if len(tensors) == 3:
        a, b, c = tensors
        (n, m), (p, q) = a.shape, c.shape
        left = n * m * p + n * p * q
        right = m * p * q + n * m * q
        return view(mm(mm(a, b), c) if left <= right else mm(a, mm(b, c)), size)
    return view(_multiply(tensors, _splits(tensors), 0, len(tensors) - 1), size)


def _check_chain(tensors):
    count = len(tensors)
    if count < 2:
        raise RuntimeError(f"multi_dot(): expected at least 2 tensors but got {count}")
    for name, x in (("first", tensors[0]), ("last", tensors[-1])):
        if x.dim() not in (1, 2):
            raise RuntimeError(f"multi_dot(): the {name} tensor must be 1D or 2D but got {x.dim()}D")
    for i, x in enumerate(tensors[1:-1], 1):
        if x.dim() != 2:
            raise RuntimeError(f"multi_dot(): tensor {i} must be 2D but got {x.dim()}D")
    for i, x in enumerate(tensors):
        if x.dtype is not tensors[0].dtype:
            raise RuntimeError(f"multi_dot(): all tensors must have be the same dtype but tensor 0 is "
                               f"{CPP_NAME[tensors[0].dtype]} and tensor {i} {CPP_NAME[x.dtype]}")
    return tuple(tensors[0].shape)[:-1] + tuple(tensors[-1].shape)[1:]


def _splits(tensors):
    """Where to cut each run of matrices in two so that its product costs least"""
    sizes = [x.shape[0] for x in tensors] + [tensors[-1].shape[1]]
    cost, cut = {(i, i): 0 for i in range(len(tensors))}, {}
    for length in range(1, len(tensors)):
        for i in range(len(tensors) - length):
            j = i + length
            options = [(cost[i, k] + cost[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1], k) for k in range(i, j)]
            cost[i, j], cut[i, j] = min(options)
    return cut


def _multiply(tensors, cut, i, j):
    if i == j:
        return tensors[i]
    k = cut[i, j]
    return mm(_multiply(tensors, cut, i, k), _multiply(tensors, cut, k + 1, j))


@takes_out
def matrix_power(A, n):
    """A multiplied by itself n times; for negative n its inverse"""
    check_square("linalg.matrix_power", A)
    if n == 0:
        return _identity_like(A)
    if n == 1:
        return clone(A, contiguous=True)
    if n < 0:
        A, n = inv(A), -n
    if n == 1:
        return A
    if n == 2:
        return matmul(A, A)
    if n == 3:
        return matmul(matmul(A, A), A)
    power = result = None
    while n:
        power = A if power is None else matmul(power, power)
        if n % 2:
            result = power if result is None else matmul(result, power)
        n //= 2
    return result


def _identity_like(A):
    return clone(A, contiguous=True).copy_(eye(A.shape[-1], dtype=A.dtype, device=A.device))


# ---- cross products -------------------------------------------------------------------------------------------------


@primitive("LinalgCrossBackward0")
def cross_arrays(xp, input, other, /, dim):
    """a x b = (a1 b2 - a2 b1, a2 b0 - a0 b2, a0 b1 - a1 b0) along `dim`"""
    a, b = xp.broadcast_arrays(input, other)
    result = xp.empty(a.shape, dtype=a.dtype)
    a, b, out = xp.moveaxis(a, dim, 0), xp.moveaxis(b, dim, 0), xp.moveaxis(result, dim, 0)
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        out[i] = a[j] * b[k] - a[k] * b[j]
    return result


cross_arrays.vjp(input=lambda g, other, dim: cross_arrays(other, g, dim),
                 other=lambda g, input, dim: cross_arrays(g, input, dim))


@takes_out
def linalg_cross(input, other, *, dim=-1):
    """The cross product of vectors of length 3 along a dimension"""
    if input.dim() != other.dim():
        raise RuntimeError("linalg.cross: inputs must have the same number of dimensions.")
    axis = wrap_dim(dim, input.dim())
    if input.shape[axis] != 3 or other.shape[axis] != 3:
        raise RuntimeError(f"linalg.cross: inputs dimension {dim} must have length 3. Got {input.shape[axis]} and "
                           f"{other.shape[axis]}")
    if input.dtype is not other.dtype:
        raise RuntimeError(f"expected scalar type {SCALAR_TYPE[input.dtype]} but found {SCALAR_TYPE[other.dtype]}")
    return cross_arrays(input, other, axis)


def cross(input, other, dim=None, *, out=None):
    """The cross product along `dim`, by default the first dimension of size 3"""
    if dim is None:
        dim = next((i for i, size in enumerate(input.shape) if size == 3), None)
        if dim is None:
            raise RuntimeError("no dimension of size 3 in input")
    return linalg_cross(input, other, dim=dim, out=out)


def linalg_diagonal(A, *, offset=0, dim1=-2, dim2=-1):
    """The diagonals of two dimensions, as a view"""
    return A.diagonal(offset, dim1, dim2)
