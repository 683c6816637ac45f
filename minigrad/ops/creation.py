"""Making tensors: from data, filled with a value, in steps, like another, or over memory that NumPy owns."""

import math
import warnings

from .. import dtypes
from ..autograd.graph import AccumulateGrad
from ..backends import BACKENDS, backend_of, host, on_device_of
from ..device import default_device, resolve
from ..device import device as as_device
from ..dtypes import FLOAT, INTEGER, SCALAR_TYPE, get_default_dtype, set_default_dtype
from ..memory_format import preserve_format, strides_in
from ..size import Size
from ..tensor import Tensor, wrap
from .checks import type_name
from .data import fitting, from_python
from .masking import zero
from .out import fills_out, takes_layout
from .primitive import primitive
from .promotion import dtype_of_number

# ---- from data ------------------------------------------------------------------------------------------------------


def tensor(data, *, dtype=None, device=None, requires_grad=False, pin_memory=False):
    """A new leaf with a copy of `data`: a number, nested lists, a NumPy array or a tensor.

    Python floats become the default dtype, ints int64, bools bool.  Raises ValueError for ragged lists.
    """
    if isinstance(data, Tensor):
        warnings.warn("To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
                      "sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor).",
                      UserWarning, stacklevel=2)  # fmt: skip
        return _finish(data.detach().clone().to(device=device or data.device, dtype=dtype or data.dtype), requires_grad)
    where, dtype = _device(device), dtypes.PYTHON.get(dtype, dtype)
    if type(data) in BACKENDS:
        array = backend_of(data).to_host(data)
        kind = dtype or host.dtype_of(array)
    else:
        array, kind = from_python(data, dtype)
    return _finish(wrap(where.backend.from_host(array, kind), where), requires_grad)


def as_tensor(data, dtype=None, device=None):
    """`data` as a tensor, sharing its memory if it is a tensor or NumPy array of the right dtype and device."""
    if isinstance(data, Tensor):
        return data.to(device=device or data.device, dtype=dtype or data.dtype)
    if type(data) in BACKENDS and data.shape != () and _device(device).type == "cpu":
        shared = from_numpy(data)
        return shared if dtype is None else shared.to(dtype)
    return tensor(data, dtype=dtype, device=device)


def asarray(obj, *, dtype=None, device=None, copy=None, requires_grad=None):
    """`obj` as a tensor that shares its memory where that is possible, always (copy=False) or never (copy=True)"""
    if copy is False:
        if not isinstance(obj, Tensor) and type(obj) not in BACKENDS:
            raise ValueError("can't alias arbitrary sequence into a tensor.")
        kind = obj.dtype if isinstance(obj, Tensor) else host.dtype_of(obj)
        if dtype not in (None, kind):
            raise ValueError(f"can't alias tensor with dtype '{SCALAR_TYPE[kind]}' into dtype '{SCALAR_TYPE[dtype]}'.")
    result = as_tensor(obj, dtype, device)
    if isinstance(obj, Tensor) and obj.requires_grad and requires_grad is None:
        warnings.warn("torch.asarray: unspecified requires_grad now defaults to obj.requires_grad instead of False. Pass "
                      "requires_grad=False explicitly to get the old behavior and silence this warning.",
                      UserWarning, stacklevel=2)  # fmt: skip
    if copy and isinstance(obj, Tensor) and result is obj:
        result = obj.clone()
    if requires_grad is False and result.requires_grad:
        return result.detach()
    return result if result.requires_grad else _finish(result, requires_grad)


def from_numpy(ndarray):
    """A tensor that shares its memory with a NumPy array: writing to either changes both."""
    if not isinstance(ndarray, host.host_array):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    where = as_device("cpu")
    return wrap(where.backend.share_host(ndarray), where)


@takes_layout
def scalar_tensor(s, *, dtype=None, device=None, requires_grad=False):
    """A 0-d tensor of the default dtype"""
    dtype = dtype or get_default_dtype()
    return tensor(fitting(s, dtype), dtype=dtype, device=device, requires_grad=requires_grad)


# ---- filled ---------------------------------------------------------------------------------------------------------


def _device(device):
    return resolve(default_device() if device is None else device)


def _finish(result, requires_grad):
    if requires_grad:
        if result.dtype.category < FLOAT:
            raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
        result._edge = AccumulateGrad(result), 0
    return result


