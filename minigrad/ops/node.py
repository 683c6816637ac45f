"""What a recorded call leaves in the graph: its node, what the node saves, and how the node turns that into gradients.

primitive.py declares ops; a `Plan` works out, once for each combination of inputs that need gradients, which formulas
have to run and what they ask for; an `OpNode` runs them when a backward pass comes through.
"""

import functools
import inspect
import operator

from ..autograd.graph import FREED, Node, SavedOutput
from ..autograd.saved import SavedTensor, active, array_of, keep, tensor_of
from ..backends import backend_of
from ..tensor import Tensor, wrap
from .keeping import Unwritten
from .promotion import NUMBERS


class OpNode(Node):
    """The node of a declared op: runs the op's formulas on what `saved` holds and on the call's `options`."""

    op = plan = None
    options = ()

    def apply(self, gradients, recording):
        saved, plan = self.saved, self.plan
        if saved is None:
            raise RuntimeError(FREED)
        return (plan.run_recorded if recording else plan.run)(self, saved, gradients, gradients[0])

    def release(self):
        if self.plan.frees:
            self.saved = None

    def release_all(self):
        """The same for an op among whose options are arrays."""
        if self.plan.frees:
            self.saved = self.options = None

    def forgo(self):
        super().forgo()
        if not self.op.variadic:
            self.plan = Plan(self.op, [edge is not None for edge in self.edges])

    def value(self, name, recording):
        """A saved value by name: a Tensor if the backward pass is itself recorded, else an array."""
        if name in self.op.options:
            return self.options[self.op.options.index(name)]
        return (tensor_of if recording else array_of)(self.saved[name], self)

    def filled(self, gradients, recording):
        """The gradients of all outputs, with zeros for outputs that nothing was computed from."""
        present = next(g for g in gradients if g is not None)
        array = present._data if recording else present
        xp = backend_of(array)
        blank = [xp.zeros(shape, dtype=dtype) if g is None else g
                 for g, (shape, dtype) in zip(gradients, self.outputs, strict=True)]
        return [wrap(g, present.device) if recording and not isinstance(g, Tensor) else g for g in blank]


def _shapes(value):
    if isinstance(value, (list, tuple)):
        return [_shapes(item) for item in value]
    return () if value is None or isinstance(value, NUMBERS) else tuple(value._data.shape)


def _rowwise(value):
    strides = value._data.strides
    return strides[-1] <= strides[0]


def _geometry(value):
    xp = backend_of(value._data)
    return tuple(value._data.shape), xp.strides(value._data), xp.storage_offset(value._data)


def _dtypes(value):
    if isinstance(value, (list, tuple)):
        return [_dtypes(item) for item in value]
    return value.dtype if isinstance(value, Tensor) else None


# How to save each kind of thing a formula can name, from the operands and output Tensors of a call.
SAVE = {
    "input": lambda i, operands, outputs: keep(operands[i]),
    "output": lambda i, operands, outputs: SavedOutput(outputs[i], i),
    "unwritten": lambda i, operands, outputs: Unwritten(outputs[i]),
    "shape": lambda i, operands, outputs: _shapes(operands[i]),
    "dtype": lambda i, operands, outputs: _dtypes(operands[i]),
    "rowwise": lambda i, operands, outputs: _rowwise(operands[i]),
    "geometry": lambda i, operands, outputs: _geometry(operands[i]),
    "device": lambda i, operands, outputs: operands[i].device,
}


