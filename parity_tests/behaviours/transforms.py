"""torch.func: transforms of functions, nested, with aux results, and what they refuse."""

from parity_tests.behaviours.program import behaviour, leaf


@behaviour
def functionalized(lib, show):
    func, x = lib.func, lib.tensor([1.0, 2.0])

    def f(a):
        b = a + 1
        b.view(-1).add_(1)
        return b

    def written(a):
        a.mul_(2)
        return a * 1

    show(func.functionalize(f)(x), func.functionalize(f, remove="mutations_and_views")(x), func.functionalize(f).__name__)
    show.fails(lambda: func.functionalize(f, remove="views"))
    show(func.functionalize(written)(x), x, func.functionalize(lambda a, b=1: (a, {"b": a * b}))(x, b=3))
    show(func.grad(lambda a: func.functionalize(f)(a).sum())(x), func.functionalize(func.grad(lambda a: f(a).sum()))(x))
    show(func.vmap(func.functionalize(f))(lib.ones(2, 2)), func.debug_unwrap(x))


@behaviour
def func_grad(lib, show):
    func = lib.func
    x, s, w = lib.tensor([1.0, 2.0]), lib.tensor(2.0), leaf(lib, 3.0, 4.0)
    show(func.grad(lambda t: (t**3).sum())(x), func.grad(func.grad(func.grad(lambda t: t**4)))(s))
    show(func.grad(lambda t: (t["a"] * t["b"][0]).sum())({"a": x, "b": [x + 1]}))
    show(func.grad(lambda t, u: (t * u).sum(), argnums=(0, 1))(x, x + 1))
    show(func.grad(lambda t, u: (t * u).sum(), argnums=-1)(x, x + 1))
    show(func.grad(lambda t: (t.sum(), (t * 2, t.sum())), has_aux=True)(x))
    show(func.grad_and_value(lambda t: (t**2).sum())(x))
    show(func.grad_and_value(lambda t: ((t**2).sum(), t), has_aux=True)(x))
    show(func.grad(lambda t: lib.tensor(1.0))(s), func.grad(lambda t: t.detach() * 1)(s))
    show(func.grad(lambda a: func.grad(lambda b: a * b**2)(a))(s))
    show(func.grad(lambda t: t.sum())(x).requires_grad, x.requires_grad, x.grad)

    def unrecorded(t):
        with lib.no_grad():
            return t**2

    show(func.grad(unrecorded)(s))
    with lib.no_grad():
        show(func.grad(lambda t: t**2)(s), func.grad(lambda t: (t**2).sum())(w))


@behaviour
def func_grad_of_a_graph(lib, show):
    func = lib.func
    x, w = lib.tensor([1.0, 2.0]), leaf(lib, 3.0, 4.0)
    for found in (func.grad(lambda t: (t**3).sum())(w), func.grad(lambda t: (t**3 * w).sum())(x)):
        show(found, lib.autograd.grad(found.sum(), w))
    gradient, value = func.grad_and_value(lambda t: (t**3 * w).sum())(x)
    show(gradient.requires_grad, value.requires_grad)
    value.backward()
    show(w.grad)
    output, pull = func.vjp(lambda t: t**3, w)
    (found,) = pull(x)
    show(output.requires_grad, found, lib.autograd.grad(found.sum(), w))
    show(func.jacrev(lambda t: t**2)(w), func.hessian(lambda t: (t**3).sum())(w).requires_grad)


@behaviour
def func_errors(lib, show):
    func = lib.func
    x, s = lib.tensor([1.0, 2.0]), lib.tensor(2.0)
    show.fails(lambda: func.grad(lambda t: t**3)(x))
    show.fails(lambda: func.grad(lambda t: 3.0)(x))
    show.fails(lambda: func.grad(lambda t: t)(3.0))
    show.fails(lambda: func.grad(lambda t: t.sum(), argnums=2)(x))
    show.fails(lambda: func.grad(lambda t, u: t.sum(), argnums=(0, 0))(x, x))
    show.fails(lambda: func.grad(lambda t, u: t.sum(), argnums="a")(x, x))
    show.fails(lambda: func.grad(lambda t: (t.sum(), 5), has_aux=True)(x))
    show.fails(lambda: func.grad(lambda t: t.sum(), has_aux=True)(x))
    show.fails(lambda: func.grad(lambda t: t.sum())(lib.tensor([1])))
    _, pull = func.vjp(lambda t: t**2, x)
    show.fails(lambda: pull(s))
    show.fails(lambda: pull((x,)))
    _, pull = func.vjp(lambda t, u: (t * u, {"a": t}), x, x + 1)
    show.fails(lambda: pull((x, x)))
    show.fails(lambda: func.vjp(lambda t: (t, 5), x))
    show.fails(lambda: func.jvp(lambda t: t**2, x, x))
    show.fails(lambda: func.jvp(lambda t: t**2, (x,), (s,)))
    show.fails(lambda: func.jvp(lambda t: t**2, (x,), (x, x)))
    show.fails(lambda: func.jvp(lambda t: 5, (x,), (x,)))
    show.fails(lambda: func.jvp(lambda t: 5, (), ()))
    show.fails(lambda: func.jacrev(lambda t: 3)(x))
    show.fails(lambda: func.jacrev(lambda t: t)(3.0))
    show.fails(lambda: func.jacrev(lambda t: t, argnums=3)(x))
    show.fails(lambda: func.jacrev(lambda t: t, chunk_size=0)(x))
    show.fails(lambda: func.jacfwd(lambda t: 3)(x))
    show.fails(lambda: func.jacfwd(lambda t: t)(lib.tensor([1, 2])))


