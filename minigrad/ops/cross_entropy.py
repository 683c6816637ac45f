"""Losses of classification: the negative log-likelihood of the right class, and cross entropy."""

import functools

from .. import dtypes
from ..dtypes import FLOAT, SCALAR_TYPE
from ..tensor import Tensor
from . import checks
from .layout import row_major
from .loss_reduction import reduction_name
from .masking import beside
from .pointwise import neg, where
from .precision import FLOATS, through_float32
from .primitive import primitive
from .reduction import sum
from .scalars import over, plus, times
from .shape import contiguous, reshape, view
from .softmax import log_softmax, log_softmax_dim

# ---- the kernels: input (N, C, d1, ...) or (C,), target (N, d1, ...) or () -------------------------------------------


def class_index(xp, target):
    """The index that picks from (N, C, d1, ...) the entries that target (N, d1, ...) names"""
    rows, *rest = _grid(xp, target.shape) or (None,)
    return (target,) if rows is None else (rows, target, *rest)


@functools.lru_cache(maxsize=64)
def _grid(xp, shape):
    """For each dimension the positions along it, so that together they index every element"""
    return [xp.arange(n).reshape((-1,) + (1,) * (len(shape) - 1 - i)) for i, n in enumerate(shape)]


def in_runs(xp, values):
    """Their sum, added up in torch's order: runs of 16 one by one, then runs of those sums; the first one comes last."""
    if values.size == 1:
        return values.reshape(()) + 0
    first, values = values.reshape(-1)[:1], values.reshape(-1)[1:]
    total = xp.zeros((1,), dtype=values.dtype)
    while values.size:
        whole = values.size // RUN * RUN
        if whole < values.size:
            total = total + xp.cumsum(values[whole:])[-1]
        values = xp.cumsum(values[:whole].reshape(-1, RUN), axis=1)[:, -1]
    return xp.sum(total + first) if first.size else xp.sum(total)


RUN = 16


def nll_kernel(xp, input, target, weight, reduction, ignore_index):
    """-w[y] x[y] and the total of the weights w[y]"""
    target, weights, ignored = _chosen(xp, target, weight, ignore_index)
    loss = -input[class_index(xp, target)]
    if weights is not None:
        loss = loss * weights
    if ignored is not None:
        loss = xp.unmasked(loss, ignored)
    if reduction == "none" and target.ndim:
        return loss, xp.zeros((), dtype=input.dtype)
    if weights is None:
        total = xp.asarray(target.size, dtype=input.dtype)
        total = total if ignored is None else total - ignored.sum(dtype=input.dtype)
    else:
        total = in_runs(xp, weights if ignored is None else xp.unmasked(weights, ignored))
    loss = in_runs(xp, loss)
    return loss / total if reduction == "mean" else loss, total


def _chosen(xp, target, weight, ignore_index):
    """The classes (0 where they are to be ignored), their weights if there are any, and where to ignore, if anywhere"""
    ignored = None
    if xp.may_equal(target, ignore_index):
        ignored = target == ignore_index
        target = xp.where(ignored, 0, target)
    return target, None if weight is None else weight[target], ignored


def _nll_vjp(g, input, target, weight, total_weight, reduction, ignore_index):
    back = nll_loss_backward(g, target, weight, total_weight, tuple(input.shape), reduction, ignore_index)
    return beside(back, input)


@primitive("NllLossBackward0", outputs=("out", "total_weight"), differentiable_outputs=1)
@through_float32
def nll_loss_vector(xp, input, target, weight=None, /, reduction="mean", ignore_index=-100):
    """The negative log-likelihood of one row per target"""
    return nll_kernel(xp, input, target, weight, reduction, ignore_index)


@primitive("NllLoss2DBackward0", outputs=("out", "total_weight"), differentiable_outputs=1)
@through_float32
def nll_loss_image(xp, input, target, weight=None, /, reduction="mean", ignore_index=-100):
    """The same for every pixel of images"""
    return nll_kernel(xp, input, target, weight, reduction, ignore_index)


def _nll_image_vjp(g, input, target, weight, total_weight, input_geometry, reduction, ignore_index):
    """The same.  Raises RuntimeError where zeros like the images would not lie row by row, as after a transposition."""
    if not row_major(*input_geometry[:2]):
        raise RuntimeError("grad_input must be contiguous")
    return _nll_vjp(g, input, target, weight, total_weight, reduction, ignore_index)


