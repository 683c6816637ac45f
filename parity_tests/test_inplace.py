"""In-place writes: versions, rebased history, CopySlices, assignments, and everything that torch refuses."""

# ruff: noqa: UP028 - the functions of a tuple are seen one by one, and read better so
import linecache

import pytest

from parity_tests.twofold import cases, check, leaf, names, place


def versions(lib):
    x = lib.ones(4)
    for write in (
        lambda: x.add_(1),
        lambda: x[0].mul_(2),
        lambda: x[1:].fill_(3),
        lambda: x.detach().zero_(),
        lambda: x.data.zero_(),
        lambda: x.copy_(x),
        lambda: x.view(2, 2).t().neg_(),
        lambda: x.clone().add_(1),
        lambda: x.requires_grad_().requires_grad_(False),
    ):
        write()
        yield x._version, x[0]._version, x.data._version


def history(lib):
    x, c = leaf(lib), lib.ones(3)
    y = x * 2
    for write in (
        lambda: y.mul_(3),
        lambda: y.add_(x),
        lambda: y.mul_(x),
        lambda: y.copy_(x),
        lambda: y.zero_(),
        lambda: y.fill_(2),
        lambda: y.fill_(x[0]),
        lambda: y.div_(x),
        lambda: y.sub_(1),
        lambda: y.neg_(),
    ):
        yield write() is y, names(y.grad_fn), y, y._version
    c.mul_(x)
    yield place(c), names(c.grad_fn)
    with lib.no_grad():
        y.add_(1)
    yield names(y.grad_fn, 1), y._version


def gradients(lib):
    x = leaf(lib)
    for change in (
        lambda y: y.mul_(3),
        lambda y: y.mul_(x),
        lambda y: y[1:].mul_(x[1:]),
        lambda y: y[0].zero_(),
        lambda y: y.t().view(3).add_(x),
        lambda y: y.copy_(x * x),
        lambda y: y[::2].copy_(x[:2]),
        lambda y: y.div_(x),
        lambda y: y.zero_(),
        lambda y: y[:2].fill_(x[2]),
        lambda y: y.neg_(),
    ):
        y = x + 1
        change(y)
        yield names(y.grad_fn), lib.autograd.grad((y * y).sum(), x)


def second_gradients(lib):
    x = leaf(lib)
    y = x * x
    y[1:].mul_(x[1:])
    y[0] = x[2] * x[0]
    (g,) = lib.autograd.grad((y * y).sum(), x, create_graph=True)
    yield g.detach(), lib.autograd.grad(g.sum(), x)


def assignments(lib):
    bases = (2, 3), (3,), (2, 3)
    for index, shape in (
        (0, (3,)),
        (0, (1, 3)),
        (0, (1,)),
        (slice(1, None), (3,)),
        (slice(1, None), (1, 3)),
        (slice(1, None), (1, 1, 3)),
        (..., (3,)),
        (..., (2, 3)),
        ((slice(None), 1), (2,)),
        ([1, 0], (2, 3)),
        ([1, 0], (3,)),
        ([1, 0], (1, 1, 3)),
        ((0, [0, 1]), (2,)),
        ((), (3,)),
        ((None, 0), (3,)),
        ((slice(None),), (3,)),
        (slice(None), (3,)),
        (([0, 1], [1, 2]), (2,)),
        ((..., [0, 2]), (2, 2)),
        ((slice(None), [True, False, True]), (2, 2)),
    ):
        y, x = lib.zeros(*bases[0]), lib.ones(*shape, requires_grad=True)
        y[index] = x
        y.sum().backward()
        yield y.detach(), names(y.grad_fn), y._version, x.grad


def assigned_numbers(lib):
    for index in (0, ..., [0], (slice(None), 0), (), [True, False], slice(1, None), (0, 0)):
        for value in (5, True, 5.5, lib.tensor(5), lib.tensor(5.0, requires_grad=True)):

            def write():
                x = lib.ones(2, 3, requires_grad=True)
                y = x * 1
                y[index] = value
                return y.detach(), names(y.grad_fn), lib.autograd.grad(y.sum(), x)

            yield write


