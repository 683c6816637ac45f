"""Grad modes, and what torch.autograd.graph offers besides hooks: joint hooks, and writing over what was saved."""

import warnings

from parity_tests.twofold import cases, check, leaf, names


def modes(lib, x):
    return lib.is_grad_enabled(), lib.is_inference_mode_enabled(), (x * 2).requires_grad, lib.ones(1).is_inference()


def grad_switched_in_inference_mode(lib):
    x = leaf(lib)
    with lib.inference_mode():
        yield modes(lib, x)
        with lib.enable_grad():
            yield modes(lib, x)
            with lib.no_grad():
                yield modes(lib, x)
            with lib.set_grad_enabled(True):
                yield modes(lib, x)
            with lib.inference_mode(False):
                yield modes(lib, x)
                with lib.no_grad():
                    yield modes(lib, x)
                with lib.inference_mode():
                    yield modes(lib, x)
                yield modes(lib, x)
            yield modes(lib, x)
        lib.set_grad_enabled(True)
        yield modes(lib, x)
        yield lib.enable_grad()(lib.is_grad_enabled)()
        y = lib.ones(2, requires_grad=True)
        with lib.enable_grad():
            z = y * 2
        yield y.requires_grad, z.requires_grad, z.grad_fn
        yield lambda: z.sum().backward()
        v = x.view(3)
        x.detach().add_(1)
        yield v.requires_grad, v._is_view()
    yield modes(lib, x), x._version


def inference_mode_in_other_modes(lib):
    x = leaf(lib)
    with lib.no_grad():
        with lib.inference_mode(False):
            yield modes(lib, x)
        with lib.inference_mode():
            yield modes(lib, x)
        yield modes(lib, x)
    lib.set_grad_enabled(False)
    with lib.inference_mode():
        lib.set_grad_enabled(True)
    yield modes(lib, x)
    lib.set_grad_enabled(True)
    with lib.inference_mode():
        lib.set_grad_enabled(False)
    yield modes(lib, x)


def modules_of_modes(lib):
    mode = lib.autograd.grad_mode
    yield mode.no_grad is lib.no_grad, mode.enable_grad is lib.enable_grad, mode.inference_mode is lib.inference_mode
    with lib.autograd.set_multithreading_enabled(False) as nothing:
        yield nothing
    yield lib.autograd.set_multithreading_enabled(True).mode
    yield lib.is_inference(lib.ones(1))
    with lib.inference_mode():
        yield lib.is_inference(lib.ones(1))


def variables(lib):
    x, Variable = lib.ones(2), lib.autograd.Variable
    y = Variable(x, requires_grad=True)
    yield type(y).__name__, y.requires_grad, isinstance(x, Variable), isinstance(3, Variable), y is x
    with lib.no_grad():
        y.add_(1)
    yield x, x._version
    yield lambda: Variable(x + 1) + 1


def leaves(lib):
    a, b, c = [lib.tensor([float(i)], requires_grad=True) for i in (1, 2, 3)]
    return a, b, c, a * b, b * c


def joint_hooks(lib):
    for mode in ("all", "any"):
        for case in range(9):
            a, b, c, d, e = leaves(lib)
            seen = []
            chosen = ((a, b, c), (d, e), (a, d), (a, b, c), (a, d), (d, e), (c,), (a, b, c), (b, c))[case]
            handle = lib.autograd.graph.register_multi_grad_hook(chosen, seen.append, mode=mode)
            if case == 3:
                yield lambda: lib.autograd.grad(d, (a,))
            elif case == 4:
                yield lambda: lib.autograd.grad((d * e).sum(), (d,))
            elif case == 5:
                yield lambda: lib.autograd.grad((d * e).sum(), (a,))
            elif case == 6:
                d.backward()
            elif case == 7:
                (d * e).backward(inputs=[a])
            elif case == 8:
                for root in (d, e, d * e):
                    root.backward(retain_graph=True)
                handle.remove()
                (d * e).backward()
            else:
                (d * e).backward()
            yield mode, case, seen


def joint_hooks_refused(lib):
    a, b, c, d, e = leaves(lib)
    register = lib.autograd.graph.register_multi_grad_hook
    yield lambda: register((a,), print, mode="some")
    yield lambda: register((lib.ones(1),), print)
    yield lambda: register((a, lib.ones(1)), print, mode="any") and None
    yield lambda: register((), print) and None
    with register((a, b), lambda grads: [g * 9 for g in grads]):
        (d * e).backward()
    yield a.grad, b.grad, len(a._backward_hooks), b._backward_hooks


def saved_values_written_over(lib):
    allow = lib.autograd.graph.allow_mutation_on_saved_tensors
    x = lib.ones(2, 3, requires_grad=True)
    for write in (
        lambda y, z: y.sin_(),
        lambda y, z: (z.mul_(2), y.zero_()),
        lambda y, z: (y[0].mul_(7), y.t()[1:].zero_()),
        lambda y, z: y.copy_(z),
        lambda y, z: y.__setitem__([1, 0], z),
        lambda y, z: None,
    ):
        with allow():
            y = x * 3
            z = y.exp()
            loss = (y**2 * z * y).sum()
            write(y, z)
            (g,) = lib.autograd.grad(loss, x, create_graph=True)
            yield g.detach()
            yield lambda: lib.autograd.grad(g.sum(), x)


def saved_values_out_of_reach(lib):
    allow = lib.autograd.graph.allow_mutation_on_saved_tensors
    x = leaf(lib)
    with allow() as context:
        y = x * 3
        late, early = (y * y).sum(), y + 1
        y.mul_(5)
        forgotten = (y * y).sum()
        context.clear()
        yield lambda: forgotten.backward()
        yield lambda: allow().__enter__()
    yield lambda: late.backward()
    yield lambda: early.sum().backward()
    y = x * 3
    s = (y * y).sum()
    y.mul_(2)
    yield lambda: s.backward()
    yield x.grad, names(y.grad_fn)


def backward_that_can_be_differentiated(lib):
    lib.set_warn_always(True)
    x = leaf(lib)
    for ask in (
        lambda: (x * x).sum().backward(create_graph=True),
        lambda: lib.autograd.backward((x * x).sum(), create_graph=True, inputs=[x]),
        lambda: lib.autograd.grad((x * x).sum(), x, create_graph=True) and None,
        lambda: (x * x).sum().backward(retain_graph=True),
    ):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            ask()
        yield [(w.category, str(w.message).partition(" (Triggered")[0]) for w in caught]
    yield lib.is_warn_always_enabled()
    lib.set_warn_always(False)
    yield lib.is_warn_always_enabled(), x.grad.requires_grad


@cases(globals())
def test_modes(program, lib):
    check(program, lib)


def test_backward_warns_once_that_it_makes_a_cycle(lib):
    x = leaf(lib)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(3):
            (x * x).sum().backward(create_graph=True)
    assert len([w for w in caught if "reference cycle" in str(w.message)]) <= 1
