"""A notebook: one neuron by sum and by matrix product, two layers, NumPy and back."""

import numpy as np


def squash(torch, x):
    """The logistic function from its parts."""
    return 1 / (1 + torch.exp(-x))


def neuron(torch, show):
    torch.manual_seed(7)
    features = torch.randn((1, 5))
    weights = torch.randn_like(features)
    bias = torch.randn((1, 1))
    for t in (features, weights, bias):
        show.echo(t)
    by_sum = squash(torch, torch.sum(features * weights) + bias)
    show.echo(by_sum)
    show.fails(lambda: torch.mm(features, weights))
    column = weights.view(5, 1)
    show.echo(column)
    product = torch.mm(features, column)
    show.echo(product)
    by_product = squash(torch, product + bias)
    show.echo(by_product)
    show.echo(bool(torch.allclose(by_sum, by_product)))
    show.echo((by_sum == by_product).dtype)  # whether the last bits agree depends on the matrix product's library


def two_layers(torch, show):
    torch.manual_seed(7)
    features = torch.randn((1, 3))
    n_input, n_hidden, n_output = features.shape[1], 2, 1
    w1, w2 = torch.randn(n_input, n_hidden), torch.randn(n_hidden, n_output)
    b1, b2 = torch.randn((1, n_hidden)), torch.randn((1, n_output))
    for t in (features, w1, w2, b1, b2):
        show.echo(t)
    hidden = squash(torch, torch.mm(features, w1) + b1)
    show.echo(squash(torch, torch.mm(hidden, w2) + b2))


def numpy_and_back(torch, show):
    np.random.seed(3)
    array = np.random.rand(4, 3)
    show.echo(array)
    shared = torch.from_numpy(array)
    show.echo(shared)
    show.echo(shared.numpy())
    show.echo(shared.mul_(2))
    show.echo(array)


def program(torch, show, full=False):
    for part in (neuron, two_layers, numpy_and_back):
        part(torch, show)
