"""The gamma distribution."""

from ..dtypes import finfo
from ..ops.gamma import digamma, igamma, lgamma
from ..ops.logarithmic import xlogy
from ..ops.sampling import standard_gamma
from ..ops.transcendental import log
from . import constraints
from .exp_family import ExponentialFamily
from .utils import broadcast_all, shape_of


class Gamma(ExponentialFamily):
    """density rate^a x^(a - 1) e^(-rate x) / gamma(a), a = concentration"""

    arg_constraints = {"concentration": constraints.positive, "rate": constraints.positive}
    support = constraints.nonnegative
    has_rsample = True

    def __init__(self, concentration, rate, validate_args=None):
        self.concentration, self.rate = broadcast_all(concentration, rate)
        shape = shape_of(concentration, rate)
        super().__init__(self.concentration.size() if shape is None else shape, validate_args=validate_args)

    @property
    def mean(self):
        return self.concentration / self.rate

    @property
    def mode(self):
        return ((self.concentration - 1) / self.rate).clamp(min=0)

    @property
    def variance(self):
        return self.concentration / self.rate.pow(2)

    def expand(self, batch_shape, _instance=None):
        return self._expanded(_instance, batch_shape, concentration=self.concentration.expand(batch_shape),
                              rate=self.rate.expand(batch_shape))

    def rsample(self, sample_shape=()):
        shape = self._extended_shape(sample_shape)
        value = standard_gamma(self.concentration.expand(shape)) / self.rate.expand(shape)
        value.detach().clamp_(min=finfo(value.dtype).tiny)
        return value

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        return (xlogy(self.concentration, self.rate) + xlogy(self.concentration - 1, value) - self.rate * value
                - lgamma(self.concentration))

    def entropy(self):
        return (self.concentration - log(self.rate) + lgamma(self.concentration)
                + (1.0 - self.concentration) * digamma(self.concentration))

    def cdf(self, value):
        if self._validate_args:
            self._validate_sample(value)
        return igamma(self.concentration, self.rate * value)
