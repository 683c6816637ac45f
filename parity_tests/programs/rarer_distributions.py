"""Distributions that few programs use: samples, probabilities, moments, and what they refuse."""

import itertools

import torch
from torch.distributions import (
    Binomial,
    ContinuousBernoulli,
    FisherSnedecor,
    GeneralizedPareto,
    InverseGamma,
    Kumaraswamy,
    LKJCholesky,
    LogisticNormal,
    LowRankMultivariateNormal,
    MultivariateNormal,
    NegativeBinomial,
    Pareto,
    Poisson,
    VonMises,
    Wishart,
    kl_divergence,
)

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
FACTS = """mean mode variance stddev support batch_shape event_shape probs logits has_rsample covariance_matrix scale_tril
    precision_matrix""".split()


def attempt(function):
    try:
        print(function())
    except Exception as error:
        print(f"{type(error).__name__}: {error}")


def t(*values):
    return torch.tensor(values)


CASES = [
    (lambda: Binomial(100, t(0, 0.2, 0.8, 1)), t(0.0, 20, 70, 100)),
    (lambda: Binomial(5, logits=t(0.3, -1, 2)), t(0.0, 2.0, 5.0)),
    (lambda: Binomial(t(3.0, 4, 1000), t(0.3, 0.5, 0.04)), t(1.0, 2, 40)),
    (lambda: Binomial(2, t(-1.0)), t(1.0)),
    (lambda: Binomial(2), t(1.0)),
    (lambda: NegativeBinomial(t(3.0, 5.0), probs=t(0.3, 0.6)), t(1.0, 4.0)),
    (lambda: FisherSnedecor(t(1.0, 3.0, 9.0), t(2.0, 5.0, 6.0)), t(0.5, 1.0, 2.0)),
    (lambda: InverseGamma(t(2.0, 0.5, 3), t(3.0, 1.0, 2.0)), t(0.5, 1.0, 2.0)),
    (lambda: Kumaraswamy(t(1.0, 2.0, 0.5), t(1.0, 0.5, 3.0)), t(0.5, 0.1, 0.2)),
    (lambda: LogisticNormal(t(0.0, 1.0), t(1.0, 2.0)), t(0.2, 0.3, 0.5)),
    (lambda: LogisticNormal(torch.tensor(0.0), torch.tensor(1.0)), t(0.2, 0.8)),
    (lambda: GeneralizedPareto(t(0.1, 0.0, 1.0), t(2.0, 1.0, 0.5), t(0.4, 0.0, -0.5)), t(1.0, 1.0, 1.2)),
    (lambda: GeneralizedPareto(0.1, 2.0, 0.7), torch.tensor(1.0)),
    (lambda: LowRankMultivariateNormal(t(0.0, 1.0, 2.0), torch.ones(3, 1), t(1.0, 2.0, 0.5)), t(0.3, 0.2, 0.1)),
    (lambda: LowRankMultivariateNormal(torch.zeros(2, 3), torch.ones(3, 2), torch.ones(3)), t(0.3, 0.2, 0.1)),
    (lambda: ContinuousBernoulli(t(0.3, 0.5, 0.9995)), t(0.1, 0.7, 1.0)),
    (lambda: ContinuousBernoulli(logits=t(0.3, -2.0)), t(0.1, 0.7)),
    (lambda: ContinuousBernoulli(0.2), torch.tensor(0.4)),
    (lambda: ContinuousBernoulli(t(1.5), validate_args=True), t(0.1)),
    (lambda: LKJCholesky(3, 0.5), torch.eye(3)),
    (lambda: LKJCholesky(4, t(0.5, 2.0)), torch.eye(4)),
    (lambda: LKJCholesky(1), torch.eye(1)),
    (lambda: VonMises(t(1.0, -2.0, 0.0), t(1.0, 5.0, 1e-6)), t(0.5, 1.0, 3.0)),
    (lambda: VonMises(0.5, 2.0), torch.tensor(0.3)),
    (lambda: Wishart(t(3.0), covariance_matrix=torch.eye(2)), torch.eye(2) + 0.5),
    (lambda: Wishart(4.0, scale_tril=torch.tensor([[1.0, 0.0], [0.5, 2.0]])), torch.eye(2)),
    (lambda: Wishart(t(4.0, 5.5), precision_matrix=torch.eye(3) * 2), torch.eye(3)),
    (lambda: Wishart(1.0, torch.eye(3)), torch.eye(3)),
    (lambda: Wishart(1.0, torch.eye(3), torch.eye(3)), torch.eye(3)),
    (lambda: Wishart(1.0, torch.ones(3)), torch.eye(3)),
    (lambda: LowRankMultivariateNormal(torch.zeros(2), torch.ones(3, 2), torch.ones(3)), t(0.0)),
]
for make, value in CASES:
    attempt(make)
    try:
        d = make()
    except (AssertionError, ValueError):
        continue
    for draw in (d.sample, d.rsample):
        attempt(draw)
        attempt(lambda: draw((2,)))
    for name in ("log_prob", "cdf", "icdf", "log_survival_function"):
        attempt(lambda: getattr(d, name)(value))
    attempt(lambda: d.log_prob(-value))
    for name in FACTS:
        attempt(lambda: getattr(d, name))
    attempt(d.entropy)
    attempt(d.enumerate_support)
    wide = d.expand((3, *d.batch_shape))
    attempt(lambda: (wide, wide.sample(), wide.mean))

low = LowRankMultivariateNormal(t(0.0, 1.0, 2.0), torch.ones(3, 1), t(1.0, 2.0, 0.5))
low2 = LowRankMultivariateNormal(torch.zeros(2, 3), torch.arange(6.0).reshape(3, 2) / 4, t(1.5, 1.0, 2.0))
full = MultivariateNormal(torch.ones(3), torch.eye(3) + 0.25)
kinds = [Binomial(5, t(0.3, 0.5)), Binomial(5, t(0.2, 0.9)), Binomial(4, t(0.3, 0.5)), ContinuousBernoulli(t(0.3, 0.5)),
         ContinuousBernoulli(logits=t(0.4, -2.0)), Pareto(t(1.0), t(2.0)), Poisson(t(2.0))]  # fmt: skip
for one, other in [*itertools.product((low, low2, full), repeat=2), *itertools.product(kinds[:3], repeat=2),
                   *itertools.product(kinds[3:6], kinds[3:5]), (kinds[3], kinds[5]), (kinds[6], kinds[0]),
                   (low, MultivariateNormal(torch.zeros(2), torch.eye(2)))]:  # fmt: skip
    attempt(lambda: (kl_divergence(one, other) + 1).float())

for kind in (torch.float64, torch.float32):
    many = Binomial(t(50.0, 400, 3000).to(kind), t(0.3, 0.5, 0.9).to(kind))
    print(many.sample((200,)).sum(0), many.sample((3,)))
x = torch.tensor([0.3, 0.6], requires_grad=True)
Binomial(4, x).log_prob(t(1.0, 2.0)).sum().backward()
print(x.grad)
for count, prob in ((t(3.0, 4.0), t(0.5, 0.2)), (t(3, 4), t(0.5, 0.2)), (t(3.0, 4.0), t(0.5, 2)), (t(-3.0, 4.0), t(0.5, 0.2)),
                    (t(3, 4), t(1, 0)), (t(3.0, 4.0), x)):  # fmt: skip
    attempt(lambda: torch.binomial(count, prob))
print(torch.rand(2))
