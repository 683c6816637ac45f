"""The contestants: minigrad, torch where it is installed, and NumPy by hand."""

from typing import Any, NamedTuple

import numpy as np

import minigrad

try:
    import torch
except ImportError:
    torch = None
else:
    torch.set_num_threads(1)

LIBRARIES = {"minigrad": minigrad, "torch": torch}


class Case(NamedTuple):
    """One row: `build(library)` and `by_hand()` each make a function of no arguments that does the work once."""

    name: str
    build: Any
    by_hand: Any = None

    def contestants(self):
        """The functions to be timed, by name, after checking that they compute the same."""
        made = {name: self.build(library) for name, library in LIBRARIES.items() if library}
        if self.by_hand:
            made["numpy"] = self.by_hand()
        runs = {name: [array(run()) for _ in range(3)] for name, run in made.items()}  # thrice: a step changes the next
        for name, results in runs.items():
            message = f"{self.name}: minigrad and {name} disagree"
            np.testing.assert_allclose(runs["minigrad"], results, rtol=1e-3, atol=1e-5, err_msg=message)
        return made


def array(result):
    return result.detach().numpy() if hasattr(result, "detach") else np.asarray(result)


def tensors(library, arrays, requires_grad=True):
    return [library.tensor(a, requires_grad=requires_grad) for a in arrays]


def normal(*shape, seed=0):
    return np.random.default_rng([seed, *shape]).standard_normal(shape, dtype=np.float32)
