"""Windows as columns and back: unfold and fold, each the other's adjoint."""

import math

from .arguments import declared
from .dims import wrap_dim
from .primitive import primitive
from .windows import from_columns, spread, to_columns, window_count


@primitive("Im2ColBackward0")
def im2col(xp, input, /, kernel, dilation, padding, stride):
    """(N, C, H, W) -> (N, C * kernel elements, windows): each window as a column; N may be missing"""
    if input.ndim == 3:
        return im2col(input[None], kernel, dilation, padding, stride)[0]
    count = window_count(input.shape[2:], kernel, stride, padding, dilation)
    return to_columns(xp, input, kernel, stride, padding, dilation, count)


@primitive("Col2ImBackward0")
def col2im(xp, input, /, size, kernel, dilation, padding, stride):
    """(N, C * kernel elements, windows) -> (N, C, H, W): columns added up where their windows lie; N may be missing"""
    if input.ndim == 2:
        return col2im(input[None], size, kernel, dilation, padding, stride)[0]
    count = window_count(size, kernel, stride, padding, dilation)
    return from_columns(xp, input, size, kernel, stride, padding, dilation, count)


im2col.vjp(input=lambda g, input_shape, kernel, dilation, padding, stride:
           col2im(g, tuple(input_shape[-2:]), kernel, dilation, padding, stride))
col2im.vjp(input=lambda g, kernel, dilation, padding, stride: im2col(g, kernel, dilation, padding, stride))


def _pair(name, value):
    value = spread(value, 2)
    if len(value) != 2:
        raise RuntimeError(f"It is expected {name} equals to 2, but got size {len(value)}")
    return value


def _options(kernel_size, dilation, padding, stride):
    kernel, dilation, padding, stride = (_pair(*item) for item in (
        ("kernel_size", kernel_size), ("dilation", dilation), ("padding", padding), ("stride", stride)))
    for what, prefix, values, least in (("kernel size", "kernel", kernel, 1), ("dilation", "dilation", dilation, 1),
                                        ("padding", "pad", padding, 0), ("stride", "stride", stride, 1)):
        if min(values) < least:
            raise RuntimeError(f"{what} should be {'greater than zero' if least else 'non-negative'}, but got "
                               f"{prefix}_height: {values[0]} {prefix}_width: {values[1]}")
    return kernel, dilation, padding, stride


@declared("im2col(Tensor input, pair of ints kernel_size, pair of ints dilation, pair of ints padding, pair of ints stride)")
def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    """Each window of (N, C, H, W) or (C, H, W) as a column.  Raises RuntimeError if no window fits."""
    shape = tuple(input.shape)
    if not shape:
        raise IndexError("Dimension specified as -1 but tensor has no dimensions")
    for dim in (1, 2):
        wrap_dim(dim, len(shape))
    kernel, dilation, padding, stride = _options(kernel_size, dilation, padding, stride)
    if len(shape) not in (3, 4) or 0 in shape[-3:]:
        raise RuntimeError(f"Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero "
                           f"dimensions for input, but got: {list(shape)}")
    count = window_count(shape[-2:], kernel, stride, padding, dilation)
    if min(count) < 1:
        raise RuntimeError(f"Given input with spatial size {shape[-2:]}, kernel_size={kernel}, dilation={dilation}, "
                           f"padding={padding}, calculated shape of the array of sliding blocks as {count}, but its "
                           f"components must be at least one.")
    return im2col(input, kernel, dilation, padding, stride)


@declared("col2im(Tensor input, pair of ints output_size, pair of ints kernel_size, pair of ints dilation, "
          "pair of ints padding, pair of ints stride)")  # fmt: skip
def fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1):
    """Columns added up where their windows lie, in (N, C, *output_size): the adjoint of unfold"""
    size = _pair("output_size", output_size)
    kernel, dilation, padding, stride = _options(kernel_size, dilation, padding, stride)
    shape = tuple(input.shape)
    if len(shape) not in (2, 3) or 0 in shape[-2:]:
        raise RuntimeError(f"Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero "
                           f"dimensions for input, but got: {list(shape)}")
    first = len(shape) - 2
    if shape[first] % math.prod(kernel):
        raise RuntimeError(f"Expected size of input's dimension 1 to be divisible by the product of kernel_size, but "
                           f"got input.size(1)={shape[first]} and kernel_size={kernel}.")
    count = window_count(size, kernel, stride, padding, dilation)
    if math.prod(count) != shape[-1]:
        raise RuntimeError(f"Given output_size={size}, kernel_size={kernel}, dilation={dilation}, padding={padding}, "
                           f"stride={stride}, expected size of input's dimension 2 to match the calculated number of "
                           f"sliding blocks {count[0]} * {count[1]} = {math.prod(count)}, but got "
                           f"input.size(2)={shape[-1]}.")
    return col2im(input, size, kernel, dilation, padding, stride)
