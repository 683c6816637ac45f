"""The tool's own words: rows, table, page, JSON, exit code, and the figures in README.md."""

import functools
import json
import pickle
import sys
from html.parser import HTMLParser

import pytest

from parity_tests import __main__ as tool
from parity_tests import code_lines, coverage, kinds, opinfo, page, parallel, report, sources
from parity_tests.case import CASES, Case
from parity_tests.compare import Result
from parity_tests.deviations import Deviation
from parity_tests.report import Row

FACTS = {"library": "minigrad", "torch": "2.13.0", "date": "2026-01-01", "backend": "numpy"}
VOID = {"meta", "input", "br", "wbr", "link", "img"}


@pytest.fixture
def rows():
    """One row of each verdict."""
    good, known, bad = Row("add", "pointwise binary"), Row("nn.functional.elu", "nn.functional"), Row("a<b>", "reductions")
    place = ("cases", "add/x", "float64", "value")
    good.add(*place, Result([], ulp=2.5, programs=3, agreed=3), [], None)
    good.add(*place[:3], "graph", Result([], programs=2, agreed=2), [], None)
    good.speed = {"forward": 0.5, "backward": 1.25}
    known.add("opinfo", "opinfo/elu", "float32", "second", Result(["kink <0>"], programs=1), [], Deviation("*", "a reason"))
    known.add("opinfo", "opinfo/elu", "float64", "error",
              Result([], counts={"inputs": 4, "class": 4, "worded": 2, "text": 1}), [], None)  # fmt: skip
    bad.add(*place, Result(["<script>no"], programs=1), ["<script>no"], None)
    return [good, known, bad, Row("fft.fft", "other", report.OUT_OF_SCOPE), Row("cauchy", "creation", report.ABSENT)]


def test_verdicts(rows):
    assert [row.verdict for row in rows] == ["pass", "known", "fail", "out", "absent"]
    assert [row.words() for row in rows] == ["pass", "pass (1 known)", "FAIL 1 of 1", "out of scope", "no counterpart"]
    assert report.summary(rows) == "3 ops, 4 programs, 5 checks, 1 failed, 1 differ as known"


def test_table(rows):
    lines = report.table(rows).splitlines()
    assert lines[0].split() == ["op", "cases", "dtypes", "value", "graph", "errors", "speed", "verdict"]
    assert lines[2].split() == ["add", "3", "f64", "2.5", "2/2", "-", "0.5", "1.2", "pass"]
    assert "f64 f32*" in lines[3] and "4/1/4" in lines[3] and "f64!" in lines[4]


def test_rows_of_one_op_are_joined(rows):
    other = Row("add", "pointwise binary", first="float64", differentiable=(True, True))
    other.add("opinfo", "opinfo/add", "float64", "value", Result([], ulp=4.0, programs=1), [], None)
    (row,) = report.gathered([rows[0], other])
    assert row.largest("value") == 4 and row.programs == 4 and row.passes("value") and not row.passes("gradient")
    assert set(row.outcomes) == {"cases", "opinfo"} and row.speed


def test_a_row_can_be_split_by_dtype(rows):
    parts = {dtype: rows[1].of(dtype) for dtype in rows[1].dtypes()}
    assert {dtype: part.words() for dtype, part in parts.items()} == {"float64": "pass", "float32": "pass (1 known)"}
    assert rows[0].of("float64").largest("value") == 2.5 and rows[0].of("float32").largest("value") is None


def test_json_is_the_rows(rows, tmp_path):
    report.write_json(tmp_path / "r.json", rows, FACTS)
    again, facts = report.read_json(tmp_path / "r.json")
    assert [row.cells() for row in again] == [row.cells() for row in rows] and facts == FACTS


# ---- the page -------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """The elements of a page as (tag, attributes, text), checked to be properly nested."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open = [], []
        self.feed(text)
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes), []))
        if tag not in VOID:
            self.open.append(self.found[-1])

    def handle_endtag(self, tag):
        assert self.open and self.open[-1][0] == tag, f"</{tag}> closes {self.open[-1:]}"
        self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element[2].append(data)

    def all(self, tag, **wanted):
        return [(attributes, "".join(text)) for name, attributes, text in self.found if name == tag and all(
            attributes.get(key.rstrip("_")) == value for key, value in wanted.items())]  # fmt: skip


def test_the_page_is_whole_and_self_contained(rows):
    text = page.render(rows, FACTS)
    found = Page(text)
    assert text.startswith("<!doctype html>") and "<!--" not in text
    assert not [a for _, a, _ in found.found if "src" in a or "href" in a] and "http" not in text
    assert found.all("title")[0][1] == found.all("h1")[0][1] == "minigrad beside torch 2.13.0"
    assert found.all("meta", name="viewport") and "prefers-color-scheme: dark" in text
    assert [b for _, b in found.all("dd")] == list(FACTS.values())


def test_the_page_has_a_row_an_op(rows):
    found = Page(page.render(rows, FACTS))
    bodies = [a for a, _ in found.all("tbody")]
    assert [b["data-op"] for b in bodies] == [row.op for row in rows]
    assert [b["data-verdict"] for b in bodies] == ["pass", "known", "fail", "out", "absent"]
    assert [a["data-column"] for a, _ in found.all("th") if "data-column" in a] == list(page.COLUMNS)
    assert [a["value"] for a, _ in found.all("option")] == list(page.COLUMNS)
    cells = [(a["data-label"], a["data-key"], text) for a, text in found.all("td") if "data-label" in a]
    assert len(cells) == len(rows) * len(page.COLUMNS)
    assert ("value", "2.5", "2.5") in cells and ("speed", "0.5", "0.50") in cells and ("text", "0.5", "50 %") in cells
    assert ("cases", "", "") in cells  # what has no figure has no key, and is sorted last


