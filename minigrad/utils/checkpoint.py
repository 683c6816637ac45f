"""torch.utils.checkpoint: save memory by forgetting what a function saved, and running the function again in backward.

Two ways.  `use_reentrant=False`: hooks on saved values keep a placeholder for each; the first one that backward asks
for makes the function run again, and what is then saved, in the same order, fills the placeholders.
`use_reentrant=True`: one node (CheckpointFunction) runs the function unrecorded, and in its backward runs it again,
recorded, and goes backward through that.
"""

import contextlib
import warnings
import weakref

from .. import cuda
from ..autograd import Function
from ..autograd.backward import backward
from ..autograd.graph import Node, SavedTensor, saved_tensors_hooks
from ..autograd.modes import enable_grad, mode, no_grad
from ..random import fork_rng, get_rng_state, set_rng_state
from ..tensor import Tensor
from ._pytree import tree_flatten

MISSING = ("torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly. Starting in PyTorch 2.9, "
           "calling checkpoint without use_reentrant will raise an exception. use_reentrant=False is recommended, but "
           "if you need to preserve the current default behavior, you can pass use_reentrant=True. Refer to docs for "
           "more details on the differences between the two variants.")
MISSING_SEQUENTIAL = ("torch.utils.checkpoint.checkpoint_sequential: the use_reentrant parameter should be passed "
                      "explicitly. In version 2.9 we will raise an exception if use_reentrant is not passed. "
                      "use_reentrant=False is recommended, but if you need to preserve the current default behavior, "
                      "you can pass use_reentrant=True. Refer to docs for more details on the differences between "
                      "the two variants.")
INCOMPATIBLE = ("When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or passing an `inputs` "
                "parameter to .backward(). To resolve this error, you can either set use_reentrant=False, or call "
                ".backward() without passing the `inputs` argument.")
TIP = """.

Tip: To see a more detailed error message, either pass `debug=True` to
`torch.utils.checkpoint.checkpoint(...)` or wrap the code block
with `with torch.utils.checkpoint.set_checkpoint_debug_enabled(True):` to
enable checkpoint\N{NON-BREAKING HYPHEN}debug mode globally.

If this error occurs under torch.compile with automatic_dynamic_shapes enabled,
it may be because the recomputation selected a different compiled graph than the
forward pass (e.g., a dynamic graph instead of the original static graph).
To fix this, either:
  - Use torch._dynamo.mark_dynamic() to explicitly mark varying dimensions as
    dynamic upfront, avoiding the static-to-dynamic transition.
  - Call torch._C._dynamo.eval_frame._set_lru_cache(False) to disable LRU cache
    reordering, which can change which graph is checked first between forward
    and recompute.
See https://github.com/pytorch/pytorch/issues/166926 for more details and
workaround examples.
"""


class CheckpointError(RuntimeError):
    """Running the function again did not save the same things."""


class Settings:
    early_stop = True
    debug = None


@contextlib.contextmanager
def _setting(name, value):
    previous = getattr(Settings, name)
    setattr(Settings, name, value)
    try:
        yield
    finally:
        setattr(Settings, name, previous)


def set_checkpoint_early_stop(enable):
    """Under this context, running again stops (True) or goes on (False) once all that was saved is there again."""
    return _setting("early_stop", enable)


def set_checkpoint_debug_enabled(enabled):
    """Accepted; errors carry no trace of the ops."""
    return _setting("debug", enabled)


def noop_context_fn():
    return contextlib.nullcontext(), contextlib.nullcontext()


