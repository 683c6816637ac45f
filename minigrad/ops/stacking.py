"""Tensors side by side, below or behind each other, along a diagonal; and cut apart again into nearly equal parts."""

from ..dtypes import SCALAR_TYPE, int64
from ..tensor import Tensor
from .creation import empty
from .dims import wrap_dim
from .joining import as_tensors, cat, common_dtype
from .out import takes_out
from .primitive import primitive
from .shape import reshape, unsqueeze_dim
from .views import slice_dim

# ---- cut apart ------------------------------------------------------------------------------------------------------


def tensor_split(input, indices_or_sections=None, dim=0, *, indices=None, sections=None):
    """Parts along dimension `dim`: so many of nearly equal size, or cut at the indices in a list or tensor"""
    cuts = next(x for x in (indices_or_sections, indices, sections) if x is not None)
    if input.dim() == 0:
        raise RuntimeError("tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims")
    dim = wrap_dim(dim, input.dim())
    if isinstance(cuts, Tensor):
        if cuts.dtype is not int64:
            raise RuntimeError(f"tensor_split expected tensor_indices_or_sections to have dtype of long, but got "
                               f"{SCALAR_TYPE[cuts.dtype]}")
        if cuts.dim() > 1:
            raise RuntimeError(f"tensor_split expected tensor_indices_or_sections to be a zero-dimensional or "
                               f"one-dimensional tensor, but got a tensor with {cuts.dim()} dims")
        cuts = cuts.tolist()
    size = input.shape[dim]
    if isinstance(cuts, int):
        if cuts <= 0:
            raise RuntimeError(f"number of sections must be larger than 0, got {cuts}")
        cuts = [i * (size // cuts) + min(i, size % cuts) for i in range(1, cuts)]
    bounds = [0, *cuts, size]
    return tuple([_between(input, dim, *pair) for pair in zip(bounds, bounds[1:])])


def _between(input, dim, start, end):
    start, end, _ = slice(start, end).indices(input.shape[dim])
    return slice_dim(input, dim, start, max(start, end), 1)


def _splitter(name, least, choose):
    """hsplit, vsplit or dsplit: tensor_split along the dimension that `choose` gives for a number of dimensions"""

    def split_along(input, indices_or_sections=None, *, indices=None, sections=None):
        cuts = next(x for x in (indices_or_sections, indices, sections) if x is not None)
        if input.dim() < least:
            raise RuntimeError(f"torch.{name} requires a tensor with at least {least} dimension, but got a tensor with "
                               f"{input.dim()} dimensions!")
        dim = choose(input.dim())
        if isinstance(cuts, int) and (cuts <= 0 or input.shape[dim] % cuts):
            raise RuntimeError(f"torch.{name} attempted to split along dimension {dim}, but the size of the dimension "
                               f"{input.shape[dim]} is not divisible by the split_size {cuts}!")
        return tensor_split(input, cuts, dim)

    split_along.__name__ = split_along.__qualname__ = name
    return split_along


hsplit = _splitter("hsplit", 1, lambda ndim: 1 if ndim > 1 else 0)
vsplit = _splitter("vsplit", 2, lambda ndim: 0)
dsplit = _splitter("dsplit", 3, lambda ndim: 2)

# ---- side by side, below each other, behind each other --------------------------------------------------------------


def atleast_1d(*tensors):
    """The tensor, or each of several, with at least one dimension"""
    return _each(tensors, lambda x: x if x.dim() else reshape(x, 1))


def atleast_2d(*tensors):
    """The tensor, or each of several, with at least two dimensions, new ones first"""
    return _each(tensors, lambda x: x if x.dim() > 1 else unsqueeze_dim(x, 0) if x.dim() else reshape(x, 1, 1))


def atleast_3d(*tensors):
    """The tensor, or each of several, with at least three dimensions: (n,) becomes (1, n, 1), (m, n) becomes (m, n, 1)"""
    return _each(tensors, _atleast_3d)


def _atleast_3d(x):
    if x.dim() == 0:
        return reshape(x, 1, 1, 1)
    if x.dim() == 1:
        return unsqueeze_dim(unsqueeze_dim(x, 0), 2)
    return unsqueeze_dim(x, 2) if x.dim() == 2 else x


def _each(tensors, grow):
    if len(tensors) == 1 and isinstance(tensors[0], Tensor):
        return grow(tensors[0])
    tensors = tensors[0] if len(tensors) == 1 else tensors
    return tuple([grow(x) for x in as_tensors("atleast", tensors)])


def _some(name, tensors):
    tensors = as_tensors(name, tensors)
    if not tensors:
        raise RuntimeError(f"{name} expects a non-empty TensorList")
    return tensors


@takes_out
def hstack(tensors):
    """The tensors side by side: along the second dimension, vectors along the first"""
    tensors = [atleast_1d(x) for x in _some("hstack", tensors)]
    return cat(tensors, 0 if tensors[0].dim() == 1 else 1)


@takes_out
def vstack(tensors):
    """The tensors below each other: along the first dimension, vectors as rows"""
    return cat([atleast_2d(x) for x in _some("vstack", tensors)], 0)


@takes_out
def dstack(tensors):
    """The tensors behind each other: along the third dimension"""
    return cat([atleast_3d(x) for x in _some("dstack", tensors)], 2)


@takes_out
def column_stack(tensors):
    """The tensors side by side, vectors as columns"""
    return hstack([x if x.dim() > 1 else reshape(x, x.numel(), 1) for x in _some("column_stack", tensors)])


@primitive("BlockDiagBackward0", variadic=True)
def block_diag_arrays(xp, tensors, /, dtype=None):
    """The matrices along the diagonal of one, zeros elsewhere"""
    tensors = tensors if dtype is None else [xp.cast(x, dtype) for x in tensors]
    blocks = [x.reshape((1,) * (2 - x.ndim) + tuple(x.shape)) for x in tensors]
    result = xp.zeros((sum(b.shape[0] for b in blocks), sum(b.shape[1] for b in blocks)), dtype=tensors[0].dtype)
    for block, (row, column) in zip(blocks, _corners([b.shape for b in blocks])):
        result[row : row + block.shape[0], column : column + block.shape[1]] = block
    return result


def _corners(shapes):
    row = column = 0
    for shape in shapes:
        yield row, column
        row, column = row + shape[0], column + shape[1]


block_diag_arrays.vjp(tensors=lambda g, tensors_shape: _blocks(g, tensors_shape))


def _blocks(g, shapes):
    matrices = [(1,) * (2 - len(shape)) + tuple(shape) for shape in shapes]
    return [reshape(slice_dim(slice_dim(g, 0, row, row + m[0], 1), 1, column, column + m[1], 1), shape)
            for shape, m, (row, column) in zip(shapes, matrices, _corners(matrices))]


def block_diag(*tensors):
    """The matrices along the diagonal of one, zeros elsewhere; vectors count as rows"""
    for i, x in enumerate(tensors):
        if x.dim() > 2:
            raise RuntimeError(f"torch.block_diag: Input tensors must have 2 or fewer dimensions. Input {i} has "
                               f"{x.dim()} dimensions")
    if not tensors:
        return empty(1, 0)
    return block_diag_arrays(list(tensors), common_dtype(tensors))
