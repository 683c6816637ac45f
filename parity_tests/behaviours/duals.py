"""Forward mode: dual tensors and their level, views and writing in place, together with backward, a Function's jvp."""

from parity_tests.behaviours.program import behaviour, leaf


def pair(lib, *primal):
    """A tensor and a tangent for it."""
    x = lib.tensor(primal or (1.0, 2.0))
    return x, lib.tensor([0.5, 3.0])


@behaviour
def levels(lib, show):
    forward_ad, (x, v) = lib.autograd.forward_ad, pair(lib)
    show(forward_ad.unpack_dual(x))
    for wrong in (lambda: forward_ad.make_dual(x, v), forward_ad.exit_dual_level,
                  lambda: forward_ad.exit_dual_level(level=0)):  # fmt: skip
        show.fails(wrong)
    show(forward_ad.enter_dual_level())
    d = forward_ad.make_dual(x, v)
    show(d)
    show.fails(forward_ad.enter_dual_level)
    show.fails(lambda: forward_ad.exit_dual_level(level=1))
    forward_ad.exit_dual_level(level=0)
    show(d, forward_ad.unpack_dual(d))
    with forward_ad.dual_level() as level:
        show(level, d, forward_ad.unpack_dual(d))
        y = forward_ad.make_dual(x, v) * 2
        show(y)
    show(y)

    @forward_ad.dual_level()
    def inside():
        return forward_ad.unpack_dual(forward_ad.make_dual(x, v) * x)

    show(inside())
    try:
        with forward_ad.dual_level():
            raise ValueError
    except ValueError:
        show.fails(forward_ad.exit_dual_level)


@behaviour
def a_dual_is_a_view(lib, show):
    forward_ad, (x, v) = lib.autograd.forward_ad, pair(lib)
    with forward_ad.dual_level():
        d = forward_ad.make_dual(x, v)
        show(d, d._is_view(), d._base is x, d.grad_fn, d.requires_grad, d.is_leaf, d._version)
        primal, tangent = forward_ad.unpack_dual(d)
        show(primal, primal is x, primal._is_view(), tangent is v, forward_ad.unpack_dual(primal).tangent)
        d.mul_(2)
        show(x, v, d, x._version, v._version)
        e = forward_ad.make_dual(x.clone().requires_grad_(), v)
        show(e, e.is_leaf, (e * e)[0], forward_ad.unpack_dual(e * e))
        show(d.detach(), d.data, d.clone(), d.tolist(), d.sum().item())
        show((d * 2).requires_grad_())
        strided = forward_ad.make_dual(lib.zeros(2, 2).t(), lib.ones(2, 2))
        show(forward_ad.unpack_dual(strided).tangent.stride())
        part = forward_ad.unpack_dual(forward_ad.make_dual(lib.zeros(4)[1:3], v)).tangent
        show(part.storage_offset(), part.untyped_storage().nbytes(), part is v)


@behaviour
def refused_duals(lib, show):
    forward_ad, (x, v) = lib.autograd.forward_ad, pair(lib)
    with forward_ad.dual_level():
        d = forward_ad.make_dual(x, v)
        for a, b in ((d, v), (x, d), (x, lib.ones(3)), (lib.arange(2), v), (x, lib.arange(2)), (1.0, v), (x, 1.0)):
            show.fails(lambda a=a, b=b: forward_ad.make_dual(a, b))
        show(forward_ad.make_dual(x, v.double()), forward_ad.make_dual(x, v.double()) * 2)
        for level in (1, -1):
            show.fails(lambda level=level: forward_ad.make_dual(x, v, level=level))
        show.fails(lambda: forward_ad.unpack_dual(1))
        show.fails(lambda: forward_ad.unpack_dual(d, level=1))
        show(forward_ad.unpack_dual(d, level=-1).tangent, forward_ad.unpack_dual(lib.arange(3)))
        show.fails(lambda: forward_ad.make_dual(lib.zeros(1).expand(2), v))
        m = forward_ad.make_dual(lib.ones(2, 2), lib.ones(2, 2))
        for refused in (lambda: lib.add(d, 1, out=lib.empty(2)), lambda: lib.add(x, 1, out=d.clone()), lambda: lib.cdist(m, m),
                        lambda: lib.geqrf(m), lambda: lib.floor_divide(d, 2), lambda: lib.special.zeta(d, 2.0),
                        lambda: lib.stack([d, d], out=lib.empty(2, 2)), lambda: lib.igamma(d, d)):  # fmt: skip
            show.fails(refused)
        show(d)


