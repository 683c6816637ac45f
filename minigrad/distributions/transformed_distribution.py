"""The distribution of a function of a sample."""

from ..autograd.modes import no_grad
from ..size import Size
from . import constraints
from .distribution import Distribution
from .independent import Independent
from .transforms import ComposeTransform, Transform
from .utils import sum_rightmost


class TransformedDistribution(Distribution):
    """y = t_n(...t_1(x)) for x of a base distribution"""

    arg_constraints = {}

    def __init__(self, base_distribution, transforms, validate_args=None):
        transforms = [transforms] if isinstance(transforms, Transform) else transforms
        if not isinstance(transforms, list) or not all(isinstance(t, Transform) for t in transforms):
            raise ValueError(f"transforms must be a Transform or list, but was {transforms}")
        self.transforms, chain = transforms, ComposeTransform(transforms)
        shape = tuple(base_distribution.batch_shape) + tuple(base_distribution.event_shape)
        sampled = tuple(chain.forward_shape(shape))
        wanted = tuple(chain.inverse_shape(sampled))
        if wanted != shape:  # the transforms' parameters have more dimensions
            base_distribution = base_distribution.expand(wanted[: len(wanted) - len(base_distribution.event_shape)])
        extra = chain.domain.event_dim - len(base_distribution.event_shape)
        self.base_dist = Independent(base_distribution, extra) if extra > 0 else base_distribution
        split = len(sampled) - max(len(self.base_dist.event_shape), chain.codomain.event_dim)
        super().__init__(sampled[:split], sampled[split:], validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        inner = tuple(self.base_dist.event_shape)
        shape = ComposeTransform(self.transforms).inverse_shape((*batch_shape, *self.event_shape))
        base = self.base_dist.expand(shape[: len(shape) - len(inner)])
        return self._expanded(_instance, batch_shape, self.event_shape, base_dist=base, transforms=self.transforms)

    @property
    def has_rsample(self):
        return self.base_dist.has_rsample

    @constraints.dependent_property(is_discrete=False)
    def support(self):
        if not self.transforms:
            return self.base_dist.support
        support = self.transforms[-1].codomain
        extra = len(self.event_shape) - support.event_dim
        return constraints.independent(support, extra) if extra > 0 else support

    def _through(self, x):
        for transform in self.transforms:
            x = transform(x)
        return x

    def sample(self, sample_shape=()):
        with no_grad():
            return self._through(self.base_dist.sample(Size(sample_shape)))

    def rsample(self, sample_shape=()):
        return self._through(self.base_dist.rsample(Size(sample_shape)))

    def log_prob(self, value):
        """The base's log-probability, less the logarithm of what the transforms stretch"""
        if self._validate_args:
            self._validate_sample(value)
        events, log_prob, y = len(self.event_shape), 0.0, value
        for transform in reversed(self.transforms):
            x = transform.inv(y)
            log_prob = log_prob - sum_rightmost(transform.log_abs_det_jacobian(x, y), events - transform.domain.event_dim)
            y = x
        return log_prob + sum_rightmost(self.base_dist.log_prob(y), events - len(self.base_dist.event_shape))

    def cdf(self, value):
        for transform in reversed(self.transforms):
            value = transform.inv(value)
        if self._validate_args:
            self.base_dist._validate_sample(value)
        return self._upright(self.base_dist.cdf(value))

    def icdf(self, value):
        return self._through(self.base_dist.icdf(self._upright(value)))

    def _upright(self, value):
        sign = ComposeTransform(self.transforms).sign
        return value if isinstance(sign, int) and sign == 1 else sign * (value - 0.5) + 0.5


class Relaxed(TransformedDistribution):
    """A discrete distribution blurred by a temperature, so that samples can be differentiated"""

    @property
    def temperature(self):
        return self.base_dist.temperature

    @property
    def logits(self):
        return self.base_dist.logits

    @property
    def probs(self):
        return self.base_dist.probs
