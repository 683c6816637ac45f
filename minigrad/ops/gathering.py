"""Reading at positions that a tensor gives: gather, index_select, take.  The adjoint adds the gradient back there.

All come down to one expression, input[where], for a tuple `where` that index arithmetic has worked out.
"""

from ..backends import backend_of
from ..dtypes import SCALAR_TYPE, int32, int64
from .dims import wrap_dim
from .indexing import index_backward
from .out import takes_out
from .pointwise import where
from .primitive import primitive
from .promotion import broadcast_shape
from .shape import expand_to, reshape

# ---- positions ------------------------------------------------------------------------------------------------------


def array_of(index):
    """A tensor of positions as an array, which it may be already"""
    return getattr(index, "_data", index)


def along(input, index, dim):
    """A tuple that reads x[i, ..., index[i, ..., k], ..., k] at dimension `dim`"""
    index = array_of(index)
    xp = backend_of(index)
    if not index.size:
        none = xp.zeros(index.shape, dtype=int)
        return (none,) * input.ndim or (None, slice(0, 0))
    if not input.ndim:
        return (None,) if index.ndim else ()
    if not index.ndim:
        return (index,)
    grid = [xp.reshape(xp.arange(n), [n if i == d else 1 for i in range(index.ndim)]) for d, n in enumerate(index.shape)]
    return (*grid[:dim], index, *grid[dim + 1 :])


def at_dim(input, index, dim):
    """A tuple that reads x[:, ..., index] at dimension `dim`"""
    index = array_of(index)
    return (slice(None),) * dim + (index if index.ndim else index.reshape(1),) if input.ndim else ()


def within(index, size, error, text, low=0):
    """Raise error(text), the text given the first index outside [low, size), if there is one"""
    index.device.backend.check_range(index._data, low, size, lambda wrong: error(text.format(wrong)))


def check_index(name, index):
    """Raise RuntimeError unless `index` holds int64 or int32"""
    if index.dtype not in (int64, int32):
        raise RuntimeError(f"{name}(): Expected dtype int32/int64 for index")


def check_along(input, dim, index, whose="self"):
    """Raise RuntimeError if `index` does not fit input for gather and scatter."""
    if max(input.dim(), 1) != max(index.dim(), 1):
        raise RuntimeError(f"Index tensor must have the same number of dimensions as {whose} tensor")
    if whose == "input":
        for d in range(index.dim()):
            if d != dim and index.shape[d] > input.shape[d]:
                raise RuntimeError(f"Size does not match at dimension {d} expected index {list(index.shape)} to be no "
                                   f"larger than self {list(input.shape)} apart from dimension {dim}")
    size = input.shape[dim] if input.dim() else 1
    within(index, size, RuntimeError, f"index {{}} is out of bounds for dimension {dim} with size {size}")


# ---- reading --------------------------------------------------------------------------------------------------------


def _rowwise(xp, result):
    return result if result.flags.c_contiguous else xp.array(result, order="C")


@primitive("GatherBackward0")
def gather_along(xp, input, index, /, dim, sparse_grad=False):
    """input at explicit positions along one dimension"""
    return _rowwise(xp, input[along(input, index, dim)])


gather_along.vjp(input=lambda g, input, index, dim: index_backward(g, tuple(input.shape), along(input, index, dim)))


@primitive("IndexSelectBackward0")
def index_select_dim(xp, input, index, /, dim):
    """The slices of input at some indices"""
    return _rowwise(xp, input[at_dim(input, index, dim)])


index_select_dim.vjp(input=lambda g, input_shape, index, dim: index_backward(g, input_shape, at_dim(g, index, dim)))


@primitive("TakeBackward0")
def take_at(xp, input, index, /):
    """The elements of input, taken as one row, at the indices"""
    return input.reshape(-1)[index]


take_at.vjp(input=lambda g, input, index:
            index_backward(g, (_count(input.shape),), (array_of(index),)).reshape(tuple(input.shape)))


def _count(shape):
    count = 1
    for size in shape:
        count *= size
    return count


@takes_out
def gather(input, dim, index, *, sparse_grad=False):
    """result[i, ..., k] = input[i, ..., index[i, ..., k], ..., k] at dimension `dim`"""
    dim = wrap_dim(dim, input.dim())
    if index.numel():
        check_index("gather", index)
        check_along(input, dim, index, "input")
    return gather_along(input, index, dim, sparse_grad)


@takes_out
def index_select(input, dim, index):
    """The slices of input at the indices along dimension `dim`"""
    dim = wrap_dim(dim, input.dim())
    if index.dim() > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    if not input.dim() and index.numel() != 1:
        raise RuntimeError(f"index_select(): Index to scalar can have only 1 value, got {index.numel()} value(s)")
    if index.dtype not in (int64, int32):
        raise RuntimeError("index_select(): Expected dtype int32 or int64 for index")
    size = input.shape[dim] if input.dim() else 1
    if input.dim() < 2:
        within(index, size, IndexError, "index out of range in self")
    elif not size and index.numel():
        raise RuntimeError("index_select(): self indexing axis dim should be positive")
    else:
        within(index, size, RuntimeError, f"INDICES element is out of DATA bounds, id={{}} axis_dim={size}")
    return index_select_dim(input, index, dim)


@takes_out
def take(input, index):
    """The elements of input, taken as one row, at the indices"""
    if index.dtype is not int64:
        raise RuntimeError(f"take(): Expected a long tensor for index, but got {SCALAR_TYPE[index.dtype]}")
    if not input.numel() and index.numel():
        raise IndexError("take(): tried to take from an empty tensor")
    check_flat(input, index)
    return take_at(input, index)


def check_flat(input, index):
    """Raise IndexError if an index lies outside of the row of input's elements"""
    within(index, input.numel(), IndexError,
           f"out of range: tried to access index {{}} on a tensor of {input.numel()} elements.", -input.numel())


@takes_out
def take_along_dim(input, indices, dim=None):
    """gather with broadcasting; without `dim`, from the elements as one row"""
    if indices.dtype is not int64:
        raise RuntimeError(f"torch.take_along_dim(): dtype of indices should be Long but got "
                           f"{SCALAR_TYPE[indices.dtype]}")
    if dim is None:
        return gather(reshape(input, -1), 0, reshape(indices, -1))
    if input.dim() != indices.dim():
        raise RuntimeError(f"torch.take_along_dim(): input and indices should have the same number of dimensions, but "
                           f"got {input.dim()} dimensions for input, and {indices.dim()} dimensions for indices")
    dim = wrap_dim(dim, input.dim())
    shape = broadcast_shape(tuple(1 if d == dim else s for d, s in enumerate(input.shape)),
                            tuple(1 if d == dim else s for d, s in enumerate(indices.shape)))
    of = lambda x: expand_to(x, tuple(x.shape[dim] if d == dim else s for d, s in enumerate(shape)))
    return gather(of(input), dim, of(where(indices < 0, indices + input.shape[dim], indices)))
