"""The format strings of .NET that `format` and `utcNow` in ARM templates use.

Source: learn.microsoft.com, "Composite formatting", "Standard numeric format strings" and "Custom date and
time format strings", read 2026-11. What is not read here raises ValueError with a short sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

_HOLE = re.compile(r"\{\{|\}\}|\{([0-9]{1,3})(?:,(-?[0-9]{1,3}))?(?::([^{}]*))?\}|[{}]")
_NUMBER = re.compile(r"([dDnNxX])([0-9]{0,2})|(0+)")

# The letters of a date, longest first; each gives its text.
_DATE: dict[str, Callable[[datetime], str]] = {
    "yyyy": lambda at: f"{at.year:04}",
    "yy": lambda at: f"{at.year % 100:02}",
    "MMMM": lambda at: f"{at:%B}",
    "MMM": lambda at: f"{at:%b}",
    "MM": lambda at: f"{at.month:02}",
    "M": lambda at: str(at.month),
    "dddd": lambda at: f"{at:%A}",
    "ddd": lambda at: f"{at:%a}",
    "dd": lambda at: f"{at.day:02}",
    "d": lambda at: str(at.day),
    "HH": lambda at: f"{at.hour:02}",
    "H": lambda at: str(at.hour),
    "hh": lambda at: f"{at:%I}",
    "mm": lambda at: f"{at.minute:02}",
    "m": lambda at: str(at.minute),
    "ss": lambda at: f"{at.second:02}",
    "s": lambda at: str(at.second),
    "fffffff": lambda at: f"{at.microsecond:06}0",
    "fff": lambda at: f"{at.microsecond // 1000:03}",
    "tt": lambda at: f"{at:%p}",
}
_STANDARD = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "o": "yyyy-MM-ddTHH:mm:ss.fffffffZ",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ssZ",
}
_DATE_PART = re.compile(rf"{'|'.join(_DATE)}|'[^']*'|\\.|.", re.DOTALL)


def compose(pattern: str, values: Sequence[Any], text_of: Callable[[Any], str]) -> str:
    """Put values into the numbered holes of a pattern.

    >>> compose("{0}-{1:D3} {{{2:N0}}}", ["vm", 7, 8175133], str)
    'vm-007 {8,175,133}'
    """

    def fill(hole: re.Match[str]) -> str:
        if hole[0] in ("{{", "}}"):
            return hole[0][0]
        if hole[1] is None:
            raise ValueError("a single brace stands in the pattern; write it twice.")
        if int(hole[1]) >= len(values):
            raise ValueError(f"there is no value for {hole[0]}.")
        return _aligned(_formatted(values[int(hole[1])], hole[3] or "", text_of), int(hole[2] or 0))

    return _HOLE.sub(fill, pattern)


def _aligned(text: str, width: int) -> str:
    return text.rjust(width) if width >= 0 else text.ljust(-width)


def _formatted(value: Any, form: str, text_of: Callable[[Any], str]) -> str:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if not form or not is_number:  # .NET formats numbers and dates only; other values ignore the form
        return text_of(value)
    known = _NUMBER.fullmatch(form)
    if known is None:
        raise ValueError(f"the number format {form!r} is not read here; D, N, X and 000 are.")
    return _number(value, (known[1] or "D").upper(), known[2] or "", len(known[3] or ""))


def _number(value: int, letter: str, digits: str, zeros: int) -> str:
    width = int(digits or 0) or zeros
    match letter:
        case "N":
            return f"{value:,.{int(digits or 2)}f}"
        case "X":
            return f"{value & 0xFFFFFFFFFFFFFFFF:0{width}X}"
    return ("-" if value < 0 else "") + str(abs(value)).zfill(width)


def date(at: datetime, form: str = "yyyyMMddTHHmmssZ") -> str:
    """Write a time as `utcNow` does.

    >>> date(datetime(2026, 7, 4, 9, 5, 0), "yyyy-MM-dd HH:mm"), date(datetime(2026, 7, 4, 9, 5, 0))
    ('2026-07-04 09:05', '20260704T090500Z')
    """
    return _DATE_PART.sub(lambda part: _date_part(part[0], at), _STANDARD.get(form, form))


def _date_part(part: str, at: datetime) -> str:
    if part in _DATE:
        return _DATE[part](at)
    if part[0] in "'\\":
        return part.strip("'") if part[0] == "'" else part[1:]
    return part
