"""What the seam costs: minigrad beside a copy of itself in which NumPy is built in, in turns.

In the copy the engine asks nobody which backend an array belongs to, and finds no kernel by an array's type: wherever
minigrad says `backend_of(array)` the copy says NumPy, and each op knows its NumPy kernel.
"""

import atexit
import importlib
import re
import shutil
import sys
import tempfile
from pathlib import Path

import minigrad

from . import chains, operations, training
from .timing import compare

ASKING = re.compile(r"\bbackend_of\((?:[^()]|\([^()]*\))*\)")
LOOKING_UP = re.compile(r"\bkernels\[type\((?:[^()]|\([^()]*\))*\)\]")
IMPORT = re.compile(r"^(from \.+backends import .*\bbackend_of\b.*)$", re.M)
KERNELS = "class Kernels(dict):\n"
KNOWN = KERNELS + "    only = functools.cached_property(lambda self: self[BUILT_IN.host_array])\n\n"


def built_in():
    """The copy, as a module; how many places of it were changed."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    package, changed = folder / "minigrad_on_numpy", 0
    shutil.copytree(Path(minigrad.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    for path in package.rglob("*.py"):
        text = path.read_text()
        if "backends" in path.relative_to(package).parts or "backend_of" not in text and "kernels[" not in text:
            continue
        text, asked = ASKING.subn("BUILT_IN", text)
        text, found = LOOKING_UP.subn("kernels.only", text)
        path.write_text(IMPORT.sub(r"\1, host as BUILT_IN", text).replace(KERNELS, KNOWN))
        changed += asked + found
    sys.path.insert(0, str(folder))
    return importlib.import_module(package.name), changed


def rows(rounds=31):
    """The time of some programs with the seam, and its ratio to that without."""
    other, changed = built_in()
    found = {"places where the engine asks": {"minigrad": {"count": changed}}}
    wanted = {"add", "exp", "sum", "matmul", "softmax"}
    cases = [case for case in operations.forward_cases() if case.name in wanted]
    cases += [case for case in chains.cases() if case.name.startswith("100 ")]
    cases += [case for case in training.cases() if "LeNet" in case.name]
    for case in cases:
        result = compare({"minigrad": case.build(minigrad), "built in": case.build(other)}, rounds)
        found[case.name] = {"minigrad": {"us": 1e6 * result["seconds"]["minigrad"],
                                         "with / without seam": result["ratio"]["built in"]}}  # fmt: skip
    return found
