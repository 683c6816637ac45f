"""What the ops of linear algebra share: checks of their operands, small helpers of their formulas."""

from ..dtypes import FLOAT, SCALAR_TYPE
from .primitive import primitive
from .shape import transpose_dims


class LinAlgError(RuntimeError):
    """A matrix is singular, not positive-definite, or an algorithm did not converge."""


LinAlgError.__name__ = LinAlgError.__qualname__ = "_LinAlgError"  # as torch's prints itself

# ---- checks ---------------------------------------------------------------------------------------------------------


def check_matrix(name, A, what="A"):
    """Raise RuntimeError unless A has at least two dimensions."""
    if A.dim() < 2:
        raise RuntimeError(f"{name}: The input tensor {what} must have at least 2 dimensions.")


def check_square(name, A, what="A"):
    """Raise RuntimeError unless A is a square matrix or a batch of them."""
    check_matrix(name, A, what)
    if A.shape[-1] != A.shape[-2]:
        raise RuntimeError(f"{name}: {what} must be batches of square matrices, but they are {A.shape[-2]} by "
                           f"{A.shape[-1]} matrices")


def check_floating(name, A, low=False):
    """Raise RuntimeError for integers, and for float16 unless that is `low`."""
    if A.dtype.category < FLOAT:
        raise RuntimeError(f"{name}: Expected a floating point or complex tensor as input. Got {SCALAR_TYPE[A.dtype]}")
    if not low and A.dtype.itemsize == 2:
        raise RuntimeError(f"{name}: Low precision dtypes not supported. Got {SCALAR_TYPE[A.dtype]}")


def check_kernel(kernel, A):
    """Raise NotImplementedError unless LAPACK has the dtype of A."""
    if A.dtype.category < FLOAT or A.dtype.itemsize == 2:
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{SCALAR_TYPE[A.dtype]}'")


def check_same_dtype(name, A, B):
    """Raise RuntimeError unless both have one dtype."""
    if A.dtype is not B.dtype:
        raise RuntimeError(f"{name}: Expected A and B to have the same dtype, but found A of type "
                           f"{SCALAR_TYPE[A.dtype]} and B of type {SCALAR_TYPE[B.dtype]} instead")


def largest(xp, x):
    """The largest of non-negative numbers along the last dimension, which stays; 0 of none"""
    return xp.max(xp.concatenate([x, xp.zeros((*x.shape[:-1], 1), dtype=x.dtype)], axis=-1), axis=-1, keepdims=True)


def first_failure(info):
    """(text that names the batch element, its info) of the first non-zero info, or None"""
    values = info._data.reshape(-1).tolist()
    for i, value in enumerate(values):
        if value:
            return (f"(Batch element {i}): " if info.dim() else ""), value
    return None


# ---- helpers of kernels ---------------------------------------------------------------------------------------------


def by_columns(xp, x):
    """The same matrices with columns contiguous in memory, as LAPACK leaves them"""
    return xp.swapaxes(xp.ascontiguousarray(xp.swapaxes(x, -1, -2)), -1, -2) if x.ndim > 1 else x


# ---- helpers of formulas --------------------------------------------------------------------------------------------


def mT(x):
    """The transposes of a batch of matrices"""
    return transpose_dims(x, x.ndim - 2, x.ndim - 1)


@primitive("TrilBackward0")
def tril(xp, input, /, diagonal):
    """The elements on and below a diagonal"""
    return xp.tril(input, diagonal)


tril.vjp(input=lambda g, diagonal: tril(g, diagonal))


@primitive("TriuBackward0")
def triu(xp, input, /, diagonal):
    """The elements on and above a diagonal"""
    return xp.triu(input, diagonal)


triu.vjp(input=lambda g, diagonal: triu(g, diagonal))


def triangle(x, upper, unit=False):
    """The upper or lower triangle, without the diagonal if that counts as ones"""
    return triu(x, int(unit)) if upper else tril(x, -int(unit))


@primitive("DiagonalBackward0")
def diagonal(xp, input, /):
    """The diagonals of a batch of matrices"""
    return xp.diagonal(input, axis1=-2, axis2=-1).copy()


@primitive("DiagonalBackwardBackward0")
def on_diagonal(xp, input, /, rows, columns):
    """Matrices with `input` on the diagonal and 0 elsewhere"""
    result = xp.zeros((*input.shape[:-1], rows, columns), dtype=input.dtype)
    place = xp.arange(input.shape[-1])
    result[..., place, place] = input
    return result


diagonal.vjp(input=lambda g, input_shape: on_diagonal(g, *input_shape[-2:]))
on_diagonal.vjp(input=lambda g: diagonal(g))


def diag(x):
    """Square matrices with `x` on the diagonal"""
    return on_diagonal(x, x.shape[-1], x.shape[-1])


@primitive("AddBackward0")
def plus_identity(xp, input, /):
    """input + I"""
    return input + xp.eye(*input.shape[-2:], dtype=input.dtype)


plus_identity.vjp(input=lambda g: g)
