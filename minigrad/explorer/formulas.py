"""The mathematics of a node, read from the declaration of its op: its docstring and the source of its formulas."""

import ast
import functools
import inspect


def formula(node):
    """What the op of a node computes, in a line; '' if it does not say."""
    op = getattr(node, "op", None)
    text = op.kernel.__doc__ if op is not None else type(node).__doc__
    return (text or "").strip().split("\n")[0]


def derivatives(node):
    """For each edge of a node, (name of the input, source of its derivative); ('', '') where nothing is known."""
    op, found = getattr(node, "op", None), [("", "")] * len(node.edges)
    if op is None:
        return found
    if None in op.formulas:
        source = source_of(op.formulas[None], None)
        return [(name, source) for name in (*op.differentiable, *[""] * len(found))[: len(found)]]
    if op.variadic:
        return [(name, source_of(f, name)) for name, f in op.formulas.items()] * len(found)
    for i, name in enumerate(op.differentiable[: len(found)]):
        found[i] = name, source_of(op.formulas[name], name)
    return found


@functools.cache
def source_of(function, keyword):
    """The source of a formula: the body of a lambda, or the name of a function."""
    if function.__name__ != "<lambda>":
        return f"{function.__name__}(...)"
    line, names = function.__code__.co_firstlineno, list(inspect.signature(function).parameters)
    here = [(word, found) for word, found in lambdas_of(inspect.getsourcefile(function))
            if found.lineno == line and [a.arg for a in found.args.args] == names]
    named = [found for word, found in here if word == keyword] or [found for _, found in here]
    return ast.unparse(named[0].body) if named else ""


@functools.cache
def lambdas_of(path):
    """All lambdas of a file, each with the keyword that it is given as, if any."""
    try:
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, TypeError):
        return []
    words = {id(k.value): k.arg for k in ast.walk(tree) if isinstance(k, ast.keyword)}
    return [(words.get(id(n)), n) for n in ast.walk(tree) if isinstance(n, ast.Lambda)]
