"""Random numbers: generators and the streams behind them.

`manual_seed(s)` starts every device's default stream; on the CPU the numbers that follow are torch's, bit for bit
(backends/mt19937.py).
"""

import contextlib
import secrets

from .backends import forget
from .device import device as as_device
from .ops.creation import from_numpy

_default = {}


class Generator:
    """A random stream of its own: `Generator().manual_seed(0)`, passed as `generator=`."""

    __module__ = "torch"

    def __init__(self, device="cpu"):
        self.device = as_device(device)
        self.stream = self.device.backend.stream()

    def manual_seed(self, seed):
        """Start the stream anew; returns the generator.  Only the low 32 bits matter."""
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

    def clone_state(self):
        """An independent generator in the same state."""
        twin = Generator(self.device)
        twin.stream = self.stream.clone()
        return twin


def as_seed(seed):
    return int(seed)


def default_generator_of(device):
    """The generator that a device uses unless told otherwise."""
    key = device.type, device.index or 0
    found = _default.get(key)
    if found is None:
        found = _default[key] = Generator(device)
        found.seed()
    return found



def _forget(device_type):
    """The device type has another backend: its generator draws from that one's stream."""
    for (kind, _), generator in _default.items():
        if kind == device_type:
            seed = generator.initial_seed()
            generator.stream = generator.device.backend.stream()
            generator.manual_seed(seed)


forget.append(_forget)
default_generator = default_generator_of(as_device("cpu"))


def stream_for(device, generator=None):
    """The stream to draw from for a tensor on `device`."""
    return (generator or default_generator_of(device)).stream


def manual_seed(seed):
    """Start every default stream anew from `seed`; returns the CPU's generator."""
    for generator in _default.values():
        generator.manual_seed(seed)
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
    saved = {key: generator.get_state() for key, generator in _default.items()} if enabled else {}
    try:
        yield
    finally:
        for key, state in saved.items():
            _default[key].set_state(state)


