"""What clients ask of machines beside their documents."""

from __future__ import annotations

from typing import Any

from imagekit.effects.view import shown
from imagekit.ids import VM, region
from imagekit.wire.market import all_sizes
from imagekit.wire.messages import Refused, error
from imagekit.wire.sought import Sought, document_at
from imagekit.world import JSON


def instance_view(sought: Sought) -> Any:
    """What the platform knows of a machine, without its document."""
    machine = document_at(sought.world, sought.above)
    return shown(sought.world, machine, {"$expand": "instanceView"})["properties"]["instanceView"]


def sizes(sought: Sought) -> JSON:
    """The sizes a machine could be given: all that are known."""
    document_at(sought.world, sought.above)
    return all_sizes()


def in_region(sought: Sought) -> JSON:
    """The machines of the subscription that stand in a region."""
    world, place = sought.world, sought.known_region()
    here = (one for one in world.all_of(VM) if region(str(one.get("location"))) == place)
    return {"value": [shown(world, one, {}, sought.heard.query["api-version"]) for one in here]}


def extensions(sought: Sought) -> list[JSON]:
    """The extensions of a publisher, or the versions of one: none is told, as none does anything here."""
    return []


def scripts(sought: Sought) -> JSON:
    """What can be run in a machine from outside: a script of one's own."""
    return {"value": [_script(*row) for row in _SCRIPTS]}


def script(sought: Sought) -> JSON:
    """One of them, with what it takes."""
    name = sought.named["name"]
    found = next((row for row in _SCRIPTS if row[0].lower() == name.lower()), None)
    if found is None:
        raise Refused(error(404, "NotFound", f"There is no run command '{name}'; there is {_THERE_IS}."))
    return {**_script(*found), "script": [], "parameters": [{"name": "arg1", "type": "string", "required": False}]}


# Azure has more, each for one repair (learn.microsoft.com, "Run scripts in your VM by using Run Command", read 2026).
_SCRIPTS = (
    ("RunPowerShellScript", "Windows", "Executes a PowerShell script"),
    ("RunShellScript", "Linux", "Executes a Linux shell script"),
)
_THERE_IS = " and ".join(row[0] for row in _SCRIPTS)


def _script(name: str, system: str, label: str) -> JSON:
    return {"id": name, "osType": system, "label": label, "description": f"{label}."}


__all__ = ["extensions", "in_region", "instance_view", "script", "scripts", "sizes"]
