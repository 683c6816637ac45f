"""Attention: each query takes the mean of the values, weighted by how well their keys fit."""

import math

from .. import dtypes
from ..autograd.modes import mode
from ..dtypes import CPP_NAME, FLOAT, SCALAR_TYPE
from .arguments import declared
from .dropout import dropped
from .linalg import matmul
from .once import once
from .precision import through_float32
from .primitive import primitive
from .reduction import sum_all, sum_dims
from .scalars import times
from .shape import expand, reshape, transpose, unsqueeze

# ---- softmax that bears rows without a single allowed entry -----------------------------------------------------------


@primitive("SafeSoftmaxBackward0")
@through_float32
def safe_softmax(xp, input, /, dim):
    """softmax along `dim`, and 0 where all entries are -inf"""
    if not input.size:
        return xp.array(input)
    top = xp.max(input, axis=dim, keepdims=True)
    powers = xp.exp(input - xp.where(top == -xp.inf, xp.zeros((), dtype=input.dtype), top))
    total = xp.sum(powers, axis=dim, keepdims=True)
    return powers / xp.where(total == 0, xp.ones((), dtype=input.dtype), total)


safe_softmax.vjp(input=lambda g, out, dim: (g - sum_dims(g * out, (dim,), True)) * out)

# ---- in one node ----------------------------------------------------------------------------------------------------


def factor(scale, query):
    """The scale, 1 / sqrt(size) if not given"""
    return scale if scale is not None else 1 / math.sqrt(query.shape[-1]) if query.shape[-1] else math.inf



@primitive("ScaledDotProductFlashAttentionForCpuBackward0", outputs=("out", "logsumexp"), differentiable_outputs=1)
def attention_heads(xp, query, key, value, attn_mask, /, is_causal, scale):
    """softmax(scale query key^T + mask) value, and the logarithms of the sums in that softmax, at least in float32"""
    if query.dtype.itemsize == 2:
        wide = [x if x is None else x.astype(xp.float32) for x in (query, key, value, attn_mask)]
        out, logs = attention_heads.op.kernel(xp, *wide, is_causal, scale)
        return out.astype(query.dtype), logs
    scores = _scores(xp, query, key, attn_mask, is_causal, scale)
    top = xp.max(scores, axis=-1)
    base = xp.where(top == -xp.inf, xp.zeros((), dtype=query.dtype), top)
    powers = xp.exp(scores - base[..., None])
    total = xp.sum(powers, axis=-1)
    total = xp.where(total == 0, xp.ones((), dtype=query.dtype), total)
    out = xp.empty_like(query)  # laid out like the queries, as torch's is
    out[...] = xp.matmul(powers / total[..., None], value)
    return out, base + xp.log(total)


def _scores(xp, query, key, attn_mask, is_causal, scale):
    """scale query key^T + mask"""
    scores = xp.matmul(query, xp.swapaxes(key, -1, -2)) * factor(scale, query)
    if attn_mask is not None:
        scores = (scores + attn_mask).astype(query.dtype)
    if is_causal:
        scores = xp.where(xp.tril(xp.ones(scores.shape[-2:], dtype=xp.bool_)), scores, -xp.inf)
    return scores


@once("_scaled_dot_product_flash_attention_for_cpu_backward", outputs=("to_query", "to_key", "to_value"))
@through_float32
def attention_backward(xp, g, query, key, value, attn_mask, out, logsumexp, /, is_causal, scale):
    """The gradients of query, key and value"""
    weights = xp.exp(_scores(xp, query, key, attn_mask, is_causal, scale) - logsumexp[..., None])
    inner = xp.matmul(g, xp.swapaxes(value, -1, -2))
    inner = (inner - xp.sum(g * out, axis=-1, keepdims=True)) * weights * factor(scale, query)
    turned = xp.swapaxes(inner, -1, -2), xp.swapaxes(weights, -1, -2)
    return xp.matmul(inner, key), xp.matmul(turned[0], query), xp.matmul(turned[1], g)


attention_heads.vjp(("query", "key", "value",
                     lambda g, needs, query, key, value, attn_mask, out, logsumexp, is_causal, scale:
                     attention_backward(g, query, key, value, attn_mask, out, logsumexp, is_causal, scale)))
attention_heads.shows(dropout_p=lambda: 0.0)

# ---- step by step ---------------------------------------------------------------------------------------------------


