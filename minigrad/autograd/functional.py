"""torch.autograd.functional: Jacobians, Hessians and their products with vectors, of a function of Tensors.

Everything but forward-mode Jacobians is made of autograd.grad.
Jᵀv is one backward pass.  Jv is a pass through that pass: u -> Jᵀu is linear, and the
derivative of <Jᵀu, v> with respect to u is Jv.  A function takes and returns a Tensor or a tuple of them, and the result
has the same structure.  Under `strict`, a result that is zero because nothing depends on an input is an error.
"""

from ..ops.creation import ones_like, zeros, zeros_like
from ..ops.joining import stack
from ..ops.shape import permute, reshape, squeeze, view, view_as
from ..tensor import Tensor
from . import forward_ad
from .backward import grad
from .graph import requires_grad
from .modes import enable_grad
from .texts import STRICT, STRICT_UNUSED

OUTPUTS = "outputs of the user-provided function"


def jacobian(func, inputs, create_graph=False, strict=False, vectorize=False, strategy="reverse-mode"):
    """J[i][j] = d func(inputs)[i] / d inputs[j], row by row; of shape output.shape + input.shape.

    With strategy="forward-mode" column by column.  `vectorize` is accepted: it chooses how torch computes the same.
    """
    _check_strategy(create_graph, strict, vectorize, strategy)
    if strategy == "forward-mode":
        return _forward_jacobian(func, inputs)
    with enable_grad():
        single, xs = _as_tuple(inputs, "inputs", "jacobian")
        xs = _prepared(xs, create_graph, requires_grad=True)
        single_output, ys = _as_tuple(func(*xs), OUTPUTS, "jacobian")
        _check_depend("outputs", ys, strict)
        blocks = [_rows(i, y, xs, create_graph, strict) for i, y in enumerate(ys)]
    blocks = tuple([_finished(block, single, create_graph) for block in blocks])
    return blocks[0] if single_output else blocks


def _rows(i, y, xs, create_graph, strict):
    """The Jacobian of one output for every input."""
    rows = [[] for _ in xs]
    flat = reshape(y, (-1,))
    for number in range(y.numel()):
        for j, (row, x, found) in enumerate(zip(rows, xs, _vjp((flat[number],), xs, (None,), create_graph))):
            if found is None and strict:
                raise RuntimeError(STRICT_UNUSED.format(f"Output {i}", j))
            if found is not None and strict and create_graph and not requires_grad(found):
                raise RuntimeError(STRICT["recorded"].format(j))
            row.append(zeros_like(x) if found is None else found)
    return [view(stack(row), (*y.shape, *x.shape)) for row, x in zip(rows, xs)]


def _forward_jacobian(func, inputs):
    """The Jacobian by tangents: the column of an element of an input is what moving that element makes of the outputs."""
    single, xs = _as_tuple(inputs, "inputs", "jacobian")
    columns, single_output = [], True
    for tangents in _directions(xs):
        with forward_ad.dual_level():
            single_output, ys = _as_tuple(func(*map(forward_ad.make_dual, xs, tangents)), "outputs", None)
            unpacked = [forward_ad.unpack_dual(y) for y in ys]
        columns.append([zeros_like(y) if t is None else t for y, t in unpacked])
    blocks = [[] for _ in ys]
    for x in xs:
        own, columns = columns[: x.numel()], columns[x.numel() :]
        for k, (y, block) in enumerate(zip(ys, blocks)):
            rows = stack([column[k] for column in own]) if own else zeros((0, *y.shape), dtype=y.dtype)
            block.append(reshape(permute(rows, (*range(1, rows.dim()), 0)), (*y.shape, *x.shape)))
    blocks = tuple([block[0] for block in blocks]) if single else blocks
    return blocks[0] if single_output else blocks


def _directions(xs):
    """For each element of all tensors the tangents that move it alone; those that move nothing if there is no element."""
    still = [zeros_like(x.detach()).contiguous() for x in xs]
    if not any(x.numel() for x in xs):
        yield still
    for i, x in enumerate(xs):
        for number in range(x.numel()):
            moved = zeros_like(still[i])
            view(moved, (-1,))[number] = 1
            yield [moved if j == i else v for j, v in enumerate(still)]


