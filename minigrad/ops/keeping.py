"""What a node keeps although its formula makes no use of it, because torch's node keeps it: a write to it is refused on the
way back, and `_saved_<name>` shows it."""

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
