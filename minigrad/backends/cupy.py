"""CuPy: the backend of NVIDIA GPUs, device type "cuda".

NOT RUN ON A GPU YET.  It follows CuPy 14's documentation, every name it uses exists in CuPy 14.2, its CUDA sources
compile with NVRTC, and the ops pass on the strict stand-in (strict.py), which keeps CuPy's rules, and on one with two GPUs
(parity_tests/fake_cupy).  Values, speed and copies between GPUs are unproven until benchmarks/gpu.py has run on one.

Random numbers are those of torch's CUDA generator, Philox, made on the GPU; philox_stream.py says which of them have been
held against torch's and which follow its headers alone.  Where this backend computes in the CPU's place (`backends.use`),
they are torch's CPU numbers, drawn on the host and copied over.  scatter_add uses atomics, so sums of floats at one place
may differ in the last bits from run to run, as in torch.
"""

import os
from operator import attrgetter

import cupy
import cupyx

from . import host
from .contract import AcceleratorError, Backend
from .cupy_device import about_to_wait, doubts, settle
from .cupy_kernels import FORMULAS, KERNELS, STEPS, outside
from .cupy_philox import CuPyPhilox
from .numpy import DTYPES, NumPyBackend
from .places import PLACES, placed
from .streams import HostStream

ATOMIC = {"int32", "uint32", "uint64", "float32", "float64", "complex64", "complex128"}  # what cupyx.scatter_* take
WIDER = {"bool": "int32", "uint8": "int32", "int8": "int32", "int16": "int32", "float16": "float32"}
MOST_DOUBTS = 1000


class Linalg:
    """cupy.linalg, but with errors for what cannot be solved or factored, which CuPy ignores unless it is told not to"""

    def __getattr__(self, name):
        found = getattr(cupy.linalg, name)
        if isinstance(found, type):
            return found

        def call(*args, **keywords):
            with cupyx.errstate(linalg="raise"):
                return found(*args, **keywords)

        return call


ITS_OWN = ("from_host share_host from_device to_host synchronize item check_range may_hold_nan may_equal as_array cast storage "
           "as_strided dense_copy masked unmasked write scatter_add reduce_at").split()  # what launches, copies or allocates


