"""Two-dimensional convolution: stride, padding, dilation, groups, no bias, and its errors."""

from parity_tests.case import FLOATS, case
from parity_tests.inputs import T, V

FEW = ("contiguous", "transposed", "strided", "expanded", "empty", "0-d")
OPTIONS = {
    "plain": {},
    "stride 2": {"stride": 2},
    "stride pair": {"stride": (2, 1)},
    "padding 1": {"padding": 1},
    "padding pair": {"padding": (0, 2)},
    "dilation 2": {"dilation": 2},
    "padding same": {"padding": "same"},
    "padding valid": {"padding": "valid"},
    "all": {"stride": (2, 1), "padding": (1, 2), "dilation": (1, 2)},
    "negative padding": {"padding": -1},
    "stride 0": {"stride": 0},
    "same, stride 2": {"padding": "same", "stride": 2},
    "unknown padding": {"padding": "full"},
    "stride of three": {"stride": (1, 1, 1)},
}
NARROW = {"float16": (2e-2, 1e-2, "torch rounds partial sums of half convolutions at places its library chooses")}


def conv2d(lib, *args, **options):
    return lib.nn.functional.conv2d(*args, **options)


for title, options in OPTIONS.items():
    case(
        "conv2d",
        title,
        lambda lib, x, w, b, o=options: conv2d(lib, x, w, b, **o),
        T(2, 2, 6, 5),
        T(3, 2, 3, 2),
        T(3),
        layouts=FEW,
        dtypes=FLOATS,
        tolerance=NARROW,
        strides=False,
    )
for title, (x, w, b, options) in {
    "groups": ((2, 4, 5, 5), (6, 2, 3, 3), (6,), {"groups": 2}),
    "depthwise": ((1, 3, 5, 5), (3, 1, 3, 3), (3,), {"groups": 3}),
    "unbatched": ((2, 5, 5), (3, 2, 3, 3), (3,), {}),
    "kernel 1": ((2, 2, 3, 3), (4, 2, 1, 1), (4,), {}),
    "kernel of the image": ((1, 2, 3, 3), (2, 2, 3, 3), (2,), {}),
    "no images": ((0, 2, 4, 4), (3, 2, 3, 3), (3,), {}),
    "lenet first": ((1, 1, 12, 12), (6, 1, 3, 3), (6,), {}),
    "bad channels": ((2, 3, 5, 5), (3, 2, 3, 3), (3,), {}),
    "kernel too large": ((1, 2, 2, 2), (3, 2, 3, 3), (3,), {}),
    "bad bias": ((1, 2, 5, 5), (3, 2, 3, 3), (2,), {}),
    "3-d weight": ((1, 2, 5, 5), (3, 2, 3), (3,), {}),
    "2-d input": ((5, 5), (3, 2, 3, 3), (3,), {}),
    "5-d input": ((1, 1, 2, 5, 5), (3, 2, 3, 3), (3,), {}),
    "bad groups": ((1, 4, 5, 5), (3, 2, 3, 3), (3,), {"groups": 2}),
    "groups 0": ((1, 4, 5, 5), (3, 4, 3, 3), (3,), {"groups": 0}),
}.items():
    case(
        "conv2d",
        title,
        lambda lib, x, w, b, o=options: conv2d(lib, x, w, b, **o),
        T(*x),
        T(*w),
        T(*b),
        layouts=("contiguous", "transposed"),
        dtypes=FLOATS[:2],
        strides=False,
    )
case(
    "conv2d",
    "no bias",
    lambda lib, x, w: conv2d(lib, x, w),
    T(2, 2, 5, 5),
    T(3, 2, 3, 3),
    layouts=FEW,
    dtypes=FLOATS[:2],
    strides=False,
)
case(
    "conv2d",
    "dtypes",
    lambda lib, x, w: conv2d(lib, x, w),
    T(1, 1, 2, 2),
    V([[[[1.0]]]], "float32"),
    dtypes=("float64",),
    layouts=("contiguous",),
)
case(
    "conv2d",
    "integers",
    lambda lib, x, w: conv2d(lib, x, w),
    T(1, 1, 3, 3),
    T(1, 1, 2, 2),
    dtypes=("int64",),
    layouts=("contiguous",),
)
case(
    "conv2d",
    "relu and pool after",
    lambda lib, x, w, b: lib.nn.functional.max_pool2d(lib.nn.functional.relu(conv2d(lib, x, w, b)), 2),
    T(1, 1, 8, 8),
    T(2, 1, 3, 3),
    T(2),
    layouts=("contiguous",),
    dtypes=FLOATS[:2],
)
BLOCKS = {  # other convolutions: the function's name, the sizes of input, weight and bias, and options
    "conv1d": ((2, 2, 7), (4, 2, 3), (4,), ({}, {"stride": 2, "padding": 1}, {"dilation": 2}, {"padding": "same"})),
    "conv3d": ((1, 2, 4, 3, 5), (2, 2, 2, 2, 3), (2,), ({}, {"stride": (1, 2, 1), "padding": (1, 0, 1)})),
    "conv_transpose1d": ((2, 3, 4), (3, 2, 3), (2,), ({}, {"stride": 2, "output_padding": 1}, {"stride": 0})),
    "conv_transpose2d": (
        (2, 4, 3, 3), (4, 2, 3, 2), (4,),
        ({"groups": 2}, {"groups": 2, "stride": 2, "padding": 1}, {"groups": 2, "dilation": 2, "output_padding": 1},
         {"output_padding": 1}, {"padding": "same"}),
    ),
    "conv_transpose3d": ((1, 2, 2, 3, 2), (2, 2, 2, 2, 2), (2,), ({}, {"stride": 2, "padding": 1})),
}  # fmt: skip
for name, (x, w, b, choices) in BLOCKS.items():
    for options in choices:
        case(
            name,
            str(options),
            lambda lib, x, w, b, f=name, o=options: getattr(lib.nn.functional, f)(x, w, b, **o),
            T(*x), T(*w), T(*b), layouts=("contiguous", "transposed", "strided"), dtypes=FLOATS[:2], strides=False,
        )  # fmt: skip