nll_loss_vector.vjp(input=_nll_vjp)
nll_loss_image.vjp(input=_nll_image_vjp)


@primitive("NllLossBackwardBackward0")
def nll_loss_backward(xp, grad, target, weight, total_weight, /, size, reduction, ignore_index):
    """-w[y] grad at each target's class, zeros elsewhere"""
    target, weights, ignored = _chosen(xp, target, weight, ignore_index)
    grad = -grad / total_weight if reduction == "mean" else -grad
    if weights is not None:
        grad = grad * weights
    result = xp.zeros(size, dtype=grad.dtype)
    result[class_index(xp, target)] = grad if ignored is None else xp.unmasked(grad, ignored)
    return result


def _gather_back(g, target, weight, total_weight, reduction, ignore_index):
    picked = nll_of(g)(g, target, weight, "none" if reduction == "none" else "sum", ignore_index)[0]
    return picked / total_weight if reduction == "mean" else picked


def nll_of(input):
    """The op for inputs of that many dimensions"""
    return nll_loss_vector if input.ndim <= 2 else nll_loss_image


nll_loss_backward.vjp(grad=_gather_back)

# ---- checks ---------------------------------------------------------------------------------------------------------


def _check_tensors(name, input, target):
    if isinstance(input, Tensor) and isinstance(target, Tensor):
        return
    for position, (argument, value) in enumerate({"input": input, "target": target}.items(), 1):
        if not isinstance(value, Tensor):
            raise TypeError(f"{name}(): argument '{argument}' (position {position}) must be Tensor, not "
                            f"{checks.type_name(value)}")


@functools.lru_cache(maxsize=256)
def _check_sizes(size, target):
    """That there is one target for each row of an input of `size`.  Raises torch's errors."""
    ndim = len(size)
    if ndim < 1:
        raise ValueError(f"Expected 1 or more dimensions (got {ndim})")
    if ndim == 1 and len(target) == 1 and target[0] != 1:
        raise ValueError(f"For 1D input, 1D target must have size 1, but got target size: {target[0]}")
    if ndim != 1 and (not target or size[0] != target[0]):
        got = target[0] if target else 1
        raise ValueError(f"Expected input batch_size ({size[0]}) to match target batch_size ({got}).")
    if ndim <= 2 and len(target) > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if ndim == 4:
        if len(target) != 3:
            raise RuntimeError(f"only batches of spatial targets supported (3D tensors) but got targets of dimension: "
                               f"{len(target)}")
        if size[2:] != target[1:]:
            raise RuntimeError(f"size mismatch (got input: {list(size)} , target: {list(target)}")
    elif ndim > 2 and target[1:] != size[2:]:
        raise RuntimeError(f"Expected target size {[size[0], *size[2:]]}, got {list(target)}")


def _check_classes(input, target, weight, ignore_index):
    """That targets are class numbers and that there is one weight per class.  Raises torch's errors."""
    size = input._data.shape
    classes = size[1 if len(size) > 1 else 0]
    if weight is not None and tuple(weight.shape) != (classes,):
        if len(size) <= 2:
            raise RuntimeError(f"weight tensor should be defined either for all {classes} classes or no classes but "
                               f"got weight tensor of shape: {list(weight.shape)}")
        raise RuntimeError("weight tensor should be defined either for all or no classes")
    if input._data.dtype.kind not in FLOATS:
        raise NotImplementedError(f'"{"nll_loss_out_frame" if len(size) <= 2 else "nll_loss2d_forward_out_frame"}" '
                                  f"not implemented for '{SCALAR_TYPE[input.dtype]}'")
    if target.dtype not in (dtypes.int64, dtypes.uint8):
        raise RuntimeError(f"expected target dtype to be Long or Byte, but got {SCALAR_TYPE[target.dtype]}")
    if weight is not None and weight.dtype is not input.dtype:
        raise RuntimeError(f"expected scalar type {SCALAR_TYPE[input.dtype]} but found {SCALAR_TYPE[weight.dtype]}")
    target.device.backend.check_range(target._data, 0, classes, _no_such_class, ignore_index)


def _no_such_class(wrong):
    return IndexError(f"Target {wrong} is out of bounds.")


