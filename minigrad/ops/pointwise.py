"""Arithmetic on elements: the four operations, powers, exponentials and logarithms, and what is compared.

Each op is its kernel and its derivatives: `g` is the gradient of the output, the other names are what the formula needs.
"""

import math

from ..tensor import Tensor
from .primitive import pointwise

# ---- arithmetic -----------------------------------------------------------------------------------------------------


@pointwise("AddBackward0")
def add(input, other, /, alpha=1):
    """input + alpha * other"""
    return input + other if alpha == 1 else input + alpha * other


add.vjp(input=lambda g: g,
        other=lambda g, alpha: g if alpha == 1 else g * alpha)


@pointwise("SubBackward0")
def sub(input, other, /, alpha=1):
    """input - alpha * other"""
    return input - other if alpha == 1 else input - alpha * other


sub.vjp(input=lambda g: g,
        other=lambda g, alpha: -g if alpha == 1 else g * -alpha)


@pointwise("RsubBackward1")
def rsub(input, /, other, alpha=1):
    """other - alpha * input, where other is a number"""
    return other - input if alpha == 1 else other - alpha * input


rsub.vjp(input=lambda g, alpha: -g if alpha == 1 else g * -alpha)


@pointwise("MulBackward0")
def mul(input, other):
    """input * other"""
    return input * other


mul.vjp(input=lambda g, other: g * other,
        other=lambda g, input: g * input)


@pointwise("DivBackward0", integers="float")
def div(input, other):
    """input / other"""
    return input / other


div.vjp(input=lambda g, other: g / other,
        other=lambda g, input, other: -g * ((input / other) / other))


@pointwise("NegBackward0")
def neg(input):
    """-input"""
    return -input


neg.vjp(input=lambda g: -g)


@pointwise("ReciprocalBackward0", integers="float")
def reciprocal(input):
    """1 / input"""
    return 1 / input


reciprocal.vjp(input=lambda g, out: -g * (out * out))


@pointwise("AbsBackward0")
def abs(xp, input):
    """|input|; the derivative at 0 is 0"""
    return xp.abs(input)


abs.vjp(input=lambda g, input: g * sign(input))


@pointwise("SignBackward0")
def sign(xp, input):
    """-1, 0 or 1"""
    return xp.sign(input)


sign.vjp(input=lambda g: g * 0)

# ---- powers, exponentials, logarithms -------------------------------------------------------------------------------


@pointwise("PowBackward0")
def pow_number(xp, input, /, exponent):
    """input ** exponent for a number; d/dx = exponent * x ** (exponent - 1), and 0 for exponent 0"""
    return input * input if exponent == 2 else xp.power(input, exponent)


pow_number.vjp(input=lambda g, input, exponent: g * 0 if exponent == 0 else g * (exponent * input ** (exponent - 1)))


@pointwise("PowBackward1")
def pow_tensor(xp, input, exponent):
    """input ** exponent for tensors"""
    return xp.power(input, exponent)


pow_tensor.vjp(
    input=lambda g, input, exponent: where(exponent == 0, 0.0, g * (exponent * input ** (exponent - 1))),
    exponent=lambda g, input, exponent, out: g * where((input == 0) & (exponent >= 0), 0.0, out * log(input)))  # fmt: skip


@pointwise("PowBackward2")
def pow_base(xp, exponent, /, base):
    """base ** exponent for a number as base"""
    return xp.power(base, exponent)


pow_base.vjp(exponent=lambda g, exponent, base, out: g * (out * log_of_number(base)) if base != 0
             else g * where(exponent >= 0, 0.0, out * log_of_number(base)))


def pow(input, exponent):
    """input ** exponent, either of them possibly a number"""
    if not isinstance(input, Tensor):
        return pow_base(exponent, input)
    if isinstance(exponent, Tensor):
        return pow_tensor(input, exponent)
    return pow_number(input, exponent)


def rdiv(input, other):
    """other / input, as torch records it"""
    return reciprocal(input) * other


def log_of_number(base):
    """log(base) with log(0) = -inf and nan below"""
    return math.log(base) if base > 0 else (-math.inf if base == 0 else math.nan)


@pointwise("ExpBackward0", integers="float")
def exp(xp, input):
    """e ** input"""
    return xp.exp(input)


exp.vjp(input=lambda g, out: g * out)


@pointwise("LogBackward0", integers="float")
def log(xp, input):
    """The natural logarithm of input"""
    return xp.log(input)


log.vjp(input=lambda g, input: g / input)


@pointwise("SqrtBackward0", integers="float")
def sqrt(xp, input):
    """The square root of input"""
    return xp.sqrt(input)


sqrt.vjp(input=lambda g, out: g / (2 * out))

# ---- choosing and comparing -----------------------------------------------------------------------------------------


@pointwise("WhereBackward0")
def where_(xp, condition, input, other):
    """input where condition holds, other elsewhere"""
    return xp.where(condition, input, other)


def where(condition, input, other):
    """input where condition holds, other elsewhere"""
    return where_(condition, input, other)


def _share(g, wins, ties):
    """The gradient where an operand wins, half of it where both do"""
    return where(ties, g / 2, where(wins, g, 0.0))


@pointwise("MaximumBackward0")
def maximum(xp, input, other):
    """The larger of the two; equal ones share the gradient"""
    return xp.maximum(input, other)


maximum.vjp(input=lambda g, input, other: _share(g, input > other, input == other),
            other=lambda g, input, other: _share(g, other > input, input == other))


@pointwise("MinimumBackward0")
def minimum(xp, input, other):
    """The smaller of the two; equal ones share the gradient"""
    return xp.minimum(input, other)


minimum.vjp(input=lambda g, input, other: _share(g, input < other, input == other),
            other=lambda g, input, other: _share(g, other < input, input == other))


@pointwise()
def eq(input, other):
    """input == other"""
    return input == other


@pointwise()
def ne(input, other):
    """input != other"""
    return input != other


@pointwise()
def lt(input, other):
    """input < other"""
    return input < other


@pointwise()
def le(input, other):
    """input <= other"""
    return input <= other


@pointwise()
def gt(input, other):
    """input > other"""
    return input > other


@pointwise()
def ge(input, other):
    """input >= other"""
    return input >= other
