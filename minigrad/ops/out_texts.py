"""What torch says of an out= that an op cannot fill.  Most ops fill any tensor that their result may be cast to."""

from ..dtypes import CPP_NAME, SCALAR_TYPE, int32

CAST = "result type {want} can't be cast to the desired output type {got}"

# Ops that fill no other dtype than their result's: what they say of others.
EXACT = {
    "Found dtype {got} but expected {want}": "abs bitwise_not ceil floor frac neg round round_whole round_decimals sgn sign "
                                             "trunc",
    "Expected out tensor to have dtype {c_want}, but got {c_got} instead":
        "addmm addmv alias_copy aminmax argmax argmin as_strided_copy baddbmm bmm cholesky_ex det diag diagonal_copy eigh "
        "eigvalsh expand_copy gather index_add index_copy index_reduce inv inv_ex isin linalg_cholesky linalg_cross "
        "linalg_lu linalg_qr linalg_svd log_softmax lu_factor lu_factor_ex lu_unpack matmul matrix_power max_dim min_dim mm "
        "msort mv norm permute_copy qr renorm scatter scatter_add scatter_reduce select_copy slice_copy slice_scatter "
        "slogdet softmax solve solve_ex sort squeeze_copy svd svdvals t_copy take_along_dim topk transpose_copy "
        "triangular_solve tril triu unfold_copy unsqueeze_copy vector_norm view_copy",
    "self and mat2 must have the same dtype, but got {got} and {want}": "addbmm",
    "multi_dot(): expected out tensor to have dtype {c_want} but got {c_got}": "multi_dot chain_matmul",
    "linalg.vecdot: Expected out of dtype{want} but found {got}": "vecdot",
    "linalg.norm expected out tensor dtype {want} but got: {got}": "linalg_norm",
    "linalg.matrix_norm expected out tensor dtype {want} but got: {got}": "matrix_norm",
    "tensordot: Expected the output tensor to have dtype {want}, but got an output tensor with dtype {got}":
        "inner tensordot",
    "torch.histogram: input tensor and hist tensor should have the same dtype, but got input {c_want} and hist {c_got}":
        "histc",
    "torch.searchsorted(): output tensor's dtype is wrong, it can only be Int(int32) or Long(int64) depending on whether "
    "out_int32 flag is True, but we got output tensor's dtype {got} and out_int32 flag is {want}": "searchsorted bucketize",
    "torch.ormqr: Expected input and result to have the same dtype, but input has dtype{want} and result has dtype {got}":
        "ormqr",
    "Expected self.dtype() == output.dtype() to be true, but got false.  (Could this error message be improved?  If so, "
    "please report an enhancement request to PyTorch.)": "narrow_copy",
    "Expected the dtype for input and out to match, but got {want} for input's dtype and {got} for out's dtype.": "amax amin",
    "expected scalar_type {want} but found {got}": "cummax cummin logcumsumexp",
    "{name} does not support non-boolean outputs.": "isneginf isposinf signbit",
    "nan_to_num: dtype of out: {got} should be same as input: {want}": "nan_to_num",
    "Expected out type to be {want} but got {got}": "where",
    "heaviside is not yet implemented for tensors with different dtypes.": "heaviside",
    "quantile() out tensor must be same dtype as the input tensor": "quantile nanquantile",
    "expected scalar type '{want}' but got '{got}' for {field} output": "mode",
    "result dtype {got} does not match input dtype {want}": "dot vdot",
    "{name}(): self and result must have the same scalar type": "index_select masked_select",
    "take(): self and out expected to have the same dtype, but got self.dtype = {want} and out.dtype = {got}": "take",
    "output values must be of same type as input": "kthvalue",
    "nonzero: Expected out tensor to have scalar type {want} but got scalar type{got}": "nonzero",
    "torch.frexp() expects {field} to have dtype {c_want} but got {c_got}": "frexp",
    "the output given to float_power has dtype {got} but the operation's result requires dtype {want}": "float_power",
}  # fmt: skip
EXACT = {name: text for text, names in EXACT.items() for name in names.split()}

# Ops that fill what their result may be cast to, and say of other dtypes:
OWN_WORDS = {
    **dict.fromkeys(("cat", "stack", "hstack", "vstack", "dstack", "column_stack"),
                    "torch.cat(): input types can't be cast to the desired output type {got}"),
    **{name: said + ": Expected {field} to be safely castable from {want} dtype, but got {field} with dtype {got}"
       for name, said in (("cholesky", "cholesky"), ("cholesky_inverse", "cholesky_inverse"), ("geqrf", "torch.geqrf"),
                          ("cholesky_solve", "cholesky_solve"), ("cond", "linalg.cond"), ("linalg_pinv", "linalg.pinv"),
                          ("householder_product", "torch.linalg.householder_product"), ("tensorinv", "tensorinv"),
                          ("tensorsolve", "tensorsolve"), ("lstsq", "torch.linalg.lstsq"))},
    "ldexp": "ldexp can't be cast to the desired output type {got}",
    "logsumexp": "logsumexp(): Expected floating point type for result tensor, but got: {got}",
    "mean": "result type Float can't be cast to the desired output type {got}",
    "mvlgamma": "mvlgamma: result type {want} can't be cast to the desired output type {want}",
}

# What an op is called where it refuses to be differentiated, if not by the name it is asked for.
RECORDED_AS = {
    "true_divide": "div", "float_power": "pow", "square": "pow", "nanmean": "nansum", "norm": "linalg_vector_norm",
    "vector_norm": "linalg_vector_norm",
    **{name: "special_" + name for name in ("entr", "erfcx", "i0e", "i1", "i1e", "log_ndtr", "ndtri", "xlog1py", "zeta")},
}  # fmt: skip


def misfit_inside(name, wanted, given):
    """The same for an op in place"""
    return OWN_WORDS["ldexp"].format(got=SCALAR_TYPE[given]) if name == "ldexp" else CAST.format(
        want=SCALAR_TYPE[wanted], got=SCALAR_TYPE[given])  # fmt: skip


def misfit(name, field, wanted, given):
    """The text for an out= (or one `field` of it) of dtype `given` where an op gives `wanted`"""
    text = EXACT.get(name) or OWN_WORDS.get(name, CAST)
    if name == "frexp" and field == "exponent":
        text = "torch.frexp() expects exponent to have int dtype but got {c_got}"
    if name == "kthvalue" and field == "indices":
        text = "output indices must be of scalar type {want}"
    if name in ("searchsorted", "bucketize"):
        text = text.replace("{want}", str(wanted is int32))
    return text.format(name=name, field=field, want=SCALAR_TYPE[wanted], got=SCALAR_TYPE[given],
                       c_want=CPP_NAME[wanted], c_got=CPP_NAME[given])  # fmt: skip
