"""Embeddings: rows of a table looked up by number, one by one or in bags."""

from .. import dtypes
from ..autograd.graph import type_name
from ..autograd.inplace import bump
from ..backends import on_its_device
from ..tensor import Tensor
from . import checks
from .arguments import declared
from .indexing import index_arrays
from .primitive import primitive

# ---- one by one -----------------------------------------------------------------------------------------------------


@primitive("EmbeddingBackward0")
def embedding_rows(xp, weight, indices, /, padding_idx, scale_grad_by_freq, sparse=False):
    """weight[indices]"""
    return weight[indices]


embedding_rows.vjp(weight=lambda g, indices, weight_shape, padding_idx, scale_grad_by_freq:
                   embedding_backward(g, indices, weight_shape, padding_idx, scale_grad_by_freq))


@primitive("EmbeddingDenseBackwardBackward0")
def embedding_backward(xp, grad, indices, /, size, padding_idx, scale_grad_by_freq):
    """Zeros of `size` with the gradients added to the rows that were looked up, but for the padding row"""
    result = xp.zeros(size, dtype=grad.dtype)
    kept = xp.expand_dims(_share(xp, indices, padding_idx, scale_grad_by_freq, grad.dtype), -1)
    xp.scatter_add(result, (indices,), grad * kept)
    return result


def _share(xp, indices, padding_idx, by_frequency, dtype):
    """With which weight each index counts: 0 for padding, 1 / its frequency if asked for"""
    share = xp.ones(indices.shape, dtype=dtype)
    if by_frequency and indices.size:
        share = share / xp.bincount(indices.reshape(-1))[indices].astype(dtype)
    return xp.masked(share, indices != padding_idx)


def _look_up_back(g, indices, padding_idx):
    """Like torch, this leaves frequencies out"""
    rows = index_arrays(g, None, (getattr(indices, "_data", indices),))
    return rows * index_shares(indices, g, padding_idx, False)


@primitive()
def index_shares(xp, indices, like, /, padding_idx, by_frequency):
    """_share with a last dimension of size 1"""
    return xp.expand_dims(_share(xp, indices, padding_idx, by_frequency, like.dtype), -1)


embedding_backward.vjp(grad=_look_up_back)


def _check_indices(name, indices):
    if not isinstance(indices, Tensor):
        raise TypeError(f"{name}(): argument 'indices' (position 2) must be Tensor, not {checks.type_name(indices)}")
    if indices.dtype not in (dtypes.int64, dtypes.int32):
        raise RuntimeError(f"Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, "
                           f"Int; but got {type_name(indices._data, indices.device)} instead (while checking arguments "
                           f"for {name})")


@on_its_device
def shorten_rows(weight, indices, max_norm, norm_type):
    """Scale down, in place, the rows that are used and longer than max_norm."""
    data, xp = weight._data, weight.device.backend
    used = xp.unique(indices._data)
    rows = data[used]
    length = (xp.abs(rows) ** norm_type).sum(axis=1, keepdims=True) ** (1 / norm_type)
    data[used] = xp.where(length > max_norm, rows * (max_norm / (length + 1e-7)), rows)
    bump(weight)


def embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False):
    """weight[input]: the rows of the table.  The row `padding_idx` gets no gradient; rows may be kept below max_norm"""
    count = weight.shape[0] if weight.dim() else 0
    if padding_idx is None:
        padding_idx = -1
    else:
        assert -count <= padding_idx < count, "Padding_idx must be within num_embeddings"
        padding_idx = padding_idx % count
    if max_norm is not None:
        input = input.contiguous()
        shorten_rows(weight, input, max_norm, norm_type)
    return look_up(weight, input, padding_idx, scale_grad_by_freq, sparse)


def look_up(weight, indices, padding_idx=-1, scale_grad_by_freq=False, sparse=False):
    """torch.embedding: weight[indices]"""
    _check_indices("embedding", indices)
    if weight.dim() != 2:
        raise RuntimeError("'weight' must be 2-D")
    indices.device.backend.check_range(indices._data, 0, weight.shape[0],
                                       lambda wrong: IndexError("index out of range in self"))
    return embedding_rows(weight, indices, padding_idx, scale_grad_by_freq, sparse)


@primitive()
def one_hot_rows(xp, tensor, /, classes):
    """1 at the index, 0 elsewhere"""
    return (xp.expand_dims(tensor, -1) == xp.arange(classes)).astype(tensor.dtype)


@declared("one_hot(Tensor input, int num_classes)", by_keyword=True)
@on_its_device
def one_hot(input, num_classes=-1):
    """Each index as a row of zeros with a 1 at that index.  Raises RuntimeError if there are too few classes."""
    if input.dtype is not dtypes.int64:
        raise RuntimeError("one_hot is only applicable to index input of type LongTensor.")
    data = input._data
    if not data.size:
        if num_classes <= 0:
            raise RuntimeError("Can not infer total number of classes from empty input.")
        return one_hot_rows(input, num_classes)
    if data.min() < 0:
        raise RuntimeError("Class values must be non-negative.")
    if num_classes == -1:
        num_classes = int(data.max()) + 1
    elif num_classes <= data.max():
        raise RuntimeError("Class values must be smaller than num_classes.")
    return one_hot_rows(input, num_classes)
