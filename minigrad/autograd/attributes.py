"""What autograd shows on a Tensor: x.grad_fn, x.requires_grad, x.grad, x.detach(), x.register_hook(f), x.backward(), ...

They read and set what a Tensor has (tensor.py) by way of the graph (graph.py): a place in it, a gradient, hooks on
nodes.  PROPERTIES and METHODS list them; methods/table.py attaches them to Tensor.
"""

import warnings
import weakref
from collections import OrderedDict

from ..dtypes import CPP_NAME, FLOAT, SCALAR_TYPE
from ..tensor import UNTRACKED, Tensor, wrap
from . import hooks
from .backward import backward as run_backward
from .grad_dtype import get_grad_dtype, set_grad_dtype
from .graph import AccumulateGrad, gradient_edge, is_leaf_edge, requires_grad, sequence
from .modes import mode
from .texts import DETACH_INSTEAD, DETACH_VIEW, GRAD_DTYPE, GRAD_OF_NON_LEAF, NOT_A_LEAF

# ---- place in the graph ---------------------------------------------------------------------------------------------


def grad_fn(self):
    """The node of the op that made this tensor; None for a leaf"""
    edge = gradient_edge(self)
    return None if is_leaf_edge(edge) else edge[0]


def is_leaf(self):
    """Whether the tensor was made by the user, not by a recorded op"""
    return is_leaf_edge(gradient_edge(self))


def name(self):
    """What the tensor is called: nothing"""
    return None


def output_nr(self):
    """Which output of `grad_fn` this is"""
    return 0 if self._edge is None else self._edge[1]


def set_requires_grad(self, value, kinds="floating point and complex"):
    if not isinstance(value, bool):
        raise RuntimeError("requires_grad must be a bool")
    if not is_leaf_edge(self._edge):
        raise RuntimeError(NOT_A_LEAF if value else f"{NOT_A_LEAF} {DETACH_INSTEAD}")
    if value and self.dtype.category < FLOAT:
        raise RuntimeError(f"only Tensors of {kinds} dtype can require gradients")
    if value and self._counter is UNTRACKED and not mode.inference:
        raise RuntimeError("Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.")
    if value and self._edge is None:
        former = getattr(self, "_former", None)
        node = former and former() or AccumulateGrad(self)
        kept, self._edge = self.__dict__.pop("_kept_hooks", None), (node, 0)
        if kept:
            hooks.hooks_of(node).tensor.setdefault(0, kept)
    elif not value:
        leave_graph(self)


def leave_graph(self):
    """Require no gradient any more.  The AccumulateGrad that a graph still leads to is found again, if need be."""
    if self._edge is not None and type(self._edge[0]) is AccumulateGrad:
        self._former = weakref.ref(self._edge[0])
    elif not is_leaf_edge(self._edge):
        if self._counter is not UNTRACKED:
            self._counter.detached = (*self._counter.detached, (weakref.ref(self), sequence()))
        self._kept_hooks = _backward_hooks(self)  # they are those of what it may become
        former = getattr(self, "_former", None)
        if former is not None and former() is not None:
            former().moved = False
    self._edge = None


def requires_grad_(self, requires_grad=True):
    """Ask for gradients of this leaf, or stop asking; returns the tensor"""
    if not isinstance(requires_grad, bool):
        raise TypeError(f"requires_grad_(): argument 'requires_grad' (position 1) must be bool, not "
                        f"{type(requires_grad).__name__}")
    if not requires_grad or is_leaf_edge(self._edge):
        set_requires_grad(self, requires_grad, "floating point")
    return self


# ---- the gradient ---------------------------------------------------------------------------------------------------


def get_grad(self):
    """The gradient accumulated so far"""
    if self._grad is None and self._edge is not None and not is_leaf_edge(self._edge) and not retains_grad(self):
        warnings.warn(GRAD_OF_NON_LEAF, UserWarning, stacklevel=2)
    return self._grad


def set_grad(self, value):
    if value is not None:
        if not isinstance(value, Tensor):
            raise TypeError(f"assigned grad expected to be a Tensor or None but got grad of type "
                            f"{type(value).__name__}")
        if value is self:
            raise RuntimeError("can't assign Variable as its own grad")
        kind = self.__dict__.get("_grad_dtype", self.dtype)
        if kind is not None and value.dtype is not kind:
            raise RuntimeError(GRAD_DTYPE.format(CPP_NAME[value.dtype], SCALAR_TYPE[kind]))
        if value.device is not self.device:
            raise RuntimeError(f"attempting to assign a gradient with device type '{value.device.type}' to a tensor with "
                               f"device type '{self.device.type}'. Please ensure that the gradient and the tensor are on "
                               f"the same device")
        if value.shape != self.shape:
            raise RuntimeError(f"attempting to assign a gradient of size '{list(value.shape)}' to a tensor of size "
                               f"'{list(self.shape)}'. Please ensure that the gradient and the tensor are the same size")
    self._grad = value


