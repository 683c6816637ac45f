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
from operator import attrgetter

from ..backends import backend_of
from ..ops.creation import empty_like
from ..ops.shape import sum_to
from ..tensor import wrap
from .graph import AccumulateGrad
from .inplace import copy_
from .joint_hooks import LEAF_ASKED
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
        self.nodes, self.pending = reachable([node for (node, _), _ in roots])
        if targets:
            self.nodes, self.pending = towards(self.captured, self.nodes, self.pending)
            if accumulate:  # as in torch, an inner node whose gradient is asked for runs, and may find itself freed
                self.nodes |= {node: True for node in self.captured if node in self.nodes}
        self.arrived = {}
        for (node, number), gradient in roots:
            if node in self.nodes or node in self.pending:
                self.deliver(node, number, gradient)

    def run(self):
        """Visit every node once, last made first."""
        previous, mode.enabled = mode.enabled, self.recording
        outer, mode.running = mode.running, self
        try:
            for leaf in [leaf for leaf in self.arrived if self.pending.get(leaf) == 0]:
                self.finish(leaf)
            for node in sorted(self.nodes, key=by_number, reverse=True):
                for leaf in self.step(node):
                    self.finish(leaf)
        finally:
            mode.enabled, mode.running = previous, outer

    def step(self, node):
        """Run one node and deliver its results; returns the leaves for which nothing more will come."""
        gradients = self.arrived.pop(node, None)
        if node.hooks is not None or node in self.captured:
            gradients = self.enter(node, gradients)
        if not self.nodes[node]:
            return ()
        if gradients is None:
            results = node.without_gradient()
        else:
            results = node.apply(gradients, self.recording)
            if node.hooks is not None:
                results = node.hooks.run_after(results, gradients, self.recording)
        if not self.keep_graph:
            node.release()
        complete, pending, arrived = (), self.pending, self.arrived
        for edge, gradient in zip(node.edges, results, strict=True):
            if edge is None:
                continue
            target, number = edge
            if target in pending:
                pending[target] -= 1
                if pending[target] == 0:
                    complete = (*complete, target)
            elif target not in self.nodes:
                continue
            if gradient is not None:
                outputs = target.outputs
                shape, dtype = outputs[number]
                data = gradient._data if self.recording else gradient
                if data.shape != shape or data.dtype is not dtype:
                    gradient = self.conform(gradient, shape, dtype, node)
                if len(outputs) == 1 and target not in arrived:
                    arrived[target] = [gradient]
                else:
                    self.deliver(target, number, gradient)
        return complete

    def enter(self, node, gradients):
        """Tensor hooks, capture for the caller, and node pre-hooks: what happens before a node runs."""
        if gradients is None:
            return None
        runs = self.nodes.get(node, self.accumulate)
        if runs and not self.accumulate:
            self.capture(node, gradients)  # torch's order: autograd.grad sees an inner gradient before its hooks
        if node.hooks is not None:
            gradients = node.hooks.run_tensor(gradients, self.recording)
        if not runs or self.accumulate:
            self.capture(node, gradients)
        if node.hooks is not None and runs:
            gradients = node.hooks.run_before(gradients, self.recording)
            if all(g is None for g in gradients):
                return None
        return gradients

    def will_reach(self, node):
        """Whether `node` takes part in this pass, and so do the hooks on it.  Raises RuntimeError for captured leaves."""
        if node.ends_here and node in self.captured and not self.accumulate:
            raise RuntimeError(LEAF_ASKED)
        return node in self.nodes or node in self.pending

    def capture(self, node, gradients):
        for number in self.captured.get(node, ()):
            self.captured[node][number] = gradients[number]

    def deliver(self, node, number, gradient):
        """Add to what has arrived at an output of `node`; never into an array that is not ours."""
        slots = self.arrived.get(node)
        if slots is None:
            slots = self.arrived[node] = [None] * len(node.outputs)
        slots[number] = gradient if slots[number] is None else slots[number] + gradient

    def finish(self, leaf):
        """Everything has arrived at a leaf."""
        gradients = self.arrived.pop(leaf, None)
        if leaf.hooks is not None or leaf in self.captured:
            gradients = self.enter(leaf, gradients)
        if gradients is None or gradients[0] is None or not self.accumulate:
            return
        if leaf.moved:
            raise RuntimeError("leaf variable has been moved into the graph interior")
        variable, hooks = leaf.variable, leaf.hooks
        given = None if hooks is None else list(gradients)
        if variable._edge is not None:
            accumulate_grad(variable, gradients, self.recording)
        if hooks is not None:
            hooks.run_accumulated(variable)
            hooks.run_after((), given, self.recording)

    def conform(self, gradient, shape, dtype, node):
        """A formula's result brought to the shape and dtype of the input it belongs to."""
        data = gradient._data if self.recording else gradient
        if data.shape != shape:
            try:
                gradient = sum_to(gradient, shape)
            except (ValueError, RuntimeError, TypeError):
                raise RuntimeError(f"Function {node.name()} returned an invalid gradient at index 0 - got "
                                   f"{list(data.shape)} but expected shape compatible with {list(shape)}") from None
        if data.dtype != dtype:
            xp = backend_of(data)
            kind = xp.dtype_of_native(dtype)
            gradient = gradient.to(kind) if self.recording else xp.cast(xp.as_array(gradient), kind)
        return gradient


by_number = attrgetter("sequence")


def reachable(roots):
    """The nodes that can be reached -> True, and the leaves -> how many edges lead to them."""
    nodes, leaves, stack = {}, {}, []
    for node in roots:
        if type(node) is AccumulateGrad:
            leaves.setdefault(node, 0)
        elif node not in nodes:
            nodes[node] = True
            stack.append(node)
    while stack:
        for edge in stack.pop().edges:
            if edge is None:
                continue
            node = edge[0]
            if type(node) is AccumulateGrad:
                leaves[node] = leaves.get(node, 0) + 1
            elif node not in nodes:
                nodes[node] = True
                stack.append(node)
    return nodes, leaves


def towards(targets, nodes, leaves):
    """Of what can be reached, the part from which a target can be reached, and whether a node has to run for that."""
    on_the_way = {node: False for node in targets if node in nodes}
    wanted = {leaf: 0 for leaf in targets if leaf in leaves}
    for node in sorted(nodes, key=by_number):
        leads = [edge for edge in node.edges if edge is not None and (edge[0] in on_the_way or edge[0] in wanted)]
        if leads:
            on_the_way[node] = True
            for leaf, _ in leads:
                if leaf in wanted:
                    wanted[leaf] += 1
    return on_the_way, wanted


UNSHARED = 2  # references to an object that only the local variable and getrefcount's own argument hold


def accumulate_grad(variable, gradients, recording):
    """variable.grad += gradients[0]; the first one is kept as it is if nothing else can see its memory."""
    gradient = gradients.pop()
    current = variable._grad
    if recording:
        variable._grad = copy_(empty_like(variable), gradient) if current is None else current + gradient
        return
    xp = backend_of(gradient)
    gradient = xp.as_array(gradient)
    if current is not None:
        xp.write(current._data, current._data + gradient)
        current._counter.value += 1
        return
    unshared = sys.getrefcount(gradient) <= UNSHARED and xp.is_fresh(gradient)
    if not unshared or gradient.strides != variable._data.strides:
        given, gradient = gradient, xp.empty_like(variable._data)
        xp.write(gradient, given)
    variable._grad = wrap(gradient, variable.device)
