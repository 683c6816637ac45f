"""Devices: a type, an index, and through them the backend that computes there.

Devices are interned (`device("cpu") is device("cpu")`), so that comparing two is one `is`.
"""

import threading

from .backends import backend_for, backend_of, forget, known_device_types, runtime

# The types that a torch device may have, whether or not anything computes there, in the order of torch's error text.
TORCH_TYPES = ("cpu", "cuda", "ipu", "xpu", "mkldnn", "opengl", "opencl", "ideep", "hip", "ve", "fpga", "maia", "xla",
               "lazy", "vulkan", "mps", "meta", "hpu", "mtia", "privateuseone")  # fmt: skip
NO_ACCELERATOR = "Cannot access accelerator device when none is available."
SIGNATURES = " * (torch.device device)\n{} * (str type, int index = -1)\n"

NOTHING = object()


class device:
    """`device("cuda:1")`, `device("cuda", 1)` or `device(another)`.  Raises RuntimeError for an unknown type."""

    __slots__ = ("_type", "_index", "_backend")
    __module__ = "torch"
    _interned = {}

    def __new__(cls, type=NOTHING, index=None):
        if isinstance(type, str):
            found = cls._interned.get((type, index))
            return found if found is not None else cls._make(type, index)
        if isinstance(type, device) and index is None:
            return type
        if isinstance(type, int) and not isinstance(type, bool) and index is None:
            return cls._accelerator(type)
        raise TypeError(_refusal(type, index))

    @classmethod
    def _make(cls, spelled, index):
        kind, number = _parse(spelled)
        if index is not None:
            if number is not None:
                raise RuntimeError(f"type (string) must not include an index because index was passed explicitly: "
                                   f"{spelled}")
            if not isinstance(index, int) or isinstance(index, bool):
                raise TypeError(f"device(): argument 'index' (position 2) must be int, not {_typename(index)}")
            if index < 0:
                raise RuntimeError("Device index must not be negative")
        self = cls._interned.get((kind, number if index is None else index))
        if self is None:
            self = object.__new__(cls)
            self._type, self._index, self._backend = kind, number if index is None else index, None
            cls._interned[kind, self._index] = self
        cls._interned[spelled, index] = self
        return self

    @classmethod
    def _accelerator(cls, index):
        if index < 0:
            raise RuntimeError("Device index must not be negative")
        try:
            runtime()
        except AssertionError:
            raise RuntimeError(NO_ACCELERATOR) from None
        return cls("cuda", index)

    @property
    def type(self):
        """The kind of device: "cpu", "cuda", ..."""
        return self._type

    @property
    def index(self):
        """Which of several, or None"""
        return self._index

    @property
    def backend(self):
        """The backend that computes on this device; loading it may raise its library's own error."""
        if self._backend is None:
            self._backend = backend_for(self._type, self._index)
        return self._backend

    def __setattr__(self, name, value):
        if name in ("type", "index"):
            raise AttributeError(f"attribute '{name}' of 'torch.device' objects is not writable")
        object.__setattr__(self, name, value)

    def __repr__(self):
        return f"device(type='{self}')" if self._index is None else f"device(type='{self._type}', index={self._index})"

    def __str__(self):
        return self._type if self._index is None else f"{self._type}:{self._index}"

    def __reduce__(self):
        return device, (self._type, self._index)

    def __enter__(self):
        _defaults.stack = getattr(_defaults, "stack", ()) + (default_device(),)
        set_default_device(self)
        return self

    def __exit__(self, *exc):
        *stack, previous = _defaults.stack
        _defaults.stack = tuple(stack)
        set_default_device(previous)


def _typename(value):
    return "torch.device" if isinstance(value, device) else type(value).__name__


def _refusal(kind, index):
    if index is not None:
        return f"device(): argument 'type' (position 1) must be str, not {_typename(kind)}"
    got = "" if kind is NOTHING else _typename(kind)
    why = f"      didn't match because some of the arguments have invalid types: (!{got}!)\n" if got else ""
    return (f"device() received an invalid combination of arguments - got ({got}), but expected one of:\n"
            + SIGNATURES.format(why))


def _parse(spelled):
    """The type and index that "cuda:1" spells.  Raises RuntimeError with torch's text."""
    if not spelled:
        raise RuntimeError("Device string must not be empty")
    kind, colon, digits = spelled.partition(":")
    whole = not colon or digits.isascii() and digits.isdigit() and (digits == "0" or digits[0] != "0")
    if not whole or not all(c.isalpha() or c == "_" for c in kind) or not kind:
        raise RuntimeError(f"Invalid device string: '{spelled}'")
    if kind not in TORCH_TYPES and kind not in known_device_types():
        ours = [name for name in known_device_types() if name not in TORCH_TYPES]
        raise RuntimeError(f"Expected one of {', '.join(TORCH_TYPES)} device type at start of device string: {kind}\n"
                           f"minigrad's own device types: {', '.join(ours)}")
    if not colon:
        return kind, None
    if int(digits) > 2**31 - 1:
        raise RuntimeError(f"Could not parse device index '{digits}' in device string '{spelled}'")
    return kind, int(digits)


def device_of(array):
    """The device in use whose backend an array belongs to."""
    backend = backend_of(array)
    return resolve(next(one for one in device._interned.values() if one._backend is backend))


def resolve(where):
    """The device that a tensor made on `where` says it is on: the CPU is one, "cuda" is the GPU in use."""
    where = device(where)
    if where._index is None:
        return device("cuda", runtime().current_device()) if where._type == "cuda" else where
    return cpu if where._type == "cpu" else where


cpu = device("cpu")
_defaults = threading.local()


def get_default_device():
    """The device of tensors that are made without one; "cuda" is the GPU in use.  Raises AssertionError without one."""
    where = default_device()
    return where if where._index is not None or where._type == "cpu" else resolve(where)


def default_device():
    """The device as it was set."""
    return getattr(_defaults, "device", cpu)


def set_default_device(device):
    """Make tensors on `device` unless told otherwise; None means the CPU."""
    _defaults.device = cpu if device is None else as_device(device)


as_device = device


def _forget(device_type):
    for one in device._interned.values():
        if one.type == device_type:
            one._backend = None


forget.append(_forget)
