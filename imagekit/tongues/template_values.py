"""The values of ARM templates and what can be done with them, knowing nothing of any deployment.

A function here raises ValueError with a short sentence where Azure would not take its arguments either.
Source: learn.microsoft.com, "ARM template functions" (string, array, object, numeric), read 2026-11.
"""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from imagekit.tongues.jsontext import read
from imagekit.tongues.net_formats import compose
from imagekit.unknown import Unknown

MOST_ITEMS = 10_000
"""The most items `range` gives (learn.microsoft.com, "Numeric functions", read 2026-11)."""

LARGEST = 4 * 1024 * 1024
"""The most characters and items of one value; a template has at most 4 MB, so none comes near."""

_GUIDS = uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")
"""The namespace of `guid` (learn.microsoft.com, "String functions for Bicep", read 2026-11)."""


def is_too_large(value: Any) -> bool:
    """Tell whether a value, written out, has more characters and items than any template.

    It stops counting there, for values that share their parts can be endless when written out.

    >>> is_too_large(["abc"]), is_too_large("a" * LARGEST)
    (False, True)
    """
    waiting, left = [value], LARGEST
    while waiting and left > 0:
        item = waiting.pop()
        left -= len(item) + 1 if isinstance(item, str | list | dict) else 1
        if isinstance(item, dict | list):
            waiting.extend(item.values() if isinstance(item, dict) else item)
    return left <= 0


def _must_fit(length: int) -> None:
    if length >= LARGEST:
        raise ValueError(f"the result would have more than {LARGEST:,} characters.")


def kind(value: Any) -> str:
    """Give the ARM name of a value's type.

    >>> [kind(value) for value in (True, 1, "", [], {}, None)]
    ['boolean', 'integer', 'string', 'array', 'object', 'null']
    """
    return _KINDS.get(type(value), "any")


_KINDS: dict[type, str] = {bool: "boolean", int: "integer", float: "number", str: "string"}
_KINDS |= {list: "array", dict: "object", type(None): "null"}


def text_of(value: Any) -> str:
    """Give a value as text, as `string` and `format` do.

    >>> text_of(True), text_of(3), text_of({"a": [1, None]})
    ('True', '3', '{"a":[1,null]}')
    """
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value)
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def concat(*values: Any) -> Any:
    if any(isinstance(value, list) for value in values):
        if not all(isinstance(value, list) for value in values):
            raise ValueError("strings and arrays cannot be mixed.")
        return [item for value in values for item in value]
    return join(list(values), "")


def join(parts: list[Any], between: str) -> str:
    texts = [text_of(part) for part in parts]
    _must_fit(sum(map(len, texts)) + len(between) * len(texts))
    return between.join(texts)


def substring(text: str, start: int, length: int | None = None) -> str:
    end = len(text) if length is None else start + length
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"start and length must lie inside the string, which has {len(text)} characters.")
    return text[start:end]


def split(text: str, at: Any) -> list[str]:
    pieces = [text]
    for mark in filter(None, [at] if isinstance(at, str) else at):
        pieces = [part for piece in pieces for part in piece.split(text_of(mark))]
    return pieces


