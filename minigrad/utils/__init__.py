"""torch.utils."""

from . import data as data
from . import hooks as hooks
