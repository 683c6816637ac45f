"""One training step, forward, backward and SGD: the digit LeNet of lesson 8, and multilayer perceptrons."""

from itertools import pairwise

import numpy as np

import minigrad
from examples.lenet import lenet, step

from . import by_hand
from .libraries import Case, normal

RECIPE = {"lr": 0.01, "momentum": 0.9}


def mlp(*sizes):
    def make(library):
        nn = library.nn
        layers = [m for a, b in pairwise(sizes) for m in (nn.Linear(a, b), nn.ReLU())]
        return nn.Sequential(*layers[:-1])

    return make


def seeded(make, library):
    library.manual_seed(0)
    return make(library)


def training_case(name, make, hand_step, images):
    labels = np.random.default_rng(0).integers(0, 10, len(images))

    def build(library):
        net = seeded(make, library)
        optimizer = library.optim.SGD(net.parameters(), **RECIPE)
        x, y = library.tensor(images), library.tensor(labels)
        return lambda: step(library, net, optimizer, x, y)

    def hand():
        parameters = [p.detach().numpy().copy() for p in seeded(make, minigrad).parameters()]
        velocities = [np.zeros_like(p) for p in parameters]
        return lambda: hand_step(parameters, velocities, images, labels, **RECIPE)

    return Case(name, build, hand)


def cases():
    for batch in (64, 1):
        yield training_case(f"LeNet, batch {batch}", lenet, by_hand.lenet_step, normal(batch, 1, 32, 32))
    yield training_case("MLP 784-128-10, batch 64", mlp(784, 128, 10), by_hand.mlp_step, normal(64, 784))
    yield training_case("MLP 1-10-20-10-10, batch 1", mlp(1, 10, 20, 10, 10), by_hand.mlp_step, normal(1, 1))
