"""A report in a notebook: the text with the lines marked, and beside it what was found."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence

from imagekit.lint.findings import Finding, Report
from imagekit.lint.shown import cut, summary

MOST_LINES = 25
"""Lines of a text that is shown whole; of a longer one only those around the findings: nobody scrolls to them."""

MOST_FINDINGS = 30
"""Findings that are shown; a notebook stores what it shows."""

_AROUND = 3
_LONGEST = 120  # characters of one line

_PAGE = "font-family:var(--jp-ui-font-family,sans-serif);font-size:var(--jp-ui-font-size1,13px);line-height:1.5"
_CODE = "font-family:var(--jp-code-font-family,monospace);font-size:var(--jp-code-font-size,13px);line-height:1.4"
_SIDES = "display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start"
_TEXT = f"{_CODE};flex:3 1 360px;min-width:0;overflow-x:auto;margin:0"
_LIST = "flex:2 1 280px;min-width:0;overflow-wrap:anywhere"
# Half-transparent, so that they are readable on light and on dark; the number tells without colour.
_MARKS = {"refused": "rgba(209,52,75,.18)", "advice": "rgba(196,138,0,.18)"}
_BARS = {"refused": "#c4314b", "advice": "#9a6700"}
_QUIET = "opacity:.8"
_LEFT_OUT = f'<div style="{_QUIET}">…</div>'

Numbered = tuple[int, Finding]


def as_html(report: Report) -> str:
    """Give a report as HTML; nothing in the text or in the findings is taken for markup."""
    told = "".join(words for _, words in summary(report))
    head = f'<div style="margin-bottom:6px"><b>{html.escape(told)}</b></div>'
    if not report.findings:
        return f'<div style="{_PAGE}">{head}</div>'
    shown = list(enumerate(report.findings[:MOST_FINDINGS], 1))
    lines = f'<div style="display:inline-block;min-width:100%">{"".join(_lines(report.text, shown))}</div>'
    text = f'<div role="region" aria-label="the text" tabindex="0" style="{_TEXT}">{lines}</div>'
    notes = "".join(_note(number, finding) for number, finding in shown)
    left = len(report.findings) - len(shown)
    more = f'<div style="{_QUIET}">… and {left} more (report.findings)</div>' if left else ""
    return (
        f'<div style="{_PAGE}">{head}<div style="{_SIDES}">{text}<div style="{_LIST}">{notes}{more}</div></div></div>'
    )


def _lines(text: str, shown: Sequence[Numbered]) -> Iterator[str]:
    """The lines around the findings, and a mark where lines between them are left out."""
    lines = text.rstrip().split("\n")
    marked: dict[int, list[Numbered]] = {}
    for one in shown:
        marked.setdefault(one[1].line, []).append(one)
    gutter = len(str(len(lines))), max(len(_badge(found)) for found in marked.values())
    before = 0
    for number in _wanted(marked, len(lines)):
        if number != before + 1:
            yield _LEFT_OUT
        yield from _rows(number, lines[number - 1].rstrip(), marked.get(number, []), gutter)
        before = number
    if before < len(lines):
        yield _LEFT_OUT


def _wanted(marked: Iterable[int], last: int) -> Iterable[int]:
    if last <= MOST_LINES:
        return range(1, last + 1)
    near = {line + step for line in marked for step in range(-_AROUND, _AROUND + 1)}
    return sorted(line for line in near if 1 <= line <= last)


def _rows(number: int, line: str, found: Sequence[Numbered], gutter: tuple[int, int]) -> Iterator[str]:
    """One line with the badges of its findings before it; of a long line one part for each of them."""
    for group in [[one] for one in found] if len(line) > _LONGEST and found else [found]:
        part, _ = cut(line, group[0][1].column if group else 1, _LONGEST)
        strengths = {finding.strength for _, finding in group}
        back = f"background:{_MARKS['refused' if 'refused' in strengths else 'advice']};" if group else ""
        badge = _badge(group)
        marks = f"<b>{badge}</b>" if badge else ""
        side = f'<span style="{_QUIET}">{number:>{gutter[0]}}</span> {marks}{" " * (gutter[1] - len(badge))} '
        yield f'<div style="{back}white-space:pre">{side}{html.escape(part)}</div>'


def _badge(found: Sequence[Numbered]) -> str:
    """The numbers of the findings in one line, which follow each other."""
    numbers = [number for number, _ in found]
    return f"[{numbers[0]}{f'–{numbers[-1]}' if numbers[1:] else ''}]" if numbers else ""


def _note(number: int, finding: Finding) -> str:
    head = f"<b>[{number}] {html.escape(finding.verdict)}</b> · line {finding.line} · {html.escape(finding.rule)}"
    rows = [("Law", finding.law), ("Why", finding.why), ("Azure", finding.answer), ("Source", finding.source)]
    more = "".join(f"<div><b>{label}:</b> {html.escape(words)}</div>" for label, words in rows if words)
    bar = f"border-left:4px solid {_BARS[finding.strength]};padding:2px 0 2px 10px;margin:0 0 8px"
    said = f"<div>{html.escape(finding.says)} {html.escape(finding.fix)}</div>"
    details = f'<details style="{_QUIET}"><summary>why</summary>{more}</details>'
    return f'<div role="note" style="{bar}"><div>{head}</div>{said}{details}</div>'
