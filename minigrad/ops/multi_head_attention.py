"""Multi-head attention: project, attend in every head by itself, join the heads and project again."""

import math

from .. import dtypes
from .attention import barred, scaled_dot_product_attention
from .dropout import dropout
from .linalg import bmm, linear
from .reduction import mean
from .shape import cat, chunk, expand, permute, reshape, split, squeeze, transpose, unflatten, unsqueeze, view
from .softmax import softmax


def _packed(x, weight, bias, parts):
    """One projection whose result is cut into parts"""
    projected = unflatten(linear(x, weight, bias), -1, (parts, x.shape[-1]))
    projected = squeeze(transpose(unsqueeze(projected, 0), 0, -2), -2).contiguous()
    return [projected[i] for i in range(parts)]


def _project_packed(q, k, v, weight, bias):
    """Queries, keys and values from one matrix of projections"""
    size = q.shape[-1]
    if k is v and q is k:
        return _packed(q, weight, bias, 3)
    if k is v:
        w_q, w_kv = split(weight, [size, size * 2])
        b_q, b_kv = (None, None) if bias is None else split(bias, [size, size * 2])
        return [linear(q, w_q, b_q), *_packed(k, w_kv, b_kv, 2)]
    biases = (None, None, None) if bias is None else chunk(bias, 3)
    return [linear(x, w, b) for x, w, b in zip((q, k, v), chunk(weight, 3), biases)]


def _as_numbers(mask, name, like):
    """A mask that is added: 0 or -inf for a boolean one, where True bars"""
    if mask is None:
        return None
    if mask.dtype is not dtypes.bool_ and not mask.dtype.is_floating_point:
        raise AssertionError(f"only bool and floating types of {name} are supported")
    return mask if mask.dtype.is_floating_point else barred(mask == 0, like)


def _pad_right(mask):
    """A mask with one more column, which bars nothing"""
    return None if mask is None else cat([mask, mask.new_zeros((*mask.shape[:-1], 1))], -1)


def _check_embedding(query, embed_dim_to_check, num_heads):
    embed_dim = query.shape[-1]
    assert embed_dim == embed_dim_to_check, (
        f"was expecting embedding dimension of {embed_dim_to_check}, but got {embed_dim}")
    assert embed_dim % num_heads == 0, f"embed_dim {embed_dim} not divisible by num_heads {num_heads}"
    return embed_dim


def _check_attn_mask(mask, shape, batches):
    if mask is None:
        return None
    if mask.dim() == 2:
        if tuple(mask.shape) != shape:
            raise RuntimeError(f"The shape of the 2D attn_mask is {mask.shape}, but should be {shape}.")
        return unsqueeze(mask, 0)
    if mask.dim() == 3:
        if tuple(mask.shape) != (batches, *shape):
            raise RuntimeError(f"The shape of the 3D attn_mask is {mask.shape}, but should be {(batches, *shape)}.")
        return mask
    raise RuntimeError(f"attn_mask's dimension {mask.dim()} is not supported")


