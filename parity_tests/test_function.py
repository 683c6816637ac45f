"""autograd.Function: what forward and backward may do and return, views and dirty inputs, double backward."""

from parity_tests.documents.stage import module
from parity_tests.twofold import cases, check, leaf, names, place


def make(lib, forward, backward, **more):
    """A Function of the given static methods."""
    methods = {"forward": forward, "backward": backward, **more}
    return type("Op", (lib.autograd.Function,), {k: staticmethod(f) for k, f in methods.items() if f is not None})


def run(lib, forward, backward, *more, **methods):
    """The output and x.grad."""
    x = leaf(lib)
    y = make(lib, forward, backward, **methods).apply(x, *more)
    y.sum().backward()
    return y, x.grad, names(y.grad_fn)


def double(ctx, x, *more):
    return x * 2


def simple(lib):
    yield run(lib, double, lambda ctx, g: g * 2)
    yield run(lib, double, lambda ctx, g, *r: (g * 2, None), 3)
    y = make(lib, double, lambda ctx, g: g).apply(leaf(lib))
    yield (
        repr(y.grad_fn).split(" at")[0],
        type(y.grad_fn).__name__,
        isinstance(y.grad_fn, lib.autograd.graph.Node),
        place(y),
    )


def what_backward_may_return(lib):
    for value in (
        None,
        3,
        lib.ones(2),
        lib.ones(2, 3),
        lib.ones(1),
        lib.ones(3, dtype=lib.float64),
        [lib.ones(3)],
        (),
        (lib.ones(3), None, None),
        (lib.ones(3), lib.ones(3)),
    ):
        yield lambda: run(lib, double, lambda ctx, g: value)
        yield lambda: run(lib, double, lambda ctx, g: value, 3)
    yield lambda: run(lib, double, lambda ctx, g: 1 / 0)
    yield lambda: run(lib, lambda ctx, x: 1 / 0, lambda ctx, g: g)
    yield lib.is_grad_enabled(), (leaf(lib) * 2).requires_grad


def what_forward_may_return(lib):
    for forward in (
        lambda ctx, x: 3,
        lambda ctx, x: None,
        lambda ctx, x: (x * 2, 3, None, "a"),
        lambda ctx, x: [x * 2],
        lambda ctx, x: (x * 2,),
        lambda ctx, x: (),
        lambda ctx, x: lib.ones(3),
    ):
        yield lambda: make(lib, forward, lambda ctx, g, *r: g).apply(leaf(lib))


def several_outputs(lib):
    log = []

    def note(ctx, *gs):
        log.append([None if g is None else g.tolist() for g in gs])
        return gs[0]

    def quiet(ctx, x):
        ctx.set_materialize_grads(False)
        return x * 2, x * 3

    def partly(ctx, x):
        y, z = x * 2, x * 3
        ctx.mark_non_differentiable(z)
        return y, z

    for forward in (lambda ctx, x: (x * 2, 3, x * 3), quiet, partly, lambda ctx, x: (x * 2, x > 1, x.to(lib.int64))):
        x = leaf(lib)
        outputs = make(lib, forward, note).apply(x)
        outputs[0].sum().backward()
        yield x.grad, [place(t) for t in outputs if isinstance(t, lib.Tensor)], log


def the_same_output_twice(lib):
    def forward(ctx, x):
        y = x * 2
        return y, y

    x = leaf(lib)
    a, b = make(lib, forward, lambda ctx, g, h: g + h).apply(x)
    (a.sum() + 2 * b.sum()).backward()
    yield a is b, x.grad, a.output_nr, b.output_nr


