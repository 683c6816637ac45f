"""Streams, in which a GPU computes one thing after another, and events, which mark a moment in one."""

from ..backends import runtime
from ..device import device as as_device
from .devices import available, device, number_of, set_device


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
    def device(self):
        """The GPU"""
        return as_device("cuda", self.device_index)

    @property
    def cuda_stream(self):
        """The stream's address"""
        return self.native.ptr

    def synchronize(self):
        """Wait until all work of the stream is done"""
        with device(self.device):
            self.native.synchronize()
        runtime().settle()

    def query(self):
        """Whether all work of the stream is done"""
        with device(self.device):
            return self.native.done

    def wait_event(self, event):
        """Let the stream's later work wait for an event"""
        event.wait(self)

    def wait_stream(self, stream):
        """Let the stream's later work wait for what another stream has queued"""
        self.wait_event(stream.record_event())

    def record_event(self, event=None):
        """Mark the present end of the stream's work"""
        event = event or Event()
        event.record(self)
        return event

    def __eq__(self, other):
        return isinstance(other, Stream) and (self.cuda_stream, self.device) == (other.cuda_stream, other.device)

    def __hash__(self):
        return hash((self.cuda_stream, self.device))

    def __repr__(self):
        return f"<torch.cuda.Stream device={self.device} cuda_stream={self.cuda_stream:#x}>"


def get_stream_from_external(data_ptr, device=None):
    """Another library's stream, by its address.  Raises AssertionError without a GPU."""
    gpu = runtime()
    index = number_of(device)
    return Stream.of(gpu.foreign_stream(data_ptr, index), index)


class Event:
    """A moment in a stream's work: of the GPU whose stream records it first.  Raises RuntimeError where there is no GPU."""

    def __init__(self, enable_timing=False, blocking=False, interprocess=False, external=False):
        if available() is None:
            raise RuntimeError("Tried to instantiate dummy base class Event")
        self.options, self.native, self.device = (enable_timing, blocking, interprocess), None, None

    def record(self, stream=None):
        """Mark the present end of a stream's work.  Raises RuntimeError for a stream of another GPU than before."""
        stream = stream or current_stream()
        with device(stream.device):
            if self.native is None:
                self.native, self.device = runtime().new_event(*self.options), stream.device
            if self.device is not stream.device:
                raise RuntimeError(f"Event device {self.device.index} does not match recording stream's device "
                                   f"{stream.device_index}.")
            self.native.record(stream.native)

    def wait(self, stream=None):
        """Let a stream's later work wait for this moment"""
        stream = stream or current_stream()
        if self.native is not None:
            with device(stream.device):
                stream.native.wait_event(self.native)

    def query(self):
        """Whether the moment has come"""
        return self.native is None or self.native.done

    def synchronize(self):
        """Wait for the moment"""
        if self.native is not None:
            self.native.synchronize()
            runtime().settle()

    def elapsed_time(self, end_event):
        """Milliseconds from this moment to another.  Raises ValueError if that was not kept."""
        if not (self.options[0] and end_event.options[0]):
            raise ValueError("Both events must be created with argument 'enable_timing=True'.")
        if self.native is None or end_event.native is None:
            raise ValueError("Both events must be recorded before calculating elapsed time.")
        return runtime().elapsed_ms(self.native, end_event.native)


class StreamContext:
    """`with stream(s)`: s's GPU is in use, and work is queued in s, for a block; None changes nothing"""

    def __init__(self, stream):
        self.stream, self.previous = stream, ()

    def __enter__(self):
        if self.stream is not None:
            self.previous = current_stream(self.stream.device), current_stream()
            set_stream(self.stream)

    def __exit__(self, *exc):
        if self.stream is not None:
            for previous in self.previous:
                set_stream(previous)


def stream(stream):
    """Queue work in a stream for a block"""
    return StreamContext(stream)


def set_stream(stream):
    """Use a stream's GPU, and queue work in the stream, from now on"""
    if stream is not None:
        set_device(stream.device)
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
