"""In-place ops: x.mul_(y), x[0] = 1, and what they do to the graph.

An in-place op computes like its ordinary twin, writes the result over its first operand and counts up the version that
all views of that memory share.  The operand then belongs to the new node.  If it is a view, it is the *base* whose history
changes: its gradient now passes through a `CopySlices` node, which sends the viewed region through the in-place op's
node and the rest straight on.  Views learn of it when their edge is next asked for (`View.edge`): they become an
`as_strided` of the changed base.
"""

import weakref

from ..backends import backend_of
from ..dtypes import bool_
from ..ops import checks, masking
from ..ops.data import fitting
from ..ops.indexing import MASKS, apply_basic, covers, index_put_arrays, places
from ..ops.node import SAVE, Plan
from ..ops.primitive import primitive
from ..ops.promotion import NUMBERS, broadcast_shape
from ..ops.shape import as_strided_view, clone, expand, laid_out
from ..ops.shape import view as look
from ..tensor import UNTRACKED, Tensor, wrap
from .graph import FREED, Node, SavedOutput, View, gradient_edge, requires_grad
from .hooks import move_retained
from .modes import mode
from .refusals import say_in_place
from .texts import site, type_name
from .writable import check_overlap, check_places, check_result, check_writable, geometry, same_place


class CopySlices(Node):
    """A write to a view, seen from its base: `inner` handles the viewed region, all else passes through unchanged."""

    def __init__(self, base, view, inner):
        super().__init__((gradient_edge(base), *inner.edges[1:]), {"inner": inner})
        self.inner = inner
        inner.written_view = weakref.ref(view)
        self.base_geometry = geometry(base)
        self.view_geometry = geometry(view)
        self.outputs = ((base._data.shape, base._data.dtype),)

    def name(self):
        return "torch::autograd::CopySlices"

    def apply(self, gradients, recording):
        if self.inner is None:
            raise RuntimeError(FREED)
        size, stride, offset = self.view_geometry
        whole = laid_out(gradients[0], self.base_geometry)
        region = as_strided_view(whole, size, stride, offset - self.base_geometry[2])
        inner, *others = self.inner.apply([clone(region)], recording)
        _overwrite(region, 0 if inner is None else inner, recording)
        return [whole, *others]

    def forgo(self):
        super().forgo()
        self.inner.forgo()

    def release(self):
        self.inner = self.saved = None


def _overwrite(region, values, recording):
    if recording:
        region.copy_(values) if isinstance(values, Tensor) else region.fill_(values)
    else:
        check_places(region)
        backend_of(region).write(region, values)


# ---- counting, and the history of what was written to ---------------------------------------------------------------


def bump(tensor):
    """Count a write to the memory of `tensor`."""
    version = tensor._counter
    if version is not UNTRACKED:
        version.value += 1
        version.site = site()


def written(tensor, by):
    """Count a write that `by` (a name for error texts) made directly to the array."""
    version = tensor._counter
    if version is not UNTRACKED:
        version.value += 1
        version.site = by


def rebase(tensor, node, number=0):
    """Make `node`, which stands for an in-place write, the history of `tensor` (and, for a view, of its base)."""
    view = tensor._view
    if view is None:
        lead(tensor, (node, number))
    else:
        lead(view.base, (CopySlices(view.base, tensor, node), 0))
        view.edge(tensor)  # out of date since the write: made anew from the base


def lead(tensor, edge):
    """Give a tensor that was written to its new edge; the gradient it retains is from now on that of its new value."""
    old, tensor._edge = tensor._edge, edge
    if old is None:
        former = tensor.__dict__.get("_former")
        if former is not None and former() is not None:
            former().moved = True
    elif old[0].hooks is not None:
        move_retained(tensor, old, edge)


def restride(tensor):
    """Give a view whose base was written to its new edge: as_strided of the base."""
    base = tensor._view.base
    size, stride, offset = geometry(tensor)
    old, op = tensor._edge, as_strided_view.op
    edges, plan = (gradient_edge(base),), op.plans.get(1) or op.plans.setdefault(1, Plan(op, [True]))
    tensor._edge = op.node(edges, plan, plan.save((base,), ()), (size, stride, offset), (tensor,)), 0
    if old is not None and old[0].hooks is not None:
        move_retained(tensor, old, tensor._edge)


View.restride = staticmethod(restride)

# ---- writing --------------------------------------------------------------------------------------------------------


