"""Dimensions and sizes: negative numbers, ranges, inference of -1, and torch's errors about them."""

import math

from ..autograd.graph import unless_refused


def wrap_dim(dim, ndim, input=None):
    """A dimension number in [0, ndim).  Raises IndexError if out of range; 0-d tensors have dimensions -1 and 0.

    If `input` is a view that its base has left behind, this is said first.
    """
    if 0 <= dim < ndim:
        return dim
    limit = ndim or 1
    if not -limit <= dim < limit:
        raise unless_refused(input, IndexError(
            f"Dimension out of range (expected to be in range of [{-limit}, {limit - 1}], but got {dim})"))
    return dim % limit


def wrap_dims(dims, ndim, input=None):
    """Several dimension numbers as a tuple, all different."""
    wrapped = tuple(wrap_dim(d, ndim, input) for d in dims)
    for d in wrapped:
        if wrapped.count(d) > 1:
            raise unless_refused(input, RuntimeError(f"dim {d} appears multiple times in the list of dims"))
    return wrapped


def as_sizes(sizes, name="view", argument="size"):
    """view(2, 3) and view((2, 3)) alike: the sizes as a tuple.  Raises TypeError for anything but integers."""
    if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
        sizes = sizes[0]
    for s in sizes:
        if not hasattr(s, "__index__"):
            raise TypeError(f"{name}(): argument '{argument}' (position 1) must be tuple of ints, not "
                            f"{type(s).__name__}")
    return tuple(s if type(s) is int else s.__index__() for s in sizes)


def infer_size(sizes, numel):
    """Replace one -1 so that the sizes multiply to `numel`.  Raises RuntimeError if that cannot be."""
    if math.prod(sizes) == numel and (not sizes or min(sizes) >= 0):
        return sizes
    if sizes.count(-1) > 1:
        raise RuntimeError("only one dimension can be inferred")
    for i, size in enumerate(sizes):
        if size < -1:
            raise RuntimeError(f"invalid shape dimension {size} at index {i} of shape {list(sizes)}")
    known = math.prod(s for s in sizes if s != -1)
    if -1 in sizes:
        if known == 0 and numel == 0:
            raise RuntimeError(f"cannot reshape tensor of 0 elements into shape {list(sizes)} because the unspecified "
                               f"dimension size -1 can be any value and is ambiguous")
        if known and numel % known == 0:
            return tuple(numel // known if s == -1 else s for s in sizes)
    elif known == numel:
        return tuple(sizes)
    raise RuntimeError(f"shape '{list(sizes)}' is invalid for input of size {numel}")


def contiguous_strides(sizes):
    """Row-major strides in elements, as torch gives them (size 0 counts as 1)."""
    strides, step = [], 1
    for size in reversed(sizes):
        strides.append(step)
        step *= max(size, 1)
    return tuple(reversed(strides))


def view_strides(sizes, strides, new_sizes):
    """Strides under which the same memory has `new_sizes`, or None if there are none.

    Dimensions that lie contiguously in memory form a chunk; every chunk must be cut up by a run of new dimensions.
    """
    if math.prod(sizes) == 0:
        return tuple(strides) if tuple(sizes) == tuple(new_sizes) else contiguous_strides(new_sizes)
    if not sizes:
        return (1,) * len(new_sizes)
    result = [0] * len(new_sizes)
    position = len(new_sizes) - 1
    chunk_stride, chunk_size = strides[-1], 1
    for i in range(len(sizes) - 1, -1, -1):
        chunk_size *= sizes[i]
        ends = i == 0 or (sizes[i - 1] != 1 and strides[i - 1] != chunk_size * chunk_stride)
        if not ends:
            continue
        filled = 1
        while position >= 0 and (filled < chunk_size or new_sizes[position] == 1):
            result[position] = filled * chunk_stride
            filled *= new_sizes[position]
            position -= 1
        if filled != chunk_size:
            return None
        if i > 0:
            chunk_stride, chunk_size = strides[i - 1], 1
    return tuple(result) if position == -1 else None


def is_contiguous(sizes, strides):
    """Whether the elements follow each other in row-major order without gaps."""
    step = 1
    for size, stride in zip(reversed(sizes), reversed(strides)):
        if size == 0:
            return True
        if size != 1:
            if stride != step:
                return False
            step *= size
    return True




def extent(sizes, strides, offset):
    """How many elements a storage must have for a view of this geometry."""
    if 0 in sizes:
        return offset
    return offset + 1 + sum((size - 1) * stride for size, stride in zip(sizes, strides))


def overlaps(sizes, strides):
    """Whether several indices may lead to the same element."""
    reach = 0
    for stride, size in sorted((stride, size) for size, stride in zip(sizes, strides) if size != 1):
        if stride <= reach and 0 not in sizes:
            return True
        reach += (size - 1) * stride
    return False


def is_dense(sizes, strides):
    """Whether the elements fill a block of memory without gaps, each in a place of its own, in any order."""
    step = 1
    for stride, size in sorted((stride, size) for size, stride in zip(sizes, strides) if size != 1):
        if stride != step:
            return False
        step *= size
    return True


def expanded_strides(sizes, strides, new_sizes):
    """Strides of a view of `new_sizes`: 0 where a dimension is stretched, as torch gives them elsewhere."""
    found, step = [], 1
    for i in range(1, len(new_sizes) + 1):
        size = sizes[-i] if i <= len(sizes) else 1
        if i <= len(sizes):
            stride = strides[-i]
        else:
            stride = step
        found.append(stride if size == new_sizes[-i] else 0)
        step = found[-1] * new_sizes[-i]
    return tuple(reversed(found))
