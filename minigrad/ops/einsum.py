"""Einstein's summation: einsum("ij,jk->ik", A, B) sums products over every index that the output does not have.

All operands are brought to one order of dimensions, the output's first; then they are multiplied from left to right,
and an index is summed over as soon as no later operand has it.
"""

import math
from string import ascii_lowercase, ascii_uppercase

from .linalg import bmm
from .pointwise import mul
from .reduction import sum as total
from .shape import permute_dims, reshape, unsqueeze_dim, view

LETTERS = ascii_uppercase + ascii_lowercase
DOTS = "..."


def _error(text):
    return RuntimeError("einsum(): " + text)


def einsum(*args):
    """The sums of products that the equation names.  Raises RuntimeError or ValueError for a bad equation."""
    if len(args) < 2:
        raise ValueError("einsum(): must specify the equation string and at least one operand, or at least one operand "
                         "and its subscripts list")
    equation, operands = (args[0], args[1:]) if isinstance(args[0], str) else _from_lists(args)
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = operands[0]
    left, arrow, right = equation.partition("->")
    subscripts = [_parse(part, start, f"operand {i}") for i, (part, start) in enumerate(_terms(left))]
    if len(subscripts) != len(operands):
        which = "fewer" if len(operands) < len(subscripts) else "more"
        raise _error(f"{which} operands were provided than specified in the equation")
    sizes, covered = _sizes(subscripts, operands)
    output = _parse_output(right, len(left) + 2, sizes) if arrow else _implied(subscripts)
    return _contract(subscripts, operands, output, sizes, covered)


# ---- reading the equation -------------------------------------------------------------------------------------------


def _from_lists(args):
    """einsum(A, [0, 1], B, [1, 2], [0, 2]) as an equation and its operands"""
    def letters(indices):
        for i in indices:
            if i is not Ellipsis and not 0 <= i < len(LETTERS):
                raise ValueError("einsum(): subscript in subscript list is not within the valid range [0, 52)")
        return "".join(DOTS if i is Ellipsis else LETTERS[i] for i in indices)

    pairs, output = (args[:-1], "->" + letters(args[-1])) if len(args) % 2 else (args, "")
    return ",".join(letters(x) for x in pairs[1::2]) + output, pairs[::2]


def _terms(left):
    """The comma-separated parts and where each begins"""
    start = 0
    for part in left.split(","):
        yield part, start
        start += len(part) + 1


def _parse(part, start, what):
    """The labels of one term: letters, and DOTS at most once"""
    labels, i = [], 0
    while i < len(part):
        c = part[i]
        if c == ".":
            if DOTS in labels:
                raise _error(f"found '.' for {what} for which an ellipsis was already found")
            if part[i : i + 3] != DOTS:
                raise _error(f"found '.' for {what} that is not part of any ellipsis" + (" (...)" if what == "output" else ""))
            labels.append(DOTS)
            i += 2
        elif c in LETTERS:
            labels.append(c)
        elif c != " ":
            raise _error(f"invalid subscript given at index {start + i} in the equation string, subscripts must be in "
                         f"[a-zA-Z]")
        i += 1
    return labels


def _parse_output(right, start, sizes):
    labels = _parse(right, start, "output")
    for c in labels:
        if labels.count(c) > 1:
            raise _error(f"output subscript {c} appears more than once in the output")
        if c != DOTS and c not in sizes:
            raise _error(f"output subscript {c} does not appear in the equation for any input operand")
    return labels


def _implied(subscripts):
    """Without "->": what the ellipses cover, then the letters that occur once"""
    every = [c for labels in subscripts for c in labels]
    return [DOTS] * (DOTS in every) + [c for c in LETTERS if every.count(c) == 1]


def _sizes(subscripts, operands):
    """The size of each letter, and the sizes that the ellipses cover.  Raises RuntimeError where operands differ."""
    sizes, covered = {}, []
    for i, (labels, x) in enumerate(zip(subscripts, operands)):
        letters = len(labels) - (DOTS in labels)
        if letters > x.dim() or letters < x.dim() and DOTS not in labels:
            but = "is more than the number of dimensions" if DOTS in labels else "does not match the number of dimensions"
            raise _error(f"the number of subscripts in the equation ({letters}) {but} ({x.dim()}) for operand {i}"
                         + ("" if DOTS in labels else " and no ellipsis was given"))
        covered = covered if DOTS not in labels else _widen(covered, x.dim() - letters, labels.index(DOTS), x, i)
        own = {}
        for c, size in zip(*_letters(labels, x)):
            if own.setdefault(c, size) != size:
                raise _error(f"subscript {c} is repeated for operand {i} but the sizes don't match, {size} != {own[c]}")
        for c, size in own.items():
            if sizes.get(c, 1) == 1:
                sizes[c] = size
            elif size not in (1, sizes[c]):
                raise _error(f"subscript {c} has size {size} for operand {i} which does not broadcast with previously "
                             f"seen size {sizes[c]}")
    return sizes, covered


