"""The dtype in which sums, products and norms accumulate."""

from ..autograd.graph import gradient_edge, requires_grad
from ..backends import backend_of
from ..dtypes import FLOAT, SCALAR_TYPE, int64
from ..tensor import wrap
from .precision import FLOATS


def widening(input, dtype):
    """The dtype to convert input to before accumulating, None if there is no need: `dtype` if given, else int64 for integers
    and bools.  Raises RuntimeError where a gradient would be lost."""
    if dtype is None:
        if input._data.dtype.kind in FLOATS:
            return None
        dtype = int64
    elif dtype.category < FLOAT and requires_grad(input):
        raise RuntimeError(f"Autograd not support dtype: {SCALAR_TYPE[dtype]}")
    return None if input.dtype is dtype else dtype


def widened(input, dtype):
    """input in the dtype to accumulate in.

    The conversion is part of the op that follows, so it has no node: the gradient is converted back on its way.
    """
    dtype = widening(input, dtype)
    if dtype is None:
        return input
    converted = wrap(backend_of(input._data).cast(input._data, dtype), input.device)
    converted._edge = gradient_edge(input)
    return converted
