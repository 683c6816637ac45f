"""Piecewise activations: clipped, leaky, exponential on one side, or zero in the middle."""

from .. import dtypes
from ..backends import on_its_device
from ..dtypes import SCALAR_TYPE
from ..random import stream_for
from .activation import threshold_backward
from .arguments import declared
from .creation import empty
from .keeping import keeping
from .masking import beside, drop, keep
from .once import once
from .pointwise import abs as abs_
from .pointwise import exp, where
from .precision import check_floating, floating, through_float32
from .primitive import pointwise, primitive
from .shape import reshape

# ---- clipped --------------------------------------------------------------------------------------------------------


@pointwise("HardtanhBackward0")
def hardtanh(xp, input, /, min_val=-1.0, max_val=1.0):
    """x brought into [min_val, max_val].  Raises ValueError if that is empty."""
    if input.dtype == xp.bool_:
        raise RuntimeError("Bool inputs not supported for hardtanh")
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    if input.dtype.kind in "iu":
        min_val, max_val = int(min_val), int(max_val)
    return xp.clip(input, min_val, max_val)


hardtanh.vjp(input=lambda g, input, min_val, max_val: drop(drop(g, input <= min_val, input), input >= max_val))


@pointwise("HardsigmoidBackward0")
@floating("hardsigmoid_cpu")
def hardsigmoid(xp, input):
    """(x + 3) / 6 brought into [0, 1]"""
    return xp.clip(input + 3, 0, 6) / 6


@once("hardsigmoid_backward")
def hardsigmoid_backward(xp, g, input):
    """g / 6 where -3 < x < 3, else 0"""
    return xp.masked(g / 6, (input > -3) & (input < 3))


hardsigmoid.vjp(input=lambda g, input: hardsigmoid_backward(g, input))


@pointwise("HardswishBackward0")
@floating("hardswish_cpu")
def hardswish(xp, input):
    """x hardsigmoid(x)"""
    return input * xp.clip(input + 3, 0, 6) / 6


def _hardswish_vjp(g, input):
    slope = where(input < 3, keep(input, abs_(input) < 3) / 3 + 0.5, 1.0)
    return drop(g, input <= -3) * slope


hardswish.vjp(input=_hardswish_vjp)


@pointwise("ThresholdBackward0")
def threshold_(xp, input, /, threshold, value):
    """x above the threshold, else the value; both cut to integers for integers"""
    if input.dtype == xp.bool_:
        raise NotImplementedError("\"threshold_cpu\" not implemented for 'Bool'")
    if input.dtype.kind in "iu":
        threshold, value = (_as_integer(xp, number, input.dtype) for number in (threshold, value))
    return xp.where(input <= threshold, xp.asarray(value, dtype=input.dtype), input)


def _as_integer(xp, number, dtype):
    """A number cut to an integer of that dtype.  Raises RuntimeError if it has no place there."""
    limits = xp.iinfo(dtype)
    if not limits.min <= number <= limits.max:
        name = {1: "int8_t" if limits.min else "uint8_t", 2: "int16_t", 4: "int", 8: "int64_t"}[dtype.itemsize]
        raise RuntimeError(f"value cannot be converted to type {name} without overflow")
    return int(number)


threshold_.vjp(input=lambda g, input, threshold: threshold_backward(g, input, threshold))

# ---- leaky ----------------------------------------------------------------------------------------------------------


def _leaky(xp, input, slope):
    return xp.where(input > 0, input, input * slope)


@pointwise("LeakyReluBackward0")
@floating("leaky_relu_cpu")
def leaky_relu(xp, input, /, negative_slope=0.01):
    """x where positive, slope * x elsewhere"""
    return _leaky(xp, input, negative_slope)


leaky_relu.vjp(input=lambda g, input, negative_slope: beside(where(input > 0, g, g * negative_slope), input))


@pointwise("LeakyReluBackward1")
@floating("leaky_relu_cpu")
def leaky_relu_(xp, input, /, negative_slope=0.01):
    """leaky_relu, whose result alone decides its gradient"""
    return _leaky(xp, input, negative_slope)


def _leaky_in_place_vjp(g, out, negative_slope):
    if negative_slope < 0:
        raise RuntimeError(IN_PLACE_SLOPE.format("leakyReLu") + MISSING)
    return beside(where(out > 0, g, g * negative_slope), out)


leaky_relu_.vjp(input=_leaky_in_place_vjp)

IN_PLACE_SLOPE = ("In-place {} backward calculation is triggered with a negative slope which is not supported. This is "
                  "caused by calling in-place forward function with a negative slope, please call out-of-place version "
                  "instead.")  # fmt: skip
MISSING = (" File an issue at https://github.com/pytorch/pytorch if you do require supporting in-place leakRelu "
           "backward calculation with negative slope")  # fmt: skip


@pointwise("PreluKernelBackward0")
@through_float32
def prelu_(xp, input, weight):
    """x where positive, weight * x elsewhere"""
    return xp.where(input > 0, input, weight * input)


prelu_.vjp(input=lambda g, input, weight: beside(where(input > 0, g, weight * g), input),
           weight=keeping("weight")(lambda g, input: drop(input * g, input > 0)))


