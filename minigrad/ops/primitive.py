"""What an op is: a kernel on arrays, and one derivative formula per differentiable input.

    @pointwise("MulBackward0")
    def mul(input, other):
        return input * other

    mul.vjp(input=lambda g, other: g * other,
            other=lambda g, input: g * input)

The parameter names of a formula say what it needs, and that is what gets saved: inputs, `out` (or an output's own name),
or `<input>_shape`, `<input>_dtype`, `<input>_geometry` (size, strides, offset), `<input>_rowwise`,
`<output>_unwritten` (an output that the formula can do without).  Formulas of inputs that need no gradient save nothing and
never run.

A kernel that starts with `xp` is given the backend's namespace.  Its parameters before "/" are tensors (a default of
None: optional), those after it options.

Applied to Tensors an op computes and records; applied to plain arrays it only computes and returns a plain array.  So
one formula serves both ordinary backward passes (on arrays) and create_graph=True (on Tensors).
"""

import functools
import inspect
import itertools

from ..autograd.graph import View
from ..autograd.modes import mode
from ..backends import BACKENDS, backend_of
from ..dtypes import FLOAT, get_default_dtype
from ..tensor import UNTRACKED, Tensor, wrap
from . import checks, saved_names, shortcut
from .layout import laid_out, like
from .node import SAVE, OpNode, Plan, as_operator, parameters
from .out import into
from .promotion import result_type
from .shortcut import FLOATING


def _by_type(declared, array_type, own):
    """`own` for gradients of that type, else (for Tensors, and other backends' arrays) what was declared."""
    names, wanted = (list(inspect.signature(formula).parameters)[1:] for formula in (declared, own))
    names, count = names + [name for name in wanted if name not in names], len(names)
    places = [names.index(name) for name in wanted]

    def formula(g, *arguments):
        first = next(x for x in g if x is not None) if type(g) is list else g
        found = own(g, *[arguments[i] for i in places]) if type(first) is array_type else NotImplemented
        return declared(g, *arguments[:count]) if found is NotImplemented else found

    first = next(iter(inspect.signature(declared).parameters))
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    formula.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in (first, *names)])
    return formula


class Kernels(dict):
    """The op's kernel for each type of array: the backend's own if it has one of that name, else the op's."""

    def __init__(self, op):
        self.op = op

    def __missing__(self, array_type):
        backend = BACKENDS[array_type]
        self[array_type] = kernel = as_operator(backend.kernel(self.op))[1]
        self.op.adopt(array_type, backend.formulas.get(self.op.name, {}))
        return kernel


