"""Comparing and choosing: order, the larger and the smaller, limits, where, logic, and what is finite."""

import math
import warnings

from .. import dtypes
from ..autograd.graph import unless_refused
from ..backends import backend_of, on_its_device
from ..dtypes import BOOL, FLOAT, SCALAR_TYPE
from ..tensor import Tensor, wrap
from .checks import is_tensor, type_name
from .data import fitting
from .kinds import is_bool, is_integer, unsupported
from .layout import laid_out
from .out import takes_out
from .primitive import pointwise, primitive
from .promotion import NUMBERS, broadcast_shape, result_type
from .shape import to_dtype

# ---- where ----------------------------------------------------------------------------------------------------------


@primitive("WhereBackward0")
def where_(xp, condition, input, other, /, dtype):
    """input where condition holds, other elsewhere, both first converted to `dtype` unless that is None"""
    if dtype is not None:
        input, other = (xp.cast(x if hasattr(x, "dtype") else xp.from_host(x), dtype) for x in (input, other))
    result = xp.where(condition, input, other)
    if result.ndim > 1 and not condition.flags.c_contiguous:
        return laid_out(result, (condition, input, other))
    return result


where_.vjp(input=lambda g, condition: where(condition, g, 0.0),
           other=lambda g, condition: where(condition, 0.0, g))


@takes_out
def where(condition, input=None, other=None):
    """input where condition holds, other elsewhere; where(condition) alone gives the indices at which it holds."""
    if input is None and other is None:
        return holding(condition)
    if not isinstance(condition, Tensor):
        if not isinstance(input, Tensor) and not isinstance(other, Tensor):
            return where_(condition, input, other, None)
        raise TypeError(f"where(): argument 'condition' (position 1) must be Tensor, not {type(condition).__name__}")
    if condition.dtype is not dtypes.bool_:
        condition = _as_mask(condition)
    same = isinstance(input, Tensor) and isinstance(other, Tensor) and input._data.dtype == other._data.dtype
    kind = None if same else result_type(input, other)
    input, other = (x if isinstance(x, Tensor) else fitting(x, kind) for x in (input, other))
    try:
        return where_(condition, input, other, kind)
    except ValueError:
        broadcast_shape(*(tuple(x.shape) for x in (condition, input, other) if isinstance(x, Tensor)))
        raise


def holding(condition):
    """The indices, one tensor a dimension, at which the condition holds"""
    xp = backend_of(condition._data)
    return tuple(wrap(index, condition.device) for index in xp.nonzero(xp.atleast_1d(condition._data)))


def _as_mask(condition):
    if condition.dtype is not dtypes.uint8:
        raise RuntimeError(f"where expected condition to be a boolean tensor, but got a tensor with dtype "
                           f"{SCALAR_TYPE[condition.dtype]}")
    warnings.warn("where received a uint8 condition tensor. This behavior is deprecated and will be removed in a "
                  "future version of PyTorch. Use a boolean condition instead.", UserWarning, stacklevel=3)
    return to_dtype(condition, dtypes.bool_)


def where_method(input, condition, other):
    """input where condition holds, other elsewhere"""
    return where(condition, input, other)


# ---- order ----------------------------------------------------------------------------------------------------------


@pointwise(numbers=(1,))
def eq(input, other):
    """input == other"""
    return input == other


@pointwise(numbers=(1,))
def ne(input, other):
    """input != other"""
    return input != other


@pointwise(numbers=(1,))
def lt(input, other):
    """input < other"""
    return input < other


@pointwise(numbers=(1,))
def le(input, other):
    """input <= other"""
    return input <= other


@pointwise(numbers=(1,))
def gt(input, other):
    """input > other"""
    return input > other


@pointwise(numbers=(1,))
def ge(input, other):
    """input >= other"""
    return input >= other


# ---- the larger and the smaller -------------------------------------------------------------------------------------


def _share(g, loses, ties):
    """The gradient, none of it where an operand loses, half of it where neither does; all of it beside a nan"""
    return where(loses, 0.0, where(ties, g / 2, g))


@pointwise("MaximumBackward0", numbers=())
def maximum(xp, input, other):
    """The larger of the two; equal ones share the gradient"""
    return xp.maximum(input, other)


maximum.vjp(input=lambda g, input, other: _share(g, input < other, input == other),
            other=lambda g, input, other: _share(g, other < input, input == other))


@pointwise("MinimumBackward0", numbers=())
def minimum(xp, input, other):
    """The smaller of the two; equal ones share the gradient"""
    return xp.minimum(input, other)


minimum.vjp(input=lambda g, input, other: _share(g, input > other, input == other),
            other=lambda g, input, other: _share(g, other > input, input == other))


