"""NumPy's functions, computed by torch's own kernels: what the backend of device type "torch" offers as a namespace.

Operands agree on a dtype by NumPy's rules first (a Python number takes the arrays' dtype), since torch's differ for 0-d
tensors and for integers with fractions.
"""

import numpy as np
import torch

DTYPE = {np.dtype(name): getattr(torch, name) for name in (
    "bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64", "complex64", "complex128")}
NATIVE = {theirs: ours for ours, theirs in DTYPE.items()}
NUMBERS = (bool, int, float, complex)

UNARY = dict(
    abs=torch.abs, negative=torch.neg, positive=torch.positive, invert=torch.bitwise_not, bitwise_not=torch.bitwise_not,
    logical_not=torch.logical_not, sign=torch.sgn, signbit=torch.signbit, floor=torch.floor, ceil=torch.ceil,
    trunc=torch.trunc, rint=torch.round, isnan=torch.isnan, isinf=torch.isinf, isfinite=torch.isfinite,
    isreal=torch.isreal, conj=lambda x: torch.conj(x).resolve_conj(), real=torch.real, imag=torch.imag,
    angle=torch.angle, isposinf=torch.isposinf, isneginf=torch.isneginf)  # fmt: skip
UNARY_FLOAT = dict(
    exp=torch.exp, exp2=torch.exp2, expm1=torch.expm1, log=torch.log, log2=torch.log2, log10=torch.log10,
    log1p=torch.log1p, sqrt=torch.sqrt, reciprocal=torch.reciprocal, sin=torch.sin, cos=torch.cos, tan=torch.tan,
    sinh=torch.sinh, cosh=torch.cosh, tanh=torch.tanh, arcsin=torch.asin, arccos=torch.acos, arctan=torch.atan,
    arcsinh=torch.asinh, arccosh=torch.acosh, arctanh=torch.atanh, sinc=torch.sinc, i0=torch.i0, deg2rad=torch.deg2rad,
    rad2deg=torch.rad2deg)  # fmt: skip
BINARY = dict(
    add=torch.add, subtract=torch.sub, multiply=torch.mul, divide=torch.div, true_divide=torch.div,
    floor_divide=torch.floor_divide, remainder=torch.remainder, fmod=torch.fmod, power=torch.pow, maximum=torch.maximum,
    minimum=torch.minimum, fmax=torch.fmax, fmin=torch.fmin, arctan2=torch.atan2, hypot=torch.hypot,
    copysign=torch.copysign, nextafter=torch.nextafter, logaddexp=torch.logaddexp, logaddexp2=torch.logaddexp2,
    heaviside=torch.heaviside, gcd=torch.gcd, lcm=torch.lcm, bitwise_and=torch.bitwise_and, bitwise_or=torch.bitwise_or,
    bitwise_xor=torch.bitwise_xor, left_shift=torch.bitwise_left_shift, right_shift=torch.bitwise_right_shift,
    logical_and=torch.logical_and, logical_or=torch.logical_or, logical_xor=torch.logical_xor, equal=torch.eq,
    not_equal=torch.ne, less=torch.lt, less_equal=torch.le, greater=torch.gt, greater_equal=torch.ge,
    matmul=torch.matmul)  # fmt: skip
TAKES_NUMBER = {"add", "subtract", "multiply", "divide", "power"}  # with the same rounding as a tensor of the number
FLOATING = {"divide", "true_divide", "arctan2", "hypot", "copysign", "nextafter", "logaddexp", "logaddexp2"}


def common(*operands):
    """The tensors (and numbers) of a function's operands brought to one dtype, as NumPy promotes."""
    kinds = [x if isinstance(x, NUMBERS) else NATIVE[x.dtype] for x in operands]
    kind = DTYPE[np.result_type(*kinds)]
    return [x if isinstance(x, NUMBERS) or x.dtype is kind else x.to(kind) for x in operands], kind


def floating(x):
    """A tensor of integers as float64, as NumPy computes functions of them."""
    return x if x.is_floating_point() or x.is_complex() else x.to(torch.float64)


def unary(function, to_float):
    def call(x, out=None):
        x = torch.as_tensor(x)
        found = function(floating(x) if to_float else x)
        return found if out is None else out.copy_(found)

    return call


