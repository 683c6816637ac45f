"""Scans along a dimension: cumulative sums, products, extremes and logarithms of sums; and differences."""

from .. import return_types
from ..dtypes import BOOL, FLOAT, SCALAR_TYPE
from .accumulation import widened
from .checks import type_name
from .comparison import logical_xor, where
from .creation import zeros_like
from .dims import wrap_dim
from .joining import cat
from .out import in_dtype_of_out, takes_out
from .pointwise import abs as abs_
from .pointwise import sub
from .precision import through_float32
from .primitive import primitive
from .rearrange import flip_dims
from .shape import expand, slice_dim, unsqueeze_dim
from .sorting import pick_along
from .transcendental import exp, log


def reversed_scan(scan, g, dim):
    """A scan that starts at the end of the dimension"""
    return flip_dims(scan(flip_dims(g, (dim,)), dim), (dim,)) if g.ndim else scan(g, dim)


def check_int(name, dim):
    """Raise TypeError unless a dimension is given as an integer"""
    if not hasattr(dim, "__index__") or isinstance(dim, bool):
        raise TypeError(f"{name}(): argument 'dim' (position 2) must be int, not {type_name(dim)}")


def _accumulate(xp, scan, input, dim):
    """A scan of the library, which has no dimension 0 for 0-d arrays; float32 is accumulated in float64, as in torch"""
    wide = xp.float64 if input.dtype == xp.float32 else input.dtype
    if not input.ndim:
        return xp.array(input)
    return xp.asarray(scan(input, axis=dim, dtype=wide).astype(input.dtype), order="C")


# ---- sums and products ----------------------------------------------------------------------------------------------


@primitive("CumsumBackward0")
@through_float32
def cumsum_dim(xp, input, /, dim):
    """The sums of all elements up to each one"""
    return _accumulate(xp, xp.cumsum, input, dim)


cumsum_dim.vjp(input=lambda g, dim: reversed_scan(cumsum_dim, g, dim))


@primitive("CumprodBackward0")
@through_float32
def cumprod_dim(xp, input, /, dim):
    """The products of all elements up to each one"""
    return _accumulate(xp, xp.cumprod, input, dim)


def _cumprod_vjp(g, input, out, dim):
    if not input.ndim or 0 in input.shape or input.shape[dim] == 1:
        return g
    if not bool((input == 0).any()):
        return reversed_scan(cumsum_dim, g * out, dim) / input
    return _cumprod_vjp_with_zeros(g, input, dim)


def _cumprod_vjp_with_zeros(g, input, dim):
    """sum over j >= i of g_j times the product of the others up to j, from a table of the products between i and j"""
    shape, last = tuple(input.shape), input.ndim - 1
    n = shape[dim]
    rows = (*shape[:dim], n, *shape[dim:])
    later = steps_between(g, n, (n, n, *(1,) * (last - dim)))
    between = cumprod_dim(where(later > 0, expand(unsqueeze_dim(input, dim), rows), 1.0), dim + 1)
    after = (where(later >= 0, expand(unsqueeze_dim(g, dim), rows), 0.0) * between).sum(dim + 1)
    return after * products_before(input, dim)


@primitive()
def steps_between(xp, input, /, n, shape):
    """j - i for i, j < n, in a shape that broadcasts"""
    return xp.reshape(xp.arange(n)[None, :] - xp.arange(n)[:, None], shape)


def products_before(input, dim):
    """The products of all elements before each one"""
    first = slice_dim(input, dim, 0, 1, 1)
    return cumprod_dim(cat([first * 0 + 1, slice_dim(input, dim, 0, input.shape[dim] - 1, 1)], dim), dim)


cumprod_dim.vjp(input=_cumprod_vjp)


@in_dtype_of_out
@takes_out
def cumsum(input, dim, *, dtype=None):
    """The sums of all elements up to each one along `dim`; integers add up in int64"""
    check_int("cumsum", dim)
    return cumsum_dim(_summable("cumsum", widened(input, dtype)), wrap_dim(dim, input.dim()))


@in_dtype_of_out
@takes_out
def cumprod(input, dim, *, dtype=None):
    """The products of all elements up to each one along `dim`; integers multiply in int64"""
    check_int("cumprod", dim)
    return cumprod_dim(_summable("cumprod", widened(input, dtype)), wrap_dim(dim, input.dim()))


def _summable(name, input):
    """input.  Raises NotImplementedError for truth values"""
    if input.dtype.category == BOOL:
        raise NotImplementedError(f"\"{name}_out_cpu\" not implemented for 'Bool'")
    return input


def _kept_dtype(function):
    """The function for in-place use, which computes in the input's own dtype.  Raises NotImplementedError for bools"""

    def scan(input, dim, *, dtype=None):
        if dtype is not None and dtype is not input.dtype:
            raise RuntimeError(f"Bad in-place call: input tensor dtype {_name(input.dtype)} and output tensor dtype "
                               f"{_name(dtype)} should match")
        return function(input, dim, dtype=input.dtype)

    scan.__name__ = function.__name__
    return scan


def _name(dtype):
    return {"float32": "float", "float64": "double", "int64": "long int", "int32": "int"}.get(
        str(dtype).removeprefix("torch."), SCALAR_TYPE[dtype])


cumsum_inside, cumprod_inside = _kept_dtype(cumsum), _kept_dtype(cumprod)

# ---- running extremes -----------------------------------------------------------------------------------------------


