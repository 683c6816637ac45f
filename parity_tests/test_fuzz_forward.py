"""Random programs on dual tensors: views, in-place ops, grad modes and a backward pass at the end, run on both libraries.

Values, tangents, versions, errors and gradients with their tangents must agree.  Left out are tangents that are given
tangents themselves, and an operand that is written to while it is read: torch's mul_ of a tensor by itself is wrong there.
"""

import random

import numpy as np
import pytest

from parity_tests.libs import REFERENCE

STEPS = 10
PROGRAMS = 400
SINGLE = {
    "sin": lambda x, y: x.sin(),
    "exp_": lambda x, y: x.exp_(),
    "sigmoid_": lambda x, y: x.sigmoid_(),
    "clamp_": lambda x, y: x.clamp_(-1, 1),
    "sum": lambda x, y: x.sum(),
    "clone": lambda x, y: x.clone(),
    "detach": lambda x, y: x.detach(),
    "contiguous": lambda x, y: x.contiguous(),
    "softmax": lambda x, y: x.softmax(-1) if x.dim() else x,
    "t": lambda x, y: x.t() if x.dim() == 2 else x,
    "select": lambda x, y: x[0] if x.dim() else x,
    "slice": lambda x, y: x[..., 1:] if x.dim() else x,
    "reshape": lambda x, y: x.reshape(-1),
    "squeeze": lambda x, y: x.unsqueeze(0).squeeze(0),
    "chunk": lambda x, y: x.chunk(2, -1)[0] if x.dim() else x,
    "unbind": lambda x, y: x.unbind(0)[0] if x.dim() else x,
    "expand": lambda x, y: x.expand(2, *x.shape)[0],
}  # fmt: skip
PAIRS = {
    "mul": lambda x, y: x * y,
    "mul_": lambda x, y: x.mul_(y.clone()),
    "add_": lambda x, y: x.add_(y.clone()),
    "copy_": lambda x, y: x.copy_(y),
    "where": lambda x, y: (x > 0).double() * x * y,
    "setitem": lambda x, y: x.__setitem__(0, y[0]) or x,
}  # fmt: skip


def played(lib, seed):
    """What a program of that seed shows."""
    choose, forward_ad, seen = random.Random(seed), lib.autograd.forward_ad, []
    value = lambda: lib.tensor([[round(choose.uniform(-2, 2), 2) for _ in range(3)] for _ in range(2)], dtype=lib.float64)
    with forward_ad.dual_level():
        pool = []
        for _ in range(3):
            x, t = value(), value()
            x.requires_grad_(choose.random() < 0.3)
            pool.append(forward_ad.make_dual(x, t) if choose.random() < 0.6 else x)
        for _ in range(STEPS):
            name, x, y = choose.choice([*SINGLE, *PAIRS, "primal", "dual"]), choose.choice(pool), choose.choice(pool)
            enabled = choose.random() < 0.9
            try:
                with lib.set_grad_enabled(enabled):
                    if name == "primal":
                        pool.append(forward_ad.unpack_dual(x).primal)
                    elif name == "dual":
                        pool.append(forward_ad.make_dual(x, value().flatten()[: x.numel()].reshape(x.shape)))
                    elif name in SINGLE or x.shape == y.shape:
                        pool.append((SINGLE.get(name) or PAIRS[name])(x, y))
                seen.append(name)
            except (RuntimeError, IndexError) as error:
                seen.append(f"{name}: {type(error).__name__} {str(error).partition(chr(10))[0]}")
        for x in pool:
            seen += [data(x), attempt(lambda x=x: data(forward_ad.unpack_dual(x).tangent)), (x._version, tuple(x.shape))]
        nodes = [attempt(lambda x=x: x.grad_fn) for x in pool]
        recorded = [x for x, node in zip(pool, nodes) if node is not None and not isinstance(node, str)]
        leaves = [x for x in pool[:3] if x.requires_grad]
        if leaves and recorded:
            found = attempt(lambda: lib.autograd.grad(sum((y * y).sum() for y in recorded), leaves, allow_unused=True))
            for g in (found,) if isinstance(found, str) else found:
                seen += [data(g), g if isinstance(g, str) or g is None else data(forward_ad.unpack_dual(g).tangent)]
    return seen


def attempt(ask):
    """What is asked for, or the first line of the error."""
    try:
        return ask()
    except RuntimeError as error:
        return str(error).partition("\n")[0]


def data(tensor):
    return tensor if tensor is None or isinstance(tensor, str) else np.array(tensor.detach().numpy())


def same(a, b):
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True)
    return type(a) is type(b) and a == b


@pytest.mark.parametrize("chunk", range(4))
@pytest.mark.filterwarnings("ignore")
def test_random_programs_of_duals(chunk, lib):
    for seed in range(chunk * PROGRAMS // 4, (chunk + 1) * PROGRAMS // 4):
        expected, got = played(REFERENCE, seed), played(lib, seed)
        wrong = [f"{i}: expected (torch) {a} / got (minigrad) {b}"
                 for i, (a, b) in enumerate(zip(expected, got)) if not same(a, b)]
        assert not wrong and len(expected) == len(got), f"seed {seed}: {expected[:STEPS]}\n" + "\n".join(wrong)
