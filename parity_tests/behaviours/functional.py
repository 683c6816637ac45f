"""autograd.functional: Jacobians and Hessians of functions, the structure of results, strict mode, errors."""

from parity_tests.behaviours.program import behaviour, leaf


@behaviour
def jacobian(lib, show):
    jacobian = lib.autograd.functional.jacobian
    x, y = lib.tensor([1.0, 2.0]), lib.tensor([[3.0], [4.0]])
    show(jacobian(lambda t: t**2, x), jacobian(lambda t: t**2, (x,)))
    show(jacobian(lambda t: (t**2, t.sum()), x), jacobian(lambda t: (t**2, t.sum()), (x,)))
    show(jacobian(lambda t, u: t * u, (x, y)), jacobian(lambda t, u: t, (x, y)))
    show(jacobian(lambda t: t.exp(), x, vectorize=True))
    show(jacobian(lambda t: t**2, x, vectorize=True, strategy="forward-mode"))
    show(jacobian(lambda t: lib.tensor(3.0), x), jacobian(lambda t: t.sum(), lib.ones(0)))
    w = leaf(lib, 1.0, 2.0)
    show(jacobian(lambda t: t * w, x), jacobian(lambda t: t**2, w))
    with lib.no_grad():
        show(jacobian(lambda t: t**2, w))


@behaviour
def jacobian_of_a_graph(lib, show):
    x = leaf(lib)
    found = lib.autograd.functional.jacobian(lambda t: t**3, x, create_graph=True)
    show(found)
    found.sum().backward()
    show(x.grad)
    show(lib.autograd.functional.jacobian(lambda t: t**3, lib.ones(2), create_graph=True))
    h = lib.autograd.functional.hessian(lambda t: (t**4).sum(), x, create_graph=True)
    show(h, lib.autograd.grad(h.sum(), x))


@behaviour
def jacobian_errors(lib, show):
    jacobian = lib.autograd.functional.jacobian
    x, c = lib.tensor([1.0, 2.0]), lib.tensor(3.0)
    show.fails(lambda: jacobian(lambda t: 3, x))
    show.fails(lambda: jacobian(lambda t: (t, 3), x))
    show.fails(lambda: jacobian(lambda t: [t], x))
    show.fails(lambda: jacobian(lambda t: t, 3))
    show.fails(lambda: jacobian(lambda t: t, (x, 3)))
    show.fails(lambda: jacobian(lambda t: t, [x]))
    show.fails(lambda: jacobian(lambda t: t, lib.tensor([1])))
    show.fails(lambda: jacobian(lambda t: c, x, strict=True))
    show.fails(lambda: jacobian(lambda t, u: t, (x, x), strict=True))
    show.fails(lambda: jacobian(lambda t: 2 * t, x, create_graph=True, strict=True))
    show.fails(lambda: jacobian(lambda t: t, x, strategy="forward-mode"))
    show.fails(lambda: jacobian(lambda t: t, x, vectorize=True, strategy="sideways"))
    show.fails(lambda: jacobian(lambda t: t, x, create_graph=True, vectorize=True, strategy="forward-mode"))
    show.fails(lambda: jacobian(lambda t: t, x, strict=True, vectorize=True, strategy="forward-mode"))
    show.fails(lambda: jacobian(lambda t: t * 2, lib.ones(2, 0)))


@behaviour
def hessian(lib, show):
    hessian = lib.autograd.functional.hessian
    x, c = lib.tensor([1.0, 2.0]), lib.tensor(3.0)
    show(hessian(lambda t: (t**3).sum(), x), hessian(lambda t: (t**3).sum(), (x,)))
    show(hessian(lambda t, u: (t * u * u).sum(), (x, x + 1)), hessian(lambda t: t.sum(), x), hessian(lambda t: c, x))
    show(hessian(lambda t: (t**3).sum().reshape(1), x), hessian(lambda t: (t**3).sum(), x[:1]))
    show.fails(lambda: hessian(lambda t: t**2, x))
    show.fails(lambda: hessian(lambda t: (t.sum(), t.sum()), x))
    show.fails(lambda: hessian(lambda t: 3, x))
    show.fails(lambda: hessian(lambda t: t.sum(), x, strict=True))
    show.fails(lambda: hessian(lambda t: c, x, strict=True))
    show.fails(lambda: hessian(lambda t, u: (t**3).sum(), (x, x), strict=True))
    show.fails(lambda: hessian(lambda t: t.sum(), x, outer_jacobian_strategy="sideways"))
    show.fails(lambda: hessian(lambda t: t.sum(), x, outer_jacobian_strategy="forward-mode"))


