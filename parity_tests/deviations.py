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
    Deviation("opinfo/bfloat16", "NumPy has no bfloat16"),
    Deviation("opinfo/addbmm", "torch's addbmm_ resizes its first operand without a word", check="variant"),
    Deviation("opinfo/__radd__", "torch's operators are methods of a C class, which their errors name", check="error"),
    Deviation("opinfo/__rmul__", "torch's operators are methods of a C class, which their errors name", check="error"),
    Deviation("opinfo/__rsub__", "torch lets a number stand for self in Tensor.__rsub__ alone", check="error"),
    Deviation("opinfo/special.bessel_j0", "torch is up to 4e-7 off the true value, as near 5.01; here it is exact "
              "to 5e-16", check="value"),
    Deviation("opinfo/gather", "not mended yet: out= of another dtype, or over the index's memory", check="error"),
    Deviation("opinfo/cat", "not mended yet: out= of no elements over an input's memory", check="error"),
    Deviation("opinfo/amax", "NumPy says in its own words that arrays have at most 64 dimensions", check="error"),
    Deviation("opinfo/amin", "NumPy says in its own words that arrays have at most 64 dimensions", check="error"),
    Deviation("opinfo/aminmax", "NumPy says in its own words that arrays have at most 64 dimensions", check="error"),
    Deviation("opinfo/linalg.eig", "the eigenvectors of a matrix that is not symmetric are complex: values only"),
    Deviation("opinfo/linalg.eigvals", "the eigenvalues of a matrix that is not symmetric are complex: values only"),
]
DEVIATIONS += [Deviation(*entry) for entry in op_deviations.entries()]

# Why an op's values are not torch's to the bit, or its first gradients more than 4 ulp away, on a backend that computes
# with torch's own kernels: printed by `python -m parity_tests --backend torch --dtype float32`.
BIAS = "oneDNN adds up the bias's gradient together with the weight's, in an order of its own"
RUNNING = "the running variance is taken from 1 / sqrt(variance + eps), which is what the op gives"
ROUNDINGS = {"torch": {
    "conv2d": BIAS, "conv_transpose1d": BIAS, "conv_transpose2d": BIAS, "batch_norm": RUNNING, "instance_norm": RUNNING,
    "steps": "window functions: the cosines are computed of other roundings of the angles",
    "embedding": "max_norm: the length of a row is added up in another order",
    "renorm": "the gradient of the lengths is composed in another order",
    "embedding_bag": "torch's kernel multiplies by the weight and adds in one rounding",
    "kl_div": "three gradients of the target cancel, and their sum rounds in another order",
    "cumprod": "with dtype=: torch rounds to the input's dtype before it divides",
}}


def strict(entry, backend):
    """Whether an entry that a check no longer needs fails the run."""
    return (backend or "numpy") == "numpy" or entry.backend != "*"

DEVIATIONS += [  # what float64's precision shows (checkers.in_full_precision)
    *(Deviation(case, "torch's backward pass multiplies by 1 / 6 rounded to float32", "float64", "gradient")
      for case in ("hardsigmoid/*", "opinfo/nn.functional.hardsigmoid")),
    *(Deviation("celu/alpha", "torch's backward pass divides by alpha rounded to float32", "float64", check)
      for check in ("gradient", "second")),
    Deviation("opinfo/special.bessel_j1", "torch is up to 5e-7 off the true value, as near -5.005; here it is exact to "
              "4e-16", "float64", "value"),
]  # fmt: skip


def deviation(case, dtype, check, backend=None):
    """The entry that covers a check, or None."""
    asked = (case, dtype, check, backend or "numpy")
    for entry in DEVIATIONS:
        if all(map(fnmatchcase, asked, (entry.case, entry.dtype, entry.check, entry.backend))):
            return entry
    return None
