"""Ops that torch computes but gives no derivative: their node is there, and refuses to run."""

from .primitive import Op
from .rounding import not_implemented


def refusing(function, name):
    """Let `function`, an op, raise RuntimeError in the backward pass; its node leads to what requires grad, and no more."""
    op = function.op
    function.vjp(**{input: not_implemented(name) for input in op.inputs})

    def plan(operands):
        edges, plan = Op.plan(op, operands)
        op.plans.clear()  # the short cut would make an edge for every input
        return tuple([edge for edge in edges if edge is not None]), plan

    op.plan = plan
    op.node_class.name = lambda self: "torch::autograd::NotImplemented"
    return function
