"""Convolution in one, two and three dimensions, plain and transposed.

Three ops are each other's derivatives: a convolution, the transposed convolution (its adjoint in the input), and the
correlation of input and output that gives the gradient of the weight.
"""

import functools
import math
import warnings

from ..dtypes import SCALAR_TYPE, complex64, complex128, float16, int64
from ..tensor import Tensor
from . import checks
from .padding import constant_pad, constant_pad_nd
from .primitive import primitive
from .reduction import sum_dims
from .shape import squeeze_dim, unsqueeze_dim
from .windows import (
    covered,
    from_columns,
    from_wide_columns,
    padded,
    spread,
    to_columns,
    window_count,
    without_padding,
)

# ---- the ops --------------------------------------------------------------------------------------------------------


@primitive("ConvolutionBackward0")
def convolve(xp, input, weight, bias, /, stride, padding, dilation, transposed, output_padding, groups):
    """out[n, o, p] = bias[o] + sum over c, k of weight[o, c, k] * input[n, c, p * stride + k * dilation - padding]

    Transposed, the roles of input and output are exchanged: every input element spreads over the window it stands for.
    """
    if input.dtype.itemsize == 2 and input.dtype.kind == "f":
        wide = [None if x is None else x.astype(xp.float32) for x in (input, weight, bias)]
        return convolve(*wide, stride, padding, dilation, transposed, output_padding, groups).astype(input.dtype)
    compute = _spread_windows if transposed else _gather_windows
    result = compute(xp, input, weight, stride, padding, dilation, output_padding, groups)
    if bias is not None:
        result += bias.reshape(-1, *(1,) * len(stride))
    return result


def _gather_windows(xp, input, weight, stride, padding, dilation, output_padding, groups):
    kernel = weight.shape[2:]
    count = window_count(input.shape[2:], kernel, stride, padding, dilation)
    columns = to_columns(xp, input, kernel, stride, padding, dilation, count)
    matrix = weight.reshape(weight.shape[0], -1)
    alone = input.shape[0] == groups == 1  # one product: dot takes less time to begin than matmul
    out = matrix.dot(columns[0]) if alone else xp.matmul(*_grouped(matrix, columns, groups))
    return out.reshape(input.shape[0], weight.shape[0], *count)


def _spread_windows(xp, input, weight, stride, padding, dilation, output_padding, groups):
    kernel, count, n, channels = weight.shape[2:], input.shape[2:], input.shape[0], weight.shape[1] * groups
    size, field, missing = _fields(count, kernel, stride, padding, dilation, output_padding)
    dense = max(stride) == 1
    if dense:
        input = padded(xp, input, (0,) * len(count), missing)
    rows = input.reshape(*input.shape[:2], math.prod(input.shape[2:]))
    matrix, rows = _grouped(weight.reshape(weight.shape[0], -1), rows, groups)
    matrix = xp.swapaxes(matrix, -1, -2)
    if dense:
        result = from_wide_columns(xp, matrix, rows, field, kernel, dilation).reshape(n, channels, *field)
        return without_padding(result, size, padding)
    columns = xp.matmul(matrix, rows).reshape(n, channels * math.prod(kernel), rows.shape[-1])
    return from_columns(xp, columns, size, kernel, stride, padding, dilation, count)


@functools.lru_cache(maxsize=256)
def _fields(count, kernel, stride, padding, dilation, output_padding):
    """The result's size without and with padding, and how much longer a window row would be if windows lay everywhere"""
    size = tuple([c + extra for c, extra in zip(covered(count, kernel, stride, padding, dilation), output_padding)])
    field = tuple([s + 2 * p for s, p in zip(size, padding)])
    return size, field, (0, *[f - c for f, c in zip(field, count)][1:])


