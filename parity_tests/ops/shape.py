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
