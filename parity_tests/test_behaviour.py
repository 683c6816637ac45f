"""How autograd behaves: small programs that print what they see; every line must be torch's."""

import re
import warnings

import pytest

from parity_tests.documents.stage import Stage
from parity_tests.libs import REFERENCE, seal

ADDRESS = re.compile(r"0x[0-9a-fA-F]+")
PROGRAMS = {}


def behaviour(program):
    PROGRAMS[program.__name__] = program
    return program


def leaf(lib, *values):
    return lib.tensor(values or (1.0, 2.0, 3.0), requires_grad=True)


@behaviour
def leaves(lib, show):
    x, c = leaf(lib), lib.ones(3)
    y = x * 2
    for t in (x, c, y, y.detach(), c * 2, x.data):
        show(t.is_leaf, t.requires_grad, t.grad_fn, t.grad, t.output_nr)
    c.requires_grad = True
    show(c, (c + 1).grad_fn, c.requires_grad_(False).requires_grad)


@behaviour
def accumulation(lib, show):
    x = leaf(lib)
    for _ in range(3):
        (x * x).sum().backward()
        show(x.grad)
    first = x.grad
    x.sum().backward()
    show(first is x.grad, first)
    x.grad.zero_()
    show(x.grad)
    x.grad = None
    x.sum().backward()
    show(x.grad, x.grad.requires_grad, x.grad.is_leaf)


@behaviour
def first_gradient_is_not_aliased(lib, show):
    x, g = leaf(lib), lib.ones(3)
    (x * 1).backward(g)
    g.mul_(5)
    show(x.grad)
    a, b = leaf(lib), leaf(lib)
    (a + b).sum().backward()
    a.grad.add_(1)
    show(a.grad, b.grad)


@behaviour
def same_tensor_twice(lib, show):
    x = leaf(lib)
    (x * x + x / x).sum().backward()
    show(x.grad)
    y = x + x
    z = y * y
    show([n for n, _ in z.grad_fn.next_functions][0] is [n for n, _ in z.grad_fn.next_functions][1])


@behaviour
def retain_graph(lib, show):
    x = leaf(lib)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    show(x.grad)
    show.fails(y.backward)
    z = (x + 1).sum()
    z.backward()
    z.backward()
    show(x.grad)


@behaviour
def retain_grad(lib, show):
    x = leaf(lib)
    y = x * 2
    show(y.retains_grad, x.retains_grad)
    y.retain_grad()
    (y * y).sum().backward()
    show(y.grad, x.grad, y.retains_grad)


@behaviour
def grad_of_a_non_leaf_warns(lib, show):
    y = leaf(lib) * 2
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        show(y.grad)
    for w in seen:
        show(w.category.__name__, str(w.message))


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
def versions(lib, show):
    x = lib.ones(3)
    show(x._version)
    x.add_(1)
    x[0] = 5
    x[1:].mul_(2)
    show(x._version, x[0]._version, x.view(3)._version, x.detach()._version, x.data._version, x.clone()._version)
    x.zero_()
    x.fill_(2)
    x.copy_(lib.ones(3))
    show(x._version)


@behaviour
def stale_saved_values(lib, show):
    def squared(change):
        x = leaf(lib)
        y = x * 1
        z = y * y
        change(y)
        z.sum().backward()
        show(x.grad)

    show.fails(lambda: squared(lambda y: y.add_(1)))
    show.fails(lambda: squared(lambda y: y[0].mul_(2)))
    show.fails(lambda: squared(lambda y: y.detach().zero_()))
    squared(lambda y: y.data.zero_())

    def exponential():
        x = leaf(lib)
        y = x.exp()
        y += 1
        y.sum().backward()

    show.fails(exponential)


@behaviour
def unsaved_values_may_change(lib, show):
    x = leaf(lib)
    y = x * 1
    z = y + 1
    y.mul_(2)
    (z.sum() + y.sum()).backward()
    show(x.grad)


@behaviour
def in_place_rebases_history(lib, show):
    x = leaf(lib)
    y = x * 2
    show(y.grad_fn.name())
    y.mul_(3)
    show(y.grad_fn.name(), y._version, y.is_leaf)
    y.sum().backward()
    show(x.grad)
    c = lib.ones(3)
    c.mul_(x)
    show(c.requires_grad, c.is_leaf, c.grad_fn.name())


@behaviour
def in_place_on_views(lib, show):
    x = leaf(lib, 1.0, 2.0, 3.0, 4.0)
    y = x * 1
    v = y[1:3]
    show(v.grad_fn.name(), v._is_view(), v._base is y)
    v.mul_(10)
    show(y, v)
    show(y.grad_fn.name(), v.grad_fn.name())
    y.sum().backward()
    show(x.grad)
    y = x * 1
    w = y.view(2, 2)
    y.add_(1)
    show(w.grad_fn.name(), w)
    c = lib.zeros(4)
    c[1:3] = x[:2]
    show(c, c.grad_fn.next_functions[0][0])
    x.grad = None
    (c * c).sum().backward()
    show(x.grad)


