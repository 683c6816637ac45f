"""Hooks on tensors, nodes and saved values: their order, what they may return, what survives in-place writes."""

from parity_tests.twofold import cases, check, leaf, names


def run(lib, register, on_leaf=False):
    """x.grad after a backward pass under a hook."""
    x = leaf(lib)
    y = x * 2
    register(x if on_leaf else y)
    y.sum().backward()
    return x.grad


def one_after_the_other(lib):
    x, log = leaf(lib), []
    x.register_hook(lambda g: log.append(("a", g.tolist())))
    x.register_hook(lambda g: g * 2)
    x.register_hook(lambda g: log.append(("c", g.tolist())))
    x.register_post_accumulate_grad_hook(lambda t: log.append((t is x, t.grad.tolist(), t.grad.requires_grad)))
    (x * x).sum().backward()
    yield log, x.grad, list(map(len, (x._backward_hooks, x._post_accumulate_grad_hooks)))


def all_kinds_in_order(lib):
    x, log = leaf(lib), []
    y = x * 2
    y.register_hook(lambda g: log.append(("y1", g.tolist())))
    y.retain_grad()
    y.register_hook(lambda g: log.append("y2") or g * 10)
    y.grad_fn.register_prehook(lambda g: log.append(("pre", g[0].tolist())))
    y.grad_fn.register_hook(lambda gi, go: log.append(("post", gi[0].tolist(), gi[1], go[0].tolist())))
    x.register_hook(lambda g: log.append(("x", g.tolist())))
    end = y.grad_fn.next_functions[0][0]
    end.register_prehook(lambda g: log.append(("leaf pre", g[0].tolist())))
    end.register_hook(lambda gi, go: log.append(("leaf post", gi, go[0].tolist(), x.grad.tolist())))
    x.register_post_accumulate_grad_hook(lambda t: log.append(("accumulated", t.grad.tolist())))
    y.sum().backward()
    yield log, y.grad, x.grad


def what_tensor_hooks_may_return(lib):
    for value in (
        None,
        3,
        "s",
        (lib.ones(3),),
        lib.ones(3),
        lib.ones(2),
        lib.ones(1),
        lib.ones(2, 3),
        lib.ones(3, dtype=lib.float64),
        lib.ones(3, dtype=lib.int64),
    ):
        for on_leaf in (True, False):
            yield lambda: run(lib, lambda t: t.register_hook(lambda g: value), on_leaf)


def what_node_hooks_may_return(lib):
    ones = lib.ones(3)
    for value in (
        None,
        3,
        ones,
        (ones, ones),
        (),
        (lib.ones(2),),
        (None,),
        [ones],
        ("a",),
        (ones,),
        (ones * 3, None),
        (lib.ones(2), None),
        (None, None),
        ("a", None),
    ):
        yield lambda: run(lib, lambda t: t.grad_fn.register_prehook(lambda go: value))
        yield lambda: run(lib, lambda t: t.grad_fn.register_hook(lambda gi, go: value))


def refused(lib):
    x = leaf(lib)
    for register in (
        lib.ones(3).register_hook,
        lib.ones(3).register_post_accumulate_grad_hook,
        (x * 2).register_post_accumulate_grad_hook,
    ):
        yield lambda: register(print)
    yield lambda: lib.ones(3).retain_grad()
    yield lambda: run(lib, lambda t: t.register_hook(3))
    yield lambda: run(lib, lambda t: t.register_post_accumulate_grad_hook(lambda t: 3), True)


def errors_pass_through(lib):
    def fail(*_):
        raise ValueError("no")

    yield lambda: run(lib, lambda t: t.register_hook(fail))
    yield lambda: run(lib, lambda t: t.register_hook(fail), True)
    yield lambda: run(lib, lambda t: t.grad_fn.register_prehook(fail))
    yield lib.is_grad_enabled(), run(lib, lambda t: None)


