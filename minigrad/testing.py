"""torch.testing: assertions that values are close, which say where they are not; and tensors to try things with."""

import functools
import math
import operator
import warnings
from collections.abc import Mapping, Sequence

from . import dtypes
from .backends import BACKENDS
from .ops.comparison import isclose
from .ops.creation import as_tensor, empty
from .ops.sampling import randint
from .tensor import Tensor

TOLERANCE = {dtypes.float16: (1e-3, 1e-5), dtypes.bfloat16: (1.6e-2, 1e-5), dtypes.float32: (1.3e-6, 1e-5),
             dtypes.float64: (1e-7, 1e-7), dtypes.complex64: (1.3e-6, 1e-5), dtypes.complex128: (1e-7, 1e-7)}  # fmt: skip
PYTHON = {float: dtypes.float64, complex: dtypes.complex128, int: dtypes.int64, bool: dtypes.bool_}


class _Comparison:
    """The options of one call, and how each kind of pair is compared under them."""

    def __init__(self, rtol, atol, equal_nan, attributes, msg, subclasses=True):
        if (rtol is None) != (atol is None):
            raise ValueError("Both 'rtol' and 'atol' must be either specified or omitted, but got no "
                             f"{'rtol' if rtol is None else 'atol'}.")
        self.given, self.equal_nan, self.attributes, self.msg = (rtol, atol), equal_nan, attributes, msg
        self.subclasses = subclasses

    def tolerance(self, *kinds):
        if self.given[0] is not None:
            return self.given
        return tuple(max(pair) for pair in zip(*(TOLERANCE.get(kind, (0.0, 0.0)) for kind in kinds)))

    def fail(self, text, path):
        text += _place(path)
        raise AssertionError(text if self.msg is None else self.msg(text) if callable(self.msg) else self.msg)

    def compare(self, actual, expected, path=()):
        if type(actual) in BACKENDS and type(expected) in BACKENDS:
            actual, expected = as_tensor(actual), as_tensor(expected)
        both = (actual, expected)
        if all(isinstance(x, Tensor) for x in both) and (self.subclasses or type(actual) is type(expected)):
            self.tensors(actual, expected, path)
        elif all(isinstance(x, Sequence) and not isinstance(x, str) for x in both):
            if len(actual) != len(expected):
                self.fail(f"The length of the sequences mismatch: {len(actual)} != {len(expected)}", path)
            for i, pair in enumerate(zip(*both)):
                self.compare(*pair, (*path, i))
        elif all(isinstance(x, Mapping) for x in both):
            self.keys(actual, expected, path)
            for key in actual:
                self.compare(actual[key], expected[key], (*path, key))
        elif all(isinstance(x, tuple(PYTHON)) for x in both):
            self.numbers(actual, expected, path)
        elif actual is None or expected is None:
            if actual is not expected:
                self.fail(f"None mismatch: {actual} is not {expected}", path)
        else:
            raise TypeError(f"No comparison pair was able to handle inputs of type {type(actual)} and {type(expected)}."
                            + _place(path))

    def keys(self, actual, expected, path):
        missing, additional = set(expected) - set(actual), set(actual) - set(expected)
        if missing or additional:
            text = "The keys of the mappings do not match:"
            text += f"\nMissing keys in the actual mapping: {sorted(missing)}" if missing else ""
            text += f"\nAdditional keys in the actual mapping: {sorted(additional)}" if additional else ""
            self.fail(text, path)

    def numbers(self, actual, expected, path):
        rtol, atol = self.tolerance(PYTHON[type(actual)], PYTHON[type(expected)])
        gap = abs(actual - expected)
        if actual == expected or gap <= atol + rtol * abs(expected) or self.equal_nan and actual != actual != expected:
            return
        exact = rtol == atol == 0
        text = f"Scalars are not {'equal' if exact else 'close'}!\n\nExpected {expected} but got {actual}."
        text += f"\nAbsolute difference: {gap}" + ("" if exact else f" (up to {atol} allowed)")
        text += f"\nRelative difference: {gap / abs(expected) if expected else float('inf')}"
        self.fail(text + ("" if exact else f" (up to {rtol} allowed)"), path)

    def tensors(self, actual, expected, path):
        for name in self.attributes:
            values = [x.stride() if name == "stride()" else getattr(x, name) for x in (actual, expected)]
            if values[0] != values[1]:
                self.fail(f"The values for attribute '{name}' do not match: {values[0]} != {values[1]}.", path)
        rtol, atol = self.tolerance(actual.dtype, expected.dtype)
        actual, expected = actual.detach().to(expected.device), expected.detach()
        if actual.dtype is not expected.dtype:
            kind = dtypes.promote_types(actual.dtype, expected.dtype)
            actual, expected = actual.to(kind), expected.to(kind)
        matches = isclose(actual, expected, rtol=rtol, atol=atol, equal_nan=self.equal_nan)
        if not bool(matches.all()):
            self.fail((self.one_number if actual.dim() == 0 else self.where)(actual, expected, matches, rtol, atol), path)

    def one_number(self, actual, expected, matches, rtol, atol):
        gap, exact = abs(actual.item() - expected.item()), rtol == atol == 0
        relative = gap / abs(expected.item()) if expected.item() else float("inf")
        return (f"Scalars are not {'equal' if exact else 'close'}!\n\nExpected {expected.item()} but got {actual.item()}."
                f"\nAbsolute difference: {gap}" + ("" if exact else f" (up to {atol} allowed)")
                + f"\nRelative difference: {relative}" + ("" if exact else f" (up to {rtol} allowed)"))  # fmt: skip

    def where(self, actual, expected, matches, rtol, atol):
        exact, wrong, total = rtol == atol == 0, int((~matches).sum()), matches.numel()
        kind = actual.dtype if actual.is_floating_point() else dtypes.int64
        gap = (actual.to(kind) - expected.to(kind)).abs()
        lines = [f"Tensor-likes are not {'equal' if exact else 'close'}!", "",
                 f"Mismatched elements: {wrong} / {total} ({wrong / total:.1%})"]
        for name, values, allowed in (("absolute", gap, atol), ("relative", gap / expected.to(kind).abs(), rtol)):
            values = values.masked_fill(matches, 0).flatten()
            worst = int(values.argmax())
            lines.append(f"Greatest {name} difference: {values[worst].item()} at index {_index(worst, actual.shape)}"
                         + ("" if exact else f" (up to {allowed} allowed)"))  # fmt: skip
        return "\n".join(lines)