def hessian(func, inputs, create_graph=False, strict=False, vectorize=False, outer_jacobian_strategy="reverse-mode"):
    """H[i][j] = d² func(inputs) / d inputs[i] d inputs[j]: the Jacobian of the gradient of a function with one element."""
    if outer_jacobian_strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError('Expected strategy to be either "forward-mode" or "reverse-mode".')
    single, xs = _as_tuple(inputs, "inputs", "hessian")

    def scalar(*xs):
        return squeeze(_single_element(func(*xs), "hessian", strict))

    def gradient(*xs):
        if outer_jacobian_strategy == "forward-mode":
            xs = tuple([x.requires_grad_() for x in xs])
        found = jacobian(scalar, xs, create_graph=True)
        _check_depend("jacobian", found, strict)
        return found

    rows = jacobian(gradient, xs, create_graph, strict, vectorize, outer_jacobian_strategy)
    return rows[0][0] if single else rows


def vjp(func, inputs, v=None, create_graph=False, strict=False):
    """(func(inputs), vᵀJ)"""
    with enable_grad():
        single, xs = _as_tuple(inputs, "inputs", "vjp")
        xs = _prepared(xs, create_graph, requires_grad=True)
        single_output, ys = _as_tuple(func(*xs), OUTPUTS, "vjp")
        _check_depend("outputs", ys, strict)
        v = _vector(v, ys, single_output, create_graph, "vjp", "user-provided function returns")
    with enable_grad():
        found = _filled(_vjp(ys, xs, v, create_graph), xs, strict, create_graph)
    return _finished(ys, single_output, create_graph), _finished(found, single, create_graph)


def jvp(func, inputs, v=None, create_graph=False, strict=False):
    """(func(inputs), J v), by differentiating u -> uᵀJ, which is linear, in the direction v"""
    with enable_grad():
        single, xs = _as_tuple(inputs, "inputs", "jvp")
        v = _vector(v, xs, single, create_graph, "jvp", "input to the user-provided function is")
        xs = _prepared(xs, create_graph, requires_grad=True)
        single_output, ys = _as_tuple(func(*xs), OUTPUTS, "jvp")
        _check_depend("outputs", ys, strict)
        us = tuple([zeros_like(y, requires_grad=True) for y in ys])
        found = _filled(_vjp(ys, xs, us, True), xs, strict, False)
        products = _vjp(found, us, v, create_graph)
        found = _filled(products, ys, strict, create_graph)
    return _finished(ys, single_output, create_graph), _finished(found, single_output, create_graph)


def vhp(func, inputs, v=None, create_graph=False, strict=False):
    """(func(inputs), vᵀH)"""
    with enable_grad():
        single, xs, v, y, gradient = _gradient_of_scalar(func, inputs, v, create_graph, strict, "vhp")
        found = _filled(_vjp(gradient, xs, v, create_graph), xs, strict, create_graph, "jacobian")
    return _finished((y,), True, create_graph), _finished(found, single, create_graph)


def hvp(func, inputs, v=None, create_graph=False, strict=False):
    """(func(inputs), H v), by differentiating u -> uᵀH, which is linear, in the direction v"""
    with enable_grad():
        single, xs, v, y, gradient = _gradient_of_scalar(func, inputs, v, create_graph, strict, "hvp")
        us = tuple([zeros_like(x, requires_grad=True) for x in xs])
        found = _filled(_vjp(gradient, xs, us, True), xs, strict, False, "jacobian")
        found = _filled(_vjp(found, us, v, create_graph), xs, strict, create_graph, "jacobian")
    return _finished((y,), True, create_graph), _finished(found, single, create_graph)


def _gradient_of_scalar(func, inputs, v, create_graph, strict, name):
    single, xs = _as_tuple(inputs, "inputs", name)
    v = _vector(v, xs, single, create_graph, name, "input to the user-provided function is")
    xs = _prepared(xs, create_graph, requires_grad=True)
    y = _single_element(func(*xs), name, strict)
    gradient = _filled(_vjp((y,), xs, (None,), True), xs, strict, False)
    _check_depend("jacobian", gradient, strict)
    return single, xs, v, y, gradient


# ---- structure, and what torch says of a wrong one ------------------------------------------------------------------


def _as_tuple(value, what, name):
    """Whether `value` is a single Tensor, and the tuple of it.  Raises TypeError."""
    values = value if isinstance(value, tuple) else (value,)
    for i, x in enumerate(values):
        if not isinstance(x, Tensor):
            which = f"value at index {i}" if isinstance(value, tuple) else f"given {what}"
            raise TypeError(f"The {what} given to {name} must be either a Tensor or a tuple of Tensors but the {which} has "
                            f"type {type(x)}.")
    return values is not value, values


