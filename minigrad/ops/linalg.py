"""Products of matrices and vectors."""

import math

from ..autograd.graph import requires_grad
from ..autograd.modes import mode
from ..dtypes import CPP_NAME, SCALAR_TYPE
from ..tensor import Tensor
from .checks import NotAnOperand, type_name
from .kinds import BOOLS, unsupported
from .out import into, takes_out
from .precision import through_float32
from .primitive import primitive
from .promotion import broadcast_shape
from .shape import (
    contiguous,
    expand,
    expand_to,
    reshape,
    t_matrix,
    transpose,
    transpose_dims,
    unsafe_view,
    unsqueeze_dim,
    view,
)


def no_bools(xp, array, kernel):
    """Raise torch's NotImplementedError for truth values: they have no product"""
    if array.dtype.kind in BOOLS:
        raise unsupported(xp, array, kernel)


@primitive("MmBackward0")
def mm_arrays(xp, input, mat2, /):
    """The matrix product"""
    no_bools(xp, input, "addmm_impl_cpu_")
    return input.dot(mat2)


mm_arrays.vjp(input=lambda g, mat2: mm_arrays(g, t_matrix(mat2)),
              mat2=lambda g, input, mat2_rowwise: times_transposed(input, g, mat2_rowwise))
mm_arrays.shows(self_sym_sizes=lambda sizes, input, mat2:
                tuple(input.shape) if mat2 is None else (sizes[0][0], mat2.shape[0]))


def times_transposed(a, b, rowwise):
    """The transpose of a, times b, laid out by rows or (as the transpose of b's transpose times a) by columns"""
    return mm_arrays(t_matrix(a), b) if rowwise else t_matrix(mm_arrays(t_matrix(b), a))


@takes_out
def mm(input, mat2):
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
        raise RuntimeError(f"expected m1 and m2 to have the same dtype, but got: {CPP_NAME[a.dtype]} != "
                           f"{CPP_NAME[b.dtype]}")


def weighted(array, factor):
    """factor * array; the factor of integers is cut to an integer"""
    if factor == 1:
        return array
    return array * (int(factor) if array.dtype.kind in "biu" else factor)


def weighted_sum(input, product, beta, alpha):
    """beta * input + alpha * product, where a beta of 0 leaves input out, be it inf or nan"""
    product = weighted(product, alpha)
    return product if beta == 0 else product + weighted(input, beta)


@primitive("AddmmBackward0")
@through_float32
def addmm_arrays(xp, input, mat1, mat2, /, beta, alpha):
    """beta * input + alpha * mat1 @ mat2"""
    no_bools(xp, mat1, "addmm_impl_cpu_")
    return weighted_sum(input, mat1.dot(mat2), beta, alpha)


def scaled(x, factor):
    """factor * x in a formula"""
    return x if factor == 1 else x * factor


addmm_arrays.vjp(input=lambda g, beta: scaled(g, beta),
                 mat1=lambda g, mat2, alpha: scaled(mm_arrays(g, t_matrix(mat2)), alpha),
                 mat2=lambda g, mat1, mat2_rowwise, alpha: scaled(times_transposed(mat1, g, mat2_rowwise), alpha))


@takes_out
def addmm(input, mat1, mat2, *, beta=1, alpha=1):
    """beta * input + alpha * mat1 @ mat2"""
    x, a, b = input._data, mat1._data, mat2._data
    kind = b.dtype
    if not (a.ndim == b.ndim == 2 and a.shape[1] == b.shape[0] and a.dtype is kind and x.dtype is kind
            and x.shape in ((size := (a.shape[0], b.shape[1])), size[1:])):  # fmt: skip
        _check_addmm(input, mat1, mat2)
    return addmm_arrays(input, mat1, mat2, beta, alpha)


