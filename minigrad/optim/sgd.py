"""Stochastic gradient descent with momentum."""

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

    def _update_together(self, found, group):
        options = (number(group["lr"]), group["momentum"], group["dampening"], number(group["weight_decay"]),
                   group["nesterov"])  # fmt: skip
        step = fused("sgd", found, group)
        if step is None or not self._update_by_one_kernel(step, found, *options):
            self._update_one_by_one(found, *options)
        changed(found, "SGD.step")
        return True

    def _update_one_by_one(self, found, lr, momentum, dampening, weight_decay, nesterov):
        xp, rooms, kind = backend_of(found[0][0]._data), self.__dict__.setdefault("_rooms", {}), None
        for param, grad, state in found:
            p, b, first = param._data, None, False
            if p.dtype is not kind:  # arrays, since NumPy takes twice as long with Python numbers
                kind = p.dtype
                factors = xp.asarray(lr, dtype=kind), xp.asarray(momentum, dtype=kind)
            if momentum != 0:
                first = state.get("momentum_buffer") is None
                if first:
                    state["momentum_buffer"] = zeros_like(param)
                b = state["momentum_buffer"]._data
            room = rooms.get((xp, p.shape, kind))
            if room is None:  # memory is kept from step to step: getting it anew takes longer than the arithmetic
                room = rooms[xp, p.shape, kind] = xp.empty_like(p)
            sgd(xp, p, grad._data, b, room, first, *factors, dampening, weight_decay, nesterov)

    def _update_by_one_kernel(self, step, found, lr, momentum, *others):
        """Update all parameters by the backend's own kernel.  False if it does not serve."""
        fresh = {momentum != 0 and state.get("momentum_buffer") is None for *_, state in found}
        if len(fresh) != 1:
            return False
        buffers = []
        if momentum != 0:
            buffers = [zeros_like(param) if True in fresh else state["momentum_buffer"] for param, _, state in found]
        if step([param._data for param, *_ in found], arrays(found), [buffer._data for buffer in buffers], *fresh,
                lr, momentum, *others) is NotImplemented:  # fmt: skip
            return False
        for (*_, state), buffer in zip(found, buffers):
            state["momentum_buffer"] = buffer
        return True

    def __setstate__(self, state):
        super().__setstate__(state)
        for group in self.param_groups:
            for name, default in (("nesterov", False), ("maximize", False), ("foreach", None),
                                  ("differentiable", False), ("fused", False)):
                group.setdefault(name, default)
