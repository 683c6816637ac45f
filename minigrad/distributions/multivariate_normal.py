"""The normal distribution over vectors."""

import math

from ..ops.creation import eye
from ..ops.decomposition import linalg_cholesky
from ..ops.grids import broadcast_shapes
from ..ops.solving import cholesky_inverse
from ..ops.triangular import solve_triangular
from . import constraints
from .distribution import Distribution
from .utils import lazy_property, standard_normal

ONE = "Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified."


class MultivariateNormal(Distribution):
    """density proportional to exp(-(x - loc)^T covariance^-1 (x - loc) / 2); covariance = scale_tril scale_tril^T"""

    arg_constraints = {"loc": constraints.real_vector, "covariance_matrix": constraints.positive_definite,
                       "precision_matrix": constraints.positive_definite, "scale_tril": constraints.lower_cholesky}
    support = constraints.real_vector
    has_rsample = True

    def __init__(self, loc, covariance_matrix=None, precision_matrix=None, scale_tril=None, validate_args=None):
        if loc.dim() < 1:
            raise ValueError("loc must be at least one-dimensional.")
        given = {"covariance_matrix": covariance_matrix, "precision_matrix": precision_matrix, "scale_tril": scale_tril}
        given = {name: value for name, value in given.items() if value is not None}
        if len(given) != 1:
            raise ValueError(ONE)
        ((name, matrix),) = given.items()
        if matrix.dim() < 2:
            raise ValueError(f"{name} must be at least two-dimensional, with optional leading batch dimensions")
        batch = broadcast_shapes(matrix.shape[:-2], loc.shape[:-1])
        setattr(self, name, matrix.expand((*batch, -1, -1)))
        self.loc = loc.expand((*batch, -1))
        super().__init__(batch, self.loc.shape[-1:], validate_args=validate_args)
        factor = {"scale_tril": lambda m: m, "covariance_matrix": linalg_cholesky, "precision_matrix": inverse_factor}
        self._unbroadcasted_scale_tril = factor[name](matrix)

    def expand(self, batch_shape, _instance=None):
        n = tuple(self.event_shape)
        matrices = {name: self.__dict__[name].expand((*batch_shape, *n, *n))
                    for name in ("covariance_matrix", "scale_tril", "precision_matrix") if name in self.__dict__}
        return self._expanded(_instance, batch_shape, n, loc=self.loc.expand((*batch_shape, *n)),
                              _unbroadcasted_scale_tril=self._unbroadcasted_scale_tril, **matrices)

    def _broadcast(self, matrix):
        n = tuple(self._event_shape)
        return matrix.expand((*self._batch_shape, *n, *n))

    @lazy_property
    def scale_tril(self):
        return self._broadcast(self._unbroadcasted_scale_tril)

    @lazy_property
    def covariance_matrix(self):
        return self._broadcast(self._unbroadcasted_scale_tril @ self._unbroadcasted_scale_tril.mT)

    @lazy_property
    def precision_matrix(self):
        return self._broadcast(cholesky_inverse(self._unbroadcasted_scale_tril))

    @property
    def mean(self):
        return self.loc

    @property
    def mode(self):
        return self.loc

    @property
    def variance(self):
        return self._unbroadcasted_scale_tril.pow(2).sum(-1).expand((*self._batch_shape, *self._event_shape))

    def rsample(self, sample_shape=()):
        drawn = standard_normal(self._extended_shape(sample_shape), self.loc)
        return self.loc + (self._unbroadcasted_scale_tril @ drawn.unsqueeze(-1)).squeeze(-1)

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        factor = self._unbroadcasted_scale_tril
        solved = solve_triangular(factor, (value - self.loc).unsqueeze(-1), upper=False)
        distance = solved.squeeze(-1).pow(2).sum(-1)
        half_log_det = factor.diagonal(dim1=-2, dim2=-1).log().sum(-1)
        return -0.5 * (self._event_shape[0] * math.log(2 * math.pi) + distance) - half_log_det

    def entropy(self):
        half_log_det = self._unbroadcasted_scale_tril.diagonal(dim1=-2, dim2=-1).log().sum(-1)
        entropy = 0.5 * self._event_shape[0] * (1.0 + math.log(2 * math.pi)) + half_log_det
        return entropy if len(self._batch_shape) == 0 else entropy.expand(self._batch_shape)


def inverse_factor(precision):
    """The lower triangular L with L L^T = precision^-1"""
    flipped = linalg_cholesky(precision.flip((-2, -1))).flip((-2, -1)).transpose(-2, -1)
    identity = eye(precision.shape[-1], dtype=precision.dtype, device=precision.device)
    return solve_triangular(flipped, identity, upper=False)
