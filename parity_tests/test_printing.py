"""The printed form of tensors, character for character as torch prints them.

Each program's tensor is printed three times: by torch, by `tensor_repr` reading torch's own tensor through `Seen`
(which tries printing alone, with cases that only torch can make), and as minigrad's tensor.
"""

import inspect
from dataclasses import dataclass, field
from itertools import product
from types import SimpleNamespace
from zlib import crc32

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
import torch
from hypothesis import given, settings

from minigrad import dtypes, printing

INF, NAN = float("inf"), float("nan")
ALONE = SimpleNamespace(set_printoptions=printing.set_printoptions, set_default_dtype=dtypes.set_default_dtype,
                        **dtypes.BY_NAME)  # printing without the rest of the library


# ---- the same tensor in either library


@dataclass(frozen=True)
class Spec:
    """A tensor: `values` is a list (reshaped to `shape` if given) or the name of a distribution in DRAWN."""

    values: object
    shape: tuple | None = None
    dtype: str = "float32"
    grad: bool = False
    options: dict = field(default_factory=dict)
    default_dtype: str = "float32"
    then: object = None  # fn(lib, tensor) -> the tensor to print

    @property
    def id(self):
        shown = self.values if isinstance(self.values, str) else str(self.values).replace(" ", "")
        more = [self.shape, self.options or None, "grad" if self.grad else None, self.then and self.then.__name__]
        more += [None if self.default_dtype == "float32" else f"default={self.default_dtype}"]
        return "-".join([self.dtype, shown, *(str(x) for x in more if x is not None)])


def spread(rng, n, low, high):
    """Random signs, and magnitudes uniform in the exponent."""
    return rng.choice([-1.0, 1.0], n) * 10.0 ** rng.uniform(low, high, n)


def peppered(rng, x, *grains):
    """`x` with about a third of its elements replaced."""
    return np.where(rng.random(x.shape) < 0.35, rng.choice(np.array(grains), x.shape), x)


DRAWN = {
    "normal": lambda rng, n: rng.standard_normal(n),
    "positive": lambda rng, n: rng.random(n),
    "whole": lambda rng, n: np.round(30 * rng.standard_normal(n)),
    "tiny": lambda rng, n: spread(rng, n, -7, -4),
    "large": lambda rng, n: spread(rng, n, 2, 4),
    "wide": lambda rng, n: spread(rng, n, -3, 3),
    "whole with nan and inf": lambda rng, n: peppered(rng, np.round(9 * rng.standard_normal(n)), NAN, INF, -INF, -0.0),
    "normal with nan and inf": lambda rng, n: peppered(rng, rng.standard_normal(n), NAN, INF, -INF, -0.0),
    "zeros": lambda rng, n: rng.choice([0.0, -0.0], n),
    "only special": lambda rng, n: rng.choice([0.0, -0.0, NAN, INF, -INF], n),
    "counted": lambda rng, n: np.arange(n),
    "halves": lambda rng, n: np.arange(n) / 2,
}


def array(spec):
    """The values of `spec` as a NumPy array, drawn from a generator that its id seeds."""
    values = spec.values
    if isinstance(values, str):
        rng, size = np.random.default_rng(crc32(spec.id.encode())), int(np.prod(spec.shape))
        draw = DRAWN[values]
        values = draw(rng, size)
        if spec.dtype.startswith("complex"):
            values = np.stack([values, draw(rng, size)], -1).astype(float).view(complex)
    with np.errstate(over="ignore", invalid="ignore"):
        values = np.asarray(values, spec.dtype)
    return values if spec.shape is None else values.reshape(spec.shape)


def build(lib, spec):
    """The tensor that `spec` describes, in torch or in minigrad."""
    tensor = lib.from_numpy(array(spec).copy())
    if spec.grad:
        tensor.requires_grad_()
    return tensor if spec.then is None else spec.then(lib, tensor)


class Seen:
    """A torch tensor as printing sees one: minigrad's dtypes, and a class of the same name."""

    def __new__(cls, tensor):
        kinds = [k.__name__ for k in type(tensor).__mro__ if issubclass(k, torch.Tensor) and k is not torch.Tensor]
        for name in ["Tensor", *reversed(kinds)]:
            cls = type(name, (cls,), {})
        self = object.__new__(cls)
        self.torch = tensor
        return self

    @property
    def dtype(self):
        return dtypes.BY_NAME[str(self.torch.dtype).removeprefix("torch.")]

    def __getitem__(self, where):
        return Seen(self.torch[where])

    def detach(self):
        return Seen(self.torch.detach())

    def __getattr__(self, name):
        return getattr(self.torch, name)

    def __repr__(self):
        show = printing.parameter_repr if isinstance(self.torch, torch.nn.Parameter) else printing.tensor_repr
        return show(self)

    def __format__(self, spec):
        return printing.format_scalar(self, spec)


