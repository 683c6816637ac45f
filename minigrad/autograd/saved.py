"""Values kept for the way back, and hooks that may store them elsewhere meanwhile.

A saved tensor remembers the version its memory had: if somebody wrote to it since, using it would give a wrong
gradient, and is an error.  A tensor that nobody ever wrote to or took a view of is kept as it is.  Under
`saved_tensors_hooks(pack, unpack)` what `pack` made of the tensor is kept instead.
"""

import threading

from ..tensor import UNTRACKED, Tensor, wrap
from .modes import mode
from .texts import DETACHED, NOT_CALLABLE, PACK_CHANGES, modified_text

active = {}  # thread -> its (pack, unpack) pairs, innermost last; empty unless some thread uses hooks
disabled = {}  # thread -> the messages with which hooks are forbidden there


def unchanged(source, expected, node):
    """The array of a tensor, if nobody has written to it since it had that version.  Raises RuntimeError otherwise."""
    writes = source._writes
    if writes is not None and (writes.detached or writes.value != expected):
        if source.grad_fn is None and any(ref() is source and when > node.sequence for ref, when in writes.detached):
            raise RuntimeError(DETACHED)
        if writes.value != expected:
            raise RuntimeError(modified_text(source, expected, source.grad_fn, source.output_nr, node))
    return source._data


class SavedTensor:
    """An input kept for the way back, and the version it had."""

    __slots__ = ("source", "expected", "packed")
    _writes = UNTRACKED  # to be looked at with care: see array_of

    def __init__(self, tensor):
        self.source = tensor
        writes = tensor._writes
        self.expected = 0 if writes is None else writes.value
        self.packed = None
        if active:
            pack_by_default(self, tensor)

    def array(self, node):
        """The array, if nobody has written to it since.  Raises RuntimeError otherwise."""
        return self.packed.unpacked()._data if self.source is None else unchanged(self.source, self.expected, node)

    def tensor(self, node):
        """The tensor itself, checked likewise."""
        if self.packed is not None:
            return self.packed.tensor()
        self.array(node)
        return self.source


class SavedOutput:
    """An output of the node itself.  Only its array is kept: the tensor would lead back to the node, a cycle."""

    __slots__ = ("data", "device", "version", "expected", "number", "packed", "tangent")
    _writes = UNTRACKED

    def __init__(self, tensor, number):
        self.data = tensor._data
        self.device = tensor.device
        self.version = version = tensor._counter
        self.expected = version.value
        self.number = number
        self.packed = None
        if active:
            pack_by_default(self, tensor)

    def array(self, node):
        """The array, if nobody has written to it since.  Raises RuntimeError otherwise."""
        if self.packed is not None:
            return self.packed.unpacked()._data
        if self.version.value != self.expected:
            raise RuntimeError(modified_text(self, self.expected, node, self.number, node))
        return self.data

    def tensor(self, node):
        """The output as a Tensor in its place in the graph."""
        if self.packed is not None:
            return self.packed.tensor((node, self.number))
        tensor = wrap(self.array(node), self.device)
        tensor._counter = self.version
        last = node.op.differentiable_outputs if hasattr(node, "op") else None
        if last is None or self.number < last:
            tensor._edge = node, self.number
        return tensor

    _data = property(lambda self: self.data)
    _counter = property(lambda self: self.version)


class SavedList(list):
    """Several inputs kept for the way back, and what else stood in a list with them."""


KEPT = frozenset([SavedTensor, SavedOutput])  # what has to be unpacked before use


def keep(value):
    """What a node saves of an operand: a tensor with its version (0 if as it is), lists item by item, anything else as
    it is."""
    if isinstance(value, Tensor):
        return value if value._writes is None and not active else SavedTensor(value)
    return SavedList(map(keep, value)) if type(value) is list else value


def array_of(kept, node):
    """The array, or arrays, of what `keep` made of a value.  Raises RuntimeError if one was written to since."""
    if type(kept) in KEPT:
        return kept.array(node)
    if isinstance(kept, Tensor):
        return unchanged(kept, 0, node)
    return [array_of(item, node) for item in kept] if type(kept) is SavedList else kept


def tensor_of(kept, node):
    """The tensor itself, or tensors, checked likewise."""
    if type(kept) is SavedList:
        return [tensor_of(item, node) for item in kept]
    if type(kept) in KEPT:
        return kept.tensor(node)
    array_of(kept, node)
    return kept


class Packed:
    """What a pack hook made of a saved tensor, and how to get the tensor back."""

    __slots__ = ("value", "unpack", "edge")

    def __init__(self, hooks, tensor, edge):
        pack, self.unpack = hooks
        self.edge = edge
        previous, mode.enabled = mode.enabled, False
        version = tensor._counter.value
        try:
            self.value = pack(tensor)
        finally:
            mode.enabled = previous
        if tensor._counter.value != version:
            raise RuntimeError(PACK_CHANGES)

    def unpacked(self):
        """What the unpack hook gives.  Raises TypeError unless it is a tensor."""
        previous, mode.enabled = mode.enabled, False
        try:
            found = self.unpack(self.value)
        finally:
            mode.enabled = previous
        if not isinstance(found, Tensor):
            raise TypeError(f"Output of saved tensor unpack_hook expected to be a Tensor but got result of type "
                            f"{type(found).__name__}")
        return found

    def tensor(self, edge=None):
        """The same in the place in the graph that the saved tensor had."""
        found = self.unpacked()
        twin = wrap(found._data, found.device)
        twin._edge = self.edge or edge
        return twin


def gradient_edge(tensor):
    """The (node, output number) to which the gradient of `tensor` goes, or None if it requires none."""
    return tensor._edge if tensor._view is None else tensor._view.edge(tensor)


def pack_by_default(saved, tensor):
    """Apply the innermost pair of hooks of this thread."""
    pairs = active.get(threading.get_ident())
    if pairs:
        saved.packed = Packed(pairs[-1], tensor, gradient_edge(tensor) if type(saved) is SavedTensor else None)
        if type(saved) is SavedTensor:
            saved.source = None
        else:
            saved.data = None


class saved_tensors_hooks:
    """Under this context, keep `pack_hook(tensor)` for the way back, and turn it back by `unpack_hook`."""

    def __init__(self, pack_hook, unpack_hook):
        self.pack_hook, self.unpack_hook = pack_hook, unpack_hook

    def __enter__(self):
        thread = threading.get_ident()
        if disabled.get(thread):
            raise RuntimeError(disabled[thread][-1])
        if not (callable(self.pack_hook) and callable(self.unpack_hook)):
            raise TypeError(f"{NOT_CALLABLE}\nInvoked with: {self.pack_hook}, {self.unpack_hook}")
        active.setdefault(thread, []).append((self.pack_hook, self.unpack_hook))

    def __exit__(self, *exc):
        thread = threading.get_ident()
        active[thread].pop()
        if not active[thread]:
            del active[thread]


class save_on_cpu(saved_tensors_hooks):
    """Keep what is saved for the way back in host memory."""

    def __init__(self, pin_memory=False, device_type="cuda"):
        super().__init__(lambda tensor: (tensor.device, tensor.cpu()), lambda kept: kept[1].to(kept[0]))


class disable_saved_tensors_hooks:
    """Under this context, hooks for saved tensors raise RuntimeError(error_message)."""

    def __init__(self, error_message):
        self.message = error_message

    def __enter__(self):
        thread = threading.get_ident()
        if active.get(thread):
            raise RuntimeError(self.message)
        disabled.setdefault(thread, []).append(self.message)

    def __exit__(self, *exc):
        disabled[threading.get_ident()].pop()
