"""Random numbers: generators and the streams behind them.

`manual_seed(s)` starts every device's default stream; on the CPU the numbers that follow are torch's, bit for bit
(backends/mt19937.py), and on a GPU those of torch's CUDA generator (backends/philox_stream.py).
"""

import contextlib
import secrets

from .backends import forget
from .device import device as as_device
from .device import resolve
from .ops.creation import from_numpy

_default = {}
_chosen = []  # the last seed of manual_seed, from which the streams of devices start that are first used later


class Generator:
    """A random stream of its own: `Generator().manual_seed(0)`, passed as `generator=`."""

    __module__ = "torch._C"

    def __init__(self, device="cpu"):
        self.device = resolve(device)
        self.stream = new_stream(self.device)

    def manual_seed(self, seed):
        """Start the stream anew; returns the generator.  On the CPU only the low 32 bits matter."""
        self.stream.seed(as_seed(seed))
        return self

    def seed(self):
        """Start the stream from a seed that nobody chose; returns it."""
        value = secrets.randbits(63)
        self.manual_seed(value)
        return value

    def initial_seed(self):
        """The seed the stream was started with."""
        return self.stream.initial_seed()

    def get_state(self):
        """The stream's state as a tensor of bytes."""
        return from_numpy(self.stream.get_state())

    def set_state(self, new_state):
        """Continue from a state that get_state gave."""
        self.stream.set_state(new_state.numpy())
        return self

    def get_offset(self):
        """How many words each of a GPU's threads has had.  Raises RuntimeError on the CPU."""
        return self._with_offset().offset

    def set_offset(self, offset):
        """Continue where each of a GPU's threads has had `offset` words.  Raises RuntimeError on the CPU."""
        self._with_offset().set_offset(offset)
        return self

    def _with_offset(self):
        if not hasattr(self.stream, "offset"):
            raise RuntimeError("CPU Generator does not use offset")
        return self.stream

    def clone_state(self):
        """An independent generator in the same state."""
        twin = Generator(self.device)
        twin.stream = self.stream.clone()
        return twin


def new_stream(device):
    """A stream of a device's numbers: the CPU's are the same whatever backend computes them."""
    return device.backend.cpu_stream() if device.type == "cpu" else device.backend.stream()


def as_seed(seed):
    return int(seed)


def default_generator_of(device):
    """The generator that a device uses unless told otherwise."""
    key = device.type, device.index or 0
    found = _default.get(key)
    if found is None:
        found = _default[key] = Generator(device)
        found.manual_seed(_chosen[0]) if _chosen else found.seed()
    return found


def _forget(device_type):
    """The device type has another backend: its generator draws from that one's stream."""
    for (kind, _), generator in _default.items():
        if kind == device_type:
            seed = generator.initial_seed()
            generator.stream = new_stream(generator.device)
            generator.manual_seed(seed)


forget.append(_forget)
default_generator = default_generator_of(as_device("cpu"))


def stream_for(device, generator=None):
    """The stream to draw from for a tensor on `device`."""
    return (generator or default_generator_of(device)).stream


def manual_seed(seed):
    """Start every default stream anew from `seed`, also those that are not there yet; returns the CPU's generator."""
    for generator in _default.values():
        generator.manual_seed(seed)
    _chosen[:] = [seed]
    return default_generator


def seed():
    """Start every default stream from a seed that nobody chose; returns it."""
    value = default_generator.seed()
    manual_seed(value)
    return value


def initial_seed():
    """The seed that the CPU's default stream was started with."""
    return default_generator.initial_seed()


def get_rng_state():
    """The state of the CPU's default stream."""
    return default_generator.get_state()


def set_rng_state(new_state):
    """Continue the CPU's default stream from a state."""
    default_generator.set_state(new_state)


@contextlib.contextmanager
def fork_rng(devices=None, enabled=True, _caller="fork_rng", _devices_kw="devices", device_type="cuda"):
    """Run a block and then put the streams back as they were before it."""
    saved, chosen = {key: generator.get_state() for key, generator in _default.items()}, list(_chosen)
    try:
        yield
    finally:
        if enabled:
            for key in list(_default):
                _default[key].set_state(saved[key]) if key in saved else _default.pop(key)
            _chosen[:] = chosen




def thread_safe_generator():
    """The generator of the worker process of a DataLoader that runs this; here there is none: None, the default one"""
    return None
