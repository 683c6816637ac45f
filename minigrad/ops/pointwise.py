"""Arithmetic on elements: the four operations, powers, signs, and fused multiply-adds.

Each op is its kernel and its derivatives: `g` is the gradient of the output, the other names are what the formula needs.
The other functions of elements are in transcendental, comparison, rounding, bitwise and special; the commonest of them
can be imported from here too.
"""

import math

from .. import dtypes, return_types
from ..dtypes import CPP_NAME, FLOAT, SCALAR_TYPE
from ..tensor import Tensor
from .checks import is_tensor
from .comparison import eq, ge, gt, le, lt, maximum, minimum, ne, where  # noqa: F401
from .data import fitting
from .keeping import keeping
from .kinds import FLOATS, is_bool, is_integer, only, unsupported
from .masking import zero
from .out import takes_out
from .primitive import pointwise, primitive
from .promotion import result_type
from .rounding import ROUNDED, as_arrays, div_rounded, not_implemented
from .shape import to_dtype
from .transcendental import exp, exp2, log, sqrt  # noqa: F401

# ---- what may be added ----------------------------------------------------------------------------------------------

ONE_BOOL = ("Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use "
            "the `~` or `logical_not()` operator instead.")
TWO_BOOLS = ("Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` "
             "operator instead.")


def no_bools(name, operands):
    """Truth values cannot be subtracted.  Raises RuntimeError."""
    bools = [x.dtype is dtypes.bool_ if isinstance(x, Tensor) else isinstance(x, bool) for x in operands]
    if True in bools:
        raise RuntimeError(TWO_BOOLS if bools.count(True) == 2 else ONE_BOOL)


def scaled(array, alpha):
    """alpha * array.  Raises RuntimeError for an alpha of a higher category than the array."""
    if isinstance(alpha, bool) and not is_bool(array):
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    if isinstance(alpha, float) and (is_integer(array) if hasattr(array, "dtype") else not isinstance(array, float)):
        raise RuntimeError("For integral input tensors, argument alpha must not be a floating point number.")
    if isinstance(alpha, complex):
        raise RuntimeError("For non-complex input tensors, argument alpha must not be a complex number.")
    return array & bool(alpha) if is_bool(array) else alpha * array


# ---- arithmetic -----------------------------------------------------------------------------------------------------


@pointwise("AddBackward0")
def plus(input, other):
    """input + other, as the operator has it: `add` without its alpha"""
    return input + other


plus.vjp(input=lambda g: g,
         other=lambda g: g)


@pointwise("SubBackward0", check=no_bools)
def minus(input, other):
    """input - other, as the operator has it: `sub` without its alpha"""
    return input - other


minus.vjp(input=lambda g: g,
          other=lambda g: -g)
plus.op.node_class._saved_alpha = minus.op.node_class._saved_alpha = 1  # as torch's nodes say


@pointwise("AddBackward0")
def add(input, other, /, alpha=1):
    """input + alpha * other"""
    return input + other if alpha == 1 and alpha is not True else input + scaled(other, alpha)


add.vjp(input=lambda g: g,
        other=lambda g, alpha: g if alpha == 1 else g * alpha)


@pointwise("SubBackward0", check=no_bools)
def sub(input, other, /, alpha=1):
    """input - alpha * other"""
    return input - other if alpha == 1 and alpha is not True else input - scaled(other, alpha)


sub.vjp(input=lambda g: g,
        other=lambda g, alpha: -g if alpha == 1 else g * -alpha)


@pointwise("RsubBackward1", check=no_bools)
def rsub_number(input, other, alpha=1):
    """other - alpha * input, where other is a number"""
    return other - input if alpha == 1 and alpha is not True else other - scaled(input, alpha)


rsub_number.vjp(input=lambda g, alpha: -g if alpha == 1 else g * -alpha)


@pointwise("RsubBackward0", check=no_bools, order=(1, 0))
def rsub_tensor(input, other, /, alpha=1):
    """other - alpha * input"""
    return other - input if alpha == 1 and alpha is not True else other - scaled(input, alpha)


rsub_tensor.vjp(input=lambda g, alpha: -g if alpha == 1 else g * -alpha, other=lambda g: g)


def rsub(input, other, *, alpha=1):
    """other - alpha * input"""
    is_tensor("rsub", "input", 1, input)
    return (rsub_tensor if isinstance(other, Tensor) else rsub_number)(input, other, alpha)


@pointwise("MulBackward0")
def mul(input, other):
    """input * other"""
    return input * other


mul.vjp(input=lambda g, other: g * other,
        other=lambda g, input: g * input)


