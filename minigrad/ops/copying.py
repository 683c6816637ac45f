"""view_copy, permute_copy, ...: what a view op shows, in memory of its own.

Each records the view op's node under its own name, since the derivatives are the same.
"""

import functools

from ..backends import backend_of
from ..tensor import Tensor, wrap
from . import shape, views
from .joining import split_with_sizes, unbind


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
    return copied


alias_copy, as_strided_copy, diagonal_copy, unfold_copy, select_copy = map(
    copying, (views.alias, views.as_strided, views.diagonal, views.unfold, views.select))  # fmt: skip
expand_copy, permute_copy, squeeze_copy, t_copy, transpose_copy, unsqueeze_copy, view_copy = map(
    copying, (shape.expand, shape.permute, shape.squeeze, shape.t, shape.transpose, shape.unsqueeze, shape.view))
split_with_sizes_copy, unbind_copy = map(copying, (split_with_sizes, unbind))
