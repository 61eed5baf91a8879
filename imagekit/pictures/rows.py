"""Documents of now and before, side by side: which are new, changed or gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from imagekit.ids import Id
from imagekit.pictures.reading import JSON, kind_of, timeless

Documents = Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Row:
    """One document with its id, and how it stands between before and now."""

    id: Id
    kind: str
    document: JSON
    mark: str
    was: JSON | None


def rows_of(documents: Documents, before: Documents | None) -> list[Row]:
    """Every document of now and before, in the order of ids; without a before nothing is marked."""
    now = by_key(documents)
    then = now if before is None else by_key(before)
    found = sorted({**then, **now}.items())
    return [
        Row(identity, kind_of(identity), document, _mark(key, now, then), _was(key, then))
        for key, (identity, document) in found
    ]


def by_key(documents: Documents) -> dict[str, tuple[Id, JSON]]:
    """Documents by the lower-case key of their id, as Azure compares ids."""
    read = ((Id.parse(text), document) for text, document in documents.items())
    return {identity.key: (identity, document) for identity, document in read}


def _was(key: str, then: Mapping[str, tuple[Id, JSON]]) -> JSON | None:
    return then[key][1] if key in then else None


def _mark(key: str, now: Mapping[str, tuple[Id, JSON]], then: Mapping[str, tuple[Id, JSON]]) -> str:
    if key not in then:
        return "new"
    if key not in now:
        return "gone"
    return "" if now[key][1] is then[key][1] or timeless(now[key][1]) == timeless(then[key][1]) else "changed"
