"""The two libraries a check runs with, and the global state that every check starts from."""

import builtins
import importlib
import os
import warnings

import torch

torch.set_num_threads(1)
REFERENCE = torch


def load(name="minigrad", backend=None):
    """The library under test: minigrad on the backend asked for, or torch itself (to test the suite)."""
    lib = importlib.import_module(name)
    if backend:
        os.environ.setdefault("CUDA_LAUNCH_BLOCKING", "1")  # errors where they happen, not when the host next waits
        importlib.import_module(name + ".backends").use(backend)
    return lib


def seal(lib):
    """Put the global state back to what a fresh interpreter has, and seed the generator."""
    lib.set_default_dtype(lib.float32)
    lib.set_grad_enabled(True)
    lib.set_printoptions(profile="default")
    getattr(lib, "default_generator", lib).manual_seed(0)  # torch.manual_seed also formats the stack


def calm():
    """Leave warnings to the checks that read them."""
    warnings.simplefilter("ignore")


def importing(lib):
    """`__import__` as a program sees it for which lib is torch."""

    def load(name, *where):
        if name.partition(".")[0] != "torch":
            return builtins.__import__(name, *where)
        return builtins.__import__(name.replace("torch", lib.__name__, 1), *where)

    return load