def sizes_of(name, size, keywords=()):
    """The sizes that ones(2, 3), ones((2, 3)) and ones(size=(2, 3)) ask for."""
    if keywords:
        size = (only_named(name, ("size",), keywords)["size"],)
    if len(size) == 1 and isinstance(size[0], (tuple, list)):
        size = size[0]
    for s in size:
        if isinstance(s, bool) or not hasattr(s, "__index__"):
            raise TypeError(f"{name}(): argument 'size' (position 1) must be tuple of ints, not {type_name(s)}")
    size = tuple(int(s) for s in size)
    for s in size:
        if s < 0:
            if name == "zeros":
                raise RuntimeError("zeros: Dimension size must be non-negative.")
            raise RuntimeError(f"Trying to create tensor with negative dimension {s}: {list(size)}")
    return size


def only_named(name, names, keywords):
    """The keywords of a call.  Raises TypeError for others than `names`"""
    for key in keywords:
        if key not in names:
            raise TypeError(f"{name}() got an unexpected keyword argument '{key}'")
    return keywords


def _filled(name, size, value, dtype, device, requires_grad):
    where = _device(device)
    dtype = dtype or get_default_dtype()
    xp, kind = where.backend, where.backend.native(dtype)
    array = xp.full(size, fitting(value, dtype), dtype=kind) if value else xp.zeros(size, dtype=kind)
    return _finish(wrap(array, where), requires_grad)


@fills_out
def zeros(*size, dtype=None, device=None, requires_grad=False, **keywords):
    """A tensor of zeros"""
    return _filled("zeros", sizes_of("zeros", size, keywords), 0, dtype, device, requires_grad)


@fills_out
def ones(*size, dtype=None, device=None, requires_grad=False, **keywords):
    """A tensor of ones"""
    return _filled("ones", sizes_of("ones", size, keywords), 1, dtype, device, requires_grad)


@fills_out
def empty(*size, dtype=None, device=None, requires_grad=False,
          memory_format=None, **keywords):
    """A tensor whose values are whatever the memory holds"""
    where, dtype = _device(device), dtype or get_default_dtype()
    sizes = sizes_of("empty", size, keywords)
    if memory_format is preserve_format:
        raise RuntimeError("unsupported memory format Preserve")
    array = where.backend.empty(sizes, dtype=where.backend.native(dtype))
    if memory_format is not None and memory_format.rank:
        array = where.backend.as_strided(where.backend.storage(array), sizes, strides_in(memory_format, sizes), 0)
    return _finish(wrap(array, where), requires_grad)


@fills_out
def full(size, fill_value, *, dtype=None, device=None, requires_grad=False):
    """A tensor filled with one value, whose kind decides the dtype"""
    if isinstance(fill_value, Tensor):
        fill_value = fill_value.item()
    dtype = dtype or dtype_of_number(fill_value)
    return _filled("full", sizes_of("full", (size,)), fill_value, dtype, device, requires_grad)


def _like(input, dtype, device):
    return dtype or input.dtype, input.device if device is None else device


@takes_layout
def empty_like(input, *, dtype=None, device=None, requires_grad=False, memory_format=None):
    """empty() of input's size, dtype, device and order in memory"""
    dtype, device = _like(input, dtype, device)
    where = _device(device)
    if memory_format not in (None, preserve_format) or where is not input.device:
        layout = None if memory_format is preserve_format else memory_format
        return empty(tuple(input.shape), dtype=dtype, device=where, requires_grad=requires_grad, memory_format=layout)
    array = _empty_like(where.backend, input._data, where.backend.native(dtype))
    return _finish(wrap(array, where), requires_grad)


def _empty_like(xp, array, kind):
    """An array of that shape and order in memory, row by row if elements are shared"""
    return xp.empty(array.shape, dtype=kind) if 0 in array.strides else xp.empty_like(array, dtype=kind)


@takes_layout
def full_like(input, fill_value, *, dtype=None, device=None, requires_grad=False, memory_format=None):
    """full() of input's size, dtype, device and order in memory"""
    result = empty_like(input, dtype=dtype, device=device, memory_format=memory_format)
    result.device.backend.write(result._data, fitting(fill_value, result.dtype))
    return _finish(result, requires_grad)


OPTIONS = ("dtype", "layout", "device", "requires_grad", "pin_memory", "memory_format")


def zeros_like(input, **options):
    """zeros() of input's size, dtype, device and order in memory"""
    return full_like(input, 0, **only_named("zeros_like", OPTIONS, options))


def ones_like(input, **options):
    """ones() of input's size, dtype, device and order in memory"""
    return full_like(input, 1, **only_named("ones_like", OPTIONS, options))


@primitive("FillBackward0")
def filled(xp, input, /, value):
    """A number in the shape of input"""
    return filled_array(xp, input, value)


filled.vjp(input=lambda g: zero(g))


@primitive("FillBackward1")
def filled_with(xp, input, value, /):
    """A 0-d tensor in the shape of input"""
    return filled_array(xp, input, value)


