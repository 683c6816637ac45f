"""A first lab: making tensors, indexing, joining, NumPy and back, a neuron and a two-layer net by hand."""

import numpy as np


def squash(torch, x):
    """The logistic function from its parts."""
    return 1 / (1 + torch.exp(-x))


def making(torch, show):
    vector = torch.tensor([1., 2., 3.])
    matrix = torch.tensor([[1., 2., 3.], [4., 5., 6]])
    cube = torch.tensor([[[1., 2.], [3., 4.]], [[5., 6.], [7., 8.]]])
    for t in (vector, matrix, cube):
        show(t)
    show(vector[0])
    show(vector[0].item())
    show(matrix[0][1])
    show(cube[0])
    show(torch.tensor([1.0, 2.0, 3.0], dtype=torch.int))
    torch.manual_seed(0)
    show(torch.randn((3, 4, 5)))


def operating(torch, show):
    show(torch.tensor([1., 2., 3.]) + torch.tensor([4., 5., 6.]))
    torch.manual_seed(1)
    a, b = torch.randn(2, 5), torch.randn(3, 5)
    show(torch.cat([a, b]))
    c, d = torch.randn(2, 3), torch.randn(2, 5)
    show(torch.cat([c, d], 1))
    show.fails(lambda: torch.cat([a, c]))
    show(a.size(), c.size())
    block = torch.randn(2, 3, 4)
    show(block)
    show(block.view(2, 12))
    show(block.view(2, -1))


def numpy_and_back(torch, show):
    np.random.seed(2)
    array = np.random.rand(4, 3)
    show.echo(array)
    shared = torch.from_numpy(array)
    show.echo(shared.numpy())
    show.echo(shared.mul_(2))
    show.echo(array)


def neuron(torch, show):
    show.echo(torch.exp(torch.tensor([1.])))
    torch.manual_seed(7)
    features = torch.randn(1, 5)
    weights = torch.randn_like(features)
    bias = torch.randn(1, 1)
    a, b = torch.randn(1, 2), torch.randn(1, 2)
    show(a + b)
    show((a + b).sum())
    show.echo(torch.sum(a + b))
    show(squash(torch, torch.sum(features * weights) + bias))
    show(squash(torch, (features * weights).sum() + bias))
    show.fails(lambda: torch.mm(features, weights))
    show.echo(torch.mm(features, weights.view(5, -1)) + bias)
    show.echo(weights.shape)
    show.echo(torch.mm(features, weights.view(5, -1)) + torch.tensor([1.]))
    show(squash(torch, torch.mm(features, weights.view(5, 1)) + bias))
    show.echo(weights.reshape(5, 1))


def resizing(torch, show):
    flat = torch.tensor([1, 2, 3, 4])
    show.echo(flat.view(2, 2))
    show.echo(flat)
    show.echo(flat.resize_(2, 2))
    show.echo(flat)


def two_layers(torch, show):
    torch.manual_seed(7)
    n_input, n_hidden, n_output = 5, 3, 2
    features = torch.randn((1, n_input))
    w1, w2 = torch.randn(n_input, n_hidden), torch.randn(n_hidden, n_output)
    b1, b2 = torch.randn((1, n_hidden)), torch.randn((1, n_output))
    hidden = squash(torch, torch.mm(features, w1) + b1)
    show(squash(torch, torch.mm(hidden, w2) + b2))


def program(torch, show, full=False):
    for part in (making, operating, numpy_and_back, neuron, resizing, two_layers):
        part(torch, show)
