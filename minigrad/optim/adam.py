"""Adam (Kingma & Ba 2015) and AdamW (Loshchilov & Hutter 2019)."""

from ..ops.creation import zeros_like
from ..ops.pointwise import maximum
from ..tensor import Tensor
from .optimizer import (
    Optimizer,  # fmt: skip
    arrays,
    changed,
    check_betas,
    check_fused,
    check_lr,
    check_range,
    fused,
    number,
    step_counter,
)


class Adam(Optimizer):
    """m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2;  p <- p - lr m' / (sqrt(v') + eps), ' bias-corrected"""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, amsgrad=False, *, foreach=None,
                 maximize=False, capturable=False, differentiable=False, fused=None, decoupled_weight_decay=False):
        if isinstance(lr, Tensor) and foreach and not capturable:
            raise ValueError("lr as a Tensor is not supported for capturable=False and foreach=True")
        check_lr(lr)
        check_range("learning rate", lr, lr >= 0.0)
        check_range("epsilon value", eps, eps >= 0.0)
        check_betas(betas)
        check_range("weight_decay value", weight_decay, weight_decay >= 0.0)
        if isinstance(betas[0], Tensor) != isinstance(betas[1], Tensor):
            raise ValueError("betas must be either both floats or both Tensors")
        super().__init__(params, dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad, maximize=maximize,
            foreach=foreach, capturable=capturable, differentiable=differentiable, fused=fused,
            decoupled_weight_decay=decoupled_weight_decay))
        check_fused(fused, foreach, differentiable)

    def _start(self, param, group):
        state = {"step": step_counter(), "exp_avg": zeros_like(param), "exp_avg_sq": zeros_like(param)}
        if group["amsgrad"]:
            state["max_exp_avg_sq"] = zeros_like(param)
        return state

    def _update(self, param, grad, state, group):
        lr, eps, decay = number(group["lr"]), group["eps"], group["weight_decay"]
        beta1, beta2 = (number(beta) for beta in group["betas"])
        mean, variance = state["exp_avg"], state["exp_avg_sq"]
        state["step"].add_(1)
        step = state["step"].item()
        if decay != 0 and group["decoupled_weight_decay"]:
            param.mul_(1 - lr * decay)
        elif decay != 0:
            grad = grad.add(param, alpha=decay)

        mean.lerp_(grad, 1 - beta1)
        variance.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
        if group["amsgrad"]:
            variance = state["max_exp_avg_sq"].copy_(maximum(state["max_exp_avg_sq"], variance))
        correction1 = 1 - beta1**step
        correction2 = 1 - beta2**step
        scale = variance.sqrt().div_(correction2**0.5).add_(eps)
        param.addcdiv_(mean, scale, value=-(lr / correction1))

    def _update_together(self, found, group):
        kernel = None if group["amsgrad"] else fused("adam", found, group)
        steps = {state["step"].item() for *_, state in found} if kernel else ()
        if len(steps) != 1:
            return False
        beta1, beta2 = (number(beta) for beta in group["betas"])
        if kernel([param._data for param, *_ in found], arrays(found), arrays(found, "exp_avg"),
                  arrays(found, "exp_avg_sq"), steps.pop() + 1, number(group["lr"]), beta1, beta2, group["eps"],
                  group["weight_decay"], group["decoupled_weight_decay"]) is NotImplemented:  # fmt: skip
            return False
        for *_, state in found:
            state["step"].add_(1)
        changed(found, "Adam.step", "exp_avg", "exp_avg_sq")
        return True

    def __setstate__(self, state):
        super().__setstate__(state)
        for group in self.param_groups:
            for name, default in (("amsgrad", False), ("maximize", False), ("foreach", None), ("capturable", False),
                                  ("differentiable", False), ("decoupled_weight_decay", False), ("fused", None)):
                group.setdefault(name, default)


class AdamW(Adam):
    """Adam whose weight decay shrinks the parameter directly: p <- p - lr weight_decay p"""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2, amsgrad=False, *,
                 maximize=False, foreach=None, capturable=False, differentiable=False, fused=None):
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, foreach=foreach, maximize=maximize,
                         capturable=capturable, differentiable=differentiable, fused=fused,
                         decoupled_weight_decay=True)

    def __setstate__(self, state):
        super().__setstate__(state)
        for group in self.param_groups:
            group["decoupled_weight_decay"] = True
