"""Saved values before unpacking, as `grad_fn._raw_saved_<name>` shows them."""

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
        self.saved.pack((pack_hook, unpack_hook))
