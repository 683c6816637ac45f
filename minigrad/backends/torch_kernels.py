"""torch's own kernels for the ops whose composition of NumPy-like functions would round differently, by the op's name.

Each takes what the op's kernel in ops/ takes, as tensors, and returns what that returns.
"""

import warnings

import torch
import torch.nn.functional as F

aten = torch.ops.aten
REDUCTION = {"none": 0, "mean": 1, "sum": 2}

# ---- activations ----------------------------------------------------------------------------------------------------


def elu(input, alpha, scale, input_scale):
    return aten.elu(input, alpha, scale, input_scale)


def glu_halves(input, dim):
    return F.glu(input, dim)


# ---- products and convolutions --------------------------------------------------------------------------------------


def addmm_arrays(input, mat1, mat2, beta, alpha):
    return torch.addmm(input, mat1, mat2, beta=beta, alpha=alpha)


def taken_by_plain(kernel):
    """A kernel computed without oneDNN where that refuses the sizes."""

    def run(*arguments):
        try:
            return kernel(*arguments)
        except RuntimeError:
            with torch.backends.mkldnn.flags(enabled=False):
                return kernel(*arguments)

    return run


@taken_by_plain
def convolve(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups):
    more = [0] * len(stride) if output_padding is None else output_padding
    return torch.convolution(input, weight, bias, stride, padding, dilation, transposed, more, groups)


