"""The continuous Bernoulli distribution over [0, 1]."""

import math

from ..autograd.modes import no_grad
from ..nn.functional import binary_cross_entropy_with_logits
from ..ops.comparison import where
from ..ops.creation import ones_like, zeros_like
from ..ops.extremes import max as greater
from ..ops.sampling import rand
from ..ops.transcendental import log, log1p
from . import constraints
from .bernoulli import Binary
from .exp_family import ExponentialFamily
from .utils import broadcast_all, clamp_probs, lazy_property, logits_to_probs, shape_of


class ContinuousBernoulli(ExponentialFamily):
    """density proportional to p^x (1 - p)^(1 - x); near p = 1/2, within `lims`, series take the place of the formulas"""

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support = constraints.unit_interval
    has_rsample = True
    logits, param_shape = Binary.logits, Binary.param_shape

    def __init__(self, probs=None, logits=None, lims=(0.499, 0.501), validate_args=None):
        if (probs is None) == (logits is None):
            raise ValueError("Either `probs` or `logits` must be specified, but not both.")
        given = logits if probs is None else probs
        (value,) = broadcast_all(given)
        if probs is not None:
            if validate_args is not None and not bool(self.arg_constraints["probs"].check(value).all()):
                raise ValueError("The parameter probs has invalid values")
            value = clamp_probs(value)
        setattr(self, "logits" if probs is None else "probs", value)
        self._param, self._lims = value, lims
        shape = shape_of(given)
        super().__init__(value.size() if shape is None else shape, validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        names = [name for name in ("probs", "logits", "_param") if name in self.__dict__]
        return self._expanded(_instance, batch_shape, _lims=self._lims,
                              **{name: self.__dict__[name].expand(batch_shape) for name in names})  # fmt: skip

    @lazy_property
    def probs(self):
        return clamp_probs(logits_to_probs(self.logits, is_binary=True))

    def _away(self):
        """(where p is not near 1/2, p with a harmless number in the other places)"""
        away = greater(self.probs <= self._lims[0], self.probs > self._lims[1])
        return away, where(away, self.probs, self._lims[0] * ones_like(self.probs))

    def _log_norm(self):
        """The logarithm of what the density is multiplied by"""
        away, p = self._away()
        low, high = where(p <= 0.5, p, zeros_like(p)), where(p >= 0.5, p, ones_like(p))
        ratio = log((log1p(-p) - log(p)).abs())
        exact = ratio - where(p <= 0.5, log1p(-2.0 * low), log(2.0 * high - 1.0))
        x = (self.probs - 0.5).pow(2)
        return where(away, exact, math.log(2.0) + (4.0 / 3.0 + 104.0 / 45.0 * x) * x)

    @property
    def mean(self):
        away, p = self._away()
        x = self.probs - 0.5
        exact = p / (2.0 * p - 1.0) + 1.0 / (log1p(-p) - log(p))
        return where(away, exact, 0.5 + (1.0 / 3.0 + 16.0 / 45.0 * x.pow(2)) * x)

    @property
    def variance(self):
        away, p = self._away()
        x = (self.probs - 0.5).pow(2)
        exact = p * (p - 1.0) / (1.0 - 2.0 * p).pow(2) + 1.0 / (log1p(-p) - log(p)).pow(2)
        return where(away, exact, 1.0 / 12.0 - (1.0 / 15.0 - 128.0 / 945.0 * x) * x)

    def sample(self, sample_shape=()):
        with no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape=()):
        return self.icdf(rand(self._extended_shape(sample_shape), dtype=self.probs.dtype, device=self.probs.device))

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        return -binary_cross_entropy_with_logits(logits, value, reduction="none") + self._log_norm()

    def cdf(self, value):
        if self._validate_args:
            self._validate_sample(value)
        away, p = self._away()
        inside = where(away, (p.pow(value) * (1.0 - p).pow(1.0 - value) + p - 1.0) / (2.0 * p - 1.0), value)
        return where(value <= 0.0, zeros_like(value), where(value >= 1.0, ones_like(value), inside))

    def icdf(self, value):
        away, p = self._away()
        exact = (log1p(-p + value * (2.0 * p - 1.0)) - log1p(-p)) / (log(p) - log1p(-p))
        return where(away, exact, value)

    def entropy(self):
        failure, success = log1p(-self.probs), log(self.probs)
        return self.mean * (failure - success) - self._log_norm() - failure
