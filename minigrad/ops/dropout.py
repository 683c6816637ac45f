"""Dropout: elements set to zero at random while training, the others scaled up to make up for it."""

from .creation import empty, empty_like
from .pointwise import mul
from .sampling import bernoulli_


def _check_probability(p, error):
    if p < 0.0 or p > 1.0:
        raise error(f"dropout probability has to be between 0 and 1, but got {_number(p)}")


def _number(p):
    return f"{p:g}" if isinstance(p, float) else p


def noise_like(input, p):
    """1 / (1 - p) with probability 1 - p, else 0"""
    return bernoulli_(empty_like(input.detach()), 1 - p).div_(1 - p)


def multiplied(input, noise, inplace):
    return input.mul_(noise) if inplace else mul(input, noise)


def _zero(input):
    return empty((), dtype=input.dtype, device=input.device).zero_()


def dropped(input, p, inplace=False):
    """input with each element set to zero with probability p, the others divided by 1 - p"""
    if p == 0 or not input.numel():
        return input
    return multiplied(input, _zero(input) if p == 1 else noise_like(input, p), inplace)


def dropout(input, p=0.5, training=True, inplace=False):
    """While training, input with elements set to zero with probability p, the others divided by 1 - p"""
    _check_probability(p, ValueError)
    return dropped(input, p, inplace) if training else input