def assignments_refused(lib):
    def write(index, value):
        y = lib.ones(2, 3, requires_grad=True) * 1
        y[index] = value
        return names(y.grad_fn)

    for index, value in (
        (5, 1),
        ((0, 0, 0), 1),
        (0, "a"),
        (0, None),
        (0, [1.0, 2.0, 3.0]),
        ([5], 1),
        (1.5, 1),
        (slice(None, None, -1), 1),
        (0, lib.ones(4)),
        (0, lib.ones(2, 3)),
        (..., lib.ones(4)),
        ([1, 0], lib.ones(4)),
        ([0], lib.tensor([1, 2, 3])),
        (0, lib.tensor([1, 2, 3])),
        ("a", 1),
        ([0, 1], lib.ones(3, 3)),
        (object, 1),
    ):
        yield lambda: write(index, value)


def leaves_refused(lib):
    x = leaf(lib)
    for write in (
        lambda: x.add_(1),
        lambda: x.zero_(),
        lambda: x.fill_(1),
        lambda: x.copy_(x),
        lambda: x[0].add_(1),
        lambda: x.view(3).zero_(),
        lambda: x[1:][0].mul_(2),
        lambda: x.__setitem__(0, 1),
        lambda: x.__setitem__([0, 1], 1),
        lambda: x.detach().add_(1),
        lambda: x.data.add_(1),
        lambda: x.unbind()[0].add_(1),
    ):
        yield write
    with lib.no_grad():
        x -= 0.5
        x[0] = 9
    yield x, place(x)


def stale_saved_values(lib):
    def squared(change, power=lambda y: y * y):
        x = leaf(lib)
        y = x * 1
        z = power(y)
        change(y)
        z.sum().backward()
        return x.grad

    for change in (
        lambda y: y.add_(1),
        lambda y: y[0].mul_(2),
        lambda y: y.detach().zero_(),
        lambda y: y.data.zero_(),
        lambda y: y.copy_(y + 1),
        lambda y: y.__setitem__(0, 1),
        lambda y: y.view(3)[1:].neg_(),
    ):
        yield lambda: squared(change)
        yield lambda: squared(change, lambda y: y + 1)
        yield lambda: squared(change, lambda y: y * 2)
        yield lambda: squared(change, lambda y: y**2)
        yield lambda: squared(change, lambda y: y[1:] * y[:2])


def stale_outputs(lib):
    def made(power, change):
        x = leaf(lib)
        y = power(x)
        change(y)
        y.sum().backward()
        return x.grad

    for power in (lambda x: x.exp(), lambda x: x.sqrt(), lambda x: x + 1, lambda x: x * x):
        yield lambda: made(power, lambda y: y.add_(1))
        yield lambda: made(power, lambda y: y[0].zero_())


