"""Views: what they are, what an in-place write does to their history, and who may be written to."""

# ruff: noqa: UP028 - the functions of a tuple are seen one by one, and read better so
from parity_tests.twofold import cases, check, leaf, names, place


def basic_views(lib):
    x = lib.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)
    y = x * 1
    for t in (x, y):
        for v in (
            t[0],
            t[1:],
            t.t(),
            t.view(6),
            t.unsqueeze(0),
            t.expand(2, 2, 3),
            t[..., 0],
            t[None],
            t.squeeze(),
            t.narrow(1, 0, 2),
            t.transpose(0, 1),
            t.reshape(3, 2),
            t.select(0, 1),
            t.view_as(t),
            t[...],
            t.flatten(),
            t.permute(1, 0),
            t.as_strided((2,), (1,), 1),
        ):
            yield place(v), v._base is t, v.stride(), v.storage_offset()
    for v in (y.contiguous(), y.clone(), y.t().contiguous(), y + 0, y[[0, 1]], y[y > 0], y.t().reshape(6), y.float()):
        yield place(v), v._base is y


def views_without_grad(lib):
    x = lib.zeros(2, 3)
    for v in (x[0], x[0][1:], x.t(), x.detach(), x.data, x.detach()[0], x.data[0]):
        yield place(v), v._base is x, v.data_ptr() - x.data_ptr()


def view_of_a_view(lib):
    y = leaf(lib) * 1
    v = y[1:]
    w = v[:1]
    yield w._base is y, v._base is y, names(w.grad_fn)
    w.mul_(10)
    yield names(y.grad_fn), names(v.grad_fn), names(w.grad_fn), y


def regenerated_history(lib):
    x = leaf(lib, 1.0, 2.0, 3.0, 4.0)
    y = x * 1
    v, w = y[:2], y.view(2, 2)
    y.mul_(3)
    yield place(v), place(w), names(v.grad_fn), names(w.grad_fn)
    v.add_(1)
    yield names(w.grad_fn), names(y.grad_fn), w
    (w * w).sum().backward()
    yield x.grad


def regenerated_only_when_asked(lib):
    y = leaf(lib) * 1
    v = y[1:]
    old = v.grad_fn
    y.add_(1)
    yield v.requires_grad, v.output_nr, v.grad_fn is old, v.grad_fn is v.grad_fn


def a_base_that_starts_to_require_grad(lib):
    c, x = lib.zeros(4), leaf(lib, 1.0, 2.0)
    v, w = c[:2], c[2:]
    v.copy_(x)
    yield place(c), place(v), place(w)
    (c * c).sum().backward()
    yield x.grad


def made_under_no_grad(lib):
    x = leaf(lib)
    y = x * 1
    with lib.no_grad():
        v, w = x.view(3), y.view(3)
    yield place(v), place(w), v, w
    yield lambda: w.mul_(2)
    yield lambda: v.mul_(2)
    y.mul_(2)
    yield w
    for look in (lambda: w.grad_fn, lambda: w.is_leaf, lambda: w + 1, lambda: w.mul_(2), lambda: w.requires_grad):
        yield look


def used_where_grad_is_on(lib):
    x = leaf(lib)
    with lib.no_grad():
        v = x.view(3)
    z = v * 2
    yield z, names(z.grad_fn)
    z.sum().backward(retain_graph=True)
    yield x.grad, v.grad
    yield lambda: lib.autograd.grad(z.sum(), v, retain_graph=True)
    yield lambda: lib.autograd.grad(z.sum(), x)
    v.retain_grad()
    yield v.retains_grad, v.requires_grad_().requires_grad, names((v * 2).grad_fn)
    (v * 3).sum().backward()
    yield x.grad, v.grad


def view_of_a_no_grad_view(lib):
    z = leaf(lib) * 1
    with lib.no_grad():
        w = z[:2]
    u = w[:1]
    yield u._base is z, names(u.grad_fn)
    yield lambda: u.mul_(2)


