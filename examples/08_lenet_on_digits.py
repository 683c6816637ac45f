"""Lesson 8: everything together. A convolutional net learns handwritten digits.

    python examples/08_lenet_on_digits.py                         scikit-learn's digits, a minute or less
    python examples/08_lenet_on_digits.py --mnist DIR --epochs 2  MNIST's files, plain or .gz
    python examples/08_lenet_on_digits.py --check-against-torch   the same training in torch beside it

The net and the loop are in lenet.py and are ordinary torch code. One picture remains: digits.png.
"""

import argparse
import sys
import time

import numpy as np
from tqdm import tqdm

import minigrad as torch
from digits import mnist, small_digits
from lenet import train
from picture import draw


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=positive(int), default=20, help="passes over the training set (20)")
    parser.add_argument("--batch-size", type=positive(int), default=32, help="digits a step (32)")
    parser.add_argument("--lr", type=positive(float), default=0.02, help="learning rate (0.02)")
    parser.add_argument("--momentum", type=float, default=0.9, help="of SGD (0.9)")
    parser.add_argument("--seed", type=int, default=0, help="of the split, the weights and the order of digits (0)")
    parser.add_argument("--mnist", metavar="DIR", help="read MNIST's IDX files there instead")
    parser.add_argument("--output", metavar="FILE", default="digits.png", help="the picture (digits.png)")
    parser.add_argument("--check-against-torch", action="store_true", help="train in torch too, and compare")
    parser.add_argument("--double", action="store_true", help="compute in float64: roundings begin 1e9 times smaller")
    return parser.parse_args()


def positive(kind):
    def parse(text):
        if not kind(text) > 0:
            raise ValueError
        return kind(text)

    parse.__name__ = f"positive {kind.__name__}"  # argparse says "invalid positive int value"
    return parse


def main():
    options = arguments()
    try:
        digits = mnist(options.mnist) if options.mnist else small_digits(options.seed)
    except (OSError, ValueError) as error:
        sys.exit(f"cannot read MNIST: {error}")
    if options.double:
        digits = digits.in_double()
    recipe = {name: getattr(options, name) for name in ("epochs", "batch_size", "lr", "momentum", "seed")}
    print(f"{len(digits.train_labels)} digits to learn from, {len(digits.test_labels)} held out")

    start = time.perf_counter()
    steps = options.epochs * -(-len(digits.train_labels) // options.batch_size)
    with tqdm(total=steps, unit="step", disable=None) as bar:  # disable=None: no bar unless a terminal watches
        run = train(torch, digits, **recipe, on_step=lambda loss: bar.update())
        beside = reference_run(digits, recipe) if options.check_against_torch else None
        epochs = [report(bar, number, epoch, beside) for number, epoch in enumerate(run, 1)]
    print(f"{epochs[-1].accuracy:.2%} of the held-out digits are right, after {time.perf_counter() - start:.0f} s")

    draw(options.output, digits, epochs)
    print(f"picture: {options.output}")


def report(bar, number, epoch, beside):
    line = f"epoch {number:2}  loss {np.mean(epoch.losses):.4f}  held-out {epoch.test_loss:.4f}  {epoch.accuracy:7.2%}"
    bar.write(line if beside is None else f"{line}  from torch: {difference(epoch, next(beside))}")
    return epoch


def reference_run(digits, recipe):
    import torch as reference  # only here: minigrad itself never needs it

    return train(reference, digits, **recipe)


def difference(ours, theirs):
    """The largest difference of any batch's loss and of any weight."""
    loss = np.abs(np.subtract(ours.losses, theirs.losses)).max()
    pairs = zip(ours.net.parameters(), theirs.net.parameters(), strict=True)
    weight = max(np.abs(p.detach().numpy() - q.detach().numpy()).max() for p, q in pairs)
    return f"loss {loss:.1e}  weights {weight:.1e}"


if __name__ == "__main__":
    main()
