"""Arithmetic with a number inside torch's own compositions, whose graph has one edge where `x + 1` has two."""

from .primitive import pointwise


@pointwise("AddBackward1")
def plus(input, /, other):
    """input + number"""
    return input + other


plus.vjp(input=lambda g: g)


@pointwise("SubBackward1")
def minus(input, /, other):
    """input - number"""
    return input - other


minus.vjp(input=lambda g: g)


@pointwise("MulBackward1")
def times(input, /, other):
    """input * number"""
    return input * other


times.vjp(input=lambda g, other: g * other)


@pointwise("DivBackward1", integers="float")
def over(input, /, other):
    """input / number"""
    return input / other


over.vjp(input=lambda g, other: g / other)