def _grouped(matrix, rows, groups):
    """The weight's matrix and the rows (N, channels, L) with a dimension for the groups, if there are several"""
    if groups == 1:
        return matrix, rows
    n, channels, length = rows.shape
    return (matrix.reshape(groups, matrix.shape[0] // groups, -1),
            rows.reshape(n, groups, channels // groups, length))


@primitive("ConvolutionWeightBackward0")
def correlate(xp, input, output, /, kernel, stride, padding, dilation, groups):
    """weight[o, c, k] = sum over n, p of output[n, o, p] * input[n, c, p * stride + k * dilation - padding]"""
    if input.dtype.itemsize == 2 and input.dtype.kind == "f":
        wide = correlate(input.astype(xp.float32), output.astype(xp.float32), kernel, stride, padding, dilation, groups)
        return wide.astype(input.dtype)
    n, channels, count = *output.shape[:2], output.shape[2:]
    columns = to_columns(xp, input, kernel, stride, padding, dilation, count)
    size = channels, input.shape[1] // groups, *kernel
    if not n or not columns.size:
        return xp.zeros(size, dtype=input.dtype)
    if n == groups == 1:
        return output.reshape(channels, -1).dot(columns[0].swapaxes(0, 1)).reshape(size)
    rows = output.reshape(n, groups, channels // groups, math.prod(count))
    columns = columns.reshape(n, groups, -1, math.prod(count))
    products = xp.matmul(rows, xp.swapaxes(columns, -1, -2))
    return (products[0] if n == 1 else products.sum(0)).reshape(size)


def _adjoint(g, weight, size, stride, padding, dilation, transposed, groups):
    """The gradient of the input of a convolution: the other convolution, plain or transposed"""
    if transposed:
        return _fitted(convolve(g, weight, None, stride, padding, dilation, False, None, groups), size)
    lost = covered(g.shape[2:], weight.shape[2:], stride, padding, dilation)
    rest = tuple([s - c for s, c in zip(size[2:], lost)])
    return convolve(g, weight, None, stride, padding, dilation, True, rest, groups)


def _fitted(result, size):
    """The result without windows beyond `size`, for which output_padding had made room"""
    surplus = [s - r for s, r in zip(size, result.shape)]
    return constant_pad_nd(result, tuple(n for s in reversed(surplus) for n in (0, s))) if any(surplus) else result


def _weight_gradient(g, input, kernel, stride, padding, dilation, transposed, groups):
    small, large = (input, g) if transposed else (g, input)
    return correlate(large, small, kernel[2:], stride, padding, dilation, groups)


convolve.vjp(
    input=lambda g, weight, input_shape, stride, padding, dilation, transposed, groups:
        _adjoint(g, weight, input_shape, stride, padding, dilation, transposed, groups),
    weight=lambda g, input, weight_shape, stride, padding, dilation, transposed, groups:
        _weight_gradient(g, input, weight_shape, stride, padding, dilation, transposed, groups),
    bias=lambda g: sum_dims(g, (0, *range(2, len(g.shape))), False))  # fmt: skip

correlate.vjp(
    input=lambda g, output, input_shape, stride, padding, dilation, groups:
        _adjoint(output, g, input_shape, stride, padding, dilation, False, groups),
    output=lambda g, input, output_shape, stride, padding, dilation, groups:
        _fitted(convolve(input, g, None, stride, padding, dilation, False, None, groups), output_shape))  # fmt: skip

# ---- torch's functions ----------------------------------------------------------------------------------------------


def convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups):
    """The general convolution, of batches: options are sequences.  Raises RuntimeError where sizes do not fit."""
    n = weight._data.ndim - 2
    if n < 1:
        raise RuntimeError("weight should have at least three dimensions")
    options = stride, padding, dilation, output_padding = [spread(x, n) for x in (stride, padding, dilation, output_padding)]
    if not n == len(stride) == len(padding) == len(dilation) == len(output_padding):
        _check_lengths(n, *options)
    sizes = input._data.shape, weight._data.shape, None if bias is None else bias._data.shape
    check(*sizes, stride, padding, dilation, transposed, output_padding, groups)
    _check_dtypes(input, weight, bias)
    return convolve(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups)


def _check_lengths(n, *options):
    """Raise RuntimeError for the first option that has not one number for each dimension."""
    for name, value in zip(("stride", "padding", "dilation", "output_padding"), options):
        if len(value) != n:
            raise RuntimeError(f"expected {name} to be a single integer value or a list of {n} values to match the "
                               f"convolution dimensions, but got {name}={list(value)}")


def _alone(name, n, input, compute):
    """Apply `compute` to a batch made of one input.  Raises RuntimeError if the input has other dimensions."""
    if input._data.ndim != n + 1:
        raise RuntimeError(f"Expected {n + 1}D (unbatched) or {n + 2}D (batched) input to {name}, but got input of "
                           f"size: {list(input.shape)}")
    return squeeze_dim(compute(unsqueeze_dim(input, 0)), 0)


def _convolution_of(n):
    name, zeros = f"conv{n}d", (0,) * n

    def conv(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
        _arguments(name, input, weight, bias)
        if input._data.ndim != n + 2:
            return _alone(name, n, input, lambda batch: conv(batch, weight, bias, stride, padding, dilation, groups))
        if isinstance(padding, str):
            return _convolution_mode(input, weight, bias, spread(stride, n), padding, spread(dilation, n), groups)
        return convolution(input, weight, bias, spread(stride, n), padding, dilation, False, zeros, groups)

    conv.__name__ = conv.__qualname__ = name
    conv.__doc__ = f"Convolution over {n} dimension{'s' * (n > 1)} of (N, C, ...) or (C, ...) with weight (O, C, ...)"
    return conv


def _transposed_of(n):
    name = f"conv_transpose{n}d"

    def conv(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1):
        if isinstance(padding, str):
            raise TypeError(f"{name}(): argument 'padding' must be tuple of ints, not str")
        if input._data.ndim != n + 2:
            return _alone(name, n, input, lambda batch: conv(
                batch, weight, bias, stride, padding, output_padding, groups, dilation))
        return convolution(input, weight, bias, spread(stride, n), padding, dilation, True, output_padding, groups)

    conv.__name__ = conv.__qualname__ = name
    conv.__doc__ = f"The adjoint of conv{n}d in its input: spreads every element over the window it stands for"
    return conv


conv1d, conv2d, conv3d = map(_convolution_of, (1, 2, 3))
conv_transpose1d, conv_transpose2d, conv_transpose3d = map(_transposed_of, (1, 2, 3))


def _convolution_mode(input, weight, bias, stride, padding, dilation, groups):
    """Padding by name: "valid" is none, "same" as much as keeps the size, the odd one out after the input"""
    n = input._data.ndim - 2
    if weight._data.ndim != n + 2:
        raise RuntimeError(_different_dims(input._data.shape, weight._data.shape, ""))
    zeros = (0,) * n
    if padding == "valid":
        return convolution(input, weight, bias, stride, zeros, dilation, False, zeros, groups)
    if padding != "same":
        raise RuntimeError(f"Invalid padding string: '{padding}'")
    if any(s != 1 for s in stride):
        raise RuntimeError("padding='same' is not supported for strided convolutions")
    if len(dilation) != n:
        _check_lengths(n, stride, zeros, dilation, zeros)
    total = [d * (k - 1) for d, k in zip(dilation, weight.shape[2:])]
    if any(t % 2 for t in total):
        warnings.warn("Using padding='same' with even kernel lengths and odd dilation may require a zero-padded copy "
                      "of the input be created", UserWarning, stacklevel=4)  # fmt: skip
        input = constant_pad(input, tuple(p for t in reversed(total) for p in (0, t % 2)), 0)
    half = tuple(t // 2 for t in total)
    return convolution(input, weight, bias, stride, half, dilation, False, zeros, groups)


# ---- what may go wrong ----------------------------------------------------------------------------------------------


def _arguments(name, input, weight, bias):
    if isinstance(input, Tensor) and isinstance(weight, Tensor):
        return
    given = ", ".join(checks.type_name(x) for x in (input, weight, bias)[: 3 if bias is not None else 2])
    options = "tuple of ints dilation = 1, int groups = 1)"
    head = " * (Tensor input, Tensor weight, Tensor bias = None, tuple of ints stride = 1, "
    raise TypeError(f"{name}() received an invalid combination of arguments - got ({given}), but expected one of:\n"
                    f"{head}tuple of ints padding = 0, {options}\n{head}str padding = \"valid\", {options}\n")


@functools.lru_cache(maxsize=256, typed=True)
def check(size, shape, bias, stride, padding, dilation, transposed, output_padding, groups):
    """Raise torch's error if the sizes of input, weight and bias, and the options, do not fit together."""
    kernel = shape[2:]
    for name, value in (("padding", padding), ("output_padding", output_padding)):
        if min(value) < 0:
            raise RuntimeError(f"negative {name} is not supported")
    if min(stride) <= 0:
        raise RuntimeError("non-positive stride is not supported")
    if min(dilation) < 0:
        raise RuntimeError("dilation should be greater than zero")
    if min(dilation) == 0:
        raise RuntimeError("non-positive dilation is not supported")
    if groups <= 0:
        raise RuntimeError("non-positive groups is not supported")
    if len(size) != len(shape):
        raise RuntimeError(_different_dims(size, shape, " "))
    _check_channels(size, list(shape), bias, transposed, groups)
    if transposed:
        _check_output_padding(output_padding, stride, dilation)
    else:
        _check_kernel(size, kernel, padding, dilation)


def _different_dims(size, shape, space):
    return (f"Expected {len(shape)}-dimensional input for {len(shape)}-dimensional weight{space}{list(shape)}, but got "
            f"{len(size)}-dimensional input of size {list(size)} instead")


def _check_channels(size, shape, bias, transposed, groups):
    out = shape[0]
    if out < groups:
        raise RuntimeError(f"Given groups={groups}, expected weight to be at least {groups} at dimension 0, but got "
                           f"weight of size {shape} instead")
    if out % groups:
        raise RuntimeError(f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, but "
                           f"got weight of size [{shape}] instead")
    expected = out if transposed else shape[1] * groups
    given = "transposed=1" if transposed else f"groups={groups}"
    if size[1] != expected:
        raise RuntimeError(f"Given {given}, weight of size {shape}, expected input{list(size)} to have "
                           f"{expected} channels, but got {size[1]} channels instead")
    channels = shape[1] * groups if transposed else out
    if bias is not None and bias != (channels,):
        raise RuntimeError(f"Given {'transposed=1, ' * transposed}weight of size {shape}, expected bias to be "
                           f"1-dimensional with {channels} elements, but got bias of size {list(bias)} instead")


def _check_kernel(size, kernel, padding, dilation):
    size = [s + 2 * p for s, p in zip(size[2:], padding)]
    reach = [d * (k - 1) + 1 for k, d in zip(kernel, dilation)]
    if any(s < k for s, k in zip(size, reach)):
        raise RuntimeError(f"Calculated padded input size per channel: ({_by(size)}). Kernel size: ({_by(reach)}). "
                           f"Kernel size can't be greater than actual input size")
    if 0 in kernel:
        names = ("depth", "height", "width")[-max(len(kernel), 2) :]
        kernel = (1, *kernel) if len(kernel) == 1 else kernel
        raise RuntimeError("kernel size should be greater than zero, but got "
                           + " ".join(f"kernel_{name}: {k}" for name, k in zip(names, kernel)))


def _by(sizes):
    return " x ".join(map(str, sizes))


def _check_output_padding(output_padding, stride, dilation):
    if all(o < s or o < d for o, s, d in zip(output_padding, stride, dilation)):
        return
    names = ("depth", "height", "width")[-max(len(stride), 2) :]
    said = []
    for what, lone, values in (("output_padding", 0, output_padding), ("stride", 1, stride), ("dilation", 1, dilation)):
        values = values if len(values) > 1 else (lone, *values)
        said += [f"{what}_{name}: {v}" for name, v in zip(names, values)]
    raise RuntimeError("output padding must be smaller than either stride or dilation, but got " + " ".join(said))


def _check_dtypes(input, weight, bias):
    if bias is not None and input._data.dtype != bias._data.dtype:
        names = {int64: "long int", float16: "c10::Half", complex64: "c10::complex<float>",
                 complex128: "c10::complex<double>"}
        a, b = (names.get(x.dtype, SCALAR_TYPE[x.dtype].lower()) for x in (input, bias))
        raise RuntimeError(f"Input type ({a}) and bias type ({b}) should be the same")
    if input._data.dtype != weight._data.dtype:
        raise RuntimeError(f"expected scalar type {SCALAR_TYPE[input.dtype]} but found {SCALAR_TYPE[weight.dtype]}")
    if input._data.dtype.kind == "b":
        raise NotImplementedError("\"slow_conv2d_cpu\" not implemented for 'Bool'")
