"""Corners of autograd: what custom functions, checkpoints, batched gradients, anomaly reports and the engine refuse."""

# ruff: noqa: UP028 - the functions of a tuple are seen one by one, and read better so
import warnings

from parity_tests.twofold import cases, check, leaf, names, place


def function(lib, forward, backward, **more):
    """A Function of two static methods."""
    made = {"forward": staticmethod(forward), "backward": staticmethod(backward)}
    return type("Mine", (lib.autograd.Function,), made | {k: staticmethod(v) for k, v in more.items()}).apply


def gradients_of_wrong_shapes(lib):
    x = leaf(lib)
    for give in (
        lambda g: g.sum(),
        lambda g: g[None],
        lambda g: g[:2],
        lambda g: g[:1],
        lambda g: lib.ones(2, 3),
        lambda g: lib.ones(3, 1),
        lambda g: g.double(),
        lambda g: g.half(),
        lambda g: g.long(),
        lambda g: g > 0,
        lambda g: None,
        lambda g: (),
        lambda g: (g, g),
        lambda g: (g, None),
        lambda g: [g],
        lambda g: 3,
        lambda g: "g",
        lambda g: lib.tensor(2.0),
        lambda g: g.expand(2, 3),
        lambda g: g.requires_grad_(),
    ):
        x.grad = None
        y = function(lib, lambda ctx, x: x * 2, lambda ctx, g: give(g))(x)
        yield lambda: y.sum().backward()
        yield x.grad


def outputs_of_many_kinds(lib):
    x = leaf(lib)
    for make in (
        lambda x: (x * 2, x + 1),
        lambda x: (x * 2, 3, "s", None),
        lambda x: [x * 2],
        lambda x: {"a": x},
        lambda x: 3,
        lambda x: None,
        lambda x: (),
        lambda x: x,
        lambda x: (x, x),
        lambda x: x[1:],
        lambda x: x.detach(),
        lambda x: (x > 0, x.long(), x.double()),
        lambda x: x.view(3, 1),
    ):
        apply = function(lib, lambda ctx, x: make(x), lambda ctx, *g: sum(i.sum() for i in g if i is not None) + x * 0)
        yield lambda: apply(x)
        yield lambda: apply(x.detach())


def marks_of_many_kinds(lib):
    x = leaf(lib)

    def run(mark, returned=lambda x: x * 2, given=None):
        def forward(ctx, x):
            mark(ctx, x)
            return returned(x)

        return function(lib, forward, lambda ctx, g: g)(x * 1 if given is None else given)

    for mark in (
        lambda ctx, x: ctx.mark_dirty(x),
        lambda ctx, x: ctx.mark_dirty(3),
        lambda ctx, x: ctx.mark_non_differentiable(x),
        lambda ctx, x: ctx.mark_non_differentiable("x"),
        lambda ctx, x: ctx.save_for_backward(x, None, x),
        lambda ctx, x: ctx.save_for_backward(3),
        lambda ctx, x: ctx.save_for_backward([x]),
        lambda ctx, x: ctx.set_materialize_grads(False),
        lambda ctx, x: setattr(ctx, "anything", x),
        lambda ctx, x: ctx.saved_tensors,
        lambda ctx, x: ctx.needs_input_grad,
        lambda ctx, x: ctx.nothing,
    ):
        yield lambda: run(mark)
    for given in (x, x * 1, (x * 1)[1:], lib.ones(3), x.detach()):

        def dirty(ctx, y):
            ctx.mark_dirty(y)
            return y.add_(1)

        def seen():
            out = function(lib, dirty, lambda ctx, g: g * 2)(given)
            return out is given, place(out), names(out.grad_fn), out._version

        yield seen


def missing_pieces(lib):
    x, F = leaf(lib), lib.autograd.Function
    yield lambda: type("A", (F,), {}).apply(x)
    yield lambda: type("B", (F,), {"forward": staticmethod(lambda ctx, x: x * 2)}).apply(x).sum().backward()
    yield lambda: type("C", (F,), {"forward": staticmethod(lambda x: x * 2)}).apply(x)
    yield lambda: F.apply(x)
    yield lambda: F.forward(x)
    yield lambda: F.backward(None, x)
    yield lambda: F.vjp(None, x)
    yield lambda: F.setup_context(None, (x,), x)


def non_differentiable_and_integer_outputs(lib):
    x = leaf(lib)

    def forward(ctx, x):
        a, b, c = x * 2, x.argmax(), x + 1
        ctx.mark_non_differentiable(c)
        return a, b, c

    seen = []

    def backward(ctx, *grads):
        seen.append([None if g is None else g.clone() for g in grads])
        return grads[0] * 2

    a, b, c = function(lib, forward, backward)(x)
    yield place(a), place(b), place(c)
    a.sum().backward()
    yield x.grad, seen
    yield lambda: c.sum().backward()


