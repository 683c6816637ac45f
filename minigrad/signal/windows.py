"""torch.signal.windows: windows of M points, symmetric or (sym=False) one period of a periodic function."""

import functools
import inspect
import math
from collections.abc import Iterable

from ..dtypes import float32, float64, get_default_dtype
from ..methods import strided
from ..ops.bessel import i0
from ..ops.comparison import minimum
from ..ops.creation import arange, ones, tensor
from ..ops.steps import linspace
from ..ops.transcendental import cos, exp, sin, sqrt

__all__ = ["bartlett", "blackman", "cosine", "exponential", "gaussian", "general_cosine", "general_hamming", "hamming", "hann",
           "kaiser", "nuttall"]  # fmt: skip
OPTIONS = {"sym": True, "dtype": None, "layout": strided, "device": None, "requires_grad": False}


def _window(function):
    """A window function of (M, sym, kind, its parameters), with torch's options: `kind` is what tensors are made with."""
    name = function.__name__

    @functools.wraps(function)
    def window(M, *, sym=True, dtype=None, layout=strided, device=None, requires_grad=False, **parameters):
        dtype = dtype or get_default_dtype()
        if M < 0:
            raise ValueError(f"{name} requires non-negative window length, got M={M}")
        if layout is not strided:
            raise ValueError(f"{name} is implemented for strided tensors only, got: {layout}")
        if dtype not in (float32, float64):
            raise ValueError(f"{name} expects float32 or float64 dtypes, got: {dtype}")
        return function(M, sym, {"dtype": dtype, "device": device, "requires_grad": requires_grad}, **parameters)

    first, _, _, *own = inspect.signature(function).parameters.values()
    options = [inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=value) for key, value in OPTIONS.items()]
    window.__signature__ = inspect.Signature([first, *own, *options])
    return window


def _line(M, kind, start, step):
    """start, start + step, ...: M values"""
    return linspace(start, start + (M - 1) * step, M, **kind)


def _period(M, sym):
    """How many steps there are from the first point to the first point of the next period"""
    return M if not sym and M > 1 else M - 1


@_window
def exponential(M, sym, kind, *, center=None, tau=1.0):
    """e^(-|n - center| / tau)"""
    if tau <= 0:
        raise ValueError(f"Tau must be positive, got: {tau} instead.")
    if sym and center is not None:
        raise ValueError("Center must be None for symmetric windows")
    if M == 0:
        return ones((0,), **kind)
    center = _period(M, sym) / 2.0 if center is None else center
    return exp(-linspace(-center * (1 / tau), (-center + (M - 1)) * (1 / tau), M, **kind).abs())


@_window
def cosine(M, sym, kind):
    """sin(pi (n + 0.5) / M)"""
    if M == 0:
        return ones((0,), **kind)
    step = math.pi / (_period(M, sym) + 1)
    return sin(linspace(0.5 * step, (0.5 + (M - 1)) * step, M, **kind))


@_window
def gaussian(M, sym, kind, *, std=1.0):
    """e^(-(n - middle)^2 / (2 std^2))"""
    if std <= 0:
        raise ValueError(f"Standard deviation must be positive, got: {std} instead.")
    if M == 0:
        return ones((0,), **kind)
    first, step = -_period(M, sym) / 2.0, 1 / (std * math.sqrt(2))
    return exp(-(linspace(first * step, (first + (M - 1)) * step, M, **kind) ** 2))


@_window
def kaiser(M, sym, kind, *, beta=12.0):
    """I_0(beta sqrt(1 - x^2)) / I_0(beta), x from -1 to 1"""
    if beta < 0:
        raise ValueError(f"beta must be non-negative, got: {beta} instead.")
    if M < 2:
        return ones((M,), **kind)
    beta = tensor(beta, dtype=kind["dtype"], device=kind["device"])
    end = minimum(beta, -beta + (M - 1) * (2.0 * beta / _period(M, sym)))
    return i0(sqrt(beta * beta - linspace(-beta, end, M, **kind).pow(2))) / i0(beta)


@_window
def bartlett(M, sym, kind):
    """1 - |x|, x from -1 to 1"""
    if M < 2:
        return ones((M,), **kind)
    return 1 - _line(M, kind, -1, 2 / _period(M, sym)).abs()


@_window
def general_cosine(M, sym, kind, *, a):
    """a[0] - a[1] cos(x) + a[2] cos(2 x) - ..., x from 0 to 2 pi"""
    if M < 2:
        return ones((M,), **kind)
    if not isinstance(a, Iterable):
        raise TypeError("Coefficients must be a list/tuple")
    if not a:
        raise ValueError("Coefficients cannot be empty")
    x = _line(M, kind, 0, 2 * math.pi / _period(M, sym))
    factors = tensor([(-1) ** i * factor for i, factor in enumerate(a)], **kind)
    return (factors.unsqueeze(-1) * cos(arange(len(factors), **kind).unsqueeze(-1) * x)).sum(0)


def general_hamming(M, *, alpha=0.54, sym=True, dtype=None, layout=strided, device=None, requires_grad=False):
    """alpha - (1 - alpha) cos(x), x from 0 to 2 pi"""
    return general_cosine(M, a=[alpha, 1.0 - alpha], sym=sym, dtype=dtype, layout=layout, device=device,
                          requires_grad=requires_grad)  # fmt: skip


def hamming(M, *, sym=True, dtype=None, layout=strided, device=None, requires_grad=False):
    """0.54 - 0.46 cos(x), x from 0 to 2 pi"""
    return general_hamming(M, sym=sym, dtype=dtype, layout=layout, device=device, requires_grad=requires_grad)


def hann(M, *, sym=True, dtype=None, layout=strided, device=None, requires_grad=False):
    """(1 - cos(x)) / 2, x from 0 to 2 pi"""
    return general_hamming(M, alpha=0.5, sym=sym, dtype=dtype, layout=layout, device=device, requires_grad=requires_grad)


@_window
def blackman(M, sym, kind):
    """0.42 - 0.5 cos(x) + 0.08 cos(2 x), x from 0 to 2 pi"""
    return general_cosine(M, a=[0.42, 0.5, 0.08], sym=sym, **kind)


def nuttall(M, *, sym=True, dtype=None, layout=strided, device=None, requires_grad=False):
    """Nuttall's four cosines"""
    return general_cosine(M, a=[0.3635819, 0.4891775, 0.1365995, 0.0106411], sym=sym, dtype=dtype, layout=layout,
                          device=device, requires_grad=requires_grad)  # fmt: skip
