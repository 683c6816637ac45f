"""Backward: from results to leaves along the graph.

1. Collect the nodes that can be reached from the roots (and, if gradients are asked for certain tensors, that lie on a
   way to them).
2. Run them in descending sequence number.  A node is made after the nodes it points to, so everything that flows into
   it has arrived by then.  An AccumulateGrad runs as soon as the last edge into it has delivered.
3. Each gradient is dropped once it is consumed, each node's saved values once it has run.

Ordinarily gradients are plain arrays and nothing is recorded.  Under create_graph=True they are Tensors, the very same
formulas record, and the result can be differentiated again.
"""

import sys

from ..backends import backend_of
from ..ops.pointwise import add
from ..ops.shape import clone, sum_to
from ..tensor import wrap
from .graph import AccumulateGrad
from .modes import mode


class Pass:
    """One backward pass: what has arrived where, and which nodes take part.

    `targets` are edges whose gradients are captured; `accumulate` says whether leaves add to their .grad.
    """

    def __init__(self, roots, targets=(), *, recording, keep_graph, accumulate):
        self.recording, self.keep_graph, self.accumulate = recording, keep_graph, accumulate
        self.captured = {}
        for node, number in targets:
            self.captured.setdefault(node, {})[number] = None
        self.arrived = {}
        reachable = _reachable([node for (node, _), _ in roots])
        self.visited = _towards(self.captured, reachable) if targets else reachable
        self.pending = _edges_into_leaves(self.visited)
        for (node, number), gradient in roots:
            if node in self.visited:
                self.deliver(node, number, gradient)

    def run(self):
        """Visit every node once, last made first."""
        previous, mode.enabled = mode.enabled, self.recording
        try:
            for leaf in [node for node in self.arrived if not self.pending.get(node, 1)]:
                self.finish(leaf, self.arrived.pop(leaf))
            for node in sorted((n for n in self.visited if type(n) is not AccumulateGrad), key=_by_number):
                for leaf in self.step(node):
                    self.finish(leaf, self.arrived.pop(leaf, None))
        finally:
            mode.enabled = previous

    def step(self, node):
        """Run one node and pass its results on; returns the leaves to which everything has been delivered now."""
        gradients = self.enter(node, self.arrived.pop(node, None))
        if not self.visited[node]:
            return ()
        if gradients is None:
            results = [None] * len(node.edges)
        else:
            results = self.apply(node, gradients)
        if not self.keep_graph:
            node.release()
        return self.pass_on(node, results)

    def enter(self, node, gradients):
        """Tensor hooks, capture for the caller, and node pre-hooks: what happens before a node runs."""
        if gradients is None:
            return None
        if node.hooks is not None:
            gradients = node.hooks.run_tensor(gradients, self.recording, node)
        if node in self.captured:
            for number in self.captured[node]:
                self.captured[node][number] = gradients[number]
        if node.hooks is not None and self.visited[node]:
            gradients = node.hooks.run_before(gradients, self.recording, node)
        return gradients

    def apply(self, node, gradients):
        results = node.apply(gradients, self.recording)
        if node.hooks is not None:
            results = node.hooks.run_after(results, gradients, self.recording, node)
        return results

    def pass_on(self, node, results):
        complete = []
        for edge, gradient in zip(node.edges, results, strict=True):
            if edge is None or edge[0] not in self.visited:
                continue
            target, number = edge
            if gradient is not None:
                self.deliver(target, number, conform(gradient, target.outputs[number], node, self.recording))
            if type(target) is AccumulateGrad:
                self.pending[target] -= 1
                if not self.pending[target]:
                    complete.append(target)
        return complete

    def deliver(self, node, number, gradient):
        """Add to what has arrived at an output of `node`; never into an array that is not ours."""
        slots = self.arrived.get(node)
        if slots is None:
            slots = self.arrived[node] = [None] * len(node.outputs)
        slots[number] = gradient if slots[number] is None else add(slots[number], gradient)

    def finish(self, leaf, gradients):
        """Everything has arrived at a leaf."""
        gradients = self.enter(leaf, gradients)
        if gradients is None or gradients[0] is None or not self.accumulate:
            return
        accumulate_grad(leaf.variable, gradients, self.recording)
        if leaf.hooks is not None:
            leaf.hooks.run_after((), (), self.recording, leaf)


def _by_number(node):
    return -node.sequence


def _reachable(roots):
    found = dict.fromkeys(roots, True)
    stack = list(found)
    while stack:
        for edge in stack.pop().edges:
            if edge is not None and edge[0] not in found:
                found[edge[0]] = True
                stack.append(edge[0])
    return found


def _towards(targets, reachable):
    """The reachable nodes from which a target can be reached, with whether they have to run for that."""
    found = {node: False for node in targets if node in reachable}
    for node in sorted((n for n in reachable if type(n) is not AccumulateGrad), key=_by_number, reverse=True):
        if any(edge is not None and edge[0] in found for edge in node.edges):
            found[node] = True
    return found


def _edges_into_leaves(visited):
    """How many edges will deliver to each AccumulateGrad."""
    count = {node: 0 for node in visited if type(node) is AccumulateGrad}
    for node, runs in visited.items():
        if runs:
            for edge in node.edges:
                if edge is not None and edge[0] in count:
                    count[edge[0]] += 1
    return count


def conform(gradient, output, node, recording):
    """A formula's result brought to the shape and dtype of the input it belongs to."""
    shape, dtype = output
    data = gradient._data if recording else gradient
    if data.shape != shape:
        try:
            gradient = sum_to(gradient, shape)
        except (ValueError, RuntimeError):
            raise RuntimeError(f"Function {node.name()} returned an invalid gradient at index 0 - got "
                               f"{list(data.shape)} but expected shape compatible with {list(shape)}") from None
        data = gradient._data if recording else gradient
    if data.dtype != dtype:
        xp = backend_of(data)
        gradient = gradient.to(xp.dtype_of_native(dtype)) if recording else xp.as_array(data).astype(dtype)
    return gradient


UNSHARED = 2  # references to an object that only the local variable and getrefcount's own argument hold


def accumulate_grad(variable, gradients, recording):
    """variable.grad += gradients[0]; the first one is kept as it is if nothing else can see its memory."""
    gradient = gradients.pop()
    current = variable._grad
    if recording:
        variable._grad = clone(gradient) if current is None else add(current, gradient)
        return
    xp = backend_of(gradient)
    if current is not None:
        xp.write(current._data, current._data + gradient)
        current._counter.value += 1
        return
    unshared = sys.getrefcount(gradient) <= UNSHARED and xp.is_fresh(gradient)
    if not unshared or gradient.strides != variable._data.strides:
        given, gradient = gradient, xp.empty_like(variable._data)
        xp.write(gradient, given)
    variable._grad = wrap(gradient, variable.device)
