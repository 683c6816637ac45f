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

PRODUCTS = {
    "addmv": (lambda lib, b, x, y: lib.addmv(b, x, y, beta=0.5, alpha=2), (2,), (2, 3), (3,)),
    "addr": (lambda lib, b, x, y: lib.addr(b, x, y, beta=0.5, alpha=2), (2, 3), (2,), (3,)),
    "addbmm": (lambda lib, b, x, y: lib.addbmm(b, x, y), (2, 4), (5, 2, 3), (5, 3, 4)),
    "baddbmm": (lambda lib, b, x, y: lib.baddbmm(b, x, y, alpha=2), (4,), (5, 2, 3), (5, 3, 4)),
    "inner": (lambda lib, x, y: lib.inner(x, y), (2, 3), (4, 3)),
    "vdot": (lambda lib, x, y: lib.vdot(x, y), (3,), (3,)),
    "kron": (lambda lib, x, y: lib.kron(x, y), (2, 3), (2, 2)),
    "tensordot": (lambda lib, x, y: lib.tensordot(x, y, dims=([1, 2], [1, 0])), (2, 3, 4), (4, 3, 5)),
    "multi_dot": (lambda lib, x, y, z: lib.linalg.multi_dot([x, y, z]), (2, 3), (3, 4), (4, 2)),
    "cross": (lambda lib, x, y: lib.linalg.cross(x, y), (2, 3), (1, 3)),
    "vecdot": (lambda lib, x, y: lib.linalg.vecdot(x, y), (2, 3), (2, 3)),
    "cov": (lambda lib, x: lib.cov(x), (3, 4)),
    "corrcoef": (lambda lib, x: lib.corrcoef(x), (3, 4)),
}
for title, (program, *shapes) in PRODUCTS.items():
    strides = title not in ("addr", "kron")  # theirs keep the operands' order in memory
    case(title, "plain", program, *(T(*s) for s in shapes), dtypes=("float64",), layouts=("contiguous", "transposed"),
         strides=strides)  # fmt: skip
    case(title, "mismatch", program, *(T(*s, 2) for s in shapes), dtypes=("float64",), layouts=("contiguous",))

EINSUM = {
    "ij,jk->ik": ((2, 3), (3, 4)),
    "bij,bjk": ((2, 3, 4), (2, 4, 3)),
    "ii->i": ((3, 3),),
    "i,j": ((2,), (3,)),
    "...ij,...jk->...ik": ((2, 3, 4), (4, 3)),
    "bn,anm,bm->ba": ((2, 3), (4, 3, 5), (2, 5)),
    "ij->ji": ((2, 3),),
    "ij,jk->il": ((2, 3), (3, 4)),
    "i.->i": ((2, 3),),
    "ij,jk": ((2, 3), (2, 3)),
}
for title, shapes in EINSUM.items():
    case("einsum", title, lambda lib, *x, equation=title: lib.einsum(equation, *x), *(T(*s) for s in shapes),
         dtypes=("float64",), layouts=("contiguous", "transposed"))  # fmt: skip
case("einsum", "lists", lambda lib, x, y: lib.einsum(x, [0, 1], y, [1, 2], [0, 2]), T(2, 3), T(3, 4), dtypes=("float64",))


def bilinear(name, *specs):
    case("bilinear", name, lambda lib, a, b, w, *c: lib.nn.functional.bilinear(a, b, w, *c), *specs)


bilinear("rows", T(4, 3), T(4, 2), T(5, 3, 2), T(5))
bilinear("no bias", T(2, 4, 3), T(2, 4, 2), T(5, 3, 2))
bilinear("vectors", T(3), T(2), T(5, 3, 2), T(5))
bilinear("misfit", T(4, 3), T(4, 3), T(5, 3, 2))
bilinear("batches", T(4, 3), T(3, 2), T(5, 3, 2))
bilinear("wrong bias", T(4, 3), T(4, 2), T(5, 3, 2), T(4))
