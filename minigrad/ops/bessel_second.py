"""Bessel functions of the second kind: y0, y1 and the modified k0, k1; and Airy's function.  torch has no derivatives of them.

Near 0 the power series with their logarithms serve.  Beyond, the modified ones are integrals of functions that decay so fast
that the trapezoidal rule is exact with a score of points; the others follow from a sum of functions of the first kind.
"""

import math

from .bessel import FAR, hankel, i0_array, i1_array
from .kinds import no_half
from .primitive import pointwise
from .special import in_double

EULER = 0.57721566490153286061
DEGREES = 70  # from where the recurrence for functions of the first kind starts downwards
POINTS = 24  # of the trapezoidal rule


def _logarithmic_series(xp, x, q, order):
    """sum over k of q^k / (k! (k + order)!) (log(x / 2) - (psi(k + 1) + psi(k + order + 1)) / 2)"""
    first, second = -EULER, -EULER + order  # psi at 1 and at order + 1, for order 0 or 1
    level, total, term = xp.log(x / 2), 0.0, xp.ones_like(x)
    for k in range(1, 30):
        total = total + term * (level - (first + second) / 2)
        term = term * q / (k * (k + order))
        first, second = first + 1 / k, second + 1 / (k + order)
    return total


def _on_its_domain(xp, x, at_0, value):
    """`value` above 0, `at_0` at 0, nan below"""
    return xp.where(x > 0, value, xp.where(x == 0, at_0, xp.nan))


# ---- modified -------------------------------------------------------------------------------------------------------


def decaying(xp, x, order):
    """e^x K(x) for x >= 1/2: the integral over t > 0 of e^(x - x cosh(t)) cosh(order t)"""
    step = xp.minimum(0.25, 0.7 / xp.sqrt(x))
    total = 0.5
    for k in range(1, POINTS):
        total = total + xp.exp(-2 * x * xp.sinh(k * step / 2) ** 2) * xp.cosh(order * k * step)
    return step * total


def _modified(xp, x, order, scaled):
    """K(x), or e^x K(x) if `scaled`"""
    near = ~(x > 2)
    inner, outer = xp.where(near & (x > 0), x, 1.0), xp.where(near, 2.0, x)
    series = _logarithmic_series(xp, inner, inner * inner / 4, order)
    series = 1 / inner + inner / 2 * series if order else -series
    far = decaying(xp, xp.where(xp.isinf(outer), 1.0, outer), order)
    if scaled:
        value = xp.where(near, series * xp.exp(inner), xp.where(xp.isinf(outer), 0.0, far))
    else:
        value = xp.where(near, series, xp.exp(-outer) * far)
    return _on_its_domain(xp, x, xp.inf, value)


# ---- not modified ---------------------------------------------------------------------------------------------------


def _neumann(xp, x, order):
    """Y(x) for 4 < x <= 25 as a sum of functions of the first kind, which a recurrence downwards gives"""
    later, here, norm, series = 0 * x, 0 * x + 1e-150, 0 * x, 0 * x
    for k in range(DEGREES, 0, -1):
        m = k // 2
        if k % 2 == 0:
            norm = norm + 2 * here
        if k % 2 == order and m:
            series = series + (-1) ** m * (k / (m * (m + order))) * here
        later, here = here, 2 * k / x * here - later
    norm = norm + here
    level = xp.log(x / 2) + EULER
    if order == 0:
        return 2 / math.pi * (level * here - series) / norm
    return 2 / math.pi * ((level - 1) * later - here / x - series) / norm


def _second_kind(xp, x, order):
    near, far = ~(x > 4), x > FAR
    inner = xp.where(near & (x > 0), x, 1.0)
    series = _logarithmic_series(xp, inner, -inner * inner / 4, order)
    series = 2 / math.pi * (inner / 2 * series - 1 / inner if order else series)
    middle = _neumann(xp, xp.where(near | far, 5.0, x), order)
    outer = hankel(xp, xp.where(far & ~xp.isinf(x), x, FAR), order, quarter=1)
    value = xp.where(near, series, xp.where(far, xp.where(xp.isinf(x), xp.nan, outer), middle))
    return _on_its_domain(xp, x, -xp.inf, value)


