"""Reductions: whole tensors, one dimension, several, negative, keepdim, dtype, ties."""

import warnings

from parity_tests.case import FLOATS, NUMBERS, case
from parity_tests.inputs import T, V

DIMS = {
    "dim 0": {"dim": 0},
    "dim 1": {"dim": 1},
    "dim -1": {"dim": -1},
    "dim -2, keepdim": {"dim": -2, "keepdim": True},
    "keepdim": {"dim": 1, "keepdim": True},
}
MANY = {
    "dims (0, 2)": {"dim": (0, 2)},
    "dims [-1, 0], keepdim": {"dim": [-1, 0], "keepdim": True},
    "dims ()": {"dim": ()},
}
BAD = {"dim 3": {"dim": 3}, "dim -4": {"dim": -4}, "dim twice": {"dim": (1, 1)}, "dim a float": {"dim": 1.0}}

for name in ("sum", "mean", "prod"):
    case(name, "all", lambda lib, x, f=name: getattr(lib, f)(x), T(2, 3, 2), dtypes=NUMBERS, kinks="special")
    case(name, "method", lambda lib, x, f=name: getattr(x, f)(), T(2, 3, 2), kinks="ties")
    case(name, "to float64", lambda lib, x, f=name: getattr(x, f)(dtype=lib.float64), T(2, 3), dtypes=NUMBERS)
    case(name, "dim, to float32", lambda lib, x, f=name: getattr(x, f)(dim=0, dtype=lib.float32), T(2, 3),
         dtypes=NUMBERS, tolerance={"float64": (1.3e-6, 1e-5, "computed in float32")})  # fmt: skip
    for kind in ("int32", "uint8", "bool", "float16"):
        case(name, f"to {kind}", lambda lib, x, f=name, k=kind: [getattr(x, f)(dtype=getattr(lib, k)),
             getattr(x, f)(0, dtype=getattr(lib, k))], T(2, 3), dtypes=NUMBERS[3:])  # fmt: skip
    case(name, "positional dim", lambda lib, x, f=name: getattr(x, f)(1, True), T(2, 3, 2))
    for title, options in (DIMS | (MANY if name != "prod" else {}) | BAD).items():
        case(
            name,
            title,
            lambda lib, x, f=name, o=options: getattr(lib, f)(x, **o),
            T(2, 3, 2),
            dtypes=NUMBERS if title in DIMS else FLOATS,
        )
case("sum", "axis keyword", lambda lib, x: x.sum(axis=1, keepdims=True), T(2, 3))
case("sum", "dims as arguments", lambda lib, x: x.sum(0, 1), T(2, 3))
case("sum", "squares", lambda lib, x: (x * x).sum(0).sum(), T(2, 3))
case("mean", "dim 0 of an empty tensor", lambda lib, x: x.mean(0), T(0, 3))
case("prod", "one zero", lambda lib, x: x.prod(), T(4), kinks="ties")

for name in ("max", "min"):
    case(name, "all", lambda lib, x, f=name: getattr(lib, f)(x), T(2, 3, 2), dtypes=NUMBERS, kinks="ties special")
    case(name, "two tensors", lambda lib, x, y, f=name: getattr(lib, f)(x, y), T(2, 3), T(3), kinks="ties special")
    case(
        name,
        "fields",
        lambda lib, x, f=name: (getattr(x, f)(0).values, getattr(x, f)(0).indices),
        T(2, 3),
        kinks="ties",
    )
    case(name, "pair", lambda lib, x, f=name: type(getattr(x, f)(dim=0)).__name__, T(2, 3), order=0)
    for title, options in (DIMS | BAD).items():
        case(
            name,
            title,
            lambda lib, x, f=name, o=options: getattr(lib, f)(x, **o),
            T(2, 3, 2),
            dtypes=NUMBERS,
            kinks="ties special",
        )
    case("a" + name, "all", lambda lib, x, f="a" + name: getattr(lib, f)(x), T(2, 3), kinks="ties special")
    case(
        "a" + name,
        "dim",
        lambda lib, x, f="a" + name: getattr(x, f)(dim=-1, keepdim=True),
        T(2, 3),
        kinks="ties special",
    )
    case(
        "arg" + name,
        "all",
        lambda lib, x, f="arg" + name: getattr(lib, f)(x),
        T(2, 3),
        dtypes=FLOATS + ("int64",),
        kinks="ties special",
    )
    case(
        "arg" + name,
        "dim",
        lambda lib, x, f="arg" + name: getattr(x, f)(1, keepdim=True),
        T(2, 3),
        dtypes=FLOATS + ("int64",),
        kinks="ties",
    )