@pointwise("DivBackward0", integers="float")
def div_(input, other):
    """input / other"""
    return input / other


div_.vjp(input=lambda g, other: g / other,
         other=lambda g, input, other: -g * ((input / other) / other))


@takes_out
def true_divide(input, other):
    """input / other"""
    return div_(input, other)


@takes_out
def div(input, other, *, rounding_mode=True):
    """input / other, rounded down ("floor"), towards 0 ("trunc") or not at all (None)"""
    if rounding_mode is True:
        return div_(input, other)
    if rounding_mode is None:
        return div_unrounded(input, other)
    if rounding_mode not in ROUNDED:
        raise RuntimeError(f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found "
                           f"'{rounding_mode}'")
    return div_rounded(input, other, rounding_mode)


@pointwise("DivBackward2", integers="float")
def div_unrounded(input, other):
    """input / other, called with rounding_mode=None"""
    return input / other


div_unrounded.vjp(input=lambda g, other: g / other,
                  other=lambda g, input, other: -g * ((input / other) / other))
div_unrounded.op.node_class._saved_rounding_mode = None


@pointwise("NegBackward0")
def neg(input):
    """-input"""
    if is_bool(input):
        raise RuntimeError("Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert "
                           "a mask, use the `~` or `logical_not()` operator instead.")
    return -input


neg.vjp(input=lambda g: -g)


def positive(input):
    """input itself.  Raises RuntimeError for truth values"""
    if input.dtype is dtypes.bool_:
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


@pointwise("ReciprocalBackward0", integers="float")
def reciprocal(input):
    """1 / input"""
    return 1 / input


reciprocal.vjp(input=lambda g, out: -g * (out * out))


def rdiv(input, other):
    """other / input, as torch records it"""
    return input.reciprocal() * other


# ---- signs ----------------------------------------------------------------------------------------------------------


@pointwise("AbsBackward0")
def abs(xp, input):
    """|input|; the derivative at 0 is 0"""
    if is_bool(input):
        raise unsupported(xp, input, "abs_cpu")
    return xp.abs(input)


abs.vjp(input=lambda g, input: g * sgn(input))


def _sign(xp, input):
    if is_bool(input):
        return input.copy()
    sign = xp.sign(input)
    return xp.masked(sign, sign == sign) if input.dtype.kind == "f" else sign


@pointwise("SignBackward0")
def sign(xp, input):
    """-1, 0 or 1"""
    return _sign(xp, input)


sign.vjp(input=lambda g: zero(g))


@pointwise("SgnBackward0")
def sgn(xp, input):
    """-1, 0 or 1"""
    return _sign(xp, input)


sgn.vjp(input=lambda g: zero(g))


@pointwise("AngleBackward0", integers="float")
def angle(xp, input):
    """pi for negative numbers, else 0"""
    return xp.where(xp.isnan(input), input, xp.where(input < 0, math.pi, 0.0)).astype(input.dtype)


angle.vjp(input=lambda g: zero(g))


@pointwise("CopysignBackward0", integers="float")
def copysign_tensor(xp, input, other):
    """|input| with the sign of other"""
    return xp.copysign(*as_arrays(xp, input, other))


copysign_tensor.vjp(input=lambda g, input, out: _copysign_vjp(g, input, out), other=lambda g: zero(g))


@pointwise("CopysignBackward1", integers="float")
def copysign_number(xp, input, other):
    """|input| with the sign of a number"""
    return xp.copysign(*as_arrays(xp, input, other))


copysign_number.vjp(input=lambda g, input, out: _copysign_vjp(g, input, out))


def _copysign_vjp(g, input, out):
    return g * where(input == 0, 0.0, out / input)


@takes_out
def copysign(input, other):
    """|input| with the sign of other"""
    is_tensor("copysign", "input", 1, input)
    return (copysign_tensor if isinstance(other, Tensor) else copysign_number)(input, other)


@pointwise("NotImplemented")
def heaviside_(xp, input, values):
    """0 below 0, 1 above, `values` at 0"""
    return xp.heaviside(input, values).astype(input.dtype)


heaviside_.vjp(input=not_implemented("heaviside"), values=not_implemented("heaviside"))


@takes_out
def heaviside(input, values):
    """0 below 0, 1 above, `values` at 0.  Raises RuntimeError for different dtypes"""
    is_tensor("heaviside", "input", 1, input)
    is_tensor("heaviside", "values", 2, values)
    if input.dtype is not values.dtype:
        raise RuntimeError("heaviside is not yet implemented for tensors with different dtypes.")
    return heaviside_(input, values)


