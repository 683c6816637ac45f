"""Losses: reductions, weights, class targets and probabilities, and their errors."""

from parity_tests.case import case
from parity_tests.inputs import I, T, V

REDUCTIONS = ("mean", "sum", "none", "average")
PLAIN = {"mse_loss": {}, "l1_loss": {}, "smooth_l1_loss": {}, "huber_loss": {}}
for name in PLAIN:
    for reduction in REDUCTIONS:
        case(name, reduction, lambda lib, x, y, f=name, r=reduction: getattr(lib.nn.functional, f)(x, y, reduction=r), T(2, 3), T(2, 3), kinks="special ties")
    case(name, "broadcast", lambda lib, x, y, f=name: getattr(lib.nn.functional, f)(x, y), T(2, 3), T(3))
    case(name, "mismatch", lambda lib, x, y, f=name: getattr(lib.nn.functional, f)(x, y), T(2, 3), T(4))
    case(name, "float32 target", lambda lib, x, y, f=name: getattr(lib.nn.functional, f)(x, y), T(2), V([0.5, 1.0], "float32"))
    case(name, "integer target", lambda lib, x, y, f=name: getattr(lib.nn.functional, f)(x, y), T(2), V([0, 1], "int64", grad=False))
    case(name, "criterion", lambda lib, x, y, f={"mse_loss": "MSELoss", "l1_loss": "L1Loss", "smooth_l1_loss": "SmoothL1Loss", "huber_loss": "HuberLoss"}[name]:
         getattr(lib.nn, f)()(x, y), T(2, 3), T(2, 3))

CLASSES = {"matrix": ((4, 3), (4,)), "vector": ((3,), ()), "images": ((2, 3, 2, 2), (2, 2, 2)), "sequence": ((2, 3, 4), (2, 4)),
           "mismatched batch": ((4, 3), (3,)), "no rows": ((0, 3), (0,)), "target too deep": ((4, 3), (4, 1))}
LAYOUTS = ("contiguous", "transposed", "strided", "expanded", "empty", "0-d")
for name in ("cross_entropy", "nll_loss"):
    for title, (x, y) in CLASSES.items():
        for reduction in REDUCTIONS if title == "matrix" else REDUCTIONS[:1] + REDUCTIONS[2:3]:
            case(name, f"{title}, {reduction}", lambda lib, x, y, f=name, r=reduction: getattr(lib.nn.functional, f)(x, y, reduction=r), T(*x), I(*y),
                 layouts=LAYOUTS, kinks="special" if False else "")
    for reduction in REDUCTIONS[:3]:
        case(name, f"weight, {reduction}", lambda lib, x, w, y, f=name, r=reduction: getattr(lib.nn.functional, f)(x, y, weight=w, reduction=r),
             T(4, 3), T(3, low=0.2, grad=False), I(4), layouts=LAYOUTS)
        case(name, f"ignore_index, {reduction}", lambda lib, x, y, f=name, r=reduction: getattr(lib.nn.functional, f)(x, y, ignore_index=1, reduction=r),
             T(4, 3), V([0, 1, 2, 1], "int64", grad=False), layouts=LAYOUTS)
    case(name, "all ignored", lambda lib, x, y, f=name: getattr(lib.nn.functional, f)(x, y), T(2, 3), V([-100, -100], "int64", grad=False))
    case(name, "class out of range", lambda lib, x, y, f=name: getattr(lib.nn.functional, f)(x, y), T(2, 3), V([0, 3], "int64", grad=False), layouts=("contiguous",))
    case(name, "negative class", lambda lib, x, y, f=name: getattr(lib.nn.functional, f)(x, y), T(2, 3), V([0, -1], "int64", grad=False), layouts=("contiguous",))
    case(name, "int32 target", lambda lib, x, y, f=name: getattr(lib.nn.functional, f)(x, y), T(2, 3), V([0, 1], "int32", grad=False), layouts=("contiguous",))
    case(name, "float target", lambda lib, x, y, f=name: getattr(lib.nn.functional, f)(x, y), T(2, 3), V([0.0, 1.0], "float32", grad=False), layouts=("contiguous",))
    case(name, "criterion", lambda lib, x, y, f={"cross_entropy": "CrossEntropyLoss", "nll_loss": "NLLLoss"}[name]: getattr(lib.nn, f)()(x, y), T(4, 3), I(4))
case("cross_entropy", "probabilities", lambda lib, x, y: lib.nn.functional.cross_entropy(x, y), T(4, 3), T(4, 3, low=0, high=1))
case("cross_entropy", "smoothing", lambda lib, x, y: lib.nn.functional.cross_entropy(x, y, label_smoothing=0.1), T(4, 3), I(4))
case("cross_entropy", "smoothing and weight", lambda lib, x, w, y: lib.nn.functional.cross_entropy(x, y, w, label_smoothing=0.1), T(4, 3), T(3, low=0.2, grad=False), I(4))
case("cross_entropy", "bad smoothing", lambda lib, x, y: lib.nn.functional.cross_entropy(x, y, label_smoothing=2.0), T(4, 3), I(4), layouts=("contiguous",))
case("nll_loss", "after log_softmax", lambda lib, x, y: lib.nn.functional.nll_loss(lib.log_softmax(x, 1), y), T(4, 3), I(4))
case("binary_cross_entropy", "mean", lambda lib, x, y: lib.nn.functional.binary_cross_entropy(x, y), T(4, low=0.05, high=0.95), T(4, low=0, high=1))
case("binary_cross_entropy_with_logits", "mean", lambda lib, x, y: lib.nn.functional.binary_cross_entropy_with_logits(x, y), T(4), T(4, low=0, high=1))
case("kl_div", "batchmean", lambda lib, x, y: lib.nn.functional.kl_div(x, y, reduction="batchmean"), T(2, 3), T(2, 3, low=0.1, high=1))
