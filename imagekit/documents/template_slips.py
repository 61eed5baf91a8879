"""One walk over the body of an image template that finds everything wrong with its shape at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from imagekit.documents.base import Part, Slip
from imagekit.documents.template_fields import API_VERSIONS, SAID, Known, at, keys, needed, tell, words
from imagekit.unknown import Unknown

# How near a key must be to count as another one misspelt; PlatfromImage and PlatformImage are 0.92 alike.
NEAR = 0.75
STRICT = "2024-02-01"  # before, a field the service does not know is lost without a word (FACTS TPL-058)
# What lies beyond so many keys or items is no template anybody wrote, and what is longer no word of one.
MOST = 1_000
LONGEST = 60
_SHOWN = 80  # characters of a value that are shown
_KINDS = {str: "text", int: "a whole number", bool: "true, false"}


def slips(model: type[Part], body: Any, pointer: str, version: str) -> Iterator[Slip]:
    """Everything wrong with one part and all parts below it, for an api-version."""
    if isinstance(body, Unknown):
        return
    if not isinstance(body, dict):
        yield Slip(pointer, "wrong value", _shown(body), "an object")
        return
    fields, said, lost = keys(model), set[str](), set[str]()
    for written, value in islice(body.items(), MOST):
        if _is_open(written, fields):
            continue
        key = written if pointer else _usual(written, fields)
        field, here = fields.get(key), _below(pointer, key)
        if field is None:
            field, slip = _strange(fields, key, body, here, version)
            lost |= {key} if slip.kind == "misspelt" and version < STRICT else set()
            yield slip
        if field is not None and value is not None:
            said |= set() if key in lost else {field.key, field.instead}
            yield from _field(field, value, here, version)
    for field in () if _more(body, fields) else needed(model, version):
        if field.key not in said:
            yield Slip(f"{pointer}/{field.key}", "missing", "", ", ".join(words(field, version)))


def _usual(key: str, fields: dict[str, Known]) -> str:
    """A key of the resource itself as it is usually written: Resource Manager reads those in any case."""
    return next((known for known in fields if known.lower() == key.lower()), key)


def _is_open(key: Any, fields: dict[str, Known]) -> bool:
    """Whether a key is an expression, or stands for keys that a loop makes."""
    return not isinstance(key, str) or key[:1] == "[" or (key == "copy" and key not in fields)


def _more(body: dict[Any, Any], fields: dict[str, Known]) -> bool:
    """Whether an object may have keys that nobody can see here."""
    return len(body) > MOST or any(_is_open(key, fields) for key in body)


def _below(pointer: str, key: str) -> str:
    return f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"


def _shown(value: Any) -> str:
    match value:
        case None:
            return "null"
        case dict():
            return "an object"
        case list():
            return "a list"
        case bool():
            return str(value).lower()
    said = str(value)
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"


# --- keys -------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=10_000)
def _near(word: str, known: tuple[str, ...]) -> str:
    """The one of some words that is most like another, if any is; where a walk meets it once, it meets it often."""
    return next(iter(difflib.get_close_matches(word, known, 1, NEAR)), "") if len(word) <= LONGEST else ""


def _strange(fields: dict[str, Known], key: str, body: Any, pointer: str, version: str) -> tuple[Known | None, Slip]:
    """The field that was meant by a key nobody knows, if any, and what is to be told."""
    free = [field for field in fields.values() if field.key not in body]
    alike = [field for field in free if field.key.lower() == key.lower()]
    alike.sort(key=lambda field: not field.is_there(version))
    if alike:
        return alike[0], Slip(pointer, "wrong case", key, alike[0].key)
    near = _near(key.lower(), tuple(field.key.lower() for field in free))
    field = next((field for field in free if key in field.slips or field.key.lower() == near), None)
    return field, Slip(pointer, "misspelt", key, field.key) if field else Slip(pointer, "unknown field", key)


def _field(field: Known, value: Any, pointer: str, version: str) -> Iterator[Slip]:
    """What is wrong with a field; what lies in one of another time is judged by its own time."""
    if field.read_only:
        yield Slip(pointer, "read-only", field.key)
        return
    if version < field.first:
        yield Slip(pointer, "too new", field.key, field.first)
    elif not field.is_there(version):
        yield Slip(pointer, "gone", field.key, field.instead, field.until)
    yield from _values(field, value, pointer, field.nearest(version))


# --- values -----------------------------------------------------------------------------------------------------------


def _values(field: Known, value: Any, pointer: str, version: str) -> Iterator[Slip]:
    if not field.many:
        yield from _value(field, value, pointer, version)
    elif isinstance(value, list) and field.many == "list":
        for n, item in enumerate(islice(value, MOST)):
            yield from _value(field, item, f"{pointer}/{n}", version)
    elif isinstance(value, dict) and field.many == "map":
        for key, item in islice(value.items(), MOST):
            yield from _value(field, item, _below(pointer, str(key)), version)
    elif not isinstance(value, Unknown):
        one = f', such as ["{value}"]' if field.holds is str and isinstance(value, str) and len(value) <= _SHOWN else ""
        yield Slip(pointer, "wrong value", _shown(value), f"a list{one}" if field.many == "list" else "an object")


def _value(field: Known, value: Any, pointer: str, version: str) -> Iterator[Slip]:
    if isinstance(value, Unknown) or field.holds is Any:
        return
    if isinstance(field.holds, tuple):
        yield from _choice(field, value, pointer, version)
    elif field.holds not in _KINDS:
        yield from slips(field.holds, value, pointer, version)
    elif type(value) is not field.holds:
        yield Slip(pointer, "wrong value", _shown(value), _kind(field, value, version))
    elif field.holds is str and field.words:
        yield from _word(field, value, pointer, version)
    elif (pattern := at(field.pattern, version, "")) and not re.fullmatch(pattern, value):
        yield Slip(pointer, "wrong value", _shown(value), SAID[pattern])
    elif not _is_in_range(field, value):
        allowed = f"{field.low} or more" if field.high is None else f"{field.low} to {field.high}"
        yield Slip(pointer, "out of range", _shown(value), allowed)


def _is_in_range(field: Known, value: Any) -> bool:
    """Whether a number lies where a field takes it; whatever has no range does."""
    return (field.low is None or field.low <= value) and (field.high is None or value <= field.high)


def _kind(field: Known, value: Any, version: str) -> str:
    """What kind of value a field takes, with the very value where only the quotation marks are wrong."""
    said = _shown(value)
    if field.holds is str:
        return ", ".join(words(field, version)) or (f'text, such as "{said}"' if isinstance(value, int) else "text")
    is_only_quoted = isinstance(value, str) and (
        value.lower() in ("true", "false") if field.holds is bool else bool(re.fullmatch("-?[0-9]+", value))
    )
    return f"{said.lower()} without quotation marks" if is_only_quoted else _KINDS[field.holds]


def _word(field: Known, value: Any, pointer: str, version: str) -> Iterator[Slip]:
    """What is wrong with a word: its case, its time, or all of it."""
    now = words(field, version)
    if value in now or isinstance(value, Unknown):
        return
    usual = [word for word in now if isinstance(value, str) and word.lower() == value.lower()]
    came = [each for each in API_VERSIONS if value in words(field, each)]
    if usual:
        yield Slip(pointer, "wrong case", value, usual[0])
    elif came and came[0] > version:
        yield Slip(pointer, "too new", value, came[0])
    elif came:
        yield Slip(pointer, "gone", value, "", came[-1])
    else:
        yield Slip(pointer, "wrong value", _shown(value), ", ".join(now))


def _choice(field: Known, body: Any, pointer: str, version: str) -> Iterator[Slip]:
    """What is wrong with one of several parts told apart by a word; without the word, what is wrong in all of them."""
    if not isinstance(body, dict):
        yield Slip(pointer, "wrong value", _shown(body), "an object")
        return
    usual = tell(field.holds[0]).key
    key = next((key for key in body if isinstance(key, str) and key.lower() == usual), usual)
    word, here = body.get(key), _below(pointer, key)
    if key != usual:
        yield Slip(here, "wrong case", key, usual)
    if word is not None:
        yield from _word(field, word, here, version)
    elif not _more(body, {}):
        yield Slip(here, "missing", "", ", ".join(words(field, version)))
    meant = _meant(field, word)
    parts = [meant] if meant else [part for part in field.holds if tell(part).is_there(version)]
    found = [list(slips(part, body, pointer, tell(part).nearest(version))) for part in parts]
    common = set(found[0]).intersection(*found[1:])
    told = (here, f"{pointer}/{usual}")
    yield from (slip for slip in found[0] if slip in common and slip.pointer not in told)


def _meant(field: Known, word: Any) -> type[Part] | None:
    """The part of a choice that a word names, in any case and of any time, or nearly names."""
    parts = _named(field)
    said = word.lower() if isinstance(word, str) else ""
    return parts.get(said) or parts.get(_near(said, tuple(parts)))


@cache
def _named(field: Known) -> dict[str, type[Part]]:
    """The parts of a choice by their words, in lower case."""
    return {word.lower(): part for part in field.holds for word in words(tell(part), tell(part).first)}
