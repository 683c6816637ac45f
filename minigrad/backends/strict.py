"""A stand-in for CuPy on any machine: host arrays that refuse what arrays on a GPU would refuse.

Its arrays hold NumPy arrays but are none.  Refused, as by CuPy: a NumPy array or a list as an operand,
`np.asarray(x)` and whatever else would copy to the host unasked, functions and parameters that CuPy does not have
(cupy_rules.py), flags other than c_contiguous.  Reductions give 0-d arrays, and indices out of range wrap
around silently. `counts` says how many kernels were called, how often the host would have had to wait (item(),
bool(), float(), copies to the host), how often something was copied to the device, and how often indices were looked at
to see whether they exist: here at once, so that the suite sees its errors; on CuPy when the host next waits.

What it proves: ops written so run on CuPy as far as these rules go.  What it does not: that CuPy's kernels give the
same values, strides, or order of addition, or that they exist for every dtype; nothing about speed, streams or
memory.
"""

from types import SimpleNamespace

import numpy as np

from .contract import Backend
from .cupy_rules import ABSENT, NO_KERNEL, refuse
from .numpy import NumPyBackend
from .streams import HostStream
from .wrapping import Flags, WrappedArray, give_methods, give_operators

counts = SimpleNamespace(kernels=0, synchronizations=0, uploads=0, checks=0)
onlookers = []  # functions that are shown the operands of each kernel; parity_tests/fake_cupy looks whether they may meet


def launch(*operands):
    """Count a kernel."""
    counts.kernels += 1
    for look in onlookers:
        look(operands)


class Array(WrappedArray):
    """An array "on the device"."""

    __slots__ = ()

    ndim = property(lambda self: self.inner.ndim)
    shape = property(lambda self: self.inner.shape)
    size = property(lambda self: self.inner.size)
    dtype = property(lambda self: self.inner.dtype)
    itemsize = property(lambda self: self.inner.itemsize)
    nbytes = property(lambda self: self.inner.nbytes)
    strides = property(lambda self: self.inner.strides)
    T = property(lambda self: wrap(self.inner.T))
    flags = property(lambda self: Flags(self.inner.flags.c_contiguous, self.inner.flags.f_contiguous))
    base = property(lambda self: Array(self.inner.base) if isinstance(self.inner.base, np.ndarray) else None)
    data = property(lambda self: SimpleNamespace(ptr=self.inner.ctypes.data))
    real = property(lambda self: wrap(self.inner.real))
    imag = property(lambda self: wrap(self.inner.imag))

    def __len__(self):
        return len(self.inner)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index):
        if any(isinstance(i, (Array, list)) for i in (index if isinstance(index, tuple) else (index,))):
            launch(self, index)
        return wrap(self.inner[wrapped_around(index, self.inner.shape)])

    def __setitem__(self, index, value):
        launch(self, index, value)
        if isinstance(value, (list, tuple)):
            raise TypeError(f"Unsupported type {type(value)}")
        if not self.inner.flags.writeable:
            self.inner.flags.writeable = True  # CuPy's arrays have no such flag, and broadcast_to's can be written to
        self.inner[wrapped_around(index, self.inner.shape)] = unwrap(value)

    # ---- values on the host: each of these waits for the device -------------------------------------------------
    def item(self):
        """The one element as a Python number"""
        counts.synchronizations += 1
        return self.inner.item()

    def __bool__(self):
        counts.synchronizations += 1
        return bool(self.inner)

    def __float__(self):
        return float(self.item())

    def __int__(self):
        return int(self.item())

    def __array__(self, *args, **keywords):
        raise TypeError("Implicit conversion to a NumPy array is not allowed. Please use `.get()` to construct a NumPy "
                        "array explicitly.")

    def tolist(self):
        """The elements as nested lists"""
        counts.synchronizations += 1
        return self.inner.tolist()

    # ---- methods whose arguments are no arrays -------------------------------------------------------------------
    def astype(self, dtype, copy=True, order="K"):
        """The values as another dtype"""
        launch(self)
        return wrap(self.inner.astype(dtype, copy=copy, order=order))

    def view(self, dtype):
        """The memory read as another dtype"""
        return wrap(self.inner.view(dtype))

    def reshape(self, *shape):
        """The elements in another shape"""
        return wrap(self.inner.reshape(*shape))

    def transpose(self, *axes):
        """The axes in another order"""
        return wrap(self.inner.transpose(*axes))

    def fill(self, value):
        """Set every element"""
        self[...] = value


def wrap(value):
    """NumPy's result as the device's: arrays and scalars become arrays, containers of them containers."""
    if isinstance(value, (np.ndarray, np.generic)):
        return Array(np.asarray(value))
    if isinstance(value, (list, tuple)):
        return type(value)(map(wrap, value)) if type(value) in (list, tuple) else tuple(map(wrap, value))
    return value


