"""Joining tensors and splitting them: cat and split, stack and unbind are each other's derivative."""

from ..autograd.graph import unless_refused
from ..tensor import Tensor
from .checks import type_name
from .dims import wrap_dim
from .masking import zero
from .out import takes_out
from .primitive import primitive
from .promotion import result_type
from .views import at


@primitive("UnbindBackward0", view="multi", outputs=None)
def unbind_dim(input, /, dim):
    """The parts at each index of dimension `dim`"""
    return [input[at(dim, i)] for i in range(input.shape[dim])]


unbind_dim.vjp(input=lambda gs, dim: stack(gs, dim))


def unbind(input, dim=0):
    """A tuple of the parts at each index of dimension `dim`"""
    if input.dim() == 0:
        raise unless_refused(input, IndexError(f"Dimension specified as {wrap_dim(dim, 0)} but tensor has no dimensions"))
    return unbind_dim(input, wrap_dim(dim, input.dim(), input))


def _cut(input, dim, sizes):
    ends = [sum(sizes[: i + 1]) for i in range(len(sizes))]
    return [input[at(dim, slice(end - size, end))] for end, size in zip(ends, sizes)]


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


@primitive("UnsafeSplitBackward0", outputs=None)
def unsafe_split_every(xp, input, /, split_size, dim):
    """split_every, for parts that nobody will write to"""
    return split_every.op.kernel(input, split_size, dim)


unsafe_split_every.vjp(input=lambda gs, dim: cat(gs, dim))


@primitive("UnsafeSplitWithSizesBackward0", outputs=None)
def unsafe_split_with_sizes_dim(input, /, split_sizes, dim):
    """split_with_sizes_dim, for parts that nobody will write to"""
    return _cut(input, dim, split_sizes)


unsafe_split_with_sizes_dim.vjp(input=lambda gs, dim: cat(gs, dim))


def _whole(sizes, dim):
    """The size of what was split, from those of the parts"""
    return (*sizes[0][:dim], sum([size[dim] for size in sizes]), *sizes[0][dim + 1 :])


for _op in (split_every, split_with_sizes_dim, unsafe_split_every, unsafe_split_with_sizes_dim):
    _op.shows(self_sym_sizes=_whole)


def split(input, split_size_or_sections=None, dim=0, *, split_size=None):
    """Consecutive parts along dimension `dim`: all of one size, or of the sizes in a list"""
    size = split_size_or_sections if split_size is None else split_size
    if isinstance(size, (tuple, list)):
        return split_with_sizes(input, size, dim)
    return split_every(input, *_checked_split(input, size, dim))


def unsafe_split(input, split_size, dim=0):
    """split, for parts that nobody will write to"""
    return unsafe_split_every(input, *_checked_split(input, split_size, dim))


def _checked_split(input, split_size, dim):
    if input.dim() == 0:
        raise unless_refused(input, RuntimeError("split expects at least a 1-dimensional tensor"))
    dim = wrap_dim(dim, input.dim())
    if split_size < 0:
        raise unless_refused(input, RuntimeError(f"split expects split_size be non-negative, but got split_size={split_size}"))
    if split_size == 0 and input.shape[dim]:
        raise unless_refused(input, RuntimeError(
            f"split_size can only be 0 if dimension size is 0, but got dimension size of "
            f"{input.shape[dim]}"))
    return split_size, dim


def split_with_sizes(input, split_sizes, dim=0):
    """Consecutive parts of the given sizes along dimension `dim`"""
    return split_with_sizes_dim(input, *_checked_sizes(input, split_sizes, dim))


def _checked_sizes(input, split_sizes, dim):
    if input.dim() == 0:
        raise unless_refused(input, RuntimeError("split expects at least a 1-dimensional tensor"))
    dim, sizes = wrap_dim(dim, input.dim()), [int(size) for size in split_sizes]
    if any(size < 0 for size in sizes):
        raise unless_refused(input, RuntimeError(
            f"split_with_sizes expects split_sizes have only non-negative entries, but got "
            f"split_sizes={sizes}"))
    if sum(sizes) != input.shape[dim]:
        raise unless_refused(input, RuntimeError(
            f"split_with_sizes expects split_sizes to sum exactly to {input.shape[dim]} (input "
            f"tensor's size at dimension {dim}), but got split_sizes={sizes}"))
    return sizes, dim


def unsafe_split_with_sizes(input, split_sizes, dim=0):
    """split_with_sizes, for parts that nobody will write to"""
    return unsafe_split_with_sizes_dim(input, *_checked_sizes(input, split_sizes, dim))


def chunk(input, chunks, dim=0):
    """At most `chunks` parts of equal size along dimension `dim`"""
    return _chunked(split, input, chunks, dim)


def unsafe_chunk(input, chunks, dim=0):
    """chunk, for parts that nobody will write to"""
    return _chunked(unsafe_split, input, chunks, dim)


