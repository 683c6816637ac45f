"""Values in steps and patterns: linspace, logspace, windows, powers, indices of triangles; and tensors of given strides."""

import math
import warnings

from .. import dtypes
from ..backends import on_device_of
from ..dtypes import CPP_NAME, FLOAT, SCALAR_TYPE, get_default_dtype
from ..tensor import Tensor, wrap
from .bessel import i0
from .creation import _device, _finish, arange, empty
from .dims import extent
from .out import fills_out, takes_layout
from .transcendental import cos

# ---- steps ----------------------------------------------------------------------------------------------------------


def _numbers(name, start, end):
    """Both ends as numbers.  Raises RuntimeError for tensors with dimensions."""
    ends = {"start": start, "end": end}
    given = {key: value.dim() for key, value in ends.items() if isinstance(value, Tensor)}
    if any(given.values()):
        said = " and ".join(f"{key} with {count} dimension(s)" for key, count in given.items())
        raise RuntimeError(f"{name} only supports 0-dimensional start and end tensors, but got {said}.")
    return [value.item() if hasattr(value, "item") else value for value in ends.values()]


def _line(name, start, end, steps, dtype, where):
    """`steps` values from start to end as an array of the dtype that torch computes them in"""
    if not isinstance(steps, int) or isinstance(steps, bool):
        raise TypeError(f"{name}(): argument 'steps' (position 3) must be int, not {type(steps).__name__}")
    start, end = _numbers(name, start, end)
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    xp = where.backend
    work = xp.native(dtype)
    if dtype.category < FLOAT:
        start, end, work = int(start), int(end), xp.native(dtypes.float64)
    index = xp.arange(steps, dtype=xp.native(dtypes.int64))
    with on_device_of(index):
        first, last = xp.asarray(start).astype(work), xp.asarray(end).astype(work)
        step = (last - first) / xp.asarray(max(steps - 1, 1)).astype(work)
        # Counted from the nearer end, as torch does, so that both ends are exact.
        return xp.where(index < max(steps // 2, 1), first + step * index.astype(work),
                        last - step * (steps - 1 - index).astype(work))


@fills_out
def linspace(start, end, steps, *, dtype=None, device=None, requires_grad=False):
    """`steps` values from start to end, both included"""
    where, dtype = _device(device), dtype or get_default_dtype()
    values = _line("linspace", start, end, steps, dtype, where)
    return _finish(wrap(where.backend.cast(values, dtype), where), requires_grad)


@fills_out
def logspace(start, end, steps, base=10.0, *, dtype=None, device=None, requires_grad=False):
    """base ** linspace(start, end, steps)"""
    where, dtype = _device(device), dtype or get_default_dtype()
    powers = _line("logspace", start, end, steps, dtype, where)
    values = where.backend.power(where.backend.asarray(base, dtype=powers.dtype), powers)
    return _finish(wrap(where.backend.cast(values, dtype), where), requires_grad)


@fills_out
def range(start=0, end=None, step=1, *, dtype=None, device=None, requires_grad=False):
    """start, start + step, ... up to and with end"""
    warnings.warn("torch.range is deprecated and will be removed in a future release because its behavior is "
                  "inconsistent with Python's range builtin. Instead, use torch.arange, which produces values in "
                  "[start, end).", UserWarning, stacklevel=2)  # fmt: skip
    start, end = (0, start) if end is None else (start, end)
    count = math.floor((end - start) / step) + 1
    values = arange(0, count, dtype=dtypes.float64, device=device) * step + start
    return _finish(values.to(dtype or get_default_dtype()), requires_grad)


def vander(x, N=None, increasing=False):
    """Columns x ** (N - 1), ..., x, 1; the other way round if increasing"""
    powers = arange(x.numel() if N is None else N, dtype=x.dtype, device=x.device)
    return x.reshape(-1, 1) ** (powers if increasing else powers.flip(0))


# ---- windows --------------------------------------------------------------------------------------------------------


def _window_dtype(name, length, dtype):
    """The dtype of a window.  Raises RuntimeError for integers, and for a negative length"""
    if dtype is not None and dtype.category < FLOAT:
        raise RuntimeError(f"{name} expects floating point dtypes, got: TensorOptions(dtype={CPP_NAME[dtype]}, device=cpu, "
                           f"layout=Strided (default), requires_grad=false (default), pinned_memory=false, "
                           f"memory_format=(nullopt))")
    if length < 0:
        raise RuntimeError(f"{name} requires non-negative window_length, got window_length={length}")
    return dtype or get_default_dtype()


def _cosine_window(name, weights):
    """A window that is a sum of cosines: sum_k (-1)^k weights[k] cos(2 pi k n / N)"""

    @takes_layout
    def window(window_length, periodic=True, *rest, dtype=None, device=None, requires_grad=False, **keywords):
        terms = weights(*rest, **keywords)
        dtype = _window_dtype(name, window_length, dtype)
        if window_length <= 1:
            return empty(window_length, dtype=dtype, device=device).fill_(1.0)
        n = arange(window_length, dtype=dtype, device=device) * (2 * math.pi / (window_length - (not periodic)))
        total = n * 0
        for k, weight in reversed([*enumerate(terms)]):
            total = total + cos(n * k) * (weight if k % 2 == 0 else -weight)
        return total.requires_grad_(requires_grad)

    window.__name__ = window.__qualname__ = name
    window.__doc__ = f"The {name.removesuffix('_window')} window, a sum of cosines; symmetric unless periodic"
    return window


hann_window = _cosine_window("hann_window", lambda: (0.5, 0.5))
hamming_window = _cosine_window("hamming_window", lambda alpha=0.54, beta=0.46: (alpha, beta))
blackman_window = _cosine_window("blackman_window", lambda: (0.42, 0.5, 0.08))


@takes_layout
def bartlett_window(window_length, periodic=True, *, dtype=None, device=None, requires_grad=False):
    """The triangular window 1 - |2 n / N - 1|"""
    dtype = _window_dtype("bartlett_window", window_length, dtype)
    if window_length <= 1:
        return empty(window_length, dtype=dtype, device=device).fill_(1.0)
    n = arange(window_length, dtype=dtype, device=device) * (2 / (window_length - (not periodic)))
    return (1 - (n - 1).abs()).requires_grad_(requires_grad)


@takes_layout
def kaiser_window(window_length, periodic=True, beta=12.0, *, dtype=None, device=None, requires_grad=False):
    """The window i0(beta sqrt(1 - (2 n / N - 1)^2)) / i0(beta)"""
    dtype = _window_dtype("kaiser_window", window_length, dtype)
    if window_length <= 1:
        return empty(window_length, dtype=dtype, device=device).fill_(1.0)
    place = arange(window_length, dtype=dtype, device=device) * (2 / (window_length - (not periodic))) - 1
    window = i0(beta * (1 - place * place).clamp(0).sqrt()) / i0(place[:1] * 0 + beta)
    return window.requires_grad_(requires_grad)


# ---- indices of triangles -------------------------------------------------------------------------------------------


def _triangle(name, keep):
    """tril_indices or triu_indices: the elements (i, j) for which keep(j - i, offset)"""

    def indices(row, col, offset=0, *, dtype=None, device=None, requires_grad=False):
        if dtype is not None and dtype.category >= FLOAT:
            raise NotImplementedError(f"\"{name}\" not implemented for '{SCALAR_TYPE[dtype]}'")
        for what, size in (("row", row), ("col", col)):
            if size < 0:
                raise RuntimeError(f"{what} must be non-negative, got{size}")
        where = _device(device)
        xp = where.backend
        i, j = xp.arange(row), xp.arange(col)
        with on_device_of(i):
            found = xp.stack(xp.nonzero(keep(j[None, :] - i[:, None], offset)))
        return _finish(wrap(xp.cast(found, dtype or dtypes.int64), where), requires_grad)

    indices.__name__ = indices.__qualname__ = name
    indices.__doc__ = f"The indices of the {'lower' if 'l_' in name else 'upper'} triangle, one column for each element"
    return takes_layout(indices)


tril_indices = _triangle("tril_indices", lambda diagonal, offset: diagonal <= offset)
triu_indices = _triangle("triu_indices", lambda diagonal, offset: diagonal >= offset)

# ---- uninitialised, of given strides --------------------------------------------------------------------------------


@takes_layout
def empty_strided(size, stride, *, dtype=None, device=None, requires_grad=False):
    """An uninitialised tensor with explicit strides"""
    where, dtype = _device(device), dtype or get_default_dtype()
    storage = where.backend.empty(extent(size, stride, 0), dtype=where.backend.native(dtype))
    return _finish(wrap(where.backend.as_strided(storage, tuple(size), tuple(stride), 0), where), requires_grad)


@takes_layout
def empty_permuted(size, physical_layout, *, dtype=None, device=None, requires_grad=False):
    """An uninitialised tensor whose dimensions lie in memory in the order `physical_layout`"""
    if len(physical_layout) != len(size):
        raise RuntimeError(f"Number of dimensions in size does not match the length of the physical_layout; i.e. "
                           f"len(size) = {len(size)} is not equal to len(physical_layout) = {len(physical_layout)}")
    strides, step, seen = [0] * len(size), 1, set()
    for dim in reversed(physical_layout):
        if not 0 <= dim < len(size):
            raise RuntimeError(f"Dimension out of range (expected to be between 0 and {len(size) - 1}, but got {dim} at "
                               f"index {list(physical_layout).index(dim)}).  NB: negative dims not currently supported; "
                               f"file an issue if you want it.")
        if dim in seen:
            raise RuntimeError("Duplicate dim not allowed")
        seen.add(dim)
        strides[dim], step = step, step * max(size[dim], 1)
    return empty_strided(size, strides, dtype=dtype, device=device, requires_grad=requires_grad)
