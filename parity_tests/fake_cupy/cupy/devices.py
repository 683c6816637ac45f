"""The stand-in's GPUs, cupy.cuda: which is in use in a thread, where arrays are, queues, and how much memory is taken.

An array is on the GPU that was in use when its memory was first seen.  A kernel refuses arrays of a GPU other than that
in use, as CuPy's do where there is no way from one to the other; this one also refuses to copy in the wrong GPU's queue.
Queues and moments belong to a GPU, and refuse those of another one.
"""

import os
import threading
import weakref
from collections import Counter
from types import SimpleNamespace

import numpy as np

from minigrad.backends import strict
from minigrad.backends.strict import Array, counts

COUNT = int(os.environ.get("STAND_IN_GPUS", "1"))
PROPERTIES = {"name": b"host stand-in", "major": 0, "minor": 0, "totalGlobalMem": 2**30, "multiProcessorCount": 1,
              "maxThreadsPerMultiProcessor": 1024}  # fmt: skip
made = {}  # id of a NumPy array -> (itself, weakly; the place in memory that its Array was made over)
homes, places = {}, {}  # id of the NumPy array that owns memory -> (itself, weakly; its GPU); address -> its GPU
used, kept = Counter(), Counter()  # GPU -> bytes


class Thread(threading.local):
    """What is in use in a thread: every thread starts with GPU 0, unless the environment says otherwise"""

    def __init__(self):
        self.device, self.streams, self.stack = int(os.environ.get("STAND_IN_GPU", "0")), {}, []


thread = Thread()


# ---- where arrays are -----------------------------------------------------------------------------------------------


def owner(array):
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


class Memory:
    """A block of memory: the NumPy array that owns it"""

    def __init__(self, root):
        self.root, self.ptr = root, root.ctypes.data


class UnownedMemory:
    """A block of memory that something else keeps alive"""

    def __init__(self, ptr, size, owner, device_id=-1):
        self.ptr, self.size, self._owner, self.device_id = ptr, size, owner, device_id
        self.root = owner.data.mem.root
        assert owner.data.ptr == ptr and owner.nbytes == size


class MemoryPointer:
    """A place in a block of memory"""

    def __init__(self, mem, offset):
        self.mem, self.ptr = mem, mem.ptr + offset
        self.device_id = homes.get(id(mem.root), (None, 0))[1]  # where it was before this module was there
        places[self.ptr] = self.device_id


def over(memptr, shape, dtype, strides):
    """A NumPy array that looks into a block of memory, which it must not leave"""
    root = memptr.mem.root
    flat = root.ravel(order="K")
    if not root.size:
        return np.ndarray(shape, dtype, flat)
    assert np.shares_memory(flat, root)
    return np.ndarray(shape, dtype, flat, memptr.ptr - root.ctypes.data, strides)


def settle(self, inner, dtype=None, memptr=None, strides=None):
    """Array.__init__: new memory is on the GPU in use; that of `memptr` is where it is, and the array has no base"""
    if memptr is not None:
        self.inner = inner = over(memptr, inner, dtype, strides)
        key = id(inner)
        made[key] = weakref.ref(inner, lambda _: made.pop(key)), memptr
        return
    self.inner = inner = np.asarray(inner)
    root = owner(inner)
    if id(root) not in homes:
        key, size, device = id(root), root.nbytes, thread.device
        allocator[0](size)

        def forget(_):
            del homes[key]
            used[device] -= size

        homes[key] = weakref.ref(root, forget), device
        used[device] += size
        kept[device] = max(kept[device], used[device])


def data(self):
    if id(self.inner) in made:
        return made[id(self.inner)][1]
    root = owner(self.inner)
    return MemoryPointer(Memory(root), self.inner.ctypes.data - root.ctypes.data)


def base(self):
    if id(self.inner) in made or not isinstance(self.inner.base, np.ndarray):
        return None
    return Array(self.inner.base)


def arrays_in(values):
    for x in values:
        if isinstance(x, Array):
            yield x
        elif isinstance(x, (list, tuple)):
            yield from arrays_in(x)


def look(operands):
    """Raise CuPy's ValueError for an array of a GPU that is not in use, also if an optimiser's table points to it."""
    tables = [x for x in operands if isinstance(x, np.ndarray)]
    pointers = [places[int(p)] for table in tables for p in table["at"].ravel() if p]
    for device in [*(x.data.device_id for x in arrays_in(operands)), *pointers]:
        if device != thread.device:
            raise ValueError(f"The device where the array resides ({device}) is different from the current device "
                             f"({thread.device}). Peer access is unavailable between these devices.")