def multi_head_attention_forward(
        query, key, value, embed_dim_to_check, num_heads, in_proj_weight, in_proj_bias, bias_k, bias_v, add_zero_attn,
        dropout_p, out_proj_weight, out_proj_bias, training=True, key_padding_mask=None, need_weights=True,
        attn_mask=None, use_separate_proj_weight=False, q_proj_weight=None, k_proj_weight=None, v_proj_weight=None,
        static_k=None, static_v=None, average_attn_weights=True, is_causal=False):  # fmt: skip
    """(attended values, weights or None) for query (L, N, E), key and value (S, N, E), or all without the N"""
    batched = query.dim() == 3
    if is_causal and attn_mask is None:
        raise RuntimeError("Need attn_mask if specifying the is_causal hint.")
    key_padding_mask = _as_numbers(key_padding_mask, "key_padding_mask", query)
    attn_mask = _as_numbers(attn_mask, "attn_mask", query)
    embed_dim = _check_embedding(query, embed_dim_to_check, num_heads)
    if not batched:
        same = {id(x): unsqueeze(x, 1) for x in {id(x): x for x in (query, key, value)}.values()}
        query, key, value = (same[id(x)] for x in (query, key, value))
        key_padding_mask = None if key_padding_mask is None else unsqueeze(key_padding_mask, 0)
    if use_separate_proj_weight:
        biases = (None, None, None) if in_proj_bias is None else chunk(in_proj_bias, 3)
        weights = (q_proj_weight, k_proj_weight, v_proj_weight)
        q, k, v = (linear(x, w, b) for x, w, b in zip((query, key, value), weights, biases))
    else:
        q, k, v = _project_packed(query, key, value, in_proj_weight, in_proj_bias)
    length, n = query.shape[:2]
    attn_mask = _check_attn_mask(attn_mask, (length, key.shape[0]), n * num_heads)
    if bias_k is not None and bias_v is not None:
        k, v = (cat([x, b.repeat(1, n, 1)]) for x, b in ((k, bias_k), (v, bias_v)))
        attn_mask, key_padding_mask = _pad_right(attn_mask), _pad_right(key_padding_mask)
    head = embed_dim // num_heads
    q, k, v = (transpose(view(x, (x.shape[0], n * num_heads, head)), 0, 1) for x in (q, k, v))
    if add_zero_attn:
        k, v = (cat([x, x.new_zeros((n * num_heads, 1, head))], 1) for x in (k, v))
        attn_mask, key_padding_mask = _pad_right(attn_mask), _pad_right(key_padding_mask)
    mask = _joined(attn_mask, key_padding_mask, n, num_heads, k.shape[1])
    if key_padding_mask is not None or need_weights:
        is_causal = False
    p = dropout_p if training else 0.0
    attend = _with_weights if need_weights else _without_weights
    out, weights = attend(q, k, v, mask, p, n, num_heads, is_causal)
    out = view(linear(out, out_proj_weight, out_proj_bias), (length, n, -1))
    if weights is not None and average_attn_weights:
        weights = mean(weights, 1)
    if not batched:
        out, weights = squeeze(out, 1), None if weights is None else squeeze(weights, 0)
    return out, weights


def _joined(attn_mask, key_padding_mask, n, heads, source):
    """Both masks in one: (N * heads, 1 or L, S)"""
    if key_padding_mask is None:
        return attn_mask
    padding = expand(view(key_padding_mask, (n, 1, 1, source)), -1, heads, -1, -1)
    padding = reshape(padding, (n * heads, 1, source))
    return padding if attn_mask is None else attn_mask + padding


def _with_weights(q, k, v, mask, p, n, heads, is_causal):
    scores = bmm(q * math.sqrt(1.0 / q.shape[-1]), transpose(k, -2, -1))
    weights = softmax(scores if mask is None else mask + scores, -1)
    weights = dropout(weights, p) if p > 0 else weights
    out = transpose(bmm(weights, v), 0, 1)
    out = reshape(out, (out.shape[0] * n, heads * out.shape[-1]))
    return out, view(weights, (n, heads, q.shape[1], k.shape[1]))


def _without_weights(q, k, v, mask, p, n, heads, is_causal):
    if mask is not None:
        shared = mask.shape[0] == 1 and mask.dim() == 3
        mask = unsqueeze(mask, 0) if shared else view(mask, (n, heads, -1, k.shape[1]))
    q, k, v = (_per_head(x, n, heads) for x in (q, k, v))
    out = scaled_dot_product_attention(q, k, v, None if is_causal else mask, p, is_causal)
    out = permute(out, 2, 0, 1, 3).contiguous()
    return view(out, (out.shape[0] * n, heads * out.shape[-1])), None


def _per_head(x, n, heads):
    """(N * heads, L, E) as (N, heads, L, E)"""
    return view(x, (n, heads, *x.shape[1:]))