class Op:
    """A declared op.  Use it through the function that `primitive` or `pointwise` makes of its kernel."""

    def __init__(self, kernel, node_name, outputs=("out",), differentiable_outputs=None, view=None, variadic=False):
        signature = inspect.signature(kernel).parameters.values()
        self.name, self.kernel = kernel.__name__.rstrip("_"), kernel
        self.takes_xp = next(iter(signature)).name == "xp"
        parameters = [p for p in signature if p.name != "xp"]
        split = any(p.kind is p.POSITIONAL_ONLY for p in parameters)
        self.inputs = tuple(p.name for p in parameters if not split or p.kind is p.POSITIONAL_ONLY)
        self.options = tuple(p.name for p in parameters[len(self.inputs) :])
        self.defaults = tuple(p.default for p in parameters)
        self.needs_options = inspect.Parameter.empty in self.defaults[len(self.inputs) :]
        self.outputs, self.view, self.variadic = outputs, view, variadic
        self.as_is = not variadic and not isinstance(self, PointwiseOp)  # plain arrays need no preparing
        self.view_origin = "multi" if view == "multi" else None
        self.single = outputs is not None and len(outputs) == 1
        self.differentiable_outputs = differentiable_outputs
        self.formulas, self.differentiable, self.positions, self.plans = {}, (), (), {}
        self.leading = 0  # how many inputs are differentiable, if those are the first
        self.full_plans = {}  # the plans, if all inputs are differentiable: those that unary, operator and view can use
        self.kernels = Kernels(self)
        self.shortcut = None
        if view == "single" and len(self.inputs) == 1:
            self.shortcut = shortcut.view
        elif self.as_is and view is None and self.inputs:
            self.shortcut = shortcut.fixed
        self.node_class = type(node_name or "NotDifferentiable", (OpNode,), {"op": self})
        if "indices" in self.options:
            self.node_class.release = OpNode.release_all
        if node_name == "NotImplemented":
            self.node_class.name = lambda node: "torch::autograd::NotImplemented"

    # ---- declaring ----------------------------------------------------------------------------------------------
    def vjp(self, joint=None, /, **formulas):
        """One formula per input, `g, <what it needs> -> gradient`; or one for all, `g, needs, ... -> gradients`."""
        if joint is not None:
            *names, function = joint
            self.formulas, self.differentiable = {None: function}, tuple(names)
        else:
            unknown = [name for name in formulas if name not in self.inputs]
            assert not unknown, f"{self.name}: no inputs named {unknown}"
            self.formulas = formulas
            self.differentiable = tuple(name for name in self.inputs if name in formulas)
        self.positions = tuple(self.inputs.index(name) for name in self.differentiable)
        self.leading = len(self.positions) if self.positions == tuple(range(len(self.positions))) else 0
        asked = [parameters(formula, skip=1 if joint is None else 2)[1] for formula in self.formulas.values()]
        for name in saved_names.names_shown(self, dict.fromkeys(itertools.chain(*asked, self.options))):
            for prefix, read in (("_saved_", saved_names.saved_attribute), ("_raw_saved_", saved_names.raw_saved)):
                setattr(self.node_class, prefix + name, property(functools.partial(read, self, name)))

    def adopt(self, array_type, formulas):
        """Let a backend's own formulas serve for its arrays, where they need no other results than the declared ones."""
        for name, own in formulas.items():
            if self.fits(name, own):
                self.formulas[name] = _by_type(self.formulas[name], array_type, own)
                self.plans.clear()
                self.full_plans.clear()

    def fits(self, name, own):
        """Whether a formula needs, besides options and constant inputs, only what the declared formula needs: an op that
        works in place has its input no more."""
        if name not in self.formulas:
            return False
        needed, given = (list(inspect.signature(f).parameters)[1:] for f in (own, self.formulas[name]))
        free = {*self.options, *(x for x in self.inputs if x not in self.differentiable)}
        return all(parameter in free or parameter in given for parameter in needed)

    def locate(self, name):
        """Where a formula's parameter comes from: its kind and its index there."""
        if name in self.inputs:
            return SAVE["input"], self.inputs.index(name)
        if self.outputs and name in self.outputs:
            return SAVE["output"], self.outputs.index(name)
        source, _, fact = name.rpartition("_")
        return SAVE[fact], (self.outputs if fact == "unwritten" else self.inputs).index(source)

    def holds_memory(self, name):
        """Whether a formula's parameter is a tensor to be freed after use: an operand or an output, not a number."""
        if name in self.inputs:
            optional = self.defaults[self.inputs.index(name)] is not inspect.Parameter.empty
            return name in self.differentiable or not optional
        return name == "indices" or name not in self.options and name in (self.outputs or ())

    # ---- running ------------------------------------------------------------------------------------------------
    def run(self, operands, options):
        """Compute, and record if an operand requires grad and recording is on."""
        if self.as_is and type(operands[0]) in BACKENDS:
            return self.kernels[type(operands[0])](*operands, *options)
        arrays, device = self.prepare(operands)
        try:
            result = self.compute(arrays, options)
        except Exception:
            if self.formulas and mode.enabled:
                self.plan(operands)  # a view that its base has left behind is refused before anything else
            raise
        if device is None:
            return result
        outputs = self.wrapped((result,) if self.single else result, device)
        if self.view is not None:
            for out in outputs:
                self.share(out, operands[0])
        if self.formulas and mode.enabled:
            self.record(operands, options, outputs)
        return outputs[0] if self.single else outputs

    def wrapped(self, arrays, device):
        """The kernel's results as tensors; libraries return scalars for 0-d arrays."""
        return tuple([wrap(x if x.shape else backend_of(x).as_array(x), device) for x in arrays])

    def prepare(self, operands):
        """The arrays to compute on and their device (None: the operands were plain arrays)."""
        if self.variadic:
            arrays, device = _arrays(operands[0])
            return (arrays, *_arrays(operands[1:])[0]), device
        return _arrays(operands)

    def compute(self, arrays, options):
        """The kernel's result on arrays."""
        first = arrays[0] if not self.variadic else arrays[0][0]
        return self.kernels[type(first)](*arrays, *options)

    def record(self, operands, options, outputs):
        """Make the node of this call, if an operand requires grad, and lead the outputs to it."""
        edges, plan = self.plan(operands)
        if plan is None:
            return
        if self.single:
            return shortcut.attach(plan, edges, operands, options, outputs[0])
        node = self.node(edges, plan, {}, options, outputs)
        for number, out in enumerate(outputs[: self.differentiable_outputs]):
            out._edge = node, number
        node.saved = plan.save(operands, outputs)

    def plan(self, operands):
        """The edges to the operands, and what to do for those that need gradients (None: none does)."""
        edges, needs, bit = [], 0, 1
        for x in operands[0] if self.variadic else [operands[i] for i in self.positions]:
            if isinstance(x, Tensor):
                edge = x._edge if x._view is None else x._view.edge(x)
                if edge is not None:
                    needs += bit
            else:
                edge = None
            edges.append(edge)
            bit += bit
        if not needs:
            return edges, None
        plan = self.plans.get(needs)
        if plan is None:
            plan = self.plans[needs] = Plan(self, [edge is not None for edge in edges])
            if len(edges) == len(self.inputs):
                self.full_plans[needs] = plan
        return tuple(edges), plan

    def node(self, edges, plan, saved, options, outputs):
        node = self.node_class(edges, saved)
        node.plan, node.options = plan, options
        node.outputs = tuple([(out._data.shape, out._data.dtype) for out in outputs])
        return node

    def share(self, out, source):
        """Make `out` a view of `source`: one memory, one version counter."""
        out._counter = source._counter
        if source._counter is UNTRACKED:
            return
        view = source._view
        origin = "inference" if mode.inference else "no_grad" if not mode.enabled else self.view_origin
        if view is None:
            out._view = View(source, source._counter.value, origin)
        else:
            out._view = View(view.base, source._counter.value, origin or view.origin)


