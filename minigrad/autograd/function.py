"""autograd.Function: an op of the user's own, with its own backward.

`MyFunction.apply(x)` makes a node (of class `MyFunctionBackward`), which is the `ctx` that forward and backward are given.
"""

import functools
import inspect
import warnings

from ..ops.shape import alias
from ..tensor import Tensor, wrap
from .graph import FREED, Node, SavedOutput, SavedTensor, gradient_edge, is_leaf_edge, requires_grad, sequence
from .inplace import bump, rebase
from .modes import enable_grad, mode, no_grad
from .raw_saved import RawSaved
from .texts import written_here
from .transformable import check_transformable, open_transforms


class FunctionCtx:
    """What forward and setup_context are given to keep things for backward."""

    def save_for_backward(self, *tensors):
        """Keep inputs or outputs of forward; backward finds them as `ctx.saved_tensors`."""
        for i, x in enumerate(tensors):
            if x is not None and not isinstance(x, Tensor):
                raise TypeError(f"save_for_backward can only save variables, but argument {i} is of type "
                                f"{type(x).__name__}")
        self.to_save = tensors

    def save_for_forward(self, *tensors):
        """Keep inputs or outputs of forward; jvp finds them as `ctx.saved_tensors`."""
        if not all(x is None or isinstance(x, Tensor) for x in tensors):
            raise AssertionError("save_for_forward expects all arguments to be tensors; you should save non-tensors as "
                                 "attributes on ctx.")
        self.saved_for_forward = tensors

    def mark_dirty(self, *tensors):
        """Say which inputs forward changed in place."""
        if not all(isinstance(x, Tensor) for x in tensors):
            raise RuntimeError("mark_dirty can only accept variables, but argument ")
        self.dirty_tensors = tensors

    def mark_non_differentiable(self, *tensors):
        """Say which outputs have no gradient."""
        if not all(isinstance(x, Tensor) for x in tensors):
            raise RuntimeError("mark_non_differentiable only accepts variable arguments, but got ")
        self.non_differentiable = tensors

    def mark_shared_storage(self, *pairs):
        """Deprecated, and of no effect."""
        warnings.warn("`mark_shared_storage` is deprecated. Tensors with shared storages are automatically tracked. Note that "
                      "calls to `set_()` are not tracked", FutureWarning, stacklevel=2)  # fmt: skip

    def set_materialize_grads(self, value):
        """Whether missing output gradients reach backward as zeros (the default) or as None."""
        self.materialize_grads = value


class BackwardNode(Node, FunctionCtx):
    """The node of a user's Function."""

    function = None
    to_save = dirty_tensors = non_differentiable = saved_for_forward = ()
    materialize_grads = True
    released = False

    def __init__(self):
        self.edges, self.saved, self.outputs = (), None, ()
        self.site = self.hooks = None
        self.sequence = sequence()

    @property
    def saved_tensors(self):
        if self.saved_for_forward:
            return self.saved_for_forward
        if self.released:
            raise RuntimeError(FREED)
        return tuple(None if kept is None else kept.tensor(self) for kept in self.saved or ())

    saved_variables = saved_tensors

    @property
    def _raw_saved_tensors(self):
        if self.released:
            raise RuntimeError(FREED)
        return tuple(map(RawSaved, self.saved or ()))

    def release(self):
        if self.saved:
            self.saved, self.released = None, True

    def apply(self, gradients, recording):
        given = [self.materialize(i, g) for i, g in enumerate(gradients)]
        results = self.user_backward()(self, *given)
        results = results if isinstance(results, tuple) else (results,)
        return self.checked(results, recording)

    def without_gradient(self):
        """The user's backward runs even so, on zeros or None."""
        return self.apply([None] * len(self.outputs), recording=mode.enabled)

    def user_backward(self):
        """The user's `backward`, or `vjp`.  Raises RuntimeError if there are both."""
        function = type(self).function
        if function.vjp is Function.vjp:
            return function.backward
        if function.backward is not Function.backward:
            raise RuntimeError("Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You should "
                               "only implement one of them.")
        return function.vjp

    def __repr__(self):
        return f"<torch.autograd.function.{type(self).__name__} object at {id(self):#x}>"

    def materialize(self, number, gradient):
        if gradient is None:
            if not self.materialize_grads:
                return None
            shape, dtype = self.outputs[number]
            if dtype is None:
                return None
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
                    raise RuntimeError(f"function {self.name()} returned a gradient different than None at position "
                                       f"{i + 1}, but the corresponding forward input was not a Variable")
                continue
            if result is not None and not isinstance(result, Tensor):
                raise RuntimeError(f"expected Variable or None (got {type(result).__name__})")
            found.append(result if recording or result is None else result._data)
        return found


BackwardCFunction = BackwardNode  # torch's name


