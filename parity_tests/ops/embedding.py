"""Embeddings, bags of them, one-hot rows, and attention."""

from parity_tests.case import case
from parity_tests.inputs import I, T

FLOATS = ("float64", "float32")
PLAIN = {"layouts": ("contiguous",), "dtypes": FLOATS}

for title, options in {
    "plain": {},
    "padding": {"padding_idx": 1},
    "padding from the end": {"padding_idx": -2},
    "by frequency": {"scale_grad_by_freq": True},
    "bad padding": {"padding_idx": 9},
}.items():
    case("embedding", title, lambda lib, w, i, o=options: lib.nn.functional.embedding(i, w, **o), T(5, 3), I(2, 4), **PLAIN)
case("embedding", "out of range", lambda lib, w: lib.nn.functional.embedding(lib.tensor([5]), w), T(5, 3), **PLAIN)
case("embedding", "max norm", lambda lib, w, i: (lib.nn.functional.embedding(i, w, max_norm=0.5), w), T(5, 3, grad=False),
     I(2, 4), **PLAIN)  # fmt: skip
for mode in ("sum", "mean", "max"):
    bag = {"mode": mode}
    case("embedding_bag", f"{mode} of rows", lambda lib, w, i, o=bag: lib.nn.functional.embedding_bag(i, w, **o), T(5, 3),
         I(2, 4), order=1, **PLAIN)  # fmt: skip
    case("embedding_bag", f"{mode} from offsets", lambda lib, w, i, o=bag: lib.nn.functional.embedding_bag(
        i, w, lib.tensor([0, 0, 3]), padding_idx=1, **o), T(5, 3), I(6), order=1, **PLAIN)  # fmt: skip
case("embedding_bag", "weighted", lambda lib, w, p, i: lib.nn.functional.embedding_bag(
    i, w, per_sample_weights=p, mode="sum"), T(5, 3), T(2, 4), I(2, 4), order=1, **PLAIN)  # fmt: skip
case("one_hot", "inferred", lambda lib, i: lib.nn.functional.one_hot(i), I(2, 3))
case("one_hot", "more classes", lambda lib, i: lib.nn.functional.one_hot(i, 5), I(2, 3))
case("one_hot", "too few", lambda lib, i: lib.nn.functional.one_hot(i + 4, 2), I(2, 3))

Q = T(2, 2, 3, 4)
K = T(2, 2, 5, 4)
for title, options in {"plain": {}, "causal": {"is_causal": True}, "scale": {"scale": 0.3}}.items():
    case("scaled_dot_product_attention", title, lambda lib, q, k, v, o=options:
         lib.nn.functional.scaled_dot_product_attention(q, k, v, **o), Q, K, K, order=1, **PLAIN)  # fmt: skip
case("scaled_dot_product_attention", "mask", lambda lib, q, k, v: lib.nn.functional.scaled_dot_product_attention(
    q, k, v, lib.tensor([[True, False, True, True, False]] * 3)), Q, K, K, order=1, **PLAIN)  # fmt: skip
case("scaled_dot_product_attention", "3-d", lambda lib, q, k, v: lib.nn.functional.scaled_dot_product_attention(q, k, v),
     T(2, 3, 4), T(2, 5, 4), T(2, 5, 2), graph=False, **PLAIN)  # fmt: skip
