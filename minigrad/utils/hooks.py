"""Storing hooks so that each can be removed again."""

from ..autograd.hooks import RemovableHandle as RemovableHandle


def register(hooks, hook, extra=(), prepend=False):
    """Store `hook` in the ordered dictionary `hooks`; each dictionary in `extra` marks it True. The removing handle."""
    handle = RemovableHandle(hooks, extra_dict=list(extra))
    hooks[handle.id] = hook
    for mark in extra:
        mark[handle.id] = True
    if prepend:
        hooks.move_to_end(handle.id, last=False)
    return handle
