"""How the result of a pointwise op lies in memory: without gaps, its dimensions in the order of the operands'.

Array libraries fall back to row by row where operands disagree; in torch the first that has an opinion decides.
"""

from ..backends import BACKENDS, backend_of
from .dims import contiguous_strides, view_strides


def laid_out(result, operands):
    """`result`, copied into the memory order that its operands ask for if it does not have it yet."""
    shape = result.shape
    if result.size < 2:
        return result
    xp = backend_of(result)
    steps = [_steps(xp, x, shape) for x in operands if type(x) in BACKENDS and len(x.shape) <= len(shape)]
    return in_order(xp, result, steps)


def like(xp, result, input):
    """`result`, of input's shape, with its dimensions in the order in memory that a dense copy of input has"""
    if result.size < 2 or input.flags.c_contiguous and result.flags.c_contiguous:
        return result
    strides = xp.strides(input)
    return in_order(xp, result, [] if 0 in strides else [strides])


def in_order(xp, result, steps):
    """`result` in the memory order for operands of these strides."""
    shape = result.shape
    wanted, step = [0] * len(shape), 1
    for d in inner_first(steps, shape):
        wanted[d], step = step, step * shape[d]
    if all(size == 1 or have == want for size, have, want in zip(shape, xp.strides(result), wanted)):
        return result
    target = xp.as_strided(xp.empty(result.size, dtype=result.dtype), shape, tuple(wanted), 0)
    xp.write(target, result)
    return target


def once(xp, array, change):
    """change(array), done once for what an expanded array repeats: the result repeats it too."""
    strides = xp.strides(array)
    if 0 not in strides:
        return change(array)
    part = array[tuple([slice(1) if step == 0 else slice(None) for step in strides])]
    return xp.broadcast_to(change(part), array.shape)


def indexed(result, input, indices):
    """What input[indices] gave, in the memory order torch gives it: the indexed dimensions have no opinion."""
    if result.size < 2:
        return result
    xp = backend_of(result)
    places = [d for d, index in enumerate(indices) if not isinstance(index, slice)]
    picked = [indices[d] for d in places]
    depth = max(len(index.shape) for index in picked)
    kept = [step for d, step in enumerate(xp.strides(input)) if d not in places]
    front = places[0] if places == list(range(places[0], places[-1] + 1)) else 0
    steps = [kept[:front] + [0] * depth + kept[front:]]
    middle = result.shape[front : front + depth]
    for index in picked:
        own = _beside_ones(middle, _steps(xp, index, middle), front, len(kept) - front)
        inside = range(front, front + depth)
        steps.append([step if d in inside or size == 1 else 0 for d, (step, size) in enumerate(zip(own, result.shape))])
    return in_order(xp, result, steps)


def _beside_ones(sizes, strides, before, after):
    """The strides of an index reshaped to have dimensions of size 1 before and after its own, as torch does"""
    reshaped = (1,) * before + tuple(sizes) + (1,) * after
    return view_strides(tuple(sizes), tuple(strides), reshaped) or contiguous_strides(reshaped)


def _steps(xp, x, shape):
    """The strides of an operand in the result's dimensions; 0 where it is broadcast."""
    added = len(shape) - len(x.shape)
    own = [0 if have == 1 != size else step for step, have, size in zip(xp.strides(x), x.shape, shape[added:])]
    return [0] * added + own


def row_major(shape, strides):
    """Whether a tensor made like one of these strides lies row by row"""
    order = [d for d in inner_first([strides], shape) if shape[d] > 1]
    return order == sorted(order, reverse=True)


def inner_first(steps, shape):
    """The dimensions, the one with the smallest steps first; the last dimension first where nothing decides."""
    order = list(reversed(range(len(shape))))
    for i in range(1, len(order)):
        here = i
        for there in range(i - 1, -1, -1):
            sign = _compare(steps, shape, order[there], order[here])
            if sign < 0:
                break
            if sign > 0:
                order[there], order[here] = order[here], order[there]
                here = there
    return order


def _compare(steps, shape, a, b):
    """1 if dimension a should lie outside of b, -1 if inside, 0 if no operand says."""
    for step in steps:
        if step[a] and step[b]:
            if step[a] != step[b]:
                return 1 if step[a] > step[b] else -1
            if shape[a] > shape[b]:
                return 1
    return 0
