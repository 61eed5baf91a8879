"""How az changes an image template: it alters its draft, or what the cloud shows, and PUTs the whole back.

What az can set and remove is what its SDK's objects take: plain values and lists of them in parts that are there;
an object it crashes on (azure-cli 2.91.0 run with its transport replaced, 2026-11-20).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from imagekit.ids import Id
from imagekit.operations.core import Scope, Tongue
from imagekit.operations.forms import json_or_text, word_for
from imagekit.operations.template_parts import draft_of, known, misfit
from imagekit.operations.updates import compose_update
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

FREE = ("tags", "artifactTags")  # maps of text, whose keys are one's own


def compose_template_update(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """The draft, or what the cloud shows of the template, with the changes; the whole goes over the wire."""
    named = [*said.get("@set", []), *said.get("@add", [])[:1], *said.get("@remove", [])[:1]]
    if any(re.match(r"properties\b", word) for word in named):
        raise Unreadable("az writes the paths of an image template without properties: customize[0].name")
    before = draft_of(target, scope)
    after = compose_update(said, body, target, replace(scope, look=lambda id: before), tongue)
    made = [word.partition("=")[0] for word in said.get("@set", []) if _sets_object(word)]
    made += [*said.get("@add", [])[:1], *sorted(set(_objects(after)) - set(_objects(before)))]
    if made:
        raise Unreadable(f"az 2.91 cannot set the object {made[0]} in an image template: it takes plain values only")
    sent: JSON = known(after)
    if wrong := misfit(sent).removeprefix("properties."):
        raise Unreadable(f"az 2.91 takes no such value for {wrong} in an image template")
    if lost := sorted(set(_paths(after)) - set(_paths(sent))):
        raise Unreadable(f"az 2.91 knows no {lost[0]} in an image template: it speaks 2023-07-01")
    return sent


def _sets_object(word: str) -> bool:
    path, _, text = word.partition("=")
    value = json_or_text(text)
    inside = value if isinstance(value, list) else [value]
    return path.rpartition(".")[2] not in FREE and any(isinstance(item, dict) for item in inside)


def _objects(value: Any) -> Iterator[str]:
    """The paths of all objects, but for the maps of text."""
    for path, inner in _walked(value):
        if isinstance(inner, dict) and path.rpartition(".")[2] not in FREE:
            yield path


def _paths(value: Any) -> Iterator[str]:
    return (path for path, _ in _walked(value))


def _walked(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value in a body with its path, written as az writes it."""
    pairs = value.items() if isinstance(value, dict) else []
    for key, inner in pairs:
        below = f"{path}.{key}" if path and path != "properties" else str(key)
        yield below, inner
        yield from _walked(inner, below)
    for number, inner in enumerate(value if isinstance(value, list) else []):
        yield f"{path}[{number}]", inner
        yield from _walked(inner, f"{path}[{number}]")


def decompose_template_update(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    """The changes that turn what az has in hand into this body; raises Unreadable where it has no words for one."""
    sets, removed = differences(draft_of(target, scope), body)
    if len(removed) > 1:
        raise Unreadable(f"az removes one thing at a time, not {', '.join(removed)}")
    said: dict[str, Any] = {"@set": sets} if sets else {}
    return said | ({"@remove": removed} if removed else {}), {}


def differences(before: JSON, after: JSON) -> tuple[list[str], list[str]]:
    """What az sets, as path=value, and what it removes, to make one body into another."""
    had, has = dict(_leaves(before)), dict(_leaves(after))
    sets = [f"{path}={word_for(value)}" for path, value in has.items() if path not in had or had[path] != value]
    removed = [path for path in had if path not in has]
    return sets, [path for path in removed if path.rpartition(".")[0] not in removed]


def _leaves(value: JSON) -> Iterator[tuple[str, Any]]:
    """Each plain value or list of plain values with its path; parts as well, but equal to each other.

    >>> dict(_leaves({"tags": {"a": "b"}, "properties": {"customize": [{"inline": ["date"]}]}}))
    {'tags': {}, 'tags.a': 'b', 'properties': {}, 'customize[0]': {}, 'customize[0].inline': ['date']}
    """
    for path, inner in _walked(value):
        if isinstance(inner, dict):
            yield path, {}
        elif not path.endswith("]") and not (isinstance(inner, list) and any(isinstance(item, dict) for item in inner)):
            yield path, inner
