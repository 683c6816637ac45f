"""The normal distribution over vectors whose covariance is a diagonal and a matrix of low rank."""

import math

from ..ops.decomposition import linalg_cholesky
from ..ops.grids import broadcast_tensors
from ..ops.rearrange import diag_embed
from ..ops.triangular import solve_triangular
from . import constraints
from .distribution import Distribution
from .utils import lazy_property, standard_normal


def _plus_identity(matrix):
    matrix = matrix.contiguous()
    matrix.diagonal(dim1=-2, dim2=-1).add_(1)
    return matrix


class LowRankMultivariateNormal(Distribution):
    """MultivariateNormal(loc, W W^T + diag(D)), W = cov_factor, D = cov_diag; matrices of the size of W^T W are factored"""

    arg_constraints = {"loc": constraints.real_vector, "cov_factor": constraints.independent(constraints.real, 2),
                       "cov_diag": constraints.independent(constraints.positive, 1)}
    support = constraints.real_vector
    has_rsample = True

    def __init__(self, loc, cov_factor, cov_diag, validate_args=None):
        if loc.dim() < 1:
            raise ValueError("loc must be at least one-dimensional.")
        events = loc.shape[-1:]
        if cov_factor.dim() < 2:
            raise ValueError("cov_factor must be at least two-dimensional, with optional leading batch dimensions")
        if cov_factor.shape[-2:-1] != events:
            raise ValueError(f"cov_factor must be a batch of matrices with shape {events[0]} x m")
        if cov_diag.shape[-1:] != events:
            raise ValueError(f"cov_diag must be a batch of vectors with shape {events}")
        try:
            together = broadcast_tensors(loc.unsqueeze(-1), cov_factor, cov_diag.unsqueeze(-1))
        except RuntimeError as error:
            raise ValueError(f"Incompatible batch shapes: loc {loc.shape}, cov_factor {cov_factor.shape}, cov_diag "
                             f"{cov_diag.shape}") from error
        self.loc, self.cov_factor, self.cov_diag = together[0][..., 0], together[1], together[2][..., 0]
        self._factor, self._diag = cov_factor, cov_diag
        self._inner = linalg_cholesky(_plus_identity((cov_factor.mT / cov_diag.unsqueeze(-2)) @ cov_factor))
        super().__init__(self.loc.shape[:-1], events, validate_args=validate_args)

    def expand(self, batch_shape, _instance=None):
        shape = (*batch_shape, *self.event_shape)
        return self._expanded(_instance, batch_shape, self.event_shape, loc=self.loc.expand(shape),
                              cov_diag=self.cov_diag.expand(shape), _factor=self._factor, _diag=self._diag,
                              cov_factor=self.cov_factor.expand((*shape, *self.cov_factor.shape[-1:])), _inner=self._inner)

    @property
    def mean(self):
        return self.loc

    @property
    def mode(self):
        return self.loc

    @lazy_property
    def variance(self):
        return (self._factor.pow(2).sum(-1) + self._diag).expand((*self._batch_shape, *self._event_shape))

    def _matrix(self, matrix):
        return matrix.expand((*self._batch_shape, *self._event_shape, *self._event_shape))

    @lazy_property
    def scale_tril(self):
        root = self._diag.sqrt().unsqueeze(-1)
        scaled = self._factor / root
        return self._matrix(root * linalg_cholesky(_plus_identity(scaled @ scaled.mT)))

    @lazy_property
    def covariance_matrix(self):
        return self._matrix(self._factor @ self._factor.mT + diag_embed(self._diag))

    @lazy_property
    def precision_matrix(self):
        solved = solve_triangular(self._inner, self._factor.mT / self._diag.unsqueeze(-2), upper=False)
        return self._matrix(diag_embed(self._diag.reciprocal()) - solved.mT @ solved)

    def rsample(self, sample_shape=()):
        shape = self._extended_shape(sample_shape)
        inner = standard_normal((*shape[:-1], *self.cov_factor.shape[-1:]), self.loc)
        outer = standard_normal(shape, self.loc)
        return self.loc + (self._factor @ inner.unsqueeze(-1)).squeeze(-1) + self._diag.sqrt() * outer

    def _log_det(self):
        return 2 * self._inner.diagonal(dim1=-2, dim2=-1).log().sum(-1) + self._diag.log().sum(-1)

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        x = value - self.loc
        inner = (self._factor.mT / self._diag.unsqueeze(-2)) @ x.unsqueeze(-1)
        inner = solve_triangular(self._inner, inner, upper=False).squeeze(-1)
        distance = (x.pow(2) / self._diag).sum(-1) - inner.pow(2).sum(-1)
        return -0.5 * (self._event_shape[0] * math.log(2 * math.pi) + self._log_det() + distance)

    def entropy(self):
        entropy = 0.5 * (self._event_shape[0] * (1.0 + math.log(2 * math.pi)) + self._log_det())
        return entropy if len(self._batch_shape) == 0 else entropy.expand(self._batch_shape)
