"""A Tensor in another dtype or on another device."""


from .. import dtypes
from ..autograd.graph import type_name
from ..device import device as as_device
from ..device import resolve
from ..memory_format import differs
from ..ops import creation, shape
from ..tensor import Tensor
from .attach import method


@method
def to(self, *args, dtype=None, device=None, non_blocking=False, copy=False, memory_format=None):
    """The tensor with another dtype and/or device: to(dtype), to(device), to(device, dtype), to(other)"""
    flags = []
    for arg in args:
        if isinstance(arg, dtypes.dtype):
            dtype = arg
        elif isinstance(arg, type) and arg in dtypes.PYTHON:
            dtype = dtypes.PYTHON[arg]
        elif isinstance(arg, Tensor):
            dtype, device = arg.dtype, arg.device
        elif isinstance(arg, bool):
            flags.append(arg)
        elif arg is not None:
            device = arg
    copy = copy or flags[1:] == [True]
    target = self.device if device is None else resolve(device)
    result = self
    if target is not self.device:
        target.backend  # noqa: B018 - loading it may raise
        result = transfer(result, target)
    dtype = dtype or self.dtype
    moved = memory_format is not None and differs(memory_format, self._data.shape, self.stride())
    if dtype is not self.dtype or moved or copy and result is self:
        return shape.to_dtype(result, dtype, memory_format)
    return result


def transfer(self, target):
    """A copy on another device"""
    return shape.moved(self, target)


def _conversion(name, dtype):
    def convert(self, memory_format=None):
        return self.to(dtype, memory_format=memory_format)

    convert.__name__, convert.__doc__ = name, f"self.to({dtype})"
    setattr(Tensor, name, convert)


for _name, _dtype in {"half": dtypes.float16, "float": dtypes.float32, "double": dtypes.float64,
                      "int": dtypes.int32, "long": dtypes.int64, "short": dtypes.int16, "char": dtypes.int8,
                      "byte": dtypes.uint8, "bool": dtypes.bool_, "bfloat16": dtypes.bfloat16}.items():  # fmt: skip
    _conversion(_name, _dtype)


@method
def cpu(self, memory_format=None):
    """self.to('cpu')"""
    return self.to("cpu")


@method
def cuda(self, device=None, non_blocking=False, memory_format=None):
    """self.to('cuda')"""
    target = as_device("cuda" if device is None else device)
    if target.type != "cuda":
        raise RuntimeError("Invalid device, must be cuda device")
    return self.to(target)


@method
def get_device(self):
    """The index of the device; -1 on the CPU"""
    return -1 if self.device.index is None else self.device.index


@method
def pin_memory(self, device=None):
    """A copy in memory that a GPU can read directly.  Raises RuntimeError where there is no GPU."""
    as_device(0).backend  # noqa: B018 - loading it may raise
    return self


@method
def is_pinned(self, device=None):
    """Whether a GPU can read the memory directly: never"""
    return False


def _type(self, dtype=None, non_blocking=False):
    """The name of the legacy tensor type, or the tensor converted to a dtype or legacy type"""
    if dtype is None:
        return type_name(self._data, self.device)
    if isinstance(dtype, str):
        dtype = creation.LEGACY[dtype.removeprefix("torch.")].dtype
    return self.to(getattr(dtype, "dtype", dtype))


Tensor.type = _type


@method
def type_as(self, other):
    """self.to(other.dtype)"""
    return self.to(other.dtype)
