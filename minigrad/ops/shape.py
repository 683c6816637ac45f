"""Shapes: views of all of a tensor's elements under another size or another order of dimensions.

A view op shares its input's memory and version counter; in-place writes through either are seen by both.  Some ops here
come in pairs, each the other's derivative: expand and sum_to, squeeze and unsqueeze.
"""

import math

from ..autograd.graph import unless_refused
from ..dtypes import SCALAR_TYPE, bool_
from ..tensor import Tensor, wrap
from .copies import clone, contiguous, moved, to_device, to_dtype  # noqa: F401
from .dims import as_sizes, infer_size, view_strides, wrap_dim, wrap_dims
from .joining import cat, chunk, split, stack, unbind  # noqa: F401
from .masking import zero
from .primitive import primitive
from .summing import expand_to, sum_to
from .views import alias, as_strided, as_strided_view, laid_out, narrow, select, select_index, slice_dim  # noqa: F401

# ---- stretching ------------------------------------------------------------------------------------------------------


def expand(input, *size, implicit=False):
    """A view with dimensions of size 1 repeated; -1 keeps a size.  Raises RuntimeError if other sizes would change."""
    size, shape = as_sizes(size), tuple(input.shape)
    extra = len(size) - len(shape)
    if not shape and size and min(size) < 0:
        raise RuntimeError("numel: integer multiplication overflow")
    if extra < 0:
        kind = ("CPUBoolType" if input.dtype is bool_ else input.type()) if isinstance(input, Tensor) else "array"
        raise unless_refused(input, RuntimeError(
            f"expand({kind}{{{list(shape)}}}, size={list(size)}): the number of sizes provided "
            f"({len(size)}) must be greater or equal to the number of dimensions in the tensor "
            f"({len(shape)})"))
    target = []
    for i, wish in reversed([*enumerate(size)]):
        have = 1 if i < extra else shape[i - extra]
        if wish == -1 and i < extra:
            raise unless_refused(input, RuntimeError(
                f"The expanded size of the tensor ({wish}) isn't allowed in a leading, non-existing "
                f"dimension {i}"))
        if wish != have and have != 1 and wish != -1:
            raise unless_refused(input, RuntimeError(
                f"The expanded size of the tensor ({wish}) must match the existing size ({have}) at "
                f"non-singleton dimension {i}.  Target sizes: {list(size)}.  Tensor sizes: {list(shape)}"))
        target.append(have if wish == -1 else wish)
    return expand_to(input, tuple(reversed(target)))


def expand_as(input, other):
    """expand(input, other.shape)"""
    return expand(input, tuple(other.shape))


def broadcast_to(input, size):
    """expand(input, size)"""
    return expand(input, size)


# ---- the same elements in another shape -----------------------------------------------------------------------------


@primitive("ViewBackward0", view="single")
def view_as_size(xp, input, /, size):
    """The same memory with another size"""
    if input.flags.c_contiguous:
        return input.reshape(size)
    strides = view_strides(input.shape, xp.strides(input), size)
    return xp.as_strided(xp.storage(input), size, strides, xp.storage_offset(input))


view_as_size.vjp(input=lambda g, input_shape: reshape(g, input_shape))


@primitive("ReshapeAliasBackward0", view="single")
def reshape_alias(xp, input, /, size):
    """view_as_size, as reshape records it for elements that do not follow each other"""
    return view_as_size.op.kernel(xp, input, size)


reshape_alias.vjp(input=lambda g, input_shape: reshape(g, input_shape))


@primitive("UnsafeViewBackward0")
def unsafe_view(input, /, size):
    """view of a tensor that nobody else holds"""
    return input.reshape(size)


unsafe_view.vjp(input=lambda g, input_shape: reshape(g, input_shape))


def view(input, *size, dtype=None):
    """The same memory with another size, or reinterpreted as another dtype.

    Raises RuntimeError if the elements do not lie in memory so that this is possible without copying.
    """
    if dtype is not None or len(size) == 1 and hasattr(size[0], "itemsize"):
        return view_dtype(input, dtype or size[0])
    data = input._data
    try:
        size = infer_size(as_sizes(size), data.size)
    except RuntimeError as error:
        raise unless_refused(input, error) from None
    if not data.flags.c_contiguous and view_strides(input.shape, input.stride(), size) is None:
        raise unless_refused(input, RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one dimension "
            "spans across two contiguous subspaces). Use .reshape(...) instead."))
    return view_as_size(input, size)


