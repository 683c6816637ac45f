"""Shapes: views keep strides and share memory, copies do not; joining and splitting."""

from parity_tests.case import FLOATS, case
from parity_tests.inputs import T, V

ALL = FLOATS[:2] + ("int64", "bool")
VIEWS = {
    "view": {
        "pair": lambda x: x.view(3, 8),
        "size": lambda x: x.view((4, 6)),
        "inferred": lambda x: x.view(-1),
        "two": lambda x: x.view(2, -1),
        "bad": lambda x: x.view(5, 5),
        "two unknown": lambda x: x.view(-1, -1),
        "same": lambda x: x.view(x.shape),
        "as other": lambda x: x.view_as(x),
    },
    "reshape": {
        "pair": lambda x: x.reshape(3, 8),
        "list": lambda x: x.reshape([4, 6]),
        "inferred": lambda x: x.reshape(-1),
        "bad": lambda x: x.reshape(5, 5),
        "after t": lambda x: x.transpose(0, 2).reshape(6, 4),
        "ones": lambda x: x.reshape(1, 24, 1),
    },
    "transpose": {
        "0 1": lambda x: x.transpose(0, 1),
        "-1 0": lambda x: x.transpose(-1, 0),
        "same": lambda x: x.transpose(1, 1),
        "bad": lambda x: x.transpose(0, 3),
        "squared": lambda x: x.transpose(0, 2) ** 2,
        "mT": lambda x: x.mT,
    },
    "permute": {
        "all": lambda x: x.permute(2, 0, 1),
        "tuple": lambda x: x.permute((1, 2, 0)),
        "negative": lambda x: x.permute(-1, 0, 1),
        "repeated": lambda x: x.permute(0, 0, 1),
        "too few": lambda x: x.permute(0, 1),
        "twice": lambda x: x.permute(2, 0, 1).permute(2, 0, 1),
    },
    "flatten": {
        "all": lambda x: x.flatten(),
        "from 1": lambda x: x.flatten(1),
        "range": lambda x: x.flatten(0, 1),
        "ravel": lambda x: x.ravel(),
    },
    "unsqueeze": {
        "0": lambda x: x.unsqueeze(0),
        "1": lambda x: x.unsqueeze(1),
        "-1": lambda x: x.unsqueeze(-1),
        "bad": lambda x: x.unsqueeze(5),
        "last": lambda x: x.unsqueeze(3),
    },
    "expand": {
        "new dim": lambda x: x.expand(2, 2, 3, 4),
        "kept": lambda x: x.expand(2, -1, -1, -1),
        "bad": lambda x: x.expand(2, 3, 5),
        "from 1": lambda x: x[:, :1].expand(2, 5, 4),
        "as": lambda x: x[:, :1].expand_as(x),
        "fewer": lambda x: x.expand(3, 4),
    },
    "squeeze": {
        "nothing": lambda x: x.squeeze(),
        "dim of n": lambda x: x.squeeze(1),
        "after": lambda x: x.unsqueeze(1).squeeze(1),
        "all": lambda x: x.unsqueeze(0).unsqueeze(2).squeeze(),
        "negative": lambda x: x.unsqueeze(-1).squeeze(-1),
        "bad": lambda x: x.squeeze(4),
        "dims": lambda x: x.unsqueeze(0).unsqueeze(2).squeeze((0, 2)),
    },
    "narrow": {
        "middle": lambda x: x.narrow(1, 1, 2),
        "bad": lambda x: x.narrow(1, 2, 5),
        "negative": lambda x: x.narrow(-1, 0, 2),
    },
    "select": {
        "dim 1": lambda x: x.select(1, 0),
        "negative": lambda x: x.select(-1, -1),
        "bad": lambda x: x.select(0, 2),
    },
    "split": {
        "2": lambda x: x.split(2, 1),
        "sizes": lambda x: x.split([1, 2], dim=1),
        "bad": lambda x: x.split([1, 1], 1),
    },
    "chunk": {"2": lambda x: x.chunk(2, 2), "3 of 4": lambda x: x.chunk(3, dim=-1)},
    "unbind": {"0": lambda x: x.unbind(), "-1": lambda x: x.unbind(-1), "iterate": lambda x: list(x)},
    "flip": {"two": lambda x: x.flip(0, 2), "one": lambda x: x.flip([1])},
    "roll": {"one": lambda x: x.roll(1, 0), "flat": lambda x: x.roll(3)},
    "movedim": {"0 2": lambda x: x.movedim(0, 2)},
    "repeat": {"two": lambda x: x.repeat(1, 2, 1), "new dim": lambda x: x.repeat(2, 1, 1, 1)},
    "diagonal": {"plain": lambda x: x.diagonal(), "offset": lambda x: x.diagonal(1, 1, 2)},
}
for name, programs in VIEWS.items():
    for title, program in programs.items():
        case(name, title, lambda lib, x, f=program: f(x), T(2, 3, 4), dtypes=ALL)
        case(
            name,
            title + ", then squared",
            lambda lib, x, f=program: [y * y for y in ([f(x)] if isinstance(f(x), lib.Tensor) else f(x))],
            T(2, 3, 4),
            dtypes=FLOATS[:1],
            layouts=("contiguous", "transposed"),
        )