def _letters(labels, x):
    """The letters of an operand and the sizes of their dimensions"""
    before = labels.index(DOTS) if DOTS in labels else len(labels)
    after = len(labels) - before - (DOTS in labels)
    shape = tuple(x.shape)
    return [c for c in labels if c != DOTS], shape[:before] + shape[len(shape) - after :]


def _widen(covered, count, start, x, i):
    covered = [1] * (count - len(covered)) + covered
    for k in range(count):
        size, at = x.shape[start + k], len(covered) - count + k
        if covered[at] == 1:
            covered[at] = size
        elif size not in (1, covered[at]):
            raise _error(f"dimension {start + k} covered by ellipsis in operand {i}has size {size} which does not "
                         f"broadcast with previously seen ellipsis with size {covered[at]} for the respective dimension")
    return covered


# ---- multiplying ----------------------------------------------------------------------------------------------------


def _contract(subscripts, operands, output, sizes, covered):
    place, rest = {}, [DOTS] * (DOTS not in output) + [c for c in LETTERS if c in sizes and c not in output]
    count = kept = 0
    for c in output + rest:
        place[c] = count
        count += len(covered) if c == DOTS else 1
        kept = count if c in output else kept
    operands = [_arranged(x, labels, place, count, len(covered)) for x, labels in zip(operands, subscripts)]
    if len(operands) == 1:
        return operands[0] if kept == count else total(operands[0], tuple(range(kept, count)))
    left = [sum(x.shape[d] != 1 for x in operands) for d in range(count)]  # operands that still have dimension d
    result = operands[0]
    for x in operands[1:]:
        result = _multiply(result, x, left, range(kept, count))
    return result if kept == count else view(result, tuple(result.shape)[:kept])


def _arranged(x, labels, place, count, covered):
    """An operand with the dimensions of all labels in the common order, those it lacks of size 1"""
    order, dim = [None] * count, 0
    hidden = x.dim() - (len(labels) - (DOTS in labels))
    for c in labels:
        if c == DOTS:
            for k in range(covered - hidden, covered):
                order[place[c] + k] = dim
                dim += 1
        elif order[place[c]] is None:
            order[place[c]] = dim
            dim += 1
        else:
            x = x.diagonal(0, order[place[c]], dim).movedim(-1, order[place[c]])
    for i, d in enumerate(order):
        if d is None:
            x = unsqueeze_dim(x, x.dim())
            order[i] = dim
            dim += 1
    return permute_dims(x, tuple(order))


def _multiply(a, b, left, summable):
    """a * b, summed over the dimensions that no later operand has"""
    both, only_a, only_b = [], [], []
    for d in summable:
        if a.shape[d] != 1 and b.shape[d] != 1:
            left[d] -= 1
            if left[d] == 1:
                both.append(d)
                left[d] = 0
        elif left[d] == 1 and (a.shape[d] != 1 or b.shape[d] != 1):
            (only_a if a.shape[d] != 1 else only_b).append(d)
            left[d] = 0
    a = total(a, tuple(only_a), True) if only_a else a
    b = total(b, tuple(only_b), True) if only_b else b
    return _product_of_pair(a, b, both) if both else mul(a, b)


def _product_of_pair(a, b, summed):
    """The sum of a * b over some dimensions, which stay as size 1, as a batch of matrix products"""
    batch, only_a, only_b = [], [], []
    for d in range(a.dim()):
        if d not in summed:
            kind = batch if a.shape[d] != 1 and b.shape[d] != 1 else only_a if a.shape[d] != 1 else only_b
            kind.append(d)
    size = lambda x, dims: math.prod(x.shape[d] for d in dims)
    order = (*batch, *only_a, *summed, *only_b)
    left = reshape(permute_dims(a, order), size(a, batch), size(a, only_a), size(a, summed))
    right = reshape(permute_dims(b, (*batch, *summed, *only_b, *only_a)), size(b, batch), size(b, summed), size(b, only_b))
    sizes = [*(a.shape[d] for d in (*batch, *only_a)), *(1 for _ in summed), *(b.shape[d] for d in only_b)]
    back = sorted(range(a.dim()), key=order.__getitem__)
    return permute_dims(view(bmm(left, right), tuple(sizes)), tuple(back))
