"""Parameters that are computed, or pruned: torch.nn.utils.parametrize, parametrizations and prune."""

import copy

import torch
from torch import nn
from torch.nn.utils import parametrize, prune
from torch.nn.utils.parametrizations import orthogonal, spectral_norm, weight_norm

torch.manual_seed(0)


def attempt(function, *args, **kwargs):
    try:
        print(function(*args, **kwargs))
    except Exception as error:
        print(f"{type(error).__name__}: {error}")


class Symmetric(nn.Module):
    def forward(self, x):
        return x.triu() + x.triu(1).transpose(-1, -2)

    def right_inverse(self, a):
        return a.triu()


class Exp(nn.Module):
    def forward(self, x):
        return x.exp()

    def right_inverse(self, y):
        return y.log()


class Narrow(nn.Module):
    def forward(self, x):
        return x[:1]


class Pair(nn.Module):
    def forward(self, a, b):
        return a + b

    def right_inverse(self, x):
        return x / 2, x / 2


layer = nn.Linear(3, 3)
parametrize.register_parametrization(layer, "weight", Symmetric())
print(layer, list(layer.state_dict()), layer.weight, layer.weight.grad_fn is not None)
print(type(layer).__name__, parametrize.type_before_parametrizations(layer).__name__)
layer.weight = torch.eye(3)
print(layer.weight, layer.parametrizations.weight.original)
parametrize.register_parametrization(layer, "weight", Exp())
print(layer.weight, parametrize.is_parametrized(layer), parametrize.is_parametrized(layer, "bias"))
print(copy.deepcopy(layer).weight)
with parametrize.cached():
    print(layer.weight is layer.weight)
print(layer.weight is layer.weight)
layer(torch.ones(2, 3)).sum().backward()
print(layer.parametrizations.weight.original.grad)
attempt(layer.__getstate__)
other = parametrize.transfer_parametrizations_and_params(layer, nn.Linear(3, 3, bias=False))
print(other, other.parametrizations.weight.original is layer.parametrizations.weight.original)
parametrize.remove_parametrizations(layer, "weight")
print(layer, layer.weight, type(layer).__name__)
attempt(parametrize.remove_parametrizations, layer, "weight")
attempt(parametrize.register_parametrization, layer, "wait", Exp())
attempt(parametrize.register_parametrization, layer, "weight", Narrow())
attempt(parametrize.register_parametrization, nn.Linear(2, 2), "weight", Narrow(), unsafe=True)
attempt(parametrize.ParametrizationList, [], torch.ones(2))
pair = parametrize.register_parametrization(nn.Linear(2, 2), "bias", Pair())
print(list(dict(pair.named_parameters())), pair.bias)
pair.bias = torch.tensor([1.0, 2.0])
print(pair.bias)
attempt(parametrize.remove_parametrizations, pair, "bias", leave_parametrized=False)
print(parametrize.remove_parametrizations(pair, "bias").bias)

for shape in ((3, 3), (2, 4), (4, 2)):
    for kind in (None, "matrix_exp", "cayley", "householder"):
        for trivial in (True, False):
            made = orthogonal(nn.Linear(*shape), orthogonal_map=kind, use_trivialization=trivial)
            q = made.weight
            unit = q @ q.mT if q.size(0) <= q.size(1) else q.mT @ q
            print(made, torch.allclose(unit, torch.eye(len(unit)), atol=1e-5), unit.shape)
            with torch.no_grad():
                made.parametrizations.weight.original.add_(0.1)
            print(made.weight.abs().sum() > 0, type(made.weight.grad_fn).__name__)
attempt(orthogonal, nn.Linear(2, 2), "bias")
attempt(orthogonal, nn.Linear(2, 2), "wait")
attempt(orthogonal, nn.Linear(2, 2), orthogonal_map="reflect")

for dim in (0, 1, None):
    layer = weight_norm(nn.Conv1d(2, 3, 2).double(), dim=dim)
    print(layer, layer.parametrizations.weight.original0.shape, layer.weight)
    layer(torch.ones(1, 2, 4, dtype=torch.float64)).pow(2).sum().backward()
    print([p.grad for p in layer.parameters()])
old = {"weight_g": torch.ones(3, 1), "weight_v": torch.ones(3, 2), "bias": torch.zeros(3)}
layer = weight_norm(nn.Linear(2, 3))
print(layer.load_state_dict(old), layer.weight)
for make in (nn.Linear(3, 4), nn.ConvTranspose1d(2, 3, 2), nn.Conv2d(2, 3, 2)):
    layer = spectral_norm(make)
    print(layer, list(layer.state_dict()), layer.weight)
    print(torch.linalg.matrix_norm(layer.eval().weight.flatten(1), 2) > 0.5, layer.parametrizations.weight[0]._u)
attempt(spectral_norm, nn.Linear(2, 2), dim=3)
attempt(spectral_norm, nn.Linear(2, 2), n_power_iterations=0)

net = nn.Sequential(nn.Conv2d(2, 3, 2), nn.ReLU(), nn.Linear(4, 3))
for act in (lambda: prune.random_unstructured(net[0], "weight", amount=5),
            lambda: prune.l1_unstructured(net[0], "weight", 0.25),
            lambda: prune.ln_structured(net[0], "weight", amount=1, n=2, dim=0),
            lambda: prune.random_structured(net[2], "weight", amount=1, dim=1),
            lambda: prune.random_unstructured(net[2], "weight", amount=0.3),
            lambda: prune.custom_from_mask(net[2], "bias", torch.tensor([1, 0, 1])),
            lambda: prune.identity(net[0], "bias")):  # fmt: skip
    print(act(), net[0].weight, net[2].weight, net[2].bias)
print(list(net.state_dict()), prune.is_pruned(net), prune.is_pruned(net[1]))
print([type(hook).__name__ for one in net for hook in one._forward_pre_hooks.values()])
net[2](torch.ones(4)).sum().backward()
print(net[2].weight_orig.grad, net[2].bias_orig.grad)
print(prune.remove(net[2], "weight").weight, prune.remove(net[2], "bias").bias, list(net[2].state_dict()))
attempt(prune.remove, net[2], "weight")
attempt(prune.l1_unstructured, net[2], "weight", amount=1.5)
attempt(prune.l1_unstructured, net[2], "weight", amount=-1)
attempt(prune.l1_unstructured, net[2], "weight", amount=13)
attempt(prune.l1_unstructured, net[2], "weight", amount="all")
attempt(prune.ln_structured, net[2], "bias", amount=1, n=2, dim=0)
attempt(prune.ln_structured, net[2], "weight", amount=1, n=2, dim=2)
attempt(prune.l1_unstructured, net[2], "weight", amount=1, importance_scores=torch.ones(2))
print(list(dict(net[2].named_parameters())))
prune.global_unstructured([(net[0], "weight"), (net[2], "weight")], pruning_method=prune.L1Unstructured, amount=0.5)
print(net[0].weight, net[2].weight)
print(prune.L1Unstructured(2).prune(torch.tensor([1.0, -3.0, 0.5, 2.0])))
