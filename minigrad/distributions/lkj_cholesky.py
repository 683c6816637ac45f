"""The distribution of Lewandowski, Kurowicka and Joe over the Cholesky factors of correlation matrices."""

import math

from ..dtypes import finfo
from ..ops.creation import arange
from ..ops.gamma import lgamma, mvlgamma
from ..ops.joining import cat
from ..ops.rearrange import diag_embed
from ..ops.sampling import randn
from . import constraints
from .beta import Beta
from .distribution import Distribution
from .utils import broadcast_all


class LKJCholesky(Distribution):
    """The factor L of a correlation matrix L L^T of density proportional to its determinant^(concentration - 1)"""

    arg_constraints = {"concentration": constraints.positive}
    support = constraints.corr_cholesky

    def __init__(self, dim, concentration=1.0, validate_args=None):
        if dim < 2:
            raise ValueError(f"Expected dim to be an integer greater than or equal to 2. Found dim={dim}.")
        self.dim = dim
        (self.concentration,) = broadcast_all(concentration)
        row = arange(dim - 1, dtype=self.concentration.dtype, device=self.concentration.device)
        row = cat([row.new_zeros((1,)), row])
        self._beta = Beta(row + 0.5, (self.concentration + 0.5 * (dim - 2)).unsqueeze(-1) - 0.5 * row)
        super().__init__(self.concentration.size(), (dim, dim), validate_args)

    def expand(self, batch_shape, _instance=None):
        return self._expanded(_instance, batch_shape, self.event_shape, dim=self.dim,
                              concentration=self.concentration.expand(batch_shape),
                              _beta=self._beta.expand((*batch_shape, self.dim)))  # fmt: skip

    def sample(self, sample_shape=()):
        """Each row a point of the unit ball below the diagonal, whose squared length is a beta number (the onion method)"""
        squared = self._beta.sample(sample_shape).unsqueeze(-1)
        direction = randn(self._extended_shape(sample_shape), dtype=squared.dtype, device=squared.device).tril(-1)
        direction = direction / direction.norm(dim=-1, keepdim=True)
        direction[..., 0, :].fill_(0.0)
        factor = squared.sqrt() * direction
        factor += diag_embed((1 - (factor**2).sum(-1)).clamp(min=finfo(factor.dtype).tiny).sqrt())
        return factor

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        order = arange(2, self.dim + 1, device=self.concentration.device)
        order = 2 * (self.concentration - 1).unsqueeze(-1) + self.dim - order
        density = (order * value.diagonal(dim1=-1, dim2=-2)[..., 1:].log()).sum(-1)
        n = self.dim - 1
        alpha = self.concentration + 0.5 * n
        return density - (0.5 * n * math.log(math.pi) + mvlgamma(alpha - 0.5, n) - lgamma(alpha) * n)