def checkpoint(function, *args, use_reentrant=None, context_fn=noop_context_fn, determinism_check="default",
               debug=False, early_stop=True, **kwargs):  # fmt: skip
    """function(*args, **kwargs), whose saved values are not kept but computed again in backward."""
    if use_reentrant is None:
        warnings.warn(MISSING, stacklevel=2)
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    if use_reentrant:
        if kwargs:
            raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
        if context_fn is not noop_context_fn or debug is not False:
            raise ValueError("Passing `context_fn` or `debug` is only supported when use_reentrant=False.")
        return CheckpointFunction.apply(function, preserve, *args)
    if determinism_check not in ("default", "none"):
        raise ValueError(f"determinism_check should be one of ['default', 'none'], but got {determinism_check}")
    if not mode.enabled:
        return function(*args, **kwargs)
    frame = Frame(function, args, kwargs, preserve, context_fn, determinism_check, early_stop and Settings.early_stop)
    with frame.forward_context, saved_tensors_hooks(frame.pack, frame.unpack):
        return function(*args, **kwargs)


def checkpoint_sequential(functions, segments, input, use_reentrant=None, **kwargs):
    """The functions one after the other, in `segments` checkpoints of which the last is an ordinary call."""
    if use_reentrant is None:
        warnings.warn(MISSING_SEQUENTIAL, stacklevel=2)
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    if kwargs:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
    functions = list(functions.children()) if hasattr(functions, "children") else functions
    size = len(functions) // segments
    end = 0
    for start in range(0, size * (segments - 1), size):
        end = start + size
        part = _chain(functions[start:end])
        input = checkpoint(part, input, use_reentrant=use_reentrant, preserve_rng_state=preserve)
    return _chain(functions[end:])(input)


def _chain(functions):
    def chain(input):
        for function in functions:
            input = function(input)
        return input

    return chain


def _again(function, args, kwargs, rng):
    """Run with the random numbers of the first time, if `rng` is its state then."""
    if rng is None:
        return function(*args, **kwargs)
    with fork_rng():
        set_rng_state(rng)
        return function(*args, **kwargs)


class DefaultDeviceType:
    """The kind of device whose random numbers are meant where nothing says so: "cuda" where there is one."""

    chosen = None

    @staticmethod
    def set_device_type(device="cuda"):
        DefaultDeviceType.chosen = device

    @staticmethod
    def get_device_type():
        return DefaultDeviceType.chosen or ("cuda" if cuda.is_available() else "cpu")


def get_device_states(*args):
    """The devices beside the CPU where the tensors among the arguments are, and the states of their random numbers"""
    tensors = [x for x in tree_flatten(args)[0] if isinstance(x, Tensor)]
    devices = [x.get_device() for x in tensors if x.device.type not in ("cpu", "meta")]
    return devices, [cuda.get_rng_state(device) for device in devices]


def set_device_states(devices, states, *, device_type=None):
    """Give devices back the states of their random numbers."""
    for device, state in zip(devices, states, strict=False):
        cuda.set_rng_state(state, device)


# ---- use_reentrant=False --------------------------------------------------------------------------------------------


class Placeholder:
    """Stands for one saved value: its number among all, in the order of saving."""

    def __init__(self, number, tensor):
        self.number = number
        self.described = _description(tensor)


class Complete(Exception):
    """Everything needed has been computed again."""


class InputsOfCheckpoint(Node):
    """The node in whose name the arguments are kept, for the error text if one of them is overwritten."""

    def name(self):
        return "_NoopSaveInputsBackward"


INPUTS = InputsOfCheckpoint((), None)


