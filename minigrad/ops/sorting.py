"""Order: sort, topk, kthvalue; distinct values; where values belong in a sorted row, and how often each occurs.

nan counts as larger than everything.  Values carry gradients to where they came from; indices carry none.
"""

from .. import return_types
from ..autograd.graph import unless_refused
from ..backends import backend_of, on_its_device
from ..dtypes import BOOL, FLOAT, INTEGER, SCALAR_TYPE, float64, int32, int64
from ..tensor import Tensor
from .copies import to_dtype
from .creation import scalar_tensor
from .dims import wrap_dim
from .gathering import along
from .layout import like
from .out import into, takes_out
from .primitive import primitive
from .promotion import result_type

# ---- picking along a dimension and its adjoint ----------------------------------------------------------------------


@primitive("GatherBackward0")
def pick_along(xp, input, indices, /, dim):
    """input[i, ..., indices[i, ..., k], ..., k] at dimension `dim`"""
    return xp.take_along_axis(input, indices, dim) if input.ndim else input.reshape(indices.shape)


pick_along.vjp(input=lambda g, input_shape, indices, dim: place_along(g, indices, input_shape, dim))


@primitive("ScatterBackward0")
def place_along(xp, input, indices, /, size, dim):
    """Zeros of `size` with input where `indices` say along dimension `dim`: the adjoint of pick_along"""
    if not size:
        return input.reshape(())
    result = xp.zeros(size, dtype=input.dtype)
    result[along(input, indices, dim)] = input
    return result


place_along.vjp(input=lambda g, indices, dim: pick_along(g, indices, dim))


def order(xp, input, dim, descending):
    """The stable order along a dimension; nan last, or first if descending"""
    if not input.ndim:
        return xp.zeros((), dtype=int)
    if not descending:
        return xp.argsort(input, axis=dim, kind="stable")
    return input.shape[dim] - 1 - xp.flip(xp.argsort(xp.flip(input, dim), axis=dim, kind="stable"), dim)


def _first(xp, array, count, dim):
    """The first `count` along a dimension"""
    return array[(slice(None),) * dim + (slice(0, count),)] if array.ndim else array


def picked(xp, input, dim, indices):
    """What the indices lead to, and the indices"""
    return pick_along.op.kernel(xp, input, indices, dim), xp.array(indices, order="C")


def all_picked(xp, input, dim, indices):
    """The same for as many indices as input has elements: laid out as input is"""
    return tuple([like(xp, x, input) for x in picked(xp, input, dim, indices)])


# ---- sort, topk, kthvalue -------------------------------------------------------------------------------------------


def _sorter(name):
    @primitive(name, outputs=("values", "indices"), differentiable_outputs=1)
    def sorted_values(xp, input, /, dim, descending):
        """The values in order along a dimension, and where they come from"""
        return all_picked(xp, input, dim, order(xp, input, dim, descending))

    sorted_values.vjp(input=lambda g, input_shape, indices, dim: place_along(g, indices, input_shape, dim))
    return sorted_values


sort_plain, sort_stable = _sorter("SortBackward0"), _sorter("SortBackward1")


@takes_out
def sort(input, dim=-1, descending=False, *, stable=None):
    """The values in ascending (or descending) order along `dim`, and their indices in input"""
    op = sort_plain if stable is None else sort_stable
    return return_types.sort(op(input, wrap_dim(dim, input.dim()), descending))


@takes_out
def argsort(input, dim=-1, descending=False, *, stable=None):
    """The indices that sort input along `dim`"""
    unless_refused(input, None)
    return sort_plain(input.detach(), wrap_dim(dim, input.dim()), descending)[1]


@takes_out
def msort(input):
    """The values in ascending order along the first dimension"""
    return sort_plain(input, 0, False)[0]


@primitive("TopkBackward0", outputs=("values", "indices"), differentiable_outputs=1)
def topk_values(xp, input, /, k, dim, largest):
    """The k largest (or smallest) values along a dimension, in order, and where they come from"""
    return picked(xp, input, dim, _first(xp, order(xp, input, dim, largest), k, dim))


topk_values.vjp(input=lambda g, input_shape, indices, dim: place_along(g, indices, input_shape, dim))


