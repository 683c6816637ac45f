"""Max and average pooling: each window of the input becomes one number.

Windows are those of windows.py over the last dimensions.  `geometry` is (kernel, stride, padding, dilation, count).
"""

import functools
import math

from ..dtypes import SCALAR_TYPE
from ..tensor import Tensor
from . import checks
from .masking import zero
from .primitive import primitive
from .shape import squeeze_dim, unsqueeze_dim
from .windows import offsets, padded, runs, spread, window_count

# ---- the windows of a pooling ---------------------------------------------------------------------------------------


class Geometry(tuple):
    """(kernel, stride, padding, dilation, count), for inputs whose last dimensions have `size`

    `asked` is what it was given: a stride, () if none, and ceil_mode.
    """

    def __new__(cls, size, kernel, stride, padding, dilation, count, asked):
        geometry = super().__new__(cls, (kernel, stride, padding, dilation, count))
        geometry.size, geometry.asked = size, asked
        return geometry

    @functools.cached_property
    def after(self):
        """How far the last windows reach beyond the input"""
        return tuple([max((c - 1) * s + d * (k - 1) + 1 - p - size, 0) for size, k, s, p, d, c in zip(self.size, *self)])

    @functools.cached_property
    def places(self):
        """For each position in the window, the index of what all windows have there"""
        kernel, stride, _, dilation, count = self
        return [index for _, index in offsets(kernel, stride, dilation, count)]

    @functools.cached_property
    def lines(self):
        """The same along one dimension, for each dimension"""
        return [[(..., slice(k * d, k * d + (c - 1) * s + 1, s), *(slice(None),) * later) for k in range(kernel)]
                for later, kernel, s, _, d, c in zip(reversed(range(len(self.size))), *self)]

    @functools.cached_property
    def overlapping(self):
        """Whether an element can lie in several windows"""
        kernel, stride, _, dilation, _ = self
        return any(d * (k - 1) >= s for k, s, d in zip(kernel, stride, dilation))


geometry_of = functools.lru_cache(maxsize=256)(Geometry)  # one for all calls that agree


def parts_of(xp, input, geometry, outside):
    """For each position in the window, what all windows have there; beyond the input that is `outside`"""
    field = padded(xp, input, geometry[2], geometry.after, outside)
    return [field[place] for place in geometry.places]


# ---- max pooling ----------------------------------------------------------------------------------------------------


def _max_pool(xp, input, /, geometry):
    """The largest element of each window, one dimension after the other; nan is larger than any number"""
    lowest = -math.inf if input.dtype.kind == "f" else xp.iinfo(input.dtype).min
    best = padded(xp, input, geometry[2], geometry.after, lowest)
    for first, *rest in geometry.lines:
        found = xp.maximum(best[first], best[rest[0]]) if rest else best[first]
        for line in rest[1:]:
            xp.maximum(found, best[line], out=found)
        best = found
    return best if geometry[0][-1] > 1 else best.copy()


@primitive()
def index_of_max(xp, input, best, /, geometry):
    """Where in the flattened plane `best` of each window is: the first place of several, of several nan the last"""
    floating = input.dtype.kind == "f"
    parts = parts_of(xp, input, geometry, math.nan if floating else xp.iinfo(input.dtype).min)
    missing = parts[0] != best if len(parts) > 1 else xp.zeros(best.shape, dtype=bool)
    as_number = missing.view(xp.int8)
    position = as_number.astype(xp.int8 if len(parts) < 128 else xp.int32)
    for part in parts[1:-1]:
        missing &= part != best
        position += as_number
    if floating and xp.may_hold_nan(best):
        for i, part in enumerate(parts_of(xp, input, geometry, 0)):
            xp.copyto(position, i, where=xp.isnan(part))
    starts, steps = _in_plane(xp, input.shape, geometry)
    index = steps.take(position)
    index += starts
    return index


@functools.lru_cache(maxsize=64)
def _in_plane(xp, shape, geometry):
    """Where each window starts in the flattened plane, and how far behind that each of its positions lies"""
    kernel, stride, padding, dilation, count = geometry
    index, size = xp.zeros((), dtype=xp.int64), shape[-len(kernel) :]
    for s, step, p, c in zip(size, stride, padding, count):
        index = index[..., None] * s + (xp.arange(c) * step - p)
    return index, xp.asarray(runs(size, kernel, dilation))


