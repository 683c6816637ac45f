"""The gamma function's logarithm and derivatives, Hurwitz's zeta, and incomplete gamma functions.

Far from 0 an asymptotic series is used; nearer, a recurrence leads there; below 0, a reflection leads above it.
"""

import math

from ..dtypes import FLOAT, get_default_dtype
from .copies import to_dtype
from .out import takes_out
from .precision import through_float32
from .primitive import pointwise, primitive
from .special import in_double
from .transcendental import exp, log

BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330,
             854513 / 138, -236364091 / 2730)  # B2, B4, ...
STEPS = 10  # how far the recurrence leads
FARTHEST = 1e6  # zeta's first terms lead from below 0 to above: so many at most


def _stirling(xp, x):
    """log(gamma(x)) for x >= 10"""
    square, tail = 1 / (x * x), 0 * x
    for k in range(10, 0, -1):
        tail = tail * square + BERNOULLI[k - 1] / (2 * k * (2 * k - 1))
    return (x - 0.5) * xp.log(x) - x + math.log(2 * math.pi) / 2 + tail / x


def _lgamma_positive(xp, x):
    near = x < STEPS
    product = 1.0
    start = xp.where(near, x, 1.0)
    for k in range(STEPS):
        product = product * (start + k)
    return _stirling(xp, xp.where(near, x + STEPS, x)) - xp.where(near, xp.log(product), 0.0)


@in_double
def lgamma_array(xp, x):
    """log(|gamma(x)|)"""
    below = x < 0.5
    fraction = x - xp.floor(x)
    value = _lgamma_positive(xp, xp.where(xp.isinf(x), 1.0, xp.where(below, 1 - x, x)))
    value = xp.where(below, xp.log(math.pi / xp.abs(xp.sin(math.pi * fraction))) - value, value)
    pole = (x <= 0) & (fraction == 0)
    return xp.where(xp.isinf(x) | pole, xp.inf, value)


@in_double
def digamma_array(xp, x):
    """The derivative of log(gamma(x))"""
    below = x < 0
    positive = xp.where(xp.isinf(x), 1.0, xp.where(below, 1 - x, xp.where(x == 0, 1.0, x)))
    near = positive < STEPS
    steps = 0.0
    for k in range(STEPS):
        steps = steps + xp.where(near, 1 / (positive + k), 0.0)
    far = xp.where(near, positive + STEPS, positive)
    square, tail = 1 / (far * far), 0 * far
    for k in range(10, 0, -1):
        tail = (tail + BERNOULLI[k - 1] / (2 * k)) * square
    value = xp.log(far) - 0.5 / far - tail - steps
    fraction = x - xp.trunc(x)
    value = xp.where(below, value - math.pi / xp.tan(math.pi * fraction), value)
    value = xp.where(below & (fraction == 0), xp.nan, value)
    value = xp.where(xp.isinf(x), xp.where(below, xp.nan, xp.inf), value)
    return xp.where(x == 0, -xp.copysign(xp.inf, x), value)


def zeta_array(xp, x, q):
    """sum of (q + n)^-x over n >= 0: the first terms, then Euler and Maclaurin's formula for the rest"""
    x, q = xp.broadcast_arrays(x, q)
    fine = (x > 1) & (q > -FARTHEST) & xp.isfinite(x) & xp.isfinite(q)
    fine = fine & ((q > 0) | ((q != xp.floor(q)) & (x == xp.floor(x))))
    s, a = xp.where(fine, x, 2.0), xp.where(fine, q, 1.0)
    lowest = float(xp.min(a)) if a.size else 1.0
    total = 0 * s
    for _ in range(STEPS + max(0, math.ceil(-lowest))):
        total = total + xp.power(a, -s)
        a = a + 1
    total = total + xp.power(a, 1 - s) / (s - 1) + xp.power(a, -s) / 2
    factor, power = s, xp.power(a, -s - 1)
    for k, bernoulli in enumerate(BERNOULLI, 1):
        total = total + bernoulli / math.factorial(2 * k) * factor * power
        factor = factor * (s + 2 * k - 1) * (s + 2 * k)
        power = power / (a * a)
    pole = (x == 1) | (~(x < 1) & (q <= 0) & (q == xp.floor(q)))
    endless = xp.isinf(x) & (x > 0)
    edge = xp.where(pole | endless & (q < 1), xp.inf, xp.where(endless & (q == 1), 1.0, xp.nan))
    return xp.where(fine, total, edge)


