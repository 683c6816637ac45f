"""Losses that ask for a margin: between classes, between pairs, between triples."""

from .. import dtypes
from ..dtypes import SCALAR_TYPE
from .activation import log_sigmoid
from .arguments import declared
from .distance import pairwise_distance
from .loss_reduction import no_gradient_for, reduced, reduced_array, reduction_name, share, stored_as
from .once import once
from .pointwise import TWO_BOOLS, exp, minimum, mul, neg, sqrt, sub, where
from .precision import through_float32
from .primitive import pointwise, primitive
from .promotion import broadcast_shape
from .reduction import sum, sum_dims
from .scalars import minus, plus
from .shape import reshape, unsqueeze_dim

# ---- two classes ----------------------------------------------------------------------------------------------------


@pointwise("SoftMarginLossBackward0")
@through_float32
def soft_margin_loss_(xp, input, target, /, reduction, dtype):
    """log(1 + e^(-y x)) stored as `dtype`, reduced"""
    return reduced_array(xp, xp.log1p(xp.exp(-(target * input))), reduction, dtype)


def _soft_margin_vjp(g, input, target, reduction):
    away = neg(target)
    power = exp(away * input)
    return g * share(reduction, input.shape) * (away * power / (1 + power))


soft_margin_loss_.vjp(input=_soft_margin_vjp)


@declared("soft_margin_loss(Tensor input, Tensor target)")
def soft_margin_loss(input, target, size_average=None, reduce=None, reduction="mean"):
    """log(1 + e^(-y x)), reduced; y is 1 or -1"""
    reduction = reduction_name(reduction, size_average, reduce)
    no_gradient_for("soft_margin_loss", target=target)
    if input.dtype.category < dtypes.FLOAT:
        neg(input)  # which refuses truth values
        kind = target.dtype if target.dtype.category >= dtypes.FLOAT else dtypes.get_default_dtype()
        raise RuntimeError(f"result type {SCALAR_TYPE[kind]} can't be cast to the desired output type "
                           f"{SCALAR_TYPE[input.dtype]}")
    shape = broadcast_shape(tuple(input.shape), tuple(target.shape))
    if shape != tuple(input.shape):
        raise RuntimeError(f"output with shape {list(input.shape)} doesn't match the broadcast shape {list(shape)}")
    return soft_margin_loss_(input, target, reduction, stored_as(input, target))


@declared("hinge_embedding_loss(Tensor input, Tensor target, float margin)")
def hinge_embedding_loss(input, target, margin=1.0, size_average=None, reduce=None, reduction="mean"):
    """x where y = 1, max(0, margin - x) where y = -1; reduced"""
    reduction = reduction_name(reduction, size_average, reduce)
    if input.dtype is dtypes.bool_:
        raise RuntimeError(TWO_BOOLS)
    apart = sub(float(margin), input)
    apart = apart if apart.dtype is input.dtype else apart.to(input.dtype)
    return reduced(where(target != 1, apart.clamp_min_(0), 0) + where(target != -1, input, 0), reduction)


@declared("margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, float margin)")
def margin_ranking_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction="mean"):
    """max(0, -y (a - b) + margin), reduced; y says which should be larger"""
    reduction = reduction_name(reduction, size_average, reduce)
    if not input1.dim() == input2.dim() == target.dim():
        raise RuntimeError(f"margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: "
                           f"{input1.size()}, input2: {input2.size()}, target: {target.size()} ")
    return reduced(plus(neg(target) * (input1 - input2), float(margin)).clamp_min_(0), reduction)


# ---- several classes ------------------------------------------------------------------------------------------------


@primitive()
def marked(xp, target, like, /):
    """(rows, classes): 1 at the class that target names for each row, in the dtype of `like`"""
    return (xp.arange(like.shape[-1]) == xp.expand_dims(target, -1)).astype(like.dtype)


@primitive("MultiMarginLossBackward0")
@through_float32
def multi_margin_rows(xp, input, target, weight=None, /, p=1, margin=1.0, reduction="mean"):
    """max(0, margin - x[y] + x[j])^p over classes j other than y, averaged; reduced"""
    loss = _multi_margin(xp, _rows(input), target.reshape(-1), weight, p, margin)
    return reduced_array(xp, loss.reshape(target.shape), reduction)


def _rows(input):
    """A matrix as it is, one row of classes as a matrix"""
    return input if input.ndim == 2 else reshape(input, (1, -1))


def _multi_margin(xp, input, target, weight, p, margin):
    right = xp.arange(input.shape[1]) == target[:, None]
    short = xp.maximum(margin - input[xp.arange(len(target)), target][:, None] + input, 0)
    short = xp.masked(short if p == 1 else short * short, ~right)
    loss = xp.sum(short, axis=1) / input.shape[1]
    return loss if weight is None else loss * weight[target]