def stale_operands(lib):
    """Every operand of an op in its turn is written to before the backward pass."""
    f, linalg = lib.nn.functional, lib.linalg
    vector, matrix, square = [0.5, 0.25, 0.75], [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[2.0, 1.0], [0.5, 3.0]]
    index, rows, mask = [0, 2], [[0, 1, 1]], [True, False, True]
    for function, values in (
        (lambda x, i: x[i], (vector, index)),
        (lambda x, i: x[:, i], (matrix, index)),
        (lambda x, m: x[m], (vector, mask)),
        (lambda x, i, v: (x * 1).index_put((i,), v), (vector, index, [1.0, 2.0])),
        (lambda x, i, v: (x * 1).index_put((i,), v, accumulate=True), (vector, index, [1.0, 2.0])),
        (lambda x, i, v: (x * 1).index_put_((i,), v), (vector, index, [1.0, 2.0])),
        (lambda x, i: x.gather(0, i), (matrix, rows)),
        (lambda x, i: x.index_select(0, i), (vector, index)),
        (lambda x, i: x.take(i), (vector, index)),
        (lambda x, i: lib.take_along_dim(x, i, 0), (matrix, rows)),
        (lambda x, i, v: x.scatter(0, i, v), (matrix, rows, [vector])),
        (lambda x, i: x.scatter(0, i, 2.0), (matrix, rows)),
        (lambda x, i, v: x.scatter_add(0, i, v), (matrix, rows, [vector])),
        (lambda x, i, v: x.scatter_reduce(0, i, v, "sum"), (matrix, rows, [vector])),
        (lambda x, i, v: x.scatter_reduce(0, i, v, "amax", include_self=False), (matrix, rows, [vector])),
        (lambda x, i, v: x.index_add(0, i, v), (vector, index, [1.0, 2.0])),
        (lambda x, i, v: x.index_copy(0, i, v), (vector, index, [1.0, 2.0])),
        (lambda x, i: x.index_fill(0, i, 2.0), (vector, index)),
        (lambda x, i, v: x.index_fill(0, i, v), (vector, index, 2.0)),
        (lambda x, i, v: x.put(i, v), (vector, index, [1.0, 2.0])),
        (lambda x, i, v: x.put(i, v, accumulate=True), (vector, index, [1.0, 2.0])),
        (lambda x, m: x.masked_select(m), (vector, mask)),
        (lambda x, m: x.masked_fill(m, 2.0), (vector, mask)),
        (lambda x, m, v: x.masked_scatter(m, v), (vector, mask, [1.0, 2.0])),
        (lambda x, y: lib.div(x, y, rounding_mode="floor"), (vector, vector)),
        (lambda x, y: lib.div(x, y, rounding_mode=None), (vector, vector)),
        (lambda x: x.erfinv(), (vector,)),
        (lambda m, s: lib.normal(m, s), (vector, vector)),
        (lambda a: linalg.det(a), (square,)),
        (lambda a: linalg.slogdet(a)[1], (square,)),
        (lambda a, b: linalg.solve(a, b), (square, square)),
        (lambda b, a: lib.triangular_solve(b, a)[0], (square, square)),
        (lambda b, a: lib.cholesky_solve(b, a), (square, square)),
        (lambda a: lib.cov(a), (matrix,)),
        (lambda x, w, b: f.layer_norm(x, (3,), w, b), (matrix, vector, vector)),
        (lambda x, w, b: f.group_norm(x, 1, w, b), (matrix, vector, vector)),
        (lambda x, w, b, m, v: f.batch_norm(x, m.detach(), v.detach(), w, b), (matrix, vector, vector, vector, vector)),
        (lambda x, w, b, m, v: f.batch_norm(x, m.detach(), v.detach(), w, b, True), (matrix, vector, vector, vector, vector)),
        (lambda i, w: f.embedding(i, w), (index, [vector] * 3)),
        (lambda i, w, o: f.embedding_bag(i, w, o, mode="sum"), (index, [vector] * 3, [0, 1])),
        (lambda i, w, o: f.embedding_bag(i, w, o, mode="mean"), (index, [vector] * 3, [0, 1])),
        (lambda i, w, o: f.embedding_bag(i, w, o, mode="max"), (index, [vector] * 3, [0, 1])),
        (lambda i, w, o, s: f.embedding_bag(i, w, o, mode="sum", per_sample_weights=s),
         (index, [vector] * 3, [0, 1], [1.0, 2.0])),
        (lambda q, k, v: f.scaled_dot_product_attention(q, k, v), ([[matrix]],) * 3),
        (lambda q, k, v, m: f.scaled_dot_product_attention(q, k, v, m.detach()), ([[matrix]],) * 3 + (square,)),
        (lambda x, t, a, b: f.ctc_loss(x.log_softmax(2), t, a, b), ([[vector], [vector]], [[1]], [2], [1])),
        (lambda x: f.max_pool2d(x, 2), ([[matrix]],)),
        (lambda x: f.avg_pool2d(x, 2), ([[matrix]],)),
        (lambda x: f.logsigmoid(x), (vector,)),
        (lambda x, t: f.multilabel_margin_loss(x, t), (vector, [0, -1, -1])),
        (lambda a, w, b: f.bilinear(a, b, w), (matrix, [[vector] * 3], matrix)),
    ):  # fmt: skip
        for written in range(len(values)):
            tensors = [lib.tensor(value) for value in values]
            tensors = [x.requires_grad_() if x.is_floating_point() else x for x in tensors]

            def change():
                result = function(*tensors)
                with lib.no_grad():
                    tensors[written].copy_(tensors[written].clone())
                result.sum().backward()
                return [x.grad is not None for x in tensors]

            yield change


