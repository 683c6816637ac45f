"""Normalisation: numbers shifted to mean 0 and scaled to variance 1, over a batch, a layer or groups of channels."""

import math

from .. import dtypes
from ..backends import on_device_of
from ..dtypes import FLOAT, SCALAR_TYPE
from ..tensor import Tensor
from .arguments import declared
from .average_pooling import avg_pool2d, avg_pool3d
from .keeping import keeping
from .loss_reduction import no_gradient_for
from .padding import pad
from .pointwise import mul
from .precision import check_floating, floating
from .primitive import primitive
from .reduction import mean, mean_dims, sum_dims
from .scalars import plus
from .shape import clone, repeat, reshape, squeeze, unsqueeze, view

# ---- what they share ------------------------------------------------------------------------------------------------


def moments(input, axes, eps):
    """The mean and 1 / sqrt(variance + eps) over `axes`, which stay as dimensions of size 1"""
    middle = mean_dims(input, axes, True)
    centered = input - middle
    return middle, (mean_dims(centered * centered, axes, True) + eps) ** -0.5


def _constant(g):
    """Whether nothing is being recorded, so that saved statistics may stand for functions of the input"""
    return not isinstance(g, Tensor)


def through_moments(g, standard, invstd, axes):
    """The gradient of the input, given that of the standardised input: what shifts or scales all of it is taken out"""
    return invstd * (g - mean_dims(g, axes, True) - standard * mean_dims(g * standard, axes, True))


def _affine(xp, standard, weight, bias):
    out = standard if weight is None else standard * weight
    if bias is None:
        return out
    return xp.add(out, bias, out=out) if out is not bias and out.shape == standard.shape else out + bias


def _check_parameters(input, *parameters):
    """That all parameters have input's dtype, or float16 meets float32 ones.  Raises torch's errors."""
    kinds = [p.dtype for p in parameters if p is not None]
    others = [kind for kind in kinds if kind is not input.dtype]
    if kinds and kinds[0] is input.dtype and others:
        raise RuntimeError(f"expected scalar type {SCALAR_TYPE[input.dtype]} but found {SCALAR_TYPE[others[0]]}")
    if others and any(kind is not dtypes.float32 for kind in kinds):
        raise RuntimeError("mixed dtype (CPU): expect parameter to have scalar type of Float")
    if others and input.dtype is not dtypes.float16:
        raise RuntimeError("mixed dtype (CPU): all inputs must share same datatype.")


# ---- over the batch -------------------------------------------------------------------------------------------------


def channels(parameter, ndim):
    """A vector with one entry per channel, in the shape that meets (N, C, ...)"""
    return reshape(parameter, (1, -1) + (1,) * (ndim - 2))


def _all_but_channels(ndim):
    return (0, *range(2, ndim))


@primitive("NativeBatchNormBackward0", outputs=("out", "mean", "invstd"), differentiable_outputs=1)
@floating("batch_norm")
def native_batch_norm(xp, input, weight, bias, running_mean, running_var, /, training, eps):
    """Each channel standardised by its own statistics (which are given too) or the running ones; times weight plus bias"""
    input, ndim = xp.ascontiguousarray(input), input.ndim
    if training:
        middle, invstd = moments(input, _all_but_channels(ndim), eps)
    else:
        middle, invstd = _running(running_mean, running_var, ndim, eps)
    scale = invstd if weight is None else invstd * channels(weight, ndim)
    out = (input - middle) * scale
    out = out if bias is None else out + channels(bias, ndim)
    if not training:
        middle = invstd = xp.empty(0, input.dtype)
    return out, middle.reshape(-1), invstd.reshape(-1)


def _running(running_mean, running_var, ndim, eps):
    return channels(running_mean, ndim), (channels(running_var, ndim) + eps) ** -0.5


def _batch_norm_vjp(g, needs, input, weight, running_mean, running_var, mean, invstd, training, eps):
    axes, ndim = _all_but_channels(input.ndim), input.ndim
    if not training:
        mean, invstd = _running(running_mean, running_var, ndim, eps)
    elif _constant(g):
        mean, invstd = channels(mean, ndim), channels(invstd, ndim)
    else:
        mean, invstd = moments(input, axes, eps)
    standard = (input - mean) * invstd
    through = g if weight is None else g * channels(weight, ndim)
    return (
        (through_moments(through, standard, invstd, axes) if training else through * invstd) if needs[0] else None,
        sum_dims(g * standard, axes, False) if needs[1] else None,
        sum_dims(g, axes, False) if needs[2] else None,
    )


