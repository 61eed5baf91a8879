"""The rules asked about one image template, and their findings brought back to the places in its text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from imagekit import rules
from imagekit.asked import Asked
from imagekit.ids import Id, group_id, resource_id
from imagekit.lint.deployment import GROUP
from imagekit.lint.findings import Finding
from imagekit.lint.neighbours import WITH_NEIGHBOURS
from imagekit.lint.pieces import Piece
from imagekit.lint.places import place_of, written_at
from imagekit.lint.source import Text
from imagekit.operations import named
from imagekit.operations.image_templates import TEMPLATE
from imagekit.tongues.json_tree import changed, stands
from imagekit.unknown import Unknown
from imagekit.world import JSON, SUBSCRIPTION, Request, World

ABOUT_NAMES = {
    "network-is-named-by-its-subnet",
    "old-network-names-are-lost",
    "some-fields-are-written-by-the-service",
    "template-fields-are-known",
    "unknown-fields-are-lost",
}
"""Rules that speak of the name of a field, not of what stands in it; they are shown at the name, where it is said."""

_UNNAMED = "template"
_SOMEWHERE = "…"  # the group of a template when nobody named one; no real group can be called so
_IN_THE_ADDRESS = {"name", "query", "id", "apiVersion"}
_OF_NOBODY = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/"  # how ids begin that a deployment makes


def judged(piece: Piece, text: Text, api_version: str, world: World | None) -> Iterator[Finding]:
    """Give what the rules say about a piece by its text, beside what is deployed with it, and in a world."""
    version, body = piece.version or api_version, piece.with_wrong_texts()
    alone = _asked(piece, version, body, piece.beside or World(), piece.group or GROUP)
    told = list(rules.judge_text(alone))
    if piece.beside:
        told += _with_neighbours(alone)
    if world and (group := piece.group or _home(piece, world)):
        is_sent_there = bool(piece.group) or _OF_NOBODY in text.text
        told += _in_world(_asked(piece, version, body if is_sent_there else _left_open(body), world, group))
    for finding in told:
        is_there = finding.rule not in ABOUT_NAMES or stands(piece.body, finding.pointer)
        if is_there and piece.was_pasted(finding.pointer):
            yield _brought_back(finding, piece, text)


def _asked(piece: Piece, version: str, body: JSON, world: World, group: str) -> Asked:
    """The request that would create what a piece is; a group that nobody named is there, and empty."""
    if group == _SOMEWHERE:
        world = world.put(group_id(world.subscription, group), {"name": group})
    first, _, second = piece.name.partition("/") if piece.operation == "create trigger" else (piece.name, "", "")
    id = resource_id(world.subscription, group, TEMPLATE, (first or _UNNAMED).replace("/", "-"))
    if piece.operation == "create trigger":
        id = Id.parse(f"{id}/triggers/{(second or _UNNAMED).replace('/', '-')}")
    return Asked(Request("PUT", id, version, body, name=piece.operation), world, named(piece.operation), body)


def _with_neighbours(asked: Asked) -> Iterator[rules.Finding]:
    """What can be said already because it stands in the same deployment."""
    for name in WITH_NEIGHBOURS[asked.operation.name]:
        one = rules.RULES[name]
        if not one.text:
            yield from one.findings(asked)


# -- in a world -------------------------------------------------------------------------------------------------------


def _in_world(asked: Asked) -> Iterator[rules.Finding]:
    """What a world tells; a template that is refused at once is not looked at again later."""
    gates = rules.judge(asked, gates=True) if asked.request.api_version else ()  # a body alone names no api-version
    now = [*gates, *rules.judge(asked)]
    yield from now
    if not any(finding.strength == "refused" for finding in now):
        for look in rules.LATER.get(asked.operation.name, ()):
            yield from rules.judge_later(asked, look)


def _home(piece: Piece, world: World) -> str:
    """The group of what nobody named one for: a trigger stands with its template; "" where that is nowhere."""
    if piece.operation != "create trigger":
        return _SOMEWHERE
    groups = (str(group["name"]) for group in world.members(group_id(world.subscription)))
    name = piece.name.partition("/")[0] or _UNNAMED
    return next((group for group in groups if world.get(resource_id(world.subscription, group, TEMPLATE, name))), "")


def _left_open(value: Any) -> Any:
    """A value without the ids that a deployment makes of its own group: nobody said which that is."""
    if isinstance(value, str):
        return Unknown(value) if value.startswith(_OF_NOBODY) else value
    if isinstance(value, list):
        return [_left_open(item) for item in value]
    if isinstance(value, dict):  # a name that is open stands in brackets
        return {f"[{key}]" if key.startswith(_OF_NOBODY) else key: _left_open(item) for key, item in value.items()}
    return value


# -- back in the text -------------------------------------------------------------------------------------------------


def _brought_back(finding: rules.Finding, piece: Piece, text: Text) -> Finding:
    asked = "" if finding.pointer == "/id" and "id" not in piece.body else finding.pointer  # it is about all of it
    pointer = written_at(text.value, piece.in_text(asked))
    is_above = bool(text.head) and finding.pointer.removeprefix("/").partition("/")[0] in _IN_THE_ADDRESS
    where = text.name_at if finding.rule in ABOUT_NAMES else partial(place_of, text)
    line, column = text.head_at() if is_above else where(pointer)
    says, fix, error = (_said_in_text(words, piece, text) for words in (finding.says, finding.fix, finding.error))
    said = (says, finding.law, finding.why, fix, error, finding.source, finding.moment, finding.becomes)
    told = Finding(finding.rule, finding.strength, pointer, line, column, *said)
    return told if finding.strength == "refused" else told.as_advice()


def _said_in_text(words: Any, piece: Piece, text: Text) -> Any:
    """Words without the stand-ins for what nobody can tell: the subscription as it is written, or none."""
    if SUBSCRIPTION in text.text:
        return words
    own = next(iter(piece.subscriptions), "…")
    home = _OF_NOBODY.removeprefix("/subscriptions/")
    return changed(words, lambda _, said: str(said).replace(home, "…/resourceGroups/…/").replace(SUBSCRIPTION, own))


__all__ = ["ABOUT_NAMES", "judged"]
