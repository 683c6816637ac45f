"""RAdam: Adam whose adaptive rate waits until its variance is tractable (Liu et al. 2020)."""

from ..ops.creation import zeros_like
from .optimizer import Optimizer, check_betas, check_lr, check_range, number, step_counter


class RAdam(Optimizer):
    """p <- p - lr m' r sqrt(1 - b2^t) / (sqrt(v) + eps) once rho_t > 5, before that p <- p - lr m'"""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, decoupled_weight_decay=False,
                 *, foreach=None, maximize=False, capturable=False, differentiable=False):
        check_lr(lr)
        check_range("learning rate", lr, lr >= 0.0)
        check_range("epsilon value", eps, eps >= 0.0)
        check_betas(betas)
        check_range("weight_decay value", weight_decay, weight_decay >= 0.0)
        super().__init__(params, dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, maximize=maximize, foreach=foreach,
            capturable=capturable, decoupled_weight_decay=decoupled_weight_decay, differentiable=differentiable))

    def _start(self, param, group):
        return {"step": step_counter(), "exp_avg": zeros_like(param), "exp_avg_sq": zeros_like(param)}

    def _update(self, param, grad, state, group):
        lr, decay = number(group["lr"]), group["weight_decay"]
        beta1, beta2 = group["betas"]
        state["step"].add_(1)
        step = state["step"].item()
        if decay != 0 and group["decoupled_weight_decay"]:
            param.mul_(1 - lr * decay)
        elif decay != 0:
            grad = grad.add(param, alpha=decay)
        mean = state["exp_avg"].lerp_(grad, 1 - beta1)
        variance = state["exp_avg_sq"].mul_(beta2).addcmul_(grad, grad, value=1 - beta2)

        correction2 = 1 - beta2**step
        update = mean.div(1 - beta1**step).mul_(lr)
        rho_inf = 2 / (1 - beta2) - 1
        rho = rho_inf - 2 * step * (beta2**step) / correction2
        if rho > 5.0:
            rectified = ((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)) ** 0.5
            adaptive = variance.sqrt().add_(group["eps"]).reciprocal().mul_(correction2**0.5)
            update = update * adaptive * rectified
        param.add_(update, alpha=-1.0)
