"""Indexing with brackets: x[i], x[a:b], x[mask], x[[0, 2]], and their assignments.

Basic indices (numbers, slices, None, ...) become a chain of views: select, slice, unsqueeze.  What remains, lists, masks
and tensors of indices, becomes one `index`, which copies.
"""

import functools
import warnings

from .. import dtypes
from ..autograd.graph import gradient_edge, unless_refused
from ..autograd.modes import mode
from ..backends import BACKENDS, backend_of
from ..dtypes import INTEGER
from ..tensor import Tensor
from .keeping import keeping
from .layout import indexed
from .masking import zero
from .primitive import primitive
from .promotion import broadcast_shape
from .shape import alias, select_index, slice_dim, unsqueeze_dim

FULL = slice(None)
MASKS = dtypes.bool_, dtypes.uint8


@primitive("IndexBackward0")
def index_arrays(xp, input, given, /, indices):
    """input[indices] for a tuple of full slices and integer arrays, which were `given` as tensors or masks"""
    result = input[indices]
    if not input.flags.c_contiguous:
        return indexed(result, input, indices)
    return result if result.flags.c_contiguous else xp.array(result, order="C")


index_arrays.vjp(input=keeping("given")(lambda g, input_shape, indices: index_backward(g, input_shape, indices)))


@primitive("IndexPutBackward0")
def index_backward(xp, input, /, size, indices):
    """Zeros of `size`, with input added at `indices`: the adjoint of indexing"""
    result = xp.zeros(size, dtype=input.dtype)
    xp.scatter_add(result, indices, input)
    return result


index_backward.vjp(input=lambda g, indices: index_arrays(g, None, indices))


@primitive("IndexPutBackward0")
def index_put_arrays(xp, input, values, given, /, indices, accumulate):
    """A copy of input with `values` written (or added) at `indices`, which were `given` as tensors or masks"""
    result = xp.dense_copy(input)
    if accumulate:
        xp.scatter_add(result, indices, values)
    else:
        result[indices] = values
    return result


index_put_arrays.vjp(
    input=keeping("given")(lambda g, indices, accumulate:
                           g if accumulate else index_put_arrays(g, one_zero(g), None, indices, False)),
    values=lambda g, given, indices: index_arrays(g, given, indices))  # fmt: skip


def one_zero(g):
    """A 0-d zero of the kind and dtype of g"""
    return zero(g.reshape(-1)[:1]).sum()


# ---- taking an index apart ------------------------------------------------------------------------------------------


def covers(item, size):
    """Whether a slice takes all of a dimension of this size, as written: torch makes no view for it"""
    return not item.start and (item.stop is None or item.stop >= size) and item.step in (None, 1)


def as_index(item):
    """An index item in its simplest form: int, slice, None, Ellipsis, or a Tensor."""
    if item is None or item is Ellipsis or isinstance(item, (bool, int, slice)):
        return item
    if isinstance(item, Tensor):
        if item.dim() or item.dtype.category > INTEGER:
            return item
        return bool(item.item()) if item.dtype in MASKS else item.item()
    if isinstance(item, (list, tuple, range)) or type(item) in BACKENDS:
        found = make_index_tensor(list(item) if isinstance(item, range) else item)
        if isinstance(item, (list, tuple)) and found.dtype.category > INTEGER:
            found = found.long()
        return as_index(found) if found.dim() == 0 else found
    if hasattr(item, "__index__"):
        return item.__index__()
    if isinstance(item, str):
        raise TypeError("new(): invalid data type 'str'")
    raise IndexError("only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices "
                     f"(got {type(item).__name__})")


make_index_tensor = None  # creation.tensor; set by methods/making.py, which may import it


NOT_A_TUPLE = ("Using a non-tuple sequence for multidimensional indexing is deprecated and will be changed in pytorch 2.9; "
               "use x[tuple(seq)] instead of x[seq]. In pytorch 2.9 this will be interpreted as tensor index, "
               "x[torch.tensor(seq)], which will result either in an error or a different result")


def as_items(index):
    """The items of an index expression, `...` still in it.  A list that contains slices or lists counts as a tuple."""
    if isinstance(index, tuple):
        return index
    if isinstance(index, (list, range)) and len(index) < 32 and any(map(_asks_for_a_tuple, index)):
        warnings.warn(NOT_A_TUPLE, UserWarning, stacklevel=4)
        return tuple(index)
    return (index,)


