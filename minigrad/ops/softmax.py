"""Softmax and its relatives: numbers turned into probabilities along one dimension."""

import warnings

from .. import dtypes
from ..dtypes import FLOAT
from . import checks
from .arguments import declared
from .creation import empty
from .dims import wrap_dim
from .out import takes_out
from .pointwise import exp, neg
from .precision import through_float32
from .primitive import primitive
from .reduction import sum_dims
from .sampling import exponential_


@primitive("SoftmaxBackward0")
@through_float32
def softmax_dim(xp, input, /, dim):
    """e^x / sum of e^x along `dim`; the maximum is taken off first so that nothing overflows"""
    if not input.size:
        return xp.array(input, order="C")
    axis = dim if input.ndim else None
    powers = xp.asarray(input - input.max(axis=axis, keepdims=True))
    powers = xp.exp(powers, out=powers)
    powers /= powers.sum(axis=axis, keepdims=True)
    return xp.asarray(powers, order="C")


@primitive("SoftmaxBackwardDataBackward0")
def softmax_backward(xp, grad_output, output, /, dim):
    """(g - sum of g y along `dim`) y"""
    weighted = grad_output * output
    return (grad_output - weighted.sum(axis=dim if weighted.ndim else None, keepdims=True)) * output


softmax_dim.vjp(input=lambda g, out, dim: softmax_backward(g, out, dim))
softmax_backward.vjp(
    grad_output=lambda g, output, dim: softmax_backward(g, output, dim),
    output=lambda g, grad_output, output, dim:
        g * (grad_output - sum_dims(grad_output * output, (dim,), True)) - grad_output * sum_dims(g * output, (dim,), True))


@primitive("LogSoftmaxBackward0")
@through_float32
def log_softmax_dim(xp, input, /, dim):
    """x - log(sum of e^x along `dim`), the maximum taken off first"""
    if not input.size:
        return xp.array(input, order="C")
    axis = dim if input.ndim else None
    shifted = xp.asarray(input - input.max(axis=axis, keepdims=True))
    shifted -= xp.log(xp.sum(xp.exp(shifted), axis=axis, keepdims=True))
    return xp.asarray(shifted, order="C")


@primitive("LogSoftmaxBackwardDataBackward0")
def log_softmax_backward(xp, grad_output, output, /, dim):
    """g - e^y (sum of g along `dim`)"""
    return grad_output - xp.exp(output) * xp.sum(grad_output, axis=dim if grad_output.ndim else None, keepdims=True)


log_softmax_dim.vjp(input=lambda g, out, dim: log_softmax_backward(g, out, dim))
log_softmax_backward.vjp(grad_output=lambda g, output, dim: g - sum_dims(g * exp(output), (dim,), True),
                         output=lambda g, grad_output, output, dim:
                             -g * exp(output) * sum_dims(grad_output, (dim,), True))


def _prepared(name, input, dim, dtype):
    """Input in the dtype asked for and the dimension in range.  Raises torch's errors."""
    checks.operand(_Named(name), 0, input)
    if not isinstance(dim, int):
        raise TypeError(f"{name}(): argument 'dim' must be int, not {checks.type_name(dim)}")
    if dtype is not None and input.dtype is not dtype:
        input = input.to(dtype)
    dim = wrap_dim(dim, input.dim())
    if input.dtype.category < FLOAT and input.numel():
        last = "lastdim_" if dim == input.dim() - 1 or not input.dim() else ""
        raise NotImplementedError(f'"{name}_{last}kernel_impl" not implemented for \'{dtypes.SCALAR_TYPE[input.dtype]}\'')
    return input, dim


class _Named:
    """The name under which argument errors are reported."""

    inputs = ("input",)

    def __init__(self, name):
        self.name = name


@declared("softmax(Tensor input, int dim)", by_keyword=True)
@takes_out
def softmax(input, dim, dtype=None):
    """e^x / sum of e^x along `dim`, computed in `dtype` if given"""
    return softmax_dim(*_prepared("softmax", input, dim, dtype))


@declared("log_softmax(Tensor input, int dim)", by_keyword=True)
@takes_out
def log_softmax(input, dim, dtype=None):
    """log(softmax(x)) along `dim`, computed in `dtype` if given"""
    return log_softmax_dim(*_prepared("log_softmax", input, dim, dtype))


# ---- the functions of torch.nn.functional, which choose a dimension if none is given ---------------------------------


def implicit_dim(name, ndim, stacklevel):
    """The dimension torch takes where none is given, with its warning."""
    warnings.warn(f"Implicit dimension choice for {name} has been deprecated. Change the call to include dim=X as an "
                  f"argument.", stacklevel=stacklevel)
    return 0 if ndim in (0, 1, 3) else 1


def functional_softmax(input, dim=None, _stacklevel=3, dtype=None):
    """softmax along `dim`"""
    return softmax(input, implicit_dim("softmax", input.dim(), _stacklevel) if dim is None else dim, dtype)


def functional_log_softmax(input, dim=None, _stacklevel=3, dtype=None):
    """log(softmax) along `dim`"""
    return log_softmax(input, implicit_dim("log_softmax", input.dim(), _stacklevel) if dim is None else dim, dtype)


def softmin(input, dim=None, _stacklevel=3, dtype=None):
    """softmax(-x) along `dim`"""
    return softmax(neg(input), implicit_dim("softmin", input.dim(), _stacklevel) if dim is None else dim, dtype)


def gumbel_softmax(logits, tau=1, hard=False, eps=1e-10, dim=-1):
    """A random choice that can be differentiated: softmax((x + Gumbel noise) / tau); `hard`: one-hot forwards"""
    if eps != 1e-10:
        warnings.warn("`eps` parameter is deprecated and has no effect.", stacklevel=2)
    noise = -exponential_(empty(tuple(logits.shape), dtype=logits.dtype, device=logits.device)).log()
    soft = softmax((logits + noise) / tau, dim)
    if not hard:
        return soft
    return one_hot_of_largest(soft.detach(), wrap_dim(dim, soft.dim())) - soft.detach() + soft


@primitive()
def one_hot_of_largest(xp, input, /, dim):
    """1 at the first largest entry along `dim`, 0 elsewhere"""
    best = xp.expand_dims(xp.argmax(input, axis=dim), dim) if input.ndim else 0
    places = xp.arange(input.shape[dim]).reshape([-1 if i == dim else 1 for i in range(input.ndim)]) if input.ndim else 0
    return xp.asarray(places == best).astype(input.dtype)
