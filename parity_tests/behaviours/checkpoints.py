"""utils.checkpoint: when the function runs again, with which random numbers, and what is refused."""

import warnings

from parity_tests.behaviours.program import behaviour, leaf


def warned(show, program):
    """Run a program and show what it raised or warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        show.fails(program)
    show([(w.category.__name__, str(w.message)) for w in caught])


def noisy(lib, show):
    def function(t):
        show("runs", lib.is_grad_enabled())
        return t.exp() * t

    return function


@behaviour
def checkpoints(lib, show):
    checkpoint = lib.utils.checkpoint.checkpoint
    x, f = leaf(lib), noisy(lib, show)

    def goes(**options):
        y = checkpoint(f, x, **options)
        show(y)
        y.sum().backward()
        show(x.grad)
        x.grad = None

    for options in ({}, {"use_reentrant": True}, {"use_reentrant": False}):
        warned(show, lambda: goes(**options))
    with lib.utils.checkpoint.set_checkpoint_early_stop(False):
        goes(use_reentrant=False)
    for reentrant in (True, False):
        warned(show, lambda: show(checkpoint(f, x.detach(), use_reentrant=reentrant)))
        with lib.no_grad():
            show(checkpoint(f, x, use_reentrant=reentrant))
        show.fails(lambda: show(lib.autograd.grad(checkpoint(f, x, use_reentrant=reentrant).sum(), x)))
        show.fails(lambda: checkpoint(f, x, use_reentrant=reentrant).sum().backward(inputs=[x]))


@behaviour
def checkpoint_arguments(lib, show):
    checkpoint = lib.utils.checkpoint.checkpoint
    x = leaf(lib)
    show(checkpoint(lambda t, k: t * k, x, use_reentrant=False, k=3))
    show.fails(lambda: checkpoint(lambda t: t, x, use_reentrant=True, k=3))
    show.fails(lambda: checkpoint(lambda t: t, x, use_reentrant=True, debug=True))
    show.fails(lambda: checkpoint(lambda t: t, x, use_reentrant=True, context_fn=lambda: None))
    show.fails(lambda: checkpoint(lambda t: t, x, use_reentrant=False, determinism_check="maybe"))
    for reentrant in (True, False):
        y, z, w = checkpoint(lambda t, u, n: (t * u, 3, u.detach() * n), x, x * 2, 4, use_reentrant=reentrant)
        show(y, z, w)
        y.sum().backward()
        show(x.grad)
        x.grad = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        show(checkpoint(lambda d: d["a"] * 2, {"a": x}, use_reentrant=True))
    show.fails(lambda: checkpoint(lambda t: t.detach(), x, use_reentrant=True).sum().backward())


@behaviour
def checkpoint_twice(lib, show):
    checkpoint = lib.utils.checkpoint.checkpoint
    x, f = leaf(lib), noisy(lib, show)
    for reentrant in (True, False):
        y = checkpoint(f, x, use_reentrant=reentrant).sum()
        y.backward(retain_graph=True)
        y.backward()
        show(x.grad)
        show.fails(y.backward)
        x.grad = None
    (g,) = lib.autograd.grad(checkpoint(lambda t: t.exp() * t, x, use_reentrant=False).sum(), x, create_graph=True)
    show(g, lib.autograd.grad(g.sum(), x))

    def nested(t):
        return checkpoint(f, t * 2, use_reentrant=False) * 3

    checkpoint(nested, x / 4, use_reentrant=False).sum().backward()
    show(x.grad)


@behaviour
def checkpoint_randomness(lib, show):
    checkpoint = lib.utils.checkpoint.checkpoint
    for reentrant in (True, False):
        for preserve in (True, False):
            lib.manual_seed(3)
            x = lib.ones(6, requires_grad=True)
            y = checkpoint(lambda t: lib.nn.functional.dropout(t * 2, 0.5), x, use_reentrant=reentrant,
                           preserve_rng_state=preserve)  # fmt: skip
            lib.rand(3)
            y.sum().backward()
            show(y, x.grad, lib.rand(2))


@behaviour
def checkpoint_differs(lib, show):
    checkpoint = lib.utils.checkpoint.checkpoint
    x = leaf(lib)

    def changing(first, then):
        calls = []

        def function(t):
            calls.append(1)
            return first(t) if len(calls) == 1 else then(t)

        return function

    once, twice = (lambda t: t.exp()), (lambda t: t.exp().exp())
    shorter = lambda t: t[:1].exp()
    for first, then in ((once, twice), (twice, once), (once, shorter)):
        for options in ({}, {"determinism_check": "none"}):
            f = changing(first, then)
            show.fails(lambda: checkpoint(f, x, use_reentrant=False, **options)[:1].sum().backward())


@behaviour
def checkpoint_sequential(lib, show):
    sequential = lib.utils.checkpoint.checkpoint_sequential
    lib.manual_seed(0)
    net = lib.nn.Sequential(lib.nn.Linear(2, 3), lib.nn.Tanh(), lib.nn.Linear(3, 1))
    x = leaf(lib, 1.0, 2.0)
    for options in ({}, {"use_reentrant": True}, {"use_reentrant": False}):
        y = sequential(net, 2, x, **options)
        show(y)
        y.backward()
        show(x.grad, net[0].weight.grad)
    show(sequential([net[0], net[1], net[2]], 3, x, use_reentrant=True))
    show.fails(lambda: sequential(list(net), 5, x, use_reentrant=False))
    show.fails(lambda: sequential(net, 2, x, use_reentrant=True, foo=2))
    warned(show, lambda: sequential(net, 1, x))
