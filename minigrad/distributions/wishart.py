"""Wishart's distribution over covariance matrices."""

import math
import warnings
from numbers import Number

from ..dtypes import finfo
from ..ops.creation import arange, tensor
from ..ops.decomposition import linalg_cholesky
from ..ops.einsum import einsum
from ..ops.gamma import digamma, mvlgamma
from ..ops.grids import broadcast_shapes
from ..ops.rearrange import diag_embed
from ..ops.sampling import randn
from ..ops.solving import cholesky_solve, slogdet
from ..ops.steps import tril_indices
from ..size import Size
from . import constraints
from .chi2 import Chi2
from .exp_family import ExponentialFamily
from .multivariate_normal import MultivariateNormal, inverse_factor


class Wishart(ExponentialFamily):
    """The sum of x x^T for df vectors x of MultivariateNormal(0, covariance)"""

    support = constraints.positive_definite
    has_rsample = True
    scale_tril, covariance_matrix, precision_matrix = (
        MultivariateNormal.scale_tril, MultivariateNormal.covariance_matrix, MultivariateNormal.precision_matrix)  # fmt: skip

    @property
    def arg_constraints(self):
        return {"covariance_matrix": constraints.positive_definite, "precision_matrix": constraints.positive_definite,
                "scale_tril": constraints.lower_cholesky, "df": constraints.greater_than(self.event_shape[-1] - 1)}

    def __init__(self, df, covariance_matrix=None, precision_matrix=None, scale_tril=None, validate_args=None):
        given = {"covariance_matrix": covariance_matrix, "precision_matrix": precision_matrix, "scale_tril": scale_tril}
        given = {name: value for name, value in given.items() if value is not None}
        if len(given) != 1:
            raise AssertionError("Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.")
        ((name, matrix),) = given.items()
        if matrix.dim() < 2:
            raise ValueError("scale_tril must be at least two-dimensional, with optional leading batch dimensions")
        if isinstance(df, Number):
            batch, self.df = Size(matrix.shape[:-2]), tensor(df, dtype=matrix.dtype, device=matrix.device)
        else:
            batch = broadcast_shapes(matrix.shape[:-2], df.shape)
            self.df = df.expand(batch)
        n = matrix.shape[-1]
        if bool((self.df <= n - 1).any()):
            raise ValueError(f"Value of df={df} expected to be greater than ndim - 1 = {n - 1}.")
        setattr(self, name, matrix.expand((*batch, -1, -1)))
        if bool((self.df < n).any()):
            warnings.warn("Low df values detected. Singular samples are highly likely to occur for ndim - 1 < df < ndim.",
                          stacklevel=2)  # fmt: skip
        super().__init__(batch, matrix.shape[-2:], validate_args=validate_args)
        factor = {"scale_tril": lambda m: m, "covariance_matrix": linalg_cholesky, "precision_matrix": inverse_factor}
        self._unbroadcasted_scale_tril = factor[name](matrix)
        self._chi2 = self._diagonal(self.df, self._unbroadcasted_scale_tril)

    @staticmethod
    def _diagonal(df, factor):
        """The distributions of the squares on the diagonal of a sample's factor, in Bartlett's decomposition"""
        return Chi2(df.unsqueeze(-1) - arange(factor.shape[-1], dtype=factor.dtype, device=factor.device))

    def expand(self, batch_shape, _instance=None):
        n, df = self.event_shape, self.df.expand(batch_shape)
        names = [name for name in ("covariance_matrix", "scale_tril", "precision_matrix") if name in self.__dict__]
        matrices = {name: self.__dict__[name].expand((*batch_shape, *n)) for name in (*names, "_unbroadcasted_scale_tril")}
        chi2 = self._diagonal(df, self._unbroadcasted_scale_tril)
        return self._expanded(_instance, batch_shape, n, df=df, _chi2=chi2, **matrices)

    def _broadcast(self, matrix):
        return matrix.expand((*self._batch_shape, *self._event_shape))

    def _df_as_matrix(self):
        return self.df.view((*self._batch_shape, 1, 1))

    @property
    def mean(self):
        return self._df_as_matrix() * self.covariance_matrix

    @property
    def mode(self):
        factor = self.df - self.covariance_matrix.shape[-1] - 1
        factor[factor <= 0] = float("nan")
        return factor.view((*self._batch_shape, 1, 1)) * self.covariance_matrix

    @property
    def variance(self):
        v = self.covariance_matrix
        diagonal = v.diagonal(dim1=-2, dim2=-1)
        return self._df_as_matrix() * (v.pow(2) + einsum("...i,...j->...ij", diagonal, diagonal))

    def _bartlett(self, sample_shape):
        n = self._event_shape[-1]
        length = self._chi2.rsample(sample_shape).sqrt()
        noise = diag_embed(length.clamp(min=finfo(length.dtype).eps), dim1=-2, dim2=-1)
        i, j = tril_indices(n, n, offset=-1)
        shape = (*sample_shape, *self._batch_shape, n * (n - 1) // 2)
        noise[..., i, j] = randn(shape, dtype=noise.dtype, device=noise.device)
        factor = self._unbroadcasted_scale_tril @ noise
        return factor @ factor.mT

    def rsample(self, sample_shape=(), max_try_correction=None):
        """Samples by Bartlett's decomposition.  As in torch those are drawn anew, and warned of, that are positive definite,
        and again as long as what comes is not"""
        sample, batch_dims = self._bartlett(sample_shape), [-1 - d for d in range(len(self._batch_shape))]
        again = self.support.check(sample)
        again = again.amax(batch_dims) if batch_dims else again
        if bool(again.any()):
            warnings.warn("Singular sample detected.", stacklevel=2)
            for _ in range(10 if max_try_correction is None else max_try_correction):
                new = self._bartlett(again[again].shape)
                sample[again] = new
                failed = ~self.support.check(new)
                again[again.clone()] = failed.amax(batch_dims) if batch_dims else failed
                if not bool(again.any()):
                    break
        return sample

    def _log_volume(self):
        """The logarithm of 2^(n / 2) |scale_tril|"""
        diagonal = self._unbroadcasted_scale_tril.diagonal(dim1=-2, dim2=-1)
        return self._event_shape[-1] * math.log(2) / 2 + diagonal.log().sum(-1)

    def log_prob(self, value):
        if self._validate_args:
            self._validate_sample(value)
        df, n = self.df, self._event_shape[-1]
        trace = cholesky_solve(value, self._unbroadcasted_scale_tril).diagonal(dim1=-2, dim2=-1).sum(-1)
        return (-df * self._log_volume() - mvlgamma(df / 2, n) + (df - n - 1) / 2 * slogdet(value).logabsdet - trace / 2)

    def entropy(self):
        df, n = self.df, self._event_shape[-1]
        steps = arange(n, dtype=df.dtype, device=df.device).div(2)
        slope = digamma((df / 2).unsqueeze(-1) - steps.expand((*df.shape, -1))).sum(-1)
        return (n + 1) * self._log_volume() + mvlgamma(df / 2, n) - (df - n - 1) / 2 * slope + df * n / 2
