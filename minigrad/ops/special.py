"""The error function and its relatives, without a library of special functions."""

import math

from .pointwise import exp, pow_number
from .primitive import pointwise

# Cody's rational approximations (Math. Comp. 23, 1969), each numerator / denominator from the highest power down.
CENTRE = ((1.85777706184603153e-1, 3.16112374387056560e00, 1.13864154151050156e02, 3.77485237685302021e02,
           3.20937758913846947e03),
          (1.0, 2.36012909523441209e01, 2.44024637934444173e02, 1.28261652607737228e03,
           2.84423683343917062e03))  # erf(x) / x in x^2, |x| <= 0.46875
FLANK = ((2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e01,
          2.98635138197400131e02, 8.81952221241769090e02, 1.71204761263407058e03, 2.05107837782607147e03,
          1.23033935479799725e03),
         (1.0, 1.57449261107098347e01, 1.17693950891312499e02, 5.37181101862009858e02, 1.62138957456669019e03,
          3.29079923573345963e03, 4.36261909014324716e03, 3.43936767414372164e03,
          1.23033935480374942e03))  # e^(x^2) erfc(x) in x, 0.46875 < x <= 4
TAIL = ((1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1,
         1.60837851487422766e-2, 6.58749161529837803e-4),
        (1.0, 2.56852019228982242e00, 1.87295284992346725e00, 5.27905102951428412e-1, 6.05183413124413191e-2,
         2.33520497626869185e-3))  # how far x e^(x^2) erfc(x) is from 1/sqrt(pi), over 1/x^2, in 1/x^2, x > 4  # fmt: skip


def _rational(x, approximation):
    """numerator(x) / denominator(x)"""
    above, below = [_polynomial(x, coefficients) for coefficients in approximation]
    above /= below
    return above


def _polynomial(x, coefficients):
    value = x * coefficients[0]
    for c in coefficients[1:-1]:
        value += c
        value *= x
    value += coefficients[-1]
    return value


def _gaussian(xp, x):
    """e^(-x^2), the square taken exactly for the leading bits of x"""
    head = xp.trunc(x * 16) / 16
    return xp.exp(-head * head) * xp.exp(-(x - head) * (x + head))


def erfc_scaled_far(xp, x):
    """e^(x^2) erfc(x) for x > 0.46875"""
    far = x > 4
    middle = xp.where(far, 4.0, x)
    value = _rational(middle, FLANK)
    if xp.may_hold(far):
        inverse = 1 / (x * x)
        value = xp.where(far, (1 / math.sqrt(math.pi) - inverse * _rational(inverse, TAIL)) / x, value)
    return value


def _erfc_far(xp, x):
    """erfc(x) for x > 0.46875"""
    return erfc_scaled_far(xp, x) * _gaussian(xp, x)


def in_double(kernel):
    """The kernel on a flat float64 copy, back in the input's shape and dtype"""

    def run(xp, input):
        result = kernel(xp, input.reshape(-1).astype(xp.float64))
        return result.reshape(input.shape).astype(input.dtype)

    return run


@in_double
def erf_array(xp, x):
    """The error function of an array"""
    size = xp.abs(x)
    near = ~(size > 0.46875)
    result = xp.empty_like(x)
    inner, outer = x[near], size[~near]
    result[near] = inner * _rational(inner * inner, CENTRE)
    result[~near] = xp.copysign(1 - _erfc_far(xp, xp.minimum(outer, 30.0)), x[~near])
    return result


@in_double
def erfc_array(xp, x):
    """1 - erf of an array, without cancellation"""
    size = xp.abs(x)
    near = ~(size > 0.46875)
    result = xp.empty_like(x)
    inner, outer, negative = x[near], size[~near], x[~near] < 0
    result[near] = 1 - inner * _rational(inner * inner, CENTRE)
    far = _erfc_far(xp, xp.minimum(outer, 30.0))
    result[~near] = xp.where(negative, 2 - far, far)
    return result


@pointwise("ErfBackward0", integers="float")
def erf(xp, input):
    """2/sqrt(pi) times the integral of e^(-t^2) from 0 to x"""
    return erf_array(xp, input)


erf.vjp(input=lambda g, input: g * (2 / math.sqrt(math.pi)) * exp(-input * input))


@pointwise("ErfcBackward0", integers="float")
def erfc(xp, input):
    """1 - erf(x)"""
    return erfc_array(xp, input)


erfc.vjp(input=lambda g, input: g * (-2 / math.sqrt(math.pi)) * exp(-input * input))

# Rational first guesses for erfinv: in y^2 for |y| <= 0.7, and in sqrt(-log((1 - |y|) / 2)) beyond.
GUESS_CENTRE = ((-0.140543331, 0.914624893, -1.645349621, 0.886226899),
                (0.012229801, -0.329097515, 1.442710462, -2.118377725, 1.0))
GUESS_TAIL = ((1.641345311, 3.429567803, -1.624906493, -1.970840454), (1.637067800, 3.543889200, 1.0))


@in_double
def erfinv_array(xp, y):
    """The inverse of erf: a rational guess and two steps of Newton's method"""
    size = xp.abs(y)
    tail = xp.sqrt(-xp.log((1 - xp.where(size < 1, xp.maximum(size, 0.7), 0.7)) / 2))
    x = xp.where(size <= 0.7, y * _rational(y * y, GUESS_CENTRE), xp.copysign(_rational(tail, GUESS_TAIL), y))
    for _ in range(2):
        missing = xp.where(size < 0.5, erf_array(xp, x) - y, xp.sign(y) * (1 - size - erfc_array(xp, xp.abs(x))))
        x = x - missing / (2 / math.sqrt(math.pi) * xp.exp(-x * x))
    edge = xp.where(size == 1, xp.copysign(xp.inf, y), xp.nan)
    return xp.where(size < 1, x, edge)


@pointwise("ErfinvBackward0", integers="float")
def erfinv(xp, input):
    """The x whose erf is the input; infinite at -1 and 1, nan beyond"""
    return erfinv_array(xp, input)


erfinv.vjp(input=lambda g, input: g * (math.sqrt(math.pi) / 2) * exp(pow_number(erfinv(input), 2)))