@functools.lru_cache(maxsize=64)
def _planes(xp, size, n):
    """The index in memory at which each plane, the last n dimensions of `size`, starts"""
    planes = math.prod(size[:-n])
    return (xp.arange(planes) * math.prod(size[-n:])).reshape(*size[:-n], *(1,) * n)


@primitive("MaxPoolBackwardBackward0")
def put_in_plane(xp, g, input, index, /, n, overlapping):
    """Zeros like input, plus each element of g at its index in the flattened last n dimensions"""
    result, where = xp.zeros(input.shape, dtype=g.dtype), (index + _planes(xp, input.shape, n)).reshape(-1)
    if overlapping:
        xp.scatter_add(result.reshape(-1), where, g.reshape(-1))
    else:
        result.reshape(-1)[where] = g.reshape(-1)
    return result


@primitive("MaxPoolBackwardBackward0")
def take_from_plane(xp, input, index, /, n, overlapping):
    """For each index the element there in the flattened last n dimensions: the adjoint of put_in_plane"""
    return input.reshape(-1).take(index + _planes(xp, input.shape, n))


put_in_plane.vjp(g=lambda g, index, n, overlapping: take_from_plane(g, index, n, overlapping),
                 input=lambda g: zero(g))
take_from_plane.vjp(input=lambda g, input, index, n, overlapping: put_in_plane(g, input, index, n, overlapping))


def _spread_max(g, input, best, /, geometry):
    """Zeros like input, plus each element of g where the largest of its window is"""
    return put_in_plane(g, input, index_of_max(input, best, geometry), len(geometry[0]), geometry.overlapping)


def _max_pooling(n):
    """The op that pools over the last n dimensions, with its derivatives"""
    pool = primitive(f"MaxPool{n}DWithIndicesBackward0")(_max_pool)
    spread = primitive(f"MaxPool{n}DWithIndicesBackwardBackward0")(_spread_max)

    def largest(input, out_unwritten, geometry):
        """The result of the pooling, computed once more if it was written to"""
        out = out_unwritten()
        return pool(getattr(input, "_data", input), geometry) if out is None else out

    pool.vjp(input=lambda g, input, out_unwritten, geometry:
             spread(g, input, largest(input, out_unwritten, geometry), geometry))
    spread.vjp(g=lambda g, input, best, geometry:
                   take_from_plane(g, index_of_max(input, best, geometry), n, geometry.overlapping),
               input=lambda g: zero(g))  # fmt: skip
    pool.shows(result1=lambda input, out_unwritten, geometry:
               index_of_max(input, largest(input, out_unwritten, geometry), geometry),
               stride=lambda geometry: geometry.asked[0], ceil_mode=lambda geometry: geometry.asked[1])
    return pool


max_pool_2d, max_pool_3d = map(_max_pooling, (2, 3))


def _with_indices(out, input, geometry):
    return out, index_of_max(input.detach(), out.detach(), geometry)


def max_pool2d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    """The largest element of each window, and with return_indices its index in the plane.  nan counts as largest"""
    geometry = _geometry("max_pool2d", 2, input, kernel_size, stride, padding, dilation, ceil_mode)
    out = max_pool_2d(input, geometry)
    return _with_indices(out, input, geometry) if return_indices else out


def max_pool3d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    """The largest element of each window, and with return_indices its index in the volume.  nan counts as largest"""
    geometry = _geometry("max_pool3d", 3, input, kernel_size, stride, padding, dilation, ceil_mode)
    out = max_pool_3d(input, geometry)
    return _with_indices(out, input, geometry) if return_indices else out


