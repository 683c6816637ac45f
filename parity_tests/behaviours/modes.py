"""Where gradients are recorded: no_grad and its relatives, detach, .data, Parameters."""

from parity_tests.behaviours.program import behaviour, leaf


@behaviour
def no_grad(lib, show):
    x = leaf(lib)
    with lib.no_grad():
        y = x * 2
        show(lib.is_grad_enabled(), y.requires_grad, y.is_leaf, x.requires_grad)
        x.add_(1)
        made = lib.ones(2, requires_grad=True)
        with lib.enable_grad():
            show(lib.is_grad_enabled(), (x * 2).requires_grad)
        show(lib.is_grad_enabled())
    show(lib.is_grad_enabled(), x, made)


@behaviour
def numpy_where_nothing_is_recorded(lib, show):
    x = leaf(lib)
    with lib.no_grad():
        show(x.numpy(), x.__array__(), (x * 2).numpy())
    show.fails(x.numpy)
    with lib.inference_mode():
        show(x.numpy())


@behaviour
def grad_mode_decorators(lib, show):
    x = leaf(lib)

    @lib.no_grad()
    def off(t):
        return t * 2

    @lib.enable_grad()
    def on(t):
        return t * 2

    @lib.no_grad
    def bare(t):
        "its words"
        return t * 2

    @lib.set_grad_enabled(False)
    def switched(t):
        return t * 2

    show(lib.is_grad_enabled())
    show(
        off(x).requires_grad,
        on(x).requires_grad,
        bare(x).requires_grad,
        switched(x).requires_grad,
        bare.__name__,
        bare.__doc__,
    )
    with lib.no_grad():
        show(on(x).requires_grad, off(x).requires_grad)


@behaviour
def grad_mode_generator(lib, show):
    @lib.no_grad()
    def produce():
        yield lib.is_grad_enabled()
        yield lib.is_grad_enabled()

    for inside in produce():
        show(inside, lib.is_grad_enabled())


@behaviour
def set_grad_enabled(lib, show):
    x = leaf(lib)
    for mode in (False, True):
        with lib.set_grad_enabled(mode):
            show((x * 2).requires_grad)
    lib.set_grad_enabled(False)
    show(lib.is_grad_enabled(), (x * 2).requires_grad)
    lib.set_grad_enabled(True)
    show(lib.is_grad_enabled())


@behaviour
def grad_mode_after_an_error(lib, show):
    def broken():
        with lib.no_grad():
            raise ValueError("inside")

    show.fails(broken)
    show(lib.is_grad_enabled())


@behaviour
def inference_mode(lib, show):
    x = leaf(lib)
    with lib.inference_mode():
        y = x * 2
        show(y.requires_grad, y.is_inference(), lib.is_inference_mode_enabled())
    show.fails(lambda: (x * y).sum().backward())


@behaviour
def detach(lib, show):
    x = leaf(lib)
    y = x.detach()
    show(y, y.is_leaf, y._version, x._version)
    y.mul_(2)
    show(x, x._version, y._version)
    z = (x * 3).detach_()
    show(z, z.requires_grad, z.is_leaf)


@behaviour
def data(lib, show):
    x = leaf(lib)
    y = x * x
    x.data.add_(1)
    show(x, x._version)
    y.sum().backward()
    show(x.grad)
    x.data = lib.zeros(2)
    show(x, x.requires_grad)


@behaviour
def parameters(lib, show):
    p = lib.nn.Parameter(lib.ones(2))
    show(p, p.requires_grad, p.is_leaf, type(p).__name__, isinstance(p, lib.Tensor))
    show(type(p * 2).__name__, type(p.data).__name__, type(p.detach()).__name__)
    q = lib.nn.Parameter(lib.ones(2), requires_grad=False)
    show(q, q.requires_grad)
    show.fails(lambda: lib.nn.Parameter(lib.ones(2, dtype=lib.int64)))


@behaviour
def copies(lib, show):
    import copy

    x = leaf(lib)
    x.sum().backward()
    y = copy.deepcopy(x)
    show(y, y.grad, y is x)
    y.grad.add_(1)
    show(x.grad)


@behaviour
def requires_grad_of_results(lib, show):
    x, c = leaf(lib), lib.ones(3)
    for t in (
        x + c,
        c + c,
        x > 0,
        x.argmax(),
        lib.zeros_like(x),
        lib.ones_like(x),
        x.long(),
        x.double(),
        x.clone(),
        lib.where(x > 1, x, c),
    ):
        show(t.requires_grad, t.is_leaf, t.dtype)