def delete_grad(self):
    self._grad = None


def backward(self, gradient=None, retain_graph=None, create_graph=False, inputs=None):
    """Compute the gradients of this tensor for all leaves (or for `inputs`) and add them to their .grad"""
    run_backward((self,), gradient, retain_graph, create_graph, inputs=inputs)


# ---- the same memory without the graph ------------------------------------------------------------------------------


def _base(self):
    """The tensor whose memory a view looks into"""
    return None if self._view is None else self._view.base


def _is_view(self):
    """Whether the tensor is a view that autograd knows of"""
    return self._view is not None


def is_inference(self):
    """Whether the tensor was made in inference mode"""
    return self._counter is UNTRACKED


def _version(self):
    """How often the memory was written in place"""
    if self._counter is UNTRACKED:
        raise RuntimeError("Inference tensors do not track version counter.")
    return self._counter.value


def get_data(self):
    """The same memory without a graph, and with a version counter of its own"""
    twin = wrap(self._data, self.device)
    if self._counter is UNTRACKED:
        twin._counter = UNTRACKED
    return twin


def set_data(self, value):
    if not isinstance(value, Tensor):
        raise TypeError(f"Variable data has to be a tensor, but got {type(value).__name__}")
    if requires_grad(self) and value.dtype.category < FLOAT:
        raise RuntimeError("data set to a tensor that requires gradients must be floating point or complex dtype")
    self._data = value._data
    self.device = value.device
    if self._edge is not None and is_leaf_edge(self._edge):
        self._edge[0].hold(value._data, value.device)


def detach(self):
    """The same memory, cut off from the graph; it shares the version counter"""
    twin = wrap(self._data, self.device)
    twin._counter = self._counter
    return twin


def detach_(self):
    """Cut this tensor off from the graph"""
    if self._view is not None:
        raise RuntimeError(DETACH_VIEW)
    leave_graph(self)
    return self


# ---- hooks ----------------------------------------------------------------------------------------------------------


def retain_grad(self):
    """Keep the gradient of this non-leaf in .grad when a backward pass goes through it"""
    if not requires_grad(self):
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    if not is_leaf_edge(self._edge):
        node, number = gradient_edge(self)
        hooks.hooks_of(node).retain[number] = weakref.ref(self)
        self._keeps_grad = True


def retains_grad(self):
    """Whether retain_grad was called on this non-leaf"""
    return getattr(self, "_keeps_grad", False)


def register_hook(self, hook):
    """Call `hook(grad)` whenever the gradient of this tensor is computed; what it returns replaces the gradient"""
    if not requires_grad(self):
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    registered = _backward_hooks(self)
    if registered is None:
        node, number = gradient_edge(self)
        registered = hooks.hooks_of(node).tensor.setdefault(number, OrderedDict())
    return hooks.add_hook(registered, hook)


def register_post_accumulate_grad_hook(self, hook):
    """Call `hook(tensor)` whenever the .grad of this leaf has been added to"""
    if not requires_grad(self):
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
    if not is_leaf(self):
        raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
    return hooks.add_hook(hooks.hooks_of(gradient_edge(self)[0]).accumulated, hook)


def _backward_hooks(self):
    """The hooks on the gradient of this tensor, or None"""
    registered = None if self._edge is None else self._edge[0].hooks
    return None if registered is None else registered.tensor.get(self._edge[1])


def _post_accumulate_grad_hooks(self):
    """The hooks to call once .grad has been added to, or None"""
    registered = None if self._edge is None else self._edge[0].hooks
    return None if registered is None else registered.accumulated or None


PROPERTIES = {
    "requires_grad": (requires_grad, set_requires_grad), "grad": (get_grad, set_grad, delete_grad),
    "data": (get_data, set_data),
    "grad_dtype": (get_grad_dtype, set_grad_dtype),
    **{f.__name__: (f,) for f in (grad_fn, name, is_leaf, output_nr, retains_grad, _base, _version, _backward_hooks,
                                  _post_accumulate_grad_hooks)},
}  # fmt: skip
METHODS = (requires_grad_, backward, _is_view, is_inference, detach, detach_, retain_grad, register_hook,
           register_post_accumulate_grad_hook)