@takes_out
def topk(input, k, dim=-1, largest=True, sorted=True):
    """The k largest (or smallest) values along `dim`, and their indices"""
    dim = wrap_dim(dim, input.dim())
    if not 0 <= k <= (input.shape[dim] if input.dim() else 1):
        raise RuntimeError("selected index k out of range")
    if input.dtype.category == BOOL:
        raise RuntimeError("topk does not support bool dtypes on CPU")
    return return_types.topk(topk_values(input, k, dim, largest))


@primitive("KthvalueBackward0", outputs=("values", "indices"), differentiable_outputs=1)
def kth_value(xp, input, /, k, dim, keepdim):
    """The k-th smallest value along a dimension, and where it comes from"""
    indices = order(xp, input, dim, False)
    indices = indices[(slice(None),) * dim + (slice(k - 1, k),)] if input.ndim else indices
    values, indices = picked(xp, input, dim, indices)
    return (values, indices) if keepdim or not input.ndim else (xp.squeeze(values, dim), xp.squeeze(indices, dim))


kth_value.vjp(input=lambda g, input_shape, indices, dim, keepdim: place_along(
    _kept(g, input_shape, dim, keepdim), _kept(indices, input_shape, dim, keepdim), input_shape, dim))


def _kept(x, shape, dim, keepdim):
    """x with the reduced dimension back as size 1"""
    return x if keepdim or not shape else x.reshape((*shape[:dim], 1, *shape[dim + 1 :]))


@takes_out
def kthvalue(input, k, dim=-1, keepdim=False):
    """The k-th smallest value along `dim`, and its index"""
    dim = wrap_dim(dim, input.dim())
    if input.dim() and not input.shape[dim]:
        raise IndexError(f"kthvalue(): Expected reduction dim {dim} to have non-zero size.")
    if not 1 <= k <= (input.shape[dim] if input.dim() else 1):
        raise RuntimeError(f"kthvalue(): selected number k out of range for dimension {dim}")
    if input.dtype.category == BOOL:
        raise NotImplementedError("\"kthvalue_cpu\" not implemented for 'Bool'")
    return return_types.kthvalue(kth_value(input, k, dim, keepdim))


# ---- distinct values ------------------------------------------------------------------------------------------------


@primitive(outputs=("output", "inverse", "counts"))
def distinct(xp, input, /, dim):
    """The distinct values (or slices along a dimension) in order, which one each element is, how often each occurs"""
    values, inverse, counts = xp.unique(input, return_inverse=True, return_counts=True, axis=dim, equal_nan=False)
    if dim is not None:
        values = xp.moveaxis(xp.ascontiguousarray(xp.moveaxis(values, dim, 0)), 0, dim)
    return values, inverse.reshape(input.shape if dim is None else -1), counts


@primitive(outputs=("output", "inverse", "counts"))
def distinct_runs(xp, input, /, dim):
    """The same for runs of equal neighbours"""
    rows = input.reshape(-1) if dim is None else xp.moveaxis(input, dim, 0)
    differs = rows[1:] != rows[:-1]
    differs = xp.any(differs, axis=tuple(range(1, rows.ndim)))
    starts = xp.concatenate([xp.ones(min(rows.shape[0], 1), dtype=bool), differs])
    places = xp.nonzero(starts)[0]
    counts = xp.diff(xp.concatenate([places, xp.full(1, rows.shape[0])]))
    inverse = xp.cumsum(starts) - 1
    values = rows[starts]
    return ((values, inverse.reshape(input.shape), counts) if dim is None
            else (xp.moveaxis(xp.ascontiguousarray(values), 0, dim), inverse, counts))


def _distinct(op, input, return_inverse, return_counts, dim):
    if dim is not None:
        dim = wrap_dim(dim, input.dim())
        if 0 in input.shape[:dim] + input.shape[dim + 1 :]:
            raise RuntimeError("There are 0 sized dimensions, and they aren't selected, so unique cannot be applied")
    values, inverse, counts = op(input.detach(), dim)
    wanted = [values] + [inverse] * bool(return_inverse) + [counts] * bool(return_counts)
    return tuple(wanted) if len(wanted) > 1 else values


