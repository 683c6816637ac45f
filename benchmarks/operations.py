"""One op on small tensors: recording it, and recording it with its backward, against NumPy's bare arithmetic."""

import numpy as np

from .libraries import Case, normal, tensors

A, B, P = normal(4, 4), normal(4, 4, seed=1), abs(normal(4, 4, seed=2)) + 1


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def into(shape, key, g):
    """The adjoint of x[key]."""
    zeros = np.zeros(shape, g.dtype)
    zeros[key] = g
    return zeros


# name, inputs, the op in torch's words, in NumPy, and its gradients by hand: (g, y, *inputs) -> one for each input
OPERATIONS = [
    ("add", (A, B), lambda lib, a, b: a + b, np.add, lambda g, y, a, b: (g, g)),
    ("add, broadcast", (A, B[0]), lambda lib, a, b: a + b, np.add, lambda g, y, a, b: (g, g.sum(0))),
    ("mul", (A, B), lambda lib, a, b: a * b, np.multiply, lambda g, y, a, b: (g * b, g * a)),
    ("mul by 2.0", (A,), lambda lib, a: a * 2.0, lambda a: a * 2.0, lambda g, y, a: (g * 2.0,)),
    ("div", (A, P), lambda lib, a, b: a / b, np.divide, lambda g, y, a, b: (g / b, -g * y / b)),
    ("pow 3", (A,), lambda lib, a: a**3, lambda a: a**3, lambda g, y, a: (g * 3 * a**2,)),
    ("exp", (A,), lambda lib, a: a.exp(), np.exp, lambda g, y, a: (g * y,)),
    ("log", (P,), lambda lib, a: a.log(), np.log, lambda g, y, a: (g / a,)),
    ("tanh", (A,), lambda lib, a: a.tanh(), np.tanh, lambda g, y, a: (g * (1 - y * y),)),
    ("relu", (A,), lambda lib, a: a.relu(), lambda a: np.maximum(a, 0), lambda g, y, a: (g * (y > 0),)),
    ("sum", (A,), lambda lib, a: a.sum(), np.sum, lambda g, y, a: (np.broadcast_to(g, a.shape),)),
    ("mean of rows", (A,), lambda lib, a: a.mean(0), lambda a: a.mean(0),
     lambda g, y, a: (np.broadcast_to(g / 4, a.shape),)),
    ("matmul", (A, B), lambda lib, a, b: a @ b, np.matmul, lambda g, y, a, b: (g @ b.T, a.T @ g)),
    ("softmax", (A,), lambda lib, a: a.softmax(-1), softmax,
     lambda g, y, a: (y * (g - (g * y).sum(-1, keepdims=True)),)),
    ("reshape", (A,), lambda lib, a: a.reshape(2, 8), lambda a: a.reshape(2, 8), lambda g, y, a: (g.reshape(4, 4),)),
    ("transpose", (A,), lambda lib, a: a.t(), lambda a: a.T, lambda g, y, a: (g.T,)),
    ("a row", (A,), lambda lib, a: a[1], lambda a: a[1], lambda g, y, a: (into(a.shape, 1, g),)),
    ("cat", (A, B), lambda lib, a, b: lib.cat([a, b]), lambda a, b: np.concatenate([a, b]),
     lambda g, y, a, b: (g[:4], g[4:])),
]  # fmt: skip


def record(inputs, op):
    def build(library):
        leaves = tensors(library, inputs)
        return lambda: op(library, *leaves)

    return build


def record_and_backward(inputs, op, cotangent):
    def build(library):
        leaves = tensors(library, inputs)
        (g,) = tensors(library, [cotangent], requires_grad=False)

        def run():
            for leaf in leaves:
                leaf.grad = None
            op(library, *leaves).backward(g)
            return leaves[0].grad

        return run

    return build


def forward_cases():
    for name, inputs, op, numpy_op, _ in OPERATIONS:
        yield Case(name, record(inputs, op), lambda f=numpy_op, x=inputs: lambda: f(*x))


def backward_cases():
    for name, inputs, op, numpy_op, gradients in OPERATIONS:
        g = normal(*np.shape(numpy_op(*inputs)), seed=3)
        by_hand = lambda f=numpy_op, d=gradients, x=inputs, g=g: lambda: d(g, f(*x), *x)[0]
        yield Case(name, record_and_backward(inputs, op, g), by_hand)
