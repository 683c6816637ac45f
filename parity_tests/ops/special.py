"""Special functions: over their ranges, at their poles, at inf and nan; two tensors and numbers."""

from parity_tests.case import FLOATS, case
from parity_tests.inputs import T, V

INF, NAN = float("inf"), float("nan")
KINDS = FLOATS + ("int64", "bool")
case("entr", "plain", lambda lib, x: lib.special.entr(x.abs()), T(2, 3), dtypes=KINDS[:-1], kinks="ties special")
case("logit", "plain", lambda lib, x: lib.logit(x.sigmoid()), T(2, 3), dtypes=KINDS)
case("logit", "outside", lambda lib, x: x.logit(), V([-0.5, 0.0, 1.0, 1.5, INF, -INF, NAN]))  # -0.0 as the CPU has it
case("logit", "eps", lambda lib, x: lib.special.logit(x, eps=0.2), T(5), kinks="ties")
case("logit", "in place", lambda lib, x: x.logit(0.1), T(5), inplace=lambda lib, x: x.logit_(0.1))
for name in ("xlogy", "xlog1py"):
    case(name, "tensors", lambda lib, x, y, f=name: getattr(lib.special, f)(x, y.abs()), T(2, 3), T(3), dtypes=KINDS[:-1],
         kinks="ties special")  # fmt: skip
    case(name, "number first", lambda lib, y, f=name: getattr(lib.special, f)(2, y.abs()), T(3), dtypes=KINDS[:-1])
    case(name, "0 first", lambda lib, y, f=name: getattr(lib.special, f)(0.0, y), T(3), kinks="special")
    case(name, "number last", lambda lib, x, f=name: getattr(lib.special, f)(x, 2.5), T(3), dtypes=KINDS, kinks="ties")
case("xlogy", "in place", lambda lib, x, y: x.xlogy(y), T(3), T(3), inplace=lambda lib, x, y: x.xlogy_(y))
PLAIN = ("digamma", "gammaln", "i0", "i0e", "i1", "i1e", "ndtr", "log_ndtr", "erfcx", "ndtri")
for name in PLAIN:
    kinds = ("float64", "float32", "int64", "bool")[:: 1 + (name == "gammaln")]
    case(name, "plain", lambda lib, x, f=name: getattr(lib.special, f)(x), T(2, 5), dtypes=kinds,
         kinks="special" * (name != "log_ndtr"))  # fmt: skip
    case(name, "wide", lambda lib, x, f=name: getattr(lib.special, f)(x * 9), T(20), dtypes=("float64",))
case("ndtri", "inside", lambda lib, x: lib.special.ndtri(x.sigmoid()), T(9), dtypes=FLOATS[:2])
for name in ("lgamma", "digamma", "i0"):
    case(name, "in place", lambda lib, x, f=name: getattr(x, f)(), T(5), dtypes=("float64",),
         inplace=lambda lib, x, f=name: getattr(x, f + "_")())  # fmt: skip
for n in (0, 1, 2, 4, -1):
    case("polygamma", f"n {n}", lambda lib, x, n=n: lib.polygamma(n, x), T(2, 5), dtypes=("float64",), kinks="special")
case("polygamma", "method", lambda lib, x: x.polygamma(1), T(5), dtypes=FLOATS[:2])
case("mvlgamma", "p 3", lambda lib, x: lib.mvlgamma(x.abs() + 2, 3), T(2, 3), dtypes=FLOATS[:2])
case("mvlgamma", "p 0", lambda lib, x: x.mvlgamma(0), T(3))
case("zeta", "tensors", lambda lib, x, y: lib.special.zeta(x.detach().abs() + 1.5, y.abs() + 0.1), T(2, 3), T(3),
     dtypes=FLOATS[:2])  # fmt: skip
case("zeta", "numbers", lambda lib, y: lib.special.zeta(2, y), T(3), dtypes=FLOATS[:2])
case("zeta", "derivative by the first", lambda lib, x: lib.special.zeta(x.abs() + 2, 1.5), T(3), dtypes=("float64",))
for name in ("igamma", "igammac"):
    case(name, "second", lambda lib, a, x, f=name: getattr(lib, f)(a.detach().abs(), x.abs() * 3), T(2, 5), T(5),
         dtypes=FLOATS[:2])  # fmt: skip
    case(name, "derivative by the first", lambda lib, a, x, f=name: getattr(lib, f)(a.abs(), x.abs()), T(3), T(3),
         dtypes=("float64",))  # fmt: skip
for name in ("bessel_j0", "bessel_j1"):  # torch's own are off by up to 5e-7 between 5 and 7
    case(name, "plain", lambda lib, x, f=name: getattr(lib.special, f)(x), T(2, 5), dtypes=("float64",))
    case(name, "far", lambda lib, x, f=name: getattr(lib.special, f)(x.abs() + 30), T(9), dtypes=("float64",))
for name in ("modified_bessel_i0", "modified_bessel_i1", "modified_bessel_k0", "modified_bessel_k1", "spherical_bessel_j0",
             "scaled_modified_bessel_k0", "scaled_modified_bessel_k1", "bessel_y0", "bessel_y1", "airy_ai"):  # fmt: skip
    case(name, "plain", lambda lib, x, f=name: getattr(lib.special, f)(x), T(2, 5), dtypes=KINDS, order=0,
         kinks="special" * (name != "airy_ai"))  # torch's is off by up to 4e-7 below -2  # fmt: skip
    case(name, "far", lambda lib, x, f=name: getattr(lib.special, f)(x.abs() * 9 + 26), T(9), dtypes=("float64",), order=0)
for name in ("modified_bessel_i0", "modified_bessel_i1", "modified_bessel_k0", "modified_bessel_k1", "spherical_bessel_j0"):
    case(name, "wide", lambda lib, x, f=name: getattr(lib.special, f)(x * 5), T(30), dtypes=FLOATS[:2], order=0)
POLYNOMIALS = ("hermite_polynomial_h", "hermite_polynomial_he", "laguerre_polynomial_l", "legendre_polynomial_p",
               *(shift + "chebyshev_polynomial_" + kind for shift in ("", "shifted_") for kind in "tuvw"))  # fmt: skip
ZEROS = {"float32": (3e-4, 1e-5, "near a zero one rounding of the angle is a hundred of the value, in torch as here")}
for name in POLYNOMIALS:
    case(name, "degrees", lambda lib, x, n, f=name: getattr(lib.special, f)(x, n), T(3, 1),
         V([-1.0, 0.0, 1.0, 2.7, 6.0, 8.0]), dtypes=("float64",), order=0)  # fmt: skip
    case(name, "inside", lambda lib, x, f=name: getattr(lib.special, f)(x.tanh(), 9), T(20), order=0, tolerance=ZEROS,
         dtypes=FLOATS[: 1 + ("chebyshev" in name)])  # fmt: skip
    case(name, "of a number", lambda lib, n, f=name: getattr(lib.special, f)(0.5, n), T(5), dtypes=KINDS, order=0)
