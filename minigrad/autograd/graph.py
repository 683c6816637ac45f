"""The graph: nodes, the edges between them, and the values they keep for the way back.

Every recorded op leaves one `Node`.  Its `edges` lead to the nodes that made the op's inputs (an `AccumulateGrad` where
the input is a leaf), so the graph points from results back to leaves, the way gradients flow.  `saved` holds, by
name, what the op's formulas ask for.  A node never knows its result, so graph and tensors form no reference cycle.

Nodes are made in ops/primitive.py and run in engine.py.
"""

import functools
import itertools
import re
import weakref

from ..backends import backend_of
from ..dtypes import SCALAR_TYPE
from ..tensor import wrap

sequence = itertools.count().__next__  # nodes are numbered as they are made; backward runs from the highest down

FREED = ("Trying to backward through the graph a second time (or directly access saved tensors after they have already "
         "been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). "
         "Specify retain_graph=True if you need to backward through the graph a second time or if you need to access "
         "saved tensors after calling backward.")


class Node:
    """One recorded op: `edges` towards its inputs, `saved` values, and the (shape, dtype) of each of its outputs."""

    edges = ()
    saved = None
    outputs = ()
    hooks = None  # autograd/hooks.py, on first use
    site = None  # where the op was called, under anomaly detection

    def __init__(self, edges, saved):
        self.edges = edges
        self.saved = saved
        self.sequence = sequence()

    def apply(self, gradients):
        """The gradients of the inputs, one per edge, from those of the outputs.  None stands for zero."""
        raise NotImplementedError

    def release(self):
        """Forget the saved values; going through here again is an error if there were any."""
        if self.saved:
            self.saved = None

    def name(self):
        return type(self).__name__

    @property
    def next_functions(self):
        return tuple((None, 0) if edge is None else edge for edge in self.edges)

    @functools.cached_property
    def metadata(self):
        """A dict of the user's own."""
        return {}

    def _sequence_nr(self):
        return self.sequence

    def __repr__(self):
        return f"<{type(self).__name__} object at {id(self):#x}>"


class AccumulateGrad(Node):
    """Where a backward pass ends: adds what arrives to `variable.grad`.

    The leaf owns this node and the node refers to the leaf weakly, so they form no cycle.  A leaf that only the graph
    still needs is made again from its array when asked for.
    """

    sequence = float("inf")

    def __init__(self, variable):
        self.reference = weakref.ref(variable)
        self.data, self.device = variable._data, variable.device

    @property
    def variable(self):
        variable = self.reference()
        if variable is None:
            variable = wrap(self.data, self.device)
            variable._edge = self, 0
            self.reference = weakref.ref(variable)
        return variable

    @property
    def outputs(self):
        """Shape and dtype of the variable."""
        return ((self.data.shape, self.data.dtype),)

    def name(self):
        return "torch::autograd::AccumulateGrad"

    def _sequence_nr(self):
        return 2**64 - 1


def gradient_edge(tensor):
    """The (node, output number) to which the gradient of `tensor` goes, or None if it requires none."""
    if tensor._view is not None:
        tensor._view.refresh(tensor)
    return tensor._edge


def requires_grad(tensor):
    """Whether gradients flow to `tensor`: it is a leaf that asks for them, or computed from one."""
    return tensor._edge is not None or tensor._view is not None and requires_grad(tensor._view.base)


def is_leaf_edge(edge):
    """Whether an edge leads to the leaf itself."""
    return edge is None or type(edge[0]) is AccumulateGrad


class SavedTensor:
    """An input kept for the way back, and the version it had."""

    __slots__ = ("source", "expected")

    def __init__(self, tensor):
        self.source = tensor
        self.expected = tensor._counter.value

    def array(self, node):
        """The array, if nobody has written to it since.  Raises RuntimeError otherwise."""
        source = self.source
        if source._counter.value != self.expected:
            raise RuntimeError(modified_text(source, self.expected, gradient_edge(source), node))
        return source._data

    def tensor(self, node):
        """The tensor itself, checked likewise."""
        self.array(node)
        return self.source


class SavedOutput:
    """An output of the node itself.  Only its array is kept: the tensor would lead back to the node, a cycle."""

    __slots__ = ("data", "device", "version", "expected", "number")

    def __init__(self, tensor, number):
        self.data = tensor._data
        self.device = tensor.device
        self.version = tensor._counter
        self.expected = tensor._counter.value
        self.number = number

    def array(self, node):
        """The array, if nobody has written to it since.  Raises RuntimeError otherwise."""
        if self.version.value != self.expected:
            raise RuntimeError(modified_text(self, self.expected, (node, self.number), node))
        return self.data

    def tensor(self, node):
        """The output as a Tensor in its place in the graph."""
        tensor = wrap(self.array(node), self.device)
        tensor._counter = self.version
        tensor._edge = node, self.number
        return tensor

    _data = property(lambda self: self.data)
    _counter = property(lambda self: self.version)


def modified_text(saved, expected, edge, node):
    """What torch says of a saved tensor that was overwritten, and where that happened."""
    made_by = ""
    if edge is not None and edge[0].edges:
        made_by = f", which is output {edge[1]} of {op_name(edge[0])},"
    text = (f"one of the variables needed for gradient computation has been modified by an inplace operation: "
            f"[{type_name(saved._data, saved.device)} {list(saved._data.shape)}]{made_by} is at version "
            f"{saved._counter.value}; expected version {expected} instead. Hint: enable anomaly detection to find the "
            f"operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, "
            f"check_nan=False).")
    if saved._counter.site is None:
        return text
    return f"{text}\nSaved for {node.name()}; last written at {saved._counter.site}."


def op_name(node):
    """MulBackward0 -> Mul."""
    return re.sub(r"Backward\d*$", "", node.name())


def type_name(data, device):
    """torch.FloatTensor, torch.cuda.LongTensor, ...: the legacy name of a tensor's type."""
    where = "" if device.type == "cpu" else device.type + "."
    return f"torch.{where}{SCALAR_TYPE[backend_of(data).dtype_of(data)]}Tensor"


class View:
    """What a view knows: its base, and the version at which its own `_edge` was last right."""

    __slots__ = ("base", "version", "origin", "function")

    restride = None  # (view) -> the edge of as_strided(base); set by inplace.py, which may use ops

    def __init__(self, base, version, origin=None):
        self.base = base
        self.version = version
        self.origin = origin  # None, or why in-place writes are refused: "no_grad", "multi", "inference", ...

    def refresh(self, tensor):
        """Give `tensor` the edge that it has now, if its memory was written to through another tensor."""
        if tensor._counter.value != self.version:
            self.version = tensor._counter.value
            if tensor._edge is not None or requires_grad(self.base):
                View.restride(tensor)
