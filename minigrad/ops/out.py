"""out=: an op's result written into a tensor that the caller gives, which is resized to fit and returned."""

import functools
import inspect
import math
import warnings

from .. import return_types
from ..autograd.graph import gradient_edge, requires_grad
from ..autograd.modes import mode, no_grad
from ..autograd.texts import OVERLAP, SELF_OVERLAP
from ..backends import backend_of
from ..dtypes import PYTHON, SCALAR_TYPE, dtype
from ..tensor import Tensor
from .checks import check_dim
from .out_texts import EXACT, RECORDED_AS, misfit
from .promotion import can_cast

RESIZED = ("An output with one or more elements was resized since it had shape {}, which does not match the required "
           "output shape {}. This behavior is deprecated, and in a future PyTorch release outputs will not be resized "
           "unless they have zero elements. You can explicitly reuse an out tensor t by resizing it, inplace, to zero "
           "elements with t.resize_(0).")


# Functions that ask no operand for its place in the graph before they look at their other arguments.
UNASKED = {"all", "any", "diff", "outer", "tensordot"}
# Functions that read their inputs while they write, so that `out` may share memory with none of them.
APART = {"cat", "gather", "index_select", "kthvalue", "masked_select", "stack", "take"}


def into(function, name, args, keywords):
    """function(*args, **keywords) stored in keywords["out"].  Raises RuntimeError if that cannot hold it."""
    keywords = dict(keywords)
    out = keywords.pop("out")
    if out is None:
        return function(*args, **keywords)
    result = function(*args, **keywords)
    targets, results = _several(out), _several(result)
    if mode.enabled and _is_recorded(function, targets, results):
        raise RuntimeError(f"{RECORDED_AS.get(name, name)}(): functions with out=... arguments don't support automatic "
                           f"differentiation, but one of the arguments requires grad.")
    for target, value in zip(targets, results, strict=False):
        check_overlap(target, _tensors((*args, *keywords.values())) if name in APART else (), tuple(value.shape))
    for field, target, value in zip(getattr(result, "_fields", ("result",) * 2), targets, results, strict=False):
        check_dtype(name if isinstance(result, Tensor) else _of_several(name), field, target, value)
    if isinstance(out, Tensor):
        return store(out, result)
    stored = [store(target, value) for target, value in zip(targets, results, strict=True)]
    kind = getattr(return_types, type(result).__name__ + "_out", tuple)
    return kind(stored)


def _is_recorded(function, targets, results):
    """Whether a call has a gradient, or `targets` have one that it would overwrite"""
    op = getattr(function, "op", None)
    return (op is None or op.formulas) and True in [requires_grad(x) for x in (*targets, *results)]


def _of_several(name):
    return name + "_dim" if name + "_dim" in EXACT else name


def check_dtype(name, field, out, result):
    """Raise RuntimeError unless `out` may hold a result of that dtype"""
    kind = result.dtype
    if kind is not out.dtype and (name in EXACT or not can_cast(kind, out.dtype)):
        text = misfit(name, field, kind, out.dtype)
        raise (TypeError if text.startswith("torch.cat()") else RuntimeError)(text)


def _tensors(arguments):
    """The tensors among arguments and in lists of them"""
    flat = [x for item in arguments for x in (item if isinstance(item, (list, tuple)) else (item,))]
    return [x for x in flat if isinstance(x, Tensor)]


def check_overlap(out, inputs, shape=None):
    """Raise RuntimeError if elements of `out`, resized to `shape`, share memory with each other or with `inputs`."""
    xp, data = backend_of(out._data), out._data
    if any(step == 0 and size > 1 for size, step in zip(data.shape, data.strides)) and data.size:
        raise RuntimeError(SELF_OVERLAP)
    if shape is not None and shape != data.shape:
        block, start = xp.storage(data), xp.storage_offset(data)
        data = block[start : start + math.prod(shape)]
    for x in inputs:
        if x is out or x.device is out.device and xp.may_share_memory(data, x._data):
            raise RuntimeError(OVERLAP)


