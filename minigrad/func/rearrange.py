"""torch.func.rearrange: dimensions named, split, joined and put into another order by a pattern."""

import keyword
import math
import re
import warnings

from ..ops.joining import stack
from ..tensor import Tensor

ELLIPSIS = "…"
ELLIPSIS_ONLY = "Expression may contain dots only inside ellipsis (...)"


class DimensionBindError(Exception):
    """Sizes do not fit a pattern."""


class _Side:
    """One side of a pattern: `groups`, a list of names for each dimension, or ELLIPSIS for any number of them."""

    def __init__(self, text):
        if "." in text:
            if "..." not in text:
                raise ValueError(ELLIPSIS_ONLY)
            if text.count(".") != 3:
                raise ValueError(f"{ELLIPSIS_ONLY}; only one ellipsis for tensor ")
        self.groups, self.names, self.bracket, self.numbered = [], set(), None, False
        for word in re.findall(r"\w+|…|[^\s\w]", text.replace("...", ELLIPSIS)):
            self._take(word)
        if self.bracket is not None:
            raise ValueError(f"Imbalanced parentheses in expression: '{text}'")
        self.bracketed_ellipsis = ELLIPSIS in self.names and ELLIPSIS not in self.groups

    def _take(self, word):
        if word == "(":
            if self.bracket is not None:
                raise ValueError("Axis composition is one-level (brackets inside brackets not allowed)")
            self.bracket = []
        elif word == ")":
            if self.bracket is None:
                raise ValueError("Brackets are not balanced")
            self.groups.append(self.bracket)
            self.bracket = None
        elif word == "1":
            self._append([])
        elif word == ELLIPSIS or word.isdecimal() or re.fullmatch(r"\w+", word):
            self._name(word)
        else:
            raise ValueError(f"Unknown character '{word}'")

    def _name(self, name):
        if name in self.names:
            raise ValueError(f"Indexing expression contains duplicate dimension '{name}'")
        if name != ELLIPSIS and not name.isdecimal():
            reason = (None if name.isidentifier() and not (name[0] == "_" or name[-1] == "_") else
                      "axis name should should not start or end with underscore" if name.isidentifier() else
                      "not a valid python identifier")  # fmt: skip
            if reason:
                raise ValueError(f"Invalid axis identifier: {name}\n{reason}")
            if keyword.iskeyword(name):
                warnings.warn(f"It is discouraged to use axes names that are keywords: {name}", RuntimeWarning, stacklevel=5)
        self.names.add(name)
        self.numbered |= name.isdecimal()
        self._append(ELLIPSIS if name == ELLIPSIS and self.bracket is None else [name])

    def _append(self, group):
        if self.bracket is None:
            self.groups.append(group)
        else:
            self.bracket.extend(group)


def _parsed(pattern, lengths):
    """Both sides of a pattern.  Raises ValueError where they do not name the same dimensions"""
    if pattern.count("->") != 1:
        raise ValueError("Pattern must contain a single '->' separator")
    left, right = map(_Side, pattern.split("->"))
    if ELLIPSIS in right.names and ELLIPSIS not in left.names:
        raise ValueError(f"Ellipsis found in right side, but not left side of a pattern {pattern}")
    if left.bracketed_ellipsis:
        raise ValueError(f"Ellipsis is parenthesis in the left side is not allowed: {pattern}")
    for length in lengths.values():
        if type(length) is not int:
            raise TypeError(f"rearrange axis lengths must be integers, got: {type(length)}")
    if left.numbered or right.numbered:
        raise ValueError("rearrange only supports unnamed axes of size 1")
    one_sided, unknown = left.names ^ right.names, lengths.keys() - left.names
    if one_sided:
        raise ValueError(f"Identifiers only on one side of rearrange expression (should be on both): {one_sided}")
    if unknown:
        raise ValueError(f"Identifiers not found in rearrange expression: {unknown}")
    return left, right


def _without_ellipsis(left, right, rank):
    """The groups of both sides with names in the place of the ellipsis.  Raises ValueError if they do not fit the rank"""
    named = sum(group != ELLIPSIS for group in left.groups)
    if ELLIPSIS in left.names:
        if named > rank:
            raise ValueError(f"Number of dimensions in pattern ({named}) must be less than or equal to the number of "
                             f"dimensions in the tensor ({rank})")  # fmt: skip
    elif named != rank:
        raise ValueError(f"Number of dimensions in pattern ({named}) must be equal to the number of dimensions in the tensor "
                         f"({rank})")  # fmt: skip
    others = [f"{ELLIPSIS}{i}" for i in range(rank - named)]
    sides = []
    for side in (left, right):
        groups = []
        for group in side.groups:
            if group == ELLIPSIS:
                groups += [[name] for name in others]
            else:
                groups.append([part for name in group for part in (others if name == ELLIPSIS else [name])])
        sides.append(groups)
    return sides


def _sizes(groups, shape, lengths):
    """The size of each name.  Raises DimensionBindError where they do not follow from the shape, or contradict it"""
    sizes, number = {}, {}
    for size, group in zip(shape, groups):
        number |= {name: i for i, name in enumerate(group, len(number))}
        unknown = [name for name in group if name not in lengths]
        if len(unknown) > 1:
            places = " and ".join(f"d{number[name]}" for name in unknown[:2])
            raise DimensionBindError(f"cannot infer the sizes of two dimensions at once {places}")
        known = math.prod(lengths[name] for name in group if name in lengths)
        if unknown and (known == 0 or size % known):
            parts = tuple(lengths.get(name, "?") for name in group)
            raise DimensionBindError(f"inferred dimension does not evenly fit into larger dimension: {size} vs {parts}")
        if group and not unknown and known != size:
            pack = "(" + ", ".join(f"d{number[name]}" for name in group) + ("," if len(group) == 1 else "") + ")"
            raise DimensionBindError(f"Dimension sizes to do not match ({size} != {known}) when matching dimension pack {pack}")
        sizes |= {name: lengths.get(name, size // known if known else 0) for name in group}
    return sizes


def rearrange(tensor, pattern, **axes_lengths):
    """A tensor (or several, stacked) with its dimensions as on the right of `pattern`, named as on its left: "a (b c) ->
    c b a", b=2.  Brackets hold what is one dimension there, "..." any others.  Raises ValueError, DimensionBindError"""
    x = tensor if isinstance(tensor, Tensor) else stack(tuple(tensor))
    left, right = _without_ellipsis(*_parsed(pattern, axes_lengths), x.dim())
    if not x.dim():
        return x
    sizes = _sizes(left, x.shape, axes_lengths)
    nameless = [place for place, group in enumerate(left) if not group]
    if nameless:  # of one element as a rule: the sum is that element
        x = x.sum(nameless)
    order = [name for group in left for name in group]
    split = x.reshape([sizes[name] for name in order])
    moved = split.permute([order.index(name) for group in right for name in group])
    return moved.reshape([math.prod(sizes[name] for name in group) for group in right])
