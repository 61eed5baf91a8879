"""What clients ask of machines and disks beside their documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imagekit import facts, plane
from imagekit.effects.view import shown
from imagekit.ids import VM, Id, region
from imagekit.wire.market import all_sizes, no_region
from imagekit.wire.messages import Heard, Reply, reply
from imagekit.world import JSON, World

Named = Mapping[str, str | None]


def instance_view(world: World, heard: Heard, named: Named) -> Any:
    """What the platform knows of a machine, without its document."""
    machine = world.get(str(named["id"]))
    if machine is None:
        return _missing(world, named)
    return shown(world, machine, {"$expand": "instanceView"})["properties"]["instanceView"]


def sizes(world: World, heard: Heard, named: Named) -> Any:
    """The sizes a machine could be given: all that are known."""
    return all_sizes() if world.get(str(named["id"])) else _missing(world, named)


def in_region(world: World, heard: Heard, named: Named) -> Any:
    """The machines of the subscription that stand in a region."""
    place = region(str(named["place"]))
    if facts.region(place) is None:
        return no_region(place)
    return {"value": [shown(world, one, {}) for one in world.all_of(VM) if region(str(one.get("location"))) == place]}


def access(world: World, heard: Heard, named: Named) -> Any:
    """A link to the content of a disk, which leads nowhere here; giving it back has no body."""
    disk = world.get(str(named["id"]))
    if disk is None:
        return _missing(world, named)
    return _link(world, disk) if heard.parts[-1] == "begingetaccess" else Reply(200)


def _link(world: World, disk: JSON) -> JSON:
    host = f"https://md-{world.token(disk['id'])[:12]}.z1.blob.storage.azure.net"
    return {"accessSAS": f"{host}/practice/abcd?sr=b&si=none&sig=none"}


def _missing(world: World, named: Named) -> Reply:
    return reply(404, plane.missing(world, Id.parse(str(named["id"]))))


__all__ = ["access", "in_region", "instance_view", "sizes"]
