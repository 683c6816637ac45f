"""How much code an op is: counted from the source, blank lines, comments and docstrings left out."""

import ast
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple

OPS = Path(__file__).parents[1] / "minigrad" / "ops"
LONG = 12  # lines, beyond which a formula should be looked at again
DECLARING = {"primitive", "pointwise"}


class Source(NamedTuple):
    """A module: its tree, and the numbers of its lines of code."""

    tree: ast.Module
    code: set

    @classmethod
    def of(cls, text):
        tree = ast.parse(text)
        said = {line for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
                for line in range(node.lineno, node.end_lineno + 1)}  # fmt: skip
        lines = enumerate(map(str.strip, text.splitlines()), 1)
        return cls(tree, {i for i, line in lines if line and not line.startswith("#") and i not in said})

    def lines(self, node):
        start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        return len(self.code & set(range(start, node.end_lineno + 1)))

    def functions(self):
        return {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)}

    def declared(self):
        """{name: function} of the ops that the module declares by a decorator."""
        return {name: node for name, node in self.functions().items() if any(
            isinstance(d, ast.Call) and getattr(d.func, "id", "") in DECLARING for d in node.decorator_list)}  # fmt: skip

    def derivatives(self):
        """(op, its call of vjp) for each."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "vjp" and isinstance(node.func.value, ast.Name):
                yield node.func.value.id, node

    def formulas(self):
        """(op, input, lines) of each derivative formula: of the function that it names or calls, if that is its own."""
        helpers = {name: node for name, node in self.functions().items() if name.startswith("_") or name.endswith("_vjp")}
        for op, call in self.derivatives():
            joint = call.args[0].elts[-1:] if call.args and isinstance(call.args[0], ast.Tuple) else []
            for name, formula in [("all inputs", f) for f in joint] + [(k.arg, k.value) for k in call.keywords]:
                yield op, name, self.lines(helpers.get(named(formula), formula))


def named(formula):
    """The function that a formula is, or that a lambda does nothing but call."""
    body = formula.body if isinstance(formula, ast.Lambda) else formula
    body = body.func if isinstance(body, ast.Call) and isinstance(formula, ast.Lambda) else body
    return getattr(body, "id", None)


def figures(folder=OPS):
    """What README.md says of the code of minigrad/ops."""
    sources = {path.stem: Source.of(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.py"))}
    sizes, formulas, public = {}, [], 0
    for module, source in sources.items():
        own = {name: source.lines(node) for name, node in source.declared().items()}
        for op, call in source.derivatives():
            if op in own:
                own[op] += source.lines(call)
        sizes |= {f"{module}.{name}": n for name, n in own.items()}
        formulas += [(n, f"{module}.{op}", name) for op, name, n in source.formulas()]
        public += sum(not name.startswith("_") for name in source.functions())
    length, longest, its_input = max(formulas)
    return {
        "ops": len(sizes), "mean": round(mean(sizes.values()), 1), "median": median(sizes.values()),
        "largest": max(sizes, key=sizes.get), "largest_lines": max(sizes.values()),
        "functions": public, "lines": sum(len(source.code) for source in sources.values()),
        "formulas": len(formulas), "formula_mean": round(mean(n for n, *_ in formulas), 1),
        "longest": longest, "longest_input": its_input, "longest_lines": length,
        "long": sorted({op for n, op, _ in formulas if n > LONG}),
    }  # fmt: skip


if __name__ == "__main__":
    print(*(f"{key}: {value}" for key, value in figures().items()), sep="\n")
