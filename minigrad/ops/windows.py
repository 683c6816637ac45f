"""Sliding windows: the geometry that convolution, pooling and unfold share.

A window of `kernel` elements, `dilation` apart, moves in steps of `stride` over an input padded by `padding`.  Kernel
element k of window p lies at p * stride + k * dilation - padding.  Every quantity is a tuple, one number per dimension.
"""

import functools
import itertools
import math

from .dims import contiguous_strides


def spread(value, n):
    """A number as n equal ones; a sequence of one or n numbers as n"""
    if type(value) is tuple and len(value) == n:
        return value
    if not isinstance(value, (tuple, list)):
        return (value,) * n
    return tuple(value) * n if len(value) == 1 else tuple(value)


@functools.lru_cache(maxsize=256)
def window_count(size, kernel, stride, padding, dilation):
    """How many whole windows fit along each dimension"""
    return tuple([(s + 2 * p - d * (k - 1) - 1) // step + 1
                  for s, k, step, p, d in zip(size, kernel, stride, padding, dilation)])


@functools.lru_cache(maxsize=256)
def covered(count, kernel, stride, padding, dilation):
    """How many input elements `count` windows reach over"""
    return tuple([(c - 1) * step - 2 * p + d * (k - 1) + 1
                  for c, k, step, p, d in zip(count, kernel, stride, padding, dilation)])


def padded(xp, input, before, after, value=0):
    """input with elements of `value` before and after each of its last dimensions"""
    if not any(before) and not any(after):
        return input
    size, inside = _around(input.shape, before, after)
    result = xp.zeros(size, dtype=input.dtype) if value == 0 else xp.full(size, value, dtype=input.dtype)
    result[inside] = input
    return result


@functools.lru_cache(maxsize=256)
def _around(shape, before, after):
    """The size with padding, and the index of what was there before"""
    lead = len(shape) - len(before)
    size = (*shape[:lead], *[s + b + a for s, b, a in zip(shape[lead:], before, after)])
    return size, (..., *[slice(b, b + s) for s, b in zip(shape[lead:], before)])


@functools.lru_cache(maxsize=256)
def window_layout(shape, kernel, stride, dilation, count):
    """Size and strides of a view (N, C, *kernel, *count) of all windows, and the size that makes each of them a column"""
    steps = contiguous_strides(shape)
    within = [step * d for step, d in zip(steps[2:], dilation)]
    between = [step * s for step, s in zip(steps[2:], stride)]
    n, channels = shape[:2]
    columns = n, channels * math.prod(kernel), math.prod(count)
    return (n, channels, *kernel, *count), (*steps[:2], *within, *between), columns


@functools.lru_cache(maxsize=256)
def offsets(kernel, stride, dilation, count):
    """For every kernel element: its position in the kernel, and the index of what it meets in the windows' input"""
    return [(position, (..., *[slice(k * d, k * d + (c - 1) * s + 1, s)
                               for k, d, s, c in zip(position, dilation, stride, count)]))
            for position in itertools.product(*map(range, kernel))]


def to_columns(xp, input, kernel, stride, padding, dilation, count):
    """(N, C, *size) -> (N, C * kernel elements, windows): each window as a column"""
    field = padded(xp, input, padding, padding)
    size, steps, columns = window_layout(field.shape, kernel, stride, dilation, count)
    return xp.as_strided(xp.ascontiguousarray(field).reshape(-1), size, steps, 0).reshape(columns)


def from_columns(xp, columns, size, kernel, stride, padding, dilation, count):
    """Columns added up where their windows lie, in (N, C, *size): the adjoint of to_columns"""
    n, rows, _ = columns.shape
    blocks = columns.reshape(n, rows // math.prod(kernel), *kernel, *count)
    result = xp.zeros((n, blocks.shape[1], *[s + 2 * p for s, p in zip(size, padding)]), dtype=columns.dtype)
    for position, index in offsets(kernel, stride, dilation, count):
        result[index] += blocks[(slice(None), slice(None), *position)]
    return without_padding(result, size, padding)


def from_wide_columns(xp, matrix, rows, field, kernel, dilation):
    """The columns matrix @ rows of windows that move by 1, added up where they lie in the (flattened) field.

    A window row is as long as the field's here, so what kernel element k brings to an element of the field stands `runs[k]`
    places earlier in its column.  The columns lie in memory with zeros before, between and after them, so that one sum over
    all kernel elements adds it up."""
    shape = (*rows.shape[:-2], matrix.shape[-2], rows.shape[-1])
    elements, steps, gap, size, earlier = wide_layout(shape, field, kernel, dilation)
    memory = xp.zeros((elements,), dtype=rows.dtype)
    xp.matmul(matrix, rows, out=xp.as_strided(memory, shape, steps, gap))
    return xp.sum(xp.as_strided(memory, size, earlier, gap), axis=tuple(range(1, 1 + len(kernel))))


@functools.lru_cache(maxsize=256)
def wide_layout(shape, field, kernel, dilation):
    """How many elements that memory has, the columns' strides, where they start, and size and strides of the sum's view"""
    *lead, length = shape
    gap = max(runs(field, kernel, dilation)[-1], math.prod(field) - length)
    row, columns = length + gap, math.prod(lead)
    steps = [step * row for step in contiguous_strides(lead)]
    earlier = [step * row - d * line for step, d, line in zip(contiguous_strides(kernel), dilation, contiguous_strides(field))]
    block = math.prod(kernel)
    size = columns // block, *kernel, math.prod(field)
    return columns * row + gap, (*steps, 1), gap, size, (block * row, *earlier, 1)


@functools.lru_cache(maxsize=256)
def runs(field, kernel, dilation):
    """How far behind the first kernel element each other one lies in the flattened field"""
    steps = contiguous_strides(field)
    return [sum(k * d * step for k, d, step in zip(position, dilation, steps))
            for position in itertools.product(*map(range, kernel))]


def without_padding(field, size, padding):
    """What of the last dimensions is no padding"""
    return field[(..., *[slice(p, p + s) for s, p in zip(size, padding)])] if any(padding) else field
