"""torch.func.vmap: a function of one sample, applied to a batch."""

import functools

from ..autograd.transformable import open_transforms
from ..ops.creation import zeros
from ..ops.joining import stack
from ..ops.shape import movedim, select
from ..random import default_generator
from ..tensor import Tensor
from ..utils._pytree import TreeSpec, broadcast_to_leaves, tree_flatten, tree_unflatten

RANDOM = ("vmap: called random operation while in randomness error mode. Please either use the 'same' or 'different' "
          "randomness flags on vmap or perform the randomness operation out of vmap")


def vmap(func, in_dims=0, out_dims=0, randomness="error", *, chunk_size=None):
    """The function that applies `func` to each sample of a batch and stacks what it returns.

    `in_dims` says along which dimension the samples of each input lie (None, and for keyword arguments: every sample
    gets all of it), `out_dims` where in the results they are put.  The samples go one after the other, so that what
    torch refuses because it takes them all at once (`.item()`, `if` on a value) is possible here, and time grows with
    the batch.
    """
    check_randomness(randomness)
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError(f"vmap: chunk_size should be None or greater than 0. (got {chunk_size})")

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        inputs, spec, dims = _inputs(func, in_dims, args)
        size = _batch_size(inputs, dims)

        def sample(i):
            chosen = [x if dim is None else _at(x, dim, i, size) for x, dim in zip(inputs, dims)]
            return func(*tree_unflatten(chosen, spec), **kwargs)

        last = max(size, 1) - 1
        open_transforms.append("vmap")
        try:
            results = [_run(sample, i, last, randomness) for i in range(last + 1)]
        finally:
            open_transforms.pop()
        return _gathered(func, results, out_dims, size)

    return wrapper


def check_randomness(randomness):
    """Raise RuntimeError for a word that vmap does not know."""
    if randomness not in ("error", "different", "same"):
        raise RuntimeError(f"Only allowed values for randomness are 'error', 'different', or 'same'. Got {randomness}")


def _run(sample, number, last, randomness):
    """One sample's result, with the random numbers that `randomness` allows."""
    state = default_generator.get_state() if randomness != "different" else None
    result = sample(number)
    if randomness == "error" and not (default_generator.get_state() == state).all():
        raise RuntimeError(RANDOM)
    if randomness == "same" and number < last:
        default_generator.set_state(state)
    return result


def _at(x, dim, i, size):
    """Sample `i` of an input; of an empty batch, one of zeros, which shows the shapes of the results."""
    if size:
        return select(x, dim, i)
    dim %= x.dim()
    return zeros((*x.shape[:dim], *x.shape[dim + 1 :]), dtype=x.dtype)


def _inputs(func, in_dims, args):
    """The leaves of the arguments, their structure, and the mapped dimension of each or None.  Raises ValueError."""
    name = f"vmap({func.__name__ if hasattr(func, '__name__') else repr(func)}"
    where = f"{name}, in_dims={in_dims}, ...)(<inputs>): "
    if not isinstance(in_dims, (int, tuple)):
        raise ValueError(f"{where}expected `in_dims` to be int or a (potentially nested) tuple matching the structure "
                         f"of inputs, got: {type(in_dims)}.")
    if not args:
        raise ValueError(f"{name})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are trying to vmap "
                         f"over a function with no inputs. The latter is unsupported.")
    leaves, spec = tree_flatten(args)
    dims = broadcast_to_leaves(in_dims, args)
    if dims is None:
        raise ValueError(f"{where}in_dims is not compatible with the structure of `inputs`. in_dims has structure "
                         f"{tree_flatten(in_dims)[1]} but inputs has structure {spec}.")
    for x, dim in zip(leaves, dims):
        if not isinstance(dim, int) and dim is not None:
            raise ValueError(f"{where}Got in_dim={dim} for an input but in_dim must be either an integer dimension "
                             f"or None.")
        if isinstance(dim, int) and not isinstance(x, Tensor):
            raise ValueError(f"{where}Got in_dim={dim} for an input but the input is of type {type(x)}. We cannot vmap "
                             f"over non-Tensor arguments, please use None as the respective in_dim")
        if dim is not None and not -x.dim() <= dim < x.dim():
            raise ValueError(f"{where}Got in_dim={dim} for some input, but that input is a Tensor of dimensionality "
                             f"{x.dim()} so expected in_dim to satisfy -{x.dim()} <= in_dim < {x.dim()}.")
    return leaves, spec, dims


def _batch_size(inputs, dims):
    sizes = [x.shape[dim] for x, dim in zip(inputs, dims) if dim is not None]
    if not sizes:
        raise ValueError("vmap: Expected at least one Tensor to vmap over")
    if len(set(sizes)) > 1:
        raise ValueError(f"vmap: Expected all tensors to have the same size in the mapped dimension, got sizes {sizes} "
                         f"for the mapped dimension")
    return sizes[0]


def _gathered(func, results, out_dims, size):
    """The samples' results side by side.  Raises ValueError."""
    name = func.__name__ if hasattr(func, "__name__") else repr(func)
    flat = [tree_flatten(result) for result in results]
    spec = flat[0][1]
    dims_spec = tree_flatten(out_dims)[1]
    if not all(dim is None or isinstance(dim, int) for dim in tree_flatten(out_dims)[0]):
        raise ValueError(f"vmap({name}, ..., out_dims={out_dims}): `out_dims` must be an int, None or a python "
                         f"collection of ints representing where in the outputs the vmapped dimension should appear.")
    if isinstance(out_dims, tuple) and len(out_dims) == 1 and not isinstance(spec, TreeSpec):
        out_dims = out_dims[0]
    dims = broadcast_to_leaves(out_dims, results[0])
    if dims is None:
        raise ValueError(f"vmap({name}, ..., out_dims={out_dims})(<inputs>): out_dims is not compatible with the "
                         f"structure of `outputs`. out_dims has structure {dims_spec} but outputs has structure "
                         f"{spec}.")
    gathered = []
    for dim, column in zip(dims, zip(*[leaves for leaves, _ in flat])):
        if dim is not None and not isinstance(column[0], Tensor):
            raise ValueError(f"vmap({name}, ...): `{name}` must only return Tensors, got type {type(column[0])}. Did "
                             f"you mean to set out_dims= to None for output?")
        gathered.append(column[0] if dim is None else _stacked(column, dim, size))
    return tree_unflatten(gathered, spec)


def _stacked(samples, dim, size):
    together = stack(samples) if size else stack(samples)[:0]
    return together if dim == 0 else movedim(together, 0, dim)
