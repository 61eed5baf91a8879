"""Variants: which one a learner gets, and the exercise with its holes filled for it.

The number comes from keyed hashes, so whoever holds the course's key can work it out again and nobody needs to keep it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

from imagekit.practice.exercise import Exercise, Only

HOLE = re.compile(r"\{\{(\w+)\}\}")
DEEPEST = 4  # a filling may have holes of its own, but not without end


def number(course: str, learner: str, exercise: str, labels: Sequence[str]) -> int:
    """The number of a learner's variant among those with these labels; nobody ("") gets the first.

    Each label draws its own lot and the highest wins (rendezvous hashing): a variant that is added in a later version
    takes over some learners, and all others keep theirs.

    >>> number("autumn", "", "copies", ["a", "b"])
    0
    >>> number("autumn", "ada", "copies", list("abcd")) in (number("autumn", "ada", "copies", list("abc")), 3)
    True
    """
    if not learner:
        return 0
    return max(range(len(labels)), key=lambda index: _lot(course, f"{learner}|{exercise}|{labels[index]}"))


def _lot(key: str, text: str) -> bytes:
    secret, said = (part.encode("utf-8", "surrogatepass") for part in (key, text))
    return hmac.new(secret, said, hashlib.sha256).digest()


def labels(exercise: Exercise) -> list[str]:
    """What each variant is called when they are dealt: what it is on each axis, in whatever order axes stand."""
    return [json.dumps(named(exercise, index), sort_keys=True) for index in range(count(exercise))]


def count(exercise: Exercise) -> int:
    """How many variants an exercise has: the product of its axes."""
    return len(_choices(exercise))


def _choices(exercise: Exercise) -> list[tuple[dict[str, Any], ...]]:
    return list(product(*exercise.vary.values()))


def named(exercise: Exercise, index: int) -> dict[str, str]:
    """What a variant is on each axis."""
    return {axis: str(value["is"]) for axis, value in zip(exercise.vary, _choices(exercise)[index], strict=True)}


def variant(exercise: Exercise, index: int) -> Exercise:
    """An exercise as this variant has it; raises ValueError for a hole that nothing fills."""
    return _variant(exercise.model_dump_json(), index)


@lru_cache(maxsize=512)
def _variant(text: str, index: int) -> Exercise:
    exercise = Exercise.model_validate_json(text)
    fields: dict[str, Any] = exercise.fields | named(exercise, index)
    for value in _choices(exercise)[index]:
        fields |= {key: item for key, item in value.items() if key != "is"}
    plain = exercise.model_dump() | {"fields": {}, "vary": {}}
    return Exercise.model_validate(fill(_kept(plain, fields), fields))


def _kept(value: Any, fields: Mapping[str, Any]) -> Any:
    """What stays of an exercise where some parts are only for some variants."""
    if isinstance(value, Mapping):
        return {key: _kept(item, fields) for key, item in value.items() if key != "only"}
    if isinstance(value, list | tuple):
        return [_kept(item, fields) for item in value if not _left_out(item, fields)]
    return value


def _left_out(item: Any, fields: Mapping[str, Any]) -> bool:
    only: Only = item.get("only", {}) if isinstance(item, Mapping) else {}
    return any(fields[axis] not in ([wanted] if isinstance(wanted, str) else wanted) for axis, wanted in only.items())


def fill(value: Any, fields: Mapping[str, Any]) -> Any:
    """A value with its holes filled, however deep; a text that is one hole becomes what is put there.

    >>> fill({"say": "az vm start -n {{vm}}", "needs": ["{{many}}"]}, {"vm": "web", "many": True})
    {'say': 'az vm start -n web', 'needs': [True]}
    """
    if isinstance(value, Mapping):
        return {key: fill(item, fields) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [fill(item, fields) for item in value]
    return _filled(value, fields) if isinstance(value, str) else value


def _filled(text: str, fields: Mapping[str, Any]) -> Any:
    if (whole := HOLE.fullmatch(text)) and not isinstance(fields.get(whole[1]), str | None):
        return fields[whole[1]]
    for _ in range(DEEPEST):
        if missing := [name for name in HOLE.findall(text) if name not in fields]:
            raise ValueError(f"nothing fills the hole {{{{{missing[0]}}}}}; there are {', '.join(fields)}")
        text = HOLE.sub(lambda hole: str(fields[hole[1]]).strip("\n"), text)
    return text


def each(exercise: Exercise) -> Iterator[Exercise]:
    """Every variant of an exercise, the first one first."""
    return (variant(exercise, index) for index in range(count(exercise)))


__all__ = ["count", "each", "fill", "labels", "named", "number", "variant"]
