"""Programs for derivative formulas that no other case reaches (`python -m parity_tests.mutants` lists such)."""

from parity_tests.case import FLOATS, case
from parity_tests.inputs import T

POSITIVE = {"low": 0.5, "high": 2.5}
NUMBERS = {
    "clamp_max": lambda lib, x: lib.clamp_max(x, 0.5),
    "copysign": lambda lib, x: lib.copysign(x, -1.5),
    "fmod": lambda lib, x: lib.fmod(x, 1.5),
    "remainder": lambda lib, x: (x % 1.5, lib.remainder(2.5, x)),
    "floor_divide": lambda lib, x: (x // 2, 2.5 // x),
}
for name, program in NUMBERS.items():
    case(name, "with a number", program, T(2, 3, **POSITIVE), dtypes=FLOATS[:2])
case("view", "own dtype", lambda lib, x: x.view(x.dtype), T(2, 3), dtypes=FLOATS[:2])
case("div", "rounding None", lambda lib, x, y: lib.div(x, y, rounding_mode=None), T(2, 3), T(2, 3, **POSITIVE))
case("heaviside", "tensors", lambda lib, x, y: lib.heaviside(x, y), T(2, 3), T(2, 3), kinks="ties", dtypes=FLOATS[:2])
case("normal", "of tensors", lambda lib, x, y: (lib.manual_seed(1), lib.normal(x, y))[1], T(2, 3), T(2, 3, **POSITIVE),
     layouts=("contiguous",), dtypes=FLOATS[:2])  # fmt: skip

for mode in ("reflect", "replicate", "circular"):
    case("pad", f"{mode}, three dimensions", lambda lib, x, m=mode: lib.nn.functional.pad(x, (1, 1, 0, 1, 1, 0), mode=m),
         T(1, 2, 2, 3, 3), dtypes=FLOATS[:2], layouts=("contiguous", "transposed"))  # fmt: skip
ENLARGED = {
    **{f"{mode}, three dimensions": (T(1, 2, 2, 3, 4), {"size": (3, 2, 5), "mode": mode})
       for mode in ("nearest", "nearest-exact", "trilinear", "area")},
    **{f"{mode}, antialias": (T(1, 2, 5, 7), {"size": (3, 2), "mode": mode, "antialias": True})
       for mode in ("bilinear", "bicubic")},
}  # fmt: skip
for title, (spec, options) in ENLARGED.items():
    case("interpolate", title, lambda lib, x, o=options: lib.nn.functional.interpolate(x, **o), spec, dtypes=FLOATS[:2],
         layouts=("contiguous",), strides=False)  # fmt: skip
for mode in ("bilinear", "nearest"):
    case("grid_sample", f"{mode}, three dimensions",
         lambda lib, x, g, m=mode: lib.nn.functional.grid_sample(x, g, mode=m, align_corners=False),
         T(1, 2, 2, 3, 3), T(1, 2, 2, 2, 3, low=-0.9, high=0.9), dtypes=FLOATS[:2], layouts=("contiguous",),
         strides=False)  # fmt: skip
case("affine_grid", "three dimensions", lambda lib, t: lib.nn.functional.affine_grid(t, (1, 1, 2, 3, 2), align_corners=False),
     T(1, 3, 4), dtypes=FLOATS[:2], layouts=("contiguous",), strides=False)  # fmt: skip
case("cdist", "by matrix products", lambda lib, x, y: lib.cdist(x, y, compute_mode="use_mm_for_euclid_dist"), T(4, 3), T(5, 3),
     dtypes=FLOATS[:1], layouts=("contiguous", "transposed"))  # fmt: skip