@declared("prelu(Tensor input, Tensor weight)", by_keyword=True)
def prelu(input, weight):
    """x where positive, weight * x elsewhere, one weight for all or for each channel"""
    if input.dtype is not weight.dtype:
        raise RuntimeError(f"prelu: Type promoting not supported. Got {SCALAR_TYPE[input.dtype]} and "
                           f"{SCALAR_TYPE[weight.dtype]}")
    count = weight.numel()
    if count != 1:
        if not input.dim():
            raise RuntimeError("Not allow zero-dim input tensor.")
        channels = input.shape[1] if input.dim() > 1 else 1
        if channels != count:
            raise RuntimeError(f"Mismatch of parameter numbers and input channel size. Found parameter numbers = "
                               f"{count} and channel size = {channels}.")
    if weight.dim() > 1:
        raise RuntimeError(f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {weight.dim()}")
    if input.dim() == weight.dim():
        return prelu_(input, weight)
    return prelu_(input, reshape(weight, tuple(count if i == 1 else 1 for i in range(input.dim()))))


@primitive("RreluWithNoiseBackward0")
@through_float32
def rrelu_with_noise(xp, input, noise, /, lower, upper, training):
    """noise * x, where the noise is 1 for positive x; row by row in memory"""
    return xp.asarray(input * noise, order="C")


rrelu_with_noise.vjp(input=lambda g, input, noise: beside(g * noise, input))


@pointwise("RreluWithNoiseBackward1")
@through_float32
def rrelu_with_noise_(xp, input, noise, /, lower, upper, training):
    """The same, in place"""
    return input * noise


rrelu_with_noise_.vjp(input=lambda g, noise: g * noise)


@on_its_device
def slopes(input, lower, upper, training, generator=None):
    """1 for positive elements, elsewhere a slope: drawn evenly from [lower, upper) in training, else their mean"""
    data = input._data
    noise = empty(tuple(input.shape), dtype=input.dtype, device=input.device)
    xp = noise.device.backend
    xp.write(noise._data, 1)
    if not training:
        xp.write(noise._data, xp.where(data > 0, 1.0, (lower + upper) / 2))
        return noise
    low = data <= 0
    drawn = empty(int(low.sum()), dtype=dtypes.float64, device=input.device)
    lower, upper = (xp.asarray(bound, dtype=data.dtype).item() for bound in (lower, upper))
    stream_for(input.device, generator).uniform_(drawn._data, lower, upper)
    noise._data[low] = drawn._data
    return noise


# ---- exponential on the negative side -------------------------------------------------------------------------------


def _elu(xp, input, alpha, scale, input_scale):
    negative = xp.expm1(xp.where(input > 0, 0, input) * input_scale) * (alpha * scale)
    return xp.where(input <= 0, negative, input * scale)


def _elu_vjp(g, input, alpha, scale, input_scale):
    slope = exp(keep(input, input < 0) * input_scale) * (input_scale * alpha * scale)
    return g * where(input <= 0, slope, scale)


def _elu_in_place_vjp(g, out, alpha, scale, input_scale):
    if alpha < 0:
        raise RuntimeError(IN_PLACE_SLOPE.format("elu"))
    return g * where(out <= 0, (keep(out, out < 0) + alpha * scale) * input_scale, scale)


def _elu_op(name, node_name, vjp):
    def elu_kernel(xp, input, /, alpha=1.0, scale=1.0, input_scale=1.0):
        """scale x where positive, alpha scale (e^(input_scale x) - 1) elsewhere"""
        return _elu(xp, input, alpha, scale, input_scale)

    elu_kernel.__name__ = elu_kernel.__qualname__ = name
    op = pointwise(node_name)(floating("elu_cpu")(elu_kernel))
    op.vjp(input=vjp)
    return op


elu = _elu_op("elu", "EluBackward0", _elu_vjp)
elu_ = _elu_op("elu_", "EluBackward1", _elu_in_place_vjp)
celu_scaled = _elu_op("celu", "CeluBackward0", _elu_vjp)
celu_scaled_ = _elu_op("celu_", "CeluBackward1", _elu_in_place_vjp)

SELU = (1.6732632423543772848170429916717, 1.0507009873554804934193349852946, 1.0)  # alpha, scale, input_scale

# ---- zero in the middle ---------------------------------------------------------------------------------------------


@pointwise("HardshrinkBackward0")
@floating("hardshrink_cpu")
def hardshrink(xp, input, /, lambd=0.5):
    """0 in [-lambd, lambd], x elsewhere"""
    return xp.masked(input, ~(xp.abs(input) <= lambd))


hardshrink.vjp(input=lambda g, input, lambd: _outside(g, input, lambd))


@pointwise("SoftshrinkBackward0")
def softshrink(xp, input, /, lambd=0.5):
    """0 in [-lambd, lambd], elsewhere x moved towards 0 by lambd.  Raises RuntimeError for a negative lambd."""
    check_floating(xp, input, "softshrink_check")
    if not 0 <= lambd:
        raise RuntimeError(f"lambda must be in range [0, {float(xp.finfo(input.dtype).max):g}] for input dtype "
                           f"{SCALAR_TYPE[xp.dtype_of(input)]}, but found {lambd:g}")
    return _softshrink(xp, input, lambd)


@through_float32
def _softshrink(xp, input, lambd):
    return xp.where(input > lambd, input - lambd, xp.where(input < -lambd, input + lambd, xp.abs(input) * 0))


softshrink.vjp(input=lambda g, input, lambd: _outside(g, input, lambd))


def _outside(g, input, lambd):
    """g but 0 where -lambd <= input <= lambd"""
    return beside(where(input < -lambd, g, drop(g, input <= lambd)), input)
