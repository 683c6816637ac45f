"""Products added to something in one op: addmv, addr, addbmm, baddbmm."""

from ..dtypes import CPP_NAME, SCALAR_TYPE
from .linalg import bmm, bmm_arrays, mv_arrays, scaled, weighted_sum
from .out import takes_out
from .precision import through_float32
from .primitive import pointwise, primitive
from .shape import expand, expand_to, t_matrix, transpose_dims, unsqueeze_dim


@primitive("AddmvBackward0")
def addmv_arrays(xp, input, mat, vec, /, beta, alpha):
    """beta * input + alpha * mat @ vec"""
    return weighted_sum(xp.broadcast_to(input, mat.shape[:1]), xp.matmul(mat, vec), beta, alpha)


addmv_arrays.vjp(input=lambda g, beta: scaled(g, beta),
                 mat=lambda g, vec, alpha: scaled(unsqueeze_dim(g, 1) * vec, alpha),
                 vec=lambda g, mat, alpha: scaled(mv_arrays(t_matrix(mat), g), alpha))


@takes_out
def addmv(input, mat, vec, *, beta=1, alpha=1):
    """beta * input + alpha * mat @ vec"""
    if mat.dim() != 2 or vec.dim() != 1 or input.dim() > 1:
        raise RuntimeError(f"vector + matrix @ vector expected, got {input.dim()}, {mat.dim()}, {vec.dim()}")
    rows, columns = mat.shape
    if columns != vec.shape[0] or input.numel() not in (1, rows):
        raise RuntimeError(f"size mismatch, got input ({input.numel()}), mat ({rows}x{columns}), vec ({vec.shape[0]})")
    if input.dtype is not mat.dtype or mat.dtype is not vec.dtype:
        raise RuntimeError(f"addmv input tensors must have the same dtype, but got {SCALAR_TYPE[input.dtype]}, "
                           f"{SCALAR_TYPE[mat.dtype]}, and {SCALAR_TYPE[vec.dtype]}")
    return addmv_arrays(input, mat, vec, beta, alpha)


@pointwise("AddrBackward0")
def addr_arrays(input, vec1, vec2, /, beta, alpha):
    """beta * input + alpha * vec1 (as a column) * vec2"""
    if input.dtype.kind == "b":
        product = (vec1[:, None] & vec2) & bool(alpha)
        return product | (input & bool(beta))
    return weighted_sum(input, vec1[:, None] * vec2, beta, alpha)


addr_arrays.vjp(input=lambda g, beta: scaled(g, beta),
                vec1=lambda g, vec2, alpha: scaled(mv_arrays(g, vec2), alpha),
                vec2=lambda g, vec1, alpha: scaled(mv_arrays(t_matrix(g), vec1), alpha))


@takes_out
def addr(input, vec1, vec2, *, beta=1, alpha=1):
    """beta * input + alpha * outer(vec1, vec2)"""
    for name, x in (("vec1", vec1), ("vec2", vec2)):
        if x.dim() != 1:
            raise RuntimeError(f"addr: Expected 1-D argument {name}, but got {x.dim()}-D")
    size = vec1.shape[0], vec2.shape[0]
    if tuple(input.shape) not in (size, size[1:]):
        expand(input, size)
    for name, factor in (("beta", beta), ("alpha", alpha)):
        if isinstance(factor, float) and not any(x.dtype.is_floating_point for x in (input, vec1, vec2)):
            raise RuntimeError(f"For integral input tensors, argument {name} must not be a floating point number.")
    return addr_arrays(input, vec1, vec2, beta, alpha)


def addr_inside(input, vec1, vec2, *, beta=1, alpha=1):
    """addr for an input that has the size of the result"""
    if input.dim() != 2 and vec1.dim() == vec2.dim() == 1:
        raise RuntimeError(f"2D tensor expected, got {input.dim()}D tensor for input")
    if vec1.dim() == vec2.dim() == 1 and tuple(input.shape) != (vec1.shape[0], vec2.shape[0]):
        raise RuntimeError(f"size mismatch, input: {list(input.shape)}, v1: {list(vec1.shape)}, v2: {list(vec2.shape)}")
    return addr(input, vec1, vec2, beta=beta, alpha=alpha)


