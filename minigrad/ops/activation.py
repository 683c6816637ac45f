"""Smooth activations (and relu): the non-linearities between layers, element by element."""

import math

from .arguments import declared
from .dims import wrap_dim
from .masking import drop, zero
from .pointwise import exp, where
from .precision import floating, through_float32
from .primitive import pointwise, primitive
from .shape import cat, slice_dim
from .special import erf, erf_array

# ---- relu, sigmoid, tanh --------------------------------------------------------------------------------------------


@pointwise("ReluBackward0")
def relu(xp, input):
    """max(x, 0).  Raises RuntimeError for bools."""
    if input.dtype.kind == "b":
        raise RuntimeError("Boolean inputs not supported for relu")
    if input.dtype.kind == "c":
        raise NotImplementedError("clamp is not supported for complex types")
    return xp.maximum(0, input)


@primitive("ThresholdBackwardBackward0")
def threshold_backward(xp, grad_output, input, /, threshold):
    """grad_output where input is above the threshold (or nan), 0 elsewhere"""
    return xp.unmasked(grad_output, input <= threshold)


threshold_backward.vjp(grad_output=lambda g, input, threshold: threshold_backward(g, input, threshold),
                       input=lambda g: zero(g))
relu.vjp(input=lambda g, out: threshold_backward(g, out, 0))


@pointwise("SigmoidBackward0", integers="float")
@through_float32
def sigmoid(xp, input):
    """1 / (1 + e^-x)"""
    return 1 / (1 + xp.exp(-input))


sigmoid.vjp(input=lambda g, out: g * (1 - out) * out)


@pointwise("TanhBackward0", integers="float")
@through_float32
def tanh(xp, input):
    """(e^x - e^-x) / (e^x + e^-x)"""
    return xp.tanh(input)


tanh.vjp(input=lambda g, out: g * (1 - out * out))

# ---- softplus and the logarithm of sigmoid --------------------------------------------------------------------------


@pointwise("SoftplusBackward0")
@floating("softplus_cpu")
def softplus(xp, input, /, beta=1, threshold=20):
    """log(1 + e^(beta x)) / beta, or just x where beta x > threshold"""
    scaled = input * beta
    linear = scaled > threshold
    return xp.where(linear, input, xp.log1p(xp.exp(xp.masked(scaled, ~linear))) / (beta or xp.float32(beta)))


def _softplus_vjp(g, input, beta, threshold):
    scaled = input * beta
    return where(scaled > threshold, g, g * sigmoid(drop(scaled, scaled > threshold)))


softplus.vjp(input=_softplus_vjp)


@primitive("LogSigmoidBackward0")
@floating("log_sigmoid_cpu")
def log_sigmoid(xp, input):
    """log(1 / (1 + e^-x)), row by row in memory"""
    input = xp.asarray(input, order="C")
    return xp.minimum(input, 0) - xp.log1p(xp.exp(-xp.abs(input)))


log_sigmoid.vjp(input=lambda g, input: g * sigmoid(-input))
log_sigmoid.shows(buffer=lambda input: exp(-abs(input)))

# ---- gated by themselves: silu, mish, gelu --------------------------------------------------------------------------


@pointwise("SiluBackward0")
@floating("silu_cpu")
def silu(xp, input):
    """x sigmoid(x)"""
    return input / (1 + xp.exp(-input))


def _silu_vjp(g, input):
    gate = sigmoid(input)
    return g * gate * (1 + input * (1 - gate))


silu.vjp(input=_silu_vjp)


@pointwise("MishBackward0")
@floating("mish_cpu")
def mish(xp, input):
    """x tanh(log(1 + e^x))"""
    return input * xp.tanh(xp.logaddexp(input, xp.zeros((), dtype=input.dtype)))


def _mish_vjp(g, input):
    bend = tanh(softplus(input))
    return g * (bend + input * sigmoid(input) * (1 - bend * bend))


mish.vjp(input=_mish_vjp)

NORMAL = 1 / math.sqrt(2 * math.pi)  # the density of the standard normal distribution at 0
INNER, CUBIC = math.sqrt(2 / math.pi), 0.044715  # gelu is about x (1 + tanh(INNER (x + CUBIC x^3))) / 2


@pointwise("GeluBackward0")
@floating("GeluKernelImpl")
def gelu(xp, input, /, approximate="none"):
    """x times the chance that a standard normal number is below x, by erf or approximately by tanh"""
    if approximate == "tanh":
        return 0.5 * input * (1 + xp.tanh(INNER * (input + CUBIC * input * input * input)))
    if approximate != "none":
        raise RuntimeError("approximate argument must be either none or tanh.")
    return 0.5 * input * (1 + erf_array(xp, input * math.sqrt(0.5)))


def _gelu_vjp(g, input, approximate):
    if approximate == "none":
        below = 0.5 * (1 + erf(input * math.sqrt(0.5)))
        return g * (below + input * (NORMAL * exp(-0.5 * input * input)))
    bend = tanh(INNER * (input + CUBIC * input * input * input))
    slope = INNER * (1 + 3 * CUBIC * input * input)
    return g * (0.5 * (1 + bend) + 0.5 * input * (1 - bend * bend) * slope)


gelu.vjp(input=_gelu_vjp)

# ---- one half gates the other ---------------------------------------------------------------------------------------


@primitive("GluBackward0")
@floating("glu_cpu")
def glu_halves(xp, input, /, dim):
    """a sigmoid(b), where a and b are the halves of the input along `dim`"""
    a, b = xp.split(input, 2, axis=dim)
    return a / (1 + xp.exp(-b))


def _glu_vjp(g, input, dim):
    half = input.shape[dim] // 2
    a, b = slice_dim(input, dim, 0, half, 1), slice_dim(input, dim, half, 2 * half, 1)
    gate = sigmoid(b)
    return cat([g * gate, g * a * gate * (1 - gate)], dim)


glu_halves.vjp(input=_glu_vjp)


@declared("glu(Tensor input, int dim)")
def glu(input, dim=-1):
    """a sigmoid(b), where a and b are the halves of the input along `dim`.  Raises RuntimeError for odd sizes."""
    if input.dim() == 0:
        raise RuntimeError("glu does not support scalars because halving size must be even")
    dim = wrap_dim(dim, input.dim())
    if input.shape[dim] % 2:
        raise RuntimeError(f"Halving dimension must be even, but dimension {dim} is size {input.shape[dim]}")
    return glu_halves(input, dim)


# ---- composed -------------------------------------------------------------------------------------------------------


def softsign(input):
    """x / (1 + |x|)"""
    return input / (input.abs() + 1)


def tanhshrink(input):
    """x - tanh(x)"""
    return input - input.tanh()