def _with_dtype(function, keywords):
    """The keywords of a call, with torch's dtype where Python's type was asked for: int is int64"""
    kind = PYTHON.get(keywords["dtype"], keywords["dtype"])
    if kind is not None and not isinstance(kind, dtype):
        raise TypeError(f"{function.__name__}(): argument 'dtype' must be torch.dtype, not {type(kind).__name__}")
    return {**keywords, "dtype": kind}


def takes_layout(function):
    """A function that makes a tensor and also takes layout= and pin_memory=, which change nothing here."""

    @functools.wraps(function)
    def call(*args, layout=None, pin_memory=False, **keywords):
        return function(*args, **(_with_dtype(function, keywords) if "dtype" in keywords else keywords))

    return call


def fills_out(function):
    """`takes_layout` of a function with dtype= that also takes out=, whose dtype the result then has."""

    @functools.wraps(function)
    def call(*args, out=None, layout=None, pin_memory=False, **keywords):
        if "dtype" in keywords:
            keywords = _with_dtype(function, keywords)
        if out is None:
            return function(*args, **keywords)
        if mode.enabled and requires_grad(out):
            raise RuntimeError(f"aten::{function.__name__}(): functions with out=... arguments don't support automatic "
                               f"differentiation, but one of the arguments requires grad.")
        kind = keywords.get("dtype") or out.dtype
        if kind is not out.dtype:
            raise RuntimeError(f"dtype {SCALAR_TYPE[kind]} does not match dtype of out parameter "
                               f"({SCALAR_TYPE[out.dtype]})")
        result = function(*args, **{**keywords, "dtype": kind, "device": out.device})
        check_overlap(out, ())
        return store(out, result)

    return call


def _several(x):
    return (x,) if isinstance(x, Tensor) else x


def store(out, result):
    """Write `result` into `out`, resized if need be; either counts as one write."""
    if tuple(out.shape) != tuple(result.shape):
        if out.numel():
            warnings.warn(RESIZED.format(list(out.shape), list(result.shape)), UserWarning, stacklevel=4)
        out.resize_(*result.shape)
    else:
        out._counter.value += 1
    backend_of(out._data).write(out._data, result._data)
    return out


def refuse_left_behind(function, args):
    """Raise RuntimeError if an operand is a view that its base has left behind: torch says this before anything else, but
    for functions without derivative, or composed of others."""
    if mode.enabled and function.__name__ not in UNASKED:
        for x in _tensors(args):
            gradient_edge(x)


def takes_out(function):
    """A function composed of ops that also takes out=, and other names for its first argument, `dim` and `keepdim`."""
    names = list(inspect.signature(function).parameters)
    others = {"axis": "dim", "keepdims": "keepdim", **dict.fromkeys(("input", "x", "a"), names[0])}
    others = {alias: name for alias, name in others.items() if alias not in names}

    @functools.wraps(function)
    def call(*args, **keywords):
        if keywords:
            keywords = {others.get(name, name): value for name, value in keywords.items()}
            if "out" in keywords:
                return into(call, function.__name__.strip("_"), args, keywords)
        try:
            return function(*args, **keywords)
        except TypeError:
            check_dim(function.__name__, names, args, keywords)
            raise
        except (IndexError, RuntimeError):
            refuse_left_behind(function, args)
            raise

    return call


def in_dtype_of_out(function):
    """A function with out= and dtype= that computes in the dtype of `out` unless told otherwise."""

    @functools.wraps(function)
    def call(*args, out=None, **keywords):
        if out is None:
            return function(*args, **keywords)
        return function(*args, **({"dtype": out.dtype} | keywords), out=out)

    return call


def out_must_be(check):
    """A function without gradients that takes out= and calls check(input, out) before anything else."""

    def decorate(function):
        @functools.wraps(function)
        def call(*args, out=None, **keywords):
            if out is None:
                return function(*args, **keywords)
            check(args[0] if args else keywords["input"], out)
            with no_grad():
                return function(*args, **keywords, out=out)

        return call

    return decorate
