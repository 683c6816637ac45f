"""Tensors brought to a common shape, and all combinations of their elements."""

from ..dtypes import bool_
from ..size import Size
from ..tensor import Tensor
from .creation import arange, full
from .joining import as_tensors, stack
from .masked import masked_select
from .promotion import broadcast_shape
from .reduction import sum as total
from .shape import expand_to, flatten, reshape, view


def broadcast_shapes(*shapes):
    """The shape that tensors of these shapes broadcast to"""
    shapes = [(shape,) if isinstance(shape, int) else tuple(shape) for shape in shapes]
    result = [1] * max(map(len, shapes), default=0)
    for argument, shape in enumerate(shapes):
        for i in range(-1, -1 - len(shape), -1):
            if shape[i] < 0:
                raise ValueError("Attempting to broadcast a dimension with negative length!")
            if shape[i] == 1 or shape[i] == result[i]:
                continue
            if result[i] != 1:
                raise RuntimeError(f"Attempting to broadcast a dimension of length {shape[i]} at {i}! Mismatching "
                                   f"argument at index {argument} had {shape}; but expected shape should be "
                                   f"broadcastable to {result}")
            result[i] = shape[i]
    return Size(result)


def broadcast_tensors(*tensors):
    """Views of the tensors in their common shape"""
    tensors = tensors[0] if len(tensors) == 1 and not isinstance(tensors[0], Tensor) else tensors
    shape = broadcast_shape(*(tuple(x.shape) for x in tensors))
    return tuple([x if tuple(x.shape) == shape else expand_to(x, shape) for x in tensors])


def sum_to_size(input, *size):
    """input summed over the dimensions that broadcasting from `size` would add or stretch"""
    size = tuple(size[0]) if len(size) == 1 and isinstance(size[0], (tuple, list)) else size
    shape, extra = tuple(input.shape), input.dim() - len(size)
    if extra < 0 or any(s not in (1, have) for s, have in zip(size, shape[extra:])):
        raise RuntimeError(f"size {{{list(size)}}} is not expandable to size {{{list(shape)}}}.")
    if not size:
        return total(input)
    dims = tuple(d for d, have in enumerate(shape) if d < extra or size[d - extra] == 1 != have)
    result = total(input, dims, True) if dims else input
    return reshape(result, size) if extra else result


def meshgrid(*tensors, indexing=None):
    """Each vector spread out along a dimension of its own; indexing "xy" swaps the first two"""
    tensors = tensors[0] if len(tensors) == 1 and not isinstance(tensors[0], Tensor) else tensors
    tensors = as_tensors("meshgrid", list(tensors))
    if not tensors:
        raise RuntimeError("meshgrid expects a non-empty TensorList")
    for x in tensors:
        if x.dim() > 1:
            values = "\n".join(str(v) for v in x.tolist())
            raise RuntimeError(f"torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: {values}")
        if x.dtype is not tensors[0].dtype:
            raise RuntimeError("meshgrid expects all tensors to have the same dtype")
    if indexing not in (None, "ij", "xy"):
        raise RuntimeError(f'torch.meshgrid: indexing must be one of "xy" or "ij", but received: {indexing}')
    if indexing == "xy" and len(tensors) > 1:
        second, first, *rest = meshgrid(tensors[1], tensors[0], *tensors[2:], indexing="ij")
        return (first, second, *rest)
    shape = [x.numel() for x in tensors]
    return tuple([expand_to(view(x, [n if i == d else 1 for i in range(len(shape))]), tuple(shape))
                  for d, (x, n) in enumerate(zip(tensors, shape))])


def cartesian_prod(*tensors):
    """All tuples with one element of each vector, as rows"""
    for x in tensors:
        if x.dim() != 1:
            raise RuntimeError(f"Expect a 1D vector, but got shape {list(x.shape)}")
    if len(tensors) == 1:
        return tensors[0]
    return stack([flatten(x) for x in meshgrid(*tensors, indexing="ij")], 1)


def combinations(input, r=2, with_replacement=False):
    """All r-element subsets of a vector's elements, as rows"""
    if input.dim() != 1:
        raise RuntimeError(f"Expect a 1D vector, but got shape {list(input.shape)}")
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    if r == 0:
        return full((0,), 0, dtype=input.dtype, device=input.device)
    places = meshgrid(*[arange(input.numel(), device=input.device)] * r, indexing="ij")
    mask = full(tuple(places[0].shape), True, dtype=bool_, device=input.device)
    for low, high in zip(places, places[1:]):
        mask = mask * ((low <= high) if with_replacement else (low < high))
    return stack([masked_select(x, mask) for x in meshgrid(*[input] * r, indexing="ij")], 1)
