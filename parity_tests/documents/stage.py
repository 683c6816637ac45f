"""Where a document's program prints: lines are kept (an error is one), and tensors and arrays as values too."""

from importlib import import_module

import numpy as np


class Stage:
    """`show(...)` prints like print, `show.echo(x)` like a notebook's last line, `show.fails(f)` what f raises."""

    def __init__(self, lib):
        self.lib, self.lines, self.values = lib, [], []

    def __call__(self, *shown):
        self.lines += " ".join(map(str, shown)).split("\n")
        for value in shown:
            self.keep(value)

    def echo(self, value):
        self.lines += repr(value).split("\n")
        self.keep(value)

    def keep(self, value):
        """Remember a value without printing it."""
        if isinstance(value, self.lib.Tensor):
            value = value.detach().numpy()
        if type(value) is float:  # a tensor's item()
            value = np.float32(value)
        if isinstance(value, (np.ndarray, np.generic, int)):
            self.values.append(np.array(value))

    def fails(self, program):
        try:
            program()
        except Exception as error:
            self.lines.append(f"{type(error).__name__}: {error}")
        else:
            self("no error")


def module(lib, name):
    """lib.name by an import statement's own way."""
    return import_module(f"{lib.__name__}.{name}")