def copy(self, order="C"):
    """A copy on the GPU in use"""
    there = self.data.device_id != thread.device
    made = Array(np.array(self.inner, order=order, copy=True))
    if there and not (made.inner.flags.c_contiguous or made.inner.flags.f_contiguous):
        raise NotImplementedError("CuPy cannot copy non-contiguous array between devices.")
    return made


Array.__init__, Array.copy = settle, copy
Array.data, Array.base = property(data), property(base)
Array.device = property(lambda self: Device(self.data.device_id))
strict.onlookers.append(look)


# ---- the GPUs -------------------------------------------------------------------------------------------------------


def set_device(index):
    if not 0 <= index < COUNT:
        raise RuntimeError("cudaErrorInvalidDevice: invalid device ordinal")
    thread.device = index


class Device:
    """A GPU; in use for a block"""

    def __init__(self, device=None):
        self.id = thread.device if device is None else int(device)

    pci_bus_id = property(lambda self: f"0000:0{self.id}:00.0")

    def __int__(self):
        return self.id

    def __enter__(self):
        thread.stack.append(thread.device)
        set_device(self.id)
        return self

    def __exit__(self, *exc):
        set_device(thread.stack.pop())

    def use(self):
        set_device(self.id)

    def synchronize(self):
        counts.synchronizations += 1


class Stream:
    """A queue of a GPU, whose work is done at once; null: of whichever is in use"""

    done = True

    def __init__(self, null=False, non_blocking=False, ptds=False, priority=None):
        self.ptr, self.device_id = (0, -1) if null else (id(self), thread.device)

    def use(self):
        if self.device_id not in (-1, thread.device):
            raise RuntimeError(f"The device that the stream is created on ({self.device_id}) does not match with the current "
                               f"device ({thread.device})")
        thread.streams[thread.device] = self
        return self

    def synchronize(self):
        counts.synchronizations += 1

    def wait_event(self, event):
        pass

    def record(self, event=None):
        event = event or Event()
        event.record(self)
        return event


Stream.null = Stream(null=True)


class Event:
    """A moment in a queue of the GPU that was in use when it was made"""

    done = True

    def __init__(self, block=False, disable_timing=False, interprocess=False):
        self.device_id, self.timed = thread.device, not disable_timing
        if interprocess and not disable_timing:
            raise ValueError("Timing must be disabled for interprocess events")

    def record(self, stream=None):
        stream = stream or get_current_stream()
        if self.device_id != (thread.device if stream.device_id == -1 else stream.device_id):
            raise RuntimeError("cudaErrorInvalidResourceHandle: invalid resource handle")

    def synchronize(self):
        counts.synchronizations += 1


def get_current_stream(device_id=-1):
    return thread.streams.get(thread.device if device_id == -1 else device_id, Stream.null)


def get_elapsed_time(start, end):
    if not (start.timed and end.timed):
        raise RuntimeError("cudaErrorInvalidResourceHandle: invalid resource handle")
    return 0.0


class Pool:
    """The memory of the GPU in use"""

    def used_bytes(self):
        return used[thread.device]

    def total_bytes(self):
        return kept[thread.device]

    def malloc(self, size):
        if used[thread.device] + size > (limits.get(thread.device) or PROPERTIES["totalGlobalMem"]):
            raise memory.OutOfMemoryError(f"Out of memory allocating {size} bytes")

    def free_all_blocks(self):
        kept[thread.device] = used[thread.device]

    def set_limit(self, size=None, fraction=None):
        limits[thread.device] = int(size or fraction * PROPERTIES["totalGlobalMem"])

    def get_limit(self):
        return limits.get(thread.device, 0)


memory = SimpleNamespace(OutOfMemoryError=type("OutOfMemoryError", (MemoryError,), {}))
allocator = [Pool().malloc]
limits, profiled = {}, []  # GPU -> bytes; what profilers were told
ExternalStream = lambda ptr, device_id=-1: vars(found := Stream()).update(ptr=ptr, device_id=device_id) or found
nvtx = SimpleNamespace(RangePush=profiled.append, RangePop=lambda: profiled.append("pop"), Mark=profiled.append)


def set_allocator(allocate):
    allocator[0] = allocate


runtime = SimpleNamespace(
    profilerStart=lambda: profiled.append("start"), profilerStop=lambda: profiled.append("stop"),
    getDeviceCount=lambda: COUNT, getDevice=lambda: thread.device, getDeviceProperties=lambda index: PROPERTIES,
    deviceCanAccessPeer=lambda index, peer: 0, memGetInfo=lambda: (PROPERTIES["totalGlobalMem"] - kept[thread.device],
                                                                   PROPERTIES["totalGlobalMem"]))  # fmt: skip
