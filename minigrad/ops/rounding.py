"""Rounding, and the division that rounds: floor, round, trunc, fmod, remainder, div(rounding_mode=...)."""

from ..tensor import Tensor
from .checks import is_tensor
from .keeping import keeping
from .kinds import FLOATS, is_bool, is_integer, only, unsupported
from .masking import zero
from .out import takes_out
from .primitive import pointwise

ZERO = "ZeroDivisionError"

# ---- to whole numbers -----------------------------------------------------------------------------------------------


def _whole(xp, input, rounding, kernel):
    """Integers are whole already; truth values cannot be rounded."""
    if is_bool(input):
        raise unsupported(xp, input, kernel)
    return input.copy() if is_integer(input) else rounding(input)


@pointwise("FloorBackward0")
def floor(xp, input):
    """The largest whole number not above input"""
    return _whole(xp, input, xp.floor, "floor_vml_cpu")


floor.vjp(input=lambda g: zero(g))


@pointwise("CeilBackward0")
def ceil(xp, input):
    """The smallest whole number not below input"""
    return _whole(xp, input, xp.ceil, "ceil_vml_cpu")


ceil.vjp(input=lambda g: zero(g))


@pointwise("TruncBackward0")
def trunc(xp, input):
    """The whole part of input"""
    return _whole(xp, input, xp.trunc, "trunc_vml_cpu")


trunc.vjp(input=lambda g: zero(g))


@pointwise("FracBackward0")
def frac(xp, input):
    """input - trunc(input)"""
    only(xp, input, FLOATS, "frac_cpu")
    return input - xp.trunc(input)


frac.vjp(input=lambda g: g)


@pointwise("RoundBackward0")
def round_whole(xp, input):
    """The nearest whole number, the even one of two equally near"""
    return _whole(xp, input, xp.rint, "round_vml_cpu")


round_whole.vjp(input=lambda g: zero(g))


@pointwise("RoundBackward1")
def round_decimals(xp, input, /, decimals):
    """The nearest multiple of 10 ** -decimals"""
    only(xp, input, FLOATS, "round_cpu")
    if decimals < 0:
        return xp.rint(input / 10.0**-decimals) * 10.0**-decimals
    return xp.rint(input * 10.0**decimals) / 10.0**decimals


round_decimals.vjp(input=lambda g: zero(g))


@takes_out
def round(input, *, decimals=None):
    """The nearest whole number, or the nearest number with so many decimals"""
    return round_whole(input) if decimals is None else round_decimals(input, decimals)


# ---- division -------------------------------------------------------------------------------------------------------


def _no_zero(other):
    """Integers cannot be divided by 0.  Raises RuntimeError."""
    if is_integer(other) and (other == 0).any():
        raise RuntimeError(ZERO)


def floored(xp, input, other):
    """floor(input / other) as torch computes it: exact, and inf or nan for a divisor of 0"""
    if is_bool(input):
        raise unsupported(xp, input, "div_floor_cpu")
    if is_integer(input):
        _no_zero(other)
        return xp.floor_divide(input, other)
    return xp.where(other == 0, input / other, xp.floor_divide(input, other)).astype(input.dtype)


def truncated(xp, input, other):
    """trunc(input / other)"""
    if is_integer(input):
        _no_zero(other)
        quotient = xp.floor_divide(input, other)
        return quotient + ((quotient < 0) & (quotient * other != input)).astype(quotient.dtype)
    return xp.trunc(input / other)


ROUNDED = {"floor": floored, "trunc": truncated}


@pointwise("DivBackward2")
def div_rounded(xp, input, other, /, rounding_mode):
    """input / other, rounded down ("floor") or towards 0 ("trunc")"""
    return ROUNDED[rounding_mode](xp, *as_arrays(xp, input, other))


div_rounded.vjp(input=keeping("other")(lambda g: zero(g)), other=keeping("input", "other")(lambda g: zero(g)))


