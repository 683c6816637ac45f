"""Views of a part of the memory: at an index, a slice, a diagonal, in windows, by explicit strides.

Each comes with its adjoint, which puts a gradient where the part was and zeros elsewhere.
"""

from ..autograd.graph import unless_refused
from ..backends import backend_of
from ..dtypes import INTEGER
from ..tensor import Tensor
from .dims import as_sizes, extent, overlaps, wrap_dim
from .out import takes_out
from .primitive import primitive


def at(dim, index):
    return (slice(None),) * dim + (index, ...)


@primitive("SelectBackward0", view="single")
def select_index(input, /, dim, index):
    """input[:, ..., index], the index at dimension `dim`, which disappears"""
    return input[at(dim, index)]


select_index.vjp(input=lambda g, input_shape, dim, index: select_backward(g, input_shape, dim, index))


@primitive("SelectBackwardBackward0")
def select_backward(xp, input, /, size, dim, index):
    """Zeros of `size` with input at `index` of dimension `dim`: the adjoint of select"""
    result = xp.zeros(size, dtype=input.dtype)
    result[at(dim, index)] = input
    return result


select_backward.vjp(input=lambda g, dim, index: select_index(g, dim, index))


def select(input, dim, index):
    """The part of input at `index` of dimension `dim`, without that dimension"""
    ndim = input.dim()
    if ndim == 0:
        raise unless_refused(input, IndexError("select() cannot be applied to a 0-dim tensor."))
    dim = wrap_dim(dim, ndim, input)
    size = input.shape[dim]
    if not -size <= index < size:
        raise unless_refused(input, IndexError(
            f"select(): index {index} out of range for tensor of size {list(input.shape)} at dimension "
            f"{dim}"))
    return select_index(input, dim, index % size)


@primitive("SliceBackward0", view="single")
def slice_dim(input, /, dim, start, end, step):
    """input[:, ..., start:end:step], the slice at dimension `dim`"""
    return input[at(dim, slice(start, end, step))]


slice_dim.vjp(input=lambda g, input_shape, dim, start, end, step: slice_backward(g, input_shape, dim, start, end, step))


@primitive("SliceBackwardBackward0")
def slice_backward(xp, input, /, size, dim, start, end, step):
    """Zeros of `size` with input at the slice of dimension `dim`: the adjoint of slicing"""
    result = xp.zeros(size, dtype=input.dtype)
    result[at(dim, slice(start, end, step))] = input
    return result


slice_backward.vjp(input=lambda g, dim, start, end, step: slice_dim(g, dim, start, end, step))


def sliced(input, dim, start, end, step):
    """The dimension, start, end and step of a slice, counted from 0.  Raises RuntimeError for a step below 1."""
    if input.dim() == 0:
        raise IndexError("slice() cannot be applied to a 0-dim tensor.")
    dim = wrap_dim(dim, input.dim())
    if step <= 0:
        raise RuntimeError("slice step must be positive")
    start, end, step = slice(start, end, step).indices(input.shape[dim])
    return dim, start, max(start, end), step


def narrow(input, dim, start, length):
    """input[..., start : start + length, ...] at dimension `dim`"""
    dim, start = narrowed(input, dim, start, length)
    return slice_dim(input, dim, start, start + length, 1)


def narrowed(input, dim, start, length):
    """The dimension and start of a narrow, counted from 0.  Raises IndexError or RuntimeError if out of range."""
    if input.dim() == 0:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    if isinstance(start, Tensor) and (start.dim() or start.dtype.category != INTEGER):
        raise RuntimeError("start must be an 0-dim integral Tensor.")
    dim = wrap_dim(dim, input.dim())
    size, start = input.shape[dim], int(start)
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    if not -size <= start <= size:
        raise IndexError(f"start out of range (expected to be in range of [{-size}, {size}], but got {start})")
    start = start + size if start < 0 else start
    if start + length > size:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({size}).")
    return dim, start


@primitive("NarrowCopyBackward0")
def narrow_copy_dim(xp, input, /, dim, start, length):
    """input[..., start : start + length, ...] at dimension `dim`, copied"""
    return xp.ascontiguousarray(input[at(dim, slice(start, start + length))])


