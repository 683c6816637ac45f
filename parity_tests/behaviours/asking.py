"""How gradients are asked for: batches of them, several inputs, places in the graph, and what is refused."""

import warnings

from parity_tests.behaviours.program import behaviour, leaf


@behaviour
def batched_gradients(lib, show):
    grad, x, y = lib.autograd.grad, leaf(lib, 1.0, 2.0), leaf(lib, 1.0, 1.0)
    eye, asks = lib.eye(2), dict(is_grads_batched=True)
    show(grad(x**2, x, eye, **asks), grad((x**2, x.sum()), x, (eye, lib.ones(2)), **asks))
    show(grad(x**2, (x, y), eye, allow_unused=True, **asks), grad(x**3, x, eye, create_graph=True, **asks)[0].detach())
    show.fails(lambda: grad(x**2, x, eye[0], **asks))
    show.fails(lambda: grad(x**2, x, lib.ones(3, 3), **asks))
    show.fails(lambda: grad(x.sum(), x, **asks))
    show.fails(lambda: grad((x**2, x.sum()), x, (eye, lib.ones(3)), **asks))
    show.fails(lambda: grad(x**2, (x, y), eye, **asks))


@behaviour
def places_in_the_graph(lib, show):
    grad, edge_of = lib.autograd.grad, lib.autograd.graph.get_gradient_edge
    x = leaf(lib, 1.0, 2.0)
    z = x * 2
    show(grad((x * x).sum(), (x, x)), grad((z**2).sum(), (z, x)), grad((x * x).sum(), edge_of(x)))
    z = x * 2
    show(grad((z**2).sum(), edge_of(z), retain_graph=True), grad(edge_of(z), x, lib.ones(2)), edge_of(z).output_nr)
    show(grad(edge_of((x * x).sum()), x))
    show.fails(lambda: grad(edge_of(x * 2), x))
    show.fails(lambda: grad(edge_of(x * 2), x, lib.ones(3)))
    show.fails(lambda: grad(x.sum(), edge_of(leaf(lib)), materialize_grads=True))
    show.fails(lambda: edge_of(lib.ones(1)))
    lib.autograd.backward(edge_of(x.sum()))
    lib.autograd.backward(edge_of(x * 2), lib.ones(2))
    show(x.grad)


@behaviour
def chosen_inputs(lib, show):
    w, x = leaf(lib, 1.0, 1.0), leaf(lib, 1.0, 2.0)
    (w * x).sum().backward(inputs=[w])
    show(w.grad, x.grad)
    z = w * 3
    (z * z).sum().backward(inputs=[z, w])
    show(w.grad, z.grad)
    (w * 1).sum().backward(inputs=x)
    show(x.grad)
    show.fails(lambda: (w * x).sum().backward(inputs=[]))
    show.fails(lambda: (w * x).sum().backward(inputs=lib.ones(2)))


@behaviour
def refused_requests(lib, show):
    grad, backward, x = lib.autograd.grad, lib.autograd.backward, leaf(lib, 1.0, 2.0)
    show.fails(lambda: grad(x.sum(), []))
    show.fails(lambda: grad([], x))
    show.fails(lambda: grad(x.sum(), [3]))
    show.fails(lambda: grad(x.sum(), x, lib.ones(2)))
    show.fails(lambda: grad(x.sum(), x.clone()))
    show.fails(lambda: backward((x.sum(), x.sum()), (None,)))
    show(grad(x * 2, x, (lib.ones(2), lib.ones(2))), grad(x.sum(), (x, leaf(lib)), materialize_grads=True))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        backward(x.sum(), grad_variables=lib.tensor(2.0))
        show.fails(lambda: backward(x.sum(), lib.tensor(2.0), grad_variables=lib.tensor(2.0)))
    show(x.grad, [(w.category.__name__, str(w.message)) for w in caught])
