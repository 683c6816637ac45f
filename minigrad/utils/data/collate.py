"""Examples joined into a batch, whatever containers they come in."""

import copy
from collections.abc import Mapping, MutableMapping, MutableSequence, Sequence

from ...dtypes import float64
from ...ops.creation import as_tensor, tensor
from ...ops.shape import stack
from ...tensor import Tensor

_CANNOT = "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found {}"


def _is_array(value):
    """Whether value is another library's array or array scalar."""
    return hasattr(value, "__array__") and hasattr(value, "dtype") and hasattr(value, "shape")


def _is_text(array):
    return array.dtype.kind in "SUO"


def default_convert(data):
    """Arrays become tensors, inside any nesting of lists, tuples and mappings; the rest stays as it is."""
    if isinstance(data, (Tensor, str, bytes)):
        return data
    if _is_array(data):
        return data if _is_text(data) else as_tensor(data)
    if isinstance(data, Mapping):
        return _like_mapping(data, {key: default_convert(data[key]) for key in data})
    if _is_namedtuple(data):
        return type(data)(*(default_convert(item) for item in data))
    if isinstance(data, tuple):
        return [default_convert(item) for item in data]
    if isinstance(data, Sequence):
        return _like_sequence(data, [default_convert(item) for item in data])
    return data


def default_collate(batch):
    """Tensors and arrays are stacked, numbers become one tensor, containers are joined item by item."""
    first = batch[0]
    if isinstance(first, Tensor):
        return stack(batch, 0)
    if _is_array(first):
        return _collate_arrays(batch, first)
    if isinstance(first, float):
        return tensor(batch, dtype=float64)
    if isinstance(first, int):
        return tensor(batch)
    if isinstance(first, (str, bytes)):
        return batch
    if isinstance(first, Mapping):
        return _like_mapping(first, {key: default_collate([item[key] for item in batch]) for key in first})
    if _is_namedtuple(first):
        return type(first)(*(default_collate(items) for items in zip(*batch, strict=True)))
    if isinstance(first, Sequence):
        if any(len(item) != len(first) for item in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        joined = [default_collate(items) for items in zip(*batch, strict=True)]
        return joined if isinstance(first, tuple) else _like_sequence(first, joined)
    raise TypeError(_CANNOT.format(type(first)))


def _collate_arrays(batch, first):
    if _is_text(first):
        raise TypeError(_CANNOT.format(first.dtype))
    if not hasattr(first, "__setitem__"):
        return as_tensor(batch)
    return stack([as_tensor(array) for array in batch], 0)


def _is_namedtuple(value):
    return isinstance(value, tuple) and hasattr(value, "_fields")


def _like_mapping(original, items):
    """`items` in a mapping of the original's type, where that can be made."""
    try:
        if isinstance(original, MutableMapping):
            clone = copy.copy(original)
            clone.update(items)
            return clone
        return type(original)(items)
    except TypeError:
        return items


def _like_sequence(original, items):
    try:
        if isinstance(original, MutableSequence):
            clone = copy.copy(original)
            for i, item in enumerate(items):
                clone[i] = item
            return clone
        return type(original)(items)
    except TypeError:
        return items