def dirty_inputs(lib):
    def change(ctx, x):
        x.mul_(2)
        ctx.mark_dirty(x)
        return x

    x = leaf(lib)
    for target in (lambda y: y, lambda y: y[1:]):
        y = x * 1
        v = target(y)
        z = make(lib, change, lambda ctx, g: g * 2).apply(v)
        yield z is v, place(v), place(y), names(y.grad_fn), lib.autograd.grad(y.sum(), x)
    c = lib.ones(3)
    yield make(lib, change, lambda ctx, g: g).apply(c) is c, place(c)
    yield lambda: make(lib, change, lambda ctx, g: g).apply(leaf(lib))
    yield lambda: make(lib, lambda ctx, x: (ctx.mark_dirty(x), x * 1)[1], lambda ctx, g: g).apply(x * 1)
    yield lambda: make(lib, lambda ctx, x: (ctx.mark_dirty(3), x * 1)[1], lambda ctx, g: g).apply(x * 1)
    yield lambda: make(lib, lambda ctx, x: (ctx.mark_non_differentiable(3), x * 1)[1], lambda ctx, g: g).apply(x * 1)


def returned_inputs(lib):
    x = leaf(lib)
    f = make(lib, lambda ctx, x: x, lambda ctx, g: g * 2)
    z = f.apply(x)
    z.sum().backward()
    yield z is x, place(z), z._base is x, x.grad
    y = x * 1
    yield lambda: f.apply(y).mul_(2)
    c = lib.ones(3)
    yield f.apply(c) is c, place(f.apply(c))


def returned_views(lib):
    x = leaf(lib)
    y = x * 1
    z = make(lib, lambda ctx, x: x[1:], lambda ctx, g: lib.cat([g[:1], g])).apply(y)
    yield place(z), z._base is y
    yield lambda: z.mul_(2)
    y.mul_(2)
    yield z
    v = make(lib, lambda ctx, x: x.view(3, 1), lambda ctx, g: g.view(3)).apply(x)
    yield place(v)
    yield lambda: v.mul_(2)
    a, b = make(lib, lambda ctx, x: (x[1:], x[:1]), lambda ctx, g, h: lib.cat([h, g])).apply(x * 1)
    yield place(a), place(b)
    yield lambda: a.mul_(2)
    own = make(lib, lambda ctx, x: (x * 2)[1:], lambda ctx, g: lib.cat([g[:1], g])).apply(x)
    yield place(own)
    yield lambda: own.mul_(2)


def needs_input_grad(lib):
    log = []

    def forward(ctx, x, y, k):
        log.append(ctx.needs_input_grad)
        return x * y

    def backward(ctx, g):
        log.append(ctx.needs_input_grad)
        return g, None, None

    make(lib, forward, backward).apply(leaf(lib), lib.ones(3), 3).sum().backward()
    with lib.no_grad():
        yield make(lib, forward, backward).apply(leaf(lib), lib.ones(3), 3)
    yield log


def saved(lib):
    def keep(*values):
        return lambda ctx, x: (ctx.save_for_backward(x, *values), x * 2)[1]

    yield run(lib, keep(None), lambda ctx, g: g * ctx.saved_tensors[0] * (ctx.saved_tensors[1] is None))
    yield lambda: run(lib, keep(3), lambda ctx, g: g)
    yield lambda: run(lib, keep([]), lambda ctx, g: g)
    yield lambda: run(lib, double, lambda ctx, g: ctx.saved_tensors)

    def changed(on_output):
        x = leaf(lib)
        y = x * 1

        def forward(ctx, x):
            z = x.exp()
            ctx.save_for_backward(z if on_output else x)
            return z

        z = make(lib, forward, lambda ctx, g: g * ctx.saved_tensors[0]).apply(y)
        (z if on_output else y).add_(1)
        z.sum().backward()

    yield lambda: changed(True)
    yield lambda: changed(False)


def freed(lib):
    x = leaf(lib)
    y = make(lib, lambda ctx, x: (ctx.save_for_backward(x), x * 2)[1], lambda ctx, g: g * ctx.saved_tensors[0]).apply(x)
    y.sum().backward(retain_graph=True)
    y.sum().backward()
    yield x.grad
    yield lambda: y.sum().backward()
    yield lambda: y.grad_fn.saved_tensors
    z = make(lib, double, lambda ctx, g: g * 2).apply(x)
    z.sum().backward()
    z.sum().backward()
    yield x.grad


