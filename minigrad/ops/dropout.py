"""Dropout: elements set to zero at random while training, the others scaled up to make up for it."""

import math
import warnings

from .. import dtypes
from ..random import stream_for
from ..tensor import Tensor
from . import checks
from .creation import empty, empty_like
from .pointwise import add, mul
from .primitive import primitive
from .sampling import bernoulli_
from .shape import squeeze, unsqueeze

# ---- the noise ------------------------------------------------------------------------------------------------------


def _channels(input):
    """The shape of a noise that is the same all over a channel.  Raises RuntimeError without channels."""
    if input.dim() < 2:
        raise RuntimeError("Feature dropout requires at least 2 dimensions in the input")
    return (*input.shape[:2], *(1,) * (input.dim() - 2))


def _kept(input, p, feature):
    """1 with probability 1 - p, else 0; for each element or for each channel"""
    if feature:
        noise = empty(_channels(input), dtype=input.dtype, device=input.device)
    else:
        noise = empty_like(input.detach())
    return bernoulli_(noise, 1 - p)


def _times(input, noise, inplace):
    return input.mul_(noise) if inplace else mul(input, noise)


def _zero(input):
    return empty((), dtype=input.dtype, device=input.device).zero_()


@primitive("NativeDropoutBackward0", outputs=("out", "result1"), differentiable_outputs=1)
def masked_dropout(xp, input, kept, /, p=0.5, train=True):
    """input / (1 - p) where `kept` holds, else 0 (as it is without training); and `kept`"""
    return (xp.copy(input) if train is False else input * kept * _scale(p)), kept


masked_dropout.vjp(input=lambda g, result1, p, train: g * result1 * _scale(p) if train else g * result1)


def _scale(p):
    return 0.0 if p == 1 else 1 / (1 - p)


def native_dropped(input, p, train=True):
    """input with elements set to zero with probability p, the others divided by 1 - p; and which were kept.

    A device's stream may draw that in an order of its own (`keep_`), as torch's on GPUs does.
    """
    kept = empty_like(input.detach(), dtype=dtypes.bool_)
    draw = getattr(stream_for(input.device), "keep_", None)
    if draw and 0 < p < 1 and input.numel():
        draw(kept._data, input._data, 1 - p)
    else:
        bernoulli_(kept, 1 - p)
    return masked_dropout(input, kept, p, train)


def dropped(input, p, inplace=False, feature=False):
    """input with elements (or channels) set to zero with probability p, the others divided by 1 - p"""
    if p == 0 or not input.numel():
        return input
    if p == 1:
        return _times(input, _zero(input), inplace)
    if not inplace and not feature and hasattr(stream_for(input.device), "keep_"):
        return native_dropped(input, p)[0]
    return _times(input, _kept(input, p, feature).div_(1 - p), inplace)


# What alpha dropout puts in place of an element: selu's limit far on the negative side.
LIMIT = 1.7580993408473766


def alpha_dropped(input, p, inplace=False, feature=False):
    """input with elements set to selu's lower limit, then scaled and shifted so that mean and variance stay"""
    if p == 0 or not input.numel():
        return input
    if p == 1:
        return _times(input, _zero(input), inplace)
    noise = _kept(input, p, feature)
    scale = 1 / math.sqrt((LIMIT * LIMIT * p + 1) * (1 - p))
    shift = noise.add(-1).mul_(LIMIT * scale).add_(LIMIT * scale * p)
    noise.mul_(scale)
    return input.mul_(noise).add_(shift) if inplace else add(mul(input, noise), shift)


# ---- the functions --------------------------------------------------------------------------------------------------


def check(p, error=ValueError):
    """Raise `error` if p is no probability"""
    if p < 0.0 or p > 1.0:
        said = f"{p:g}" if error is RuntimeError else p  # as C++ writes numbers
        raise error(f"dropout probability has to be between 0 and 1, but got {said}")


def _check_tensor(name, input):
    if not isinstance(input, Tensor):
        raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {checks.type_name(input)}")


def dropout(input, p=0.5, training=True, inplace=False):
    """While training, input with elements set to zero with probability p, the others divided by 1 - p"""
    check(p)
    _check_tensor("dropout", input)
    return dropped(input, p, inplace) if training else input


def alpha_dropout(input, p=0.5, training=False, inplace=False):
    """dropout that keeps the mean and variance of what selu gives"""
    check(p)
    _check_tensor("alpha_dropout", input)
    return alpha_dropped(input, p, inplace) if training else input


def feature_alpha_dropout(input, p=0.5, training=False, inplace=False):
    """alpha_dropout of whole channels"""
    check(p)
    _check_tensor("feature_alpha_dropout", input)
    return alpha_dropped(input, p, inplace, feature=True) if training else input


def feature_dropped(input, p, training, inplace):
    return dropped(input, p, inplace, feature=True) if training else input


CHANNELS = ("Note that dropout{n}d exists to provide channel-wise dropout on inputs with {n} spatial dimension{s}, a "
            "channel dimension, and an optional batch dimension (i.e. {a}D or {b}D inputs).")  # fmt: skip


def _note(n):
    return CHANNELS.format(n=n, s="s" * (n > 1), a=n + 1, b=n + 2)


def dropout1d(input, p=0.5, training=True, inplace=False):
    """dropout of whole channels of sequences"""
    check(p)
    if input.dim() not in (2, 3):
        raise RuntimeError(f"dropout1d: Expected 2D or 3D input, but received a {input.dim()}D input. {_note(1)}")
    if input.dim() == 3:
        return feature_dropped(input, p, training, inplace)
    return _as_batch(input, p, training, inplace)


def _as_batch(input, p, training, inplace):
    batch = input.unsqueeze_(0) if inplace else unsqueeze(input, 0)
    result = feature_dropped(batch, p, training, inplace)
    return result.squeeze_(0) if inplace else squeeze(result, 0)


def _warn_of_dimensions(n, dims):
    warnings.warn(f"dropout{n}d: Received a {dims}-D input to dropout{n}d, which is deprecated and will result in an error "
                  f"in a future release. To retain the behavior and silence this warning, please use dropout instead. "
                  f"{_note(n)}", stacklevel=3)


def dropout2d(input, p=0.5, training=True, inplace=False):
    """dropout of whole channels of images"""
    check(p)
    if input.dim() not in (3, 4):
        _warn_of_dimensions(2, input.dim())
    if input.dim() == 3:
        warnings.warn("dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is "
                      "desired - input is interpreted as shape (N, C, L), where C is the channel dim. This behavior will "
                      "change in a future release to interpret the input as one without a batch dimension, i.e. shape "
                      "(C, H, W). To maintain the 1D channel-wise dropout behavior, please switch to using dropout1d "
                      "instead.", stacklevel=2)  # fmt: skip
    return feature_dropped(input, p, training, inplace)


def dropout3d(input, p=0.5, training=True, inplace=False):
    """dropout of whole channels of volumes"""
    check(p)
    if input.dim() not in (4, 5):
        _warn_of_dimensions(3, input.dim())
    if input.dim() == 5:
        return feature_dropped(input, p, training, inplace)
    return _as_batch(input, p, training, inplace)
