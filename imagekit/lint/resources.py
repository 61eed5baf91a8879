"""The resources of a deployment template, each turn of each loop with its type and its name, as far as can be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from imagekit.lint.findings import Trouble
from imagekit.lint.loose import items, spelled, under
from imagekit.lint.values import Reading, loop_scopes, read_value
from imagekit.operations.image_templates import TEMPLATE
from imagekit.tongues.template_names import JSON
from imagekit.tongues.template_values import kind
from imagekit.unknown import Unknown, holds_unknown

MOST_TURNS = 100
"""Turns of a loop over one resource that are judged."""

_INNER_ID = "/providers/"


@dataclass(frozen=True, slots=True)
class Standing:
    """One resource, in one turn of its loop: how it is written and where, its whole type and its whole name.

    Type and name begin with those of the resource it is written in; either is "" where it cannot be told. `named` is
    the name as written, None where there is none; `symbol` and `loop` are what dependsOn may call it as well.
    """

    resource: JSON
    at: Reading
    type: str
    name: str
    named: Any
    is_inner: bool
    symbol: str = ""
    loop: str = ""

    def into(self, name: str) -> Reading:
        """Where the value of a key stands, however the key is written."""
        return self.at.into(spelled(self.resource, name))

    def value(self, name: str) -> Any:
        """The value of a key, however the key is written."""
        return read_value(under(self.resource, name), self.into(name))

    @property
    def is_off(self) -> bool:
        """Whether it is certain that this is not deployed here."""
        return under(self.resource, "existing") is True or self.value("condition") is False

    @property
    def id(self) -> str:
        """The id it gets in the group deployed to; "" where it cannot be told."""
        types, names = self.type.split("/"), self.name.split("/")
        if not all((*types, *names)) or len(types) != len(names) + 1:
            return ""
        parts = (part for pair in zip(types[1:], names, strict=True) for part in pair)
        return f"{self.at.scope.base}{_INNER_ID}{'/'.join((types[0], *parts))}"


def standing(resources: Any, at: Reading, outer: Standing | None = None) -> Iterator[Standing]:
    """Every resource in a list, or in an object under symbolic names, with those written inside them."""
    if not isinstance(resources, list | dict):
        _unwhole(at, f"resources is a list or an object, not {kind(resources)}.")
        return
    for key, resource in resources.items() if isinstance(resources, dict) else enumerate(resources):
        here = at.into(key)
        if not isinstance(resource, dict):
            _unwhole(here, f"A resource is an object, not {kind(resource)}.")
            continue
        for one in _turns(resource, here, outer, key if isinstance(key, str) else ""):
            yield one
            if "resources" in map(str.lower, resource) and one.type:
                yield from standing(under(resource, "resources"), one.into("resources"), one)


def _unwhole(at: Reading, says: str) -> None:
    at.notes.troubles.append(Trouble("resource-is-whole", at.pointer, says))


def _turns(resource: JSON, at: Reading, outer: Standing | None, symbol: str) -> Iterator[Standing]:
    loop = under(resource, "copy")
    name = str(loop.get("name")) if isinstance(loop, dict) else ""
    scopes = loop_scopes(loop, name, at.into("copy")) if isinstance(loop, dict) else [at.scope]
    for scope in scopes[:MOST_TURNS]:
        here = replace(at, scope=scope)
        said = read_value(under(resource, "type"), here.into(spelled(resource, "type")))
        named = read_value(under(resource, "name"), here.into(spelled(resource, "name")))
        if not isinstance(said, str | Unknown):
            _unwhole(here, "This resource has no type.")
        whole = said if isinstance(said, str) else ""
        lead, home = (outer.type, outer.name) if outer and "." not in whole.partition("/")[0] else ("", "")
        own = f"{home}/{named}" if home else named
        yield Standing(
            resource,
            here,
            f"{lead}/{whole}".strip("/") if whole else "",
            own if isinstance(named, str) and bool(home) == bool(lead) else "",
            named,
            bool(lead),
            symbol,
            name,
        )


# -- what Azure checks in them before it deploys anything --------------------------------------------------------------


def unsound(found: Sequence[Standing], is_object: bool, at: Reading, version: Any) -> Iterator[Trouble]:
    """What is wrong with the resources of one template beside what stands in them."""
    if is_object and version is None and found:
        says = "resources is an object, and the template names no languageVersion."
        yield Trouble("symbolic-names-need-a-language-version", at.pointer, says)
    for one in found:
        yield from _segments(one)
    yield from _twice(found)
    yield from _dependencies(found)
    yield from _unwaited(found)


def _segments(one: Standing) -> Iterator[Trouble]:
    if not isinstance(one.named, str) or not one.type or under(one.resource, "existing") is True:
        return
    own = str(one.value("type"))
    wanted = own.count("/") + 1 if one.is_inner else own.count("/")
    said = one.named.strip("/").count("/") + 1
    if wanted and said != wanted:
        parts = "one part" if wanted == 1 else f"{wanted} parts with / between them"
        says = f"A resource of the type {own} has a name of {parts}, and {one.named!r} has {said}."
        fix = "Leave out the /." if wanted == 1 else "Write the name of what it belongs to, a / and its own name."
        yield Trouble("name-has-the-parts-of-its-type", one.into("name").pointer, says, fix)


def _twice(found: Sequence[Standing]) -> Iterator[Trouble]:
    """Resources that certainly stand there, with the type and the name of one before them."""
    seen: set[tuple[str, str]] = set()
    for one in found:
        called = one.type.lower(), one.name.lower()
        if not all(called) or one.is_off or one.value("condition") not in (None, True) or _goes_elsewhere(one):
            continue
        if called in seen:
            says = f"Another {one.type} called {one.name!r} stands in this template."
            yield Trouble("resource-stands-once", one.into("name").pointer, says)
        seen.add(called)


def _goes_elsewhere(one: Standing) -> bool:
    """Whether a resource says where it goes: beside the same name in another group, or on another resource."""
    return any(under(one.resource, key) is not None for key in ("scope", "resourceGroup", "subscriptionId"))


def _dependencies(found: Sequence[Standing]) -> Iterator[Trouble]:
    """Names in dependsOn that no resource of the template has."""
    waiting = [one for one in found if under(one.resource, "dependsOn")]
    if not waiting or not all(one.type and one.name for one in found):
        return  # what nobody can tell may be what is meant
    known = {name.lower() for one in found for name in _called(one)}
    for one in waiting:
        at = one.into("dependsOn")
        for place, need in enumerate(items(one.value("dependsOn"))):
            if isinstance(need, str) and not _is_elsewhere(need, one) and need.lower() not in known:
                shown = need.rpartition(_INNER_ID)[2]
                says = f"No resource of this template is called {shown!r}."
                yield Trouble("dependency-is-in-the-template", at.into(place).pointer, says)
            elif isinstance(need, str) and _is_only(need.lower(), one, found):
                says = f"{one.name!r} waits for itself."
                yield Trouble("resource-waits-for-others", at.into(place).pointer, says)


def _is_only(need: str, one: Standing, found: Sequence[Standing]) -> bool:
    """Whether a name in dependsOn is that of the waiting resource, and of no other."""
    own = {name.lower() for name in (one.name, one.symbol, one.id, f"{one.type}/{one.name}")}
    return need in own and not any(need in map(str.lower, _called(other)) for other in found if other is not one)


def _unwaited(found: Sequence[Standing]) -> Iterator[Trouble]:
    """What an image template names by its id, is made in the same deployment, and is not waited for."""
    made = {one.id.lower(): one for one in found if one.id and not one.is_off}
    called = _by_name(found)
    for one in made.values():
        if one.type.lower() != TEMPLATE.lower():
            continue
        named = {text.lower() for key in ("identity", "properties") for text in _texts(one.value(key))}
        missing = [made[id] for id in named & made.keys() if made[id] is not one]
        if missing and not holds_unknown(one.value("dependsOn")):
            yield from _told_of(one, [other for other in missing if other.id not in _needs(one, called)])


def _told_of(one: Standing, missing: Sequence[Standing]) -> Iterator[Trouble]:
    if missing:
        names = ", ".join(sorted(other.id.rpartition(_INNER_ID)[2] for other in missing))
        says = f"It uses what the same deployment makes, and does not wait for it: {names}."
        place = one.into("dependsOn") if "dependson" in map(str.lower, one.resource) else one.at
        yield Trouble("what-is-made-here-is-waited-for", place.pointer, says)


def _by_name(found: Sequence[Standing]) -> dict[str, list[Standing]]:
    """Every resource by each name dependsOn may call it."""
    table: dict[str, list[Standing]] = {}
    for one in found:
        for name in {name.lower() for name in _called(one)}:
            table.setdefault(name, []).append(one)
    return table


def _needs(one: Standing, called: Mapping[str, Sequence[Standing]]) -> set[str]:
    """The ids of what is there before a resource, because it waits for it, or for one that does."""
    waiting, met = [one], {one.id}
    while waiting:
        needs = items(waiting.pop().value("dependsOn"))
        more = [other for need in needs for other in called.get(str(need).lower(), ()) if other.id not in met]
        met |= {other.id for other in more}
        waiting += more
    return met - {one.id}


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value, and every name in it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)


def _called(one: Standing) -> Iterator[str]:
    """Everything a resource may be called by in dependsOn."""
    yield from filter(None, (one.name, one.symbol, one.loop, one.id, one.id.rpartition(_INNER_ID)[2]))
    yield from (f"{one.type}/{one.name}", one.name.rpartition("/")[2])


def _is_elsewhere(need: str, one: Standing) -> bool:
    """Whether an id names something outside of the group that is deployed to."""
    return need.startswith("/") and not need.lower().startswith(f"{one.at.scope.base}/".lower())


__all__ = ["MOST_TURNS", "Standing", "standing", "unsound"]
