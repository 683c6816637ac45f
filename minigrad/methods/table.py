"""What a Tensor can do: which op each method and each operator is.

The ops are functions whose first argument is the tensor, so most methods are the op itself.
"""


from ..autograd import attributes, inplace
from ..autograd.inplace import inplace as in_place
from ..autograd.restriding import RESTRIDING
from ..ops import (
    activation,
    asking,
    bessel,
    bitwise,
    comparison,
    covariance,
    decomposition,
    extremes,
    fused_products,
    gamma,
    gathering,
    grids,
    histograms,
    indexing,
    joining,
    lengths,
    linalg,
    logarithmic,
    masked,
    matrix_functions,
    norms,
    orthogonal,
    piecewise,
    pointwise,
    products,
    rearrange,
    reduction,
    rounding,
    sampling,
    scan,
    scatter,
    shape,
    shortcut,
    softmax,
    solving,
    sorting,
    special,
    spectral,
    stacking,
    statistics,
    transcendental,
    triangular,
    views,
)  # fmt: skip
from ..ops.checks import NotAnOperand
from ..tensor import Tensor
from .attach import method

POINTWISE = {
    "abs": pointwise.abs, "absolute": pointwise.abs, "add": pointwise.add, "addcdiv": pointwise.addcdiv,
    "addcmul": pointwise.addcmul, "copysign": pointwise.copysign, "div": pointwise.div, "divide": pointwise.div,
    "float_power": pointwise.float_power, "heaviside": pointwise.heaviside, "ldexp": pointwise.ldexp,
    "lerp": pointwise.lerp, "mul": pointwise.mul, "multiply": pointwise.mul, "neg": pointwise.neg,
    "negative": pointwise.neg, "nextafter": pointwise.nextafter, "pow": pointwise.pow,
    "reciprocal": pointwise.reciprocal, "sgn": pointwise.sgn, "sign": pointwise.sign, "square": pointwise.square,
    "sub": pointwise.sub, "subtract": pointwise.sub, "true_divide": pointwise.true_divide,
    "acos": transcendental.acos, "acosh": transcendental.acosh, "arccos": transcendental.acos,
    "arccosh": transcendental.acosh, "arcsin": transcendental.asin, "arcsinh": transcendental.asinh,
    "arctan": transcendental.atan, "arctan2": transcendental.atan2, "arctanh": transcendental.atanh,
    "asin": transcendental.asin, "asinh": transcendental.asinh, "atan": transcendental.atan,
    "atan2": transcendental.atan2, "atanh": transcendental.atanh, "cos": transcendental.cos,
    "cosh": transcendental.cosh, "deg2rad": transcendental.deg2rad, "exp": transcendental.exp,
    "exp2": transcendental.exp2, "expm1": transcendental.expm1, "hypot": transcendental.hypot,
    "log": transcendental.log, "log10": transcendental.log10, "log1p": transcendental.log1p,
    "log2": transcendental.log2, "rad2deg": transcendental.rad2deg, "rsqrt": transcendental.rsqrt,
    "sin": transcendental.sin, "sinc": transcendental.sinc, "sinh": transcendental.sinh, "sqrt": transcendental.sqrt,
    "tan": transcendental.tan,
    "clamp": comparison.clamp, "clamp_max": comparison.clamp_max, "clamp_min": comparison.clamp_min,
    "clip": comparison.clip, "eq": comparison.eq, "ge": comparison.ge, "greater": comparison.gt,
    "greater_equal": comparison.ge, "gt": comparison.gt, "le": comparison.le, "less": comparison.lt,
    "less_equal": comparison.le, "logical_and": comparison.logical_and, "logical_not": comparison.logical_not,
    "logical_or": comparison.logical_or, "logical_xor": comparison.logical_xor, "lt": comparison.lt,
    "nan_to_num": comparison.nan_to_num, "ne": comparison.ne, "not_equal": comparison.ne,
    "bitwise_and": bitwise.bitwise_and, "bitwise_left_shift": bitwise.bitwise_left_shift,
    "bitwise_not": bitwise.bitwise_not, "bitwise_or": bitwise.bitwise_or,
    "bitwise_right_shift": bitwise.bitwise_right_shift, "bitwise_xor": bitwise.bitwise_xor, "gcd": bitwise.gcd,
    "lcm": bitwise.lcm,
    "ceil": rounding.ceil, "fix": rounding.trunc, "floor": rounding.floor, "floor_divide": rounding.floor_divide,
    "fmod": rounding.fmod, "frac": rounding.frac, "remainder": rounding.remainder, "round": rounding.round,
    "trunc": rounding.trunc,
}  # fmt: skip