def pooled_and_written_over(lib):
    f = lib.nn.functional
    x = lib.tensor([[[1.0, -2.0, 3.0, 0.5], [4.0, -5.0, 6.0, 2.5]]], requires_grad=True)
    for pool in (lambda x: f.max_pool2d(x, 2), lambda x: f.max_pool2d(x, 2, 1), lambda x: f.max_pool1d(x, 2)):
        yield lib.autograd.grad(f.relu(pool(x), inplace=True).sum(), x)
        y = pool(x).mul_(2)
        yield lib.autograd.grad((y * y).sum(), x)
        y = pool(x)
        y += 1
        (g,) = lib.autograd.grad((y * y).sum(), x, create_graph=True)
        yield g.detach(), lib.autograd.grad((g * g).sum(), x)


def stale_leaf(lib):
    x = leaf(lib)
    y = x * x
    with lib.no_grad():
        x.add_(1)
    yield lambda: y.sum().backward()
    yield x.grad


def a_second_backward(lib):
    for make in (
        lambda x: x * 2,
        lambda x: x + 2,
        lambda x: x / 2,
        lambda x: x**2,
        lambda x: -x,
        lambda x: x.view(3, 1),
        lambda x: x.sum(),
        lambda x: x.mean(),
        lambda x: lib.cat([x, x]),
        lambda x: x[[0, 1]],
        lambda x: x[0],
        lambda x: x[1:],
        lambda x: x.exp(),
        lambda x: x.clone(),
        lambda x: x.double(),
        lambda x: x.expand(2, 3),
        lambda x: 1 - x,
        lambda x: 1 / x,
        lambda x: (x + 1).fill_(2),
        lambda x: (x + 1).mul_(2),
        lambda x: x.unbind()[1],
        lambda x: x.split(1)[1],
        lambda x: lib.zeros(3).copy_(x),
        lambda x: lib.stack([x, x]),
        lambda x: (x + 1)[1:].add_(1),
    ):

        def twice():
            x = leaf(lib)
            y = make(x)
            y.backward(lib.ones_like(y))
            y.backward(lib.ones_like(y))
            return x.grad

        yield twice


def a_second_backward_through_a_slice(lib):
    x = leaf(lib)
    y = x + 1
    y[0] = 5
    y.sum().backward()
    yield lambda: y.sum().backward()


def expanded(lib):
    for write in (
        lambda x: x.mul_(2),
        lambda x: x.add_(x),
        lambda x: x.copy_(lib.ones(4)),
        lambda x: x.zero_(),
        lambda x: x.fill_(2),
        lambda x: x.__setitem__(0, 2),
        lambda x: x[1:].neg_(),
    ):
        yield lambda: write(lib.zeros(1).expand(4))


def overlapping(lib):
    a, m = lib.arange(5.0), lib.arange(4.0).view(2, 2)
    for write in (
        lambda: a[1:].copy_(a[:-1]),
        lambda: a[1:].add_(a[:-1]),
        lambda: a[:2].mul_(a[3:]),
        lambda: a.add_(a),
        lambda: m.add_(m.t()),
        lambda: a.view(5).mul_(a),
    ):
        yield write


