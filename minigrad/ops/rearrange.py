"""The same elements elsewhere: flipped, rolled, rotated, repeated, cut to a triangle, put on a diagonal.  All copy."""

from ..backends import on_its_device
from ..dtypes import FLOAT, SCALAR_TYPE
from ..tensor import Tensor
from .copying import diagonal_copy
from .dims import as_sizes, overlaps, wrap_dim, wrap_dims
from .gathering import index_select
from .masking import zero
from .out import takes_out
from .primitive import primitive
from .shape import clone, contiguous, expand_to, flatten, repeat, unsqueeze_dim, view
from .views import (
    as_strided_view,
    checked_geometry,
    diagonal_backward,
    diagonal_dims,
    diagonal_wrapped,
    laid_out,
    select,
    select_index,
    slice_dim,
    sliced,
)  # fmt: skip

# ---- turned around --------------------------------------------------------------------------------------------------


@primitive("FlipBackward0")
def flip_dims(xp, input, /, dims):
    """The elements along `dims` in reversed order"""
    return xp.dense_copy(xp.flip(input, dims)) if dims else xp.dense_copy(input)


flip_dims.vjp(input=lambda g, dims: flip_dims(g, dims))


def flip(input, *args, dims=None):
    """The elements along `dims` in reversed order"""
    return flip_dims(input, wrap_dims(as_sizes(args if dims is None else (dims,)), input.dim(), input))


def fliplr(input):
    """Columns in reversed order"""
    if input.dim() < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return flip(input, 1)


def flipud(input):
    """Rows in reversed order"""
    if input.dim() < 1:
        raise RuntimeError("Input must be >= 1-d.")
    return flip(input, 0)


@primitive("Rot90Backward0")
def rot90_turns(xp, input, /, k, dims):
    """Turned by k quarters in the plane of two dimensions"""
    flipped = dims if k % 4 == 2 else dims[1:] if k % 4 == 1 else dims[:1] if k % 4 else ()
    turned = flip_dims.op.kernel(xp, input, flipped)
    return xp.swapaxes(turned, *dims) if k % 2 else turned


rot90_turns.vjp(input=lambda g, k, dims: rot90_turns(g, -k, dims))


def rot90(input, k=1, dims=(0, 1)):
    """Turned by k quarters in the plane from the first of `dims` to the second"""
    ndim, dims = input.dim(), as_sizes((dims,))
    if len(dims) != 2:
        raise RuntimeError(f"expected total rotation dims == 2, but got dims = {len(dims)}")
    if ndim < 2:
        raise RuntimeError(f"expected total dims >= 2, but got total dims = {ndim}")
    if dims[0] == dims[1] or abs(dims[0] - dims[1]) == ndim:
        raise RuntimeError(f"expected rotation dims to be different, but got dim0 = {dims[0]} and dim1 = {dims[1]}")
    for dim in dims:
        if not -ndim <= dim < ndim:
            raise RuntimeError(f"Rotation dim{dims.index(dim)} out of range, dim{dims.index(dim)} = {dim}")
    return rot90_turns(input, k, dims)


@primitive("RollBackward0")
def roll_dims(xp, input, /, shifts, dims):
    """The elements along each of `dims` moved on by a shift; what leaves at the end enters at the start"""
    return xp.asarray(xp.roll(input, shifts, dims) if dims else xp.roll(input, shifts[0]), order="C")


roll_dims.vjp(input=lambda g, shifts, dims: roll_dims(g, tuple(-s for s in shifts), dims))


def roll(input, shifts, dims=()):
    """The elements along each of `dims` (none: all, as one row) moved on by a shift, around the end"""
    shifts, dims = as_sizes((shifts,)), as_sizes((dims,))
    if not shifts:
        raise RuntimeError("`shifts` required")
    if len(shifts) != len(dims) and not (len(shifts) == 1 and not dims):
        raise RuntimeError(f"shifts and dimensions must align. shifts: {len(shifts)}, dims:{len(dims)}")
    if dims and not input.dim():
        raise IndexError(f"Dimension specified as {dims[0]} but tensor has no dimensions")
    return roll_dims(input, shifts, tuple(wrap_dim(d, input.dim(), input) for d in dims))


# ---- repeated -------------------------------------------------------------------------------------------------------


def tile(input, *dims):
    """input repeated along its dimensions; fewer numbers than dimensions mean the last ones"""
    dims = as_sizes(dims)
    return repeat(input, (1,) * (input.dim() - len(dims)) + dims)


