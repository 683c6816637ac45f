"""Questions about a tensor that torch answers by a function too."""

from ..dtypes import dtype
from ..tensor import Tensor
from . import checks, promotion


def is_tensor(obj):
    """Whether an object is a Tensor"""
    return isinstance(obj, Tensor)


def _asked(name):
    """The function that calls the method `name` of a tensor.  Raises TypeError for anything but a tensor"""

    def ask(input):
        checks.is_tensor(name, "input", 1, input)
        return getattr(input, name)()

    ask.__name__, ask.__doc__ = name, f"input.{name}()"
    return ask


numel, detach = _asked("numel"), _asked("detach")
is_floating_point, is_complex, is_signed = _asked("is_floating_point"), _asked("is_complex"), _asked("is_signed")


def is_nonzero(input):
    """Whether the only element is not 0.  Raises RuntimeError unless there is just one"""
    checks.is_tensor("is_nonzero", "input", 1, input)
    return bool(input)


def is_same_size(input, other):
    """Whether two tensors have the same size"""
    return tuple(input.shape) == tuple(other.shape)


def can_cast(from_, to):
    """Whether a result of one dtype may be stored in another"""
    for position, (name, kind) in enumerate((("from_", from_), ("to", to)), 1):
        if not isinstance(kind, dtype):
            raise TypeError(f"can_cast(): argument '{name}' (position {position}) must be torch.dtype, not "
                            f"{checks.type_name(kind)}")
    return promotion.can_cast(from_, to)