def filled_array(xp, array, value):
    """An array of that shape, dtype and order in memory, full of one value"""
    result = _empty_like(xp, array, array.dtype)
    xp.write(result, value)
    return result


filled_with.vjp(input=lambda g: zero(g), value=lambda g: g.sum())


def fill(input, value):
    """A tensor like input with every element a number or a 0-d tensor"""
    if not isinstance(value, Tensor):
        return filled(input, fitting(value, input.dtype))
    if value.dim():
        raise RuntimeError(f"fill_ only supports 0-dimension value tensor but got tensor with {value.dim()} dimensions.")
    return filled_with(input, value)


# ---- in steps -------------------------------------------------------------------------------------------------------


@fills_out
def arange(*bounds, dtype=None, device=None, requires_grad=False, **keywords):
    """start, start + step, ... below end: arange(end), arange(start, end) or arange(start, end, step)"""
    start, end, step = _bounds(bounds, only_named("arange", ("start", "end", "step"), keywords))
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start} -> {end}")
    if dtype is dtypes.int64:
        if step and int(step) == 0:
            raise ValueError("step must be nonzero")
        start, end, step = int(start), int(end), int(step)
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    if dtype is None:
        dtype = get_default_dtype() if any(isinstance(b, float) for b in (start, end, step)) else dtypes.int64
    where = _device(device)
    count = math.ceil((end - start) / step)
    if dtype.category <= INTEGER:
        start, step = int(start), int(step)
    steps = where.backend.arange(count, dtype=where.backend.native(dtypes.int64 if dtype.category <= INTEGER
                                                                   else dtypes.float64))  # fmt: skip
    with on_device_of(steps):
        return _finish(wrap(where.backend.cast(start + steps * step, dtype), where), requires_grad)


def _bounds(bounds, keywords):
    bounds = [b.item() if isinstance(b, Tensor) else b for b in bounds]
    if len(bounds) == 1 and "end" not in keywords:
        bounds = [keywords.get("start", 0), bounds[0]]
    names = ("start", "end", "step")
    given = {**dict(zip(names, bounds)), **keywords}
    return given.get("start", 0), given["end"], given.get("step", 1)


@fills_out
def eye(n, m=None, *, dtype=None, device=None, requires_grad=False):
    """Ones on the diagonal, zeros elsewhere"""
    where, dtype = _device(device), dtype or get_default_dtype()
    for name, size in (("n", n), ("m", m or 0)):
        if size < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {size}")
    array = where.backend.eye(n, n if m is None else m, dtype=where.backend.native(dtype))
    return _finish(wrap(array, where), requires_grad)


# ---- torch's older constructors -------------------------------------------------------------------------------------


def legacy(dtype, args, device=None):
    """torch.Tensor(2, 3) is uninitialised of that size; torch.Tensor([2, 3]) holds those values."""
    if len(args) == 1 and isinstance(args[0], Tensor):
        return args[0].detach()
    if len(args) == 1 and not isinstance(args[0], (int, Size)):
        if not hasattr(args[0], "__len__"):
            raise TypeError(f"new(): data must be a sequence (got {type(args[0]).__name__})")
        return tensor(args[0], dtype=dtype, device=device)
    return empty(*args, dtype=dtype, device=device) if args else empty(0, dtype=dtype, device=device)


class LegacyType(type):
    """The class of FloatTensor, LongTensor, ...: callable, and `isinstance(x, FloatTensor)` asks for the dtype."""

    def __call__(cls, *args, device=None):
        return legacy(cls.dtype, args, device)

    def __instancecheck__(cls, value):
        return isinstance(value, Tensor) and value.dtype is cls.dtype and value.device.type == "cpu"


LEGACY = {
    name + "Tensor": LegacyType(name + "Tensor", (), {"dtype": kind, "__module__": "torch"})
    for kind, name in dtypes.SCALAR_TYPE.items()
    if not kind.is_complex
}


def set_default_tensor_type(t, /):
    """Let the dtype of a legacy tensor type, or of one of that name, be the default dtype.  Raises TypeError"""
    if isinstance(t, str):
        module, _, name = t.rpartition(".")
        if module != "torch":
            raise ModuleNotFoundError(f"No module named {(module or name)!r}")
        if name not in LEGACY:
            raise AttributeError(f"module 'torch' has no attribute {name!r}")
        t = LEGACY[name]
    if not isinstance(t, LegacyType):
        raise TypeError("invalid type object: only floating-point types are supported as the default type")
    if t.dtype.category < FLOAT:
        raise TypeError("only floating-point types are supported as the default type")
    set_default_dtype(t.dtype)
