"""Where gradients go: leaves, accumulation, retained graphs, autograd.grad, dtypes."""

import collections
import warnings

from parity_tests.behaviours.program import behaviour, leaf


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
def grad_of_a_dict(lib, show):
    x, y, grad = leaf(lib), leaf(lib), lib.autograd.grad
    show(grad((x * y * 2).sum(), {"x": x, "y": y}))
    show(grad(x * 2, {"x": x}, lib.eye(3), is_grads_batched=True), grad(x.sum(), {"y": y}, materialize_grads=True))
    for inputs in ({}, collections.UserDict(x=x), {"x": 3}):
        show.fails(lambda inputs=inputs: grad(x.sum(), inputs))
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        show(grad(x.sum(), x, only_inputs=False))
    show([(w.category.__name__, str(w.message)) for w in seen])
    show(grad((x * 2).sum(), y, create_graph=True, materialize_grads=True))
    show.fails(lambda: grad(x * 2, x, is_grads_batched=True))


@behaviour
def what_cannot_require_grad(lib, show):
    i = lib.arange(3)
    for wrong in (i.requires_grad_, lambda: setattr(i, "requires_grad", True), lambda: lib.arange(3, requires_grad=True),
                  lambda: lib.tensor([1], requires_grad=True), lambda: setattr(lib.ones(2), "requires_grad", 1),
                  lambda: lib.ones(2).requires_grad_(1), lambda: lib.set_grad_enabled(1)):  # fmt: skip
        show.fails(wrong)
    show(lib.is_grad_enabled())


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
def a_loss_that_broadcasts_warns(lib, show):
    x, y = lib.ones(2, 3), lib.ones(3)
    for name in ("mse_loss", "l1_loss", "smooth_l1_loss"):
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            show(getattr(lib.nn.functional, name)(x, y))
        show([(w.category.__name__, str(w.message)) for w in seen])


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
def jacobians(lib, show):
    functional = lib.autograd.functional
    x = lib.tensor([1.0, 2.0])
    show(functional.jacobian(lambda t: t**2, x))
    show(functional.hessian(lambda t: (t**3).sum(), x))
    show(functional.vjp(lambda t: t * t, x, lib.ones(2)))
