"""Shapes: views that look at the same memory differently, and what joins or repeats tensors.

A view op shares its input's memory and version counter; in-place writes through either are seen by both.  Many ops here
come in pairs, each the other's derivative: expand and sum_to, select and its scatter, slice and its scatter.
"""

import math

from ..tensor import Tensor
from .dims import as_sizes, extent, infer_size, is_contiguous, overlaps, view_strides, wrap_dim, wrap_dims
from .primitive import primitive
from .promotion import result_type

# ---- expand and its adjoint -----------------------------------------------------------------------------------------


@primitive("SumToBackward0")
def sum_to(xp, input, /, size):
    """Sum over the dimensions that broadcasting from `size` to input's shape would add or stretch"""
    extra = input.ndim - len(size)
    dims = (*range(extra), *(i + extra for i, s in enumerate(size) if s == 1 and input.shape[i + extra] != 1))
    if dims:
        input = xp.sum(input, axis=dims, keepdims=True, dtype=input.dtype)
    return input.reshape(size)


sum_to.vjp(input=lambda g, input_shape: expand_to(g, input_shape))


@primitive("ExpandBackward0", view="single")
def expand_to(xp, input, /, size):
    """A view of the given size in which dimensions of size 1 repeat without being copied"""
    return xp.broadcast_to(input, size)


expand_to.vjp(input=lambda g, input_shape: sum_to(g, input_shape))


def expand(input, *size, implicit=False):
    """A view with dimensions of size 1 repeated; -1 keeps a size.  Raises RuntimeError if other sizes would change."""
    size, shape = as_sizes(size), tuple(input.shape)
    extra = len(size) - len(shape)
    if extra < 0:
        kind = input.type() if isinstance(input, Tensor) else "array"
        raise RuntimeError(f"expand({kind}{{{list(shape)}}}, size={list(size)}): the number of sizes provided "
                           f"({len(size)}) must be greater or equal to the number of dimensions in the tensor "
                           f"({len(shape)})")
    target = []
    for i, wish in enumerate(size):
        have = 1 if i < extra else shape[i - extra]
        if wish == -1 and i < extra:
            raise RuntimeError(f"The expanded size of the tensor ({wish}) isn't allowed in a leading, non-existing "
                               f"dimension {i}")
        if wish != have and have != 1 and wish != -1:
            raise RuntimeError(f"The expanded size of the tensor ({wish}) must match the existing size ({have}) at "
                               f"non-singleton dimension {i}.  Target sizes: {list(size)}.  Tensor sizes: {list(shape)}")
        target.append(have if wish == -1 else wish)
    return expand_to(input, tuple(target))


def expand_as(input, other):
    """expand(input, other.shape)"""
    return expand(input, tuple(other.shape))


def broadcast_to(input, size):
    """expand(input, size)"""
    return expand(input, size)


# ---- the same elements in another shape -----------------------------------------------------------------------------


@primitive("ViewBackward0", view="single")
def view_as_size(xp, input, /, size):
    """The same memory with another size"""
    strides = xp.strides(input)
    if is_contiguous(input.shape, strides):
        return input.reshape(size)
    return xp.as_strided(xp.storage(input), size, view_strides(input.shape, strides, size), xp.storage_offset(input))


view_as_size.vjp(input=lambda g, input_shape: reshape(g, input_shape))


@primitive("UnsafeViewBackward0")
def unsafe_view(input, /, size):
    """view of a tensor that nobody else holds"""
    return input.reshape(size)


unsafe_view.vjp(input=lambda g, input_shape: reshape(g, input_shape))


def _strides(input):
    return input.stride()


def view(input, *size):
    """The same memory with another size, or reinterpreted as another dtype.

    Raises RuntimeError if the elements do not lie in memory so that this is possible without copying.
    """
    if len(size) == 1 and not isinstance(size[0], (int, tuple, list)) and hasattr(size[0], "itemsize"):
        return view_dtype(input, size[0])
    size = infer_size(as_sizes(size), input.numel())
    if view_strides(input.shape, input.stride(), size) is None:
        raise RuntimeError("view size is not compatible with input tensor's size and stride (at least one dimension "
                           "spans across two contiguous subspaces). Use .reshape(...) instead.")
    return view_as_size(input, size)


@primitive("ViewBackward1", view="single")
def view_dtype(xp, input, /, dtype):
    """The same memory read as elements of another dtype"""
    return input.view(xp.native(dtype))


def view_as(input, other):
    """view(input, other.shape)"""
    return view(input, tuple(other.shape))


