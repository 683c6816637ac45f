"""torch's own kernels under minigrad's engine: autograd theirs is off, ours is on.

The backend of device type "torch".  It shows that the contract holds for a library whose arrays are not NumPy-
shaped, and makes the sharpest parity test: with the same kernels a difference from torch can only come from a
formula of ours. torch is imported when this backend is first used, and nowhere else in the package.
"""

from functools import wraps

import numpy as np
import torch

from . import host
from .contract import Backend
from .numpy import NATIVE as NUMPY_DTYPE
from .numpy import NumPyBackend
from .streams import HostStream
from .torch_formulas import FORMULAS
from .torch_functions import DTYPE, FUNCTIONS, LINALG, NATIVE, as_index
from .torch_kernels import KERNELS
from .wrapping import Flags, WrappedArray, give_methods, give_operators


class Array(WrappedArray):
    """A torch tensor with NumPy's attributes and methods."""

    __slots__ = ()

    ndim = property(lambda self: self.inner.ndim)
    shape = property(lambda self: tuple(self.inner.shape))
    size = property(lambda self: self.inner.numel())
    dtype = property(lambda self: NATIVE[self.inner.dtype])
    itemsize = property(lambda self: self.inner.element_size())
    nbytes = property(lambda self: self.inner.nbytes)
    strides = property(lambda self: tuple(s * self.inner.element_size() for s in self.inner.stride()))
    T = property(lambda self: Array(self.inner.permute(tuple(range(self.inner.ndim))[::-1])))
    flags = property(lambda self: Flags(self.inner.is_contiguous()))
    real = property(lambda self: Array(self.inner.real))
    imag = property(lambda self: Array(self.inner.imag))

    def __len__(self):
        return len(self.inner)

    def __iter__(self):
        return map(Array, self.inner)

    def __getitem__(self, index):
        inner, index = forwards(self.inner, index)
        return Array(inner[index])

    def __setitem__(self, index, value):
        inner, index = forwards(self.inner, index)
        value = unwrap(value)
        inner[index] = apart(inner, value).to(inner.dtype) if isinstance(value, torch.Tensor) else value

    def __array__(self, *args, **keywords):
        raise TypeError("Implicit conversion to a NumPy array is not allowed.")

    def __bool__(self):
        return bool(self.inner)

    def __float__(self):
        return float(self.inner)

    def __int__(self):
        return int(self.inner)

    def __index__(self):
        return self.inner.__index__()

    def item(self):
        """The one element as a Python number"""
        return self.inner.item()

    def tolist(self):
        """The elements as nested lists"""
        return self.inner.tolist()

    def astype(self, dtype, copy=True, order="K"):
        """The values as another dtype"""
        memory = torch.contiguous_format if order == "C" else torch.preserve_format
        return Array(self.inner.to(DTYPE[np.dtype(dtype)], copy=copy, memory_format=memory))

    def view(self, dtype):
        """The memory read as another dtype"""
        return Array(self.inner.view(DTYPE[np.dtype(dtype)]))

    def reshape(self, *shape):
        """The elements in another shape"""
        return Array(self.inner.reshape(shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape))

    def transpose(self, *axes):
        """The axes in another order"""
        axes = axes[0] if len(axes) == 1 and isinstance(axes[0], (tuple, list)) else axes
        return Array(self.inner.permute(tuple(axes) or tuple(range(self.ndim))[::-1]))

    def fill(self, value):
        """Set every element"""
        self.inner.fill_(value)


def forwards(inner, index):
    """A tensor and an index expression as torch takes them: it knows no slices with negative steps."""
    index = index if isinstance(index, tuple) else (index,)
    axis, result = 0, []
    for item in index:
        if isinstance(item, slice) and item.step is not None and item.step < 0:
            if item.start is not None or item.stop is not None or item.step != -1:
                raise NotImplementedError(f"slice {item}: torch has no slices with negative steps")
            inner, item = inner.flip(axis), slice(None)
        if item is Ellipsis:
            axis += inner.ndim - sum(i is not None and i is not Ellipsis for i in index)
        elif item is not None:
            axis += 1
        result.append(as_index(unwrap(item)))
    return inner, tuple(result)


def apart(target, values):
    """Values that are not changed by being written to a target: copied if they lie in its memory."""
    shared = target.untyped_storage().data_ptr() == values.untyped_storage().data_ptr()
    return values.clone() if shared else values


def wrap(value):
    """torch's result in NumPy's shape."""
    if isinstance(value, torch.Tensor):
        return Array(value)
    return type(value)(map(wrap, value)) if type(value) in (list, tuple) else tuple(
        map(wrap, value)) if isinstance(value, tuple) else value  # fmt: skip


