"""Faults to plant in minigrad, one at a time, each with the part of the suite that must notice it.

A fault changes the program under test as a careless edit would: a formula, a kernel, or a step of the machinery.
"""

import contextlib
import inspect
import textwrap
from unittest import mock

import numpy as np

import minigrad
from minigrad.autograd import engine, forward_ad, graph, inplace, saved, tangents
from minigrad.backends import BACKENDS
from minigrad.ops import (
    activation,
    checks,
    comparison,
    convolution,
    indexing,
    joining,
    node,
    normalization,
    pointwise,
    pooling,
    primitive,
    reduction,
    scan,
    shape,
    shortcut,
    softmax,
    statistics,
    transcendental,
    views,
)
from minigrad.ops.padding import constant_pad_nd
from minigrad.ops.promotion import PROMOTE

FAULTS = {}
NUMPY = BACKENDS[np.ndarray]


def fault(name, witness, checker="", dtype="float64"):
    """Declare a fault: a function that gives a context manager under which it is there, and its witness: cases (a pattern
    of op/name), an OpInfo entry ("opinfo/name") or a behaviour ("behaviour/name")."""

    def declare(plant):
        assert name not in FAULTS, name
        FAULTS[name] = plant, witness, checker, dtype

    return declare


# ---- how to plant ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def formula(function, **wrong):
    """Give an op wrong formulas for some of its inputs."""
    op = function.op
    with mock.patch.object(op, "formulas", op.formulas | wrong), fresh(*plans(op)):
        yield


def plans(op):
    """The tables in which an op keeps what it worked out of its formulas."""
    return [table for name, table in vars(op).items() if name.endswith("plans")]


@contextlib.contextmanager
def kernel(function, change):
    """Put `change(kernel)` in the place of an op's kernel."""
    op = function.op
    with fresh(op.kernels):
        op.kernels[np.ndarray] = change(NUMPY.kernel(op))
        yield


@contextlib.contextmanager
def fresh(*tables):
    """Empty tables that are filled on demand, and put them back afterwards."""
    before = [dict(table) for table in tables]
    for table in tables:
        table.clear()
    try:
        yield
    finally:
        for table, content in zip(tables, before):
            table.clear()
            table.update(content)


def replaced(*places, by):
    """Put `by(original)` in the place of a function, everywhere it is known by name."""
    return together(*(mock.patch.object(owner, name, by(getattr(owner, name))) for owner, name in places))


def edited(owner, name, before, after):
    """A method with one piece of its source exchanged."""
    function = getattr(owner, name)
    source = textwrap.dedent(inspect.getsource(function))
    assert before in source, f"{owner.__name__}.{name} no longer says {before!r}: plant this fault another way"
    scope = {}
    exec(source.replace(before, after), function.__globals__, scope)
    return mock.patch.object(owner, name, scope[name])


@contextlib.contextmanager
def together(*contexts):
    with contextlib.ExitStack() as stack:
        for context in contexts:
            stack.enter_context(context)
        yield


# ---- formulas -------------------------------------------------------------------------------------------------------
FORMULAS = {  # what went wrong: (function, its wrong formulas, cases, checker)
    "a flipped sign": (pointwise.minus, {"other": lambda g: g}, "sub/same shape", "gradient"),
    "the two gradients exchanged": (
        pointwise.mul, {"input": lambda g, input: g * input, "other": lambda g, other: g * other},
        "mul/same shape", "gradient"),
    "a factor forgotten": (transcendental.sqrt, {"input": lambda g, out: g / out}, "sqrt/function", "gradient"),
    "a quotient rule without the square": (
        pointwise.div_, {"other": lambda g, input, other: -g * (input / other)}, "div/same shape", "gradient"),
    "a derivative of the input instead of the output": (
        activation.tanh, {"input": lambda g, input: g * (1 - input * input)}, "tanh/function", "gradient"),
    "a derivative that is right to first order only": (
        transcendental.exp, {"input": lambda g, out: g * (out.detach() if hasattr(out, "detach") else out)},
        "exp/function", "second"),
    "a subgradient of 1 at the kink": (
        activation.relu, {"input": lambda g, input: comparison.where(input >= 0, g, 0.0)}, "relu/function", "gradient"),
    "a tie that goes to one side": (
        comparison.maximum, {"input": lambda g, input, other: comparison.where(input >= other, g, 0.0),
                             "other": lambda g, input, other: comparison.where(input < other, g, 0.0)},
        "maximum/broadcast", "gradient"),
    "a bound that belongs to neither side": (
        comparison.clamp_numbers, {"input": lambda g, input, min, max:
                                   comparison.where((input > min) & (input < max), g, 0.0)},
        "clamp/at the bounds", "gradient"),
    "a permutation not inverted": (
        shape.permute_dims, {"input": lambda g, dims: shape.permute_dims(g, dims)}, "permute/all, then squared", "gradient"),
    "a scan that runs back forwards": (
        scan.cumsum_dim, {"input": lambda g, dim: scan.cumsum_dim(g, dim)}, "cumsum/dim 1", "gradient"),
    "a mean's gradient without its count": (
        reduction.mean_dims, {"input": lambda g, input_shape, dim, keepdim: reduction.sum_dims.op.formulas["input"](
            g, input_shape, dim, keepdim)}, "mean/dim 0", "gradient"),
    "a softmax whose normaliser is constant": (
        softmax.softmax_dim, {"input": lambda g, out, dim: g * out}, "softmax/dim 1", "gradient"),
    "a bias summed over the batch alone": (
        convolution.convolve, {"bias": lambda g: reduction.sum_dims(g, (0,), False)[:, 0, 0]}, "conv2d/plain*", "gradient"),
    "a stride forgotten on the way back": (
        convolution.convolve, {"weight": lambda g, input, weight_shape, stride, padding, dilation, transposed, groups:
                               convolution.correlate(input, g, weight_shape[2:], (1, 1), padding, dilation, groups)},
        "conv2d/stride 2*", "gradient"),
    "parts joined again in reverse order": (
        joining.split_every, {"input": lambda gs, dim: joining.cat(gs[::-1], dim)}, "chunk/2", "gradient"),
    "a start forgotten by the adjoint of a slice": (
        views.slice_dim, {"input": lambda g, input_shape, dim, start, end, step: views.slice_backward(
            g, input_shape, dim, 0, end - start, step)}, "narrow/middle", "gradient"),
}  # fmt: skip
for _name, (_function, _wrong, _witness, _checker) in FORMULAS.items():
    fault(_name, _witness, _checker)(lambda function=_function, wrong=_wrong: formula(function, **wrong))