def unique(input, sorted=True, return_inverse=False, return_counts=False, dim=None):
    """The distinct values in order, or the distinct slices along `dim`"""
    unless_refused(input, None)
    return _distinct(distinct, input, return_inverse, return_counts, dim)


def unique_consecutive(input, return_inverse=False, return_counts=False, dim=None):
    """input with each run of equal values (or slices along `dim`) reduced to one"""
    return _distinct(distinct_runs, input, return_inverse, return_counts, dim)


@primitive()
def nonzero_rows(xp, input, /):
    """The indices of all elements that are not zero, one row each"""
    if not input.ndim:
        return xp.zeros((int(input != 0), 0), dtype=int)
    return xp.stack(xp.nonzero(input)).T


def nonzero(input, *, out=None, as_tuple=False):
    """The indices of all elements that are not zero: one row each, or one tensor for each dimension"""
    if as_tuple and out is not None:
        raise TypeError(f"nonzero(): argument 'out' must be Tensor, not {type(out).__name__}")
    if as_tuple:
        rows = nonzero_rows(input if input.dim() else input.reshape(1))
        return tuple([rows[:, i] for i in range(rows.shape[1])])
    return nonzero_rows(input) if out is None else into(nonzero_rows, "nonzero", (input,), {"out": out})


def nonzero_static(input, *, size, fill_value=-1):
    """The first `size` rows of nonzero, with rows of fill_value after them if there are fewer"""
    if size < 0:
        raise RuntimeError("nonzero_static: 'size' must be an non-negative integer")
    rows = nonzero_rows(input)[:size]
    result = rows.new_full((size, rows.shape[1]), fill_value)
    result[: rows.shape[0]] = rows
    return result


def argwhere(input):
    """The indices of all elements that are not zero, one row each"""
    return nonzero_rows(input)


@primitive()
def members(xp, elements, test_elements, /, invert):
    """Whether each element is among the test elements"""
    return xp.isin(elements, test_elements, invert=invert)


@takes_out
def isin(elements=None, test_elements=None, *, element=None, test_element=None, assume_unique=False, invert=False):
    """Whether each element is among the test elements; `element` and `test_element` are numbers"""
    elements = element if elements is None else elements
    test_elements = test_element if test_elements is None else test_elements
    kind = result_type(elements, test_elements)
    given = [x if isinstance(x, Tensor) else scalar_tensor(x, dtype=kind) for x in (elements, test_elements)]
    return members(*[x.detach() if x.dtype is kind else to_dtype(x.detach(), kind) for x in given], invert)


# ---- counting -------------------------------------------------------------------------------------------------------


@primitive()
def counted(xp, input, weights=None, /, minlength=0):
    """How often each number from 0 on occurs, or the sum of the weights of where it does"""
    return xp.bincount(input, weights, minlength)


@on_its_device
def bincount(input, weights=None, minlength=0):
    """How often each number from 0 on occurs in a vector, or the sum of the weights of where it does"""
    if input.dtype.category != INTEGER:
        raise NotImplementedError(f"\"bincount_cpu\" not implemented for '{SCALAR_TYPE[input.dtype]}'")
    if minlength < 0:
        raise RuntimeError("minlength should be >= 0")
    if input.dim() != 1 or input.numel() and input._data.min() < 0:
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    if weights is not None and weights.shape != input.shape:
        raise RuntimeError("weights should be 1-d and have the same length as input")
    result = counted(input, weights, minlength)
    kind = int64 if weights is None else weights.dtype if weights.dtype.category == FLOAT else float64
    return result if result.dtype is kind else to_dtype(result, kind)


@primitive()
def histogram_counts(xp, input, /, bins, low, high):
    """How many elements lie in each of `bins` equal parts of [low, high]"""
    row = input.reshape(-1)
    row = row[(row >= low) & (row <= high)]
    parts = xp.minimum(((row - low) / (high - low) * bins).astype(int), bins - 1)
    return xp.bincount(parts, None, bins).astype(input.dtype)