@pointwise("NextafterBackward0", numbers=())
def nextafter(xp, input, other):
    """The number after input in the direction of other"""
    only(xp, input, FLOATS, "nextafter_cpu")
    return xp.nextafter(input, other)


nextafter.vjp(input=lambda g, input, other: where(input == other, 0.0, g), other=lambda g: zero(g))

# ---- powers ---------------------------------------------------------------------------------------------------------


@pointwise("PowBackward0")
def pow_number(xp, input, exponent):
    """input ** exponent for a number; d/dx = exponent * x ** (exponent - 1), and 0 for exponent 0"""
    number = exponent.item() if hasattr(exponent, "item") else exponent
    return POWERS[number](xp, input) if number in POWERS else xp.power(input, exponent)


# The powers that are no call of the power function; they differ from it at -0.0 and -inf.
POWERS = {0: lambda xp, x: xp.ones_like(x), 1: lambda xp, x: xp.array(x), 2: lambda xp, x: x * x,
          3: lambda xp, x: x * x * x, 0.5: lambda xp, x: xp.sqrt(x),
          -0.5: lambda xp, x: 1 / xp.sqrt(x), -1: lambda xp, x: 1 / x, -2: lambda xp, x: 1 / (x * x)}  # fmt: skip


pow_number.vjp(input=lambda g, input, exponent:
               zero(g) if exponent == 0 else g * (exponent * pow_number(input, exponent - 1)))


@pointwise("PowBackward1")
def pow_tensor(xp, input, exponent):
    """input ** exponent for tensors"""
    if is_bool(input):
        raise unsupported(xp, input, "pow")
    if is_integer(exponent) and (exponent < 0).any():
        return _integer_power(xp, input, exponent)
    return xp.power(input, exponent)


def _integer_power(xp, base, exponent):
    """base ** exponent for integers: 1 / base rounded towards 0 for negative exponents"""
    below = exponent < 0
    value = xp.power(base, xp.where(below, 0, exponent))
    flipped = xp.where(base == 1, 1, xp.where(base == -1, 1 - 2 * (exponent % 2), 0))
    return xp.where(below, flipped, value).astype(base.dtype)


pow_tensor.vjp(
    input=keeping("out")(lambda g, input, exponent: where(exponent == 0, 0.0, g * (exponent * input ** (exponent - 1)))),
    exponent=lambda g, input, exponent, out: g * where((input == 0) & (exponent >= 0), 0.0, out * log(input)))  # fmt: skip


@pointwise("PowBackward2", order=())
def pow_base(xp, exponent, base):
    """base ** exponent for a number as base"""
    if is_bool(exponent):
        raise unsupported(xp, exponent, "pow")
    if is_integer(exponent) and (exponent < 0).any():
        return _integer_power(xp, base, exponent)
    return xp.power(base, exponent)


pow_base.vjp(exponent=lambda g, exponent, base, out: g * (out * log_of_number(base)) if base != 0
             else g * where(exponent >= 0, 0.0, out * log_of_number(base)))


@takes_out
def pow(input, exponent):
    """input ** exponent, either of them possibly a number"""
    if not isinstance(input, Tensor):
        return pow_base(exponent, input)
    if isinstance(exponent, Tensor):
        return pow_tensor(input, exponent)
    if input.dtype.category < FLOAT and isinstance(exponent, int):
        if exponent < 0:
            raise RuntimeError("Integers to negative integer powers are not allowed.")
        fitting(exponent, result_type(input, exponent))
    return pow_number(input, exponent)


def log_of_number(base):
    """log(base) with log(0) = -inf and nan below"""
    return math.log(base) if base > 0 else (-math.inf if base == 0 else math.nan)


@takes_out
def square(input):
    """input ** 2"""
    return pow_number(input, 2)


@takes_out
def float_power(input, exponent):
    """input ** exponent in float64"""
    return pow(_double(input), _double(exponent))


def _double(value):
    return to_dtype(value, dtypes.float64) if isinstance(value, Tensor) and value.dtype is not dtypes.float64 else value


def float_power_(input, exponent):
    """In-place float_power.  Raises RuntimeError unless input is of float64"""
    if input.dtype is not dtypes.float64:
        raise RuntimeError(f"the base given to float_power_ has dtype {SCALAR_TYPE[input.dtype]} but the operation's "
                           f"result requires dtype Double")
    return input.pow_(_double(exponent))


def _no_bool_exponent(name, operands):
    if operands[0].dtype.category == FLOAT and operands[1].dtype is dtypes.bool_:
        raise NotImplementedError("\"ldexp_cpu_exp\" not implemented for 'Bool'")