# ---- the losses -----------------------------------------------------------------------------------------------------


def nll_loss(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction="mean"):
    """-w[y] input[y], reduced; input holds log-probabilities.  Raises IndexError for a class that does not exist."""
    reduction = reduction_name(reduction, size_average, reduce)
    _check_tensors("nll_loss_nd", input, target)
    return _nll_loss(input, target, weight, reduction, ignore_index)


def _nll_loss(input, target, weight, reduction, ignore_index):
    size, shape = tuple(input._data.shape), tuple(target._data.shape)
    _check_sizes(size, shape)
    _check_classes(input, target, weight, ignore_index)
    if len(size) == 1 == len(shape):
        target = reshape(target, ())
    if len(size) != 3 and len(size) < 5:
        return (nll_loss_vector if len(size) <= 2 else nll_loss_image)(input, target, weight, reduction, ignore_index)[0]
    n, classes = size[:2]
    rest = target.numel() // n if n else 0
    input, target = view(contiguous(input), n, classes, 1, rest), view(contiguous(target), n, 1, rest)
    loss = nll_loss_image(input, target, weight, reduction, ignore_index)[0]
    return view(loss, shape) if reduction == "none" else loss


def cross_entropy(input, target, weight=None, size_average=None, ignore_index=-100, reduce=None, reduction="mean",
                  label_smoothing=0.0):  # fmt: skip
    """-log softmax(input)[y], reduced; the target may also be the probabilities of the classes"""
    reduction = reduction_name(reduction, size_average, reduce)
    _check_tensors("cross_entropy_loss", input, target)
    if label_smoothing > 1:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing:g}")
    axis = 0 if input._data.ndim == 1 else 1
    if input._data.shape == target._data.shape:
        if target.dtype.category < FLOAT:
            raise RuntimeError(f"Expected floating point type for target with class probabilities, got "
                               f"{SCALAR_TYPE[target.dtype]}")
        if ignore_index >= 0:
            raise RuntimeError("ignore_index is not supported for floating point target")
        if not input.dim():
            raise IndexError("Dimension specified as 1 but tensor has no dimensions")
        return _of_probabilities(log_softmax(input, axis), target, weight, axis, reduction, label_smoothing)
    logs = log_softmax_dim(input, axis) if input._data.dtype.kind in FLOATS and input._data.ndim else log_softmax(input, axis)
    loss = _nll_loss(logs, target, weight, reduction, ignore_index)
    if label_smoothing <= 0:
        return loss
    even = _even_share(logs, target, weight, axis, ignore_index, reduction)
    return times(loss, 1 - label_smoothing) + times(even, label_smoothing / input.shape[axis])


def _class_weights(weight, logs, axis):
    """One weight per class, in the shape that multiplies log-probabilities"""
    return reshape(weight, tuple(-1 if i == axis else 1 for i in range(logs.dim())))


def _of_probabilities(logs, target, weight, axis, reduction, label_smoothing):
    classes = logs.shape[axis]
    if weight is not None and tuple(weight.shape) != (classes,):
        raise RuntimeError(f"cross_entropy: weight tensor should be defined either for all {classes} classes or no "
                           f"classes but got weight tensor of shape: {list(weight.shape)}")
    if label_smoothing > 0:
        target = plus(times(target, 1 - label_smoothing), label_smoothing / classes)
    loss = logs * target
    if weight is not None:
        loss = loss * _class_weights(weight, logs, axis)
    if reduction == "none":
        return neg(sum(loss, axis))
    rows = logs.numel() // classes if classes else 0
    if reduction == "sum":
        return neg(sum(loss))
    return over(neg(sum(loss)), rows) if rows else neg(sum(loss).fill_(float("nan")))


def _even_share(logs, target, weight, axis, ignore_index, reduction):
    """The loss of a target that gives every class the same probability (times the number of classes)"""
    if weight is not None:
        logs = logs * _class_weights(weight, logs, axis)
    ignored = target == ignore_index
    loss = neg(sum(logs, axis)).masked_fill(ignored, 0.0)
    if reduction != "mean":
        return loss if reduction == "none" else sum(loss)
    if weight is None:
        return sum(loss) / (target.numel() - sum(ignored))
    return sum(loss) / sum(weight[where(ignored, 0, target)].masked_fill(ignored, 0.0))