def test_the_page_unfolds_to_reasons_and_messages(rows):
    found = Page(page.render(rows, FACTS))
    assert len(found.all("tr", class_="more")) == len(found.all("button", class_="fold")) == 3
    assert [text for _, text in found.all("pre")] == ["kink <0>", "<script>no"]
    assert [text for _, text in found.all("q")] == ["a reason"]
    assert len(found.all("script")) == 1 and [text for a, text in found.all("button", class_="fold")][2] == "a<b>"


def test_the_page_counts_verdicts_and_kinds(rows):
    found = Page(page.render(rows, FACTS))
    switches = {a["data-verdict"]: (a["aria-pressed"], text) for a, text in found.all("button") if "data-verdict" in a}
    assert switches["pass"] == ("true", "1 pass") and switches["out"] == ("false", "1 out of scope")
    bars = {a["data-kind"]: text for a, text in found.all("button") if "data-kind" in a}
    assert bars["pointwise binary"].endswith("1 of 1") and bars["reductions"].endswith("0 of 1") and "other" not in bars


# ---- the command ----------------------------------------------------------------------------------------------------


def command(monkeypatch, *args):
    monkeypatch.setattr(sys, "argv", ["parity_tests", *args])
    return tool.main()


def test_the_command_runs_both_sources(monkeypatch, tmp_path, capsys):
    files = [str(tmp_path / name) for name in ("r.json", "r.html")]
    options = ("--dtype", "float64", "--jobs", "1", "--json", files[0], "--html", files[1])
    assert command(monkeypatch, "elu", "addcmul/value", *options) == 0
    printed = capsys.readouterr().out
    assert "nn.functional.elu" in printed and "0 failed" in printed and "commonest causes" not in printed
    elu = next(op for op in json.loads((tmp_path / "r.json").read_text())["ops"] if op["op"] == "nn.functional.elu")
    assert set(elu["outcomes"]) == {"cases", "opinfo"} and elu["kind"] == "nn.functional"
    assert Page((tmp_path / "r.html").read_text()).all("tbody")


def test_the_command_fails_where_something_differs(monkeypatch, capsys):
    wrong = Case("neg", "wrong here", lambda lib, x: -x if lib.__name__ == "torch" else x, CASES[0].specs[:1])
    monkeypatch.setattr(sources, "CASES", [wrong])
    assert command(monkeypatch, "neg", "--source", "cases", "--jobs", "1", "--order", "0") == 1
    assert "FAIL" in (printed := capsys.readouterr().out) and "The commonest causes" in printed
    assert command(monkeypatch, "no such op") == 2


def test_jobs_and_rows_can_be_sent_to_another_process(rows):
    work = functools.partial(sources.run, options=sources.Options(order=0))
    todo = [*sources.from_cases(["square"]), *sources.from_opinfo(["square"]), *sources.from_opinfo(["fft.fft"])]
    again, jobs = pickle.loads(pickle.dumps((work, todo)))
    assert [again(job).verdict for job in jobs] == ["pass", "pass", "out"]
    assert pickle.loads(pickle.dumps(rows)) == rows


def test_jobs_are_spread_over_processes():
    assert sorted(parallel.each(abs, [-3, 2, -1], 2, preload=())) == [(-3, 3), (-1, 1), (2, 2)]


def test_every_entry_has_a_kind():
    names = [name for name in opinfo.database() if not opinfo.OUT_OF_SCOPE.match(name)]
    assert [name for name in names if kinds.kind(name) == kinds.OTHER] == []


# ---- the figures in README.md ---------------------------------------------------------------------------------------


def test_readme_says_what_was_measured():
    readme = coverage.README.read_text(encoding="utf-8")
    assert coverage.rewritten(readme, json.loads(coverage.STORED.read_text())) == readme, "run python -m parity_tests.coverage"


def test_coverage_counts_what_passes(rows, monkeypatch):
    figures = json.loads(coverage.STORED.read_text())["code"]
    monkeypatch.setattr(code_lines, "figures", lambda: figures)
    entry = Row("sum", "reductions", first="float64", differentiable=(True, True), graph=[3, 4])
    for checker in ("value", "gradient"):
        entry.add("opinfo", "opinfo/sum", "float64", checker, Result([], programs=2), [], None)
    entry.add("opinfo", "opinfo/sum", "float64", "second", Result(["x"]), [], Deviation("*", "why"))
    entry.add("opinfo", "opinfo/sum", "float64", "error", Result([], counts={"inputs": 3, "class": 3, "worded": 2, "text": 1}),
              [], None)  # fmt: skip
    stored = coverage.summary([*rows, entry], dict.fromkeys(coverage.KEPT, 1))
    assert stored["entries"] == 3 and stored["absent"] == ["cauchy"] and stored["differ in second order"] == ["sum"]
    assert {k: v for k, v in stored["kinds"]["reductions"].items() if v} == {
        "entries": 1, "here": 1, "first": 1, "differentiable": 1, "graphs": 1, "error inputs": 3, "error class": 3,
        "error worded": 2, "error text": 1}  # fmt: skip
    assert "| reductions | 1 | 1 | 1 | 0 of 1 | 100.0 % of 3 | 50.0 % of 2 |" in coverage.render(stored)


def test_code_lines_leave_out_what_is_not_code():
    source = code_lines.Source.of('@pointwise("A")\ndef f(x):\n    """doc\n    more"""\n    # why\n\n    return x\n\n\n'
                                  "def _f_vjp(g, x):\n    a = g\n    return a\n\n\nf.vjp(x=lambda g, x: _f_vjp(g, x))\n")
    assert {name: source.lines(node) for name, node in source.declared().items()} == {"f": 3}
    assert list(source.formulas()) == [("f", "x", 3)]
