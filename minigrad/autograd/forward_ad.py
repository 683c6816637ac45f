"""torch.autograd.forward_ad: dual tensors, and the level inside which they live.

While a level is entered, other functions stand in the place of those by which ops run, write in place and are
differentiated (FORWARD, below); without one nothing is asked and nothing costs.  What the tangents are is said in
tangents.py.
"""

import functools
from typing import NamedTuple

from .. import printing
from ..ops import copying, out, primitive, reduction, sampling, scan, shortcut, spectral
from ..ops.primitive import Op
from ..tensor import Tensor
from . import backward, engine, function, inplace, restriding
from .engine import Pass
from .jvp import apart, pushing
from .modes import _Switch, mode
from .replacing import Mode
from .saved import SavedOutput
from .tangents import ITSELF, Level, active, alone, check_supported, differentiated, linear, primal_of, pushed, tensors

NO_LEVEL = "Trying to create a dual Tensor for forward AD but no level exists, make sure to enter_dual_level() first."
NESTED = "Nested forward mode AD is not supported at the moment"
NOT_LAST = "Trying to exit a forward AD level that was not the last one that was created. This is not supported."
OUT = "Trying to use forward AD with {}_out that does not support it because it is an out= function"


class UnpackedDualTensor(NamedTuple):
    """A tensor without its tangent, and the tangent or None."""

    primal: Tensor
    tangent: Tensor | None


def enter_dual_level():
    """Enter a level, in which tensors can have tangents; returns its number, 0.  Raises RuntimeError inside another."""
    if Level.current is not None:
        raise RuntimeError(NESTED)
    Level.current = Level()
    FORWARD.begin()
    return 0


def exit_dual_level(*, level=None):
    """Leave the level, and forget all tangents.  Raises RuntimeError if none was entered."""
    last = -1 if Level.current is None else 0
    if (last if level is None else level) != last:
        raise RuntimeError(NOT_LAST)
    if last < 0:
        raise RuntimeError("Dual level must be a positive number.")
    Level.current.held.clear()
    Level.current = None
    FORWARD.end()


class dual_level(_Switch):
    """A context manager: the level inside which dual tensors live."""

    def __enter__(self):
        return enter_dual_level()

    def __exit__(self, *exc):
        exit_dual_level()


def make_dual(tensor, tangent, *, level=None):
    """A view of `tensor` that has this tangent, itself if it is laid out alike, else a copy."""
    _check_level(level, "_make_dual")
    for name, x in (("primal", tensor), ("tangent", tangent)):
        if not x.is_floating_point():
            raise ValueError(f"Expected {name} to be floating point or complex, but got: {x.dtype}")
    if Level.current.tangent(tensor) is not None:
        raise RuntimeError("Making a dual Tensor based on a Tensor that already has a forward gradient at the same level 0 "
                           "is not supported.")
    if Level.current.tangent(tangent) is not None:
        raise RuntimeError(ITSELF)
    with alone():
        dual = dual_of(tensor)
        Level.current.give(dual, tangent)
    return dual


def unpack_dual(tensor, *, level=None):
    """A view of `tensor` without its tangent, and the tangent or None"""
    if level is None and Level.current is None or level is not None and level < 0:
        return UnpackedDualTensor(tensor, None)
    if not isinstance(tensor, Tensor):
        raise TypeError(f"_unpack_dual(): argument 'dual' (position 1) must be Tensor, not {type(tensor).__name__}")
    _check_level(level, "_fw_primal")
    return UnpackedDualTensor(primal_of(tensor), active() and active().tangent(tensor))


def _check_level(level, name):
    level = (-1 if Level.current is None else 0) if level is None else level
    if level < 0:
        raise RuntimeError(NO_LEVEL)
    if level or Level.current is None:
        raise RuntimeError(f"Invalid level given to {name}")


@primitive.primitive("ViewBackward0", view="single")
def dual_of(input, /):
    """The same tensor again, as a view"""
    return input[...]


dual_of.vjp(input=lambda g: g)

# ---- while a level is entered: ops ----------------------------------------------------------------------------------


class NoTensor:
    """What the short cuts take for Tensor: as nothing is one, they hand everything to the general way."""


def running(run):
    """Op.run that also gives the results their tangents"""

    @functools.wraps(run)
    def ran(op, operands, options):
        level = active() if op.formulas else None
        tangents = level and level.tangents(differentiated(op, operands))
        if tangents:
            check_supported(op)
        result = run(op, operands, options)
        outputs = (result,) if isinstance(result, Tensor) else result
        if tangents and op.view is None:
            with alone():
                give(level, outputs, pushed(op, operands, options, outputs, tangents))
        elif tangents:
            with alone():
                for x, tangent in zip(outputs, linear(op, operands, options, tangents)):
                    level.hold(x, tangent)
        elif level and op.view is not None and id(operands[0]) in level.held:
            base = level.base(operands[0])
            for x in outputs:
                level.hold(x, None, operands[0] if base is None else base)
        return result

    return ran


def give(level, outputs, tangents):
    """Let the results of an op have their tangents, and what its node saved of them, too."""
    for x, tangent in zip(outputs, tangents):
        if tangent is not None:
            level.give(x, tangent)
    if outputs[0]._edge is not None:
        save(level, outputs[0]._edge[0], tangents)


def save(level, node, tangents):
    """Let what a node saved of its outputs have their tangents."""
    for kept in (node.saved or {}).values():
        if type(kept) is SavedOutput and kept.number < len(tangents):
            kept.tangent = level, tangents[kept.number]


def remembering(tensor):
    """SavedOutput.tensor with the tangent that the output had"""

    @functools.wraps(tensor)
    def remembered(self, node):
        found = tensor(self, node)
        level, tangent = getattr(self, "tangent", (None, None))
        if level is Level.current and tangent is not None and not Level.at_work:
            level.hold(found, tangent)
        return found

    return remembered