@behaviour
def func_products(lib, show):
    func = lib.func
    x, s = lib.tensor([1.0, 2.0]), lib.tensor(2.0)
    output, pull = func.vjp(lambda t: t**2, x)
    show(output, pull(x), pull(x + 1))
    output, pull = func.vjp(lambda t, u: (t * u, {"a": t}), x, x + 1)
    show(output, pull((x, {"a": x})))
    output, pull, aux = func.vjp(lambda t: (t**2, t * 2), x, has_aux=True)
    show(output, pull(x), aux)
    show(func.jvp(lambda t: t**2, (x,), (x,)), func.jvp(lambda t: (t, {"a": t * t}), (x,), (x,)))
    show(func.jvp(lambda t: (t * t, t * 1), (x,), (x,), has_aux=True), func.jvp(lambda t: s, (x,), (x,)))
    show(func.jvp(func.grad(lambda t: (t**3).sum()), (x,), (x,)))
    show(func.jvp(lambda t: func.jvp(lambda u: u**3, (t,), (t,))[1], (x,), (x,)))
    output, push = func.linearize(lambda t: t**2, x)
    show(output, push(x), push(x + 1))


@behaviour
def func_jacobians(lib, show):
    func, x, s = lib.func, lib.tensor([1.0, 2.0]), lib.tensor(2.0)
    for jac in (func.jacrev, func.jacfwd):
        show(jac(lambda t: t**2)(x), jac(lambda t, u: t * u, argnums=(0, 1))(x, x + 1))
        show(jac(lambda t: (t**2, t.sum()))(x))
        show(jac(lambda t: {"a": t * 2})(x), jac(lambda t: t["a"] * 2)({"a": x}))
        show(jac(lambda t: (t, t), has_aux=True)(x))
        show(jac(jac(lambda t: t**3))(x), jac(lambda t: s)(x), jac(lambda t: t[:, None] * t)(x))
    show(func.hessian(lambda t: (t**3).sum())(x), func.hessian(lambda t, u: (t * u * u).sum(), argnums=(0, 1))(x, x))
    show(func.jacrev(lambda t: t**2, chunk_size=1)(x), func.jacrev(func.jacfwd(lambda t: t.exp()))(x))


@behaviour
def func_vmap(lib, show):
    vmap, func = lib.func.vmap, lib.func
    x = lib.tensor([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])
    show(lib.vmap is vmap, vmap(lambda t: t.sum())(x), vmap(lambda t: t.sum(), in_dims=1)(x))
    show(vmap(lambda t: t * 2, out_dims=1)(x), vmap(lambda t: t * 2, in_dims=-1, out_dims=-1)(x))
    show(vmap(lambda t, u: t * u, in_dims=(0, None))(x, 3.0), vmap(lambda t, k: t * k)(x, k=x))
    show(vmap(lambda d: d["a"] * d["b"], in_dims=({"a": 0, "b": None},))({"a": x, "b": lib.ones(3)}))
    show(vmap(lambda t: (t, t.sum()), out_dims=(1, 0))(x), vmap(lambda t: {"a": t})(x), vmap(lambda t: [t, t])(x))
    show(vmap(lambda t: lib.ones(2))(x), vmap(lambda t: (t, lib.ones(2)), out_dims=(0, None))(x))
    show(vmap(vmap(lambda t: t * t))(x), vmap(func.grad(lambda t: (t**2).sum()))(x))
    show(vmap(func.jacrev(lambda t: t**2))(x))
    show(func.grad(lambda t: vmap(lambda u: u**2)(t).sum())(x))
    show(vmap(lambda a: a[0] * a[1], in_dims=((0, 1),))((x, x.T)))
    show(vmap(lambda t: t * 2, chunk_size=1)(x), vmap(lambda t: t * 2)(x[:0]), vmap(lambda t: t.add_(1))(x.clone()))
    lib.manual_seed(0)
    for randomness in ("same", "different"):
        show(vmap(lambda t: t * 0 + lib.rand(3), randomness=randomness)(x), lib.rand(2))
    w = leaf(lib)
    vmap(lambda t: t * t)(w).sum().backward()
    show(w.grad)


