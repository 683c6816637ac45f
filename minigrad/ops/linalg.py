"""Products of matrices and vectors."""

import math

from ..dtypes import SCALAR_TYPE
from .primitive import primitive
from .promotion import broadcast_shape
from .shape import expand_to, reshape, t_matrix, transpose_dims, unsafe_view, unsqueeze_dim


@primitive("MmBackward0", saved_names={"self": "input"})
def mm_arrays(xp, input, mat2, /):
    """The matrix product"""
    return xp.dot(input, mat2)


mm_arrays.vjp(input=lambda g, mat2: mm_arrays(g, t_matrix(mat2)),
              mat2=lambda g, input: mm_arrays(t_matrix(input), g))


def mm(input, mat2, *, out=None):
    """The product of two matrices.  Raises RuntimeError unless (n, m) meets (m, p) in one dtype."""
    if input.dim() != 2:
        raise RuntimeError("self must be a matrix")
    if mat2.dim() != 2:
        raise RuntimeError("mat2 must be a matrix")
    _check_product(input, mat2)
    return mm_arrays(input, mat2)


def _check_product(a, b):
    if a._data.shape[1] != b._data.shape[0]:
        raise RuntimeError(f"mat1 and mat2 shapes cannot be multiplied ({'x'.join(map(str, a.shape))} and "
                           f"{'x'.join(map(str, b.shape))})")
    if a._data.dtype is not b._data.dtype and a.dtype is not b.dtype:
        raise RuntimeError(f"expected m1 and m2 to have the same dtype, but got: {c_name(a.dtype)} != "
                           f"{c_name(b.dtype)}")


def c_name(dtype):
    """How torch's messages spell a dtype in C++: float, double, long ..."""
    return {"Half": "c10::Half", "BFloat16": "c10::BFloat16", "Byte": "unsigned char", "Char": "signed char",
            "Long": "long long"}.get(SCALAR_TYPE[dtype], SCALAR_TYPE[dtype].lower())  # fmt: skip


@primitive("AddmmBackward0", saved_names={"mat1": "mat1"})
def addmm_arrays(xp, input, mat1, mat2, /, beta, alpha):
    """beta * input + alpha * mat1 @ mat2"""
    product = xp.dot(mat1, mat2)
    if alpha != 1:
        product = product * alpha
    return product + (input if beta == 1 else input * beta)


addmm_arrays.vjp(input=lambda g, beta: g if beta == 1 else g * beta,
                 mat1=lambda g, mat2, alpha: _scaled(mm_arrays(g, t_matrix(mat2)), alpha),
                 mat2=lambda g, mat1, alpha: _scaled(mm_arrays(t_matrix(mat1), g), alpha))


def _scaled(x, factor):
    return x if factor == 1 else x * factor


def addmm(input, mat1, mat2, *, beta=1, alpha=1, out=None):
    """beta * input + alpha * mat1 @ mat2"""
    if mat1.dim() != 2 or mat2.dim() != 2:
        raise RuntimeError(f"mat{1 if mat1.dim() != 2 else 2} must be a matrix, got {(mat1 if mat1.dim() != 2 else mat2).dim()}-D tensor")
    _check_product(mat1, mat2)
    return addmm_arrays(input, mat1, mat2, beta, alpha)


@primitive("MvBackward0")
def mv_arrays(xp, input, vec, /):
    """A matrix times a vector"""
    return xp.matmul(input, vec)


mv_arrays.vjp(input=lambda g, vec: unsqueeze_dim(g, 1) * vec,
              vec=lambda g, input: mv_arrays(t_matrix(input), g))


def mv(input, vec):
    """A matrix times a vector"""
    if input.dim() != 2 or vec.dim() != 1:
        raise RuntimeError(f"vector + matrix @ vector expected, got {vec.dim()}, {input.dim()}, {vec.dim()}")
    if input.shape[1] != vec.shape[0]:
        raise RuntimeError(f"size mismatch, got input ({input.shape[0]}), mat ({input.shape[0]}x{input.shape[1]}), vec "
                           f"({vec.shape[0]})")
    return mv_arrays(input, vec)


@primitive("DotBackward0")
def dot_arrays(xp, input, tensor, /):
    """The inner product of two vectors"""
    return xp.dot(input, tensor)


