"""A report as text for people: each finding with its line and a caret, the law, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap
from unicodedata import east_asian_width

from imagekit.lint.findings import Finding, Report

Span = tuple[str, str]
"""A style ("refused", "advice", "place", "name", "quiet" or "") and the words in it."""
Line = list[Span]

WIDEST = 100
_LABEL = 8  # as wide as "Azure" and what stands around it
# Control characters are shown by their pictures: a text must not command the terminal it is shown on.
_PICTURES = {code: chr(0x2400 + code) for code in range(32)} | {127: "\u2421"}
_TABBED = {**_PICTURES, 9: " "}


def as_text(report: Report, width: int = WIDEST) -> str:
    """Give a report as plain text.

    >>> from imagekit.lint import lint
    >>> print(as_text(lint('{"vmSize": 5}', name="a.json")).splitlines()[-1])
    a.json: 1 refused (taken for a fragment: vmProfile)
    """
    return "\n".join("".join(words for _, words in line).rstrip() for line in lines(report, width))


def lines(report: Report, width: int = WIDEST, summed: bool = True) -> Iterator[Line]:
    """Give a report line by line, each a list of words in their style; `summed` adds the summary at its end."""
    told: set[str] = set()
    for finding in report.findings:
        yield from _finding(report, finding, finding.rule in told, width)
        told.add(finding.rule)
        yield []
    if summed:
        yield summary(report)


def summary(report: Report) -> Line:
    """Give the one line a report comes down to."""
    name: Line = [("place", f"{shown(report.name)}: ")] if report.name else []
    version = f", api-version {shown(report.version)}" if report.version else ""
    kind = ("quiet", f" ({_taken_for(report)}{version})")
    counts = [(len(report.refused), "refused"), (len(report.advice), "advice")]
    said: Line = [(strength, f"{count} {strength}") for count, strength in counts if count]
    return [*name, *(_joined(said) if said else [("name", "clean")]), kind]


def _joined(spans: Line) -> Line:
    return [part for span in spans for part in (("", ", "), span)][1:]


def _taken_for(report: Report) -> str:
    kind = report.kind
    if kind == "something else":
        is_named = "virtualmachineimages/imagetemplates" in report.text.lower()
        return "it names image templates, and was not looked into" if is_named else "no image template in it"
    return f"taken for a {kind}" if kind.startswith("fragment") else kind


def _finding(report: Report, finding: Finding, again: bool, width: int) -> Iterator[Line]:
    place = f"{shown(report.name)}:{finding.line}:{finding.column}" if report.name else f"line {finding.line}"
    place = place if report.name else f"{place}, column {finding.column}"
    yield [("place", place), ("", "  "), (finding.strength, finding.verdict), ("", "  "), ("name", finding.rule)]
    yield from _excerpt(report, finding, width)
    yield from _wrapped("", finding.says, width, "name")
    rows = [("Do", finding.fix)]
    if not again:
        rows = [
            ("Law", finding.law),
            ("Why", finding.why),
            *rows,
            ("Azure", finding.answer),
            ("Source", finding.source),
        ]
    for label, words in rows:
        yield from _wrapped(label, words, width)


def _excerpt(report: Report, finding: Finding, width: int) -> Iterator[Line]:
    """The line of the finding and a caret under it; of a long line what stands around the caret."""
    line, length = report.excerpt(finding)
    if not line.strip():
        return
    gutter = f"{finding.line:>5} "
    room = width - len(gutter) - 2
    part, start = cut(line.translate(_TABBED), finding.column, room)
    blank = " " * len(gutter)
    at = finding.column - 1 - start
    before, meant = columns(part[:at]), columns(part[at : at + length])
    yield [("quiet", f"{gutter}│ "), ("", part)]
    yield [("quiet", f"{blank}│ "), ("", " " * before), (finding.strength, "^" + "~" * (meant - 1))]


def cut(line: str, column: int, room: int) -> tuple[str, int]:
    """Give what has room of a long line around a column, and how many characters before it are left out.

    >>> cut("a short one", 3, 20), cut("0123456789abcdef", 7, 6)
    (('a short one', 0), ('…5678…', 4))
    """
    start = max(0, min(column - 1 - room // 3, len(line) - room))
    part = line[start : start + room]
    part = f"…{part[1:]}" if start else part
    return f"{part[:-1]}…" if start + room < len(line) else part, start


def columns(text: str) -> int:
    """How wide a text is in a terminal, where the letters of East Asia take two columns.

    >>> columns("ab"), columns("이미지")
    (2, 6)
    """
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _wrapped(label: str, words: str, width: int, style: str = "") -> Iterator[Line]:
    """A label and words beside it, in as many lines as it takes."""
    pieces = wrap(shown(words), max(width - 2 - _LABEL, 20)) if label else wrap(shown(words), max(width - 2, 20))
    for number, piece in enumerate(pieces):
        head: Iterable[Span] = [("quiet", f"{label if number == 0 else '':{_LABEL}}")] if label else []
        yield [("", "  "), *head, (style, piece)]


def shown(text: str) -> str:
    """Give a text with nothing in it that would command a terminal."""
    return text.replace("\n", " ").translate(_PICTURES)
