"""How much of a GPU's memory is in use.  Without a GPU every figure is 0, as in torch."""

import warnings
from collections import OrderedDict

from ..backends import runtime
from .devices import available, number_of


def _figure(name, device):
    gpu = available()
    return getattr(gpu, name)(number_of(device)) if gpu else 0


def memory_allocated(device=None):
    """Bytes that tensors occupy"""
    return _figure("used_bytes", device)


def memory_reserved(device=None):
    """Bytes that are kept, in use or not"""
    return _figure("reserved_bytes", device)


def max_memory_allocated(device=None):
    """The most bytes that tensors have occupied, as far as was asked: CuPy's pool keeps no maximum of its own"""
    return _figure("peak_used_bytes", device)


def max_memory_reserved(device=None):
    """The most bytes that were kept, as far as was asked"""
    return _figure("peak_reserved_bytes", device)


def memory_cached(device=None):
    """memory_reserved by its former name"""
    warnings.warn(RENAMED.format("", ""), FutureWarning, stacklevel=2)
    return memory_reserved(device)


def max_memory_cached(device=None):
    """max_memory_reserved by its former name"""
    warnings.warn(RENAMED.format("max_", "max_"), FutureWarning, stacklevel=2)
    return max_memory_reserved(device)


RENAMED = "`torch.cuda.{}memory_cached` has been renamed to `torch.cuda.{}memory_reserved`"


def reset_peak_memory_stats(device=None):
    """Let the maxima start again from what is in use now"""
    gpu = runtime()
    gpu.reset_peaks(number_of(device))


def memory_stats(device=None):
    """The figures by torch's names for them"""
    if available() is None:
        return OrderedDict()
    return OrderedDict({
        "allocated_bytes.all.current": memory_allocated(device),
        "allocated_bytes.all.peak": max_memory_allocated(device),
        "reserved_bytes.all.current": memory_reserved(device),
        "reserved_bytes.all.peak": max_memory_reserved(device),
    })  # fmt: skip


def mem_get_info(device=None):
    """Free and total bytes of a GPU"""
    gpu = runtime()
    return gpu.memory_info(number_of(device))


def empty_cache():
    """Give memory back that is kept but not in use"""
    gpu = available()
    if gpu:
        gpu.empty_cache()


def set_per_process_memory_fraction(fraction, device=None):
    """Use no more than a part of a GPU's memory"""
    gpu = runtime()
    if not isinstance(fraction, float):
        raise TypeError("Invalid type for fraction argument, must be `float`")
    if not 0 <= fraction <= 1:
        raise ValueError(f"Invalid fraction value: {fraction}. Allowed range: 0~1")
    gpu.limit_memory(fraction, number_of(device))
