"""From bytes to a report: the text is read, taken apart and judged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from imagekit.lint.findings import Finding, Report
from imagekit.lint.judging import judged
from imagekit.lint.markdown import blocks
from imagekit.lint.pieces import Read
from imagekit.lint.reading import taken_apart
from imagekit.lint.source import Text, decoded, understood
from imagekit.lint.telling import from_paper, from_placeholders, from_slip, from_trouble
from imagekit.tongues.holes import is_by_tool, placeholder
from imagekit.tongues.jsontext import Slip
from imagekit.world import World

_ELSEWHERE = ("something else", "unreadable")  # what stands on a page beside templates
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a]")  # what pictures and archives hold, and text in no usual coding does
_BICEP = re.compile(r"^resource\s+\w+\s+'[\w.]+/[\w./]+@[\w-]+'", re.MULTILINE)


def linted(
    given: str | bytes, parameters: Mapping[str, Any], api_version: str, world: World | None, name: str
) -> Report:
    """Give the report on a text; `imagekit.lint.lint` tells what is what."""
    characters = decoded(given)
    if characters is None:
        return _undecoded(given, name)
    if bicep := _BICEP.search(characters):
        place = characters.count("\n", 0, bicep.start()) + 1, 1
        finding = from_paper("text-is-json", "", place, "This is Bicep, which is not read here.")
        return Report("unreadable", (finding,), characters, name)
    pieces = [_judged(block, parameters, api_version, world) for block in blocks(characters)]
    if not pieces:
        one = _judged(characters, parameters, api_version, world)
        return replace(one, text=characters, name=name)
    told = [one for one in pieces if one.kind not in _ELSEWHERE]
    findings = tuple(finding for one in told for finding in one.findings)
    version = next((one.version for one in told if one.version), api_version)
    return Report(f"Markdown page: {_counted(len(told))} of templates", findings, characters, name, version)


def _counted(count: int) -> str:
    return f"{count or 'no'} {'piece' if count == 1 else 'pieces'}"


def _judged(characters: str, parameters: Mapping[str, Any], api_version: str, world: World | None) -> Report:
    text = understood(characters)
    read = taken_apart(text, parameters)
    found = sorted(_each_once(_findings(text, read, api_version, world)), key=lambda one: (one.line, one.column))
    version = next((piece.version for piece in read.pieces if piece.version), api_version)
    return Report(read.kind, tuple(found), version=version)


def _undecoded(given: str | bytes, name: str) -> Report:
    data = given if isinstance(given, bytes) else given.encode("utf-8", "replace")
    says, fix = ("This is no text.", "Name a file with a template in it.") if _NO_TEXT.search(data[:4096]) else ("", "")
    finding = from_paper("text-can-be-decoded", "", (1, 1), says or "These bytes are no text in UTF-8.", fix)
    return Report("unreadable", (finding,), "" if says else data.decode("latin-1"), name)


def _findings(text: Text, read: Read, api_version: str, world: World | None) -> Iterator[Finding]:
    yield from _slips(text, read)
    yield from (from_trouble(trouble, text) for trouble in read.troubles)
    yield from from_placeholders(read.notes.placeholders, text)
    for piece in read.pieces:
        for finding in judged(piece, text, api_version, world):
            # Values are handed on: what the template makes of them is not known here.
            is_certain = read.kind != "parameter file"
            yield finding if is_certain else finding.as_advice()


def _slips(text: Text, read: Read) -> Iterator[Finding]:
    """The slips of the JSON; in a text that has nothing to do with templates they are advice."""
    is_other = read.kind == "something else" and "virtualmachineimages" not in text.text.lower()
    for slip in text.slips():
        if not ((slip.kind == "duplicate" and _is_placeholder(slip)) or (slip.kind == "placeholder" and _waits(slip))):
            yield from_slip(slip, "advice" if is_other else "")
    if text.ends_in_comma and not read.kind.startswith("fragment"):
        line, column = text.end()
        says, fix = "There is a comma behind the end of the value.", "Remove it."
        yield from_slip(Slip(says, line, column, "after the end", fix), "advice" if is_other else "")


def _is_placeholder(slip: Slip) -> bool:
    """Whether the name that stands twice is a placeholder: filled in, the two may differ."""
    return bool(placeholder(slip.says.partition('"')[2].rpartition('"')[0]))


def _waits(slip: Slip) -> bool:
    """Whether a tool fills in what stands there without quotes; it is told with the other placeholders."""
    return is_by_tool(slip.says)


def _each_once(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Leave out what was said before of the same place, as loops and nested templates bring it about."""
    seen = set()
    for finding in findings:
        key = (finding.rule, finding.pointer, finding.line, finding.column)
        if key not in seen:
            seen.add(key)
            yield finding
