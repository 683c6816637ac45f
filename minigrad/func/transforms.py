"""torch.func: from a function f to the function that computes its derivative; nested to any order.

Each transform differentiates by inputs of its own: views of what it was given where that requires grad (so that an
outer transform, or the user's backward, sees through it), fresh leaves otherwise.  What it returns is recorded only if
it depends on something besides those leaves.  Jv is a derivative of u -> Jᵀu, which is linear in u.
"""

import functools
from contextlib import nullcontext

from ..autograd import forward_ad, tangents
from ..autograd.backward import grad as run_backward
from ..autograd.engine import reachable
from ..autograd.graph import gradient_edge, requires_grad
from ..autograd.modes import enable_grad, inference_mode, mode
from ..autograd.transformable import open_transforms
from ..dtypes import FLOAT
from ..ops.creation import zeros, zeros_like
from ..ops.joining import stack
from ..ops.shape import reshape, view, view_as
from ..tensor import Tensor
from ..utils._pytree import tree_flatten, tree_map, tree_unflatten
from .vmap import check_randomness


class Level:
    """One transform under way: its own leaves, and whether recording was on around it."""

    def __init__(self):
        self.recording, self.made = mode.enabled, []

    def own(self, x):
        """An input of this transform's own.  Raises RuntimeError for an integer tensor."""
        if requires_grad(x) and self.recording:
            return view_as(x, x)
        leaf = cut_off(x).requires_grad_()
        leaf._edge[0].private = True
        self.made.append(leaf)  # keeps the leaves, and so the results, alive as long as this
        return leaf

    def depends(self, x):
        """Whether a tensor depends on something that requires grad besides the transforms' own leaves."""
        if not self.recording or not requires_grad(x):
            return False
        _, leaves = reachable([gradient_edge(x)[0]])
        outer, own = outer_leaves(), self.edges
        return any(leaf not in own and (leaf in outer or not getattr(leaf, "private", False)) for leaf in leaves)

    @property
    def edges(self):
        return {leaf._edge[0] for leaf in self.made}

    def public(self, x):
        """A result as the caller sees it."""
        return x if self.depends(x) else cut_off(x)

    def __enter__(self):
        open_levels.append(self)
        open_transforms.append("grad")
        self.context = inference_mode(False) if mode.inference else enable_grad()
        self.context.__enter__()
        return self

    def __exit__(self, *exc):
        self.context.__exit__(*exc)
        open_levels.pop()
        open_transforms.pop()


def cut_off(x):
    """x off the graph, with the tangent that it may have"""
    twin, dual = x.detach(), tangents.active()
    tangent = dual and dual.tangent(x)
    if tangent is not None:
        dual.hold(twin, tangent)
    return twin


open_levels = []


def outer_leaves():
    """The leaves of the transforms under way: to an inner transform they are like the user's."""
    return {edge for level in open_levels for edge in level.edges}


# ---- the transforms -------------------------------------------------------------------------------------------------


def grad(func, argnums=0, has_aux=False):
    """The function that computes d func / d args[argnums]"""
    both = grad_and_value(func, argnums, has_aux)

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        gradient, value = both(*args, **kwargs)
        return (gradient, value[1]) if has_aux else gradient

    return wrapper


def grad_and_value(func, argnums=0, has_aux=False):
    """The function that computes d func / d args[argnums] and func itself, which returns a 0-d tensor"""

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        with Level() as level:
            xs, spec, args = _own_arguments(level, args, argnums)
            output, aux = _split(func(*args, **kwargs), has_aux, "grad_and_value(f)(*args)", "output")
            if not isinstance(output, Tensor):
                raise RuntimeError(f"grad_and_value(f)(*args): Expected f(*args) to return a Tensor, got "
                                   f"{type(output)}")
            if output.dim():
                raise RuntimeError(f"grad_and_value(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor "
                                   f"with {output.dim()} dims. Maybe you wanted to use the vjp or jacrev APIs instead?")
            gradients = _backward(level, [output], xs)
            value = level.public(output)
            aux = tree_map(functools.partial(_public_aux, level), aux)
        return tree_unflatten(gradients, spec), (value, aux) if has_aux else value

    return wrapper


