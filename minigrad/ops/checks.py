"""The slow side of calling an op: binding keywords, and saying what is wrong in torch's words."""

import inspect

from ..tensor import Tensor
from .promotion import NUMBERS, broadcast_shape

# NumPy's names for arguments, which torch accepts too.
ALIASES = {"x": "input", "x1": "input", "x2": "other", "axis": "dim", "keepdims": "keepdim"}


def type_name(value):
    """How torch's argument errors name the type of a value."""
    kind = type(value)
    return f"{kind.__module__}.{kind.__name__}" if kind.__module__ == "numpy" else kind.__name__


def bind(op, args, keywords):
    """Positional arguments in order from a call with keywords.  Raises TypeError with torch's text."""
    names = op.inputs + op.options
    empty = inspect.Parameter.empty
    args = [a for a in args if a is not empty]
    if len(args) > len(names):
        raise TypeError(f"{op.name}() takes {len(names)} positional argument{'s' * (len(names) > 1)} but {len(args)} "
                        f"were given")
    bound = dict(zip(names, args))
    for name, value in keywords.items():
        name = name if name in names else ALIASES.get(name, name)
        if name not in names:
            raise TypeError(f"{op.name}() got an unexpected keyword argument '{name}'")
        if name in bound:
            raise TypeError(f"{op.name}() got multiple values for argument '{name}'")
        bound[name] = value
    result = [bound.get(name, default) for name, default in zip(names, op.defaults, strict=True)]
    missing = [f'"{name}"' for name, value in zip(names, result, strict=True) if value is empty]
    if missing:
        raise TypeError(f"{op.name}() missing {len(missing)} required positional arguments: {', '.join(missing)}")
    return tuple(result)


class NotAnOperand(TypeError):
    """A value that is neither tensor nor number: operators answer it with NotImplemented; else a plain TypeError."""


NotAnOperand.__name__, NotAnOperand.__qualname__, NotAnOperand.__module__ = "TypeError", "TypeError", "builtins"


def operand(op, position, value):
    """A Tensor, Python number or None as it is, a NumPy number as a Python one.  Raises TypeError for anything else."""
    if isinstance(value, Tensor) or type(value) in NUMBERS or value is None and op.defaults[position] is None:
        return value
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        return value.item()
    if isinstance(value, NUMBERS):
        return value
    raise not_a_tensor(op, position, value)


def not_a_tensor(op, position, value):
    """The error for an argument that should have been a tensor."""
    return NotAnOperand(f"{op.name}(): argument '{op.inputs[position]}' (position {position + 1}) must be Tensor, not "
                        f"{type_name(value)}")


def only_numbers_at(op, operands):
    """Refuse a number where the op takes none.  Raises TypeError."""
    for i, x in enumerate(operands):
        if isinstance(x, NUMBERS) and i not in op.numbers:
            raise not_a_tensor(op, i, x)


def is_tensor(name, argument, position, value):
    """Refuse anything but a tensor.  Raises TypeError."""
    if not isinstance(value, Tensor):
        raise TypeError(f"{name}(): argument '{argument}' (position {position}) must be Tensor, not {type_name(value)}")


ONE_DIM = {"aminmax", "argmax", "argmin", "cummax", "cummin", "cumprod", "cumsum", "logcumsumexp", "max", "median", "min",
           "mode", "nanmedian", "prod"}  # the reductions and scans along one dimension  # fmt: skip


def check_dim(name, names, args, keywords):
    """Raise torch's TypeError if that is what is wrong with a call: a `dim` that is no integer, or no tuple of them"""
    if "dim" not in names[1:2] or "dim" not in keywords and len(args) < 2:
        return
    dim, place = (keywords["dim"], "") if "dim" in keywords else (args[1], " (position 2)")
    several = isinstance(dim, (tuple, list)) and name not in ONE_DIM
    for i, d in enumerate(dim if several else (dim,)):
        if not hasattr(d, "__index__") or isinstance(d, bool):
            found = f"but found element of type {type_name(d)} at pos {i}" if several and place else f"not {type_name(dim)}"
            raise TypeError(f"{name}(): argument 'dim'{place} must be {'int' if name in ONE_DIM else 'tuple of ints'}, {found}")


def common_device(tensors):
    """The device to compute on: 0-d CPU tensors follow the others.  Raises RuntimeError if two remain."""
    devices = dict.fromkeys(x.device for x in tensors)
    if len(devices) > 1:
        devices = dict.fromkeys(x.device for x in tensors if x._data.ndim or x.device.type != "cpu")
    if len(devices) > 1:
        raise RuntimeError(different_devices(tensors))
    return next(iter(devices))


def different_devices(tensors):
    first, second = list(dict.fromkeys(str(x.device) for x in tensors if isinstance(x, Tensor)))[:2]
    return f"Expected all tensors to be on the same device, but found at least two devices, {first} and {second}!"


def broadcastable(arrays):
    """Raise torch's error if the arrays' shapes cannot be broadcast together."""
    broadcast_shape(*(tuple(a.shape) for a in arrays if hasattr(a, "shape")))
