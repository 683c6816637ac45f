"""Indexing and assignment by index: integers, slices, None, ..., masks, index tensors, and mixtures."""

from parity_tests.case import FLOATS, case
from parity_tests.inputs import B, I, T, V

ALL = FLOATS[:2] + ("int64",)
READ = {
    "int": lambda x: x[1],
    "negative int": lambda x: x[-1],
    "two ints": lambda x: x[1, 2],
    "chained": lambda x: x[1][0],
    "all ints": lambda x: x[1, 2, 0],
    "slice": lambda x: x[1:],
    "step": lambda x: x[:, ::2],
    "negative slice": lambda x: x[:, -2:],
    "empty slice": lambda x: x[2:],
    "past the end": lambda x: x[0:9],
    "column": lambda x: x[:, 1],
    "ellipsis": lambda x: x[..., 0],
    "None": lambda x: x[None],
    "None inside": lambda x: x[:, None, 0],
    "mixture": lambda x: x[0, 1:, None, ..., 1],
    "everything": lambda x: x[:],
    "ellipsis alone": lambda x: x[...],
    "list": lambda x: x[[1, 0, 1]],
    "list and slice": lambda x: x[:, [0, 2]],
    "two lists": lambda x: x[[0, 1], [2, 0]],
    "lists apart": lambda x: x[[0, 1], :, [2, 0]],
    "nested list": lambda x: x[:, [[0, 1], [2, 0]]],
    "bool": lambda x: x[True],
    "False": lambda x: x[False],
    "tuple of slices": lambda x: x[(slice(0, 1), slice(1, 3))],
    "range": lambda x: x[range(2)],
    "out of range": lambda x: x[2],
    "out of range dim 1": lambda x: x[0, 3],
    "far negative": lambda x: x[-3],
    "too many": lambda x: x[0, 0, 0, 0],
    "negative step": lambda x: x[::-1],
    "float": lambda x: x[1.0],
    "string": lambda x: x["a"],
    "list out of range": lambda x: x[[0, 5]],
    "zero step": lambda x: x[::0],
}
for title, program in READ.items():
    case("getitem", title, lambda lib, x, f=program: f(x), T(2, 3, 4), dtypes=ALL)
    case(
        "getitem",
        title + ", squared",
        lambda lib, x, f=program: f(x) * f(x),
        T(2, 3, 4),
        dtypes=FLOATS[:1],
        layouts=("contiguous", "transposed"),
    )
case("getitem", "mask", lambda lib, x, m: x[m], T(2, 3, 4), B(2, 3, 4), dtypes=ALL)
case("getitem", "mask of rows", lambda lib, x, m: x[:, m], T(2, 3, 4), B(3), dtypes=ALL)
case("getitem", "mask by comparison", lambda lib, x: x[x > 0], T(2, 3, 4))
case("getitem", "mask of wrong shape", lambda lib, x, m: x[m], T(2, 3), B(3, 3))
case("getitem", "index tensor", lambda lib, x, i: x[i], T(3, 2), I(4), dtypes=ALL)
case("getitem", "repeated index", lambda lib, x, i: x[i] * x[i], T(3, 2), V([0, 0, 1, 0], "int64", grad=False))
case("getitem", "0-d index tensor", lambda lib, x, i: x[i], T(3, 2), I())
case("getitem", "two index tensors", lambda lib, x, i, j: x[i, j], T(3, 3), I(4), I(4))
case("getitem", "broadcast index tensors", lambda lib, x, i, j: x[i, :, j], T(3, 2, 3), I(2, 1), I(4))
case("getitem", "negative index tensor", lambda lib, x, i: x[i], T(3, 2), V([-1, 0, -3], "int64", grad=False))
case("getitem", "index out of range", lambda lib, x, i: x[i], T(3, 2), V([0, 3], "int64", grad=False))
case("getitem", "mismatched index tensors", lambda lib, x, i, j: x[i, j], T(3, 3), I(4), I(3))
case("getitem", "uint8 mask", lambda lib, x, i: x[i], T(3, 2), V([1, 0, 1], "uint8", grad=False))
case("getitem", "float index tensor", lambda lib, x, i: x[i], T(3, 2), V([1.0], "float32", grad=False))
case("getitem", "of 0-d", lambda lib, x: x[0], T())
case("getitem", "arange", lambda lib, x, i: x[lib.arange(3), i], T(3, 4), I(3))