@taken_by_plain
def correlate(input, output, kernel, stride, padding, dilation, groups):
    reach = [(n - 1) * s + (k - 1) * d + 1 for n, s, k, d in zip(output.shape[2:], stride, kernel, dilation)]
    if any(n + 2 * p - r >= s for n, p, r, s in zip(input.shape[2:], padding, reach, stride)):  # more than windows cover
        input = F.pad(input, [p for p in reversed(padding) for _ in (0, 1)])
        input, padding = input[(..., *map(slice, reach))], [0] * len(kernel)
    weight = input.new_empty(output.shape[1], input.shape[1] // groups, *kernel)
    still = [0] * len(kernel)
    return aten.convolution_backward(output, input, weight, None, stride, padding, dilation, False, still, groups,
                                     [False, True, False])[1]  # fmt: skip


def attention_heads(query, key, value, attn_mask, is_causal, scale):
    attn_mask = None if attn_mask is None else attn_mask.to(query.dtype)
    return aten._scaled_dot_product_flash_attention_for_cpu(
        query, key, value, 0.0, is_causal, attn_mask=attn_mask, scale=scale)  # fmt: skip


# ---- normalisation --------------------------------------------------------------------------------------------------


def native_batch_norm(input, weight, bias, running_mean, running_var, training, eps):
    running = (None, None) if training else (running_mean, running_var)  # torch would update them
    return torch.native_batch_norm(input, weight, bias, *running, training, 0.0, eps)


def native_layer_norm(input, weight, bias, normalized_shape, eps):
    return torch.native_layer_norm(input, normalized_shape, weight, bias, eps)


def native_group_norm(input, weight, bias, groups, eps):
    n, channels = input.shape[:2]
    size = input[0, 0].numel() if n and channels else 0
    return torch.native_group_norm(input.contiguous(), weight, bias, n, channels, size, groups, eps)


def prod_all(input, dtype):
    return torch.prod(input, dtype=input.dtype if dtype is None else getattr(torch, dtype.name))


def prod_dim(input, dim, keepdim, dtype):
    return torch.prod(input, dim, keepdim, dtype=input.dtype if dtype is None else getattr(torch, dtype.name))


def vector_norm(input, ord, dim, keepdim):
    return torch.linalg.vector_norm(input, ord, dim, keepdim)


# ---- losses ---------------------------------------------------------------------------------------------------------


def binary_cross_entropy(input, target, weight, reduction):
    return F.binary_cross_entropy(input, target, weight, reduction=reduction)


def binary_cross_entropy_with_logits(input, target, weight, pos_weight, reduction, dtype):
    loss = torch.binary_cross_entropy_with_logits(input, target, weight, pos_weight, REDUCTION[reduction])
    return loss if dtype is None else loss.to(getattr(torch, dtype.name))


def nll_loss_vector(input, target, weight, reduction, ignore_index):
    return aten.nll_loss_forward(input, target, weight, REDUCTION[reduction], ignore_index)


def nll_loss_image(input, target, weight, reduction, ignore_index):
    return aten.nll_loss2d_forward(input, target, weight, REDUCTION[reduction], ignore_index)


def mse_loss(input, target, reduction):
    return F.mse_loss(input, target, reduction=reduction)


def multilabel_margin_rows(input, target, reduction):
    return aten.multilabel_margin_loss_forward(input, target, REDUCTION[reduction])[0]


# ---- images ---------------------------------------------------------------------------------------------------------

UPSAMPLE = {("linear", 1): "upsample_linear1d", ("linear", 2): "upsample_bilinear2d",
            ("linear", 3): "upsample_trilinear3d", ("cubic", 2): "upsample_bicubic2d",
            ("linear antialiased", 2): "_upsample_bilinear2d_aa",
            ("cubic antialiased", 2): "_upsample_bicubic2d_aa"}  # fmt: skip
GRID_MODE = {"bilinear": 0, "nearest": 1, "bicubic": 2}
GRID_PADDING = {"zeros": 0, "border": 1, "reflection": 2}


def adaptive_avg_pool(input, size):
    return (F.adaptive_avg_pool2d if len(size) == 2 else F.adaptive_avg_pool3d)(input, size)


def resample(input, kind, size, align, factors):
    if (kind, len(size)) not in UPSAMPLE:
        return NotImplemented
    return getattr(aten, UPSAMPLE[kind, len(size)])(input, list(size), align, *factors)


def sample(input, grid, how, order):
    if any(order):
        return NotImplemented
    mode, padding, align = how
    forward = aten.grid_sampler_2d if input.ndim == 4 else aten.grid_sampler_3d
    return forward(input, grid, GRID_MODE[mode], GRID_PADDING[padding], align)


def affine_points(theta, size, align):
    return aten.affine_grid_generator(theta, list(size), align)


# ---- linear algebra, statistics, special functions ------------------------------------------------------------------


def cholesky(input, upper):
    return torch.linalg.cholesky_ex(input, upper=upper)


def spread(function):
    def kernel(input, dim, correction, keepdim):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the op has said it
            return function(input, dim, correction=correction, keepdim=keepdim)

    return kernel


def special(name):
    """torch.special's function; integers are left to the op, which knows what dtype they become"""
    function = getattr(torch.special, name)

    def kernel(*operands):
        whole = any(isinstance(x, torch.Tensor) and not x.is_floating_point() for x in operands)
        return NotImplemented if whole else function(*operands)

    return kernel


KERNELS = {
    **{name: special(name) for name in (
        "digamma", "i0", "i0e", "i1", "i1e", "log_ndtr", "erfcx", "ndtri", "airy_ai", "bessel_j0", "bessel_j1", "bessel_y0",
        "bessel_y1", "modified_bessel_i0", "modified_bessel_i1", "modified_bessel_k0", "modified_bessel_k1",
        "scaled_modified_bessel_k0", "scaled_modified_bessel_k1", "spherical_bessel_j0", "chebyshev_polynomial_t",
        "chebyshev_polynomial_u", "chebyshev_polynomial_v", "chebyshev_polynomial_w", "hermite_polynomial_h",
        "hermite_polynomial_he", "laguerre_polynomial_l", "legendre_polynomial_p", "shifted_chebyshev_polynomial_t",
        "shifted_chebyshev_polynomial_u", "shifted_chebyshev_polynomial_v", "shifted_chebyshev_polynomial_w")},
    "zeta_tensors": special("zeta"), "zeta_number_last": special("zeta"), "igamma": special("gammainc"),
    "zeta_number_first": lambda other, input: special("zeta")(input, other), "igammac": special("gammaincc"),
    "polygamma_n": lambda input, n: special("polygamma")(n, input), "mvlgamma_p": special("multigammaln"),
    "xlog1py_number_last": special("xlog1py"), "xlogy_tensors": special("xlogy"), "_resample": resample, "_sample": sample,
    "xlog1py_number_first": lambda other, input: special("xlog1py")(input, other),
    "cholesky_arrays": cholesky, "cholesky_ex_arrays": cholesky, "geqrf_arrays": torch.geqrf,
    "renorm_dim": torch.renorm,
    "matrix_exp_arrays": torch.linalg.matrix_exp, "affine_points": affine_points,
    "multilabel_margin_rows": multilabel_margin_rows, "prod_all": prod_all, "prod_dim": prod_dim,
    "lerp_number": torch.lerp, "lerp_tensor": torch.lerp,
    "var_mean_dims": spread(torch.var_mean), "std_mean_dims": spread(torch.std_mean),
    "dist_p": lambda input, other, p: torch.norm(input - other, p),
    "softmax_dim": torch.softmax, "log_softmax_dim": torch.log_softmax, "safe_softmax": aten._safe_softmax,
    "sigmoid": torch.sigmoid, "log_sigmoid": F.logsigmoid, "silu": F.silu, "mish": F.mish, "softplus": F.softplus,
    "gelu": lambda input, approximate: F.gelu(input, approximate=approximate), "elu": elu, "celu": elu,
    "glu_halves": glu_halves, "erf": torch.erf, "erfc": torch.erfc, "erfinv": torch.erfinv, "rsqrt": torch.rsqrt,
    "addmm_arrays": addmm_arrays, "mv_arrays": torch.mv, "dot_arrays": torch.dot, "bmm_arrays": torch.bmm,
    "mm_arrays": torch.mm, "convolve": convolve, "correlate": correlate, "attention_heads": attention_heads,
    "native_batch_norm": native_batch_norm, "native_layer_norm": native_layer_norm,
    "native_group_norm": native_group_norm, "vector_norm_dims": vector_norm, "norm_over": vector_norm,
    "binary_cross_entropy": binary_cross_entropy, "nll_loss_vector": nll_loss_vector, "nll_loss_image": nll_loss_image,
    "binary_cross_entropy_with_logits": binary_cross_entropy_with_logits, "mse_loss": mse_loss,
    "_adaptive_avg_pool": adaptive_avg_pool, "logcumsumexp_dim": torch.logcumsumexp,
    "xlog1py_tensors": torch.special.xlog1py, "var_dims": spread(torch.var), "std_dims": spread(torch.std),
}  # fmt: skip
