"""What is deployed beside an image template: the little world in which some of its laws can speak already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from imagekit.ids import TRIGGER, Id
from imagekit.lint.loose import part, under
from imagekit.lint.resources import Standing
from imagekit.lint.values import Notes, read_value
from imagekit.operations.image_templates import TEMPLATE
from imagekit.unknown import Unknown, holds_unknown
from imagekit.world import JSON, World

DEFINITION = "Microsoft.Compute/galleries/images"

WITH_NEIGHBOURS = {
    "create image template": (
        "source-has-the-architecture-of-its-target",
        "source-has-the-generation-of-its-target",
        "source-has-the-system-of-its-target",
    ),
    "create trigger": (
        "a-template-has-one-trigger",
        "trigger-needs-open-targets",
        "trigger-needs-the-latest",
        "trigger-stands-with-its-template",
    ),
}
"""The rules that need no more of a world than what stands in the same deployment."""


@dataclass(frozen=True)  # no slots: each world is made only when asked for, and then kept
class Neighbours:
    """The resources of one deployment, as a world for each kind of piece that is judged in it."""

    found: Sequence[Standing]

    def of(self, operation: str) -> World | None:
        """The world for what is asked of a piece; None where nothing in it is certain."""
        world = self._of_triggers if operation == "create trigger" else self._of_templates
        return world if len(world.documents) else None

    @cached_property
    def _of_templates(self) -> World:
        return self._world({DEFINITION.lower()})

    @cached_property
    def _of_triggers(self) -> World:
        return self._world({TEMPLATE.lower(), TRIGGER.lower()})

    def _world(self, types: set[str]) -> World:
        world = World()
        for one in self.found:
            if one.type.lower() in types and one.id:
                document = _document(one)
                world = world.put(Id.parse(one.id), document) if document else world
        return world


def _document(one: Standing) -> JSON | None:
    """What would stand there; what nobody can tell is left out, and a definition or a source is known all through."""
    aside = replace(one.at, notes=Notes())  # what is wrong in it is told where it is judged itself
    properties = part(read_value(part(under(one.resource, "properties")), aside))
    if one.type.lower() == DEFINITION.lower() and holds_unknown(properties):
        return None
    if holds_unknown(properties.get("source")):
        return None
    location = read_value(under(one.resource, "location"), aside)
    head = {"id": one.id, "name": one.name.rpartition("/")[2], "type": one.type}
    state = {"provisioningState": "Succeeded"}
    where = {"location": location} if isinstance(location, str) else {}
    return {**head, **where, "properties": {**_told(properties), **state}}


def _told(value: Any) -> Any:
    """A value without what nobody can tell."""
    if isinstance(value, dict):
        return {key: _told(inner) for key, inner in value.items() if not isinstance(inner, Unknown)}
    if isinstance(value, list):
        return [_told(item) for item in value if not isinstance(item, Unknown)]
    return value
