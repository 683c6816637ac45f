"""torch.nn.functional: names gathered from ops/, nothing defined."""

from ..ops.activation import gelu, glu, softplus, softsign, tanhshrink
from ..ops.activation import log_sigmoid as logsigmoid
from ..ops.activation_options import (
    celu,
    celu_,
    elu,
    elu_,
    hardsigmoid,
    hardswish,
    hardtanh,
    hardtanh_,
    leaky_relu,
    leaky_relu_,
    mish,
    relu,
    relu6,
    relu_,
    rrelu,
    rrelu_,
    selu,
    selu_,
    sigmoid,
    silu,
    tanh,
    threshold,
    threshold_,
)  # fmt: skip
from ..ops.adaptive_pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    adaptive_max_pool1d,
    adaptive_max_pool2d,
    adaptive_max_pool3d,
)
from ..ops.attention import scaled_dot_product_attention
from ..ops.average_pooling import avg_pool1d, avg_pool2d, avg_pool3d, lp_pool1d, lp_pool2d, lp_pool3d
from ..ops.bilinear import bilinear
from ..ops.convolution import conv1d, conv2d, conv3d, conv_transpose1d, conv_transpose2d, conv_transpose3d
from ..ops.cross_entropy import cross_entropy, nll_loss
from ..ops.ctc import ctc_loss
from ..ops.distance import cosine_similarity, normalize, pairwise_distance, pdist
from ..ops.dropout import alpha_dropout, dropout, dropout1d, dropout2d, dropout3d, feature_alpha_dropout
from ..ops.embedding import embedding, one_hot
from ..ops.embedding_bag import embedding_bag
from ..ops.fold import fold, unfold
from ..ops.fractional_pooling import (
    fractional_max_pool2d,
    fractional_max_pool2d_with_indices,
    fractional_max_pool3d,
    fractional_max_pool3d_with_indices,
)
from ..ops.grid import affine_grid, grid_sample
from ..ops.linalg import linear
from ..ops.linear_cross_entropy import linear_cross_entropy
from ..ops.loss import huber_loss, l1_loss, mse_loss, smooth_l1_loss
from ..ops.margin_loss import (
    cosine_embedding_loss,
    hinge_embedding_loss,
    margin_ranking_loss,
    multi_margin_loss,
    multilabel_margin_loss,
    multilabel_soft_margin_loss,
    soft_margin_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)  # fmt: skip
from ..ops.multi_head_attention import multi_head_attention_forward
from ..ops.normalization import batch_norm, group_norm, instance_norm, layer_norm, local_response_norm, rms_norm
from ..ops.padding import pad
from ..ops.piecewise import hardshrink, prelu, softshrink
from ..ops.pixels import channel_shuffle, native_channel_shuffle, pixel_shuffle, pixel_unshuffle
from ..ops.pooling import max_pool1d, max_pool2d, max_pool3d
from ..ops.probability_loss import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    gaussian_nll_loss,
    kl_div,
    poisson_nll_loss,
)  # fmt: skip
from ..ops.resampling import interpolate, upsample, upsample_bilinear, upsample_nearest
from ..ops.softmax import functional_log_softmax as log_softmax
from ..ops.softmax import functional_softmax as softmax
from ..ops.softmax import gumbel_softmax, softmin
from ..ops.unpooling import max_unpool1d, max_unpool2d, max_unpool3d
from . import grad as grad
