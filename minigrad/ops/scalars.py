"""Arithmetic with a number inside torch's own compositions, whose graph has one edge where `x + 1` has two."""

import functools

from ..dtypes import FLOAT, get_default_dtype
from ..tensor import Tensor
from .primitive import pointwise


def with_number(node_name):
    """Declare such an op; a float makes floats of integers first, as it does between operands."""

    def declare(kernel):
        op = pointwise(node_name)(kernel)

        @functools.wraps(kernel)
        def call(input, other):
            if type(other) is float and isinstance(input, Tensor) and input.dtype.category < FLOAT:
                input = input.to(get_default_dtype())
            return op(input, other)

        call.op, call.vjp = op.op, op.vjp
        return call

    return declare


@with_number("AddBackward1")
def plus(input, /, other):
    """input + number"""
    return input + other


plus.vjp(input=lambda g: g)


@with_number("SubBackward1")
def minus(input, /, other):
    """input - number"""
    return input - other


minus.vjp(input=lambda g: g)


@with_number("MulBackward1")
def times(input, /, other):
    """input * number"""
    return input * other


times.vjp(input=lambda g, other: g * other)


@pointwise("DivBackward1", integers="float")
def over(input, /, other):
    """input / number"""
    return input / other


over.vjp(input=lambda g, other: g / other)