def after_in_place(lib):
    x, log = leaf(lib), []
    y = x * 2
    y.register_hook(lambda g: log.append(("before", g.tolist())))
    y.retain_grad()
    y.mul_(5)
    y.register_hook(lambda g: log.append(("after", g.tolist())))
    y.sum().backward()
    yield log, y.grad, y.retains_grad, x.grad


def after_in_place_on_a_view(lib):
    for target in (lambda y: y, lambda y: y[1:]):
        x, log = leaf(lib), []
        y = x * 2
        t = target(y)
        t.retain_grad()
        t.register_hook(lambda g: log.append(g.tolist()))
        v = y[1:] if t is y else t
        v.mul_(3)
        y.sum().backward()
        yield t.grad, log, t.retains_grad


def on_a_leaf_written_under_no_grad(lib):
    x, log = leaf(lib), []
    x.register_hook(lambda g: log.append(g.tolist()))
    with lib.no_grad():
        x.mul_(5)
    (x * x).sum().backward()
    yield log


def removal(lib):
    x, log = leaf(lib), []
    first, second = x.register_hook(lambda g: log.append(1)), x.register_hook(lambda g: log.append(2))
    first.remove()
    first.remove()
    x.sum().backward()
    with x.register_hook(lambda g: log.append(3)):
        x.sum().backward()
    second.remove()
    x.sum().backward()
    yield log, type(first).__name__


def a_hook_that_removes_itself(lib):
    x, log = leaf(lib), []

    def once(g):
        log.append(1)
        handle.remove()

    handle = x.register_hook(once)
    x.register_hook(lambda g: log.append(2))
    x.sum().backward()
    x.sum().backward()
    yield log


def what_autograd_grad_sees(lib):
    for wanted in ((True, False), (False, True), (True, True)):
        x = leaf(lib)
        y = x * 2
        y.register_hook(lambda g: g * 10)
        x.register_hook(lambda g: g * 7)
        y.grad_fn.register_prehook(lambda g: (g[0] * 100,))
        yield lib.autograd.grad((y * y).sum(), [t for t, want in zip((y, x), wanted) if want])
    x = leaf(lib)
    x.register_post_accumulate_grad_hook(lambda t: t.grad.zero_())
    x.retain_grad()
    yield lib.autograd.grad((x * x).sum(), x), x.grad, x.retains_grad


def what_backward_with_inputs_sees(lib):
    for wanted in ((True, False), (False, True), (True, True)):
        x = leaf(lib)
        y = x * 2
        y.register_hook(lambda g: g * 10)
        x.register_hook(lambda g: g * 7)
        (y * y).sum().backward(inputs=[t for t, want in zip((y, x), wanted) if want])
        yield y.retains_grad, x.grad, y.retains_grad and y.grad


def modes_inside(lib):
    x, log = leaf(lib), []
    y = x * 2
    y.register_hook(lambda g: log.append((g.requires_grad, g.is_leaf, lib.is_grad_enabled())))
    y.sum().backward(retain_graph=True, create_graph=True)
    y.sum().backward()
    yield log


def outputs_that_nothing_came_through(lib):
    log = []
    a, b = (leaf(lib) * 2).split([1, 2])
    a.register_hook(log.append)
    b.register_hook(log.append)
    a.grad_fn.register_prehook(log.append)
    b.sum().backward()
    yield log


def retained(lib):
    x = leaf(lib)
    y = x * 2
    y.retain_grad()
    y.retain_grad()
    y.sum().backward(retain_graph=True)
    y.sum().backward()
    yield y.grad, y.grad.requires_grad, y.retains_grad, x.retains_grad
    z = x * 2
    z.retain_grad()
    (z * z).sum().backward(create_graph=True)
    yield z.grad, x.grad


