"""The Laplace distribution."""

from ..dtypes import finfo
from ..ops.creation import empty
from ..ops.transcendental import expm1, log, log1p
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


class Laplace(LocationScale):
    """density exp(-|x - loc| / scale) / (2 scale)"""

    @property
    def mean(self):
        return self.loc

    @property
    def variance(self):
        return 2 * self.scale.pow(2)

    @property
    def stddev(self):
        return 2**0.5 * self.scale

    def rsample(self, sample_shape=()):
        u = self._new(sample_shape).uniform_(finfo(self.loc.dtype).eps - 1, 1)
        return self.loc - self.scale * u.sign() * log1p(-u.abs())

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        return -log(2 * self.scale) - (value - self.loc).abs() / self.scale

    def cdf(self, value):
        if self._validate_args:
            self._validate_sample(value)
        return 0.5 - 0.5 * (value - self.loc).sign() * expm1(-(value - self.loc).abs() / self.scale)

    def icdf(self, value):
        term = value - 0.5
        return self.loc - self.scale * term.sign() * log1p(-2 * term.abs())

    def entropy(self):
        return 1 + log(2 * self.scale)
