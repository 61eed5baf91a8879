"""The whole table of an image template: every field, in every api-version that publishes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from imagekit.documents.base import Part
from imagekit.documents.template_fields import API_VERSIONS, Known, at, walk, words

_KINDS: dict[Any, str] = {str: "string", int: "int", bool: "bool", Any: "any"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One field in one api-version, in the words of the published schemas.

    `kind` is string, int, bool, object (one part, or one of several told apart by `words`) or any; `many` is "list",
    "map" or empty. `stands_for` is what the service reads where nothing is said.
    """

    kind: str
    many: str
    required: bool
    read_only: bool
    words: frozenset[str]
    low: int | None
    high: int | None
    pattern: str
    stands_for: Any


def fields_table(model: type[Part]) -> dict[str, dict[str, Cell]]:
    """Every field by its path, and what each api-version that publishes it says of it.

    >>> from imagekit.documents.template import ImageTemplate
    >>> table = fields_table(ImageTemplate)
    >>> list(table["properties.autoRun.state"]), table["identity"]["2019-05-01-preview"].required
    (['2024-02-01', '2025-10-01'], False)
    """
    table: dict[str, dict[str, Cell]] = {}
    for version in API_VERSIONS:
        for path, field in walk(model, version, Known.is_published):
            table.setdefault(path, {})[version] = _cell(field, version)
    return table


def _cell(field: Known, version: str) -> Cell:
    return Cell(
        _KINDS.get(field.holds, "object"),
        field.many,
        at(field.required, version, False),
        field.read_only,
        frozenset(words(field, version, Known.is_published)),
        field.low,
        field.high,
        at(field.pattern, version, ""),
        field.stands_for,
    )