def _asks_for_a_tuple(item):
    return item is None or item is Ellipsis or isinstance(item, (Tensor, slice, list, tuple, range, str))


def apply_basic(input, index, writing=False):
    """Apply the basic items as views; returns the view and the remaining tensor indices, one per dimension or None.

    Where they change nothing the view is an alias, or, to be written to, the input itself.
    """
    if isinstance(index, int) and not isinstance(index, bool):
        return select_at(input, 0, index, 0), []
    if isinstance(index, slice):
        return slice_at(input, 0, index), []
    if index is Ellipsis:
        return alias(input), []
    items = as_items(index)
    consumed = sum(_consumes(item) for item in items)
    if consumed > input.dim():
        raise IndexError(f"too many indices for tensor of dimension {input.dim()}")
    items = [as_index(item) for item in items]
    view, dim, tensors = input, 0, []
    for place, item in enumerate(items):
        if item is Ellipsis:
            dim += input.dim() - consumed
        elif item is None:
            view, dim = unsqueeze_dim(view, dim), dim + 1
        elif isinstance(item, bool):
            view = unsqueeze_dim(view, dim)
            tensors += [None] * (dim - len(tensors)) + [make_index_tensor([0] if item else [], dtype=dtypes.int64)]
            dim += 1
        elif isinstance(item, int):
            view = select_at(view, dim, item, place)
        elif isinstance(item, slice):
            whole = view.dim() and covers(item, view._data.shape[dim])
            view = view if whole else slice_at(view, dim, item)
            dim += 1
        else:
            tensors += [None] * (dim - len(tensors)) + [item]
            dim += _consumes(item)
    return (alias(input) if view is input and not tensors and not writing else view), tensors


def _consumes(item):
    if item is None or item is Ellipsis or isinstance(item, bool):
        return 0
    return item.dim() if isinstance(item, Tensor) and item.dtype in MASKS else 1


def select_at(view, dim, index, place):
    """view at `index` of dimension `dim`; errors name, for the dimension, the item of the index expression."""
    if view.dim() == 0 and index:
        raise IndexError(f"index {index} is out of bounds for dimension {place} with size 0")
    if view.dim() == 0:
        raise IndexError("invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ "
                         "to convert a 0-dim tensor to a number")
    size = view._data.shape[dim]
    if not -size <= index < size:
        raise IndexError(f"index {index} is out of bounds for dimension {place} with size {size}")
    return select_index(view, dim, index % size)


def slice_at(view, dim, item):
    """view[start:stop:step] at dimension `dim`"""
    if item.step == 0:
        raise ValueError("slice step cannot be zero")
    if item.step is not None and item.step < 0:
        raise ValueError("step must be greater than zero")
    if view.dim() == 0:
        raise unless_refused(view, IndexError("slice() cannot be applied to a 0-dim tensor."))
    start, stop, step = item.indices(view._data.shape[dim])
    if type(item.start) is int and item.start > start:  # beyond the end, which nodes show as it was written
        start = item.start
    if type(item.stop) is int and item.stop > stop:
        stop = item.stop
    return slice_dim(view, dim, start, stop, step)


def as_arrays(view, tensors):
    """Tensor indices as a tuple that indexes an array; masks become the positions where they hold.  Raises IndexError."""
    return check_bounds(view, unchecked_arrays(view, tensors))


def unchecked_arrays(view, tensors):
    """The same, of which the numbers may lie outside of the dimensions that they index."""
    if sum(1 if item is None else _consumes(item) for item in tensors) > view.dim():
        raise IndexError(f"too many indices for tensor of dimension {view.dim()}")
    indices = []
    for item in tensors:
        if item is None:
            indices.append(FULL)
        elif item.dtype in MASKS:
            _check_mask(item, view, len(indices))
            indices.extend(backend_of(item._data).nonzero(item._data))
        elif item.dtype.category != INTEGER:
            raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
        else:
            indices.append(item._data)
    _check_common_shape([tuple(i.shape) for i in indices if i is not FULL])
    if any(size == 0 and i is not FULL for size, i in zip(view.shape, indices)):
        if not any(i is not FULL and 0 in i.shape for i in indices):
            raise IndexError("index is out of bounds for dimension with size 0")
    return tuple(indices)


