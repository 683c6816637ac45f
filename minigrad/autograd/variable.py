"""torch.autograd.Variable: what a tensor with a history was called once.  Today every tensor is one."""

from ..tensor import Tensor
from .attributes import detach, requires_grad_


class VariableMeta(type):
    def __instancecheck__(cls, other):
        return isinstance(other, Tensor)


class Variable(metaclass=VariableMeta):
    """`Variable(data, requires_grad=False)` gives a tensor over the same memory."""

    def __new__(cls, data, requires_grad=False, volatile=None):
        if not isinstance(data, Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type(data).__name__}")
        return requires_grad_(detach(data), requires_grad)
