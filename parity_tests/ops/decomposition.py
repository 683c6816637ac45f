"""torch.linalg: factorizations, solutions, norms; singular and misshapen matrices.

float32 is compared where the result is well conditioned; the second order of its decompositions is left to float64.
"""

from parity_tests.case import case
from parity_tests.inputs import T, V

LAPACK = ("float64",)
PLAIN = {"dtypes": LAPACK, "layouts": ("contiguous", "transposed", "strided")}


def square(lib, x):
    """A well-conditioned matrix"""
    return x + 4 * lib.eye(x.shape[-1], dtype=x.dtype)


def definite(lib, x):
    """A symmetric positive-definite matrix"""
    return x @ x.transpose(-2, -1) + lib.eye(x.shape[-1], dtype=x.dtype)


ONE = {  # name -> program of one square matrix
    "inv": lambda lib, x: lib.linalg.inv(square(lib, x)),
    "inv_ex": lambda lib, x: lib.linalg.inv_ex(square(lib, x)),
    "det": lambda lib, x: lib.linalg.det(x),
    "slogdet": lambda lib, x: lib.linalg.slogdet(square(lib, x)),
    "logdet": lambda lib, x: lib.logdet(square(lib, x)),
    "pinv": lambda lib, x: lib.linalg.pinv(x),
    "cholesky": lambda lib, x: lib.linalg.cholesky(definite(lib, x)),
    "cholesky upper": lambda lib, x: lib.linalg.cholesky(definite(lib, x), upper=True),
    "torch.cholesky": lambda lib, x: lib.cholesky(definite(lib, x)),
    "cholesky_ex": lambda lib, x: lib.linalg.cholesky_ex(definite(lib, x)),
    "cholesky_inverse": lambda lib, x: lib.cholesky_inverse(square(lib, x)),
    "lu": lambda lib, x: lib.linalg.lu(x),
    "lu_factor": lambda lib, x: lib.linalg.lu_factor(x),
    "lu_unpack": lambda lib, x: lib.lu_unpack(*lib.linalg.lu_factor(x)),
    "qr": lambda lib, x: lib.linalg.qr(square(lib, x)),
    "svdvals": lambda lib, x: lib.linalg.svdvals(x),
    "svd, projector": lambda lib, x: (lambda u, s, vh: u[:, :1] @ vh[:1])(*lib.linalg.svd(x)),
    "eigvalsh": lambda lib, x: lib.linalg.eigvalsh(x),
    "eigh, projector": lambda lib, x: (lambda w, v: v[:, :1] @ v[:, :1].t())(*lib.linalg.eigh(x + x.t())),
    "matrix_exp": lambda lib, x: lib.linalg.matrix_exp(x),
    "matrix_power 3": lambda lib, x: lib.linalg.matrix_power(x, 3),
    "matrix_power -2": lambda lib, x: lib.linalg.matrix_power(square(lib, x), -2),
    "matrix_norm": lambda lib, x: lib.linalg.matrix_norm(x),
    "matrix_norm nuc": lambda lib, x: lib.linalg.matrix_norm(x, "nuc"),
    "matrix_norm 2": lambda lib, x: lib.linalg.matrix_norm(x, 2),
    "matrix_norm 1": lambda lib, x: lib.linalg.matrix_norm(x, 1),
    "matrix_norm -inf": lambda lib, x: lib.linalg.matrix_norm(x, -float("inf")),
    "matrix_norm order 3": lambda lib, x: lib.linalg.matrix_norm(x, 3),
    "norm": lambda lib, x: lib.linalg.norm(x),
    "norm dim": lambda lib, x: lib.linalg.norm(x, 3, dim=0),
    "torch.norm nuc": lambda lib, x: lib.norm(x, "nuc"),
    "torch.norm 0": lambda lib, x: lib.norm(x, 0),
    "cond": lambda lib, x: lib.linalg.cond(square(lib, x)),
    "matrix_rank": lambda lib, x: lib.linalg.matrix_rank(x),
}
for title, program in ONE.items():
    case(title.split()[0].removeprefix("torch.").rstrip(","), f"linalg: {title}", program, T(3, 3), **PLAIN)
    case(title.split()[0].removeprefix("torch.").rstrip(","), f"linalg: {title}, not square", program, T(3, 2),
         dtypes=LAPACK, layouts=("contiguous",), graph=False)  # fmt: skip

