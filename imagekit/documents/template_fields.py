"""What each api-version knows of an image template: facts on the fields, read off once per model.

A step table says what holds from an api-version on, until the next one in it: `{"2018-02-01-preview": False,
"2020-02-14": True}`. Versions compare as text; that is their order in time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import NoneType
from typing import Annotated, Any, Literal, TypeVar, cast, get_args, get_origin

from pydantic import ConfigDict, Field

from imagekit.documents.base import Part

API_VERSIONS = (
    "2018-02-01-preview",
    "2019-02-01-preview",
    "2019-05-01-preview",
    "2020-02-14",
    "2021-10-01",
    "2022-02-14",
    "2022-07-01",
    "2023-07-01",
    "2024-02-01",
    "2025-10-01",
)
FIRST, LATEST = API_VERSIONS[0], API_VERSIONS[-1]

# The pattern of names, and how a person says it (FACTS TPL-002).
NAMES = {FIRST: "^[A-Za-z0-9-_]{1,64}$", "2019-05-01-preview": "^[A-Za-z0-9-_.]{1,64}$"}
SAID = {NAMES[FIRST]: "1 to 64 letters, digits, - and _"}
SAID[NAMES["2019-05-01-preview"]] = "1 to 64 letters, digits, -, . and _"

Value = TypeVar("Value")
Steps = Mapping[str, Value]


class Piece(Part):
    """A part of an image template; Python says its fields in snake case, JSON in Azure's own words."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """What was said; the many things that were not would hide it."""
        return ((name, value) for name, value in super().__repr_args__() if value is not None)


def known(
    since: str = FIRST,
    *,
    until: str = "",
    taken: str = "",
    required: bool | Steps[bool] = False,
    words: Steps[tuple[str, ...]] | None = None,
    low: int | None = None,
    high: int | None = None,
    pattern: Steps[str] | None = None,
    read_only: bool = False,
    stands_for: Any = None,
    instead: str = "",
    slips: tuple[str, ...] = (),
    **field: Any,
) -> Any:
    """A field with the api-versions that have it, from `since` to `until`, both included.

    `taken` is an earlier version that took the field live, before any schema was published with it; with `since` empty
    no schema ever was. `stands_for` is what the service reads where nothing is said, `instead` the field that took its
    place, `slips` what people write by mistake.
    """
    steps = {FIRST: required} if isinstance(required, bool) else required
    facts: Any = {"since": since, "until": until, "taken": taken, "required": steps, "words": words, "low": low}
    facts |= {"high": high, "pattern": pattern, "read_only": read_only, "stands_for": stands_for, "instead": instead}
    return Field(**{"default": ... if required is True else None} | field, json_schema_extra=facts | {"slips": slips})


def word(usual: str, since: str = FIRST, *, first: str = "", **facts: Any) -> Any:
    """The field whose word tells this part from others; `first` is how the first preview spelled it."""
    words = {FIRST: (first,), "2019-02-01-preview": (usual,)} if first else {FIRST: (usual,)}
    return known(since, required=True, words=words, default=usual, **facts)


def spans(*always: str, until: Steps[str] | None = None, **since: str) -> dict[str, tuple[str, ...]]:
    """The step table of words that came one by one; `until` names the last version of those that went.

    >>> spans("Full", Shallow="2025-10-01")["2024-02-01"]
    ('Full',)
    """
    went = until or {}
    came = dict.fromkeys([*always, *went], FIRST) | since
    return {v: tuple(word for word in came if came[word] <= v <= went.get(word, v)) for v in API_VERSIONS}


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """One field: its key, what it holds, and the facts of `known`.

    `holds` is str, int, bool, Any, a part, or a tuple of parts told apart by the word at their first key; `many` is
    "list", "map" or empty.
    """

    key: str
    holds: Any
    many: str
    since: str
    until: str
    taken: str
    required: Steps[bool]
    words: Steps[tuple[str, ...]] | None
    low: int | None
    high: int | None
    pattern: Steps[str] | None
    read_only: bool
    stands_for: Any
    instead: str
    slips: tuple[str, ...]

    @property
    def first(self) -> str:
        """The first api-version that took it."""
        return self.taken or self.since

    def nearest(self, version: str) -> str:
        """The api-version that takes it and is nearest to another one."""
        later = max(version, self.first)
        return min(later, self.until) if self.until else later

    def is_there(self, version: str) -> bool:
        """Whether an api-version takes it."""
        return self.nearest(version) == version

    def is_published(self, version: str) -> bool:
        """Whether the published schema of an api-version has it."""
        return bool(self.since) and self.since <= version <= (self.until or version)