def _arrays(operands):
    arrays, device = [], None
    for x in operands:
        if isinstance(x, Tensor):
            arrays.append(x._data)
            if device is None:
                device = x.device
            elif x.device is not device:
                raise RuntimeError(checks.different_devices(operands))
        else:
            arrays.append(x)
    return arrays, device


class PointwiseOp(Op):
    """An op on elements: operands broadcast, take one dtype, and may be Python numbers."""

    def __init__(self, kernel, node_name, integers="keep", check=None, numbers=None, order=None, **traits):
        super().__init__(kernel, node_name, **traits)
        if self.single and order is None:
            self.shortcut = {1: shortcut.unary, 2: shortcut.binary}.get(len(self.inputs))
        self.integers_become_float = integers == "float"
        self.check, self.numbers, self.order = check, numbers, order

    def prepare(self, operands):
        """The arrays to compute on; at once if all tensors agree in device and floating dtype already."""
        kind = device = None
        arrays = []
        for x in operands:
            if isinstance(x, Tensor):
                data = x._data
                if device is None:
                    device, kind = x.device, data.dtype
                elif data.dtype is not kind or x.device is not device:
                    return self.promote(operands)
                arrays.append(data)
            elif type(x) is float or type(x) is int or type(x) in BACKENDS and device is None:
                arrays.append(x)
            else:
                return self.promote(operands)
        if device is not None and (self.numbers is not None or not is_floating(kind, operands)):
            return self.promote(operands)
        return arrays, device

    def promote(self, operands):
        """The general case: agree on a device and on a dtype, and convert to it."""
        operands = [checks.operand(self, i, x) for i, x in enumerate(operands)]
        tensors = [x for x in operands if isinstance(x, Tensor)]
        if not tensors:
            return operands, None
        if self.numbers is not None:
            checks.only_numbers_at(self, operands)
        if self.check is not None:
            self.check(self.name, operands)
        device = checks.common_device(tensors)
        dtype = result_type(*operands)
        if self.integers_become_float and dtype.category < FLOAT:
            dtype = get_default_dtype()
        arrays = []
        for x in operands:
            if isinstance(x, Tensor):
                xp = device.backend
                data = x._data if x.device is device else xp.from_host(x.device.backend.to_host(x._data))
                arrays.append(data if x.dtype is dtype else like(xp, xp.cast(data, dtype), data))
            elif x is None or dtype.category >= FLOAT:
                arrays.append(x)
            else:
                arrays.append(device.backend.cast(device.backend.from_host(x), dtype))
        return arrays, device

    def compute(self, arrays, options):
        """The kernel's result on arrays and numbers.  Raises torch's error if they cannot be broadcast."""
        for x in arrays:
            if type(x) in BACKENDS:
                kernel = self.kernels[type(x)]
                break
        else:
            raise checks.not_a_tensor(self, 0, arrays[0])
        try:
            result = kernel(*arrays, *options)
        except (ValueError, RuntimeError):
            checks.broadcastable([arrays[i] for i in self.order] if self.order else arrays)
            raise
        if self.single and result.ndim > 1 and (self.order or not x.flags.c_contiguous):
            return laid_out(result, arrays if self.order is None else [arrays[i] for i in self.order])
        return result


