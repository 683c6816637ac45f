"""Integrals of samples by the trapezoidal rule."""

from ..dtypes import BOOL, FLOAT, get_default_dtype
from ..tensor import Tensor
from .dims import wrap_dim
from .out import takes_out
from .pointwise import add, mul, sub
from .reduction import sum as total
from .scalars import over, times
from .scan import cumsum
from .shape import select, slice_dim, to_dtype, view


def _check(name, y, x, dx):
    if y.dtype.category == BOOL:
        raise RuntimeError(f"{name}: received a bool input for `y`, but bool is not supported")
    if x is None:
        if isinstance(dx, (bool, complex)):
            raise RuntimeError(f"{name}: Currently, we only support dx as a real number.")
    elif not isinstance(x, Tensor):
        raise TypeError(f"{name}() received an invalid combination of arguments - got (Tensor, {type(x).__name__}), "
                        f"but expected one of:\n * (Tensor y, Tensor x, *, int dim = -1)\n"
                        f" * (Tensor y, *, Number dx = 1, int dim = -1)\n")
    elif x.dtype.category == BOOL:
        raise RuntimeError(f"{name}: received a bool input for `x` or `y`, but bool is not supported")


def _later(x, dim):
    return slice_dim(x, dim, 1, None, 1)


def _earlier(x, dim):
    return slice_dim(x, dim, 0, max(x.shape[dim] - 1, 0) if x.dim() else 0, 1)


def _sums(y, dim):
    """The sums of neighbours.  Raises IndexError for 0-d tensors."""
    if not y.dim():
        raise IndexError("slice() cannot be applied to a 0-dim tensor.")
    return add(_earlier(y, dim), _later(y, dim))


def _widths(name, y, x, dim):
    """The distances between the sample points, in a shape that broadcasts with y"""
    n = y.shape[dim]
    if x.dim() == 0:
        raise RuntimeError(f"The size of tensor a ({max(n - 1, 0)}) must match the size of tensor b (0) at "
                           f"non-singleton dimension {dim}")
    if x.dim() == 1:
        if x.shape[0] != n:
            raise RuntimeError(f"{name}: There must be one `x` value for each sample point")
        x = view(x, *(n if i == dim else 1 for i in range(y.dim())))
    elif x.dim() < y.dim():
        x = view(x, *(1,) * (y.dim() - x.dim()), *x.shape)
    return sub(_later(x, dim), _earlier(x, dim))


def _floating(y):
    return to_dtype(y, get_default_dtype()) if y.dtype.category < FLOAT else y


@takes_out
def trapezoid(y, x=None, *, dx=1, dim=-1):
    """The integral along `dim` of samples y at the points x, or dx apart"""
    if not y.dim() and dim in (0, -1):
        raise IndexError(f"Dimension specified as {dim if x is None else 0} but tensor has no dimensions")
    dim = wrap_dim(dim, y.dim())
    if y.shape[dim] == 0:
        return y.new_zeros([n for i, n in enumerate(y.shape) if i != dim])
    _check("trapezoid", y, x, dx)
    if x is not None:
        return over(total(mul(_sums(y, dim), _widths("trapezoid", y, x, dim)), dim), 2.0)
    y = _floating(y)
    ends = times(add(select(y, dim, 0), select(y, dim, -1)), 0.5)
    return times(sub(total(y, dim), ends), float(dx))


@takes_out
def cumulative_trapezoid(y, x=None, *, dx=1, dim=-1):
    """The integrals along `dim` up to each sample after the first"""
    _check("cumulative_trapezoid", y, x, dx)
    dim = wrap_dim(dim, y.dim())
    if x is None:
        return cumsum(times(_sums(_floating(y), dim), dx / 2), dim)
    return over(cumsum(mul(_sums(y, dim), _widths("cumulative_trapezoid", y, x, dim)), dim), 2.0)
