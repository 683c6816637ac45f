"""Where the tool's programs come from: this suite's own op cases, and torch's OpInfo.

Both are cut into jobs, one op of one source each, so that a run can be spread over processes.  A job gives a `Row`.
"""

import functools
import time
import traceback
from fnmatch import fnmatchcase
from typing import NamedTuple

import torch

import parity_tests.ops  # noqa: F401  (fills the table)
from parity_tests import libs, opinfo, runner, speed
from parity_tests.case import CASES, call
from parity_tests.compare import Result
from parity_tests.deviations import deviation
from parity_tests.kinds import kind
from parity_tests.report import ABSENT, OUT_OF_SCOPE, Row

ORDER = {"gradient": 1, "graph": 1, "second": 2}  # how often a check differentiates; the others do not
FEW = 2  # sample inputs of an OpInfo entry, unless all are asked for


class Options(NamedTuple):
    """What a job has to know; plain data, so that it can be sent to another process."""

    lib: str = "minigrad"
    backend: str | None = None
    dtype: str | None = None
    order: int = 2
    samples: int | None = None
    full: bool = False
    speed: bool = False

    def wants(self, dtype, checker):
        return ORDER.get(checker, 0) <= self.order and self.dtype in (None, dtype)


class Job(NamedTuple):
    """One op of one source."""

    source: str
    op: str
    cases: tuple = ()


# ---- what there is to do --------------------------------------------------------------------------------------------

NAMESPACES = ("", "nn.functional.", "linalg.", "special.")


@functools.cache
def full_name(op):
    """torch's name of the op that a case is called after: "nn.functional.elu" for "elu"."""
    known = set(opinfo.database()) | {entry.name for entry in opinfo.database().values()}
    found = next((space + op for space in NAMESPACES if space + op in known), None)
    return found or ("nn.functional." + op if hasattr(torch.nn.functional, op) and not hasattr(torch, op) else op)


def fits(name, patterns):
    """Whether one of the patterns is the name, its last part, or a shell pattern that matches it."""
    spellings = {name, *(name.removeprefix(space) for space in NAMESPACES[1:])}
    return not patterns or any(p == s or fnmatchcase(s, p) for p in patterns for s in spellings)


def from_cases(patterns, kinds=()):
    """The jobs of the case table."""
    ops = {}
    for i, case in enumerate(CASES):
        if fits(case.op, patterns) or any(fnmatchcase(case.id, p) for p in patterns):
            ops.setdefault(case.op, []).append(i)
    return [Job("cases", op, tuple(cases)) for op, cases in ops.items() if not kinds or kind(full_name(op)) in kinds]


def from_opinfo(patterns, kinds=()):
    """The jobs of op_db."""
    return [Job("opinfo", name) for name in opinfo.database() if fits(name, patterns) and (not kinds or kind(name) in kinds)]


# ---- doing it -------------------------------------------------------------------------------------------------------


def run(job, options):
    """The Row of one job."""
    libs.calm()
    lib, start = libs.load(options.lib, options.backend), time.process_time()
    row = RUN[job.source](job, lib, options)
    row.seconds = round(time.process_time() - start, 3)
    return row


def guarded(lib, check, *args):
    """A check from a fresh global state, whose own failure is a finding, so that a run always reaches its table."""
    for one in (libs.REFERENCE, lib):
        libs.seal(one)
    try:
        return check(*args)
    except Exception:
        return Result(["the check itself failed: " + traceback.format_exc(limit=-3)])


def run_cases(job, lib, options):
    """Every case of an op, in each of its dtypes and layouts."""
    name = full_name(job.op)
    row = Row(name, kind(name))
    cases, draws = [CASES[i] for i in job.cases], options.samples or (3 if options.full else 1)
    for case in cases:
        for dtype in case.dtypes:
            for checker in filter(lambda c: options.wants(dtype, c), runner.checks(case, dtype)):
                result = guarded(lib, runner.check, case, dtype, checker, lib, draws)
                judge(row, "cases", case.id, dtype, checker, result, options)
    if options.speed:
        row.speed = timed([call(c, libs.REFERENCE, "float32", "contiguous"), call(c, lib, "float32", "contiguous")]
                          for c in cases if "float32" in c.dtypes)
    return row


def run_entry(job, lib, options):
    """Every sample input of an OpInfo entry (without `full`, a few in its first dtype), and its error inputs."""
    row = Row(job.op, kind(job.op))
    if opinfo.OUT_OF_SCOPE.match(job.op):
        row.state = OUT_OF_SCOPE
        return row
    try:
        entry = opinfo.Entry(opinfo.database()[job.op], lib)
    except AttributeError:
        row.state = ABSENT
        return row
    most = options.samples or (None if options.full else FEW)
    row.differentiable = entry.differentiable, entry.differentiable and entry.op.supports_gradgrad
    first = row.first = opinfo.first_dtype(entry)
    for dtype in entry.dtypes() if options.full or options.dtype else [first]:
        for checker in filter(lambda c: options.wants(dtype, c), opinfo.checks(entry, dtype)):
            result = guarded(lib, opinfo.check, entry, dtype, checker, most)
            judge(row, "opinfo", f"opinfo/{job.op}", dtype, checker, result, options)
    if options.order and entry.differentiable and options.dtype in (None, first):
        row.measure_graph("opinfo", first, guarded(lib, opinfo.check, entry, first, "graph", most))
    if options.speed and "float32" in entry.dtypes():
        row.speed = timed(entry.samples("float32", 1))
    return row


RUN = {"cases": run_cases, "opinfo": run_entry}


def judge(row, source, name, dtype, checker, result, options):
    """Count one check in the row: passed, failed, or as a known deviation (of minigrad's) says."""
    if options.lib != "minigrad":
        return row.add(source, name, dtype, checker, result, result.findings, None)
    said = runner.verdict(name, dtype, checker, result, options.backend)
    row.add(source, name, dtype, checker, result, said, deviation(name, dtype, checker, options.backend))


def timed(programs):
    """The speed of the first program that runs in both libraries."""
    for theirs, ours in programs:
        try:
            return speed.ratios(theirs, ours)
        except Exception:
            continue
    return {}