native_batch_norm.vjp(("input", "weight", "bias", _batch_norm_vjp))


def _check_more_than_one(size):
    count = math.prod(s for i, s in enumerate(size) if i != 1)
    if count == 1:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {size}")


def _check_vectors(count, **vectors):
    for name, vector in vectors.items():
        if vector is not None and vector.numel() != count:
            raise RuntimeError(f"{name} should contain {count} elements not {vector.numel()}")


@declared("batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, "
          "bool training, float momentum)")
def batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    """Each channel standardised by the batch's statistics (training; the running ones are updated) or the running ones"""
    if training:
        _check_more_than_one(input.size())
        if eps <= 0.0:
            raise ValueError(f"batch_norm eps must be positive during training, but got {eps}")
    elif eps < 0.0:
        raise ValueError(f"batch_norm eps must be non-negative, but got {eps}")
    return batch_norm_with_statistics(input, running_mean, running_var, weight, bias, training, momentum, eps)[0]


def batch_norm_with_statistics(input, running_mean, running_var, weight, bias, training, momentum, eps):
    """The result of batch_norm, and the mean and 1 / sqrt(variance + eps) of the batch if it was computed with them"""
    if not input.numel():
        return _nothing(input, weight, bias), None, None
    if not training:
        for name, value in (("running_mean", running_mean), ("running_var", running_var)):
            if value is None:
                raise RuntimeError(f"{name} must be defined in evaluation mode")
    _check_vectors(input.shape[1] if input.dim() > 1 else 0, running_mean=running_mean, running_var=running_var,
                   weight=weight, bias=bias)  # fmt: skip
    if (running_mean is None) != (running_var is None):
        raise ValueError("running_mean and running_var must either both be None or neither be None")
    check_floating(input.device.backend, input._data, "batch_norm")
    _check_parameters(input, weight, bias, running_mean, running_var)
    no_gradient_for("native_batch_norm", running_mean=running_mean, running_var=running_var)
    out, middle, invstd = native_batch_norm(input, weight, bias, running_mean, running_var, training, eps)
    if training and running_mean is not None:
        count = input.numel() // max(input.shape[1], 1)
        with on_device_of(invstd):
            variance = 1 / (invstd._data * invstd._data) - eps
            _update(running_mean, middle._data, momentum)
            _update(running_var, variance * (count / (count - 1) if count > 1 else math.nan), momentum)
    return out, middle, invstd


def _nothing(input, weight, bias):
    """The result for no elements at all, which still depends on the parameters"""
    out = clone(input)
    out = out if weight is None else out * weight[0]
    return out if bias is None else out + bias[0]


def _update(running, new, momentum):
    """running = (1 - momentum) running + momentum new, in place"""
    data = running._data
    running.device.backend.write(data, (1 - momentum) * data + momentum * new.reshape(data.shape))


@declared("instance_norm(any input, Tensor? weight, Tensor? bias, Tensor? running_mean, "
          "Tensor? running_var, bool use_input_stats, float momentum, float eps)")
def instance_norm(input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True,
                  momentum=0.1, eps=1e-5):  # fmt: skip
    """batch_norm of every sample by itself"""
    if use_input_stats:
        if math.prod(input.shape[2:]) == 1:
            raise ValueError(f"Expected more than 1 spatial element when training, got input size {input.size()}")
    elif running_mean is None or running_var is None:
        raise RuntimeError("Expected running_mean and running_var to be defined when use_input_stats is false")
    n, c = input.shape[:2]
    vectors = [None if v is None else repeat(v, n) for v in (running_mean, running_var, weight, bias)]
    kind = input.dtype if weight is None else weight.dtype
    if running_mean is not None and running_mean.dtype is not kind:
        vectors[:2] = [v.to(kind) for v in vectors[:2]]
    rows = view(input.contiguous(), (1, n * c, *input.shape[2:]))
    out = batch_norm_with_statistics(rows, *vectors, use_input_stats, momentum, eps)[0]
    for running, new in zip((running_mean, running_var), vectors):
        if running is not None and use_input_stats:
            with on_device_of(running):
                running._data[...] = new._data.reshape(n, c).mean(axis=0)
            running._counter.value += 1
    return view(out, tuple(input.shape))


# ---- over a layer ---------------------------------------------------------------------------------------------------


