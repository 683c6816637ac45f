"""What a node keeps otherwise than what its formula asks for: more, because torch's node keeps it, and then a write to it is
refused on the way back and `_saved_<name>` shows it; or less surely, because torch's does not."""

import inspect


def keeping(*names):
    """Let a formula ask for these too"""

    def extend(formula):
        first, *asked = inspect.signature(formula).parameters

        def wider(g, *arguments):
            return formula(g, *arguments[: len(asked)])

        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        wider.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in (first, *asked, *names)])
        return wider

    return extend


class Unwritten:
    """An output of the node itself that can be done without: called, it gives the array, or None once it was written to."""

    __slots__ = ("data", "version", "expected")

    def __init__(self, tensor):
        self.data, self.version = tensor._data, tensor._counter
        self.expected = self.version.value

    def __call__(self):
        return self.data if self.version.value == self.expected else None

    def __repr__(self):
        return "the output, unless it is written to"
