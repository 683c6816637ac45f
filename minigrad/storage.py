"""What lies behind a tensor in memory: a flat run of elements, or of bytes."""

from . import dtypes, printing
from .backends import backend_of
from .ops.creation import tensor, zeros
from .tensor import Tensor, wrap


class TypedStorage:
    """The memory behind a tensor as a flat sequence of its elements; of a number or of values, memory of its own."""

    __module__ = "torch.storage"

    def __init__(self, source=0, *, dtype=None, device=None):
        if isinstance(source, int):
            source = zeros(source, dtype=dtype, device=device)
        elif not isinstance(source, Tensor):
            source = tensor(source, dtype=dtype or dtypes.get_default_dtype(), device=device)
        self.dtype, self.device = source.dtype, source.device
        self._block = backend_of(source._data).storage(source._data)

    def __len__(self):
        return int(self._block.size)

    size = __len__

    def __getitem__(self, index):
        if isinstance(index, slice):
            raise RuntimeError("slices are only supported in UntypedStorage.__getitem__")
        return self._block[index].item()

    def __setitem__(self, index, value):
        self._block[index] = value

    def fill_(self, value):
        self._block[...] = value
        return self

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

    __module__ = "torch.storage"

    def __init__(self, source=0, *, device=None):
        super().__init__(source, dtype=dtypes.uint8, device=device)

    def __len__(self):
        return self.nbytes()

    def nbytes(self):
        return int(self._block.size) * self.dtype.itemsize

    size = __len__

    def tolist(self):
        return wrap(self._block, self.device).numpy().view("uint8").tolist()

    def __repr__(self):
        return printing.storage_repr(self.tolist(), None, self.device)


def is_storage(obj, /):
    """Whether an object is the memory behind a tensor"""
    return isinstance(obj, TypedStorage)