def binary(name, function):
    def call(a, b, out=None):
        (a, b), kind = common(a, b)
        if name in FLOATING and not kind.is_floating_point and not kind.is_complex:
            kind = torch.float64
            a, b = (x if isinstance(x, NUMBERS) else x.to(kind) for x in (a, b))
        a = torch.tensor(a, dtype=kind) if isinstance(a, NUMBERS) else a
        if isinstance(b, NUMBERS) and (name not in TAKES_NUMBER or not kind.is_floating_point):
            b = torch.tensor(b, dtype=kind)
        found = function(a, b)
        return found if out is None else out.copy_(found)

    return call


# ---- reductions -----------------------------------------------------------------------------------------------------


def dims_of(x, axis):
    """NumPy's axis as a tuple of dimensions."""
    if axis is None:
        return tuple(range(x.ndim))
    return tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)


def reduction(function):
    """A torch function of (x, dims, keepdim) with NumPy's parameters."""

    def call(x, axis=None, keepdims=False, dtype=None, **options):
        kind = None if dtype is None else DTYPE[np.dtype(dtype)]
        x = x if kind is None else x.to(kind)
        dims = dims_of(x, axis)
        found = function(x, dims, keepdims, **options) if dims or axis is None else x.clone()
        return found if kind is None else found.to(kind)

    return call


def one_by_one(function):
    """A reduction that torch has for one dimension at a time, applied to each."""

    def call(x, dims, keepdim):
        for d in sorted((d % x.ndim for d in dims), reverse=True):
            x = function(x, d, keepdim)
        return x if dims else function(x.reshape(1), 0, False)

    return call


def extreme(function, name):
    def call(x, dims, keepdim):
        if 0 in [x.shape[d] for d in dims]:
            raise ValueError(f"zero-size array to reduction operation {name} which has no identity")
        return function(x, dims, keepdim) if dims else x.clone()

    return call


def arg_extreme(function):
    def call(x, axis=None, keepdims=False):
        x = x.to(torch.uint8) if x.dtype is torch.bool else x
        if axis is None:
            return function(x)
        return function(x, axis, keepdims)

    return call


def variance(x, dims, keepdim, ddof=0):
    return torch.var(x, dims, correction=ddof, keepdim=keepdim)


REDUCTIONS = dict(
    sum=lambda x, dims, keepdim: torch.sum(x, dims, keepdim) if dims else x.sum(),
    nansum=lambda x, dims, keepdim: torch.nansum(x, dims, keepdim),
    mean=lambda x, dims, keepdim: torch.mean(floating(x), dims, keepdim),
    var=variance, std=lambda x, dims, keepdim, ddof=0: variance(x, dims, keepdim, ddof).sqrt(),
    max=extreme(torch.amax, "maximum"), min=extreme(torch.amin, "minimum"),
    prod=one_by_one(torch.prod), any=one_by_one(torch.any), all=one_by_one(torch.all),
    count_nonzero=lambda x, dims, keepdim: torch.sum(x != 0, dims, keepdim))  # fmt: skip


def running(function):
    def call(x, axis=None, dtype=None):
        if axis is None:
            x, axis = x.reshape(-1), 0
        return function(x if dtype is None else x.to(DTYPE[np.dtype(dtype)]), axis)

    return call


# ---- making ---------------------------------------------------------------------------------------------------------


def made(function):
    def call(shape, dtype=np.float64):
        return function((shape,) if isinstance(shape, int) else tuple(shape), dtype=DTYPE[np.dtype(dtype)])

    return call


def full(shape, value, dtype=None):
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    if isinstance(value, torch.Tensor):
        return value.to(DTYPE[np.dtype(dtype)] if dtype else value.dtype).expand(shape).clone()
    value = value.item() if isinstance(value, np.generic) else value
    return torch.full(shape, value, dtype=DTYPE[np.dtype(dtype) if dtype else np.result_type(type(value))])


def like(function):
    def call(x, *more, dtype=None):
        value, kind = more[:1], more[1] if len(more) > 1 else dtype
        return function(x, *value, dtype=None if kind is None else DTYPE[np.dtype(kind)])

    return call


def array(x, dtype=None, copy=True, order="K"):
    """A tensor of numbers or of another tensor.  Host arrays come in through from_host only."""
    kind = None if dtype is None else DTYPE[np.dtype(dtype)]
    if not isinstance(x, torch.Tensor):
        host = np.array(_plain(x), dtype=dtype)
        return torch.from_numpy(host)
    found = x.clone(memory_format=torch.contiguous_format if order == "C" else torch.preserve_format) if copy else x
    return found if kind is None else found.to(kind)


