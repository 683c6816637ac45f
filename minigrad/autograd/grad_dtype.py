"""Tensor.grad_dtype: in which dtype the gradient of a leaf arrives and accumulates, if not in its own."""

from ..dtypes import CPP_NAME, SCALAR_TYPE, dtype
from .graph import AccumulateGrad, is_leaf_edge


def get_grad_dtype(self):
    """The dtype of the gradient of this leaf; None: any"""
    if not is_leaf_edge(self._edge):
        raise RuntimeError("grad_dtype can only be accessed on leaf tensors.")
    return self.__dict__.get("_grad_dtype", self.dtype)


def set_grad_dtype(self, kind):
    if not is_leaf_edge(self._edge):
        raise RuntimeError("grad_dtype can only be set on leaf tensors.")
    if kind is not None and not isinstance(kind, dtype):
        raise RuntimeError(f"grad_dtype must be a torch.dtype or None, but got {type(kind).__name__}")
    if kind is not None and self._grad is not None and self._grad.dtype is not kind:
        held = CPP_NAME[self._grad.dtype]
        raise RuntimeError(f"Cannot set grad_dtype to '{SCALAR_TYPE[kind]}' because there is already a gradient with dtype "
                           f"'{held}'. Please clear the gradient (.grad = None) before changing grad_dtype, or ensure the "
                           f"new grad_dtype matches the existing gradient's dtype.")
    self._grad_dtype = kind
    node = AccumulateGrad(self) if self._edge is None else self._edge[0]
    ((shape, _),) = node.outputs
    node.outputs = ((shape, None if kind is None else self.device.backend.native(kind)),)
    if self._edge is None:
        self._former = lambda: node  # found again when the tensor comes to require grad