def running(xp, combine, array, dim):
    """The scan of an associative function, in steps of 1, 2, 4, ..."""
    result, step = xp.array(array, order="C"), 1
    while array.ndim and step < array.shape[dim]:
        before, here = (slice(None),) * dim + (slice(None, -step),), (slice(None),) * dim + (slice(step, None),)
        result[here] = combine(result[before], result[here])
        step *= 2
    return result


def running_extreme(xp, combine, input, dim):
    """The largest (or smallest) element up to each one, and where it last occurs; nan wins"""
    if not input.size:
        return xp.array(input), xp.zeros(input.shape, dtype=int)
    values = running(xp, combine, input, dim)
    if not input.ndim:
        return values, xp.zeros((), dtype=int)
    places = xp.reshape(xp.arange(input.shape[dim]), (-1,) + (1,) * (input.ndim - dim - 1))
    reached = (input == values) | (input != input)
    return values, running(xp, xp.maximum, xp.where(reached, places, 0), dim)


@primitive("CummaxBackward0", outputs=("values", "indices"), differentiable_outputs=1)
def cummax_dim(xp, input, /, dim):
    """The largest element up to each one, and where it last occurs"""
    return running_extreme(xp, xp.maximum, input, dim)


@primitive("CumminBackward0", outputs=("values", "indices"), differentiable_outputs=1)
def cummin_dim(xp, input, /, dim):
    """The smallest element up to each one, and where it last occurs"""
    return running_extreme(xp, xp.minimum, input, dim)


@primitive("ScatterAddBackward0")
def add_along(xp, input, indices, /, size, dim):
    """Zeros of `size` with input added where `indices` say along dimension `dim`"""
    if not size:
        return input.reshape(())
    result = xp.zeros(size, dtype=input.dtype)
    grid = [xp.reshape(xp.arange(n), (-1,) + (1,) * (len(size) - d - 1)) for d, n in enumerate(indices.shape)]
    grid[dim] = indices
    xp.scatter_add(result, tuple(grid), input)
    return result


add_along.vjp(input=lambda g, indices, dim: pick_along(g, indices, dim))
for _op in (cummax_dim, cummin_dim):
    _op.vjp(input=lambda g, input, indices, dim: input if 0 in input.shape
            else add_along(g, indices, tuple(input.shape), dim))


def _extreme_place(name, input, dim):
    check_int(name, dim)
    if not input.dim() and dim not in (-1, 0):
        raise IndexError(f"{name}(): Expected reduction dim -1 or 0 for scalar but got {dim}")
    return dim if 0 in input.shape else wrap_dim(dim, input.dim())


@takes_out
def cummax(input, dim):
    """The largest element up to each one along `dim`, and its index"""
    return return_types.cummax(cummax_dim(input, _extreme_place("cummax", input, dim)))


@takes_out
def cummin(input, dim):
    """The smallest element up to each one along `dim`, and its index"""
    return return_types.cummin(cummin_dim(input, _extreme_place("cummin", input, dim)))


# ---- logarithms of sums of exponentials -----------------------------------------------------------------------------


@primitive("LogcumsumexpBackward0")
@through_float32
def logcumsumexp_dim(xp, input, /, dim):
    """log(cumsum(e ** input)) without overflow"""
    return running(xp, xp.logaddexp, input, dim)


def _logcumsumexp_vjp(g, input, out, dim):
    if not input.ndim or 0 in input.shape:
        return g
    size = log(abs_(g))
    lowest = -1e300 if "64" in str(input.dtype) else -3e38

    def part(chosen):
        return exp(reversed_scan(logcumsumexp_dim, where(chosen, size, lowest) - out, dim) + input)

    return part(g > 0) - part(g < 0)


logcumsumexp_dim.vjp(input=_logcumsumexp_vjp)


@takes_out
def logcumsumexp(input, dim):
    """log(cumsum(e ** input)) along `dim`"""
    check_int("logcumsumexp", dim)
    dim = wrap_dim(dim, input.dim())
    if input.dtype.category < FLOAT:
        raise NotImplementedError(f"\"logcumsumexp_out_cpu\" not implemented for '{SCALAR_TYPE[input.dtype]}'")
    return logcumsumexp_dim(input, dim)


# ---- differences ----------------------------------------------------------------------------------------------------


def _check_beside(input, other, dim):
    if other.dim() != input.dim():
        raise RuntimeError("diff expects prepend or append to be the same dimension as input")
    for i in range(input.dim()):
        if i != dim and other.shape[i] != input.shape[i]:
            raise RuntimeError(f"diff expects the shape of tensor to prepend or append to match that of input except "
                               f"along the differencing dimension; input.size({i}) = {input.shape[i]}, but got "
                               f"tensor.size({i}) = {other.shape[i]}")


@takes_out
def diff(input, n=1, dim=-1, prepend=None, append=None):
    """The differences between neighbours along `dim`, taken n times"""
    if not input.dim():
        raise RuntimeError("diff expects input to be at least one-dimensional")
    dim = wrap_dim(dim, input.dim())
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    for other in (prepend, append):
        if other is not None:
            _check_beside(input, other, dim)
    if n == 0:
        return zeros_like(input).copy_(input)
    parts = [x for x in (prepend, input, append) if x is not None]
    input = cat(parts, dim) if len(parts) > 1 else input
    subtract = logical_xor if input.dtype.category == BOOL else sub
    for _ in range(min(n, input.shape[dim])):
        size = input.shape[dim]
        input = subtract(slice_dim(input, dim, 1, size, 1), slice_dim(input, dim, 0, max(size - 1, 0), 1))
    return input
