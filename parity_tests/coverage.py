"""The coverage figures of README.md: `python -m parity_tests.coverage report.json` stores what a full run found in
coverage.json and writes the block between README's marks anew; without an argument it writes what is stored."""

import json
import re
import sys
from collections import Counter
from pathlib import Path

from parity_tests import code_lines, report
from parity_tests.kinds import KINDS, OTHER

STORED = Path(__file__).parent / "coverage.json"
README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"(<!-- coverage: .*? -->\n).*?(<!-- end of coverage -->)", re.DOTALL)
NEEDED = {"full run": ("samples", "all"), "run of OpInfo": ("source", "all", "opinfo"),
          "run of minigrad": ("library", "minigrad"), "run of the NumPy backend": ("backend", "numpy")}  # fmt: skip
KEPT = ("date", "torch", "numpy", "python", "seconds")


# ---- counting -------------------------------------------------------------------------------------------------------


def tally(rows):
    """What the OpInfo entries among these rows come to."""
    counts = Counter()
    for row in rows:
        twice = len(row.differentiable) > 1 and row.differentiable[1]
        counts += Counter({
            "entries": 1, "here": row.state == "", "first": row.passes("value", "gradient"),
            "differentiable": twice, "second": twice and row.passes("second"), "graphs": row.graph[1] > 0,
            "graph": row.graph[1] > 0 and row.graph[0] == row.graph[1],
            "dtypes": row.state == "" and bool(row.count(source="opinfo"))
            and not row.count(report.KNOWN, source="opinfo") + row.count(report.FAILED, source="opinfo"),
        }) + Counter({f"error {key}": value for key, value in row.errors.items()})  # fmt: skip
    return dict(counts)


def summary(rows, facts):
    """What README.md says of a full run: small enough to be kept beside it."""
    entries = [row for row in rows if row.first or row.state]
    inside = [row for row in entries if row.state != report.OUT_OF_SCOPE]
    kinds = {kind: tally([row for row in inside if row.kind == kind]) for kind in [*KINDS, OTHER]}
    short = [row for row in inside if row.state == "" and not row.passes("value", "gradient")]
    twice = [row for row in inside if len(row.differentiable) > 1 and row.differentiable[1] and not row.passes("second")]
    return {
        "facts": {key: facts[key] for key in KEPT} | {"programs": sum(row.programs for row in rows)},
        "entries": len(entries),
        "kinds": {kind: counts for kind, counts in kinds.items() if counts},
        "differ": sorted(row.op for row in short),
        "differ in second order": sorted(row.op for row in twice),
        "absent": sorted(row.op for row in inside if row.state == report.ABSENT),
        "code": code_lines.figures(),
    }


# ---- wording --------------------------------------------------------------------------------------------------------

COLUMNS = ("Kind", "In torch", "Here", "Value and gradient", "Second order", "Error class", "Error text")


def render(stored):
    """The block of README.md."""
    total = Counter()
    for counts in stored["kinds"].values():
        total += Counter(counts)
    lines = [COLUMNS, ("---", *["---:"] * (len(COLUMNS) - 1)), *(cells(k, c) for k, c in stored["kinds"].items()),
             cells("**all**", total)]  # fmt: skip
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{about(stored, total)}\n\n{table}\n\n{code(stored['code'])}\n"


def about(stored, total):
    facts = stored["facts"]
    return wrapped(
        f"Of the {stored['entries']} entries of torch's OpInfo {total['entries']} are in scope (not complex, fft, sparse, "
        f"masked, quantised, or private to torch), and {total['here']} have a counterpart here. Of these {total['first']} "
        f"agree with torch in value and first gradient on all samples (float64, or the first dtype of an op that has none), "
        f"{total['dtypes']} in everything in every dtype compared; {total['second']} of {total['differentiable']} agree in "
        f"second order, {total['graph']} of {total['graphs']} record torch's graph node by node. Entries that stand in the "
        f"list of known deviations count as not agreeing. Measured on {facts['date']} with torch {facts['torch']}, NumPy "
        f"{facts['numpy']}, Python {facts['python']}: {facts['programs']:,} programs in {duration(facts['seconds'])}.")


def cells(kind, counts):
    got = {key: counts.get(key, 0) for key in ("entries", "here", "first", "second", "differentiable")}
    return (kind, str(got["entries"]), str(got["here"]), f"{got['first']}", f"{got['second']} of {got['differentiable']}",
            percent(counts, "class", "inputs"), percent(counts, "text", "worded"))  # fmt: skip


def percent(counts, part, whole):
    whole = counts.get(f"error {whole}", 0)
    return f"{100 * counts.get(f'error {part}', 0) / whole:.1f} % of {whole}" if whole else "-"


def duration(seconds):
    return f"{seconds} s" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def code(found):
    many = len(found["long"])
    return wrapped(
        f"Code lines per op (`python -m parity_tests.code_lines`): the {found['ops']} declared ops take {found['mean']} lines "
        f"each on average with their derivatives, half of them {found['median']:.0f} or fewer. Of {found['formulas']} "
        f"derivative formulas the mean has {found['formula_mean']} lines; the longest, of `{found['longest']}`, has "
        f"{found['longest_lines']}, and {many or 'none'} {'is' if many == 1 else 'are'} longer than {code_lines.LONG}. All of "
        f"`minigrad/ops`, {found['functions']} public functions with their checks and error texts, is "
        f"{found['lines']:,} lines.")  # fmt: skip


def wrapped(text, width=120):
    lines = [""]
    for word in text.split():
        lines[-1:] = [f"{lines[-1]} {word}".strip()] if len(lines[-1]) + len(word) < width else [lines[-1], word]
    return "\n".join(lines)


# ---- writing --------------------------------------------------------------------------------------------------------


def rewritten(readme, stored):
    """README's text with the block as `stored` renders to."""
    assert len(BLOCK.findall(readme)) == 1, "README.md needs <!-- coverage: ... --> and <!-- end of coverage -->, once"
    return BLOCK.sub(lambda m: m[1] + "\n" + render(stored) + "\n" + m[2], readme)


def main(path=None):
    if path:
        rows, facts = report.read_json(path)
        for what, (key, *values) in NEEDED.items():
            if facts[key] not in values:
                sys.exit(f"{path} is not of a {what}: {key} is {facts[key]}")
        STORED.write_text(json.dumps(summary(rows, facts), indent=1) + "\n", encoding="utf-8")
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    README.write_text(rewritten(README.read_text(encoding="utf-8"), stored), encoding="utf-8")
    print(render(stored))


if __name__ == "__main__":
    main(*sys.argv[1:2])
