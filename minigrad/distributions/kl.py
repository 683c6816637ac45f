"""The Kullback-Leibler divergence of two distributions, by a formula for each pair of kinds."""

import math

from ..nn.functional import softplus
from ..ops.creation import full_like
from ..ops.rearrange import diag_embed
from ..ops.triangular import solve_triangular
from .bernoulli import Bernoulli
from .beta import Beta
from .binomial import Binomial
from .categorical import Categorical
from .continuous_bernoulli import ContinuousBernoulli
from .dirichlet import Dirichlet
from .distribution import Distribution
from .exp_family import ExponentialFamily
from .exponential import Exponential
from .gamma import Gamma
from .geometric import Geometric
from .gumbel import Gumbel
from .half_normal import HalfNormal
from .independent import Independent
from .laplace import Laplace
from .lowrank_multivariate_normal import LowRankMultivariateNormal
from .multivariate_normal import MultivariateNormal
from .normal import Normal
from .one_hot_categorical import OneHotCategorical
from .pareto import Pareto
from .poisson import Poisson
from .transformed_distribution import TransformedDistribution
from .uniform import Uniform
from .utils import sum_rightmost

FORMULAS = {}


def register_kl(type_p, type_q):
    """A decorator: the function computes KL(p || q) for these two kinds and kinds of them"""
    for kind, name in ((type_p, "type_p"), (type_q, "type_q")):
        if not (isinstance(kind, type) and issubclass(kind, Distribution)):
            raise TypeError(f"Expected {name} to be a Distribution subclass but got {kind}")

    def decorator(function):
        FORMULAS[type_p, type_q] = function
        return function

    return decorator


def _formula(type_p, type_q):
    """The formula of the nearest ancestors of both kinds"""
    pairs = ((p, q) for p in type_p.__mro__ for q in type_q.__mro__)
    return next((FORMULAS[pair] for pair in pairs if pair in FORMULAS), None)


def kl_divergence(p, q):
    """The mean of log p(x) - log q(x) for x of p.  Raises NotImplementedError for a pair without a formula"""
    formula = _formula(type(p), type(q))
    if formula is None:
        raise NotImplementedError(f"No KL(p || q) is implemented for p type {type(p).__name__} and q type {type(q).__name__}")
    return formula(p, q)


@register_kl(ExponentialFamily, ExponentialFamily)
def _kl_exp_family(p, q):
    raise NotImplementedError("The cross KL-divergence between different exponential families cannot"
                              "                             be computed using Bregman divergences")


@register_kl(Bernoulli, Bernoulli)
def _kl_bernoulli(p, q):
    first = p.probs * (softplus(-q.logits) - softplus(-p.logits))
    first[q.probs == 0] = math.inf
    first[p.probs == 0] = 0
    second = (1 - p.probs) * (softplus(q.logits) - softplus(p.logits))
    second[q.probs == 1] = math.inf
    second[p.probs == 1] = 0
    return first + second


@register_kl(Beta, Beta)
def _kl_beta(p, q):
    total_p, total_q = p.concentration1 + p.concentration0, q.concentration1 + q.concentration0
    inverse = q.concentration1.lgamma() + q.concentration0.lgamma() + total_p.lgamma()
    own = p.concentration1.lgamma() + p.concentration0.lgamma() + total_q.lgamma()
    return (inverse - own + (p.concentration1 - q.concentration1) * p.concentration1.digamma()
            + (p.concentration0 - q.concentration0) * p.concentration0.digamma()
            + (total_q - total_p) * total_p.digamma())


@register_kl(Categorical, Categorical)
def _kl_categorical(p, q):
    t = p.probs * (p.logits - q.logits)
    t[(q.probs == 0).expand_as(t)] = math.inf
    t[(p.probs == 0).expand_as(t)] = 0
    return t.sum(-1)


@register_kl(OneHotCategorical, OneHotCategorical)
def _kl_one_hot(p, q):
    return _kl_categorical(p._categorical, q._categorical)


@register_kl(Dirichlet, Dirichlet)
def _kl_dirichlet(p, q):
    total_p, total_q = p.concentration.sum(-1), q.concentration.sum(-1)
    t = (p.concentration - q.concentration) * (p.concentration.digamma() - total_p.digamma().unsqueeze(-1))
    return total_p.lgamma() - total_q.lgamma() - (p.concentration.lgamma() - q.concentration.lgamma()).sum(-1) + t.sum(-1)


@register_kl(Exponential, Exponential)
def _kl_exponential(p, q):
    ratio = q.rate / p.rate
    return -ratio.log() + ratio - 1


@register_kl(Gamma, Gamma)
def _kl_gamma(p, q):
    return (q.concentration * (p.rate / q.rate).log() + q.concentration.lgamma() - p.concentration.lgamma()
            + (p.concentration - q.concentration) * p.concentration.digamma()
            + (q.rate - p.rate) * (p.concentration / p.rate))


@register_kl(Geometric, Geometric)
def _kl_geometric(p, q):
    return -p.entropy() - (-q.probs).log1p() / p.probs - q.logits


@register_kl(HalfNormal, HalfNormal)
def _kl_half_normal(p, q):
    return _kl_normal(p.base_dist, q.base_dist)


