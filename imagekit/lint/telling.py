"""Findings of the linter's own laws, those of the text: slips of the JSON, troubles with expressions, placeholders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from imagekit.lint.findings import Finding, Trouble
from imagekit.lint.papers import PAPERS
from imagekit.lint.places import place_of
from imagekit.lint.source import Text
from imagekit.tongues.holes import is_by_tool
from imagekit.tongues.jsontext import Slip

_LONGEST_SHOWN = 40  # characters of a placeholder


def from_trouble(trouble: Trouble, text: Text) -> Finding:
    """Give the finding for something in the text that Azure would not understand."""
    in_a_name = trouble.pointer.rpartition("/")[2].startswith("[")
    where = text.name_at if in_a_name else text.at
    line, column = where(trouble.pointer) if trouble.word or trouble.column else place_of(text, trouble.pointer)
    shown = text.lines[line - 1]
    at = shown.find(trouble.word, column - 1) if trouble.word else -1
    if at >= 0:
        column = at + 1
    elif trouble.column:
        column = min(column + trouble.column, max(len(shown.rstrip()), 1))
    return from_paper(trouble.rule, trouble.pointer, (line, column), trouble.says, trouble.fix, trouble.strength)


def from_slip(slip: Slip, strength: str = "refused") -> Finding:
    """Give the finding for a slip of the JSON."""
    name = f"json-{slip.kind.replace(' ', '-')}"
    return from_paper(name, "", (slip.line, slip.column), slip.says, slip.fix, strength)


def from_paper(
    rule: str, pointer: str, place: tuple[int, int], says: str, fix: str = "", strength: str = ""
) -> Finding:
    """Give a finding of one of the linter's own rules."""
    paper = PAPERS[rule]
    is_advice = "advice" in (strength, paper.strength)
    error = {} if is_advice else paper.error
    said = (says, paper.law, paper.why, fix or paper.fix)
    return Finding(rule, "advice" if is_advice else "refused", pointer, *place, *said, error, paper.source)


def from_placeholders(found: Mapping[str, str], text: Text) -> Iterator[Finding]:
    """Tell once of all placeholders, at the first of them; what is no JSON without its value is told by itself."""
    names = [name for name in found if is_by_tool(name) or not text.starts_at(found[name]).startswith(name)]
    names.sort(key=lambda name: text.at(found[name]))
    if not names:
        return
    shown = ", ".join([*map(_short, names[:6]), *(["…"] if len(names) > 6 else [])])
    says = (
        f"{len(names)} values are not filled in yet: {shown}." if len(names) > 1 else f"{shown} is not filled in yet."
    )
    yield from_paper("placeholder-is-filled-in", found[names[0]], text.at(found[names[0]]), says)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_SHOWN else f"{name[: _LONGEST_SHOWN - 1]}…"
