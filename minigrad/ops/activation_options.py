"""Activations as torch.nn.functional offers them: each with an `inplace` option where it has an in-place twin."""

from ..autograd.inplace import check_writable
from ..autograd.inplace import inplace as in_place
from ..dtypes import SCALAR_TYPE
from ..tensor import Tensor
from . import activation, checks, piecewise
from .piecewise import SELU

relu_, sigmoid_, tanh_ = in_place(activation.relu), in_place(activation.sigmoid), in_place(activation.tanh)
silu_, mish_ = in_place(activation.silu), in_place(activation.mish)
hardtanh_, hardsigmoid_ = in_place(piecewise.hardtanh), in_place(piecewise.hardsigmoid)
hardswish_, threshold_ = in_place(piecewise.hardswish), in_place(piecewise.threshold_)
leaky_relu_, _elu_, _celu_ = (
    in_place(piecewise.leaky_relu_), in_place(piecewise.elu_), in_place(piecewise.celu_scaled_))  # fmt: skip
_rrelu_with_noise_ = in_place(piecewise.rrelu_with_noise_)


def relu(input, inplace=False):
    """max(x, 0)"""
    return relu_(input) if inplace else activation.relu(input)


def sigmoid(input):
    """1 / (1 + e^-x)"""
    return input.sigmoid()


def tanh(input):
    """The hyperbolic tangent"""
    return input.tanh()


def silu(input, inplace=False):
    """x sigmoid(x)"""
    return silu_(input) if inplace else activation.silu(input)


def mish(input, inplace=False):
    """x tanh(log(1 + e^x))"""
    return mish_(input) if inplace else activation.mish(input)


def hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False):
    """x brought into [min_val, max_val]"""
    return (hardtanh_ if inplace else piecewise.hardtanh)(input, min_val, max_val)


def relu6(input, inplace=False):
    """x brought into [0, 6]"""
    if not isinstance(input, Tensor):
        raise TypeError(f"relu6(): argument 'input' (position 1) must be Tensor, not {checks.type_name(input)}")
    return hardtanh(input, 0.0, 6.0, inplace)


def hardsigmoid(input, inplace=False):
    """(x + 3) / 6 brought into [0, 1]"""
    return hardsigmoid_(input) if inplace else piecewise.hardsigmoid(input)


def hardswish(input, inplace=False):
    """x hardsigmoid(x)"""
    return hardswish_(input) if inplace else piecewise.hardswish(input)


def threshold(input, threshold, value, inplace=False):
    """x above the threshold, else the value"""
    return (threshold_ if inplace else piecewise.threshold_)(input, threshold, value)


def leaky_relu(input, negative_slope=0.01, inplace=False):
    """x where positive, slope * x elsewhere"""
    return (leaky_relu_ if inplace else piecewise.leaky_relu)(input, negative_slope)


def elu(input, alpha=1.0, inplace=False):
    """x where positive, alpha (e^x - 1) elsewhere"""
    return (_elu_ if inplace else piecewise.elu)(input, alpha)


def elu_(input, alpha=1.0):
    """elu in place"""
    return _elu_(input, alpha)


def selu(input, inplace=False):
    """elu with the alpha and the scale for which networks normalise themselves"""
    if not isinstance(input, Tensor):
        raise TypeError(f"selu(): argument 'input' (position 1) must be Tensor, not {checks.type_name(input)}")
    return (_elu_ if inplace else piecewise.elu)(input, *SELU)


def selu_(input):
    """selu in place"""
    return selu(input, inplace=True)


def celu(input, alpha=1.0, inplace=False):
    """x where positive, alpha (e^(x / alpha) - 1) elsewhere.  Raises RuntimeError for alpha 0."""
    if alpha == 0:
        raise RuntimeError("ZeroDivisionError: alpha cannot be 0 for CELU")
    return (_celu_ if inplace else piecewise.celu_scaled)(input, alpha, 1.0, 1 / alpha)


def celu_(input, alpha=1.0):
    """celu in place"""
    return celu(input, alpha, inplace=True)


def rrelu(input, lower=1.0 / 8, upper=1.0 / 3, training=False, inplace=False, generator=None):
    """x where positive, elsewhere x times a slope drawn from [lower, upper) in training, else their mean"""
    if not isinstance(input, Tensor):
        raise TypeError(f"rrelu(): argument 'input' (position 1) must be Tensor, not {checks.type_name(input)}")
    if lower > upper:
        raise RuntimeError("Lower bound should be less than or equal to the upper bound")
    if not input.dtype.is_floating_point:
        kernel = "rrelu_with_noise_out_cpu" if training else "leaky_relu_cpu"
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{SCALAR_TYPE[input.dtype]}'")
    if inplace:
        check_writable(input)
    noise = piecewise.slopes(input, lower, upper, training, generator)
    return (_rrelu_with_noise_ if inplace else piecewise.rrelu_with_noise)(input, noise, lower, upper, training)


def rrelu_(input, lower=1.0 / 8, upper=1.0 / 3, training=False):
    """rrelu in place"""
    return rrelu(input, lower, upper, training, inplace=True)