case("t", "matrix", lambda lib, x: x.t(), T(2, 3), dtypes=ALL)
case("t", "property", lambda lib, x: x.T, T(2, 3), dtypes=ALL)
case("t", "vector", lambda lib, x: x.t(), T(3))
case("t", "3-d", lambda lib, x: x.t(), T(2, 3, 2))
for name in ("transpose", "permute", "reshape", "unsqueeze", "squeeze", "flatten"):
    args = {
        "transpose": (0, 1),
        "permute": ((1, 0),),
        "reshape": ((3, 2),),
        "unsqueeze": (0,),
        "squeeze": (),
        "flatten": (),
    }[name]
    case(name, "function", lambda lib, x, f=name, a=args: getattr(lib, f)(x, *a), T(2, 3))

JOIN = {"default": {}, "dim 1": {"dim": 1}, "dim -1": {"dim": -1}, "bad dim": {"dim": 3}}
for name in ("cat", "stack"):
    for title, options in JOIN.items():
        case(
            name, title, lambda lib, x, y, f=name, o=options: getattr(lib, f)([x, y], **o), T(2, 3), T(2, 3), dtypes=ALL
        )
    case(name, "tuple of three", lambda lib, x, y, z, f=name: getattr(lib, f)((x, y, z)), T(2, 3), T(2, 3), T(2, 3))
    case(name, "positional dim", lambda lib, x, y, f=name: getattr(lib, f)([x, y], 1), T(2, 3), T(2, 3))
    case(name, "nothing", lambda lib, f=name: getattr(lib, f)([]))
    case(name, "a tensor", lambda lib, x, f=name: getattr(lib, f)(x), T(2, 3))
    case(
        name,
        "mixed",
        lambda lib, x, y, f=name: getattr(lib, f)([x, y]),
        T(2, 3),
        V([[1, 2, 3], [4, 5, 6]], "int64", grad=False),
        dtypes=FLOATS + ("int64",),
    )
    case(name, "other shape", lambda lib, x, y, f=name: getattr(lib, f)([x, y]), T(2, 3), T(3, 4))
    case(name, "other ndim", lambda lib, x, y, f=name: getattr(lib, f)([x, y]), T(2, 3), T(3))
case("cat", "uneven rows", lambda lib, x, y: lib.cat([x, y]), T(2, 5), T(3, 5))
case("cat", "uneven columns", lambda lib, x, y: lib.cat([x, y], 1), T(2, 3), T(2, 5))
case("cat", "0-d", lambda lib, x: lib.cat([x, x]), T())
case("cat", "legacy empty", lambda lib, x, y: lib.cat([x, y]), T(0), T(2, 3))
case("stack", "0-d", lambda lib, x, y: lib.stack([x, y]), T(), T())

# ---- the rest of the family -----------------------------------------------------------------------------------------

