"""python -m parity_tests [PATTERN ...]: what agrees with torch, op by op and dtype by dtype, how closely, and what not."""

import argparse
import datetime
import functools
import platform
import sys
import time

import numpy as np
from tqdm import tqdm

from parity_tests import kinds, libs, page, parallel, report, sources
from parity_tests.deviations import ROUNDINGS

EXAMPLES = """examples:
  python -m parity_tests                       every op case, and two samples of each OpInfo entry
  python -m parity_tests add '*pool*'          some ops
  python -m parity_tests 'mul/*0-d*' --messages -1
                                               some cases of an op, with every message
  python -m parity_tests --kind reductions --by-dtype --order 1
  python -m parity_tests --backend strict --source cases
  python -m parity_tests --full --speed --html report.html --json report.json
exit code: 0 if everything agrees or differs as a known deviation says, 1 if not, 2 if nothing matches"""


def arguments():
    parser = argparse.ArgumentParser(prog="python -m parity_tests", description=__doc__, epilog=EXAMPLES,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    add = parser.add_argument
    add("patterns", nargs="*", metavar="PATTERN", help="an op, or a shell pattern of an op or of op/case")
    add("--source", default="all", choices=("cases", "opinfo", "all"),
        help="this suite's cases, torch's OpInfo, or both (default)")
    add("--kind", action="append", choices=kinds.KINDS, metavar="KIND", help=f"only ops of a kind: {', '.join(kinds.KINDS)}")
    add("--full", action="store_true", help="all sample inputs and dtypes of OpInfo, three draws of each case")
    add("--samples", type=int, help="sample inputs of an OpInfo entry, random draws of a case")
    add("--dtype", help="only this dtype (float64, float32, float16, int64, ...)")
    add("--order", type=int, default=2, choices=(0, 1, 2), help="0 values, 1 gradients and graphs, 2 second gradients")
    add("--backend", help="the backend minigrad computes with: numpy, strict, torch, cupy")
    add("--lib", default="minigrad", help="the library under test (torch: the suite against itself)")
    add("--speed", action="store_true", help="time each op on a small input, here and in torch in turns")
    add("--jobs", type=int, help="processes (default: one a core; one for a GPU)")
    add("--json", metavar="FILE", help="write everything found")
    add("--html", metavar="FILE", help="write the table as a page: sortable, searchable, with the reasons")
    add("--by-dtype", action="store_true", help="a line for each op and dtype")
    add("--messages", type=int, default=3, help="failure messages printed for an op (-1: all)")
    add("--causes", type=int, default=12, help="causes listed after a table with failures")
    return parser.parse_args()


def jobs(options):
    """What there is to do, for the sources, patterns and kinds asked for."""
    chosen = (options.patterns, options.kind or ())
    found = sources.from_opinfo(*chosen) if options.source != "cases" else []
    return found + (sources.from_cases(*chosen) if options.source != "opinfo" else [])


def said(row, most):
    """The failures of a row, as lines."""
    for failure in row.failures[: most if most >= 0 else None]:
        yield " ".join(failure[key] for key in ("case", "dtype", "check"))
        yield "    " + failure["message"].replace("\n", "\n    ")


def compared(todo, options):
    """The rows of all jobs, with a progress line on a terminal."""
    wanted = sources.Options(**{name: getattr(options, name) for name in sources.Options._fields})
    processes = options.jobs or (1 if options.backend == "cupy" or len(todo) < 9 else parallel.cores())
    rows, failed = [], 0
    live = sys.stderr.isatty()  # else a line twice a minute
    with tqdm(total=len(todo), unit="op", leave=False, dynamic_ncols=True, mininterval=0.2 if live else 30) as bar:
        for job, row in parallel.each(functools.partial(sources.run, options=wanted), todo, processes):
            rows.append(row)
            failed += bool(row.failures)
            bar.set_postfix_str(f"{failed} failed, last {job.op}", refresh=False)
            bar.update()
            for text in said(row, options.messages):
                (bar.write if live else print)(text)
    return report.gathered(rows)


def facts_of(options, start):
    """What the figures depend on."""
    return {
        "date": datetime.date.today().isoformat(),
        "library": options.lib,
        "torch": libs.REFERENCE.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "device": "GPU" if options.backend == "cupy" else "CPU",
        "backend": options.backend or "numpy",
        "source": options.source,
        "samples": "all" if options.full and not options.samples else options.samples or "a few",
        "seconds": round(time.time() - start),
    }


def main():
    """Run, print, write; 0 if everything agrees."""
    options, start = arguments(), time.time()
    todo = jobs(options)
    if not todo:
        print(f"nothing matches {' '.join(options.patterns)}", file=sys.stderr)
        return 2
    rows = compared(todo, options)
    facts, shown = facts_of(options, start), [row for row in rows if row.verdict != "out"]
    if options.by_dtype:
        shown = [row.of(dtype) for row in shown for dtype in row.dtypes()]
    print(report.table(shown))
    print("\n" + report.LEGEND)
    if any(row.failures for row in rows):
        print("\nThe commonest causes, numbers left out:", *report.causes(rows, options.causes), sep="\n")
    print(*report.exactness(rows, ROUNDINGS.get(options.backend)), sep="\n")
    print("\n" + report.summary(rows) + f", {facts['seconds']} s")
    if options.json:
        report.write_json(options.json, rows, facts)
    if options.html:
        page.write(options.html, rows, facts)
    return 1 if any(row.failures for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
