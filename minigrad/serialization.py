"""torch.save and torch.load, in torch's own file format: either library reads what the other wrote.

A file is an uncompressed zip archive: `data.pkl` is the pickled object, in which a tensor is a call of
`torch._utils._rebuild_tensor_v2` on a storage, an offset, sizes and strides; `data/0`, `data/1`, ... are the storages'
bytes, each once however many tensors share it.  minigrad's classes are written under torch's names and read back as
minigrad's.
"""

import contextlib
import copyreg
import io
import os
import pickle
import re
import types
import zipfile
from collections import Counter, OrderedDict, defaultdict
from functools import reduce
from importlib import import_module

from . import dtypes
from .backends import backend_of, host
from .device import as_device
from .nn.parameter import Parameter
from .size import Size
from .storage import TypedStorage
from .tensor import Tensor, wrap

OURS = __name__.partition(".")[0]
STORAGE_NAME = {kind: name + "Storage" for kind, name in dtypes.SCALAR_TYPE.items()}
STORAGE = {kind: type(name, (), {"__module__": "torch"}) for kind, name in STORAGE_NAME.items()}
STORED_KIND = {storage: kind for kind, storage in STORAGE.items()}
PROTOCOL = 2
REFUSED = """Weights only load failed. This file can still be loaded, to do so you have two options, \
\033[1mdo those steps only if you trust the source of the checkpoint\033[0m.\x20
\t(1) In PyTorch 2.6, we changed the default value of the `weights_only` argument in `torch.load` from `False` to `True`. \
Re-running `torch.load` with `weights_only` set to `False` will likely succeed, but it can result in arbitrary code \
execution. Do it only if you got the file from a trusted source.
\t(2) Alternatively, to load with `weights_only=True` please check the recommended steps in the following error message.
\tWeightsUnpickler error: Unsupported global: GLOBAL {0} was not an allowed global by default. Please use \
`torch.serialization.add_safe_globals([{1}])` or the `torch.serialization.safe_globals([{1}])` context manager to \
allowlist this global if you trust this class/function.

Check the documentation of torch.load to learn more about types accepted by default with weights_only \
https://pytorch.org/docs/stable/generated/torch.load.html."""


# ---- tensors as calls -----------------------------------------------------------------------------------------------


def _rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks, metadata=None):
    """The tensor that looks at a storage in this way."""
    array = backend_of(storage._block).as_strided(storage._block, tuple(size), tuple(stride), storage_offset)
    return wrap(array, storage.device).requires_grad_(requires_grad)


def _rebuild_parameter(data, requires_grad, backward_hooks=None):
    return Parameter(data, requires_grad)


def _as_call(x):
    if isinstance(x, Parameter):
        return _rebuild_parameter, (x.data, x.requires_grad, OrderedDict())
    layout = x.storage_offset(), tuple(x.shape), x.stride()
    return _rebuild_tensor_v2, (TypedStorage(x), *layout, x.requires_grad, OrderedDict())


REBUILDING = {("torch._utils", function.__name__): function for function in (_rebuild_tensor_v2, _rebuild_parameter)}
TORCH_NAME = {function: name for name, function in REBUILDING.items()}


# ---- writing --------------------------------------------------------------------------------------------------------


class _Pickler(pickle._Pickler):
    """Writes tensors as calls, storages as numbers, and minigrad's classes under torch's names."""

    def __init__(self, file):
        super().__init__(file, PROTOCOL)
        self.storages = {}  # (address, dtype): (number, storage)

    def reducer_override(self, obj):
        if isinstance(obj, Tensor):
            return _as_call(obj)
        return (Size, (tuple(obj),)) if isinstance(obj, Size) else NotImplemented

    def persistent_id(self, obj):
        if not isinstance(obj, TypedStorage):
            return None
        key = obj.data_ptr(), obj.dtype
        number, _ = self.storages.setdefault(key, (len(self.storages), obj))
        return "storage", STORAGE[obj.dtype], str(number), str(obj.device), len(obj)

    def save_global(self, obj, name=None):
        module, name = TORCH_NAME.get(obj) or (pickle.whichmodule(obj, name), name or obj.__qualname__)
        root, dot, rest = module.partition(".")
        if root not in (OURS, "torch"):
            return super().save_global(obj, name)
        self.write(f"ctorch{dot}{rest}\n{name}\n".encode())
        self.memoize(obj)

    dispatch = pickle._Pickler.dispatch | {types.FunctionType: save_global}


_without_data = []


@contextlib.contextmanager
def skip_data(materialize_fake_tensors=False):
    """In the block, save() leaves room for tensors' values without writing them: they read as zeros"""
    _without_data.append(True)
    try:
        yield
    finally:
        _without_data.pop()


