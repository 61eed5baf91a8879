"""How the laws speak: sentences filled in with what was written, never with what Python makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Any

LONGEST = 120  # characters of a value in a sentence


class _Telling(Formatter):
    """Fills in sentences; what a field marks with !r stands in quotation marks, as it was written."""

    def convert_field(self, value: Any, conversion: Any) -> Any:
        return quoted(value) if conversion == "r" else super().convert_field(value, conversion)


def told(sentence: str, words: Mapping[str, Any]) -> str:
    """A sentence with its words filled in.

    >>> told("There is no {what!r}.", {"what": "a/b"}), told("There is no {what!r}.", {"what": ""})
    ("There is no 'a/b'.", 'There is no empty text.')
    """
    return _Telling().vformat(sentence, (), words)


def quoted(value: Any) -> str:
    """A value as a sentence shows it: as it was written, never nothing, and not endless.

    >>> quoted("web"), quoted(""), quoted(True), quoted({"a": 1}), quoted(7)
    ("'web'", 'empty text', 'true', 'an object', '7')
    """
    match value:
        case "":
            return "empty text"
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case dict():
            return "an object"
        case list():
            return "a list"
        case int() | float():
            return str(value)
    said = str(value)
    return f"'{said}'" if len(said) <= LONGEST else f"'{said[:LONGEST]}…'"
