"""What a run found, gathered per op: the table on the terminal, as JSON, and as one HTML page."""

import html
import json
import re
from collections import Counter
from dataclasses import asdict, dataclass, field

COLUMNS = ("op", "dtypes", "cases", "value", "gradient", "second", "graph", "verdict")


@dataclass
class Row:
    """One op: how many checks ran and failed, and the largest error in ulps by checker."""

    op: str
    dtypes: list = field(default_factory=list)
    cases: set = field(default_factory=set)
    ulp: dict = field(default_factory=dict)
    ulp32: dict = field(default_factory=dict)  # the same of float32 alone
    graph: list = field(default_factory=lambda: [0, 0])
    checks: int = 0
    failures: list = field(default_factory=list)
    known: list = field(default_factory=list)

    def add(self, case, dtype, checker, result, said, known):
        """Count one check: its Result, the messages that fail it, and the deviation that covers it."""
        self.checks += 1
        self.cases.add(case.name)
        if dtype not in self.dtypes:
            self.dtypes.append(dtype)
        if checker == "graph":
            self.graph[0] += not result.findings
            self.graph[1] += 1
        elif result.ran:
            self.ulp[checker] = max(self.ulp.get(checker, 0.0), result.ulp)
            if dtype == "float32":
                self.ulp32[checker] = max(self.ulp32.get(checker, 0.0), result.ulp)
        self.failures += [{"case": case.id, "dtype": dtype, "check": checker, "message": text} for text in said]
        if known and result.findings and not said:
            self.known.append({"case": case.id, "dtype": dtype, "check": checker, "reason": known.reason})

    def cells(self):
        """The row as strings, one a column; errors are in ulps, graphs as equal/compared."""
        ulp = [f"{self.ulp[c]:.3g}" if c in self.ulp else "-" for c in ("value", "gradient", "second")]
        graph = f"{self.graph[0]}/{self.graph[1]}" if self.graph[1] else "-"
        bad = len({(f["case"], f["dtype"], f["check"]) for f in self.failures})
        verdict = (
            f"FAIL {bad} of {self.checks}" if bad else "pass" + (f" ({len(self.known)} known)" if self.known else "")
        )
        return [self.op, " ".join(map(short, self.dtypes)), str(len(self.cases)), *ulp, graph, verdict]


def short(dtype):
    return dtype.replace("float", "f").replace("uint", "u").replace("int", "i").replace("complex", "c")


def table(rows):
    """All rows as aligned text."""
    lines = [list(COLUMNS)] + [row.cells() for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(COLUMNS))]
    lines.insert(1, ["-" * w for w in widths])
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths)).rstrip() for line in lines)


def summary(rows):
    """One line: ops, checks, failures, known deviations."""
    failed = sum(len({(f["case"], f["dtype"], f["check"]) for f in r.failures}) for r in rows)
    return (
        f"{len(rows)} ops, {sum(r.checks for r in rows)} checks, {failed} failed, "
        f"{sum(len(r.known) for r in rows)} known deviations"
    )


NEAR = 4  # ulps that count as a rounding or two of a gradient's steps


def exactness(rows, reasons):
    """Lines: in float32, how many ops have torch's values to the bit and first gradients within NEAR ulp; then the rest,
    with their reasons, on a backend that has such a list."""
    lines, rest = [], {}
    for checker, most, said in (("value", 0, "values bit-equal"), ("gradient", NEAR, f"first gradients within {NEAR} ulp")):
        ran = [row for row in rows if checker in row.ulp32]
        off = [row for row in ran if row.ulp32[checker] > most]
        if ran:
            share = 100 * (1 - len(off) / len(ran))
            lines.append(f"{said} for {len(ran) - len(off)} of {len(ran)} ops ({share:.1f} %)")
        for row in off:
            rest.setdefault(row.op, []).append(f"{checker} {row.ulp32[checker]:.3g} ulp")
    if not lines or reasons is None:
        return ["float32: " + ", ".join(lines)] if lines else []
    listed = [f"  {op}: {', '.join(found)}" + (f" ({reasons[op]})" if op in reasons else "") for op, found in rest.items()]
    return ["float32: " + ", ".join(lines), *listed]


def causes(rows, most=12):
    """The failures' first lines without their numbers, the commonest first, each with the cases it was seen in."""
    seen, count = {}, Counter()
    for failure in (f for row in rows for f in row.failures):
        line = re.sub(r"^\[\S+\] ", "", failure["message"].split("\n")[0])
        cause = re.sub(r"(float64|float32|float16)|-?\d+(\.\d+)?(e[-+]?\d+)?", lambda m: m[1] and "float" or "#", line)
        count[cause] += 1
        seen.setdefault(cause, []).append(failure["case"])
    where = {cause: ", ".join(dict.fromkeys(cases[:200]))[:150] for cause, cases in seen.items()}
    return [f"{n:6d}  {cause}\n        in {where[cause]}" for cause, n in count.most_common(most)]


def write_json(path, rows, facts):
    """Everything found, for programs."""
    data = facts | {"ops": [asdict(r) | {"cases": sorted(r.cases)} for r in rows]}
    with open(path, "w") as file:
        json.dump(data, file, indent=1)


def write_html(path, rows, facts):
    """The table as one page; an op that fails unfolds its messages."""

    def line(row):
        tone = "fail" if row.failures else "known" if row.known else "pass"
        cells = "".join(f"<td>{html.escape(c)}</td>" for c in row.cells())
        notes = row.failures + row.known
        text = "\n\n".join(f"{n['case']} {n['dtype']} {n['check']}: {n.get('message', n.get('reason'))}" for n in notes)
        more = f"<details><summary>{len(notes)} notes</summary><pre>{html.escape(text)}</pre></details>"
        more = f"<tr><td colspan={len(COLUMNS)}>{more}</td></tr>"
        return f"<tr class={tone}>{cells}</tr>" + (more if notes else "")

    head = "".join(f"<th>{c}</th>" for c in COLUMNS)
    about = ", ".join(f"{k} {v}" for k, v in facts.items())
    page = f"""<!doctype html><meta charset=utf-8><title>Parity with torch</title>
<style>body{{font:14px sans-serif;margin:2em}}td,th{{padding:2px 10px;text-align:left}}pre{{white-space:pre-wrap}}
.pass td:last-child{{color:#080}}
.known td:last-child{{color:#960}}.fail td:last-child{{color:#b00;font-weight:bold}}</style>
<h1>Parity with torch</h1><p>{html.escape(summary(rows))}. {html.escape(about)}. Errors are the largest seen, in ulps;
graphs are equal / compared.</p><table><tr>{head}</tr>{"".join(map(line, rows))}</table>"""
    with open(path, "w", encoding="utf-8") as file:
        file.write(page)