# ---- kernels --------------------------------------------------------------------------------------------------------
KERNELS = {  # what went wrong: (function, kernel -> wrong kernel, cases, checker, dtype)
    "a value off by a millionth": (pointwise.mul, lambda f: lambda *a: f(*a) * 1.000001, "mul/same shape", "value", "float64"),
    "a computation in less precision": (
        transcendental.exp, lambda f: lambda x: f(x.astype("float32")).astype(x.dtype), "exp/function", "value", "float64"),
    "a result of another dtype": (
        comparison.eq, lambda f: lambda *a: f(*a).astype("uint8"), "eq/operator", "value", "float64"),
    "a zero of the wrong sign": (pointwise.neg, lambda f: lambda x: 0 - x, "neg/function", "value", "float64"),
    "a nan that loses against a number": (
        comparison.maximum, lambda f: lambda a, b: np.fmax(a, b), "maximum/broadcast", "value", "float64"),
    "padding off by one": (
        constant_pad_nd, lambda f: lambda x, pad, value=0: f(x, (pad[0] + 1, pad[1] - 1, *pad[2:]), value),
        "opinfo/nn.functional.pad.constant", "value", "float64"),
    "the last of several equal values": (
        pooling.index_of_max, lambda f: lambda *a: f(*a) + 1, "max_pool2d/indices", "value", "float64"),
    "one degree of freedom too many": (
        statistics.var_dims, lambda f: lambda x, dim, correction, keepdim: f(x, dim, 0, keepdim),
        "var/dim", "value", "float64"),
    "a write by index that does not accumulate": (
        indexing.index_backward, lambda f: lambda g, size, indices: overwriting(g, size, indices),
        "getitem/repeated index", "gradient", "float64"),
    "a view of the wrong place": (
        views.select_index, lambda f: lambda x, dim, index: f(x, dim, index - 1), "getitem/int", "value", "float64"),
    "a copy where a view should be": (
        shape.transpose_dims, lambda f: lambda *a: f(*a).copy(), "transpose/0 1", "value", "float64"),
}  # fmt: skip
for _name, (_function, _change, _witness, _checker, _dtype) in KERNELS.items():
    fault(_name, _witness, _checker, _dtype)(lambda function=_function, change=_change: kernel(function, change))


def overwriting(g, size, indices):
    """index_backward with the last of several gradients instead of their sum."""
    result = np.zeros(size, g.dtype)
    result[indices] = g
    return result


# ---- the machinery --------------------------------------------------------------------------------------------------


@fault("a dropped sum over what was broadcast", "mul/broadcast right", "gradient")
def _():
    return replaced((engine, "sum_to"), by=lambda f: lambda g, size: g[(0,) * (len(g.shape) - len(size))].reshape(size))


@fault("a gradient of two paths that keeps the last", "exp/squared after", "gradient")
def _():
    return edited(engine.Pass, "step", "so_far + gradient", "gradient")


@fault("a gradient not converted to its input's dtype", "add/with 0-d float32", "gradient")
def _():
    return edited(engine.Pass, "conform", "if dtype is not None and data.dtype != dtype:", "if False:")