def differentiated_twice(lib):
    def cube(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    def cube_backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 3 * x**2 * g

    def exp(ctx, x):
        y = x.exp()
        ctx.save_for_backward(y)
        return y

    for forward, backward in ((cube, cube_backward), (exp, lambda ctx, g: g * ctx.saved_tensors[0])):
        x = leaf(lib)
        y = make(lib, forward, backward).apply(x)
        (g,) = lib.autograd.grad(y.sum(), x, create_graph=True)
        (h,) = lib.autograd.grad(g.sum(), x, create_graph=True)
        yield g, h, lib.autograd.grad(h.sum(), x)


def once_differentiable(lib):
    once = module(lib, "autograd.function").once_differentiable
    x = leaf(lib)
    f = make(lib, lambda ctx, x: (ctx.save_for_backward(x), x**2)[1], once(lambda ctx, g: g * 2 * ctx.saved_tensors[0]))
    yield lib.autograd.grad(f.apply(x).sum(), x)
    (g,) = lib.autograd.grad((f.apply(x) * x).sum(), x, create_graph=True)
    yield g.detach()
    yield lambda: lib.autograd.grad(g.sum(), x)


def setup_context(lib):
    def setup(ctx, inputs, output):
        ctx.n = inputs[1]
        ctx.save_for_backward(inputs[0])
        ctx.kinds = type(inputs).__name__, type(output).__name__

    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * ctx.n * x ** (ctx.n - 1), None

    f = make(lib, lambda x, n: x**n, backward, setup_context=setup)
    x = leaf(lib)
    y = f.apply(x, 3)
    y.sum().backward()
    yield y, x.grad, y.grad_fn.n, y.grad_fn.kinds


def vjp_instead(lib):
    yield run(lib, double, None, vjp=lambda ctx, g: g * 5)
    yield lambda: run(lib, double, lambda ctx, g: g * 5, vjp=lambda ctx, g: g * 5)
    yield lambda: run(lib, double, None)
    yield lambda: run(lib, None, None)


def keywords_and_instances(lib):
    f = make(lib, lambda ctx, x, n=2: x * n, lambda ctx, g: (g, None))
    yield f.apply(x=leaf(lib)), f.apply(leaf(lib), n=3)
    yield lambda: f()(leaf(lib))
    f = make(lib, double, lambda ctx, g: g, generate_vmap_rule=lambda: True)
    yield f.apply(leaf(lib))


def without_grad(lib):
    f = make(lib, double, lambda ctx, g: g)
    yield place(f.apply(lib.ones(3)))
    with lib.no_grad():
        yield place(f.apply(leaf(lib)))


def context(lib):
    log = []

    def forward(ctx, x):
        ctx.k, ctx.t = 5, x
        log.append((lib.is_grad_enabled(), x.requires_grad, x.is_leaf))
        return x * 2

    def backward(ctx, g):
        log.append((lib.is_grad_enabled(), g.requires_grad))
        return g * ctx.k

    x = leaf(lib)
    y = make(lib, forward, backward).apply(x)
    lib.autograd.grad(y.sum(), x, create_graph=True)
    yield lib.autograd.grad(y.sum(), x), log, y.grad_fn.k, y.grad_fn.t is x


def hooks_on_it(lib):
    log = []
    x = leaf(lib)
    y = make(lib, double, lambda ctx, g: g * 7).apply(x)
    y.grad_fn.register_hook(lambda gi, go: log.append((gi[0].tolist(), go[0].tolist())))
    y.register_hook(lambda g: log.append(g.tolist()) or g * 2)
    y.sum().backward()
    yield log, x.grad


def packed(lib):
    log = []
    f = make(lib, lambda ctx, x: (ctx.save_for_backward(x), x * 2)[1], lambda ctx, g: g * ctx.saved_tensors[0])
    x = leaf(lib)
    with lib.autograd.graph.saved_tensors_hooks(lambda t: log.append(1) or t * 10, lambda t: log.append(2) or t):
        y = f.apply(x)
    y.sum().backward()
    yield log, x.grad


@cases(globals())
def test_function(program, lib):
    check(program, lib)
