"""Saved values before unpacking, as `grad_fn._raw_saved_<name>` shows them."""

from ..tensor import wrap
from .graph import gradient_edge
from .saved import Packed, SavedTensor
from .texts import FREED_BY


class RawSaved:
    """`grad_fn._raw_saved_<name>`: a saved value before unpacking, to which a pair of hooks can be given."""

    def __init__(self, saved, freed=False):
        self.saved, self.freed = saved, freed

    def register_hooks(self, pack_hook, unpack_hook):
        """Keep what `pack_hook` makes of the tensor, and let `unpack_hook` turn it back.  Raises RuntimeError if set."""
        if self.freed:
            raise RuntimeError(f"Calling register_hooks on a saved tensor after it has been freed. {FREED_BY}")
        if self.saved is None:
            raise RuntimeError("Calling register_hooks on a saved tensor with value None is forbidden")
        if self.saved.packed is not None:
            raise RuntimeError("Calling register_hooks on a saved tensor whose hooks have already been set. Hint: only "
                               "one pair of hooks is allowed at a time.")
        pack(self.saved, (pack_hook, unpack_hook))


def pack(saved, hooks):
    """Keep what a pair of hooks makes of the saved tensor, which they see off the graph."""
    if isinstance(saved, SavedTensor):
        saved.packed = Packed(hooks, twin(saved.source._data, saved.source.device, saved.source._counter),
                              gradient_edge(saved.source))
        saved.source = None
    else:
        saved.packed = Packed(hooks, twin(saved.data, saved.device, saved.version), None)
        saved.data = None


def twin(data, device, counter):
    tensor = wrap(data, device)
    tensor._counter = counter
    return tensor
