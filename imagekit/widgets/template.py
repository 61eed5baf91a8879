"""An editor for image templates with the linter's findings beside it, and fixes that are one plain edit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from imagekit import pictures
from imagekit.cloud import Cloud
from imagekit.lint import Finding, Report, lint
from imagekit.pictures import Picture
from imagekit.widgets.controls import Button, State, Writing
from imagekit.widgets.touch import Seen, Touch

LEARN = "What Azure would refuse in minutes or in half an hour, seen while you type; the picture is what it would run."

# What a fix may say to write in place of a string: a word of a choice, or the same without its quotation marks.
_WORD = re.compile(r"Write '?([\w.-]+)'?\.")
_BARE = re.compile(r"Write ([\d.]+|true|false) without quotation marks\.")
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')


def template(text: str, cloud: Cloud | None = None) -> Touch:
    """Edit the text of an image template, and see what Azure would say while you type.

    With a `cloud`, what the template refers to is looked up there; nothing is sent. The button `fix` puts in the first
    fix that is one plain edit: another word for a value, or a comma too many.

    >>> touch = template('{"type": "PowerShel", "name": "tools", "inline": ["choco install git -y"]}')
    >>> print(touch.seen.says)
    1 refused. Line 1: properties.customize[0].type cannot be PowerShel.
    The next fix: "PowerShell" in place of "PowerShel".
    >>> touch.press("fix").state["text"]
    '{"type": "PowerShell", "name": "tools", "inline": ["choco install git -y"]}'
    """

    def show(state: State) -> Seen:
        report = lint(state["text"], cloud=cloud)
        return Seen(_says(report), _picture(report), (report,))

    def next_edit(state: State) -> Edit | None:
        return next(_edits(lint(state["text"], cloud=cloud)), None)

    def fix(state: State) -> State:
        edit = next_edit(state)
        return {**state, "text": edit.made(state["text"]) if edit else state["text"]}

    button = Button("fix", "Put in the next fix", fix, lambda state: next_edit(state) is not None)
    controls = (Writing("text", "Template"), button)
    return Touch("A template and what Azure would say", controls, show, {"text": text}, LEARN)


# --- fixes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Edit:
    """What to write in place of so many characters from an offset on, and how that is said."""

    at: int
    length: int
    write: str
    says: str

    def made(self, text: str) -> str:
        """The text with the edit in it."""
        return text[: self.at] + self.write + text[self.at + self.length :]


def _edits(report: Report) -> Iterator[Edit]:
    """The findings that can be mended by one plain edit, in the order of the text."""
    for finding in report.findings:
        if edit := _edit(report, finding):
            yield edit


def _edit(report: Report, finding: Finding) -> Edit | None:
    lines = report.text.split("\n")
    at = sum(len(line) + 1 for line in lines[: finding.line - 1]) + finding.column - 1
    if finding.rule == "json-trailing-comma" and report.text[at : at + 1] == ",":
        return Edit(at, 1, "", f"no comma at the end of line {finding.line}")
    word, bare, here = _WORD.fullmatch(finding.fix), _BARE.fullmatch(finding.fix), _STRING.match(report.text, at)
    write = json.dumps(word[1]) if word else bare[1] if bare else ""
    return Edit(at, len(here[0]), write, f"{write} in place of {here[0]}") if here and write else None


# --- what is seen -----------------------------------------------------------------------------------------------------


def _says(report: Report) -> str:
    counts = [(len(report.refused), "refused"), (len(report.advice), "advice")]
    said = ", ".join(f"{number} {word}" for number, word in counts if number) or "Clean"
    first = report.findings[0] if report.findings else None
    told = f" Line {first.line}: {first.says}" if first else ""
    edit = next(_edits(report), None)
    return f"{said}.{told}{f' The next fix: {edit.says}.' if edit else ''}"


def _picture(report: Report) -> Picture | None:
    """The template as a pipeline where the text is one, with what is refused marked; else nothing."""
    try:
        found = json.loads(report.text)
    except ValueError:
        return None
    pointer, body = _body(found, "")
    if body is None:
        return None
    marks = {one.pointer.removeprefix(pointer): one.rule for one in report.refused if one.pointer.startswith(pointer)}
    return pictures.pipeline(body, refused=marks)


def _body(found: Any, pointer: str) -> tuple[str, dict[str, Any] | None]:
    """The image template in a text: itself, or the first among the resources of a deployment."""
    if not isinstance(found, dict):
        return pointer, None
    resources = found.get("resources")
    if isinstance(resources, list):
        for number, one in enumerate(resources):
            if isinstance(one, dict) and str(one.get("type", "")).lower().endswith("/imagetemplates"):
                return f"{pointer}/resources/{number}", one
        return pointer, None
    return pointer, found if isinstance(found.get("properties"), dict) else None


__all__ = ["Edit", "template"]
