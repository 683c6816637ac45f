"""NAdam: Adam with Nesterov momentum (Dozat 2016)."""

from ..ops.creation import zeros_like
from .optimizer import Optimizer, check_betas, check_lr, check_range, number, step_counter


class NAdam(Optimizer):
    """Adam whose mean looks one step ahead: mu_t = b1 (1 - 0.96^(t momentum_decay) / 2) weighs gradient and mean"""

    def __init__(self, params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, momentum_decay=4e-3,
                 decoupled_weight_decay=False, *, foreach=None, maximize=False, capturable=False,
                 differentiable=False):
        check_lr(lr)
        check_range("learning rate", lr, lr >= 0.0)
        check_range("epsilon value", eps, eps >= 0.0)
        check_betas(betas)
        check_range("weight_decay value", weight_decay, weight_decay >= 0.0)
        check_range("momentum_decay value", momentum_decay, momentum_decay >= 0.0)
        super().__init__(params, dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, momentum_decay=momentum_decay,
            decoupled_weight_decay=decoupled_weight_decay, maximize=maximize, foreach=foreach, capturable=capturable,
            differentiable=differentiable))

    def _start(self, param, group):
        return {"step": step_counter(), "mu_product": step_counter(1.0), "exp_avg": zeros_like(param),
                "exp_avg_sq": zeros_like(param)}

    def _update(self, param, grad, state, group):
        lr, decay, slowing = number(group["lr"]), group["weight_decay"], group["momentum_decay"]
        beta1, beta2 = group["betas"]
        state["step"].add_(1)
        step = state["step"].item()
        if decay != 0 and group["decoupled_weight_decay"]:
            param.mul_(1 - lr * decay)
        elif decay != 0:
            grad = grad.add(param, alpha=decay)

        mu = beta1 * (1.0 - 0.5 * (0.96 ** (step * slowing)))
        mu_next = beta1 * (1.0 - 0.5 * (0.96 ** ((step + 1) * slowing)))
        product = state["mu_product"].mul_(mu).item()
        mean = state["exp_avg"].lerp_(grad, 1 - beta1)
        variance = state["exp_avg_sq"].mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
        scale = variance.div(1 - beta2**step).sqrt().add_(group["eps"])
        param.addcdiv_(grad, scale, value=-lr * (1.0 - mu) / (1.0 - product))
        param.addcdiv_(mean, scale, value=(-lr * mu_next) / (1.0 - product * mu_next))
