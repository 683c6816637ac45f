"""The multinomial distribution: how often each of n numbers is drawn in `total_count` draws."""

from ..autograd.modes import no_grad
from ..ops.creation import arange, ones_like, tensor
from ..ops.gamma import lgamma
from ..ops.logarithmic import xlog1py, xlogy
from . import constraints
from .categorical import Categorical, OverCategorical
from .utils import broadcast_all


class Multinomial(OverCategorical):
    """Counts of total_count draws with probabilities proportional to `probs`, or to exp(logits)"""

    arg_constraints = {"probs": constraints.simplex, "logits": constraints.real_vector}

    def __init__(self, total_count=1, probs=None, logits=None, validate_args=None):
        if not isinstance(total_count, int):
            raise NotImplementedError("inhomogeneous total_count is not supported")
        self.total_count, self._categorical = total_count, Categorical(probs=probs, logits=logits)
        shape = self._categorical.param_shape
        super().__init__(shape[:-1], shape[-1:], validate_args=validate_args)

    @constraints.dependent_property(is_discrete=True, event_dim=1)
    def support(self):
        return constraints.multinomial(self.total_count)

    def expand(self, batch_shape, _instance=None):
        return self._expanded(_instance, batch_shape, self.event_shape, total_count=self.total_count,
                              _categorical=self._categorical.expand(batch_shape))

    @property
    def mean(self):
        return self.probs * self.total_count

    @property
    def variance(self):
        return self.total_count * self.probs * (1 - self.probs)

    def entropy(self):
        """n H(probs) - log n! + the mean of log k! over each count k, which is binomial"""
        n = tensor(self.total_count)
        k = arange(1, self.total_count + 1, dtype=self.probs.dtype).view(-1, *(1,) * self.probs.dim())
        ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
        binomial = (ways + xlogy(k, self.probs) + xlog1py(n - k, -self.probs)).exp()
        return n * self._categorical.entropy() - lgamma(n + 1) + (binomial * lgamma(k + 1)).sum((0, -1))

    def sample(self, sample_shape=()):
        with no_grad():
            draws = self._categorical.sample((self.total_count, *sample_shape))
            draws = draws.permute(*range(1, draws.dim()), 0)
            counts = self.probs.new_zeros(self._extended_shape(sample_shape))
            counts.scatter_add_(-1, draws, ones_like(draws).to(counts.dtype))
            return counts.type_as(self.probs)

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        logits = logits.clone()
        factorials = lgamma(value.sum(-1) + 1), lgamma(value + 1).sum(-1)
        logits[(value == 0) & (logits == -float("inf"))] = 0
        return factorials[0] - factorials[1] + (logits * value).sum(-1)
