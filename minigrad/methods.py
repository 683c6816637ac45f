"""What a Tensor can do: which op each method and each operator is.

The ops are functions whose first argument is the tensor, so most methods are the op itself.
"""

import warnings

from . import dtypes, printing
from .autograd import attributes, inplace
from .autograd.graph import type_name
from .autograd.inplace import inplace as in_place
from .autograd.restriding import RESTRIDING
from .backends import backend_of
from .device import device as as_device
from .device import resolve
from .dtypes import COMPLEX, FLOAT
from .memory_format import contiguous_format, lies_in, preserve_format, strides_in
from .ops import (
    activation,
    bessel,
    bitwise,
    comparison,
    covariance,
    creation,
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
    steps,
    transcendental,
    triangular,
    views,
)  # fmt: skip  # fmt: skip
from .ops.checks import NotAnOperand
from .ops.dims import as_sizes, contiguous_strides, extent, wrap_dim
from .ops.dims import is_contiguous as contiguous_in_memory
from .ops.promotion import NUMBERS
from .size import Size
from .storage import TypedStorage, UntypedStorage
from .tensor import Tensor, wrap

# ---- the table ------------------------------------------------------------------------------------------------------

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
    "split": joining.split, "squeeze": shape.squeeze, "swapaxes": shape.transpose, "swapdims": shape.transpose,
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
    grids.sum_to_size, joining.split_with_sizes, joining.unsafe_chunk, joining.unsafe_split, rearrange.as_strided_scatter,
    rearrange.diag, rearrange.diag_embed, rearrange.diagflat, rearrange.diagonal_scatter, rearrange.flip,
    rearrange.fliplr, rearrange.flipud, rearrange.repeat_interleave, rearrange.roll, rearrange.rot90,
    rearrange.select_scatter, rearrange.slice_scatter, rearrange.tile, rearrange.trace, rearrange.tril, rearrange.triu,
    sorting.argsort, sorting.argwhere, sorting.bincount, sorting.histc, sorting.kthvalue, sorting.msort,
    sorting.nonzero, sorting.sort, sorting.topk, sorting.unique, sorting.unique_consecutive,
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
    "orgqr": orthogonal.householder_product, "ormqr": orthogonal.ormqr, "outer": products.outer,
    "pinverse": spectral.pinverse, "qr": orthogonal.qr, "slogdet": solving.slogdet, "svd": spectral.svd,
    "triangular_solve": triangular.triangular_solve, "vdot": products.vdot,
}  # fmt: skip
OTHERS |= MATRICES

