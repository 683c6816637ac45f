"""RMSprop (Hinton, lecture 6e)."""

from ..ops.creation import zeros_like
from .optimizer import Optimizer, arrays, changed, check_lr, check_range, fused, number, step_counter


class RMSprop(Optimizer):
    """v <- alpha v + (1 - alpha) g^2;  p <- p - lr g / (sqrt(v) + eps); centered: v less the squared mean of g"""

    def __init__(self, params, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0, momentum=0, centered=False,
                 capturable=False, foreach=None, maximize=False, differentiable=False):
        check_lr(lr)
        check_range("learning rate", lr, lr >= 0.0)
        check_range("epsilon value", eps, eps >= 0.0)
        check_range("momentum value", momentum, momentum >= 0.0)
        check_range("weight_decay value", weight_decay, weight_decay >= 0.0)
        check_range("alpha value", alpha, alpha >= 0.0)
        super().__init__(params, dict(
            lr=lr, momentum=momentum, alpha=alpha, eps=eps, centered=centered, weight_decay=weight_decay,
            capturable=capturable, foreach=foreach, maximize=maximize, differentiable=differentiable))

    def _start(self, param, group):
        state = {"step": step_counter(), "square_avg": zeros_like(param)}
        if group["momentum"] > 0:
            state["momentum_buffer"] = zeros_like(param)
        if group["centered"]:
            state["grad_avg"] = zeros_like(param)
        return state

    def _update(self, param, grad, state, group):
        lr, alpha = number(group["lr"]), group["alpha"]
        square = state["square_avg"]
        state["step"].add_(1)
        if group["weight_decay"] != 0:
            grad = grad.add(param, alpha=group["weight_decay"])
        square.mul_(alpha).addcmul_(grad, grad, value=1 - alpha)
        if group["centered"]:
            mean = state["grad_avg"].lerp_(grad, 1 - alpha)
            scale = square.addcmul(mean, mean, value=-1).sqrt_()
        else:
            scale = square.sqrt()
        scale.add_(group["eps"])
        if group["momentum"] > 0:
            buffer = state["momentum_buffer"].mul_(group["momentum"]).addcdiv_(grad, scale)
            param.add_(buffer, alpha=-lr)
        else:
            param.addcdiv_(grad, scale, value=-lr)

    def _update_together(self, found, group):
        kernel, momentum = None if group["centered"] else fused("rmsprop", found, group), group["momentum"]
        if kernel is None or kernel(
                [param._data for param, *_ in found], arrays(found), arrays(found, "square_avg"),
                arrays(found, "momentum_buffer") if momentum > 0 else [], number(group["lr"]), group["alpha"],
                group["eps"], group["weight_decay"], momentum) is NotImplemented:  # fmt: skip
            return False
        for *_, state in found:
            state["step"].add_(1)
        changed(found, "RMSprop.step", "square_avg", *["momentum_buffer"] * (momentum > 0))
        return True