def casts_and_shapes(lib):
    i, x = lib.arange(3), lib.ones(3)
    for write in (
        lambda: i.add_(1.5),
        lambda: i.mul_(x),
        lambda: (i > 1).add_(1),
        lambda: i.div_(2),
        lambda: i.copy_(x),
        lambda: i.fill_(1.5),
        lambda: x.add_(i),
        lambda: x.add_(lib.ones(2, 3)),
        lambda: x.copy_(lib.ones(2, 3)),
        lambda: x.add_(lib.ones(2)),
        lambda: x.copy_(lib.ones(2)),
        lambda: x.fill_(lib.ones(2)),
        lambda: x.mul_(x.double()),
        lambda: x.copy_(x.double()),
        lambda: lib.ones(3, 2).mul_(lib.ones(2, 3)),
    ):
        yield write
        yield i, x


def resizing(lib):
    x = leaf(lib)
    yield lambda: x.resize_(2)
    yield lambda: (x * 1).resize_(2)
    yield lib.zeros(4).resize_(2, 2), lib.arange(4.0)[:2].resize_(3)


def flags(lib):
    x = leaf(lib)
    y = x * 1
    for change in (
        lambda: y.requires_grad_(False),
        lambda: setattr(y, "requires_grad", False),
        lambda: y.requires_grad_(),
        lambda: setattr(x, "requires_grad", 1),
        lambda: x.requires_grad_(1),
        lambda: lib.arange(3).requires_grad_(),
        lambda: x.requires_grad_(False).requires_grad,
        lambda: (x * 2).requires_grad,
        lambda: y[1:].requires_grad_(False),
        lambda: place(y.detach_()),
        lambda: y.requires_grad_(False),
    ):
        yield change


def assigned_gradients(lib):
    x = leaf(lib)
    for value in (
        3,
        x,
        lib.zeros(2),
        lib.zeros(3, dtype=lib.float64),
        lib.zeros(3, dtype=lib.int64),
        lib.zeros(3),
        None,
    ):
        yield lambda: setattr(x, "grad", value)
        yield x.grad
    x.grad = given = lib.ones(3)
    x.sum().backward()
    yield x.grad, given, x.grad is given
    del x.grad
    yield x.grad


def augmented(lib):
    x = leaf(lib)
    y = x * 1
    alias = y
    y += 1
    y -= x
    y *= 2
    y /= x
    yield y is alias, names(y.grad_fn), y._version, y
    y[1:] += x[1:]
    yield names(y.grad_fn), y._version, lib.autograd.grad(y.sum(), x)


def a_mask_assigned(lib):
    x = leaf(lib)
    y = x * 1
    y[y > 1] = 0.0
    yield y, names(y.grad_fn), lib.autograd.grad(y.sum(), x, retain_graph=True)
    y[lib.tensor([True, False, True])] = x[:2]
    yield y, names(y.grad_fn), lib.autograd.grad(y.sum(), x)


def test_the_line_that_wrote_is_named(lib):
    """A stale saved value's error ends with the op that saved it and the user's line that overwrote it."""
    x = leaf(lib)
    y = x * 1
    z = y * y
    y.add_(1)
    try:
        z.sum().backward()
    except RuntimeError as error:
        last = str(error).splitlines()[-1]
    place = place_in(test_the_line_that_wrote_is_named, 5)
    assert lib.__name__ == "torch" or last == f"Saved for MulBackward0; last written at {place}: y.add_(1)"


def place_in(function, line):
    return f"{__file__}:{function.__code__.co_firstlineno + line}"


def test_the_line_that_may_not_write_is_named(lib):
    """Each refusal of a write ends with the user's line that writes, or that wrote to the memory before."""
    x = leaf(lib)
    y = x * 1
    part, other = y.split([1, 2])
    with lib.no_grad():
        z = y[1:]
    with lib.inference_mode():
        i = lib.ones(3)

    def write():
        y.add_(1)

    attempts = (
        lambda: x.mul_(2),
        lambda: x[0].mul_(2),
        lambda: part.mul_(2),
        lambda: z.mul_(2),
        lambda: i.mul_(2),
        lambda: x.resize_(7),
    )
    for attempt in attempts:
        assert last_line(attempt).endswith(f"{place_in(attempt, 0)}: {source_of(attempt)}")
    write()
    for look in (lambda: other + 1, lambda: part.grad_fn, lambda: z * 2):
        assert last_line(look) == f"Last written at {place_in(write, 1)}: y.add_(1)"


