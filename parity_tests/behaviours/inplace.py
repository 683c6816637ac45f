"""Changing tensors in place: versions, stale saved values, views, rebased history."""

from parity_tests.behaviours.program import behaviour, leaf


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
def views_left_behind(lib, show):
    """What is said first of a view whose base was written to, beside other things that are wrong."""

    def left_behind(how):
        b = lib.ones(2, 3, requires_grad=True) * 1
        if how == "no_grad":
            with lib.no_grad():
                v = b.view(2, 3)
        else:
            v = b.unbind(0)[0]
        b.mul_(2)
        return v

    index = lib.zeros(1, 1, dtype=lib.int64)
    programs = {
        "sum": lambda v: v.sum(5), "sum twice": lambda v: v.sum((0, 0)), "mean": lambda v: v.mean(dtype=lib.int64),
        "softmax": lambda v: v.softmax(5), "permute": lambda v: v.permute(*range(v.dim() - 1), 5),
        "squeeze": lambda v: v.squeeze(5), "unsqueeze": lambda v: v.unsqueeze(9), "transpose": lambda v: v.transpose(0, 7),
        "matmul": lambda v: lib.ones(7, 7) @ v, "mm": lambda v: lib.mm(v, lib.ones(7, 7)), "bmm": lambda v: lib.bmm(v, v),
        "dot": lambda v: lib.dot(v, lib.ones(7)), "addmm": lambda v: lib.addmm(v, lib.ones(7, 7), lib.ones(2, 2)),
        "argsort": lambda v: v.argsort(), "isclose": lambda v: lib.isclose(v, v), "isfinite": lambda v: lib.isfinite(v),
        "isnan": lambda v: lib.isnan(v), "allclose": lambda v: lib.allclose(v, v), "unique": lambda v: v.unique(),
        "reshape": lambda v: v.reshape(7), "gather": lambda v: v.gather(7, index), "cumsum": lambda v: v.cumsum(7),
        "flip": lambda v: v.flip(7), "roll": lambda v: v.roll(1, 7), "cat": lambda v: lib.cat([v, lib.ones(7, 7, 7)]),
        "stack": lambda v: lib.stack([v, lib.ones(7)]), "select": lambda v: v.select(7, 0), "max": lambda v: v.max(7),
        "masked_fill": lambda v: v.masked_fill(lib.ones(7) > 0, 1), "clamp": lambda v: v.clamp(), "topk": lambda v: v.topk(7),
        "all": lambda v: v.all(7), "diff": lambda v: v.diff(dim=7), "flatten": lambda v: v.flatten(7),
        "narrow": lambda v: v.narrow(0, 7, 7), "det": lambda v: lib.linalg.det(v), "norm": lambda v: v.norm(dim=7),
        "outer": lambda v: lib.outer(v, lib.ones(2, 2)), "argmax": lambda v: v.argmax(), "eq": lambda v: v == 1,
    }  # fmt: skip
    for how in ("no_grad", "multi"):
        for name, program in programs.items():
            show(how, name)
            try:
                program(left_behind(how))
            except (RuntimeError, IndexError) as error:
                show(str(error).partition("\n")[0])


@behaviour
def results_kept_by_writes_to_views(lib, show):
    x = lib.ones(4, requires_grad=True)
    for look in (lambda y: y, lambda y: y.view(4), lambda y: y[1:], lambda y: y.view(2, 2)):
        for name in ("exp_", "sigmoid_", "sqrt_", "relu_", "tanh_"):
            y = x * 2
            getattr(look(y), name)()
            y.mul_(2)
            show.fails(y.sum().backward)
            y = x * 2
            view = look(y)
            getattr(view, name)()
            y.mul_(2)
            show.fails(y.sum().backward)


@behaviour
def views_whose_base_came_to_require_grad(lib, show):
    b = lib.ones(2, requires_grad=True)
    for look in (lambda a: a.view(2), lambda a: a.unsqueeze(0).squeeze(0), lambda a: a[:1], lambda a: a.expand(2, 2)[0]):
        for ask in (lambda v: None, lambda v: v.grad_fn):
            a = lib.ones(2)
            v = look(a)
            a.mul_(b * 1)
            ask(v)
            show.fails(lambda v=v: v.mul_(2))
            show(v, v.is_leaf, a)
