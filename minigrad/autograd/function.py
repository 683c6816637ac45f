"""autograd.Function: an op of the user's own, with its own backward.

`MyFunction.apply(x)` makes a node (of class `MyFunctionBackward`), which is the `ctx` that forward and backward are given.
"""

import functools

from ..tensor import Tensor, wrap
from .graph import FREED, Node, SavedOutput, SavedTensor, gradient_edge, requires_grad, sequence
from .modes import enable_grad, mode, no_grad


class FunctionCtx:
    """What forward and setup_context are given to keep things for backward."""

    def save_for_backward(self, *tensors):
        """Keep inputs or outputs of forward; backward finds them as `ctx.saved_tensors`."""
        self.to_save = tensors

    def mark_dirty(self, *tensors):
        """Say which inputs forward changed in place."""
        self.dirty_tensors = tensors

    def mark_non_differentiable(self, *tensors):
        """Say which outputs have no gradient."""
        self.non_differentiable = tensors

    def set_materialize_grads(self, value):
        """Whether missing output gradients reach backward as zeros (the default) or as None."""
        self.materialize_grads = value


class BackwardNode(Node, FunctionCtx):
    """The node of a user's Function."""

    function = None
    to_save = dirty_tensors = non_differentiable = ()
    materialize_grads = True
    released = False

    def __init__(self):
        self.edges, self.saved, self.outputs = (), None, ()
        self.site = self.hooks = None
        self.sequence = sequence()

    @property
    def saved_tensors(self):
        if self.released:
            raise RuntimeError(FREED)
        return tuple(None if kept is None else kept.tensor(self) for kept in self.saved or ())

    saved_variables = saved_tensors

    def release(self):
        if self.saved:
            self.saved, self.released = None, True

    def apply(self, gradients, recording):
        given = [self.materialize(i, g) for i, g in enumerate(gradients)]
        results = type(self).function.backward(self, *given)
        results = results if isinstance(results, tuple) else (results,)
        return self.checked(results, recording)

    def materialize(self, number, gradient):
        if gradient is None:
            if not self.materialize_grads:
                return None
            shape, dtype = self.outputs[number]
            return wrap(self.device.backend.zeros(shape, dtype=dtype), self.device)
        return gradient if isinstance(gradient, Tensor) else wrap(gradient, self.device)

    def checked(self, results, recording):
        while len(results) > len(self.inputs_given) and results[-1] is None:
            results = results[:-1]
        if len(results) != len(self.inputs_given):
            raise RuntimeError(f"function {self.name()} returned an incorrect number of gradients (expected "
                               f"{len(self.inputs_given)}, got {len(results)})")
        found = []
        for i, (is_tensor, result) in enumerate(zip(self.inputs_given, results)):
            if not is_tensor:
                if result is not None:
                    raise RuntimeError(f"function {self.name()} returned a gradient different from None at position "
                                       f"{i + 1}, but the corresponding forward input was not a Variable")
                continue
            if result is not None and not isinstance(result, Tensor):
                raise RuntimeError(f"expected Variable or None (got {type(result).__name__})")
            found.append(result if recording or result is None else result._data)
        return found


class FunctionMeta(type):
    def __init__(cls, name, bases, namespace):
        super().__init__(name, bases, namespace)
        cls._node_class = type(name + "Backward", (BackwardNode,), {"function": cls})


class Function(metaclass=FunctionMeta):
    """Base class of user-defined ops: static methods `forward(ctx, *inputs)` and `backward(ctx, *gradients)`.

    Instead of taking `ctx`, forward may leave saving to `setup_context(ctx, inputs, output)`.
    """

    @staticmethod
    def forward(*args, **kwargs):
        raise NotImplementedError("You must implement the forward function for custom autograd.Function.")

    @staticmethod
    def setup_context(ctx, inputs, output):
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx, *grad_outputs):
        raise NotImplementedError("You must implement either the backward or vjp method for your custom "
                                  "autograd.Function to use it with backward mode AD.")

    @classmethod
    def apply(cls, *inputs):
        """Run forward and, if an input requires grad, record it."""
        node = cls._node_class()
        tensors = [x for x in inputs if isinstance(x, Tensor)]
        node.inputs_given = [isinstance(x, Tensor) for x in inputs]
        needs = [isinstance(x, Tensor) and requires_grad(x) for x in inputs]
        node.needs_input_grad = tuple(needs)
        recording = mode.enabled and True in needs
        edges = tuple(gradient_edge(x) for x in tensors) if recording else ()
        with no_grad():
            result = _forward(cls, node, inputs)
        outputs = result if isinstance(result, tuple) else (result,)
        if tensors:
            node.device = tensors[0].device
        if recording:
            node.edges = edges
            outputs = _record(node, inputs, outputs)
        return outputs if isinstance(result, tuple) else outputs[0]


def _forward(cls, node, inputs):
    if cls.setup_context is Function.setup_context:
        return cls.forward(node, *inputs)
    result = cls.forward(*inputs)
    cls.setup_context(node, inputs, result)
    return result


def _record(node, inputs, outputs):
    """Give the outputs their place in the graph and keep what forward asked to keep."""
    found = []
    for number, out in enumerate(outputs):
        plain = not isinstance(out, Tensor) or any(out is x for x in node.non_differentiable)
        if plain or not out.is_floating_point():
            found.append(out)
            continue
        if any(out is x for x in node.dirty_tensors):
            out._edge = node, number
        elif any(out is x for x in inputs):
            out = _alias(out, node, number)
        else:
            out._edge = node, number
        found.append(out)
    node.outputs = tuple((out._data.shape, out._data.dtype) if isinstance(out, Tensor) else ((), None) for out in found)
    node.saved = [_keep(node, x, outputs, found) for x in node.to_save]
    return tuple(found)


def _alias(out, node, number):
    twin = wrap(out._data, out.device)
    twin._counter = out._counter
    twin._edge = node, number
    return twin


def _keep(node, tensor, outputs, found):
    if tensor is None:
        return None
    for number, out in enumerate(outputs):
        if out is tensor and isinstance(found[number], Tensor):
            return SavedOutput(found[number], number)
    return SavedTensor(tensor)


def once_differentiable(function):
    """Decorate a backward whose result cannot be differentiated again: doing so raises RuntimeError."""

    @functools.wraps(function)
    def wrapper(ctx, *args):
        with no_grad():
            outputs = function(ctx, *args)
        if not mode.enabled or not any(isinstance(x, Tensor) and requires_grad(x) for x in args):
            return outputs
        results = outputs if isinstance(outputs, tuple) else (outputs,)
        with enable_grad():
            marked = _NoSecond.apply(*results, *[x for x in args if isinstance(x, Tensor)])
        marked = marked if isinstance(marked, tuple) else (marked,)
        return marked if isinstance(outputs, tuple) else marked[0]

    return wrapper


class _NoSecond(Function):
    @staticmethod
    def forward(ctx, *tensors):
        return tensors

    @staticmethod
    def backward(ctx, *grads):
        raise RuntimeError("trying to differentiate twice a function that was marked with @once_differentiable")