def is_floating(kind, operands):
    """Whether the native dtype `kind`, which the operands have, is a floating-point type."""
    if kind in FLOATING:
        return True
    if next(x for x in operands if isinstance(x, Tensor)).dtype.category != FLOAT:
        return False
    FLOATING.add(kind)
    return True


def _bound(op):
    """A function of the kernel's signature: defaults filled in, keywords bound by torch's names."""
    count, total, defaults = len(op.inputs), len(op.inputs) + len(op.options), op.defaults
    kernels = op.kernels if op.as_is else {}  # for plain arrays such an op is its kernel

    def call(*args, **keywords):
        if len(args) == total and not keywords:
            kernel = kernels.get(type(args[0]))
            return op.run(args[:count], args[count:]) if kernel is None else kernel(*args)
        if keywords:
            if "out" in keywords:
                return into(call, op.name, args, keywords)
            args = checks.bind(op, args, keywords)
        elif len(args) != total:
            given, args = args, args + defaults[len(args) :]
            if len(args) != total or any(a is inspect.Parameter.empty for a in args):
                checks.bind(op, given, keywords)
        return op.run(args[:count], args[count:])

    return call


def _declare(op_class, node_name, traits):
    def declare(kernel):
        op = op_class(kernel, node_name, **traits)
        call = _bound(op)
        if op.shortcut is not None:
            call = op.shortcut(op, call)
        call = functools.wraps(kernel)(call)
        call.op, call.vjp, call.shows = op, op.vjp, functools.partial(saved_names.shows, op)
        return call

    return declare


def primitive(node_name=None, **traits):
    """Declare an op whose kernel takes its operands as they are."""
    return _declare(Op, node_name, traits)


def pointwise(node_name=None, **traits):
    """Declare an op on elements: the engine promotes dtypes, broadcasts, and undoes both for the gradients.

    `integers="float"`: integer operands are converted to the default dtype first, as for exp or true division.
    `check(name, operands)` may refuse operands that need conversion.  `numbers`: the only positions at which a Python
    number may stand for a tensor.  `order`: the operands that decide how the result lies in memory, the first before
    the others, if not just all.
    """
    return _declare(PointwiseOp, node_name, traits)
