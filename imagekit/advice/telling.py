"""An advice as a short text for a terminal: the choice, why, what would change it, and what to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from imagekit.advice.table import sentences
from imagekit.rules.sentences import told

if TYPE_CHECKING:
    from imagekit.advice.answer import Advice, Reason

_WIDE, _LABEL = 88, 10  # as wide as the text of a cell in a notebook on a laptop
_REASONS, _CONFLICTS, _CHANGES, _LINES = 3, 2, 2, 8
_SENTENCES = 3  # reasons and cautions together, with one caution at least


def told_advice(advice: Advice) -> str:
    """The whole advice in about fifteen lines; what is left out says where it is."""
    head = f"{advice.asks}  {advice.name_of(advice.choice) or sentences()['no_choice']}"
    return "\n".join([head, "", *_body(advice)])


def _body(advice: Advice) -> Iterator[str]:
    if advice.choice:
        yield from _part("because", [_sourced(one) for one in advice.reasons], "reasons", _REASONS)
    yield from _part("conflict", [one.says for one in advice.conflicts], "conflicts", _CONFLICTS)
    yield from _part("fix", list(dict.fromkeys(one.fix for one in advice.conflicts)), "conflicts", _CONFLICTS)
    room = max(1, _SENTENCES - len(advice.reasons or advice.conflicts))
    yield from _part("mind", [_sourced(one) for one in advice.cautions], "cautions", room)
    yield from _part("would_be", [one.says for one in advice.would_change] or _firm(advice), "would_change", _CHANGES)
    yield from _labelled("do", _short([line for command in advice.commands for line in command.splitlines()]))


def _sourced(one: Reason) -> str:
    return told(sentences()["source"], {"says": one.says, "page": one.source.page, "date": one.source.date})


def _firm(advice: Advice) -> list[str]:
    return [told(sentences()["no_change"], {"choice": advice.name_of(advice.choice)})] if advice.choice else []


def _part(label: str, said: Sequence[str], name: str, most: int) -> Iterator[str]:
    """Some sentences behind their label, each wrapped; those that are left out are counted."""
    shown = list(said[:most])
    if len(said) > len(shown):
        shown[-1] += " " + told(sentences()["more"], {"count": len(said) - len(shown), "field": name})
    lines = [line for one in shown for line in wrap(one, _WIDE - _LABEL, break_on_hyphens=False)]
    yield from _labelled(label, lines)


def _short(lines: list[str]) -> list[str]:
    """The lines, or the first of many and where all stand."""
    if len(lines) <= _LINES:
        return lines
    left = {"count": len(lines) - _LINES + 1, "field": "script"}
    return [*lines[: _LINES - 1], told(sentences()["more"], left)]


def _labelled(label: str, lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"{'' if number else sentences()[label]:{_LABEL}}{line}"


def spoken(value: Any, unit: str = "") -> str:
    """An answer as a person says it.

    >>> spoken(True), spoken(3000, "GB"), spoken(None)
    ('yes', '3000 GB', 'not said')
    """
    if value is None:
        return sentences()["not_said"]
    if isinstance(value, bool):
        return sentences()["yes" if value else "no"]
    return f"{value:g} {unit}".strip() if isinstance(value, int | float) else str(value)


def typed(value: Any) -> str:
    """A value as one types it in Python.

    >>> typed("V1"), typed(False)
    ('"V1"', 'False')
    """
    return f'"{value}"' if isinstance(value, str) else repr(value)