def checkpoints_of_many_kinds(lib):
    checkpoint = lib.utils.checkpoint.checkpoint
    for reentrant in (True, False):
        x, w = leaf(lib), leaf(lib, 2.0, 3.0, 4.0)
        calls = []

        def body(x, w=w, scale=2):
            calls.append(lib.is_grad_enabled())
            return (x * w * scale).exp()

        y = checkpoint(body, x, use_reentrant=reentrant)
        yield place(y), calls
        y.sum().backward()
        yield x.grad, w.grad, calls
        yield lambda: y.sum().backward()
        yield lambda: checkpoint(body, x, use_reentrant=reentrant, scale=3)
        yield lambda: checkpoint(body, x.detach(), use_reentrant=reentrant).requires_grad
        yield lambda: checkpoint(lambda: 3, use_reentrant=reentrant)
        yield lambda: checkpoint(lambda x: (x * 2, None, 3), x, use_reentrant=reentrant)
        yield lambda: checkpoint(lambda x: {"a": x * 2}, x, use_reentrant=reentrant)
        yield lambda: lib.autograd.grad(checkpoint(body, x, use_reentrant=reentrant).sum(), x)
        with lib.no_grad():
            yield lambda: checkpoint(body, x, use_reentrant=reentrant).requires_grad
        z = checkpoint(body, x, use_reentrant=reentrant)
        yield lambda: lib.autograd.grad(z.sum(), x, create_graph=True)[0].requires_grad
        yield lambda: checkpoint(lambda x: checkpoint(body, x * 1, use_reentrant=reentrant) * 2, x * 1,
                                 use_reentrant=reentrant).sum().backward()
        yield x.grad


def checkpoints_that_change_their_mind(lib):
    checkpoint = lib.utils.checkpoint.checkpoint
    x = leaf(lib)
    for second in (lambda x: x.exp(), lambda x: x * x * x, lambda x: (x * x)[:2], lambda x: x + 1):
        runs = []

        def body(x):
            runs.append(1)
            return x * x if len(runs) == 1 else second(x)

        y = checkpoint(body, x, use_reentrant=False)
        yield lambda: y.sum().backward()
    z = checkpoint(lambda x: x.exp().sin(), x, use_reentrant=False)
    yield lambda: z.sum().backward(retain_graph=True)
    yield lambda: z.sum().backward()
    yield lambda: checkpoint(lambda x: x, x, use_reentrant=False, determinism_check="x").sum().backward()


def batched_gradients(lib):
    x = leaf(lib)
    y = x * x
    grad = lib.autograd.grad
    for g in (lib.eye(3), lib.ones(2, 3), lib.ones(3), lib.ones(2, 2), lib.ones(()), lib.ones(0, 3), lib.ones(2, 3, 3)):
        yield lambda: grad(y, x, g, is_grads_batched=True, retain_graph=True)
    yield lambda: grad((y, y.sum()), x, (lib.eye(3), lib.ones(3)), is_grads_batched=True, retain_graph=True)
    yield lambda: grad((y, y.sum()), x, (lib.eye(3), lib.ones(2)), is_grads_batched=True, retain_graph=True)
    yield lambda: grad(y.sum(), x, is_grads_batched=True, retain_graph=True)
    (h,) = grad(y, x, lib.eye(3), is_grads_batched=True, create_graph=True)
    yield h.requires_grad, grad(h.sum(), x)


def resizing(lib):
    x = leaf(lib)
    yield lambda: x.resize_(2)
    yield lambda: (x * 1).resize_(2)
    yield lambda: x.detach().resize_(2)
    yield lambda: x.resize_as_(lib.ones(2))
    with lib.no_grad():
        yield lambda: x.resize_(2)
    y = lib.ones(4)
    yield y.resize_(2, 2), y._version, y.resize_(3), y._version


def anomalies_in_user_functions(lib):
    x = leaf(lib)

    def fail(ctx, g):
        raise ValueError("no gradient today")

    apply = function(lib, lambda ctx, x: x * 2, fail)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with lib.autograd.detect_anomaly():
            y = apply(x)
            yield lambda: y.sum().backward()
    yield [str(w.message).splitlines()[0] for w in caught]
    yield any("y = apply(x)" in str(w.message) for w in caught)


def roots_and_inputs_refused(lib):
    x = leaf(lib)
    y = x * x
    backward, grad = lib.autograd.backward, lib.autograd.grad
    for ask in (
        lambda: backward(y),
        lambda: backward(y, lib.ones(2)),
        lambda: backward(y, lib.ones(3, dtype=lib.float64)),
        lambda: backward((y, y), (lib.ones(3),)),
        lambda: backward(y, 3),
        lambda: backward(3),
        lambda: backward([]),
        lambda: backward(y.sum(), inputs=[]),
        lambda: backward(y.sum(), inputs=[lib.ones(1)]),
        lambda: backward(y.sum(), inputs=3),
        lambda: grad(y.sum(), []),
        lambda: grad(y.sum(), 3),
        lambda: grad(y.sum(), lib.ones(1)),
        lambda: grad(y.sum(), leaf(lib)),
        lambda: grad(y.sum(), leaf(lib), allow_unused=True),
        lambda: grad(y.sum(), leaf(lib), materialize_grads=True),
        lambda: grad(y.sum(), leaf(lib), materialize_grads=True, allow_unused=False),
        lambda: grad(y.sum(), [x, x]),
        lambda: grad(y.sum(), x, only_inputs=False),
        lambda: grad([], x),
        lambda: grad(lib.ones(1), x),
        lambda: grad(y > 1, x),
        lambda: y.backward(lib.ones(3), inputs=x),
        lambda: y.sum().backward(lib.ones(1)),
        lambda: y.sum().backward(create_graph=3),
    ):
        yield ask
    yield x.grad


@cases(globals())
def test_corners(program, lib):
    check(program, lib)