def refusing(into):
    """out.into, which refuses duals.  Raises NotImplementedError."""

    @functools.wraps(into)
    def refused(call, name, args, keywords):
        level = active()
        if level is not None and keywords["out"] is not None and level.tangents(tensors((*args, *keywords.values()))):
            raise NotImplementedError(OUT.format(out.RECORDED_AS.get(name, name)))
        return into(call, name, args, keywords)

    return refused


# ---- writing in place -----------------------------------------------------------------------------------------------


def writing(write):
    """inplace.write that also writes over the tangent"""

    @functools.wraps(write)
    def wrote(op, input, operands, options, data):
        level = active()
        tangents = level and level.tangents(differentiated(op, operands))
        if not tangents:
            return write(op, input, operands, options, data)
        check_supported(op)
        with alone():
            before = [x.clone() if isinstance(x, Tensor) and x._counter is input._counter else x for x in operands]
            tangents = [None if t is None else t.clone() for t in tangents]
        write(op, input, operands, options, data)
        with alone():
            (tangent,) = pushed(op, before, options, (input,), tangents)
            level.overwrite(input, tangent)
        edge = (input if input._view is None else input._view.base)._edge
        if edge is not None:
            save(level, getattr(edge[0], "inner", edge[0]), [level.tangent(input)])
        return input

    return wrote


def carrying(function):
    """A function that makes a copy of a tensor without an op; the copy has the tangent too"""

    @functools.wraps(function)
    def carried(input, *args):
        result, level = function(input, *args), active()
        tangent = None if level is None or result is input else level.tangent(input)
        if tangent is not None:
            with alone():
                level.give(result, tangent.to(result.dtype, copy=True))
        return result

    return carried


def taking(take_over):
    """inplace.take_over, which takes the tangent over too"""

    @functools.wraps(take_over)
    def took(input, old, result):
        take_over(input, old, result)
        level = active()
        if level is not None and (level.tangent(input) is not None or level.tangent(result) is not None):
            with alone():
                tangent = level.tangent(result)
                level.overwrite(input, backward.zeros_like(input.detach()) if tangent is None else tangent)
        return input

    return took


def restrided(take_over):
    """restriding.take_over, after which the tangent is looked at likewise"""

    @functools.wraps(take_over)
    def took(input, seen):
        take_over(input, seen)
        level = active()
        if level is not None and level.tangent(seen) is not None:
            level.hold(input, level.tangent(seen))

    return took


def zeroing(rebase_constant):
    """inplace.rebase_constant, which sets the tangent to zero"""

    @functools.wraps(rebase_constant)
    def zeroed(tensor):
        rebase_constant(tensor)
        level = active()
        tangent = level and level.tangent(tensor)
        if tangent is not None:
            with alone():
                tangent.zero_()

    return zeroed


# ---- backward passes: gradients are Tensors, so that they have tangents ---------------------------------------------


def rooted(roots):
    """backward._roots, as tensors whether the pass is recorded or not"""

    @functools.wraps(roots)
    def found(tensors, grads, recording):
        return roots(tensors, grads, recording or active() is not None)

    return found


def opened(init):
    """Pass.__init__ of a pass on Tensors, if it starts from such"""

    @functools.wraps(init)
    def made(self, roots, *args, recording, **keywords):
        self.recorded = recording
        dual = active() is not None and all(isinstance(gradient, Tensor) for _, gradient in roots)
        init(self, roots, *args, recording=recording or dual, **keywords)

    return made


def passing(run):
    """Pass.run, in which every step is recorded only if the pass was to be"""

    @functools.wraps(run)
    def passed(self):
        recorded, step, finish = self.recorded, self.step, self.finish

        def quiet(call):
            def called(place):
                mode.enabled = recorded
                return call(place)

            return called

        self.step, self.finish = quiet(step), quiet(finish)
        try:
            run(self)
        finally:
            del self.step, self.finish

    return passed


def accumulating(accumulate_grad):
    """engine.accumulate_grad, which drops the first tangent and adds in place, unless that is recorded"""

    @functools.wraps(accumulate_grad)
    def accumulated(variable, gradients, recording):
        if mode.enabled or not recording:
            return accumulate_grad(variable, gradients, recording)
        if variable._grad is None:
            return accumulate_grad(variable, [gradients.pop().detach()], recording)
        variable._grad.add_(gradients.pop())

    return accumulated


# ---- switching ------------------------------------------------------------------------------------------------------


def tangent_shown(more):
    """printing.more, with the tangent"""

    @functools.wraps(more)
    def shown(tensor):
        tangent = active() and active().tangent(tensor)
        return more(tensor) if tangent is None else (*more(tensor), ("tangent", tangent))

    return shown


FORWARD = Mode({
    (shortcut, "Tensor"): lambda ordinary: NoTensor, (Op, "run"): running, (SavedOutput, "tensor"): remembering,
    (out, "into"): refusing, (primitive, "into"): refusing, (printing, "more"): tangent_shown,
    (inplace, "write"): writing, (inplace, "before"): carrying, (copying, "owned"): carrying,
    (reduction, "widened"): carrying, (scan, "widened"): carrying, (inplace, "take_over"): taking,
    (spectral, "differentiated"): lambda ordinary: lambda A: True,
    (restriding, "take_over"): restrided, (sampling, "rebase_constant"): zeroing,
    (function, "_forward"): apart, (function, "_outputs"): pushing,
    (backward, "_roots"): rooted, (Pass, "__init__"): opened, (Pass, "run"): passing,
    (engine, "accumulate_grad"): accumulating,
})  # fmt: skip
