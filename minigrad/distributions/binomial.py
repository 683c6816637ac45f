"""How often an event happens in a number of trials, and how often before it has failed to a number of times."""

from ..autograd.modes import no_grad
from ..nn.functional import logsigmoid
from ..ops.creation import arange
from ..ops.gamma import lgamma
from ..ops.sampling import binomial, poisson
from ..ops.transcendental import exp, log1p
from . import constraints
from .bernoulli import Binary
from .distribution import Distribution
from .gamma import Gamma
from .utils import broadcast_all, lazy_property


class Trials(Distribution):
    """Trials of an event given by its probability `probs` or by its `logits`, counted up to `total_count`"""

    logits, probs, param_shape = Binary.logits, Binary.probs, Binary.param_shape

    def __init__(self, total_count, probs, logits, validate_args):
        if (probs is None) == (logits is None):
            raise ValueError("Either `probs` or `logits` must be specified, but not both.")
        self.total_count, value = broadcast_all(total_count, logits if probs is None else probs)
        self.total_count = self.total_count.type_as(value)
        setattr(self, "logits" if probs is None else "probs", value)
        self._param = value
        super().__init__(value.size(), validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        names = [name for name in ("total_count", "probs", "logits", "_param") if name in self.__dict__]
        return self._expanded(_instance, batch_shape, **{name: self.__dict__[name].expand(batch_shape) for name in names})


class Binomial(Trials):
    """The number of events in total_count trials"""

    arg_constraints = {"total_count": constraints.nonnegative_integer, "probs": constraints.unit_interval,
                       "logits": constraints.real}
    has_enumerate_support = True

    def __init__(self, total_count=1, probs=None, logits=None, validate_args=None):
        super().__init__(total_count, probs, logits, validate_args)

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self):
        return constraints.integer_interval(0, self.total_count)

    @property
    def mean(self):
        return self.total_count * self.probs

    @property
    def mode(self):
        return ((self.total_count + 1) * self.probs).floor().clamp(max=self.total_count)

    @property
    def variance(self):
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape=()):
        shape = self._extended_shape(sample_shape)
        with no_grad():
            return binomial(self.total_count.expand(shape), self.probs.expand(shape))

    def log_prob(self, value):
        """log of n! / (k! (n - k)!) p^k (1 - p)^(n - k), where log(1 - p) = -max(logits, 0) - log(1 + e^-|logits|)"""
        if self._validate_args:
            self._validate_sample(value)
        n, logits = self.total_count, self.logits
        positive = (logits.clamp(min=0) + logits - logits.clamp(max=0)) / 2
        norm = n * positive + n * log1p(exp(-logits.abs())) - lgamma(n + 1)
        return value * logits - lgamma(value + 1) - lgamma(n - value + 1) - norm

    def _one_count(self, method):
        count = int(self.total_count.max())
        if not bool(self.total_count.min() == count):
            raise NotImplementedError(f"Inhomogeneous total count not supported by `{method}`.")
        return count

    def entropy(self):
        self._one_count("entropy")
        log_prob = self.log_prob(self.enumerate_support(False))
        return -(exp(log_prob) * log_prob).sum(0)

    def enumerate_support(self, expand=True):
        values = arange(1 + self._one_count("enumerate_support"), dtype=self._param.dtype, device=self._param.device)
        values = values.view((-1, *(1,) * len(self._batch_shape)))
        return values.expand((-1, *self._batch_shape)) if expand else values


class NegativeBinomial(Trials):
    """The number of events before the total_count-th failure"""

    arg_constraints = {"total_count": constraints.greater_than_eq(0), "probs": constraints.half_open_interval(0.0, 1.0),
                       "logits": constraints.real}
    support = constraints.nonnegative_integer

    def __init__(self, total_count, probs=None, logits=None, validate_args=None):
        super().__init__(total_count, probs, logits, validate_args)

    @property
    def mean(self):
        return self.total_count * exp(self.logits)

    @property
    def mode(self):
        return ((self.total_count - 1) * self.logits.exp()).floor().clamp(min=0.0)

    @property
    def variance(self):
        return self.mean / (-self.logits).sigmoid()

    @lazy_property
    def _gamma(self):
        return Gamma(self.total_count, exp(-self.logits), validate_args=False)

    def sample(self, sample_shape=()):
        with no_grad():
            return poisson(self._gamma.sample(sample_shape))

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        n = self.total_count
        log_prob = n * logsigmoid(-self.logits) + value * logsigmoid(self.logits)
        norm = -lgamma(n + value) + lgamma(1.0 + value) + lgamma(n)
        return log_prob - norm.masked_fill(n + value == 0.0, 0.0)
