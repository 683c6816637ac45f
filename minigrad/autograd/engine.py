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

from ..backends import PLACES, backend_of, beside_gradients, plus
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
        self.nodes, self.last = reachable([node for (node, _), _ in roots])
        self.idle = ()  # nodes whose gradient is asked for, and that have not to run for it
        if targets:
            self.nodes, self.last = towards(self.captured, self.nodes, self.last)
            if not accumulate:  # backward runs them, as torch's does, and may find them freed
                self.idle = {node for node in self.captured if self.nodes.get(node) is False}
        self.closing = {}  # node -> the leaves for which it is the last to deliver
        for leaf, node in self.last.items():
            self.closing.setdefault(node, []).append(leaf)
        self.arrived = dict.fromkeys(self.nodes) | dict.fromkeys(self.last)  # node -> the gradients of its outputs, once any
        for (node, number), gradient in roots:
            if node in self.arrived:
                slots = self.arrived[node] = self.arrived[node] or [None] * len(node.outputs)
                slots[number] = gradient if slots[number] is None else plus(slots[number], gradient)

    def run(self):
        """Visit every node once, last made first."""
        previous, mode.enabled = mode.enabled, self.recording
        outer, mode.running = mode.running, self
        closing, (step, finish) = self.closing, beside_gradients(self.arrived, self.step, self.finish)
        try:
            for leaf in closing.get(None, ()):
                finish(leaf)
            for node in sorted(self.nodes, key=by_number, reverse=True):
                step(node)
                if node in closing:
                    for leaf in closing[node]:
                        finish(leaf)
        finally:
            mode.enabled, mode.running = previous, outer

    def step(self, node):
        """Run one node and deliver its results."""
        arrived, recording = self.arrived, self.recording
        gradients = arrived.pop(node)
        if gradients is None or node.hooks is not None or self.captured and node in self.captured:
            results = self.attend(node, gradients)
            if results is None:
                return
        else:
            results = node.apply(gradients, recording)
        if not self.keep_graph:
            node.release()
        for edge, gradient in zip(node.edges, results):
            if edge is None or gradient is None:
                continue
            target, number = edge
            slots = arrived.get(target, False)  # None: nothing came yet; False: takes no part
            if slots is False:
                continue
            outputs = target.outputs
            shape, dtype = outputs[number]
            data = gradient._data if recording else gradient
            if data.shape != shape or data.dtype is not dtype:
                gradient = self.conform(gradient, shape, dtype, node, edge)
            if slots is None:
                if len(outputs) == 1:
                    arrived[target] = [gradient]
                    continue
                slots = arrived[target] = [None] * len(outputs)
            so_far = slots[number]
            slots[number] = gradient if so_far is None else plus(so_far, gradient) if PLACES else so_far + gradient

    def attend(self, node, gradients):
        """The results of a node that has hooks or that the caller asks about, or that nothing arrived at; None if it has
        not to run."""
        gradients = None if gradients is None else self.enter(node, gradients)
        if node in self.idle:
            return None
        if gradients is None:
            return node.without_gradient()
        results = node.apply(gradients, self.recording)
        return results if node.hooks is None else node.hooks.run_after(results, gradients, self.recording)

    def enter(self, node, gradients):
        """Tensor hooks, capture for the caller, and node pre-hooks: what happens before a node runs."""
        runs = self.accumulate if node in self.last else node not in self.idle
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
        return node in self.nodes or node in self.last

    def capture(self, node, gradients):
        for number in self.captured.get(node, ()):
            self.captured[node][number] = gradients[number]

    def finish(self, leaf):
        """Everything has arrived at a leaf."""
        gradients = self.arrived.pop(leaf)
        if gradients is None:
            return
        if leaf.hooks is not None or leaf in self.captured:
            gradients = self.enter(leaf, gradients)
        if gradients is None or not self.accumulate:
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

    def conform(self, gradient, shape, dtype, node, edge):
        """A formula's result brought to the shape and dtype of the input it belongs to, that `edge` of `node` leads to."""
        data = gradient._data if self.recording else gradient
        if data.shape != shape:
            try:
                gradient = sum_to(gradient, shape)
            except (ValueError, RuntimeError, TypeError):
                raise RuntimeError(f"Function {node.name()} returned an invalid gradient at index {node.edges.index(edge)} - "
                                   f"got {list(data.shape)} but expected shape compatible with {list(shape)}") from None
        if dtype is not None and data.dtype != dtype:
            xp = backend_of(data)
            kind = xp.dtype_of_native(dtype)
            gradient = gradient.to(kind) if self.recording else xp.cast(xp.as_array(gradient), kind)
        return gradient


by_number = attrgetter("sequence")


def reachable(roots):
    """The nodes that can be reached -> True, and the leaves -> the earliest made node that leads to them, if any."""
    nodes, last, found = {}, {}, []
    for node in roots:
        if type(node) is AccumulateGrad:
            last.setdefault(node, None)
        elif node not in nodes:
            nodes[node] = True
            found.append(node)
    for node in found:  # which grows meanwhile
        for edge in node.edges:
            if edge is None:
                continue
            if type(target := edge[0]) is AccumulateGrad:
                known = last.get(target)
                if known is None or node.sequence < known.sequence:
                    last[target] = node
            elif target not in nodes:
                if target.ends_here:
                    node.forgo()
                else:
                    nodes[target] = True
                    found.append(target)
    return nodes, last


def towards(targets, nodes, last):
    """Of what can be reached, the part from which a target can be reached, and whether a node has to run for that."""
    on_the_way = {node: False for node in targets if node in nodes}
    wanted = {leaf: None for leaf in targets if leaf in last}
    for node in sorted(nodes, key=by_number):
        for edge in node.edges:
            if edge is not None and (edge[0] in on_the_way or edge[0] in wanted):
                on_the_way[node] = True
                if edge[0] in wanted and wanted[edge[0]] is None:
                    wanted[edge[0]] = node
    return on_the_way, wanted


UNSHARED = 2  # references to an object that only the local variable and getrefcount's own argument hold


def accumulate_grad(variable, gradients, recording):
    """variable.grad += gradients[0]; the first one is kept as it is if nothing else can see its memory."""
    gradient = gradients.pop()
    current = variable._grad
    if recording:
        variable._grad = copy_(empty_like(variable, dtype=gradient.dtype), gradient) if current is None else current + gradient
        return
    xp = backend_of(gradient)
    gradient = gradient if gradient.shape else xp.as_array(gradient)
    if current is not None:
        xp.write(current._data, current._data + gradient)
        current._counter.value += 1
        return
    unshared = sys.getrefcount(gradient) <= UNSHARED and xp.is_fresh(gradient)
    if not unshared or gradient.strides != variable._data.strides:
        given, gradient = gradient, xp.empty_like(variable._data, dtype=gradient.dtype)
        xp.write(gradient, given)
    variable._grad = wrap(gradient, variable.device)
