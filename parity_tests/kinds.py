"""What kind of op each name is: the lines of the coverage table in README.md.  "Binary" takes in three operands."""

import re

# In this order; the first pattern that fits the whole name (an entry's variant after a dot included) decides.
PATTERNS = {
    "matrix products": r"(add|badd)?(b?mm|mv|r|bmm)(\..+)?|v?dot|matmul|__rmatmul__|outer|inner|tensordot|kron|einsum|"
                       r"linalg\.(vecdot|multi_dot)|torch\._scaled_mm.*",
    "linear algebra": r"linalg\..+|cholesky.*|geqrf|lu|lu_solve|lu_unpack|logdet|matrix_(exp|power|rank)|ormqr|pinv|pinverse|"
                      r"qr|svd|svd_lowrank|pca_lowrank|triangular_solve|cross|cdist|cov|corrcoef|trace|renorm",
    "nn.functional": r"nn\.functional\..+|(log_)?softmax(\..+)?|native_.+|grid_sampler_.+|constant_pad_nd|max_pool2d_with_.+",
    "special functions": r"special\..+|mvlgamma.*|polygamma.*|lgamma|gammaln|digamma|igammac?|erf|erfc|erfinv|i0|sinc|logit",
    "conversion": r"bfloat16|bool|byte|char|double|float|half|int|long|short|to|type_as|item|clone|contiguous|alias_copy|size|"
                  r"numpy|tolist|limits|memory_format|asking",
    "creation": r"arange|linspace.*|logspace.*|empty.*|zeros.*|ones.*|full.*|new_.+|eye|rand.*|normal(\..+)?|bernoulli|"
                r"multinomial|cauchy|exponential|geometric|log_normal|uniform|scalar_tensor|tri[lu]_indices|fill|zero_|tensor|as_tensor|"
                r"from_numpy|Tensor|.+Tensor|steps|made|asked",
    "reductions": r"all|any|amax|amin|argmax|argmin|aminmax|count_nonzero|(nan)?(mean|sum|median|quantile)|(std|var)(_mean)?"
                  r"(\..+)?|prod|(max|min)(\.reduction.+)?|mode|norm(\..+)?|dist|logsumexp|cum.+|logcumsumexp|trapz|trapezoid|"
                  r"diff|gradient|equal|allclose|hist.+|hash_tensor|sum_to_size",
    "indexing and sorting": r"gather|gathering|scatter.*|index_.+|masked_.+|take|take_along_dim|put|nonzero.*|argwhere|where|"
                            r"__getitem__|getitem|setitem|unique.*|bincount|searchsorted|bucketize|topk|sort|argsort|msort|"
                            r"kthvalue|sorting|counting|isin|select_scatter|slice_scatter|diagonal_scatter|as_strided_scatter|"
                            r"unravel_index",
    "shape and view": r"(.+_)?(view|reshape|expand|squeeze|transpose|permute|unfold|split|slice|narrow|select|unbind|diagonal|"
                      r"chunk|as_strided|broadcast|t)(_copy|_as|_to|_with_sizes.*|_shapes|_tensors)?(\..+)?|shape|"
                      r"unflatten|flatten|ravel|movedim|repeat.*|tile|roll|flip.*|rot90|.?stack|column_stack|cat|concat.*|"
                      r"[hvd]split|tensor_split|diag.*|tri[lu]|atleast_.d|unsqueeze.*|T|H|mT|mH|meshgrid.*|block_diag|"
                      r"cartesian_prod|combinations|resize_.*|swap.+",
    "pointwise binary": r"add|sub|mul|div.*|true_divide|floor_divide|remainder|fmod|f?(max|min)(imum|\.binary)?|"
                        r"rsub|__r.+__|atan2|bitwise_(and|or|xor|.+_shift)|copysign|eq|ne|[gl][et]|hypot|ldexp|"
                        r"logaddexp2?|logical_(and|or|xor)|heaviside|lcm|gcd|isclose|nextafter|pow|float_power|"
                        r"xlogy|addcmul|addcdiv|lerp|clamp.*",
    "pointwise unary": r"abs|a?(cos|sin|tan)h?|bitwise_not|ceil|positive|pos|deg2rad|rad2deg|exp|exp2|expm1|frac|floor|"
                       r"frexp|log|log10|log1p|log2|logical_not|neg|round.*|sign|sgn|signbit|sigmoid|trunc|nan_to_num|"
                       r"reciprocal|r?sqrt|square|angle|is(finite|inf|posinf|neginf|real|nan)|relu",
}  # fmt: skip
KINDS = ["pointwise unary", "pointwise binary", "reductions", "shape and view", "indexing and sorting",
         "matrix products", "linear algebra", "nn.functional", "creation", "special functions", "conversion"]  # fmt: skip
OTHER = "other"


def kind(name):
    """The kind of an op, or of an OpInfo entry, by its name."""
    return next((title for title, pattern in PATTERNS.items() if re.fullmatch(pattern, name)), OTHER)