def vjp(func, *primals, has_aux=False):
    """(func(*primals), the function that takes a cotangent v of it to vᵀJ); and what else func returns, with has_aux"""
    level = Level()
    with level:
        xs, spec, args = _own_arguments(level, primals, tuple(range(len(primals))))
        output, aux = _split(func(*args), has_aux, "vjp(f, *primals)", "output")
        ys, output_spec = _tensors_of(output, "vjp(f, *primals)")
        aux = tree_map(functools.partial(_public_aux, level), aux)
        found = tree_unflatten([level.public(y) for y in ys], output_spec)

    def wrapper(cotangents, retain_graph=True, create_graph=None):
        vs, given_spec = tree_flatten(cotangents)
        if given_spec != output_spec:
            raise RuntimeError(f"Expected pytree structure of cotangents to be the same as pytree structure of outputs "
                               f"to the function. cotangents: {given_spec.short()}, primal output: "
                               f"{output_spec.short()}")
        for v in vs:
            if not isinstance(v, Tensor):
                raise TypeError(f"gradients can be either Tensors or None, but got {type(v).__name__}")
        level.recording = mode.enabled
        with level:
            return tree_unflatten(_backward(level, ys, xs, vs), spec)

    return (found, wrapper, aux) if has_aux else (found, wrapper)


def jvp(func, primals, tangents, *, strict=False, has_aux=False):
    """(func(*primals), J · tangents); and what else func returns, with has_aux"""
    name = "jvp(f, primals, tangents)"
    if not isinstance(primals, tuple):
        raise RuntimeError(f"{name}: Expected primals to be a tuple. E.g. it should be valid to call f(*primals).")
    vs, spec = tree_flatten(tangents)
    flat, primals_spec = tree_flatten(primals)
    if primals_spec != spec:
        raise RuntimeError(f"{name}: Expected primals and tangents to have the same python structure. For example, if "
                           f"primals is a tuple of 3 tensors, tangents also must be. Got primals with structure "
                           f"{primals_spec} and tangents with structure {spec}")
    if not flat:
        raise RuntimeError(f"{name}: Expected primals to contain at least one Tensor.")
    for x, v in zip(flat, vs):
        _check_tangent(x, v)
    _check_unnested()
    if forward_ad.Level.current is None:
        return _pushed_forward(func, spec, flat, vs, has_aux)
    with Level() as level:
        forward = _Forward(level, func, primals, tuple(range(len(primals))), has_aux)
        value = tree_unflatten([level.public(y) for y in forward.ys], forward.output_spec)
        product = tree_unflatten(forward(vs), forward.output_spec)
    return (value, product, forward.aux) if has_aux else (value, product)


def _pushed_forward(func, spec, flat, vs, has_aux):
    """jvp by tangents, where no other is under way.  An inner one goes back through the graph twice instead."""
    name = "jvp(f, primals, tangents)"
    open_transforms.append("jvp")
    try:
        with inference_mode(False) if mode.inference else nullcontext(), forward_ad.dual_level():
            tangents.Level.current.of_transform = True
            duals = tree_unflatten(list(map(forward_ad.make_dual, flat, vs)), spec)
            output, aux = _split(func(*duals), has_aux, name, "output")
            ys, output_spec = _tensors_of(output, name)
            for x in tree_flatten(aux)[0]:
                _check_aux(x)
            found = [forward_ad.unpack_dual(y).tangent for y in ys]
    finally:
        open_transforms.pop()
    product = tree_unflatten([zeros_like(y) if t is None else t for y, t in zip(ys, found)], output_spec)
    return (output, product, aux) if has_aux else (output, product)


def _check_unnested():
    """Raise RuntimeError inside a level of the user's."""
    if tangents.Level.current is not None and not tangents.Level.current.of_transform:
        raise RuntimeError(forward_ad.NESTED)


