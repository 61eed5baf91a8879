"""Reports in a terminal: colour only where one is, and where nobody said NO_COLOR."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TextIO

from imagekit.lint import Report
from imagekit.lint.shown import WIDEST, Line, lines, summary

_STYLES = {
    "refused": "bold red",
    "advice": "bold yellow",
    "place": "bold",
    "name": "bold",
    "quiet": "dim",
    "": "",
}


def show(reports: Sequence[Report], stream: TextIO) -> None:
    """Put out each finding; then one line for each report, and one for all."""
    put, width = _colourful(stream) if stream.isatty() or "FORCE_COLOR" in os.environ else _plain(stream)
    for report in reports:
        for line in lines(report, width, summed=False):
            put(line)
    for report in reports:
        if report.findings or len(reports) == 1:
            put(summary(report))
    if len(reports) > 1:
        put(_all(reports))


def _all(reports: Sequence[Report]) -> Line:
    refused = sum(len(report.refused) for report in reports)
    advice = sum(len(report.advice) for report in reports)
    clean = sum(not report.findings for report in reports)
    return [("name", f"{len(reports)} files: {clean} clean, {refused} refused, {advice} advice")]


def _plain(stream: TextIO) -> tuple[Callable[[Line], None], int]:
    """Lines for a file or a pipe; what its coding has no sign for is put out as a question mark."""
    coding = stream.encoding or "utf-8"

    def put(line: Line) -> None:
        words = "".join(words for _, words in line).rstrip()
        stream.write(words.encode(coding, "replace").decode(coding) + "\n")

    return put, WIDEST


def _colourful(stream: TextIO) -> tuple[Callable[[Line], None], int]:
    """Lines for a terminal, as wide as it is and no wider than is good to read."""
    from rich.console import Console  # here, because only a terminal needs it
    from rich.text import Text

    console = Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=True)

    def put(line: Line) -> None:
        console.print(Text.assemble(*((words, _STYLES[style]) for style, words in line)))

    return put, min(console.width, WIDEST)
