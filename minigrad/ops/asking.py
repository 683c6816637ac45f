"""What can be asked of tensors without computing on them, as functions; and a few answers that are the same for all."""

from ..dtypes import dtype
from ..memory_format import memory_format
from ..tensor import Tensor
from .checks import is_tensor as check_tensor
from .checks import type_name
from .promotion import can_cast as can_cast_to
from .shape import transpose_dims


def asking(name):
    """The function that asks a tensor's method of that name"""

    def ask(input):
        check_tensor(name, "input", 1, input)
        return getattr(input, name)()

    ask.__name__ = ask.__qualname__ = name
    ask.__doc__ = f"input.{name}()"
    return ask


numel, is_floating_point, is_complex, is_signed, get_device, is_inference, detach = map(
    asking, ("numel", "is_floating_point", "is_complex", "is_signed", "get_device", "is_inference", "detach"))  # fmt: skip


def is_tensor(obj):
    """Whether something is a tensor"""
    return isinstance(obj, Tensor)


def is_nonzero(input):
    """Whether the one element is not zero.  Raises RuntimeError unless there is just one"""
    check_tensor("is_nonzero", "input", 1, input)
    return bool(input)


def is_same_size(input, other):
    """Whether two tensors have the same size"""
    return tuple(input.shape) == tuple(other.shape)


def is_set_to(input, tensor):
    """Whether two tensors look at the same memory in the same way"""
    look = lambda x: (x.data_ptr(), tuple(x.shape), x.stride())
    return look(input) == look(tensor)


def can_cast(from_, to):
    """Whether values of one dtype may be stored as another in place"""
    for position, (name, kind) in enumerate((("from_", from_), ("to", to)), 1):
        if not isinstance(kind, dtype):
            raise TypeError(f"can_cast(): argument '{name}' (position {position}) must be torch.dtype, not "
                            f"{type_name(kind)}")
    return can_cast_to(from_, to)


def never(input):
    """False: no tensor here is lazily conjugated or negated, sparse, quantised, nested, shared or without data"""
    return False


def itself(input):
    """input: real, dense and in memory already"""
    return input


def adjoint(input):
    """Matrices transposed (and conjugated, which changes no real number)"""
    if input.dim() == 1:
        raise RuntimeError("tensor.adjoint() is only supported on matrices or batches of matrices. Got 1-D tensor.")
    return transpose_dims(input, input.dim() - 2, input.dim() - 1) if input.dim() else input


def dim_order(input, *, ambiguity_check=False):
    """The dimensions from the outermost in memory to the innermost.  Raises RuntimeError, if asked to, where another order
    says as much, unless exactly one of the formats in a list `ambiguity_check` fits"""
    formats = ambiguity_check if isinstance(ambiguity_check, list) else []
    if not isinstance(ambiguity_check, (bool, list)) or not all(isinstance(one, memory_format) for one in formats):
        raise TypeError("The ambiguity_check argument must be a bool or a list of memory formats.")
    strides = input.stride()
    several = 1 in input.shape or any(a == b for a, b in zip(strides, strides[1:]))
    if ambiguity_check is not False and several and sum(input.is_contiguous(one) for one in formats) != 1:
        raise RuntimeError("The tensor does not have unique dim order, or cannot map to exact one of the given memory formats.")
    if input.is_contiguous():
        return tuple(range(input.dim()))
    order, unsure = _innermost_first(input.shape, strides)
    if ambiguity_check is not False and unsure:
        raise RuntimeError("The tensor does not have unique dim order.")
    return tuple(reversed(order))


def _innermost_first(sizes, strides):
    """(the dimensions by growing stride, where a stride of 0 says nothing; whether two could not be told apart)"""
    order = list(reversed(range(len(sizes))))
    for at in range(1, len(order)):
        for before in reversed(range(at)):
            a, b = order[before], order[at]
            if 0 in (strides[a], strides[b]) or strides[a] == strides[b] and sizes[b] >= sizes[a]:
                continue
            if strides[a] >= strides[b]:
                order[before], order[at], at = b, a, before
            else:
                break
    return order, any(strides[a] == 0 or strides[a] >= strides[b] for a, b in zip(order, order[1:]))
