"""What is asked of tensors, and small relatives of the shape ops: in words, orders in memory and refusals as torch's."""

from parity_tests.case import FLOATS, case
from parity_tests.inputs import I, T, V

PLAIN = {"dtypes": FLOATS[:1], "layouts": ("contiguous", "transposed", "strided", "0-d", "empty")}

ASKED = {
    "kinds": lambda lib, x: [lib.is_floating_point(x), lib.is_complex(x), lib.is_signed(x), lib.is_conj(x), x.is_neg()],
    "what it is": lambda lib, x: [lib.is_tensor(x), lib.is_tensor(3), lib.numel(x), lib.get_device(x), x.is_cpu, x.is_sparse],
    "numel of a number": lambda lib, x: lib.numel(3),
    "is_same_size": lambda lib, x: [lib.is_same_size(x, x), x.is_same_size(x[None])],
    "is_set_to": lambda lib, x: [x.is_set_to(x), x.is_set_to(x.clone()), x.is_set_to(x[...])],
    "is_nonzero": lambda lib, x: lib.is_nonzero(x.sum() * 0),
    "is_nonzero of all": lambda lib, x: x.is_nonzero(),
    "dim_order": lambda lib, x: x.contiguous().dim_order(),
    "can_cast": lambda lib, x: [lib.can_cast(lib.float32, lib.int32), lib.can_cast(lib.int32, lib.float32)],
    "themselves": lambda lib, x: [lib.conj(x) is x, x.resolve_conj() is x, x.resolve_neg() is x, x.to_dense() is x],
    "new": lambda lib, x: [x.new(2, 3).shape, x.new([1.0, 2.0]), x.new(2).dtype],
}
for name, program in ASKED.items():
    case("asking", name, program, T(2, 3), **PLAIN)

RELATIVES = {
    "adjoint": lambda lib, x: lib.adjoint(x),
    "adjoint method": lambda lib, x: x.adjoint() * 2,
    "adjoint of a vector": lambda lib, x: x[0].adjoint(),
    "detach": lambda lib, x: lib.detach(x),
    "split_copy": lambda lib, x: lib.split_copy(x, 2, 1),
    "unsafe_split_with_sizes": lambda lib, x: lib.unsafe_split_with_sizes(x, [1, 2], 1),
    "unsafe_split_with_sizes bad": lambda lib, x: x.unsafe_split_with_sizes([1, 1], 1),
    "slice_copy": lambda lib, x: lib.slice_copy(x, 1, 0, 2),
    "slice_copy bad": lambda lib, x: lib.slice_copy(x, 1, 0, 2, -1),
    "view_copy of any order": lambda lib, x: lib.view_copy(x, (3, 2)),
    "fill_diagonal_": lambda lib, x: (x * 1).fill_diagonal_(5.0),
    "fill_diagonal_ of a vector": lambda lib, x: (x[0] * 1).fill_diagonal_(5.0),
    "swapaxes by name": lambda lib, x: x.swapaxes(axis0=0, axis1=1),
}
for name, program in RELATIVES.items():
    case("asking", name, program, T(2, 3), dtypes=FLOATS[:1], layouts=("contiguous", "transposed", "strided"))
case("asking", "fill_diagonal_ wrapped", lambda lib, x: (x * 1).fill_diagonal_(5.0, wrap=True), T(7, 3), dtypes=FLOATS[:1])

FORMATS = ("channels_last", "channels_last_3d", "contiguous_format", "preserve_format")
for name in FORMATS:
    for sizes in ((2, 3, 4, 5), (2, 3, 2, 2, 2), (3, 4)):
        case(
            "memory_format",
            f"{name}, {len(sizes)}-d",
            lambda lib, x, n=name: (lambda f: [
                x.clone(memory_format=f), x.contiguous(memory_format=f), x.to(memory_format=f),
                x.to(lib.float64, memory_format=f), x.is_contiguous(memory_format=f), lib.zeros_like(x, memory_format=f),
            ])(getattr(lib, n)),
            T(*sizes),
            dtypes=FLOATS[:2],
            layouts=("contiguous", "transposed"),
        )  # fmt: skip
case("memory_format", "printed", lambda lib: [repr(getattr(lib, name)) for name in FORMATS])
case("memory_format", "to and copies", lambda lib, x: [x.to(x.dtype) is x, x.to("cpu", x.dtype, True, False) is x,
                                                       x.to("cpu", x.dtype, False, True), x.to(x.dtype, copy=True)],
     T(2, 3), dtypes=FLOATS[:1])  # fmt: skip

case("nonzero_static", "fewer", lambda lib, x: lib.nonzero_static(x, size=2), T(2, 3), dtypes=FLOATS[:1], order=0)
case("nonzero_static", "more", lambda lib, x: x.nonzero_static(size=9, fill_value=7), T(2, 3), dtypes=FLOATS[:1], order=0)
case("nonzero_static", "negative", lambda lib, x: x.nonzero_static(size=-1), T(2, 3), dtypes=FLOATS[:1], order=0)
case("svd_lowrank", "seeded", lambda lib, x: (lambda u, s, v: (u.abs(), s, v.abs()))(*lib.svd_lowrank(x @ x.t(), 2)), T(4, 2),
     dtypes=FLOATS[:1], layouts=("contiguous",))  # fmt: skip
