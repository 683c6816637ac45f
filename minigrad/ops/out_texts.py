"""What torch says of an out= that an op cannot fill.  Most ops fill any tensor that their result may be cast to."""

from ..dtypes import CPP_NAME, SCALAR_TYPE

CAST = "result type {want} can't be cast to the desired output type {got}"

# Ops that fill no other dtype than their result's: what they say of others.
EXACT = {
    "Found dtype {got} but expected {want}": "abs bitwise_not ceil floor frac neg round round_whole round_decimals sgn sign "
                                             "trunc",
    "Expected out tensor to have dtype {c_want}, but got {c_got} instead":
        "addmm addmv aminmax argmax argmin baddbmm bmm cross det gather inv log_softmax matmul max_dim min_dim mm mv norm "
        "renorm softmax sort topk tril triu vector_norm",
    "Expected the dtype for input and out to match, but got {want} for input's dtype and {got} for out's dtype.": "amax amin",
    "expected scalar_type {want} but found {got}": "cummax cummin logcumsumexp",
    "{name} does not support non-boolean outputs.": "isneginf isposinf signbit",
    "nan_to_num: dtype of out: {got} should be same as input: {want}": "nan_to_num",
    "Expected out type to be {want} but got {got}": "where",
    "heaviside is not yet implemented for tensors with different dtypes.": "heaviside",
    "quantile() out tensor must be same dtype as the input tensor": "quantile nanquantile",
    "expected scalar type '{want}' but got '{got}' for {field} output": "mode",
    "result dtype {got} does not match input dtype {want}": "dot",
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
    "cat": "torch.cat(): input types can't be cast to the desired output type {got}",
    "stack": "torch.cat(): input types can't be cast to the desired output type {got}",
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
    return text.format(name=name, field=field, want=SCALAR_TYPE[wanted], got=SCALAR_TYPE[given],
                       c_want=CPP_NAME[wanted], c_got=CPP_NAME[given])  # fmt: skip
