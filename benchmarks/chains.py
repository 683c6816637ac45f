"""Many small ops in a row, with the backward pass: where the engine's own cost shows."""

import numpy as np

from .libraries import Case, normal, tensors

X, W = normal(4, 4), normal(4, 4, seed=1) / 10 + 1


def multiply_and_add(steps):
    """y <- y * w + x, `steps` ops in all, then backward to x and w."""

    def build(library):
        x, w = tensors(library, [X, W])

        def run():
            x.grad = w.grad = None
            y = x
            for _ in range(steps // 2):
                y = y * w + x
            y.sum().backward()
            return w.grad

        return run

    def by_hand():
        def run():
            ys = [X]
            for _ in range(steps // 2):
                ys.append(ys[-1] * W + X)
            g, gx, gw = np.ones_like(X), np.zeros_like(X), np.zeros_like(W)
            for y in reversed(ys[:-1]):
                gx += g
                gw += g * y
                g = g * W
            gx += g
            return gw

        return run

    return Case(f"{steps} ops, 4x4", build, by_hand)


def newton(library):
    """Six steps of Newton's method: a second derivative through a graph of gradients."""

    def run():
        x = library.tensor(3.0, requires_grad=True)
        for _ in range(6):
            f = (x - 1) ** 2 + (x - 1) ** 4
            (slope,) = library.autograd.grad(f, x, create_graph=True)
            (curvature,) = library.autograd.grad(slope, x)
            x = (x - slope / curvature).detach().requires_grad_()
        return x

    return run


def cases():
    yield multiply_and_add(10)
    yield multiply_and_add(100)
    yield multiply_and_add(1000)
    yield Case("Newton, 6 steps, second order", newton)