def reshape(input, *shape):
    """input.view(shape) where that is possible, else a copy of that shape"""
    if not isinstance(input, Tensor):
        return input.reshape(as_sizes(shape))
    size = infer_size(as_sizes(shape), input.numel())
    if view_strides(input.shape, input.stride(), size) is not None:
        return view_as_size(input, size)
    return unsafe_view(clone(input, contiguous=True), size)


def reshape_as(input, other):
    """reshape(input, other.shape)"""
    return reshape(input, tuple(other.shape))


def flatten(input, start_dim=0, end_dim=-1):
    """The dimensions from start_dim to end_dim joined into one"""
    ndim = input.dim()
    start, end = wrap_dim(start_dim, ndim), wrap_dim(end_dim, ndim)
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if ndim == 0:
        return reshape(input, 1)
    if start == end:
        return input
    shape = tuple(input.shape)
    return reshape(input, (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :]))


def ravel(input):
    """The elements in one dimension; a view if they are contiguous"""
    return view(contiguous(input), -1)


def unflatten(input, dim, sizes):
    """Dimension `dim` cut up into `sizes`"""
    dim = wrap_dim(dim, input.dim())
    sizes, shape = as_sizes((sizes,) if isinstance(sizes, int) else sizes), tuple(input.shape)
    if not sizes:
        raise RuntimeError("unflatten: sizes must be non-empty")
    known = math.prod(s for s in sizes if s != -1)
    if -1 in sizes and known and shape[dim] % known == 0:
        sizes = tuple(shape[dim] // known if s == -1 else s for s in sizes)
    if math.prod(sizes) != shape[dim] or -1 in sizes:
        raise RuntimeError(f"unflatten: Provided sizes {list(sizes)} don't multiply up to the size of dim {dim} "
                           f"({shape[dim]}) in the input tensor")
    return view(input, (*shape[:dim], *sizes, *shape[dim + 1 :]))


# ---- dimensions in another order ------------------------------------------------------------------------------------


@primitive("TransposeBackward0", view="single")
def transpose_dims(xp, input, /, dim0, dim1):
    """Two dimensions swapped"""
    return xp.swapaxes(input, dim0, dim1) if input.ndim else input[...]


transpose_dims.vjp(input=lambda g, dim0, dim1: transpose_dims(g, dim0, dim1))


def transpose(input, dim0, dim1):
    """Dimensions dim0 and dim1 swapped"""
    ndim = input.dim() if isinstance(input, Tensor) else input.ndim
    return transpose_dims(input, wrap_dim(dim0, ndim), wrap_dim(dim1, ndim))


@primitive("PermuteBackward0", view="single")
def permute_dims(xp, input, /, dims):
    """Dimension i of the result is dimension dims[i] of input"""
    return xp.transpose(input, dims)


permute_dims.vjp(input=lambda g, dims: permute_dims(g, tuple(dims.index(i) for i in range(len(dims)))))


def permute(input, *dims):
    """The dimensions in the order `dims`"""
    dims, ndim = as_sizes(dims), len(input.shape)
    if len(dims) != ndim:
        raise RuntimeError(f"permute(sparse_coo): number of dimensions in the tensor input does not match the length of "
                           f"the desired ordering of dimensions i.e. input.dim() = {ndim} is not equal to len(dims) = "
                           f"{len(dims)}")
    dims = tuple(wrap_dim(d, ndim) for d in dims)
    if len(set(dims)) != ndim:
        raise RuntimeError("permute(): duplicate dims are not allowed.")
    return permute_dims(input, dims)


@primitive("TBackward0", view="single")
def t_matrix(xp, input, /):
    """The transpose of a matrix; vectors and numbers stay"""
    return input.T if input.ndim else input[...]


t_matrix.vjp(input=lambda g: t_matrix(g))


def t(input):
    """The transpose of a matrix.  Raises RuntimeError above two dimensions."""
    if isinstance(input, Tensor) and input.dim() > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input.dim()}D")
    return t_matrix(input)


def movedim(input, source, destination):
    """Dimensions moved from `source` to `destination`, the others keeping their order"""
    ndim = input.dim()
    source = wrap_dims((source,) if isinstance(source, int) else source, ndim, "source")
    destination = wrap_dims((destination,) if isinstance(destination, int) else destination, ndim, "destination")
    if len(source) != len(destination):
        raise RuntimeError(f"movedim: Invalid source or destination dims: source ({list(source)} dims) should contain "
                           f"the same number of dims as destination ({list(destination)} dims)")
    order = [None] * ndim
    for s, d in zip(source, destination):
        order[d] = s
    rest = iter(i for i in range(ndim) if i not in source)
    return permute(input, [next(rest) if i is None else i for i in order])


# ---- dimensions of size 1 -------------------------------------------------------------------------------------------


