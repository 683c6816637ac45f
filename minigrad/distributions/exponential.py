"""The exponential distribution."""

from ..ops.creation import empty
from ..ops.transcendental import exp, log
from . import constraints
from .exp_family import ExponentialFamily
from .utils import broadcast_all, shape_of


class Exponential(ExponentialFamily):
    """density rate e^(-rate x) for x >= 0"""

    arg_constraints = {"rate": constraints.positive}
    support = constraints.nonnegative
    has_rsample = True

    def __init__(self, rate, validate_args=None):
        (self.rate,) = broadcast_all(rate)
        shape = shape_of(rate)
        super().__init__(self.rate.size() if shape is None else shape, validate_args=validate_args)

    @property
    def mean(self):
        return self.rate.reciprocal()

    @property
    def mode(self):
        return self.rate * 0

    @property
    def stddev(self):
        return self.rate.reciprocal()

    @property
    def variance(self):
        return self.rate.pow(-2)

    def expand(self, batch_shape, _instance=None):
        return self._expanded(_instance, batch_shape, rate=self.rate.expand(batch_shape))

    def rsample(self, sample_shape=()):
        drawn = empty(self._extended_shape(sample_shape), dtype=self.rate.dtype, device=self.rate.device)
        return drawn.exponential_() / self.rate

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        return self.rate.log() - self.rate * value

    def cdf(self, value):
        if self._validate_args:
            self._validate_sample(value)
        return 1 - exp(-self.rate * value)

    def icdf(self, value):
        return -(-value).log1p() / self.rate

    def entropy(self):
        return 1.0 - log(self.rate)
