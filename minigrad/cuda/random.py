"""The GPUs' random streams, one for each GPU."""

from .. import random as streams
from ..device import device as as_device
from .devices import available, current_device, device_count

default_generators = ()


def _generator(device):
    where = as_device(device)
    return streams.default_generator_of(as_device("cuda", current_device() if where.index is None else where.index))


def _all():
    return [as_device("cuda", i) for i in range(device_count())]


def manual_seed(seed):
    """Start the current GPU's stream from a seed"""
    if available():
        _generator("cuda").manual_seed(int(seed))


def manual_seed_all(seed):
    """Start every GPU's stream from a seed"""
    for where in _all():
        _generator(where).manual_seed(int(seed))


def seed():
    """Start the current GPU's stream from a seed that nobody chose"""
    if available():
        _generator("cuda").seed()


def seed_all():
    """Start every GPU's stream from one seed that nobody chose"""
    value = None
    for where in _all():
        value = _generator(where).seed() if value is None else _generator(where).manual_seed(value).initial_seed()


def initial_seed():
    """The seed of the current GPU's stream.  Raises AssertionError where there is none."""
    return _generator("cuda").initial_seed()


def get_rng_state(device="cuda"):
    """The state of a GPU's stream, as a tensor of bytes.  Raises AssertionError where there is none."""
    return _generator(device).get_state()


def get_rng_state_all():
    """The states of all GPUs' streams"""
    return [get_rng_state(where) for where in _all()]


def set_rng_state(new_state, device="cuda"):
    """Continue a GPU's stream from a state"""
    if available():
        _generator(device).set_state(new_state)


def set_rng_state_all(new_states):
    """Continue all GPUs' streams from their states"""
    for where, state in zip(_all(), new_states):
        set_rng_state(state, where)