def source_of(function):
    return linecache.getline(__file__, function.__code__.co_firstlineno).strip()


def last_line(program):
    with pytest.raises(RuntimeError) as caught:
        program()
    return str(caught.value).splitlines()[-1]


def masks_without_dimensions(lib):
    yes, no, byte = lib.tensor(True), lib.tensor(False), lib.tensor(1, dtype=lib.uint8)
    x = lib.arange(6.0).view(2, 3)
    for index in (yes, no, byte, (0, yes), (0, no), (None, yes), (yes, 0), True, False, (0, True)):
        yield x[index]
        yield lambda: lib.tensor(3.0)[index]
        for base in (x, lib.tensor(3.0)):
            y = base.clone().requires_grad_() * 1

            def put():
                y[index] = 7
                return y.detach(), names(y.grad_fn)

            yield put


def lists_as_indices(lib):
    x = lib.arange(24.0).view(2, 3, 4)
    for index in (
        [[0], [1]],
        [[0, 1], [1, 2]],
        [0, None],
        [slice(None), 1],
        [..., 0],
        [lib.tensor(0), lib.tensor(1)],
        [[True, False], [False, True]],
        [1.5],
        [True, False],
        [[]],
        [range(2)],
        [[0], 1],
        [0] * 33,
    ):
        yield lambda: x[index]


def putting_at_indices(lib):
    f64, i64 = lib.float64, lib.int64
    for index in ([5], [[5], [5]], ([0, 1], [0, 1, 2]), ([5], [9]), ([], [0]), [-3], (slice(None), [4]), [1, 0]):
        for value in (
            7.0,
            lib.ones(5),
            lib.ones(3),
            lib.ones(3, dtype=f64),
            lib.ones(1, dtype=f64),
            lib.ones(5, dtype=i64),
        ):
            x = lib.arange(6.0).view(2, 3)

            def put():
                x[index] = value
                return x

            yield put
            yield x, x._version
    yield lambda: x.index_put_(([0], lib.tensor([0])), value)
    yield lambda: x.index_put_((lib.tensor([0, 5]),), lib.ones(5, dtype=i64))
    yield lambda: x.index_put_((lib.tensor([0, 5]),), lib.ones(3, dtype=i64))


def memory_met_again(lib):
    x, i = lib.arange(6.0).view(2, 3), lib.tensor([0, 1, 0])
    for write in (
        lambda: x.__setitem__([1, 0], x.data),
        lambda: x.__setitem__([1, 0], x),
        lambda: x.__setitem__([9, 0], x.detach()),
        lambda: x.data.t().add_(x),
        lambda: x[1].data.add_(x.view(6)[2:5]),
        lambda: x[1:].data.add_(x),
        lambda: x.copy_(x[None]),
        lambda: x.copy_(x),
        lambda: x.copy_(x.data),
        lambda: x.add_(x.data),
        lambda: x.data.add_(x),
        lambda: i.__setitem__(i, 7),
        lambda: i.__setitem__(i.data, i),
        lambda: lib.ones(1).expand(3).add_(1),
        lambda: lib.ones(1).expand(3).fill_(x[0, 0]),
        lambda: lib.ones(1).expand(3).fill_(2),
        lambda: lib.ones(1).expand(3).zero_(),
        lambda: x[0].expand(2, 3).copy_(x),
    ):
        yield write
        yield x, x._version, i
    e = x[0].expand(2, 3)
    yield e.copy_(e), x._version


