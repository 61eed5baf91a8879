"""What stands alone in a text: one resource, a request that makes it, what Azure answered about it, a piece of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import unquote

from imagekit.ids import TRIGGER
from imagekit.lint.deployment import HERE, NOT_SENT, is_template_type, wrong_type
from imagekit.lint.expressions import Known, in_value, is_expression
from imagekit.lint.fragments import PARTS, Taken, planted
from imagekit.lint.loose import part
from imagekit.lint.pieces import Piece, Read
from imagekit.lint.source import Text
from imagekit.lint.values import MOST_TROUBLES, Notes, Reading, bounded, read_value
from imagekit.tongues.holes import placeholder
from imagekit.tongues.json_tree import below
from imagekit.tongues.template_names import JSON
from imagekit.unknown import Unknown

ANSWER = "image template, as Azure shows it"
CHANGE = "change of an image template"

_VERSION = re.compile(r"(?:\A|[&?\s])api-version=([^&\s]*)")
_GROUP = re.compile(r"/resourceGroups/([^/\s]+)", re.IGNORECASE)
_NAMES = re.compile(r".*/imageTemplates/", re.IGNORECASE)
_HEAD = {"identity", "location", "properties", "tags"}  # what a body has, of all that az puts on one level
_TOLD = {"provisioningState", "resourceGroup", "systemData"}
_AROUND = {"id", "name", "type", "apiVersion", "resourceGroup", "systemData"}


def alone(value: JSON, text: Text) -> Read | None:
    """Give what an object is by itself; None where it is no image template and no trigger."""
    if _is_trigger(value, text.head):
        return _resource(value, text, "create trigger")
    if text.head[:5].upper() == "PATCH":
        return _change(value, text)
    if is_answer(value) and not text.head:
        return answered(value, text)
    if _is_resource(value) or text.head:
        return _resource(value, text)
    inner = _wrapped(value)
    return _example(value, inner, text) if inner else None


def _is_resource(value: JSON) -> bool:
    """Whether an object is one image template: by its type, or by what stands under properties."""
    if "type" in value:
        return is_template_type(str(value["type"]))
    return bool(part(value.get("properties")).keys() & {"source", "distribute", "customize"})


def _is_trigger(value: JSON, head: str) -> bool:
    """Whether an object is one trigger of a template: by its type, its address, or by what stands under properties."""
    if head or "type" in value:
        return "/triggers/" in head or str(value.get("type")).lower() == TRIGGER.lower()
    properties = part(value.get("properties"))
    said = str(properties.get("kind")).lower()
    return said.startswith("sourceimage") and not properties.keys() & {"source", "distribute", "customize"}


def _resource(value: JSON, text: Text, operation: str = "create image template", lead: str = "") -> Read:
    body, notes = _read({key: inner for key, inner in value.items() if key not in NOT_SENT}, lead)
    is_trigger = operation == "create trigger"
    kind = "trigger" if is_trigger else "image template"
    if not is_trigger:
        _note_type(value.get("type"), lead, notes)
    if not isinstance(body, dict):
        return Read(kind, (), notes)
    said = _address(text.head) if text.head else (value.get("apiVersion"), value.get("name"), "")
    version, name, group = map(_plain, said)
    texts = {} if is_trigger else quoted(notes, text)
    known = (body, version, name, notes.moved, texts)
    piece = Piece(*known, group=group, operation=operation, subscriptions=notes.subscriptions)
    return Read(kind, (piece,), notes)


def _change(value: JSON, text: Text) -> Read:
    """Give what a PATCH names; all else of the template stays as it is, and is left open.

    An identity may be taken away (FACTS TPL-053), so the type None is as right as any.
    """
    goes = NOT_SENT | ({"identity"} if part(value.get("identity")).get("type") == "None" else set())
    read, notes = _read({key: inner for key, inner in value.items() if key not in goes})
    version = _plain(_address(text.head)[0])
    piece = planted(Taken(CHANGE, PARTS[0], whole=False), part(read), notes.moved, quoted(notes, text), version)
    return Read(CHANGE, (replace(piece, subscriptions=notes.subscriptions),), notes)


def _note_type(named: Any, lead: str, notes: Notes) -> None:
    """Note a type cut short; where nothing is deployed, a command may say it whole."""
    wrong = wrong_type(named, f"{lead}/type", "advice") if isinstance(named, str) else None
    notes.troubles += [wrong] if wrong else []


def _address(head: str) -> tuple[str, str, str]:
    """The api-version, the name and the resource group in the address of a REST request."""
    path, _, query = " ".join(head.split()[1:]).partition("?")
    version, group = _VERSION.search(query), _GROUP.search(path)
    name = _NAMES.sub("", path.split()[0].rstrip("/")).replace("/triggers/", "/")
    return unquote(version[1]) if version else "", unquote(name), unquote(group[1]) if group else ""


def _wrapped(value: JSON) -> str:
    """The pointer of the image template in an example of the REST reference; "" where there is none."""
    given = part(value.get("parameters"))
    return next((below("/parameters", name) for name, one in given.items() if _is_resource(part(one))), "")


def _example(value: JSON, pointer: str, text: Text) -> Read:
    given = part(value["parameters"])
    read = _resource(part(given[pointer.rpartition("/")[2]]), text, lead=pointer)
    version, name = (_plain(given.get(key)) for key in ("api-version", "imageTemplateName"))
    known = (replace(one, version=one.version or version, name=one.name or name) for one in read.pieces)
    return replace(read, pieces=tuple(known))


def fragment(taken: Taken, text: Text) -> Read:
    """Give a piece pasted from a template, in the template it belongs to."""
    value, notes = _read(text.value)
    version, named = _plain(part(value).get("apiVersion")), str(part(value).get("type"))
    if taken.part.name == "resource":
        _note_type(named if is_template_type(named) else None, "", notes)
        value = {key: inner for key, inner in part(value).items() if key not in NOT_SENT}
    if isinstance(value, Unknown):
        return Read(taken.kind, (), notes)
    piece = planted(taken, value, notes.moved, quoted(notes, text), version)
    return Read(taken.kind, (replace(piece, subscriptions=notes.subscriptions),), notes)


# -- what Azure answered ----------------------------------------------------------------------------------------------


def is_answer(value: Any) -> bool:
    """Whether this is what Azure or az shows of a template that is there: it has an id, and what only it would say.

    >>> is_answer({"id": "/subscriptions/…", "type": "Microsoft.VirtualMachineImages/imageTemplates"})
    True
    """
    if not isinstance(value, dict) or "id" not in value or not is_template_type(str(value.get("type"))):
        return False
    is_told = bool(value.keys() & _TOLD) or "provisioningState" in part(value.get("properties"))
    return is_told or value.get("apiVersion") is None


def answered(value: JSON | Sequence[JSON], text: Text) -> Read:
    """Give what was sent for one template that Azure shows, or for each in a list, without what the service wrote."""
    many = [(f"/{place}", one) for place, one in enumerate(value)] if isinstance(value, list) else [("", value)]
    notes = Notes(strict=False)
    return Read(ANSWER, tuple(_sent(part(one), text, lead, notes) for lead, one in many), notes)


def _sent(value: JSON, text: Text, lead: str, all_notes: Notes) -> Piece:
    read, notes = _read({key: inner for key, inner in value.items() if key not in _AROUND}, lead)
    all_notes.troubles += notes.troubles
    all_notes.placeholders |= notes.placeholders
    body, moved, texts = part(read), {"": lead, **notes.moved}, quoted(notes, text)
    if "properties" not in body:  # az image builder show puts them beside the location
        head = {key: inner for key, inner in body.items() if key in _HEAD}
        body = {**head, "properties": {key: inner for key, inner in body.items() if key not in _HEAD}}
        moved, texts = {"": lead, "/properties": lead, **_lowered(notes.moved)}, _lowered(texts)
    there = _GROUP.search(str(value.get("id")))
    home = value.get("resourceGroup") or (there[1] if there else "")
    version, name, group = map(_plain, (value.get("apiVersion"), value.get("name"), home))
    return Piece(_sendable(body), version, name, moved, texts, group=group, subscriptions=notes.subscriptions)


def _lowered(places: Mapping[str, str]) -> dict[str, str]:
    """Pointers into what az shows, as those into a body, where all but its head stands under properties."""
    lead = {place: "" if place.split("/")[1] in _HEAD else "/properties" for place in places if place}
    return {f"{lead[place]}{place}": places[place] for place in lead}


def _sendable(body: JSON) -> JSON:
    """A body without the fields that only the service writes, and without those that have no value."""
    from imagekit.documents.template import template_slips  # here: pydantic takes longer to import than the rest

    written = {slip.pointer for slip in template_slips(body) if slip.kind == "read-only"}
    return part(_without(body, written, ""))


def _without(value: Any, pointers: set[str], pointer: str) -> Any:
    if isinstance(value, dict):
        kept = ((key, inner, below(pointer, key)) for key, inner in value.items() if inner is not None)
        return {key: _without(inner, pointers, here) for key, inner, here in kept if here not in pointers}
    if isinstance(value, list):
        return [_without(item, pointers, below(pointer, place)) for place, item in enumerate(value)]
    return value


# -- values that stand alone ------------------------------------------------------------------------------------------


def _read(value: Any, lead: str = "") -> tuple[Any, Notes]:
    """Read what stands alone: names its expressions ask for stand elsewhere, so they are left open."""
    notes = Notes(strict=False, moved={"": lead} if lead else {})
    notes.troubles += islice(in_value(value, lead, Known()), MOST_TROUBLES)
    scope = replace(HERE, parameters=_asked("parameters"), variables=_asked("variables"))
    at = Reading(scope, notes, lead)
    return bounded(lambda: read_value(value, at), at), notes


def _asked(what: str) -> Any:
    return lambda name: Unknown(f"{what}('{name}')")


def quoted(notes: Notes, text: Text) -> dict[str, str]:
    """The strings with placeholders that stand in quotes; of <minutes> without any nobody knows what it will be."""
    where = Piece({}, moved=notes.moved).in_text
    return {made: said for made, said in notes.texts.items() if text.starts_at(where(made)).startswith('"')}


def _plain(value: Any) -> str:
    """A text that says what it is: no expression, and no placeholder."""
    return value if isinstance(value, str) and not (is_expression(value) or placeholder(value)) else ""


__all__ = ["ANSWER", "alone", "answered", "fragment", "is_answer", "quoted"]
