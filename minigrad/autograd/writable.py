"""What may be written in place: the checks before an in-place op touches anything.  All raise RuntimeError."""

import math

from ..backends import backend_of
from ..ops.dims import is_dense
from ..ops.out_texts import misfit_inside
from ..ops.promotion import can_cast
from ..tensor import UNTRACKED, Tensor
from .graph import is_leaf_edge, requires_grad
from .modes import mode
from .texts import INFERENCE_WRITTEN, LEAF_WRITTEN, OVERLAP, SELF_OVERLAP, VIEW_OF_LEAF_WRITTEN


def check_writable(input, *others):
    """Raise RuntimeError where writing to `input` something computed from `others` would lose a gradient."""
    if mode.enabled:
        check_history(input, others)
    if input._counter is UNTRACKED and not mode.inference:
        raise RuntimeError(INFERENCE_WRITTEN)


def check_history(input, others):
    """The part of check_writable that matters where ops are recorded."""
    view = input._view
    if view is not None:
        needs_grad = requires_grad(input)
        if needs_grad or any(isinstance(x, Tensor) and requires_grad(x) for x in others):
            view.permit(input)
        if needs_grad and is_leaf_edge(view.base._edge):
            raise RuntimeError(VIEW_OF_LEAF_WRITTEN)
    if input._edge is not None and is_leaf_edge(input._edge):
        raise RuntimeError(LEAF_WRITTEN)


def check_overlap(input, others, index=False):
    """Raise RuntimeError if elements of `input` share memory with each other, or with other elements of an operand.

    `index`: the elements written are picked by index, so that they may share memory with no operand at all.
    """
    data = input._data
    if not index and data.size and 0 in data.strides and any(
            step == 0 and size > 1 for size, step in zip(data.shape, data.strides)):  # fmt: skip
        raise RuntimeError(SELF_OVERLAP)
    for other in others:
        if isinstance(other, Tensor) and other._counter is input._counter and (index or other is not input):
            if _overlap(geometry(input), geometry(other), partly=not index):
                raise RuntimeError(OVERLAP)


def _overlap(a, b, partly):
    """Whether dense blocks of memory meet (`partly`: without being the same)."""
    if not (is_dense(*a[:2]) and is_dense(*b[:2])):
        return False
    (start, end), (other_start, other_end) = ((g[2], g[2] + math.prod(g[0])) for g in (a, b))
    if (start, end) == (other_start, other_end):
        return a[1] != b[1] or not partly
    return start < other_end and other_start < end


NAMING_BOTH_SIZES = {"addmm", "addmv", "baddbmm"}


def check_result(input, shape, dtype, name=""):
    """Whether a result, of the op of that name, can be stored in `input`.  Raises RuntimeError."""
    if not can_cast(dtype, input.dtype):
        raise RuntimeError(misfit_inside(name, dtype, input.dtype))
    if tuple(shape) != tuple(input._data.shape):
        if name in NAMING_BOTH_SIZES:
            raise RuntimeError(f"Bad in-place call: input tensor size {list(input._data.shape)} and output tensor size "
                               f"{list(shape)} should match")
        raise RuntimeError(f"output with shape {list(input._data.shape)} doesn't match the broadcast shape "
                           f"{list(shape)}")


def geometry(tensor):
    """Size, strides and offset of a tensor in its storage."""
    xp = backend_of(tensor._data)
    return tuple(tensor._data.shape), xp.strides(tensor._data), xp.storage_offset(tensor._data)
