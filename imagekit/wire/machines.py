"""What clients ask of machines beside their documents."""

from __future__ import annotations

from typing import Any

from imagekit import facts, plane
from imagekit.effects.view import shown
from imagekit.ids import VM, Id, region
from imagekit.wire.market import all_sizes, no_region
from imagekit.wire.messages import Heard, Named, Reply, error, reply
from imagekit.world import JSON, World


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
    here = (one for one in world.all_of(VM) if region(str(one.get("location"))) == place)
    return {"value": [shown(world, one, {}, heard.query.get("api-version", "")) for one in here]}


def extensions(world: World, heard: Heard, named: Named) -> Any:
    """The extensions of a publisher, or the versions of one: none is told, as none does anything here."""
    return []


def scripts(world: World, heard: Heard, named: Named) -> Any:
    """What can be run in a machine from outside: a script of one's own."""
    return {"value": [_script(*row) for row in _SCRIPTS]}


def script(world: World, heard: Heard, named: Named) -> Any:
    """One of them, with what it takes."""
    found = next((row for row in _SCRIPTS if row[0].lower() == str(named["name"]).lower()), None)
    if found is None:
        return error(404, "NotFound", f"There is no run command '{named['name']}'; there is {_THERE_IS}.")
    return {**_script(*found), "script": [], "parameters": [{"name": "arg1", "type": "string", "required": False}]}


# Azure has more, each for one repair (learn.microsoft.com, "Run scripts in your VM by using Run Command", read 2026).
_SCRIPTS = (
    ("RunPowerShellScript", "Windows", "Executes a PowerShell script"),
    ("RunShellScript", "Linux", "Executes a Linux shell script"),
)
_THERE_IS = " and ".join(row[0] for row in _SCRIPTS)


def _script(name: str, system: str, label: str) -> JSON:
    return {"id": name, "osType": system, "label": label, "description": f"{label}."}


def _missing(world: World, named: Named) -> Reply:
    return reply(404, plane.missing(world, Id.parse(str(named["id"]))))


__all__ = ["extensions", "in_region", "instance_view", "script", "scripts", "sizes"]
