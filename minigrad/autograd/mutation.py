"""torch.autograd.graph.allow_mutation_on_saved_tensors: writing over what was saved for the way back.

Under this context what is saved stays where it is until somebody is about to write to its memory; then, and only then,
it is copied.  `before_write` is how writes in place announce themselves (writable.py).
"""

import weakref
from contextlib import contextmanager

from .saved import saved_tensors_hooks

before_write = []  # functions of the tensor that is about to be written to; empty but under this context


class Kept:
    """One saved tensor: the tensor itself, or a copy of what it was before it was written to."""

    __slots__ = ("tensor", "period", "__weakref__")

    def __init__(self, tensor, period):
        self.tensor, self.period = tensor, period


class Mutations:
    """What the context hands out: everything saved under it that may still have to be copied."""

    def __init__(self):
        self.period, self.kept = 0, {}

    def clear(self):
        """Forget everything that was saved so far: no backward pass may ask for it any more."""
        self.period += 1
        self.kept.clear()

    def pack(self, tensor):
        kept = Kept(tensor.detach(), self.period)
        self.kept.setdefault(kept.tensor._counter, weakref.WeakSet()).add(kept)
        return kept

    def unpack(self, kept):
        assert kept.period == self.period, (
            "Trying to backward outside of the 'allow_mutation_on_saved_tensors' context"
            "in which the graph was originally recorded.")
        return kept.tensor

    def save_from(self, tensor):
        """Copy what shares memory with a tensor that is about to be written to."""
        for kept in self.kept.pop(tensor._counter, ()):
            kept.tensor = kept.tensor.clone()


@contextmanager
def allow_mutation_on_saved_tensors():
    """A context in which tensors saved for the way back may be written to, and backward sees them as they were."""
    if before_write:
        raise RuntimeError("allow_mutation_on_saved_tensors contexts cannot be nested")
    mutations = Mutations()
    with saved_tensors_hooks(mutations.pack, mutations.unpack):
        before_write.append(mutations.save_from)
        try:
            yield mutations
        finally:
            before_write.clear()
            mutations.clear()