def use(lib, default_dtype="float32", **options):
    """Set the same default dtype and print options everywhere; conftest.py puts them back."""
    for one in (torch, lib, ALONE):
        one.set_default_dtype(getattr(one, default_dtype))
        one.set_printoptions(profile="default")
        one.set_printoptions(**options)


def check(lib, spec):
    use(lib, spec.default_dtype, **spec.options)
    reference = build(torch, spec)
    assert repr(Seen(reference)) == repr(reference)
    assert repr(build(lib, spec)) == repr(reference)


# ---- the cases


def around(x, dtype):
    """The numbers next to `x` in `dtype`."""
    x = np.asarray(x, dtype)
    return [np.nextafter(x, np.asarray(0, dtype)).item(), x.item(), np.nextafter(x, np.asarray(np.inf, dtype)).item()]


FLOATS = ("float16", "float32", "float64")
SMALL = [(), (1,), (13,), (2, 3), (2, 2, 2, 2), (4, 12)]
BIG = [(1000,), (1001,), (6, 200), (1, 1200), (1200, 1), (26, 40), (11, 10, 10), (2, 3, 4, 5, 10)]
EMPTY = [(0,), (0, 3), (3, 0), (2, 0, 3)]

CASES = [Spec(values, shape, dtype) for values, shape, dtype in product(DRAWN, SMALL, FLOATS)]
CASES += [Spec(values, shape) for values, shape in product(("normal", "wide", "halves", "whole"), BIG)]
CASES += [Spec("counted", shape, "int64") for shape in BIG]
CASES += [Spec([], shape, dtype, default_dtype=default) for shape, dtype, default in product(
    EMPTY, ("float32", "float64", "int64", "bool", "complex64"), ("float32", "float64"))]

# Where the notation turns: the ratio 1000, the magnitudes 1e8 and 1e-4, and whole against not.
CASES += [Spec([low, high], dtype=dtype) for dtype in FLOATS for scale in (0.1, 1, 3)
          for low, high in product(around(scale, dtype), around(1000 * scale, dtype))]
CASES += [Spec([x], dtype=dtype) for dtype in FLOATS[1:] for x in around(1e8, dtype) + around(1e-4, dtype)]
CASES += [Spec([x, -0.0], dtype="float16") for x in around(1e-4, "float16") + [65504.0, 6e-8, 6.1e-5]]
CASES += [Spec(values, dtype=dtype) for dtype in FLOATS for values in (
    [0.00005], [0.99995], [9.99995], [0.5, 1.5, 2.5], [1e-45, 1.0], [1e-310, 1e300], [1e15], [123456789.0],
    [-1e8 - 8], [NAN], [INF, 1.5], [-INF, 1.0], [NAN, 0.0], [INF, 1e10], [-0.0], [-0.0, 1.5], [1.0, -1e-3],
    [100.0, -0.25], [-1e-12])]

# Integers and bool.
LIMITS = {"uint8": [0, 255], "int8": [-128, 127], "int16": [-(2**15), 2**15 - 1], "int32": [-(2**31), 2**31 - 1],
          "int64": [-(2**63), 2**63 - 1], "bool": [True, False]}
CASES += [Spec(values, dtype=dtype) for dtype, ends in LIMITS.items()
          for values in (ends, ends[0], ends[1:], [ends] * 3)]
CASES += [Spec([7, 12, -3], dtype=dtype) for dtype in ("int8", "int16", "int32", "int64")]
CASES += [Spec("counted", shape, dtype) for shape, dtype in product(
    [(40,), (3, 40), (2, 2, 25)], ("uint8", "int32", "int64"))]

# Complex: each part has its own notation.
CASES += [Spec(values, shape, dtype) for values, shape, dtype in product(
    ("normal", "whole", "wide", "tiny", "normal with nan and inf", "only special", "halves"),
    [(), (1,), (9,), (2, 3)], ("complex64", "complex128"))]
CASES += [Spec("halves", (1200,), "complex64"), Spec([1e9 + 2j, 1 - 0.5j], dtype="complex64"),
          Spec([1 + 2j, -3.5 - 4j], dtype="complex128")]

# Options.
OPTIONS = [{"precision": 0}, {"precision": 1}, {"precision": 8}, {"threshold": 10}, {"threshold": 10, "edgeitems": 1},
           {"threshold": 0, "edgeitems": 0}, {"threshold": 70, "edgeitems": 0}, {"linewidth": 40}, {"linewidth": 1},
           {"linewidth": 33.5}, {"linewidth": 200}, {"profile": "short"}, {"profile": "SHORT"}, {"profile": "bogus"},
           {"sci_mode": True}, {"sci_mode": False}, {"profile": "short", "precision": 5, "sci_mode": True}]