def nodes(lib):
    x, g = leaf(lib), lib.autograd.graph
    y = x * x
    f = y.grad_fn
    yield f is y.grad_fn, f.name(), type(f).__name__, isinstance(f, g.Node), issubclass(type(f), g.Node), f.metadata
    f.metadata["k"] = 1
    yield y.grad_fn.metadata, f(lib.ones(3)), (x + 1).grad_fn(lib.ones(3)), f == 3
    yield f.next_functions[0][0] is f.next_functions[1][0], f.next_functions[0][0].variable is x
    yield f._saved_self is x, f._saved_other is x
    yield lambda: f._saved_nothing
    f._raw_saved_self.register_hooks(lambda t: t.tolist(), lambda kept: lib.tensor(kept))
    yield f._saved_self, f._saved_self is x
    yield lambda: f._raw_saved_self.register_hooks(lambda t: t, lambda t: t)
    y.sum().backward()
    yield lambda: f._saved_self


def edges(lib):
    x, g = leaf(lib), lib.autograd.graph
    y = x * 2
    edge = g.get_gradient_edge(y)
    yield edge.node is y.grad_fn, edge.output_nr, type(edge).__name__, g.get_gradient_edge(x).node.name()
    yield (
        lib.autograd.grad(y.sum(), g.get_gradient_edge(x), retain_graph=True),
        lib.autograd.grad((y * y).sum(), [edge, x]),
    )
    yield lambda: g.get_gradient_edge(lib.ones(2))
    g.increment_version(y)
    g.increment_version([y, x])
    yield y._version, x._version


def saved_attributes(lib):
    x = leaf(lib)
    m = x.unsqueeze(0)
    for y, wanted in (
        (x.exp(), "result"),
        (x * x, "self other"),
        (x / x, "self other"),
        (x.sqrt(), "result"),
        (x.log(), "self"),
        (x.abs(), "self"),
        (x.sum(), "self_sym_sizes"),
        (x.sum(0), "dim keepdim"),
        (x[0], "dim index self_sym_sizes"),
        (x[1:], "dim start step"),
        (x.view(3, 1), "self_sym_sizes"),
        (m @ m.t(), "self mat2"),
        (lib.stack([x, x]), "dim"),
        (x.permute(0), "dims"),
    ):
        for name in wanted.split():
            yield name, lambda: getattr(y.grad_fn, "_saved_" + name)


def saved_attributes_after_backward(lib):
    x = lib.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    for y, wanted in (
        (x.softmax(1), "dim result"),
        (x.sum(0), "dim self_sym_sizes"),
        (x.gather(0, lib.tensor([[0, 1]])), "dim sparse_grad index self"),
        (x[[0, 1]], "indices"),
        (x.std(0), "correction keepdim self"),
        (lib.nn.functional.max_pool2d(x[None], 2), "kernel_size stride ceil_mode result1 self"),
        (lib.nn.functional.group_norm(x, 1), "N C HxW group input result1"),
        (x.split(1)[0], "split_size self_sym_sizes"),
        (lib.linalg.det(x), "A LU result"),
    ):
        y.sum().backward()
        for name in wanted.split():
            yield name, lambda: getattr(y.grad_fn, "_saved_" + name)


def packed(lib):
    x, log = leaf(lib), []

    def pack(t):
        log.append(("pack", [round(v, 3) for v in t.tolist()], lib.is_grad_enabled()))
        return t.tolist()

    def unpack(kept):
        log.append(("unpack", [round(v, 3) for v in kept], lib.is_grad_enabled()))
        return lib.tensor(kept)

    with lib.autograd.graph.saved_tensors_hooks(pack, unpack):
        z = (x * x).exp()
    z.sum().backward()
    yield log, x.grad


def packed_as_it_is(lib):
    x = leaf(lib)
    y = x * 1
    with lib.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: t):
        z, w = y * y, x * x
    f = z.grad_fn
    yield f._saved_self is y, f._saved_self.grad_fn is y.grad_fn, f._saved_self.requires_grad
    yield w.grad_fn._saved_self is x, w.grad_fn._saved_self.is_leaf, w.grad_fn._saved_self.requires_grad