def _plain(x):
    if isinstance(x, np.ndarray):
        raise TypeError(f"Unsupported type {type(x)}")
    return [_plain(item) for item in x] if isinstance(x, (list, tuple)) else x


def asarray(x, dtype=None, order="K"):
    found = array(x, dtype, copy=False)
    return found.contiguous() if order == "C" else found


def arange(*bounds, dtype=None):
    kind = np.result_type(*map(type, bounds)) if dtype is None else np.dtype(dtype)
    return torch.arange(*bounds, dtype=DTYPE[kind])


def eye(n, m=None, dtype=np.float64):
    return torch.eye(n, n if m is None else m, dtype=DTYPE[np.dtype(dtype)])


# ---- shapes and parts -----------------------------------------------------------------------------------------------


def squeeze(x, axis=None):
    return x.squeeze() if axis is None else x.squeeze(axis)


def expand_dims(x, axis):
    for d in sorted(axis if isinstance(axis, tuple) else (axis,)):
        x = x.unsqueeze(d)
    return x


def transpose(x, axes=None):
    return x.permute(tuple(range(x.ndim))[::-1] if axes is None else tuple(axes))


def joined(function):
    def call(parts, axis=0):
        parts, _ = common(*parts)
        if axis is None:
            parts, axis = [x.reshape(-1) for x in parts], 0
        return function(parts, axis)

    return call


def where(condition, *values):
    if not values:
        return torch.nonzero(condition, as_tuple=True)
    values, kind = common(*values)
    values = [torch.tensor(x, dtype=kind) if isinstance(x, NUMBERS) else x for x in values]
    return torch.where(torch.as_tensor(condition) != 0, *values)


def clip(x, low=None, high=None):
    """NaN stays NaN, and the upper bound wins."""
    (x, *limits), kind = common(x, *[v for v in (low, high) if v is not None])
    if not all(isinstance(v, NUMBERS) for v in limits):
        limits = [torch.tensor(v, dtype=kind) if isinstance(v, NUMBERS) else v for v in limits]
    return torch.clamp(x, limits[0] if low is not None else None, limits[-1] if high is not None else None)


def take(x, index, axis=None):
    if axis is None:
        x, axis = x.reshape(-1), 0
    return x[(slice(None),) * (axis % x.ndim) + (as_index(index),)].contiguous()


def as_index(x):
    """Integers of any width as torch takes them for indices."""
    return x.long() if isinstance(x, torch.Tensor) and x.dtype is not torch.bool else x


def take_along_axis(x, index, axis):
    shape = list(torch.broadcast_shapes(*([*t.shape[:axis], 1, *t.shape[axis % t.ndim + 1 :]] for t in (x, index))))
    axis = axis % x.ndim
    shapes = [[*shape[:axis], t.shape[axis], *shape[axis + 1 :]] for t in (x, index)]
    return torch.gather(x.expand(shapes[0]), axis, index.expand(shapes[1]))


def put_along_axis(x, index, values, axis):
    shape = list(index.shape)
    values = torch.as_tensor(values).to(x.dtype).expand(shape)
    x.scatter_(axis, index, values)


def trace(x, offset=0, axis1=0, axis2=1, dtype=None):
    return torch.diagonal(x, offset, axis1, axis2).sum(-1, dtype=DTYPE[np.dtype(dtype)] if dtype else None)


def split(x, parts, axis=0):
    if isinstance(parts, int):
        return list(torch.tensor_split(x, parts, axis))
    return list(torch.tensor_split(x, tuple(parts), axis))


def unique(x, return_index=False, return_inverse=False, return_counts=False, axis=None, equal_nan=True):
    return torch.unique(x, return_inverse=return_inverse, return_counts=return_counts, dim=axis)


def bincount(x, weights=None, minlength=0):
    return torch.bincount(x, None if weights is None else weights.to(torch.float64), minlength)


def searchsorted(a, v, side="left"):
    return torch.searchsorted(a.contiguous(), torch.as_tensor(v).contiguous(), side=side)


def copyto(target, values, where=True):
    if where is True:
        target.copy_(torch.as_tensor(values))
    else:
        target.copy_(torch.where(where, torch.as_tensor(values).to(target.dtype), target))


def sort(x, axis=-1, kind=None):
    return torch.sort(x, dim=axis, stable=True).values


def argsort(x, axis=-1, kind=None):
    return torch.argsort(x, dim=axis, stable=True)