def max_pool1d_with_indices(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    """The largest element of each window of a (N, C, L) or (C, L) input, and its index"""
    if isinstance(input, Tensor) and input.dim() not in (2, 3):
        raise RuntimeError(f"Expected 2 to 3 dimensions, but got {input.dim()}-dimensional tensor for argument #1 "
                           f"'self' (while checking arguments for max_pool1d)")
    stride = kernel_size if stride in (None, [], ()) else stride
    options = {"kernel_size": kernel_size, "stride": stride, "padding": padding, "dilation": dilation}
    for position, (what, value) in enumerate(options.items(), 2):
        if isinstance(value, float):
            raise TypeError(f"max_pool1d_with_indices(): argument '{what}' (position {position}) must be tuple of "
                            f"ints, not float")
        if isinstance(value, (tuple, list)) and len(value) != 1:
            raise RuntimeError(f"max_pool1d() argument '{what}' should contain one int (got {len(value)})")
    row = [(a, *spread(value, 1)) for a, value in zip((1, 1, 0, 1), options.values())]
    out, index = max_pool2d(unsqueeze_dim(input, input.dim() - 1), *row, ceil_mode, True)
    return squeeze_dim(out, out.dim() - 2), squeeze_dim(index, index.dim() - 2)


def max_pool1d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
    """The largest element of each window of a (N, C, L) or (C, L) input, and with return_indices its index"""
    if not return_indices:
        _check_max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode)
    out, index = max_pool1d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode)
    return (out, index) if return_indices else out


def _check_max_pool1d(input, kernel_size, stride, padding, dilation, ceil_mode):
    if not isinstance(input, Tensor):
        raise TypeError(f"max_pool1d(): argument 'input' (position 1) must be Tensor, not {checks.type_name(input)}")
    shape = list(input.shape)
    if len(shape) not in (2, 3) or 0 in shape[-2:]:
        raise RuntimeError(f"max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for "
                           f"input, but got:{shape}")
    stride = kernel_size if stride in (None, [], ()) else stride
    options = {"kernel_size": kernel_size, "stride": stride, "padding": padding, "dilation": dilation}
    for position, (what, value) in enumerate(options.items(), 2):
        if isinstance(value, float):
            raise TypeError(f"max_pool1d(): argument '{what}' (position {position}) must be tuple of ints, not float")
        if isinstance(value, (tuple, list)) and len(value) != 1:
            kinds = {"kernel_size": "an int, list of ints or", "stride": "None, an int, list of ints, or",
                     "padding": "an int, list of ints, or", "dilation": "an int, list of ints or"}[what]
            raise RuntimeError(f"max_pool1d() {what} must be {kinds} tuple of ints of size 1 but got size {len(value)}")
    kernel, step, pad, apart = (spread(value, 1)[0] for value in options.values())
    for what, value, least in (("kernel_size", kernel, 1), ("stride", step, 1), ("padding", pad, 0),
                               ("dilation", apart, 1)):
        if value < least:
            kind = "greater than zero, but" if least else "non-negative, but"
            raise RuntimeError(f"max_pool1d() {what} must be {kind} got {value}")
    if pad > kernel // 2:
        raise RuntimeError(f"max_pool1d() padding should be at most half of kernel size, but got padding={pad} and "
                           f"kernel_size={kernel}")
    count, = count_windows(tuple(shape[-1:]), (kernel,), (step,), (pad,), (apart,), ceil_mode)
    if count <= 0:
        raise RuntimeError(f"max_pool1d() Invalid computed output size: {count}")
    if input._data.dtype.kind in "biu":
        raise NotImplementedError(f"\"max_pool1d_impl\" not implemented for '{SCALAR_TYPE[input.dtype]}'")


# ---- arguments ------------------------------------------------------------------------------------------------------


USUAL = {int, tuple, type(None)}  # types of options; a list has to become a tuple


def _geometry(name, n, input, kernel, stride, padding, dilation, ceil_mode):
    """(kernel, stride, padding, dilation, count) after torch's checks"""
    if not isinstance(input, Tensor):
        raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {checks.type_name(input)}")
    options = kernel, stride, padding, dilation
    if not USUAL.issuperset(map(type, options)):
        options = [tuple(value) if isinstance(value, list) else value for value in options]
    return _geometry_of_size(name, n, tuple(input._data.shape), input._data.dtype.kind == "b", *options, ceil_mode)


