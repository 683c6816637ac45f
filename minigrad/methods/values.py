"""A Tensor's values as Python's and NumPy's, printed, copied and pickled."""


from .. import printing
from ..autograd.modes import mode
from ..backends import backend_of
from ..device import device as as_device
from ..dtypes import FLOAT
from ..ops import creation, joining
from ..ops.promotion import NUMBERS
from ..ops.sharing import DLDeviceType
from ..tensor import Tensor, wrap
from .attach import method


@method
def item(self):
    """The one element as a Python number"""
    if self._data.size != 1:
        raise RuntimeError(f"a Tensor with {self._data.size} elements cannot be converted to Scalar")
    return backend_of(self._data).item(self._data)


@method
def tolist(self):
    """The elements as nested lists of Python numbers"""
    return backend_of(self._data).to_host(self._data).tolist()


@method
def numpy(self, *, force=False):
    """The elements as a NumPy array that shares the memory.  Raises RuntimeError where writes to it would be recorded"""
    if force:
        self = self.detach().cpu()
    if mode.enabled and self.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
    if self.device.type != "cpu":
        raise TypeError(f"can't convert {self.device} device type tensor to numpy. Use Tensor.cpu() to copy the tensor "
                        f"to host memory first.")
    return backend_of(self._data).to_host(self._data)


@method
def __dlpack__(self, *, stream=-1, max_version=None, dl_device=None, copy=None):
    """A capsule over the tensor's memory, for another array library.  Raises BufferError if it requires grad"""
    if self.requires_grad:
        raise BufferError("Can't export tensors that require gradient, use tensor.detach()")
    return (self.numpy() if self.device.type == "cpu" else self._data).__dlpack__(max_version=max_version)


@method
def __dlpack_device__(self):
    """The kind of device and its index, as DLPack counts them"""
    return DLDeviceType.kDLCPU if self.device.type == "cpu" else DLDeviceType.kDLCUDA, self.device.index or 0


@method
def __array__(self, dtype=None, copy=None):
    array = self.numpy()
    return array if dtype is None else array.astype(dtype, copy=False)


@method
def __array_wrap__(self, array, context=None, return_scalar=False):
    """What NumPy's functions of tensors give: tensors"""
    return creation.from_numpy(array.astype("uint8") if array.dtype == bool else array)


Tensor.__array_priority__ = 1000  # NumPy's arrays and numbers leave their operators to the tensor's


@method
def __bool__(self):
    if self._data.size > 1:
        raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")
    if self._data.size == 0:
        raise RuntimeError("Boolean value of Tensor with no values is ambiguous")
    return bool(backend_of(self._data).item(self._data))


@method
def __float__(self):
    return float(_one(self))


@method
def __int__(self):
    return int(_one(self))


@method
def __complex__(self):
    return complex(_one(self))


def _one(self):
    if self._data.size != 1:
        raise ValueError("only one element tensors can be converted to Python scalars")
    return backend_of(self._data).item(self._data)


@method
def __index__(self):
    if self.dtype.category >= FLOAT or self._data.size != 1:
        raise TypeError("only integer tensors of a single element can be converted to an index")
    return int(backend_of(self._data).item(self._data))


@method
def __len__(self):
    if not self._data.ndim:
        raise TypeError("len() of a 0-d tensor")
    return self._data.shape[0]


@method
def __iter__(self):
    if not self._data.ndim:
        raise TypeError("iteration over a 0-d tensor")
    return iter(joining.unbind(self))


@method
def __contains__(self, element):
    if not isinstance(element, (Tensor, *NUMBERS)):
        raise RuntimeError(f"Tensor.__contains__ only supports Tensor or scalar, but you passed in a {type(element)}.")
    return bool((self == element).any().item())


@method
def __repr__(self, *, tensor_contents=None):
    return printing.tensor_repr(self, tensor_contents)


@method
def __format__(self, spec):
    return printing.format_scalar(self, spec)


@method
def __deepcopy__(self, memo):
    if self.grad_fn is not None:
        raise RuntimeError("Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at "
                           "the moment.  If you were attempting to deepcopy a module, this may be because of a "
                           "torch.nn.utils.weight_norm usage, see https://github.com/pytorch/pytorch/pull/103001")
    if id(self) not in memo:
        memo[id(self)] = twin = self.detach().clone().requires_grad_(self.requires_grad)
        twin._grad = None if self._grad is None else self._grad.__deepcopy__(memo)
    return memo[id(self)]


def _rebuild(array, where, requires_grad):
    return wrap(as_device(where).backend.from_host(array), as_device(where)).requires_grad_(requires_grad)


@method
def __reduce_ex__(self, protocol):
    return _rebuild, (backend_of(self._data).to_host(self._data), str(self.device), self.requires_grad)