@behaviour
def duals_in_modes(lib, show):
    forward_ad, (x, v) = lib.autograd.forward_ad, pair(lib)
    with forward_ad.dual_level():
        d, p = forward_ad.make_dual(x, v), forward_ad.make_dual(leaf(lib, 1.0, 2.0), v)
        with lib.no_grad():
            show(d * 2, p * p, d[0])
            y = d * d
            y[0] = 1
            y[1] *= 3
            show(y)
        with lib.inference_mode():
            show(d * 2, forward_ad.unpack_dual(d), forward_ad.make_dual(x, v))
        show(d, d.floor(), d > 1, d.argmax(), lib.zeros_like(d), d.long(), d.double(), d.sign(), d.new_zeros(2))
        show(d + lib.ones(2, dtype=lib.float64), 1 - d, 2**d, d @ d, lib.where(d > 1, d, 0.0), d.half())


@behaviour
def tangents_of_views(lib, show):
    forward_ad, unpack = lib.autograd.forward_ad, lib.autograd.forward_ad.unpack_dual
    _, v = pair(lib)
    with forward_ad.dual_level():
        d = forward_ad.make_dual(lib.arange(6.0).reshape(2, 3), lib.ones(2, 3))
        w = d[0]
        show(w, d.t(), d.view(-1)[2:4])
        w.mul_(3)
        show(d, w)
        d.add_(1)
        show(d, w)
        b = lib.zeros(2, 3)
        part = b[1]
        part.copy_(d[0])
        show(b, part)
        b = lib.zeros(2, 3)
        flat = b.view(-1)
        b.copy_(d)
        show(flat)
        b = lib.zeros(4)
        b[1:3] = forward_ad.make_dual(lib.ones(2), v)
        show(b, b[1:3])
        b[0] = 5
        b[1] = 7.0
        show(b)
        b.zero_()
        show(b)
        primal = unpack(b).primal
        show(primal, primal[0], primal * 2, primal.view(2, 2)[0])
        a, c = forward_ad.make_dual(lib.ones(2), v).chunk(2)
        a.mul_(3)
        show(a, c)


@behaviour
def writing_over_duals(lib, show):
    forward_ad, (x, v) = lib.autograd.forward_ad, pair(lib)
    with forward_ad.dual_level():
        d = forward_ad.make_dual(lib.ones(2, 3), lib.ones(2, 3) * 2)
        d.transpose_(0, 1)
        show(d, d.shape)
        d.unsqueeze_(0)
        show(d)
        d.uniform_()
        show(forward_ad.unpack_dual(d).tangent)
        o = lib.ones(2, requires_grad=True)
        z = o * 2
        z.copy_(forward_ad.make_dual(x, v))
        show(z)
        z = o * 2
        z.mul_(forward_ad.make_dual(x, v))
        tangent = forward_ad.unpack_dual(z).tangent
        show(z.detach(), tangent.detach(), lib.autograd.grad(tangent.sum(), o))
        z = forward_ad.make_dual(x.clone(), v.clone())
        z.mul_(x).exp_().clamp_(max=3).relu_()
        show(z)
        z.masked_fill_(lib.tensor([True, False]), 0.5)
        show(z)
        z.index_fill_(0, lib.tensor([1]), 2.0)
        show(z)
        plain = lib.ones(2)
        plain.addcmul_(forward_ad.make_dual(x, v), x)
        show(plain)
        z = forward_ad.make_dual(x.clone(), v.clone())
        z.data.mul_(2)
        show(z, z.detach_() if not z._is_view() else "a view")


