"""The known differences from torch, each with its reason. Strict: an entry whose check passes fails the run.

An entry that names no backend is found with NumPy, and is strict there: another backend may do better.  `case`, `dtype`
and `check` are shell patterns, matched against "op/name", the dtype and the checker's name.
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from parity_tests import op_deviations


@dataclass(frozen=True)
class Deviation:
    case: str
    reason: str
    dtype: str = "*"
    check: str = "*"
    backend: str = "*"


DEVIATIONS = [
    Deviation("error/modules: sequential of a function", "torch's functions are methods of a C class, which it names"),
    # ---- torch's OpInfo ----
    Deviation("asking/is_set_to", "memory of no elements has no address in torch, so that all such memory seems one",
              backend="torch"),
    Deviation("opinfo/bfloat16", "NumPy has no bfloat16"),
    Deviation("opinfo/addbmm", "torch's addbmm_ resizes its first operand without a word", check="variant"),
    Deviation("opinfo/__radd__", "torch's operators are methods of a C class, which their errors name", check="error"),
    Deviation("opinfo/__rmul__", "torch's operators are methods of a C class, which their errors name", check="error"),
    Deviation("opinfo/__rsub__", "torch lets a number stand for self in Tensor.__rsub__ alone", check="error"),
    *(Deviation(f"opinfo/special.bessel_{name}", "torch is up to 5e-7 off the true value, as near 5.01; here it is exact to "
                "5e-16: j1 y0 - j0 y1 is 2 / (pi x) to 1e-16, in torch to 1e-8", "float64", check)
      for name in ("j0", "j1", "y0", "y1") for check in ("value", "out")),
    Deviation("opinfo/cov", "in float32, terms of size 20 cancel in the gradient of the weights; which rounding is left over "
              "depends on the order of the sums", "float32", "gradient"),
    Deviation("opinfo/logcumsumexp", "in float32, torch and minigrad take the exponentials of the positive and of the negative "
              "gradients apart and subtract them: what is left of 1e4 is rounding, in torch too", "float32", "gradient"),
    *(Deviation("opinfo/mode", "which of several equal elements torch points at is up to its std::sort, which does not keep "
                "the order of more than 16", dtype, check)
      for dtype, check in (("int64", "value"), ("bool", "value"))),
    Deviation("opinfo/amax", "NumPy says in its own words that arrays have at most 64 dimensions", check="error"),
    Deviation("opinfo/amin", "NumPy says in its own words that arrays have at most 64 dimensions", check="error"),
    Deviation("opinfo/aminmax", "NumPy says in its own words that arrays have at most 64 dimensions", check="error"),
    Deviation("opinfo/native_layer_norm", "torch stops with an error where the gradients of input and bias of a layer "
              "without weight are differentiated together", check="second"),
    Deviation("opinfo/nn.functional.linear_cross_entropy.chunked*", "options=, which has torch compute the loss in chunks "
              "of the batch to save memory, is not built", check="[!e]*"),
    Deviation("opinfo/grid_sampler_3d", "sums that cancel, added in another order; float64, which could tell whose is "
              "nearer, puts some points in another cell of the grid", dtype="float32", check="gradient"),
    Deviation("opinfo/kthvalue", "which of equal values counts as the k-th is left open; torch's quickselect swaps them about",
              dtype="int64", check="value"),
    Deviation("opinfo/topk", "the order of equal values is left open; torch's nth_element and partial_sort swap them about",
              dtype="int64", check="value"),
    Deviation("opinfo/sort", "the order of equal values is left open; torch sorts long rows of bools unstably", dtype="bool",
              check="value"),
    Deviation("opinfo/argsort", "the order of equal values is left open; torch sorts long rows of bools unstably",
              dtype="bool", check="value"),
    Deviation("opinfo/matrix_exp", "at the first sample torch's float32 lies three times nearer to the truth than ours; over "
              "random matrices of norm 1 to 100 the ratio of the two errors is 0.7 to 1.2", dtype="float32", check="value"),
    Deviation("opinfo/linalg.eig", "the eigenvectors of a matrix that is not symmetric are complex: values only"),
    Deviation("opinfo/linalg.eigvals", "the eigenvalues of a matrix that is not symmetric are complex: values only",
              check="[vgs]*"),
]
DEVIATIONS += [  # what float64's precision shows (checkers.in_full_precision)
    *(Deviation(case, "torch's backward pass multiplies by 1 / 6 rounded to float32", "float64", "gradient")
      for case in ("hardsigmoid/*", "opinfo/nn.functional.hardsigmoid")),
    *(Deviation("celu/alpha", "torch's backward pass divides by alpha rounded to float32", "float64", check)
      for check in ("gradient", "second")),
]  # fmt: skip
DEVIATIONS += [Deviation(*entry) for entry in op_deviations.entries()]

# Why an op's values are not torch's to the bit, or its first gradients more than 4 ulp away, on a backend that computes
# with torch's own kernels: printed by `python -m parity_tests --backend torch --dtype float32`.
BIAS = "oneDNN adds up the bias's gradient together with the weight's, in an order of its own"
RUNNING = "the running variance is taken from 1 / sqrt(variance + eps), which is what the op gives"
ROUNDINGS = {"torch": {
    **dict.fromkeys(["nn.functional.conv2d", "nn.functional.conv_transpose1d", "nn.functional.conv_transpose2d"], BIAS),
    **dict.fromkeys(["nn.functional.batch_norm", "nn.functional.instance_norm"], RUNNING),
    "gradient": "at uneven points: the products, and the gradients of the overlapping slices, are ordered otherwise",
    "steps": "window functions: the cosines are computed of other roundings of the angles",
    "nn.functional.embedding": "max_norm: the length of a row is added up in another order",
    "renorm": "the gradient of the lengths is composed in another order",
    "nn.functional.embedding_bag": "torch's kernel multiplies by the weight and adds in one rounding",
    "nn.functional.kl_div": "three gradients of the target cancel, and their sum rounds in another order",
    "nn.functional.bilinear": "a gradient's products are added up in another order",
    "cumprod": "with dtype=: torch rounds to the input's dtype before it divides",
}}


def strict(entry, backend):
    """Whether an entry that a check no longer needs fails the run."""
    return (backend or "numpy") == "numpy" or entry.backend != "*"


def deviation(case, dtype, check, backend=None):
    """The entry that covers a check, or None."""
    asked = (case, dtype, check, backend or "numpy")
    for entry in DEVIATIONS:
        if all(map(fnmatchcase, asked, (entry.case, entry.dtype, entry.check, entry.backend))):
            return entry
    return None