IN_PLACE = {
    "addmm_": in_place(linalg.addmm), "addbmm_": in_place(fused_products.addbmm),
    "addmv_": in_place(fused_products.addmv), "addr_": in_place(fused_products.addr_inside),
    "baddbmm_": in_place(fused_products.baddbmm),
    "copy_": inplace.copy_, "fill_": inplace.fill_, "zero_": inplace.zero_,
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
    "__add__": operator(pointwise.add), "__radd__": operator(pointwise.add),
    "__sub__": operator(pointwise.sub), "__rsub__": operator(pointwise.rsub),
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

for _table in (POINTWISE, PURE, ACTIVATION, OTHERS, IN_PLACE, OPERATORS):
    for _name, _function in _table.items():
        setattr(Tensor, _name, _function)


def method(function):
    """Make a function of this file a method of Tensor."""
    setattr(Tensor, function.__name__, function)
    return function


def attribute(function):
    """Make a function of this file a read-only attribute of Tensor."""
    setattr(Tensor, function.__name__.removeprefix("get_"), property(function))
    return function


# ---- what it is -----------------------------------------------------------------------------------------------------


@attribute
def get_dtype(self):
    return backend_of(self._data).dtype_of(self._data)


@attribute
def get_shape(self):
    return Size(self._data.shape)


@attribute
def get_ndim(self):
    return self._data.ndim


@attribute
def get_itemsize(self):
    return self.dtype.itemsize


@attribute
def get_nbytes(self):
    return self.numel() * self.dtype.itemsize


@attribute
def get_layout(self):
    return strided


for _kind in ("cpu", "cuda", "ipu", "maia", "meta", "mps", "mtia", "vulkan", "xla", "xpu"):
    setattr(Tensor, "is_" + _kind, property(lambda self, kind=_kind: self.device.type == kind))
for _kind in ("mkldnn", "nested", "quantized", "sparse", "sparse_csr"):
    setattr(Tensor, "is_" + _kind, property(lambda self: False))


class _Layout:
    def __repr__(self):
        return "torch.strided"


strided = _Layout()


@method
def size(self, dim=None):
    """The sizes of all dimensions, or of one"""
    return Size(self._data.shape) if dim is None else self._data.shape[_dim_of(self, dim)]


def _dim_of(self, dim):
    """The number of one of a tensor's dimensions, of which it must have some"""
    if not self._data.ndim:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    return wrap_dim(dim, self._data.ndim)


@method
def dim(self):
    """The number of dimensions"""
    return self._data.ndim


Tensor.ndimension = dim


@method
def numel(self):
    """The number of elements"""
    return int(self._data.size)


Tensor.nelement = numel


@method
def stride(self, dim=None):
    """Steps between neighbours along each dimension, in elements"""
    sizes = self._data.shape
    strides = backend_of(self._data).strides(self._data) if 0 not in sizes else contiguous_strides(sizes)
    return tuple(strides) if dim is None else strides[_dim_of(self, dim)]


@method
def storage_offset(self):
    """Where in its storage the tensor begins, in elements"""
    return backend_of(self._data).storage_offset(self._data)


@method
def element_size(self):
    """Bytes per element"""
    return self.dtype.itemsize


@method
def data_ptr(self):
    """The address of the first element"""
    return backend_of(self._data).address(self._data)


@method
def is_contiguous(self, memory_format=None):
    """Whether the elements follow each other in row-major order, or in that of a memory format"""
    if memory_format is not None and memory_format.rank:
        return lies_in(memory_format, self._data.shape, self.stride())
    return contiguous_in_memory(self._data.shape, self.stride())


@method
def is_floating_point(self):
    """Whether the dtype is a floating-point type"""
    return self.dtype.category == FLOAT


@method
def is_complex(self):
    """Whether the dtype is a complex type"""
    return self.dtype.category == COMPLEX


@method
def is_signed(self):
    """Whether the dtype can hold negative numbers"""
    return self.dtype.is_signed


@method
def storage(self):
    """The memory behind the tensor, as a flat sequence of elements"""
    warnings.warn("TypedStorage is deprecated. It will be removed in the future and UntypedStorage will be the only "
                  "storage class. This should only matter to you if you are using storages directly.  To access "
                  "UntypedStorage directly, use tensor.untyped_storage() instead of tensor.storage()",
                  UserWarning, stacklevel=2)  # fmt: skip
    return TypedStorage(self)


@method
def untyped_storage(self):
    """The memory behind the tensor, as bytes"""
    return UntypedStorage(self)


# ---- autograd -------------------------------------------------------------------------------------------------------

for _name, _accessors in attributes.PROPERTIES.items():
    setattr(Tensor, _name, property(*_accessors))
for _function in attributes.METHODS:
    method(_function)

# ---- values ---------------------------------------------------------------------------------------------------------


@method
def item(self):
    """The one element as a Python number"""
    if self._data.size != 1:
        raise RuntimeError(f"a Tensor with {self._data.size} elements cannot be converted to Scalar")
    return backend_of(self._data).item(self._data)


@method
def tolist(self):
    """The elements as nested lists of Python numbers"""
    return backend_of(self._data).to_host(self._data).tolist()


@method
def numpy(self, *, force=False):
    """The elements as a NumPy array that shares the memory.  Raises RuntimeError for a tensor that requires grad"""
    if force:
        self = self.detach().cpu()
    if self.requires_grad:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
    if self.device.type != "cpu":
        raise TypeError(f"can't convert {self.device} device type tensor to numpy. Use Tensor.cpu() to copy the tensor "
                        f"to host memory first.")
    return backend_of(self._data).to_host(self._data)


@method
def __array__(self, dtype=None, copy=None):
    array = self.numpy()
    return array if dtype is None else array.astype(dtype, copy=False)


@method
def __bool__(self):
    if self._data.size > 1:
        raise RuntimeError("Boolean value of Tensor with more than one value is ambiguous")
    if self._data.size == 0:
        raise RuntimeError("Boolean value of Tensor with no values is ambiguous")
    return bool(backend_of(self._data).item(self._data))


@method
def __float__(self):
    return float(_one(self))


@method
def __int__(self):
    return int(_one(self))


@method
def __complex__(self):
    return complex(_one(self))


def _one(self):
    if self._data.size != 1:
        raise ValueError("only one element tensors can be converted to Python scalars")
    return backend_of(self._data).item(self._data)


@method
def __index__(self):
    if self.dtype.category >= FLOAT or self._data.size != 1:
        raise TypeError("only integer tensors of a single element can be converted to an index")
    return int(backend_of(self._data).item(self._data))


@method
def __len__(self):
    if not self._data.ndim:
        raise TypeError("len() of a 0-d tensor")
    return self._data.shape[0]


@method
def __iter__(self):
    if not self._data.ndim:
        raise TypeError("iteration over a 0-d tensor")
    return iter(joining.unbind(self))


@method
def __contains__(self, element):
    if not isinstance(element, (Tensor, *NUMBERS)):
        raise RuntimeError(f"Tensor.__contains__ only supports Tensor or scalar, but you passed in a {type(element)}.")
    return bool((self == element).any().item())


@method
def __repr__(self, *, tensor_contents=None):
    return printing.tensor_repr(self, tensor_contents)


@method
def __format__(self, spec):
    return printing.format_scalar(self, spec)


@method
def __deepcopy__(self, memo):
    if self.grad_fn is not None:
        raise RuntimeError("Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at "
                           "the moment.  If you were attempting to deepcopy a module, this may be because of a "
                           "torch.nn.utils.weight_norm usage, see https://github.com/pytorch/pytorch/pull/103001")
    if id(self) not in memo:
        memo[id(self)] = twin = self.detach().clone().requires_grad_(self.requires_grad)
        twin._grad = None if self._grad is None else self._grad.__deepcopy__(memo)
    return memo[id(self)]


def _rebuild(array, where, requires_grad):
    return wrap(as_device(where).backend.from_host(array), as_device(where)).requires_grad_(requires_grad)


@method
def __reduce_ex__(self, protocol):
    return _rebuild, (backend_of(self._data).to_host(self._data), str(self.device), self.requires_grad)


# ---- to another dtype or device -------------------------------------------------------------------------------------


@method
def to(self, *args, dtype=None, device=None, non_blocking=False, copy=False, memory_format=None):
    """The tensor with another dtype and/or device: to(dtype), to(device), to(device, dtype), to(other)"""
    flags = []
    for arg in args:
        if isinstance(arg, dtypes.dtype):
            dtype = arg
        elif isinstance(arg, Tensor):
            dtype, device = arg.dtype, arg.device
        elif isinstance(arg, bool):
            flags.append(arg)
        elif arg is not None:
            device = arg
    copy = copy or flags[1:] == [True]
    target = self.device if device is None else resolve(device)
    result = self
    if target is not self.device:
        target.backend  # noqa: B018 - loading it may raise
        result = transfer(result, target)
    dtype = dtype or self.dtype
    moved = memory_format is not None and memory_format is not preserve_format and not self.is_contiguous(memory_format)
    if dtype is not self.dtype or moved or copy and result is self:
        return shape.to_dtype(result, dtype, memory_format)
    return result


def transfer(self, target):
    """A copy on another device"""
    return shape.moved(self, target)


def _conversion(name, dtype):
    def convert(self, memory_format=None):
        return self.to(dtype, memory_format=memory_format)

    convert.__name__, convert.__doc__ = name, f"self.to({dtype})"
    setattr(Tensor, name, convert)


for _name, _dtype in {"half": dtypes.float16, "float": dtypes.float32, "double": dtypes.float64,
                      "int": dtypes.int32, "long": dtypes.int64, "short": dtypes.int16, "char": dtypes.int8,
                      "byte": dtypes.uint8, "bool": dtypes.bool_, "bfloat16": dtypes.bfloat16}.items():  # fmt: skip
    _conversion(_name, _dtype)


@method
def cpu(self, memory_format=None):
    """self.to('cpu')"""
    return self.to("cpu")


@method
def cuda(self, device=None, non_blocking=False, memory_format=None):
    """self.to('cuda')"""
    target = as_device("cuda" if device is None else device)
    if target.type != "cuda":
        raise RuntimeError("Invalid device, must be cuda device")
    return self.to(target)


@method
def get_device(self):
    """The index of the device; -1 on the CPU"""
    return -1 if self.device.index is None else self.device.index


@method
def pin_memory(self, device=None):
    """A copy in memory that a GPU can read directly.  Raises RuntimeError where there is no GPU."""
    as_device(0).backend  # noqa: B018 - loading it may raise
    return self


@method
def is_pinned(self, device=None):
    """Whether a GPU can read the memory directly: never"""
    return False


def _type(self, dtype=None, non_blocking=False):
    """The name of the legacy tensor type, or the tensor converted to a dtype or legacy type"""
    if dtype is None:
        return type_name(self._data, self.device)
    if isinstance(dtype, str):
        dtype = creation.LEGACY[dtype.removeprefix("torch.")].dtype
    return self.to(getattr(dtype, "dtype", dtype))


Tensor.type = _type


@method
def type_as(self, other):
    """self.to(other.dtype)"""
    return self.to(other.dtype)


# ---- shape, in place, and matrices ----------------------------------------------------------------------------------


Tensor.real, Tensor.imag = property(pointwise.real), property(pointwise.imag)


@attribute
def get_T(self):
    ndim = self._data.ndim
    if ndim != 2:
        _warn_flipped("T", ndim)
    return shape.permute_dims(self, tuple(range(ndim - 1, -1, -1)))


def _warn_flipped(name, ndim):
    """Warn as torch does of transposing what is no matrix."""
    if ndim == 0:
        remedy = "This function is the identity in these cases." if name in ("T", "mT") else "Consider using x.conj()."
        warnings.warn(f"Tensor.{name} is deprecated on 0-D tensors. {remedy}", UserWarning, stacklevel=3)
    elif name == "T":
        warnings.warn("The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated and "
                      "it will throw an error in a future release. Consider `x.mT` to transpose batches of matrices or "
                      "`x.permute(*torch.arange(x.ndim - 1, -1, -1))` to reverse the dimensions of a tensor.",
                      UserWarning, stacklevel=3)  # fmt: skip


def _batch_transposed(self, name):
    ndim = self._data.ndim
    if ndim == 1:
        raise RuntimeError(f"tensor.{name} is only supported on matrices or batches of matrices. Got 1-D tensor.")
    if ndim == 0:
        _warn_flipped(name, 0)
        return self
    return shape.transpose_dims(self, ndim - 2, ndim - 1)


@attribute
def get_mT(self):
    return _batch_transposed(self, "mT")


@attribute
def get_mH(self):
    return _batch_transposed(self, "mH")


@attribute
def get_H(self):
    ndim = self._data.ndim
    if ndim not in (0, 2):
        more = " For batches of matrices, consider using tensor.mH" if ndim > 2 else ""
        raise RuntimeError(f"tensor.H is only supported on matrices (2-D tensors). Got {ndim}-D tensor.{more}")
    return _batch_transposed(self, "H")


@method
def repeat(self, *repeats):
    """The tensor repeated along its dimensions"""
    return shape.repeat(self, *repeats)


@method
def resize_(self, *sizes, memory_format=None):
    """Change the size in place; elements are kept in memory order, new ones are uninitialised"""
    if self.requires_grad:
        raise RuntimeError("cannot resize variables that require grad")
    sizes = as_sizes(sizes)
    xp = backend_of(self._data)
    strides = strides_in(memory_format or contiguous_format, sizes)
    block, offset = xp.storage(self._data), xp.storage_offset(self._data)
    needed = extent(sizes, strides, offset)
    if needed > block.size:
        grown = xp.empty(needed, dtype=block.dtype)
        grown[: block.size] = block
        block = grown
    self._data = xp.as_strided(block, sizes, strides, offset)
    return self


@method
def resize_as_(self, the_template, *, memory_format=None):
    """resize_ to the size of another tensor"""
    return self.resize_(*the_template.shape, memory_format=memory_format)


@method
def set_(self, source):
    """Look at the memory of another tensor from now on"""
    self._data = source._data
    return self


# ---- more tensors of the same kind ----------------------------------------------------------------------------------


def _new(name, make):
    def new_like(self, *args, dtype=None, device=None, requires_grad=False, **options):
        return make(*args, dtype=dtype or self.dtype, device=device or self.device, requires_grad=requires_grad)

    new_like.__name__, new_like.__doc__ = name, f"{name.removeprefix('new_')} with this tensor's dtype and device"
    setattr(Tensor, name, new_like)


for _name in ("tensor", "empty", "zeros", "ones", "full"):
    _new("new_" + _name, getattr(creation, _name))
_new("new_empty_strided", steps.empty_strided)


def _legacy(cls, *args, device=None):
    return creation.legacy(dtypes.get_default_dtype(), args, device)


Tensor._legacy = classmethod(_legacy)
indexing.make_index_tensor = creation.tensor
inplace.make_tensor = lambda value, like: creation.scalar_tensor(value, dtype=like.dtype, device=like.device)
