"""What NVIDIA's management library knows of a GPU, through the package nvidia-ml-py, where that is installed."""

from ..backends import runtime
from .devices import number_of

try:
    import pynvml
except ImportError:
    pynvml = None
NOT_LOADED = "cuda driver can't be loaded, is cuda enabled?"


def _handle(device):
    """The library's name for a GPU.  Raises ModuleNotFoundError without the library, RuntimeError without a driver."""
    if pynvml is None:
        raise ModuleNotFoundError("nvidia-ml-py does not seem to be installed or it can't be imported.")
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError_DriverNotLoaded as error:
        raise RuntimeError(NOT_LOADED) from error
    return pynvml.nvmlDeviceGetHandleByPciBusId(runtime().bus_id(number_of(device)))


def utilization(device=None):
    """In how many per cent of the last moments a kernel ran"""
    handle = _handle(device)
    return pynvml.nvmlDeviceGetUtilizationRates(handle).gpu


def memory_usage(device=None):
    """In how many per cent of the last moments memory was read or written"""
    handle = _handle(device)
    return pynvml.nvmlDeviceGetUtilizationRates(handle).memory


def device_memory_used(device=None):
    """Bytes that all processes together use"""
    handle = _handle(device)
    return pynvml.nvmlDeviceGetMemoryInfo(handle).used


def temperature(device=None):
    """Degrees Celsius"""
    handle = _handle(device)
    return pynvml.nvmlDeviceGetTemperature(handle, 0)


def power_draw(device=None):
    """Milliwatts"""
    handle = _handle(device)
    return pynvml.nvmlDeviceGetPowerUsage(handle)


def clock_rate(device=None):
    """Megahertz of the multiprocessors"""
    handle = _handle(device)
    return pynvml.nvmlDeviceGetClockInfo(handle, 1)


def list_gpu_processes(device=None):
    """The processes that use a GPU, and how much of its memory, as text"""
    if pynvml is None:
        return "pynvml module not found, please install nvidia-ml-py"
    try:
        handle = _handle(device)
    except RuntimeError:
        return NOT_LOADED
    found = pynvml.nvmlDeviceGetComputeRunningProcesses(handle)
    lines = [f"process {p.pid:>10d} uses {p.usedGpuMemory / 2**20:>12.3f} MB GPU memory" for p in found]
    return "\n".join([f"GPU:{number_of(device)}", *(lines or ["no processes are running"])])
