"""What a text is, and what is to be judged in it: a deployment template, one resource, a piece of one, or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from imagekit.lint.alone import alone, answered, fragment, is_answer, quoted
from imagekit.lint.deployment import HERE, is_template_type, pieces
from imagekit.lint.findings import Trouble
from imagekit.lint.fragments import listed, planted, recognised
from imagekit.lint.loose import part, under
from imagekit.lint.pieces import Read
from imagekit.lint.source import Text
from imagekit.lint.values import Notes, Reading, read_value
from imagekit.tongues.json_tree import below
from imagekit.tongues.template_names import JSON

_STOPPED = {"too long", "too deep", "too many", "empty"}  # kinds of slip after which a text counts as unreadable
_NAMESPACE = "virtualmachineimages"


def taken_apart(text: Text, parameters: Mapping[str, Any]) -> Read:
    """Tell what a text is and take out what is to be judged.

    >>> from imagekit.lint.source import understood
    >>> taken_apart(understood('{"type": "Microsoft.VirtualMachineImages/imageTemplates"}'), {}).kind
    'image template'
    """
    value = text.value
    if {slip.kind for slip in text.json.slips} & _STOPPED or not (text.json.clean or isinstance(value, dict | list)):
        return Read("unreadable")
    if isinstance(value, dict) and text.pasted != "members":
        if is_deployment(value):
            return _deployment(value, text, parameters)
        if is_parameter_file(value):
            return _parameter_file(value, text)
        if read := alone(value, text):
            return read
    if isinstance(value, list) and any(is_template_type(str(part(item).get("type"))) for item in value):
        if all(is_answer(item) for item in value):
            return answered(value, text)
        return _deployment({"resources": value}, text, parameters, "fragment: resources", lead="/resources")
    taken = recognised(text)
    return fragment(taken, text) if taken else Read("something else")


# -- deployment templates ---------------------------------------------------------------------------------------------


def is_deployment(value: JSON) -> bool:
    """Whether an object is a deployment template: it says so, or holds resources."""
    if "deploymenttemplate" in str(value.get("$schema")).lower():
        return True
    resources = under(value, "resources")
    inner = resources.values() if isinstance(resources, dict) else resources if isinstance(resources, list) else ()
    return under(value, "type") is None and any(under(part(item), "type") for item in inner)


def _deployment(
    value: JSON, text: Text, parameters: Mapping[str, Any], kind: str = "deployment template", lead: str = ""
) -> Read:
    """Take the templates out of a deployment template; in one that has nothing to do with them nothing is judged."""
    notes = Notes()
    found = tuple(pieces(value, parameters, notes))
    if not found and _NAMESPACE not in text.text.lower():
        return Read("something else")
    if lead:
        found = tuple(replace(one, moved=_without(lead, one.moved)) for one in found)
        notes.troubles = [replace(one, pointer=one.pointer.removeprefix(lead)) for one in notes.troubles]
        notes.placeholders = {name: place.removeprefix(lead) for name, place in notes.placeholders.items()}
    return Read(kind, found, notes)


def _without(lead: str, moved: Mapping[str, str]) -> dict[str, str]:
    return {made: place.removeprefix(lead) for made, place in moved.items()}


def is_parameter_file(value: JSON) -> bool:
    """Whether an object is a parameter file: it says so, or all it holds are values by name."""
    if "deploymentparameters" in str(value.get("$schema")).lower():
        return True
    entries = part(value.get("parameters"))
    known = {"$schema", "contentVersion", "parameters"}
    return bool(entries) and value.keys() <= known and all(_is_given(entry) for entry in entries.values())


def _is_given(entry: Any) -> bool:
    return isinstance(entry, dict) and bool(entry.keys() & {"value", "reference", "expression"})


def _parameter_file(value: JSON, text: Text) -> Read:
    """Judge the steps of a build in a parameter file: templates that take any hand them on as they are."""
    entries = part(value.get("parameters"))
    wrong = [name for name, entry in entries.items() if not _is_given(entry)]
    says = "A parameter is given as an object with a value, or with a reference to a key vault."
    notes = Notes(strict=False)
    notes.troubles += [
        Trouble("parameter-value-fits", below("/parameters", name), says, 'Write {"value": …}.') for name in wrong
    ]
    found = []
    for name, entry in entries.items():
        steps, place = part(entry).get("value"), f"{below('/parameters', name)}/value"
        taken = listed(steps, name) if isinstance(steps, list) else None
        if taken and taken.part.name == "customize":
            read = read_value(steps, Reading(HERE, notes, place, ""))
            piece = planted(taken, read, notes.moved, quoted(notes, text), "")
            found.append(replace(piece, moved={**piece.moved, "/properties/customize": place}))
    return Read("parameter file", tuple(found), notes)