WINDOWS = ({"kernel_size": 2}, {"kernel_size": (3, 2), "stride": 2, "padding": 1},
           {"kernel_size": 2, "dilation": (2, 1)}, {"kernel_size": 9}, {"kernel_size": 0},
           {"kernel_size": 2, "padding": -1})  # fmt: skip
for options in WINDOWS:
    case("unfold", str(options), lambda lib, x, o=options: lib.nn.functional.unfold(x, **o), T(2, 2, 5, 6),
         strides=False)
case("fold", "overlapping", lambda lib, x: lib.nn.functional.fold(x, (4, 5), 2), T(2, 8, 12), strides=False)
case("fold", "unbatched", lambda lib, x: lib.nn.functional.fold(x, (4, 4), 2, stride=2), T(4, 4), strides=False)
case("fold", "too few columns", lambda lib, x: lib.nn.functional.fold(x, (4, 5), 2), T(2, 8, 11))
CORNERS = {"float16": (1e-2, 2e-2, "torch adds up in half what corners were copied to, in another order")}
for pad, mode in [((1, 2), "constant"), ((-1, 2, 0, 1), "constant"), ((1,), "constant"), ((2, 1, 1, 0), "reflect"),
                  ((9, 1, 0, 0), "reflect"), ((1, 1), "reflect"), ((2, 1, 0, 3), "replicate"), ((1, 1), "unknown")]:
    case("pad", f"{pad} {mode}", lambda lib, x, p=pad, m=mode: lib.nn.functional.pad(x, p, m), T(2, 3, 4, 5),
         strides=False, tolerance=CORNERS)
for mode in ("nearest", "nearest-exact", "bilinear", "bicubic", "area", "linear", "unknown"):
    for options in ({"size": (3, 8)}, {"scale_factor": 1.7}, {"scale_factor": (0.6, 2.0)}, {"size": 0}, {}):
        case(
            "interpolate",
            f"{mode} {options}",
            lambda lib, x, m=mode, o=options: lib.nn.functional.interpolate(x, mode=m, **o),
            T(2, 2, 4, 6), layouts=("contiguous", "transposed"), dtypes=FLOATS[:2], strides=False,
        )  # fmt: skip
for mode in ("bilinear", "nearest", "bicubic"):
    for padding in ("zeros", "border", "reflection"):
        case(
            "grid_sample",
            f"{mode} {padding}",
            lambda lib, x, g, m=mode, p=padding: lib.nn.functional.grid_sample(x, g, m, p, align_corners=False),
            T(2, 2, 4, 5), T(2, 3, 2, 2), layouts=("contiguous",), dtypes=FLOATS[:2], strides=False,
        )  # fmt: skip
for size, theta in (((2, 1, 3, 4), (2, 2, 3)), ((1, 1, 2, 3, 2), (1, 3, 4)), ((2, 1, 3), (2, 2, 3))):
    for align in (False, True):
        case(
            "affine_grid",
            f"{size} {align}",
            lambda lib, x, s=size, a=align: lib.nn.functional.affine_grid(x, s, align_corners=a),
            T(*theta), dtypes=FLOATS[:2], strides=False, graph=False,
        )  # fmt: skip
for name in ("pixel_shuffle", "pixel_unshuffle", "channel_shuffle"):
    for factor in (2, 3, 0):
        case(name, str(factor), lambda lib, x, f=name, r=factor: getattr(lib.nn.functional, f)(x, r), T(1, 4, 4, 6),
             layouts=("contiguous", "transposed", "strided", "0-d"), strides=False)
