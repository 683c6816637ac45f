"""The graph seen from outside: nodes, hooks, custom functions, anomalies."""

import warnings

from parity_tests.behaviours.program import behaviour, leaf


@behaviour
def grad_dtype(lib, show):
    x, c, i = leaf(lib), lib.ones(3), lib.arange(3)
    y = x * 2
    show(x.grad_dtype, c.grad_dtype, i.grad_dtype, x.name, y.name)
    show.fails(lambda: y.grad_dtype)

    def become(t, kind):
        t.grad_dtype = kind

    for t, kind in ((y, lib.float64), (x, 3)):
        show.fails(lambda t=t, kind=kind: become(t, kind))
    become(x, None)
    x.grad = lib.ones(3, dtype=lib.float64)
    show(x.grad, x.grad_dtype)
    x.grad = None
    become(x, lib.float64)
    for _ in range(2):
        (x * 3).sum().backward()
        show(x.grad)
    show(lib.autograd.grad((x * 3).sum(), x), x.detach().grad_dtype)
    show.fails(lambda: setattr(x, "grad", lib.ones(3)))
    show.fails(lambda: become(x, lib.float16))
    x.grad = None
    (x * 3).sum().backward(create_graph=True)
    show(x.grad.dtype)
    half, seen = lib.ones(2, dtype=lib.float16, requires_grad=True), []
    become(half, lib.float32)
    half.register_hook(lambda g: seen.append(g.dtype))
    half.register_post_accumulate_grad_hook(lambda t: seen.append(t.grad.dtype))
    (half.float() * 3).sum().backward()
    show(half.grad, seen)
    become(c, lib.float16)
    c.requires_grad_()
    show(c.grad_dtype)
    c.sum().backward()
    show(c.grad)


@behaviour
def grad_layout(lib, show):
    policy = lib.autograd.enforce_grad_layout_policy

    def stride(f):
        p = lib.ones(2, 3, 4).permute(2, 0, 1).requires_grad_()
        f(p).sum().backward()
        return p.grad.stride()

    for f in (lambda p: p * 2, lambda p: p.contiguous() * 2, lambda p: p @ lib.ones(3, 3), lambda p: p, lambda p: p.exp()):
        with policy(False):
            show(stride(f))
        show(stride(f))

    @policy(False)
    def relaxed():
        return stride(lambda p: p @ lib.ones(3, 3))

    show(relaxed(), stride(lambda p: p @ lib.ones(3, 3)))
    policy(False)
    show(stride(lambda p: p @ lib.ones(3, 3)))
    policy(True)
    show(stride(lambda p: p @ lib.ones(3, 3)))


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


@behaviour
def calling_nodes_wrongly(lib, show):
    x = leaf(lib)
    node, pair = (x * x).grad_fn, lib.var_mean(x)[0].grad_fn
    for wrong in (node, lambda: node(x, x), lambda: node(3), lambda: pair(lib.ones(()))):
        show.fails(wrong)
    show(node(None), pair(lib.ones(()), None).detach())
    y = x * x
    y.sum().backward()
    show.fails(lambda: y.grad_fn._saved_self)
    show.fails(lambda: y.grad_fn._raw_saved_self.register_hooks(lambda t: t, lambda t: t))


@behaviour
def hooks_see_saved_results(lib, show):
    x, graph = leaf(lib), lib.autograd.graph

    def pack(t):
        show(t.requires_grad, t is x, t.grad_fn is None)
        return t

    with graph.saved_tensors_hooks(pack, lambda t: t):
        y = (x * x).exp()
        z = y.softmax(0).var_mean()[0] if hasattr(y, "var_mean") else lib.var_mean(y.softmax(0))[0]
    (y.sum() + z).backward()
    show(x.grad)
    with graph.saved_tensors_hooks(lambda t: t.numpy(), lib.from_numpy):
        show.fails(x.exp)
    show.fails(lambda: graph.saved_tensors_hooks(3, 3).__enter__())


@behaviour
def saved_by_a_function(lib, show):
    class Product(lib.autograd.Function):
        @staticmethod
        def forward(ctx, a):
            ctx.save_for_backward(a, a * 2)
            return a * 2

        @staticmethod
        def backward(ctx, g):
            return g * ctx.saved_tensors[0]

    x = leaf(lib)
    y = Product.apply(x)
    raw = y.grad_fn._raw_saved_tensors
    show(len(raw))
    raw[0].register_hooks(lambda t: (show("packed", t), t)[1], lambda t: t * 10)
    show(y.grad_fn.saved_tensors)
    y.sum().backward()
    show(x.grad)
    show.fails(lambda: y.grad_fn._raw_saved_tensors)
    z = x * x
    z.grad_fn._raw_saved_self.register_hooks(lambda t: (show("packed", t), t)[1], lambda t: t * 10)
    show(lib.autograd.grad(z.sum(), x, create_graph=True))


@behaviour
def python_functions_of_elements(lib, show):
    x, r = lib.ones(2, 2), leaf(lib)
    show(x.apply_(lambda v: v + 1), x.map_(x, lambda a, b: a * b), x.map2_(x, x, lambda a, b, c: a + b + c), x._version)
    show(x.map_(lib.ones(2), lambda a, b: a + b), lib.arange(3).apply_(lambda v: v * 2), lib.ones(0).apply_(lambda v: v))
    for wrong in (lambda: r.apply_(lambda v: v), lambda: x.map_(r[:2], lambda a, b: a), lambda: x.apply_(3),
                  lambda: x.map_(lib.ones(3), lambda a, b: a), lambda: x.apply_(lambda v: "a"),
                  lambda: x.map_(x.double(), lambda a, b: a)):  # fmt: skip
        show.fails(wrong)


@behaviour
def graphs_of_gradients(lib, show):
    """Where torch's gradient is an op with a node of its own, a recorded backward pass shows that node"""
    F = lib.nn.functional
    x = lib.linspace(-2, 2, 16).requires_grad_()
    for use in (F.relu, lambda x: F.threshold(x, 0.5, 3.0), lambda x: F.max_pool2d(x.view(1, 1, 4, 4), 2),
                lambda x: F.max_pool3d(x.view(1, 1, 2, 2, 4), 2)):  # fmt: skip
        y = use(x)
        node = lib.autograd.grad((y * lib.ones_like(y)).sum(), x, create_graph=True)[0].grad_fn
        while "View" in node.name():
            node = node.next_functions[0][0]
        show(node.name())