def trigamma_array(xp, x):
    """The second derivative of log(gamma(x)); below 1/2 by reflection, in the dtype of x, which decides near a pole"""
    below = x < 0.5
    value = _trigamma_positive(xp, xp.where(below, 1 - x, x))
    value = xp.where(below, (math.pi / xp.sin(math.pi * x)) ** 2 - value, value)
    return xp.where(x == xp.inf, 0.0, value).astype(x.dtype)


@in_double
def _trigamma_positive(xp, x):
    return zeta_array(xp, xp.asarray(2.0), x)


# ---- ops ------------------------------------------------------------------------------------------------------------


@pointwise("LgammaBackward0", integers="float")
def lgamma(xp, input):
    """log(|gamma(x)|)"""
    return lgamma_array(xp, input)


@pointwise("DigammaBackward0", integers="float")
def digamma(xp, input):
    """The derivative of lgamma"""
    return digamma_array(xp, input)


@pointwise("PolygammaBackward0", integers="float")
@through_float32
def polygamma_n(xp, input, /, n):
    """The n-th derivative of digamma: (-1)^(n+1) n! zeta(n + 1, x)"""
    if n < 2:
        return (trigamma_array if n else digamma_array)(xp, input)
    factor = (-1) ** (n + 1) * math.factorial(n) if n < 170 else math.inf
    return in_double(lambda xp, x: factor * zeta_array(xp, xp.asarray(n + 1.0), x))(xp, input)


lgamma.vjp(input=lambda g, input: g * digamma(input))
digamma.vjp(input=lambda g, input: g * polygamma_n(input, 1))
polygamma_n.vjp(input=lambda g, input, n: g * polygamma_n(input, n + 1))


@takes_out
def polygamma(n, input):
    """The n-th derivative of digamma"""
    if n < 0:
        raise RuntimeError("polygamma(n, x) does not support negative n.")
    return polygamma_n(input, n)


def polygamma_of(input, n):
    """The n-th derivative of digamma"""
    return polygamma(n, input)


polygamma_of.__name__ = "polygamma"


@primitive("MvlgammaBackward0")
def mvlgamma_p(xp, input, /, p):
    """The multivariate log-gamma function of dimension p"""
    value = p * (p - 1) / 4 * math.log(math.pi)
    for j in range(p):
        value = value + lgamma_array(xp, input - j / 2)
    return xp.asarray(value, order="C")


def _mvlgamma_vjp(g, input, p):
    slope = digamma(input - (p - 1) / 2)
    for j in reversed(range(p - 1)):
        slope = slope + digamma(input - j / 2)
    return g * slope


mvlgamma_p.vjp(input=_mvlgamma_vjp)


@takes_out
def mvlgamma(input, p):
    """The multivariate log-gamma function of dimension p"""
    if p < 1:
        raise RuntimeError("p has to be greater than or equal to 1")
    return mvlgamma_p(input if input.dtype.category >= FLOAT else to_dtype(input, get_default_dtype()), p)


# ---- zeta -----------------------------------------------------------------------------------------------------------


def _in_double_both(xp, function, first, second):
    kind = first.dtype if hasattr(first, "dtype") else second.dtype
    first, second = (xp.asarray(x).astype(xp.float64) for x in (first, second))
    return function(xp, first, second).astype(kind)


def _no_derivative(name):
    def formula(g):
        raise NotImplementedError(f"the derivative for '{name}' is not implemented.")

    return formula


def _by_second(g, input, other):
    return g * (zeta(input + 1, other) * -input)


@pointwise("SpecialZetaBackward0", integers="float")
def zeta_tensors(xp, input, other):
    """sum of (other + n)^-input over n >= 0"""
    return _in_double_both(xp, zeta_array, input, other)


