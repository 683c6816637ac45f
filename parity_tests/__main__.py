"""python -m parity_tests [PATTERN ...]: the op cases against torch, op by op, with a table at the end."""

import argparse
import sys
import time
import traceback
from fnmatch import fnmatchcase

import numpy as np

import parity_tests.ops  # noqa: F401  (fills the table)
from parity_tests import libs, report
from parity_tests.case import CASES
from parity_tests.compare import Result
from parity_tests.deviations import ROUNDINGS, deviation
from parity_tests.runner import check, checks, verdict

ORDER = {"value": 0, "gradient": 1, "graph": 1, "second": 2}


def arguments():
    parser = argparse.ArgumentParser(prog="python -m parity_tests", description=__doc__)
    parser.add_argument(
        "patterns", nargs="*", metavar="PATTERN", help="an op or a shell pattern of op/case: add 'mul/*' '*mean*'"
    )
    parser.add_argument("--dtype", help="only this dtype (float64, float32, float16, int64, ...)")
    parser.add_argument("--backend", help="the backend minigrad computes with: numpy, strict, torch, cupy")
    parser.add_argument("--lib", default="minigrad", help="the library under test (torch: the suite against itself)")
    parser.add_argument(
        "--order", type=int, default=2, choices=(0, 1, 2), help="0 values, 1 gradients and graphs, 2 second gradients"
    )
    parser.add_argument("--samples", type=int, default=1, help="random draws of each case")
    parser.add_argument("--json", metavar="FILE", help="write everything found")
    parser.add_argument("--html", metavar="FILE", help="write the table as a page")
    parser.add_argument("--messages", type=int, default=3, help="failure messages printed for an op (-1: all)")
    parser.add_argument("--causes", type=int, default=12, help="causes listed after a table with failures")
    return parser.parse_args()


def chosen(patterns):
    """The cases of each op, in the order of the tables."""
    ops = {}
    for case in CASES:
        if not patterns or any(p == case.op or fnmatchcase(case.id, p) for p in patterns):
            ops.setdefault(case.op, []).append(case)
    return ops


def guarded(case, dtype, checker, lib, samples):
    """A check whose own failure is a finding, so that a run always reaches its table."""
    try:
        return check(case, dtype, checker, lib, samples)
    except Exception:
        return Result(["the check itself failed: " + traceback.format_exc(limit=-3)])


def progress(text=""):
    """What is running now, on a terminal's last line."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def run_op(op, cases, lib, options):
    """The report row of one op."""
    row = report.Row(op)
    for case in cases:
        for dtype in case.dtypes:
            for checker in checks(case, dtype):
                if ORDER[checker] > options.order or options.dtype not in (None, dtype):
                    continue
                result = guarded(case, dtype, checker, lib, options.samples)
                said = verdict(case.id, dtype, checker, result, options.backend)
                row.add(case, dtype, checker, result, said, deviation(case.id, dtype, checker, options.backend))
    return row


def main():
    """Run, print, write; 0 if everything agrees."""
    options = arguments()
    libs.calm()
    lib = libs.load(options.lib, options.backend)
    ops, rows, start = chosen(options.patterns), [], time.time()
    if not ops:
        sys.exit(f"no case matches {' '.join(options.patterns)}")
    for i, (op, cases) in enumerate(ops.items(), 1):
        progress(f"[{i}/{len(ops)}] {op}")
        rows.append(row := run_op(op, cases, lib, options))
        progress()
        for failure in row.failures[: options.messages if options.messages >= 0 else None]:
            print(failure["case"], failure["dtype"], failure["check"])
            print("    " + failure["message"].replace("\n", "\n    "))
    facts = {
        "library": options.lib,
        "backend": options.backend or "default",
        "torch": libs.REFERENCE.__version__,
        "numpy": np.__version__,
        "seconds": round(time.time() - start, 1),
    }
    print(report.table(rows))
    if any(row.failures for row in rows):
        print("\nThe commonest causes, numbers left out:", *report.causes(rows, options.causes), "", sep="\n")
    print(*report.exactness(rows, ROUNDINGS.get(options.backend)), sep="\n")
    print(report.summary(rows) + f", {facts['seconds']} s")
    if options.json:
        report.write_json(options.json, rows, facts)
    if options.html:
        report.write_html(options.html, rows, facts)
    return 1 if any(row.failures for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