def products(lib, show, name):
    """What the four products with a vector have in common."""
    product = getattr(lib.autograd.functional, name)
    x, c = lib.tensor([1.0, 2.0]), lib.tensor(3.0)
    cube = (lambda t: t**3) if name in ("vjp", "jvp") else (lambda t: (t**3).sum())
    v = c if name == "vjp" else x
    vv = c if name == "vjp" else (x, x)
    show(product(cube, x, x), product(cube, (x,), (x,)), product(cube, x, (x,)), product(cube, lib.tensor(2.0)))
    show(product(cube, x, x, create_graph=True), product(cube, leaf(lib, 1.0, 2.0), x, create_graph=True))
    show(product(lambda t: c, x, v), product(lambda t, u: (t**2).sum(), (x, x), vv), product(lambda t: t.sum(), x, v))
    with lib.no_grad():
        show(product(cube, x, x))
    show.fails(lambda: product(cube, x))
    show.fails(lambda: product(cube, x, (x, x)))
    show.fails(lambda: product(cube, x, lib.ones(3)))
    show.fails(lambda: product(cube, x, 4))
    show.fails(lambda: product(cube, 4, x))
    show.fails(lambda: product(lambda t: 5, x, x))
    show.fails(lambda: product(lambda t: c, x, v, strict=True))
    show.fails(lambda: product(lambda t, u: (t**2).sum(), (x, x), vv, strict=True))
    show.fails(lambda: product(lambda t: t.sum(), x, v, strict=True))
    show.fails(lambda: product(lambda t: t.sum(), x, v, strict=True, create_graph=True))
    show.fails(lambda: product(lambda t: t, x, x[:1] if name == "vjp" else x))
    show.fails(lambda: product(lambda t, u: (t * u).sum(), (x, x), (x, x, x)))
    show.fails(lambda: product(lambda t, u: (t * u).sum(), (x, x), (x, x[:1])))


@behaviour
def vector_jacobian_product(lib, show):
    products(lib, show, "vjp")
    x, c = lib.tensor([1.0, 2.0]), lib.tensor(3.0)
    show(lib.autograd.functional.vjp(lambda t: (t.sum(), t**2), x, (c, x)))


@behaviour
def jacobian_vector_product(lib, show):
    products(lib, show, "jvp")
    x = lib.tensor([1.0, 2.0])
    show(lib.autograd.functional.jvp(lambda t: (t.sum(), t**2), x, x))
    show(lib.autograd.functional.jvp(lambda t, u: (t * 2, u * t), (x, x), (x, x), strict=True))


@behaviour
def hessian_vector_product(lib, show):
    products(lib, show, "hvp")
    x = lib.tensor([1.0, 2.0])
    show.fails(lambda: lib.autograd.functional.hvp(lambda t: (t.sum(), t.sum()), x, x))
    show.fails(lambda: lib.autograd.functional.hvp(lambda t, u: (t**2).sum() + u.sum(), (x, x), (x, x), strict=True))


@behaviour
def vector_hessian_product(lib, show):
    products(lib, show, "vhp")
    x = lib.tensor([1.0, 2.0])
    show.fails(lambda: lib.autograd.functional.vhp(lambda t, u: (t**2).sum() + u.sum(), (x, x), (x, x), strict=True))


@behaviour
def jacobian_in_forward_mode(lib, show):
    functional, forward_ad = lib.autograd.functional, lib.autograd.forward_ad
    x, m, p = lib.tensor([1.0, 2.0]), lib.tensor([[1.0, 2.0], [3.0, 4.0]]), lib.tensor([1.0, 2.0], requires_grad=True)

    def jacobian(func, inputs, **options):
        return functional.jacobian(func, inputs, **{"strategy": "forward-mode", "vectorize": True, **options})

    show(jacobian(lambda a: a**2, x), jacobian(lambda a: (a**2, a.sum()), x))
    show(jacobian(lambda a, b: a @ b, (m, x)), jacobian(lambda a, b: ((a @ b).sum(),), (m, x)))
    show(jacobian(lambda a: lib.ones(2), x), jacobian(lambda a: a.exp(), p), jacobian(lambda a: a.double(), x))
    show(jacobian(lambda a: a * 2, lib.ones(0)))
    for options in ({"vectorize": False}, {"strategy": "forward"}, {"create_graph": True}, {"strict": True}):
        show.fails(lambda options=options: jacobian(lambda a: a.exp(), x, **options))
    for func, inputs in ((lambda a: 3.0, x), (lambda a: a, lib.arange(2)), (lambda a: a, 3.0)):
        show.fails(lambda func=func, inputs=inputs: jacobian(func, inputs))
    with forward_ad.dual_level():
        show.fails(lambda: jacobian(lambda a: a**2, x))


@behaviour
def hessian_in_forward_mode(lib, show):
    x, p = lib.tensor([1.0, 2.0]), lib.tensor([1.0, 2.0], requires_grad=True)

    def hessian(func, inputs, **options):
        options = {"outer_jacobian_strategy": "forward-mode", "vectorize": True, **options}
        return lib.autograd.functional.hessian(func, inputs, **options)

    show(hessian(lambda a: (a**3).sum(), x), hessian(lambda a: (a**3).sum(), p), hessian(lambda a: (a * 2).sum(), x))
    show(hessian(lambda a, b: (a * b * a).sum(), (x, x)))
    for options in ({"vectorize": False}, {"outer_jacobian_strategy": "forward"}, {"create_graph": True}, {"strict": True}):
        show.fails(lambda options=options: hessian(lambda a: (a**3).sum(), x, **options))