@pointwise("SpecialZetaBackward1", integers="float")
def zeta_number_first(xp, other, /, input):
    """The same for a number as input"""
    return _in_double_both(xp, zeta_array, input, other)


@pointwise("SpecialZetaBackward2", integers="float")
def zeta_number_last(xp, input, /, other):
    """The same for a number as other"""
    return _in_double_both(xp, zeta_array, input, other)


zeta_tensors.vjp(input=_no_derivative("zeta"), other=_by_second)
zeta_number_first.vjp(other=_by_second)
zeta_number_last.vjp(input=_no_derivative("zeta"))


@takes_out
def zeta(input, other):
    """Hurwitz's zeta function: the sum of (other + n)^-input over n >= 0"""
    if isinstance(other, (int, float)):
        return zeta_number_last(input, other)
    return zeta_number_first(other, input) if isinstance(input, (int, float)) else zeta_tensors(input, other)


# ---- incomplete gamma functions -------------------------------------------------------------------------------------

MOST = 3000  # terms of a series or fraction


def _lower_series(xp, a, x):
    """P(a, x) where x < a + 1: x^a e^-x / gamma(a + 1) times 1 + x/(a+1) + x^2/((a+1)(a+2)) + ..."""
    term = total = xp.ones_like(x)
    for k in range(1, MOST):
        term = term * (x / (a + k))
        total = total + term
        if k % 16 == 0 and not bool(xp.any(term > total * 1e-17)):
            break
    return xp.exp(a * xp.log(x) - x - lgamma_array(xp, a + 1)) * total


def _upper_fraction(xp, a, x):
    """Q(a, x) where x >= a + 1: Legendre's continued fraction, evaluated by Lentz's method"""
    b = x + 1 - a
    c, d = xp.full_like(x, 1e300), 1 / b
    value = d
    for k in range(1, MOST):
        b = b + 2
        d = 1 / (k * (a - k) * d + b)
        c = b + k * (a - k) / c
        value = value * (c * d)
        if k % 16 == 0 and not bool(xp.any(xp.abs(c * d - 1) > 1e-16)):
            break
    return xp.exp(a * xp.log(x) - x - lgamma_array(xp, a)) * value


def _incomplete(upper):
    def function(xp, a, x):
        a, x = xp.broadcast_arrays(a, x)
        fine = (a > 0) & (x > 0) & ~xp.isinf(a) & ~xp.isinf(x)
        series = x < a + 1
        low = _lower_series(xp, xp.where(fine & series, a, 1.0), xp.where(fine & series, x, 0.5))
        high = _upper_fraction(xp, xp.where(fine & ~series, a, 1.0), xp.where(fine & ~series, x, 3.0))
        value = xp.where(series, 1 - low, high) if upper else xp.where(series, low, 1 - high)
        none = (x == 0) | (xp.isinf(a) & (a > 0)) & ~xp.isinf(x)
        every = ((a == 0) & (x > 0)) | (xp.isinf(x) & ~xp.isinf(a))
        edge = xp.where(none & ~every, 1.0 if upper else 0.0, xp.where(every, 0.0 if upper else 1.0, xp.nan))
        wrong = (a < 0) | (x < 0) | ((a == 0) & ~(x > 0))
        return xp.where(wrong, xp.nan, xp.where(fine, value, edge))

    return function


@pointwise("IgammaBackward0", integers="float", numbers=())
def igamma(xp, input, other):
    """The regularized lower incomplete gamma function P(input, other)"""
    return _in_double_both(xp, _incomplete(False), input, other)


@pointwise("IgammacBackward0", integers="float", numbers=())
def igammac(xp, input, other):
    """The regularized upper incomplete gamma function Q(input, other)"""
    return _in_double_both(xp, _incomplete(True), input, other)


def _density(input, other):
    return exp((input - 1) * log(other) - other - lgamma(input))


igamma.vjp(input=_no_derivative("igamma: input"), other=lambda g, input, other: g * _density(input, other))
igammac.vjp(input=_no_derivative("igammac: input"), other=lambda g, input, other: -g * _density(input, other))
