"""Clean JSON read at the speed of the standard library, whole texts or the parts around a slip.

What comes from here needs no scanner: its value is complete, and where each part stands is found when asked for.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cached_property
from json.decoder import JSONDecodeError
from typing import Any, NamedTuple

DEEPEST = 100
"""How many brackets may be open at once; real templates stay under 30."""

_BLANK = re.compile(r"[ \t\r\n]*+")
_HALF_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")  # json pairs such halves silently, or lets one stand alone
_WASTE = 8  # how often a damaged text may be read in vain


class _NotCleanError(ValueError):
    """The strict reader leaves this text to the scanner."""


@dataclass  # no slots: what stands inside is found only when asked for, and then kept
class Spot:
    """Where a clean value and its name stand: offsets, and the places inside it.

    >>> Spot('[1, {"a": 2}]', 0, 0).inside[1].inside["a"].at
    10
    """

    text: str
    at: int
    name_at: int

    @cached_property
    def inside(self) -> dict[str, Any] | list[Any] | None:
        """The places below, by name or in order; None for a value that is no bracket."""
        match self.text[self.at]:
            case "{":
                return self._members()
            case "[":
                return self._items()
        return None

    def _members(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        at = self._on(self.at + 1)
        while self.text[at] != "}":
            name, end = _PLAIN.raw_decode(self.text, at)
            value_at = self._on(self._on(end) + 1)
            found[name] = Spot(self.text, value_at, at)
            at = self._behind(value_at)
        return found

    def _items(self) -> list[Any]:
        found: list[Any] = []
        at = self._on(self.at + 1)
        while self.text[at] != "]":
            found.append(Spot(self.text, at, at))
            at = self._behind(at)
        return found

    def _on(self, at: int) -> int:
        blank = _BLANK.match(self.text, at)
        return blank.end() if blank else at

    def _behind(self, at: int) -> int:
        """Where the next item begins, or the closing bracket stands."""
        at = self._on(_PLAIN.raw_decode(self.text, at)[1])
        return self._on(at + 1) if self.text[at] == "," else at


class Clean(NamedTuple):
    """A clean part of a text: its value, and where it ends."""

    value: Any
    end: int


class CleanReader:
    """Reads the clean parts of one text.

    >>> CleanReader('[1, {"a": 2}, x]').part(4, 0)
    Clean(value={'a': 2}, end=12)
    >>> CleanReader('[1, {"a": 2}, x]').part(0, 0) is None
    True
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.budget = 0 if _HALF_ESCAPE.search(text) else _WASTE * len(text) + 1

    def part(self, at: int, depth: int) -> Clean | None:
        """The value that begins at an offset, inside so many brackets; None where it is not clean all through."""
        if self.budget <= 0:
            return None
        try:
            value, end = _STRICT.raw_decode(self.text, at)
        except JSONDecodeError as error:
            self.budget -= error.pos - at + 1
            return None
        except (ValueError, RecursionError):
            self.budget -= len(self.text) - at
            return None
        deep = depth + (end - at) // 2 > DEEPEST and too_deep(value, DEEPEST - depth)
        return None if deep else Clean(value, end)


def strictly(text: str) -> Any:
    """Read a clean text; raise ValueError or RecursionError wherever the scanner could have something to say."""
    if _HALF_ESCAPE.search(text):
        raise _NotCleanError
    value = _STRICT.decode(text)
    if text.count("[") + text.count("{") > DEEPEST and too_deep(value):
        raise _NotCleanError
    return value


def too_deep(value: Any, deepest: int = DEEPEST) -> bool:
    """Whether brackets nest deeper than allowed; level by level, so that no depth can hurt."""
    level = [value]
    for _ in range(deepest):
        level = [inner for outer in level if isinstance(outer, dict | list) for inner in _items(outer)]
        if not any(isinstance(inner, dict | list) for inner in level):
            return False
    return True


def _items(value: dict[str, Any] | list[Any]) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value


def number(text: str) -> int | float | None:
    """Read a JSON number; None where it is beyond what a number can hold here.

    >>> number("42"), number("1e3"), number("1e999")
    (42, 1000.0, None)
    """
    if text.isdecimal() or not set(text) & set(".eE"):
        return int(text) if len(text) < 400 else None
    return float(text) if math.isfinite(float(text)) else None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _NotCleanError
    return value


def _clean_number(text: str) -> int | float:
    value = number(text)
    if value is None:
        raise _NotCleanError
    return value


def _no_number(_text: str) -> float:
    raise _NotCleanError  # NaN, Infinity: Python's, not JSON's


_STRICT = json.JSONDecoder(
    strict=False,  # Azure takes line breaks inside strings
    object_pairs_hook=_without_duplicates,
    parse_int=_clean_number,
    parse_float=_clean_number,
    parse_constant=_no_number,
)
_PLAIN = json.JSONDecoder(strict=False)  # where a text is known to be clean
