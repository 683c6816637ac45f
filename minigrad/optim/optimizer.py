"""Optimizer: parameter groups, their options and state, and the loop that every step runs."""

import functools
import warnings
from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from copy import deepcopy
from itertools import chain

from ..autograd.inplace import written
from ..autograd.modes import enable_grad, no_grad
from ..backends import backend_of, on_device_of
from ..dtypes import float32, float64, get_default_dtype
from ..nn.modules.typename import typename
from ..ops.creation import tensor
from ..tensor import Tensor
from ..utils.hooks import register

_global_optimizer_pre_hooks = OrderedDict()
_global_optimizer_post_hooks = OrderedDict()
_HOOKS = ("step_pre", "step_post", "state_dict_pre", "state_dict_post", "load_state_dict_pre", "load_state_dict_post")


class _Required:
    """The default of an option that each group must give."""

    def __repr__(self):
        return "<required parameter>"


required = _Required()


def register_optimizer_step_pre_hook(hook):
    """hook(optimizer, args, kwargs) before every optimizer's step."""
    return register(_global_optimizer_pre_hooks, hook)


def register_optimizer_step_post_hook(hook):
    """hook(optimizer, args, kwargs) after every optimizer's step."""
    return register(_global_optimizer_post_hooks, hook)


def _with_hooks(step):
    """`step` with the registered hooks before and after it."""
    @functools.wraps(step)
    def hooked(self, *args, **kwargs):
        before, after = self._optimizer_step_pre_hooks, self._optimizer_step_post_hooks
        if not (before or after or _global_optimizer_pre_hooks or _global_optimizer_post_hooks):
            return step(self, *args, **kwargs)
        args = (self, *args)
        for hook in [*_global_optimizer_pre_hooks.values(), *before.values()]:
            result = hook(self, args, kwargs)
            if result is not None:
                if not (isinstance(result, tuple) and len(result) == 2):
                    raise RuntimeError(f"{step} must return None or a tuple of (new_args, new_kwargs), "
                                       f"but got {result}.")
                args, kwargs = result
        out = step(*args, **kwargs)
        for hook in [*after.values(), *_global_optimizer_post_hooks.values()]:
            hook(self, args, kwargs)
        return out

    hooked.hooked = True
    return hooked


