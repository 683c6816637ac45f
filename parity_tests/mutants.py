"""python -m parity_tests.mutants [OP ...]: every derivative formula made wrong in turn; which does the suite not notice?

First all checks of gradients run once, to see which formulas each of them uses.  Then each formula is negated and shifted, and
the checks that use it run until one finds a difference.  What is listed at the end is what the suite does not hold.
"""

import contextlib
import functools
import gc
import importlib
import pkgutil
import sys
from fnmatch import fnmatchcase

from tqdm import tqdm

import minigrad.ops
import parity_tests.ops  # noqa: F401  (fills the table)
from minigrad.ops.primitive import Op
from parity_tests import libs, opinfo, runner
from parity_tests.case import CASES
from parity_tests.faults import fresh, plans

ENOUGH, FEW = 6, 4  # checks to try on each formula, and samples of each OpInfo entry


def formulas():
    """{"module.op.input": (op, input)} of every formula in minigrad."""
    for module in pkgutil.iter_modules(minigrad.ops.__path__):
        importlib.import_module(f"minigrad.ops.{module.name}")
    found = {}
    for op in sorted((x for x in gc.get_objects() if isinstance(x, Op)), key=lambda op: op.node_class.__name__):
        name = f"{op.kernel.__module__.rpartition('.')[2]}.{op.kernel.__name__}"
        for key in op.formulas:
            full = f"{name}.{key or 'all inputs'}"
            found[full if full not in found else f"{full} ({op.node_class.__name__})"] = op, key
    return found


def checks(lib):
    """{name: check} of all checks of gradients and second gradients in float64; of OpInfo's entries on a few samples."""
    found = {}
    for checker in ("gradient", "second"):
        for case in CASES:
            if "float64" in case.dtypes and checker in runner.checks(case, "float64"):
                found[f"{case.id} {checker}"] = functools.partial(runner.check, case, "float64", checker, lib)
        for name, entry in opinfo.mapped(lib)[0].items():
            if "float64" in entry.dtypes() and checker in opinfo.checks(entry, "float64"):
                found[f"opinfo/{name} {checker}"] = functools.partial(opinfo.check, entry, "float64", checker, FEW)
    return found


@contextlib.contextmanager
def changed(op, name, change):
    """An op with `change(formula)` for one of its formulas."""
    formula = op.formulas[name]
    wrong = functools.wraps(formula)(change(formula))
    op.formulas[name] = wrong
    with fresh(*plans(op)):
        try:
            yield
        finally:
            op.formulas[name] = formula


def wrong(value):
    """A gradient, or several, negated and shifted."""
    if isinstance(value, (list, tuple)):
        return type(value)(map(wrong, value))
    return None if value is None else 0.01 - value


def uses(table, todo):
    """{formula: names of the checks that use it}"""
    used, running = {name: [] for name in table}, []

    def noting(name):
        def change(formula):
            def noted(*args):
                if running and used[name][-1:] != running:
                    used[name] += running
                return formula(*args)
            return noted
        return change

    with contextlib.ExitStack() as stack:
        for name, (op, key) in table.items():
            stack.enter_context(changed(op, key, noting(name)))
        for check in tqdm(todo, desc="which checks use which formula", leave=False):
            running[:] = [check]
            todo[check]()
            running.clear()
    return used


def main(patterns):
    libs.calm()
    lib = libs.load()
    table = {name: f for name, f in formulas().items() if not patterns or any(fnmatchcase(name, p) for p in patterns)}
    todo = checks(lib)
    used, survivors = uses(table, todo), 0
    for name, (op, key) in tqdm(table.items(), desc="formulas made wrong", leave=False):
        good = [check for check in used[name] if not todo[check]().findings][:ENOUGH]
        with changed(op, key, lambda formula: lambda *args: wrong(formula(*args))):
            if good and not any(todo[check]().findings for check in good):
                survivors += 1
                tqdm.write(f"not noticed: {name} (used by {', '.join(good)})", sys.stdout)
    unused = [name for name in table if not used[name]]
    print(*(f"not used by any check: {name}" for name in unused), sep="\n")
    print(f"{len(table)} formulas: {len(table) - survivors - len(unused)} noticed when wrong, {survivors} not, "
          f"{len(unused)} not used by any check")  # fmt: skip
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