def share_memory(a, b):
    return a.untyped_storage().data_ptr() == b.untyped_storage().data_ptr()


def atleast_1d(x):
    return torch.atleast_1d(torch.as_tensor(x))


def dot(a, b):
    return torch.matmul(*common(a, b)[0])


FUNCTIONS = {
    **{name: unary(function, False) for name, function in UNARY.items()},
    **{name: unary(function, True) for name, function in UNARY_FLOAT.items()},
    **{name: binary(name, function) for name, function in BINARY.items()},
    **{name: reduction(function) for name, function in REDUCTIONS.items()},
    "argmax": arg_extreme(torch.argmax), "argmin": arg_extreme(torch.argmin),
    "cumsum": running(torch.cumsum), "cumprod": running(torch.cumprod),
    "zeros": made(torch.zeros), "ones": made(torch.ones), "empty": made(torch.empty), "full": full,
    "zeros_like": like(torch.zeros_like), "ones_like": like(torch.ones_like), "empty_like": like(torch.empty_like),
    "full_like": like(torch.full_like), "array": array, "asarray": asarray, "arange": arange, "eye": eye,
    "result_type": np.result_type,
    "linspace": lambda a, b, n, dtype=np.float64: torch.linspace(a, b, n, dtype=DTYPE[np.dtype(dtype)]),
    "ascontiguousarray": lambda x: x.contiguous(), "broadcast_to": lambda x, shape: x.broadcast_to(tuple(shape)),
    "swapaxes": torch.transpose, "moveaxis": torch.movedim, "transpose": transpose, "expand_dims": expand_dims,
    "squeeze": squeeze, "reshape": lambda x, shape: x.reshape(shape), "ravel": lambda x: x.reshape(-1),
    "concatenate": joined(torch.cat), "stack": joined(torch.stack), "split": split, "tile": torch.tile,
    "repeat": lambda x, repeats, axis=None: torch.repeat_interleave(x, repeats, axis),
    "flip": lambda x, axis: torch.flip(x, dims_of(x, axis)),
    "roll": lambda x, shift, axis=None: torch.roll(x, shift, axis),
    "tril": lambda x, k=0: torch.tril(x, k), "triu": lambda x, k=0: torch.triu(x, k),
    "diagonal": lambda x, offset=0, axis1=0, axis2=1: torch.diagonal(x, offset, axis1, axis2),
    "meshgrid": lambda *x, indexing="xy": list(torch.meshgrid(*x, indexing=indexing)),
    "where": where, "clip": clip, "take": take, "take_along_axis": take_along_axis, "unique": unique,
    "put_along_axis": put_along_axis, "trace": trace,
    "nonzero": lambda x: torch.nonzero(x, as_tuple=True), "bincount": bincount, "searchsorted": searchsorted,
    "copyto": copyto, "sort": sort, "argsort": argsort, "atleast_1d": atleast_1d, "frexp": torch.frexp, "dot": dot,
    "broadcast_shapes": lambda *shapes: tuple(torch.broadcast_shapes(*shapes)), "einsum": torch.einsum,
    "broadcast_arrays": lambda *x: list(torch.broadcast_tensors(*x)), "copy": lambda x: x.clone(),
    "rot90": lambda x, k=1, axes=(0, 1): torch.rot90(x, k, axes), "may_share_memory": share_memory,
    "isin": lambda x, among, invert=False: torch.isin(x, among, invert=invert),
    "diff": lambda x, n=1, axis=-1: torch.diff(x, n, axis),
    "unravel_index": lambda x, shape: torch.unravel_index(x, tuple(shape)),
}  # fmt: skip


def qr(x, mode="reduced"):
    """Q and R, or R alone"""
    both = torch.linalg.qr(x, mode)
    return both[1] if mode == "r" else both


def svd(x, full_matrices=True, compute_uv=True):
    return torch.linalg.svd(x, full_matrices=full_matrices) if compute_uv else torch.linalg.svdvals(x)


LINALG = {name: getattr(torch.linalg, name) for name in ("cholesky", "det", "eig", "eigvals", "inv", "slogdet", "solve")}
LINALG |= {
    "svd": svd, "qr": qr,
    "eigh": lambda x, UPLO="L": torch.linalg.eigh(x, UPLO),
    "eigvalsh": lambda x, UPLO="L": torch.linalg.eigvalsh(x, UPLO),
}  # fmt: skip
