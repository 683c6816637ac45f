"""minigrad by itself: with torch out of reach it imports, trains, prints and saves; and it brings nothing but NumPy along."""

import subprocess
import sys

PROGRAM = """
import sys
sys.modules["torch"] = None  # importing it raises ImportError
import minigrad as torch

torch.manual_seed(0)
x = torch.randn(64, 3)
y = x @ torch.tensor([[1.0], [-2.0], [0.5]]) + 0.3
net = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
losses = []
for _ in range(100):
    optimizer.zero_grad()
    loss = torch.nn.functional.mse_loss(net(x), y)
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print(losses[0], losses[-1])
print(net)
"""
BEYOND = """
import sys
before = set(sys.modules)
import minigrad
brought = {name.partition(".")[0] for name in set(sys.modules) - before}
built = {"cython_runtime", *(name for name in brought if name.startswith("_"))}  # made by numpy.random's own modules
print(sorted(brought - built - set(sys.stdlib_module_names) - {"minigrad"}))
"""


def run(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_trains_without_torch():
    first, *tree = run(PROGRAM)
    start, end = map(float, first.split())
    assert end < start / 50
    assert tree == ["Sequential(", "  (0): Linear(in_features=3, out_features=8, bias=True)", "  (1): ReLU()",
                    "  (2): Linear(in_features=8, out_features=1, bias=True)", ")"]


def test_brings_numpy_alone():
    (line,) = run(BEYOND)
    assert line == "['numpy']"


DEEP = """
import gc
import minigrad as torch

gc.disable()
x = torch.ones(2, requires_grad=True)
y = x
for _ in range(100_000):
    y = y * 1.0
y.sum().backward()
print(x.grad.tolist())
del y
"""


def test_deep_graphs_need_no_stack():
    """A chain far deeper than Python's recursion limit runs backward and is freed."""
    assert run(DEEP) == ["[1.0, 1.0]"]


GROWTH = """
import gc, tracemalloc
import minigrad as torch

gc.disable()
net = torch.nn.Sequential(torch.nn.Linear(20, 50), torch.nn.ReLU(), torch.nn.Linear(50, 3))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
x, y = torch.randn(16, 20), torch.randint(3, (16,))

def steps(count):
    for _ in range(count):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()

steps(1000)  # the interpreter keeps up to 2,000 freed tuples of each length for reuse: let it have them
tracemalloc.start()
steps(20)
before = tracemalloc.get_traced_memory()[0]
steps(1000)
print(tracemalloc.get_traced_memory()[0] - before)
"""


def test_training_does_not_grow():
    """A thousand training steps without the garbage collector leave less behind than one step's graph takes."""
    assert int(run(GROWTH)[0]) < 10_000