# Pointwise ops that have no in-place twin.
PURE = {
    "angle": pointwise.angle, "frexp": pointwise.frexp, "positive": pointwise.positive,
    "logaddexp": transcendental.logaddexp, "logaddexp2": transcendental.logaddexp2,
    "allclose": comparison.allclose, "equal": comparison.equal, "fmax": comparison.fmax, "fmin": comparison.fmin,
    "isclose": comparison.isclose, "isfinite": comparison.isfinite, "isinf": comparison.isinf,
    "isnan": comparison.isnan, "isneginf": comparison.isneginf, "isposinf": comparison.isposinf,
    "isreal": comparison.isreal, "maximum": comparison.maximum, "minimum": comparison.minimum,
    "signbit": comparison.signbit, "where": comparison.where_method,
}  # fmt: skip

OTHERS = {
    "all": reduction.all, "any": reduction.any, "mean": reduction.mean, "norm": norms.norm, "sum": reduction.sum,
    "as_strided": views.as_strided, "broadcast_to": shape.broadcast_to, "chunk": joining.chunk, "clone": shape.clone,
    "contiguous": shape.contiguous, "expand": shape.expand, "expand_as": shape.expand_as, "flatten": shape.flatten,
    "movedim": shape.movedim, "moveaxis": shape.movedim, "narrow": views.narrow, "permute": shape.permute,
    "ravel": shape.ravel, "reshape": shape.reshape, "reshape_as": shape.reshape_as, "select": views.select,
    "split": joining.split, "squeeze": shape.squeeze, "swapaxes": shape.swapaxes, "swapdims": shape.transpose,
    "t": shape.t, "transpose": shape.transpose, "unbind": joining.unbind, "unflatten": shape.unflatten,
    "unsqueeze": shape.unsqueeze, "view": shape.view, "view_as": shape.view_as,
    "addmm": linalg.addmm, "bmm": linalg.bmm, "dot": linalg.dot, "matmul": linalg.matmul, "mm": linalg.mm,
    "mv": linalg.mv,
    "bernoulli": sampling.bernoulli, "multinomial": sampling.multinomial,
}  # fmt: skip

ACTIVATION = {"relu": activation.relu, "sigmoid": activation.sigmoid, "tanh": activation.tanh}
ACTIVATION |= {"erf": special.erf, "erfc": special.erfc, "erfinv": special.erfinv}
OTHERS |= {function.__name__: function for function in (
    extremes.amax, extremes.amin, extremes.aminmax, extremes.argmax, extremes.argmin, extremes.max, extremes.median,
    extremes.min, extremes.mode, extremes.nanmedian, lengths.dist, reduction.count_nonzero, reduction.logsumexp,
    reduction.nanmean, reduction.nansum, reduction.prod, statistics.nanquantile, statistics.quantile, statistics.std,
    statistics.var, scan.cummax, scan.cummin, scan.cumprod, scan.cumsum, scan.diff, scan.logcumsumexp,
)}  # fmt: skip
ACTIVATION |= {"logit": logarithmic.logit, "xlogy": logarithmic.xlogy}
ACTIVATION |= {
    "digamma": gamma.digamma, "i0": bessel.i0, "igamma": gamma.igamma, "igammac": gamma.igammac, "lgamma": gamma.lgamma,
    "mvlgamma": gamma.mvlgamma, "polygamma": gamma.polygamma_of,
}  # fmt: skip
OTHERS |= {function.__name__: function for function in (
    gathering.gather, gathering.index_select, gathering.take, gathering.take_along_dim, masked.masked_select,
    grids.sum_to_size, joining.split_with_sizes, joining.unsafe_chunk, joining.unsafe_split,
    joining.unsafe_split_with_sizes, rearrange.as_strided_scatter,
    rearrange.diag, rearrange.diag_embed, rearrange.diagflat, rearrange.diagonal_scatter, rearrange.flip,
    rearrange.fliplr, rearrange.flipud, rearrange.repeat_interleave, rearrange.roll, rearrange.rot90,
    rearrange.select_scatter, rearrange.slice_scatter, rearrange.tile, rearrange.trace, rearrange.tril, rearrange.triu,
    sorting.argsort, sorting.argwhere, sorting.bincount, sorting.histc, sorting.kthvalue, sorting.msort,
    sorting.nonzero, sorting.nonzero_static, sorting.sort, sorting.topk, sorting.unique, sorting.unique_consecutive,
    stacking.dsplit, stacking.hsplit, stacking.tensor_split, stacking.vsplit, views.diagonal, views.narrow_copy,
    views.unfold,
)}  # fmt: skip
WRITING = {function.__name__: function for function in (
    lengths.renorm, masked.masked_fill, masked.masked_scatter, scatter.index_add, scatter.index_copy, scatter.index_fill,
    scatter.index_put, scatter.index_reduce, scatter.put, scatter.scatter, scatter.scatter_add, scatter.scatter_reduce,
)}  # fmt: skip
OTHERS |= WRITING
OTHERS |= {"hardshrink": piecewise.hardshrink, "histogram": histograms.histogram, "log_softmax": softmax.log_softmax,
           "prelu": piecewise.prelu,
           "softmax": softmax.softmax}  # fmt: skip
