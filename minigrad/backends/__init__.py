"""Which array library computes where.

A device type ("cpu", "cuda", ...) names a loader; the loader is called once per device, on first use, and gives a
`Backend` (see contract.py).  Other packages add theirs through the entry-point group `minigrad.backends`: the entry
point's name is the device type and its object is the loader, `loader(index) -> Backend`.
"""

from functools import partial
from importlib import import_module
from importlib.metadata import entry_points

from . import cuda as cuda
from . import cudnn as cudnn
from . import mps as mps
from .contract import BACKENDS, AcceleratorError, Backend, OutOfMemoryError, backend_of
from .numpy import NumPyBackend
from .places import PLACES, beside_gradients, on_device_of, on_its_device, plus

__all__ = ["BACKENDS", "PLACES", "AcceleratorError", "Backend", "OutOfMemoryError", "backend_for", "backend_of",
           "beside_gradients", "forget", "host", "known_device_types", "on_device_of", "on_its_device", "plus", "register",
           "runtime", "use"]

host = NumPyBackend()  # always there: what comes from the user, and goes to the user, is in its arrays
LIBRARIES = {"numpy": "cpu", "cupy": "cuda"}  # libraries by their own names
_loaders = {}
_loaded = {}
forget = []  # functions to call when a device type gets another backend; see device.py


def register(device_type, loader):
    """Let `loader(index)` provide the backend of `device_type`; a later call replaces an earlier one."""
    _loaders[device_type] = loader
    for key in [key for key in _loaded if key[0] == device_type]:
        del _loaded[key]
    for function in forget:
        function(device_type)


def use(device_type):
    """Compute the CPU's tensors with the backend of another device type from now on; "cpu" is NumPy again.

    This is how the parity suite runs on a backend: programs stay as they are, and print no device.
    """
    name = LIBRARIES.get(device_type, device_type)
    if name not in _loaders:
        raise ValueError(f"no backend named {device_type}; there are {', '.join(_loaders)}")
    register("cpu", (lambda index: host) if name == "cpu" else lambda index: backend_for(name, 0))


def known_device_types():
    """Every device type that has a loader."""
    return tuple(_loaders)


def backend_for(device_type, index):
    """The backend of a device, loaded on first use.  Raises what torch raises for a type without one."""
    found = _loaded.get((device_type, index))
    if found is None:
        if device_type not in _loaders:
            raise RuntimeError(f"PyTorch is not linked with support for {device_type} devices")
        found = _loaded[device_type, index] = _loaders[device_type](index)
    return found


# ---- the backends that come with minigrad: each imports its library when a device of its type is first used ----------


def runtime():
    """The module that speaks for the GPUs (counts, memory, streams).  Raises AssertionError without CuPy."""
    try:
        from . import cupy_device
    except ImportError as error:
        raise AssertionError(no_cuda(error)) from error
    return cupy_device


def no_cuda(reason):
    """torch's words for a build without CUDA, and why minigrad has none."""
    return (f"Torch not compiled with CUDA enabled\nminigrad computes on cuda through CuPy, which is not usable here "
            f"({reason}); install minigrad[cuda12] or minigrad[cuda13]")


def _load(module, index):
    return import_module("." + module, __name__).load(index)


def _load_cupy(index):
    runtime()
    return _load("cupy", index)


register("cpu", lambda index: host)
register("cuda", _load_cupy)
register("torch", partial(_load, "torch"))
register("strict", partial(_load, "strict"))
for _entry in entry_points(group="minigrad.backends"):
    register(_entry.name, lambda index, entry=_entry: entry.load()(index))
