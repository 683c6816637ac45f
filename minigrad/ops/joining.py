"""Joining tensors and splitting them: cat and split, stack and unbind are each other's derivative."""

from ..tensor import Tensor
from .dims import wrap_dim
from .primitive import primitive
from .promotion import result_type
from .views import _at as at_index

@primitive("UnbindBackward0", view="multi", outputs=None)
def unbind_dim(input, /, dim):
    """The parts at each index of dimension `dim`"""
    return [input[at_index(dim, i)] for i in range(input.shape[dim])]


unbind_dim.vjp(input=lambda gs, dim: stack(gs, dim))


def unbind(input, dim=0):
    """A tuple of the parts at each index of dimension `dim`"""
    if input.dim() == 0:
        raise RuntimeError("Dimension specified as 0 but tensor has no dimensions")
    return unbind_dim(input, wrap_dim(dim, input.dim()))


def _cut(input, dim, sizes):
    ends = [sum(sizes[: i + 1]) for i in range(len(sizes))]
    return [input[at_index(dim, slice(end - size, end))] for end, size in zip(ends, sizes)]


@primitive("SplitBackward0", view="multi", outputs=None)
def split_every(input, /, split_size, dim):
    """Consecutive parts of `split_size` along dimension `dim`, the last one perhaps smaller"""
    length = input.shape[dim]
    count = max(-(-length // split_size), 1) if split_size else 1
    return _cut(input, dim, [min(split_size, length - i * split_size) for i in range(count)])


split_every.vjp(input=lambda gs, dim: cat(gs, dim))


@primitive("SplitWithSizesBackward0", view="multi", outputs=None)
def split_with_sizes_dim(input, /, split_sizes, dim):
    """Consecutive parts of the given sizes along dimension `dim`"""
    return _cut(input, dim, split_sizes)


split_with_sizes_dim.vjp(input=lambda gs, dim: cat(gs, dim))


def split(input, split_size_or_sections, dim=0):
    """Consecutive parts along dimension `dim`: all of one size, or of the sizes in a list"""
    if input.dim() == 0:
        raise RuntimeError("split expects at least a 1-dimensional tensor")
    dim = wrap_dim(dim, input.dim())
    if isinstance(split_size_or_sections, (tuple, list)):
        sizes = list(split_size_or_sections)
        if sum(sizes) != input.shape[dim]:
            raise RuntimeError(f"split_with_sizes expects split_sizes to sum exactly to {input.shape[dim]} (input "
                               f"tensor's size at dimension {dim}), but got split_sizes={sizes}")
        return split_with_sizes_dim(input, sizes, dim)
    if split_size_or_sections < 0:
        raise RuntimeError(f"split expects split_size be non-negative, but got split_size={split_size_or_sections}")
    if split_size_or_sections == 0 and input.shape[dim]:
        raise RuntimeError(f"split_size can only be 0 if dimension size is 0, but got dimension size of "
                           f"{input.shape[dim]}")
    return split_every(input, split_size_or_sections, dim)


def chunk(input, chunks, dim=0):
    """At most `chunks` parts of equal size along dimension `dim`"""
    if input.dim() == 0:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    dim = wrap_dim(dim, input.dim())
    size = -(-input.shape[dim] // chunks)
    return split(input, size, dim) if size else split(input, [0] * chunks, dim)


@primitive("CatBackward0", variadic=True)
def cat_arrays(xp, tensors, /, dim):
    """The tensors one after another along dimension `dim`"""
    return xp.concatenate(tensors, axis=dim)


cat_arrays.vjp(tensors=lambda g, tensors_shape, dim: split_with_sizes_dim(g, [s[dim] for s in tensors_shape], dim))


def cat(tensors, dim=0, *, out=None):
    """The tensors one after another along dimension `dim`; their other sizes must agree"""
    tensors = list(tensors)
    if not all(isinstance(x, Tensor) for x in tensors):
        return cat_arrays(tensors, dim)
    if not tensors:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    first = next((x for x in tensors if x.shape != (0,)), tensors[0])
    dim = wrap_dim(dim, first.dim())
    if first.dim() == 0:
        raise RuntimeError("zero-dimensional tensor (at position 0) cannot be concatenated")
    tensors = [x for x in tensors if x.shape != (0,) or first.shape == (0,)]
    for i, x in enumerate(tensors):
        _check_cat(first, x, i, dim)
    return cat_arrays(same_dtype(tensors), dim)


def _check_cat(first, other, i, dim):
    if other.dim() != first.dim():
        raise RuntimeError(f"Tensors must have same number of dimensions: got {first.dim()} and {other.dim()}")
    for d, (a, b) in enumerate(zip(first.shape, other.shape)):
        if d != dim and a != b:
            raise RuntimeError(f"Sizes of tensors must match except in dimension {dim}. Expected size {a} but got size "
                               f"{b} for tensor number {i} in the list.")


def same_dtype(tensors):
    """The tensors converted to the dtype they promote to"""
    dtype = result_type(*tensors)
    return [x if x.dtype is dtype else x.to(dtype) for x in tensors]


@primitive("StackBackward0", variadic=True)
def stack_arrays(xp, tensors, /, dim):
    """The tensors side by side along a new dimension `dim`"""
    return xp.stack(tensors, axis=dim)


stack_arrays.vjp(tensors=lambda g, dim: unbind_dim(g, dim))


def stack(tensors, dim=0, *, out=None):
    """The tensors, all of one size, along a new dimension `dim`"""
    tensors = list(tensors)
    if not all(isinstance(x, Tensor) for x in tensors):
        return stack_arrays(tensors, dim)
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    for i, x in enumerate(tensors):
        if x.shape != tensors[0].shape:
            raise RuntimeError(f"stack expects each tensor to be equal size, but got {list(tensors[0].shape)} at entry "
                               f"0 and {list(x.shape)} at entry {i}")
    return stack_arrays(same_dtype(tensors), wrap_dim(dim, tensors[0].dim() + 1))
