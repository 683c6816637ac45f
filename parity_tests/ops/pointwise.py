"""Arithmetic and elementary functions: broadcasting, Python numbers on both sides, mixed dtypes, special values."""

import operator

from parity_tests.case import FLOATS, NUMBERS, case
from parity_tests.inputs import B, I, T, V

BINARY = {
    "add": (operator.add, lambda lib, x, y: x.add_(y)),
    "sub": (operator.sub, lambda lib, x, y: x.sub_(y)),
    "mul": (operator.mul, lambda lib, x, y: x.mul_(y)),
    "div": (operator.truediv, lambda lib, x, y: x.div_(y)),
}
SHAPES = {
    "same shape": ((2, 3), (2, 3)),
    "broadcast right": ((2, 3), (3,)),
    "broadcast left": ((3,), (2, 3)),
    "both sides": ((2, 1), (1, 3)),
    "0-d right": ((2, 3), ()),
    "0-d left": ((), (2, 3)),
    "both 0-d": ((), ()),
    "1 against n": ((1,), (4,)),
    "leading dims": ((3,), (2, 2, 3)),
    "empty": ((0, 3), (3,)),
}
SCALARS = {"int": 3, "float": 2.5, "bool": True, "negative": -1.5, "zero": 0}


def away(*shape):
    """A tensor bounded away from 0, for a divisor."""
    return T(*shape, low=0.5, high=2.5)


for name, (op, inplace) in BINARY.items():
    for title, (a, b) in SHAPES.items():
        wide = title in ("same shape", "broadcast right")
        case(
            name,
            title,
            lambda lib, x, y, op=op: op(x, y),
            T(*a),
            away(*b),
            dtypes=NUMBERS if wide else FLOATS,
            kinks="special" if title == "both 0-d" else "",
            inplace=inplace,
        )
    for title, number in SCALARS.items():
        case(
            name,
            f"tensor, {title}",
            lambda lib, x, op=op, n=number: op(x, n),
            T(2, 3),
            dtypes=NUMBERS,
            inplace=lambda lib, x, f=inplace, n=number: f(lib, x, n),
        )
        case(name, f"{title}, tensor", lambda lib, x, op=op, n=number: op(n, x), away(2, 3), dtypes=NUMBERS)
    case(name, "function", lambda lib, x, y, f=name: getattr(lib, f)(x, y), T(2, 3), away(2, 3))
    case(name, "method", lambda lib, x, y, f=name: getattr(x, f)(y), T(2, 3), away(2, 3))
    case(name, "function by keyword", lambda lib, x, y, f=name: getattr(lib, f)(input=x, other=y), T(2, 3), away(2, 3))
    for other in ("float32", "float16", "int64", "uint8", "bool"):
        y = V([[1, 0, 1], [1, 1, 1]], other, grad=other.startswith("float"))
        case(name, f"with {other}", lambda lib, x, y, op=op: op(x, y), T(2, 3), y, dtypes=NUMBERS, inplace=inplace)
        case(
            name,
            f"with 0-d {other}",
            lambda lib, x, y, op=op: op(x, y),
            T(2, 3),
            V(1, other, grad=other.startswith("float")),
            dtypes=NUMBERS,
            inplace=inplace,
        )
    case(name, "mismatched shapes", lambda lib, x, y, op=op: op(x, y), T(2, 3), T(2, 4), layouts=("contiguous",))

for name, number in (("add", 2), ("sub", 2), ("add", -0.5), ("sub", -0.5)):
    case(
        name,
        f"alpha {number}",
        lambda lib, x, y, f=name, n=number: getattr(lib, f)(x, y, alpha=n),
        T(2, 3),
        T(3),
        inplace=lambda lib, x, y, f=name, n=number: getattr(x, f + "_")(y, alpha=n),
        dtypes=FLOATS + ("int64",),
    )
for mode in ("floor", "trunc"):
    case(
        "div",
        f"rounding {mode}",
        lambda lib, x, y, m=mode: lib.div(x, y, rounding_mode=m),
        T(2, 3),
        away(3),
        dtypes=FLOATS + ("int64",),
    )
