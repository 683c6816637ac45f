"""Averaged stochastic gradient descent (Polyak & Juditsky 1992)."""

from ..ops.creation import zeros_like
from .optimizer import Optimizer, check_lr, check_range, number, step_counter


class ASGD(Optimizer):
    """p <- (1 - lambd eta) p - eta g, and ax averages p from step t0 on; eta = lr / (1 + lambd lr t)^alpha"""

    def __init__(self, params, lr=1e-2, lambd=1e-4, alpha=0.75, t0=1e6, weight_decay=0, foreach=None, maximize=False,
                 differentiable=False, capturable=False):
        check_lr(lr)
        check_range("learning rate", lr, lr >= 0.0)
        check_range("weight_decay value", weight_decay, weight_decay >= 0.0)
        super().__init__(params, dict(
            lr=lr, lambd=lambd, alpha=alpha, t0=t0, weight_decay=weight_decay, foreach=foreach, maximize=maximize,
            differentiable=differentiable, capturable=capturable))

    def _start(self, param, group):
        return {"step": step_counter(), "eta": step_counter(number(group["lr"])), "mu": step_counter(1.0),
                "ax": zeros_like(param)}

    def _update(self, param, grad, state, group):
        lr, lambd = number(group["lr"]), group["lambd"]
        eta, mu, average = state["eta"], state["mu"], state["ax"]
        state["step"].add_(1)
        step = state["step"].item()
        if group["weight_decay"] != 0:
            grad = grad.add(param, alpha=group["weight_decay"])
        rate = eta.item()
        param.mul_(1 - lambd * rate).add_(grad, alpha=-rate)
        if mu.item() != 1:
            average.add_(param.sub(average).mul_(mu))
        else:
            average.copy_(param)
        eta.fill_(lr / ((1 + lambd * lr * step) ** group["alpha"]))
        mu.fill_(1 / max(1, step - group["t0"]))