def as_arrays(xp, input, other):
    """Both operands as arrays, a number as a 0-d one of the other's dtype"""
    if not hasattr(input, "dtype"):
        return xp.asarray(input, dtype=other.dtype), other
    return input, other if hasattr(other, "dtype") else xp.asarray(other, dtype=input.dtype)


def not_implemented(name):
    """A formula for what torch gives no derivative for.  Raises RuntimeError when it runs."""

    def formula(g):
        raise RuntimeError(f"derivative for aten::{name} is not implemented")

    return formula


@pointwise("NotImplemented")
def floor_divide_tensor(xp, input, other):
    """floor(input / other)"""
    return floored(xp, *as_arrays(xp, input, other))


floor_divide_tensor.vjp(input=not_implemented("floor_divide"), other=not_implemented("floor_divide"))


@pointwise("NotImplemented")
def floor_divide_number(xp, input, other):
    """floor(input / other) for a number"""
    return floored(xp, *as_arrays(xp, input, other))


floor_divide_number.vjp(input=not_implemented("floor_divide"))


@pointwise("NotImplemented")
def number_floor_divide(xp, other, input):
    """floor(input / other) for a number as input"""
    return floored(xp, *as_arrays(xp, input, other))


number_floor_divide.vjp(other=not_implemented("floor_divide"))


@takes_out
def floor_divide(input, other):
    """floor(input / other)"""
    if not isinstance(input, Tensor):
        return number_floor_divide(other, input)
    return (floor_divide_tensor if isinstance(other, Tensor) else floor_divide_number)(input, other)


# ---- remainders -----------------------------------------------------------------------------------------------------


def _fmod(xp, input, other):
    if is_bool(input):
        raise unsupported(xp, input, "fmod_cpu")
    _no_zero(other)
    return xp.fmod(input, other)


@pointwise("FmodBackward0")
def fmod_number(xp, input, other):
    """input - other * trunc(input / other) for a number"""
    return _fmod(xp, *as_arrays(xp, input, other))


fmod_number.vjp(input=lambda g: g)


@pointwise("FmodBackward1")
def fmod_tensor(xp, input, other):
    """input - other * trunc(input / other); the sign of input"""
    return _fmod(xp, *as_arrays(xp, input, other))


fmod_tensor.vjp(input=lambda g: g, other=lambda g, input, other: -g * div_rounded(input, other, "trunc"))


@takes_out
def fmod(input, other):
    """input - other * trunc(input / other)"""
    is_tensor("fmod", "input", 1, input)
    return (fmod_tensor if isinstance(other, Tensor) else fmod_number)(input, other)


def _remainder(xp, input, other):
    if is_bool(input):
        raise unsupported(xp, input, "remainder_cpu")
    _no_zero(other)
    return xp.remainder(input, other)


@pointwise("RemainderBackward0")
def remainder_number(xp, input, other):
    """input - other * floor(input / other) for a number"""
    return _remainder(xp, *as_arrays(xp, input, other))


remainder_number.vjp(input=lambda g: g)


@pointwise("RemainderBackward1")
def remainder_tensor(xp, input, other):
    """input - other * floor(input / other); the sign of other"""
    return _remainder(xp, *as_arrays(xp, input, other))


remainder_tensor.vjp(input=lambda g: g, other=lambda g, input, other: -g * div_rounded(input, other, "floor"))


@pointwise("NotImplemented")
def remainder_of_number(xp, other, input):
    """input - other * floor(input / other) for a number as input"""
    return _remainder(xp, *as_arrays(xp, input, other))


remainder_of_number.vjp(other=not_implemented("remainder"))


@takes_out
def remainder(input, other):
    """input - other * floor(input / other)"""
    if not isinstance(input, Tensor):
        return remainder_of_number(other, input)
    return (remainder_tensor if isinstance(other, Tensor) else remainder_number)(input, other)
