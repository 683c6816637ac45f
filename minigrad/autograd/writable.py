"""What may be written in place: the checks before an in-place op touches anything.  All raise RuntimeError.

Two things can forbid it: the history, of a leaf or of a view made in a way that autograd cannot follow (graph.py), and
the memory, where elements written share it with each other or with what is read.  inplace.py asks both, then writes.
"""

from ..backends import backend_of
from ..ops.dims import is_dense
from ..ops.out_texts import misfit_inside
from ..ops.promotion import can_cast
from ..tensor import UNTRACKED, Tensor
from .graph import is_leaf_edge, requires_grad
from .modes import mode
from .mutation import before_write
from .texts import INFERENCE_WRITTEN, LEAF_WRITTEN, OVERLAP, SELF_OVERLAP, VIEW_OF_LEAF_WRITTEN, written_here


def check_writable(input, *others):
    """Raise RuntimeError where writing to `input` something computed from `others` would lose a gradient."""
    if mode.enabled:
        check_history(input, others)
    if input._counter is UNTRACKED and not mode.inference:
        raise RuntimeError(written_here(INFERENCE_WRITTEN))
    for announce in before_write:
        announce(input)


def check_history(input, others):
    """The part of check_writable that matters where ops are recorded."""
    view = input._view
    if view is not None:
        needs_grad = requires_grad(input)
        if needs_grad or any(isinstance(x, Tensor) and requires_grad(x) for x in others):
            view.permit(input)
        if needs_grad and is_leaf_edge(view.base._edge):
            raise RuntimeError(written_here(VIEW_OF_LEAF_WRITTEN))
        if needs_grad and input._edge is None:  # torch's word for a view that was not asked for its history since it got one
            raise RuntimeError(written_here(LEAF_WRITTEN))
    if input._edge is not None and is_leaf_edge(input._edge):
        raise RuntimeError(written_here(LEAF_WRITTEN))
    for x in others:
        if isinstance(x, Tensor) and x._view is not None:
            x._view.edge(x)


def check_overlap(input, others, index=False):
    """Raise RuntimeError if elements of `input` share memory with each other, or with other elements of an operand.

    `index`: the elements written are picked by index, so that they may share memory with no operand at all.
    """
    if not index:
        check_places(input._data)
    for other in others:
        if other is input:
            meet = index
        else:
            meet = isinstance(other, Tensor) and _may_meet(input, other) and _overlap(input._data, other._data, not index)
        if meet:
            raise RuntimeError(OVERLAP)


def same_place(a, b):
    """Whether two tensors are the same elements of the same memory."""
    xp, a, b = backend_of(a._data), a._data, b._data
    return a is b or (a.shape == b.shape and a.dtype == b.dtype and xp.strides(a) == xp.strides(b)
                      and xp.address(a) == xp.address(b))  # fmt: skip


def check_places(data):
    """Raise RuntimeError if elements of an array share memory with each other."""
    if data.size and 0 in data.strides and any(step == 0 and size > 1 for size, step in zip(data.shape, data.strides)):
        raise RuntimeError(SELF_OVERLAP)


def _may_meet(a, b):
    """Whether two tensors may share memory; in doubt, yes."""
    if a._writes is not None and a._writes is b._writes or a._data is b._data:
        return True
    xp = backend_of(a._data)
    return b.device is a.device and not (xp.is_fresh(a._data) and xp.is_fresh(b._data))


def _overlap(a, b, partly):
    """Whether two dense blocks of memory meet (`partly`: without being the same)."""
    xp = backend_of(a)
    strides, other_strides = xp.strides(a), xp.strides(b)
    if not (a.size and b.size and is_dense(a.shape, strides) and is_dense(b.shape, other_strides)):
        return False
    (start, end), (other_start, other_end) = ((xp.address(x), xp.address(x) + x.size * x.itemsize) for x in (a, b))
    if (start, end) == (other_start, other_end):
        return strides != other_strides or not partly
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
