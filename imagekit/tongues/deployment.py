"""ARM deployment templates unfolded: loops, conditions, children and nested templates become plain resources.

What comes out is what Azure would put, one resource after the other, each after all it depends on.

>>> template = {
...     "parameters": {"name": {"type": "string"}},
...     "resources": [
...         {
...             "type": "Microsoft.Compute/galleries",
...             "apiVersion": "2023-07-03",
...             "name": "[parameters('name')]",
...             "location": "[resourceGroup().location]",
...         }
...     ],
... }
>>> [gallery] = unfold(template, {"name": "pictures"}, subscription="s", group="g", location="eastus")
>>> gallery.id
'/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/pictures'
>>> gallery.body
{'location': 'eastus'}

Source: learn.microsoft.com, "Understand the structure and syntax of ARM templates", "Define the order for
deploying resources", "Set name and type for child resources" and "Use linked and nested templates", all read
2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from imagekit.tongues.json_tree import below
from imagekit.tongues.jsontext import JsonText
from imagekit.tongues.template_functions import Scope
from imagekit.tongues.template_names import JSON, UnreadableTemplate, named, resolve, section, turns
from imagekit.tongues.template_order import Resource, Step, ordered
from imagekit.tongues.template_resource import Written, id_of, name_of, path_of, put, waits_in
from imagekit.tongues.template_values import kind
from imagekit.unknown import Unknown, holds_unknown
from imagekit.unreadable import Unreadable

__all__ = ["Resource", "UnreadableTemplate", "located", "outputs", "parameter_values", "unfold"]

MOST_RESOURCES = 800
"""Resources in one template (learn.microsoft.com, "ARM template best practices", read 2026-11)."""


def unfold(
    template: Any,
    parameters: Mapping[str, Any] | None = None,
    *,
    subscription: str,
    group: str = "",
    location: str = "eastus",
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC),
    deployment: str = "main",
) -> tuple[Resource, ...]:
    """Give the resources of a template in an order that keeps every `dependsOn`.

    `parameters` maps names to plain values (see `parameter_values`); `group` stays empty in a deployment to a
    subscription; `now` is what `utcNow` tells. Raises UnreadableTemplate, with the JSON pointer of the place.
    """
    scope = Scope(subscription=subscription, group=group, location=location, now=now, deployment=deployment)
    try:
        return _unfolded(_template(template, ""), parameters or {}, scope, "")
    except RecursionError:  # whatever nests in whatever, the reader is told
        raise UnreadableTemplate("The template nests too deeply.", "") from None


def outputs(template: Any, parameters: Mapping[str, Any], scope: Scope) -> JSON:
    """Give what a template puts out, by name, when its resources stand where `scope` looks for them.

    What is secure has no value; an output that asks for more than is known of a resource is left out.

    >>> outputs({"resources": [], "outputs": {"n": {"type": "int", "value": "[add(1, 2)]"}}}, {}, Scope())
    {'n': {'type': 'Int', 'value': 3}}
    """
    full, place = named(_template(template, ""), parameters, scope), "/outputs"
    told = ((name, entry) for name, entry in section(template, "outputs").items() if isinstance(entry, dict))
    found = {name: _output(entry, full, below(place, name)) for name, entry in told}
    return {name: output for name, output in found.items() if output}


def _output(entry: JSON, scope: Scope, pointer: str) -> JSON:
    type = str(entry.get("type")).lower()
    shown = _SHOWN_AS.get(type, type.capitalize())
    try:
        meant = resolve(entry.get("condition", True), scope, pointer) is True
        value = resolve(entry.get("value"), scope, pointer) if meant else Unknown("")
    except UnreadableTemplate:  # a document here tells less than Azure's does
        return {}
    if type in _SHOWN_AS:
        return {"type": shown} if meant else {}
    return {} if holds_unknown(value) else {"type": shown, "value": value}


_SHOWN_AS = {"securestring": "SecureString", "secureobject": "SecureObject"}


def parameter_values(document: Any) -> JSON:
    """Give plain values by name for what stands in a parameter file, or under "parameters" in a deployment.

    A value kept in a key vault is not known before deploying.

    >>> parameter_values({"parameters": {"size": {"value": 3}}})
    {'size': 3}
    """
    holder = document if isinstance(document, dict) else {}
    inner = holder["parameters"] if isinstance(holder.get("parameters"), dict) else holder
    for name, entry in inner.items():
        if not isinstance(entry, dict) or not entry.keys() & {"value", "reference"}:
            raise UnreadableTemplate('A parameter is given as {"value": …}.', below("/parameters", name))
    return {name: _parameter_value(name, entry) for name, entry in inner.items()}


def _parameter_value(name: str, entry: JSON) -> Any:
    return entry["value"] if "value" in entry else Unknown(f"parameters('{name}')")


def located(error: Unreadable, text: JsonText) -> Unreadable:
    r"""Give the same message with line and column in the template's text.

    >>> from imagekit.tongues.jsontext import read
    >>> text = read('{"resources":\n {"a": 1}}')
    >>> try:
    ...     unfold(text.value, subscription="s")
    ... except Unreadable as error:
    ...     print(located(error, text), located(error, text).column)
    Line 2: A resource is an object, not integer. 8
    """
    if not isinstance(error, UnreadableTemplate):
        return error
    line, column = text.at(error.pointer)
    return Unreadable(error.says, error.text, line, column + error.column, error.nearest)


# -- templates ----------------------------------------------------------------------------------------------


def _template(template: Any, pointer: str) -> JSON:
    if not isinstance(template, dict):
        raise UnreadableTemplate(f"A template is an object, not {kind(template)}.", pointer)
    if "resources" not in template:
        says = "A deployment template has resources; this may be the body of a single resource."
        raise UnreadableTemplate(says, pointer)
    return template


def _unfolded(template: JSON, given: Mapping[str, Any], scope: Scope, pointer: str) -> tuple[Resource, ...]:
    full = named(template, given, scope, pointer)
    return ordered(_steps(template, full, full, pointer))


def _steps(template: JSON, scope: Scope, target: Scope, pointer: str) -> list[Step]:
    place = below(pointer, "resources")
    top = Written({}, pointer, scope, target)
    steps = [step for written in _listed(template["resources"], place, top) for step in _turned(written)]
    if len(steps) > MOST_RESOURCES:
        says = f"A template has up to {MOST_RESOURCES} resources; this one has {len(steps)}."
        raise UnreadableTemplate(says, place)
    return steps


def _listed(resources: Any, pointer: str, outer: Written) -> Iterator[Written]:
    """Resources stand in an array, or in an object under symbolic names (languageVersion 2.0)."""
    if not isinstance(resources, list | dict):
        raise UnreadableTemplate(f"resources must be an array or an object, not {kind(resources)}.", pointer)
    for key, resource in resources.items() if isinstance(resources, dict) else enumerate(resources):
        place = below(pointer, key)
        if not isinstance(resource, dict):
            raise UnreadableTemplate(f"A resource is an object, not {kind(resource)}.", place)
        symbol = key if isinstance(key, str) else ""
        yield replace(outer, resource=resource, pointer=place, symbol=symbol, loop="")


def _turned(written: Written) -> Iterator[Step]:
    """Give the steps of a resource: one, or one for each turn of its copy loop; its children follow each."""
    loop = written.resource.get("copy")
    if not isinstance(loop, dict):
        yield from _step_and_children(written)
        return
    place = written.at("copy")
    name = resolve(loop.get("name"), written.scope, below(place, "name"))
    name = name if isinstance(name, str) else ""
    for turn in turns(loop, name, written.scope, place):
        yield from _step_and_children(replace(written, scope=turn, loop=name))


def _step_and_children(written: Written) -> Iterator[Step]:
    full_type = f"{written.type}/{written.text('type')}".strip("/")
    full_name = f"{written.name}/{name_of(written)}".strip("/")
    written = replace(written, type=full_type, name=full_name, target=_target(written))
    yield _step(written)
    if "resources" in written.resource:
        for child in _listed(written.resource["resources"], written.at("resources"), written):
            yield from _turned(child)


def _step(written: Written) -> Step:
    path = path_of(written)
    own_id = id_of(written, path)
    called = (own_id, path, written.name, written.symbol, written.loop)
    step = Step(tuple(name for name in called if name), written.pointer, is_put=_is_put(written))
    if not step.is_put:
        return step
    resources, waits = _nested(written) if _is_deployment(written) else put(written, own_id)
    return replace(step, resources=resources, depends=_depends(written), waits=waits)


def _is_put(written: Written) -> bool:
    condition = written.value("condition", True)
    if not isinstance(condition, bool):
        says = "A condition must be true or false, and known before deploying."
        raise UnreadableTemplate(says, written.at("condition"))
    return condition and written.resource.get("existing") is not True


def _depends(written: Written) -> tuple[str, ...]:
    needs = written.value("dependsOn") or []
    if not isinstance(needs, list) or not all(isinstance(need, str) for need in needs):
        says = "dependsOn is an array of names and ids, known before deploying."
        raise UnreadableTemplate(says, written.at("dependsOn"))
    return tuple(needs)


# -- nested templates and ids -------------------------------------------------------------------------------


def _is_deployment(written: Written) -> bool:
    return written.type.lower() == "microsoft.resources/deployments"


def _target(written: Written) -> Scope:
    """A nested deployment may go to another resource group or subscription."""
    target = written.target
    if "subscriptionId" in written.resource:
        target = replace(target, subscription=written.text("subscriptionId"), group="")
    if "resourceGroup" in written.resource:
        target = replace(target, group=written.text("resourceGroup"))
    return target


def _nested(written: Written) -> tuple[tuple[Resource, ...], tuple[str, ...]]:
    """Unfold an inline template, evaluated in its parent's scope or ("inner") in its own."""
    properties = section(written.resource, "properties", written.pointer)
    place = written.at("properties")
    if "templateLink" in properties:
        says = "A linked template is not fetched; put it inline."
        raise UnreadableTemplate(says, below(place, "templateLink"))
    inner = below(place, "template")
    template = _template(properties.get("template"), inner)
    given = resolve(section(properties, "parameters", place), written.scope, below(place, "parameters"))
    options = section(properties, "expressionEvaluationOptions", place)
    if str(options.get("scope")).lower() == "inner":
        target = replace(written.target, deployment=written.name)
        return _unfolded(template, parameter_values({"parameters": given}), target, inner), waits_in(given)
    return ordered(_steps(template, written.scope, written.target, inner)), waits_in(given)
