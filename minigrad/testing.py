"""torch.testing: assertions that values are close, which say where they are not."""

from collections.abc import Mapping, Sequence

from . import dtypes
from .ops.comparison import isclose
from .tensor import Tensor

TOLERANCE = {dtypes.float16: (1e-3, 1e-5), dtypes.bfloat16: (1.6e-2, 1e-5), dtypes.float32: (1.3e-6, 1e-5),
             dtypes.float64: (1e-7, 1e-7), dtypes.complex64: (1.3e-6, 1e-5), dtypes.complex128: (1e-7, 1e-7)}  # fmt: skip
PYTHON = {float: dtypes.float64, complex: dtypes.complex128, int: dtypes.int64, bool: dtypes.bool_}


class _Comparison:
    """The options of one call, and how each kind of pair is compared under them."""

    def __init__(self, rtol, atol, equal_nan, attributes, msg):
        if (rtol is None) != (atol is None):
            raise ValueError("Both 'rtol' and 'atol' must be either specified or omitted, but got no "
                             f"{'rtol' if rtol is None else 'atol'}.")
        self.given, self.equal_nan, self.attributes, self.msg = (rtol, atol), equal_nan, attributes, msg

    def tolerance(self, *kinds):
        if self.given[0] is not None:
            return self.given
        return tuple(max(pair) for pair in zip(*(TOLERANCE.get(kind, (0.0, 0.0)) for kind in kinds)))

    def fail(self, text, path):
        if path:
            text += f"\n\nThe failure occurred for item {''.join(f'[{step!r}]' for step in path)}"
        raise AssertionError(text if self.msg is None else self.msg(text) if callable(self.msg) else self.msg)

    def compare(self, actual, expected, path=()):
        both = (actual, expected)
        if all(isinstance(x, Tensor) for x in both):
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
        elif actual is not None or expected is not None:
            raise TypeError(f"No comparison pair was able to handle inputs of type {type(actual)} and {type(expected)}.")

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
    _Comparison(rtol, atol, equal_nan, [name for name, wanted in asked.items() if wanted], msg).compare(actual, expected)