def many_views_at_once(lib):
    z = leaf(lib) * 1
    for make in (z.unbind, lambda: z.split(1), lambda: z.chunk(3), lambda: z.split([1, 2])):
        a, b, *_ = make()
        yield place(a), place(b), a._base is z
        yield lambda: b.mul_(2)
        yield lambda: a[...].mul_(2)
    a, b, c = z.unbind()
    z.add_(1)
    for look in (lambda: a.grad_fn, lambda: b, lambda: b.output_nr, lambda: b.requires_grad, lambda: b * 2):
        yield look


def many_views_without_grad(lib):
    x, c = leaf(lib), lib.zeros(3)
    a, b = c.split([1, 2])
    yield a.mul_(2)
    yield lambda: b.mul_(x[:2])
    with lib.no_grad():
        d, e = (x * 1).split([1, 2])
        f = c.unbind()[0].add_(1)
    yield lambda: d.mul_(2)
    yield f, c


def leaf_views(lib):
    a = lib.ones(3)
    v = a[:2]
    v.requires_grad_()
    yield place(v), place(a)
    yield lambda: v.mul_(2)
    yield lambda: v.detach_()
    a.mul_(2)
    yield v, v.grad_fn, v.requires_grad_(False)


def detached(lib):
    x = leaf(lib)
    y = x * 1
    d, e = y.detach(), y.data
    d.add_(1)
    yield y._version, d._version, e._version, place(d)
    e.add_(1)
    yield y._version, e._version, y, d, e
    yield lambda: y[0].detach_()
    yield y.detach_(), place(y)


def given_other_data(lib):
    x = leaf(lib)
    u = x.view(3, 1)
    x.data = lib.zeros(2)
    yield x, u, u._base.shape, x._version
    yield lambda: setattr(x, "data", 3)
    yield lambda: setattr(x, "data", lib.zeros(2, dtype=lib.int64))
    y = x * 1
    y.data = lib.ones(2)
    yield y, place(y)


def inference_tensors(lib):
    x = leaf(lib)
    z = x * 1
    with lib.inference_mode():
        i = lib.ones(3)
        j, k = i * 2, z[:2]
        yield (
            i.is_inference(),
            j.is_inference(),
            k.is_inference(),
            k._is_view(),
            i[:2]._is_view(),
            (x * 2).requires_grad,
        )
        i.add_(1)
        z.add_(1)
        yield i, z, z._version
        yield lambda: i._version
        with lib.inference_mode(False):
            yield lib.ones(1).is_inference(), (x * 2).requires_grad
    yield i + 1, i + x, i.clone().is_inference(), i.detach().is_inference(), i.data.is_inference(), i[:2].is_inference()
    for look in (
        lambda: i * x,
        lambda: x @ i,
        lambda: i._version,
        lambda: i.requires_grad_(),
        lambda: i.add_(1),
        lambda: i[:2].add_(1),
        lambda: (x * 1).mul_(i),
        lambda: i.requires_grad_(False).requires_grad,
    ):
        yield look
    yield lambda: k.grad_fn
    yield lambda: k.add_(1)
    yield k
    with lib.no_grad():
        yield lambda: i.add_(1)


def inference_mode_nests(lib):
    yield lib.is_inference_mode_enabled(), lib.is_grad_enabled()
    with lib.inference_mode():
        yield lib.is_inference_mode_enabled(), lib.is_grad_enabled()
        with lib.inference_mode(False):
            yield lib.is_inference_mode_enabled(), lib.is_grad_enabled()
        with lib.no_grad():
            yield lib.ones(1).is_inference()
    yield lib.is_inference_mode_enabled(), lib.is_grad_enabled(), lib.ones(1).is_inference()

    @lib.inference_mode()
    def made():
        return lib.ones(1)

    yield made().is_inference()


def gradients_through_views(lib):
    x = lib.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)
    y = x * 1
    for v in (
        y[0],
        y.t()[1:],
        y.view(6)[::2],
        y.expand(2, 2, 3),
        y.unsqueeze(1).squeeze(),
        y.as_strided((3,), (1,), 2),
        y.as_strided((2, 2), (0, 1)),
        *y.unbind(1),
    ):
        yield lib.autograd.grad((v * v).sum(), x, retain_graph=True)