class CuPyBackend(Backend):
    """Arrays in the memory of the GPU in use (`index` None), or of the GPU that `index` names, whichever is in use.

    Where there are several GPUs, CuPy computes on the one in use, puts results there, and refuses arrays of another one (or
    reads them through a slow bridge).  So whatever is called on the backend of a named GPU runs with that one in use; an op's
    kernel where its first array is; a node of the graph where what has arrived at it is (`on_device_of`).
    """

    library = cupy
    array_types = (cupy.ndarray,)
    kernels, formulas, steps, linalg = KERNELS, FORMULAS, STEPS, Linalg()
    native = NumPyBackend.native

    def __init__(self, index=None):
        self.index = index
        if index is None:
            super().__init__()
        else:
            for name in ITS_OWN:
                setattr(self, name, self.here(getattr(self, name)))

    def __getattr__(self, name):
        found = getattr(cupy, name)
        if self.index is not None and callable(found) and not isinstance(found, type):
            found = self.here(found)
        setattr(self, name, found)
        return found

    def here(self, function):
        """A function that computes on this backend's GPU"""
        def call(*args, **keywords):
            with cupy.cuda.Device(self.index):
                return function(*args, **keywords)

        return call

    def kernel(self, op):
        return super().kernel(op) if self.of is None else beside_its_operands([Backend.kernel(one, op) for one in _each])

    # ---- dtypes, and the host ---------------------------------------------------------------------------------------
    def dtype_of(self, array):
        return DTYPES[array.dtype]

    def dtype_of_native(self, native):
        return DTYPES[native]

    def from_host(self, data, dtype=None):
        return self.asarray(NumPyBackend.from_host(self, data, dtype))

    def share_host(self, array):
        """A copy, since a GPU cannot share the host's memory: of all that the array looks into, so with its strides"""
        array = host.share_host(array)
        return self.as_strided(self.asarray(host.storage(array)), array.shape, host.strides(array),
                               host.storage_offset(array))  # fmt: skip

    def from_device(self, array):
        """A copy, without a wait if it comes from another GPU: each GPU's queue waits for the other's instead"""
        if not isinstance(array, cupy.ndarray):
            return super().from_device(array)
        here = cupy.cuda.get_current_stream()
        with array.device:
            there = cupy.cuda.get_current_stream()
            dense = _current.dense_copy(array)
            line = view(dense, (dense.size,), (dense.itemsize,))  # CuPy sends no other
            made = there.record()
        here.wait_event(made)
        found = line.copy()
        copied = here.record()
        with array.device:
            there.wait_event(copied)  # before it gives the memory of `dense` to another array
        if dense.flags.c_contiguous:
            return found.reshape(dense.shape)
        return view(found, dense.shape, dense.strides)

    def to_host(self, array):
        about_to_wait()
        found = cupy.asnumpy(array)
        settle()
        return found

    def synchronize(self):
        cupy.cuda.get_current_stream().synchronize()
        settle()

    def item(self, array):
        about_to_wait()
        found = array.item()
        settle()
        return found

    def check_range(self, index, low, high, error, but=None):
        if index.size:
            doubts.append((outside(index, low, high, but), error))
        if len(doubts) > MOST_DOUBTS or os.environ.get("CUDA_LAUNCH_BLOCKING") == "1":
            settle()

    def may_hold(self, mask):
        return True

    def as_array(self, value):
        return value if isinstance(value, cupy.ndarray) else self.asarray(value)

    def cast(self, array, dtype):
        return array.astype(self.native(dtype))

    # ---- memory -----------------------------------------------------------------------------------------------------
    def strides(self, array):
        return tuple(step // array.itemsize for step in array.strides)

    def storage(self, array):
        owner = owner_of(array)
        return view(owner, (owner.size,), (owner.itemsize,)).view(array.dtype)

    def storage_offset(self, array):
        return (array.data.ptr - owner_of(array).data.ptr) // array.itemsize

    def address(self, array):
        return array.data.ptr

    def as_strided(self, storage, size, stride, offset):
        steps = tuple(step * storage.itemsize for step in stride)
        return view(storage, tuple(size), steps, offset * storage.itemsize)

    def is_fresh(self, array):
        return array.base is None and type(array.data.mem) is not Shared

    # ---- writing ----------------------------------------------------------------------------------------------------
    def write(self, target, values):
        if not isinstance(values, cupy.ndarray):
            target.fill(values)
            return
        if values is not target and cupy.may_share_memory(target, values):
            values = values.copy()  # threads would read what others have written
        cupy.copyto(target, values, casting="unsafe")

    def scatter_add(self, target, index, values):
        self.reduce_at("sum", target, index, values)

    def reduce_at(self, reduce, target, index, values):
        kind = target.dtype.name
        values = values.astype(target.dtype) if isinstance(values, cupy.ndarray) else values
        if reduce == "prod":
            multiply_at(target, index, values)
        elif kind == "int64" and reduce in ("sum", "mean"):  # addition is the same without a sign
            unsigned = values.view("uint64") if isinstance(values, cupy.ndarray) else values
            cupyx.scatter_add(target.view("uint64"), index, unsigned)
        elif kind in ATOMIC:
            scatter = {"amax": cupyx.scatter_max, "amin": cupyx.scatter_min}.get(reduce, cupyx.scatter_add)
            scatter(target, index, values)
        elif kind in WIDER:
            wide = target.astype(WIDER[kind])
            self.reduce_at(reduce, wide, index, values)
            self.write(target, wide)
        else:
            in_turn({"amax": cupy.maximum, "amin": cupy.minimum}[reduce], target, index, values)

    def stream(self):
        return CuPyPhilox(self)

    def cpu_stream(self):
        return HostStream(self)


class Shared(cupy.cuda.UnownedMemory):
    """The memory of an array, for another one that looks into it: what cupy's as_strided gives forgets whose memory it is"""

    def __init__(self, owner):
        super().__init__(owner.data.ptr, owner.nbytes, owner, owner.data.device_id)
        self.owner = owner


def view(array, size, steps, start=0):
    """An array of other strides, in bytes, from a place in the same memory."""
    owner = owner_of(array)
    place = cupy.cuda.MemoryPointer(Shared(owner), array.data.ptr - owner.data.ptr + start)
    return cupy.ndarray(size, array.dtype, memptr=place, strides=steps)


def owner_of(array):
    """The array that the memory was allocated for."""
    array = array if array.base is None else array.base
    return array.data.mem.owner if type(array.data.mem) is Shared else array


def beside_its_operands(kernels):
    """Of an op's kernels for each GPU, that of the one where the first array is, and on it."""

    def run(*operands):
        first = placed(operands)
        with first.device:
            return kernels[first.data.device_id](*operands)

    return run


def multiply_at(target, index, values):
    in_turn(cupy.multiply, target, index, values)


def in_turn(function, target, index, values):
    """target[index] = function(target[index], values) where no atomic function exists.

    The first of those that meet at one place, then the second, ...  Waits for the device once, to know how many meet.
    """
    place = cupy.arange(target.size).reshape(target.shape)[index].ravel()
    values = cupy.broadcast_to(cupy.asarray(values, dtype=target.dtype), place.shape) if not isinstance(
        values, cupy.ndarray) else values.ravel()  # fmt: skip
    if not place.size:
        return
    order = cupy.argsort(place)
    ordered = place[order]
    turn = cupy.arange(place.size) - cupy.searchsorted(ordered, ordered, side="left")
    flat = cupy.ascontiguousarray(target).reshape(-1)
    for k in range(int(turn.max()) + 1):
        chosen = order[turn == k]
        flat[place[chosen]] = function(flat[place[chosen]], values[chosen])
    if flat.data.ptr != target.data.ptr:
        target[...] = flat.reshape(target.shape)


_current = CuPyBackend()
_each = [_current]  # with one GPU there is one backend
if cupy.cuda.runtime.getDeviceCount() > 1:
    _each = [CuPyBackend(index) for index in range(cupy.cuda.runtime.getDeviceCount())]
    _current.of = lambda array: _each[array.data.device_id]
    PLACES[cupy.ndarray] = attrgetter("device")


def load(index=None):
    """The backend of a GPU."""
    if index is None:
        return _current
    if index >= len(_each):
        raise AcceleratorError("CUDA error: invalid device ordinal")
    return _each[index]
