"""What a case's input tensors look like: shape, range, dtype, and the memory layouts every case is tried in."""

from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

SPECIAL = (0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 1e-3, float("inf"), float("-inf"), float("nan"))
LAYOUTS = ("contiguous", "transposed", "strided", "expanded", "twice", "0-d", "empty")


@dataclass(frozen=True)
class Spec:
    """One tensor: dtype None means the one under test; `values` are taken as they are, else drawn from [low, high)."""

    shape: tuple
    low: float = -2.0
    high: float = 2.0
    dtype: str | None = None
    grad: bool = True
    values: object = None

    @property
    def varies(self):
        return self.dtype is None and self.values is None


def T(*shape, **options):
    """A tensor of the dtype under test."""
    return Spec(shape, **options)


def V(values, dtype=None, **options):
    """A tensor of the values given."""
    return Spec(np.shape(values), values=values, dtype=dtype, **options)


def I(*shape, low=0, high=3):
    """An int64 tensor: indices, classes."""
    return Spec(shape, low, high, dtype="int64", grad=False)


def B(*shape):
    """A bool tensor: masks."""
    return Spec(shape, dtype="bool", grad=False)


def draw(spec, dtype, rng):
    """The values of one spec, contiguous."""
    dtype = np.dtype(spec.dtype or dtype)
    if spec.values is not None:
        return np.array(spec.values, dtype)
    if dtype.kind == "b":
        return np.asarray(rng.random(spec.shape) < 0.5)
    if dtype.kind in "iu":
        low = max(int(spec.low), 0) if dtype.kind == "u" else int(spec.low)
        return np.asarray(rng.integers(low, max(int(spec.high), low + 1), spec.shape), dtype)
    values = rng.uniform(spec.low, spec.high, spec.shape)
    if dtype.kind == "c":
        values = values + 1j * rng.uniform(spec.low, spec.high, spec.shape)
    return np.asarray(values, dtype)


def transposed(a):
    return np.ascontiguousarray(a.T).T


def strided(a):
    """Every second element of a buffer twice as wide."""
    if a.ndim == 0:
        return a
    buffer = np.zeros(a.shape[:-1] + (2 * a.shape[-1],), a.dtype)
    buffer[..., ::2] = a
    return buffer[..., ::2]


def expanded(a):
    """The first row repeated by a stride of 0."""
    if a.ndim == 0 or a.shape[0] < 2:
        return a
    row = a[0].copy()
    return np.lib.stride_tricks.as_strided(row, a.shape, (0,) + row.strides)


def ties(a, rng):
    """The same shape filled from a handful of values, so that equal neighbours are the rule."""
    return rng.integers(-1, 2, a.shape).astype(a.dtype)


def special(specs):
    """Every special value against every other: the i-th input varies along axis i of a grid."""
    axes = np.meshgrid(*[SPECIAL] * len(specs), indexing="ij")
    return [replace(s, shape=a.shape, values=a) for s, a in zip(specs, axes)]


def reshaped(specs, layout):
    """The specs of a variant that changes shapes."""
    deepest = max(len(s.shape) for s in specs)

    def shape(s):
        if not s.varies or not s.shape:
            return s
        if layout == "0-d":
            return replace(s, shape=())
        return replace(s, shape=(0,) + s.shape[1:]) if len(s.shape) == deepest else s

    return [shape(s) for s in specs]


def applies(specs, layout):
    """Whether a layout says anything new about these inputs."""
    free = [s for s in specs if s.varies]
    if layout == "contiguous":
        return True
    if layout == "twice":
        return len(free) > 1 and len({s.shape for s in free[:2]}) == 1
    if layout == "transposed":
        return any(len(s.shape) > 1 for s in free)
    if layout == "expanded":
        return any(s.shape and s.shape[0] > 1 for s in free)
    return any(s.shape for s in free)


def arrays(specs, dtype, layout, seed):
    """The arrays of a case in one layout, equal for equal arguments, and for each the index of the tensor it shares."""
    rng = np.random.default_rng(crc32(f"{dtype} {seed}".encode()))
    if layout == "special":
        specs = special(specs)
    elif layout in ("0-d", "empty"):
        specs = reshaped(specs, layout)
    values = [draw(s, dtype, rng) for s in specs]
    relayout = {"transposed": transposed, "strided": strided, "expanded": expanded, "ties": lambda a: ties(a, rng)}
    if layout in relayout:
        values = [relayout[layout](a) if s.varies else a for s, a in zip(specs, values)]
    same = list(range(len(specs)))
    if layout == "twice":
        free = [i for i, s in enumerate(specs) if s.varies]
        same = [free[0] if i in free and specs[i].shape == specs[free[0]].shape else i for i in same]
    return values, same