def _chunked(split, input, chunks, dim):
    if input.dim() == 0:
        raise RuntimeError("chunk expects at least a 1-dimensional tensor")
    if chunks <= 0:
        raise RuntimeError(f"chunk expects `chunks` to be greater than 0, got: {chunks}")
    dim = wrap_dim(dim, input.dim())
    size = -(-input.shape[dim] // chunks)
    return split(input, size, dim) if size else split_with_sizes(input, [0] * chunks, dim)


# ---- joining --------------------------------------------------------------------------------------------------------


@primitive("CatBackward0", variadic=True)
def cat_arrays(xp, tensors, /, dim, dtype=None):
    """The tensors one after another along dimension `dim`, converted to `dtype` if given; empty vectors count as nothing"""
    parts = [x for x in tensors if x.shape != (0,)] or tensors
    result = xp.concatenate(parts if dtype is None else [xp.cast(x, dtype) for x in parts], axis=dim)
    return result if result.flags.c_contiguous else xp.asarray(result, order="C")


cat_arrays.vjp(tensors=lambda g, tensors_shape, dim: _uncat(g, [tuple(s) for s in tensors_shape], dim))


def _uncat(g, shapes, dim):
    parts = split_with_sizes_dim(g, [0 if s == (0,) else s[dim] for s in shapes], dim)
    return [zero(part.reshape(s)) if s == (0,) else part for part, s in zip(parts, shapes)]


@takes_out
def cat(tensors, dim=0):
    """The tensors one after another along dimension `dim`; their other sizes must agree"""
    tensors = as_tensors("cat", tensors)
    if not isinstance(tensors[0] if tensors else None, Tensor | None):
        return cat_arrays(tensors, dim)
    if not tensors:
        raise ValueError("torch.cat(): expected a non-empty list of Tensors")
    shapes = [x._data.shape for x in tensors]
    for i, shape in enumerate(shapes):
        if not shape:
            raise RuntimeError(f"zero-dimensional tensor (at position {i}) cannot be concatenated")
    first = next((shape for shape in shapes if shape != (0,)), (0,))
    dim = wrap_dim(dim, len(first))
    for i, shape in enumerate(shapes):
        if shape != (0,):
            _check_cat(first, shape, i, dim)
    return cat_arrays(tensors, dim, common_dtype(tensors))


def _check_cat(first, other, i, dim):
    if len(other) != len(first):
        raise RuntimeError(f"Tensors must have same number of dimensions: got {len(first)} and {len(other)}")
    for d, (a, b) in enumerate(zip(first, other)):
        if d != dim and a != b:
            raise RuntimeError(f"Sizes of tensors must match except in dimension {dim}. Expected size {a} but got size "
                               f"{b} for tensor number {i} in the list.")


def as_tensors(name, tensors, position=1):
    """A list or tuple of tensors as a list.  Raises TypeError for anything else."""
    if not isinstance(tensors, (list, tuple)):
        raise TypeError(f"{name}(): argument 'tensors' (position {position}) must be tuple of Tensors, not "
                        f"{type_name(tensors)}")
    if any([isinstance(x, Tensor) for x in tensors]) or not all([hasattr(x, "shape") for x in tensors]):
        for i, x in enumerate(tensors):
            if not isinstance(x, Tensor):
                raise TypeError(f"expected Tensor as element {i} in argument 0, but got {type_name(x)}")
    return list(tensors)


def common_dtype(tensors):
    """The dtype to convert the tensors to, None if they agree"""
    kind = tensors[0]._data.dtype
    return None if all([x._data.dtype is kind for x in tensors]) else result_type(*tensors)


@primitive("StackBackward0", variadic=True)
def stack_arrays(xp, tensors, /, dim, dtype=None):
    """The tensors side by side along a new dimension `dim`, converted to `dtype` if given"""
    return xp.asarray(xp.stack(tensors if dtype is None else [xp.cast(x, dtype) for x in tensors], axis=dim), order="C")


stack_arrays.vjp(tensors=lambda g, dim: unbind_dim(g, dim))


@takes_out
def stack(tensors, dim=0):
    """The tensors, all of one size, along a new dimension `dim`"""
    tensors = as_tensors("stack", tensors)
    if not isinstance(tensors[0] if tensors else None, Tensor | None):
        return stack_arrays(tensors, dim)
    if not tensors:
        raise RuntimeError("stack expects a non-empty TensorList")
    first = tensors[0]._data.shape
    dim = wrap_dim(dim, len(first) + 1)
    for i, x in enumerate(tensors):
        if x._data.shape != first:
            raise RuntimeError(f"stack expects each tensor to be equal size, but got {list(first)} at entry 0 and "
                               f"{list(x.shape)} at entry {i}")
    return stack_arrays(tensors, dim, common_dtype(tensors))
