"""What distributions have in common that are moved by one parameter and stretched by another."""

from ..ops.creation import empty
from . import constraints
from .distribution import Distribution
from .utils import broadcast_all, shape_of


class LocationScale(Distribution):
    """A distribution over all real numbers given by where it lies and how wide it is"""

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.real
    has_rsample = True

    def __init__(self, loc, scale, validate_args=None):
        self.loc, self.scale = broadcast_all(loc, scale)
        shape = shape_of(loc, scale)
        super().__init__(self.loc.size() if shape is None else shape, validate_args=validate_args)

    @property
    def mode(self):
        return self.loc

    def expand(self, batch_shape, _instance=None):
        return self._expanded(_instance, batch_shape, loc=self.loc.expand(batch_shape), scale=self.scale.expand(batch_shape))

    def _new(self, sample_shape):
        return empty(self._extended_shape(sample_shape), dtype=self.loc.dtype, device=self.loc.device)