# ---- Airy's ---------------------------------------------------------------------------------------------------------


def _airy_series(xp, x):
    cube = x**3
    even, odd, first, second = 0.0, 0.0, xp.ones_like(x), x
    for k in range(40):
        even, odd = even + first, odd + second
        first = first * cube / ((3 * k + 2) * (3 * k + 3))
        second = second * cube / ((3 * k + 3) * (3 * k + 4))
    return 0.355028053887817239260 * even - 0.258819403792806798405 * odd


def _airy_waves(xp, z):
    """Ai(-z) for z > 7: its asymptotic expansion"""
    zeta = 2 / 3 * z**1.5
    cosines, sines, term = xp.ones_like(z), xp.zeros_like(z), xp.ones_like(z)
    for k in range(1, 20):
        term = term * (6 * k - 5) * (6 * k - 3) * (6 * k - 1) / (216 * k * (2 * k - 1)) / zeta
        if k % 2:
            sines = sines + (-1) ** (k // 2) * term
        else:
            cosines = cosines + (-1) ** (k // 2) * term
    angle = zeta + math.pi / 4
    return (xp.sin(angle) * cosines - xp.cos(angle) * sines) / (math.sqrt(math.pi) * z**0.25)


def _airy(xp, x):
    high, low = x > 2, x < -7
    above = xp.where(high & ~xp.isinf(x), x, 2.0)
    zeta = 2 / 3 * above**1.5
    decay = xp.sqrt(above / 3) / math.pi * xp.exp(-zeta) * decaying(xp, zeta, 1 / 3)
    waves = _airy_waves(xp, xp.where(low & ~xp.isinf(x), -x, 7.0))
    value = xp.where(high, decay, xp.where(low, waves, _airy_series(xp, xp.where(high | low, 0.0, x))))
    return xp.where(xp.isinf(x), xp.nan, value)


# ---- ops ------------------------------------------------------------------------------------------------------------


def _declare(name, function, what):
    """The op of a function of float64 arrays"""
    compute = in_double(function)

    def kernel(xp, input):
        no_half(xp, input, name + "_cpu")
        return compute(xp, input)

    kernel.__name__, kernel.__doc__ = name, what
    return pointwise(integers="float")(kernel)


bessel_y0 = _declare("bessel_y0", lambda xp, x: _second_kind(xp, x, 0), "Y0(x)")
bessel_y1 = _declare("bessel_y1", lambda xp, x: _second_kind(xp, x, 1), "Y1(x)")
modified_bessel_i0 = _declare("modified_bessel_i0", i0_array, "I0(x)")
modified_bessel_i1 = _declare("modified_bessel_i1", i1_array, "I1(x)")
modified_bessel_k0 = _declare("modified_bessel_k0", lambda xp, x: _modified(xp, x, 0, False), "K0(x)")
modified_bessel_k1 = _declare("modified_bessel_k1", lambda xp, x: _modified(xp, x, 1, False), "K1(x)")
scaled_modified_bessel_k0 = _declare("scaled_modified_bessel_k0", lambda xp, x: _modified(xp, x, 0, True), "e^x K0(x)")
scaled_modified_bessel_k1 = _declare("scaled_modified_bessel_k1", lambda xp, x: _modified(xp, x, 1, True), "e^x K1(x)")
spherical_bessel_j0 = _declare("spherical_bessel_j0", lambda xp, x: xp.where(xp.isinf(x), 0.0, xp.where(
    x == 0, 1.0, xp.sin(x) / x)), "sin(x) / x")  # fmt: skip
airy_ai = _declare("airy_ai", _airy, "Ai(x)")