def linearize(func, *primals):
    """(func(*primals), the function that takes tangents v to J v)"""
    _check_unnested()
    level = Level()
    with level:
        forward = _Forward(level, func, primals, tuple(range(len(primals))), False)
        value = tree_unflatten([level.public(y) for y in forward.ys], forward.output_spec)

    def wrapper(*tangents):
        with level:
            return tree_unflatten(forward(tree_flatten(tangents)[0]), forward.output_spec)

    return value, wrapper


def jacrev(func, argnums=0, *, has_aux=False, chunk_size=None, _preallocate_and_copy=False):
    """The function that computes the Jacobian of func by args[argnums], row by row"""
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError("jacrev: `chunk_size` should be greater than 0.")

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        with Level() as level:
            xs, spec, args = _own_arguments(level, args, argnums)
            output, aux = _split(func(*args, **kwargs), has_aux, "vjp(f, *primals)", "output")
            ys, output_spec = _tensors_of(output, "vjp(f, *primals)")
            blocks = []
            for y in ys:
                flat = reshape(y, (-1,))
                rows = [_backward(level, [flat[i]], xs) for i in range(y.numel())]
                blocks.append(tree_unflatten([_joined(column, y, x) for x, column in zip(xs, zip(*rows))], spec))
            aux = tree_map(functools.partial(_public_aux, level), aux)
        return (tree_unflatten(blocks, output_spec), aux) if has_aux else tree_unflatten(blocks, output_spec)

    return wrapper


def jacfwd(func, argnums=0, has_aux=False, *, randomness="error"):
    """The function that computes the Jacobian of func by args[argnums], column by column"""
    check_randomness(randomness)

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        _check_unnested()
        with Level() as level:
            forward = _Forward(level, functools.partial(func, **kwargs), args, argnums, has_aux)
            xs, ys = forward.xs, forward.ys
            columns = [[forward(direction) for direction in _basis(xs, i)] for i in range(len(xs))]
            blocks = [tree_unflatten([_transposed([column[j] for column in columns[i]], y, x) for i, x in
            enumerate(xs)], forward.spec) for j, y in enumerate(ys)]
        jacobian = tree_unflatten(blocks, forward.output_spec)
        return (jacobian, forward.aux) if has_aux else jacobian

    return wrapper


def hessian(func, argnums=0):
    """The function that computes the second derivatives of func by args[argnums]"""
    return jacfwd(jacrev(func, argnums), argnums)


# ---- parts ----------------------------------------------------------------------------------------------------------


class _Forward:
    """func at a point, ready to be differentiated in any direction of args[argnums]: u -> Jᵀu, by u."""

    def __init__(self, level, func, args, argnums, has_aux):
        self.level = level
        for x in tree_flatten([args[i] for i in _checked(argnums, args)])[0]:
            if isinstance(x, Tensor) and x.dtype.category < FLOAT:
                raise ValueError(f"Expected primal to be floating point or complex, but got: {x.dtype}")
        self.xs, self.spec, args = _own_arguments(level, args, argnums)
        output, aux = _split(func(*args), has_aux, "jvp(f, primals, tangents)", "output")
        self.ys, self.output_spec = _tensors_of(output, "jvp(f, primals, tangents)")
        self.aux = tree_map(functools.partial(_public_aux, level), aux)
        self.us = [level.own(zeros_like(y.detach())) for y in self.ys]
        self.linear = _vjp(self.ys, self.xs, self.us, True)

    def __call__(self, vs):
        pairs = [(g, v) for g, v in zip(self.linear, vs) if g is not None]
        if not pairs:
            return [zeros_like(y.detach()) for y in self.ys]
        return _backward(self.level, [g for g, _ in pairs], self.us, [v for _, v in pairs])


def _backward(level, ys, xs, vs=None):
    """vs · d ys / d xs, zeros where nothing depends; recorded if that can matter outside."""
    vs = [None] * len(ys) if vs is None else vs
    recorded = any(level.depends(t) for t in (*ys, *vs) if t is not None)
    found = _vjp(ys, xs, vs, recorded)
    return [zeros_like(x.detach()) if g is None else level.public(g) for g, x in zip(found, xs)]