TWO = {
    "solve": lambda lib, x, b: lib.linalg.solve(square(lib, x), b),
    "solve right": lambda lib, x, b: lib.linalg.solve(square(lib, x), b.t(), left=False),
    "solve vector": lambda lib, x, b: lib.linalg.solve(square(lib, x), b[:, 0]),
    "solve_triangular": lambda lib, x, b: lib.linalg.solve_triangular(square(lib, x), b, upper=True),
    "solve_triangular unit": lambda lib, x, b: lib.linalg.solve_triangular(x, b, upper=False, unitriangular=True),
    "triangular_solve": lambda lib, x, b: lib.triangular_solve(b, square(lib, x), transpose=True),
    "cholesky_solve": lambda lib, x, b: lib.cholesky_solve(b, square(lib, x)),
    "lu_solve": lambda lib, x, b: lib.linalg.lu_solve(*lib.linalg.lu_factor(square(lib, x)), b),
    "lstsq": lambda lib, x, b: lib.linalg.lstsq(square(lib, x)[:, :2], b),
}
for title, program in TWO.items():
    strides = title not in ("solve right", "lstsq")  # theirs depend on how the operands happen to lie in memory
    case(title.split()[0], f"linalg: {title}", program, T(3, 3), T(3, 2), strides=strides, **PLAIN)
    case(title.split()[0], f"linalg: {title}, mismatch", program, T(3, 3), T(2, 2), dtypes=LAPACK, layouts=("contiguous",))

ONES, NEGATIVE = V([[1.0, 1.0], [1.0, 1.0]]), V([[[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, -1.0]]])
case("inv", "singular", lambda lib, x: lib.linalg.inv(x), ONES, dtypes=LAPACK)
case("inv", "float16", lambda lib, x: lib.linalg.inv(x), T(2, 2, dtype="float16"), dtypes=LAPACK)
case("inv", "integers", lambda lib, x: lib.linalg.inv(x), T(2, 2, dtype="int64"), dtypes=LAPACK)
case("solve", "singular", lambda lib, x: lib.linalg.solve(x, x), ONES, dtypes=LAPACK)
case("cholesky", "not positive", lambda lib, x: lib.linalg.cholesky(x), NEGATIVE, dtypes=LAPACK)
case("lu_factor", "singular", lambda lib, x: lib.linalg.lu_factor(x), ONES, dtypes=LAPACK)
case("det", "singular", lambda lib, x: lib.linalg.det(x), ONES, dtypes=LAPACK, order=1)
case("eigh", "UPLO", lambda lib, x: lib.linalg.eigh(x, "X"), T(2, 2), dtypes=LAPACK)
case("qr", "mode", lambda lib, x: lib.linalg.qr(x, "X"), T(2, 2), dtypes=LAPACK)
case("tensorinv", "ind 1", lambda lib, x: lib.linalg.tensorinv(x, 1), T(4, 2, 2), **PLAIN)
case("tensorsolve", "matrix", lambda lib, x, b: lib.linalg.tensorsolve(x, b), T(2, 3, 6), T(2, 3), **PLAIN)
INDEFINITE = V([[0.0, 1.0, 2.0], [1.0, 0.0, 3.0], [2.0, 3.0, 0.0]])
PIVOTS = {"dtypes": LAPACK, "order": 0, "layouts": ("contiguous", "transposed", "strided")}
case("ldl_factor", "symmetric", lambda lib, x: lib.linalg.ldl_factor(x + x.t()), T(4, 4), **PIVOTS)
case("ldl_factor", "zeros on the diagonal", lambda lib, x: lib.linalg.ldl_factor(x), INDEFINITE, **PIVOTS)
case("ldl_factor", "a batch that pivots differently", lambda lib, x: lib.linalg.ldl_factor(lib.stack([
    x + x.t(), x.new_tensor([[0.0, 1, 2], [1, 0, 3], [2, 3, 0]]), lib.eye(3, dtype=x.dtype)])), T(3, 3), **PIVOTS)  # fmt: skip
case("ldl_factor", "singular", lambda lib, x: lib.linalg.ldl_factor_ex(x * 0), T(3, 3), **PIVOTS)
case("ldl_factor", "not square", lambda lib, x: lib.linalg.ldl_factor(x), T(3, 2), **PIVOTS)
case("ldl_solve", "symmetric", lambda lib, x, b: lib.linalg.ldl_solve(*lib.linalg.ldl_factor(x + x.t()), b), T(4, 4), T(4, 2),
     **PIVOTS)  # fmt: skip
case("ldl_solve", "zeros on the diagonal", lambda lib, x, b: lib.linalg.ldl_solve(*lib.linalg.ldl_factor(x), b), INDEFINITE,
     T(3, 2), **PIVOTS)  # fmt: skip