class FunctionMeta(type):
    def __init__(cls, name, bases, namespace):
        super().__init__(name, bases, namespace)
        cls._backward_cls = type(name + "Backward", (BackwardNode,), {"function": cls})


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

    @staticmethod
    def jvp(ctx, *grad_inputs):
        raise NotImplementedError("You must implement the jvp function for custom autograd.Function to use it with forward "
                                  "mode AD.")

    @staticmethod
    def vjp(ctx, *grad_outputs):
        raise NotImplementedError("You must implement either the backward or vjp method for your custom "
                                  "autograd.Function to use it with backward mode AD.")

    generate_vmap_rule = False  # vmap calls forward for each sample, be there a rule or not

    @staticmethod
    def vmap(info, in_dims, *args):
        raise NotImplementedError("To use autograd.Function with vmap, you must either override the vmap static method or set "
                                  "generate_vmap_rule=True.")

    def __init__(self, *args, **kwargs):
        warnings.warn(f"{self.__class__} should not be instantiated. Methods on autograd functions are all static, so you "
                      f"should invoke them on the class itself. Instantiating an autograd function will raise an error in "
                      f"a future version of PyTorch.", DeprecationWarning, stacklevel=2)  # fmt: skip

    def __call__(self, *args, **kwargs):
        raise RuntimeError("Legacy autograd function with non-static forward method is deprecated. Please use new-style "
                           "autograd function with static forward method. (Example: "
                           "https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function)")

    @classmethod
    def apply(cls, *inputs, **keywords):
        """Run forward and, if an input requires grad, record it."""
        if keywords or cls.setup_context is not Function.setup_context:
            inputs = _bind(cls, inputs, keywords)
        if open_transforms:
            check_transformable(cls, Function)
        node = cls._backward_cls()
        node.inputs_given = [isinstance(x, Tensor) for x in inputs]
        node.needs_input_grad = tuple([isinstance(x, Tensor) and requires_grad(x) for x in inputs])
        recording = mode.enabled and True in node.needs_input_grad
        edges = tuple([gradient_edge(x) for x in inputs if isinstance(x, Tensor)]) if recording else ()
        with no_grad():
            result = _forward(cls, node, inputs)
        outputs = result if isinstance(result, tuple) else (result,)
        node.device = next((x.device for x in inputs if isinstance(x, Tensor)), None)
        node.edges = edges
        found = _outputs(node, inputs, outputs, recording)
        if recording:
            node.saved = [_keep(x, outputs, found) for x in node.to_save]
        node.to_save = node.dirty_tensors = node.non_differentiable = node.saved_for_forward = ()
        return found if isinstance(result, tuple) else found[0]


class InplaceFunction(Function):
    """As Function; kept by torch for programs of old."""

    def __init__(self, inplace=False):
        super().__init__()
        self.inplace = inplace


class NestedIOFunction(Function):
    """As Function; kept by torch for programs of old, with methods that do not run there any more."""

    def forward_extended(self, *input):
        raise NotImplementedError

    def backward_extended(self, *grad_output):
        raise NotImplementedError


def _bind(cls, inputs, keywords):
    """Arguments of forward as a plain tuple, keywords put in their places."""
    own_context = cls.setup_context is Function.setup_context
    bound = inspect.signature(cls.forward).bind(*(None,) * own_context, *inputs, **keywords)
    bound.apply_defaults()
    return bound.args[own_context:]


def _forward(cls, node, inputs):
    if cls.setup_context is Function.setup_context:
        return cls.forward(node, *inputs)
    result = cls.forward(*inputs)
    cls.setup_context(node, inputs, result)
    return result


def _outputs(node, inputs, outputs, recording):
    """What `apply` returns: the outputs of forward in their place in the graph.

    An input that was changed in place is rebased; one that is returned as it came becomes a view of itself.
    """
    node.outputs = tuple([(x._data.shape, x._data.dtype) if isinstance(x, Tensor) else ((), None) for x in outputs])
    found, traced = [], []
    for number, out in enumerate(outputs):
        if not isinstance(out, Tensor):
            found.append(out)
            continue
        given, dirty = _among(out, inputs), _among(out, node.dirty_tensors)
        differentiable = recording and out.is_floating_point() and not _among(out, node.non_differentiable)
        if given and dirty:
            bump(out)
            _check_dirty(out, recording, len(outputs))
            if differentiable:
                rebase(out, node, number)
        else:
            if given:
                with no_grad():
                    out = alias(out)
            if out._view is not None:
                out._view.origin = "function"
            out._edge = (node, number) if differentiable else None
        found.append(out)
        if differentiable:
            traced.append(out)
    if len({id(x) for x in traced}) > 1:
        for out in traced:
            if out._view is not None:
                out._view.origin = "multi"
    if not all(_among(x, outputs) for x in node.dirty_tensors):
        raise RuntimeError("Some elements marked as dirty during the forward method were not returned as output. The "
                           "inputs that are modified inplace must all be outputs of the Function.")
    return tuple(found)


def _among(tensor, tensors):
    return any(tensor is x for x in tensors)


def _check_dirty(tensor, recording, count):
    if recording and tensor._edge is not None and is_leaf_edge(tensor._edge):
        raise RuntimeError(written_here("a leaf Variable that requires grad has been used in an in-place operation."))
    if recording and tensor._view is not None and count > 1:
        raise RuntimeError("If your Function modifies inplace an input that is a view of another Tensor, your Function "
                           "cannot return more than one Tensor. This is not supported by the current autograd engine. You "
                           "should either make sure the input is not a view (using .clone() for example) or make your "
                           "Function only return one Tensor (potentially splitting it into two Functions: one doing the "
                           "inplace that returns a single Tensor and a second one that does the other operations). You "
                           "can ask on the forum https://discuss.pytorch.org/ if you need help to do this change.")


def _keep(tensor, outputs, found):
    if tensor is None:
        return None
    for number, out in enumerate(outputs):
        if out is tensor:
            return SavedOutput(found[number], number) if found[number]._edge is not None else SavedTensor(found[number])
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
            marked = _NoSecond.apply(*[x if x is None else x.detach().requires_grad_() for x in results])
        marked = marked if isinstance(marked, tuple) else (marked,)
        return marked if isinstance(outputs, tuple) else marked[0]

    return wrapper


class _NoSecond(Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(*tensors):
        return tensors

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def backward(ctx, *grads):
        raise RuntimeError("trying to differentiate twice a function that was marked with @once_differentiable")
