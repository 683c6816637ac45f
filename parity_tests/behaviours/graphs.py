"""The graph seen from outside: nodes, hooks, custom functions, anomalies."""

import warnings

from parity_tests.behaviours.program import behaviour, leaf


@behaviour
def hooks(lib, show):
    x = leaf(lib)
    y = x * 2
    handle = y.register_hook(lambda g: show("y", g))
    y.register_hook(lambda g: g * 10)
    x.register_hook(lambda g: show("x", g))
    y.sum().backward(retain_graph=True)
    show(x.grad)
    handle.remove()
    y.sum().backward()
    show(x.grad)
    x.register_post_accumulate_grad_hook(lambda t: show("after", t.grad))
    x.sum().backward()
    show.fails(lambda: lib.ones(2).register_hook(print))


@behaviour
def node_hooks(lib, show):
    x = leaf(lib)
    y = x.exp()
    y.grad_fn.register_hook(lambda gi, go: show("hook", gi, go))
    y.grad_fn.register_prehook(lambda go: show("prehook", go))
    y.sum().backward()


@behaviour
def nodes(lib, show):
    x = leaf(lib)
    y = (x * 2 + x).mean()
    node = y.grad_fn
    show(node, node.name(), node.next_functions, type(node).__name__)
    add = node.next_functions[0][0]
    show(add, len(add.next_functions))
    show(add.next_functions[1][0].variable is x, add.next_functions[1][1])
    show((lib.ones(2) * x[:2]).grad_fn.next_functions)


@behaviour
def custom_function(lib, show):
    class Double(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x, n):
            ctx.save_for_backward(x)
            ctx.n = n
            return x * n

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            show("saved", x, ctx.needs_input_grad)
            return g * ctx.n, None

    x = leaf(lib)
    y = Double.apply(x, 2)
    show(y, y.grad_fn, y.grad_fn.name())
    y.sum().backward()
    show(x.grad)


@behaviour
def custom_function_errors(lib, show):
    class Wrong(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, g):
            return g, g

    class Missing(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

    show.fails(lambda: Wrong.apply(leaf(lib)).sum().backward())
    show.fails(lambda: Missing.apply(leaf(lib)).sum().backward())


@behaviour
def deep_chain(lib, show):
    x = leaf(lib)
    y = x
    for _ in range(20000):
        y = y + 1
    y.sum().backward()
    show(x.grad)
    del y


@behaviour
def diamond(lib, show):
    a = lib.tensor(1.0, requires_grad=True)
    b = a + a
    c = b + b
    c.backward()
    show(a.grad)
    b = a
    for _ in range(40):
        b = b + b
    b.backward()
    show(a.grad)


@behaviour
def unused_branches(lib, show):
    x, y = leaf(lib), leaf(lib)
    parts = (x * y).unbind()
    parts[1].backward()
    show(x.grad, y.grad)
    values, indices = x.max(0)
    show(values, indices, indices.requires_grad)


@behaviour
def anomaly(lib, show):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with lib.autograd.detect_anomaly():
            x = lib.tensor([0.0], requires_grad=True)
            show.fails(lambda: (x.sqrt() * 0).sum().backward())
