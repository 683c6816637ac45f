"""The functions of the torch namespace: names gathered from ops/, nothing defined."""

from .autograd.inplace import fill_, zero_
from .autograd.restriding import as_strided_, squeeze_, t_, transpose_, unsqueeze_
from .methods import IN_PLACE as _METHODS
from .methods import resize_as_
from .ops.activation import relu, sigmoid, tanh
from .ops.activation_options import (
    celu,
    celu_,
    relu_,
    rrelu,
    rrelu_,
    selu,
    selu_,
    sigmoid_,
    tanh_,
    threshold,
    threshold_,
)  # fmt: skip
from .ops.adaptive_pooling import adaptive_avg_pool1d, adaptive_max_pool1d
from .ops.asking import (
    adjoint,
    can_cast,
    detach,
    get_device,
    is_complex,
    is_floating_point,
    is_inference,
    is_nonzero,
    is_same_size,
    is_signed,
    is_tensor,
    numel,
)  # fmt: skip
from .ops.asking import itself as conj
from .ops.asking import itself as conj_physical
from .ops.asking import itself as resolve_conj
from .ops.asking import itself as resolve_neg
from .ops.asking import never as is_conj
from .ops.asking import never as is_neg
from .ops.average_pooling import avg_pool1d
from .ops.bessel import i0
from .ops.bilinear import bilinear
from .ops.bitwise import (
    bitwise_and,
    bitwise_left_shift,
    bitwise_not,
    bitwise_or,
    bitwise_right_shift,
    bitwise_xor,
    gcd,
    lcm,
)  # fmt: skip
from .ops.cdist import cdist
from .ops.comparison import (
    allclose,
    clamp,
    clamp_max,
    clamp_min,
    clip,
    eq,
    equal,
    fmax,
    fmin,
    ge,
    gt,
    isclose,
    isfinite,
    isinf,
    isnan,
    isneginf,
    isposinf,
    isreal,
    le,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    lt,
    maximum,
    minimum,
    nan_to_num,
    ne,
    signbit,
    where,
)  # fmt: skip
from .ops.comparison import (
    ge as greater_equal,
)
from .ops.comparison import (
    gt as greater,
)
from .ops.comparison import (
    le as less_equal,
)
from .ops.comparison import (
    lt as less,
)
from .ops.comparison import (
    ne as not_equal,
)
from .ops.convolution import conv1d, conv2d, conv3d, conv_transpose1d, conv_transpose2d, conv_transpose3d, convolution
from .ops.copies import clone
from .ops.copying import (
    alias_copy,
    as_strided_copy,
    diagonal_copy,
    expand_copy,
    permute_copy,
    select_copy,
    slice_copy,
    split_copy,
    split_with_sizes_copy,
    squeeze_copy,
    t_copy,
    transpose_copy,
    unbind_copy,
    unfold_copy,
    unsqueeze_copy,
    view_copy,
)  # fmt: skip
from .ops.covariance import corrcoef, cov
from .ops.creation import LEGACY as _LEGACY
from .ops.creation import (
    arange,
    as_tensor,
    asarray,
    empty,
    empty_like,
    eye,
    fill,
    from_numpy,
    full,
    full_like,
    ones,
    ones_like,
    scalar_tensor,
    set_default_tensor_type,
    tensor,
    zeros,
    zeros_like,
)  # fmt: skip
from .ops.decomposition import cholesky, lu, lu_unpack
from .ops.distance import cosine_similarity, pairwise_distance, pdist
from .ops.einsum import einsum
from .ops.embedding import look_up as embedding
from .ops.extremes import amax, amin, aminmax, argmax, argmin, max, median, min, mode, nanmedian
from .ops.finite_differences import gradient
from .ops.fused_products import addbmm, addmv, addr, baddbmm
from .ops.gamma import digamma, igamma, igammac, lgamma, mvlgamma, polygamma
from .ops.gathering import gather, index_select, take, take_along_dim
from .ops.grids import broadcast_shapes, broadcast_tensors, cartesian_prod, combinations, meshgrid
from .ops.histograms import histogram, histogramdd
from .ops.integration import cumulative_trapezoid, trapezoid
from .ops.integration import trapezoid as trapz
from .ops.joining import (
    cat,
    chunk,
    split,
    split_with_sizes,
    stack,
    unbind,
    unsafe_chunk,
    unsafe_split,
    unsafe_split_with_sizes,
)  # fmt: skip
from .ops.joining import (
    cat as concat,
)
from .ops.joining import (
    cat as concatenate,
)
from .ops.lengths import dist, renorm
from .ops.linalg import addmm, bmm, dot, matmul, mm, mv
from .ops.logarithmic import logit, xlogy
from .ops.low_rank import pca_lowrank, svd_lowrank
from .ops.masked import masked_fill, masked_scatter, masked_select
from .ops.matrix_functions import matrix_exp
from .ops.native import (
    alpha_dropout,
    alpha_dropout_,
    batch_norm,
    dropout,
    dropout_,
    feature_alpha_dropout,
    feature_alpha_dropout_,
    feature_dropout,
    feature_dropout_,
    grid_sampler,
    grid_sampler_2d,
    grid_sampler_3d,
    instance_norm,
    native_batch_norm,
    native_dropout,
    native_group_norm,
    native_layer_norm,
)
from .ops.normalization import group_norm, layer_norm, rms_norm
from .ops.norms import norm, nuclear_norm
from .ops.orthogonal import geqrf, orgqr, ormqr, qr
from .ops.padding import constant_pad as constant_pad_nd
from .ops.piecewise import hardshrink, prelu
from .ops.pixels import channel_shuffle, native_channel_shuffle, pixel_shuffle, pixel_unshuffle
from .ops.pointwise import (
    abs,
    add,
    addcdiv,
    addcmul,
    angle,
    copysign,
    div,
    float_power,
    frexp,
    heaviside,
    imag,
    ldexp,
    lerp,
    mul,
    neg,
    nextafter,
    positive,
    pow,
    real,
    reciprocal,
    rsub,
    sgn,
    sign,
    square,
    sub,
    true_divide,
)  # fmt: skip
from .ops.pointwise import (
    abs as absolute,
)
from .ops.pointwise import (
    div as divide,
)
from .ops.pointwise import (
    mul as multiply,
)
from .ops.pointwise import (
    neg as negative,
)
from .ops.pointwise import (
    sub as subtract,
)
from .ops.pooling import max_pool1d, max_pool1d_with_indices, max_pool2d, max_pool3d
from .ops.products import chain_matmul, cross, inner, kron, matrix_power, outer, tensordot, vdot
from .ops.products import outer as ger
from .ops.rearrange import (
    as_strided_scatter,
    diag,
    diag_embed,
    diagflat,
    diagonal_scatter,
    flip,
    fliplr,
    flipud,
    repeat_interleave,
    roll,
    rot90,
    select_scatter,
    slice_scatter,
    tile,
    trace,
    tril,
    triu,
)  # fmt: skip
from .ops.reduction import all, any, count_nonzero, logsumexp, mean, nanmean, nansum, prod, sum
from .ops.rounding import ceil, floor, floor_divide, fmod, frac, remainder, round, trunc
from .ops.rounding import trunc as fix
from .ops.sampling import (
    bernoulli,
    binomial,
    multinomial,
    normal,
    poisson,
    rand,
    rand_like,
    randint,
    randint_like,
    randn,
    randn_like,
    randperm,
)  # fmt: skip
from .ops.scan import cummax, cummin, cumprod, cumsum, diff, logcumsumexp
from .ops.scatter import (
    index_add,
    index_copy,
    index_fill,
    index_put,
    index_reduce,
    put,
    scatter,
    scatter_add,
    scatter_reduce,
)  # fmt: skip
from .ops.shape import (
    broadcast_to,
    flatten,
    movedim,
    permute,
    ravel,
    reshape,
    squeeze,
    swapaxes,
    t,
    transpose,
    unflatten,
    unsqueeze,
)  # fmt: skip
from .ops.shape import (
    movedim as moveaxis,
)
from .ops.shape import (
    transpose as swapdims,
)
from .ops.sharing import from_dlpack, from_file, frombuffer
from .ops.softmax import log_softmax, softmax
from .ops.solving import cholesky_inverse, cholesky_solve, det, logdet, lu_solve, slogdet
from .ops.solving import inv as inverse
from .ops.sorting import (
    argsort,
    argwhere,
    bincount,
    bucketize,
    histc,
    isin,
    kthvalue,
    msort,
    nonzero,
    nonzero_static,
    searchsorted,
    sort,
    topk,
    unique,
    unique_consecutive,
    unravel_index,
)  # fmt: skip
from .ops.special import erf, erfc, erfinv
from .ops.spectral import pinverse, svd
from .ops.stacking import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    block_diag,
    column_stack,
    dsplit,
    dstack,
    hsplit,
    hstack,
    tensor_split,
    vsplit,
    vstack,
)  # fmt: skip
from .ops.stacking import (
    vstack as row_stack,
)
from .ops.statistics import nanquantile, quantile, std, std_mean, var, var_mean
from .ops.steps import (
    bartlett_window,
    blackman_window,
    empty_permuted,
    empty_strided,
    hamming_window,
    hann_window,
    kaiser_window,
    linspace,
    logspace,
    range,
    tril_indices,
    triu_indices,
    vander,
)  # fmt: skip
from .ops.transcendental import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    deg2rad,
    exp,
    exp2,
    expm1,
    hypot,
    log,
    log1p,
    log2,
    log10,
    logaddexp,
    logaddexp2,
    rad2deg,
    rsqrt,
    sin,
    sinc,
    sinh,
    sqrt,
    tan,
)  # fmt: skip
from .ops.transcendental import (
    acos as arccos,
)
from .ops.transcendental import (
    acosh as arccosh,
)
from .ops.transcendental import (
    asin as arcsin,
)
from .ops.transcendental import (
    asinh as arcsinh,
)
from .ops.transcendental import (
    atan as arctan,
)
from .ops.transcendental import (
    atan2 as arctan2,
)
from .ops.transcendental import (
    atanh as arctanh,
)
from .ops.triangular import triangular_solve
from .ops.views import as_strided, diagonal, narrow, narrow_copy, select

globals().update(_LEGACY)

# The in-place methods that are functions too.
_IN_PLACE = """
    abs acos acosh addmv arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh ceil clamp clamp_max clamp_min
    clip cos cosh deg2rad erf erfc exp exp2 expm1 fix floor frac gcd i0 index_put lcm ldexp log log10 log1p log2 logit
    nan_to_num neg negative rad2deg reciprocal round rsqrt sin sinc sinh sqrt square tan trunc xlogy
""".split()
globals().update({name + "_": _METHODS[name + "_"] for name in _IN_PLACE})
