"""Orders in memory that have a name: row by row, or with the channels (dimension 1) innermost."""

from .ops.dims import contiguous_strides


class memory_format:
    """One of the four values below; `rank` is how many dimensions a tensor needs for it."""

    def __init__(self, name, rank=None):
        self.name, self.rank = name, rank

    def __repr__(self):
        return f"torch.{self.name}"


contiguous_format, preserve_format = memory_format("contiguous_format"), memory_format("preserve_format")
channels_last, channels_last_3d = memory_format("channels_last", 4), memory_format("channels_last_3d", 5)


def strides_in(layout, sizes):
    """The strides of a dense tensor in a memory format.  Raises RuntimeError if it has not the right dimensions."""
    if layout.rank is None:
        return contiguous_strides(sizes)
    if len(sizes) != layout.rank:
        raise RuntimeError(f"required rank {layout.rank} tensor to use {layout.name} format")
    batch, channels, *places = contiguous_strides((sizes[0], *sizes[2:], sizes[1]))
    return batch, places[-1], channels, *places[:-1]


def differs(layout, sizes, strides):
    """Whether torch moves a tensor that is asked to lie in that order: any order but channels last counts as row by row"""
    if layout.rank is not None:
        strides_in(layout, sizes)
        return not lies_in(layout, sizes, strides)
    last = any(lies_in(other, sizes, strides) for other in (channels_last, channels_last_3d))
    return layout is contiguous_format and last and not lies_in(layout, sizes, strides)


def lies_in(layout, sizes, strides):
    """Whether a tensor's elements lie in that order, without gaps"""
    if layout.rank is not None and len(sizes) != layout.rank:
        return False
    return all(size == 1 or have == want for size, have, want in zip(sizes, strides, strides_in(layout, sizes)))
