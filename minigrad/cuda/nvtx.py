"""torch.cuda.nvtx: names for stretches of a program, which NVIDIA's profilers show."""

import contextlib
import threading

from .devices import available

_thread = threading.local()


def _ranges():
    gpu = available()
    if gpu is None:
        raise RuntimeError("NVTX functions not installed. Are you sure you have a CUDA build?")
    return gpu


def range_push(msg):
    """Begin a stretch; gives how many it is inside of"""
    _ranges().push_range(msg)
    _thread.depth = getattr(_thread, "depth", 0) + 1
    return _thread.depth - 1


def range_pop():
    """End the stretch begun last; gives how many that was inside of"""
    _ranges().pop_range()
    _thread.depth = getattr(_thread, "depth", 0) - 1
    return _thread.depth


def mark(msg):
    """Name a moment"""
    _ranges().mark(msg)


@contextlib.contextmanager
def range(msg, *args, **kwargs):
    """Name a block; `msg` is formatted with the arguments"""
    range_push(msg.format(*args, **kwargs))
    try:
        yield
    finally:
        range_pop()
