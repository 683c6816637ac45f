"""python -m benchmarks [group ...] [--rounds N]: prints tables and writes benchmarks/results/<group>.json."""

import argparse
import json
import os
import platform
from pathlib import Path

import numpy as np

from . import chains, memory, operations, seam, training
from .libraries import LIBRARIES
from .timing import compare

TIMED = {
    "forward": ("one recorded op, 4x4", operations.forward_cases),
    "backward": ("one recorded op and its backward, 4x4", operations.backward_cases),
    "chains": ("chains with backward", chains.cases),
    "training": ("training steps", training.cases),
}
MEASURED = {
    "seam": ("the seam between engine and NumPy", seam.rows),
    "deep": ("depth", memory.deep_rows),
    "growth": ("memory, the garbage collector off", memory.growth_rows),
}
RESULTS = Path(__file__).parent / "results"


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    groups = [*TIMED, *MEASURED]
    parser.add_argument("groups", nargs="*", metavar="group", help=f"of {', '.join(groups)}; all if none is named")
    parser.add_argument("--rounds", type=int, default=15, help="turns that each contestant takes (15)")
    options = parser.parse_args()
    if unknown := set(options.groups) - set(groups):
        parser.error(f"no group is called {', '.join(sorted(unknown))}; there are {', '.join(groups)}")

    machine = describe_machine()
    print(", ".join(f"{key} {value}" for key, value in machine.items()))
    for group in options.groups or groups:
        rows = timed(group, options.rounds) if group in TIMED else measured(group)
        RESULTS.mkdir(exist_ok=True)
        text = json.dumps({"machine": machine, "rows": rows}, indent=1)
        (RESULTS / f"{group}.json").write_text(text + "\n")


def timed(group, rounds):
    title, cases = TIMED[group]
    print(f"\n{title:40} {'minigrad':>12} {'torch':>12} {'NumPy':>12}   {'/ torch':>8} {'/ NumPy':>8}")
    rows = {}
    for case in cases():
        row = rows[case.name] = compare(case.contestants(), rounds)
        times = " ".join(f"{duration(row['seconds'].get(name)):>12}" for name in ("minigrad", "torch", "numpy"))
        ratios = " ".join(f"{ratio(row['ratio'].get(name)):>8}" for name in ("torch", "numpy"))
        print(f"{case.name:40} {times}   {ratios}", flush=True)
    return rows


def measured(group):
    title, make_rows = MEASURED[group]
    print(f"\n{title}")
    rows = make_rows()
    for name, row in rows.items():
        for library, numbers in row.items():
            values = "  ".join(f"{key} {value:8.2f}" for key, value in numbers.items())
            print(f"{name:42} {library:9} {values}", flush=True)
    return rows


def duration(seconds):
    if seconds is None:
        return ""
    return f"{seconds * 1e6:.2f} us" if seconds < 1e-3 else f"{seconds * 1e3:.2f} ms"


def ratio(value):
    return "" if value is None else f"{value:.2f}"


def describe_machine():
    """What the numbers depend on, and nothing that tells whose machine it is."""
    versions = {name: library.__version__ for name, library in LIBRARIES.items() if library}
    python = {"python": platform.python_version(), "numpy": np.__version__}
    return {"cpu": cpu_model(), "cores": os.cpu_count()} | python | versions


def cpu_model():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
