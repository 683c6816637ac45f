"""No reference cycle in the graph: with the garbage collector off, memory falls with the last reference."""

import gc
import weakref

import pytest

from parity_tests.twofold import leaf


def graph(lib, x):
    return (x * x).exp().sum()


def kept_graph(lib, x):
    y = (x * x).exp().sum()
    y.backward(retain_graph=True)
    return y


def view(lib, x):
    y = x * 1
    return y[1:].view(2)


def written_view(lib, x):
    y = x * 1
    v = y[1:]
    v.mul_(x[1:])
    return v


def base_of_a_written_view(lib, x):
    y = x * 1
    y[1:].mul_(x[1:])
    y[0] = 3
    return y


def in_place(lib, x):
    return (x * 1).mul_(x).exp().add_(1)


def hooked(lib, x):
    y = x * 2
    y.register_hook(lambda g: g * 2)
    y.grad_fn.register_hook(lambda gi, go: None)
    y.retain_grad()
    y.sum().backward(retain_graph=True)
    return y


def hooked_leaf(lib, x):
    x.register_hook(lambda g: g * 2)
    x.register_post_accumulate_grad_hook(lambda t: None)
    x.sum().backward()
    return x


def saved_output(lib, x):
    y = x.exp()
    y.sum().backward(retain_graph=True)
    return y


def packed(lib, x):
    with lib.autograd.graph.saved_tensors_hooks(lambda t: t.detach(), lambda t: t):
        return x.exp() * x


def function(lib, x):
    def forward(ctx, x):
        y = x.exp()
        ctx.save_for_backward(x, y)
        return y

    methods = {"forward": staticmethod(forward), "backward": staticmethod(lambda ctx, g: g * ctx.saved_tensors[1])}
    return type("Exp", (lib.autograd.Function,), methods).apply(x)


def double_backward(lib, x):
    (g,) = lib.autograd.grad((x**3).sum(), x, create_graph=True)
    return g


@pytest.fixture
def uncollected():
    gc.disable()
    yield
    gc.enable()


PROGRAMS = (
    graph,
    kept_graph,
    view,
    written_view,
    base_of_a_written_view,
    in_place,
    hooked,
    hooked_leaf,
    saved_output,
    packed,
    function,
    double_backward,
)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda f: f.__name__)
def test_freed_by_reference_count_alone(program, lib, uncollected):
    x = leaf(lib)
    y = program(lib, x)
    alive = [weakref.ref(t) for t in (x, y, y.grad_fn, y.grad, y._base) if t is not None]
    del x, y
    assert [r() for r in alive] == [None] * len(alive)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda f: f.__name__)
def test_freed_after_a_failed_backward(program, lib, uncollected):
    x = leaf(lib)
    y = program(lib, x)

    def fail(g):
        raise ValueError("no")

    handle = y.register_hook(fail)
    with pytest.raises(ValueError):
        y.sum().backward()
    alive = [weakref.ref(t) for t in (x, y, y.grad_fn) if t is not None]
    del x, y, handle
    assert [r() for r in alive] == [None] * len(alive)
