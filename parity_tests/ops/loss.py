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

P, SIGNS = T(4, low=0.05, high=0.95), V([1.0, -1.0, 1.0, -1.0], grad=False)
for reduction in REDUCTIONS[:3]:
    options = {"reduction": reduction}
    loss("binary_cross_entropy", f"of {reduction}", P, P, options=options)
    loss("binary_cross_entropy_with_logits", f"of {reduction}", T(4), P, options=options)
    loss("kl_div", f"of {reduction}", T(2, 3), T(2, 3, low=0.1, high=1), options=options)
    loss("poisson_nll_loss", f"of {reduction}", T(4), T(4, low=0.5, high=3), options=options | {"full": True})
    loss("gaussian_nll_loss", f"of {reduction}", T(4), T(4), T(4, low=0.2, high=2), options=options)
    loss("hinge_embedding_loss", f"of {reduction}", T(4), SIGNS, options=options)
    loss("soft_margin_loss", f"of {reduction}", T(4), SIGNS, options=options)
    loss("margin_ranking_loss", f"of {reduction}", T(4), T(4), SIGNS, options=options)
    loss("multi_margin_loss", f"of {reduction}", T(4, 3), I(4), options=options)
    labels = V([[0, 2, -1], [1, -1, 0]], "int64", grad=False)
    loss("multilabel_margin_loss", f"of {reduction}", T(2, 3), labels, options=options, layouts=ONCE)
    loss("multilabel_soft_margin_loss", f"of {reduction}", T(2, 3), T(2, 3, low=0, high=1), options=options)
    loss("triplet_margin_loss", f"of {reduction}", T(4, 3), T(4, 3), T(4, 3), options=options | {"swap": True})
    loss("cosine_embedding_loss", f"of {reduction}", T(4, 3), T(4, 3), SIGNS, options=options)
loss("smooth_l1_loss", "beta", T(4), T(4), options={"beta": 0.3})
loss("smooth_l1_loss", "beta 0", T(4), T(4), options={"beta": 0.0})
loss("huber_loss", "delta", T(4), T(4), options={"delta": 0.3})
loss("huber_loss", "bad delta", T(4), T(4), options={"delta": 0.0}, layouts=ONCE)
loss("binary_cross_entropy", "size mismatch", P, T(3, low=0, high=1), layouts=ONCE)
loss("binary_cross_entropy", "out of range", T(4, low=2, high=3), P, layouts=ONCE)
for metric in ("cosine_similarity", "pairwise_distance"):
    case(metric, "rows", lambda lib, x, y, f=metric: getattr(lib.nn.functional, f)(x, y), T(4, 3), T(4, 3), layouts=SEPARATE)
for p in (0.5, 1.0, 2.0, 3.0, float("inf")):
    case("pdist", f"p {p}", lambda lib, x, p=p: lib.nn.functional.pdist(x, p), T(4, 3), layouts=ONCE, order=1)
for reduction in REDUCTIONS[:3]:
    case("ctc_loss", reduction, lambda lib, x, r=reduction: lib.nn.functional.ctc_loss(
        x.log_softmax(2), lib.tensor([[1, 2], [1, 1]]), (5, 4), (2, 2), reduction=r), T(5, 2, 3), order=1)  # fmt: skip
for kind in ("float16", "float32", "float64", "int64", "bool"):
    for op in REGRESSION:
        case(op, f"target of {kind}", lambda lib, x, y, op=op: getattr(lib.nn.functional, op)(x, y), T(2, 3),
             V([[0, 1, 1], [1, 0, 1]], kind, grad=False), layouts=ONCE, dtypes=("float64", "float16", "int64"))  # fmt: skip
for kind in ("float16", "float32", "float64", "int64", "bool"):
    for op in ("binary_cross_entropy_with_logits", "soft_margin_loss", "hinge_embedding_loss"):
        for reduction in ("mean", "none"):
            exact = () if kind == "float16" else ("float64",)  # torch rounds to the coarser dtype on its way
            case(op, f"{kind} target, {reduction}", lambda lib, x, y, op=op, r=reduction: getattr(lib.nn.functional, op)(
                x, y, reduction=r), T(2, 3), V([[0, 1, 1], [1, 0, 1]], kind, grad=False), layouts=ONCE,
                dtypes=(*exact, "int64", "bool"), order=1)  # fmt: skip