def _vjp(ys, xs, vs, create_graph):
    pairs = [(y, v) for y, v in zip(ys, vs) if requires_grad(y)]
    if not pairs or not xs:
        return [None] * len(xs)
    ys, vs = zip(*pairs)
    return run_backward(ys, xs, vs, retain_graph=True, create_graph=create_graph, allow_unused=True)


def _own_arguments(level, args, argnums):
    """The tensors to differentiate by, the structure of the result, and all arguments with those tensors in place."""
    chosen = _checked(argnums, args)
    picked = tuple([args[i] for i in chosen]) if isinstance(argnums, tuple) else args[argnums]
    leaves, spec = tree_flatten(picked)
    for x in leaves:
        if not isinstance(x, Tensor):
            raise ValueError(f"Thing passed to transform API must be Tensor, got {type(x)}")
    xs = [level.own(x) for x in leaves]
    owned = tree_unflatten(xs, spec)
    args = list(args)
    for i, arg in zip(chosen, owned if isinstance(argnums, tuple) else (owned,)):
        args[i] = arg
    return xs, spec, args


def _checked(argnums, args):
    """The argument numbers as a tuple.  Raises RuntimeError."""
    if not isinstance(argnums, (int, tuple)) or isinstance(argnums, tuple) and not all(type(i) is int for i in argnums):
        raise RuntimeError(f"argnums must be int or Tuple[int, ...], got: {type(argnums)}")
    numbers = argnums if isinstance(argnums, tuple) else (argnums,)
    for number in numbers:
        if not -len(args) <= number < len(args):
            raise RuntimeError(f"Got argnum={number}, but only {len(args)} positional inputs")
    numbers = tuple([number % len(args) for number in numbers])
    if len(set(numbers)) != len(numbers):
        raise RuntimeError(f"argnums elements must be unique, got {argnums}")
    return numbers


def _split(output, has_aux, name, what):
    if not has_aux:
        return output, ()
    if not isinstance(output, tuple) or len(output) != 2:
        raise RuntimeError(f"{name}: output of function f should be a tuple: ({what}, aux) if has_aux is True")
    return output


def _tensors_of(output, name):
    leaves, spec = tree_flatten(output)
    for y in leaves:
        if not isinstance(y, Tensor):
            raise RuntimeError(f"{name}: expected f(*primals) to return only tensors, got unsupported type {type(y)}")
    return leaves, spec


def _check_aux(x):
    if not isinstance(x, Tensor):
        raise RuntimeError(f"Expected tensors, got unsupported type {type(x)}")


def _public_aux(level, x):
    _check_aux(x)
    return level.public(x)


def _check_tangent(x, v):
    if not isinstance(v, Tensor):
        raise RuntimeError(f"jvp(f, primals, tangents): Expected tangents to only contain Tensors, got {type(v)}")
    if isinstance(x, Tensor) and isinstance(v, Tensor) and x.shape != v.shape:
        raise RuntimeError(f"Trying to set a forward gradient that has a different size than that of the original "
                           f"Tensor, this is not supported. Tensor is of size {list(x.shape)} while the given forward "
                           f"gradient is of size {list(v.shape)}.")


def _joined(rows, y, x):
    """Rows of a Jacobian -> its block of shape y.shape + x.shape"""
    return view(stack(rows), (*y.shape, *x.shape))


def _transposed(columns, y, x):
    """Columns of a Jacobian -> its block of shape y.shape + x.shape"""
    if not columns:
        return zeros((*y.shape, *x.shape), dtype=y.dtype)
    return reshape(stack(columns, dim=-1), (*y.shape, *x.shape))


def _basis(xs, i):
    """The directions along which one element of xs[i] moves, and nothing else."""
    for number in range(xs[i].numel()):
        direction = [zeros_like(x.detach()) for x in xs]
        reshape(direction[i], (-1,))[number] = 1
        yield direction