narrow_copy_dim.vjp(input=lambda g, input_shape, dim, start, length:
                    slice_backward(g, input_shape, dim, start, start + length, 1))


@takes_out
def narrow_copy(input, dim, start, length):
    """narrow, copied"""
    if dim >= input.dim() > 0:
        raise RuntimeError("Expected dim < static_cast<int64_t>(self_sizes.size()) to be true, but got false.  (Could this "
                           "error message be improved?  If so, please report an enhancement request to PyTorch.)")
    dim, start = narrowed(input, dim, start, max(length, 0))
    if length < 0:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({input.shape[dim]}).")
    return narrow_copy_dim(input, dim, start, length)


# ---- diagonals and windows ------------------------------------------------------------------------------------------


def _diagonal_geometry(xp, input, offset, dim1, dim2):
    """Size, strides and storage offset of a diagonal."""
    size, strides, start = list(input.shape), list(xp.strides(input)), xp.storage_offset(input)
    length = max(min(size[dim1] + min(offset, 0), size[dim2] - max(offset, 0)), 0)
    if length:
        start += offset * strides[dim2] if offset >= 0 else -offset * strides[dim1]
    rest = [i for i in range(len(size)) if i not in (dim1, dim2)]
    return ((*[size[i] for i in rest], length), (*[strides[i] for i in rest], strides[dim1] + strides[dim2]), start)


@primitive("DiagonalBackward0", view="single")
def diagonal_dims(xp, input, /, offset, dim1, dim2):
    """The diagonal `offset` above the main one of the matrices in dimensions dim1 and dim2, as last dimension"""
    return xp.as_strided(xp.storage(input), *_diagonal_geometry(xp, input, offset, dim1, dim2))


diagonal_dims.vjp(input=lambda g, input_shape, offset, dim1, dim2:
                  diagonal_backward(g, input_shape, offset, dim1, dim2))


@primitive("DiagonalBackwardBackward0")
def diagonal_backward(xp, input, /, size, offset, dim1, dim2):
    """Zeros of `size` with input on a diagonal: the adjoint of diagonal"""
    result = xp.zeros(size, dtype=input.dtype)
    xp.write(diagonal_dims.op.kernel(xp, result, offset, dim1, dim2), input)
    return result


diagonal_backward.vjp(input=lambda g, offset, dim1, dim2: diagonal_dims(g, offset, dim1, dim2))


def diagonal_wrapped(input, dim1, dim2):
    """dim1 and dim2 counted from 0.  Raises RuntimeError if they are the same."""
    wrapped = wrap_dim(dim1, input.dim()), wrap_dim(dim2, input.dim())
    if wrapped[0] == wrapped[1]:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    return wrapped


def diagonal(input, offset=0, dim1=0, dim2=1):
    """The diagonal `offset` above the main one of the matrices in dimensions dim1 and dim2, as last dimension"""
    return diagonal_dims(input, offset, *diagonal_wrapped(input, dim1, dim2))


@primitive("UnfoldBackward0", view="single")
def unfold_dim(xp, input, /, dimension, size, step):
    """All windows of `size` elements, `step` apart, along a dimension, as last dimension"""
    shape, strides = list(input.shape) or [1], list(xp.strides(input)) or [1]
    along = strides[dimension]
    shape[dimension], strides[dimension] = (shape[dimension] - size) // step + 1, along * step
    if not input.ndim:
        shape, strides = [], []
    return xp.as_strided(xp.storage(input), (*shape, size), (*strides, along), xp.storage_offset(input))


unfold_dim.vjp(input=lambda g, input_shape, dimension, size, step:
               unfold_backward(g, input_shape, dimension, size, step))


@primitive("UnfoldBackwardBackward0")
def unfold_backward(xp, input, /, input_sizes, dim, size, step):
    """The windows added up where they lie: the adjoint of unfold"""
    if not input_sizes:
        return xp.sum(input, axis=-1) if size else xp.zeros((), dtype=input.dtype)
    result = xp.zeros(input_sizes, dtype=input.dtype)
    reach = (input.shape[dim] - 1) * step + 1
    for k in range(size):
        result[at(dim, slice(k, k + reach, step))] += input[..., k]
    return result


