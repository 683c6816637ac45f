"""The half-Cauchy distribution."""

import math

from ..ops.creation import full
from .cauchy import Cauchy
from .half_normal import Half


class HalfCauchy(Half):
    """|x| for x of Cauchy(0, scale)"""

    whole = Cauchy

    @property
    def mean(self):
        return full(self._extended_shape(), math.inf, dtype=self.scale.dtype, device=self.scale.device)

    @property
    def variance(self):
        return self.base_dist.variance
