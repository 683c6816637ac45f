"""What a user's Function does with tangents: its static method `jvp(ctx, *tangents)` says."""

import functools

from ..ops.creation import zeros_like
from ..tensor import Tensor
from .tangents import active, alone

IN_PLACE = ("An inplace custom Function is not modifying the forward mode gradients inplace. If the forward is modifying an "
            "input inplace, then the jvp function must modify the corresponding gradient inplace.")
AS_IS = ("An inplace custom Function is not returning the forward mode gradients as-is. If the forward is modifying an input "
         "inplace, then the jvp function must modify the gradient inplace and return it as-is.")
NO_VIEW = "A custom Function's forward is returning a view (or an input as-is) but the jvp is not returning a view."
OTHER_BASE = ("A custom Function is returning a view but the jvp is not returning a view of the same base as the given grad "
              "input.")


def apart(forward):
    """function._forward: what the user's forward computes has no tangents"""

    @functools.wraps(forward)
    def run(cls, node, inputs):
        with alone():
            return forward(cls, node, inputs)

    return run


def pushing(outputs):
    """function._outputs, after which the user's jvp is asked for the tangents of the outputs"""

    @functools.wraps(outputs)
    def found(node, inputs, results, recording):
        dirty, constant = node.dirty_tensors, node.non_differentiable
        given = outputs(node, inputs, results, recording)
        level = active()
        tangents = level and level.tangents(inputs)
        if tangents:
            with alone():
                push(level, node, inputs, results, given, tangents, dirty, constant)
        return given

    return found


def push(level, node, inputs, results, found, tangents, dirty, constant):
    """Let the outputs `found`, which forward returned as `results`, have the tangents that jvp returns."""
    tangents = [filled(node, x, t) for x, t in zip(inputs, tangents)]
    versions = [None if t is None else t._version for t in tangents]
    returned = type(node).function.jvp(node, *tangents)
    returned = returned if isinstance(returned, tuple) else (returned,)
    for i, t in enumerate(returned):
        if t is not None and not isinstance(t, Tensor):
            raise RuntimeError(f"expected Variable or None (got {type(t).__name__}) for grad output {i}.")
    if len(returned) != len(found):
        raise RuntimeError(f"Function's jvp returned an invalid number of forward gradients (expected {len(found)} but got "
                           f"{len(returned)})")
    for i, (raw, out, t) in enumerate(zip(results, found, returned)):
        if not isinstance(out, Tensor):
            continue
        if not out.is_floating_point() or any(raw is x for x in constant):
            if t is not None:
                raise RuntimeError(f"Function's jvp returned a gradient at position {i}, but  the corresponding forward output "
                                   f"is not a differentiable Tensor.You should return None at that position instead.")
            continue
        place = next((j for j, x in enumerate(inputs) if x is raw), None)
        if place is not None and any(raw is x for x in dirty):
            written(level, out, t, tangents[place], versions[place])
        else:
            check_view(inputs, out, t, tangents)
            level.give(out, t)


def filled(node, x, tangent):
    """A tangent as jvp is given it: zeros if there is none, unless forward asked for None."""
    if tangent is not None or not isinstance(x, Tensor) or not x.is_floating_point() or not node.materialize_grads:
        return tangent
    return zeros_like(x.detach())


def written(level, out, tangent, given, version):
    """An input that forward changed in place: its tangent must have been changed, too, and returned."""
    if tangent is None or given is None or tangent._version == version:
        raise RuntimeError(IN_PLACE)
    if tangent is not given:
        raise RuntimeError(AS_IS)
    if level.tangent(out) is None:
        level.overwrite(out, tangent)


def check_view(inputs, out, tangent, given):
    """Raise RuntimeError unless the tangent of a view is a view, and likewise of the tangent."""
    view = out._view
    source = [i for i, x in enumerate(inputs) if isinstance(x, Tensor) and x._counter is out._counter]
    if view is not None and source:
        if tangent is None:
            raise RuntimeError("cannot call get_autograd_meta() on undefined tensor")
        if tangent._view is None:
            raise RuntimeError(NO_VIEW)
        if tangent._counter is not given[source[0]]._counter:
            raise RuntimeError(OTHER_BASE)
    if tangent is None:
        raise RuntimeError("Expected both tensor and its forward grad to be floating point or complex")
