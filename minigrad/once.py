"""Warnings that come once in a process, unless torch.set_warn_always(True) asks for each of them."""

import warnings

always = False
said = set()


def warn_once(message, stacklevel=2):
    """Warn, but not again with the same message."""
    if always or message not in said:
        said.add(message)
        warnings.warn(message, UserWarning, stacklevel=stacklevel + 1)


def set_warn_always(b, /):
    """Whether warnings that otherwise come once come each time."""
    global always
    always = bool(b)


def is_warn_always_enabled():
    """Whether warnings that otherwise come once come each time."""
    return always
