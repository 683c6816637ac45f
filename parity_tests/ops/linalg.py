"""Matrix products, and their shape errors."""

from parity_tests.case import FLOATS, case
from parity_tests.inputs import T, V

INTS = FLOATS + ("int64",)
case("mm", "matrices", lambda lib, x, y: lib.mm(x, y), T(2, 3), T(3, 4), dtypes=INTS)
case("mm", "method", lambda lib, x, y: x.mm(y), T(2, 3), T(3, 1))
case("mm", "transposed", lambda lib, x, y: x.mm(y.t()), T(2, 3), T(4, 3))
case("mm", "with itself", lambda lib, x: lib.mm(x, x), T(3, 3))
case("mm", "mismatch", lambda lib, x, y: lib.mm(x, y), T(1, 5), T(1, 5))
case("mm", "vector", lambda lib, x, y: lib.mm(x, y), T(2, 3), T(3))
case("mm", "3-d", lambda lib, x, y: lib.mm(x, y), T(2, 2, 3), T(3, 2))
case("mm", "inner 0", lambda lib, x, y: lib.mm(x, y), T(2, 0), T(0, 3))
case("mm", "dtypes", lambda lib, x, y: lib.mm(x, y), T(2, 3), V([[1], [2], [3]], "int64", grad=False))

MATMUL = {
    "matrix matrix": ((2, 3), (3, 4)),
    "vector vector": ((3,), (3,)),
    "matrix vector": ((2, 3), (3,)),
    "vector matrix": ((3,), (3, 2)),
    "batch": ((2, 2, 3), (2, 3, 4)),
    "batch matrix": ((2, 2, 3), (3, 4)),
    "matrix batch": ((2, 3), (2, 3, 4)),
    "batch vector": ((2, 2, 3), (3,)),
    "vector batch": ((3,), (2, 3, 2)),
    "broadcast batch": ((2, 1, 2, 3), (3, 3, 2)),
    "mismatch": ((2, 3), (2, 3)),
    "mismatch vector": ((2, 3), (2,)),
    "mismatch vectors": ((2,), (3,)),
    "mismatch batch": ((2, 2, 3), (3, 3, 2)),
    "0-d": ((), (3,)),
    "inner 0": ((2, 0), (0, 3)),
}
for title, (a, b) in MATMUL.items():
    case("matmul", title, lambda lib, x, y: lib.matmul(x, y), T(*a), T(*b), dtypes=FLOATS if "mism" in title else INTS)
    case(
        "matmul",
        title + ", operator",
        lambda lib, x, y: x @ y,
        T(*a),
        T(*b),
        dtypes=FLOATS[:1],
        layouts=("contiguous",),
    )
case(
    "matmul", "dtypes", lambda lib, x, y: x @ y, T(2, 3), V([[1], [2], [3]], "float32", grad=False), dtypes=("float64",)
)
case("bmm", "batch", lambda lib, x, y: lib.bmm(x, y), T(2, 2, 3), T(2, 3, 4))
case("bmm", "mismatch", lambda lib, x, y: lib.bmm(x, y), T(2, 2, 3), T(2, 2, 3))
case("bmm", "2-d", lambda lib, x, y: lib.bmm(x, y), T(2, 3), T(3, 2))
case("mv", "matrix vector", lambda lib, x, y: lib.mv(x, y), T(2, 3), T(3))
case("mv", "mismatch", lambda lib, x, y: lib.mv(x, y), T(2, 3), T(2))
case("dot", "vectors", lambda lib, x, y: lib.dot(x, y), T(3), T(3))
case("dot", "mismatch", lambda lib, x, y: lib.dot(x, y), T(3), T(4))
case("dot", "matrices", lambda lib, x, y: lib.dot(x, y), T(3, 1), T(3, 1))
case("outer", "vectors", lambda lib, x, y: lib.outer(x, y), T(3), T(2))

case("addmm", "row bias", lambda lib, b, x, y: lib.addmm(b, x, y), T(4), T(2, 3), T(3, 4))
case(
    "addmm",
    "full bias",
    lambda lib, b, x, y: b.addmm(x, y),
    T(2, 4),
    T(2, 3),
    T(3, 4),
    inplace=lambda lib, b, x, y: b.addmm_(x, y),
)
case("addmm", "0-d bias", lambda lib, b, x, y: lib.addmm(b, x, y), T(), T(2, 3), T(3, 4))
case("addmm", "beta and alpha", lambda lib, b, x, y: lib.addmm(b, x, y, beta=0.5, alpha=2), T(2, 4), T(2, 3), T(3, 4))
case("addmm", "mismatch", lambda lib, b, x, y: lib.addmm(b, x, y), T(4), T(2, 3), T(2, 4))
case("addmm", "bad bias", lambda lib, b, x, y: lib.addmm(b, x, y), T(3), T(2, 3), T(3, 4))
case("addmm", "vectors", lambda lib, b, x, y: lib.addmm(b, x, y), T(4), T(3), T(3, 4))

LINEAR = {
    "matrix": (2, 3),
    "vector": (3,),
    "batch": (2, 2, 3),
    "4-d": (2, 1, 2, 3),
    "no rows": (0, 3),
    "mismatch": (2, 4),
    "0-d": (),
}
for title, shape in LINEAR.items():
    case("linear", title, lambda lib, x, w, b: lib.nn.functional.linear(x, w, b), T(*shape), T(4, 3), T(4))
    case("linear", title + ", no bias", lambda lib, x, w: lib.nn.functional.linear(x, w), T(*shape), T(4, 3))
case("linear", "bad bias", lambda lib, x, w, b: lib.nn.functional.linear(x, w, b), T(2, 3), T(4, 3), T(3))
case("linear", "1-d weight", lambda lib, x, w: lib.nn.functional.linear(x, w), T(2, 3), T(3))
case("linear", "relu after", lambda lib, x, w, b: lib.relu(lib.nn.functional.linear(x, w, b)), T(2, 3), T(4, 3), T(4))
case(
    "linear",
    "dtypes",
    lambda lib, x, w: lib.nn.functional.linear(x, w),
    T(2, 3),
    V([[1.0, 2.0, 3.0]], "float32"),
    dtypes=("float64",),
)
