"""The GPUs themselves, as CuPy sees them: counts, names, memory, streams and events (behind torch.cuda).

Written from CuPy's documentation; not run on a GPU yet (see cupy.py).
"""

import warnings
from types import SimpleNamespace

import cupy

from .contract import AcceleratorError, OutOfMemoryError

if not cupy.is_available():
    raise ImportError("CuPy finds no CUDA device")

_peaks = {}  # (kind, GPU) -> the largest figure seen
NONE = -(2**63)
doubts = []  # (a 0-d array: the wrong index or NONE, the error): indices of which nobody has waited to know if they exist


waiting = 0  # what to do when the host is made to wait: 0 nothing, 1 warn, 2 raise


def about_to_wait():
    """Warn or raise, if that was asked for, before the host waits for a value."""
    if waiting == 1:
        warnings.warn("called a synchronizing CUDA operation", stacklevel=3)
    elif waiting == 2:
        raise RuntimeError("called a synchronizing CUDA operation")


def settle():
    """Raise the errors of indices that were found not to exist; waits if there are any to look at."""
    looked, doubts[:] = list(doubts), []
    for wrong, error in looked:
        found = wrong.item()
        if found != NONE:
            raise error(found)


# ---- which, and what -------------------------------------------------------------------------------------------------
def device_count():
    """How many GPUs there are."""
    return cupy.cuda.runtime.getDeviceCount()


def current_device():
    """The GPU that work goes to."""
    return cupy.cuda.runtime.getDevice()


def set_device(index):
    """Send work to another GPU."""
    if not 0 <= index < device_count():
        raise AcceleratorError("CUDA error: invalid device ordinal")
    cupy.cuda.Device(index).use()


def properties(index):
    """name, major, minor, total_memory, multi_processor_count, max_threads_per_multi_processor of a GPU."""
    found = cupy.cuda.runtime.getDeviceProperties(index)
    return SimpleNamespace(name=found["name"].decode(), major=found["major"], minor=found["minor"],
                           total_memory=found["totalGlobalMem"], multi_processor_count=found["multiProcessorCount"],
                           max_threads_per_multi_processor=found["maxThreadsPerMultiProcessor"])


def bus_id(index):
    """Where a GPU is plugged in."""
    return cupy.cuda.Device(index).pci_bus_id


def can_access_peer(index, peer):
    """Whether one GPU reads another's memory directly."""
    return bool(cupy.cuda.runtime.deviceCanAccessPeer(index, peer))


def synchronize(index):
    """Wait until a GPU has computed everything that was queued."""
    cupy.cuda.Device(index).synchronize()
    settle()


# ---- memory ---------------------------------------------------------------------------------------------------------
def _figure(kind, index):
    with cupy.cuda.Device(index):
        found = getattr(cupy.get_default_memory_pool(), kind)()
    _peaks[kind, index] = max(_peaks.get((kind, index), 0), found)
    return found


def _peak(kind, index):
    _figure(kind, index)
    return _peaks[kind, index]


def used_bytes(index):
    """Bytes of the pool that arrays occupy."""
    return _figure("used_bytes", index)


def reserved_bytes(index):
    """Bytes that the pool keeps."""
    return _figure("total_bytes", index)


def peak_used_bytes(index):
    """The largest of used_bytes among the moments when it was asked for: the pool keeps no maximum."""
    return _peak("used_bytes", index)


def peak_reserved_bytes(index):
    """The largest of reserved_bytes among the moments when it was asked for."""
    return _peak("total_bytes", index)


def reset_peaks(index):
    """Forget the maxima."""
    for kind in ("used_bytes", "total_bytes"):
        _peaks.pop((kind, index), None)


def memory_info(index):
    """Free and total bytes of a GPU."""
    with cupy.cuda.Device(index):
        return cupy.cuda.runtime.memGetInfo()


def allocate(size):
    """Memory from CuPy's pool.  Raises torch's error where there is none left."""
    try:
        return cupy.get_default_memory_pool().malloc(size)
    except cupy.cuda.memory.OutOfMemoryError as error:
        free, total = cupy.cuda.runtime.memGetInfo()
        raise OutOfMemoryError(
            f"CUDA out of memory. Tried to allocate {in_words(size)}. GPU {current_device()} has a total capacity of "
            f"{in_words(total)} of which {in_words(free)} is free.") from error  # fmt: skip


def in_words(size):
    """Bytes as torch's errors say them."""
    for unit, name in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if size > unit:
            return f"{size / unit:.2f} {name}"
    return f"{size} bytes"


cupy.cuda.set_allocator(allocate)


def empty_cache():
    """Give back what the pool keeps without using it, on every GPU."""
    for index in range(device_count()):
        with cupy.cuda.Device(index):
            cupy.get_default_memory_pool().free_all_blocks()


def limit_memory(fraction, index):
    """Let the pool take no more than a part of a GPU's memory."""
    with cupy.cuda.Device(index):
        cupy.get_default_memory_pool().set_limit(fraction=fraction)


def memory_fraction(index):
    """The part of a GPU's memory that the pool may take."""
    with cupy.cuda.Device(index):
        limit, total = cupy.get_default_memory_pool().get_limit(), cupy.cuda.runtime.memGetInfo()[1]
    return limit / total if limit else 1.0


# ---- profilers -------------------------------------------------------------------------------------------------------
def push_range(name):
    """Begin a stretch of the program that profilers show."""
    cupy.cuda.nvtx.RangePush(name)


def pop_range():
    """End the stretch begun last."""
    cupy.cuda.nvtx.RangePop()


def mark(name):
    """A moment that profilers show."""
    cupy.cuda.nvtx.Mark(name)


def profile(on):
    """Let profilers look, or not."""
    (cupy.cuda.runtime.profilerStart if on else cupy.cuda.runtime.profilerStop)()


# ---- streams and events ---------------------------------------------------------------------------------------------
def new_stream(index, priority):
    """A stream that does not wait for the default one."""
    with cupy.cuda.Device(index):
        return cupy.cuda.Stream(non_blocking=True, priority=priority)


def foreign_stream(address, index):
    """Another library's stream."""
    return cupy.cuda.ExternalStream(address, index)


def current_stream(index):
    """The stream that work is queued in."""
    return cupy.cuda.get_current_stream(index)


def default_stream():
    """The stream that every GPU starts with."""
    return cupy.cuda.Stream.null


def new_event(timing, blocking, interprocess):
    """A mark in a stream's work."""
    return cupy.cuda.Event(block=blocking, disable_timing=not timing, interprocess=interprocess)


def elapsed_ms(start, end):
    """Milliseconds between two events."""
    return cupy.cuda.get_elapsed_time(start, end)
