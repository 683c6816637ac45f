"""torch's own backward kernels, for ops whose derivative it computes in one: by the op's name, then by the input's.

Each takes what the formula declared in ops/ takes (the names must be the same), as tensors.  `None` stands for a formula
of all inputs at once.
"""

import torch

from .torch_kernels import GRID_MODE, GRID_PADDING, REDUCTION, UPSAMPLE, taken_by_plain

aten = torch.ops.aten

# ---- activations ----------------------------------------------------------------------------------------------------


def sigmoid(g, out):
    return aten.sigmoid_backward(g, out)


def tanh(g, out):
    return aten.tanh_backward(g, out)


def softplus(g, input, beta, threshold):
    return aten.softplus_backward(g, input, beta, threshold)


def log_sigmoid(g, input):
    return aten.log_sigmoid_backward(g, input, aten.log_sigmoid_forward(input)[1])


def silu(g, input):
    return aten.silu_backward(g, input)


def mish(g, input):
    return aten.mish_backward(g, input)


def gelu(g, input, approximate):
    return aten.gelu_backward(g, input, approximate=approximate)


def elu(g, input, alpha, scale, input_scale):
    return aten.elu_backward(g, alpha, scale, input_scale, False, input)


def glu_halves(g, input, dim):
    return aten.glu_backward(g, input, dim)


def softmax_dim(g, out, dim):
    return aten._softmax_backward_data(g, out, dim, out.dtype)


def log_softmax_dim(g, out, dim):
    return aten._log_softmax_backward_data(g, out, dim, out.dtype)


# ---- convolution, attention -----------------------------------------------------------------------------------------


@taken_by_plain
def convolution(g, input, weight, stride, padding, dilation, transposed, groups, mask):
    """torch.convolution_backward; the output padding that was asked for shows in the sizes"""
    reach = [(k - 1) * d + 1 for k, d in zip(weight.shape[2:], dilation)]
    more = [o - ((n - 1) * s - 2 * p + r) if transposed else 0
            for o, n, s, p, r in zip(g.shape[2:], input.shape[2:], stride, padding, reach)]  # fmt: skip
    return aten.convolution_backward(g, input, weight, None, stride, padding, dilation, transposed, more, groups, mask)


def convolve_input(g, weight, input_shape, stride, padding, dilation, transposed, groups):
    input = g.new_empty(input_shape)
    return convolution(g, input, weight, stride, padding, dilation, transposed, groups, [True, False, False])[0]


def convolve_weight(g, input, weight_shape, stride, padding, dilation, transposed, groups):
    weight = g.new_empty(weight_shape)
    return convolution(g, input, weight, stride, padding, dilation, transposed, groups, [False, True, False])[1]


def attention_heads(g, needs, query, key, value, attn_mask, out, logsumexp, is_causal, scale):
    attn_mask = None if attn_mask is None else attn_mask.to(query.dtype)
    found = aten._scaled_dot_product_flash_attention_for_cpu_backward(
        g, query, key, value, out, logsumexp, 0.0, is_causal, attn_mask=attn_mask, scale=scale)  # fmt: skip
    return [x if need else None for x, need in zip(found, needs)]


# ---- normalisation --------------------------------------------------------------------------------------------------


def native_batch_norm(g, needs, input, weight, mean, invstd, training, eps):
    if not training:
        return NotImplemented
    return aten.native_batch_norm_backward(g, input, weight, None, None, mean, invstd, True, eps, needs)


def native_layer_norm(g, needs, input, weight, mean, rstd, normalized_shape, eps):
    bias = g.new_empty(normalized_shape) if needs[2] else None
    return aten.native_layer_norm_backward(g, input, normalized_shape, mean, rstd, weight, bias, needs)


def native_group_norm(given, needs, input, weight, mean, rstd, groups, eps):
    g, *of_statistics = given
    if g is None or of_statistics != [None, None]:
        return NotImplemented
    n, channels = input.shape[:2]
    size = input[0, 0].numel() if n and channels else 0
    return aten.native_group_norm_backward(
        g.contiguous(), input.contiguous(), mean, rstd, weight, n, channels, size, groups, needs)


# ---- losses ---------------------------------------------------------------------------------------------------------


def binary_cross_entropy(g, input, target, weight, reduction):
    return aten.binary_cross_entropy_backward(g, input, target, weight, REDUCTION[reduction])


def nll_loss_vector(g, input, target, weight, total_weight, reduction, ignore_index):
    return aten.nll_loss_backward(g, input, target, weight, REDUCTION[reduction], ignore_index, total_weight)


def nll_loss_image(g, input, target, weight, total_weight, reduction, ignore_index):
    return aten.nll_loss2d_backward(g, input, target, weight, REDUCTION[reduction], ignore_index, total_weight)


def mse_loss(g, input, target, reduction):
    return aten.mse_loss_backward(g, input, target, REDUCTION[reduction])


def ctc_losses(g, log_probs, targets, out, alpha, input_lengths, target_lengths, blank, zero_infinity):
    lengths = list(input_lengths), list(target_lengths)
    loss, alpha = aten._ctc_loss(log_probs, targets, *lengths, blank, zero_infinity)
    return aten._ctc_loss_backward(g, log_probs, targets, *lengths, loss, alpha, blank, zero_infinity)


def pdist_rows(g, input, out, p):
    return aten._pdist_backward(g, input, p, out)


# ---- images ---------------------------------------------------------------------------------------------------------


def replicate_pad(g, input, pad):
    plain = {2: aten.replication_pad1d_backward, 4: aten.replication_pad2d_backward, 6: aten.replication_pad3d_backward}
    return plain[len(pad)](g, input, pad)


def adaptive_avg_pool(g, input, size):
    return (aten._adaptive_avg_pool2d_backward if len(size) == 2 else aten._adaptive_avg_pool3d_backward)(g, input)


def resample(g, input_shape, kind, size, align, factors):
    if (kind, len(size)) not in UPSAMPLE:
        return NotImplemented
    backward = getattr(aten, UPSAMPLE[kind, len(size)] + "_backward")
    return backward(g, list(size), list(input_shape), align, *factors)


def sampled(g, input, grid, how, mask):
    mode, padding, align = how
    backward = aten.grid_sampler_2d_backward if input.ndim == 4 else aten.grid_sampler_3d_backward
    return backward(g, input, grid, GRID_MODE[mode], GRID_PADDING[padding], align, mask)


def sample_input(g, input, grid, how, order):
    return NotImplemented if any(order) else sampled(g, input, grid, how, [True, False])[0]


def sample_grid(g, input, grid, how, order):
    return NotImplemented if any(order) else sampled(g, input, grid, how, [True, True])[1]


FORMULAS = {
    **{name: {"input": globals()[name]} for name in (
        "sigmoid", "tanh", "softplus", "log_sigmoid", "silu", "mish", "gelu", "elu", "glu_halves", "softmax_dim",
        "log_softmax_dim", "binary_cross_entropy", "nll_loss_vector", "nll_loss_image", "mse_loss", "pdist_rows",
        "replicate_pad")},
    "safe_softmax": {"input": softmax_dim}, "ctc_losses": {"log_probs": ctc_losses},
    "celu": {"input": elu}, "convolve": {"input": convolve_input, "weight": convolve_weight},
    "attention_heads": {None: attention_heads}, "native_batch_norm": {None: native_batch_norm},
    "native_layer_norm": {None: native_layer_norm}, "native_group_norm": {None: native_group_norm},
    "_adaptive_avg_pool": {"input": adaptive_avg_pool}, "_resample": {"input": resample},
    "_sample": {"input": sample_input, "grid": sample_grid},
}  # fmt: skip
