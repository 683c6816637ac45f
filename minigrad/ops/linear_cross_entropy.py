"""Cross entropy of a linear layer's outputs, in one call."""

import math

from .cross_entropy import cross_entropy
from .linalg import linear
from .shape import reshape


def linear_cross_entropy(input, linear_weight, target, *, linear_bias=None, weight=None, reduction="mean",
                         ignore_index=None, label_smoothing=0.0):  # fmt: skip
    """cross_entropy(input @ linear_weight.T + linear_bias, target); the weight (C, ..., features) may have loss dimensions"""
    _check(input, linear_weight, linear_bias)
    shape = (*input.shape[:-1], *linear_weight.shape[:-1])
    if tuple(target.shape) == shape and ignore_index is not None:
        raise RuntimeError("ignore_index cannot be specified when target contains probabilities")
    if linear_weight.dim() > 2:
        rows = math.prod(linear_weight.shape[:-1])
        linear_weight = reshape(linear_weight, (rows, linear_weight.shape[-1]))
        linear_bias = None if linear_bias is None else reshape(linear_bias, (rows,))
    logits = reshape(linear(input, linear_weight, linear_bias), shape)
    return cross_entropy(logits, target, weight=weight, reduction=reduction, label_smoothing=label_smoothing,
                         ignore_index=-100 if ignore_index is None else ignore_index)


def _check(input, weight, bias):
    features, outputs = input.shape[-1:], tuple(weight.shape[:-1])
    if not 1 <= input.dim() <= 2:
        raise RuntimeError(f"expected input with dimensionality 1 or 2, got {input.dim()}")
    if weight.dim() < 2:
        raise RuntimeError(f"expected linear_weight with dimensionality at least 2, got {weight.dim()}")
    if features != weight.shape[-1:]:
        raise RuntimeError(f"expected equal input and linear_weight last dimensions (in_features), got {features[0]} and "
                           f"{weight.shape[-1]}, respectively")
    if bias is not None and tuple(bias.shape) != outputs:
        raise RuntimeError(f"expected linear_bias shape {outputs}, got {tuple(bias.shape)}")
    if len(outputs) > 1 and input.dim() == 1:
        raise RuntimeError(f"K-dimensional loss defined by linear_weight shape {tuple(weight.shape)} requires batched "
                           f"input, (N, {features[0]}), got unbatched input with shape {tuple(input.shape)}")
