"""What lies in another resource's document and is asked for by itself too: subnets, and the rules of a firewall.

A network and its subnets are one truth told at two addresses: it stands in the document of the network.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from imagekit.effects.core import framed
from imagekit.ids import Id
from imagekit.operations.core import dig
from imagekit.world import JSON, World

# The type by itself, in lower case -> under which name the type above it holds a list of them.
_LISTS = {
    "microsoft.network/virtualnetworks/subnets": "subnets",
    "microsoft.network/networksecuritygroups/securityrules": "securityRules",
    "microsoft.network/routetables/routes": "routes",
}
_HOMES = {kind.rpartition("/")[0]: name for kind, name in _LISTS.items()}


def home(id: Id) -> Id | None:
    """The resource in whose document this one lies; None for all that have one of their own."""
    return id.parent if id.type.lower() in _LISTS else None


def found(world: World, id: Id) -> JSON | None:
    """The document of a resource, wherever it lies."""
    if home(id) is None or id.is_collection:
        return world.get(id)
    return next((one for one in members(world, id) if str(one["name"]).lower() == id.name.lower()), None)


def members(world: World, id: Id) -> Iterable[JSON]:
    """What lies beside a resource, or in a collection."""
    above = home(id)
    if above is None:
        return world.members(id)
    items = dig(world.get(above), f"properties.{_LISTS[id.type.lower()]}")
    return [one for one in items if isinstance(one, dict) and "name" in one] if isinstance(items, list) else []


def placed(world: World, id: Id, document: JSON) -> World:
    """The world with a document in its place."""
    name, properties = _HOMES.get(id.type.lower()), document["properties"]
    if name is not None and isinstance(properties, dict) and isinstance(items := properties.get(name, []), list):
        document = {**document, "properties": {**properties, name: [_item(id, name, one) for one in items]}}
    return world.put(id, document) if home(id) is None else _changed(world, id, document)


def dropped(world: World, id: Id) -> World:
    """The world without a resource."""
    return world.drop(id) if home(id) is None else _changed(world, id, None)


def _changed(world: World, id: Id, document: JSON | None) -> World:
    """The world where one item of a list is another, or none."""
    above = world.get(id.parent) if id.parent else None
    if above is None:
        return world
    others = [one for one in members(world, id) if str(one["name"]).lower() != id.name.lower()]
    items = [*others, *([document] if document else [])]
    before = above["properties"] if isinstance(above["properties"], dict) else {}
    properties = {**before, _LISTS[id.type.lower()]: items}
    return world.put(Id.parse(above["id"]), {**above, "properties": properties})


def _item(above: Id, name: str, said: Any) -> Any:
    """An item of a list with what the service adds: an id, a type and a state."""
    own = said.get("properties", {}) if isinstance(said, dict) else None
    if not isinstance(own, dict) or not said.get("name"):
        return said
    return framed(above.child(name, str(said["name"])), said, {**own, "provisioningState": "Succeeded"})


__all__ = ["dropped", "found", "home", "members", "placed"]