def _check_mask(mask, view, dim):
    for i, size in enumerate(mask.shape):
        if size != view.shape[dim + i]:
            raise IndexError(f"The shape of the mask {list(mask.shape)} at index {i} does not match the shape of the "
                             f"indexed tensor {list(view.shape)} at index {dim + i}")


def _check_common_shape(shapes):
    """Raise IndexError if index tensors of these shapes cannot be broadcast together."""
    if len(set(shapes)) > 1:
        try:
            broadcast_shape(*shapes)
        except RuntimeError:
            raise IndexError(f"shape mismatch: indexing tensors could not be broadcast together with shapes "
                             f"{', '.join(str(list(shape)) for shape in shapes)}") from None


def check_bounds(view, indices):
    """The indices.  Raises IndexError if a number lies outside of the dimension that it indexes; torch counts index
    tensors there.  Where there are no elements nothing is read or written, wherever that is."""
    if not view._data.size:
        first = next(i for i in indices if i is not FULL)
        common = broadcast_shape(*[tuple(i.shape) for i in indices if i is not FULL])
        nowhere = backend_of(first).zeros(common, dtype=first.dtype)
        return tuple([i if i is FULL else nowhere for i in indices])
    number = 0
    for size, data in zip(view._data.shape, indices):
        if data is FULL:
            continue
        if data.size:
            backend_of(data).check_range(data, -size, size, functools.partial(_out_of_bounds, number, size))
        number += 1
    return indices


def _out_of_bounds(number, size, wrong):
    return IndexError(f"index {wrong} is out of bounds for dimension {number} with size {size}")


def indexed_shape(shape, indices):
    """The shape of an array of `shape` at `indices`: the indices' common shape in place of the dimensions that they
    index, in front if these are not neighbours."""
    places = [d for d, index in enumerate(indices) if index is not FULL]
    common = broadcast_shape(*[tuple(indices[d].shape) for d in places])
    front = places[0] if places[-1] - places[0] < len(places) else 0
    kept = [size for d, size in enumerate(shape) if d not in places]
    return (*kept[:front], *common, *kept[front:])


def places(view, tensors, values):
    """Tensor indices as arrays, once it is sure that `values` can be put there.  Raises IndexError or RuntimeError."""
    indices = unchecked_arrays(view, tensors)
    shape, sizes = indexed_shape(tuple(view._data.shape), indices), tuple(values._data.shape)
    if len(sizes) > len(shape) or any(s not in (1, t) for s, t in zip(reversed(sizes), reversed(shape))):
        raise RuntimeError(f"shape mismatch: value tensor of shape {list(sizes)} cannot be broadcast to indexing result of "
                           f"shape {list(shape)}")
    if values.dtype is not view.dtype:
        names = dtypes.SCALAR_TYPE[view.dtype], dtypes.SCALAR_TYPE[values.dtype]
        raise RuntimeError("Index put requires the source and destination dtypes match, got {} for the destination and "
                           "{} for the source.".format(*names))
    return check_bounds(view, indices)


def getitem(input, index):
    """input[index]"""
    if type(index) is int:
        shape = input._data.shape
        if shape and -shape[0] <= index < shape[0]:
            return select_index(input, 0, index % shape[0])
    elif type(index) is tuple:
        view = by_numbers(input, index)
        if view is not None:
            return view
    view, tensors = apply_basic(input, index)
    if tensors and mode.enabled:
        gradient_edge(view)  # refused, if need be, before the indices are looked at
    return index_arrays(view, tensors, as_arrays(view, tensors)) if tensors else view


def by_numbers(input, index):
    """input at an index of numbers and slices only; None if there is anything else in it, or something is wrong"""
    shape = input._data.shape
    if len(index) > len(shape):
        return None
    for item, size in zip(index, shape):
        if type(item) is int:
            if not -size <= item < size:
                return None
        elif type(item) is not slice:
            return None
    view, dim = input, 0
    for item, size in zip(index, shape):
        if type(item) is int:
            view = select_index(view, dim, item % size)
        else:
            view = view if covers(item, size) else slice_at(view, dim, item)
            dim += 1
    return alias(input) if view is input else view
