"""Padding: more elements around a tensor, constant or taken from inside."""

from ..autograd.inplace import copy_
from .creation import empty
from .data import fitting
from .masking import zero
from .primitive import primitive
from .shape import slice_dim

# ---- constant -------------------------------------------------------------------------------------------------------


@primitive("ConstantPadNdBackward0")
def constant_pad_nd(xp, input, /, pad, value=0):
    """`value` around input: pad = (before, after) for the last dimension, then for the one before it, ...

    Negative numbers cut elements off instead.
    """
    sides = _sides(pad, input.ndim)
    size = [s + before + after for s, (before, after) in zip(input.shape, sides)]
    result = xp.full(size, value, dtype=input.dtype)
    target = tuple([slice(max(before, 0), s - max(after, 0)) for s, (before, after) in zip(size, sides)])
    source = tuple([slice(max(-before, 0), s - max(-after, 0)) for s, (before, after) in zip(input.shape, sides)])
    result[target] = input[source]
    return result


def _sides(pad, ndim):
    """(before, after) for every dimension, first dimension first"""
    pairs = list(zip(pad[::2], pad[1::2]))
    return [(0, 0)] * (ndim - len(pairs)) + pairs[::-1]


constant_pad_nd.vjp(input=lambda g, pad: constant_pad_nd(g, tuple(-p for p in pad), 0))

# ---- taken from inside: line i of the result is line SOURCE(i) of the input -----------------------------------------

SOURCE = {
    "replicate": lambda i, size: min(max(i, 0), size - 1),
    "reflect": lambda i, size: -i if i < 0 else 2 * (size - 1) - i if i >= size else i,
}


def _lines(kind, size, before, after):
    return [SOURCE[kind](i, size) for i in range(-before, size + after)]


def _pad_kernel(kind):
    def pad_lines(xp, input, /, pad):
        for d, (before, after) in enumerate(_sides(pad, input.ndim)):
            if before or after:
                input = xp.take(input, xp.asarray(_lines(kind, input.shape[d], before, after), dtype=xp.int64), axis=d)
        return input

    pad_lines.__name__, pad_lines.__doc__ = f"{kind}_pad", f"Lines around input, taken from inside ({kind})"
    return pad_lines


@primitive("PadBackwardBackward0")
def fold_lines(xp, g, input, /, pad, kind):
    """Every line of a padded tensor added to the line it was taken from: the adjoint of padding from inside"""
    size = input.shape
    for d, (before, after) in enumerate(_sides(pad, g.ndim)):
        if not before and not after:
            continue
        source = _lines(kind, size[d], before, after)
        lines = xp.moveaxis(g, d, 0)
        total = xp.zeros((size[d], *lines.shape[1:]), dtype=g.dtype)
        first, end = max(before, 0), before + size[d] + min(after, 0)
        if first < end:
            total[first - before : end - before] = lines[first:end]
        for i in (*range(min(first, len(source))), *range(max(first, end), len(source))):
            total[source[i]] += lines[i]
        g = xp.moveaxis(total, 0, d)
    return g


def _fold_lines_of(kind):
    return lambda g, input, pad: fold_lines(g, input, pad, kind)


PADS = {(kind, n): primitive(f"{node}Pad{n}DBackward0")(_pad_kernel(kind))
        for kind, node in (("replicate", "Replication"), ("reflect", "Reflection")) for n in (1, 2, 3)}  # fmt: skip
for (_kind, _), _op in PADS.items():
    _op.vjp(input=_fold_lines_of(_kind))
fold_lines.vjp(g=lambda g, pad, kind: PADS[kind, len(pad) // 2](g, pad),
               input=lambda g: zero(g))


def _circular(input, pad):
    """The input repeated around itself, as torch does it: the middle written first, then each side from the result"""
    shape, ndim = tuple(input.shape), input.dim()
    pairs = list(zip(pad[::2], pad[1::2]))
    sides = _sides(pad, ndim)
    size = [s + before + after for s, (before, after) in zip(shape, sides)]
    for d, (before, after) in enumerate(sides):
        if before > shape[d] or after > shape[d]:
            raise RuntimeError("Padding value causes wrapping around more than once.")
        if size[d] < 0:
            raise RuntimeError("Negative padding value is resulting in an empty dimension")
    out = empty(size, dtype=input.dtype, device=input.device)
    target, source = out, input  # the middle of the result, and what goes there
    for d, (before, after) in reversed(list(enumerate(sides))[ndim - len(pairs) :]):
        target = slice_dim(target, d, max(before, 0), size[d] - max(after, 0), 1)
        source = slice_dim(source, d, max(-before, 0), shape[d] - max(-after, 0), 1)
    copy_(target, source)
    for d, (before, after) in reversed(list(enumerate(sides))[ndim - len(pairs) :]):
        if before > 0:
            end = size[d] - max(after, 0)
            copy_(slice_dim(out, d, 0, before, 1), slice_dim(out, d, end - before, end, 1))
        if after > 0:
            start = max(before, 0)
            copy_(slice_dim(out, d, size[d] - after, size[d], 1), slice_dim(out, d, start, start + after, 1))
    return out


# ---- torch's function -----------------------------------------------------------------------------------------------

UNSUPPORTED = ("Padding size {} is not supported for {}D input tensor.\n"
               "Supported combinations for non-constant padding:\n"
               "  - 2D or 3D input: padding size = 2 (pads last dimension)\n"
               "  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n"
               "  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)")


def constant_pad(input, pad, value=0):
    """constant_pad_nd after torch's checks"""
    for size, (before, after) in zip(input.shape, _sides(pad, input.dim())):
        if -before > size or -after > size or size + min(before, 0) + min(after, 0) < 0:
            raise RuntimeError("narrow(): length must be non-negative.")
    return constant_pad_nd(input, tuple(pad), fitting(float(value or 0), input.dtype))


def pad(input, pad, mode="constant", value=None):
    """Elements around the last dimensions: constant ones, or by reflection, replication or repetition of the input"""
    pad, ndim = tuple(pad), input.dim()
    if len(pad) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if mode not in ("constant", "circular", *SOURCE):
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    if len(pad) > 2 * ndim:
        raise RuntimeError(f"Padding length should be less than or equal to two times the input dimension but got "
                           f"padding length {len(pad)} and input of dimension {ndim}")
    if mode == "constant":
        return constant_pad(input, pad, value)
    if value not in (None, 0):
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    n = len(pad) // 2
    if n in (1, 2, 3) and ndim in (n + 1, n + 2):
        if mode in SOURCE:
            _check_inside(mode, n, input, pad)
            return PADS[mode, n](input, pad)
        return _circular(input, pad)
    raise NotImplementedError(UNSUPPORTED.format(len(pad), ndim))


def _check_inside(mode, n, input, pad):
    shape = tuple(input.shape)
    if 0 in shape[-n - 1 :]:
        raise RuntimeError(f"Expected {n + 1}D or {n + 2}D (batch mode) tensor with possibly 0 batch size and other "
                           f"non-zero dimensions for input, but got: {list(shape)}")
    if mode == "reflect":
        for i in range(n):
            before, after = pad[2 * i : 2 * i + 2]
            if before >= shape[-1 - i] or after >= shape[-1 - i]:
                raise RuntimeError(f"Argument #{4 + 2 * i}: Padding size should be less than the corresponding input "
                                   f"dimension, but got: padding ({before}, {after}) at dimension {len(shape) - 1 - i} "
                                   f"of input {list(shape)}")
