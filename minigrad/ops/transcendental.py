"""Exponentials, logarithms, and trigonometric and hyperbolic functions with their inverses."""

import math

from .comparison import where
from .kinds import FLOATS, only
from .precision import through_float32
from .primitive import pointwise

# ---- exponentials ---------------------------------------------------------------------------------------------------


@pointwise("ExpBackward0", integers="float")
def exp(xp, input):
    """e ** input"""
    return xp.exp(input)


exp.vjp(input=lambda g, out: g * out)


@pointwise("Exp2Backward0", integers="float")
def exp2(xp, input):
    """2 ** input"""
    return xp.exp2(input)


exp2.vjp(input=lambda g, out: g * out * math.log(2))


@pointwise("Expm1Backward0", integers="float")
def expm1(xp, input):
    """e ** input - 1, accurate near 0"""
    return xp.expm1(input)


expm1.vjp(input=lambda g, out: g * (out + 1))

# ---- logarithms -----------------------------------------------------------------------------------------------------


@pointwise("LogBackward0", integers="float")
def log(xp, input):
    """The natural logarithm of input"""
    return xp.log(input)


log.vjp(input=lambda g, input: g / input)


@pointwise("Log2Backward0", integers="float")
def log2(xp, input):
    """The logarithm to base 2"""
    return xp.log2(input)


log2.vjp(input=lambda g, input: g / (input * math.log(2)))


@pointwise("Log10Backward0", integers="float")
def log10(xp, input):
    """The logarithm to base 10"""
    return xp.log10(input)


log10.vjp(input=lambda g, input: g / (input * math.log(10)))


@pointwise("Log1PBackward0", integers="float")
def log1p(xp, input):
    """log(1 + input), accurate near 0"""
    return xp.log1p(input)


log1p.vjp(input=lambda g, input: g / (input + 1))


@pointwise("LogaddexpBackward0", numbers=())
def logaddexp(xp, input, other):
    """log(e ** input + e ** other) without overflow"""
    only(xp, input, FLOATS, "logaddexp_cpu")
    return xp.logaddexp(input, other)


logaddexp.vjp(input=lambda g, input, other, out: g * exp(_gap(input, out)),
              other=lambda g, input, other, out: g * exp(_gap(other, out)))


def _gap(input, out):
    """input - out, where both may be the same infinity"""
    return where(input == out, 0.0, input - out)


@pointwise("Logaddexp2Backward0", numbers=())
def logaddexp2(xp, input, other):
    """log2(2 ** input + 2 ** other) without overflow"""
    only(xp, input, FLOATS, "logaddexp2_cpu")
    return xp.logaddexp2(input, other)


logaddexp2.vjp(input=lambda g, input, other: g / (exp2(other - input) + 1),
               other=lambda g, input, other: g / (exp2(input - other) + 1))

# ---- roots ----------------------------------------------------------------------------------------------------------


@pointwise("SqrtBackward0", integers="float")
def sqrt(xp, input):
    """The square root of input"""
    return xp.sqrt(input)


sqrt.vjp(input=lambda g, out: g / (2 * out))


@pointwise("RsqrtBackward0", integers="float")
def rsqrt(xp, input):
    """1 / sqrt(input)"""
    return 1 / xp.sqrt(input)


rsqrt.vjp(input=lambda g, out: -0.5 * g * out ** 3)


@pointwise("HypotBackward0", numbers=())
def hypot(xp, input, other):
    """sqrt(input**2 + other**2) without overflow"""
    only(xp, input, FLOATS, "hypot_cpu")
    return xp.hypot(input, other)


hypot.vjp(input=lambda g, input, out: g * (input / out),
          other=lambda g, other, out: g * (other / out))

# ---- trigonometric --------------------------------------------------------------------------------------------------


@pointwise("SinBackward0", integers="float")
def sin(xp, input):
    """The sine of an angle in radians"""
    return xp.sin(input)


sin.vjp(input=lambda g, input: g * cos(input))


@pointwise("CosBackward0", integers="float")
def cos(xp, input):
    """The cosine of an angle in radians"""
    return xp.cos(input)


cos.vjp(input=lambda g, input: g * -sin(input))


@pointwise("TanBackward0", integers="float")
def tan(xp, input):
    """The tangent of an angle in radians"""
    return xp.tan(input)


tan.vjp(input=lambda g, out: g * (1 + out * out))


@pointwise("AsinBackward0", integers="float")
def asin(xp, input):
    """The inverse of sin"""
    return xp.arcsin(input)


asin.vjp(input=lambda g, input: g * rsqrt(1 - input * input))


@pointwise("AcosBackward0", integers="float")
def acos(xp, input):
    """The inverse of cos"""
    return xp.arccos(input)


acos.vjp(input=lambda g, input: g * -rsqrt(1 - input * input))


@pointwise("AtanBackward0", integers="float")
def atan(xp, input):
    """The inverse of tan"""
    return xp.arctan(input)


atan.vjp(input=lambda g, input: g / (input * input + 1))


@pointwise("Atan2Backward0", integers="float", numbers=())
def atan2(xp, input, other):
    """The angle of the point (other, input)"""
    return xp.arctan2(input, other)


def _over_square(g, input, other):
    """g / (input**2 + other**2), and 0 where both are 0"""
    square = input * input + other * other
    return g * where(square == 0, 0.0, 1 / square)


atan2.vjp(input=lambda g, input, other: _over_square(g * other, input, other),
          other=lambda g, input, other: _over_square(g * -input, input, other))


@pointwise("Deg2RadBackward0", integers="float")
def deg2rad(input):
    """Degrees to radians"""
    return input * (math.pi / 180)


deg2rad.vjp(input=lambda g: deg2rad(g))


@pointwise("Rad2DegBackward0", integers="float")
def rad2deg(input):
    """Radians to degrees"""
    return input * (180 / math.pi)


rad2deg.vjp(input=lambda g: rad2deg(g))


@pointwise("SincBackward0", integers="float")
@through_float32
def sinc(xp, input):
    """sin(pi input) / (pi input), and 1 at 0"""
    angle = math.pi * input
    return xp.where(input == 0, 1.0, xp.sin(angle) / angle).astype(input.dtype)


def _sinc_vjp(g, input):
    angle = input * math.pi
    slope = (angle * cos(angle) - sin(angle)) / (input * angle)
    return g * where(input == 0, 0.0, slope)


sinc.vjp(input=_sinc_vjp)

# ---- hyperbolic -----------------------------------------------------------------------------------------------------


@pointwise("SinhBackward0", integers="float")
def sinh(xp, input):
    """(e ** input - e ** -input) / 2"""
    return xp.sinh(input)


sinh.vjp(input=lambda g, input: g * cosh(input))


@pointwise("CoshBackward0", integers="float")
def cosh(xp, input):
    """(e ** input + e ** -input) / 2"""
    return xp.cosh(input)


cosh.vjp(input=lambda g, input: g * sinh(input))


@pointwise("AsinhBackward0", integers="float")
def asinh(xp, input):
    """The inverse of sinh"""
    return xp.arcsinh(input)


asinh.vjp(input=lambda g, input: g * rsqrt(input * input + 1))


@pointwise("AcoshBackward0", integers="float")
def acosh(xp, input):
    """The inverse of cosh"""
    return xp.arccosh(input)


acosh.vjp(input=lambda g, input: g * rsqrt(input * input - 1))


@pointwise("AtanhBackward0", integers="float")
def atanh(xp, input):
    """The inverse of tanh"""
    return xp.arctanh(input)


atanh.vjp(input=lambda g, input: g / (1 - input * input))
