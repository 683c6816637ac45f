"""Channels rearranged into pixels and back, and channels shuffled among groups."""

from .arguments import declared
from .primitive import primitive

# ---- (..., C * r * r, H, W) <-> (..., C, H * r, W * r) --------------------------------------------------------------


@primitive("PixelShuffleBackward0")
def pixel_shuffle_blocks(input, /, r):
    """Every r * r channels become a block of r by r pixels"""
    *lead, c, h, w = input.shape
    n = len(lead)
    blocks = input.reshape(*lead, c // (r * r), r, r, h, w)
    order = (*range(n + 1), n + 3, n + 1, n + 4, n + 2)
    return blocks.transpose(order).reshape(*lead, c // (r * r), h * r, w * r)


@primitive("PixelUnshuffleBackward0")
def pixel_unshuffle_blocks(input, /, r):
    """Every block of r by r pixels becomes r * r channels"""
    *lead, c, h, w = input.shape
    n = len(lead)
    blocks = input.reshape(*lead, c, h // r, r, w // r, r)
    order = (*range(n + 1), n + 2, n + 4, n + 1, n + 3)
    return blocks.transpose(order).reshape(*lead, c * r * r, h // r, w // r)


pixel_shuffle_blocks.vjp(input=lambda g, r: pixel_unshuffle_blocks(g, r))
pixel_unshuffle_blocks.vjp(input=lambda g, r: pixel_shuffle_blocks(g, r))


def _check(name, what, input, factor):
    if input.dim() < 3:
        raise RuntimeError(f"{name} expects input to have at least 3 dimensions, but got input with {input.dim()} "
                           f"dimension(s)")
    if factor <= 0:
        raise RuntimeError(f"{name} expects a positive {what}, but got {factor}")


@declared("pixel_shuffle(Tensor input, int upscale_factor)", by_keyword=True)
def pixel_shuffle(input, upscale_factor):
    """(..., C * r * r, H, W) as (..., C, H * r, W * r)"""
    _check("pixel_shuffle", "upscale_factor", input, upscale_factor)
    channels, square = input.shape[-3], upscale_factor**2
    if channels % square:
        raise RuntimeError(f"pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of "
                           f"upscale_factor, but input.size(-3)={channels} is not divisible by {square}")
    return pixel_shuffle_blocks(input, upscale_factor)


@declared("pixel_unshuffle(Tensor input, int downscale_factor)", by_keyword=True)
def pixel_unshuffle(input, downscale_factor):
    """(..., C, H * r, W * r) as (..., C * r * r, H, W)"""
    _check("pixel_unshuffle", "downscale_factor", input, downscale_factor)
    for name, dim in (("height", -2), ("width", -1)):
        if input.shape[dim] % downscale_factor:
            raise RuntimeError(f"pixel_unshuffle expects {name} to be divisible by downscale_factor, but "
                               f"input.size({dim})={input.shape[dim]} is not divisible by {downscale_factor}")
    return pixel_unshuffle_blocks(input, downscale_factor)


# ---- channels -------------------------------------------------------------------------------------------------------


@primitive("ChannelShuffleBackward0")
def shuffle_groups(xp, input, /, groups):
    """The channels as a (groups, channels / groups) table, read column by column"""
    n, c = input.shape[:2]
    table = input.reshape(n, groups, c // groups, *input.shape[2:])
    return xp.swapaxes(table, 1, 2).reshape(input.shape)


shuffle_groups.vjp(input=lambda g, groups: shuffle_groups(g, g.shape[1] // groups))


@declared("channel_shuffle(Tensor input, int groups)", by_keyword=True)
def channel_shuffle(input, groups):
    """Channel i * (C / groups) + j of (N, C, ...) becomes channel j * groups + i"""
    if input.dim() <= 2:
        raise RuntimeError(f"channel_shuffle expects input with > 2 dims, but got input with sizes {list(input.shape)}")
    if groups <= 0:
        raise RuntimeError(f"Number of groups to divide channels in must be positive. Value of groups:{groups}")
    if input.shape[1] % groups:
        raise RuntimeError(f"Number of channels must be divisible by groups. Got {input.shape[1]} channels and "
                           f"{groups} groups.")
    return shuffle_groups(input, groups)


def native_channel_shuffle(input, groups):
    """channel_shuffle(input, groups)"""
    return channel_shuffle(input, groups)
