"""The generalized Pareto distribution: what lies beyond a threshold."""

import math

from ..ops.comparison import isclose, where
from ..ops.creation import ones_like, zeros_like
from ..ops.sampling import rand
from . import constraints
from .distribution import Distribution
from .utils import broadcast_all, shape_of


class GeneralizedPareto(Distribution):
    """P(x > loc + scale z) = (1 + c z)^(-1 / c), c = concentration; e^-z for c = 0"""

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive, "concentration": constraints.real}
    has_rsample = True

    def __init__(self, loc, scale, concentration, validate_args=None):
        self.loc, self.scale, self.concentration = broadcast_all(loc, scale, concentration)
        shape = shape_of(loc, scale, concentration)
        super().__init__(self.loc.size() if shape is None else shape, validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        return self._expanded(_instance, batch_shape, **{name: self.__dict__[name].expand(batch_shape)
                                                         for name in self.arg_constraints})  # fmt: skip

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self):
        c = self.concentration
        return constraints.interval(self.loc, where(c < 0, self.loc - self.scale / c, math.inf))

    def _exponential(self):
        """(where c is 0, c with 1 in these places)"""
        zero = isclose(self.concentration, zeros_like(self.concentration))
        return zero, where(zero, ones_like(self.concentration), self.concentration)

    def rsample(self, sample_shape=()):
        return self.icdf(rand(self._extended_shape(sample_shape), dtype=self.loc.dtype, device=self.loc.device))

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        z, (zero, c) = (value - self.loc) / self.scale, self._exponential()
        power = 1 / c + ones_like(z)
        return -self.scale.log() - where(zero, z, where(power == 0, power, power * (c * z).log1p()))

    def log_survival_function(self, value):
        if self._validate_args:
            self._validate_sample(value)
        z, (zero, c) = (value - self.loc) / self.scale, self._exponential()
        return where(zero, -z, -(c * z).log1p() / c)

    def log_cdf(self, value):
        return (-self.log_survival_function(value).exp()).log1p()

    def cdf(self, value):
        return self.log_cdf(value).exp()

    def icdf(self, value):
        zero, c = self._exponential()
        log = (-value).log1p()
        return where(zero, self.loc - self.scale * log, self.loc + self.scale / c * (-c * log).expm1())

    @property
    def mean(self):
        valid = self.concentration < 1
        return where(valid, self.loc + self.scale / (1 - where(valid, self.concentration, 0.5)), math.nan)

    @property
    def mode(self):
        return self.loc

    @property
    def variance(self):
        valid = self.concentration < 0.5
        c = where(valid, self.concentration, 0.25)
        return where(valid, self.scale**2 / ((1 - c) ** 2 * (1 - 2 * c)), math.nan)

    def entropy(self):
        return (self.scale.log() + self.concentration + 1).expand(self._batch_shape)