@behaviour
def forward_over_reverse(lib, show):
    forward_ad, (_, v) = lib.autograd.forward_ad, pair(lib)
    p = leaf(lib, 1.0, 2.0)
    with forward_ad.dual_level():
        e = forward_ad.make_dual(p, v)
        show(e, e.grad_fn.name(), e * e)
        show(lib.autograd.grad((e**3).sum(), p))
        show(lib.autograd.grad((e**3).sum(), e))
        for create_graph in (False, False, True):
            (e**3).sum().backward(create_graph=create_graph)
            show(p.grad.detach() if create_graph else p.grad)
        show(lib.autograd.grad(p * p, p, forward_ad.make_dual(lib.ones(2), v)))
        e.retain_grad()
        e.register_hook(lambda g: show("hook", g))
        (e * e).sum().backward()
        show(e.grad)
        show(lib.autograd.grad(lib.sigmoid(e).sum(), p), lib.autograd.grad((e.tanh() ** 2).sum(), p))
        y = lib.softmax(e, 0)
        show(lib.autograd.grad((y * y).sum(), p))
        y = e * 1
        y[0] *= 3
        y.exp_()
        show(lib.autograd.grad(y.sum(), p))
    show(p.grad.detach())


@behaviour
def reverse_over_forward(lib, show):
    forward_ad, (x, _) = lib.autograd.forward_ad, pair(lib)
    p, t = leaf(lib, 1.0, 2.0), leaf(lib, 0.5, 3.0)
    with forward_ad.dual_level():
        d = forward_ad.make_dual(p, t)
        _, tangent = forward_ad.unpack_dual(d.sin() * d)
        show(tangent.detach(), lib.autograd.grad(tangent.sum(), (p, t), retain_graph=True))
        (tangent**2).sum().backward()
        show(p.grad, t.grad)
        _, tangent = forward_ad.unpack_dual(forward_ad.make_dual(x, t).exp())
        show(tangent, lib.autograd.grad(tangent.sum(), t))
    with forward_ad.dual_level():
        y = (forward_ad.make_dual(p, t) ** 2).sum()
        tangent = forward_ad.unpack_dual(y).tangent
    show(y.detach(), lib.autograd.grad(tangent, (p, t)))


@behaviour
def a_net_pushed_forward(lib, show):
    forward_ad, nn = lib.autograd.forward_ad, lib.nn
    lib.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 3),
                        nn.Dropout(0.0))  # fmt: skip
    x = lib.randn(4, 1, 6, 6)
    tangents = {name: lib.randn(p.shape) for name, p in net.named_parameters()}
    with forward_ad.dual_level():
        duals = {name: forward_ad.make_dual(p, tangents[name]) for name, p in net.named_parameters()}
        out = lib.func.functional_call(net, duals, (x,))
        loss = nn.functional.cross_entropy(out, lib.tensor([0, 1, 2, 0]))
        primal, tangent = forward_ad.unpack_dual(loss)
        show(primal.detach(), tangent.detach())
        gradients = lib.autograd.grad(loss, list(net.parameters()))
        show(sum((g * v).sum() for g, v in zip(gradients, tangents.values())).detach())
        y = net(forward_ad.make_dual(x, lib.randn(x.shape)))
        show(forward_ad.unpack_dual(y).tangent.detach())


@behaviour
def function_with_jvp(lib, show):
    forward_ad, (x, v) = lib.autograd.forward_ad, pair(lib)

    class Scaled(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x, k):
            ctx.save_for_forward(x)
            ctx.save_for_backward(x)
            ctx.k = k
            show("forward", forward_ad.unpack_dual(x).tangent, x * 2, lib.is_grad_enabled())
            return x * x * k

        @staticmethod
        def backward(ctx, g):
            return 2 * ctx.saved_tensors[0] * g * ctx.k, None

        @staticmethod
        def jvp(ctx, t, k):
            (x,) = ctx.saved_tensors
            show("jvp", t, k, x.detach(), lib.is_grad_enabled(), type(ctx).__name__)
            return 2 * x * t * ctx.k

    p = leaf(lib, 1.0, 2.0)
    show(Scaled.apply(x, 3.0))
    with forward_ad.dual_level():
        show(Scaled.apply(x, 3.0))
        show(Scaled.apply(forward_ad.make_dual(x, v), 3.0))
        y = Scaled.apply(forward_ad.make_dual(p, v), 3.0)
        show(y, lib.autograd.grad(y.sum(), p, retain_graph=True))
        show(lib.autograd.grad(forward_ad.unpack_dual(y).tangent.sum(), p))
        with lib.no_grad():
            show(Scaled.apply(forward_ad.make_dual(p, v), 3.0))


