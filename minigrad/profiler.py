"""torch.profiler: profiles taken step by step, as a schedule says.  What a profile is: autograd/profiler.py."""

import enum

from .autograd import profiler
from .autograd.profiler import record_function as record_function


class ProfilerActivity(enum.Enum):
    """What to take a profile of: here the CPU, whatever is asked for."""

    CPU, CUDA, XPU, MTIA = range(4)


class ProfilerAction(enum.Enum):
    """What to do in a step."""

    NONE, WARMUP, RECORD, RECORD_AND_SAVE = range(4)


def supported_activities():
    """What a profile can be taken of"""
    return {ProfilerActivity.CPU}


def schedule(*, wait, warmup, active, repeat=0, skip_first=0, skip_first_wait=0):
    """The function from a step's number to what to do in it: wait, warm up, record, and over again `repeat` times"""
    if active <= 0:
        raise AssertionError("Invalid profiler schedule arguments")

    def action(step):
        step -= skip_first
        length = wait + warmup + active
        if skip_first_wait and step >= 0:
            step += wait
        if step < 0 or repeat and step // length >= repeat:
            return ProfilerAction.NONE
        place = step % length
        if place < wait:
            return ProfilerAction.NONE
        if place < wait + warmup:
            return ProfilerAction.WARMUP
        return ProfilerAction.RECORD_AND_SAVE if place == length - 1 else ProfilerAction.RECORD

    return action


def tensorboard_trace_handler(dir_name, worker_name=None, use_gzip=False):
    """The handler that writes each profile to a folder"""

    def handle(prof):
        prof.export_chrome_trace(f"{dir_name}/{worker_name or 'worker'}.{prof.step_num}.pt.trace.json")

    return handle


RECORDING = (ProfilerAction.RECORD, ProfilerAction.RECORD_AND_SAVE)


class profile:
    """A context manager that takes profiles: of all that runs inside, or of the steps that `schedule` picks."""

    def __init__(self, *, activities=None, schedule=None, on_trace_ready=None, record_shapes=False, profile_memory=False,
                 with_stack=False, with_flops=False, with_modules=False, experimental_config=None,
                 execution_trace_observer=None, acc_events=False, use_cuda=None, custom_trace_id_callback=None):  # fmt: skip
        self.schedule = schedule or (lambda step: ProfilerAction.RECORD)
        self.on_trace_ready, self.record_shapes = on_trace_ready, record_shapes
        self.profiler, self.open, self.step_num = None, False, 0

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc):
        self.stop()

    def start(self):
        """Begin with the first step"""
        self.action = self.schedule(self.step_num)
        self.turn()

    def stop(self):
        """End the last step"""
        if self.open:
            self.close(self.on_trace_ready)

    def step(self):
        """End a step, and begin the next"""
        previous, self.step_num = self.action, self.step_num + 1
        self.action = self.schedule(self.step_num)
        if self.open and (previous is ProfilerAction.RECORD_AND_SAVE or self.action not in RECORDING):
            self.close(self.on_trace_ready if previous is ProfilerAction.RECORD_AND_SAVE else None)
        self.turn()

    def turn(self):
        if self.action in RECORDING and not self.open:
            self.profiler, self.open = profiler.profile(record_shapes=self.record_shapes), True
            self.profiler.__enter__()

    def close(self, handler):
        self.open = False
        self.profiler.__exit__(None, None, None)
        if handler is not None:
            handler(self)

    def key_averages(self, *args, **options):
        """The events of one name taken together"""
        return self.profiler.key_averages(*args, **options)

    def events(self):
        """All events"""
        return self.profiler.finished()

    def export_chrome_trace(self, path):
        """Write the events to a file that chrome://tracing reads"""
        self.profiler.export_chrome_trace(path)
