"""Moving a Module's parameters and buffers to another dtype or device."""

import warnings

from ...autograd.modes import no_grad
from ...device import device as Device
from ...dtypes import bfloat16, float16, float32, float64
from ...dtypes import dtype as Dtype
from ...tensor import Tensor
from ..parameter import Parameter

_NO_SUCH_CALL = """to() received an invalid combination of arguments - got ({}), but expected one of:
 * (torch.device device = None, torch.dtype dtype = None, bool non_blocking = False, bool copy = False, *, \
torch.memory_format memory_format = None)
 * (torch.dtype dtype, bool non_blocking = False, bool copy = False, *, torch.memory_format memory_format = None)
 * (Tensor tensor, bool non_blocking = False, bool copy = False, *, torch.memory_format memory_format = None)
"""


def _describe(args, kwargs):
    kinds = [_kind(value) for value in args] + [f"{name}={_kind(value)}" for name, value in kwargs.items()]
    return ", ".join(kinds) + (", " if kwargs else "")


def _kind(value):
    kind = type(value)
    return f"torch.{kind.__name__}" if kind in (Dtype, Device) else kind.__name__


def _parse_to(args, kwargs):
    """(device, dtype, non_blocking, memory_format) of the three ways to call `to`."""
    def fail():
        raise TypeError(_NO_SUCH_CALL.format(_describe(args, kwargs)))

    first = args[0] if args else kwargs.get("tensor")
    if isinstance(first, Tensor):
        names, values = ("tensor", "non_blocking", "copy"), {"device": first.device, "dtype": first.dtype}
    elif isinstance(first, Dtype):
        names, values = ("dtype", "non_blocking", "copy"), {}
    else:
        names, values = ("device", "dtype", "non_blocking", "copy"), {}
    if len(args) > len(names) or set(kwargs) - {*names, "memory_format"} or set(names[:len(args)]) & set(kwargs):
        fail()
    values |= dict(zip(names, args, strict=False)) | kwargs
    where, kind = values.get("device"), values.get("dtype")
    if not all(isinstance(values.get(flag, False), bool) for flag in ("non_blocking", "copy")):
        fail()
    if kind is not None and not isinstance(kind, Dtype) or not isinstance(where, (str, int, Device, type(None))):
        fail()
    where = None if where is None else Device(where)
    return where, kind, values.get("non_blocking", False), values.get("memory_format")


class Conversion:
    """The part of Module that converts its tensors."""

    def _apply(self, fn, recurse=True):
        """tensor <- fn(tensor) for every parameter, its gradient and every buffer; Parameters keep their identity."""
        if recurse:
            for module in self.children():
                module._apply(fn)
        for name, parameter in self._parameters.items():
            if parameter is None:
                continue
            with no_grad():
                converted = fn(parameter)
            gradient = parameter.grad
            if converted is parameter:
                pass
            elif isinstance(parameter, Parameter):
                parameter.grad = None
                parameter.data = converted
            else:
                self._parameters[name] = parameter = Parameter(converted, parameter.requires_grad)
            if gradient is not None:
                with no_grad():
                    gradient = fn(gradient)
                parameter.grad = gradient
        for name, buffer in self._buffers.items():
            if buffer is not None:
                self._buffers[name] = fn(buffer)
        return self

    def to(self, *args, **kwargs):
        """to(device), to(dtype), to(device, dtype), to(tensor): floating point members change dtype, all move."""
        where, kind, non_blocking, layout = _parse_to(args, kwargs)
        if kind is not None:
            if not (kind.is_floating_point or kind.is_complex):
                raise TypeError("nn.Module.to only accepts floating point or complex dtypes, "
                                f"but got desired dtype={kind}")
            if kind.is_complex:
                warnings.warn("Complex modules are a new feature under active development whose design may change, "
                              "and some modules might not work as expected when using complex tensors as parameters "
                              "or buffers. Please file an issue at https://github.com/pytorch/pytorch/issues/new?"
                              "template=bug-report.yml if a complex module does not work as expected.", stacklevel=2)

        def convert(tensor):
            numeric = tensor.is_floating_point() or tensor.is_complex()
            options = {"memory_format": layout} if layout is not None and tensor.dim() in (4, 5) else {}
            return tensor.to(where, kind if numeric else None, non_blocking, **options)

        return self._apply(convert)

    def cpu(self):
        return self._apply(lambda tensor: tensor.cpu())

    def cuda(self, device=None):
        return self._apply(lambda tensor: tensor.cuda(device))

    def type(self, dst_type):
        return self._apply(lambda tensor: tensor.type(dst_type))

    def _float_to(self, dtype):
        return self._apply(lambda tensor: tensor.to(dtype) if tensor.is_floating_point() else tensor)

    def float(self):
        return self._float_to(float32)

    def double(self):
        return self._float_to(float64)

    def half(self):
        return self._float_to(float16)

    def bfloat16(self):
        return self._float_to(bfloat16)

    def to_empty(self, *, device, recurse=True):
        return self._apply(lambda tensor: tensor.to(device), recurse=recurse)

    def share_memory(self):
        return self