@once("multi_margin_loss_backward")
def multi_margin_backward(xp, g, input, target, weight, /, p, margin, reduction):
    """For each class j that comes within the margin, its slope; for the right one, minus the sum of those slopes"""
    shape, input = input.shape, _rows(input)
    hit = marked(reshape(target, (-1,)), input)
    short = margin - sum_dims(input * hit, (1,), True) + input
    slope = where(short > 0, 1.0 if p == 1 else 2 * short, 0.0) * (1 - hit)
    if weight is not None:
        slope = slope * sum_dims(hit * weight, (1,), True)
    slope = (slope - hit * sum_dims(slope, (1,), True)) / input.shape[1]
    return _times_rows(slope, g, reduction, shape)


def _times_rows(slope, g, reduction, shape):
    """Each row of slopes times the gradient of its loss, in the input's shape"""
    g = reshape(g, (-1, 1)) if reduction == "none" else g * share(reduction, slope.shape[:1])
    return reshape(slope * g, tuple(shape))


multi_margin_rows.vjp(input=lambda g, input, target, weight, p, margin, reduction:
                      multi_margin_backward(g, input, target, weight, p, margin, reduction))


def _check_single(input, kernel):
    """That input holds floats of at least single precision"""
    if input.dtype.category < dtypes.FLOAT or input.dtype is dtypes.float16:
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{SCALAR_TYPE[input.dtype]}'")


def _check_matrix(input):
    if input.dim() > 2 or input.dim() and not input.shape[-1]:
        raise RuntimeError(f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: "
                           f"{list(input.shape)}")


@declared("multi_margin_loss(Tensor input, Tensor target, Number p, Number margin, Tensor? weight)")
def multi_margin_loss(input, target, p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction="mean"):
    """The mean over wrong classes j of max(0, margin - x[y] + x[j])^p, reduced"""
    reduction = reduction_name(reduction, size_average, reduce)
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    if weight is not None and weight.dim() != 1:
        raise ValueError("weight must be one-dimensional")
    _check_matrix(input)
    rows = input.shape[0] if input.dim() == 2 else 1
    if target.dim() > 1 or target.numel() != rows:
        raise RuntimeError(f"multi_margin_loss: target tensor should be 1-D with size equal to the number of input "
                           f"samples (batch size). Expected target size [{rows}], but got {list(target.shape)}. Input "
                           f"has shape {list(input.shape)}.")
    classes = input.shape[-1] if input.dim() else 1
    if weight is not None and weight.numel() != classes:
        raise RuntimeError(f"inconsistent weight size, expected {classes} but got {list(weight.shape)}")
    _check_single(input, "multi_margin_loss_cpu_kernel")
    if weight is not None and weight.dtype is not input.dtype:
        raise RuntimeError(f"expected scalar type {SCALAR_TYPE[input.dtype]} but found {SCALAR_TYPE[weight.dtype]}")
    if target.dtype is not dtypes.int64:
        raise RuntimeError(f"expected scalar type Long but found {SCALAR_TYPE[target.dtype]}")
    target.device.backend.check_range(target._data, 0, classes, lambda wrong: RuntimeError("target out of range"))
    no_gradient_for("multi_margin_loss", weight=weight)
    return multi_margin_rows(input, target, weight, p, margin, reduction)


@primitive()
def listed(xp, target, /):
    """Which entries of each row come before the row's first -1"""
    return xp.cumprod(target >= 0, axis=1).astype(xp.bool_)


@primitive()
def label_counts(xp, target, like, /):
    """(rows, classes): how often each class is listed, in the dtype of `like`"""
    kept = listed.op.kernel(xp, target)
    counts = xp.zeros(target.shape, dtype=like.dtype)
    xp.scatter_add(counts, (xp.arange(len(target))[:, None], xp.where(kept, target, 0)), kept.astype(like.dtype))
    return counts


@primitive("MultilabelMarginLossBackward0")
@through_float32
def multilabel_margin_rows(xp, input, target, /, reduction):
    """max(0, 1 - x[y] + x[j]) over listed classes y and unlisted classes j, over the number of classes; reduced"""
    shape, input = input.shape[:-1], _rows(input)
    counts = label_counts.op.kernel(xp, _rows(target), input)
    short = xp.maximum(1 - input[:, :, None] + input[:, None, :], 0)
    loss = xp.sum(short * counts[:, :, None] * (counts == 0)[:, None, :], axis=(1, 2)) / input.shape[1]
    return reduced_array(xp, loss.reshape(shape), reduction)


@once("multilabel_margin_loss_backward")
def multilabel_margin_backward(xp, g, input, target, /, reduction):
    """How often an unlisted class comes too close to a listed one, minus how often that happens to a listed one"""
    shape, input = input.shape, _rows(input)
    counts = label_counts(_rows(target), input)
    short = 1 - unsqueeze_dim(input, 2) + unsqueeze_dim(input, 1)
    active = where(short > 0, unsqueeze_dim(counts, 2) * unsqueeze_dim(where(counts == 0, counts + 1, counts * 0), 1),
                   0.0)  # fmt: skip
    slope = (sum_dims(active, (1,), False) - sum_dims(active, (2,), False)) / input.shape[1]
    return _times_rows(slope, g, reduction, shape)


