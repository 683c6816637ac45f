"""What a run found, gathered per op: rows, the table on the terminal, the commonest causes, and JSON."""

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from parity_tests.case import NUMBERS

ABSENT, OUT_OF_SCOPE = "no counterpart", "out of scope"
COLUMNS = ("op", "cases", "dtypes", "value", "gradient", "second", "graph", "errors", "speed", "verdict")
PASSED, KNOWN, FAILED = range(3)


@dataclass
class Row:
    """One op: how many checks passed, differ as a known deviation says, or failed, and the largest errors in ulps.

    `outcomes`: source -> dtype -> checker -> those three numbers.  `graph`: of how many programs the graphs are equal,
    and how many were compared.  `ulp`: dtype -> checker -> the largest error of a check that passes.  `errors`: of
    OpInfo's error inputs, how many there are, raise torch's class, have a text that can be compared, and have torch's.
    `speed`: time here / time in torch.
    """

    op: str
    kind: str = ""
    state: str = ""
    first: str = ""
    differentiable: tuple = ()
    seconds: float = 0.0
    programs: int = 0
    outcomes: dict = field(default_factory=dict)
    ulp: dict = field(default_factory=dict)
    graph: list = field(default_factory=lambda: [0, 0])
    errors: dict = field(default_factory=dict)
    speed: dict = field(default_factory=dict)
    failures: list = field(default_factory=list)
    known: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    def add(self, source, name, dtype, checker, result, said, known):
        """Count one check: its Result, the messages that fail it, and the deviation that covers it."""
        place = {"case": name, "dtype": dtype, "check": checker}
        outcome = FAILED if said else KNOWN if result.findings else PASSED
        if result.ran or said:
            counts = self.outcomes.setdefault(source, {}).setdefault(dtype, {}).setdefault(checker, [0, 0, 0])
            counts[outcome] += 1
        if checker == "value":
            self.programs += result.programs
        if checker == "error":
            self.errors = dict(result.counts)
        elif checker == "graph":
            self.graph = [self.graph[0] + result.agreed, self.graph[1] + result.programs]
        elif checker in ("value", "gradient", "second") and result.ran and not result.findings:
            ulp = self.ulp.setdefault(dtype, {})
            ulp[checker] = max(ulp.get(checker, 0.0), result.ulp)
        self.failures += [place | {"message": text} for text in said]
        if outcome == KNOWN:
            self.known.append(place | {"reason": known.reason, "message": result.findings[0]})

    def measure_graph(self, source, dtype, result):
        """Count graphs that are compared and not judged: OpInfo's, whose deviations list does not cover them."""
        self.graph = [self.graph[0] + result.agreed, self.graph[1] + result.programs]
        self.notes += [{"case": source, "dtype": dtype, "check": "graph", "message": text} for text in result.findings[:1]]

    def join(self, other):
        """Take in the row of the same op from another source."""
        for source, found in other.outcomes.items():
            self.outcomes[source] = found
        for dtype, found in other.ulp.items():
            ulp = self.ulp.setdefault(dtype, {})
            ulp |= {checker: max(ulp.get(checker, 0.0), error) for checker, error in found.items()}
        self.graph = [a + b for a, b in zip(self.graph, other.graph)]
        self.seconds, self.programs = self.seconds + other.seconds, self.programs + other.programs
        for name in ("state", "first", "differentiable", "errors", "speed"):
            setattr(self, name, getattr(self, name) or getattr(other, name))
        for name in ("failures", "known", "notes"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    # ---- what it comes to -------------------------------------------------------------------------------------------
    def count(self, outcome=None, checkers=None, source=None, dtype=None):
        """How many checks had an outcome (None: any)."""
        return sum(sum(counts) if outcome is None else counts[outcome]
                   for name, dtypes in self.outcomes.items() if source in (None, name)
                   for kind, found in dtypes.items() if dtype in (None, kind)
                   for checker, counts in found.items() if checkers is None or checker in checkers)

    def largest(self, checker):
        """The largest error in ulps over all dtypes, or None."""
        return max((found[checker] for found in self.ulp.values() if checker in found), default=None)

    def of(self, dtype):
        """The row of one dtype alone; what is not counted by dtype is left out."""
        outcomes = {source: {dtype: found[dtype]} for source, found in self.outcomes.items() if dtype in found}
        ulp = {dtype: self.ulp[dtype]} if dtype in self.ulp else {}
        kept = {name: [x for x in getattr(self, name) if x["dtype"] == dtype] for name in ("failures", "known", "notes")}
        return replace(self, outcomes=outcomes, ulp=ulp, graph=[0, 0], errors={}, speed={}, programs=0, **kept)

    @property
    def verdict(self):
        """In one word: "fail", "known" (it differs where the deviations say so), "pass", "absent", "out" or "none"."""
        if self.failures:
            return "fail"
        if self.known:
            return "known"
        return {ABSENT: "absent", OUT_OF_SCOPE: "out"}.get(self.state, "pass" if self.count() else "none")

    def dtypes(self):
        """{dtype: the worst outcome of its checks}, in the order of NUMBERS."""
        names = {dtype for found in self.outcomes.values() for dtype in found}
        names = sorted(names, key=lambda name: (NUMBERS.index(name) if name in NUMBERS else len(NUMBERS), name))
        return {name: FAILED if self.count(FAILED, dtype=name) else KNOWN if self.count(KNOWN, dtype=name) else PASSED
                for name in names}

    def passes(self, *checkers):
        """Whether all samples of the OpInfo entry pass these checks in its first dtype, and there were any."""
        asked = {"checkers": checkers, "source": "opinfo", "dtype": self.first}
        return bool(self.count(PASSED, **asked)) and not self.count(KNOWN, **asked) + self.count(FAILED, **asked)

    def words(self):
        """The verdict as the table words it."""
        if self.verdict in ("absent", "out", "none"):
            return self.state or "nothing to compare"
        bad = len({(f["case"], f["dtype"], f["check"]) for f in self.failures})
        return f"FAIL {bad} of {self.count()}" if bad else "pass" + (f" ({len(self.known)} known)" if self.known else "")

    def cells(self):
        """The row as strings, one a column; errors are in ulps, graphs as equal/compared."""
        largest = [self.largest(checker) for checker in ("value", "gradient", "second")]
        ulp = ["-" if error is None else figure(error) for error in largest]
        graph = f"{self.graph[0]}/{self.graph[1]}" if self.graph[1] else "-"
        errors = "{class}/{text}/{inputs}".format(**self.errors) if self.errors.get("inputs") else "-"
        speed = " ".join(f"{ratio:.2g}" for ratio in self.speed.values()) or "-"
        marks = " ".join(short(d) + ("", "*", "!")[outcome] for d, outcome in self.dtypes().items()) or "-"
        return [self.op, str(self.programs or "-"), marks, *ulp, graph, errors, speed, self.words()]


def figure(x):
    """A number of ulps, short: 0.5, 12, 4096, 1.1e9."""
    return f"{x:.2g}" if x < 10 else f"{x:.0f}" if x < 1e5 else f"{x:.1e}".replace("e+0", "e").replace("e+", "e")


def short(dtype):
    return dtype.replace("float", "f").replace("uint", "u").replace("int", "i").replace("complex", "c")


def gathered(rows):
    """One row an op, by name."""
    ops = {}
    for row in rows:
        ops[row.op].join(row) if row.op in ops else ops.update({row.op: row})
    return [ops[name] for name in sorted(ops, key=str.lower)]


def table(rows):
    """All rows as aligned text; columns that say nothing are left out."""
    lines = [row.cells() for row in rows]
    shown = [i for i in range(len(COLUMNS)) if any(line[i] != "-" for line in lines)]
    lines = [[line[i] for i in shown] for line in [list(COLUMNS), *lines]]
    widths = [max(len(line[i]) for line in lines) for i in range(len(shown))]
    lines.insert(1, ["-" * w for w in widths])
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths)).rstrip() for line in lines)