@fault("a .grad that is overwritten", "behaviour/accumulation")
def _():
    def forgetting(f):
        def accumulate(variable, gradients, recording):
            variable._grad = None
            return f(variable, gradients, recording)
        return accumulate
    return replaced((engine, "accumulate_grad"), by=forgetting)


@fault("a write that counts no version", "mul/same shape in place", "value")
def _():
    return replaced((inplace, "bump"), by=lambda f: lambda tensor: None)


@fault("saved values whose version nobody checks", "behaviour/stale_saved_values")
def _():
    return together(mock.patch.object(saved.SavedTensor, "array", lambda self, node: self.source._data),
                    mock.patch.object(saved.SavedOutput, "array", lambda self, node: self.data))  # fmt: skip


@fault("a write to a view that its base never hears of", "setitem/slice in place", "gradient")
def _():
    return replaced((inplace, "rebase"), by=lambda f: lambda tensor, node, number=0: inplace.lead(tensor, (node, number)))


@fault("a base without CopySlices", "setitem/column in place", "graph")
def _():
    return mock.patch.object(inplace.CopySlices, "name", lambda self: self.inner.name())


@fault("the region of a write that keeps its old gradient", "setitem/int in place", "gradient")
def _():
    return replaced((inplace, "_overwrite"), by=lambda f: lambda region, values, recording: None)


@fault("a view that keeps its edge after a write to its base", "behaviour/in_place_on_views")
def _():
    return mock.patch.object(graph.View, "edge", lambda self, tensor: tensor._edge)


@fault("a write to a leaf that is let through", "behaviour/leaf_rules_of_in_place")
def _():
    return replaced((inplace, "check_writable"), by=lambda f: lambda *tensors: None)


@fault("a node of another name", "mul/same shape", "graph")
def _():
    return mock.patch.object(pointwise.mul.op.node_class, "name", lambda self: "MulBackward1")


@fault("edges in another order", "addcmul/value", "graph")
def _():
    return mock.patch.object(graph.Node, "next_functions", property(lambda self: self.edges[::-1]))


@fault("results that are always laid out by rows", "exp/function", "value")
def _():
    return replaced((shortcut, "laid_out"), (primitive, "laid_out"), by=lambda f: lambda x, like: np.ascontiguousarray(x))


@fault("a 0-d tensor that decides the dtype", "mul/with 0-d float32", "value", "float16")
def _():
    def by_size_alone(*operands):
        kinds = [x.dtype for x in operands if isinstance(x, minigrad.Tensor)]
        return kinds[0] if len(kinds) == 1 else PROMOTE[kinds[0], kinds[1]]

    return replaced((primitive, "result_type"), by=lambda f: by_size_alone)


@fault("an error in other words", "mul/mismatched shapes", "value")
def _():
    def wordy(arrays):
        raise RuntimeError("operands could not be broadcast together")

    return replaced((checks, "broadcastable"), by=lambda f: wordy)


@fault("an error of another class", "getitem/out of range", "value")
def _():
    def other_class(f):
        def select(*args):
            try:
                return f(*args)
            except IndexError as error:
                raise ValueError(str(error)) from None
        return select
    return replaced((minigrad.Tensor, "__getitem__"), by=other_class)


@fault("a random stream one number ahead", "opinfo/randn", "value")
def _():
    def ahead(f):
        def manual_seed(seed):
            generator = f(seed)
            minigrad.rand(1)
            return generator
        return manual_seed
    return replaced((minigrad, "manual_seed"), by=ahead)


@fault("recording under no_grad", "behaviour/no_grad")
def _():
    return replaced((minigrad.no_grad, "__enter__"), by=lambda f: lambda self: f(self) or minigrad.set_grad_enabled(True))


@fault("a graph that can be used again and again", "behaviour/retain_graph")
def _():
    return mock.patch.object(node.OpNode, "release", lambda self: None)


@fault("running statistics that forget the past", "batch_norm/running 2-d", "value")
def _():
    return replaced((normalization, "_update"), by=lambda f: lambda running, new, momentum: f(running, new, 1.0))


@fault("a tangent of one operand alone", "behaviour/a_dual_is_a_view")
def _():
    return edited(tangents, "elementwise", "total + part", "total")


@fault("a tangent that shares memory with the one it came from", "behaviour/tangents_apart")
def _():
    return replaced((tangents, "unshared"), by=lambda f: lambda tangent, out, others: f(tangent, out, ()))


@fault("a write to a view that the tangent of its base does not see", "behaviour/tangents_of_views")
def _():
    return mock.patch.object(tangents.Level, "base", lambda self, x: None)


@fault("a tangent that stays behind in a backward pass", "behaviour/forward_over_reverse")
def _():
    return edited(forward_ad, "give", "if outputs[0]._edge is not None:", "if False:")
