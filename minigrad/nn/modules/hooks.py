"""Functions that a Module runs around its forward and backward passes."""

import warnings
from collections import OrderedDict

from ...tensor import Tensor
from ...utils.hooks import register
from .backward_hook import BackwardHook, first_tensor

_global_forward_pre_hooks = OrderedDict()
_global_forward_hooks = OrderedDict()
_global_forward_hooks_with_kwargs = OrderedDict()
_global_forward_hooks_always_called = OrderedDict()
_global_backward_pre_hooks = OrderedDict()
_global_backward_hooks = OrderedDict()
_global_full = [None]


def any_global_hooks():
    return (_global_forward_pre_hooks or _global_forward_hooks or _global_backward_pre_hooks
            or _global_backward_hooks)


def register_module_forward_pre_hook(hook):
    """hook(module, args) before every module's forward; what it returns, unless None, replaces args."""
    return register(_global_forward_pre_hooks, hook)


def register_module_forward_hook(hook, *, with_kwargs=False, always_call=False):
    """hook(module, args, output) after every module's forward; what it returns, unless None, replaces output."""
    marks = [_global_forward_hooks_with_kwargs] * with_kwargs + [_global_forward_hooks_always_called] * always_call
    return register(_global_forward_hooks, hook, marks)


def register_module_full_backward_pre_hook(hook):
    """hook(module, grad_output) before every module's backward."""
    return register(_global_backward_pre_hooks, hook)


def register_module_full_backward_hook(hook):
    """hook(module, grad_input, grad_output) after every module's backward."""
    if _global_full[0] is False:
        raise RuntimeError("Cannot use both regular backward hooks and full backward hooks as a global Module hook. "
                           "Please use only one of them.")
    _global_full[0] = True
    return register(_global_backward_hooks, hook)


def register_module_backward_hook(hook):
    """The older form: grad_input is that of the last op only."""
    if _global_full[0] is True:
        raise RuntimeError("Cannot use both regular backward hooks and full backward hooks as a global Module hook. "
                           "Please use only one of them.")
    _global_full[0] = False
    return register(_global_backward_hooks, hook)


class Hooks:
    """The part of Module that registers hooks and calls forward with them."""

    def register_forward_pre_hook(self, hook, *, prepend=False, with_kwargs=False):
        """hook(module, args) -> None or new args; with kwargs, hook(module, args, kwargs) -> None or both anew."""
        marks = [self._forward_pre_hooks_with_kwargs] * with_kwargs
        return register(self._forward_pre_hooks, hook, marks, prepend)

    def register_forward_hook(self, hook, *, prepend=False, with_kwargs=False, always_call=False):
        """hook(module, args, output) -> None or a new output; always_call: also when forward raises."""
        marks = [self._forward_hooks_with_kwargs] * with_kwargs + [self._forward_hooks_always_called] * always_call
        return register(self._forward_hooks, hook, marks, prepend)

    def register_full_backward_pre_hook(self, hook, prepend=False):
        """hook(module, grad_output) -> None or a new grad_output."""
        return register(self._backward_pre_hooks, hook, prepend=prepend)

    def register_full_backward_hook(self, hook, prepend=False):
        """hook(module, grad_input, grad_output) -> None or a new grad_input."""
        self._claim_backward_hooks(full=True)
        return register(self._backward_hooks, hook, prepend=prepend)

    def register_backward_hook(self, hook):
        """The older form: grad_input is that of the last op only."""
        self._claim_backward_hooks(full=False)
        return register(self._backward_hooks, hook)

    def _claim_backward_hooks(self, full):
        if self._is_full_backward_hook is (not full):
            raise RuntimeError("Cannot use both regular backward hooks and full backward hooks on a single Module. "
                               "Please use only one of them.")
        self.__dict__["_is_full_backward_hook"] = full

    def _backward_hook_lists(self):
        """(full hooks, older hooks, full pre hooks) that apply to this module, global ones first."""
        full, older = [], []
        (full if _global_full[0] else older).extend(_global_backward_hooks.values())
        (full if self._is_full_backward_hook else older).extend(self._backward_hooks.values())
        return full, older, [*_global_backward_pre_hooks.values(), *self._backward_pre_hooks.values()]

    def _call_with_hooks(self, args, kwargs):
        called = set()
        try:
            return self._hooked_forward(args, kwargs, called)
        except Exception:
            self._run_always_called(args, kwargs, called)
            raise

    def _hooked_forward(self, args, kwargs, called):
        full, older, pre = self._backward_hook_lists()
        args, kwargs = self._run_pre_hooks(args, kwargs)
        backward = BackwardHook(self, full, pre) if full or pre else None
        if backward:
            args = backward.watch_inputs(args)
        result = self.forward(*args, **kwargs)
        for key, hook, with_kwargs, always in self._forward_hook_list():
            if always:
                called.add(key)
            replaced = hook(self, args, kwargs, result) if with_kwargs else hook(self, args, result)
            result = result if replaced is None else replaced
        if backward:
            result = backward.watch_outputs(result)
        if older:
            self._hook_last_op(result, older, args)
        return result

    def _run_pre_hooks(self, args, kwargs):
        for key, hook in [*_global_forward_pre_hooks.items(), *self._forward_pre_hooks.items()]:
            if key in self._forward_pre_hooks_with_kwargs:
                replaced = hook(self, args, kwargs)
                if replaced is None:
                    continue
                if not (isinstance(replaced, tuple) and len(replaced) == 2):
                    raise RuntimeError("forward pre-hook must return None or a tuple of (new_args, new_kwargs), "
                                       f"but got {replaced}.")
                args, kwargs = replaced
            else:
                replaced = hook(self, args)
                if replaced is not None:
                    args = replaced if isinstance(replaced, tuple) else (replaced,)
        return args, kwargs

    def _forward_hook_list(self):
        """(key, hook, takes kwargs, always called), global ones first."""
        groups = ((_global_forward_hooks, _global_forward_hooks_with_kwargs, _global_forward_hooks_always_called),
                  (self._forward_hooks, self._forward_hooks_with_kwargs, self._forward_hooks_always_called))
        return [(key, hook, key in with_kwargs, key in always)
                for hooks, with_kwargs, always in groups for key, hook in hooks.items()]

    def _run_always_called(self, args, kwargs, called):
        """After an error: the always_call hooks that have not run yet, their own errors turned into warnings."""
        for key, hook, with_kwargs, always in self._forward_hook_list():
            if not always or key in called:
                continue
            kind = "global module" if key in _global_forward_hooks else "module"
            try:
                hook(self, args, kwargs, None) if with_kwargs else hook(self, args, None)
            except Exception as error:
                warnings.warn(f"{kind} forward hook with ``always_call=True`` raised an exception that was silenced as "
                              f"another error was raised in forward: {error}", stacklevel=2)

    def _hook_last_op(self, result, hooks, args):
        """Attach the older backward hooks to the node that made the result."""
        output = first_tensor(result)
        node = output.grad_fn if isinstance(output, Tensor) else None
        if node is None:
            return
        for hook in hooks:
            node.register_hook(lambda grad_in, grad_out, hook=hook: hook(self, grad_in, grad_out))
        if not isinstance(result, Tensor):
            warnings.warn("Using a non-full backward hook when the forward contains multiple autograd Nodes is "
                          "deprecated and will be removed in future versions. This hook will be missing some "
                          "grad_input. Please use register_full_backward_hook to get the documented behavior.",
                          FutureWarning, stacklevel=3)
