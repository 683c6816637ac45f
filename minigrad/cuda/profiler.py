"""torch.cuda.profiler: which part of a program NVIDIA's profilers look at."""

import contextlib

from ..backends import runtime


def start():
    """Begin to look.  Raises AssertionError without a GPU."""
    gpu = runtime()
    gpu.profile(True)


def stop():
    """Look no more.  Raises AssertionError without a GPU."""
    gpu = runtime()
    gpu.profile(False)


@contextlib.contextmanager
def profile():
    """Look at a block"""
    start()
    try:
        yield
    finally:
        stop()
