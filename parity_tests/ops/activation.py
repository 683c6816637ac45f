"""Activations and softmax."""

from parity_tests.case import case
from parity_tests.inputs import T

for name in ("softmax", "log_softmax"):
    for dim in (0, 1, -1, 2, -4):
        case(
            name,
            f"dim {dim}",
            lambda lib, x, f=name, d=dim: getattr(lib.nn.functional, f)(x, dim=d),
            T(2, 3),
            kinks="special ties" if dim == 1 else "",
        )
    case(name, "3-d", lambda lib, x, f=name: getattr(lib, f)(x, 1), T(2, 3, 2))
    case(name, "method", lambda lib, x, f=name: getattr(x, f)(dim=-1), T(2, 3))
    case(name, "to float64", lambda lib, x, f=name: getattr(x, f)(-1, dtype=lib.float64), T(2, 3))
    case(name, "large", lambda lib, x, f=name: getattr(x * 400, f)(1), T(2, 3))
    case(name, "one class", lambda lib, x, f=name: getattr(x, f)(1), T(3, 1))
    case(name, "integers", lambda lib, x, f=name: getattr(x, f)(0), T(3), dtypes=("int64",))
FUNCTIONAL = (
    "relu",
    "sigmoid",
    "tanh",
    "leaky_relu",
    "elu",
    "gelu",
    "silu",
    "softplus",
    "relu6",
    "hardtanh",
    "logsigmoid",
    "selu",
    "mish",
    "softsign",
    "hardswish",
    "hardsigmoid",
    "celu",
    "tanhshrink",
    "softshrink",
    "hardshrink",
)
for name in FUNCTIONAL:
    case(
        name,
        "functional",
        lambda lib, x, f=name: getattr(lib.nn.functional, f)(x),
        T(2, 3, low=-4, high=4),
        kinks="special ties",
    )
for name in ("relu", "leaky_relu", "elu", "silu", "hardtanh"):
    case(name, "inplace option", lambda lib, x, f=name: getattr(lib.nn.functional, f)(x.clone(), inplace=True), T(2, 3))
case("gelu", "tanh", lambda lib, x: lib.nn.functional.gelu(x, approximate="tanh"), T(2, 3))
case("leaky_relu", "slope", lambda lib, x: lib.nn.functional.leaky_relu(x, 0.3), T(2, 3), kinks="ties")
case("dropout", "not training", lambda lib, x: lib.nn.functional.dropout(x, 0.5, training=False), T(2, 3))
case("dropout", "nothing dropped", lambda lib, x: lib.nn.functional.dropout(x, 0.0), T(2, 3))
case("dropout", "bad p", lambda lib, x: lib.nn.functional.dropout(x, 1.5), T(2, 3), layouts=("contiguous",))