for name in ("all", "any"):
    case(name, "all", lambda lib, x, f=name: getattr(lib, f)(x), T(2, 3), dtypes=NUMBERS, kinks="ties special")
    case(name, "method", lambda lib, x, f=name: getattr(x > 0, f)(), T(2, 3))
    for title, options in DIMS.items():
        case(
            name, title, lambda lib, x, f=name, o=options: getattr(x, f)(**o), T(2, 3, 2), dtypes=NUMBERS, kinks="ties"
        )

for p in (None, 1, 2, 3, 0, 0.5, float("inf"), float("-inf"), "fro"):
    options = {} if p is None else {"p": p}
    case(
        "norm", f"p {p}", lambda lib, x, o=options: lib.norm(x, **o), T(2, 3), kinks="ties special" if p != 0.5 else ""
    )
    case("norm", f"p {p}, dim", lambda lib, x, o=options: x.norm(dim=1, **o), T(2, 3))
    case("norm", f"p {p}, keepdim", lambda lib, x, o=options: x.norm(dim=-1, keepdim=True, **o), T(2, 3))
case("norm", "of data", lambda lib, x: x.data.norm(), T(5))
case("norm", "dims", lambda lib, x: x.norm(dim=(0, 1)), T(2, 3))
case("norm", "integers", lambda lib, x: x.norm(), T(3), dtypes=("int64",))

for name in ("var", "std"):
    case(name, "all", lambda lib, x, f=name: getattr(lib, f)(x), T(2, 3))
    case(name, "dim", lambda lib, x, f=name: getattr(x, f)(dim=1, keepdim=True), T(2, 3))
    case(name, "uncorrected", lambda lib, x, f=name: getattr(x, f)(dim=0, unbiased=False), T(4, 3))
    case(name, "correction", lambda lib, x, f=name: getattr(x, f)(dim=0, correction=0), T(4, 3))
case("logsumexp", "dim", lambda lib, x: lib.logsumexp(x, 1), T(2, 3), kinks="special")
case("logsumexp", "keepdim", lambda lib, x: x.logsumexp(dim=0, keepdim=True), T(2, 3))
for name in ("quantile", "nanquantile"):
    share, doubles = V([0.2, 0.7, 0.7]), ("float64", "float32")
    case(name, "of one element", lambda lib, x, q, f=name: getattr(lib, f)(x, q), T(1), share, dtypes=("float64",))
    case(name, "with dim", lambda lib, x, q, f=name: getattr(lib, f)(x, q, dim=0), T(4, 3), share, dtypes=doubles)
    for way in ("lower", "higher", "nearest", "midpoint"):
        case(
            name,
            way,
            lambda lib, x, q, f=name, way=way: getattr(lib, f)(x, q, interpolation=way),
            T(4, 3),
            share,
            dtypes=("float64",),
        )
    case(name, "keepdim", lambda lib, x, f=name: getattr(x, f)(0.3, dim=1, keepdim=True), T(4, 3), dtypes=doubles)
for name in ("sum", "mean", "prod", "nansum", "norm", "cumsum", "cumprod"):
    options = {"dim": 0} if name.startswith("cum") else {"p": 2} if name == "norm" else {}
    case(
        name,
        "converted within the op",
        lambda lib, x, f=name, o=options: getattr(lib, f)(x * x, dtype=lib.float64, **o),
        T(4, 3),
        dtypes=("float32", "float16", "float64"),
        order=1 if name == "norm" else 2,  # over no elements the norm's second gradient is a known difference
    )
    case(
        name,
        "of recorded floats to integers",
        lambda lib, x, f=name, o=options: getattr(lib, f)(x, dtype=lib.int64, **o),
        T(4, 3),
        layouts=("contiguous",),
    )
case("norm", "narrowed", lambda lib, x: lib.norm(x, 2, dtype=lib.float32), T(3), dtypes=("float64",))