def a_no_grad_view_as_root(lib):
    y = leaf(lib) * 1
    with lib.no_grad():
        v = y[None]
    yield v.requires_grad, lambda: v.sum().backward()
    yield lambda: v.backward(lib.ones(1, 3))
    yield lambda: lib.autograd.grad(v, y, lib.ones(1, 3))
    v.requires_grad_()
    yield lambda: v.backward(lib.ones(1, 3)), lambda: v.grad
    yield v.grad


def flags_of_views_left_behind(lib):
    y = leaf(lib) * 1
    with lib.no_grad():
        v = y[1:]
    a, _, _ = y.unbind()
    y.mul_(2)
    for flag in (
        lambda: v.requires_grad_(False) is v,
        lambda: v.requires_grad_() is v,
        lambda: a.requires_grad_() is a,
        lambda: a.requires_grad_(False),
        lambda: setattr(a, "requires_grad", True),
        lambda: setattr(y, "requires_grad", True),
        lambda: setattr(y, "requires_grad", False),
        lambda: y.requires_grad_().requires_grad,
    ):
        yield flag


def a_base_detached_in_place(lib):
    for grad in (True, False):
        x = leaf(lib)
        base, v = (x, x[1:]) if grad else (x * 1, None)
        v = base[1:]
        base.detach_()
        yield place(base), place(v), names(v.grad_fn)
        with lib.no_grad():
            base.neg_()
        yield place(v), names(v.grad_fn)
        yield lambda: v.sum().backward()
        yield x.grad


def refused_before_anything_else(lib):
    y = leaf(lib) * 1
    a, b, _ = y.unbind()
    p, q = y.split([1, 2])
    y.mul_(2)
    for use in (
        lambda: q + lib.ones(5),
        lambda: lib.ones(5) + q,
        lambda: p / q,
        lambda: q / p,
        lambda: q[[9]],
        lambda: lib.ones(3).fill_(q),
        lambda: lib.ones(5).copy_(q),
        lambda: lib.ones(5).add_(q),
        lambda: q.view(7),
    ):
        yield use
    with lib.no_grad():
        yield lambda: (a + b, q + q, q[[1, 0]])


def gradients_that_go_nowhere(lib):
    x = leaf(lib)
    y = x * 1
    with lib.no_grad():
        v, w = y[:], y[:2]
    for op in (lambda c: c * v, lambda c: v * c, lambda c: v * v * c, lambda c: c.mul_(v), lambda c: c[:2].mul_(w)):
        c = lib.tensor([1.0, 2.0, 3.0])
        z = op(c)
        yield z.requires_grad, names(z.grad_fn), z._version
        c.add_(1)
        yield lambda: z.sum().backward(retain_graph=True)
        yield lambda: z.sum().backward()
    yield x.grad, v.grad


def promoted_and_expanded(lib):
    x = lib.arange(6.0).view(2, 3)
    y = lib.arange(6.0, dtype=lib.float64).view(2, 3)
    for e in (x.expand(2, 2, 3), x[0].expand(2, 3), x[:, :1].expand(2, 3), x.t().expand(2, 3, 2).transpose(1, 2)):
        for f in (y, y.t().contiguous().t(), y[0], y.expand(2, 2, 3), y.t().contiguous().t().expand(2, 2, 3)):
            yield lambda: ((e * f).stride(), (f * e).stride(), e * f)


def asked_without_derivative(lib):
    y = lib.ones(2, 3, requires_grad=True) * 1
    with lib.no_grad():
        v = y[:]
    part, _ = y.unbind()
    y.add_(1)
    for ask in (
        lambda x: x > 1,
        lambda x: x == x,
        lambda x: x.isnan(),
        lambda x: x.eq(1),
        lambda x: lib.logical_not(x),
        lambda x: x.argmax(),
        lambda x: x.tolist(),
        lambda x: x.sign(),
        lambda x: x.__setitem__(x > 1, 7),
    ):
        for x in (v, part):
            yield lambda: ask(x)


@cases(globals())
def test_views(program, lib):
    check(program, lib)
