"""Trees: nested tuples, lists and dicts, taken apart into their leaves and put together again."""

from collections import OrderedDict


class Leaf:
    """The shape of a tree that is no container."""

    def __repr__(self):
        return "*"

    short = __repr__


LEAF = Leaf()


class TreeSpec:
    """The shape of a container: its type, what else describes it (keys, fields), and the shapes of its items."""

    def __init__(self, type, context, children):
        self.type, self.context, self.children = type, context, children

    def __eq__(self, other):
        return (isinstance(other, TreeSpec)
                and (self.type, self.context, self.children) == (other.type, other.context, other.children))

    def __repr__(self):
        items = ",\n".join(map(repr, self.children)).replace("\n", "\n  ")
        return f"TreeSpec({self.type.__name__}, {self.context}, [{items}])"

    def short(self):
        """The tree as Python writes it, with * for each leaf."""
        items = [child.short() for child in self.children]
        if issubclass(self.type, dict):
            return "{" + ", ".join(f"{key!r}: {item}" for key, item in zip(self.context, items)) + "}"
        if self.type is list:
            return "[" + ", ".join(items) + "]"
        return "(" + ", ".join(items) + "," * (len(items) == 1) + ")"


def parts(tree):
    """The items of a container and its TreeSpec's type and context, or None for a leaf."""
    if isinstance(tree, (dict, OrderedDict)):
        return list(tree.values()), type(tree), list(tree)
    if type(tree) in (tuple, list):
        return list(tree), type(tree), None
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return list(tree), type(tree), None
    return None


def tree_flatten(tree):
    """(leaves, spec)"""
    found = parts(tree)
    if found is None:
        return [tree], LEAF
    items, kind, context = found
    flat = [tree_flatten(item) for item in items]
    return [leaf for leaves, _ in flat for leaf in leaves], TreeSpec(kind, context, [spec for _, spec in flat])


def tree_unflatten(leaves, spec):
    """The tree of shape `spec` with these leaves"""
    return _take(iter(leaves), spec)


def _take(leaves, spec):
    if spec is LEAF:
        return next(leaves)
    items = [_take(leaves, child) for child in spec.children]
    if spec.context is not None:
        return spec.type(zip(spec.context, items))
    return spec.type(*items) if hasattr(spec.type, "_fields") else spec.type(items)


def tree_map(function, tree):
    """The tree with `function` applied to each leaf"""
    leaves, spec = tree_flatten(tree)
    return tree_unflatten([function(leaf) for leaf in leaves], spec)


def tree_leaves(tree):
    """The leaves of a tree"""
    return tree_flatten(tree)[0]


def broadcast_to_leaves(prefix, tree):
    """For each leaf of `tree` the leaf of `prefix` above it, or None if their shapes do not fit.

    `prefix` is a tree of the same shape, or one that ends earlier.
    """
    found, above = parts(tree), parts(prefix)
    if above is None:
        return [prefix] * len(tree_leaves(tree))
    if found is None or found[1:] != above[1:] or len(found[0]) != len(above[0]):
        return None
    pairs = [broadcast_to_leaves(p, t) for p, t in zip(above[0], found[0])]
    return None if None in pairs else [leaf for leaves in pairs for leaf in leaves]
