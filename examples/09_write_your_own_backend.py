"""Lesson 9: a backend of your own. This one rounds every result to bfloat16, and counts operations and bytes.

    python examples/09_write_your_own_backend.py              LeNet in float32 and, beside it, rounded after every op
    python examples/09_write_your_own_backend.py suite        the parity suite on the same backend without the rounding
    python examples/09_write_your_own_backend.py suite add '*pool*'      ... some ops of it (needs torch)
"""

import math
import sys
from pathlib import Path

import numpy as np

import minigrad as torch
from lenet import lenet
from minigrad.backends import register
from minigrad.backends.numpy import NumPyBackend

# ---- the backend: what is not said here is NumPy's ---------------------------------------------------------------------


class Low(np.ndarray):
    """An array of this backend: its type is how minigrad finds the backend."""


class LowBackend(NumPyBackend):
    """NumPy, but an op's result keeps only the upper 16 of its 32 bits: bfloat16's precision."""

    array_types = (Low,)
    operations = moved = 0

    def __init__(self, rounds=True):
        super().__init__()
        self.rounds = rounds

    def __getattr__(self, name):
        """NumPy's function of that name; what it makes are arrays of this backend"""
        found = getattr(np, name)
        if isinstance(found, type) or not callable(found):
            return found
        return lambda *args, **options: each(self.as_array, found(*args, **options))

    def from_host(self, data, dtype=None):
        return self.rounded(super().from_host(data, dtype))

    def share_host(self, array):
        return super().share_host(array).view(Low)

    def as_array(self, value):
        return np.asarray(value).view(Low) if isinstance(value, (np.ndarray, np.generic)) else value

    def as_strided(self, storage, size, stride, offset):
        return super().as_strided(storage, size, stride, offset).view(Low)

    def kernel(self, op):
        """The function that computes an op: minigrad asks once per op, and keeps the answer"""
        compute = super().kernel(op)

        def counted(*operands):
            result = compute(*operands)
            arrays = [x for x in operands if isinstance(x, np.ndarray)]
            self.moved += sum(x.nbytes for x in [*arrays, *parts(result)])
            self.operations += operations(op.name, arrays, result)
            return each(self.as_array if op.view else self.rounded, result)  # a view shares memory: nothing to round

        return counted

    def rounded(self, array):
        """float32 to the nearest number with 8 bits of mantissa, ties to even; other dtypes as they are"""
        array = np.asarray(array)
        if self.rounds and array.dtype == np.float32:
            bits = np.array(array).view(np.uint32)
            array = ((bits + 0x7FFF + ((bits >> 16) & 1)) & np.uint32(0xFFFF0000)).view(np.float32)
        return array.view(Low)


def parts(result):
    return [x for x in (result if isinstance(result, (list, tuple)) else [result]) if isinstance(x, np.ndarray)]


def each(function, result):
    several = list if isinstance(result, list) else tuple if isinstance(result, tuple) else None
    return several(map(function, result)) if several else function(result)


def operations(name, arrays, result):
    """A multiplication and an addition for each term of a matrix product, else one operation for each element"""
    size = sum(x.size for x in parts(result))
    if name in ("mm_arrays", "addmm_arrays"):
        return 2 * size * arrays[-1].shape[0]
    if name == "convolve":
        return 2 * size * math.prod(arrays[1].shape[1:])
    return size


register("low", lambda index: LowBackend())
register("counted", lambda index: LowBackend(rounds=False))
# A package of its own would announce it in its pyproject.toml instead:
#     [project.entry-points."minigrad.backends"]
#     low = "mypackage:load"
# and `python -m parity_tests --backend low` would find it there.

# ---- LeNet on it, and the suite ----------------------------------------------------------------------------------------


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


def suite(patterns):
    """The parity suite's op cases in this process, where the backend is registered; exit code as the suite's"""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from parity_tests.__main__ import main

    sys.argv = ["parity_tests", "--backend", "counted", "--source", "cases", "--jobs", "1", *patterns]
    return main()


def spent(device):
    backend = torch.device(device).backend
    return (f"{backend.operations / 1e9:.2f} billion operations, {backend.moved / 1e9:.2f} GB moved, "
            f"{backend.operations / backend.moved:.2f} operations a byte")


if __name__ == "__main__":
    if sys.argv[1:2] == ["suite"]:
        sys.exit(suite(sys.argv[2:]))
    print("step   float32   bfloat16 after every op")
    exact, low = train("cpu"), train("low")
    for step in range(0, len(low), 2):
        print(f"{step:4}   {exact[step]:7.4f}   {low[step]:7.4f}")
    print(f"\n{len(low)} steps: {spent('low')}")