def _check_addmm(input, mat1, mat2):
    """Raise RuntimeError unless input can be added to the product of two matrices, all in one dtype."""
    for name, x in (("mat1", mat1), ("mat2", mat2)):
        if x._data.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix, got {x._data.ndim}-D tensor")
    if mat1._data.shape[1] == mat2._data.shape[0]:
        _same_dtypes("mat1", mat1, mat2)
    _check_product(mat1, mat2)
    size = mat1._data.shape[0], mat2._data.shape[1]
    if input._data.shape not in (size, size[1:]):
        expand(input, size)
    _same_dtypes("self", input, mat2)


def _same_dtypes(name, x, mat2):
    if x._data.dtype is not mat2._data.dtype and x.dtype is not mat2.dtype:
        raise RuntimeError(f"{name} and mat2 must have the same dtype, but got {SCALAR_TYPE[x.dtype]} and "
                           f"{SCALAR_TYPE[mat2.dtype]}")


@primitive("MvBackward0")
def mv_arrays(xp, input, vec, /):
    """A matrix times a vector"""
    return xp.matmul(input, vec)


mv_arrays.vjp(input=lambda g, vec: unsqueeze_dim(g, 1) * vec,
              vec=lambda g, input: mv_arrays(t_matrix(input), g))


@takes_out
def mv(input, vec):
    """A matrix times a vector"""
    if input.dim() == 0:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    if input.dim() != 2 or vec.dim() != 1:
        raise RuntimeError(f"vector + matrix @ vector expected, got {vec.dim()}, {input.dim()}, {vec.dim()}")
    if input.shape[1] != vec.shape[0]:
        raise RuntimeError(f"size mismatch, got input ({input.shape[0]}), mat ({input.shape[0]}x{input.shape[1]}), vec "
                           f"({vec.shape[0]})")
    if input.dtype is not vec.dtype:
        kind = SCALAR_TYPE[vec.dtype]
        raise RuntimeError(f"addmv input tensors must have the same dtype, but got {kind}, {SCALAR_TYPE[input.dtype]}, "
                           f"and {kind}")
    return mv_arrays(input, vec)


@primitive("DotBackward0")
def dot_arrays(xp, input, tensor, /):
    """The inner product of two vectors"""
    no_bools(xp, input, "dot")
    return input.dot(tensor)


dot_arrays.vjp(input=lambda g, tensor: g * tensor, tensor=lambda g, input: g * input)


@takes_out
def dot(input, tensor):
    """The inner product of two vectors of equal length"""
    check_dot(input, tensor)
    return dot_arrays(input, tensor)


def check_dot(input, tensor):
    """Raise RuntimeError unless both are vectors of one dtype and length."""
    if input.dim() != 1 or tensor.dim() != 1:
        raise RuntimeError(f"1D tensors expected, but got {input.dim()}D and {tensor.dim()}D tensors")
    if input.dtype is not tensor.dtype:
        raise RuntimeError(f"dot : expected both vectors to have same dtype, but found {SCALAR_TYPE[input.dtype]} and "
                           f"{SCALAR_TYPE[tensor.dtype]}")
    if input.shape != tensor.shape:
        raise RuntimeError(f"inconsistent tensor size, expected tensor [{input.shape[0]}] and src [{tensor.shape[0]}] "
                           f"to have the same number of elements, but got {input.shape[0]} and {tensor.shape[0]} "
                           f"elements respectively")


@primitive("BmmBackward0")
def bmm_arrays(xp, input, mat2, /):
    """The matrix products of a batch"""
    no_bools(xp, input, "bmm")
    return xp.matmul(input, mat2)


bmm_arrays.vjp(input=lambda g, mat2: bmm_arrays(g, transpose_dims(mat2, 1, 2)),
               mat2=lambda g, input: bmm_arrays(transpose_dims(input, 1, 2), g))