@takes_out
@on_its_device
def histc(input, bins=100, min=0, max=0):
    """How many elements lie in each of `bins` equal parts of [min, max]; of the data's range if those are equal"""
    if input.dtype.category != FLOAT:
        raise NotImplementedError(f"\"histogram_cpu\" not implemented for '{SCALAR_TYPE[input.dtype]}'")
    if bins <= 0:
        raise RuntimeError(f"torch.histogram(): bins must be > 0, but got {bins} for dimension 0")
    if min == max and input.numel():
        min, max = input._data.min().item(), input._data.max().item()
    if min == max:
        min, max = min - 1, max + 1
    if not (abs(min) < float("inf") and abs(max) < float("inf")):
        raise RuntimeError(f"torch.histc: range of [{min}, {max}] is not finite")
    if min > max:
        raise RuntimeError("torch.histc: max must be larger than min")
    return histogram_counts(input.detach(), bins, min, max)


# ---- where values belong --------------------------------------------------------------------------------------------


@primitive()
def insertion_points(xp, sorted_sequence, values, /, right, kind):
    """How many of a row's elements come before each value (up to and with it, if `right`)"""
    if sorted_sequence.ndim == 1:
        found = xp.searchsorted(sorted_sequence, values, side="right" if right else "left")
    else:
        rows, wanted = sorted_sequence[..., None, :], values[..., None]
        found = xp.sum(~(rows > wanted if right else rows >= wanted), axis=-1)
    return xp.asarray(found).astype(xp.native(kind))


@takes_out
def searchsorted(sorted_sequence, input=None, *, out_int32=False, right=False, side=None, sorter=None, self=None):
    """Where each value of input would go in the sorted last dimension of a sequence: before equal ones, or after"""
    if side not in (None, "left", "right"):
        raise RuntimeError(f"torch.searchsorted(): side can only be 'left' or 'right' but got {side}")
    if side == "left" and right:
        raise RuntimeError("torch.searchsorted(): side and right can't be set to opposites, got side of left while "
                           "right was True")
    if not isinstance(input, Tensor):
        input = scalar_tensor(input, dtype=sorted_sequence.dtype, device=sorted_sequence.device)
    _check_search(sorted_sequence, input, sorter)
    sequence = sorted_sequence.detach()
    if sorter is not None:
        sequence = pick_along(sequence, sorter, sequence.dim() - 1)
    if sequence.dtype is not input.dtype:
        raise RuntimeError(f"torch.searchsorted(): boundary tensor should have same dtype as input value tensor, but "
                           f"got boundary tensor dtype {_c_name(sequence)} and input value tensor dtype {_c_name(input)}")
    return insertion_points(sequence, input.detach(), right or side == "right", int32 if out_int32 else int64)


def _c_name(x):
    return {"Float": "float", "Double": "double", "Long": "long int", "Int": "int"}.get(SCALAR_TYPE[x.dtype])


def _check_search(sequence, input, sorter):
    if sorter is not None and sorter.shape != sequence.shape:
        raise RuntimeError(f"torch.searchsorted(): boundary and sorter must have the same size, but got boundary tensor "
                           f"{list(sequence.shape)}and got sorter tensor {list(sorter.shape)}")
    if not input.dim() and sequence.dim() != 1:
        raise RuntimeError(f"torch.searchsorted(): input value can be a scalar only when boundaries tensor dimension is "
                           f"1, but we got boundaries tensor dim({sequence.dim()}) and input value's dim(0) numel(1)")
    if sequence.dim() != 1 and sequence.shape[:-1] != input.shape[:-1]:
        raise RuntimeError(f"torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions "
                           f"of boundaries tensor and input value tensor must match, but we got boundaries tensor "
                           f"{list(sequence.shape)} and input value tensor {list(input.shape)}")


@takes_out
def bucketize(input, boundaries, *, out_int32=False, right=False):
    """Which interval between sorted boundaries each value lies in"""
    if boundaries.dim() != 1:
        raise RuntimeError(f"boundaries tensor must be 1 dimension, but got dim({boundaries.dim()})")
    return searchsorted(boundaries, input, out_int32=out_int32, right=right)


def unravel_index(indices, shape):
    """The coordinates, one tensor for each dimension, of positions in a tensor of `shape` taken as one row"""
    xp = backend_of(indices._data)
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    return tuple([indices.new_tensor(axis, dtype=int64) for axis in xp.unravel_index(indices._data, sizes)])