MATRICES = {
    "addbmm": fused_products.addbmm, "addmv": fused_products.addmv, "addr": fused_products.addr,
    "baddbmm": fused_products.baddbmm, "cholesky": decomposition.cholesky,
    "cholesky_inverse": solving.cholesky_inverse, "cholesky_solve": solving.cholesky_solve,
    "corrcoef": covariance.corrcoef, "cov": covariance.cov, "cross": products.cross, "det": solving.det,
    "geqrf": orthogonal.geqrf, "ger": products.outer, "inner": products.inner, "inverse": solving.inv,
    "kron": products.kron, "logdet": solving.logdet, "lu": decomposition.lu, "lu_solve": solving.lu_solve,
    "matrix_exp": matrix_functions.matrix_exp, "matrix_power": products.matrix_power,
    "orgqr": orthogonal.orgqr, "ormqr": orthogonal.ormqr, "outer": products.outer,
    "pinverse": spectral.pinverse, "qr": orthogonal.qr, "slogdet": solving.slogdet, "svd": spectral.svd,
    "triangular_solve": triangular.triangular_solve, "vdot": products.vdot,
}  # fmt: skip
OTHERS |= MATRICES
OTHERS |= {function.__name__: function for function in (
    asking.adjoint, asking.dim_order, asking.is_nonzero, asking.is_same_size, asking.is_set_to)}  # fmt: skip
OTHERS |= dict.fromkeys(("conj", "conj_physical", "resolve_conj", "resolve_neg", "to_dense"), asking.itself)
OTHERS |= dict.fromkeys(("is_conj", "is_neg", "is_shared"), asking.never)

IN_PLACE = {
    "addmm_": in_place(linalg.addmm), "addbmm_": in_place(fused_products.addbmm),
    "addmv_": in_place(fused_products.addmv), "addr_": in_place(fused_products.addr_inside),
    "baddbmm_": in_place(fused_products.baddbmm),
    "copy_": inplace.copy_, "fill_": inplace.fill_, "fill_diagonal_": inplace.fill_diagonal_, "zero_": inplace.zero_,
    "bernoulli_": sampling.bernoulli_, "cauchy_": sampling.cauchy_, "exponential_": sampling.exponential_,
    "geometric_": sampling.geometric_, "log_normal_": sampling.log_normal_, "normal_": sampling.normal_,
    "random_": sampling.random_, "uniform_": sampling.uniform_,
    "cumsum_": in_place(scan.cumsum_inside), "cumprod_": in_place(scan.cumprod_inside),
    "tril_": in_place(rearrange.tril), "triu_": in_place(rearrange.triu), **RESTRIDING,
    **{name + "_": in_place(function) for name, function in (POINTWISE | ACTIVATION | WRITING).items()},
    "scatter_": in_place(scatter.scatter_inside),
    "masked_fill_": in_place(masked.masked_fill_inside), "masked_scatter_": in_place(masked.masked_scatter_inside),
    "float_power_": pointwise.float_power_, "scatter_reduce_": scatter.scatter_reduce_, "index_reduce_": scatter.index_reduce_,
}  # fmt: skip