WRITE = {
    "int": 1,
    "two ints": (1, 2),
    "slice": (slice(None), slice(1, None)),
    "step": (..., slice(None, None, 2)),
    "column": (slice(None), 0),
    "everything": slice(None),
    "ellipsis": ...,
    "list": [1, 0],
    "list and slice": (slice(None), [0, 2]),
    "None": (None, 0),
    "out of range": 2,
    "too many": (0, 0, 0, 0),
    "empty slice": slice(2, None),
}


def assign(lib, x, key, value):
    """x[key] = value, and x."""
    x[key] = value
    return x


for title, key in WRITE.items():
    case(
        "setitem",
        title,
        lambda lib, x, k=key: x[k],
        T(2, 3, 4),
        inplace=lambda lib, x, k=key: assign(lib, x, k, 1.5),
        dtypes=ALL,
    )
    case(
        "setitem",
        title + ", 0-d tensor",
        lambda lib, x, y, k=key: x[k] * y,
        T(2, 3, 4),
        T(),
        inplace=lambda lib, x, y, k=key: assign(lib, x, k, y),
    )
    case(
        "setitem",
        title + ", added to",
        lambda lib, x, k=key: x[k] + 1,
        T(2, 3, 4),
        inplace=lambda lib, x, k=key: assign(lib, x, k, x[k] * 2),
    )
case("setitem", "mask", lambda lib, x, m: x[m], T(2, 3), B(2, 3), inplace=lambda lib, x, m: assign(lib, x, m, 0))
case(
    "setitem",
    "rows",
    lambda lib, x, y: x[0] + y,
    T(2, 3),
    T(3),
    inplace=lambda lib, x, y: assign(lib, x, slice(None), y),
)
case(
    "setitem", "wrong shape", lambda lib, x, y: x[0] + y, T(2, 3), T(4), inplace=lambda lib, x, y: assign(lib, x, 0, y)
)
case(
    "setitem",
    "index tensor",
    lambda lib, x, y, i: x[i] + y,
    T(3, 2),
    T(2, 2),
    V([2, 0], "int64", grad=False),
    inplace=lambda lib, x, y, i: assign(lib, x, i, y),
)

case("index_select", "rows", lambda lib, x, i: lib.index_select(x, 0, i), T(3, 2), I(4))
case("index_select", "columns", lambda lib, x, i: x.index_select(1, i), T(2, 3), I(4))
case("gather", "dim 1", lambda lib, x, i: x.gather(1, i), T(2, 3), I(2, 4))
case("gather", "dim 0", lambda lib, x, i: lib.gather(x, 0, i), T(3, 2), I(2, 2))
case(
    "scatter_add",
    "dim 0",
    lambda lib, x, y, i: x.scatter_add(0, i, y),
    T(3, 2),
    T(2, 2),
    I(2, 2),
    inplace=lambda lib, x, y, i: x.scatter_add_(0, i, y),
)
case("scatter", "dim 1", lambda lib, x, y, i: x.scatter(1, i, y), T(2, 3), T(2, 1), I(2, 1))
case("index_add", "dim 0", lambda lib, x, y, i: x.index_add(0, i, y), T(3, 2), T(4, 2), I(4))
case(
    "masked_fill",
    "scalar",
    lambda lib, x, m: x.masked_fill(m, 2.0),
    T(2, 3),
    B(2, 3),
    inplace=lambda lib, x, m: x.masked_fill_(m, 2.0),
)
case("masked_select", "mask", lambda lib, x, m: x.masked_select(m), T(2, 3), B(2, 3))
case("nonzero", "matrix", lambda lib, x: lib.nonzero(x > 0), T(2, 3))
case("nonzero", "as tuple", lambda lib, x: (x > 0).nonzero(as_tuple=True), T(2, 3))
case("take", "flat", lambda lib, x, i: lib.take(x, i), T(2, 3), I(4))
for k in (-1, 0, 1):
    case("tril", f"diagonal {k}", lambda lib, x, k=k: lib.tril(x, k), T(3, 4))
    case("triu", f"diagonal {k}", lambda lib, x, k=k: x.triu(k), T(3, 4))

