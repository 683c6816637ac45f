"""Normalisation over batches, samples, layers, groups and neighbouring channels, and the running statistics."""

from parity_tests.case import case
from parity_tests.inputs import T, V

SCALE = T(4, low=0.5, high=1.5)


def functional(op, name, *specs, make=None, **options):
    """A case of nn.functional's function of that name; `make` orders the tensors into arguments."""

    def program(lib, *tensors):
        args, keywords = make(*tensors) if make else (tensors, {})
        return getattr(lib.nn.functional, op)(*args, **keywords, **options)

    layouts = ("contiguous",) if any(s.values is not None for s in specs) else ("contiguous", "transposed", "strided")
    case(op, name, program, *specs, layouts=layouts, dtypes=("float64", "float32"))


def running(op, shape, **options):
    """Two steps with running statistics, which are results too."""

    def program(lib, x, w, b):
        mean, var = lib.zeros(4, dtype=x.dtype), lib.ones(4, dtype=x.dtype)
        for _ in range(2):
            y = getattr(lib.nn.functional, op)(x, mean, var, w, b, momentum=0.3, **options)
        return y, mean, var

    case(op, f"running {len(shape)}-d", program, T(*shape), SCALE, T(4), dtypes=("float64", "float32"),
         layouts=("contiguous", "transposed"))  # fmt: skip


def affine(x, w, b):
    return (x, None, None, w, b), {}


for shape in ((5, 4), (3, 4, 2), (2, 4, 2, 3)):
    running("batch_norm", shape, training=True)
    functional("batch_norm", f"batch {len(shape)}-d", T(*shape), SCALE, T(4), make=affine, training=True)
    functional("batch_norm", f"fixed {len(shape)}-d", T(*shape), T(4, grad=False), T(4, low=0.5, grad=False))
    functional("group_norm", f"{len(shape)}-d", T(shape[0], 4, 2, *shape[2:]), SCALE, T(4), num_groups=2,
               make=lambda x, w, b: ((x,), {"weight": w, "bias": b}))  # fmt: skip
    functional("layer_norm", f"{len(shape)}-d", T(*shape), normalized_shape=shape[1:])
running("instance_norm", (3, 4, 2), use_input_stats=True)
functional("instance_norm", "plain", T(2, 4, 3))
functional("batch_norm", "one value", T(1, 4), make=lambda x: ((x, None, None), {}), training=True)
functional("batch_norm", "no statistics", T(3, 4), make=lambda x: ((x, None, None), {}))
functional("layer_norm", "affine", T(2, 3, 4), SCALE, T(4), normalized_shape=(4,),
           make=lambda x, w, b: ((x,), {"weight": w, "bias": b}))  # fmt: skip
functional("layer_norm", "wrong shape", T(2, 3), normalized_shape=(4,))
functional("rms_norm", "weight", T(2, 3, 4), SCALE, normalized_shape=(4,), make=lambda x, w: ((x,), {"weight": w}))
functional("rms_norm", "plain", T(2, 3, 4), normalized_shape=(3, 4))
functional("group_norm", "not divisible", T(2, 4), num_groups=3)
functional("local_response_norm", "3-d", T(2, 4, 3), size=3)
functional("local_response_norm", "4-d", T(2, 4, 2, 3), size=2)

KINDS = ("float16", "float32", "float64")
VECTORS = {kind: V([0.5, 1.0, 1.5, 2.0], kind, grad=False) for kind in KINDS}
for kind in KINDS:
    for op in ("group_norm", "layer_norm", "batch_norm", "instance_norm"):
        shape = {"group_norm": {"num_groups": 2}, "layer_norm": {"normalized_shape": (4,)}, "batch_norm": {"training": True}}
        for other in (None, *KINDS):
            functional(op, f"{kind} weight, {other} bias", T(2, 4, 4), VECTORS[kind], *([VECTORS[other]] if other else []),
                       make=lambda x, w, b=None, op=op: ((x,) if op[0] in "gl" else (x, None, None), {"weight": w, "bias": b}),
                       **shape.get(op, {}))  # fmt: skip
for eps in (0.0, -1e-3):
    functional("batch_norm", f"eps {eps}", T(3, 4), make=lambda x: ((x, None, None), {}), training=True, eps=eps)
    functional("batch_norm", f"fixed, eps {eps}", T(3, 4), T(4, grad=False), T(4, low=0.5, grad=False), eps=eps)
for kind in KINDS:
    for other in KINDS:
        functional("instance_norm", f"running {kind} and {other}", T(2, 4, 3), VECTORS[kind], VECTORS[other])
        functional("batch_norm", f"running {kind} and {other}", T(2, 4, 3), VECTORS[kind], VECTORS[other])