@behaviour
def func_vmap_errors(lib, show):
    vmap, x = lib.func.vmap, lib.ones(2, 3)
    for in_dims in (None, (None,), (0, 0), 2, "a", 0.5, [0]):
        show.fails(lambda: vmap(lambda t: t, in_dims=in_dims)(x))
    for out_dims in (5, "a", (0, 0)):
        show.fails(lambda: vmap(lambda t: t, out_dims=out_dims)(x))
    show.fails(lambda: vmap(lambda t: (t, t.sum()), out_dims=1)(x))
    show.fails(lambda: vmap(lambda t: (t, t.sum()), out_dims=(0,))(x))
    show.fails(lambda: vmap(lambda t: t, in_dims=({"z": 0},))({"a": x}))
    show.fails(lambda: vmap(lambda t, u: t * u)(x, 3.0))
    show.fails(lambda: vmap(lambda t, u: t * u)(x, lib.ones(3)))
    show.fails(lambda: vmap(lambda t: t)(lib.tensor(1.0)))
    show.fails(lambda: vmap(lambda t: t)())
    show.fails(lambda: vmap(lambda t: 5)(x))
    show.fails(lambda: vmap(lambda t: (t, 5))(x))
    show.fails(lambda: vmap(lambda t: None)(x))
    show.fails(lambda: vmap(lambda t: t + lib.rand(3))(x))
    show.fails(lambda: vmap(lambda t: t, randomness="odd")(x))
    show.fails(lambda: vmap(lambda t: t, chunk_size=0)(x))


@behaviour
def func_modules(lib, show):
    func, call = lib.func, lib.func.functional_call
    lib.manual_seed(0)
    net, x, ones = lib.nn.Linear(3, 1), lib.ones(2, 3), lib.ones(1, 3)
    show(call(net, {"weight": ones, "bias": lib.zeros(1)}, x), call(net, {"weight": ones}, (x,)))
    show(call(net, ({"weight": ones}, {"bias": lib.ones(1)}), x), call(net, {"other": ones}, x))
    show.fails(lambda: call(net, {"other": ones}, x, strict=True))
    show.fails(lambda: call(net, {"weight": ones}, x, strict=True))
    show.fails(lambda: call(net, ({"weight": ones}, {"weight": ones}), x))
    show.fails(lambda: call(net, [1], x))
    show.fails(lambda: call(net, 3, x))
    show.fails(lambda: call(net, {"weight": 3}, x))
    show([name for name, _ in net.named_parameters()], net.weight.requires_grad)
    deep = lib.nn.Sequential(net, lib.nn.Tanh())
    show(call(deep, {"0.weight": ones}, x, {}), call(deep, {"0.weight": ones}, kwargs={"input": x}))
    norm, mean = lib.nn.BatchNorm1d(3), lib.ones(3)
    call(norm, {"running_mean": mean}, x)
    show(norm.running_mean, mean)

    class Tied(lib.nn.Module):
        def __init__(self):
            super().__init__()
            self.a = lib.nn.Parameter(lib.ones(1))
            self.b = self.a

        def forward(self, x):
            return x * self.a + self.b

    show(call(Tied(), {"a": lib.zeros(1)}, lib.ones(1)))
    show(call(Tied(), {"a": lib.zeros(1)}, lib.ones(1), tie_weights=False))
    show.fails(lambda: call(Tied(), {"a": lib.zeros(1), "b": lib.ones(1)}, lib.ones(1)))
    show(func.stack_module_state([net, net]))
    show.fails(lambda: func.stack_module_state([]))
    parameters = {name: p.detach() for name, p in net.named_parameters()}
    loss = lambda p, sample: call(net, p, sample).sum() ** 2
    show(func.grad(loss)(parameters, x), func.vmap(func.grad(loss), in_dims=(None, 0))(parameters, x))


