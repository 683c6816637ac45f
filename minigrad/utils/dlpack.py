"""torch.utils.dlpack: memory exchanged with other array libraries."""

from ..ops.sharing import DLDeviceType as DLDeviceType
from ..ops.sharing import from_dlpack as from_dlpack


def to_dlpack(tensor):
    """A capsule over a tensor's memory, to be consumed once"""
    return tensor.__dlpack__()
