"""Image templates inside a deployment template, as far as its text tells: never raises, judges what is certain.

Parameters without a value, conditions and loops that cannot be told are left open; what Azure would not understand is
noted. `imagekit.tongues.deployment` is the strict reader, for templates that are really deployed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

from imagekit.ids import TRIGGER
from imagekit.lint.expressions import NESTED, has_inner_scope, in_template
from imagekit.lint.findings import Trouble
from imagekit.lint.loose import part, spelled, under
from imagekit.lint.neighbours import Neighbours
from imagekit.lint.pieces import Piece
from imagekit.lint.resources import Standing, standing, unsound
from imagekit.lint.values import MOST_TROUBLES, Notes, Reading, bounded, read_value
from imagekit.operations.image_templates import TEMPLATE
from imagekit.tongues.template_functions import Scope
from imagekit.tongues.template_names import JSON, Names, UnreadableTemplate, check_value, not_made, property_loops
from imagekit.tongues.template_resource import ARM_KEYS
from imagekit.unknown import Unknown, holds_unknown
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import START, SUBSCRIPTION

NOT_SENT = ARM_KEYS | {"$schema"}
"""Keys of a resource that no service ever sees."""

_READ_BY_ARM = {key.lower(): key for key in (*NOT_SENT, "identity", "location", "properties", "tags")}

GROUP = "group"
HERE = Scope(subscription=SUBSCRIPTION, group=GROUP, location=Unknown("resourceGroup().location"), now=START)
"""Where a template would be deployed: nobody has said."""

_NAMESPACE = "microsoft.virtualmachineimage"
_TRIGGER = TRIGGER.lower()


def pieces(template: JSON, given: Mapping[str, Any], notes: Notes) -> Iterator[Piece]:
    """Give every image template in a deployment template; what is not understood goes into the notes.

    >>> baker = {"type": "Microsoft.VirtualMachineImages/imageTemplates", "name": "baker", "apiVersion": "2024-02-01"}
    >>> [piece.name for piece in pieces({"resources": [baker]}, {}, Notes())]
    ['baker']
    """
    notes.troubles += islice(in_template(template), MOST_TROUBLES)
    known = part(under(template, "parameters"))
    for name in given:
        if name.lower() not in map(str.lower, known):
            near = nearest(name, known)
            fix = f"Did you mean {near}?" if near else "Leave it out, or define it."
            says = f"A value is given for {name!r}, which is no parameter of this template."
            notes.troubles.append(Trouble("parameter-value-fits", "/parameters", says, fix))
    yield from _of_template(template, given, Reading(HERE, notes))


def _of_template(template: JSON, given: Mapping[str, Any], at: Reading) -> Iterator[Piece]:
    yield from _resources(template, replace(at, scope=_named(template, given, at)))


def _resources(template: JSON, at: Reading) -> Iterator[Piece]:
    """The image templates among the resources of one template, and those in the templates nested in it."""
    resources, here = under(template, "resources"), at.into(spelled(template, "resources"))
    found = list(standing(resources, here))
    at.notes.troubles += unsound(found, isinstance(resources, dict), here, under(template, "languageVersion"))
    on = [one for one in found if not one.is_off]
    beside = Neighbours(on)
    for one in on:
        if one.type.lower() == NESTED:
            yield from _nested(one)
        elif is_template_type(one.type) or one.type.lower() == _TRIGGER:
            yield from _piece(one, beside)


# -- names ------------------------------------------------------------------------------------------------------------


def _named(template: JSON, given: Mapping[str, Any], at: Reading) -> Scope:
    """The scope in which a template's parameters and variables answer; asks for each, as a deployment does."""
    definitions, variables = part(under(template, "parameters")), part(under(template, "variables"))
    values = {name.lower(): value for name, value in given.items()}
    ask, answer = Names("parameter"), Names("variable")
    plain = replace(at.scope, parameters=ask, variables=not_made, copies={}, locals={})
    full = replace(plain, variables=answer)
    # What stands in a variable is told where it is used.
    aside = replace(at, scope=plain, notes=replace(at.notes, moved={}, texts={}))
    for name, definition in definitions.items():
        ask.add(name, partial(_parameter, name, part(definition), values, aside.into("parameters").into(name)))
    _variables(variables, answer, replace(aside, scope=full).into("variables"))
    for name in definitions:
        _asked(ask, name, aside.into("parameters").into(name))
    return full


