"""The Poisson distribution."""

from ..autograd.modes import no_grad
from ..ops.sampling import poisson
from . import constraints
from .exp_family import ExponentialFamily
from .utils import broadcast_all, shape_of


class Poisson(ExponentialFamily):
    """rate^k e^(-rate) / k! for k = 0, 1, ..."""

    arg_constraints = {"rate": constraints.nonnegative}
    support = constraints.nonnegative_integer

    def __init__(self, rate, validate_args=None):
        (self.rate,) = broadcast_all(rate)
        shape = shape_of(rate)
        super().__init__(self.rate.size() if shape is None else shape, validate_args=validate_args)

    @property
    def mean(self):
        return self.rate

    @property
    def mode(self):
        return self.rate.floor()

    @property
    def variance(self):
        return self.rate

    def expand(self, batch_shape, _instance=None):
        return self._expanded(_instance, batch_shape, rate=self.rate.expand(batch_shape))

    def sample(self, sample_shape=()):
        with no_grad():
            return poisson(self.rate.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        rate, value = broadcast_all(self.rate, value)
        return value.xlogy(rate) - rate - (value + 1).lgamma()
