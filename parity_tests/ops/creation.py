"""Making tensors: dtypes inferred, defaults, shapes as arguments or sequences, like another tensor."""

from parity_tests.case import FLOATS, NUMBERS, case
from parity_tests.inputs import T

TENSORS = {
    "floats": [1.0, 2.0, 3.0],
    "ints": [1, 2, 3],
    "bools": [True, False],
    "mixed": [1, 2.5],
    "bool and int": [True, 2],
    "nested": [[1.0, 2.0], [3.0, 4.0]],
    "3-d": [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]],
    "number": 3.5,
    "int": 3,
    "bool": True,
    "empty": [],
    "tuple": (1, 2),
    "complex": 1j,
    "ragged": [[1], [1, 2]],
    "string": "abc",
    "None": None,
    "list of None": [None],
    "ragged depth": [1, [2]],
    "huge": [2**70],
    "range": range(3),
    "inf": [float("inf"), float("nan")],
    "empty rows": [[], []],
    "dict": {},
    "too large": 2**63,
}
for title, data in TENSORS.items():
    case("tensor", title, lambda lib, d=data: lib.tensor(d))
    case("tensor", title + ", float64", lambda lib, d=data: lib.tensor(d, dtype=lib.float64))
    case("tensor", title + ", int", lambda lib, d=data: lib.tensor(d, dtype=lib.int))
case(
    "tensor",
    "by keyword",
    lambda lib: lib.tensor(
        data=[[1, 2, 3], [4, 5, 6]], dtype=lib.float32, device=lib.device("cpu"), requires_grad=True
    ),
)
case("tensor", "integers that require grad", lambda lib: lib.tensor([1], requires_grad=True))
case("tensor", "of tensors", lambda lib: lib.tensor([lib.tensor(1.0), lib.tensor(2.0)]))
case("Tensor", "data", lambda lib: lib.Tensor([[1, 2, 3], [4, 5, 6]]))
case("Tensor", "size", lambda lib: lib.Tensor(2, 3).shape)
case("Tensor", "nothing", lambda lib: lib.Tensor())
case("FloatTensor", "size", lambda lib: lib.FloatTensor(4, 1).size())
case("FloatTensor", "data", lambda lib: [lib.FloatTensor([1, 2]), lib.LongTensor([1, 2]), lib.DoubleTensor([1])])
case("as_tensor", "list", lambda lib: lib.as_tensor([1, 2]))
case("scalar_tensor", "number", lambda lib: lib.scalar_tensor(2))

for name in ("zeros", "ones"):
    case(
        name,
        "sizes",
        lambda lib, f=name: [
            getattr(lib, f)(2, 3),
            getattr(lib, f)((2, 3)),
            getattr(lib, f)([2]),
            getattr(lib, f)(()),
            getattr(lib, f)(size=(1, 2)),
        ],
    )
    case(name, "size object", lambda lib, f=name: getattr(lib, f)(lib.Size([2, 1])))
    case(name, "options", lambda lib, f=name: getattr(lib, f)(2, dtype=lib.float64, requires_grad=True))
    case(name, "negative", lambda lib, f=name: getattr(lib, f)(2, -3))
    case(name, "float size", lambda lib, f=name: getattr(lib, f)(2.0))
    case(
        name, "integers that require grad", lambda lib, f=name: getattr(lib, f)(2, dtype=lib.int64, requires_grad=True)
    )
    case(name + "_like", "plain", lambda lib, x, f=name + "_like": getattr(lib, f)(x), T(2, 3), dtypes=NUMBERS)
    case(name + "_like", "dtype", lambda lib, x, f=name + "_like": getattr(lib, f)(x, dtype=lib.int64), T(2, 3))
    case("new_" + name, "sizes", lambda lib, x, f="new_" + name: getattr(x, f)(2, 2), T(2, 3))
for fill in (1, 2.5, True):
    case("full", f"{fill}", lambda lib, v=fill: lib.full((2, 3), v))
    case("full_like", f"{fill}", lambda lib, x, v=fill: lib.full_like(x, v), T(2, 3), dtypes=NUMBERS)
case("empty", "shape", lambda lib: [lib.empty(2, 3).shape, lib.empty(2).dtype])
case("eye", "square", lambda lib: [lib.eye(3), lib.eye(2, 4), lib.eye(2, dtype=lib.int64)])
for args in ((5,), (1, 6), (0, 1, 0.25), (5, 0, -2), (0.5,), (2.0,), (0,), (5, 0), (0, 5, 0), (1, 2, -1)):
    case("arange", f"{args}", lambda lib, a=args: lib.arange(*a))
