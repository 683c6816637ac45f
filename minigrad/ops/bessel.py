"""Bessel functions: the modified i0, i1 and their scaled forms, and j0, j1."""

import math

from .comparison import where
from .kinds import no_half
from .pointwise import abs as abs_
from .pointwise import sgn
from .primitive import pointwise
from .special import in_double

FAR = 25.0  # from here on the asymptotic series is exact to double precision


def _scaled_modified(xp, x, order):
    """e^-x I(x) for x >= 0: the power series, whose terms are all positive, or the asymptotic one"""
    near = ~(x > FAR)
    inner, outer = xp.where(near, x, 0.0), xp.where(near, FAR, x)
    quarter, total = inner * inner / 4, 0.0
    term = xp.exp(-inner) * (inner / 2) ** order
    for k in range(1, 75):
        total = total + term
        term = term * quarter / (k * (k + order))
    far = term = xp.ones_like(x)
    for k in range(1, 28):
        term = term * ((2 * k - 1) ** 2 - 4 * order**2) / (8 * k * outer)
        far = far + term
    return xp.where(near, total, far / xp.sqrt(2 * math.pi * outer))


@in_double
def i0e_array(xp, x):
    """e^-|x| I0(x)"""
    return _scaled_modified(xp, xp.abs(x), 0)


@in_double
def i1e_array(xp, x):
    """e^-|x| I1(x)"""
    value = _scaled_modified(xp, xp.abs(x), 1)
    return xp.where(x < 0, -value, value)


@in_double
def i0_array(xp, x):
    """I0(x)"""
    return xp.exp(xp.abs(x)) * i0e_array(xp, x)


@in_double
def i1_array(xp, x):
    """I1(x)"""
    return xp.exp(xp.abs(x)) * i1e_array(xp, x)


@pointwise("I0Backward0", integers="float")
def i0(xp, input):
    """The modified Bessel function of the first kind, order 0"""
    return i0_array(xp, input)


@pointwise("SpecialI0EBackward0", integers="float")
def i0e(xp, input):
    """e^-|x| i0(x)"""
    return i0e_array(xp, input)


@pointwise("SpecialI1Backward0", integers="float")
def i1(xp, input):
    """The modified Bessel function of the first kind, order 1"""
    return i1_array(xp, input)


@pointwise("SpecialI1EBackward0", integers="float")
def i1e(xp, input):
    """e^-|x| i1(x)"""
    return i1e_array(xp, input)


def _away_from_0(slope, input):
    """slope(x), and its limit 1/2 where x is 0 or nearly so"""
    tiny = ~(abs_(input) > 2.2e-16)
    return where(tiny, 0.5, slope(where(tiny, 2.2e-16, input)))


i0.vjp(input=lambda g, input: g * i1(input))
i0e.vjp(input=lambda g, input, out: g * (i1e(input) - sgn(input) * out))
i1.vjp(input=lambda g, input, out: g * _away_from_0(lambda x: i0(x) - out / x, input))
i1e.vjp(input=lambda g, input, out: g * _away_from_0(lambda x: i0e(x) - out * (sgn(x) + 1 / x), input))

# ---- of the first kind ----------------------------------------------------------------------------------------------

POINTS = 48  # of the trapezoidal rule, which converges exponentially for integrals over a period


def _mean_over_angles(xp, x, order):
    """The mean of cos(x sin(t)) or, for order 1, sin(t) sin(x sin(t)) over t in [0, pi], for |x| <= 25"""
    total = 0.0
    for k in range(POINTS):
        height = math.sin(math.pi * (k + 0.5) / POINTS)
        total = total + (height * xp.sin(x * height) if order else xp.cos(x * height))
    return total / POINTS


def hankel(xp, x, order, quarter=0):
    """Hankel's asymptotic expansion for x > 25; `quarter` turned by a right angle: of the second kind"""
    cosines = term = xp.ones_like(x)
    sines = xp.zeros_like(x)
    for k in range(1, 28):
        term = term * (4 * order**2 - (2 * k - 1) ** 2) / (8 * k * x)
        if k % 2:
            sines = sines + (-1) ** (k // 2) * term
        else:
            cosines = cosines + (-1) ** (k // 2) * term
    angle = x - (order / 2 + 0.25 + quarter / 2) * math.pi
    return xp.sqrt(2 / (math.pi * x)) * (cosines * xp.cos(angle) - sines * xp.sin(angle))


def _first_kind(xp, x, order):
    size = xp.abs(x)
    near = ~(size > FAR)
    far = hankel(xp, xp.where(near | xp.isinf(x), FAR, size), order)
    value = xp.where(near, _mean_over_angles(xp, xp.where(near, size, 0.0), order), far)
    return xp.where(xp.isinf(x), xp.nan, value)


@pointwise(integers="float")
def bessel_j0(xp, input):
    """The Bessel function of the first kind, order 0"""
    no_half(xp, input, "bessel_j0_cpu")
    return in_double(lambda xp, x: _first_kind(xp, x, 0))(xp, input)


@pointwise(integers="float")
def bessel_j1(xp, input):
    """The Bessel function of the first kind, order 1"""
    no_half(xp, input, "bessel_j1_cpu")
    return in_double(lambda xp, x: _first_kind(xp, x, 1) * xp.where(x < 0, -1.0, 1.0))(xp, input)