@pointwise("FmaxBackward0", numbers=())
def fmax(xp, input, other):
    """The larger of the two, nan only where both are; the first gets the gradient of equal ones"""
    return xp.fmax(input, other)


fmax.vjp(input=lambda g, input, other: where((input >= other) | isnan(other), g, 0.0),
         other=lambda g, input, other: where((input >= other) | isnan(other), 0.0, g))


@pointwise("FminBackward0", numbers=())
def fmin(xp, input, other):
    """The smaller of the two, nan only where both are; the first gets the gradient of equal ones"""
    return xp.fmin(input, other)


fmin.vjp(input=lambda g, input, other: where((input <= other) | isnan(other), g, 0.0),
         other=lambda g, input, other: where((input <= other) | isnan(other), 0.0, g))

# ---- limits ---------------------------------------------------------------------------------------------------------


@pointwise("ClampBackward1")
def clamp_numbers(xp, input, /, min, max):
    """input between two numbers; input where it equals one of them, which tells -0.0 from 0.0"""
    raised = input if min is None else xp.maximum(min, input)
    return raised if max is None else xp.minimum(max, raised)


def _within(input, min, max):
    above = True if min is None else input >= min
    below = True if max is None else input <= max
    return above & below


clamp_numbers.vjp(input=lambda g, input, min, max: where(_within(input, min, max), g, 0.0))


@pointwise("ClampBackward0")
def clamp_tensors(xp, input, min=None, max=None):
    """input between two tensors"""
    if is_bool(input) and min is not None and max is not None:
        raise unsupported(xp, input, "clamp_cpu")
    raised = input if min is None else xp.maximum(input, min)
    return raised if max is None else xp.minimum(raised, max)


clamp_tensors.vjp(
    input=lambda g, input, min, max: where(_within(input, min, max), g, 0.0),
    min=lambda g, input, min, max: where(input < min if max is None else (min < max) & (input < min), g, 0.0),
    max=lambda g, input, min, max: where(input > max if min is None else (input > max) | (max < min), g, 0.0))  # fmt: skip


@takes_out
def clamp(input, min=None, max=None):
    """input, but at least min and at most max (numbers or tensors)"""
    if isinstance(min, Tensor) or isinstance(max, Tensor):
        return clamp_tensors(input, min, max)
    if min is None and max is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    name = "clamp_min" if max is None else "clamp_max" if min is None else "clamp"
    return clamp_numbers(*_for_bounds(name, input, min, max))


def _for_bounds(name, input, *bounds):
    """input and its bounds in the dtype of the result.  Raises NotImplementedError for truth values"""
    for bound in bounds:
        if not isinstance(bound, NUMBERS) and not hasattr(bound, "__float__") and (bound is not None or len(bounds) == 1):
            raise TypeError(f"{name}() received an invalid combination of arguments - got (Tensor, {type_name(bound)})")
    kind = input.dtype if input.dtype.category >= FLOAT else result_type(input, *bounds)
    if kind.category == BOOL:
        raise NotImplementedError(f"\"{name}_scalar_cpu\" not implemented for 'Bool'")
    input = input if kind is input.dtype else to_dtype(input, kind)
    return input, *[None if bound is None else fitting(bound, kind) for bound in bounds]


@takes_out
def clip(input, min=None, max=None):
    """clamp(input, min, max)"""
    return clamp(input, min, max)


@pointwise("ClampMinBackward0")
def clamp_min_number(xp, input, /, min):
    """input, but at least a number"""
    return xp.maximum(min, input)


clamp_min_number.vjp(input=lambda g, input, min: where(input >= min, g, 0.0))


@pointwise("ClampMinBackward1")
def clamp_min_tensor(xp, input, min):
    """input, but at least min"""
    return xp.maximum(input, min)


clamp_min_tensor.vjp(input=lambda g, input, min: where(input >= min, g, 0.0),
                     min=lambda g, input, min: where(input < min, g, 0.0))


@takes_out
def clamp_min(input, min):
    """input, but at least min (a number or tensor)"""
    is_tensor("clamp_min", "input", 1, input)
    if isinstance(min, Tensor):
        return clamp_min_tensor(input, min)
    return clamp_min_number(*_for_bounds("clamp_min", input, min))


@pointwise("ClampMaxBackward0")
def clamp_max_number(xp, input, /, max):
    """input, but at most a number"""
    return xp.minimum(max, input)


clamp_max_number.vjp(input=lambda g, input, max: where(input <= max, g, 0.0))


@pointwise("ClampMaxBackward1")
def clamp_max_tensor(xp, input, max):
    """input, but at most max"""
    return xp.minimum(input, max)