@primitive("NativeLayerNormBackward0", outputs=("out", "mean", "rstd"), differentiable_outputs=1)
@floating("LayerNormKernelImpl")
def native_layer_norm(xp, input, weight=None, bias=None, /, normalized_shape=(), eps=1e-5):
    """The last dimensions standardised together; times weight plus bias"""
    input = xp.ascontiguousarray(input)
    middle, rstd = moments(input, _last(input, normalized_shape), eps)
    return _affine(xp, (input - middle) * rstd, weight, bias), middle, rstd


def _last(input, normalized_shape):
    return tuple(range(input.ndim - len(normalized_shape), input.ndim))


@keeping("bias")
def _layer_norm_vjp(g, needs, input, weight, mean, rstd, normalized_shape, eps):
    axes, outer = _last(input, normalized_shape), tuple(range(input.ndim - len(normalized_shape)))
    if not _constant(g):
        mean, rstd = moments(input, axes, eps)
    standard = (input - mean) * rstd
    return (
        through_moments(g if weight is None else g * weight, standard, rstd, axes) if needs[0] else None,
        _summed(g * standard, outer) if needs[1] else None,
        _summed(g, outer) if needs[2] else None,
    )


def _summed(g, axes):
    return sum_dims(g, axes, False) if axes else g


native_layer_norm.vjp(("input", "weight", "bias", _layer_norm_vjp))


def _check_normalized(input, normalized_shape, star, **parameters):
    shape = list(normalized_shape)
    if not shape:
        raise RuntimeError("Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one "
                           "element, but got normalized_shape = []")
    for name, parameter in parameters.items():
        if parameter is not None and list(parameter.shape) != shape:
            raise RuntimeError(f"Expected {name} to be of same shape as normalized_shape, but got {name} of shape "
                               f"{list(parameter.shape)} and normalized_shape = {shape}")
    if list(input.shape[-len(shape) :]) != shape or input.dim() < len(shape):
        raise RuntimeError(f"Given normalized_shape={shape}, expected input with shape [*{star}"
                           f"{', '.join(map(str, shape))}], but got input of size{list(input.shape)}")


@declared("layer_norm(Tensor input, tuple of ints normalized_shape, Tensor? weight, Tensor? bias, float eps)")
def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-5):
    """The last dimensions, whose sizes are `normalized_shape`, standardised together; times weight plus bias"""
    return layer_norm_with_statistics("layer_norm", input, normalized_shape, weight, bias, eps)[0]


def layer_norm_with_statistics(name, input, normalized_shape, weight, bias, eps):
    """The result of layer_norm, and the mean and 1 / sqrt(variance + eps) it was computed with"""
    if isinstance(normalized_shape, int):
        raise TypeError(f"{name}(): argument 'normalized_shape' (position 2) must be tuple of ints, not int")
    _check_normalized(input, normalized_shape, ", ", weight=weight, bias=bias)
    _check_parameters(input, weight, bias)
    check_floating(input.device.backend, input._data, "LayerNormKernelImpl")
    return native_layer_norm(input, weight, bias, tuple(normalized_shape), eps)


@declared("rms_norm(Tensor input, tuple of ints normalized_shape, Tensor? weight, float? eps)")
def rms_norm(input, normalized_shape, weight=None, eps=None):
    """The last dimensions divided by the root of their mean square; times weight"""
    _check_normalized(input, normalized_shape, "", weight=weight)
    if input.dtype.category < FLOAT:
        raise NotImplementedError(f"\"rms_norm\" not implemented for '{SCALAR_TYPE[input.dtype]}'")
    kind, half = input.dtype, input.dtype is dtypes.float16
    if eps is None:
        eps = input.device.backend.finfo(input.device.backend.native(dtypes.float32 if half else kind)).eps.item()
    x = input.to(dtypes.float32) if half else input
    dims = tuple(range(input.dim() - 1, input.dim() - 1 - len(normalized_shape), -1))
    out = mul(x, plus(mean(x**2, dims, True), eps).rsqrt())
    out = out if weight is None else mul(out, weight)
    return (out if out.dtype is kind else out.to(kind)).contiguous()


# ---- over groups of channels ----------------------------------------------------------------------------------------


def groups_of(input, groups):
    """(N, groups, elements of a group)"""
    n, c, *rest = input.shape
    return n, groups, c // groups * math.prod(rest)


@primitive("NativeGroupNormBackward0", outputs=("out", "mean", "rstd"))
@floating("GroupNormKernelImpl")
def native_group_norm(xp, input, weight=None, bias=None, /, groups=1, eps=1e-5):
    """The channels of each group standardised together; times weight plus bias, one of each per channel; the statistics"""
    grouped = input.reshape(groups_of(input, groups))
    middle, rstd = moments(grouped, (2,), eps)
    out = ((grouped - middle) * rstd).reshape(input.shape)
    weight, bias = (None if p is None else channels(p, input.ndim) for p in (weight, bias))
    return _affine(xp, out, weight, bias), middle.reshape(middle.shape[:2]), rstd.reshape(rstd.shape[:2])


