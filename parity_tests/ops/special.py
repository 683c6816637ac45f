"""Special functions: over their ranges, at their poles, at inf and nan; two tensors and numbers."""

from parity_tests.case import FLOATS, case
from parity_tests.inputs import T

KINDS = FLOATS + ("int64", "bool")
case("entr", "plain", lambda lib, x: lib.special.entr(x.abs()), T(2, 3), dtypes=KINDS[:-1], kinks="ties special")
case("logit", "plain", lambda lib, x: lib.logit(x.sigmoid()), T(2, 3), dtypes=KINDS)
case("logit", "outside", lambda lib, x: x.logit(), T(2, 3), kinks="special")
case("logit", "eps", lambda lib, x: lib.special.logit(x, eps=0.2), T(5), kinks="ties")
case("logit", "in place", lambda lib, x: x.logit(0.1), T(5), inplace=lambda lib, x: x.logit_(0.1))
for name in ("xlogy", "xlog1py"):
    case(name, "tensors", lambda lib, x, y, f=name: getattr(lib.special, f)(x, y.abs()), T(2, 3), T(3), dtypes=KINDS[:-1],
         kinks="ties special")  # fmt: skip
    case(name, "number first", lambda lib, y, f=name: getattr(lib.special, f)(2, y.abs()), T(3), dtypes=KINDS[:-1])
    case(name, "0 first", lambda lib, y, f=name: getattr(lib.special, f)(0.0, y), T(3), kinks="special")
    case(name, "number last", lambda lib, x, f=name: getattr(lib.special, f)(x, 2.5), T(3), dtypes=KINDS, kinks="ties")
case("xlogy", "in place", lambda lib, x, y: x.xlogy(y), T(3), T(3), inplace=lambda lib, x, y: x.xlogy_(y))