@primitive("UnsqueezeBackward0", view="single")
def unsqueeze_dim(xp, input, /, dim):
    """A dimension of size 1 inserted at `dim`"""
    return xp.expand_dims(input, dim)


unsqueeze_dim.vjp(input=lambda g, dim: squeeze_dim(g, dim))


def unsqueeze(input, dim):
    """A dimension of size 1 inserted before dimension `dim`"""
    return unsqueeze_dim(input, wrap_dim(dim, len(input.shape) + 1))


@primitive("SqueezeBackward0", view="single")
def squeeze_all(input, /):
    """Without its dimensions of size 1"""
    return input.reshape([s for s in input.shape if s != 1]) if 1 in input.shape else input[...]


squeeze_all.vjp(input=lambda g, input_shape: reshape(g, input_shape))


@primitive("SqueezeBackward1", view="single")
def squeeze_dim(xp, input, /, dim):
    """Without dimension `dim` if that is of size 1"""
    return xp.squeeze(input, dim) if input.ndim and input.shape[dim] == 1 else input[...]


squeeze_dim.vjp(input=lambda g, input_shape: reshape(g, input_shape))


@primitive("SqueezeBackward2", view="single")
def squeeze_dims(xp, input, /, dim):
    """Without those of the dimensions `dim` that are of size 1"""
    return xp.squeeze(input, tuple(d for d in dim if input.ndim and input.shape[d] == 1))


squeeze_dims.vjp(input=lambda g, input_shape: reshape(g, input_shape))


def squeeze(input, dim=None):
    """Without its dimensions of size 1, or without `dim` (a number or several) where of size 1"""
    if dim is None:
        return squeeze_all(input)
    if isinstance(dim, (tuple, list)):
        return squeeze_dims(input, wrap_dims(dim, input.dim(), "squeeze"))
    return squeeze_dim(input, wrap_dim(dim, len(input.shape)))


# ---- parts ----------------------------------------------------------------------------------------------------------


def _at(dim, index):
    return (slice(None),) * dim + (index, ...)


@primitive("SelectBackward0", view="single")
def select_index(input, /, dim, index):
    """input[:, ..., index], the index at dimension `dim`, which disappears"""
    return input[_at(dim, index)]


select_index.vjp(input=lambda g, input_shape, dim, index: select_backward(g, input_shape, dim, index))


@primitive("SelectScatterBackward0")
def select_backward(xp, input, /, size, dim, index):
    """Zeros of `size` with input at `index` of dimension `dim`: the adjoint of select"""
    result = xp.zeros(size, dtype=input.dtype)
    result[_at(dim, index)] = input
    return result


select_backward.vjp(input=lambda g, dim, index: select_index(g, dim, index))


def select(input, dim, index):
    """The part of input at `index` of dimension `dim`, without that dimension"""
    ndim = input.dim()
    if ndim == 0:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    dim = wrap_dim(dim, ndim)
    size = input.shape[dim]
    if not -size <= index < size:
        raise IndexError(f"select(): index {index} out of range for tensor of size {list(input.shape)} at dimension "
                         f"{dim}")
    return select_index(input, dim, index % size)


@primitive("SliceBackward0", view="single")
def slice_dim(input, /, dim, start, end, step):
    """input[:, ..., start:end:step], the slice at dimension `dim`"""
    return input[_at(dim, slice(start, end, step))]


slice_dim.vjp(input=lambda g, input_shape, dim, start, end, step: slice_backward(g, input_shape, dim, start, end, step))


@primitive("SliceScatterBackward0")
def slice_backward(xp, input, /, size, dim, start, end, step):
    """Zeros of `size` with input at the slice of dimension `dim`: the adjoint of slicing"""
    result = xp.zeros(size, dtype=input.dtype)
    result[_at(dim, slice(start, end, step))] = input
    return result


slice_backward.vjp(input=lambda g, dim, start, end, step: slice_dim(g, dim, start, end, step))


def narrow(input, dim, start, length):
    """input[..., start : start + length, ...] at dimension `dim`"""
    dim = wrap_dim(dim, input.dim())
    size = input.shape[dim]
    start = int(start)
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    if not -size <= start <= size:
        raise IndexError(f"start out of range (expected to be in range of [{-size}, {size}], but got {start})")
    start = start + size if start < 0 else start
    if start + length > size:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({size}).")
    return slice_dim(input, dim, start, start + length, 1)


@primitive("UnbindBackward0", view="multi", outputs=None)
def unbind_dim(input, /, dim):
    """The parts at each index of dimension `dim`"""
    return [input[_at(dim, i)] for i in range(input.shape[dim])]


unbind_dim.vjp(input=lambda gs, dim: stack(gs, dim))