def _prepared(tensors, create_graph, requires_grad):
    """Tensors of our own to differentiate by; still connected to the given ones under create_graph."""
    return tuple([view_as(x, x) if create_graph and x.requires_grad else x.detach().requires_grad_(requires_grad)
                  for x in tensors])


def _vector(v, like, single, create_graph, name, where):
    """The checked tuple of vectors `v`, or ones if it may be left out.  Raises RuntimeError."""
    if v is None:
        if len(like) != 1 or like[0].numel() != 1:
            raise RuntimeError(f"The vector v can only be None if the {where} a single Tensor with a single element.")
        return (ones_like(like[0]),)
    _, v = _as_tuple(v, "v", name)
    if len(v) != len(like):
        raise RuntimeError("The given v should contain a single Tensor." if single else
                           f"v is a tuple of invalid length: should be {len(like)} but got {len(v)}.")
    for i, (given, x) in enumerate(zip(v, like)):
        if given.shape != x.shape:
            raise RuntimeError(f"{'' if single else f'Entry {i} in '}v has invalid size: should be {x.shape} but got "
                               f"{given.shape}.")
    return _prepared(v, create_graph, requires_grad=False)


def _single_element(y, name, strict):
    single, ys = _as_tuple(y, OUTPUTS, name)
    _check_depend("outputs", ys, strict)
    if not single:
        raise RuntimeError(f"The function given to {name} should return a single Tensor")
    if ys[0].numel() != 1:
        raise RuntimeError(f"The Tensor returned by the function given to {name} should contain a single element")
    return ys[0]


def _check_depend(kind, tensors, strict):
    for i, x in enumerate(tensors):
        if strict and not requires_grad(x):
            raise RuntimeError(STRICT[kind].format(i))


def _vjp(ys, xs, vs, create_graph):
    """vsᵀ · d ys / d xs, with None for what no output depends on."""
    pairs = [(y, v) for y, v in zip(ys, vs) if requires_grad(y)]
    if not pairs:
        return (None,) * len(xs)
    ys, vs = zip(*pairs)
    return grad(ys, xs, vs, retain_graph=True, create_graph=create_graph, allow_unused=True)


def _filled(found, like, strict, recorded, kind=None):
    """Zeros for None, which is an error under `strict`; so is, if the result is recorded, one that is constant."""
    for i, x in enumerate(found):
        if strict and x is None:
            raise RuntimeError(STRICT[kind].format(i) if kind else STRICT_UNUSED.format("The output", i))
        if strict and recorded and not requires_grad(x):
            raise RuntimeError(STRICT[kind or "recorded"].format(i))
    return tuple([zeros_like(x) if g is None else g for g, x in zip(found, like)])


def _finished(tensors, single, create_graph):
    """The results as the caller gets them: cut off unless recorded, and in the structure that was given."""
    tensors = tuple([x if create_graph else x.detach() for x in tensors])
    return tensors[0] if single else tensors


def _check_strategy(create_graph, strict, vectorize, strategy):
    if strategy not in ("forward-mode", "reverse-mode"):
        raise AssertionError('Expected strategy to be either "forward-mode" or "reverse-mode". Hint: If your function has '
                             'more outputs than inputs, "forward-mode" tends to be more performant. Otherwise, prefer to '
                             'use "reverse-mode".')
    if strict and vectorize and strategy == "reverse-mode":
        raise RuntimeError("torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not supported "
                           "together. Please either set `strict=False` or `vectorize=False`.")
    if strategy == "forward-mode":
        if create_graph:
            raise NotImplementedError("torch.autograd.functional.jacobian: `create_graph=True` and "
                                      "`strategy=\"forward-mode\"` are not supported together (yet). Please either set "
                                      "`create_graph=False` or `strategy=\"reverse-mode\"`.")
        if strict:
            raise RuntimeError("torch.autograd.functional.jacobian: `strict=True` and `strategy=\"forward-mode\"` are not "
                               "supported together (yet). Please either set `strict=False` or "
                               "`strategy=\"reverse-mode\"`.")
        if not vectorize:
            raise NotImplementedError("Computing Jacobian using forward-AD or forward-over-reverse Hessian isonly "
                                      "implemented for `vectorize=True`.")
