"""The part that a student reads stays short: Tensor's autograd, graph, engine and in-place, about 1,000 lines of code."""

import ast
import io
import pathlib
import tokenize

import minigrad

CORE = ("tensor", "autograd/attributes", "autograd/graph", "autograd/saved", "autograd/backward", "autograd/engine",
        "autograd/inplace", "autograd/writable")  # fmt: skip
LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


def code_lines(source):
    """How many lines of a file are neither empty nor comment nor docstring."""
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in LAYOUT:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            lines.difference_update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(lines)


def test_the_core_is_short():
    folder = pathlib.Path(minigrad.__file__).parent
    sources = {name: (folder / f"{name}.py").read_text() for name in CORE}
    sizes = {name: code_lines(source) for name, source in sources.items()}
    print(f"{sum(sizes.values())} lines of code: {sizes}")
    assert sum(sizes.values()) < 1100
    for name, source in sources.items():
        assert len(ast.get_docstring(ast.parse(source)).split()) > 12, f"{name} lacks an introduction"