def view_dtype(input, dtype):
    """The same memory read as elements of another dtype, which is not differentiated.

    Raises RuntimeError if the sizes or strides do not allow it.
    """
    old, new = input.dtype.itemsize, dtype.itemsize
    name = f"self.size(-1) must be divisible by {new // old}" if new > old else ""
    if old != new and input.dim() == 0:
        raise RuntimeError(f"self.dim() cannot be 0 to view {SCALAR_TYPE[input.dtype]} as {SCALAR_TYPE[dtype]} "
                           f"(different element sizes)")
    if old != new and input.stride(-1) != 1:
        raise RuntimeError(f"self.stride(-1) must be 1 to view {SCALAR_TYPE[input.dtype]} as {SCALAR_TYPE[dtype]} "
                           f"(different element sizes), but got {input.stride(-1)}")
    if name and input.shape[-1] % (new // old):
        raise RuntimeError(f"{name} to view {SCALAR_TYPE[input.dtype]} as {SCALAR_TYPE[dtype]} (different element "
                           f"sizes), but got {input.shape[-1]}")
    seen = wrap(input._data.view(input.device.backend.native(dtype)), input.device)
    seen._counter = input._counter
    return seen


def view_as(input, other):
    """view(input, other.shape)"""
    return view(input, tuple(other.shape))


def reshape(input, *shape):
    """input.view(shape) where that is possible, else a copy of that shape"""
    if not isinstance(input, Tensor):
        return input.reshape(as_sizes(shape, "reshape", "shape"))
    try:
        size = infer_size(as_sizes(shape, "reshape", "shape"), input._data.size)
    except RuntimeError as error:
        raise unless_refused(input, error) from None
    return to_size(input, size)


def to_size(input, size):
    """reshape to sizes that are known to fit"""
    if input._data.flags.c_contiguous:
        return view_as_size(input, size)
    if view_strides(input.shape, input.stride(), size) is not None:
        return reshape_alias(input, size)
    return unsafe_view(clone(input, contiguous=True), size)


def reshape_as(input, other):
    """reshape(input, other.shape)"""
    return reshape(input, tuple(other.shape))


def flatten(input, start_dim=0, end_dim=-1):
    """The dimensions from start_dim to end_dim joined into one"""
    shape = tuple(input._data.shape)
    ndim = len(shape)
    start, end = wrap_dim(start_dim, ndim), wrap_dim(end_dim, ndim)
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if ndim == 0:
        return reshape(input, 1)
    if start == end:
        return input
    return to_size(input, (*shape[:start], math.prod(shape[start : end + 1]), *shape[end + 1 :]))


def ravel(input):
    """The elements in one dimension; a view if they are contiguous"""
    return view(contiguous(input), -1)


def unflatten(input, dim, sizes):
    """Dimension `dim` cut up into `sizes`"""
    dim = wrap_dim(dim, input.dim())
    sizes, shape = as_sizes((sizes,) if isinstance(sizes, int) else sizes), tuple(input.shape)
    if not sizes:
        raise RuntimeError("unflatten: sizes must be non-empty")
    known = math.prod(s for s in sizes if s != -1)
    if -1 in sizes and known and shape[dim] % known == 0:
        sizes = tuple(shape[dim] // known if s == -1 else s for s in sizes)
    if math.prod(sizes) != shape[dim] or -1 in sizes:
        raise RuntimeError(f"unflatten: Provided sizes {list(sizes)} don't multiply up to the size of dim {dim} "
                           f"({shape[dim]}) in the input tensor")
    return view(input, (*shape[:dim], *sizes, *shape[dim + 1 :]))


# ---- dimensions in another order ------------------------------------------------------------------------------------


@primitive("TransposeBackward0", view="single")
def transpose_dims(xp, input, /, dim0, dim1):
    """Two dimensions swapped"""
    return xp.swapaxes(input, dim0, dim1) if input.ndim else input[...]


transpose_dims.vjp(input=lambda g, dim0, dim1: transpose_dims(g, dim0, dim1))


def transpose(input, dim0, dim1):
    """Dimensions dim0 and dim1 swapped"""
    ndim = input.dim() if isinstance(input, Tensor) else input.ndim
    return transpose_dims(input, wrap_dim(dim0, ndim, input), wrap_dim(dim1, ndim, input))


def swapaxes(input, axis0, axis1):
    """transpose under NumPy's name"""
    return transpose(input, axis0, axis1)


@primitive("PermuteBackward0", view="single")
def permute_dims(input, /, dims):
    """Dimension i of the result is dimension dims[i] of input"""
    return input.transpose(dims)


permute_dims.vjp(input=lambda g, dims: permute_dims(g, tuple(dims.index(i) for i in range(len(dims)))))


def permute(input, *dims):
    """The dimensions in the order `dims`"""
    dims, ndim = as_sizes(dims), len(input.shape)
    if len(dims) != ndim:
        raise unless_refused(input, RuntimeError(
            f"permute(sparse_coo): number of dimensions in the tensor input does not match the length of "
            f"the desired ordering of dimensions i.e. input.dim() = {ndim} is not equal to len(dims) = "
            f"{len(dims)}"))
    dims = tuple(wrap_dim(d, ndim, input) for d in dims)
    if len(set(dims)) != ndim:
        raise unless_refused(input, RuntimeError("permute(): duplicate dims are not allowed."))
    return permute_dims(input, dims)


@primitive("TBackward0", view="single")
def t_matrix(xp, input, /):
    """The transpose of a matrix; vectors and numbers stay"""
    return input.T if input.ndim else input[...]


t_matrix.vjp(input=lambda g: t_matrix(g))


def t(input):
    """The transpose of a matrix.  Raises RuntimeError above two dimensions."""
    if isinstance(input, Tensor) and input.dim() > 2:
        raise unless_refused(input, RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input.dim()}D"))
    return t_matrix(input)


def movedim(input, source, destination):
    """Dimensions moved from `source` to `destination`, the others keeping their order"""
    ndim, given = input.dim(), [[x] if isinstance(x, int) else list(x) for x in (source, destination)]
    if len(given[0]) != len(given[1]):
        raise RuntimeError(f"movedim: Invalid source or destination dims: source ({given[0]} dims) should contain "
                           f"the same number of dims as destination ({given[1]} dims)")
    source, destination = ([wrap_dim(d, ndim) for d in dims] for dims in given)
    for name, dims, wrapped in zip(("source", "destination"), given, (source, destination)):
        if len(set(wrapped)) < len(wrapped):
            raise RuntimeError(f"movedim: repeated dim in `{name}` ({dims})")
    order = [None] * ndim
    for s, d in zip(source, destination):
        order[d] = s
    rest = iter(i for i in range(ndim) if i not in source)
    return permute(input, [next(rest) if i is None else i for i in order])


# ---- dimensions of size 1 -------------------------------------------------------------------------------------------


@primitive("UnsqueezeBackward0", view="single")
def unsqueeze_dim(xp, input, /, dim):
    """A dimension of size 1 inserted at `dim`"""
    shape = input.shape
    if input.flags.c_contiguous:
        return input.reshape((*shape[:dim], 1, *shape[dim:]))
    steps = xp.strides(input)
    step = shape[dim] * steps[dim] if dim < len(shape) else 1
    return xp.as_strided(xp.storage(input), (*shape[:dim], 1, *shape[dim:]), (*steps[:dim], step, *steps[dim:]),
                         xp.storage_offset(input))


unsqueeze_dim.vjp(input=lambda g, dim: squeeze_dim(g, dim))


def unsqueeze(input, dim):
    """A dimension of size 1 inserted before dimension `dim`"""
    return unsqueeze_dim(input, wrap_dim(dim, len(input.shape) + 1, input))


@primitive("SqueezeBackward0", view="single")
def squeeze_all(input, /):
    """Without its dimensions of size 1"""
    return input.reshape([s for s in input.shape if s != 1]) if 1 in input.shape else input[...]


squeeze_all.vjp(input=lambda g, input_shape: reshape(g, input_shape))


@primitive("SqueezeBackward1", view="single")
def squeeze_dim(xp, input, /, dim):
    """Without dimension `dim` if that is of size 1"""
    return xp.squeeze(input, dim) if input.ndim and input.shape[dim] == 1 else input[...]


squeeze_dim.vjp(input=lambda g, input_shape: reshape(g, input_shape))


@primitive("SqueezeBackward2", view="single")
def squeeze_dims(xp, input, /, dim):
    """Without those of the dimensions `dim` that are of size 1"""
    return xp.squeeze(input, tuple(d for d in dim if input.ndim and input.shape[d] == 1))


squeeze_dims.vjp(input=lambda g, input_shape: reshape(g, input_shape))


def squeeze(input, dim=None):
    """Without its dimensions of size 1, or without `dim` (a number or several) where of size 1"""
    if dim is None:
        return squeeze_all(input)
    if isinstance(dim, (tuple, list)):
        return squeeze_dims(input, wrap_dims(dim, input.dim(), input))
    return squeeze_dim(input, wrap_dim(dim, len(input.shape), input))


@primitive("RepeatBackward0")
def repeat_dims(xp, input, /, repeats):
    """input repeated repeats[i] times along dimension i"""
    return xp.tile(input, repeats)


repeat_dims.vjp(input=lambda g, input_shape, repeats: _sum_repeats(g, input_shape, repeats))


def _sum_repeats(g, shape, repeats):
    shape = (1,) * (len(repeats) - len(shape)) + tuple(shape)
    apart = [n for pair in zip(repeats, shape) for n in pair]
    total = sum_to(reshape(g, *apart), tuple(n for s in shape for n in (1, s))).reshape(shape)
    return zero(total) if 0 in repeats else total


def repeat(input, *repeats):
    """input repeated along its dimensions, new ones first"""
    repeats = as_sizes(repeats)
    if len(repeats) < input.dim():
        raise RuntimeError("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor")
    return repeat_dims(input, repeats)