def replaced(text: str, old: str, new: str) -> str:
    if not old:
        raise ValueError("what is to be replaced must not be empty.")
    _must_fit(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def formatted(form: str, *given: Any) -> str:
    texts = [len(text_of(value)) for value in given]
    _must_fit(len(form) + form.count("{") * max(texts, default=0))
    return compose(form, given, text_of)


def index_of(box: Any, item: Any) -> int:
    """Give the first place of a part of a string, in any case, or of an item; -1 when there is none."""
    if isinstance(box, str):
        return box.lower().find(text_of(item).lower())
    return next((place for place, inner in enumerate(box) if same(inner, item)), -1)


def pad_left(value: Any, width: int, fill: str = " ") -> str:
    if not 0 <= width <= MOST_ITEMS or len(fill) != 1:
        raise ValueError(f"the width may be up to {MOST_ITEMS}, and the fill is one character.")
    return text_of(value).rjust(width, fill)


def unique_string(*texts: str) -> str:
    """Give 13 characters that depend only on the texts; Azure's own hash is not documented."""
    return base64.b32encode(sha256("-".join(texts).encode()).digest()).decode().lower()[:13]


def guid(*texts: str) -> str:
    """Give the UUID Azure gives: version 5 over the texts joined by hyphens.

    >>> guid("a", "b") == guid("a-b")
    True
    """
    return str(uuid.uuid5(_GUIDS, "-".join(texts)))


def to_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def from_base64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        raise ValueError("its text is not base64.") from None


def read_json(text: str) -> Any:
    """Read JSON as Azure does, which takes single quotes too."""
    found = read(text)
    slips = [slip for slip in found.slips if slip.kind != "quotes"]
    if slips:
        raise ValueError(f"its text is not JSON. {slips[0].says}")
    return found.value


def whole(value: Any) -> int:
    if isinstance(value, str) and not re.fullmatch(r"\s*[+-]?[0-9]{1,18}\s*", value):
        raise ValueError(f"{value[:40]!r} is not a whole number.")
    return int(value)


def decimal(value: Any) -> float:
    if isinstance(value, str) and not re.fullmatch(r"\s*[+-]?[0-9]{1,18}(\.[0-9]{1,18})?\s*", value):
        raise ValueError(f"{value[:40]!r} is not a number.")
    return float(value)


def boolean(value: Any) -> bool:
    known = {"true": True, "false": False, "1": True, "0": False}
    if str(value).lower() not in known:
        raise ValueError(f"{str(value)[:40]!r} is neither true nor false.")
    return known[str(value).lower()]


def divide(one: int, other: int) -> int:
    """Divide towards zero, as .NET does; Python would round -7/2 down to -4."""
    if other == 0:
        raise ValueError("division by zero.")
    return abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1)


def remainder(one: int, other: int) -> int:
    return one - other * divide(one, other)


def same(one: Any, other: Any) -> bool:
    """Compare as Azure does: case counts, and 1, '1' and true are three values."""
    return _print(one) == _print(other)


def _print(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=repr)


def has(box: Any, item: Any) -> bool:
    if isinstance(box, str):
        return text_of(item) in box
    if isinstance(box, dict):
        return text_of(item).lower() in map(str.lower, box)
    return any(same(item, inner) for inner in box)


def merge(one: Any, other: Any) -> Any:
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return other
    both = {name: merge(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **both}


def union(*values: Any) -> Any:
    merged = values[0]
    for value in values[1:]:
        merged = merge(merged, value) if isinstance(value, dict) else [*merged, *value]
    return merged if isinstance(merged, dict) else list({_print(item): item for item in merged}.values())


def intersection(*values: Any) -> Any:
    first, rest = values[0], values[1:]
    if isinstance(first, dict):
        return {name: v for name, v in first.items() if all(name in o and same(o[name], v) for o in rest)}
    return [item for item in first if all(has(other, item) for other in rest)]


def alike(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function insist on arguments of one type."""

    def call(*values: Any) -> Any:
        if len({kind(value) for value in values}) > 1:
            raise ValueError("all arguments must be of one type.")
        return function(*values)

    return call


def create_object(*pairs: Any) -> dict[str, Any]:
    names = pairs[::2]
    if len(pairs) % 2 or not all(isinstance(name, str) for name in names):
        raise ValueError("names and values take turns, and every name is a string.")
    return dict(zip(names, pairs[1::2], strict=True))


def shallow_merge(objects: list[Any]) -> dict[str, Any] | Unknown:
    open_ones = [value for value in objects if isinstance(value, Unknown)]
    if open_ones:
        return Unknown(f"shallowMerge of {open_ones[0].text}", tuple(name for one in open_ones for name in one.of))
    if not all(isinstance(value, dict) for value in objects):
        raise ValueError("every item must be an object.")
    return {name: inner for value in objects for name, inner in value.items()}


def count_up(start: int, count: int) -> list[int]:
    if not 0 <= count <= MOST_ITEMS:
        raise ValueError(f"the count must lie between 0 and {MOST_ITEMS}.")
    return list(range(start, start + count))


def first_of(value: Any) -> Any:
    return value[0] if value else ("" if isinstance(value, str) else None)


def items(value: dict[str, Any]) -> list[Any]:
    return [{"key": name, "value": value[name]} for name in sorted(value)]
