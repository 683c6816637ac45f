"""The short cut for small ops and views: what `PointwiseOp.run` does in steps, written out for one and for two operands.

It serves operands that agree already (floating, of one dtype, on one device; the second may be a Python number) and hands
everything else to `general`, which also says what is wrong.  Without it a small op would take twice as long as torch's.
"""

from ..autograd.graph import SavedTensor, View, gradient_edge
from ..autograd.modes import mode
from ..backends import backend_of
from ..tensor import UNTRACKED, Tensor, new, wrap
from .layout import laid_out

FLOATING = set()  # native floating-point dtypes, as they are met (see primitive.is_floating)
NOTHING = {}  # what a node saves whose formulas name nothing


def unary(op, general):
    """`general` with a short cut for one tensor."""
    kernels, plans, total, defaults = op.kernels, op.plans, 1 + len(op.options), op.defaults[1:]

    def call(*args, **keywords):
        if keywords or not args or not isinstance(args[0], Tensor) or len(args) != 1 and len(args) != total:
            return general(*args, **keywords)
        a, options = args[0], args[1:] or defaults
        x = a._data
        if x.dtype not in FLOATING or len(args) != total and op.needs_options:
            return general(*args)
        data = kernels[type(x)](x, *options)
        if data.ndim > 1 and not x.flags.c_contiguous:
            data = laid_out(data, (x,))
        out = wrap(data if data.shape else backend_of(data).as_array(data), a.device)
        if mode.enabled and op.formulas:
            edge = a._edge if a._view is None else gradient_edge(a)
            if edge is not None:
                plan = plans.get(1)
                if plan is None:
                    op.record((a,), options, (out,))
                else:
                    attach(op, plan, (edge,), (a,), options, out)
        return out

    return call


def binary(op, general):
    """`general` with a short cut for two tensors, or a tensor and a number."""
    kernels, plans, options = op.kernels, op.plans, op.defaults[2:]
    takes_number = op.numbers is None or 1 in op.numbers

    def call(*args, **keywords):
        if keywords or len(args) != 2:
            return general(*args, **keywords)
        a, b = args
        if not isinstance(a, Tensor):
            return general(a, b)
        x = a._data
        kind = x.dtype
        if isinstance(b, Tensor):
            y = b._data
            if y.dtype is not kind or b.device is not a.device:
                return general(a, b)
        elif takes_number and (type(b) is float or type(b) is int):
            y = b
        else:
            return general(a, b)
        if kind not in FLOATING:
            return general(a, b)
        try:
            data = kernels[type(x)](x, y)
        except (ValueError, RuntimeError):
            return general(a, b)
        if data.ndim > 1 and not x.flags.c_contiguous:
            data = laid_out(data, (x, y))
        out = wrap(data if data.shape else backend_of(data).as_array(data), a.device)
        if mode.enabled and op.formulas:
            edge = a._edge if a._view is None else gradient_edge(a)
            edges = (edge, None if y is b else b._edge if b._view is None else gradient_edge(b))
            if edges != NEITHER:
                plan = plans.get((edge is not None) + 2 * (edges[1] is not None))
                if plan is None or len(op.positions) != 2:
                    op.record(args, options, (out,))
                else:
                    attach(op, plan, edges, args, options, out)
        return out

    return call


def view(op, general):
    """`general` with a short cut for a view of one tensor."""
    kernels, plans, total = op.kernels, op.plans, 1 + len(op.options)

    def call(*args, **keywords):
        if keywords or len(args) != total or not isinstance(args[0], Tensor):
            return general(*args, **keywords)
        a = args[0]
        x, counter, source = a._data, a._counter, a._view
        if counter is UNTRACKED or not mode.enabled or mode.inference:
            return general(*args)
        out = new(Tensor)
        out._data, out.device, out._counter = kernels[type(x)](x, *args[1:]), a.device, counter
        out._edge = out._grad = None
        if source is None:
            edge = a._edge
            out._view = View(a, counter.value, None)
        else:
            edge = source.edge(a)
            out._view = View(source.base, counter.value, source.origin)
        if edge is not None:
            plan = plans.get(1)
            if plan is None:
                op.record((a,), args[1:], (out,))
            else:
                attach(op, plan, (edge,), (a,), args[1:], out)
        return out

    return call


NEITHER = (None, None)


def attach(op, plan, edges, operands, options, out):
    """Make the node of a call with one output and lead the output to it."""
    saved = NOTHING
    if plan.saves:
        saved = {}
        for name, i in plan.inputs:
            x = operands[i]
            saved[name] = SavedTensor(x) if isinstance(x, Tensor) else x
        for name, save, i in plan.others:
            saved[name] = save(i, operands, options, (out,))
    node = op.node_class(edges, saved)
    node.plan = plan
    data = out._data
    node.outputs = ((data.shape, data.dtype),)
    out._edge = node, 0
