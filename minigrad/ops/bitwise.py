"""Ops on the bits of integers and on truth values; greatest common divisors."""

from .kinds import INTEGERS, is_bool, only, unsupported
from .primitive import pointwise


@pointwise()
def bitwise_and(xp, input, other):
    """The bits that are set in both"""
    return _on_bits(xp, xp.bitwise_and, input, other, "bitwise_and_cpu")


@pointwise()
def bitwise_or(xp, input, other):
    """The bits that are set in either"""
    return _on_bits(xp, xp.bitwise_or, input, other, "bitwise_or_cpu")


@pointwise()
def bitwise_xor(xp, input, other):
    """The bits that are set in just one"""
    return _on_bits(xp, xp.bitwise_xor, input, other, "bitwise_xor_cpu")


@pointwise()
def bitwise_not(xp, input):
    """The bits that are not set"""
    only(xp, input, INTEGERS, "bitwise_not_cpu")
    return xp.bitwise_not(input)


def _on_bits(xp, function, input, other, kernel):
    only(xp, input if hasattr(input, "dtype") else other, INTEGERS, kernel)
    return function(input, other)


def _shifted(xp, function, input, other, kernel):
    array = input if hasattr(input, "dtype") else other
    if is_bool(array) or array.dtype.kind not in INTEGERS:
        raise unsupported(xp, array, kernel)
    return function(input, other)


@pointwise()
def bitwise_left_shift(xp, input, other):
    """input * 2 ** other"""
    return _shifted(xp, xp.left_shift, input, other, "lshift_cpu")


@pointwise()
def bitwise_right_shift(xp, input, other):
    """floor(input / 2 ** other)"""
    return _shifted(xp, xp.right_shift, input, other, "rshift_cpu")


def invert(input):
    """~input.  Raises TypeError for floating-point tensors"""
    if input._data.dtype.kind not in INTEGERS:
        raise TypeError("~ (operator.invert) is only implemented on integer and Boolean-type tensors")
    return bitwise_not(input)


@pointwise(numbers=())
def gcd(xp, input, other):
    """The greatest common divisor"""
    if is_bool(input) or input.dtype.kind not in INTEGERS:
        raise unsupported(xp, input, "gcd_cpu")
    return xp.gcd(input, other)


@pointwise(numbers=())
def lcm(xp, input, other):
    """The least common multiple"""
    if is_bool(input) or input.dtype.kind not in INTEGERS:
        raise unsupported(xp, input, "lcm_cpu")
    return xp.lcm(input, other)
