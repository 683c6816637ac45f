"""A module whose parameters nobody initialises."""

import inspect

from ...random import get_rng_state, set_rng_state
from ..modules.module import Module


def skip_init(module_cls, *args, **kwargs):
    """The module; what its parameters hold is left open.  Raises RuntimeError"""
    if not issubclass(module_cls, Module):
        raise RuntimeError(f"Expected a Module; got {module_cls}")
    if "device" not in inspect.signature(module_cls).parameters:
        raise RuntimeError("Module must support a 'device' arg to skip initialization")
    state = get_rng_state()  # nothing is drawn, as far as the program can tell
    module = module_cls(*args, **kwargs)
    set_rng_state(state)
    return module
