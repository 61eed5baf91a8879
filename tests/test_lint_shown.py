"""How a report shows itself: text, a notebook's page, and the forms other tools read."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import unquote

import pytest

from imagekit import lint
from imagekit.lint.exchange import sarif
from imagekit.lint.findings import Finding, Report
from imagekit.lint.page import MOST_LINES, as_html
from imagekit.lint.shown import as_text

TEXT = (
    '"customize": [\n  {\n    "type": "Shell",\n    "name": "web",\n    "inline": "apt"\n  },\n  {"type": "Shel"}\n],\n'
)
REPORT = lint(TEXT, name="web.json", api_version="2024-02-01")
EVIL = lint(
    '"customize": [{"type": "</pre><script>alert(1)</script>", "name": "\\u001b[31m\x1b[31m"}]', name="<b>.json"
)


def test_text_tells_place_line_law_and_way_out() -> None:
    """A finding is told with its place, its line with a caret, the law, why, what to do, and whose error it spares."""
    told = str(REPORT).split("\n")
    first = REPORT.findings[0]
    assert told[0] == f"web.json:5:15  refused  {first.rule}"
    assert told[1] == '    5 │     "inline": "apt"'
    assert told[2] == "      │               ^~~~~"
    assert [line.split()[0] for line in told[3:] if re.match("  [A-Z][a-z]+ {2,}", line)][:5] == [
        "Law",
        "Why",
        "Do",
        "Azure",
        "Source",
    ]
    assert told[-1].startswith("web.json: 2 refused")
    assert told[-1].endswith(" (taken for a fragment: customize, api-version 2024-02-01)")


def test_a_rule_explains_itself_once() -> None:
    """What was told of a rule is not told again in the same report."""
    twice = [finding for finding in REPORT.findings if finding.rule == REPORT.findings[0].rule]
    assert len(twice) == 2
    assert str(REPORT).count("  Law ") == len({finding.rule for finding in REPORT.findings})


def test_a_clean_report_is_one_line() -> None:
    """Nothing found is told in one line."""
    assert str(lint('"location": "eastus"', name="a.json")) == "a.json: clean (taken for a fragment: location)"
    assert str(lint("[]")) == "clean (no image template in it)"


@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_line_is_wider_than_asked(width: int) -> None:
    """Long lines are cut around the caret, long sentences wrapped."""
    report = lint('{"x": "' + "y" * 300 + '", "type": "Microsoft.VirtualMachineImages/imageTemplates", }')
    assert report.findings
    told = as_text(report, width).split("\n")
    assert [line for line in told if len(line) > width and " " in line.strip()[10:]] == []
    carets = [line.index("^") for line in told if "^" in line]
    assert all(caret < width for caret in carets)


def test_the_caret_stands_under_wide_letters() -> None:
    """Letters of East Asia take two columns, and so does what points at them."""
    told = str(lint('"customize": [{"name": "이미지", "type": "셸"}]')).split("\n")
    at = next(number for number, line in enumerate(told) if "^" in line)
    before = told[at - 1].partition('"셸"')[0]
    assert told[at].index("^") == len(before) + len("이미지")
    assert told[at].count("~") + 1 == len('"셸"') + 1


def test_nothing_commands_the_terminal() -> None:
    """Control characters of a text are shown by their pictures."""
    assert "\x1b" in EVIL.text
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", str(EVIL))


def test_a_notebook_shows_text_and_findings() -> None:
    """The page holds every line, marked where something was found, and each finding beside it."""
    page = REPORT._repr_mimebundle_()["text/html"]
    for line in TEXT.strip().split("\n"):
        assert html.escape(line) in page
    assert page.count("<b>[1]</b>") == 1
    for number, finding in enumerate(REPORT.findings, 1):
        assert f"[{number}] {finding.strength}</b> · line {finding.line} · {finding.rule}" in page
    assert REPORT._repr_mimebundle_()["text/plain"] == str(REPORT)


def test_a_page_takes_nothing_for_markup() -> None:
    """Whatever stands in a text or its name is shown, not run."""
    assert "<script" not in as_html(EVIL)
    assert "&lt;script&gt;" in as_html(EVIL)
    assert "<b>.json" not in as_html(EVIL)


def test_a_page_uses_no_colour_of_text() -> None:
    """Text keeps the colour of the page, light or dark; the number beside a line tells without colour."""
    assert not re.search(r"[;\"]color:", as_html(REPORT))


def test_a_long_text_is_shown_around_its_findings() -> None:
    """Of a long text only the lines around the findings are shown."""
    text = "{\n" + "\n" * (MOST_LINES * 2) + '"type": "Microsoft.VirtualMachineImages/imageTemplates",\n}'
    page = as_html(lint(text))
    assert ">…</div>" in page
    assert page.count("white-space:pre") < MOST_LINES
    assert html.escape('"type": "Microsoft.VirtualMachineImages/imageTemplates",') in page


def test_a_page_hides_nothing_behind_a_scroll_bar() -> None:
    """What is found far down in a text stands in the stored page with its line, and nothing scrolls to it."""
    steps = [{"type": "Shell", "name": f"n{n}", "inline": "x" if n in (4, 90) else ["x"]} for n in range(99)]
    report = lint(json.dumps({"customize": steps}, indent=1), api_version="2024-02-01")
    page = as_html(report)
    far = [one for one in report.findings if one.line > 400]
    assert far
    shown = [int(line) for line in re.findall(r'opacity:.8">\s*(\d+)</span>', page)]
    assert {one.line for one in report.findings} <= set(shown)
    assert shown == sorted(shown)
    assert len(shown) < len(report.text.split("\n")) / 4
    assert not re.search("max-height|overflow:auto", page)


def test_badges_stand_before_their_line() -> None:
    """Of a long line each finding shows its own part, and the number stands before it, where nothing scrolls away."""
    steps = [{"type": "Shel", "name": f"step{n}", "inline": ["x" * 200]} for n in range(3)]
    page = as_html(lint(json.dumps({"customize": steps})))
    rows = [re.sub("<[^>]+>", "", html.unescape(row)) for row in re.findall('white-space:pre">(.*?)</div>', page)]
    assert [row[:5] for row in rows] == ["1 [1]", "1 [2]", "1 [3]"]
    assert all('"Shel"' in row and len(row) < 130 for row in rows)


def test_findings_in_one_short_line_share_a_badge() -> None:
    """Several findings in one line are told with their first and last number."""
    report = lint('"customize": [{"type": "Shel"}, {"type": "Shel"}]')
    assert len(report.findings) > 1
    assert f"<b>[1–{len(report.findings)}]</b>" in as_html(report)


# -- when Azure says it ------------------------------------------------------------------------------------------------

LATE = lint(
    '"customize": [{"type": "File", "name": "a", "sourceUri": "https://x.blob.core.windows.net/a/b", '
    '"destination": "tmp"}, {"type": "Shell", "name": "b"}]',
    api_version="2024-02-01",
)


def test_a_refusal_says_when_it_comes() -> None:
    """What Azure takes at first and refuses later is told as that in every form: after acceptance, or in the build."""
    late = {one.moment: one for one in LATE.refused}
    assert late.keys() >= {"after acceptance", "in the build"}
    page, github = as_html(LATE), LATE.as_github()
    plain = {one["rule"]: one for one in LATE.as_json()["findings"]}
    results = {one["ruleId"]: one for one in LATE.as_sarif()["runs"][0]["results"]}
    for moment, one in late.items():
        assert f"refused {moment}" in str(LATE)
        assert f"refused {moment}</b>" in page
        assert f"refused {moment}: " in str(one)
        assert one.becomes in github
        assert (plain[one.rule]["moment"], plain[one.rule]["becomes"]) == (moment, one.becomes)
        assert results[one.rule]["properties"] == {"moment": moment}
        assert one.becomes in results[one.rule]["message"]["text"]


def test_the_error_says_what_becomes_of_the_template() -> None:
    """Beside Azure's error stands that the template is accepted first."""
    told = " ".join(str(LATE).split())
    assert "Azure accepts the template, and its build fails: " in told
    assert "Azure accepts the template, and soon after sets it to Failed with provisioningError: " in told
    assert "accepts the template" not in str(REPORT)