def packed_copies_may_go_stale(lib):
    x = leaf(lib)
    y = x * 1
    with lib.autograd.graph.saved_tensors_hooks(lambda t: t.clone(), lambda t: t):
        z = y * y
    y.add_(10)
    z.sum().backward()
    yield x.grad


def packed_and_differentiated_twice(lib):
    x = leaf(lib)
    with lib.autograd.graph.saved_tensors_hooks(lambda t: t.clone(), lambda t: t):
        y = x**3
    (g,) = lib.autograd.grad(y.sum(), x, create_graph=True)
    yield g, lib.autograd.grad(g.sum(), x)


def bad_packing(lib):
    def made(pack, unpack):
        x = leaf(lib)
        with lib.autograd.graph.saved_tensors_hooks(pack, unpack):
            y = (x * 1) * x
        y.sum().backward()
        return x.grad

    def fail(_):
        raise ValueError("no")

    yield lambda: made(lambda t: t, lambda t: 3)
    yield lambda: made(lambda t: t, lambda t: None)
    yield lambda: made(fail, lambda t: t)
    yield lambda: made(lambda t: t, fail)
    yield lambda: made(lambda t: t.mul_(1) if not t.is_leaf else t, lambda t: t)
    yield lambda: made(lambda t: t, lambda t: t), lib.is_grad_enabled()


def packing_nested_and_disabled(lib):
    x, log, g = leaf(lib), [], lib.autograd.graph
    with g.saved_tensors_hooks(lambda t: log.append("outer") or t, lambda t: t):
        with g.saved_tensors_hooks(lambda t: log.append("inner") or t, lambda t: t):
            x * x
        x.exp()
    yield log

    def within(outer, inner):
        with outer, inner:
            return 1

    hooks = g.saved_tensors_hooks(lambda t: t, lambda t: t)
    yield lambda: within(g.disable_saved_tensors_hooks("not now"), hooks)
    yield lambda: within(hooks, g.disable_saved_tensors_hooks("not now"))
    yield lambda: within(hooks, hooks)
    with g.save_on_cpu():
        y = x * x
    y.sum().backward()
    yield x.grad


def of_modules(lib):
    log = []
    lib.manual_seed(0)
    net = lib.nn.Linear(3, 2)
    net.register_full_backward_hook(lambda m, gi, go: log.append((gi[0].shape, go[0].tolist())))
    net.register_full_backward_pre_hook(lambda m, go: (go[0] * 2,))
    x = lib.ones(1, 3, requires_grad=True)
    net(x).sum().backward()
    yield log, x.grad, net.weight.grad


def hooks_of_tensors_left_behind(lib):
    x = leaf(lib)
    for case in range(6):
        y, seen = x * 2, []
        y.register_hook(lambda g: seen.append(("first", g)))
        base = y
        if case > 1:
            y = base[1:]
            y.register_hook(lambda g: seen.append(("view", g)))
        if case == 0:
            y.mul_(3)
        elif case == 1:
            y[0].mul_(3)
        elif case == 3:
            y.mul_(3)
        elif case == 5:
            y = base.detach_().requires_grad_()
        elif case > 1:
            base.mul_(3)
            if case == 4:
                yield names(y.grad_fn)
        yield y._backward_hooks and len(y._backward_hooks)
        handle = y.register_hook(lambda g: seen.append(("last", g)))
        yield len(y._backward_hooks)
        (y * y).sum().backward(retain_graph=True)
        handle.remove()
        (y * y).sum().backward()
        yield seen, y._backward_hooks is None or len(y._backward_hooks)


def hooks_of_a_refused_view(lib):
    a, b = leaf(lib).chunk(2)
    a.register_hook(lambda g: g)
    with lib.no_grad():
        b.neg_()
    yield lambda: len(a._backward_hooks)
    yield lambda: a.register_hook(lambda g: g) and None
    yield lambda: b.register_hook(lambda g: g) and None
    yield lambda: a.retain_grad()
    yield lambda: a.register_post_accumulate_grad_hook(lambda t: None)


@cases(globals())
def test_hooks(program, lib):
    check(program, lib)