def unwrap(value):
    """An operand as NumPy takes it.  Raises TypeError for a host array."""
    if isinstance(value, Array):
        return value.inner
    if isinstance(value, np.ndarray):
        raise TypeError(f"Unsupported type {type(value)}")
    if isinstance(value, (list, tuple)):
        return type(value)(map(unwrap, value)) if type(value) in (list, tuple) else value
    return value


def wrapped_around(index, shape):
    """An index expression for NumPy, its integer arrays taken modulo the size of the dimension they index."""
    if not isinstance(index, tuple):
        index = (index,)
    used = sum(0 if i is None or i is Ellipsis else _consumed(i) for i in index)
    result, axis = [], 0
    for item in index:
        if item is Ellipsis:
            axis += len(shape) - used
        elif isinstance(item, Array) and item.dtype.kind in "iu":
            size = shape[axis] if axis < len(shape) else 0
            item, axis = Array(item.inner % size if size else item.inner), axis + 1
        elif item is not None:
            axis += _consumed(item)
        if isinstance(item, np.ndarray):
            raise TypeError(f"Unsupported type {type(item)}")
        counts.uploads += isinstance(item, list)
        result.append(unwrap(item))
    return tuple(result)


def _consumed(item):
    return item.ndim if isinstance(item, Array) and item.dtype.kind == "b" else 1


class Library:
    """NumPy's functions as far as CuPy has them, on Arrays."""

    def __init__(self, module=np, prefix=""):
        self.module, self.prefix = module, prefix

    def __getattr__(self, name):
        if self.prefix + name in ABSENT:
            raise AttributeError(f"module 'cupy' has no attribute '{self.prefix}{name}'")
        found = getattr(self.module, name)
        if found is np.linalg:
            return Library(np.linalg, "linalg.")
        if isinstance(found, type) or not callable(found):
            return found
        return _ufunc(found) if isinstance(found, np.ufunc) else _function(self.prefix + name, found)


def _ufunc(found):
    def call(*operands, **keywords):
        launch(operands, *keywords.values())
        for x in operands:
            if isinstance(x, (list, tuple)):
                raise TypeError(f"Unsupported type {type(x)}")
        return wrap(found(*map(unwrap, operands), **{k: unwrap(v) for k, v in keywords.items()}))

    return call


def is_array(value):
    return type(value) is Array


def _function(name, found):
    launched = name not in NO_KERNEL

    def call(*args, **keywords):
        refuse(name, args, keywords, is_array)
        result = found(*map(unwrap, args), **{k: unwrap(v) for k, v in keywords.items()})
        if args and type(args[0]) is Array and result is args[0].inner:
            return args[0]
        if launched:
            launch(*([] if name in ("array", "copy") else args), *keywords.values())
        return wrap(result)

    return call


class StrictBackend(NumPyBackend):
    """The contract over Arrays: NumPy's answers, wrapped."""

    library = Library()
    array_types = (Array,)

    def from_host(self, data, dtype=None):
        counts.uploads += 1
        return Array(super().from_host(data, dtype))

    def share_host(self, array):
        return Array(super().share_host(array))

    def to_host(self, array):
        counts.synchronizations += 1
        return array.inner

    def check_range(self, index, low, high, error, but=None):
        counts.checks += 1
        super().check_range(index.inner, low, high, error, but)

    def may_hold(self, mask):
        return True

    def as_array(self, value):
        return value if isinstance(value, Array) else Array(np.asarray(value))

    def strides(self, array):
        return super().strides(array.inner)

    def storage(self, array):
        return Array(super().storage(array.inner))

    def address(self, array):
        return super().address(array.inner)

    def as_strided(self, storage, size, stride, offset):
        return Array(super().as_strided(storage.inner, size, stride, offset))

    masked, unmasked = Backend.masked, Backend.unmasked
    may_hold_nan, may_equal = Backend.may_hold_nan, Backend.may_equal
    sum = property(lambda self: self.library.sum)

    def is_fresh(self, array):
        return False  # several Arrays may share a NumPy array

    def write(self, target, values):
        target[...] = values

    def scatter_add(self, target, index, values):
        launch(target, index, values)
        np.add.at(target.inner, wrapped_around(index, target.shape), unwrap(values))

    def reduce_at(self, reduce, target, index, values):
        launch(target, index, values)
        super().reduce_at(reduce, target.inner, wrapped_around(index, target.shape), unwrap(values))

    def stream(self):
        return HostStream(self)


give_operators(Array)
give_methods(Array, "sum prod mean max min argmax argmin any all cumsum clip swapaxes squeeze take repeat ravel copy "
                    "round nonzero conj std var sort argsort diagonal trace searchsorted dot")  # fmt: skip
_backend = StrictBackend()
Array.namespace = _backend


def load(index=None):
    """The one strict backend."""
    return _backend


