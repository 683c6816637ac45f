"""Adamax: Adam with the infinity norm (Kingma & Ba 2015)."""

from ..ops.creation import zeros_like
from ..ops.pointwise import maximum
from .optimizer import Optimizer, check_betas, check_lr, check_range, number, step_counter


class Adamax(Optimizer):
    """m <- b1 m + (1 - b1) g;  u <- max(b2 u, |g| + eps);  p <- p - lr / (1 - b1^t) m / u"""

    def __init__(self, params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, foreach=None, *,
                 maximize=False, differentiable=False, capturable=False):
        check_lr(lr)
        check_range("learning rate", lr, lr >= 0.0)
        check_range("epsilon value", eps, eps >= 0.0)
        check_betas(betas)
        check_range("weight_decay value", weight_decay, weight_decay >= 0.0)
        super().__init__(params, dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, foreach=foreach, maximize=maximize,
            differentiable=differentiable, capturable=capturable))

    def _start(self, param, group):
        return {"step": step_counter(), "exp_avg": zeros_like(param), "exp_inf": zeros_like(param)}

    def _update(self, param, grad, state, group):
        beta1, beta2 = group["betas"]
        state["step"].add_(1)
        if group["weight_decay"] != 0:
            grad = grad.add(param, alpha=group["weight_decay"])
        mean = state["exp_avg"].lerp_(grad, 1 - beta1)
        norm = state["exp_inf"]
        norm.copy_(maximum(norm.mul_(beta2), grad.abs().add_(group["eps"])))
        correction = 1 - beta1 ** state["step"].item()
        param.addcdiv_(mean, norm, value=-(number(group["lr"]) / correction))