clamp_max_tensor.vjp(input=lambda g, input, max: where(input <= max, g, 0.0),
                     max=lambda g, input, max: where(input > max, g, 0.0))


@takes_out
def clamp_max(input, max):
    """input, but at most max (a number or tensor)"""
    is_tensor("clamp_max", "input", 1, input)
    if isinstance(max, Tensor):
        return clamp_max_tensor(input, max)
    return clamp_max_number(*_for_bounds("clamp_max", input, max))


# ---- logic ----------------------------------------------------------------------------------------------------------


@pointwise(numbers=())
def logical_and(xp, input, other):
    """Whether both are non-zero"""
    return xp.logical_and(input, other)


@pointwise(numbers=())
def logical_or(xp, input, other):
    """Whether either is non-zero"""
    return xp.logical_or(input, other)


@pointwise(numbers=())
def logical_xor(xp, input, other):
    """Whether just one is non-zero"""
    return xp.logical_xor(input, other)


@pointwise()
def logical_not(xp, input):
    """Whether input is zero"""
    return xp.logical_not(input)


# ---- what is finite -------------------------------------------------------------------------------------------------


@pointwise()
def isnan(xp, input):
    """Whether an element is not a number"""
    return xp.isnan(input)


@pointwise()
def isinf(xp, input):
    """Whether an element is infinite"""
    return xp.isinf(input)


@pointwise()
def isfinite_(xp, input):
    """Whether an element is neither infinite nor nan"""
    return xp.isfinite(input)


def isfinite(input):
    """Whether an element is neither infinite nor nan"""
    unless_refused(input, None)
    return isfinite_(input)


@pointwise()
def isposinf(input):
    """Whether an element is +inf"""
    return input == math.inf


@pointwise()
def isneginf(input):
    """Whether an element is -inf"""
    return input == -math.inf


@pointwise()
def isreal(xp, input):
    """Whether an element is a real number"""
    return xp.isreal(input)


@pointwise()
def signbit(xp, input):
    """Whether the sign bit is set, as it is for -0.0 too"""
    if is_bool(input):
        return xp.zeros_like(input)
    return input < 0 if is_integer(input) else xp.signbit(input)


@pointwise("NanToNumBackward0")
def nan_to_num(xp, input, /, nan=None, posinf=None, neginf=None):
    """input with nan, inf and -inf replaced: by 0 and the dtype's largest and smallest number, unless given"""
    if is_integer(input):
        return input.copy()
    limits = xp.finfo(input.dtype)
    result = xp.where(xp.isnan(input), 0.0 if nan is None else nan, input)
    result = xp.where(input == math.inf, limits.max if posinf is None else posinf, result)
    return xp.where(input == -math.inf, limits.min if neginf is None else neginf, result).astype(input.dtype)


nan_to_num.vjp(input=lambda g, input: where(isfinite(input), g, 0.0))

# ---- equality of whole tensors --------------------------------------------------------------------------------------


@pointwise(numbers=())
def near(xp, input, other, /, rtol, atol, equal_nan):
    """Whether |input - other| <= atol + rtol * |other|"""
    close = input == other
    if not is_integer(input):
        bound = atol + xp.abs(rtol * other)
        gap = xp.abs(input - other)
        close = close | (xp.isfinite(gap) & (gap <= bound))
        return close | (xp.isnan(input) & xp.isnan(other)) if equal_nan else close
    gap = xp.abs(input.astype(float) - other)
    return close | (gap <= atol + xp.abs(rtol * other))


def closeness(input, other, rtol, atol, equal_nan):
    """isclose of tensors that were not asked for their place in the graph"""
    is_tensor("isclose", "input", 1, input)
    is_tensor("isclose", "other", 2, other)
    if input.dtype is not other.dtype:
        raise RuntimeError(f"{SCALAR_TYPE[input.dtype]} did not match {SCALAR_TYPE[other.dtype]}")
    for name, value in (("rtol", rtol), ("atol", atol)):
        if value < 0:
            raise RuntimeError(f"{name} must be greater than or equal to zero, but got {value}")
    return near(input, other, rtol, atol, equal_nan)


def isclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether |input - other| <= atol + rtol * |other|.  Raises RuntimeError for different dtypes."""
    for x in (input, other):
        unless_refused(x, None)
    return closeness(input, other, rtol, atol, equal_nan)


@on_its_device
def allclose(input, other, rtol=1e-05, atol=1e-08, equal_nan=False):
    """Whether all elements are close"""
    return bool(closeness(input, other, rtol, atol, equal_nan)._data.all())


@on_its_device
def equal(input, other):
    """Whether two tensors have the same size and elements"""
    return tuple(input.shape) == tuple(other.shape) and bool(eq(input, other)._data.all())
