"""Views of a part of the memory: at an index, a slice, a diagonal, in windows, by explicit strides.

Each comes with its adjoint, which puts a gradient where the part was and zeros elsewhere.
"""

from .dims import extent, overlaps, wrap_dim
from .primitive import primitive

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