class Frame:
    """One checkpointed call: its arguments, the placeholders, and what was computed again in which backward pass."""

    def __init__(self, function, args, kwargs, preserve, context_fn, determinism_check, early_stop):
        self.function, self.kwargs = function, kwargs
        self.args = [SavedTensor(x) if isinstance(x, Tensor) else x for x in args]
        self.rng = get_rng_state() if preserve else None
        self.forward_context, self.recompute_context = context_fn()
        self.checks, self.early_stop = determinism_check == "default", early_stop
        self.placeholders = []  # weak references: what no graph needs any more need not be computed
        self.values, self.done_for = weakref.WeakKeyDictionary(), None

    def pack(self, tensor):
        placeholder = Placeholder(len(self.placeholders), tensor)
        self.placeholders.append(weakref.ref(placeholder))
        return placeholder

    def unpack(self, placeholder):
        if mode.running is None or self.done_for is None or self.done_for() is not mode.running:
            self.recompute()
            self.done_for = None if mode.running is None else weakref.ref(mode.running)
        return self.values[placeholder]

    def recompute(self):
        """Run the function again and give each placeholder its value.  Raises CheckpointError if they do not match."""
        self.values.clear()
        saved = []

        def keep(tensor):
            saved.append(_description(tensor))
            placeholder = self.placeholders[len(saved) - 1]() if len(saved) <= len(self.placeholders) else None
            if placeholder is not None:
                self.values[placeholder] = tensor.detach()
            if self.early_stop and len(saved) == len(self.placeholders):
                raise Complete
            return tensor

        args = [x.tensor(INPUTS) if isinstance(x, SavedTensor) else x for x in self.args]
        with enable_grad(), self.recompute_context, saved_tensors_hooks(keep, lambda tensor: tensor):
            with contextlib.suppress(Complete):
                _again(self.function, args, self.kwargs, self.rng)
        self.compare(saved)

    def compare(self, saved):
        if len(saved) != len(self.placeholders):
            raise CheckpointError(f"torch.utils.checkpoint: A different number of tensors was saved during the "
                                  f"original forward and recomputation.\nNumber of tensors saved during forward: "
                                  f"{len(self.placeholders)}\nNumber of tensors saved during recomputation: "
                                  f"{len(saved)}{TIP}")
        before = [reference() for reference in self.placeholders]
        wrong = [f"tensor at position {p.number}:\nsaved metadata: {p.described}\nrecomputed metadata: {found}\n"
                 for p, found in zip(before, saved) if p is not None and p.described != found]
        if wrong and self.checks:
            raise CheckpointError(f"torch.utils.checkpoint: Recomputed values for the following tensors have different "
                                  f"metadata than during the forward pass.\n{''.join(wrong)}{TIP}")


def _description(tensor):
    return {"shape": tensor.shape, "dtype": tensor.dtype, "device": tensor.device}


# ---- use_reentrant=True ---------------------------------------------------------------------------------------------


def check_backward_validity(inputs):
    """Warn if no input requires grad: then nothing will reach the parameters that the function uses."""
    if not any(x.requires_grad for x in inputs if isinstance(x, Tensor)):
        warnings.warn("None of the inputs have requires_grad=True. Gradients will be None", stacklevel=4)


def detach_variable(inputs):
    """The inputs, tensors cut off from the graph but requiring grad if they did."""
    return tuple([x.detach().requires_grad_(x.requires_grad) if isinstance(x, Tensor) else x for x in inputs])


class CheckpointFunction(Function):
    """A call of a function as one node, which goes back through it by running it once more."""

    @staticmethod
    def forward(ctx, function, preserve, *args):
        check_backward_validity(args)
        ctx.function = function
        ctx.rng = get_rng_state() if preserve else None
        ctx.others = [None if isinstance(x, Tensor) else x for x in args]
        ctx.save_for_backward(*[x if isinstance(x, Tensor) else None for x in args])
        with no_grad():
            return function(*args)

    @staticmethod
    def backward(ctx, *grads):
        if mode.running is not None and (mode.running.captured or not mode.running.accumulate):
            raise RuntimeError(INCOMPATIBLE)
        inputs = [other if x is None else x for x, other in zip(ctx.saved_tensors, ctx.others)]
        detached = detach_variable(inputs)
        with enable_grad():
            outputs = _again(ctx.function, detached, {}, ctx.rng)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        pairs = [(y, g) for y, g in zip(outputs, grads) if isinstance(y, Tensor) and y.requires_grad]
        if not pairs:
            raise RuntimeError("none of output has requires_grad=True, this checkpoint() is not necessary")
        backward(*zip(*pairs))
        return None, None, *[x.grad if isinstance(x, Tensor) else None for x in detached]
