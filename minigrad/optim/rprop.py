"""Resilient backpropagation (Riedmiller & Braun 1993)."""

from ..ops.creation import full_like, zeros_like
from .optimizer import Optimizer, check_lr, check_range, number, step_counter


class Rprop(Optimizer):
    """p <- p - sign(g) s; the step s grows by eta+ while the sign holds and shrinks by eta- where it flips"""

    def __init__(self, params, lr=1e-2, etas=(0.5, 1.2), step_sizes=(1e-6, 50), *, capturable=False, foreach=None,
                 maximize=False, differentiable=False):
        check_lr(lr)
        check_range("learning rate", lr, lr >= 0.0)
        check_range("eta values", f"{etas[0]}, {etas[1]}", 0.0 < etas[0] < 1.0 < etas[1])
        super().__init__(params, dict(
            lr=lr, etas=etas, step_sizes=step_sizes, foreach=foreach, maximize=maximize,
            differentiable=differentiable, capturable=capturable))

    def _start(self, param, group):
        return {"step": step_counter(), "prev": zeros_like(param), "step_size": full_like(param, number(group["lr"]))}

    def _update(self, param, grad, state, group):
        shrink, grow = group["etas"]
        state["step"].add_(1)
        sign = grad.mul(state["prev"]).sign()
        flipped = sign.lt(0)
        factor = full_like(sign, 1.0).masked_fill_(sign.gt(0), grow).masked_fill_(flipped, shrink)
        size = state["step_size"].mul_(factor).clamp_(*group["step_sizes"])
        grad = grad.masked_fill(flipped, 0)
        param.addcmul_(grad.sign(), size, value=-1)
        state["prev"].copy_(grad)
