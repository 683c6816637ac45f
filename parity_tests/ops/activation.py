"""Activations and softmax."""

from parity_tests.case import case
from parity_tests.inputs import T, V

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

def functional(name, title, *specs, **options):
    """A case of nn.functional's function of that name."""
    case(name, title, lambda lib, *xs: getattr(lib.nn.functional, name)(*xs, **options), *specs)


for name in ("relu6", "selu", "celu", "mish", "hardsigmoid", "hardswish"):
    case(name, "inplace option", lambda lib, x, f=name: getattr(lib.nn.functional, f)(x.clone(), inplace=True), T(2, 3))
for name in ("relu", "sigmoid", "tanh"):
    case(name, "method", lambda lib, x, f=name: getattr(x, f)(), T(2, 3), inplace=lambda lib, x, f=name: getattr(x, f + "_")())
for name in ("erf", "erfc"):
    case(name, "function", lambda lib, x, f=name: getattr(lib, f)(x), T(2, 3, low=-4, high=4), kinks="special")
case("erfinv", "function", lambda lib, x: lib.erfinv(x), T(2, 3, low=-0.9, high=0.9))
functional("elu", "alpha", T(2, 3), alpha=0.3)
functional("celu", "alpha", T(2, 3), alpha=0.3)
functional("celu", "no alpha", T(2, 3), alpha=0.0)
functional("softplus", "sharp", T(2, 3), beta=3, threshold=1)
functional("hardtanh", "limits", T(2, 3), min_val=-0.3, max_val=0.2)
functional("hardtanh", "limits reversed", T(2), min_val=1, max_val=-1)
functional("hardshrink", "lambd", T(2, 3), lambd=0.2)
functional("softshrink", "lambd", T(2, 3), lambd=0.2)
functional("softshrink", "bad lambd", T(2), lambd=-1.0)
functional("threshold", "value", T(2, 3), threshold=0.1, value=7.0)
functional("glu", "last", T(2, 4))
functional("glu", "first", T(2, 4), dim=0)
functional("glu", "odd", T(2, 3))
functional("prelu", "one weight", T(2, 3), T(1, low=0.1))
functional("prelu", "per channel", T(2, 3, 2), T(3, low=0.1))
functional("prelu", "wrong count", T(2, 3), T(2))
functional("softmin", "dim", T(2, 3), dim=1)
functional("rrelu", "not training", T(2, 3))
functional("normalize", "dim", T(2, 3), dim=1)


def seeded(name, title, *specs, **options):
    """The same with the random stream set first."""

    def program(lib, *xs):
        lib.manual_seed(11)
        return getattr(lib.nn.functional, name)(*xs, **options), lib.rand(2)

    case(name, title, program, *specs, layouts=("contiguous", "transposed"), dtypes=("float64", "float32"))


seeded("dropout", "training", T(4, 5), p=0.3)
seeded("dropout", "all dropped", T(4, 5), p=1.0)
seeded("dropout1d", "training", T(4, 5, 2), p=0.4)
seeded("dropout2d", "training", T(4, 5, 2, 2), p=0.4)
seeded("dropout3d", "training", T(2, 3, 2, 2, 2), p=0.4)
seeded("alpha_dropout", "training", T(4, 5), p=0.3, training=True)
seeded("feature_alpha_dropout", "training", T(4, 5, 2), p=0.3, training=True)
seeded("rrelu", "training", T(4, 5), training=True)
seeded("gumbel_softmax", "soft", T(4, 5), tau=0.7)
seeded("gumbel_softmax", "hard", T(4, 5), hard=True)

for bounds in ((0.5, 7.9), (-0.5, -7.9), (1e30, 1), (1, 300)):
    case("threshold", f"integers, {bounds}", lambda lib, x, b=bounds: lib.nn.functional.threshold(x, *b), V([0, 1, 3]),
         dtypes=("uint8", "int64", "bool"), layouts=("contiguous",))  # fmt: skip