@behaviour
def functions_under_transforms(lib, show):
    x, func = lib.tensor([1.0, 2.0, 3.0]), lib.func

    class Old(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2

    class New(lib.autograd.Function):
        @staticmethod
        def forward(x, k=2):
            return x * k

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.k = inputs[1]

        @staticmethod
        def backward(ctx, g):
            return g * ctx.k, None

    class Ruled(New):
        @staticmethod
        def vmap(info, in_dims, x, k):
            return x * k, 0

    class Generated(New):
        generate_vmap_rule = True

    class Both(Ruled):
        generate_vmap_rule = True

    y = lib.tensor([1.0, 2.0], requires_grad=True)
    show(New.apply(y), lib.autograd.grad(New.apply(y).sum(), y), New._backward_cls.__name__)
    for function in (Old, New, Ruled, Generated, Both):
        show(function.__name__)
        show.fails(lambda function=function: show(func.grad(lambda a: function.apply(a).sum())(x)))
        show.fails(lambda function=function: show(func.vmap(function.apply)(x)))
        show.fails(lambda function=function: show(func.vjp(function.apply, x)[1](x)))
    show(Old.apply(x))


@behaviour
def wrong_arguments_of_transforms(lib, show):
    x, func = lib.tensor([1.0, 2.0]), lib.func
    pull = func.vjp(lambda a: (a * 2, a * 3), x)[1]
    for wrong in (lambda: pull((x, 3)), lambda: func.jvp(lambda a: a.sin(), (x,), (3,)),
                  lambda: func.jacfwd(lambda a: a, randomness="any")(x),
                  lambda: func.grad(lambda a: (a**2).sum().backward())(x)):  # fmt: skip
        show.fails(wrong)
    show.fails(lambda: lib.autograd.functional.jacobian(lambda a: a**2, x, vectorize=True, strict=True))


@behaviour
def graphs_of_sums(lib, show):
    a = lib.ones(2, 3, requires_grad=True)
    for shape in ((3,), (), (1, 3), (2, 1), (1,), (1, 1)):
        b = lib.full(shape, 2.0, requires_grad=True)
        for y in (a * b, b.expand(2, 3) * a):
            (g,) = lib.autograd.grad(y.sum(), b, create_graph=True)
            show(g, [node.name() for node, _ in g.grad_fn.next_functions])


@behaviour
def transforms_and_duals(lib, show):
    func, forward_ad = lib.func, lib.autograd.forward_ad
    x, v = lib.tensor([1.0, 2.0]), lib.tensor([0.5, 3.0])

    class Doubled(lib.autograd.Function):
        @staticmethod
        def forward(a):
            return a * 2

        @staticmethod
        def setup_context(ctx, inputs, output):
            pass

        @staticmethod
        def jvp(ctx, t):
            return t * 2

    with forward_ad.dual_level():
        d = forward_ad.make_dual(x, v)
        show(func.grad(lambda a: (a**3).sum())(d), func.vjp(lambda a: a**3, d)[1](x), func.jacrev(lambda a: a**3)(d))
        show(func.grad_and_value(lambda a: (a**3).sum())(d), func.vmap(lambda a: a**3)(d))
        show(func.grad(lambda a: (a * d).sum())(x))
        for nested in (lambda: func.jvp(lambda a: a**3, (x,), (v,)), lambda: func.jacfwd(lambda a: a**3)(x),
                       lambda: func.hessian(lambda a: (a**3).sum())(x), lambda: func.linearize(lambda a: a**3, x)):  # fmt: skip
            show.fails(nested)

    def pushed(a):
        with forward_ad.dual_level():
            return forward_ad.unpack_dual(forward_ad.make_dual(a, v) ** 2).tangent

    show.fails(lambda: func.jvp(pushed, (x,), (v,)))
    show(func.grad(lambda a: pushed(a).sum())(x), func.jvp(Doubled.apply, (x,), (v,)))
    show.fails(lambda: func.jvp(lambda a: lib.cdist(a[None], a[None]), (x,), (v,)))
    show(func.jvp(lambda a: func.grad(lambda b: (b**3).sum())(a), (x,), (v,)))
    show(func.jvp(lambda a: func.jvp(lambda b: b**3, (a,), (v,))[1], (x,), (v,)))
    show(func.grad(lambda a: func.jvp(lambda b: b**3, (a,), (v,))[1].sum())(x))
    show(func.jvp(lambda a: (a.floor(), a > 1, a.detach()), (x,), (v,)), func.jvp(lambda a: a**3, (x,), (v.double(),)))
    show(func.jvp(lambda a: a.add_(1), (x.clone(),), (v,)))
    with lib.no_grad():
        show(func.jvp(lambda a: a**3, (x,), (v,)))
    with lib.inference_mode():
        show(func.jvp(lambda a: a**3, (x,), (v,)))
    for a, b in ((lib.arange(2), v), (x, lib.arange(2))):
        show.fails(lambda a=a, b=b: func.jvp(lambda t: t**3, (a,), (b,)))
    p = x.clone().requires_grad_()
    show(lib.autograd.grad(func.jvp(lambda b: b**3, (p,), (v,))[1].sum(), p))
