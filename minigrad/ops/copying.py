"""view_copy, permute_copy, ...: what a view op shows, in memory of its own.

Each records the view op's node under its own name, since the derivatives are the same.
"""

import functools

from ..backends import backend_of
from ..tensor import Tensor, wrap
from . import shape, views
from .dims import as_sizes, infer_size
from .joining import split, split_with_sizes, unbind
from .out import takes_out
from .primitive import primitive


@functools.cache
def _copy_class(node_class):
    return type(node_class.__name__ + "_copy", (node_class,), {})


def owned(view):
    """A view's contents in memory of its own, in the view's place in the graph"""
    out = wrap(backend_of(view._data).array(view._data, order="C", copy=True), view.device)
    if view._edge is not None:
        node, _ = out._edge = view._edge
        if not type(node).__name__.endswith("_copy"):
            node.__class__ = _copy_class(type(node))
    return out


def copying(look):
    """The twin of a view function whose results have memory of their own"""

    def copied(input, *args, **keywords):
        views = look(input, *args, **keywords)
        return owned(views) if isinstance(views, Tensor) else tuple([owned(view) for view in views])

    copied.__name__ = copied.__qualname__ = look.__name__ + "_copy"
    copied.__doc__ = f"{look.__name__}, copied"
    return takes_out(copied)


def slice(input, dim=0, start=None, end=None, step=1):
    """input[:, ..., start:end:step], the slice at dimension `dim`"""
    return views.slice_dim(input, *views.sliced(input, dim, start, end, step))


@primitive("ViewBackward0_copy")
def view_copied(xp, input, /, size):
    """The elements, row by row, under another size"""
    return xp.array(input, order="C", copy=True).reshape(size)


view_copied.vjp(input=lambda g, input_shape: shape.reshape(g, input_shape))


@takes_out
def view_copy(input, size=None, *, dtype=None):
    """view, copied; also of elements that a view could not lead to"""
    if dtype is not None or hasattr(size, "itemsize"):
        return owned(shape.view(input, dtype=dtype or size))
    return view_copied(input, infer_size(as_sizes((size,)), input.numel()))



alias_copy, as_strided_copy, diagonal_copy, unfold_copy, select_copy, slice_copy = map(
    copying, (views.alias, views.as_strided, views.diagonal, views.unfold, views.select, slice))  # fmt: skip
expand_copy, permute_copy, squeeze_copy, t_copy, transpose_copy, unsqueeze_copy = map(
    copying, (shape.expand, shape.permute, shape.squeeze, shape.t, shape.transpose, shape.unsqueeze))


def filling(copied):
    """The copying twin of a function with several results, which gives none if it fills the tensors of out="""

    @functools.wraps(copied)
    def call(*args, out=None, **keywords):
        if out is None:
            return copied(*args, **keywords)
        copied(*args, out=out, **keywords)

    return call


split_copy, split_with_sizes_copy, unbind_copy = map(filling, map(copying, (split, split_with_sizes, unbind)))