unfold_backward.vjp(input=lambda g, dim, size, step: unfold_dim(g, dim, size, step))


def unfold(input, dimension, size, step):
    """All windows of `size` elements, `step` apart, along a dimension, as last dimension"""
    dimension = wrap_dim(dimension, input.dim(), input)
    length = input.shape[dimension] if input.dim() else 1
    if size < 0:
        raise RuntimeError(f"size is {size} but must be >= 0")
    if size > length:
        raise RuntimeError(f"maximum size for tensor at dimension {dimension} is {length} but size is {size}")
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    return unfold_dim(input, dimension, size, step)


# ---- explicit strides -----------------------------------------------------------------------------------------------


@primitive("AsStridedBackward0", view="single")
def as_strided_view(xp, input, /, size, stride, storage_offset):
    """A view of input's storage with explicit sizes, strides and offset, in elements"""
    offset = xp.storage_offset(input) if storage_offset is None else storage_offset
    return xp.as_strided(xp.storage(input), size, stride, offset)


def _as_strided_vjp(g, input_geometry, size, stride, storage_offset):
    offset = input_geometry[2] if storage_offset is None else storage_offset
    return as_strided_backward(g, input_geometry, (size, stride, offset))


as_strided_view.vjp(input=_as_strided_vjp)


@primitive("AsStridedScatterBackward0")
def as_strided_backward(xp, input, /, base, view):
    """Zeros of geometry `base`, with input added where a view of geometry `view` looks: the adjoint of as_strided"""
    storage, base, view = _common_storage(xp, input, base, view)
    if overlaps(*view[:2]):
        positions = xp.as_strided(xp.arange(storage.size), *view)
        xp.scatter_add(storage, positions, input)
    else:
        xp.as_strided(storage, *view)[...] = input
    return xp.as_strided(storage, *base)


def _common_storage(xp, input, base, view):
    """Zeros for all that two geometries reach, and both counted from its start"""
    start = min(base[2], view[2])
    base, view = (*base[:2], base[2] - start), (*view[:2], view[2] - start)
    return xp.zeros(max(extent(*base), extent(*view)), dtype=input.dtype), base, view


@primitive("AsStridedBackward0")
def seen_through(xp, input, /, base, view):
    """What a view of geometry `view` sees of input, which lies as `base` in zeros: the adjoint of as_strided_backward"""
    storage, base, view = _common_storage(xp, input, base, view)
    xp.as_strided(storage, *base)[...] = input
    return xp.array(xp.as_strided(storage, *view), order="C", copy=True)


as_strided_backward.vjp(input=lambda g, base, view: seen_through(g, base, view))
seen_through.vjp(input=lambda g, base, view: as_strided_backward(g, base, view))


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
    size, stride, _ = checked_geometry(input, size, stride, storage_offset)
    return as_strided_view(input, size, stride, storage_offset)


def checked_geometry(input, size, stride, storage_offset):
    """Size, strides and offset as tuples of numbers.  Raises RuntimeError if they leave the storage."""
    size, stride = as_sizes((size,)), as_sizes((stride,))
    offset = input.storage_offset() if storage_offset is None else storage_offset
    if len(size) != len(stride):
        raise RuntimeError("mismatch in length of strides and shape")
    if any(s < 0 for s in stride):
        raise RuntimeError(f"as_strided: Negative strides are not supported at the moment, got strides: {list(stride)}")
    item, held = input.dtype.itemsize, int(backend_of(input._data).storage(input._data).size)
    needed = extent(size, stride, offset)
    if 0 not in size and needed > held:
        raise RuntimeError(f"setStorage: sizes {list(size)}, strides {list(stride)}, storage offset {offset}, and "
                           f"itemsize {item} requiring a storage size of {needed * item} are out of bounds for storage "
                           f"of size {held * item}")
    return size, stride, offset


@primitive("AliasBackward0", view="single")
def alias(input, /):
    """The same tensor again, as a view"""
    return input[...]


alias.vjp(input=lambda g: alias(g))
