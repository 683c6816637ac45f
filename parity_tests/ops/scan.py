"""Scans: every dimension, integers, empty and 0-d tensors, zeros, ties, nan; in place; differences."""

from parity_tests.case import FLOATS, case
from parity_tests.inputs import LAYOUTS, T, V

COUNTS = FLOATS + ("int64", "int32", "bool")
for name in ("cumsum", "cumprod", "cummax", "cummin", "logcumsumexp"):
    kinds = COUNTS if name != "logcumsumexp" else FLOATS
    if name in ("cummax", "cummin"):
        kinds = tuple(kind for kind in COUNTS if kind != "float16")
    for dim in (0, 1, -1, 3, "a"):
        case(name, f"dim {dim}", lambda lib, x, f=name, d=dim: getattr(lib, f)(x, d), T(2, 4, 3), dtypes=kinds,
             layouts=LAYOUTS[:-1], kinks="ties")  # fmt: skip
    case(name, "method", lambda lib, x, f=name: getattr(x, f)(dim=-1), T(5), dtypes=kinds[:2],
         layouts=LAYOUTS[:-1], kinks="special" * (name != "cumprod"))  # fmt: skip
    case(name, "0-d", lambda lib, x, f=name: getattr(x, f)(0), T())
    case(name, "empty", lambda lib, x, f=name: getattr(x, f)(1), T(2, 0), order=2 * (name[:4] != "cumm"))
for name in ("cumsum", "cumprod"):
    case(name, "to float64", lambda lib, x, f=name: getattr(x, f)(0, dtype=lib.float64), T(2, 3), dtypes=COUNTS)
    case(name, "own dtype", lambda lib, x, f=name: getattr(x, f)(1), T(2, 3), dtypes=("float64", "int32", "bool"),
         inplace=lambda lib, x, f=name: getattr(x, f + "_")(1), kinks="ties")  # fmt: skip
case("cumprod", "square", lambda lib, x: x.cumprod(1).square(), T(3, 4), kinks="ties")
for name in ("cummax", "cummin"):
    case(name, "printed", lambda lib, x, f=name: repr(getattr(x, f)(1)), T(2, 3), order=0)
case("diff", "plain", lambda lib, x: lib.diff(x), T(2, 4), dtypes=COUNTS)
for n in (-1, 0, 2, 5):
    case("diff", f"n {n}", lambda lib, x, n=n: x.diff(n, 1), T(2, 4))
case("diff", "prepend, append", lambda lib, x, y: x.diff(dim=0, prepend=y, append=y), T(2, 4), T(1, 4))
case("diff", "prepend of another shape", lambda lib, x, y: x.diff(prepend=y), T(2, 4), T(1, 4))
case("diff", "0-d", lambda lib, x: x.diff(), T())
case("gradient", "plain", lambda lib, x: lib.gradient(x), T(4), dtypes=FLOATS + ("int64", "bool"), graph=False)
SPACINGS = {
    "all": {}, "dim": {"dim": 1}, "dims": {"dim": (1, -2), "spacing": [0.5, 2]}, "spacing": {"spacing": 0.5, "edge_order": 2},
    "spacings": {"spacing": [0.5, 2.0]}, "too few": {"spacing": [0.5]}, "too few for dim": {"spacing": [0.5], "dim": (0, 1)},
    "edge_order 3": {"edge_order": 3}, "dim twice": {"dim": (1, 1)}, "dim 2": {"dim": 2}, "no dims": {"dim": []},
}  # fmt: skip
for title, options in SPACINGS.items():
    case("gradient", title, lambda lib, x, o=options: lib.gradient(x, **o), T(3, 4), graph=False)
for order in (1, 2):
    case("gradient", f"points, order {order}", lambda lib, x, p, q, e=order: lib.gradient(x, spacing=[p, q], edge_order=e),
         T(3, 4), V([0.0, 1.0, 3.0]), V([-1.0, 0.5, 1.0, 4.0]), dtypes=FLOATS[:2], graph=False)  # fmt: skip
case("gradient", "too short", lambda lib, x: lib.gradient(x, edge_order=2), T(2, 3))