@functools.lru_cache(maxsize=256, typed=True)
def _geometry_of_size(name, n, size, of_bools, kernel, stride, padding, dilation, ceil_mode):
    """The same, once for all inputs of that size"""
    kernel, step, padding = window_options(name, n, kernel, stride, padding)
    dilation = _numbers(name, "dilation", dilation, n, "must be either")
    if len(size) not in (n + 1, n + 2):
        raise RuntimeError(f"non-empty {n + 1}D or {n + 2}D (batch mode) tensor expected for input")
    check_windows(n, kernel, step, padding, dilation)
    if of_bools:
        raise NotImplementedError(f"\"{name}\" not implemented for 'Bool'")
    count = count_windows(size[-n:], kernel, step, padding, dilation, ceil_mode)
    check_size(name, n, size, count)
    return geometry_of(size[-n:], kernel, step, padding, dilation, count, (as_asked(stride, n), ceil_mode))


def window_options(name, n, kernel, stride, padding):
    """kernel, stride (the kernel by default) and padding as n numbers each"""
    kernel = _numbers(name, "kernel_size", kernel, n, "must either be")
    if stride in (None, [], ()):
        stride = kernel
    else:
        stride = _numbers(name, "stride", stride, n, "must either be omitted,")
    return kernel, stride, _numbers(name, "padding", padding, n, "must either be")


def as_asked(stride, n):
    """A stride as torch's nodes show it: () where none was given"""
    return () if stride in (None, [], ()) else spread(stride, n)


def _numbers(name, what, value, n, must):
    if isinstance(value, float):
        position = {"kernel_size": 2, "stride": 3, "padding": 4, "dilation": 5}[what]
        raise TypeError(f"{name}(): argument '{what}' (position {position}) must be tuple of ints, not float")
    value = spread(value, n)
    if len(value) != n:
        words = {2: "two", 3: "three"}[n]
        raise RuntimeError(f"{name}: {what} {must} a single int, or a tuple of {words} ints")
    return value


def check_windows(n, kernel, stride, padding, dilation):
    if 0 in stride:
        raise RuntimeError("stride should not be zero")
    for p, k, d in zip(padding, kernel, dilation):
        if p < 0:
            raise RuntimeError(f"pad must be non-negative, but got pad: {p}")
        if p > ((k - 1) * d + 1) // 2:
            raise RuntimeError(f"pad should be at most half of effective kernel size, but got pad={p}, kernel_size={k} "
                               f"and dilation={d}")
    for what, symbol, values in (("kernel size", "k", kernel), ("stride", "d", stride),
                                 ("dilation", "dilation", dilation)):
        if min(values) <= 0:
            axes = "THW"[-n:] if symbol != "dilation" else ("_depth", "_height", "_width")[-n:]
            said = " ".join(f"{symbol}{axis}: {v}" for axis, v in zip(axes, values))
            raise RuntimeError(f"{what} should be greater than zero, but got {said}")


def count_windows(size, kernel, stride, padding, dilation, ceil_mode):
    """How many windows there are; in ceil mode also those that begin inside and reach beyond the end"""
    if not ceil_mode:
        return window_count(size, kernel, stride, padding, dilation)
    count = [-(-(s + 2 * p - d * (k - 1) - 1) // step) + 1
             for s, k, step, p, d in zip(size, kernel, stride, padding, dilation)]
    return tuple(c - 1 if (c - 1) * step >= s + p else c for c, s, step, p in zip(count, size, stride, padding))


def check_size(name, n, size, count):
    if 0 in size[-n:] or size[-n - 1] == 0:
        if n == 2:
            raise RuntimeError(f"Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but "
                               f"got:{list(size)}")
        function = {"max_pool3d": "max_pool3d_with_indices_out_cpu_template()"}.get(name, f"{name}()")
        raise RuntimeError(f"{function}: Expected input's non-batch dimensions to have positive length, but input has "
                           f"a shape of {list(size)} and non-batch dimension 0 has length zero!")
    if min(count) < 1:
        channels = size[-n - 1]
        raise RuntimeError(f"Given input size: ({'x'.join(map(str, (channels, *size[-n:])))}). Calculated output size: "
                           f"({'x'.join(map(str, (channels, *count)))}). Output size is too small")
