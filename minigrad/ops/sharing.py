"""Tensors over memory that somebody else owns: a buffer, a file, another library's array."""

import enum

from ..backends import host
from ..dtypes import FLOAT, get_default_dtype
from .creation import from_numpy


class DLDeviceType(enum.IntEnum):
    """The kinds of devices that the protocol knows"""

    kDLCPU = 1
    kDLCUDA = 2
    kDLCUDAHost = 3
    kDLOpenCL = 4
    kDLVulkan = 7
    kDLMetal = 8
    kDLVPI = 9
    kDLROCM = 10
    kDLExtDev = 12
    kDLOneAPI = 14


class _Capsule:
    """A DLPack capsule as an object that exports itself."""

    def __init__(self, capsule):
        self.capsule = capsule

    def __dlpack__(self, **_):
        return self.capsule

    def __dlpack_device__(self):
        return DLDeviceType.kDLCPU, 0


def from_dlpack(ext_tensor, *, device=None, copy=None):
    """A tensor over the memory of an object that speaks DLPack, or of a capsule.  Raises RuntimeError for another"""
    if not hasattr(ext_tensor, "__dlpack__"):
        if type(ext_tensor).__name__ != "PyCapsule":
            raise RuntimeError("from_dlpack received an invalid capsule. Note that DLTensor capsules can be consumed only "
                               "once, so you might have already constructed a tensor from it once.")
        ext_tensor = _Capsule(ext_tensor)
    shared = from_numpy(host.from_dlpack(ext_tensor))
    shared = shared.clone() if copy else shared
    return shared if device is None else shared.to(device)


def frombuffer(buffer, *, dtype, count=-1, offset=0, requires_grad=False):
    """A tensor over the memory of a buffer: `count` elements (-1: all) from the byte `offset`.  Raises ValueError"""
    size = dtype.itemsize
    if requires_grad and dtype.category < FLOAT:
        raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
    try:
        length = memoryview(buffer).nbytes
    except TypeError:
        raise ValueError("object does not implement Python buffer protocol.") from None
    if length == 0 or count == 0:
        raise ValueError(f"both buffer length ({length}) and count ({count}) must not be 0")
    if not 0 <= offset < length:
        raise ValueError(f"offset ({offset} bytes) must be non-negative and no greater than buffer length ({length} bytes) "
                         "minus 1")
    if count < 0:
        if (length - offset) % size:
            raise ValueError(f"buffer length ({length - offset} bytes) after offset ({offset} bytes) must be a multiple of "
                             f"element size ({size})")
        count = (length - offset) // size
    elif offset + count * size > length:
        raise ValueError(f"requested buffer length ({count} * {size} bytes) after offset ({offset} bytes) must not be greater "
                         f"than actual buffer length ({length} bytes)")
    return from_numpy(host.from_buffer(buffer, dtype, count, offset)).requires_grad_(requires_grad)


def from_file(filename, shared=None, size=0, *, dtype=None, device=None, requires_grad=False):
    """The first `size` elements of a file as a tensor; what is written to it goes to the file if `shared`"""
    array = host.from_file(filename, dtype or get_default_dtype(), size, bool(shared))
    result = from_numpy(array).requires_grad_(requires_grad)
    return result if device is None else result.to(device)
