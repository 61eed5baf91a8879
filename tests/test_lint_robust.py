"""Anything at all may be given to the linter: the answer is a report, and never a traceback."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagekit import RULES, Report, lint
from imagekit.lint.alone import ANSWER
from imagekit.rules.papers import LINUX_TEMPLATE, WINDOWS_TEMPLATE

TEMPLATES = Path(__file__).parent.parent.parent / "shared" / "azure" / "templates"
KINDS = ("deployment template", "image template", "trigger", "parameter file", "something else", "unreadable", ANSWER)
BODIES = [text.partition("\n\n")[2] for text in (LINUX_TEMPLATE, WINDOWS_TEMPLATE)]
GOOD = [one.good for one in RULES.values() if one.text and one.good.startswith("PUT ")]
REAL = [path.read_text("utf-8-sig") for path in sorted(TEMPLATES.glob("*.json")) if path.stat().st_size < 8000]
ALL = [*BODIES, *GOOD, *REAL]

STRINGS = ["", "x", "[", "[x]", "[[x]", "[parameters('q')]", "[concat('a',", "[createArray(1)]", "[copyIndex()]"]
STRINGS += ["<r>", "{n}", "latest", "\x1b[31m", "/subscriptions/"]
LOOP = {"copy": [{"name": "x", "count": 2, "input": 1}]}
BRACKETS = [[], {}, [[]], [{}], {"": ""}, [None, 1], {"type": None}, {"type": ["a"]}, {"type": "Shell"}, LOOP]
ODD = st.sampled_from([None, True, 0, -1, 10**30, 1.5, *STRINGS, *BRACKETS]).map(copy.deepcopy)
KEYS = st.sampled_from(["copy", "condition", "resources", "type", "properties", "inline", "[y]", "<k>"])
SCRAPS = st.sampled_from([*"{}[],:\"\\<\n\0é'", "", "//", "/*"])


def is_sound(report: Report) -> bool:
    """Whether a report can be shown in every form, and each finding points into the text."""
    str(report)
    html = report._repr_mimebundle_()["text/html"]
    json.dumps([report.as_json(), report.as_sarif()])
    report.as_github()
    lines = report.text.count("\n") + 1
    placed = all(1 <= finding.line <= lines and finding.column >= 1 for finding in report.findings)
    return (
        placed
        and "<script" not in html
        and (report.kind in KINDS or report.kind.startswith(("fragment: ", "Markdown page: ")))
    )


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    """Any bytes give a report."""
    assert is_sound(lint(data))


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    """Any text gives a report."""
    assert is_sound(lint(text))


@given(st.text(st.sampled_from(list('{}[]":,[]ab1\n <>$()/*')), max_size=80))
def test_any_marks(text: str) -> None:
    """Any heap of brackets, quotes and commas gives a report."""
    assert is_sound(lint(f'"customize": {text}'))


@settings(max_examples=150)
@given(st.data())
def test_damaged_texts(data: st.DataObject) -> None:
    """A template with characters lost, doubled or thrown in gives a report."""
    text = data.draw(st.sampled_from(ALL))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(SCRAPS) + text[at + data.draw(st.integers(0, 2)) :]
    assert is_sound(lint(text, api_version=data.draw(st.sampled_from(["", "2019-05-01-preview", "2025-10-01", "x"]))))


@settings(max_examples=150)
@given(st.data())
def test_changed_values(data: st.DataObject) -> None:
    """A template with anything at all in any place gives a report."""
    text = data.draw(st.sampled_from([text for text in ALL if text.lstrip().startswith("{")]))
    try:
        value = json.loads(text)
    except ValueError:
        value = json.loads(BODIES[0])
    for _ in range(data.draw(st.integers(1, 3))):
        put_somewhere(value, data)
    assert is_sound(lint(json.dumps(value, indent=data.draw(st.sampled_from([None, 1])))))


def put_somewhere(value: Any, data: st.DataObject) -> None:
    """Put something odd into a place of a value, or take something out."""
    places = [place for place in containers(value) if place]
    inside = data.draw(st.sampled_from(places)) if places else value
    key = data.draw(st.sampled_from(list(inside) if isinstance(inside, dict) else list(range(len(inside)))))
    match data.draw(st.sampled_from(["replace", "remove", "add"])):
        case "replace":
            inside[key] = data.draw(ODD)
        case "remove":
            del inside[key]
        case _ if isinstance(inside, dict):
            inside[data.draw(KEYS)] = data.draw(ODD)
        case _:
            inside.insert(key, data.draw(ODD))


def containers(value: Any) -> list[Any]:
    """Give every object and list in a value, itself included."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return [] if inner is None else [value, *(one for item in inner for one in containers(item))]


@pytest.mark.parametrize(
    "text",
    ["[" * 1_000_000, '{"a":' * 1_000_000, '"' * 1_000_000, "x" * 10_000_000, "/*" * 1_000_000, "'a' " * 100_000],
    ids=["brackets", "objects", "quotes", "letters", "comments", "words"],
)
def test_endless_texts_are_refused_clearly(text: str) -> None:
    """Text without end or bottom is refused in a few words."""
    report = lint(text)
    assert report.kind == "unreadable" or not report.ok
    assert len(report.findings) <= 110


@pytest.mark.parametrize("count", [800, 100_000_000])
def test_loops_stay_bounded(count: int) -> None:
    """Loops in loops are written out so far and no further."""
    inner = {"copy": [{"name": "more", "count": count, "input": "[copyIndex('more')]"}]}
    outer = {"copy": [{"name": "customize", "count": count, "input": inner}]}
    template = {"type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2024-02-01", "name": "b"}
    whole = {"resources": [{**template, "properties": outer, "copy": {"name": "all", "count": count}}]}
    assert len(lint(json.dumps(whole)).findings) < 50


def test_values_that_share_their_parts_stay_bounded() -> None:
    """A value that would be endless when written out is left open."""
    variables = {"v0": "x" * 1000} | {f"v{n}": [f"[variables('v{n - 1}')]"] * 10 for n in range(1, 12)}
    resource = {"type": "Microsoft.VirtualMachineImages/imageTemplates", "apiVersion": "2024-02-01", "name": "b"}
    whole = {"variables": variables, "resources": [{**resource, "properties": {"customize": "[variables('v11')]"}}]}
    assert "expression-has-a-value" in [finding.rule for finding in lint(json.dumps(whole)).findings]
