"""The report as one self-contained HTML page: nothing is loaded, and without JavaScript it is the whole table, unfolded."""

import html
import re
from pathlib import Path

from parity_tests import kinds, report
from parity_tests.report import FAILED, KNOWN, PASSED, Row

HERE = Path(__file__).parent
MOST_NOTES, LONGEST = 40, 1500  # of an op, and in characters: a page of everything that torch prints would be 100 MB
TONES = ("pass", "known", "fail")
VERDICTS = {
    "pass": ("pass", "every check passes"),
    "known": ("known deviations", "differs from torch where the list of known deviations says so, and nowhere else"),
    "fail": ("fail", "a check fails that no known deviation covers"),
    "absent": ("no counterpart", "torch has it, minigrad does not"),
    "none": ("nothing compared", "no check applies under the options of this run"),
    "out": ("out of scope", "complex, fft, sparse, masked, quantised, or private to torch"),
}
GRAVITY = ("fail", "known", "pass", "absent", "none", "out")  # the order in which verdicts are sorted
COLUMNS = {  # title: (class, explanation)
    "op": ("op", "torch's name; a variant of OpInfo's after a dot"),
    "kind": ("kind", "what kind of op it is"),
    "cases": ("number", "programs compared: cases in each layout, and sample inputs"),
    "dtypes": ("dtypes", "dtypes compared"),
    "value": ("number", "largest error of a value, in units of the last place"),
    "gradient": ("number", "largest error of a gradient, in units of the last place"),
    "second": ("number", "largest error of a second gradient, in units of the last place"),
    "graph": ("number", "programs whose graph has torch's nodes and edges, of those compared"),
    "class": ("number", "OpInfo's error inputs that raise torch's exception class"),
    "text": ("number", "OpInfo's error inputs that raise torch's text, of those that are not listings of signatures"),
    "speed": ("number", "time here / time in torch on a small input, recorded"),
    "backward": ("number", "the same with the backward pass"),
    "verdict": ("verdict", "what it comes to"),
}


def write(path, rows, facts):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(render(rows, facts), encoding="utf-8")


def render(rows, facts):
    """The page."""
    parts = {"title": title(facts), "lead": lead(rows, facts), "facts": fact_list(facts), "verdicts": verdict_buttons(rows),
             "kinds": kind_bars(rows), "sorts": sort_options(), "head": head(), "rows": "\n".join(map(line, rows)),
             "count": len(rows), "width": len(COLUMNS)}  # fmt: skip
    text = (HERE / "page.html").read_text(encoding="utf-8")
    for name in ("page.css", "page.js"):
        text = text.replace(f"<!--{name}-->", (HERE / name).read_text(encoding="utf-8"))
    for name, part in parts.items():
        text = text.replace(f"<!--{name}-->", str(part))
    return text


# ---- above the table ------------------------------------------------------------------------------------------------


def title(facts):
    return html.escape(f"{facts['library']} beside torch {facts['torch']}")


def lead(rows, facts):
    ran = [row for row in rows if row.count()]
    failed, known = (sum(row.verdict == v for row in rows) for v in ("fail", "known"))
    said = "none fails" if not failed else f"{failed} fail{'s' * (failed == 1)}"
    programs, checks = (sum(map(count, ran)) for count in (lambda row: row.programs, Row.count))
    return html.escape(f"{len(ran)} ops ran {programs:,} programs in both libraries; values, gradients, second gradients, "
                       f"graphs and errors were compared in {checks:,} checks. "
                       f"{said.capitalize()}; {known} differ as the list of known deviations says.")  # fmt: skip


def fact_list(facts):
    return "".join(f"<div><dt>{html.escape(key)}</dt><dd>{html.escape(str(value))}</dd></div>" for key, value in facts.items())


def verdict_buttons(rows):
    """One switch a verdict, with how many ops have it; what is out of scope is off at first."""
    counts = {name: sum(row.verdict == name for row in rows) for name in VERDICTS}
    return "".join(f'<button type=button class="switch {name}" data-verdict={name} aria-pressed={str(name != "out").lower()} '
                   f'title="{html.escape(VERDICTS[name][1])}"><b>{count}</b> {VERDICTS[name][0]}</button>'
                   for name, count in counts.items() if count)  # fmt: skip


def kind_bars(rows):
    """One line a kind: how its ops stand, as a bar."""
    rows = [row for row in rows if row.verdict != "out"]
    names = [name for name in [*kinds.KINDS, kinds.OTHER] if any(row.kind == name for row in rows)]
    return "".join(kind_bar(name, [row.verdict for row in rows if row.kind == name]) for name in names)


def kind_bar(name, verdicts):
    parts = "".join(f'<i class={v} style="flex:{verdicts.count(v)}" title="{verdicts.count(v)} {VERDICTS[v][0]}"></i>'
                    for v in VERDICTS if v in verdicts)  # fmt: skip
    good = verdicts.count("pass")
    return (f'<button type=button class=kind-bar data-kind="{html.escape(name)}" aria-pressed=false><span>{html.escape(name)}'
            f'</span><span class=bar>{parts}</span><span class=share>{good} of {len(verdicts)}</span></button>')  # fmt: skip


