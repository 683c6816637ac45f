"""Stochastic gradient descent with momentum."""

from ..autograd.inplace import written
from ..backends import backend_of
from ..ops.creation import zeros_like
from .optimizer import Optimizer, arrays, changed, check_fused, check_lr, check_range, fused, number


def sgd(xp, p, g, b, room, first, lr, momentum, dampening, weight_decay, nesterov):
    """The step on arrays, in place; `room` is an array like p, to be overwritten."""
    if weight_decay != 0:
        g = g + p * weight_decay
    if b is not None:
        if first:
            b += g
        else:
            b *= momentum
            b += g if dampening == 0 else g * (1 - dampening)
        g = g + b * momentum if nesterov else b
    p -= xp.multiply(g, lr, out=room)


class SGD(Optimizer):
    """b <- momentum b + (1 - dampening) g;  p <- p - lr b, or with nesterov p <- p - lr (g + momentum b)"""

    def __init__(self, params, lr=1e-3, momentum=0, dampening=0, weight_decay=0, nesterov=False, *, maximize=False,
                 foreach=None, differentiable=False, fused=None):
        check_lr(lr)
        check_range("learning rate", lr, lr >= 0.0)
        check_range("momentum value", momentum, momentum >= 0.0)
        check_range("weight_decay value", weight_decay, weight_decay >= 0.0)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        super().__init__(params, dict(
            lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay, nesterov=nesterov,
            maximize=maximize, foreach=foreach, differentiable=differentiable, fused=fused))
        check_fused(fused, foreach, differentiable)

    def _state_of(self, param, group):
        return self.state[param] if group["momentum"] != 0 else None

    def _update(self, param, grad, state, group):
        buffer = None
        if group["momentum"] != 0:
            first = state.get("momentum_buffer") is None
            if first:
                state["momentum_buffer"] = zeros_like(param)
            buffer = state["momentum_buffer"]
        sgd(backend_of(param._data), param._data, grad._data, None if buffer is None else buffer._data,
            self._room_like(param._data), buffer is not None and first, number(group["lr"]), group["momentum"],
            group["dampening"], number(group["weight_decay"]), group["nesterov"])
        written(param, "SGD.step")

    def _room_like(self, array):
        """Memory for an intermediate result, kept from step to step: getting it anew takes longer than the arithmetic."""
        rooms = self.__dict__.setdefault("_rooms", {})
        xp = backend_of(array)
        key = xp, array.shape, array.dtype
        if key not in rooms:
            rooms[key] = xp.empty_like(array)
        return rooms[key]

    def _update_together(self, found, group):
        step, momentum = fused("sgd", found, group), group["momentum"]
        fresh = {momentum != 0 and state.get("momentum_buffer") is None for *_, state in found}
        if step is None or len(fresh) != 1:
            return False
        buffers = []
        if momentum != 0:
            buffers = [zeros_like(param) if True in fresh else state["momentum_buffer"] for param, _, state in found]
        if step([param._data for param, *_ in found], arrays(found), [buffer._data for buffer in buffers], *fresh,
                number(group["lr"]), momentum, group["dampening"], number(group["weight_decay"]),
                group["nesterov"]) is NotImplemented:  # fmt: skip
            return False
        for (*_, state), buffer in zip(found, buffers):
            state["momentum_buffer"] = buffer
        changed(found, "SGD.step")
        return True

    def __setstate__(self, state):
        super().__setstate__(state)
        for group in self.param_groups:
            for name, default in (("nesterov", False), ("maximize", False), ("foreach", None),
                                  ("differentiable", False), ("fused", False)):
                group.setdefault(name, default)
