"""One hook for the gradients of several tensors: torch.autograd.graph.register_multi_grad_hook.

A tensor hook on each of them counts, for every backward pass by itself, which gradients have come; the pass knows which
of them it will compute at all.
"""

import functools
import weakref

from .hooks import RemovableHandle
from .modes import mode
from .saved import gradient_edge

LEAF_ASKED = ("A leaf node was passed to _will_engine_execute_node but we are currently running autograd.grad(). This is "
              "currently not supported.")


class _MultiHandle(RemovableHandle):
    """Removes the hooks of all tensors."""

    __module__ = "torch.autograd.graph"

    def __init__(self, handles):
        self.handles = handles

    def remove(self):
        for handle in self.handles:
            handle.remove()

    def __getstate__(self):
        return self.handles

    def __setstate__(self, state):
        self.handles = state


def register_multi_grad_hook(tensors, fn, *, mode="all"):
    """Call `fn` once in a backward pass: with all gradients, None for those that are not computed, when the last has come
    ("all"), or with the first that comes ("any").  Returns the handle that removes it.  Raises ValueError."""
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    arrived = weakref.WeakKeyDictionary()  # backward pass -> the gradients of this pass
    if mode == "any":
        first = functools.partial(_first, arrived, fn)
        return _MultiHandle(tuple(x.register_hook(first) for x in tensors if x.requires_grad))
    edges = [gradient_edge(x) for x in tensors]
    assert None not in edges, "Expected gradient function to be set"
    nodes = [node for node, _ in edges]
    return _MultiHandle(tuple(x.register_hook(functools.partial(_collect, arrived, nodes, fn, i))
                              for i, x in enumerate(tensors)))  # fmt: skip


def _first(arrived, fn, gradient):
    run = mode.running
    if run not in arrived:
        arrived[run] = True
        fn(gradient)


def _collect(arrived, nodes, fn, place, gradient):
    run = mode.running
    if run not in arrived:
        arrived[run] = sum(map(run.will_reach, nodes)), []
    expected, found = arrived[run]
    found.append((place, gradient))
    if len(found) == expected:
        del arrived[run]
        given = dict(found)
        fn([given.get(i) for i in range(len(nodes))])