def operator(op, reflected=False):
    """The operator method of a binary op: gives way (NotImplemented) for operands that are no tensor or number."""
    def method(self, other):
        try:
            return op(other, self) if reflected else op(self, other)
        except NotAnOperand:
            return NotImplemented

    has_shortcut = not reflected and hasattr(op, "op") and op.op.shortcut is shortcut.binary
    return shortcut.operator(op.op, method) if has_shortcut else method


OPERATORS = {
    "__add__": operator(pointwise.plus), "__radd__": operator(pointwise.plus),
    "__sub__": operator(pointwise.minus), "__rsub__": operator(pointwise.rsub),
    "__mul__": operator(pointwise.mul), "__rmul__": operator(pointwise.mul),
    "__truediv__": operator(pointwise.div), "__rtruediv__": operator(pointwise.rdiv),
    "__div__": operator(pointwise.div), "__rdiv__": operator(pointwise.rdiv), "__idiv__": operator(IN_PLACE["div_"]),
    "__pow__": operator(pointwise.pow), "__rpow__": operator(pointwise.pow, reflected=True),
    "__matmul__": operator(linalg.matmul), "__rmatmul__": operator(linalg.matmul, reflected=True),
    "__eq__": operator(comparison.eq), "__ne__": operator(comparison.ne), "__lt__": operator(comparison.lt),
    "__le__": operator(comparison.le), "__gt__": operator(comparison.gt), "__ge__": operator(comparison.ge),
    "__iadd__": operator(IN_PLACE["add_"]), "__isub__": operator(IN_PLACE["sub_"]),
    "__imul__": operator(IN_PLACE["mul_"]), "__itruediv__": operator(IN_PLACE["div_"]),
    "__ipow__": operator(IN_PLACE["pow_"]),
    "__floordiv__": operator(rounding.floor_divide), "__rfloordiv__": operator(rounding.floor_divide, reflected=True),
    "__mod__": operator(rounding.remainder), "__rmod__": operator(rounding.remainder, reflected=True),
    "__and__": operator(bitwise.bitwise_and), "__rand__": operator(bitwise.bitwise_and),
    "__or__": operator(bitwise.bitwise_or), "__ror__": operator(bitwise.bitwise_or),
    "__xor__": operator(bitwise.bitwise_xor), "__rxor__": operator(bitwise.bitwise_xor),
    "__lshift__": operator(bitwise.bitwise_left_shift), "__rshift__": operator(bitwise.bitwise_right_shift),
    "__rlshift__": operator(bitwise.bitwise_left_shift, reflected=True),
    "__rrshift__": operator(bitwise.bitwise_right_shift, reflected=True), "__invert__": bitwise.invert,
    "__iand__": operator(IN_PLACE["bitwise_and_"]), "__ior__": operator(IN_PLACE["bitwise_or_"]),
    "__ixor__": operator(IN_PLACE["bitwise_xor_"]), "__ilshift__": operator(IN_PLACE["bitwise_left_shift_"]),
    "__irshift__": operator(IN_PLACE["bitwise_right_shift_"]), "__imod__": operator(IN_PLACE["remainder_"]),
    "__ifloordiv__": operator(IN_PLACE["floor_divide_"]),
    "__neg__": pointwise.neg, "__pos__": pointwise.positive, "__abs__": pointwise.abs,
    "__getitem__": indexing.getitem, "__setitem__": inplace.setitem, "__hash__": object.__hash__,
}  # fmt: skip

# ---- attached -------------------------------------------------------------------------------------------------------

for _table in (POINTWISE, PURE, ACTIVATION, OTHERS, IN_PLACE, OPERATORS):
    for _name, _function in _table.items():
        setattr(Tensor, _name, _function)
for _name, _accessors in attributes.PROPERTIES.items():
    setattr(Tensor, _name, property(*_accessors))
for _function in attributes.METHODS:
    method(_function)