dot_arrays.vjp(input=lambda g, tensor: g * tensor, tensor=lambda g, input: g * input)


def dot(input, tensor):
    """The inner product of two vectors of equal length"""
    if input.dim() != 1 or tensor.dim() != 1:
        raise RuntimeError(f"1D tensors expected, but got {input.dim()}D and {tensor.dim()}D tensors")
    if input.dtype is not tensor.dtype:
        raise RuntimeError(f"dot : expected both vectors to have same dtype, but found {SCALAR_TYPE[input.dtype]} and "
                           f"{SCALAR_TYPE[tensor.dtype]}")
    if input.shape != tensor.shape:
        raise RuntimeError(f"inconsistent tensor size, expected tensor [{input.shape[0]}] and src [{tensor.shape[0]}] "
                           f"to have the same number of elements, but got {input.shape[0]} and {tensor.shape[0]} "
                           f"elements respectively")
    return dot_arrays(input, tensor)


@primitive("BmmBackward0")
def bmm_arrays(xp, input, mat2, /):
    """The matrix products of a batch"""
    return xp.matmul(input, mat2)


bmm_arrays.vjp(input=lambda g, mat2: bmm_arrays(g, transpose_dims(mat2, 1, 2)),
               mat2=lambda g, input: bmm_arrays(transpose_dims(input, 1, 2), g))


def bmm(input, mat2, *, out=None):
    """The products of two batches of matrices"""
    if input.dim() != 3:
        raise RuntimeError("batch1 must be a 3D tensor")
    if mat2.dim() != 3:
        raise RuntimeError("batch2 must be a 3D tensor")
    if input.shape[0] != mat2.shape[0] or input.shape[2] != mat2.shape[1]:
        raise RuntimeError(f"Expected size for first two dimensions of batch2 tensor to be: [{input.shape[0]}, "
                           f"{input.shape[2]}] but got: [{mat2.shape[0]}, {mat2.shape[1]}].")
    return bmm_arrays(input, mat2)


def matmul(input, other):
    """The product of vectors, matrices or batches of matrices, as torch.matmul defines it"""
    a, b = input.dim(), other.dim()
    if a == 1 and b == 1:
        return dot(input, other)
    if a == 2 and b == 1:
        return mv(input, other)
    if a == 1 and b == 2:
        return mm(unsqueeze_dim(input, 0), other).squeeze(0)
    if a == 2 and b == 2:
        return mm(input, other)
    if a == 0 or b == 0:
        raise RuntimeError(f"both arguments to matmul need to be at least 1D, but they are {a}D and {b}D")
    if a >= 3 and b <= 2:
        return _fold(input, other)
    return _batched(input, other)


def _fold(input, other):
    """A batch times one matrix or vector: the batch dimensions join the rows."""
    shape = tuple(input.shape)
    flat = reshape(input, -1, shape[-1]) if 0 not in shape else reshape(input, math.prod(shape[:-1]), shape[-1])
    product = mm(flat, other) if other.dim() == 2 else mv(flat, other)
    return unsafe_view(product, (*shape[:-1], *other.shape[1:]))


def _batched(input, other):
    vector = input.dim() == 1
    a = unsqueeze_dim(input, 0) if vector else input
    b = unsqueeze_dim(other, other.dim()) if other.dim() == 1 else other
    batch = broadcast_shape(tuple(a.shape[:-2]), tuple(b.shape[:-2]))
    (n, m), (k, p) = a.shape[-2:], b.shape[-2:]
    a3 = reshape(expand_to(a, (*batch, n, m)), math.prod(batch), n, m)
    b3 = reshape(expand_to(b, (*batch, k, p)), math.prod(batch), k, p)
    product = bmm(a3, b3)
    size = (*batch, *(() if vector else (n,)), *(() if other.dim() == 1 else (p,)))
    return unsafe_view(product, size)


def linear(input, weight, bias=None):
    """input @ weight.T + bias"""
    if input.dim() == 2 and bias is not None:
        _check_product(input, transposed := t_matrix(weight))
        return addmm_arrays(bias, input, transposed, 1, 1)
    if input.dim() == 1 and bias is not None and weight.dim() == 2:
        return linear(unsqueeze_dim(input, 0), weight, bias).view(-1)
    output = matmul(input, t_matrix(weight))
    return output if bias is None else output + bias
