"""Devices: a type, an index, and through them the backend that computes there.

Devices are interned (`device("cpu") is device("cpu")`), so that comparing two is one `is`.
"""

import threading

from .backends import backend_for, backend_of, known_device_types


class device:
    """`device("cuda:1")`, `device("cuda", 1)` or `device(another)`.  Raises RuntimeError for an unknown type."""

    __slots__ = ("type", "index", "_backend")
    _interned = {}

    def __new__(cls, type="cpu", index=None):
        if isinstance(type, device):
            return type
        if isinstance(type, int) and not isinstance(type, bool):
            type, index = "cuda", type
        if not isinstance(type, str):
            raise TypeError(f"device(): argument 'type' (position 1) must be str, not {_typename(type)}")
        found = cls._interned.get((type, index))
        return found if found is not None else cls._make(type, index)

    @classmethod
    def _make(cls, spelled, index):
        kind, colon, digits = spelled.partition(":")
        if kind not in known_device_types():
            raise RuntimeError(f"Expected one of {', '.join(known_device_types())} device type at start of device "
                               f"string: {kind}")
        if colon:
            if not digits.isdigit():
                raise RuntimeError(f"Invalid device string: '{spelled}'")
            if index is not None:
                raise RuntimeError(f"type (string) must not include an index because index was passed explicitly: "
                                   f"{spelled}")
            index = int(digits)
        self = cls._interned.get((kind, index))
        if self is None:
            self = object.__new__(cls)
            self.type, self.index, self._backend = kind, index, None
            cls._interned[kind, index] = self
        cls._interned[spelled, index if not colon else None] = self
        return self

    @property
    def backend(self):
        """The backend that computes on this device; loading it may raise its library's own error."""
        if self._backend is None:
            self._backend = backend_for(self.type, self.index)
        return self._backend

    def __repr__(self):
        return f"device(type='{self.type}')" if self.index is None else f"device(type='{self.type}', index={self.index})"

    def __str__(self):
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __reduce__(self):
        return device, (self.type, self.index)

    def __enter__(self):
        _defaults.stack = getattr(_defaults, "stack", ()) + (get_default_device(),)
        set_default_device(self)
        return self

    def __exit__(self, *exc):
        *stack, previous = _defaults.stack
        _defaults.stack = tuple(stack)
        set_default_device(previous)


def _typename(value):
    return type(value).__name__


def device_of(array):
    """The device in use whose backend an array belongs to."""
    backend = backend_of(array)
    return next(one for one in device._interned.values() if one._backend is backend)


cpu = device("cpu")
_defaults = threading.local()


def get_default_device():
    """The device of tensors that are made without one."""
    return getattr(_defaults, "device", cpu)


def set_default_device(where):
    """Make tensors on `where` unless told otherwise; None means the CPU."""
    _defaults.device = cpu if where is None else device(where)