def a_copy_of_an_expanded_view_to_itself(lib):
    x = leaf(lib)
    e = (x * 1).expand(2, 3)
    e.copy_(e)
    yield names(e.grad_fn)
    yield lambda: e.sum().backward()
    yield x.grad


def saved_and_then_detached(lib):
    x = leaf(lib)
    for again in (lambda y: y, lambda y: y.requires_grad_(), lambda y: y.mul_(x)):
        y = x * 2
        z, w = y * y, y + 1
        y.detach_()
        late = (again(y) * x).sum()
        yield place(y)
        yield lambda: z.sum().backward()
        yield lambda: w.sum().backward()
        yield lambda: late.backward()
        yield x.grad


def a_leaf_moved_into_the_graph(lib):
    for keep in (True, False):
        x = leaf(lib)
        y = x * 1
        x.detach_()
        x.add_(y)
        yield place(x)
        if keep:
            yield lambda: x.sum().backward()
            x.detach_()
        else:
            del x
        yield lambda: y.sum().backward()


def hooks_of_a_leaf_that_stopped_asking(lib):
    x, seen = leaf(lib), []
    y = (x * 2).sum()
    x.register_hook(lambda g: seen.append(g))
    x.register_post_accumulate_grad_hook(lambda t: seen.append((t.grad, t.requires_grad)))
    x.requires_grad_(False)
    y.backward()
    yield seen, x.grad


def names_of_the_last_writer(lib):
    for make in (
        lambda y: y.sum(0),
        lambda y: y.fill_(3),
        lambda y: y.fill_(lib.tensor(2.0)),
        lambda y: y.unsqueeze_(0),
        lambda y: y.pow(lib.ones(3)),
        lambda y: y.zero_(),
        lambda y: y.copy_(y),
    ):
        x = leaf(lib)
        y = make((x * 1).view(1, 3) * 1)
        z = (y * y).sum()
        with lib.no_grad():
            y.add_(1)
        yield lambda: z.backward()


def gradients_as_they_come(lib):
    x, y = lib.ones(2, 3, requires_grad=True), lib.ones(3, requires_grad=True)
    for result in (x.sum(), x.sum(0).sum(), (x * y).sum(), x.t().sum(), x[0].sum()):
        for g in lib.autograd.grad(result, [x, y], allow_unused=True):
            yield lambda: g.stride()
            yield lambda: g.add_(1)


def infinities_under_writes(lib):
    for write in (
        lambda y: y.__setitem__([1, 0], 7.0),
        lambda y: y.__setitem__(y > 1, 7.0),
        lambda y: y.__setitem__(0, 7.0),
        lambda y: y.put_(lib.tensor([0, 1]), lib.ones(2)),
        lambda y: y.index_put_((lib.tensor([0, 1]),), lib.ones(2)),
        lambda y: y.index_copy_(0, lib.tensor([0, 1]), lib.ones(2)),
        lambda y: y.index_fill_(0, lib.tensor([0, 1]), 2.0),
        lambda y: y.masked_fill_(y > 1, 2.0),
        lambda y: y.zero_(),
        lambda y: y.scatter_(0, lib.tensor([0, 1]), lib.ones(2)),
    ):
        x = leaf(lib)
        y = x * 1
        write(y)
        y.backward(lib.tensor([float("inf"), float("nan"), -float("inf")]))
        yield x.grad
    x = lib.ones(2, 3, requires_grad=True)
    g = lib.full((2, 3), float("inf"))
    for result in (
        lib.select_scatter(x, lib.ones(3), 0, 1),
        lib.slice_scatter(x, lib.ones(1, 3), 0, 1),
        lib.diagonal_scatter(x, lib.ones(2)),
        lib.as_strided_scatter(x, lib.ones(2), (2,), (1,), 1),
    ):
        yield lib.autograd.grad(result, x, g)
    yield lib.autograd.grad(lib.cdist(x, x + 1, p=0.0), x, lib.full((2, 2), float("inf")))


@cases(globals())
def test_inplace(program, lib):
    check(program, lib)
