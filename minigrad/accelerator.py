"""torch.accelerator: the GPU, whichever library computes on it."""

from . import cuda
from .device import as_device


def is_available():
    """Whether there is a GPU to compute on"""
    return cuda.is_available()


def device_count():
    """How many there are"""
    return cuda.device_count()


def current_accelerator(check_available=False):
    """The kind of device it is, or None"""
    return as_device("cuda") if is_available() else None


def current_device_index():
    """The number of the GPU in use"""
    return cuda.current_device()


def synchronize(device=None):
    """Wait until the GPU has done what it was asked for"""
    cuda.synchronize(device)
