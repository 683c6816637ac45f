"""Comparisons and logic: values and dtypes, on every number type, with ties and special values."""

import operator

from parity_tests.case import NUMBERS, case
from parity_tests.inputs import B, T, V

COMPARE = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
for name, op in COMPARE.items():
    case(name, "operator", lambda lib, x, y, op=op: op(x, y), T(2, 3), T(2, 3), dtypes=NUMBERS, kinks="special ties")
    case(name, "broadcast", lambda lib, x, y, op=op: op(x, y), T(2, 1), T(3), kinks="ties")
    case(name, "function", lambda lib, x, y, f=name: getattr(lib, f)(x, y), T(2, 3), T(3), kinks="ties")
    case(name, "method", lambda lib, x, y, f=name: getattr(x, f)(y), T(2, 3), T(3), kinks="ties")
    for number in (0, 1, 0.5, True, float("inf"), -1):
        case(
            name,
            f"tensor, {number}",
            lambda lib, x, op=op, n=number: op(x, n),
            T(2, 3),
            dtypes=NUMBERS,
            kinks="special ties",
        )
        case(name, f"{number}, tensor", lambda lib, x, op=op, n=number: op(n, x), T(2, 3), kinks="ties")
    case(
        name,
        "mixed",
        lambda lib, x, y, op=op: op(x, y),
        T(2, 3),
        V([[0, 1, 2], [1, 0, 1]], "int64", grad=False),
        dtypes=NUMBERS,
        kinks="ties",
    )
case("eq", "None", lambda lib, x: [x == None, x != None], T(2, 3))  # noqa: E711
case("equal", "same", lambda lib, x, y: lib.equal(x, y), T(2, 3), T(2, 3), kinks="ties")
case("allclose", "near", lambda lib, x: lib.allclose(x, x + 1e-9), T(2, 3))
case("isclose", "near", lambda lib, x, y: lib.isclose(x, y), T(2, 3), T(2, 3), kinks="special")
for name in ("isnan", "isinf", "isfinite"):
    case(name, "function", lambda lib, x, f=name: getattr(lib, f)(x), T(2, 3), dtypes=NUMBERS, kinks="special")

LOGIC = {"and": operator.and_, "or": operator.or_, "xor": operator.xor}
for name, op in LOGIC.items():
    case(
        f"logical_{name}",
        "function",
        lambda lib, x, y, f=f"logical_{name}": getattr(lib, f)(x, y),
        T(2, 3),
        T(2, 3),
        dtypes=NUMBERS,
        kinks="ties",
    )
    case(
        f"bitwise_{name}",
        "operator",
        lambda lib, x, y, op=op: op(x, y),
        T(2, 3),
        T(2, 3),
        dtypes=("int64", "uint8", "bool", "float32"),
    )
case("logical_not", "function", lambda lib, x: lib.logical_not(x), T(2, 3), dtypes=NUMBERS, kinks="ties special")
case("bitwise_not", "operator", lambda lib, x: ~x, T(2, 3), dtypes=("int64", "uint8", "bool", "float32"))
case("bitwise_and", "masks", lambda lib, x, m: (x > 0) & m, T(2, 3), B(2, 3))