@pointwise("LdexpBackward0", integers="float", numbers=(), check=_no_bool_exponent)
def ldexp(xp, input, other):
    """input * 2 ** other"""
    return input * xp.exp2(other)


ldexp.vjp(input=lambda g, other: g * exp2(other),
          other=lambda g, out: g * out * math.log(2))


@primitive("FrexpBackward0", outputs=("mantissa", "exponent"), differentiable_outputs=1)
def frexp_(xp, input, /):
    """mantissa and exponent with input = mantissa * 2 ** exponent and 0.5 <= |mantissa| < 1"""
    return xp.frexp(input)


frexp_.vjp(input=lambda g, exponent: g / 2.0**exponent)


@takes_out
def frexp(input):
    """mantissa and exponent with input = mantissa * 2 ** exponent and 0.5 <= |mantissa| < 1"""
    if input.dtype.category < FLOAT:
        raise RuntimeError("torch.frexp() only supports floating-point dtypes")
    return return_types.frexp(frexp_(input))


# ---- weighted sums --------------------------------------------------------------------------------------------------


def one_dtype(names):
    """A check that all operands have the dtype of the first.  Raises RuntimeError."""

    def check(op, operands):
        for name, x in zip(names, operands[1:], strict=True):
            if isinstance(x, Tensor) and x.dtype is not operands[0].dtype:
                raise RuntimeError(f"expected dtype {CPP_NAME[operands[0].dtype]} for `{name}` but got dtype "
                                   f"{CPP_NAME[x.dtype]}")

    return check


@pointwise("LerpBackward0", check=one_dtype(("end",)))
def lerp_number(xp, input, end, /, weight):
    """input + weight * (end - input) for a number as weight"""
    only(xp, input, FLOATS, "lerp_kernel_scalar")
    return input + weight * (end - input) if weight < 0.5 else end - (end - input) * (1 - weight)


lerp_number.vjp(input=lambda g, weight: g * (1 - weight),
                end=lambda g, weight: g * weight)


@pointwise("LerpBackward1", check=one_dtype(("end", "weight")))
def lerp_tensor(xp, input, end, weight):
    """input + weight * (end - input)"""
    only(xp, input, FLOATS, "lerp_kernel_tensor")
    gap = end - input
    return xp.where(weight < 0.5, input + weight * gap, end - gap * (1 - weight))


lerp_tensor.vjp(input=lambda g, weight: g * (1 - weight),
                end=lambda g, weight: g * weight,
                weight=lambda g, input, end: g * (end - input))


@takes_out
def lerp(input, end, weight):
    """input + weight * (end - input)"""
    return (lerp_tensor if isinstance(weight, Tensor) else lerp_number)(input, end, weight)


@pointwise("AddcmulBackward0")
def addcmul(xp, input, tensor1, tensor2, /, value=1):
    """input + value * tensor1 * tensor2"""
    if is_bool(input):
        raise unsupported(xp, input, "addcmul_cpu_out")
    product = tensor1 * tensor2
    if value == 1:
        return input + product
    return input + (int(value) if is_integer(product) else value) * product


addcmul.vjp(input=lambda g: g,
            tensor1=lambda g, tensor2, value: g * (tensor2 * value),
            tensor2=lambda g, tensor1, value: g * (tensor1 * value))


def _no_integers(name, operands):
    if all(x.dtype.category < FLOAT for x in operands[1:]):
        raise RuntimeError(
            "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true "
            "division of tensor1 and tensor2. The historic addcdiv behavior can be implemented as (input + value * "
            "torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer inputs and as (input + value * tensor1 / "
            "tensor2) for float inputs. The future addcdiv behavior is just the latter implementation: (input + value * "
            "tensor1 / tensor2), for all dtypes.")


@pointwise("AddcdivBackward0", check=_no_integers)
def addcdiv(input, tensor1, tensor2, /, value=1):
    """input + value * tensor1 / tensor2"""
    return input + value * tensor1 / tensor2


addcdiv.vjp(input=keeping("tensor2")(lambda g: g),
            tensor1=lambda g, tensor2, value: g * (value / tensor2),
            tensor2=lambda g, tensor1, tensor2, value: -g * (value * (tensor1 / tensor2) / tensor2))

# ---- parts of complex numbers ---------------------------------------------------------------------------------------


def real(input):
    """The real part: a real tensor itself"""
    return input


def imag(input):
    """The imaginary part.  Raises RuntimeError for real tensors"""
    raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")
