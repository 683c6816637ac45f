"""Small programs that print how autograd behaves, gathered in PROGRAMS."""

from parity_tests.behaviours import (
    anomalies,
    asking,
    checkpoints,
    duals,
    functional,
    gradchecks,
    gradients,
    graphs,
    inplace,
    modes,
    profiles,
    transforms,
)  # fmt: skip
from parity_tests.behaviours.program import PROGRAMS

__all__ = [
    "PROGRAMS",
    "anomalies",
    "asking",
    "checkpoints",
    "duals",
    "functional",
    "gradchecks",
    "gradients",
    "graphs",
    "inplace",
    "modes",
    "profiles",
    "transforms",
]
