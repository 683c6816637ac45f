"""Hooks on nodes: functions of the user's that see, and may replace, the gradients passing through.

Tensor hooks and retain_grad sit on the node that made the tensor, by output number.  The order is torch's: tensor
hooks, retained gradients, (capture for autograd.grad,) pre-hooks, the node itself, post-hooks.
See https://docs.pytorch.org/docs/stable/notes/autograd.html#backward-hooks-execution.
"""

import itertools
import weakref
from collections import OrderedDict

from ..device import device_of
from ..tensor import Tensor, wrap


class RemovableHandle:
    """What registering a hook returns: `remove()` takes the hook away; also a context manager."""

    __module__ = "torch.utils.hooks"
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


def add_hook(hooks, hook):
    """Put a hook last in an ordered dictionary; returns the handle that removes it."""
    handle = RemovableHandle(hooks)
    hooks[handle.id] = hook
    return handle


class Hooks:
    """All hooks of one node, and how they run.  `recording`: gradients are Tensors; otherwise plain arrays."""

    def __init__(self):
        self.tensor = {}  # output number -> hooks on the gradient of the tensor that is this output
        self.retain = {}  # output number -> weak reference to the tensor that keeps its gradient
        self.pre = OrderedDict()
        self.post = OrderedDict()
        self.accumulated = OrderedDict()  # of a leaf: run when its .grad has been added to

    def run_tensor(self, gradients, recording):
        """The hooks of the tensors that this node made, then the gradients that they retain."""
        gradients = list(gradients)
        for number, hooks in self.tensor.items():
            for hook in list(hooks.values()):
                old = as_tensor(gradients[number])
                result = hook(old)
                if result is not None:
                    gradients[number] = as_gradient(replacement(hook, old, result), recording)
        for number, reference in self.retain.items():
            tensor = reference()
            if tensor is not None and gradients[number] is not None:
                retain(tensor, as_tensor(gradients[number]), recording)
        return gradients

    def run_before(self, gradients, recording):
        """The node's pre-hooks: hook(grad_outputs)."""
        for hook in list(self.pre.values()):
            given = tuple(map(as_tensor, gradients))
            gradients = self.replaced(hook, hook(given), gradients, given, recording)
        return gradients

    def run_after(self, results, gradients, recording):
        """The node's post-hooks: hook(grad_inputs, grad_outputs)."""
        for hook in list(self.post.values()):
            given = tuple(map(as_tensor, results))
            found = hook(given, tuple(map(as_tensor, gradients)))
            results = self.replaced(hook, found, results, given, recording)
        return results

    def run_accumulated(self, leaf):
        """What waits for the .grad of a leaf."""
        for hook in list(self.accumulated.values()):
            found = hook(leaf)
            if found is not None:
                replacement(hook, leaf, found)

    def replaced(self, hook, found, current, given, recording):
        if found is None:
            return current
        if not isinstance(found, tuple):
            raise TypeError(f"expected tuple, but hook returned '{type(found).__name__}'")
        if len(found) != len(given):
            raise RuntimeError(f"hook '{name_of(hook)}' has returned an incorrect number of values (got {len(found)}, "
                               f"but expected {len(given)})")
        return [None if new is None else as_gradient(replacement(hook, old, new), recording)
                for old, new in zip(given, found)]


def replacement(hook, old, new):
    """What a hook returned in place of a gradient, if that can be.  Raises TypeError or RuntimeError."""
    if not isinstance(new, Tensor):
        raise TypeError(f"expected Variable, but hook returned '{type(new).__name__}'")
    if old is None:
        raise RuntimeError("can't replace a None gradient with a non-None value")
    if new.dtype is not old.dtype or new.device is not old.device:
        raise RuntimeError(f"hook '{name_of(hook)}' has changed the type of value (was {old.type()} got {new.type()})")
    if new.shape != old.shape:
        raise RuntimeError(f"hook '{name_of(hook)}' has changed the size of value")
    return new


def name_of(hook):
    return getattr(hook, "__name__", None) or type(hook).__name__


def as_tensor(gradient):
    return gradient if gradient is None or isinstance(gradient, Tensor) else wrap(gradient, device_of(gradient))


def as_gradient(tensor, recording):
    return tensor if recording else tensor._data


def check_called(node, gradients):
    """Raise TypeError unless a node is called with a tensor or None for each of its outputs."""
    if len(gradients) != len(node.outputs):
        raise TypeError(f"expected {len(node.outputs)} arguments, got {len(gradients)} instead")
    for i, g in enumerate(gradients):
        if g is not None and not isinstance(g, Tensor):
            raise TypeError(f"argument {i} is not a Variable")


def hooks_of(node):
    """The hooks of a node, made on first use."""
    if node.hooks is None:
        node.hooks = Hooks()
    return node.hooks


def retain(tensor, gradient, recording):
    """Set or add to the .grad of a non-leaf."""
    if tensor._grad is None:
        tensor._grad = gradient.clone()
    else:
        tensor._grad = tensor._grad + gradient


def move_retained(tensor, old, new):
    """An in-place op gave `tensor` another edge: the gradient it retains is that of its new value."""
    if old is None or old[0].hooks is None or new is None:
        return
    reference = old[0].hooks.retain.get(old[1])
    if reference is not None and reference() is tensor:
        del old[0].hooks.retain[old[1]]
        hooks_of(new[0]).retain[new[1]] = reference