@behaviour
def function_with_wrong_jvp(lib, show):
    forward_ad, (x, v) = lib.autograd.forward_ad, pair(lib)

    def function(forward_, jvp_=None):
        class Custom(lib.autograd.Function):
            @staticmethod
            def forward(ctx, *inputs):
                return forward_(ctx, *inputs)

            if jvp_ is not None:

                @staticmethod
                def jvp(ctx, *tangents):
                    show("jvp", *tangents)
                    return jvp_(*tangents)

        return Custom.apply

    def dual():
        return forward_ad.make_dual(x.clone(), v.clone())

    with forward_ad.dual_level():
        show.fails(lambda: function(lambda ctx, x: x * 2)(dual()))
        for wrong in (lambda a, b: a, lambda a, b: (a, 1.0), lambda a, b: (a, b, a), lambda a, b: (a, lib.ones(3)),
                      lambda a, b: [a, b], lambda a, b: None):  # fmt: skip
            show.fails(lambda wrong=wrong: function(lambda ctx, x, y: (x * y, x + y), wrong)(dual(), x))
        show(function(lambda ctx, x, y: (x * y, x + y), lambda a, b: (a, b.double()))(dual(), x))
        show(function(lambda ctx, x, y: ctx.set_materialize_grads(False) or x * y, lambda a, b: a)(dual(), x))
        show(function(lambda ctx, i, x: x * 2, lambda i, a: a)(lib.arange(2), dual()))
        show.fails(lambda: function(lambda ctx, x: ctx.save_for_forward(3))(dual()))

        def written(ctx, x):
            ctx.mark_dirty(x)
            return x.mul_(2)

        for jvp in (lambda a: a * 2, lambda a: a.mul_(2), lambda a: a, lambda a: None):
            d = dual()
            try:
                show(function(written, jvp)(d))
            except RuntimeError as error:
                show(error)
            show(d)
        for look in (lambda ctx, x: x, lambda ctx, x: x[0], lambda ctx, x: x.view_as(x)):
            for jvp in (lambda a: a, lambda a: a[0], lambda a: a.clone(), lambda a: a.view_as(a), lambda a: None):
                try:
                    show(function(look, jvp)(dual()))
                except RuntimeError as error:
                    show(error)

        def constant(ctx, x):
            ctx.mark_non_differentiable(out := x * 2)
            return out, x > 1, 3

        for jvp in (lambda a: (a, None, None), lambda a: (None, None, None), lambda a: (None, a, None),
                    lambda a: (None, None)):  # fmt: skip
            try:
                show(function(constant, jvp)(dual()))
            except RuntimeError as error:
                show(error)


@behaviour
def tangents_apart(lib, show):
    """Tangents of copies are copies, of views of primals apart from those of the whole, and have none themselves."""
    forward_ad, (x, v) = lib.autograd.forward_ad, pair(lib)
    with forward_ad.dual_level():
        d = forward_ad.make_dual(x.clone(), v.clone())
        for copy in (d.clone(), d * 1, d + 0, d.softmax(0).clone(), lib.cat([d]), d.double().float(), d.contiguous()):
            before = str(copy)
            d.mul_(2)
            show(copy is d or str(copy) == before)
            d.mul_(0.5)
        primal = forward_ad.unpack_dual(lib.ones(2, 2) * 1).primal
        primal[0].copy_(d)
        show(primal, primal[1], primal.t())
        y = d * 2
        primal = forward_ad.unpack_dual(y).primal
        primal[:1].mul_(forward_ad.make_dual(lib.ones(1), lib.ones(1)))
        show(primal, y)
        tangent = forward_ad.unpack_dual(d).tangent
        tangent.copy_(forward_ad.make_dual(x, v))
        show(tangent)
        for wrong in (lambda: d * 2, lambda: d[0], lambda: lib.stack([d, x])):
            show.fails(wrong)
