"""A backward pass as a sequence of events, one for each node, in the order in which the engine runs them.

The pass is the engine's own (autograd/engine.py); it keeps the graph and adds nothing to any .grad.
"""

from collections import Counter
from dataclasses import dataclass, field

from ..autograd.engine import Pass, by_number
from ..autograd.graph import AccumulateGrad, Node, gradient_edge, requires_grad
from ..ops.creation import ones_like
from ..tensor import wrap
from .formulas import derivatives, formula


@dataclass
class Event:
    """One node running: what arrived, what it made of it, and for which nodes."""

    number: int
    node: Node
    label: str
    formula: str
    incoming: list = field(default_factory=list)  # a tensor or None for each output of the node
    outgoing: list = field(default_factory=list)  # (input, derivative, target's label, tensor or None) for each edge
    saved: list = field(default_factory=list)
    leaf: object = None  # the leaf, if this is where a gradient is added to one
    reason: str = ""


class Rehearsal(Pass):
    """A backward pass that notes what each node returned."""

    def step(self, node):
        self.returned = None

        def noted(gradients, recording):
            self.returned = type(node).apply(node, gradients, recording)
            return self.returned

        node.apply = noted
        try:
            return super().step(node)
        finally:
            del node.apply


def steps(loss, gradient=None, **names):
    """The events of `loss.backward(gradient)`, one after the other.  `names`: what to call which tensor.

    Raises RuntimeError if loss does not require grad.
    """
    if not requires_grad(loss):
        raise RuntimeError("element 0 of tensors does not require grad and does not have a grad_fn")
    root, device = gradient_edge(loss), loss.device
    start = ones_like(loss) if gradient is None else gradient
    run = Rehearsal([(root, start._data)], recording=False, keep_graph=True, accumulate=False)
    label, total, number = labels(run, names), edges_into(run), 0
    as_tensor = lambda array: None if array is None else wrap(array, device)

    def arrival(leaf, number):
        arrived = [as_tensor(g) for g in run.arrived.get(leaf, [None])]
        ways = "the one edge into it has" if total[leaf] < 2 else f"all {total[leaf]} edges into it have"
        reason = f"{ways} delivered; what came is added to .grad"
        return Event(number, leaf, label[leaf], formula(leaf), arrived, leaf=leaf.variable, reason=reason)

    if type(root[0]) is AccumulateGrad:
        yield arrival(root[0], 1)
    for node in sorted(run.nodes, key=by_number, reverse=True):
        number += 1
        incoming = [as_tensor(g) for g in run.arrived.get(node, [None])]
        saved = [(name, node.value(name, True)) for name in node.plan.names] if hasattr(node, "value") else []
        run.step(node)
        outgoing = [(*given, label[edge[0]], as_tensor(result))
                    for given, edge, result in zip(derivatives(node), node.edges, run.returned or node.edges)
                    if edge is not None and run.returned]
        yield Event(number, node, label[node], formula(node), incoming, outgoing, saved, None, why(node, number))
        for leaf in run.closing.get(node, ()):
            number += 1
            yield arrival(leaf, number)


def edges_into(run):
    """How many edges lead to each leaf."""
    return Counter(edge[0] for node in run.nodes for edge in node.edges if edge is not None)


def why(node, number):
    """Why a node runs now."""
    if number == 1:
        return "it made the result that backward starts from"
    return f"made as number {node.sequence}, the latest of those left: all that used its result came later and has run"


def labels(run, names):
    """What to call each node: its name, numbered if there are several; a leaf by the name given, or its shape."""
    known = {gradient_edge(x)[0]: name for name, x in names.items() if requires_grad(x)}
    found, count = {}, {}
    for node in (*sorted(run.nodes, key=by_number, reverse=True), *run.last):
        if type(node) is AccumulateGrad:
            name = known.get(node) or f"leaf of shape {list(node.variable.shape)}"
        else:
            name = node.name() if node not in known else f"{node.name()}, which made {known[node]}"
        count[name] = count.get(name, 0) + 1
        found[node] = name if count[name] == 1 else f"{name} ({count[name]})"
    return found