There = Callable[[Known, str], bool]


def at(steps: Steps[Value] | None, version: str, otherwise: Value) -> Value:
    """What a step table says for an api-version.

    >>> at({"2018-02-01-preview": 1, "2020-02-14": 2}, "2019-05-01-preview", 0)
    1
    """
    found = otherwise
    for since, value in (steps or {}).items():
        if since <= version:
            found = value
    return found


@cache
def keys(model: type[Part]) -> dict[str, Known]:
    """Every key a part may have, in the order people write them."""
    fields: dict[str, Known] = {}
    for name, info in model.model_fields.items():
        many, holds = _kind(info.annotation)
        facts: Any = {"key": info.alias or name, "many": many, "holds": holds}
        facts |= cast("dict[str, Any]", info.json_schema_extra)
        if get_origin(holds) is Literal:
            facts |= {"holds": str, "words": facts["words"] or {FIRST: get_args(holds)}}
        fields[facts["key"]] = Known(**facts)
    return fields


@lru_cache(maxsize=1_000)
def needed(model: type[Part], version: str) -> tuple[Known, ...]:
    """The fields of a part that an api-version requires."""
    return tuple(key for key in keys(model).values() if at(key.required, version, False) and key.is_there(version))


def _kind(annotation: Any) -> tuple[str, Any]:
    """Whether an annotation holds many things, and what each of them is."""
    origin, inner = get_origin(annotation), [each for each in get_args(annotation) if each is not NoneType]
    if origin is list or origin is dict:
        return "list" if origin is list else "map", _kind(inner[-1])[1]
    if origin is None or origin is Literal:
        return "", annotation
    return _kind(inner[0]) if origin is Annotated or len(inner) == 1 else ("", tuple(inner))


@cache
def tell(part: type[Part]) -> Known:
    """The key whose word tells a part from the others of its kind: its first."""
    return next(iter(keys(part).values()))


@lru_cache(maxsize=1_000)
def words(field: Known, version: str, there: There = Known.is_there) -> tuple[str, ...]:
    """The words that may stand in a field, or tell its parts apart, in an api-version; empty where any text may."""
    if field.words is not None or not isinstance(field.holds, tuple):
        return at(field.words, version, ())
    tells = [tell(part) for part in field.holds]
    return tuple(word for each in tells if there(each, version) for word in words(each, version))


def walk(model: type[Part], version: str, there: There = Known.is_there, path: str = "") -> Iterator[tuple[str, Known]]:
    """Every field an api-version has, with its path; the parts of a choice stand in brackets behind it.

    >>> class Cup(Piece):
    ...     size: int | None = known("2020-02-14")
    >>> [path for path, _ in walk(Cup, "2020-02-14")], list(walk(Cup, "2019-05-01-preview"))
    (['size'], [])
    """
    for field in keys(model).values():
        if not there(field, version):
            continue
        here = f"{path}.{field.key}".lstrip(".")
        yield here, field
        if isinstance(field.holds, tuple):
            for part in field.holds:
                for each in set(words(tell(part), version)).intersection(words(field, version, there)):
                    yield from walk(part, version, there, f"{here}[{each}]")
        elif isinstance(field.holds, type) and issubclass(field.holds, Part):
            yield from walk(field.holds, version, there, here)
