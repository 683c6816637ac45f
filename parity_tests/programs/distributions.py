"""A walk through torch.distributions: samples, log-probabilities, entropies, moments."""
import torch
from torch.distributions import (
    Bernoulli, Beta, Categorical, Cauchy, Chi2, Dirichlet, Exponential, Gamma, Geometric, Gumbel, HalfCauchy, HalfNormal,
    Independent, Laplace, LogNormal, MixtureSameFamily, Multinomial, MultivariateNormal, Normal, OneHotCategorical, Pareto,
    Poisson, RelaxedBernoulli, RelaxedOneHotCategorical, StudentT, TransformedDistribution, Uniform, Weibull, constraints,
    kl_divergence, transforms,
)

torch.manual_seed(0)
torch.distributions.Distribution.set_default_validate_args(True)
two = torch.tensor([0.5, 2.0])
every = [
    Normal(two, two), Normal(0.0, 1.0), Uniform(torch.zeros(2), two), Exponential(two), Laplace(two, two), Cauchy(two, two),
    Gamma(two, two), Beta(two, 3.0), Dirichlet(torch.tensor([[0.5, 1.0, 2.0]])), Poisson(two * 8), Geometric(two / 4),
    Bernoulli(two / 4), Bernoulli(logits=two), Categorical(torch.ones(2, 3)), Categorical(logits=torch.tensor([1.0, 2.0])),
    OneHotCategorical(torch.ones(3)), Multinomial(5, torch.ones(3)), MultivariateNormal(torch.zeros(2), torch.eye(2) + 0.5),
    LogNormal(two, 1.0), StudentT(two + 2), Gumbel(two, two), HalfNormal(two), HalfCauchy(two), Chi2(two),
    Weibull(two, two), Pareto(two, two + 2), Independent(Normal(two, 1.0), 1),
    MixtureSameFamily(Categorical(torch.ones(2)), Normal(two, two)),
    RelaxedBernoulli(torch.tensor(0.5), two / 4), RelaxedOneHotCategorical(torch.tensor(0.5), logits=two),
    TransformedDistribution(Normal(two, 1.0), [transforms.TanhTransform(), transforms.AffineTransform(1.0, 2.0)]),
]
for distribution in every:
    sample = distribution.sample((2,))
    print(distribution, distribution.batch_shape, distribution.event_shape, distribution.has_rsample)
    print(sample, distribution.log_prob(sample))
    for name in ("mean", "variance", "entropy", "support"):
        try:
            value = getattr(distribution, name)
            print(name, value() if name == "entropy" else value)
        except NotImplementedError:
            print(name, "is not implemented")
print(torch.rand(1))  # as many random numbers were used

pairs = [(Normal(0.0, 1.0), Normal(1.0, 2.0)), (Categorical(torch.ones(3)), Categorical(torch.tensor([1.0, 2.0, 3.0]))),
         (Bernoulli(0.3), Bernoulli(0.5)), (Beta(1.0, 2.0), Beta(2.0, 2.0)), (Gamma(1.0, 2.0), Gamma(2.0, 2.0)),
         (Dirichlet(two), Dirichlet(two + 1)), (Exponential(two), Exponential(1.0)), (Laplace(two, 1.0), Laplace(0.0, two)),
         (Poisson(two), Poisson(1.0)), (Uniform(0.0, 1.0), Uniform(-1.0, 2.0)), (Geometric(0.2), Geometric(0.5)),
         (Independent(Normal(two, 1.0), 1), Independent(Normal(0 * two, 2.0), 1)), (LogNormal(0.0, 1.0), LogNormal(1.0, 1.0)),
         (MultivariateNormal(two, torch.eye(2)), MultivariateNormal(torch.zeros(2), torch.eye(2) + 0.5))]
for p, q in pairs:
    print(type(p).__name__, kl_divergence(p, q))

mean, scale = torch.tensor(0.5, requires_grad=True), torch.tensor(1.5, requires_grad=True)
Normal(mean, scale).rsample((3,)).pow(2).sum().backward()
print(mean.grad, scale.grad)
for kind in (Normal, Laplace, Gumbel, Cauchy):
    print(torch.autograd.grad(kind(mean, scale).log_prob(torch.tensor(0.7)), (mean, scale)))
logits = torch.zeros(2, 3, requires_grad=True)
(Categorical(logits=logits).log_prob(torch.tensor([0, 2])).sum() + Categorical(logits=logits).entropy().sum()).backward()
print(logits.grad, Categorical(logits=logits).log_prob(torch.tensor([0, 2])))
print(Categorical(torch.ones(2)).expand((3,)).sample().shape, Normal(0.0, 1.0).expand((2,)), Bernoulli(0.5).enumerate_support())
print(Normal(0.0, 1.0).cdf(torch.tensor(0.5)), Normal(0.0, 1.0).icdf(torch.tensor(0.3)), constraints.interval(0, 1))


affine = transforms.AffineTransform(torch.zeros(3), two.sum())
print(TransformedDistribution(Normal(0.0, 1.0), [affine]).sample().shape, affine, affine.inv)
print(Gumbel(torch.zeros(3), 1.0).transforms)
wide = TransformedDistribution(Normal(two, 1.0), [transforms.AffineTransform(0.0, -2.0), transforms.ExpTransform()])
print(wide.expand((3, 2)).sample().shape, wide.cdf(two), wide.icdf(two / 4), transforms.ComposeTransform(wide.transforms))


def fails(program):
    try:
        print("no error", program())
    except Exception as error:
        print(type(error).__name__, error)


fails(lambda: Normal(0.0, -1.0))
fails(lambda: Normal(torch.zeros(2), torch.tensor([1.0, -1.0])))
fails(lambda: Categorical(torch.tensor([-1.0, 2.0])))
fails(lambda: Categorical(torch.ones(3)).log_prob(torch.tensor(3)))
fails(lambda: Bernoulli(probs=0.5, logits=0.5))
fails(lambda: Bernoulli(0.5).log_prob(torch.tensor(2.0)))
fails(lambda: Normal(0.0, 1.0).log_prob(1.0))
fails(lambda: Normal(torch.zeros(2), 1.0).log_prob(torch.zeros(3)))
fails(lambda: Uniform(1.0, 0.0))
fails(lambda: kl_divergence(Normal(0.0, 1.0), Uniform(0.0, 1.0)))
fails(lambda: kl_divergence(Uniform(0.0, 1.0), Categorical(torch.ones(2))))
fails(lambda: kl_divergence(Normal(0.0, 1.0), Bernoulli(0.5)))
fails(lambda: MultivariateNormal(torch.zeros(2)))
fails(lambda: Independent(Normal(0.0, 1.0), 1))
many = Multinomial(5, torch.tensor([0.1, 0.2, 0.7])).expand((2, 3))
print(many.batch_shape, many.event_shape, many.sample().sum(-1), many.param_shape)
fails(lambda: many.mode)
