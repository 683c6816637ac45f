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


def _compiled(name):
    """The module that speaks for the GPUs.  Raises what torch's CPU build raises where it has none of its functions."""
    gpu = available()
    if gpu is None:
        raise AttributeError(f"module 'torch._C' has no attribute '_cuda_{name}'")
    return gpu


def reset_peak_memory_stats(device=None):
    """Let the maxima start again from what is in use now"""
    gpu = _compiled("resetPeakMemoryStats")
    gpu.reset_peaks(number_of(device))


def _reset_under_a_former_name(name, device):
    warnings.warn(f"torch.cuda.{name} now calls torch.cuda.reset_peak_memory_stats, which resets /all/ peak memory stats.",
                  FutureWarning, stacklevel=3)
    reset_peak_memory_stats(device)


def reset_max_memory_allocated(device=None):
    """reset_peak_memory_stats by a former name"""
    _reset_under_a_former_name("reset_max_memory_allocated", device)


def reset_max_memory_cached(device=None):
    """reset_peak_memory_stats by a former name"""
    _reset_under_a_former_name("reset_max_memory_cached", device)


def memory_stats_as_nested_dict(device=None):
    """The figures, by kind, pool and moment"""
    if available() is None:
        return {}
    return {kind + "_bytes": {"all": {"current": now(device), "peak": most(device)}} for kind, now, most in (
        ("allocated", memory_allocated, max_memory_allocated), ("reserved", memory_reserved, max_memory_reserved))}


def memory_stats(device=None):
    """The figures by torch's names for them"""
    return OrderedDict({f"{kind}.{pool}.{moment}": figure for kind, pools in memory_stats_as_nested_dict(device).items()
                        for pool, moments in pools.items() for moment, figure in moments.items()})


def memory_summary(device=None, abbreviated=False):
    """The figures as a table: of torch's those that CuPy's pool knows.  Raises KeyError without a GPU."""
    stats, index = memory_stats(device), number_of(device) if available() else 0
    rows = [(name, stats[f"{kind}_bytes.all.current"], stats[f"{kind}_bytes.all.peak"]) for name, kind in (
        ("Allocated memory", "allocated"), ("GPU reserved memory", "reserved"))]
    line = "|" + "-" * 49 + "|"
    return "\n".join([line, f"| CUDA memory summary, device ID {index:<16d} |", line,
                      "|        Metric         | Cur Usage  | Peak Usage |", line,
                      *(f"| {name:21} | {now // 1024:6d} KiB | {most // 1024:6d} KiB |" for name, now, most in rows), line, ""])


def host_memory_stats_as_nested_dict():
    """Figures on the host's memory that a GPU reads directly: none, minigrad keeps none"""
    return {}


def host_memory_stats():
    """The same by torch's names: none"""
    return OrderedDict()


def get_allocator_backend():
    """Whose memory pool it is"""
    _compiled("getAllocatorBackend")
    return "cupy"


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


def get_per_process_memory_fraction(device=None):
    """The part of a GPU's memory that may be used"""
    gpu = runtime()
    return gpu.memory_fraction(number_of(device))
