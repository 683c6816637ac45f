"""torch.autograd.enforce_grad_layout_policy: whether the first gradient of a leaf is copied into the layout of the leaf.

While it need not be, another function stands in the place of engine.accumulate_grad.
"""

import sys

from ..backends import backend_of
from ..tensor import wrap
from . import engine
from .modes import _Switch

ordinary = engine.accumulate_grad


def as_it_comes(variable, gradients, recording):
    """engine.accumulate_grad, which keeps a first gradient that nothing else can see, in whatever layout."""
    if recording or variable._grad is not None:
        return ordinary(variable, gradients, recording)
    gradient = gradients.pop()
    if sys.getrefcount(gradient) > engine.UNSHARED:
        return ordinary(variable, [gradient], recording)
    variable._grad = wrap(backend_of(gradient).as_array(gradient), variable.device)


class enforce_grad_layout_policy(_Switch):
    """Switch the policy on or off: at once when called, until the end of the block as a context manager."""

    def __init__(self, enable: bool = True):
        self.mode, self.previous = enable, engine.accumulate_grad
        engine.accumulate_grad = ordinary if enable else as_it_comes

    def __call__(self, function):
        engine.accumulate_grad = self.previous
        return super().__call__(function)

    def __enter__(self):
        pass

    def __exit__(self, *exc):
        engine.accumulate_grad = self.previous

    def clone(self):
        return self.__class__(self.mode)