class Plan:
    """For one combination of inputs that need gradients: what to save, and which formulas to run.

    `run` is all of them as one expression; of a product of two inputs that need gradients it is
        [g * array_of(saved['other'], node), g * array_of(saved['input'], node)]
    and `run_recorded` the same with tensors in the place of arrays.  Options are the node's own, and not saved.
    """

    def __init__(self, op, needs):
        self.node_class = op.node_class
        formulas = {name: (formula, *parameters(formula)) for name, formula in op.formulas.items() if name is not None}
        joint, steps = None, ()
        if op.variadic:
            joint = next(iter(formulas.values()), None)
        if None in op.formulas:
            joint = op.formulas[None]
            joint = functools.partial(with_needs, joint, needs), *parameters(joint, skip=2)
        if joint is None:
            steps = [formulas[name] if need else None for name, need in zip(op.differentiable, needs)]
        chosen = [step for step in (joint, *steps) if step is not None]
        self.names = names = dict.fromkeys(name for *_, asked in chosen for name in asked)
        self.saves = saves = [(name, *op.locate(name)) for name in names if name not in op.options]
        self.frees = any(op.holds_memory(name) for name in names)
        inputs = {name for name, save, _ in saves if save is SAVE["input"]}
        self.certain = {name for name, need in zip(op.differentiable, needs) if need and joint is None}  # to be tensors
        self.save = self.saving(inputs)
        raw = {name for name, save, _ in saves if name not in inputs and save is not SAVE["output"]}
        tensors = self.certain | {*(op.outputs or ())} if joint is None else set()
        self.run = expression(joint, steps, op.options, tensors, raw, recording=False)
        self.run_recorded = expression(joint, steps, op.options, tensors, raw, recording=True)

    def saving(self, inputs):
        """What a call saves, by name, as one function of (operands, outputs)."""
        used = {"active": active, "keep": keep, "SavedTensor": SavedTensor}
        parts = []
        for name, save, i in self.saves:
            if save is SAVE["shape"] and name.removesuffix("_shape") in self.certain:
                parts.append(f"{name!r}: tuple(operands[{i}]._data.shape)")
            elif name not in inputs:
                used[f"save_{name}"] = save
                parts.append(f"{name!r}: save_{name}({i}, operands, outputs)")
            elif name in self.certain:  # what `keep` does
                parts.append(f"{name!r}: x if (x := operands[{i}])._writes is None and not active else SavedTensor(x)")
            else:
                parts.append(f"{name!r}: keep(operands[{i}])")
        return eval(f"lambda operands, outputs: {{{', '.join(parts)}}}", used)


# Formulas and kernels that apply one operator, by their code: how that is written, and the function that does it.
OPERATORS = {function.__code__.co_code: (text, own) for function, text, own in (
    (lambda a: a, "{}", None), (lambda a: -a, "-{}", operator.neg), (lambda a, b: a + b, "{} + {}", operator.add),
    (lambda a, b: a - b, "{} - {}", operator.sub), (lambda a, b: a * b, "{} * {}", operator.mul),
    (lambda a, b: a / b, "{} / {}", operator.truediv))}  # fmt: skip


def as_operator(function):
    """(its text, the operator), called in less time, if that is all that a function applies; else (None, the function)."""
    text, own = OPERATORS.get(getattr(getattr(function, "__code__", None), "co_code", None), (None, None))
    return text, own or function


def expression(joint, steps, options, tensors, raw, recording):
    """The gradients of all inputs as one function of (node, saved, gradients, g).

    `tensors`: the names under which a tensor is kept for sure; `raw`: those of what is used as it is kept.
    """
    used = {"__name__": __name__, "array_of": array_of, "tensor_of": tensor_of}
    array, general = ("x", "tensor_of") if recording else ("x._data", "array_of")

    def value(name):
        if name in options:
            return f"node.options[{options.index(name)}]"
        if name in raw:
            return f"saved[{name!r}]"
        if name in tensors:
            return f"({array} if (x := saved[{name!r}])._writes is None else {general}(x, node))"
        return f"{general}(saved[{name!r}], node)"

    def called(step):
        if step is None:
            return "None"
        formula, first, names = step
        text, _ = as_operator(formula)
        if first == "g" and text is not None:
            return text.format("g", *map(value, names))
        name = f"formula{len(used)}"
        used[name] = formula
        g = {"g": "g", "given": "gradients"}.get(first, f"node.filled(gradients, {recording})")
        return f"{name}({', '.join([g, *map(value, names)])})"

    text = f"list({called(joint)})" if joint is not None else f"[{', '.join(map(called, steps))}]"
    return eval(f"lambda node, saved, gradients, g: {text}", used)


def with_needs(joint, needs, g, *arguments):
    return joint(g, needs, *arguments)


def parameters(formula, skip=1):
    first, *rest = inspect.signature(formula).parameters
    return first, tuple(rest[skip - 1 :])
