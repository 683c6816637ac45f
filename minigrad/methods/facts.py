"""What a Tensor is: dtype, sizes, strides, storage."""

import warnings

from ..backends import backend_of
from ..dtypes import COMPLEX, FLOAT
from ..memory_format import lies_in
from ..ops import asking
from ..ops.dims import contiguous_strides, wrap_dim
from ..ops.dims import is_contiguous as contiguous_in_memory
from ..size import Size
from ..storage import TypedStorage, UntypedStorage
from ..tensor import Tensor
from .attach import attribute, method


@attribute
def get_dtype(self):
    return backend_of(self._data).dtype_of(self._data)


@attribute
def get_shape(self):
    return Size(self._data.shape)


@attribute
def get_ndim(self):
    return self._data.ndim


@attribute
def get_itemsize(self):
    return self.dtype.itemsize


@attribute
def get_nbytes(self):
    return self.numel() * self.dtype.itemsize


@attribute
def get_layout(self):
    return strided


for _kind in ("cpu", "cuda", "ipu", "maia", "meta", "mps", "mtia", "vulkan", "xla", "xpu"):
    setattr(Tensor, "is_" + _kind, property(lambda self, kind=_kind: self.device.type == kind))
for _kind in ("mkldnn", "nested", "quantized", "sparse", "sparse_csr"):
    setattr(Tensor, "is_" + _kind, property(asking.never))


class _Layout:
    def __repr__(self):
        return "torch.strided"


strided = _Layout()


@method
def size(self, dim=None):
    """The sizes of all dimensions, or of one"""
    return Size(self._data.shape) if dim is None else self._data.shape[_dim_of(self, dim)]


def _dim_of(self, dim):
    """The number of one of a tensor's dimensions, of which it must have some"""
    if not self._data.ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    return wrap_dim(dim, self._data.ndim)


@method
def dim(self):
    """The number of dimensions"""
    return self._data.ndim


Tensor.ndimension = dim


@method
def numel(self):
    """The number of elements"""
    return int(self._data.size)


Tensor.nelement = numel


@method
def stride(self, dim=None):
    """Steps between neighbours along each dimension, in elements"""
    sizes = self._data.shape
    strides = backend_of(self._data).strides(self._data) if 0 not in sizes else contiguous_strides(sizes)
    return tuple(strides) if dim is None else strides[_dim_of(self, dim)]


@method
def storage_offset(self):
    """Where in its storage the tensor begins, in elements"""
    return backend_of(self._data).storage_offset(self._data)


@method
def element_size(self):
    """Bytes per element"""
    return self.dtype.itemsize


@method
def data_ptr(self):
    """The address of the first element"""
    return backend_of(self._data).address(self._data)


@method
def is_contiguous(self, memory_format=None):
    """Whether the elements follow each other in row-major order, or in that of a memory format"""
    if memory_format is not None and memory_format.rank:
        return lies_in(memory_format, self._data.shape, self.stride())
    return contiguous_in_memory(self._data.shape, self.stride())


@method
def is_floating_point(self):
    """Whether the dtype is a floating-point type"""
    return self.dtype.category == FLOAT


@method
def is_complex(self):
    """Whether the dtype is a complex type"""
    return self.dtype.category == COMPLEX


@method
def is_signed(self):
    """Whether the dtype can hold negative numbers"""
    return self.dtype.is_signed


@method
def storage(self):
    """The memory behind the tensor, as a flat sequence of elements"""
    warnings.warn("TypedStorage is deprecated. It will be removed in the future and UntypedStorage will be the only "
                  "storage class. This should only matter to you if you are using storages directly.  To access "
                  "UntypedStorage directly, use tensor.untyped_storage() instead of tensor.storage()",
                  UserWarning, stacklevel=2)  # fmt: skip
    return TypedStorage(self)


@method
def untyped_storage(self):
    """The memory behind the tensor, as bytes"""
    return UntypedStorage(self)
