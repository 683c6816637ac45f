"""Lesson 9: a backend of your own. This one rounds every result to bfloat16 and counts operations and bytes."""

import math

import numpy as np

import minigrad as torch
from lenet import lenet
from minigrad.backends import register
from minigrad.backends.numpy import NumPyBackend


class Low(np.ndarray):
    """An array of this backend: its type is how minigrad finds the backend."""


class LowBackend(NumPyBackend):
    """NumPy, but every op's result keeps only the upper 16 of its 32 bits: bfloat16's precision."""

    array_types = (Low,)
    operations = moved = 0

    def from_host(self, data, dtype=None):
        return rounded(super().from_host(data, dtype))

    def as_array(self, value):
        return np.asarray(value).view(Low)

    def kernel(self, op):
        """The function that computes an op: minigrad asks once per op, and keeps the answer"""
        compute = super().kernel(op)

        def counted(*operands):
            result = compute(*operands)
            arrays = [x for x in operands if isinstance(x, np.ndarray)]
            self.moved += sum(x.nbytes for x in [*arrays, *parts(result)])
            self.operations += operations(op.name, arrays, result)
            return result if op.view else each(rounded, result)  # a view shares memory: nothing to round

        return counted


def parts(result):
    return [x for x in (result if isinstance(result, (list, tuple)) else [result]) if isinstance(x, np.ndarray)]


def each(function, result):
    return type(result)(map(function, result)) if isinstance(result, (list, tuple)) else function(result)


def operations(name, arrays, result):
    """A multiplication and an addition for each term of a matrix product, else one operation for each element."""
    size = sum(x.size for x in parts(result))
    if name in ("mm_arrays", "addmm_arrays"):
        return 2 * size * arrays[-1].shape[0]
    if name == "convolve":
        return 2 * size * math.prod(arrays[1].shape[1:])
    return size


def rounded(array):
    """float32 to the nearest number with 8 bits of mantissa, ties to even; other dtypes as they are"""
    array = np.asarray(array)
    if array.dtype == np.float32:
        bits = np.array(array).view(np.uint32)
        array = ((bits + 0x7FFF + ((bits >> 16) & 1)) & np.uint32(0xFFFF0000)).view(np.float32)
    return array.view(Low)


register("low", lambda index: LowBackend())
# In a package of its own it would be announced in pyproject.toml instead, and the parity suite could run on it
# (python -m parity_tests --backend low):
#     [project.entry-points."minigrad.backends"]
#     low = "mypackage:load"


def train(device, steps=15):
    """The losses of LeNet on noise with labels, which it learns by heart"""
    torch.manual_seed(0)
    net = lenet(torch).to(device)
    images, labels = torch.randn(20, 1, 32, 32).to(device), (torch.arange(20) % 10).to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(images), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


if __name__ == "__main__":
    print("step   float32   bfloat16 after every op")
    exact, low = train("cpu"), train("low")
    for step in range(0, len(low), 2):
        print(f"{step:4}   {exact[step]:7.4f}   {low[step]:7.4f}")
    backend = torch.device("low").backend
    print(f"\n{len(low)} steps: {backend.operations / 1e9:.2f} billion operations, {backend.moved / 1e9:.2f} GB moved, "
          f"{backend.operations / backend.moved:.2f} operations a byte")