def warned(lib, f, *tensors):
    """What a program gives, and the warnings it makes, up to where torch says it was compiled."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", category=RuntimeWarning)
        result = f(lib, *tensors)
    return result, [str(w.message).partition(" (Triggered internally")[0] for w in said]


for name in ("var", "std", "var_mean", "std_mean"):
    case(
        name,
        "without freedom",
        lambda lib, x, f=name: warned(lib, lambda lib, x: getattr(lib, f)(x, dim=0, correction=4), x),
        T(4, 3),
        dtypes=("float64", "float32"),
        order=1,  # the first gradient is infinite or nan already
    )
case("floor_divide", "of a number", lambda lib, x: 2 // x, T(3, low=1), order=0)
for name in ("std_mean", "var_mean"):
    case(name, "all", lambda lib, x, f=name: getattr(lib, f)(x), T(2, 3))
    case(name, "dims, correction", lambda lib, x, f=name: getattr(lib, f)(x, (0, -1), correction=0, keepdim=True),
         T(2, 3, 2))  # fmt: skip
    case(name, "of integers", lambda lib, x, f=name: getattr(lib, f)(x), T(3), dtypes=("int64",))
for name in ("var", "std"):
    case(name, "one number", lambda lib, x, f=name: getattr(lib, f)(x.clone(), unbiased=False), T(4), kinks="ties")
    case(name, "over-corrected", lambda lib, x, f=name: getattr(x, f)(0, correction=3), T(2, 3), order=1)
    case(name, "of integers", lambda lib, x, f=name: getattr(x, f)(), T(3), dtypes=("int64", "bool"))

for name in ("median", "nanmedian"):
    case(name, "all", lambda lib, x, f=name: getattr(lib, f)(x), T(3, 4), dtypes=NUMBERS, kinks="ties")
    case(name, "dim", lambda lib, x, f=name: getattr(x, f)(1, keepdim=True), T(2, 5), dtypes=NUMBERS)
    case(name, "nan", lambda lib, x, f=name: getattr((x + 1).log(), f)(0)[0], T(5, 3),
         layouts=("contiguous", "transposed", "strided"))  # some nan: of nothing but nan torch points at any  # fmt: skip
    case(name, "dim 3", lambda lib, x, f=name: getattr(x, f)(3), T(2, 3))
case("mode", "dim", lambda lib, x: lib.mode(x, 0), T(5, 3), dtypes=NUMBERS)
case("mode", "frequent", lambda lib, x: (x * 2).round().mode(-1, True)[0], T(3, 9))
for name in ("min", "max", "median", "mode", "nanmedian"):
    case(name, "printed", lambda lib, x, f=name: repr(getattr(lib, f)(x.detach(), 1)), T(2, 3), order=0)
case("aminmax", "all", lambda lib, x: lib.aminmax(x), T(2, 3), dtypes=NUMBERS, kinks="ties special")
case("aminmax", "dim", lambda lib, x: x.aminmax(dim=1, keepdim=True), T(2, 3), dtypes=NUMBERS, kinks="ties")
case("aminmax", "one of them", lambda lib, x: x.aminmax(dim=0).max, T(2, 3), kinks="ties")
case("aminmax", "printed", lambda lib, x: repr(x.detach().aminmax()), T(2, 3), order=0)
for name in ("amax", "amin"):
    case(name, "dims", lambda lib, x, f=name: getattr(lib, f)(x, (0, 2)), T(2, 3, 2), dtypes=NUMBERS, kinks="ties")
    case(name, "dim twice", lambda lib, x, f=name: getattr(lib, f)(x, (0, 0)), T(2, 3))
    case(name, "dim a float", lambda lib, x, f=name: getattr(lib, f)(x, 1.0), T(2, 3))
for name in ("max", "amax", "argmax", "aminmax", "median", "mode", "quantile"):
    for shape in ((0,), (0, 3), (3, 0)):
        case(name, f"nothing {shape}", lambda lib, f=name, s=shape: getattr(lib, f)(
            lib.zeros(s), *([0.5] if f == "quantile" else [])), order=0)  # fmt: skip
        if name != "aminmax":
            case(name, f"nothing {shape}, dim 0", lambda lib, f=name, s=shape: getattr(lib, f)(
                lib.zeros(s), *([0.5] if f == "quantile" else []), 0), order=0)  # fmt: skip

for way in ("linear", "lower", "higher", "midpoint", "nearest", "middle"):
    case("quantile", f"interpolation {way}", lambda lib, x, w=way: lib.quantile(x, 0.35, interpolation=w), T(2, 5),
         dtypes=FLOATS)  # fmt: skip
    case("quantile", f"interpolation {way}, dim", lambda lib, x, w=way: x.quantile(0.35, 1, True, interpolation=w), T(2, 5, 2),
         dtypes=FLOATS[:2])  # fmt: skip
for name in ("quantile", "nanquantile"):
    case(name, "several", lambda lib, x, f=name: getattr(lib, f)(x, lib.tensor([0.1, 0.5, 1.0], dtype=x.dtype), 0),
         T(4, 3), dtypes=FLOATS[:2])  # fmt: skip
    case(name, "nan", lambda lib, x, f=name: getattr(lib, f)(x.log(), 0.4, 1), T(3, 5), dtypes=FLOATS[:2])
    for q in (-0.5, 1.5):
        case(name, f"q {q}", lambda lib, x, f=name, q=q: getattr(lib, f)(x, q), T(3))
case("quantile", "q a matrix", lambda lib, x: x.quantile(lib.zeros(1, 1)), T(3), dtypes=("float32",))

case("nansum", "dim", lambda lib, x: lib.nansum(x.log(), 1), T(2, 3))
case("nansum", "kinds", lambda lib, x: x.nansum(), T(2, 3), dtypes=NUMBERS, kinks="special")
case("nanmean", "dim", lambda lib, x: lib.nanmean(x.log(), 1, True), T(2, 3))
case("nanmean", "kinds", lambda lib, x: x.nanmean(), T(2, 3), dtypes=NUMBERS)
case("count_nonzero", "all", lambda lib, x: lib.count_nonzero(x), T(2, 3), dtypes=NUMBERS, kinks="ties")
case("count_nonzero", "dims", lambda lib, x: x.count_nonzero(dim=(0, 1)), T(2, 3, 2), dtypes=NUMBERS)
case("prod", "zeros, dim", lambda lib, x: (x.round() * x).prod(1), T(3, 4), kinks="ties", dtypes=FLOATS[:2])

for p in (0, 1, 2, 3.5, float("inf"), float("-inf")):
    case("dist", f"p {p}", lambda lib, x, y, p=p: lib.dist(x, y, p), T(2, 3), T(3), dtypes=FLOATS[:2],
         layouts=("contiguous", "transposed", "strided", "expanded"))  # fmt: skip
case("dist", "method", lambda lib, x, y: x.dist(y), T(3), T(3), layouts=("contiguous", "strided"))
for p in (1, 2, 3):
    case("renorm", f"p {p}", lambda lib, x, p=p: lib.renorm(x, p, 0, 1.0), T(3, 4), dtypes=FLOATS[:2],
         inplace=lambda lib, x, p=p: x.renorm_(p, 0, 1.0))  # fmt: skip
for p, dim, most in ((0, 0, 1), (2, 3, 1), (2, 0, -1)):
    case("renorm", f"{p} {dim} {most}", lambda lib, x, a=(p, dim, most): x.renorm(*a), T(3, 4))
for name in ("trapezoid", "trapz", "cumulative_trapezoid"):
    case(name, "dx", lambda lib, y, f=name: getattr(lib, f)(y, dx=0.5), T(2, 4), dtypes=FLOATS[:2] + ("int64",))
    case(name, "points", lambda lib, y, x, f=name: getattr(lib, f)(y, x, dim=0), T(4, 2), T(4), dtypes=FLOATS[:2])
    case(name, "too few points", lambda lib, y, x, f=name: getattr(lib, f)(y, x), T(2, 4), T(3), dtypes=FLOATS[:2])
    case(name, "bools", lambda lib, y, f=name: getattr(lib, f)(y), T(4), dtypes=("bool",))

WITH_DIM = ("sum", "amax", "amin", "argmax", "argmin", "mode", "median", "cumsum", "cumprod", "cummax", "cummin", "nansum",
                 "logsumexp", "nanmean", "aminmax", "logcumsumexp")  # fmt: skip
for name in WITH_DIM:
    for title, dim in {"a string": "a", "a float": 1.5, "a tuple of strings": ("a",)}.items():
        case(name, f"dim is {title}", lambda lib, x, f=name, d=dim: getattr(lib, f)(x, dim=d), T(2, 3), order=0)
        if name != "aminmax":
            case(name, f"second argument is {title}", lambda lib, x, f=name, d=dim: getattr(lib, f)(x, d), T(2, 3), order=0)
for name in ("amax", "amin", "aminmax", "logsumexp"):
    case(name, "dim None", lambda lib, x, f=name: getattr(lib, f)(x, dim=None), T(2, 3), order=0)
for name in ("all", "any"):
    case(name, "dim () of a transposed tensor", lambda lib, x, f=name: getattr(x, f)(dim=()), T(2, 3), dtypes=NUMBERS)
for name in ("median", "nanmedian"):
    case(name, "empty", lambda lib, x, f=name: getattr(x[:0], f)(), T(2, 3), dtypes=NUMBERS, order=0)
