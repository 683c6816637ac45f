"""Padding layers: an integer pads every side."""

from .. import functional as F
from .module import Module
from .utils import _ntuple


class _PadNd(Module):
    """Pads the last `_dimensions` dimensions; the padding lists (before, after), last dimension first."""

    __constants__ = ["padding"]
    _dimensions: int
    _mode: str

    def __init__(self, padding):
        super().__init__()
        self.padding = _ntuple(2 * self._dimensions)(padding)

    def forward(self, input):
        return F.pad(input, self.padding, self._mode)

    def extra_repr(self):
        return f"{self.padding}"


class _ConstantPadNd(_PadNd):
    __constants__ = ["padding", "value"]

    def __init__(self, padding, value):
        super().__init__(padding)
        self.value = value

    def forward(self, input):
        return F.pad(input, self.padding, "constant", self.value)

    def extra_repr(self):
        return f"padding={self.padding}, value={self.value}"


class ConstantPad1d(_ConstantPadNd):
    _dimensions = 1


class ConstantPad2d(_ConstantPadNd):
    _dimensions = 2


class ConstantPad3d(_ConstantPadNd):
    _dimensions = 3


class _ZeroPad:
    def __init__(self, padding):
        super().__init__(padding, 0.0)

    def extra_repr(self):
        return f"{self.padding}"


class ZeroPad1d(_ZeroPad, ConstantPad1d):
    pass


class ZeroPad2d(_ZeroPad, ConstantPad2d):
    pass


class ZeroPad3d(_ZeroPad, ConstantPad3d):
    pass


class _ReflectionPadNd(_PadNd):
    _mode = "reflect"


class ReflectionPad1d(_ReflectionPadNd):
    _dimensions = 1


class ReflectionPad2d(_ReflectionPadNd):
    _dimensions = 2


class ReflectionPad3d(_ReflectionPadNd):
    _dimensions = 3


class _ReplicationPadNd(_PadNd):
    _mode = "replicate"


class ReplicationPad1d(_ReplicationPadNd):
    _dimensions = 1


class ReplicationPad2d(_ReplicationPadNd):
    _dimensions = 2


class ReplicationPad3d(_ReplicationPadNd):
    _dimensions = 3


class _CircularPadNd(_PadNd):
    _mode = "circular"

    def forward(self, input):
        n = self._dimensions
        if input.dim() not in (n + 1, n + 2):
            raise ValueError(f"expected {n + 1}D or {n + 2}D input (got {input.dim()}D input)")
        return F.pad(input, self.padding, self._mode)


class CircularPad1d(_CircularPadNd):
    _dimensions = 1


class CircularPad2d(_CircularPadNd):
    _dimensions = 2


class CircularPad3d(_CircularPadNd):
    _dimensions = 3
