"""The Cauchy distribution."""

import math

from ..ops.creation import full
from ..ops.transcendental import atan, tan
from .location_scale import LocationScale


class Cauchy(LocationScale):
    """density 1 / (pi scale (1 + ((x - loc) / scale)^2))"""

    def _constant(self, value):
        return full(self._extended_shape(), value, dtype=self.loc.dtype, device=self.loc.device)

    @property
    def mean(self):
        return self._constant(math.nan)

    @property
    def variance(self):
        return self._constant(math.inf)

    def rsample(self, sample_shape=()):
        return self.loc + self._new(sample_shape).cauchy_() * self.scale

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        return -math.log(math.pi) - self.scale.log() - (((value - self.loc) / self.scale) ** 2).log1p()

    def cdf(self, value):
        if self._validate_args:
            self._validate_sample(value)
        return atan((value - self.loc) / self.scale) / math.pi + 0.5

    def icdf(self, value):
        return tan(math.pi * (value - 0.5)) * self.scale + self.loc

    def entropy(self):
        return math.log(4 * math.pi) + self.scale.log()
