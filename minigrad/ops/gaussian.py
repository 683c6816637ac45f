"""The normal distribution's cumulative function, its logarithm and inverse, and the scaled erfc they rest on."""

import math

from ..dtypes import FLOAT, get_default_dtype
from .copies import to_dtype
from .kinds import no_half
from .out import takes_out
from .pointwise import exp
from .primitive import pointwise
from .scalars import plus, times
from .special import erf, erf_array, erfc_array, erfc_scaled_far, in_double


def erfcx_array(xp, x):
    """e^(x^2) erfc(x); below 0 by reflection, in the dtype of x, which decides where the square is large"""
    value = _erfcx_positive(xp, xp.abs(x))
    return xp.where(x < 0, 2 * xp.exp(x * x) - value, value)


@in_double
def _erfcx_positive(xp, x):
    far = x > 0.46875
    return xp.where(far, erfc_scaled_far(xp, xp.where(far, x, 1.0)), xp.exp(x * x) * (1 - erf_array(xp, x)))


def log_ndtr_array(xp, x):
    """log(erfc(-x / sqrt(2)) / 2)"""
    low, t = x < -1, x * math.sqrt(0.5)
    below, above = xp.where(low, t, -1.0), xp.where(low, 0.0, t)
    tail = xp.log(erfcx_array(xp, -below) / 2) - below * below
    return xp.where(low, tail, xp.log1p(-erfc_array(xp, above) / 2))


@in_double
def ndtri_array(xp, p):
    """The x at which the normal distribution has grown to p: a rational guess and Newton's method on the logarithm"""
    inside = (p > 0) & (p < 1)
    upper = p > 0.5
    share = xp.where(inside, xp.where(upper, 1 - p, p), 0.25)
    t = xp.sqrt(-2 * xp.log(share))
    x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
    for _ in range(4):
        reached = log_ndtr_array(xp, x)
        slope = xp.exp(-x * x / 2 - reached) / math.sqrt(2 * math.pi)
        x = x - (reached - xp.log(share)) / slope
    x = xp.where(p == 0.5, 0.0, xp.where(upper, -x, x))
    edge = xp.where(p == 0, -xp.inf, xp.where(p == 1, xp.inf, xp.nan))
    return xp.where(inside, x, edge)


@pointwise("SpecialErfcxBackward0", integers="float")
def erfcx(xp, input):
    """e^(x^2) erfc(x)"""
    no_half(xp, input, "erfcx_cpu")
    return erfcx_array(xp, input)


erfcx.vjp(input=lambda g, input, out: (2 * input * out - 2 / math.sqrt(math.pi)) * g)


@pointwise("SpecialLogNdtrBackward0", integers="float")
def log_ndtr(xp, input):
    """log(ndtr(x))"""
    no_half(xp, input, "log_ndtr_cpu")
    return log_ndtr_array(xp, input)


log_ndtr.vjp(input=lambda g, input, out: g / math.sqrt(2 * math.pi) * exp(-(out + input * input / 2)))


@pointwise("SpecialNdtriBackward0", integers="float")
def ndtri(xp, input):
    """The inverse of ndtr"""
    no_half(xp, input, "ndtri_cpu")
    return ndtri_array(xp, input)


ndtri.vjp(input=lambda g, out: g * math.sqrt(2 * math.pi) * exp(out * out / 2))


@takes_out
def ndtr(input):
    """The share of a normal distribution that lies below x: (1 + erf(x / sqrt(2))) / 2"""
    input = to_dtype(input, get_default_dtype()) if input.dtype.category < FLOAT else input
    return times(plus(erf(times(input, math.sqrt(0.5))), 1.0), 0.5)
