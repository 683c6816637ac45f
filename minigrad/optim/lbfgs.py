"""L-BFGS: Newton's method with the inverse Hessian estimated from the last steps and changes of the gradient."""

from ..autograd.modes import enable_grad, no_grad
from ..ops.creation import zeros_like
from ..ops.joining import cat
from .line_search import strong_wolfe
from .optimizer import Optimizer, check_range


class LBFGS(Optimizer):
    """p <- p + t d, d = -H g by the two-loop recursion (Nocedal 1980), t = lr or by a line search; needs a closure"""

    def __init__(self, params, lr=1, max_iter=20, max_eval=None, tolerance_grad=1e-7, tolerance_change=1e-9,
                 history_size=100, line_search_fn=None):
        check_range("learning rate", lr, lr >= 0.0)
        if max_eval is None:
            max_eval = max_iter * 5 // 4
        super().__init__(params, dict(
            lr=lr, max_iter=max_iter, max_eval=max_eval, tolerance_grad=tolerance_grad, tolerance_change=tolerance_change,
            history_size=history_size, line_search_fn=line_search_fn))
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")
        self._params = self.param_groups[0]["params"]

    # ---- all parameters as one vector

    def _gather_flat_grad(self):
        return cat([(zeros_like(p) if p.grad is None else p.grad).reshape(-1) for p in self._params])

    def _add_grad(self, step_size, direction):
        """p <- p + t d"""
        start = 0
        for p in self._params:
            p.add_(direction[start : start + p.numel()].view_as(p), alpha=float(step_size))
            start += p.numel()

    def _set_param(self, values):
        for p, value in zip(self._params, values, strict=True):
            p.copy_(value)

    def _directional_evaluate(self, closure, x, t, d):
        """Loss and gradient at x + t d; the parameters come back to x."""
        self._add_grad(t, d)
        loss, gradient = float(closure()), self._gather_flat_grad()
        self._set_param(x)
        return loss, gradient

    # ---- the step

    def step(self, closure):
        """Up to max_iter iterations; closure() computes the loss and its gradients and is called many times."""
        with no_grad():
            return self._iterate(enable_grad()(closure))

    def _iterate(self, closure):
        group, state = self.param_groups[0], self.state[self._params[0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)
        first_loss = closure()
        loss, gradient, evaluations = float(first_loss), self._gather_flat_grad(), 1
        state["func_evals"] += 1
        if gradient.abs().max() <= group["tolerance_grad"]:
            return first_loss
        for n in range(1, group["max_iter"] + 1):
            state["n_iter"] += 1
            d = self._direction(gradient, state, group)
            state["prev_flat_grad"], before = gradient.clone(), loss
            first = state["n_iter"] == 1
            t = min(1.0, 1.0 / gradient.abs().sum()) * group["lr"] if first else group["lr"]
            slope = gradient.dot(d)
            state["d"], state["t"] = d, t
            if slope > -group["tolerance_change"]:
                break
            if group["line_search_fn"] is not None:
                if group["line_search_fn"] != "strong_wolfe":
                    raise RuntimeError("only 'strong_wolfe' is supported")
                x = [p.clone() for p in self._params]
                (t, loss, gradient, _), tried = strong_wolfe(
                    lambda t, x=x, d=d: self._directional_evaluate(closure, x, t, d), t, d, loss, gradient, slope,
                    most=group["max_eval"] - evaluations)
                self._add_grad(t, d)
                state["t"] = t
            else:
                self._add_grad(t, d)
                tried = int(n != group["max_iter"])
                if tried:
                    loss, gradient = float(closure()), self._gather_flat_grad()
            evaluations += tried
            state["func_evals"] += tried
            if (evaluations >= group["max_eval"] or gradient.abs().max() <= group["tolerance_grad"]
                    or d.mul(t).abs().max() <= group["tolerance_change"]
                    or abs(loss - before) < group["tolerance_change"]):  # fmt: skip
                break
        state["prev_loss"] = before
        return first_loss

    def _direction(self, gradient, state, group):
        """-H g, after the last step and the change of the gradient over it have joined the history"""
        if state["n_iter"] == 1:
            state.update(old_dirs=[], old_stps=[], ro=[], H_diag=1)
            return gradient.neg()
        y, s = gradient.sub(state["prev_flat_grad"]), state["d"].mul(state["t"])
        ys, histories = y.dot(s), (state["old_dirs"], state["old_stps"], state["ro"])
        if ys > 1e-10:
            for history, value in zip(histories, (y, s, 1.0 / ys)):
                if len(history) == group["history_size"]:
                    history.pop(0)
                history.append(value)
            state["H_diag"] = ys / y.dot(y)
        d, shares = gradient.neg(), []
        for y, s, ro in reversed([*zip(*histories)]):
            shares.append(s.dot(d) * ro)
            d.add_(y, alpha=-float(shares[-1]))
        d = d.mul(state["H_diag"])
        for y, s, ro in zip(*histories):
            d.add_(s, alpha=float(shares.pop() - y.dot(d) * ro))
        return d
