"""Distances and angles between vectors."""


from ..autograd.modes import no_grad
from ..dtypes import FLOAT, SCALAR_TYPE, float16
from .arguments import declared
from .once import once
from .pointwise import div, mul
from .precision import through_float32
from .primitive import primitive
from .promotion import broadcast_shape, result_type
from .reduction import sum, vector_norm, vector_norm_dims
from .scalars import plus
from .shape import expand


@primitive("NormBackward1")
def norm_over(xp, input, /, ord, dim, keepdim):
    """(sum |x|^ord)^(1/ord) over some dimensions"""
    return vector_norm_dims.op.kernel(xp, input, ord, dim, keepdim)


norm_over.vjp(**vector_norm_dims.op.formulas)


@declared("pairwise_distance(Tensor x1, Tensor x2, float p, float eps, bool keepdim)", by_keyword=True)
def pairwise_distance(x1, x2, p=2.0, eps=1e-6, keepdim=False):
    """The p-norm of x1 - x2 + eps over the last dimension"""
    difference = plus(x1 - x2, float(eps))
    return norm_over(difference, float(p), (max(difference.dim() - 1, 0),), keepdim)


@declared("cosine_similarity(Tensor x1, Tensor x2, int dim, float eps)", by_keyword=True)
def cosine_similarity(x1, x2, dim=1, eps=1e-8):
    """x1 . x2 / (|x1| |x2|) along `dim`, the norms at least eps"""
    kind = result_type(x1, x2)
    if kind.category < FLOAT:
        raise RuntimeError(f"expected common dtype to be floating point, yet common dtype is {SCALAR_TYPE[kind]}")
    shape = broadcast_shape(tuple(x1.shape), tuple(x2.shape))
    x1, x2 = (x if x.dtype is kind else x.to(kind) for x in (x1, x2))
    x1, x2 = (x if tuple(x.shape) == shape else expand(x, shape) for x in (x1, x2))
    return sum(mul(_unit(x1, dim, eps), _unit(x2, dim, eps)), dim)


def _unit(x, dim, eps):
    length = vector_norm(x, 2, dim, True).clone()
    with no_grad():
        length.clamp_min_(eps)
    return div(x, length)


def normalize(input, p=2.0, dim=1, eps=1e-12, out=None):
    """input divided by its p-norm along `dim`, which counts as at least eps"""
    size = input.norm(p, dim, keepdim=True).clamp_min(eps).expand_as(input)
    return div(input, size) if out is None else div(input, size, out=out)


# ---- all pairs of rows ----------------------------------------------------------------------------------------------


@primitive("PdistBackward0")
@through_float32
def pdist_rows(xp, input, /, p):
    """The p-norms of the differences of all pairs of rows, in the order (0, 1), (0, 2), ..., (1, 2), ..."""
    first, second = pairs(xp, input)
    return vector_norm_dims.op.kernel(xp, input[first] - input[second], p, (1,), False)


def pairs(xp, input):
    """The numbers of the first and the second row of each pair"""
    rows = xp.arange(input.shape[0])
    return xp.nonzero(rows[:, None] < rows[None, :])


@once("_pdist_backward")
def pdist_backward(xp, g, input, out, /, p):
    """Each pair's distance pulls its first row one way and its second row the other"""
    result = xp.zeros_like(input)
    if p:
        first, second = pairs(xp, input)
        slope = vector_norm_dims.op.formulas["input"](g, input[first] - input[second], out, p, (1,), False)
        xp.scatter_add(result, first, slope)
        xp.scatter_add(result, second, -slope)
    return result


pdist_rows.vjp(input=lambda g, input, out, p: pdist_backward(g, input, out, p))


@declared("pdist(Tensor input, float p)", by_keyword=True)
def pdist(input, p=2.0):
    """The p-norm distances between all pairs of rows, each pair once"""
    if input.dim() != 2:
        raise RuntimeError(f"pdist only supports 2D tensors, got: {input.dim()}D")
    if input.dtype.category < FLOAT:
        raise RuntimeError("pdist only supports floating-point dtypes")
    if p < 0:
        raise RuntimeError("pdist only supports non-negative p values")
    if input.dtype is float16 and input.shape[0] > 1:
        raise NotImplementedError("\"pdist\" not implemented for 'Half'")
    return pdist_rows(input, float(p))