def _check(query, key, value, attn_mask, is_causal):
    dims = [x.dim() for x in (query, key, value)]
    if query.dtype is not key.dtype or query.dtype is not value.dtype:
        raise RuntimeError(f"Expected query, key, and value to have the same dtype, but got query.dtype: "
                           f"{CPP_NAME[query.dtype]} key.dtype: {CPP_NAME[key.dtype]} and value.dtype: "
                           f"{CPP_NAME[value.dtype]} instead.")
    if min(dims) < 2:
        raise RuntimeError(f"Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: "
                           f"{dims[0]} key.dim: {dims[1]} and value.dim: {dims[2]} instead.")
    if attn_mask is not None:
        if attn_mask.dtype not in (dtypes.bool_, dtypes.float32, query.dtype):
            raise RuntimeError(f"Expected attn_mask dtype to be bool or float or to match query dtype, but got "
                               f"attn_mask.dtype: {CPP_NAME[attn_mask.dtype].replace('long long', 'long int')} and  "
                               f"query.dtype: {CPP_NAME[query.dtype]} instead.")
        if is_causal:
            raise RuntimeError("_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True")
    if query.dtype.category < FLOAT:
        raise RuntimeError(f"expected scalar type Float but found {SCALAR_TYPE[query.dtype]}")


@declared("scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask, "
          "float dropout_p, bool is_causal, float? scale, bool enable_gqa)", by_keyword=True)
def scaled_dot_product_attention(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None,
                                 enable_gqa=False):  # fmt: skip
    """softmax(scale query key^T + mask) value, with dropout of the weights; scale is 1 / sqrt(size) if not given"""
    _check(query, key, value, attn_mask, is_causal)
    if enable_gqa:
        key, value = _for_each_head(key, query), _for_each_head(value, query)
    if not value.numel():
        return _of_nothing(query, key, value)
    if _fits_one_node(query, key, value, attn_mask, dropout_p):
        if attn_mask is not None and attn_mask.dtype is dtypes.bool_:
            attn_mask = barred(attn_mask, query)
        return attention_heads(query, key, value, attn_mask, is_causal, scale)[0]
    scale = factor(scale, query)
    return attention_steps(query, key, value, attn_mask, dropout_p, is_causal, scale)[0]


def _of_nothing(query, key, value):
    """Zeros for want of values, which depend on the inputs all the same"""
    zeros = query.new_zeros((*query.shape[:-1], value.shape[-1]))
    return zeros + times(sum_all(query) + sum_all(key) + sum_all(value), 0.0)


def _for_each_head(x, query):
    """Each head of keys or values repeated for the query heads that share it"""
    heads, own = query.shape[-3], x.shape[-3]
    if own == 0 or heads % own:
        raise RuntimeError("Number of heads in key and value must divide the number of heads in ")
    if heads == own:
        return x
    *batch, _, length, size = x.shape
    return reshape(expand(unsqueeze(x, -3), (*batch, own, heads // own, length, size)), (*batch, heads, length, size))


def _fits_one_node(query, key, value, mask, dropout_p):
    return (dropout_p == 0 and query.dim() == key.dim() == value.dim() == 4
            and query.shape[:2] == key.shape[:2] == value.shape[:2] and key.shape[2] == value.shape[2]
            and query.shape[-1] == key.shape[-1] == value.shape[-1] and 0 not in (*query.shape, *key.shape)
            and (mask is None or mask.dim() in (2, 4) and not (mode.enabled and mask.requires_grad)))  # fmt: skip


def attention_steps(query, key, value, attn_mask, dropout_p, is_causal, scale):
    """The same op by op; also gives the weights"""
    root = math.sqrt(abs(scale))
    if is_causal:
        attn_mask = causal_mask(query, query.shape[-2], key.shape[-2])
    if attn_mask is not None and attn_mask.dtype is dtypes.bool_:
        attn_mask = barred(attn_mask, query)
    keys = times(transpose(key, -2, -1), root if scale >= 0 else -root)
    scores = matmul(times(query, root), keys)
    if attn_mask is not None:
        scores = scores + attn_mask.to(query.dtype)
    weights = safe_softmax(scores, scores.dim() - 1)
    if dropout_p > 0:
        _check_dropout(dropout_p)
        weights = dropped(weights, dropout_p)
    return matmul(weights, value), weights


@primitive()
def causal_mask(xp, like, /, rows, columns):
    """Whether column j is not after row i"""
    return xp.arange(rows)[:, None] >= xp.arange(columns)[None, :]


@primitive()
def barred(xp, mask, like, /):
    """0 where the mask allows, -inf elsewhere, in the dtype of `like`"""
    return xp.where(mask, 0.0, -xp.inf).astype(like.dtype)


def _check_dropout(p):
    if not 0 <= p <= 1:
        raise RuntimeError(f"dropout probability has to be between 0 and 1, but got {p:g}")