@behaviour
def views_share_memory(lib, show):
    x = lib.zeros(2, 3)
    x.t()[0, 1] = 1
    x.view(6)[5] = 2
    x[0].add_(3)
    x.unsqueeze(0).permute(2, 1, 0)[1] = 7
    show(x)
    x.reshape(3, 2)[0] = -1
    x.flatten()[1] = -2
    show(x, x.t().contiguous().data_ptr() == x.data_ptr(), x.contiguous() is x)


@behaviour
def leaf_rules_of_in_place(lib, show):
    x = leaf(lib)
    show.fails(lambda: x.add_(1))
    show.fails(lambda: x[0].add_(1))
    show.fails(lambda: x.view(3).zero_())
    with lib.no_grad():
        x -= 0.5
        x[0] = 9
    show(x, x.is_leaf, x._version)


@behaviour
def autograd_grad(lib, show):
    x, y = leaf(lib), leaf(lib, 4.0, 5.0, 6.0)
    show(lib.autograd.grad((x * y).sum(), [x, y]))
    show(x.grad, y.grad)
    show(lib.autograd.grad((x * y).sum(), x))
    show(lib.autograd.grad([(x * 2).sum(), (x * y).sum()], (x,)))
    show(lib.autograd.grad(x * y, x, lib.tensor([1.0, 0.0, 2.0])))
    show(lib.autograd.grad((x * 2).sum(), [x, y], allow_unused=True))
    show(lib.autograd.grad((x * 2).sum(), [x, y], materialize_grads=True))
    show.fails(lambda: lib.autograd.grad((x * 2).sum(), [x, y]))
    z = x * y
    show(lib.autograd.grad((z * z).sum(), z))


@behaviour
def create_graph(lib, show):
    x = leaf(lib)
    (g,) = lib.autograd.grad((x**3).sum(), x, create_graph=True)
    show(g)
    (h,) = lib.autograd.grad(g.sum(), x, create_graph=True)
    show(h)
    (t,) = lib.autograd.grad(h.sum(), x)
    show(t)
    (x**2).sum().backward(create_graph=True)
    show(x.grad)


@behaviour
def backward_inputs(lib, show):
    x, y = leaf(lib), leaf(lib)
    (x * y).sum().backward(inputs=[x])
    show(x.grad, y.grad)
    lib.autograd.backward([(x * 2).sum(), (y * 3).sum()])
    show(x.grad, y.grad)
    lib.autograd.backward([x * 2], [lib.ones(3)])
    show(x.grad)
    show.fails(lambda: (x * 2).sum().backward(inputs=[]))


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


@behaviour
def zero_size(lib, show):
    x = lib.zeros(0, 3, requires_grad=True)
    y = (x * 2).sum()
    y.backward()
    show(y, x.grad, x.grad.shape)


@behaviour
def mixed_dtypes(lib, show):
    x = leaf(lib)
    d = lib.tensor([1.0, 2.0, 3.0], dtype=lib.float64, requires_grad=True)
    y = x * d
    show(y)
    y.sum().backward()
    show(x.grad, d.grad)
    h = x.half()
    (h * h).sum().backward()
    show(x.grad)


@behaviour
def broadcast_gradients(lib, show):
    a, b = lib.ones(2, 1, requires_grad=True), lib.ones(3, requires_grad=True)
    (a * b * lib.tensor(2.0)).sum().backward()
    show(a.grad, b.grad)


@behaviour
def inference_mode(lib, show):
    x = leaf(lib)
    with lib.inference_mode():
        y = x * 2
        show(y.requires_grad, y.is_inference(), lib.is_inference_mode_enabled())
    show.fails(lambda: (x * y).sum().backward())


@behaviour
def anomaly(lib, show):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with lib.autograd.detect_anomaly():
            x = lib.tensor([0.0], requires_grad=True)
            show.fails(lambda: (x.sqrt() * 0).sum().backward())


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
def jacobians(lib, show):
    functional = lib.autograd.functional
    x = lib.tensor([1.0, 2.0])
    show(functional.jacobian(lambda t: t**2, x))
    show(functional.hessian(lambda t: (t**3).sum(), x))
    show(functional.vjp(lambda t: t * t, x, lib.ones(2)))


def played(program, lib):
    """What a program prints, with the error that stopped it, if any, as its last line."""
    seal(lib)
    show = Stage(lib)
    try:
        program(lib, show)
    except Exception as error:
        show(f"stopped by {type(error).__name__}: {error}")
    finally:
        lib.set_grad_enabled(True)
    return [ADDRESS.sub("0x...", line) for line in show.lines]


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.filterwarnings("ignore")
def test_behaviour(name, lib):
    expected, got = (played(PROGRAMS[name], one) for one in (REFERENCE, lib))
    assert not any(line.startswith("stopped by") for line in expected), expected[-1]
    wrong = [
        f"line {i}: expected (torch) {a!r} / got (minigrad) {b!r}"
        for i, (a, b) in enumerate(zip(expected, got))
        if a != b
    ]
    assert not wrong and len(expected) == len(got), "\n".join(
        wrong + [f"last: expected (torch) {expected[-1]!r} / got (minigrad) {got[-1]!r}"]
    )
