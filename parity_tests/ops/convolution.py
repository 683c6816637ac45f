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