@takes_out
def bmm(input, mat2):
    """The products of two batches of matrices"""
    if input.dim() != 3:
        raise RuntimeError("batch1 must be a 3D tensor")
    if mat2.dim() != 3:
        raise RuntimeError("batch2 must be a 3D tensor")
    if input.shape[0] != mat2.shape[0] or input.shape[2] != mat2.shape[1]:
        raise RuntimeError(f"Expected size for first two dimensions of batch2 tensor to be: [{input.shape[0]}, "
                           f"{input.shape[2]}] but got: [{mat2.shape[0]}, {mat2.shape[1]}].")
    if input._data.dtype is not mat2._data.dtype and input.dtype is not mat2.dtype:
        raise RuntimeError(f"expected scalar type {SCALAR_TYPE[input.dtype]} but found {SCALAR_TYPE[mat2.dtype]}")
    return bmm_arrays(input, mat2)


@primitive("SqueezeBackward4")
def squeeze_row(input, /):
    """The only row of a matrix"""
    return input.reshape(input.shape[1:])


squeeze_row.vjp(input=lambda g: unsqueeze_dim(g, 0))
squeeze_row.shows(dim=lambda: 0, self_sym_sizes=lambda sizes: (1, *sizes[0]))


@takes_out
def matmul(input, other):
    """The product of vectors, matrices or batches of matrices, as torch.matmul defines it"""
    if not isinstance(other, Tensor):
        raise NotAnOperand(f"matmul(): argument 'other' (position 2) must be Tensor, not {type_name(other)}")
    a, b = input.dim(), other.dim()
    if a == 1 and b == 1:
        return dot(input, other)
    if a == 2 and b == 1:
        return mv(input, other)
    if a == 1 and b == 2:
        return squeeze_row(mm(unsqueeze_dim(input, 0), other))
    if a == 2 and b == 2:
        return mm(input, other)
    if a == 0 or b == 0:
        raise RuntimeError(f"both arguments to matmul need to be at least 1D, but they are {a}D and {b}D")
    if b <= 2 and _folds(input, other):
        return _fold(input, other)
    if a <= 2 and _folds(turned := transpose(other, -1, -2), input):
        return _fold_turned(turned, input)
    return _batched(input, other)


def _folds(batch, small):
    """Whether a batch times a vector or matrix is done as one product: if the batch dimensions can join the rows
    without a copy, or if `small` needs a gradient"""
    if mode.enabled and requires_grad(small):
        return True
    if small.dim() == 2 and 0 in batch.shape:
        return True
    sizes, strides = batch.shape, batch.stride()
    return all(strides[i] == strides[i + 1] * sizes[i + 1] for i in range(batch.dim() - 2))


def _fold(input, other):
    """A batch times one matrix or vector: the batch dimensions join the rows"""
    shape = tuple(input.shape)
    flat = reshape(input, math.prod(shape[:-1]), shape[-1])
    product = mm(flat, other) if other.dim() == 2 else mv(flat, other)
    return unsafe_view(product, (*shape[:-1], *other.shape[1:]))


def _fold_turned(turned, input):
    """One matrix or vector times a batch, computed as the transpose of (batch^T times matrix^T)"""
    product = _fold(turned, t_matrix(input) if input.dim() == 2 else input)
    return contiguous(transpose(product, -1, -2)) if input.dim() == 2 else product


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


def linear(input, weight, bias=None, *, out=None):
    """input @ weight.T + bias"""
    if out is not None:
        return into(linear, "linear", (input, weight, bias), {"out": out})
    dims = input._data.ndim, weight._data.ndim
    if 0 in dims:
        raise RuntimeError("both arguments to linear need to be at least 1D, but they are {}D and {}D".format(*dims))
    if bias is None:
        return matmul(input, t_matrix(weight))
    if dims[0] == 2:
        return addmm(bias, input, t_matrix(weight))
    shape = tuple(input.shape)
    if shape and weight.dim() == 2 and input.is_contiguous():
        flat = view(input, math.prod(shape[:-1]), shape[-1])
        return view(addmm(bias, flat, t_matrix(weight)), *shape[:-1], weight.shape[0])
    return matmul(input, t_matrix(weight)) + bias
