"""Which array library computes where.

A device type ("cpu", "cuda", ...) names a loader; the loader is called once per device, on first use, and gives a
`Backend` (see contract.py).  Other packages add theirs through the entry-point group `minigrad.backends`: the entry
point's name is the device type and its object is the loader, `loader(index) -> Backend`.
"""

from importlib.metadata import entry_points

from .contract import BACKENDS, Backend
from .numpy import NumPyBackend

__all__ = ["BACKENDS", "Backend", "backend_for", "backend_of", "known_device_types", "register"]

_loaders = {}
_loaded = {}


def register(device_type, loader):
    """Let `loader(index)` provide the backend of `device_type`; a later call replaces an earlier one."""
    _loaders[device_type] = loader
    for key in [key for key in _loaded if key[0] == device_type]:
        del _loaded[key]


def known_device_types():
    """Every device type that has a loader."""
    return tuple(_loaders)


def backend_for(device_type, index):
    """The backend of a device, loaded on first use."""
    found = _loaded.get((device_type, index))
    if found is None:
        found = _loaded[device_type, index] = _loaders[device_type](index)
    return found


def backend_of(array):
    """The backend that an array belongs to, by its type."""
    return BACKENDS[type(array)]


def _load_cupy(index):
    try:
        from . import cupy
    except ImportError as error:
        raise AssertionError(f"Torch not compiled with CUDA enabled\nminigrad computes on cuda through CuPy, which is "
                             f"not usable here ({error}); install minigrad[cuda12] or minigrad[cuda13]") from error
    return cupy.load(index)


_host = NumPyBackend()
register("cpu", lambda index: _host)
register("cuda", _load_cupy)
for _entry in entry_points(group="minigrad.backends"):
    register(_entry.name, lambda index, entry=_entry: entry.load()(index))