def unbind(input, dim=0):
    """A tuple of the parts at each index of dimension `dim`"""
    if input.dim() == 0:
        raise RuntimeError("Dimension specified as 0 but tensor has no dimensions")
    return unbind_dim(input, wrap_dim(dim, input.dim()))


def _cut(input, dim, sizes):
    ends = [sum(sizes[: i + 1]) for i in range(len(sizes))]
    return [input[_at(dim, slice(end - size, end))] for end, size in zip(ends, sizes)]


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


@primitive("AsStridedBackward0", view="single")
def as_strided_view(xp, input, /, size, stride, storage_offset):
    """A view of input's storage with explicit sizes, strides and offset, in elements"""
    return xp.as_strided(xp.storage(input), size, stride, storage_offset)


as_strided_view.vjp(input=lambda g, input_geometry, size, stride, storage_offset:
                    as_strided_backward(g, input_geometry, (size, stride, storage_offset)))


@primitive("AsStridedScatterBackward0")
def as_strided_backward(xp, input, /, base, view):
    """Zeros of geometry `base`, with input added where a view of geometry `view` looks: the adjoint of as_strided"""
    start = min(base[2], view[2])
    base, view = (*base[:2], base[2] - start), (*view[:2], view[2] - start)
    storage = xp.zeros(max(extent(*base), extent(*view)), dtype=input.dtype)
    if overlaps(*view[:2]):
        positions = xp.as_strided(xp.arange(storage.size), *view)
        xp.scatter_add(storage, positions, input)
    else:
        xp.as_strided(storage, *view)[...] = input
    return xp.as_strided(storage, *base)


as_strided_backward.vjp(input=lambda g, base, view: as_strided_view(
    laid_out(g, base), view[0], view[1], view[2] - base[2]))


@primitive("CloneBackward0")
def laid_out(xp, input, /, geometry):
    """A copy with the strides of `geometry`"""
    size, stride, _ = geometry
    storage = xp.zeros(extent(size, stride, 0), dtype=input.dtype)
    result = xp.as_strided(storage, size, stride, 0)
    result[...] = input
    return result


laid_out.vjp(input=lambda g: g)


def as_strided(input, size, stride, storage_offset=None):
    """A view of input's storage with explicit sizes, strides and offset, in elements"""
    offset = input.storage_offset() if storage_offset is None else storage_offset
    return as_strided_view(input, tuple(size), tuple(stride), offset)


@primitive("AliasBackward0", view="single")
def alias(input, /):
    """The same tensor again, as a view"""
    return input[...]


alias.vjp(input=lambda g: alias(g))

# ---- joining --------------------------------------------------------------------------------------------------------


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


# ---- copies ---------------------------------------------------------------------------------------------------------


@primitive("CloneBackward0")
def clone_array(xp, input, /, contiguous=False):
    """A copy in memory of its own, laid out like input or row by row"""
    if contiguous:
        return xp.array(input, order="C", copy=True)
    return xp.dense_copy(input)


clone_array.vjp(input=lambda g: g)


def clone(input, *, memory_format=None, contiguous=False):
    """A copy in memory of its own"""
    return clone_array(input, contiguous or memory_format == "torch.contiguous_format")


def contiguous(input, memory_format=None):
    """input itself if its elements follow each other in memory, else a copy of which that is true"""
    return input if input.is_contiguous() else clone(input, contiguous=True)


@primitive("ToCopyBackward0")
def to_dtype(xp, input, /, dtype):
    """A copy converted to another dtype"""
    return xp.cast(input, dtype)


to_dtype.vjp(input=lambda g: g)



@primitive("ToCopyBackward0")
def to_device(xp, input, /, device):
    """A copy on another device"""
    return device.backend.from_host(xp.to_host(input))


to_device.vjp(input=lambda g: g)


@primitive("RepeatBackward0")
def repeat_dims(xp, input, /, repeats):
    """input repeated repeats[i] times along dimension i"""
    return xp.tile(input, repeats)


repeat_dims.vjp(input=lambda g, input_shape, repeats: _sum_repeats(g, input_shape, repeats))


def _sum_repeats(g, shape, repeats):
    shape = (1,) * (len(repeats) - len(shape)) + tuple(shape)
    split = [n for pair in zip(repeats, shape) for n in pair]
    return sum_to(reshape(g, *split), tuple(n for s in shape for n in (1, s))).reshape(shape)


def repeat(input, *repeats):
    """input repeated along its dimensions, new ones first"""
    repeats = as_sizes(repeats)
    if len(repeats) < input.dim():
        raise RuntimeError("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor")
    return repeat_dims(input, repeats)
