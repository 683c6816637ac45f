"""A Tensor transposed, repeated, or given other memory."""

import warnings

from ..autograd import inplace
from ..autograd.texts import written_here
from ..backends import backend_of
from ..memory_format import contiguous_format, strides_in
from ..ops import pointwise, shape
from ..ops.dims import as_sizes, extent
from ..tensor import Tensor
from .attach import attribute, method

Tensor.real, Tensor.imag = property(pointwise.real), property(pointwise.imag)


@attribute
def get_T(self):
    ndim = self._data.ndim
    if ndim != 2:
        _warn_flipped("T", ndim)
    return shape.permute_dims(self, tuple(range(ndim - 1, -1, -1)))


def _warn_flipped(name, ndim):
    """Warn as torch does of transposing what is no matrix."""
    if ndim == 0:
        remedy = "This function is the identity in these cases." if name in ("T", "mT") else "Consider using x.conj()."
        warnings.warn(f"Tensor.{name} is deprecated on 0-D tensors. {remedy}", UserWarning, stacklevel=3)
    elif name == "T":
        warnings.warn("The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated and "
                      "it will throw an error in a future release. Consider `x.mT` to transpose batches of matrices or "
                      "`x.permute(*torch.arange(x.ndim - 1, -1, -1))` to reverse the dimensions of a tensor.",
                      UserWarning, stacklevel=3)  # fmt: skip


def _batch_transposed(self, name):
    ndim = self._data.ndim
    if ndim == 1:
        raise RuntimeError(f"tensor.{name} is only supported on matrices or batches of matrices. Got 1-D tensor.")
    if ndim == 0:
        _warn_flipped(name, 0)
        return self
    return shape.transpose_dims(self, ndim - 2, ndim - 1)


@attribute
def get_mT(self):
    return _batch_transposed(self, "mT")


@attribute
def get_mH(self):
    return _batch_transposed(self, "mH")


@attribute
def get_H(self):
    ndim = self._data.ndim
    if ndim not in (0, 2):
        more = " For batches of matrices, consider using tensor.mH" if ndim > 2 else ""
        raise RuntimeError(f"tensor.H is only supported on matrices (2-D tensors). Got {ndim}-D tensor.{more}")
    return _batch_transposed(self, "H")


@method
def repeat(self, *repeats):
    """The tensor repeated along its dimensions"""
    return shape.repeat(self, *repeats)


@method
def resize_(self, *sizes, memory_format=None):
    """Change the size in place; elements are kept in memory order, new ones are uninitialised"""
    if self.requires_grad:
        raise RuntimeError(written_here("cannot resize variables that require grad"))
    sizes = as_sizes(sizes)
    xp = backend_of(self._data)
    strides = strides_in(memory_format or contiguous_format, sizes)
    block, offset = xp.storage(self._data), xp.storage_offset(self._data)
    needed = extent(sizes, strides, offset)
    if needed > block.size:
        grown = xp.empty(needed, dtype=block.dtype)
        xp.write(grown[: block.size], block)
        block = grown
    self._data = xp.as_strided(block, sizes, strides, offset)
    inplace.bump(self)
    return self


@method
def resize_as_(self, the_template, *, memory_format=None):
    """resize_ to the size of another tensor"""
    return self.resize_(*the_template.shape, memory_format=memory_format)


@method
def set_(self, source):
    """Look at the memory of another tensor from now on"""
    self._data = source._data
    return self