def test_advice_tells_no_moment() -> None:
    """Where it is not certain that Azure refuses anything nothing becomes of it."""
    late = LATE.refused[0].as_advice()
    assert (late.verdict, late.error, late.becomes, late.answer) == ("advice", {}, "", "")


def test_json_holds_everything() -> None:
    """As JSON a report has each finding with all it says."""
    plain = json.loads(json.dumps(REPORT.as_json()))
    assert (plain["name"], plain["ok"], plain["kind"]) == ("web.json", False, "fragment: customize")
    assert [Finding(**finding) for finding in plain["findings"]] == list(REPORT.findings)


# -- SARIF ------------------------------------------------------------------------------------------------------------


def check_sarif(log: dict[str, Any]) -> None:
    """Hold what SARIF 2.1.0 requires of a log, as far as one is written here."""
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    assert log.keys() <= {"$schema", "version", "runs"}
    for run in log["runs"]:
        assert run.keys() <= {"tool", "results", "columnKind"}
        assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
        driver = run["tool"]["driver"]
        assert driver["name"]
        ids = [rule["id"] for rule in driver["rules"]]
        assert len(ids) == len(set(ids))
        for rule in driver["rules"]:
            assert all(rule[key]["text"] for key in ("shortDescription", "fullDescription", "help"))
            assert rule["defaultConfiguration"]["level"] in ("none", "note", "warning", "error")
        for result in run["results"]:
            check_result(result, ids)


