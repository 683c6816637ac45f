"""torch.cuda.FloatTensor and its kind: torch's older constructors, on the GPU."""

from .. import dtypes
from ..ops.creation import legacy
from ..tensor import Tensor
from .devices import available


class LegacyType(type):
    """The class of cuda.FloatTensor, ...: callable, and `isinstance(x, cuda.FloatTensor)` asks for dtype and device."""

    def __call__(cls, *args, device=None):
        if available() is None:
            raise TypeError(f"type torch.cuda.{cls.__name__} not available. Torch not compiled with CUDA enabled.")
        return legacy(cls.dtype, args, device or "cuda")

    def __instancecheck__(cls, value):
        return isinstance(value, Tensor) and value.is_cuda and value.dtype is cls.dtype


TYPES = {name + "Tensor": LegacyType(name + "Tensor", (), {"dtype": kind, "__module__": "torch.cuda"})
         for kind, name in dtypes.SCALAR_TYPE.items() if not kind.is_complex}  # fmt: skip
FloatTensor, DoubleTensor, HalfTensor = TYPES["FloatTensor"], TYPES["DoubleTensor"], TYPES["HalfTensor"]
LongTensor, IntTensor, ShortTensor = TYPES["LongTensor"], TYPES["IntTensor"], TYPES["ShortTensor"]
CharTensor, ByteTensor, BoolTensor = TYPES["CharTensor"], TYPES["ByteTensor"], TYPES["BoolTensor"]
BFloat16Tensor = TYPES["BFloat16Tensor"]
