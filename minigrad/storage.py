"""What lies behind a tensor in memory: a flat run of elements, or of bytes."""

from . import printing
from .backends import backend_of
from .tensor import wrap


class TypedStorage:
    """The memory behind a tensor as a flat sequence of its elements."""

    __module__ = "torch.storage"

    def __init__(self, tensor):
        self.dtype, self.device = tensor.dtype, tensor.device
        self._block = backend_of(tensor._data).storage(tensor._data)

    def __len__(self):
        return int(self._block.size)

    size = __len__

    def __getitem__(self, index):
        if isinstance(index, slice):
            raise RuntimeError("slices are only supported in UntypedStorage.__getitem__")
        return self._block[index].item()

    def __setitem__(self, index, value):
        self._block[index] = value

    def __iter__(self):
        return iter(self.tolist())

    def tolist(self):
        return backend_of(self._block).to_host(self._block).tolist()

    def data_ptr(self):
        return backend_of(self._block).address(self._block)

    def nbytes(self):
        return len(self) * self.dtype.itemsize

    def element_size(self):
        return self.dtype.itemsize

    def __repr__(self):
        return printing.storage_repr(self.tolist(), self.dtype, self.device)


class UntypedStorage(TypedStorage):
    """The memory behind a tensor as bytes."""

    def __len__(self):
        return self.nbytes()

    def nbytes(self):
        return int(self._block.size) * self.dtype.itemsize

    size = __len__

    def tolist(self):
        return wrap(self._block, self.device).numpy().view("uint8").tolist()