def repeat_interleave(input, repeats=None, dim=None, *, output_size=None):
    """Each element (or each slice along `dim`) repeated; repeat_interleave(repeats) gives the indices for that"""
    if repeats is None:
        return _repeated_indices(input)
    if isinstance(repeats, Tensor) and repeats.numel() == 1 and repeats.dim() <= 1:
        repeats = repeats.item()
    if not isinstance(repeats, Tensor):
        return _repeat_each(input, repeats, dim, output_size)
    if repeats.dim() > 1:
        raise RuntimeError("repeats must be 0-dim or 1-dim tensor")
    if dim is None:
        input, dim = flatten(input), 0
    if repeats.shape[0] != input.shape[dim]:
        raise RuntimeError(f"repeats must have the same size as input along dim, but got repeats.size(0) = "
                           f"{repeats.shape[0]} and input.size({dim}) = {input.shape[dim]}")
    return index_select(input, dim, _repeated_indices(repeats))


@primitive()
def repeated_indices(xp, repeats, /):
    """0 repeats[0] times, 1 repeats[1] times, ..."""
    ends = xp.cumsum(repeats)  # CuPy's repeat takes no array before its version 14
    return xp.searchsorted(ends, xp.arange(int(ends[-1]) if ends.size else 0), side="right")


@on_its_device
def _repeated_indices(repeats):
    if repeats.dtype.category == FLOAT or repeats.dtype.itemsize < 4:
        raise NotImplementedError(f"\"repeat_interleave_cpu\" not implemented for '{SCALAR_TYPE[repeats.dtype]}'")
    if repeats.numel() and repeats._data.min() < 0:
        raise RuntimeError("repeats can not be negative")
    return repeated_indices(repeats)


def _repeat_each(input, repeats, dim, output_size):
    if repeats < 0:
        raise RuntimeError("Repeats must be non-negative")
    input, dim = (flatten(input), 0) if dim is None else (input, wrap_dim(dim, input.dim()))
    shape = tuple(input.shape)
    if output_size is not None and output_size != shape[dim] * repeats:
        raise RuntimeError(f"repeat_interleave: Invalid output_size, expected {shape[dim] * repeats} but got "
                           f"{output_size}")
    spread = expand_to(unsqueeze_dim(input, dim + 1), (*shape[: dim + 1], repeats, *shape[dim + 1 :]))
    return view(clone(spread, contiguous=True), (*shape[:dim], shape[dim] * repeats, *shape[dim + 1 :]))


# ---- triangles and diagonals ----------------------------------------------------------------------------------------


@primitive("TrilBackward0")
def tril_below(xp, input, /, diagonal):
    """Zeros above a diagonal"""
    return xp.asarray(xp.tril(input, diagonal), order="C")


tril_below.vjp(input=lambda g, diagonal: tril_below(g, diagonal))


@primitive("TriuBackward0")
def triu_above(xp, input, /, diagonal):
    """Zeros below a diagonal"""
    return xp.asarray(xp.triu(input, diagonal), order="C")


triu_above.vjp(input=lambda g, diagonal: triu_above(g, diagonal))


@takes_out
def tril(input, diagonal=0):
    """The lower triangle of the last two dimensions, zeros above"""
    if input.dim() < 2:
        raise RuntimeError("tril: input tensor must have at least 2 dimensions")
    return tril_below(input, diagonal)


@takes_out
def triu(input, diagonal=0):
    """The upper triangle of the last two dimensions, zeros below"""
    if input.dim() < 2:
        raise RuntimeError("triu: input tensor must have at least 2 dimensions")
    return triu_above(input, diagonal)


@primitive("DiagEmbedBackward0")
def diag_embed_dims(xp, input, /, offset, dim1, dim2):
    """Matrices in dimensions dim1 and dim2 with input's last dimension on a diagonal, zeros elsewhere"""
    size = list(input.shape[:-1])
    for dim in sorted((dim1, dim2)):
        size.insert(dim, input.shape[-1] + abs(offset))
    result = xp.zeros(size, dtype=input.dtype)
    xp.write(diagonal_dims.op.kernel(xp, result, offset, dim1, dim2), input)
    return result


diag_embed_dims.vjp(input=lambda g, offset, dim1, dim2: diagonal_dims(g, offset, dim1, dim2))


def diag_embed(input, offset=0, dim1=-2, dim2=-1):
    """Matrices in dimensions dim1 and dim2 with input's last dimension on a diagonal, zeros elsewhere"""
    ndim = input.dim() + 1
    first, second = wrap_dim(dim1, ndim), wrap_dim(dim2, ndim)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    return diag_embed_dims(input, offset, first, second)


def diagflat(input, offset=0):
    """A matrix with all of input's elements on a diagonal"""
    return diag_embed(view(contiguous(input), -1), offset)


@primitive("TraceBackward0")
def trace_sum(xp, input, /):
    """The sum of the main diagonal"""
    return xp.trace(input, dtype=None if input.dtype.kind in "fc" else int)


trace_sum.vjp(input=lambda g, input_shape: _on_diagonal(g, input_shape))