def _variables(variables: JSON, answer: Names, at: Reading) -> None:
    """Let all variables answer, those made by loops included."""
    loops = property_loops(variables)
    for name, value in variables.items():
        if name != "copy" or not loops:
            answer.add(name, partial(read_value, value, at.into(name)))
    for loop in loops:
        name = str(loop.get("name"))
        answer.add(name, partial(_loop_variable, loop, name, at))


def _loop_variable(loop: JSON, name: str, at: Reading) -> Any:
    return read_value({"copy": [loop]}, at)[name]


def _asked(names: Names, name: str, at: Reading) -> None:
    try:
        names(name)
    except Unreadable as error:
        at.notes.note("parameter-value-fits", at.pointer, error)


def _parameter(name: str, definition: JSON, values: Mapping[str, Any], at: Reading) -> Any:
    if name.lower() in values:
        value = values[name.lower()]
    elif "defaultValue" in definition:
        value = read_value(definition["defaultValue"], at.into("defaultValue"))
    else:
        return Unknown(f"parameters('{name}')")
    if holds_unknown(value):
        return value
    try:
        check_value(name, definition, value, at.pointer)
    except UnreadableTemplate as error:
        at.notes.note("parameter-value-fits", at.pointer, error)
        return Unknown(f"parameters('{name}')")
    return value


# -- resources --------------------------------------------------------------------------------------------------------


def is_template_type(text: str) -> bool:
    """Whether a type is that of image templates, or meant to be.

    >>> is_template_type("Microsoft.VirtualMachineImages"), is_template_type(f"{TEMPLATE}/triggers")
    (True, False)
    """
    return text.lower().startswith(_NAMESPACE) and not text.lower().startswith(f"{TEMPLATE}/".lower())


def wrong_type(text: str, pointer: str, strength: str = "") -> Trouble | None:
    """What is to be said of a type that is only meant to be that of image templates."""
    if text.lower() == TEMPLATE.lower():
        return None
    says = f"{text!r} is not the type of an image template."
    return Trouble("resource-type-is-whole", pointer, says, strength=strength)


def _piece(one: Standing, beside: Neighbours) -> Iterator[Piece]:
    is_trigger = one.type.lower() == _TRIGGER
    wrong = None if is_trigger else wrong_type(one.type, one.into("type").pointer)
    missing = [key for key in ("apiVersion", "name") if under(one.resource, key) is None]
    if missing:
        says = f"This resource has no {' and no '.join(missing)}."
        one.at.notes.troubles.append(Trouble("resource-is-whole", one.at.pointer, says))
    one.at.notes.troubles += [wrong] if wrong else []
    notes = replace(one.at.notes, moved={"": one.at.pointer}, texts={})
    at = replace(one.at, made="", notes=notes)
    body = bounded(lambda: _body(one.resource, at), at)
    if isinstance(body, dict):
        version = one.value("apiVersion")
        texts = (version if isinstance(version, str) else "", one.name)
        what = "create trigger" if is_trigger else "create image template"
        found = (notes.moved, notes.texts)
        yield Piece(body, *texts, *found, operation=what, beside=beside.of(what), subscriptions=notes.subscriptions)


def _body(resource: JSON, at: Reading) -> JSON:
    """What the service sees of a resource; the keys Resource Manager reads itself in their own spelling."""
    body: JSON = {}
    for key, inner in resource.items():
        name = _READ_BY_ARM.get(key.lower(), key)
        if name not in NOT_SENT:
            here = at.into(key, name)
            if name != key:
                at.notes.moved[here.made] = here.pointer
            body[name] = read_value(inner, here)
    return body


def _nested(one: Standing) -> Iterator[Piece]:
    """A nested template, evaluated in its parent's scope or ("inner") in its own."""
    properties, here = part(under(one.resource, "properties")), one.into("properties")
    template = part(properties.get("template"))
    if not template:
        return
    inner = here.into("template")
    if has_inner_scope(properties):
        given = _given(properties.get("parameters"), template, here.into("parameters"))
        yield from _of_template(template, given, inner)
    else:
        yield from _resources(template, inner)


def _given(parameters: Any, template: JSON, at: Reading) -> JSON:
    """What a nested template is given; a value that cannot be told is given all the same."""
    value = read_value(parameters, at)
    if isinstance(value, Unknown):
        return dict.fromkeys(part(under(template, "parameters")), value)
    entries = {name: part(entry) for name, entry in part(value).items()}
    return {name: entry.get("value", Unknown(f"parameters('{name}')")) for name, entry in entries.items()}


__all__ = ["HERE", "NOT_SENT", "is_template_type", "pieces", "wrong_type"]