def check_result(result: dict[str, Any], ids: list[str]) -> None:
    """Hold what SARIF requires of one result."""
    assert result.keys() <= {"ruleId", "ruleIndex", "level", "message", "locations", "properties"}
    assert ids[result["ruleIndex"]] == result["ruleId"]
    assert result["level"] in ("none", "note", "warning", "error")
    assert result["message"]["text"]
    for location in result["locations"]:
        physical = location["physicalLocation"]
        assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", physical["artifactLocation"]["uri"])
        region = physical["region"]
        assert 1 <= region["startLine"] <= region["endLine"]
        assert 1 <= region["startColumn"] < region["endColumn"]
        for logical in location.get("logicalLocations", []):
            assert logical["fullyQualifiedName"].startswith("/")


@pytest.mark.parametrize(
    "report", [REPORT, EVIL, lint("", name="ein Ordner/a.json"), lint(b"\xff"), lint("[]")], ids=str
)
def test_sarif_is_what_the_standard_asks_for(report: Report) -> None:
    """A report is valid SARIF 2.1.0, and every finding is a result in it."""
    log = report.as_sarif()
    check_sarif(json.loads(json.dumps(log)))
    assert len(log["runs"][0]["results"]) == len(report.findings)


def test_sarif_of_several_reports_is_one_run() -> None:
    """Several reports go into one run that names each rule once and each file by its own name."""
    log = sarif([REPORT, lint("{,}", name="b c.json"), REPORT])
    check_sarif(log)
    places = [result["locations"][0]["physicalLocation"] for result in log["runs"][0]["results"]]
    assert {unquote(place["artifactLocation"]["uri"]) for place in places} == {"web.json", "b c.json"}


# -- GitHub -----------------------------------------------------------------------------------------------------------


def test_github_commands_are_one_line_each() -> None:
    """A finding is one workflow command: an error where something is refused, a notice for advice."""
    lines = REPORT.as_github().split("\n")
    assert len(lines) == len(REPORT.findings)
    assert lines[0].startswith("::error file=web.json,line=5,col=15,title=template-has-the-right-shape::")
    assert lint("{,}").as_github().startswith("::notice file=template.json,line=1,col=2,")


def test_github_commands_are_escaped() -> None:
    """Signs that mean something in a command are written as GitHub asks for."""
    finding = Finding("r", "refused", "", 1, 1, "100%\nof", "l", "w", "f", {}, "s")
    assert Report("x", (finding,), "", "a,b:c.json").as_github() == (
        "::error file=a%2Cb%3Ac.json,line=1,col=1,title=r::100%25%0Aof f"
    )
