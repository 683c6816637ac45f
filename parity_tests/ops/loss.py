"""Losses: reductions, weights, class targets and probabilities, and their errors."""

from parity_tests.case import case
from parity_tests.inputs import LAYOUTS, I, T, V

REDUCTIONS = ("mean", "sum", "none", "average")
SEPARATE = tuple(x for x in LAYOUTS if x != "twice")
ONCE = ("contiguous",)


def loss(op, name, *specs, options=None, layouts=SEPARATE, kinks=""):
    """A case of nn.functional's loss of that name."""
    options = options or {}

    def program(lib, *tensors):
        return getattr(lib.nn.functional, op)(*tensors, **options)

    case(op, name, program, *specs, layouts=layouts, kinks=kinks)


def weighted(op, name, *specs, options=None, layouts=SEPARATE):
    """The same with the second tensor as the classes' weights."""
    options = options or {}

    def program(lib, x, w, y):
        return getattr(lib.nn.functional, op)(x, y, weight=w, **options)

    case(op, name, program, *specs, layouts=layouts)


def criterion(op, module, *specs):
    """The module form."""
    case(op, "criterion", lambda lib, x, y: getattr(lib.nn, module)()(x, y), *specs)


def classes(*values, dtype="int64"):
    return V(values, dtype, grad=False)


REGRESSION = {"mse_loss": "MSELoss", "l1_loss": "L1Loss", "smooth_l1_loss": "SmoothL1Loss", "huber_loss": "HuberLoss"}
for op, module in REGRESSION.items():
    for reduction in REDUCTIONS:
        loss(op, reduction, T(2, 3), T(2, 3), options={"reduction": reduction}, layouts=LAYOUTS, kinks="special ties")
    loss(op, "broadcast", T(2, 3), T(3))
    loss(op, "mismatch", T(2, 3), T(4))
    loss(op, "float32 target", T(2), V([0.5, 1.0], "float32"))
    loss(op, "integer target", T(2), classes(0, 1))
    criterion(op, module, T(2, 3), T(2, 3))

SHAPES = {
    "matrix": ((4, 3), (4,)),
    "vector": ((3,), ()),
    "images": ((2, 3, 2, 2), (2, 2, 2)),
    "sequence": ((2, 3, 4), (2, 4)),
    "mismatched batch": ((4, 3), (3,)),
    "no rows": ((0, 3), (0,)),
    "target too deep": ((4, 3), (4, 1)),
}
for op, module in {"cross_entropy": "CrossEntropyLoss", "nll_loss": "NLLLoss"}.items():
    for title, (x, y) in SHAPES.items():
        for reduction in REDUCTIONS if title == "matrix" else ("mean", "none"):
            loss(op, f"{title}, {reduction}", T(*x), I(*y), options={"reduction": reduction})
    for reduction in REDUCTIONS[:3]:
        options = {"reduction": reduction}
        weighted(op, f"weight, {reduction}", T(4, 3), T(3, low=0.2, grad=False), I(4), options=options)
        loss(op, f"ignore_index, {reduction}", T(4, 3), classes(0, 1, 2, 1), options=options | {"ignore_index": 1})
    loss(op, "all ignored", T(2, 3), classes(-100, -100))
    loss(op, "class out of range", T(2, 3), classes(0, 3), layouts=ONCE)
    loss(op, "negative class", T(2, 3), classes(0, -1), layouts=ONCE)
    loss(op, "int32 target", T(2, 3), classes(0, 1, dtype="int32"), layouts=ONCE)
    loss(op, "float target", T(2, 3), classes(0.0, 1.0, dtype="float32"), layouts=ONCE)
    criterion(op, module, T(4, 3), I(4))

loss("cross_entropy", "probabilities", T(4, 3), T(4, 3, low=0, high=1), layouts=LAYOUTS)
loss("cross_entropy", "smoothing", T(4, 3), I(4), options={"label_smoothing": 0.1})
loss("cross_entropy", "bad smoothing", T(4, 3), I(4), options={"label_smoothing": 2.0}, layouts=ONCE)
smoothed = {"label_smoothing": 0.1}
weighted("cross_entropy", "smoothing and weight", T(4, 3), T(3, low=0.2, grad=False), I(4), options=smoothed)
case("nll_loss", "of logits", lambda lib, x, y: lib.nn.functional.nll_loss(lib.log_softmax(x, 1), y), T(4, 3), I(4))
loss("binary_cross_entropy", "mean", T(4, low=0.05, high=0.95), T(4, low=0, high=1))
loss("binary_cross_entropy_with_logits", "mean", T(4), T(4, low=0, high=1))
loss("kl_div", "batchmean", T(2, 3), T(2, 3, low=0.1, high=1), options={"reduction": "batchmean"})