class Optimizer:
    """Base of all optimisers.

    A subclass names its options in `defaults` and gives two functions of one parameter: `_start(param, group)`, the
    state before the first step, and `_update(param, grad, state, group)`, the step itself, in place.
    """

    def __init__(self, params, defaults):
        self.defaults = defaults
        for name in _HOOKS:
            setattr(self, f"_optimizer_{name}_hooks", OrderedDict())
        self._hook_step()
        if isinstance(params, Tensor):
            raise TypeError("params argument given to the optimizer should be an iterable of Tensors or dicts, "
                            f"but got {typename(params)}")
        self.state = defaultdict(dict)
        self.param_groups = []
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    def _hook_step(self):
        cls = type(self)
        if not getattr(cls.step, "hooked", None):
            cls.step = _with_hooks(cls.step)

    # ---- stepping

    def step(self, closure=None):
        """One update of every parameter that has a gradient; closure() recomputes the loss first and is returned."""
        if type(self)._update is Optimizer._update and type(self)._update_together is Optimizer._update_together:
            raise NotImplementedError
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with no_grad():
            for group in self.param_groups:
                maximize = group.get("maximize", False)
                found = [(param, -grad if maximize else grad, self._state_of(param, group))
                         for param in group["params"] if (grad := param._grad) is not None]  # fmt: skip
                for part in by_device(found):
                    with on_device_of(part[0]):
                        if not self._update_together(part, group):
                            for param, grad, state in part:
                                self._update(param, grad, state, group)
        return loss

    def _update_together(self, found, group):
        """Update the (parameter, gradient, state) of a group by one kernel of the backend's.  False if it has none."""
        return False

    def _state_of(self, param, group):
        state = self.state[param]
        if not state:
            state.update(self._start(param, group))
        return state

    def _start(self, param, group):
        """The state of a parameter that has not been updated yet."""
        return {}

    def _update(self, param, grad, state, group):
        """One step for one parameter, in place."""
        raise NotImplementedError

    def zero_grad(self, set_to_none=True):
        """Forget, or fill with zeros, the gradient of every parameter."""
        for group in self.param_groups:
            for param in group["params"]:
                if set_to_none:
                    param._grad = None
                elif param.grad is not None:
                    zero_gradient(param.grad)

    # ---- groups

    def add_param_group(self, param_group):
        """Add {"params": tensors, option: value, ...}; missing options take their defaults."""
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        params, names = _split_names(_as_list(param_group["params"]))
        param_group["params"] = params
        if names:
            param_group["param_names"] = names
        self._check_params(params)
        for name, default in self.defaults.items():
            if default is required and name not in param_group:
                raise ValueError("parameter group didn't specify a value of required optimization parameter "
                                 f"{name}")
            param_group.setdefault(name, default)
        if len(params) != len(set(params)):
            warnings.warn("optimizer contains a parameter group with duplicate parameters; in future, this will cause "
                          "an error; see github.com/pytorch/pytorch/issues/40967 for more information", stacklevel=3)
        for group in self.param_groups:
            if ("param_names" in param_group) != ("param_names" in group):
                what = "with names" if "param_names" in param_group else "without names"
                raise ValueError("all optimizer param groups should be with/without names. "
                                 f"cannot add param group {what} to the optimizer")
        if not set(params).isdisjoint(chain.from_iterable(group["params"] for group in self.param_groups)):
            raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append(param_group)

    def _check_params(self, params):
        for param in params:
            if not isinstance(param, Tensor):
                raise TypeError(f"optimizer can only optimize Tensors, but one of the params is {typename(param)}")
            if not self.defaults.get("differentiable") and not (param.is_leaf or param.retains_grad):
                raise ValueError("can't optimize a non-leaf Tensor")

    # ---- saving and loading

    def state_dict(self):
        """{"state": {parameter number: state}, "param_groups": options and parameter numbers}"""
        for hook in self._optimizer_state_dict_pre_hooks.values():
            hook(self)
        numbers, groups = {}, []
        for group in self.param_groups:
            start = sum(len(packed["params"]) for packed in groups)
            numbers |= {param: i for i, param in enumerate(group["params"], start) if param not in numbers}
            groups.append({name: value for name, value in group.items() if name != "params"}
                          | {"params": [numbers[param] for param in group["params"]]})
        state = {numbers[key] if isinstance(key, Tensor) else key: value for key, value in self.state.items()}
        state_dict = {"state": state, "param_groups": groups}
        for hook in self._optimizer_state_dict_post_hooks.values():
            replaced = hook(self, state_dict)
            state_dict = state_dict if replaced is None else replaced
        return state_dict

    def load_state_dict(self, state_dict):
        """Take over a saved state; tensors are cast to their parameter's dtype and device."""
        state_dict = state_dict.copy()
        for hook in self._optimizer_load_state_dict_pre_hooks.values():
            replaced = hook(self, state_dict)
            state_dict = state_dict if replaced is None else replaced
        saved = deepcopy(state_dict["param_groups"])
        if len(self.param_groups) != len(saved):
            raise ValueError("loaded state dict has a different number of parameter groups")
        if any(len(group["params"]) != len(new["params"]) for group, new in zip(self.param_groups, saved, strict=True)):
            raise ValueError("loaded state dict contains a parameter group that doesn't match the size of "
                             "optimizer's group")
        param_of = {number: (param, new) for group, new in zip(self.param_groups, saved, strict=True)
                    for param, number in zip(group["params"], new["params"], strict=True)}
        state = defaultdict(dict)
        for key, value in state_dict["state"].items():
            if key in param_of:
                param, group = param_of[key]
                state[param] = _like_param(param, value, group)
            else:
                state[key] = value
        for group, new in zip(self.param_groups, saved, strict=True):
            new["params"] = group["params"]
            if "param_names" in group:
                new.setdefault("param_names", group["param_names"])
        self.__setstate__({"state": state, "param_groups": saved})
        for hook in self._optimizer_load_state_dict_post_hooks.values():
            hook(self)

    def __getstate__(self):
        return {"defaults": self.defaults, "state": self.state, "param_groups": self.param_groups}

    def __setstate__(self, state):
        self.__dict__.update(state)
        for name in _HOOKS:
            self.__dict__.setdefault(f"_optimizer_{name}_hooks", OrderedDict())
        self._hook_step()
        self.defaults.setdefault("differentiable", False)

    # ---- hooks

    def register_step_pre_hook(self, hook):
        return register(self._optimizer_step_pre_hooks, hook)

    def register_step_post_hook(self, hook):
        return register(self._optimizer_step_post_hooks, hook)

    def register_state_dict_pre_hook(self, hook, prepend=False):
        return register(self._optimizer_state_dict_pre_hooks, hook, prepend=prepend)

    def register_state_dict_post_hook(self, hook, prepend=False):
        return register(self._optimizer_state_dict_post_hooks, hook, prepend=prepend)

    def register_load_state_dict_pre_hook(self, hook, prepend=False):
        return register(self._optimizer_load_state_dict_pre_hooks, hook, prepend=prepend)

    def register_load_state_dict_post_hook(self, hook, prepend=False):
        return register(self._optimizer_load_state_dict_post_hooks, hook, prepend=prepend)

    def __repr__(self):
        text = f"{type(self).__name__} ("
        for i, group in enumerate(self.param_groups):
            text += f"\nParameter Group {i}\n"
            text += "".join(f"    {name}: {group[name]}\n" for name in sorted(group) if name != "params")
        return text + ")"