case("pca_lowrank", "seeded", lambda lib, x: lib.pca_lowrank(x, 2)[1], T(6, 3), dtypes=FLOATS[:1], layouts=("contiguous",))
case("pca_lowrank", "q too large", lambda lib, x: lib.pca_lowrank(x, 9), T(6, 3), dtypes=FLOATS[:1], layouts=("contiguous",))

# ---- indexing at its edges ------------------------------------------------------------------------------------------

EDGES = {
    "slices that cover": lambda lib, x: (x[0:2, 1:3], x[0:9, 0:3], x[0:2], x[None, 0:2], x[0:2, [0, 1]]),
    "0-d masks": lambda lib, x: (x[lib.tensor(True)], x[lib.tensor(False), 0], x[:, lib.tensor(True)]),
    "0-d byte mask": lambda lib, x: x[lib.tensor(1, dtype=lib.uint8)],
    "mask with too many dimensions": lambda lib, x: x[0, lib.ones(3, 2, dtype=lib.bool)],
    "mask as a nested list": lambda lib, x: x[0][[[True, False], [True, True]]],
    "range after shape": lambda lib, x: x[lib.tensor([0, 5]), lib.tensor([0, 1, 2])],
}
for name, program in EDGES.items():
    case("getitem", name, program, T(2, 3), dtypes=FLOATS[:1], layouts=("contiguous", "transposed"))


def assigned(lib, x, key, value):
    """A copy of x after an assignment"""
    y = x * 1
    y[key] = value
    return y


case("setitem", "slices that cover", lambda lib, x: [assigned(lib, x, key, 1.0) for key in (
    slice(0, 2), (slice(0, 2), slice(1, 3)), (slice(0, 2), slice(0, 3)))], T(2, 3), dtypes=FLOATS[:1])
case("setitem", "0-d mask", lambda lib, x: [assigned(lib, x, lib.tensor(m), 7.0) for m in (True, False)], T(2, 3),
     dtypes=FLOATS[:1], layouts=("contiguous", "0-d"))  # fmt: skip

ROW, PART = V([[0, 1, 2]], "int64", grad=False), V([[0, 1]], "int64", grad=False)
for reduce in ("sum", "prod", "mean", "amax", "amin"):
    for size in ((1, 3), (3, 3), (2, 4)):
        case("scatter_reduce", f"{reduce}, src of {size}",
             lambda lib, x, s, i, r=reduce: x.scatter_reduce(0, i, s, r), T(3, 3), T(*size), ROW, dtypes=FLOATS[:1],
             layouts=("contiguous", "transposed"))  # fmt: skip
case("scatter", "empty index", lambda lib, x, s: x.scatter(0, lib.zeros(0, 3, dtype=lib.int64), s), T(3, 3), T(3, 3),
     dtypes=FLOATS[:1], layouts=("contiguous",))  # fmt: skip
case("gather", "empty index", lambda lib, x: x.gather(0, lib.zeros(0, 3, dtype=lib.int64)), T(3, 3), dtypes=FLOATS[:1],
     layouts=("contiguous",))  # fmt: skip
for reduce in ("add", "multiply"):
    case("scatter", f"reduce={reduce}, number", lambda lib, x, i, r=reduce: x.scatter(0, i, 1.5, reduce=r), T(3, 3), PART,
         inplace=lambda lib, x, i, r=reduce: x.scatter_(0, i, 1.5, reduce=r), dtypes=FLOATS[:1],
         layouts=("contiguous",))  # fmt: skip
WRONG = {
    "vector": lambda lib, x, i: (i[None], x), "dtype": lambda lib, x, i: (i.double(), x),
    "source dtype": lambda lib, x, i: (i, x.float()), "count": lambda lib, x, i: (i, x[:1]),
    "shape": lambda lib, x, i: (i, lib.ones(4, 3, dtype=x.dtype)), "range": lambda lib, x, i: (i + 2, x),
}  # fmt: skip
for name, give in WRONG.items():
    case("index_add", f"wrong {name}", lambda lib, x, i, g=give: x.index_add(0, *g(lib, x, i)), T(4, 2), I(4),
         dtypes=FLOATS[:1], layouts=("contiguous",))  # fmt: skip
    case("index_reduce", f"wrong {name}", lambda lib, x, i, g=give: x.index_reduce(0, *g(lib, x, i), "amax"), T(4, 2), I(4),
         dtypes=FLOATS[:1], layouts=("contiguous",))  # fmt: skip
case("setitem", "by a mask, another dtype", lambda lib, x, m: [assigned(lib, x, m, lib.tensor(2.0)),
                                                               assigned(lib, x, (m[:, 0], m[0]), lib.tensor(2.0))],
     T(2, 2), V([[True, False], [True, True]], "bool", grad=False), dtypes=FLOATS[:1], layouts=("contiguous",))  # fmt: skip
case("setitem", "by bytes", lambda lib, x, m: assigned(lib, x, m, 2.0), T(3), V([1, 0, 1], "uint8", grad=False),
     dtypes=FLOATS[:1], layouts=("contiguous",))  # fmt: skip
for number in (7, 0, -2):
    case("setitem", f"by a bool, then {number}", lambda lib, x, n=number: [assigned(lib, x, flag, n) for flag in (True, False)],
         T(2, 2), dtypes=FLOATS[:1], layouts=("contiguous", "0-d"))  # fmt: skip
case("getitem", "nowhere", lambda lib, x: x[:0][:, lib.tensor([5])], T(2, 3), dtypes=FLOATS[:1], layouts=("contiguous",))
