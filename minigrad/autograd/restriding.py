"""In-place ops that change how a tensor looks at its memory, not what is in it: squeeze_, unsqueeze_, transpose_, t_, ...

The tensor takes over the view that the ordinary op makes; the node goes by the name that torch gives its in-place twin.
"""

from ..ops import shape, views
from .graph import is_leaf_edge
from .inplace import bump
from .writable import check_writable

TWIN = {"SqueezeBackward0": "SqueezeBackward3", "SqueezeBackward1": "SqueezeBackward4",
        "SqueezeBackward2": "SqueezeBackward5", "UnsqueezeBackward0": "UnsqueezeBackward1",
        "TransposeBackward0": "TransposeBackward1", "TBackward0": "TBackward1",
        "AsStridedBackward0": "AsStridedBackward1"}  # fmt: skip
CLASSES = {}


def _twin(node_class):
    if node_class not in CLASSES:
        CLASSES[node_class] = type(TWIN[node_class.__name__], (node_class,), {})
    return CLASSES[node_class]


def take_over(input, seen):
    """Let `input` look at its memory as its view `seen` does, from the place in the graph of that."""
    edge = seen._edge
    input._data = seen._data
    bump(input)
    if not is_leaf_edge(edge):
        edge[0].__class__ = _twin(type(edge[0]))
        input._edge = edge
    elif input._edge is not None:
        input._edge[0].hold(seen._data, input.device)
    if input._view is not None:
        input._view.version = input._counter.value


def restriding(look):
    """The in-place twin of a view function"""

    def call(input, *args, **keywords):
        check_writable(input)
        seen = look(input, *args, **keywords)
        take_over(input, seen)
        return input

    call.__name__ = call.__qualname__ = look.__name__ + "_"
    call.__doc__ = f"In-place version of `{look.__name__}`."
    return call


squeeze_, unsqueeze_, transpose_, t_ = map(restriding, (shape.squeeze, shape.unsqueeze, shape.transpose, shape.t))
as_strided_ = restriding(views.as_strided)
RESTRIDING = {"squeeze_": squeeze_, "unsqueeze_": unsqueeze_, "transpose_": transpose_, "swapaxes_": transpose_,
              "swapdims_": transpose_, "t_": t_, "as_strided_": as_strided_}  # fmt: skip
