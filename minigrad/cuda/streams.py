"""Streams, in which a GPU computes one thing after another, and events, which mark a moment in one."""

from ..backends import runtime
from .devices import available, number_of


class Stream:
    """A queue of work of a GPU.  Raises RuntimeError where there is none."""

    def __init__(self, device=None, priority=0, **kwargs):
        gpu = available()
        if gpu is None:
            raise RuntimeError("torch.cuda.Stream requires CUDA support")
        self.device_index = number_of(device)
        self.native = gpu.new_stream(self.device_index, priority)

    @classmethod
    def of(cls, native, index):
        """The Stream of a stream of the library's"""
        self = object.__new__(cls)
        self.native, self.device_index = native, index
        return self

    @property
    def cuda_stream(self):
        """The stream's address"""
        return self.native.ptr

    def synchronize(self):
        """Wait until all work of the stream is done"""
        self.native.synchronize()

    def query(self):
        """Whether all work of the stream is done"""
        return self.native.done

    def wait_event(self, event):
        """Let the stream's later work wait for an event"""
        self.native.wait_event(event.native)

    def wait_stream(self, stream):
        """Let the stream's later work wait for what another stream has queued"""
        self.wait_event(stream.record_event())

    def record_event(self, event=None):
        """Mark the present end of the stream's work"""
        event = event or Event()
        event.record(self)
        return event

    def __eq__(self, other):
        return isinstance(other, Stream) and self.cuda_stream == other.cuda_stream

    def __hash__(self):
        return hash(self.cuda_stream)

    def __repr__(self):
        return f"<torch.cuda.Stream device=cuda:{self.device_index} cuda_stream={self.cuda_stream:#x}>"


class Event:
    """A moment in a stream's work.  Raises RuntimeError where there is no GPU."""

    def __init__(self, enable_timing=False, blocking=False, interprocess=False, external=False):
        gpu = available()
        if gpu is None:
            raise RuntimeError("Tried to instantiate dummy base class Event")
        self.native = gpu.new_event(enable_timing, blocking, interprocess)

    def record(self, stream=None):
        """Mark the present end of a stream's work"""
        self.native.record((stream or current_stream()).native)

    def wait(self, stream=None):
        """Let a stream's later work wait for this moment"""
        (stream or current_stream()).wait_event(self)

    def query(self):
        """Whether the moment has come"""
        return self.native.done

    def synchronize(self):
        """Wait for the moment"""
        self.native.synchronize()

    def elapsed_time(self, end_event):
        """Milliseconds from this moment to another"""
        return runtime().elapsed_ms(self.native, end_event.native)


class StreamContext:
    """`with stream(s)`: work is queued in s for a block; None changes nothing"""

    def __init__(self, stream):
        self.stream, self.previous = stream, None

    def __enter__(self):
        if self.stream is not None:
            self.previous = current_stream()
            set_stream(self.stream)

    def __exit__(self, *exc):
        if self.stream is not None:
            set_stream(self.previous)


def stream(stream):
    """Queue work in a stream for a block"""
    return StreamContext(stream)


def set_stream(stream):
    """Queue work in a stream from now on"""
    if stream is not None:
        stream.native.use()


def current_stream(device=None):
    """The stream in which work is queued.  Raises AssertionError without a GPU."""
    gpu = runtime()
    index = number_of(device)
    return Stream.of(gpu.current_stream(index), index)


def default_stream(device=None):
    """The stream that a GPU starts with.  Raises AssertionError without a GPU."""
    gpu = runtime()
    index = number_of(device)
    return Stream.of(gpu.default_stream(), index)
