"""The short cut for the common case: what `Op.run` does in steps, written out.

`unary` and `operator` serve the ops on elements, for operands that agree already (floating, of one dtype, on one device;
the second may be a Python number); `fixed` serves the ops that take their operands as they are, and `view` those that
look into memory.  Everything else they hand to `general`, which also says what is wrong.  Without them a small op would
take twice as long as torch's.
"""

from .. import tensor
from ..autograd.graph import View, gradient_edge, sequence
from ..autograd.modes import mode
from ..backends import backend_of
from ..tensor import UNTRACKED, Tensor, new
from .layout import laid_out

FLOATING = set()  # native floating-point dtypes, as they are met (see primitive.is_floating)
NOTHING = {}  # what a node saves whose formulas name nothing


def unary(op, general):
    """The function of one tensor, and the op's options."""
    kernels, plans, total, defaults = op.kernels, op.full_plans, 1 + len(op.options), op.defaults[1:]

    def call(*args, **keywords):
        if keywords or not args or len(args) != 1 and len(args) != total:
            return general(*args, **keywords)
        a, options = args[0], args[1:] or defaults
        if not isinstance(a, Tensor):
            kernel = kernels.get(type(a))
            plain = kernel is not None and a.dtype in FLOATING and a.flags.c_contiguous
            return kernel(a, *options) if plain and (len(args) == total or not op.needs_options) else general(*args)
        x = a._data
        if x.dtype not in FLOATING or len(args) != total and op.needs_options:
            return general(*args)
        data = kernels[type(x)](x, *options)
        if type(data) is not type(x) or not x.flags.c_contiguous:
            data = settled(data, x)
        out = new(Tensor)
        out._data, out.device = data, a.device
        out._edge = out._grad = out._view = None
        out._writes = tensor.new_counter and tensor.new_counter()
        if mode.enabled and op.formulas:
            edge = a._edge if a._view is None else gradient_edge(a)
            if edge is not None:
                plan = plans.get(1)
                if plan is None:
                    op.record((a,), options, (out,))
                else:
                    attach(plan, (edge,), (a,), options, out)
        return out

    return call


def binary(op, general):
    """The function of two operands, and the op's options."""
    short = operator(op, general)

    def call(*args, **keywords):
        return general(*args, **keywords) if keywords or len(args) != 2 else short(*args)

    return call


def operator(op, general):
    """The function of exactly two operands: a tensor, and a tensor or a number."""
    kernels, plans, options = op.kernels, op.full_plans, op.defaults[2:]
    takes_number = op.numbers is None or 1 in op.numbers

    def short(a, b):
        if not isinstance(a, Tensor):
            return general(a, b)
        x, device = a._data, a.device
        kind = x.dtype
        if isinstance(b, Tensor):
            y = b._data
            if y.dtype is not kind or b.device is not device:
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
        if type(data) is not type(x) or not x.flags.c_contiguous:
            data = settled(data, x, y)
        out = new(Tensor)
        out._data, out.device = data, device
        out._edge = out._grad = out._view = None
        out._writes = tensor.new_counter and tensor.new_counter()
        if mode.enabled and op.formulas:
            edge = a._edge if a._view is None else gradient_edge(a)
            other = None if y is b else b._edge if b._view is None else gradient_edge(b)
            if edge is not None or other is not None:
                plan = plans.get(3 if edge is not None and other is not None else 1 if other is None else 2)
                if plan is None:
                    op.record((a, b), options, (out,))
                else:
                    attach(plan, (edge, other), (a, b), options, out)
        return out

    return short


def fixed(op, general):
    """The function of several tensors on one device, all but the first of which may be missing, and all of the op's options."""
    kernels, plans, single = op.kernels, op.plans, op.single
    count, total = len(op.inputs), len(op.inputs) + len(op.options)

    def call(*args, **keywords):
        if keywords or len(args) != total:
            return general(*args, **keywords)
        first = args[0]
        if not isinstance(first, Tensor):
            kernel = kernels.get(type(first))
            return general(*args) if kernel is None else kernel(*args)
        device, edge = first.device, None
        recording = mode.enabled and op.formulas
        if recording:
            edge = first._edge if first._view is None else gradient_edge(first)
        arrays, edges, needs, bit = [first._data], [edge], edge is not None, 2
        for x in args[1:count]:
            edge = None
            if isinstance(x, Tensor):
                if x.device is not device:
                    return general(*args)
                arrays.append(x._data)
                if recording:
                    edge = x._edge if x._view is None else gradient_edge(x)
                    if edge is not None:
                        needs += bit
            else:
                arrays.append(x)
            edges.append(edge)
            bit += bit
        operands, options = args[:count], args[count:]
        data = kernels[type(arrays[0])](*arrays, *options)
        if not single:
            outputs = op.wrapped(data, device)
            if needs:
                op.record(operands, options, outputs)
            return outputs
        out = new(Tensor)
        out._data, out.device = data if data.shape else backend_of(data).as_array(data), device
        out._edge = out._grad = out._view = None
        out._writes = tensor.new_counter and tensor.new_counter()
        if needs:
            plan = plans.get(needs) if op.leading else None
            if plan is None:
                op.record(operands, options, (out,))
            else:
                attach(plan, tuple(edges[: op.leading]), operands, options, out)
        return out

    return call


def view(op, general):
    """The function of one tensor, and the op's options, that looks into the tensor's memory."""
    kernels, plans, total = op.kernels, op.full_plans, 1 + len(op.options)

    def call(*args, **keywords):
        if keywords or len(args) != total:
            return general(*args, **keywords)
        a = args[0]
        if not isinstance(a, Tensor):
            kernel = kernels.get(type(a))
            return general(*args) if kernel is None else kernel(*args)
        x, counter, source = a._data, a._counter, a._view
        if counter is UNTRACKED or not mode.enabled or mode.inference:
            return general(*args)
        out = new(Tensor)
        out._data, out.device, out._writes = kernels[type(x)](x, *args[1:]), a.device, counter
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
                attach(plan, (edge,), (a,), args[1:], out)
        return out

    return call


def settled(data, *operands):
    """A kernel's result as an array (libraries return scalars for 0-d ones), in the memory order of its operands."""
    if not data.shape:
        return backend_of(data).as_array(data)
    return laid_out(data, operands) if data.ndim > 1 else data


def attach(plan, edges, operands, options, out):
    """Make the node of a call with one output and lead the output to it."""
    node, data = new(plan.node_class), out._data
    node.edges, node.plan, node.options, node.outputs = edges, plan, options, ((data.shape, data.dtype),)
    node.sequence = sequence()
    out._edge = node, 0
    node.saved = plan.save(operands, (out,)) if plan.saves else NOTHING