def write(op, input, operands, options, data):
    """Store `data`, computed by `op` from `operands` (of which `input` is the first), in `input`, and record that."""
    edges, plan = op.plan(operands) if mode.enabled and op.formulas else (None, None)
    saved = {}
    if plan is not None:
        if any(save is SAVE["input"] and i == 0 for _, save, i in plan.saves):
            operands = (clone(input), *operands[1:])
        saved = {name: save(i, operands, ()) for name, save, i in plan.saves if save is not SAVE["output"]}
    backend_of(input._data).write(input._data, data)
    bump(input)
    if plan is not None:
        saved |= {name: save(i, operands, (input,)) for name, save, i in plan.saves if save is SAVE["output"]}
        rebase(input, op.node(edges, plan, saved, options, (input,)))
    return input


def before(input):
    """A copy of a tensor that is about to be overwritten, in the place in the graph that it had."""
    old = wrap(backend_of(input._data).dense_copy(input._data), input.device)
    old._edge = gradient_edge(input)
    return old


def inplace(function):
    """The in-place twin of an op or of a function composed of ops: `inplace(mul)` is `mul_`."""
    op, name = getattr(function, "op", None), function.__name__.rstrip("_") + "_"

    def composed(input, *args, **keywords):
        check_writable(input, *args)
        check_overlap(input, args)
        old = before(input) if mode.enabled else input
        try:
            result = function(old, *args, **keywords)
        except (TypeError, RuntimeError) as error:
            say_in_place(error, input, [x for x in args if isinstance(x, Tensor)], name)
            raise
        check_result(input, result._data.shape, result.dtype, name[:-1])
        return take_over(input, old, result)

    def single(input, *args, **keywords):
        arguments = (input, *args)
        if keywords or len(arguments) != len(op.inputs) + len(op.options):
            arguments = checks.bind(op, arguments, keywords)
        operands, options = arguments[: len(op.inputs)], arguments[len(op.inputs) :]
        check_writable(*operands)
        check_overlap(input, operands[1:])
        try:
            data = op.compute(op.prepare(operands)[0], options)
        except (TypeError, RuntimeError) as error:
            say_in_place(error, input, operands, name)
            raise
        check_result(input, data.shape, backend_of(data).dtype_of(data), name[:-1])
        return write(op, input, operands, options, data)

    call = composed if op is None else single
    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"In-place version of `{name[:-1]}`."
    return call


def take_over(input, old, result):
    """Make `input` hold what `result`, computed from `old`, holds, with its place in the graph."""
    backend_of(input._data).write(input._data, result._data)
    bump(input)
    if not mode.enabled or result._edge is None:
        return input
    node, number = result._edge
    settle_saved(node, old, result, input)
    if input._view is not None and (number or node.edges[0] is not old._edge):
        edges, plan = copy.op.plan((old, result))
        node, number = copy.op.node(edges, plan, {}, (), (input,)), 0
    rebase(input, node, number)
    return input


def settle_saved(node, old, result, input):
    """What `node` saved of its output is now in the memory of `input`, where writes can be noticed; of what was written
    over, a clone."""
    for name, kept in (node.saved or {}).items():
        if isinstance(kept, SavedOutput) and kept.data is result._data:
            kept.data, kept.version, kept.expected = input._data, input._counter, input._counter.value
        elif old._edge is not None and getattr(kept, "source", kept) is old:
            node.saved[name] = clone(old)


# ---- copy, fill, zero -----------------------------------------------------------------------------------------------


@primitive("CopyBackwards")
def copy(xp, input, src, /):
    """src, in the shape and dtype of input"""
    return xp.broadcast_to(src, input.shape)


copy.vjp(input=lambda g: masking.zero(g), src=lambda g: g)
copy.op.node_class.name = lambda self: "torch::autograd::CopyBackwards"


def copy_(input, src, non_blocking=False):
    """Copy the values of `src` into input, with broadcasting and conversion."""
    check_writable(input, src)
    source = src if src.device is input.device else src.to(input.device)
    if not same_place(input, source):
        check_overlap(input, (source,))
    try:
        data = copy.op.kernels[type(input._data)](input._data, source._data)
    except (ValueError, RuntimeError):
        broadcast_shape(tuple(input.shape), tuple(src.shape))
        raise RuntimeError(f"output with shape {list(input.shape)} doesn't match the broadcast shape "
                           f"{list(broadcast_shape(tuple(input.shape), tuple(src.shape)))}") from None
    return write(copy.op, input, (input, source), (), data)


@primitive("FillBackward2")
def fill(xp, input, /, value):
    """A number in the shape of input"""
    return xp.full_like(input, value)


