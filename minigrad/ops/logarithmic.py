"""Logarithms times a factor, 0 where the factor is 0: xlogy, xlog1py, entr; and logit, the inverse of sigmoid."""

import math

from .comparison import where
from .masking import drop
from .out import takes_out
from .precision import through_float32
from .primitive import pointwise
from .promotion import NUMBERS
from .transcendental import log

# ---- x log(y) and x log(1 + y) --------------------------------------------------------------------------------------


def _product(xp, factor, other, logarithm):
    """factor * logarithm(other): 0 where the factor is 0, unless other is nan"""
    return xp.where((factor == 0) & (other == other), 0.0, factor * logarithm(other))


@pointwise("XlogyBackward0", integers="float")
@through_float32
def xlogy_tensors(xp, input, other):
    """input * log(other), 0 where input is 0"""
    return _product(xp, input, other, xp.log)


@pointwise("XlogyBackward1", integers="float")
@through_float32
def xlogy_number_first(xp, other, /, input):
    """The same for a number as input"""
    return _product(xp, input, other, xp.log)


@pointwise("XlogyBackward2", integers="float")
@through_float32
def xlogy_number_last(xp, input, /, other):
    """The same for a number as other"""
    return _product(xp, input, other, lambda number: xp.log(input * 0 + number))


@pointwise("SpecialXlog1PyBackward0", integers="float")
@through_float32
def xlog1py_tensors(xp, input, other):
    """input * log(1 + other), 0 where input is 0"""
    return _product(xp, input, other, xp.log1p)


@pointwise("SpecialXlog1PyBackward1", integers="float")
@through_float32
def xlog1py_number_first(xp, other, /, input):
    """The same for a number as input"""
    return _product(xp, input, other, xp.log1p)


@pointwise("SpecialXlog1PyBackward2", integers="float")
@through_float32
def xlog1py_number_last(xp, input, /, other):
    """The same for a number as other"""
    return _product(xp, input, other, lambda number: xp.log1p(input * 0 + number))


def _by_factor(g, input, other):
    return drop(xlogy(g, other), (input == 0) & (other <= 0))


def _by_factor_1p(g, input, other):
    return drop(xlog1py(g, other), (input == 0) & (other <= -1))


for _op in (xlogy_tensors, xlogy_number_first, xlogy_number_last):
    _op.vjp(**{name: formula for name, formula in (
        ("input", _by_factor), ("other", lambda g, input, other: g * input / other)) if name in _op.op.inputs})
for _op in (xlog1py_tensors, xlog1py_number_first, xlog1py_number_last):
    _op.vjp(**{name: formula for name, formula in (
        ("input", _by_factor_1p), ("other", lambda g, input, other: g * input / (other + 1))) if name in _op.op.inputs})


def _choose(input, other, tensors, number_first, number_last):
    if isinstance(other, NUMBERS):
        return number_last(input, other)
    return number_first(other, input) if isinstance(input, NUMBERS) else tensors(input, other)


@takes_out
def xlogy(input, other):
    """input * log(other), 0 where input is 0"""
    return _choose(input, other, xlogy_tensors, xlogy_number_first, xlogy_number_last)


@takes_out
def xlog1py(input, other):
    """input * log(1 + other), 0 where input is 0"""
    return _choose(input, other, xlog1py_tensors, xlog1py_number_first, xlog1py_number_last)


# ---- entropy and logit ----------------------------------------------------------------------------------------------


@pointwise("SpecialEntrBackward0", integers="float")
@through_float32
def entr(xp, input):
    """-input * log(input): 0 at 0, -inf below"""
    value = xp.where(input == 0, 0.0, -input * xp.log(input))
    return xp.where(input < 0, -xp.inf, value)


entr.vjp(input=lambda g, input: g * where(input == 0, math.inf, -(log(input) + 1)))


@pointwise("LogitBackward0", integers="float")
def logit(xp, input, /, eps=None):
    """log(input / (1 - input)), input clamped to [eps, 1 - eps] if eps is given"""
    if eps is None:
        return _log_odds(xp, input)
    input = xp.where(input < eps, eps, xp.where(input > 1 - eps, 1 - eps, input))
    return xp.log(input / (1 - input))


@through_float32
def _log_odds(xp, input):
    return xp.log(input / (1 - input))


def _logit_vjp(g, input, eps):
    if eps is None:
        return where((input < 0) | (input > 1), math.nan, g / (input * (1 - input)))
    return drop(g / (input * (1 - input)), (input < eps) | (input > 1 - eps), input)


logit.vjp(input=_logit_vjp)
