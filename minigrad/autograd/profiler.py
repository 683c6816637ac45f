"""torch.autograd.profiler: which ops ran, how often and for how long.

While a profile is taken, timed functions stand in the place of Op.run and of the steps of backward passes; otherwise nothing is
measured and nothing costs.  The times are those of this library's own ops.
"""

import contextlib
import functools
import json
from time import perf_counter_ns

from ..cuda import synchronize
from ..ops import shortcut
from ..ops.primitive import Op
from ..tensor import Tensor
from .engine import Pass
from .forward_ad import NoTensor
from .profiles import Event, EventList
from .replacing import Mode

# ---- recording ------------------------------------------------------------------------------------------------------


class Recorder:
    """The events of one profile, and those that are under way, outermost first."""

    running = []  # the recorders at work, innermost last

    def __init__(self, shapes):
        self.shapes, self.events, self.open = shapes, [], []

    def start(self, name, operands=()):
        shapes = [list(x.shape) if isinstance(x, Tensor) else [] for x in operands] if self.shapes else []
        event = Event(name, perf_counter_ns(), self.open[-1] if self.open else None, shapes)
        self.events.append(event)
        self.open.append(event)

    def stop(self):
        self.open.pop().end = perf_counter_ns()

    def __enter__(self):
        Recorder.running.append(self)
        self.mode = Mode({place: functools.partial(make, self) for place, make in TIMED.items()})
        self.mode.begin()

    def __exit__(self, *exc):
        Recorder.running.remove(self)
        self.mode.end()


def timed_op(recorder, run):
    @functools.wraps(run)
    def timed(op, operands, options):
        recorder.start(f"aten::{op.name.removesuffix('_arrays')}", operands)
        try:
            return run(op, operands, options)
        finally:
            recorder.stop()

    return timed


def timed_step(recorder, step):
    @functools.wraps(step)
    def timed(self, node):
        recorder.start(f"autograd::engine::evaluate_function: {node.name()}")
        try:
            return step(self, node)
        finally:
            recorder.stop()

    return timed


TIMED = {(shortcut, "Tensor"): lambda recorder, ordinary: NoTensor, (Op, "run"): timed_op, (Pass, "step"): timed_step,
         (Pass, "finish"): timed_step}  # fmt: skip


class record_function(contextlib.ContextDecorator):
    """Give a block, or each call of a function, a name in the profiles that are being taken."""

    def __init__(self, name, args=None):
        self.name, self.args = name, args

    def __enter__(self):
        self.recorders = [*Recorder.running]
        for recorder in self.recorders:
            recorder.start(self.name)
        return self

    def __exit__(self, *exc):
        for recorder in self.recorders:
            if recorder.open:
                recorder.stop()


class profile:
    """A context manager that takes a profile of what runs inside; printed, it is a table of all events."""

    def __init__(self, enabled=True, *, use_cuda=False, use_device=None, record_shapes=False, with_flops=False,
                 profile_memory=False, with_stack=False, with_modules=False, use_kineto=False, use_cpu=True,
                 experimental_config=None, acc_events=False, custom_trace_id_callback=None):  # fmt: skip
        self.enabled, self.record_shapes = enabled, record_shapes
        self.entered, self.function_events = False, None

    def __enter__(self):
        if not self.enabled:
            return None
        if self.entered:
            raise RuntimeError("Profiler context manager is not reentrant")
        self.entered, self.recorder = True, Recorder(self.record_shapes)
        self.recorder.__enter__()
        return self

    def __exit__(self, *exc):
        if self.enabled:
            while self.recorder.open:
                self.recorder.stop()
            self.recorder.__exit__(*exc)
            self.function_events = EventList(self.recorder.events)
        return False

    def finished(self):
        if self.function_events is None:
            raise RuntimeError("Profiler didn't finish running")
        return self.function_events

    def __repr__(self):
        return "<unfinished torch.autograd.profile>" if self.function_events is None else str(self.function_events)

    __str__ = __repr__

    def table(self, *args, **options):
        """All events, one line each"""
        return self.finished().table(*args, **options)

    def key_averages(self, group_by_input_shape=False, group_by_stack_n=0, group_by_overload_name=False):
        """The events of one name taken together"""
        return self.finished().key_averages(group_by_input_shape)

    def total_average(self):
        """All events taken together"""
        return self.finished().total_average()

    def export_chrome_trace(self, path):
        """Write the events to a file that chrome://tracing reads"""
        with open(path, "w") as file:
            json.dump({"traceEvents": [event.traced() for event in self.finished()]}, file)

    @property
    def self_cpu_time_total(self):
        """How many microseconds all took"""
        return self.finished().self_cpu_time_total


class emit_itt(contextlib.nullcontext):
    """Accepted: there is no other profiler to tell of the ops."""

    def __init__(self, enabled=True, record_shapes=False):
        super().__init__()


class emit_nvtx(emit_itt):
    """The same for NVIDIA's tools.  Raises where there is no GPU."""

    def __init__(self, enabled=True, record_shapes=False):
        super().__init__()
        self.enabled = enabled

    def __enter__(self):
        if self.enabled:
            synchronize()
        return self