addr_inside.__name__ = "addr"


@primitive("AddbmmBackward0")
@through_float32
def addbmm_arrays(xp, input, batch1, batch2, /, beta, alpha):
    """beta * input + alpha * the sum of batch1 @ batch2 over the batch"""
    product = xp.sum(xp.matmul(batch1, batch2), axis=0, dtype=batch1.dtype)
    return weighted_sum(xp.broadcast_to(input, product.shape), product, beta, alpha)


def _all_alike(g, batch):
    return expand_to(unsqueeze_dim(g, 0), (batch.shape[0], *g.shape))


addbmm_arrays.vjp(
    input=lambda g, beta: scaled(g, beta),
    batch1=lambda g, batch2, alpha: scaled(bmm_arrays(_all_alike(g, batch2), transpose_dims(batch2, 1, 2)), alpha),
    batch2=lambda g, batch1, alpha: scaled(bmm_arrays(transpose_dims(batch1, 1, 2), _all_alike(g, batch1)), alpha))


@takes_out
def addbmm(input, batch1, batch2, *, beta=1, alpha=1):
    """beta * input + alpha * the sum of the products of two batches of matrices"""
    size = tuple(batch1.shape)[1:2] + tuple(batch2.shape)[2:3]
    if tuple(input.shape) not in (size, size[1:]):
        expand(input, size)
    for name, x in (("batch1", batch1), ("batch2", batch2)):
        if x.dim() != 3:
            raise RuntimeError(f"{name} must be a 3D tensor")
    if batch1.shape[0] != batch2.shape[0]:
        raise RuntimeError(f"batch1 and batch2 must have same number of batches, got {batch1.shape[0]} and "
                           f"{batch2.shape[0]}")
    if batch1.shape[2] != batch2.shape[1]:
        raise RuntimeError(f"Incompatible matrix sizes for bmm ({batch1.shape[1]}x{batch1.shape[2]} and "
                           f"{batch2.shape[1]}x{batch2.shape[2]})")
    for name, x in (("mat1", batch1), ("self", input)):
        if x.dtype is not batch2.dtype:
            raise RuntimeError(f"{name} and mat2 must have the same dtype, but got {SCALAR_TYPE[x.dtype]} and "
                               f"{SCALAR_TYPE[batch2.dtype]}")
    return addbmm_arrays(input, batch1, batch2, beta, alpha)


@primitive("BaddbmmBackward0")
def baddbmm_arrays(xp, input, batch1, batch2, /, beta, alpha):
    """beta * input + alpha * batch1 @ batch2"""
    product = xp.matmul(batch1, batch2)
    return weighted_sum(xp.broadcast_to(input, product.shape), product, beta, alpha)


baddbmm_arrays.vjp(
    input=lambda g, beta: scaled(g, beta),
    batch1=lambda g, batch2, alpha: scaled(bmm_arrays(g, transpose_dims(batch2, 1, 2)), alpha),
    batch2=lambda g, batch1, alpha: scaled(bmm_arrays(transpose_dims(batch1, 1, 2), g), alpha))


@takes_out
def baddbmm(input, batch1, batch2, *, beta=1, alpha=1):
    """beta * input + alpha * the products of two batches of matrices"""
    sizes = batch1.size(0), batch1.size(1), batch2.size(2)
    if tuple(input.shape) != sizes:
        expand(input, sizes)
    if not input.dtype is batch1.dtype is batch2.dtype:
        raise RuntimeError(f"Input dtypes must be the same, got: input {CPP_NAME[input.dtype]}, batch1: "
                           f"{CPP_NAME[batch1.dtype]}, batch2: {CPP_NAME[batch2.dtype]}")
    if batch1.dim() != 3 or batch2.dim() != 3 or tuple(batch2.shape[:2]) != (sizes[0], batch1.shape[2]):
        return bmm(batch1, batch2)
    return baddbmm_arrays(input, batch1, batch2, beta, alpha)