multilabel_margin_rows.vjp(input=lambda g, input, target, reduction:
                           multilabel_margin_backward(g, input, target, reduction))
multilabel_margin_rows.shows(is_target=lambda input, target: (
    label_counts(_rows(target), _rows(input)).reshape(target.shape) > 0).astype(input.dtype))


@declared("multilabel_margin_loss(Tensor input, Tensor target)")
def multilabel_margin_loss(input, target, size_average=None, reduce=None, reduction="mean"):
    """max(0, 1 - x[y] + x[j]) summed over listed classes y and others j, over the number of classes; reduced"""
    reduction = reduction_name(reduction, size_average, reduce)
    _check_matrix(input)
    if target.shape != input.shape:
        raise RuntimeError(f"inconsistent target size: {list(target.shape)} for input of size: {list(input.shape)}")
    _check_single(input, "multilabel_margin_loss_forward_out_frame")
    if target.dtype is not dtypes.int64:
        raise RuntimeError(f"expected scalar type Long but found {SCALAR_TYPE[target.dtype]}")
    classes = input.shape[-1] if input.dim() else 1
    target.device.backend.check_range(target._data, -1, classes,
                                      lambda wrong: RuntimeError("argument #2 'target' is out of range"))
    return multilabel_margin_rows(input, target, reduction)


def multilabel_soft_margin_loss(input, target, weight=None, size_average=None, reduce=None, reduction="mean"):
    """-(y log s(x) + (1 - y) log(1 - s(x))) with s = sigmoid, averaged over the classes; reduced"""
    reduction = reduction_name(reduction, size_average, reduce)
    if not input.dim():
        raise IndexError("Dimension specified as -1 but tensor has no dimensions")
    loss = -(target * log_sigmoid(input) + (1 - target) * log_sigmoid(-input))
    if weight is not None:
        loss = loss * weight
    return reduced(sum(loss, input.dim() - 1) / input.shape[-1], reduction)


# ---- pairs and triples ----------------------------------------------------------------------------------------------


@declared("cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, float margin)")
def cosine_embedding_loss(input1, input2, target, margin=0, size_average=None, reduce=None, reduction="mean"):
    """1 - cos(a, b) where y = 1, max(0, cos(a, b) - margin) where y = -1; reduced"""
    reduction = reduction_name(reduction, size_average, reduce)
    if target.dim() > 1:
        raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    if target.dim() == 1 and not input1.dim() == input2.dim() == 2:
        raise RuntimeError(f"1D target tensor expects 2D input tensors, but found inputs with sizes {list(input1.shape)} "
                           f"and {list(input2.shape)}.")
    if target.dim() == 0 and not input1.dim() == input2.dim() == 1:
        raise RuntimeError(f"0D target tensor expects 1D input tensors, but found inputs with sizes {list(input1.shape)} "
                           f"and {list(input2.shape)}.")
    dim = target.dim()
    squares = [plus(sum(mul(x, x), dim), 1e-12) for x in (input1, input2)]
    cosine = sum(mul(input1, input2), dim) / sqrt(mul(*squares))
    alike = where(target == 1, sub(1, cosine), 0.0)
    return reduced(alike + where(target == -1, minus(cosine, margin).clamp_min_(0), 0.0), reduction)


def _check_triple(anchor, positive, negative):
    a, p, n = anchor.dim(), positive.dim(), negative.dim()
    if not a == p == n:
        raise RuntimeError(f"The anchor, positive, and negative tensors are expected to have the same number of "
                           f"dimensions, but got: anchor {a}D, positive {p}D, and negative {n}D inputs")


@declared("triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, float margin, float p, float eps, bool swap)")
def triplet_margin_loss(anchor, positive, negative, margin=1.0, p=2, eps=1e-6, swap=False, size_average=None,
                        reduce=None, reduction="mean"):  # fmt: skip
    """max(0, |a - p| - |a - n| + margin), reduced; `swap` takes |p - n| where that is smaller than |a - n|"""
    reduction = reduction_name(reduction, size_average, reduce)
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    _check_triple(anchor, positive, negative)
    near, far = pairwise_distance(anchor, positive, p, eps), pairwise_distance(anchor, negative, p, eps)
    if swap:
        far = minimum(far, pairwise_distance(positive, negative, p, eps))
    return reduced((plus(near, margin) - far).clamp_min(0), reduction)


def triplet_margin_with_distance_loss(anchor, positive, negative, *, distance_function=None, margin=1.0, swap=False,
                                      reduction="mean"):  # fmt: skip
    """triplet_margin_loss with any distance"""
    reduction = reduction_name(reduction)
    distance = pairwise_distance if distance_function is None else distance_function
    if margin <= 0:
        raise ValueError(f"margin must be greater than 0, got {margin}")
    _check_triple(anchor, positive, negative)
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = minimum(far, distance(positive, negative))
    return reduced((margin + near - far).clamp_min(0), reduction)
