"""More tensors of the same kind, and the constructor Tensor(...)."""


from .. import dtypes
from ..autograd import inplace
from ..ops import creation, indexing, steps
from ..tensor import Tensor
from .attach import method


def _new(name, make):
    def new_like(self, *args, dtype=None, device=None, **options):
        options = creation.only_named(name, (*creation.OPTIONS, "size", "stride", "fill_value"), options)
        return make(*args, dtype=dtype or self.dtype, device=device or self.device, **options)

    new_like.__name__, new_like.__doc__ = name, f"{name.removeprefix('new_')} with this tensor's dtype and device"
    setattr(Tensor, name, new_like)


for _name in ("tensor", "empty", "zeros", "ones", "full"):
    _new("new_" + _name, getattr(creation, _name))
_new("new_empty_strided", steps.empty_strided)


@method
def new(self, *args, device=None):
    """A tensor of this dtype: of a size, or of the values of a list"""
    return creation.legacy(self.dtype, args, device or self.device)


def _legacy(cls, *args, device=None):
    return creation.legacy(dtypes.get_default_dtype(), args, device)


Tensor._legacy = classmethod(_legacy)
indexing.make_index_tensor = creation.tensor
inplace.make_tensor = lambda value, like: creation.scalar_tensor(value, dtype=like.dtype, device=like.device)