def _group_norm_vjp(given, needs, input, weight, mean, rstd, groups, eps):
    g, of_mean, of_rstd = given
    if g is None:  # only the statistics were used, which then pass nothing on
        return [None] * 3
    shape, split, axes = tuple(input.shape), groups_of(input, groups), _all_but_channels(input.ndim)
    grouped, rows = reshape(input, split), (*split[:2], 1)
    mean, rstd = (reshape(mean, rows), reshape(rstd, rows)) if _constant(g) else moments(grouped, (2,), eps)
    standard = (grouped - mean) * rstd
    to_input = None
    if needs[0]:
        through = reshape(g if weight is None else g * channels(weight, input.ndim), split)
        to_input = through_moments(through, standard, rstd, (2,))
        if of_mean is not None:
            to_input = to_input + reshape(of_mean, rows) / split[2]
        if of_rstd is not None:
            to_input = to_input - reshape(of_rstd, rows) * rstd * rstd * standard / split[2]
    return (
        reshape(to_input, shape) if needs[0] else None,
        sum_dims(g * reshape(standard, shape), axes, False) if needs[1] else None,
        sum_dims(g, axes, False) if needs[2] else None,
    )


native_group_norm.vjp(("input", "weight", "bias", _group_norm_vjp))
native_group_norm.shows(N=lambda sizes: sizes[0][0], C=lambda sizes: sizes[0][1], HxW=lambda sizes: math.prod(sizes[0][2:]))


@declared("group_norm(any input, int num_groups, Tensor? weight, Tensor? bias, float eps)")
def group_norm(input, num_groups, weight=None, bias=None, eps=1e-5):
    """The channels cut into groups, each standardised; times weight plus bias.  Raises RuntimeError if they do not fit."""
    if input.dim() < 2:
        raise RuntimeError(f"Expected at least 2 dimensions for input tensor but received {input.dim()}")
    shape = tuple(input.shape)
    _check_more_than_one_in_group([shape[0] * shape[1] // num_groups, num_groups, *shape[2:]], input)
    if shape[1] % num_groups:
        raise RuntimeError(f"Expected number of channels in input to be divisible by num_groups, but got input of shape "
                           f"{list(shape)} and num_groups={num_groups}")
    for name, p in (("weight", weight), ("bias", bias)):
        if p is not None and (p.dim() != 1 or p.numel() != shape[1]):
            raise RuntimeError(f"Expected {name} to be a vector of size equal to the number of channels in input, but "
                               f"got {name} of shape {list(p.shape)} and input of shape {list(shape)}")
    return native_group_norm(*group_norm_operands(input, weight, bias), num_groups, eps)[0]


def group_norm_operands(input, weight, bias):
    """Row by row in memory, and checked: RuntimeError for mixed dtypes, NotImplementedError for integers"""
    _check_parameters(input, weight, bias)
    check_floating(input.device.backend, input._data, "GroupNormKernelImpl")
    return [None if x is None else x.contiguous() for x in (input, weight, bias)]


def _check_more_than_one_in_group(sizes, input):
    if math.prod(s for i, s in enumerate(sizes) if i != 1) == 1:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {list(input.shape)}")


# ---- over neighbouring channels -------------------------------------------------------------------------------------


def local_response_norm(input, size, alpha=1e-4, beta=0.75, k=1.0):
    """input / (k + alpha * the mean square of `size` neighbouring channels) ** beta"""
    if input.dim() < 3:
        raise ValueError(f"Expected 3D or higher dimensionality                          input (got {input.dim()} "
                         f"dimensions)")
    if not input.numel():
        return input
    squares, sides = mul(input, input), (size // 2, (size - 1) // 2)
    if input.dim() == 3:
        near = squeeze(avg_pool2d(pad(unsqueeze(squares, 1), (0, 0, *sides)), (size, 1), stride=1), 1)
    else:
        n, c, height = input.shape[:3]
        squares = view(squares, (n, 1, c, height, -1))
        near = squeeze(avg_pool3d(pad(squares, (0, 0, 0, 0, *sides)), (size, 1, 1), stride=1), 1)
        near = view(near, tuple(input.shape))
    return input / (near * alpha + k) ** beta