def save(obj, f, pickle_module=pickle, pickle_protocol=PROTOCOL, _use_new_zipfile_serialization=True):
    """Write an object, and the tensors in it, to a path or a file opened for writing bytes."""
    pickled = io.BytesIO()
    pickler = _Pickler(pickled)
    pickler.dump(obj)
    folder = "archive" if hasattr(f, "write") else os.path.splitext(os.path.basename(os.fspath(f)))[0]
    with zipfile.ZipFile(f, "w") as archive:
        archive.writestr(f"{folder}/data.pkl", pickled.getvalue())
        archive.writestr(f"{folder}/byteorder", "little")
        for number, storage in pickler.storages.values():
            archive.writestr(f"{folder}/data/{number}", bytes(storage.nbytes()) if _without_data else
                             backend_of(storage._block).to_host(storage._block).tobytes())  # fmt: skip
        archive.writestr(f"{folder}/version", "3\n")


# ---- reading --------------------------------------------------------------------------------------------------------

_safe_globals = {}


def add_safe_globals(safe_globals):
    """Let load(weights_only=True) make objects of these classes too."""
    _safe_globals.update({(item.__module__, item.__qualname__): item for item in safe_globals})


def clear_safe_globals():
    _safe_globals.clear()


def get_safe_globals():
    return list(_safe_globals.values())


class safe_globals:
    """Within the block, load(weights_only=True) makes objects of these classes too."""

    def __init__(self, safe_globals):
        self.added = safe_globals

    def __enter__(self):
        self.before = dict(_safe_globals)
        add_safe_globals(self.added)

    def __exit__(self, *exc):
        clear_safe_globals()
        _safe_globals.update(self.before)


DATA = {
    **REBUILDING,
    ("torch.nn.parameter", "Parameter"): Parameter,
    **{("torch", name): STORAGE[kind] for kind, name in STORAGE_NAME.items()},
    **{("torch", kind.name): kind for kind in dtypes.ALL},
    ("torch", "Size"): Size,
    ("torch", "device"): as_device,
    **{(kind.__module__, kind.__qualname__): kind for kind in (OrderedDict, Counter, defaultdict)},
    **{(prefix, kind.__name__): kind for prefix in ("builtins", "__builtin__") for kind in (set, complex, bytearray, slice)},
}  # what names no code of the user's


class _Unpickler(pickle.Unpickler):
    """Reads what _Pickler wrote; with `weights_only`, names of nothing but data."""

    def __init__(self, archive, place, weights_only):
        self.names = {re.sub(r"^[^/]*/", "", name): name for name in archive.namelist()}
        super().__init__(io.BytesIO(archive.read(self.names["data.pkl"])), encoding="utf-8")
        self.archive, self.place, self.weights_only, self.storages = archive, place, weights_only, {}

    def find_class(self, module, name):
        found = DATA.get((module, name)) or _safe_globals.get((module, name))
        if found is not None:
            return found
        if self.weights_only:
            full = f"{module}.{name}"
            raise pickle.UnpicklingError(REFUSED.format(full, full.removeprefix("builtins.")))
        if module == "copyreg" and name == "_reconstructor":
            return copyreg._reconstructor
        root, dot, rest = module.partition(".")
        return reduce(getattr, name.split("."), import_module((OURS if root == "torch" else root) + dot + rest))

    def persistent_load(self, pid):
        _, storage, key, where, _ = pid
        if key not in self.storages:
            kind = STORED_KIND[storage]
            block = host.library.frombuffer(bytearray(self.archive.read(self.names[f"data/{key}"])), dtype=host.native(kind))
            cpu = wrap(as_device("cpu").backend.share_host(block), as_device("cpu"))
            self.storages[key] = TypedStorage(self.place(cpu, where))
        return self.storages[key]


def _placing(map_location):
    """A function that moves what was on a device, named by a string, to where it is wanted."""
    if map_location is None:
        return lambda data, where: data.to(where)
    if isinstance(map_location, dict):
        return lambda data, where: data.to(map_location.get(where, where))
    if callable(map_location) and not isinstance(map_location, as_device):
        def called(data, where):
            result = map_location(data, where)
            return data.to(where) if result is None else result
        return called
    return lambda data, where: data.to(map_location)


def load(f, map_location=None, pickle_module=None, *, weights_only=None, mmap=None, **pickle_load_args):
    """Read what save wrote, here or in torch; `weights_only=False` also makes objects of any class, running its code."""
    opened = open(f, "rb") if not hasattr(f, "read") else f
    try:
        if not zipfile.is_zipfile(opened):
            raise pickle.UnpicklingError("not a zip archive: files in the format from before PyTorch 1.6, and damaged ones, "
                                         "are not read")
        with zipfile.ZipFile(opened) as archive:
            return _Unpickler(archive, _placing(map_location), weights_only is not False).load()
    finally:
        if opened is not f:
            opened.close()