def _place(path):
    """Where in nested containers something is, as the last line of an error's text"""
    return f"\n\nThe failure occurred for item {''.join(f'[{step!r}]' for step in path)}" if path else ""


def _index(flat, shape):
    """The indices of an element by its number in memory order"""
    index = ()
    for size in reversed(shape):
        flat, i = divmod(flat, size)
        index = i, *index
    return index


def assert_close(actual, expected, *, allow_subclasses=True, rtol=None, atol=None, equal_nan=False, check_device=True,
                 check_dtype=True, check_layout=True, check_stride=False, msg=None):  # fmt: skip
    """|actual - expected| <= atol + rtol |expected| everywhere, in tensors, numbers and what contains them.

    Raises AssertionError with the worst differences.
    """
    asked = {"shape": True, "device": check_device, "dtype": check_dtype, "layout": check_layout, "stride()": check_stride}
    _Comparison(rtol, atol, equal_nan, [name for name, wanted in asked.items() if wanted], msg,
                allow_subclasses).compare(actual, expected)


def make_tensor(*shape, dtype, device, low=None, high=None, requires_grad=False, noncontiguous=False, exclude_zero=False,
                memory_format=None):  # fmt: skip
    """Numbers drawn uniformly from [low, high), by default from -9 to 9.  Raises ValueError"""
    shape = tuple(shape[0]) if len(shape) == 1 and isinstance(shape[0], Sequence) else tuple(shape)
    floating = dtype.category >= dtypes.FLOAT
    if noncontiguous and memory_format is not None:
        raise ValueError("The parameters `noncontiguous` and `memory_format` are mutually exclusive, but got "
                         f"noncontiguous={noncontiguous!r} and memory_format={memory_format!r}")
    if requires_grad and not floating:
        raise ValueError(f"`requires_grad=True` is not supported for boolean and integral dtypes, but got dtype={dtype!r}")
    sparse_places = noncontiguous and functools.reduce(operator.mul, shape, 1) > 1
    drawn_shape = (*shape[:-1], 2 * shape[-1]) if sparse_places else shape
    low, high = _bounds(dtype, low, high)
    if not floating:
        result = randint(low, high, drawn_shape, device=device, dtype=dtype)
    elif high - low >= dtypes.finfo(dtype).max:
        result = empty(drawn_shape, device=device, dtype=dtype).uniform_(low / 2, high / 2).mul_(2)
    else:
        result = empty(drawn_shape, device=device, dtype=dtype).uniform_(low, high)
    if sparse_places:
        result = result[..., 1::2]
    elif memory_format is not None:
        result = result.clone(memory_format=memory_format)
    if exclude_zero:
        result[result == 0] = dtypes.finfo(dtype).tiny if floating else 1
    return result.requires_grad_(requires_grad) if floating else result


def _bounds(dtype, low, high):
    """From where to where numbers are drawn.  Raises ValueError for an empty range, or one outside the dtype's"""
    if dtype is dtypes.bool_:
        least, most, default = 0, 2, (0, 2)
    elif dtype.category < dtypes.FLOAT:
        info = dtypes.iinfo(dtype)
        least, most, default = info.min, info.max + (dtype is not dtypes.int64), (-9, 10)
    else:
        least, most, default = dtypes.finfo(dtype).min, dtypes.finfo(dtype).max, (-9, 9)
    low, high = (given if given is not None else usual for given, usual in zip((low, high), default))
    if any(isinstance(value, float) and math.isnan(value) for value in (low, high)):
        raise ValueError(f"`low` and `high` cannot be NaN, but got low={low!r} and high={high!r}")
    if low == high and dtype.category >= dtypes.FLOAT:
        warnings.warn("Passing `low==high` to `torch.testing.make_tensor` for floating or complex types is deprecated since "
                      "2.1 and will be removed in 2.3. Use `torch.full(...)` instead.", FutureWarning, stacklevel=3)
    elif low >= high:
        raise ValueError(f"`low` must be less than `high`, but got {low} >= {high}")
    elif high < least or low >= most:
        raise ValueError(f"The value interval specified by `low` and `high` is [{low}, {high}), but {dtype} only supports "
                         f"[{least}, {most})")
    low, high = (min(max(value, least), most) for value in (low, high))
    return (low, high) if dtype.category >= dtypes.FLOAT else (math.ceil(low), math.ceil(high))