def _as_list(params):
    if isinstance(params, Tensor):
        return [params]
    if isinstance(params, set):
        raise TypeError("optimizer parameters need to be organized in ordered collections, but the ordering of tensors "
                        "in sets will change between runs. Please use a list instead.")
    return list(params)


def _split_names(params):
    """Tensors, or (name, tensor) pairs, as (tensors, names)."""
    names = [param[0] for param in params if isinstance(param, tuple)]
    if names and len(names) != len(params):
        raise ValueError("all optimizer params should be with/without names. Some param names are missing")
    return [param[1] if isinstance(param, tuple) else param for param in params], names


def _like_param(param, value, group, key=None):
    """Saved state cast to its parameter's dtype and device; the step counter stays float32, where it was."""
    if isinstance(value, Tensor):
        if key == "step":
            on_device = group.get("capturable") or group.get("fused")
            return value.to(dtype=float32, device=param.device) if on_device else value
        return value.to(param.device, param.dtype if param.is_floating_point() else None)
    if isinstance(value, dict):
        return {name: _like_param(param, item, group, name) for name, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return type(value)(_like_param(param, item, group) for item in value)
    return value


# ---- what the optimisers share


def by_device(found):
    """The (parameter, gradient, state) of a group in parts, one for each device that has any."""
    parts = {}
    for each in found:
        parts.setdefault(each[0].device, []).append(each)
    return parts.values()


def fused(name, found, group):
    """The backend's kernel for a step of many parameters of a device at once, or None: contract.py, `steps`"""
    steps = backend_of(found[0][0]._data).steps
    return steps.get(name) if not group["differentiable"] else None


def arrays(found, key=None):
    """The arrays of the parameters' states of that name (of the gradients if it is None)"""
    return [(grad if key is None else state[key])._data for _, grad, state in found]


def changed(found, by, *keys):
    """Count the writes of a kernel to the parameters and their states."""
    for param, _, state in found:
        written(param, by)
        for key in keys:
            written(state[key], by)


def zero_gradient(grad):
    """Fill with zeros, in place and outside any graph."""
    if grad.grad_fn is not None:
        grad.detach_()
    else:
        grad.requires_grad_(False)
    grad.zero_()


def step_counter(value=0.0):
    """A 0-d tensor that counts steps, as torch saves it."""
    return tensor(value, dtype=float64 if get_default_dtype() == float64 else float32)


def number(value):
    """A float from a number or a one-element tensor."""
    return value.item() if isinstance(value, Tensor) else value


def check_lr(lr):
    if isinstance(lr, Tensor) and lr.numel() != 1:
        raise ValueError("Tensor lr must be 1-element")


def check_range(described, value, valid):
    """ValueError "Invalid <described>: <value>" unless valid."""
    if not valid:
        raise ValueError(f"Invalid {described}: {value}")


def check_betas(betas):
    for i, beta in enumerate(betas):
        check_range(f"beta parameter at index {i}", beta, 0.0 <= beta < 1.0)


def check_fused(fused, foreach, differentiable):
    if fused and differentiable:
        raise RuntimeError("`fused` does not support `differentiable`")
    if fused and foreach:
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")