MORE = {
    "tile": lambda lib, x: (x.tile(2), x.tile(2, 1, 3), x.tile(2, 1, 1, 1)),
    "repeat_interleave": lambda lib, x: (x.repeat_interleave(2), x.repeat_interleave(2, 1)),
    "repeat_interleave by tensor": lambda lib, x: x.repeat_interleave(lib.tensor([1, 0, 2]), 1),
    "flip": lambda lib, x: (lib.flip(x, (0, 2)), x.flip(1), lib.fliplr(x), lib.flipud(x)),
    "rot90": lambda lib, x: (lib.rot90(x), x.rot90(2, (1, 2)), x.rot90(-1, (0, 2))),
    "roll": lambda lib, x: (x.roll((1, 2), (0, 2)), x.roll(-1, 1)),
    "stacks": lambda lib, x: (lib.hstack((x, x)), lib.vstack((x, x)), lib.dstack((x, x)), lib.column_stack((x, x))),
    "tensor_split": lambda lib, x: (*x.tensor_split(2, 1), *x.tensor_split((1, 3), 2)),
    "dsplit": lambda lib, x: (*x.dsplit(2), *x.hsplit(3), *x.vsplit([1])),
    "unsafe_split": lambda lib, x: (*x.unsafe_split(2, 1), *lib.unsafe_chunk(x, 2, 2)),
    "diagonal": lambda lib, x: (x.diagonal(), x.diagonal(1, 1, 2), x.diagonal(-1, 2, 1), x.diagonal(9)),
    "diagonal same dims": lambda lib, x: x.diagonal(0, 1, 1),
    "diag_embed": lambda lib, x: (lib.diag_embed(x), lib.diag_embed(x, 1, 0, 2), lib.diagflat(x)),
    "diag of 3-d": lambda lib, x: lib.diag(x),
    "tril and triu": lambda lib, x: (x.tril(), x.triu(1), x.tril(-1)),
    "unfold": lambda lib, x: (x.unfold(2, 2, 1), x.unfold(1, 3, 1), x.unfold(0, 1, 2)),
    "unfold too large": lambda lib, x: x.unfold(1, 5, 1),
    "select_scatter": lambda lib, x: lib.select_scatter(x, x[0] * 2, 0, 1),
    "slice_scatter": lambda lib, x: lib.slice_scatter(x, x[:, :2] * 2, 1, 1),
    "diagonal_scatter": lambda lib, x: lib.diagonal_scatter(x, x.diagonal() * 2),
    "copies": lambda lib, x: (lib.view_copy(x, (4, 6)), lib.permute_copy(x, (1, 0, 2)), *lib.unbind_copy(x, 1)),
    "atleast": lambda lib, x: (lib.atleast_1d(x[0, 0, 0]), lib.atleast_2d(x[0, 0]), lib.atleast_3d(x[0, 0], x[0])),
    "meshgrid": lambda lib, x: (*lib.meshgrid(x[0, 0], x[0, 1], indexing="ij"),),
    "meshgrid xy": lambda lib, x: (*lib.meshgrid(x[0, 0], x[0, :, 0], indexing="xy"),),
    "cartesian_prod": lambda lib, x: lib.cartesian_prod(x[0, 0], x[1, 1]),
    "combinations": lambda lib, x: (lib.combinations(x[0, 0]), lib.combinations(x[0, 0], 3, with_replacement=True)),
    "block_diag": lambda lib, x: lib.block_diag(x[0], x[0, 0], x[0, 0, 0]),
    "broadcast_tensors": lambda lib, x: (*lib.broadcast_tensors(x, x[:1], x[0, 0]),),
    "sum_to_size": lambda lib, x: (x.sum_to_size(1, 3, 1), x.sum_to_size(3, 4), x.sum_to_size(4)),
    "sum_to_size bad": lambda lib, x: x.sum_to_size(5),
    "as_strided": lambda lib, x: (lib.as_strided(x, (2, 2), (1, 2), 1), lib.as_strided(x, (3, 3), (1, 1))),
    "narrow_copy": lambda lib, x: lib.narrow_copy(x, 1, 1, 2),
    "mT and H": lambda lib, x: (x.mT, x.mH, x[0].H, x[0].T),
    "in-place views": lambda lib, x: ((x * 1).transpose_(0, 1), (x * 1).unsqueeze_(1), (x[:, :1] * 1).squeeze_(1)),
}
for title, program in MORE.items():
    case("shape", title, program, T(2, 3, 4), layouts=("contiguous", "transposed", "strided"), dtypes=FLOATS[:1])
case("trace", "matrix", lambda lib, x: x.trace(), T(3, 4))
case("diag", "both ways", lambda lib, x: lib.diag(lib.diag(x)), T(3))
case("broadcast_shapes", "three", lambda lib: lib.broadcast_shapes((2, 1), (3,), 1))
case("broadcast_shapes", "bad", lambda lib: lib.broadcast_shapes((2,), (3,)))
case("view", "as another dtype", lambda lib, x: x.view(lib.int32), T(2, 4), dtypes=("float32", "float64"), order=0)