@register_kl(Laplace, Laplace)
def _kl_laplace(p, q):
    ratio, apart = p.scale / q.scale, (p.loc - q.loc).abs()
    return -ratio.log() + apart / q.scale + ratio * (-apart / p.scale).exp() - 1


@register_kl(Normal, Normal)
def _kl_normal(p, q):
    ratio = (p.scale / q.scale).pow(2)
    return 0.5 * (ratio + ((p.loc - q.loc) / q.scale).pow(2) - 1 - ratio.log())


@register_kl(Poisson, Poisson)
def _kl_poisson(p, q):
    return p.rate * (p.rate.log() - q.rate.log()) - (p.rate - q.rate)


@register_kl(Uniform, Uniform)
def _kl_uniform(p, q):
    result = ((q.high - q.low) / (p.high - p.low)).log()
    result[(q.low > p.low) | (q.high < p.high)] = math.inf
    return result


@register_kl(Independent, Independent)
def _kl_independent(p, q):
    if p.reinterpreted_batch_ndims != q.reinterpreted_batch_ndims:
        raise NotImplementedError
    return sum_rightmost(kl_divergence(p.base_dist, q.base_dist), p.reinterpreted_batch_ndims)


@register_kl(TransformedDistribution, TransformedDistribution)
def _kl_transformed(p, q):
    if p.transforms != q.transforms or p.event_shape != q.event_shape:
        raise NotImplementedError
    return kl_divergence(p.base_dist, q.base_dist)


@register_kl(MultivariateNormal, MultivariateNormal)
def _kl_multivariate_normal(p, q):
    own, other = p._unbroadcasted_scale_tril, q._unbroadcasted_scale_tril
    log_dets = [factor.diagonal(dim1=-2, dim2=-1).log().sum(-1) for factor in (other, own)]
    spread = solve_triangular(other, own, upper=False).pow(2).sum((-2, -1))
    apart = solve_triangular(other, (q.loc - p.loc).unsqueeze(-1), upper=False).squeeze(-1).pow(2).sum(-1)
    return log_dets[0] - log_dets[1] + 0.5 * (spread + apart - p.event_shape[0])


def _log_det(d):
    """The logarithm of the covariance's determinant"""
    if isinstance(d, LowRankMultivariateNormal):
        return d._log_det()
    return 2 * d._unbroadcasted_scale_tril.diagonal(dim1=-2, dim2=-1).log().sum(-1)


def _weighed(d, matrix):
    """trace(matrix^T covariance^-1 matrix)"""
    if not isinstance(d, LowRankMultivariateNormal):
        return solve_triangular(d._unbroadcasted_scale_tril, matrix, upper=False).pow(2).sum((-2, -1))
    diagonal = d._diag.unsqueeze(-1)
    low = solve_triangular(d._inner, (d._factor / diagonal).mT, upper=False) @ matrix
    return (matrix / diagonal.sqrt()).pow(2).sum((-2, -1)) - low.pow(2).sum((-2, -1))


@register_kl(LowRankMultivariateNormal, LowRankMultivariateNormal)
@register_kl(LowRankMultivariateNormal, MultivariateNormal)
@register_kl(MultivariateNormal, LowRankMultivariateNormal)
def _kl_low_rank(p, q):
    if p.event_shape != q.event_shape:
        kinds = "Low Rank" if type(p) is type(q) else "(Low Rank)"
        raise ValueError(f"KL-divergence between two {kinds} Multivariate Normals with                          different "
                         "event shapes cannot be computed")
    low = isinstance(p, LowRankMultivariateNormal)
    roots = [p._factor, diag_embed(p._diag.sqrt())] if low else [p._unbroadcasted_scale_tril]
    spread = sum(_weighed(q, root) for root in roots) + _weighed(q, (q.loc - p.loc).unsqueeze(-1))
    return 0.5 * (_log_det(q) - _log_det(p) + spread - p.event_shape[0])


@register_kl(Binomial, Binomial)
def _kl_binomial(p, q):
    if bool((p.total_count < q.total_count).any()):
        raise NotImplementedError("KL between Binomials where q.total_count > p.total_count is not implemented")
    kl = p.total_count * (p.probs * (p.logits - q.logits) + (-p.probs).log1p() - (-q.probs).log1p())
    kl[p.total_count > q.total_count] = math.inf
    return kl


@register_kl(ContinuousBernoulli, ContinuousBernoulli)
def _kl_continuous_bernoulli(p, q):
    norms = [d._log_norm() + (-d.probs).log1p() for d in (p, q)]
    return p.mean * (p.logits - q.logits) + norms[0] - norms[1]


# ---- where p has mass, and q has none -------------------------------------------------------------------------------

POSITIVE, BOUNDED = (Exponential, Gamma), (Beta, Uniform, ContinuousBernoulli)


def _infinite(p, q):
    return full_like(p.mean, math.inf)


for _p, _narrower in ((Exponential, BOUNDED), (Gamma, BOUNDED), (Poisson, (Bernoulli, Binomial)), *(
    (kind, (Pareto, *BOUNDED, *POSITIVE)) for kind in (Normal, Laplace, Gumbel)), (Beta, (Pareto,)), (Exponential, (Pareto,)),
    (Gamma, (Pareto,)), (ContinuousBernoulli, (Pareto,)), (Pareto, BOUNDED)):  # fmt: skip
    for _q in _narrower:
        FORMULAS[_p, _q] = _infinite