CASES += [Spec(values, shape, options=options) for options, values, shape in product(
    OPTIONS, ("normal", "whole", "tiny", "wide", "whole with nan and inf", "zeros"), [(7,), (3, 4, 5)])]
CASES += [Spec("halves", (4, 6), "complex64", options=options) for options in OPTIONS]
CASES += [Spec([1.5], (), options=options) for options in OPTIONS]
CASES += [Spec("counted", (3, 300), options={"profile": profile}) for profile in ("full", "short", "default")]

# Suffixes, and the column at which each goes to a line of its own.
def doubled(lib, x): return x * 2
def negated(lib, x): return -x
def summed(lib, x): return x.sum()
def first_row(lib, x): return x[0]
def detached(lib, x): return (x * 2).detach()
def transposed(lib, x): return x.t()
def retained(lib, x): y = x * 2; y.retain_grad(); return y
def without_grad(lib, x):
    with lib.no_grad(): return x * 2
def as_parameter(lib, x): return lib.nn.Parameter(x)
def as_frozen_parameter(lib, x): return lib.nn.Parameter(x, requires_grad=False)
def from_parameter(lib, x): return lib.nn.Parameter(x) * 2


CASES += [Spec("positive", (n,), dtype, grad, then=then) for n in range(1, 14)
          for dtype, grad, then in (("float64", True, None), ("float32", True, None), ("float64", False, None),
                                    ("float64", True, doubled), ("float32", True, doubled))]
CASES += [Spec("positive", shape, "float64", True, options={"linewidth": width})
          for shape in ((3,), (2, 3)) for width in range(22, 66, 1 if shape == (3,) else 4)]
CASES += [Spec("normal", (2, 3), grad=True, then=then)
          for then in (doubled, negated, summed, first_row, detached, transposed, retained, without_grad)]
CASES += [Spec("normal", shape, dtype, then=then) for shape in ((), (3,), (3, 4)) for dtype in ("float32", "float64")
          for then in (as_parameter, as_frozen_parameter, from_parameter)]
CASES += [Spec([], (0, 2), grad=True), Spec([], (0,), grad=True, then=doubled),
          Spec([], (0,), options={"edgeitems": 0}), Spec("normal", (1200,), grad=True, then=doubled)]
CASES += [Spec("halves", (3,), dtype, default_dtype=default) for dtype in (*FLOATS, "complex64", "complex128", "int64")
          for default in FLOATS]


@pytest.mark.parametrize("spec", CASES, ids=lambda s: s.id)
def test_repr(lib, spec):
    check(lib, spec)


# ---- what only torch can make, read through `Seen`


def stale_view():
    """A view that cannot name its history: made without grad, its base then modified with grad."""
    base = torch.ones(2, 2)
    with torch.no_grad():
        view = base[0]
    base.mul_(torch.ones(2, 2, requires_grad=True))
    return view


class Mine(torch.Tensor):
    pass


class MyParameter(torch.nn.Parameter):
    pass


