"""Connectionist temporal classification: how likely a sequence of labels is, however it is stretched in time.

A path spends one or more steps on each entry of the label sequence with blanks put in between (b, l1, b, l2, ..., b),
and may skip a blank between two different labels.  `forward` sums, in logarithms, over all beginnings of paths, and
`backward` over all ends; all sequences of a batch go through time together.
"""

from ..backends import on_its_device
from ..dtypes import FLOAT, SCALAR_TYPE
from ..tensor import Tensor
from .loss_reduction import reduction_name
from .pointwise import where
from .precision import through_float32
from .primitive import primitive
from .reduction import mean, sum
from .rounding import not_implemented
from .shape import squeeze, unsqueeze

IMPOSSIBLE = float("-inf")


def _states(xp, labels, blank):
    """The labels with blanks in between, and which of these states may be entered two states on"""
    n, length = labels.shape
    states = xp.full((n, 2 * length + 1), blank, dtype=labels.dtype)
    states[:, 1::2] = labels
    skips = xp.zeros(states.shape, dtype=xp.bool_)
    skips[:, 2:] = (states[:, 2:] != blank) & (states[:, 2:] != states[:, :-2])
    return states, skips


def _add(xp, *logs):
    """log(sum of e^x), also where all are impossible"""
    total = logs[0]
    for other in logs[1:]:
        total = xp.logaddexp(total, other)
    return total


def _shifted(xp, x, by):
    """x moved `by` states on, impossible where nothing comes from"""
    result = xp.full_like(x, IMPOSSIBLE)
    result[:, by:] = x[:, : x.shape[1] - by]
    return result


def _paths(xp, emitted, start, skips):
    """For each time and state, log of the sum over all beginnings of paths that are there; `emitted` (T, N, S)"""
    found = xp.empty_like(emitted)
    for t in range(len(emitted)):
        if t:
            stay = found[t - 1]
            jump = xp.where(skips, _shifted(xp, stay, 2), IMPOSSIBLE)
            found[t] = _add(xp, stay, _shifted(xp, stay, 1), jump) + emitted[t]
        else:
            found[t] = xp.where(start, emitted[0], IMPOSSIBLE)
    return found


def _forward(xp, log_probs, labels, input_lengths, target_lengths, blank):
    n = labels.shape[0]
    rows = xp.arange(n)
    states, skips = _states(xp, labels, blank)
    emitted = log_probs[:, rows[:, None], states]
    start = xp.broadcast_to(xp.arange(states.shape[1]) < 2, states.shape) & _inside(xp, states, target_lengths)
    alpha = _paths(xp, emitted, start, skips)
    last = alpha[xp.maximum(input_lengths - 1, 0), rows]
    final = last[rows, 2 * target_lengths]
    before = xp.where(target_lengths > 0, last[rows, xp.maximum(2 * target_lengths - 1, 0)], IMPOSSIBLE)
    likelihood = _add(xp, final, before)
    nothing = xp.where(target_lengths == 0, 0.0, IMPOSSIBLE)
    return alpha, xp.where(input_lengths == 0, nothing, likelihood).astype(log_probs.dtype)


def _inside(xp, states, target_lengths):
    """Which states belong to the sequences"""
    return xp.arange(states.shape[1])[None, :] <= 2 * target_lengths[:, None]


def _backward(xp, log_probs, labels, input_lengths, target_lengths, blank):
    """The sums over all ends of paths: the same recursion on sequences reversed in time and state"""
    steps, n = log_probs.shape[:2]
    states, skips = _states(xp, labels, blank)
    rows, width = xp.arange(n)[:, None], states.shape[1]
    time = xp.arange(steps)[:, None]
    flipped = xp.where(time < input_lengths, input_lengths - 1 - time, time)
    place = xp.arange(width)[None, :]
    mirror = xp.where(place <= 2 * target_lengths[:, None], 2 * target_lengths[:, None] - place, place)
    mirrored = states[rows, mirror]
    emitted = log_probs[flipped[:, :, None], rows[None], mirrored[None]]
    jumps = xp.zeros_like(skips)
    jumps[:, 2:] = (mirrored[:, 2:] != blank) & (mirrored[:, 2:] != mirrored[:, :-2])
    inside = _inside(xp, states, target_lengths)
    beta = _paths(xp, emitted, (place < 2) & inside, jumps)
    return beta[flipped[:, :, None], rows[None], mirror[None]], states, inside


@primitive("CtcLossBackward0", outputs=("out", "alpha"), differentiable_outputs=1)
@through_float32
def ctc_losses(xp, log_probs, targets, /, input_lengths, target_lengths, blank, zero_infinity):
    """-log of the likelihood of each sequence, and the sums over beginnings, (N, T, S)"""
    sizes, labels = _arguments(xp, targets, input_lengths, target_lengths, blank)
    alpha, likelihood = _forward(xp, log_probs, labels, *sizes, blank)
    return -likelihood, xp.ascontiguousarray(alpha.transpose(1, 0, 2))


ctc_losses.vjp(log_probs=lambda g, log_probs, targets, out, alpha, input_lengths, target_lengths, blank, zero_infinity:
               ctc_backward(g, log_probs, targets, out, alpha, input_lengths, target_lengths, blank, zero_infinity))