case("arange", "dtype", lambda lib: lib.arange(4, dtype=lib.float64))
for args in ((0, 1, 5), (-1, 1, 4), (0, 1, 1), (3, 3, 0), (0, 1, -1)):
    case("linspace", f"{args}", lambda lib, a=args: lib.linspace(*a))
case("item", "of one", lambda lib, x: x.item(), T(), dtypes=NUMBERS)
case("item", "of many", lambda lib, x: x.item(), T(2), dtypes=NUMBERS)
case("item", "numbers", lambda lib, x: [float(x), int(x), bool(x)], T(low=1), dtypes=NUMBERS)
case("tolist", "nested", lambda lib, x: x.tolist(), T(2, 3), dtypes=NUMBERS)
case(
    "size",
    "facts",
    lambda lib, x: [
        x.size(),
        x.size(1),
        x.shape,
        x.dim(),
        x.ndim,
        x.numel(),
        x.stride(),
        x.storage_offset(),
        len(x),
        x.is_contiguous(),
    ],
    T(2, 3),
    dtypes=FLOATS,
)
case(
    "size",
    "of a row",
    lambda lib, x: [x[1].storage_offset(), x[1].stride(), x.t().is_contiguous(), x.element_size()],
    T(2, 3),
)
case("size", "out of range", lambda lib, x: x.size(2), T(2, 3))
case("numpy", "values", lambda lib, x: x.detach().numpy().tolist(), T(2, 3), dtypes=NUMBERS)
STEPS = {
    "linspace": lambda lib: (lib.linspace(0, 1, 7), lib.linspace(-2, -3, 1), lib.linspace(0, 10, 4, dtype=lib.int64)),
    "logspace": lambda lib: (lib.logspace(0, 3, 4), lib.logspace(1, 3, 1, 2.0)),
    "range": lambda lib: lib.range(1, 4),
    "arange of truncated bounds": lambda lib: (lib.arange(3.1, dtype=lib.int64), lib.arange(2.1, -2.9, -1.0, dtype=lib.int64)),
    "arange to infinity": lambda lib: lib.arange(float("inf")),
    "eye of negative size": lambda lib: lib.eye(-1),
    "zeros of negative size": lambda lib: lib.zeros(-1),
    "tril_indices": lambda lib: (lib.tril_indices(3, 4), lib.triu_indices(2, 3, 1)),
    "vander": lambda lib: (lib.vander(lib.tensor([1, 2, 3])), lib.vander(lib.tensor([1.0, 2.0]), 3, True)),
    "windows": lambda lib: (lib.hann_window(5), lib.hamming_window(4, False), lib.bartlett_window(6), lib.blackman_window(5)),
    "strides": lambda lib: (lib.empty_strided((2, 3), (1, 2)).stride(), lib.empty_permuted((2, 3, 4), (0, 2, 1)).stride()),
    "wrapped": lambda lib: lib.full((2,), -9, dtype=lib.uint8),
}
for title, program in STEPS.items():
    case("steps", title, program)

LIMITS = (-1, 300, -300, 2**40, 1e300, float("inf"), float("nan"), 2.7, -2.7, True)
HOLDERS = {
    "full": lambda lib, x, v: lib.full((2,), v, dtype=x.dtype),
    "full_like": lambda lib, x, v: lib.full_like(x, v),
    "new_full": lambda lib, x, v: x.new_full((2,), v),
    "scalar_tensor": lambda lib, x, v: lib.scalar_tensor(v, dtype=x.dtype),
    "tensor": lambda lib, x, v: lib.tensor(v, dtype=x.dtype),
    "tensor of a list": lambda lib, x, v: lib.tensor([v], dtype=x.dtype),
    "fill": lambda lib, x, v: lib.fill(x, v),
    "fill_": lambda lib, x, v: x.fill_(v),
    "setitem": lambda lib, x, v: x.__setitem__(0, v) or x,
    "masked_fill": lambda lib, x, v: x.masked_fill(lib.tensor([True, False]), v),
    "where": lambda lib, x, v: lib.where(lib.tensor([True, False]), x, v),
    "clamp": lambda lib, x, v: lib.clamp(x, v),
    "clamp_max": lambda lib, x, v: lib.clamp_max(x, v),
}
for title, program in HOLDERS.items():
    for value in LIMITS:
        case("limits", f"{title}, {value}", lambda lib, x, f=program, v=value: f(lib, x.detach(), v), T(2), order=0,
             dtypes=("uint8", "int32", "bool", "float32"), layouts=("contiguous",))  # fmt: skip
