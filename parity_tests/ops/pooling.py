"""Two-dimensional pooling, with ties, padding and its errors."""

from parity_tests.case import FLOATS, case
from parity_tests.inputs import T

POOLS = {
    "2": (2,),
    "pair": ((2, 3),),
    "stride 1": (2, 1),
    "stride pair": (3, (1, 2)),
    "padding": (3, 2, 1),
    "overlap": (3, 1),
    "1": (1,),
    "padding too large": (2, 2, 2),
    "kernel too large": (9,),
    "kernel 0": (0,),
    "stride 0": (2, 0),
    "triple": ((2, 2, 2),),
}
LAYOUTS = ("contiguous", "transposed", "strided", "expanded", "empty", "0-d")
for name, kinks in (("max_pool2d", "ties"), ("avg_pool2d", "")):
    for title, args in POOLS.items():
        case(
            name,
            title,
            lambda lib, x, f=name, a=args: getattr(lib.nn.functional, f)(x, *a),
            T(2, 2, 6, 7),
            layouts=LAYOUTS,
            kinks=kinks,
            strides=False,
        )
    case(
        name,
        "ceil mode",
        lambda lib, x, f=name: getattr(lib.nn.functional, f)(x, 2, ceil_mode=True),
        T(1, 2, 5, 5),
        strides=False,
    )
    case(name, "unbatched", lambda lib, x, f=name: getattr(lib.nn.functional, f)(x, 2), T(2, 4, 4), strides=False)
    case(name, "2-d", lambda lib, x, f=name: getattr(lib.nn.functional, f)(x, 2), T(4, 4))
    case(
        name,
        "no images",
        lambda lib, x, f=name: getattr(lib.nn.functional, f)(x, 2),
        T(0, 2, 4, 4),
        layouts=("contiguous",),
        dtypes=FLOATS[:2],
    )
    case(
        name,
        "integers",
        lambda lib, x, f=name: getattr(lib.nn.functional, f)(x, 2),
        T(1, 1, 4, 4),
        dtypes=("int64",),
        layouts=("contiguous",),
    )
case(
    "max_pool2d",
    "indices",
    lambda lib, x: lib.nn.functional.max_pool2d(x, 2, return_indices=True),
    T(1, 2, 4, 4),
    kinks="ties",
    strides=False,
)
case(
    "max_pool2d",
    "dilation",
    lambda lib, x: lib.nn.functional.max_pool2d(x, 2, dilation=2),
    T(1, 2, 5, 5),
    strides=False,
)
case("max_pool2d", "torch's name", lambda lib, x: lib.max_pool2d(x, 2), T(1, 2, 4, 4), strides=False)
case(
    "max_pool2d",
    "nan wins",
    lambda lib, x: lib.nn.functional.max_pool2d((x / x).reshape(1, 1, 2, 2), 2),
    T(4),
    kinks="ties",
)
case(
    "avg_pool2d",
    "padding not counted",
    lambda lib, x: lib.nn.functional.avg_pool2d(x, 3, 2, 1, count_include_pad=False),
    T(1, 2, 5, 5),
    strides=False,
)
case(
    "avg_pool2d",
    "divisor",
    lambda lib, x: lib.nn.functional.avg_pool2d(x, 2, divisor_override=3),
    T(1, 2, 4, 4),
    strides=False,
)
LINES = {  # pools of other dimensions: input size and options
    "max_pool1d": ((2, 2, 9), ({"kernel_size": 3, "stride": 2, "padding": 1}, {"kernel_size": 2, "dilation": 3},
                               {"kernel_size": 2, "return_indices": True}, {"kernel_size": 0})),
    "max_pool3d": ((1, 2, 4, 4, 5), ({"kernel_size": 2}, {"kernel_size": 3, "stride": 1, "padding": 1},
                                     {"kernel_size": 2, "return_indices": True})),
    "avg_pool1d": ((2, 2, 9), ({"kernel_size": 3, "stride": 2, "padding": 1}, {"kernel_size": 4, "ceil_mode": True})),
    "avg_pool3d": ((1, 2, 4, 4, 5), ({"kernel_size": 2}, {"kernel_size": 3, "stride": 1, "padding": 1})),
    "lp_pool1d": ((2, 2, 9), ({"norm_type": 2, "kernel_size": 3},)),
    "lp_pool2d": ((2, 2, 5, 6), ({"norm_type": 3, "kernel_size": 2, "stride": 1},)),
    "adaptive_avg_pool1d": ((2, 2, 7), ({"output_size": 3}, {"output_size": 9}, {"output_size": (1, 2)})),
    "adaptive_avg_pool2d": ((2, 2, 5, 7), ({"output_size": 3}, {"output_size": (None, 2)}, {"output_size": 1})),
    "adaptive_avg_pool3d": ((1, 2, 3, 4, 5), ({"output_size": 2}, {"output_size": (2, None, 1)})),
    "adaptive_max_pool1d": ((2, 2, 7), ({"output_size": 3}, {"output_size": 3, "return_indices": True})),
    "adaptive_max_pool2d": ((2, 2, 5, 7), ({"output_size": 3}, {"output_size": (4, 2), "return_indices": True})),
    "adaptive_max_pool3d": ((1, 2, 3, 4, 5), ({"output_size": 2},)),
}  # fmt: skip
for name, (size, choices) in LINES.items():
    for options in choices:
        case(
            name,
            str(options),
            lambda lib, x, f=name, o=options: getattr(lib.nn.functional, f)(x, **o),
            T(*size), kinks="ties" if "max" in name else "", dtypes=FLOATS[:2], strides=False,
        )  # fmt: skip
for size in (None, (5, 6), (9, 9)):
    case(
        "max_unpool2d",
        f"after max_pool2d, to {size}",
        lambda lib, x, s=size: lib.nn.functional.max_unpool2d(
            *lib.nn.functional.max_pool2d(x, 2, return_indices=True), 2, output_size=s
        ),
        T(1, 2, 5, 6), layouts=("contiguous", "transposed", "strided"), dtypes=FLOATS[:2], strides=False,
    )  # fmt: skip


def fractional(n, name, *specs, **options):
    """Fractional pooling from a seed; with the stream afterwards."""

    def program(lib, x):
        lib.manual_seed(5)
        return getattr(lib.nn.functional, f"fractional_max_pool{n}d")(x, return_indices=True, **options), lib.rand(2)

    case(f"fractional_max_pool{n}d", name, program, *specs, layouts=("contiguous", "transposed", "strided", "ties"))


for size, name in ((3, "size"), ((2, 4), "sizes"), (6, "too large")):
    fractional(2, name, T(2, 3, 7, 6), kernel_size=2, output_size=size)
fractional(2, "ratio", T(3, 7, 6), kernel_size=(3, 2), output_ratio=(0.5, 0.6))
fractional(2, "neither", T(3, 7, 6), kernel_size=2)
fractional(3, "size", T(2, 3, 5, 7, 6), kernel_size=2, output_size=(2, 3, 4))
fractional(3, "ratio", T(2, 5, 7, 6), kernel_size=(1, 3, 2), output_ratio=(0.5, 0.5, 0.6))