LEGEND = ("cases: programs compared. dtypes: f64 float64 ..; * differs as a known deviation says, ! fails. value, gradient, "
          "second: the largest error in ulps where a check passes.\ngraph: equal / compared. errors: OpInfo's inputs that "
          "raise torch's class / torch's text / of how many. speed: time here / in torch, then with backward.")  # fmt: skip


def summary(rows):
    """One line: ops, checks, failures, known deviations."""
    failed, known = (sum(row.count(outcome) for row in rows) for outcome in (FAILED, KNOWN))
    ran = [row for row in rows if row.count()]
    return (f"{len(ran)} ops, {sum(row.programs for row in ran)} programs, {sum(row.count() for row in ran)} checks, "
            f"{failed} failed, {known} differ as known")  # fmt: skip


NEAR = 4  # ulps that count as a rounding or two of a gradient's steps


def exactness(rows, reasons):
    """Lines: in float32, how many ops have torch's values to the bit and first gradients within NEAR ulp; then the rest,
    with their reasons, on a backend that has such a list."""
    lines, rest = [], {}
    for checker, most, said in (("value", 0, "values bit-equal"), ("gradient", NEAR, f"first gradients within {NEAR} ulp")):
        ran = {row.op: row.ulp["float32"][checker] for row in rows if checker in row.ulp.get("float32", ())}
        off = {op: ulp for op, ulp in ran.items() if ulp > most}
        if ran:
            share = 100 * (1 - len(off) / len(ran))
            lines.append(f"{said} for {len(ran) - len(off)} of {len(ran)} ops ({share:.1f} %)")
        for op, ulp in off.items():
            rest.setdefault(op, []).append(f"{checker} {ulp:.3g} ulp")
    if not lines or reasons is None:
        return ["float32: " + ", ".join(lines)] if lines else []
    listed = [f"  {op}: {', '.join(found)}" + (f" ({reasons[op]})" if op in reasons else "") for op, found in rest.items()]
    return ["float32: " + ", ".join(lines), *listed]


def causes(rows, most=12):
    """The failures' first lines without their numbers, the commonest first, each with the cases it was seen in."""
    seen, count = {}, Counter()
    for failure in (f for row in rows for f in row.failures):
        line = re.sub(r"^\[[^]]+\] ", "", failure["message"].split("\n")[0])
        cause = re.sub(r"(float64|float32|float16)|-?\d+(\.\d+)?(e[-+]?\d+)?", lambda m: m[1] and "float" or "#", line)
        count[cause] += 1
        seen.setdefault(cause, []).append(failure["case"])
    where = {cause: ", ".join(dict.fromkeys(cases[:200]))[:150] for cause, cases in seen.items()}
    return [f"{n:6d}  {cause}\n        in {where[cause]}" for cause, n in count.most_common(most)]


def write_json(path, rows, facts):
    """Everything found, for programs."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        json.dump({"facts": facts, "ops": [asdict(row) | {"verdict": row.verdict} for row in rows]}, file, indent=1)


def read_json(path):
    """The rows and facts of `write_json`."""
    with open(path) as file:
        data = json.load(file)
    return [Row(**{key: value for key, value in op.items() if key != "verdict"}) for op in data["ops"]], data["facts"]