case("rsub", "tensor", lambda lib, x, y: lib.rsub(x, y), T(2, 3), T(3))
case("rsub", "scalar", lambda lib, x: lib.rsub(x, 2), T(2, 3))
case("floor_divide", "operator", lambda lib, x, y: x // y, T(2, 3), away(3), dtypes=FLOATS + ("int64",))
case("remainder", "operator", lambda lib, x, y: x % y, T(2, 3), away(3), dtypes=FLOATS + ("int64",))

POSITIVE = {"low": 0.3, "high": 2.5}
case("pow", "tensor, tensor", lambda lib, x, y: x**y, T(2, 3, **POSITIVE), T(2, 3), inplace=lambda lib, x, y: x.pow_(y))
case("pow", "broadcast", lambda lib, x, y: x**y, T(2, 1, **POSITIVE), T(3))
case("pow", "special", lambda lib, x, y: lib.pow(x, y), T(2, 3, **POSITIVE), T(2, 3), kinks="special")
for number in (2, 3, 0, 1, -1, 0.5, -2, 2.5, 2.0, True):
    case(
        "pow",
        f"tensor, {number}",
        lambda lib, x, n=number: x**n,
        T(2, 3, **POSITIVE),
        kinks="special",
        dtypes=FLOATS + ("int64",),
        inplace=lambda lib, x, n=number: x.pow_(n),
    )
    if number is not True:  # torch 2.13 stops at an internal assertion there
        case("pow", f"{number}, tensor", lambda lib, x, n=number: n**x, T(2, 3, **POSITIVE), kinks="special")
case("pow", "integers", lambda lib, x, y: x**y, I(2, 3), I(2, 3), dtypes=("int64",))

UNARY = {
    "neg": {},
    "exp": {},
    "log": POSITIVE,
    "sqrt": POSITIVE,
    "abs": {},
    "sigmoid": {},
    "tanh": {},
    "relu": {},
    "reciprocal": POSITIVE,
    "square": {},
    "sin": {},
    "cos": {},
    "rsqrt": POSITIVE,
    "log1p": POSITIVE,
    "expm1": {},
    "log2": POSITIVE,
    "log10": POSITIVE,
    "exp2": {},
    "sign": {},
    "floor": {},
    "ceil": {},
    "round": {},
    "trunc": {},
}
CORE = ("neg", "exp", "log", "sqrt", "abs", "sigmoid", "tanh", "relu")
for name, domain in UNARY.items():
    case(
        name,
        "function",
        lambda lib, x, f=name: getattr(lib, f)(x),
        T(2, 3, **domain),
        kinks="special ties",
        dtypes=NUMBERS,
        inplace=lambda lib, x, f=name: getattr(x, f + "_")(),
    )
    case(name, "method of three dimensions", lambda lib, x, f=name: getattr(x, f)(), T(2, 3, 2, **domain))
    case(name, "by keyword", lambda lib, x, f=name: getattr(lib, f)(input=x), T(3, **domain))
    if name in CORE:
        case(name, "squared after", lambda lib, x, f=name: getattr(lib, f)(x) * x, T(2, 3, **domain))
case("neg", "operator", lambda lib, x: -x, T(2, 3), dtypes=NUMBERS)
case("abs", "builtin", lambda lib, x: abs(x), T(2, 3), dtypes=NUMBERS, kinks="special")
case("pos", "operator", lambda lib, x: +x, T(2, 3), dtypes=NUMBERS)
case("exp", "sigmoid by hand", lambda lib, x: 1 / (1 + lib.exp(-x)), T(2, 3), kinks="special")

case(
    "clamp",
    "both bounds",
    lambda lib, x: lib.clamp(x, -0.5, 0.5),
    T(2, 3),
    kinks="special ties",
    inplace=lambda lib, x: x.clamp_(-0.5, 0.5),
)
case("clamp", "at the bounds", lambda lib, x: x.clamp(-1, 1), T(2, 3), kinks="ties special")
case("clamp", "min only", lambda lib, x: x.clamp(min=0), T(2, 3), kinks="ties special")
case("clamp", "max only", lambda lib, x: x.clamp(max=0), T(2, 3), kinks="ties special")
case("maximum", "broadcast", lambda lib, x, y: lib.maximum(x, y), T(2, 3), T(3), kinks="special ties")
case("minimum", "broadcast", lambda lib, x, y: lib.minimum(x, y), T(2, 3), T(3), kinks="special ties")
case("where", "tensors", lambda lib, x, y, m: lib.where(m, x, y), T(2, 3), T(3), B(2, 3))
case("where", "scalar", lambda lib, x, m: lib.where(m, x, 0.5), T(2, 3), B(2, 3))
case("lerp", "scalar weight", lambda lib, x, y: lib.lerp(x, y, 0.3), T(2, 3), T(2, 3))
case("addcmul", "value", lambda lib, x, y, z: lib.addcmul(x, y, z, value=0.5), T(2, 3), T(2, 3), T(3))
case("addcdiv", "value", lambda lib, x, y, z: lib.addcdiv(x, y, z, value=0.5), T(2, 3), T(2, 3), away(3))

for source in NUMBERS:
    case(
        "to",
        f"from {source}",
        lambda lib, x: [x.to(getattr(lib, d)) for d in NUMBERS],
        T(2, 3, low=0),
        dtypes=(source,),
        layouts=("contiguous", "transposed", "0-d", "empty"),
    )
for method in ("float", "double", "half", "int", "long", "bool", "clone", "detach", "contiguous"):
    case("to", method, lambda lib, x, f=method: getattr(x, f)(), T(2, 3, low=0), dtypes=FLOATS + ("int64", "bool"))
case("type_as", "double", lambda lib, x, y: x.type_as(y), T(2, 3), V([1.0], "float64", grad=False))

for name in ("atan2", "hypot", "gcd", "lcm", "heaviside", "nextafter", "ldexp", "logical_and"):
    case(name, "of a number", lambda lib, x, f=name: getattr(lib, f)(x, 2), T(2), dtypes=("float64", "int64"), order=0)
    case(name, "of a number, in place", lambda lib, x, f=name: getattr(x.detach(), f + "_")(2), T(2), order=0,
         layouts=("contiguous",))  # fmt: skip
for name in ("clamp_min", "clamp_max"):
    for title, bound in {"None": None, "a string": "a"}.items():
        case(name, f"of {title}", lambda lib, x, f=name, b=bound: getattr(lib, f)(x, b), T(2), order=0)