def unwrap(value):
    """An operand as torch takes it.  Raises TypeError for a host array."""
    if isinstance(value, Array):
        return value.inner
    if isinstance(value, np.ndarray):
        raise TypeError(f"Unsupported type {type(value)}")
    if isinstance(value, np.generic):
        return value.item()
    return type(value)(map(unwrap, value)) if type(value) in (list, tuple) else value


def lifted(function):
    """A function of tensors as one of Arrays."""

    @wraps(function)
    def call(*args, **keywords):
        return wrap(function(*map(unwrap, args), **{name: unwrap(value) for name, value in keywords.items()}))

    return call


class Linear:
    """The part of the namespace that NumPy calls linalg."""

    LinAlgError = torch.linalg.LinAlgError

    def __getattr__(self, name):
        if name in LINALG:
            return lifted(LINALG[name])
        raise AttributeError(f"the torch backend has no linalg.{name}")


class Library:
    """The namespace: NumPy's constants and dtypes, and functions that torch computes."""

    linalg = Linear()

    def __getattr__(self, name):
        if name in FUNCTIONS:
            return lifted(FUNCTIONS[name])
        found = getattr(np, name)
        if isinstance(found, type) or not callable(found):
            return found
        raise AttributeError(f"the torch backend has no {name}")


class TorchBackend(Backend):
    """Arrays are torch tensors on the CPU that require no grad."""

    library = Library()
    array_types = (Array,)
    kernels = {name: lifted(kernel) for name, kernel in KERNELS.items()}
    formulas = {op: {name: lifted(formula) for name, formula in own.items()} for op, own in FORMULAS.items()}
    native = NumPyBackend.native

    def dtype_of(self, array):
        return self.dtype_of_native(array.dtype)

    def dtype_of_native(self, native):
        return OURS[native]

    def from_host(self, data, dtype=None):
        return Array(torch.from_numpy(np.array(data, dtype=None if dtype is None else self.native(dtype))))

    def share_host(self, array):
        array = host.share_host(array)
        whole = torch.from_numpy(host.storage(array))  # so that views of one block share a storage here too
        return Array(whole.as_strided(array.shape, host.strides(array), host.storage_offset(array)))

    def to_host(self, array):
        return array.inner.resolve_conj().resolve_neg().numpy()

    def as_array(self, value):
        return value if isinstance(value, Array) else Array(torch.tensor(value))

    def cast(self, array, dtype):
        return Array(array.inner.to(DTYPE[self.native(dtype)], copy=True))

    def strides(self, array):
        return array.inner.stride()

    def storage(self, array):
        block = array.inner.untyped_storage()
        return Array(array.inner.new_empty(0).set_(block, 0, (block.nbytes() // array.itemsize,), (1,)))

    def storage_offset(self, array):
        return array.inner.storage_offset()

    def address(self, array):
        return array.inner.data_ptr()

    def as_strided(self, storage, size, stride, offset):
        return Array(storage.inner.as_strided(tuple(size), tuple(stride), offset))

    def dense_copy(self, array):
        return Array(array.inner.clone())

    def is_fresh(self, array):
        return False  # several Arrays may share a tensor

    def write(self, target, values):
        values, inner = unwrap(values), target.inner
        if not isinstance(values, torch.Tensor):
            values = torch.tensor(values, dtype=torch.float64 if isinstance(values, float) else None)
        values = apart(inner, values).broadcast_to(inner.shape)
        for d, (step, size) in enumerate(zip(inner.stride(), inner.shape)):
            if step == 0 and size > 1:  # torch does not write where elements share memory: the last one wins
                inner, values = inner.narrow(d, size - 1, 1), values.narrow(d, size - 1, 1)
        inner.copy_(values)

    def scatter_add(self, target, index, values):
        self.reduce_at("sum", target, index, values)

    def reduce_at(self, reduce, target, index, values):
        inner, index = forwards(target.inner, index)
        place = torch.arange(inner.numel()).reshape(inner.shape)[index]
        values = torch.as_tensor(unwrap(values)).to(inner.dtype).expand(place.shape).reshape(-1)
        flat, place = inner.reshape(-1), place.reshape(-1)
        if reduce in ("sum", "mean"):
            flat.index_add_(0, place, values)
        else:
            flat.scatter_reduce_(0, place, values, reduce)
        if not inner.is_contiguous():  # then flat is a copy
            inner.copy_(flat.reshape(inner.shape))

    def stream(self):
        return HostStream(self)


OURS = {native: ours for ours, native in NUMPY_DTYPE.items()}
give_operators(Array)
give_methods(Array, "sum prod mean max min argmax argmin any all cumsum clip swapaxes squeeze take repeat ravel copy "
                    "nonzero conj std var sort argsort diagonal searchsorted dot")  # fmt: skip
_backend = TorchBackend()
Array.namespace = _backend


def load(index=None):
    """The one torch backend."""
    return _backend