def _on_diagonal(g, shape):
    return diagonal_backward(expand_to(g, (min(shape),)), shape, 0, 0, 1)


def trace(input):
    """The sum of the main diagonal of a matrix"""
    if input.dim() != 2:
        raise RuntimeError(f"trace: expected a matrix, but got tensor with dim {input.dim()}")
    return trace_sum(input)


# ---- copies with a part replaced ------------------------------------------------------------------------------------


def with_gaps(xp, input):
    """A copy of input with its strides: of all its storage, unless elements of input share memory"""
    if overlaps(input.shape, xp.strides(input)):
        return xp.dense_copy(input)
    return xp.as_strided(xp.array(xp.storage(input)), input.shape, xp.strides(input), xp.storage_offset(input))


def _scatter_op(name, part):
    """The op `<part>_scatter`: a copy of input with src where the view `part(input, ...)` looks"""
    kernel = part.op.kernel
    look = (lambda xp, x, *where: kernel(xp, x, *where)) if part.op.takes_xp else (lambda xp, x, *where: kernel(x, *where))

    @primitive(name)
    def scattered(xp, input, src, /, where):
        """A copy of input with src in place of a part"""
        result = with_gaps(xp, input)
        xp.write(look(xp, result, *where), src)
        return result

    scattered.vjp(input=lambda g, where: scattered(g, zero(part(g, *where)), where),
                  src=lambda g, where: part(g, *where))
    return scattered


select_scatter_at = _scatter_op("SelectScatterBackward0", select_index)
slice_scatter_at = _scatter_op("SliceScatterBackward0", slice_dim)
diagonal_scatter_at = _scatter_op("DiagonalScatterBackward0", diagonal_dims)


def _fits(part, src):
    if tuple(part.shape) != tuple(src.shape):
        raise RuntimeError(f"expected src to have a size equal to the slice of self. src size = {list(src.shape)}, "
                           f"slice size = {list(part.shape)}")


def select_scatter(input, src, dim, index):
    """A copy of input with src at `index` of dimension `dim`"""
    _fits(select(input.detach(), dim, index), src)
    dim = wrap_dim(dim, input.dim())
    return select_scatter_at(input, src, (dim, index % input.shape[dim]))


@takes_out
def slice_scatter(input, src, dim=0, start=None, end=None, step=1):
    """A copy of input with src at the slice of dimension `dim`"""
    where = sliced(input, dim, start, end, step)
    _fits(slice_dim(input.detach(), *where), src)
    return slice_scatter_at(input, src, (where[0], start, end, step))


def diagonal_scatter(input, src, offset=0, dim1=0, dim2=1):
    """A copy of input with src on a diagonal"""
    where = (offset, *diagonal_wrapped(input, dim1, dim2))
    _fits(diagonal_dims(input.detach(), *where), src)
    return diagonal_scatter_at(input, src, where)


@primitive("AsStridedScatterBackward0")
def as_strided_scatter_at(xp, input, src, /, where):
    """A copy of input with src where as_strided(input, *where) looks"""
    result = with_gaps(xp, input)
    xp.write(xp.as_strided(xp.storage(result), *where), src)
    return result


# The gradient of input is torch's: what arrives at the part, and 0 elsewhere, though the part was written over.
as_strided_scatter_at.vjp(input=lambda g, input_geometry, where: _part_only(g, input_geometry, where),
                          src=lambda g, input_geometry, where: _part(g, input_geometry, where))


def _part(g, geometry, where):
    return as_strided_view(laid_out(g, geometry), *_relative(where, geometry))


def _part_only(g, geometry, where):
    return as_strided_scatter_at(zero(laid_out(g, geometry)), _part(g, geometry, where), _relative(where, geometry))


def _relative(where, geometry):
    """A view's geometry in a storage that begins where the tensor of `geometry` does"""
    return where[0], where[1], where[2] - geometry[2]


def as_strided_scatter(input, src, size, stride, storage_offset=None):
    """A copy of input with src where as_strided(input, size, stride, storage_offset) looks"""
    where = checked_geometry(input, size, stride, storage_offset)
    if tuple(where[0]) != tuple(src.shape):
        raise RuntimeError(f"expected src to have a size equal to the slice of self. src size = {list(src.shape)}, "
                           f"slice size = {list(where[0])}")
    return as_strided_scatter_at(input, src, where)


# ---- diag -----------------------------------------------------------------------------------------------------------


@takes_out
def diag(input, diagonal=0):
    """A matrix with the vector input on a diagonal, or a copy of a diagonal of the matrix input"""
    if input.dim() == 1:
        return diag_embed(input, diagonal)
    if input.dim() == 2:
        return diagonal_copy(input, diagonal)
    raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {input.dim()}D")
