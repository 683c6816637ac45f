"""torch.autocast: a block in which torch computes products in a shorter dtype, which minigrad does not.

Switched off, or asked for on a GPU that is not there, it changes nothing, as in torch.  Switched on it is refused:
torch's dtype on the CPU is bfloat16, which NumPy has not.
"""

import functools
import warnings

from .. import cuda
from ..dtypes import bfloat16, float16


class autocast:
    """`with autocast("cpu", enabled=False):`, or a decorator.  Raises NotImplementedError if it is to change anything"""

    def __init__(self, device_type, dtype=None, enabled=True, cache_enabled=None):
        if not isinstance(device_type, str):
            raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
        if enabled and device_type == "cuda" and not cuda.is_available():
            warnings.warn("User provided device_type of 'cuda', but CUDA is not available. Disabling", stacklevel=2)
            enabled = False
        self.device = device_type
        self.fast_dtype = dtype or (float16 if device_type == "cuda" else bfloat16)
        self._enabled = enabled

    def __enter__(self):
        if self._enabled:
            raise NotImplementedError(f"minigrad computes in the dtypes it is given: it cannot cast to {self.fast_dtype} "
                                      f"by itself; use autocast(..., enabled=False)")
        return self

    def __exit__(self, *exc):
        return False

    def __call__(self, func):
        @functools.wraps(func)
        def within(*args, **kwargs):
            with self:
                return func(*args, **kwargs)

        return within


def is_autocast_available(device_type):
    """Whether autocast can be switched on for a device: never"""
    return False


def is_autocast_enabled(device_type=None):
    """Whether autocast is switched on: never"""
    return False


def custom_fwd(fwd=None, *, device_type=None, cast_inputs=None):
    """The forward function of an autograd.Function itself; also a decorator with arguments"""
    return (lambda fwd: fwd) if fwd is None else fwd


def custom_bwd(bwd=None, *, device_type=None):
    """The backward function itself; also a decorator with arguments"""
    return (lambda bwd: bwd) if bwd is None else bwd
