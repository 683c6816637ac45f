"""Bilinear maps: linear in each of two inputs."""

import math

from ..dtypes import CPP_NAME
from .arguments import declared
from .dims import wrap_dim
from .linalg import mm_arrays
from .pointwise import mul
from .precision import through_float32
from .primitive import primitive
from .shape import permute_dims, reshape, t, unsqueeze_dim


@primitive("TrilinearBackward0")
@through_float32
def trilinear(xp, input1, weight, input2, /):
    """out[n, o] = sum over i, j of input1[n, i] weight[o, i, j] input2[n, j]"""
    return xp.asarray(xp.sum(xp.matmul(input1, weight) * input2, axis=-1).T, order="C")


def _weight_vjp(g, input1, weight_shape, input2):
    """sum over n of g[n, o] input1[n, i] input2[n, j]"""
    pairs = mul(unsqueeze_dim(g, 2), unsqueeze_dim(input1, 1))
    pairs = reshape(pairs, (pairs.shape[0], weight_shape[0] * weight_shape[1]))
    return reshape(mm_arrays(t(pairs), input2), tuple(weight_shape))


trilinear.vjp(input1=lambda g, weight, input2: trilinear(g, permute_dims(weight, (1, 0, 2)), input2),
              weight=_weight_vjp,
              input2=lambda g, input1, weight: trilinear(input1, permute_dims(weight, (2, 1, 0)), g))
trilinear.shows(expand1=lambda: (1, 3), expand2=lambda: (0,), expand3=lambda: (1, 2), sumdim=lambda: (2, 3))


def _size(x, dim):
    if not x.dim():
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    return x.shape[wrap_dim(dim, x.dim())]


def _check(input1, input2, weight, bias):
    tensors = {"input1": input1, "input2": input2, "weight": weight} | ({} if bias is None else {"bias": bias})
    if len({x.dtype for x in tensors.values()}) > 1:
        said = ", ".join(f"{name}: {CPP_NAME[x.dtype]}" for name, x in tensors.items())
        raise RuntimeError(f"All tensors must have the same dtype, got {said}")
    if input1.dim() != input2.dim():
        raise RuntimeError(f"bilinear(): input dimensions do not match: got {input1.dim()} and {input2.dim()}")
    for d, (a, b) in enumerate(zip(input1.shape[:-1], input2.shape[:-1])):
        if a != b:
            raise RuntimeError(f"bilinear(): input batch dimensions do not match at dim {d}: got {a} and {b}")
    for i, x in enumerate((input1, input2), 1):
        expected, got = _size(weight, i), _size(x, -1)
        if got != expected:
            raise RuntimeError(f"bilinear(): input{i} size does not match weight size: got {got} but expected {expected}")
    if bias is not None and bias.shape[0] != weight.shape[0]:
        raise RuntimeError(f"bilinear(): bias size does not match weight size: got {bias.shape[0]} but expected "
                           f"{weight.shape[0]}")


@declared("bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias)", by_keyword=True)
def bilinear(input1, input2, weight, bias=None):
    """input1 weight[o] input2^T + bias[o] for each row of the inputs and each o.  Raises RuntimeError for a misfit."""
    _check(input1, input2, weight, bias)
    batch = tuple(input1.shape[:-1])
    rows = [reshape(x, (math.prod(batch), x.shape[-1])) for x in (input1, input2)]
    out = reshape(trilinear(rows[0], weight, rows[1]), (*batch, weight.shape[0]))
    return out if bias is None else out + bias