case("fill", "number", lambda lib, x: lib.fill(x, 2), T(2, 3), dtypes=NUMBERS)
case("fill", "tensor", lambda lib, x, v: lib.fill(x, v), T(2, 3), T())
case("fill", "vector", lambda lib, x: lib.fill(x, x[0]), T(2, 3))

MADE = {"zeros": (2,), "ones": (2,), "empty": (0,), "full": ((2,), 3.0), "arange": (3,), "linspace": (0, 1, 3), "eye": (2,),
        "logspace": (0, 1, 3), "rand": (2,), "randn": (2,), "randint": (0, 3, (2,)), "randperm": (3,), "range": (0, 2),
        "tril_indices": (2, 2), "triu_indices": (2, 2), "hann_window": (3,), "hamming_window": (3,), "blackman_window": (5,),
        "bartlett_window": (3,), "kaiser_window": (3,), "scalar_tensor": (2,), "empty_strided": ((0,), (1,)),
        "normal": (0.0, 1.0, (2,))}  # fmt: skip
LIKE = {"zeros_like": (), "ones_like": (), "full_like": (2.0,), "rand_like": (), "randn_like": (), "randint_like": (5,),
        "new_zeros": (2,), "new_ones": ((2, 3),), "new_full": ((2,), 3), "new_empty": (0,)}  # fmt: skip
OPTIONS = {
    "layout": lambda lib: {"layout": lib.strided}, "requires_grad": lambda lib: {"requires_grad": True},
    "device": lambda lib: {"device": "cpu", "pin_memory": False}, "float64": lambda lib: {"dtype": lib.float64},
    "int64": lambda lib: {"dtype": lib.int64}, "nonsense": lambda lib: {"nonsense": 1},
}  # fmt: skip
for name, args in (MADE | LIKE).items():
    for title, options in OPTIONS.items():

        def made(lib, *x, f=name, a=args, o=options):
            lib.manual_seed(0)
            result = getattr(x[0] if f[:4] == "new_" else lib, f)(*(x if f[-4:] == "like" else ()), *a, **o(lib))
            return result, result.requires_grad

        if not (name == "range" and title == "device"):
            case("made", f"{name} with {title}", made, *((T(2, 3),) if name in LIKE else ()), order=0,
                 layouts=("contiguous",), dtypes=("float32",))  # fmt: skip
case("made", "randint by keyword", lambda lib: lib.randint(low=2, high=5, size=(9,)))
case("made", "zeros by keyword", lambda lib, x: [x.new_zeros(size=(2,)), x.new_full(size=(1,), fill_value=2)], T())
case("made", "asarray", lambda lib, x: [lib.asarray([1, 2]), lib.asarray(x.detach(), dtype=lib.int64), lib.asarray(x.detach()),
     lib.asarray(x.detach(), copy=True)], T(2))  # fmt: skip
case("made", "asarray of a list without a copy", lambda lib: lib.asarray([1], copy=False))
case("made", "asarray of another dtype without a copy", lambda lib, x: lib.asarray(x, dtype=lib.int32, copy=False), T(2))
QUESTIONS = {
    "numel": lambda lib, x: lib.numel(x), "is_tensor": lambda lib, x: [lib.is_tensor(x), lib.is_tensor(1)],
    "kinds": lambda lib, x: [lib.is_floating_point(x), lib.is_complex(x), lib.is_signed(x)],
    "numel of a number": lambda lib, x: lib.numel(5), "is_signed of a list": lambda lib, x: lib.is_signed([1]),
    "is_nonzero": lambda lib, x: [lib.is_nonzero(x[0, 0]), x[1, 1].is_nonzero()],
    "is_nonzero of many": lambda lib, x: lib.is_nonzero(x), "is_same_size": lambda lib, x: x.is_same_size(x.t()),
    "can_cast": lambda lib, x: [lib.can_cast(x.dtype, k) for k in (lib.bool, lib.int32, lib.float16)],
    "can_cast of numbers": lambda lib, x: lib.can_cast(1, x.dtype), "detach": lambda lib, x: lib.detach(x),
}  # fmt: skip
for title, program in QUESTIONS.items():
    case("asked", title, program, T(2, 3), dtypes=NUMBERS, layouts=("contiguous",), order=0)