def _arguments(xp, targets, input_lengths, target_lengths, blank):
    """Both lengths as arrays, and the labels of all sequences as one matrix, filled up with blanks"""
    inputs, sizes = (xp.asarray(lengths, dtype=xp.int64) for lengths in (input_lengths, target_lengths))
    targets = targets.astype(xp.int64)
    kept = xp.arange(max(target_lengths, default=0))[None, :] < sizes.reshape(-1, 1)
    labels = xp.full(kept.shape, blank, dtype=xp.int64)
    rows = targets.reshape(len(target_lengths), -1)[:, : kept.shape[1]] if targets.ndim == 2 else None
    labels[kept] = targets if rows is None else rows[kept]
    return (inputs, sizes), labels


@primitive("NotImplemented")
@through_float32
def ctc_backward(xp, g, log_probs, targets, out, alpha, /, input_lengths, target_lengths, blank, zero_infinity):
    """e^log_probs - (the share of paths that emit each class at each time), times g"""
    (input_lengths, target_lengths), labels = _arguments(xp, targets, input_lengths, target_lengths, blank)
    beta, states, inside = _backward(xp, log_probs, labels, input_lengths, target_lengths, blank)
    steps, n, classes = log_probs.shape
    emitted = log_probs[:, xp.arange(n)[:, None], states]
    share = xp.exp(alpha.transpose(1, 0, 2) + beta + out[None, :, None] - 2 * emitted)
    share = xp.masked(share, xp.broadcast_to(inside[None], share.shape) & (emitted != IMPOSSIBLE))
    used = xp.zeros((n, steps, classes), dtype=log_probs.dtype)
    xp.scatter_add(used, (xp.arange(n)[:, None, None], xp.arange(steps)[None, :, None], states[:, None, :]),
                   share.transpose(1, 0, 2) * xp.exp(emitted).transpose(1, 0, 2))
    g = xp.where(out == xp.inf, xp.asarray(xp.nan, dtype=g.dtype), g)  # no path at all: no gradient either
    result = (xp.exp(log_probs) - used.transpose(1, 0, 2)) * g[None, :, None]
    result = xp.masked(result, xp.broadcast_to((xp.arange(steps)[:, None] < input_lengths)[:, :, None], result.shape))
    if zero_infinity:
        result = xp.masked(result, xp.broadcast_to((out != xp.inf)[None, :, None], result.shape))
    return result


ctc_backward.vjp(g=not_implemented("_ctc_loss_backward"), log_probs=not_implemented("_ctc_loss_backward"),
                 out=not_implemented("_ctc_loss_backward"))

# ---- the function ---------------------------------------------------------------------------------------------------


def _lengths(value, name):
    if isinstance(value, Tensor):
        if value.dtype.category >= FLOAT:
            raise RuntimeError(f"{name} must be integral")
        return [int(x) for x in value._data.reshape(-1)]
    return list(value)


def _check(log_probs, targets, input_lengths, target_lengths, blank):
    steps, n, classes = log_probs.shape
    if log_probs.dtype.category < FLOAT:
        raise NotImplementedError(f"\"ctc_loss_cpu\" not implemented for '{SCALAR_TYPE[log_probs.dtype]}'")
    if not 0 <= blank < classes:
        raise RuntimeError("blank must be in label range")
    for name, lengths in (("input_lengths", input_lengths), ("target_lengths", target_lengths)):
        if len(lengths) != n:
            raise RuntimeError(f"{name} must be of size batch_size")
    where = "(while checking arguments for ctc_loss_allocate_outputs)"
    for name, lengths in (("input_lengths", input_lengths), ("target_lengths", target_lengths)):
        if min(lengths, default=0) < 0:
            raise RuntimeError(f"Expected {name} to have value at least 0, but got value {min(lengths)} {where}")
    longest, total = max(target_lengths, default=0), 0
    for length in target_lengths:
        total += length
    if targets.dim() == 1 and targets.shape[0] != total:
        raise RuntimeError(f"Expected tensor to have size {total} at dimension 0, but got size {targets.shape[0]} for "
                           f"argument #2 'targets' {where}")
    if targets.dim() == 2 and targets.shape[1] < longest:
        raise RuntimeError(f"Expected tensor to have size at least {longest} at dimension 1, but got size "
                           f"{targets.shape[1]} for argument #2 'targets' {where}")
    if max(input_lengths, default=0) > steps:
        raise RuntimeError(f"Expected input_lengths to have value at most {steps}, but got value {max(input_lengths)} "
                           f"{where}")


@on_its_device
def ctc_loss(log_probs, targets, input_lengths, target_lengths, blank=0, reduction="mean", zero_infinity=False):
    """-log of the likelihood of the targets under log_probs (T, N, C), reduced; the mean first divides by the lengths"""
    reduction = reduction_name(reduction)
    if not log_probs.numel():
        raise RuntimeError("log_probs tensor must not be empty")
    batched = log_probs.dim() == 3
    log_probs = log_probs if batched else unsqueeze(log_probs, 1)
    inputs, lengths = _lengths(input_lengths, "input_lengths"), _lengths(target_lengths, "target_lengths")
    _check(log_probs, targets, inputs, lengths, blank)
    loss, _ = ctc_losses(log_probs, targets, tuple(inputs), tuple(lengths), blank, zero_infinity)
    if zero_infinity:
        loss = where(loss == -IMPOSSIBLE, 0.0, loss)
    if reduction == "mean":
        return mean(loss / log_probs.new_tensor([max(x, 1) for x in lengths]))
    if reduction == "sum":
        return sum(loss)
    return loss if batched else squeeze(loss, 0)
