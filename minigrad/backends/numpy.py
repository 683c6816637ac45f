"""NumPy: the backend of the CPU."""

import math
import sys
import warnings

import numpy as np

from .. import dtypes
from .contract import Backend
from .mt19937 import MT19937

# torch computes 1/0 and log(-1) without a word.  Silencing by module leaves the user's own NumPy code alone, and costs
# nothing where nothing happens (np.errstate would cost several times a small op).
warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"minigrad\.")

NATIVE = {
    dtypes.bool_: np.dtype(np.bool_), dtypes.uint8: np.dtype(np.uint8), dtypes.int8: np.dtype(np.int8),
    dtypes.int16: np.dtype(np.int16), dtypes.int32: np.dtype(np.int32), dtypes.int64: np.dtype(np.int64),
    dtypes.float16: np.dtype(np.float16), dtypes.float32: np.dtype(np.float32),
    dtypes.float64: np.dtype(np.float64), dtypes.complex64: np.dtype(np.complex64),
    dtypes.complex128: np.dtype(np.complex128),
}  # fmt: skip
INTEGER_OF_SIZE = {1: np.int8, 2: np.int16, 4: np.int32, 8: np.int64}
FEW = 1000  # elements up to which one NumPy call costs less than several that take turns
FEW_INTEGERS = 100  # elements up to which Python looks through them before two NumPy calls would
OWN_VIEW = 3  # references to the base of a view that nothing else looks into: the view's, a local one, getrefcount's
DTYPES = {native: ours for ours, native in NATIVE.items()}
REDUCE = {"sum": np.add, "mean": np.add, "prod": np.multiply, "amax": np.maximum, "amin": np.minimum}
SCALARS = (np.bool_, np.uint8, np.int8, np.int16, np.int32, np.int64, np.float16, np.float32, np.float64,
           np.complex64, np.complex128)


class _Writable:
    """An array's memory, offered for writing."""

    def __init__(self, array):
        self.array = array
        interface = array.__array_interface__
        self.__array_interface__ = interface | {"data": (interface["data"][0], False)}


class NumPyBackend(Backend):
    """Arrays in host memory, computed by NumPy; random numbers are torch's CPU streams."""

    library = np
    host_array = np.ndarray
    array_types = (np.ndarray, *SCALARS)

    def native(self, dtype):
        try:
            return NATIVE[dtype]
        except KeyError:
            raise TypeError(f"NumPy has no {dtype}") from None

    def dtype_of(self, array):
        return DTYPES[array.dtype]

    def dtype_of_native(self, native):
        return DTYPES[native]

    def from_host(self, data, dtype=None):
        return np.array(data, dtype=None if dtype is None else self.native(dtype))

    def share_host(self, array):
        """`array` itself, if a tensor can share its memory.  Raises TypeError or ValueError otherwise."""
        if array.dtype not in DTYPES:
            raise TypeError(f"can't convert np.ndarray of type {array.dtype.type.__module__}.{array.dtype.type.__name__}. "
                            f"The only supported types are: float64, float32, float16, complex64, complex128, int64, "
                            f"int32, int16, int8, uint64, uint32, uint16, uint8, and bool.")
        if any(step < 0 for step in array.strides):
            raise ValueError("At least one stride in the given numpy array is negative, and tensors with negative "
                             "strides are not currently supported. (You can probably work around this by making a copy "
                             "of your array  with array.copy().) ")
        return array

    def from_buffer(self, buffer, dtype, count, offset):
        """An array over the memory of a buffer."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.frombuffer(buffer, self.native(dtype), count, offset)

    def from_dlpack(self, exporter):
        """An array over the memory of an object that speaks DLPack; NumPy marks some of these read-only, torch none."""
        array = np.from_dlpack(exporter)
        return array if array.flags.writeable else np.asarray(_Writable(array))

    def from_file(self, filename, dtype, size, shared):
        """An array over the beginning of a file; what is written to it goes to the file if `shared`."""
        return np.asarray(np.memmap(filename, self.native(dtype), "r+" if shared else "c", shape=(size,)))

    def to_host(self, array):
        return np.asarray(array)

    def as_array(self, value):
        return np.asarray(value)

    def cast(self, array, dtype):
        return array.astype(self.native(dtype))

    def strides(self, array):
        size = array.itemsize
        return tuple([step // size for step in array.strides])

    def storage(self, array):
        owner = array
        while getattr(owner, "base", None) is not None and not isinstance(owner.base, (bytes, memoryview)):
            owner = owner.base
            if isinstance(owner, np.ndarray):
                array = owner
        if array.flags.forc:
            return array.ravel(order="K")
        reach = 1 + sum((size - 1) * step for size, step in zip(array.shape, array.strides)) // array.itemsize
        return np.lib.stride_tricks.as_strided(array, (reach if array.size else 0,), (array.itemsize,))

    def storage_offset(self, array):
        return (self.address(array) - self.address(self.storage(array))) // array.itemsize

    def address(self, array):
        return array.__array_interface__["data"][0]

    def as_strided(self, storage, size, stride, offset):
        if not storage.size and 0 in size:
            return np.ndarray(size, storage.dtype)
        item = storage.itemsize
        return np.ndarray(size, storage.dtype, storage, offset * item, [step * item for step in stride])

    def masked(self, array, mask):
        return self.unmasked(array, np.logical_not(mask))

    def unmasked(self, array, mask):
        integer = INTEGER_OF_SIZE.get(array.dtype.itemsize)
        if integer is None or array.size < FEW:  # of many elements and random masks np.where takes ten times as long
            return np.where(mask, np.zeros((), array.dtype), array)
        bits = mask.astype(integer)
        bits -= 1  # all ones where the mask is not set
        return np.bitwise_and(bits, array.view(integer), out=bits if mask.shape == array.shape else None).view(array.dtype)

    def sum(self, array, axis=None, dtype=None, keepdims=False):
        """np.sum, without the time that it takes to look at its arguments"""
        return np.add.reduce(array, axis=axis, dtype=dtype, keepdims=keepdims)

    def check_range(self, index, low, high, error, but=None):
        if 0 < index.size < FEW_INTEGERS:
            numbers = index.reshape(-1).tolist()
            if low <= min(numbers) and max(numbers) < high:
                return
        super().check_range(index, low, high, error, but)

    def may_equal(self, array, number):
        if array.size < FEW_INTEGERS:
            return number in array.reshape(-1).tolist()
        return super().may_equal(array, number)

    def may_hold_nan(self, array):
        flat = array.reshape(-1)
        return math.isnan(flat.dot(flat))  # squares are positive: without a nan they add up to none

    def mean(self, array, axis=None, keepdims=False):
        """The mean; unlike NumPy's, that of nothing is nan without a word"""
        wide = np.float32 if array.dtype == np.float16 else array.dtype
        total = self.sum(array, axis=axis, keepdims=keepdims, dtype=wide)
        return (total / (array.size // total.size if total.size else 1)).astype(array.dtype)

    def is_fresh(self, array):
        base = array.base
        return base is None or (
            type(base) is np.ndarray and base.base is None and base.size == array.size
            and sys.getrefcount(base) <= OWN_VIEW)  # fmt: skip

    def write(self, target, values):
        if not target.flags.writeable:
            target.flags.writeable = True  # NumPy's broadcast_to forbids what torch allows: one number for all
        np.copyto(target, values, casting="unsafe")

    def scatter_add(self, target, index, values):
        np.add.at(target, index, values)

    def reduce_at(self, reduce, target, index, values):
        REDUCE[reduce].at(target, index, values)

    def stream(self):
        return MT19937()