UNUSUAL = {
    "stale view": stale_view,
    "subclass": lambda: torch.ones(2, 2).as_subclass(Mine),
    "long subclass": lambda: torch.full((3, 9), 0.5).double().as_subclass(Mine),
    "bfloat16": lambda: torch.linspace(0.1, 100, 7).bfloat16(),
    "bfloat16 0.1": lambda: torch.tensor([0.1, 100.0]).bfloat16(),
    "negative view": lambda: torch._neg_view(torch.arange(3.0)),
    "conjugate": lambda: torch.tensor([1 + 2j, 3 - 0j]).conj(),
    "meta": lambda: torch.ones(2, 3, device="meta"),
    "meta empty": lambda: torch.ones(0, device="meta", dtype=torch.float64),
    "meta grad": lambda: torch.ones((), device="meta", requires_grad=True),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_unusual(lib, name):
    use(lib)
    tensor = UNUSUAL[name]()
    assert repr(Seen(tensor)) == repr(tensor)


@pytest.mark.parametrize("shape", [(2,), (8,), (5, 3), (1200,)], ids=str)
@pytest.mark.parametrize("linewidth", [30, 62, 63, 64, 65, 80])
def test_parameter_subclass(lib, shape, linewidth):
    use(lib, linewidth=linewidth)
    parameter = MyParameter(torch.full(shape, 0.5, dtype=torch.float64))
    assert repr(Seen(parameter)) == repr(parameter)


@pytest.mark.parametrize("shape", [(3,), (0, 3), (2, 2)], ids=str)
def test_contents(lib, shape):
    use(lib)
    tensor = torch.ones(shape, dtype=torch.float64, requires_grad=True)
    for contents in ("hello", "hello\nworld", 80 * "x"):
        assert printing.tensor_repr(Seen(tensor), tensor_contents=contents) == tensor.__repr__(tensor_contents=contents)


class OnDevice(Seen):
    """As if the tensor lay elsewhere; no such device is at hand to ask torch."""

    device = torch.device("cuda:0")


def test_device(lib):
    use(lib)
    assert repr(OnDevice(torch.arange(2.0))) == "tensor([0., 1.], device='cuda:0')"
    assert repr(OnDevice(torch.ones(0, 3).double())) == "tensor([], device='cuda:0', size=(0, 3), dtype=torch.float64)"


# ---- options, format(), storage


def test_options_are_torchs(lib):
    use(lib)
    assert inspect.signature(printing.set_printoptions) == inspect.signature(torch.set_printoptions)
    changes = [{"precision": 2}, {"sci_mode": True}, {"linewidth": 40}, {"profile": "short"}, {"profile": "bogus"},
               {"profile": "SHORT"}, {}, {"edgeitems": 0, "sci_mode": False}, {"profile": "full", "precision": 7},
               {"profile": "default"}]
    for change in changes:
        torch.set_printoptions(**change)
        printing.set_printoptions(**change)
        assert printing.get_printoptions() == torch._tensor_str.get_printoptions(), change


def outcome(fn, *args, **options):
    """What a call gives, or the class and text of what it raises."""
    try:
        return fn(*args, **options)
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize("options", [{"precision": 2.0}, {"linewidth": INF}, {"precision": -1}], ids=str)
def test_bad_options(lib, options):
    use(lib, **options)
    expected = outcome(repr, torch.tensor([1.5]))
    assert expected[0] in (ValueError, OverflowError)
    assert outcome(repr, Seen(torch.tensor([1.5]))) == expected
    assert outcome(repr, lib.tensor([1.5])) == expected


FORMATTED = {
    "float": lambda lib: lib.tensor(1.5),
    "grad": lambda lib: lib.tensor(1.5, requires_grad=True),
    "int": lambda lib: lib.tensor(2),
    "bool": lambda lib: lib.tensor(True),
    "complex": lambda lib: lib.tensor(1 + 2j),
    "vector": lambda lib: lib.tensor([1.5]),
    "matrix": lambda lib: lib.ones(2, 2),
    "parameter": lambda lib: lib.nn.Parameter(lib.tensor(1.5)),
}


@pytest.mark.parametrize("form", ["", ".3f", ">10", "d", "e", "s"])
@pytest.mark.parametrize("name", FORMATTED)
def test_format(lib, name, form):
    use(lib)
    make = FORMATTED[name]
    expected = outcome(format, make(torch), form)
    assert outcome(format, Seen(make(torch)), form) == expected
    assert outcome(format, make(lib), form) == expected


@pytest.mark.filterwarnings("ignore:TypedStorage is deprecated")
@pytest.mark.parametrize("tensor", [torch.arange(6.0).reshape(2, 3), torch.tensor([0.1, NAN]), torch.ones(0),
                                    torch.tensor([True]), torch.tensor([1, -2]), torch.tensor([1 + 2j])], ids=str)
def test_storage(lib, tensor):
    storage = tensor.storage()
    assert printing.storage_repr(storage.tolist(), tensor.dtype, tensor.device) == repr(storage)
    assert repr(lib.from_numpy(tensor.numpy().copy()).storage()) == repr(storage)


# ---- whatever Hypothesis finds

DTYPES = st.sampled_from(["float16", "float32", "float64", "int8", "uint8", "int32", "int64", "bool", "complex64"])
SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)
ARRAYS = DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, SHAPES))
DECIMALS = st.builds(lambda mantissa, exponent: mantissa * 10.0**exponent, st.integers(-2000, 2000), st.integers(-8, 8))
ROUND = st.lists(DECIMALS, min_size=1, max_size=30).map(np.array)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(values=ARRAYS | ROUND, linewidth=st.sampled_from([80, 80, 30, 120]), precision=st.sampled_from([4, 4, 2, 6]),
       threshold=st.sampled_from([1000, 1000, 10]), sci_mode=st.sampled_from([None, None, True, False]))
def test_repr_of_anything(lib, values, **options):
    use(lib, **options)
    reference = torch.from_numpy(values.copy())
    assert repr(Seen(reference)) == repr(reference)
    assert repr(lib.from_numpy(values.copy())) == repr(reference)