# ---- reading and writing by index tensors ---------------------------------------------------------------------------

ROWS = V([[0, 2, 1], [1, 1, 0]], "int64", grad=False)
PICK = V([2, 0, 2], "int64", grad=False)
READERS = {
    "gather": lambda lib, x, i, p: (x.gather(0, i), lib.gather(x, 1, i)),
    "index_select": lambda lib, x, i, p: (x.index_select(1, p), lib.index_select(x, 0, p)),
    "take": lambda lib, x, i, p: (x.take(i), x.take(p)),
    "take_along_dim": lambda lib, x, i, p: (x.take_along_dim(i, 1), x.take_along_dim(i)),
    "masked_select": lambda lib, x, i, p: x.masked_select(x > 0),
    "gather out of range": lambda lib, x, i, p: x.gather(1, i + 9),
    "gather other ndim": lambda lib, x, i, p: x.gather(1, p),
    "index_select out of range": lambda lib, x, i, p: x.index_select(1, p + 9),
    "take out of range": lambda lib, x, i, p: x.take(p + 99),
}
for title, program in READERS.items():
    case("gathering", title, program, T(3, 3), ROWS, PICK, layouts=("contiguous", "transposed", "strided"))
WRITERS = {
    "scatter": lambda lib, x, s, i, p: x.scatter(1, i, s),
    "scatter number": lambda lib, x, s, i, p: x.scatter(0, i, 2.5),
    "scatter add": lambda lib, x, s, i, p: x.scatter(0, i, 2.5, reduce="add"),
    "scatter_add": lambda lib, x, s, i, p: (x.scatter_add(0, i, s), x.scatter_add(1, i, s)),
    "index_add": lambda lib, x, s, i, p: (x.index_add(0, p, s), x.index_add(1, p, s, alpha=-2)),
    "index_copy": lambda lib, x, s, i, p: x.index_copy(0, p[:2], s[:2]),
    "index_fill": lambda lib, x, s, i, p: (x.index_fill(1, p, 3.0), x.index_fill(0, p, s[0, 0])),
    "put": lambda lib, x, s, i, p: (x.put(p, s[0], accumulate=True), x.put(p[:2], s[0, :2])),
    "index_put": lambda lib, x, s, i, p: x.index_put((p, p), s[0], accumulate=True),
    "masked_fill": lambda lib, x, s, i, p: (x.masked_fill(x > 0, 1.5), x.masked_fill(x > 0, s[0, 0])),
    "masked_scatter": lambda lib, x, s, i, p: x.masked_scatter(x > 0, s),
    "scatter other dtype": lambda lib, x, s, i, p: x.scatter(1, i, s.long()),
    "scatter out of range": lambda lib, x, s, i, p: x.scatter(1, i + 9, s),
    "scatter bad reduce": lambda lib, x, s, i, p: x.scatter(1, i, s, reduce="max"),
    "masked_fill by integers": lambda lib, x, s, i, p: x.masked_fill(i, 1.0),
    "in place": lambda lib, x, s, i, p: ((x * 1).scatter_add_(0, i, s), (x * 1).index_fill_(0, p, 1.0)),
    **{
        f"scatter_reduce {how}, {own}": lambda lib, x, s, i, p, how=how, own=own: (
            x.scatter_reduce(0, i, s, how, include_self=own),
            (x * 1).scatter_reduce_(0, i, s, how, include_self=own),
        )
        for how in ("sum", "prod", "mean", "amax", "amin")
        for own in (True, False)
    },
}
for title, program in WRITERS.items():
    case("scattering", title, program, T(3, 3), T(3, 3), ROWS, PICK, layouts=("contiguous", "transposed"), dtypes=FLOATS[:2])
