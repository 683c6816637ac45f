"""The graph: nodes, the edges between them, and the values they keep for the way back.

Every recorded op leaves one `Node`.  Its `edges` lead to the nodes that made the op's inputs (an `AccumulateGrad` where
the input is a leaf), so the graph points from results back to leaves, the way gradients flow.  `saved` holds, by
name, what the op's formulas ask for.  A node never knows its result, so graph and tensors form no reference cycle.

Nodes are made in ops/primitive.py and run in engine.py.
"""

import functools
import itertools
import weakref
from typing import NamedTuple

from ..tensor import Tensor, wrap
from .hooks import add_hook, check_called, hooks_of
from .joint_hooks import register_multi_grad_hook as register_multi_grad_hook
from .modes import mode
from .mutation import allow_mutation_on_saved_tensors as allow_mutation_on_saved_tensors
from .saved import SavedOutput as SavedOutput
from .saved import SavedTensor as SavedTensor
from .saved import disable_saved_tensors_hooks as disable_saved_tensors_hooks
from .saved import gradient_edge as gradient_edge
from .saved import save_on_cpu as save_on_cpu
from .saved import saved_tensors_hooks as saved_tensors_hooks
from .texts import FREED as FREED
from .texts import op_name as op_name
from .texts import quoted, refused_text, written_here
from .texts import type_name as type_name

sequence = itertools.count().__next__  # nodes are numbered as they are made; backward runs from the highest down

class Node:
    """One recorded op: `edges` towards its inputs, `saved` values, and the (shape, dtype) of each of its outputs."""

    edges = ()
    saved = None
    outputs = ()
    hooks = None  # autograd/hooks.py, on first use
    ends_here = False  # whether gradients go no further: what points here is a leaf
    site = None  # where the op was called, under anomaly detection

    def __init__(self, edges, saved):
        self.edges = edges
        self.saved = saved
        self.sequence = sequence()

    def apply(self, gradients, recording):
        """The gradients of the inputs, one per edge, from those of the outputs.  None stands for zero."""
        raise NotImplementedError

    def without_gradient(self):
        """What comes of no gradient at all: none."""
        return [None] * len(self.edges)

    def release(self):
        """Forget the saved values; going through here again is an error if there were any."""
        if self.saved:
            self.saved = None

    def forgo(self):
        """Lead no more to where gradients are dropped (Nowhere), and compute none for there."""
        self.edges = tuple([None if edge is not None and type(edge[0]) is Nowhere else edge for edge in self.edges])

    def name(self):
        return type(self).__name__

    @property
    def next_functions(self):
        return tuple((None, 0) if edge is None or type(edge[0]) is Nowhere else edge for edge in self.edges)

    @functools.cached_property
    def metadata(self):
        """A dict of the user's own."""
        return {}

    def register_hook(self, fn):
        """Call `fn(grad_inputs, grad_outputs)` after this node has run; what it returns replaces grad_inputs."""
        return add_hook(hooks_of(self).post, fn)

    def register_prehook(self, fn):
        """Call `fn(grad_outputs)` before this node runs; what it returns replaces grad_outputs."""
        return add_hook(hooks_of(self).pre, fn)

    def __call__(self, *gradients):
        """The gradients of the inputs from those of the outputs, recorded."""
        check_called(self, gradients)
        absent = all(g is None for g in gradients)
        results = tuple(self.without_gradient() if absent else self.apply(list(gradients), recording=True))
        return results if len(results) != 1 else results[0]

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
    ends_here = True
    moved = False  # whether the variable, once detached, was written to and now comes from another node

    def __init__(self, variable):
        self.reference = weakref.ref(variable)
        self.hold(variable._data, variable.device)

    def hold(self, data, device):
        """The variable's memory is `data` from now on."""
        self.data, self.device = data, device
        self.outputs = ((data.shape, data.dtype),)

    @property
    def variable(self):
        variable = self.reference()
        if variable is None:
            variable = wrap(self.data, self.device)
            variable._edge = self, 0
            self.reference = weakref.ref(variable)
        return variable

    def name(self):
        return "torch::autograd::AccumulateGrad"

    def _sequence_nr(self):
        return 2**64 - 1


def requires_grad(tensor):
    """Whether gradients flow to `tensor`: it is a leaf that asks for them, or computed from one."""
    return tensor._edge is not None or tensor._view is not None and requires_grad(tensor._view.base)


def unless_refused(tensor, error):
    """`error`, about the arguments of an op.  Raises RuntimeError if `tensor` is a view that its base has left behind:
    this comes first."""
    if mode.enabled and isinstance(tensor, Tensor):
        gradient_edge(tensor)
    return error


def is_leaf_edge(edge):
    """Whether an edge leads to the leaf itself."""
    return edge is None or edge[0].ends_here


class GradientEdge(NamedTuple):
    """A place in the graph: an output of a node.  autograd.grad and backward take it in place of a tensor."""

    node: Node
    output_nr: int
    ownership_token: object = None


def get_gradient_edge(tensor):
    """Where the gradient of `tensor` is computed or accumulated.  Raises RuntimeError if it requires none."""
    if not requires_grad(tensor):
        raise RuntimeError("It is not possible to get the gradient edge for a Tensor that does not require gradients")
    return GradientEdge(*gradient_edge(tensor))


def increment_version(tensor):
    """Count a write to the memory of one tensor, or of each of several, that autograd did not see."""
    for one in (tensor,) if isinstance(tensor, Tensor) else tensor:
        one._counter.value += 1


class Nowhere(Node):
    """Where the gradient of a view goes that was made under no_grad of something that requires grad: it is dropped."""

    ends_here = True

    def __init__(self, tensor):
        super().__init__((), None)
        self.outputs = ((tensor._data.shape, tensor._data.dtype),)

    def apply(self, gradients, recording):
        return ()


class View:
    """What a view knows: its base, how it was made, and the version of the memory at which its `_edge` was right."""

    __slots__ = ("base", "version", "origin")

    restride = None  # (tensor): give it the edge of as_strided(base); set by inplace.py, which may use ops

    def __init__(self, base, version, origin=None):
        self.base = base
        self.version = version
        self.origin = origin  # None, or what forbids in-place writes: "no_grad", "multi", "inference", "function"

    def edge(self, tensor):
        """The edge that `tensor` has now; made anew if its memory was written to since.  Raises RuntimeError."""
        edge = tensor._edge
        if self.version == tensor._writes.value:
            return edge if edge is not None or not requires_grad(self.base) else (Nowhere(tensor), 0)
        if is_leaf_edge(edge) and not requires_grad(self.base):
            return edge
        self.permit(tensor, "its base or another view of its base has been")
        View.restride(tensor)
        self.version = tensor._counter.value
        return tensor._edge

    def permit(self, tensor, what="is being"):
        """Raise RuntimeError if the way the view was made forbids to write to it, or to its base, and record that."""
        if self.origin is not None:
            node, number = (None, 0) if is_leaf_edge(tensor._edge) else tensor._edge
            text = refused_text(self.origin, node, number, what)
            if what == "is being":
                raise RuntimeError(written_here(text))
            raise RuntimeError(f"{text}\nLast written at {quoted(tensor._counter.site)}")
