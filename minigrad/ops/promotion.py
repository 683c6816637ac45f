"""Which dtype a mixed operation computes in: torch's rules, not the array library's.

Tensors with dimensions decide; 0-d tensors count only if of a higher category (bool < integer < float < complex) than
those; Python numbers only if of a higher category than both.
See https://docs.pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc.
"""

from .. import dtypes
from ..dtypes import BOOL, COMPLEX, FLOAT, INTEGER, PROMOTE
from ..tensor import Tensor

NUMBERS = (bool, int, float, complex)


def category_of_number(value):
    """The category of a Python number."""
    if isinstance(value, bool):
        return BOOL
    return INTEGER if isinstance(value, int) else FLOAT if isinstance(value, float) else COMPLEX


def dtype_of_number(value):
    """The dtype that a Python number takes when a tensor is made of it."""
    category = category_of_number(value)
    if category == FLOAT:
        return dtypes.get_default_dtype()
    return {BOOL: dtypes.bool_, INTEGER: dtypes.int64}.get(category) or dtypes.get_default_dtype().to_complex()


def _absorb(high, low):
    """Join a tier with the one below it: the lower changes the higher only by being of a higher category."""
    if high is None or low is None:
        return high or low
    if high.category == COMPLEX:
        return high
    if high.category == FLOAT:
        return high.to_complex() if low.category == COMPLEX else high
    return PROMOTE[high, low] if high.category == BOOL or low.category >= FLOAT else high


def result_type(*operands):
    """The dtype of an operation on tensors and Python numbers."""
    dimensioned = scalar = number = None
    for x in operands:
        if isinstance(x, Tensor):
            kind = x.dtype
            if x._data.ndim:
                dimensioned = kind if dimensioned is None else PROMOTE[dimensioned, kind]
            else:
                scalar = kind if scalar is None else PROMOTE[scalar, kind]
        elif x is not None:
            kind = dtype_of_number(x)
            number = kind if number is None else PROMOTE[number, kind]
    return _absorb(dimensioned, _absorb(scalar, number))


def can_cast(source, target):
    """Whether a result of dtype `source` may be stored in place in `target`: never to a lower category."""
    if source.category == BOOL or source is target:
        return True
    return target.category >= source.category


def broadcast_shape(*shapes):
    """The common shape of operands, as NumPy and torch define it.  Raises RuntimeError where there is none."""
    ndim = max(map(len, shapes), default=0)
    result = [1] * ndim
    for shape in shapes:
        for i, size in reversed([*enumerate(shape, ndim - len(shape))]):
            if size != 1 and result[i] != 1 and size != result[i]:
                raise RuntimeError(f"The size of tensor a ({result[i]}) must match the size of tensor b ({size}) at "
                                   f"non-singleton dimension {i}")
            result[i] = size if result[i] == 1 else result[i]
    return tuple(result)