def sort_options():
    return "".join(f"<option value={name}>{name}</option>" for name in COLUMNS)


def head():
    return "".join(f'<th class={kind} data-column={name} title="{html.escape(why)}" aria-sort=none scope=col>'
                   f'<button type=button>{name}</button></th>' for name, (kind, why) in COLUMNS.items())  # fmt: skip


# ---- the table ------------------------------------------------------------------------------------------------------


def line(row):
    """The two lines of an op: its figures, and what they unfold to."""
    cells = "".join(cell(name, *value) for name, value in zip(COLUMNS, figures(row), strict=True))
    inside = details(row)
    more = f'<tr class=more><td colspan={len(COLUMNS)}>{inside}</td></tr>' if inside else ""
    return (f'<tbody class="{row.verdict}" data-op="{html.escape(row.op)}" data-kind="{html.escape(row.kind)}" '
            f'data-verdict={row.verdict}><tr class=line>{cells}</tr>{more}</tbody>')  # fmt: skip


def cell(name, text, key):
    kind = COLUMNS[name][0] + ("" if text else " empty")
    return f'<td class="{kind}" data-label={name} data-key="{html.escape(str(key))}">{text}</td>'


def figures(row):
    """(HTML, sort key) of each column; an empty key sorts last."""
    ulp = [("", "") if row.largest(c) is None else (report.figure(row.largest(c)), row.largest(c))
           for c in ("value", "gradient", "second")]  # fmt: skip
    speed = [(f"{row.speed[c]:.2f}", row.speed[c]) if c in row.speed else ("", "") for c in ("forward", "backward")]
    name = re.sub(r"([._])(?=\w)", r"\1<wbr>", html.escape(row.op))  # where a long name may be broken
    if row.count():
        name = f"<button type=button class=fold aria-expanded=false>{name}</button>"
    marks = "".join(f"<span class={TONES[outcome]}>{report.short(d)}</span>" for d, outcome in row.dtypes().items())
    words = html.escape(row.words())
    return [(name, row.op.lower()), (html.escape(row.kind), row.kind), (row.programs or "", row.programs or ""),
            (marks, len(row.dtypes()) or ""), *ulp, share(*row.graph, exact=True),
            share(row.errors.get("class", 0), row.errors.get("inputs", 0)),
            share(row.errors.get("text", 0), row.errors.get("worded", 0)), *speed,
            (f"<span class=word>{words}</span>", GRAVITY.index(row.verdict))]  # fmt: skip


def share(part, whole, exact=False):
    """A part of a whole: as it is, or in per cent."""
    if not whole:
        return "", ""
    if exact:
        return str(whole) if part == whole else f"{part}/{whole}", part / whole
    return f"{100 * part / whole:.0f} %", part / whole


def details(row):
    """How every check went, then the failures, the known deviations with their reasons, and what was only measured."""
    if not row.count():
        return ""
    notes = [note(n, "fail", n["message"]) for n in row.failures]
    notes += [note(n, "known", n["message"], n["reason"]) for n in row.known]
    notes += [note(n, "measured", n["message"], "measured, not judged: OpInfo's graphs") for n in row.notes]
    left = f"<p>and {len(notes) - MOST_NOTES} more: see the JSON</p>" if len(notes) > MOST_NOTES else ""
    return outcomes(row) + "".join(notes[:MOST_NOTES]) + left


def outcomes(row):
    """source x dtype -> for each checker how many checks passed, and how many did not; below, each dtype's largest errors."""
    lines = [(f"{source}, {dtype}", ", ".join(tally(c, found[c]) for c in found))
             for source, dtypes in row.outcomes.items() for dtype, found in dtypes.items()]  # fmt: skip
    lines += [(f"largest error, {dtype}", ", ".join(f"{c} {report.figure(ulp)} ulp" for c, ulp in found.items()))
              for dtype, found in row.ulp.items()]  # fmt: skip
    cells = "".join(f"<tr><th scope=row>{what}</th><td>{text}</td></tr>" for what, text in lines)
    return f"<table class=outcomes>{cells}</table>"


def tally(checker, counts):
    said = [f"{counts[i]} {word}" for i, word in ((PASSED, "passed"), (KNOWN, "known"), (FAILED, "failed")) if counts[i]]
    return f"<span class={TONES[max(i for i in range(3) if counts[i])]}>{checker} {' + '.join(said)}</span>"


def note(where, tone, message, reason=""):
    """One finding: where, why it is known, and torch's and our answers."""
    place = " ".join(html.escape(where[key]) for key in ("case", "dtype", "check"))
    text = html.escape(message if len(message) <= LONGEST else message[:LONGEST] + " ...")
    why = f"<q>{html.escape(reason)}</q>" if reason else ""
    return f"<section class={tone}><h3>{place}</h3>{why}<pre>{text}</pre></section>"
