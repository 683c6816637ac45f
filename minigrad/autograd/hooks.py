"""Hooks on nodes: functions of the user's that see, and may replace, the gradients passing through.

Tensor hooks and retain_grad sit on the node that made the tensor, by output number.  The order is torch's: tensor
hooks, retained gradients, (capture for autograd.grad,) pre-hooks, the node itself, post-hooks.
See https://docs.pytorch.org/docs/stable/notes/autograd.html#backward-hooks-execution.
"""

import itertools
import warnings
import weakref
from collections import OrderedDict

from ..tensor import Tensor, wrap


class RemovableHandle:
    """What registering a hook returns: `remove()` takes the hook away; also a context manager."""

    next_id = itertools.count().__next__

    def __init__(self, hooks_dict, *, extra_dict=None):
        extras = extra_dict if isinstance(extra_dict, list) else [] if extra_dict is None else [extra_dict]
        self.hooks_dict_ref = weakref.ref(hooks_dict)
        self.extra_dict_ref = tuple(map(weakref.ref, extras))
        self.id = RemovableHandle.next_id()

    def remove(self):
        for reference in (self.hooks_dict_ref, *self.extra_dict_ref):
            hooks = reference()
            if hooks is not None:
                hooks.pop(self.id, None)

    def __getstate__(self):
        return self.hooks_dict_ref(), self.id, tuple(reference() for reference in self.extra_dict_ref)

    def __setstate__(self, state):
        hooks, self.id, extras = state
        self.hooks_dict_ref = weakref.ref(OrderedDict() if hooks is None else hooks)
        self.extra_dict_ref = tuple(weakref.ref(OrderedDict() if d is None else d) for d in extras)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.remove()


class HookDict(OrderedDict):
    """An ordered dict that weak references can point to."""

    def add(self, hook):
        handle = RemovableHandle(self)
        self[handle.id] = hook
        return handle


class Hooks:
    """All hooks of one node."""

    __slots__ = ("tensor", "retain", "pre", "post", "device")

    def __init__(self, device):
        self.tensor = {}  # output number -> HookDict
        self.retain = {}  # output number -> weak reference to the tensor
        self.pre = HookDict()
        self.post = HookDict()
        self.device = device

    def run_tensor(self, gradients, recording, node):
        gradients = list(gradients)
        for number, hooks in self.tensor.items():
            for hook in list(hooks.values()):
                if gradients[number] is not None:
                    gradients[number] = self.replaced(hook, gradients[number], recording)
        for number, reference in self.retain.items():
            tensor = reference()
            if tensor is not None and gradients[number] is not None:
                retain(tensor, self.as_tensor(gradients[number]), recording)
        return gradients

    def run_before(self, gradients, recording, node):
        for hook in list(self.pre.values()):
            result = hook(tuple(map(self.as_tensor, gradients)))
            if result is not None:
                result = result if isinstance(result, (tuple, list)) else (result,)
                gradients = [self.as_gradient(r, recording) for r in result]
        return gradients

    def run_after(self, results, gradients, recording, node):
        for hook in list(self.post.values()):
            found = hook(tuple(map(self.as_tensor, results)), tuple(map(self.as_tensor, gradients)))
            if found is not None:
                found = found if isinstance(found, (tuple, list)) else (found,)
                results = [self.as_gradient(r, recording) for r in found]
        return results

    def replaced(self, hook, gradient, recording):
        result = hook(self.as_tensor(gradient))
        if result is None:
            return gradient
        if not isinstance(result, Tensor):
            raise RuntimeError(f"tensor hook: expected to return a Tensor or None, got {type(result).__name__}")
        return self.as_gradient(result, recording)

    def as_tensor(self, gradient):
        return gradient if gradient is None or isinstance(gradient, Tensor) else wrap(gradient, self.device)

    def as_gradient(self, value, recording):
        return value if recording or value is None else value._data


def hooks_of(node, device):
    """The hooks of a node, made on first use."""
    if node.hooks is None:
        node.hooks = Hooks(device)
    return node.hooks


def retain(tensor, gradient, recording):
    """Set or add to the .grad of a non-leaf."""
    if tensor._grad is None:
        tensor._grad = gradient if recording else wrap(gradient._data.copy(), tensor.device)
    else:
        tensor._grad = tensor._grad + gradient


def grad_of_non_leaf_warning():
    warnings.warn(
        "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute won't be "
        "populated during autograd.backward(). If you indeed want the .grad field to be populated for a non-leaf "
        "Tensor, use .retain_grad() on the non-leaf Tensor. If you access the non-leaf Tensor by mistake, make sure "
        "you access the leaf Tensor instead. See github.com/pytorch/pytorch/pull/30531 for more informations.",
        UserWarning, stacklevel=3)  # fmt: skip