fill.vjp(input=lambda g: masking.zero(g))


@primitive("FillBackward3")
def fill_with(xp, input, value, /):
    """A 0-d tensor in the shape of input"""
    return xp.broadcast_to(value, input.shape)


fill_with.vjp(input=lambda g: masking.zero(g), value=lambda g: g.sum())


def fill_(input, value):
    """Set every element to a number or a 0-d tensor."""
    check_writable(input, value)
    xp = backend_of(input._data)
    if isinstance(value, Tensor):
        if value.dim():
            raise RuntimeError(f"fill_ only supports 0-dimension value tensor but got tensor with {value.dim()} "
                               f"dimensions.")
        check_places(input._data)
        return write(fill_with.op, input, (input, value), (), xp.broadcast_to(value._data, input._data.shape))
    return write(fill.op, input, (input,), (value,), xp.full((), fitting(value, input.dtype)))


def fill_diagonal_(input, fill_value, wrap=False):
    """Set the main diagonal to a number; `wrap`: start again below the last column of a tall matrix"""
    sizes, strides, offset = geometry(input)
    if len(sizes) < 2:
        raise RuntimeError("dimensions must larger than 1")
    if len(sizes) > 2 and len(set(sizes)) > 1:
        raise RuntimeError("all dimensions of input must be of equal length")
    step, length, (height, width) = sum(strides), min(sizes), sizes[:2]
    fill_(as_strided_view(input, (length,), (step,), offset), fill_value)
    if wrap and len(sizes) == 2 and height > width + 1:
        more = -(-input.numel() // (width + 1)) - length
        fill_(as_strided_view(input, (more,), (step,), offset + strides[0] * (width + 1)), fill_value)
    return input


@primitive("ZeroBackward0")
def zero(xp, input, /):
    """Zeros"""
    return xp.zeros_like(input)


zero.vjp(input=lambda g: masking.zero(g))


def zero_(input):
    """Set every element to zero."""
    check_writable(input)
    return write(zero.op, input, (input,), (), 0)


# ---- assignment -----------------------------------------------------------------------------------------------------


def setitem(input, index, value):
    """input[index] = value.  Raises TypeError for what is neither a tensor nor a number."""
    if not isinstance(value, Tensor):
        if not isinstance(value, NUMBERS):
            kind = type(value)
            name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
            raise TypeError(f"can't assign a {name} to a {type_name(input._data, input.device)}")
        value = make_tensor(value, input)
    if index is False:
        return
    index = None if index is True else index
    whole = index is Ellipsis or isinstance(index, slice) and input.dim() and covers(index, input._data.shape[0])
    view, tensors = (input, []) if whole else apply_basic(input, index, writing=True)
    if tensors:
        masks = [item.dtype for item in tensors if item is not None]
        if value.numel() == 1 and len(masks) == 1 and masks[0] in MASKS:  # a masked_fill
            if masks[0] is not bool_:
                raise RuntimeError("masked_fill_ only supports boolean masks, but got mask with dtype unsigned char")
            value = value.to(view.dtype)
        _put(view, tensors, value)
    elif value.dim() or not view.dim():
        copy_(view, _fitted(value, view))
    else:
        fill_(view, value)


def _fitted(value, view):
    """`value` as torch expands it for an assignment: leading dimensions of size 1 dropped, then stretched."""
    if value._data.shape == view._data.shape:
        return value
    value = look(value, _without_leading_ones(value))
    return value if value._data.shape == view._data.shape else expand(value, tuple(view._data.shape))


def _without_leading_ones(tensor):
    sizes = tuple(tensor._data.shape)
    return sizes[next((i for i, size in enumerate(sizes) if size != 1), len(sizes)) :]


def _put(view, tensors, values):
    sizes = _without_leading_ones(values)
    if sizes != tuple(values._data.shape):
        values = look(values, sizes)
    check_writable(view, values)
    check_overlap(view, (values, *tensors), index=True)
    indices = places(view, tensors, values)
    data = index_put_arrays(view._data, values._data, None, indices, False)
    write(index_put_arrays.op, view, (view, values, tensors), (indices, False), data)


make_tensor = None  # (data, like) -> Tensor of like's dtype; set by methods/making.py


def rebase_constant(tensor):
    """Cut `tensor` off from what it was computed from: it holds new values that depend on nothing."""
    if mode.enabled and (tensor._edge is not None or tensor._view is not None and requires_grad(tensor)):
        edges, plan = zero.op.plan((tensor,))
        rebase(tensor, zero.op.node(edges, plan, {}, (), (tensor,)))
