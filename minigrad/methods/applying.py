"""Python functions applied to a Tensor's elements, one after the other, in place: apply_, map_, map2_."""

from ..autograd.graph import requires_grad
from ..autograd.texts import type_name
from ..backends import backend_of
from ..ops.data import fitting
from ..ops.shape import expand
from ..tensor import Tensor
from .attach import method


@method
def apply_(self, callable):
    """Replace every element by callable(element)"""
    return _replaced(self, "apply_", callable, ())


@method
def map_(self, tensor, callable):
    """Replace every element by callable(element, element of `tensor`)"""
    return _replaced(self, "map_", callable, (tensor,))


@method
def map2_(self, x, y, callable):
    """Replace every element by callable(element, element of x, element of y)"""
    return _replaced(self, "map2_", callable, (x, y))


def _replaced(self, name, callable, others):
    for x in (self, *others):
        if requires_grad(x):
            raise RuntimeError(f"Can't call {name}() on Variable that requires grad. Use var.detach().{name}() instead.")
    for x in others:
        if isinstance(x, Tensor) and x.dtype is not self.dtype:
            raise TypeError(f"{name}: expected {type_name(self._data, self.device)} for 'other' (got "
                            f"{type_name(x._data, x.device)})")
    columns = [expand(x, tuple(self.shape)).flatten().tolist() for x in (self, *others)]
    values = [_element(callable(*row), self.dtype) for row in zip(*columns)]
    xp = backend_of(self._data)
    if values:
        xp.write(self._data, xp.from_host(values, self.dtype).reshape(self._data.shape))
    return self


def _element(value, dtype):
    if isinstance(value, str):
        raise TypeError(f"must be real number, not {type(value).__name__}")
    return fitting(value, dtype)
