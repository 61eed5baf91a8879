"""What the service does when a template machine is exported: a specialized version in the attached gallery."""

from __future__ import annotations

from imagekit import facts
from imagekit.asked import Asked
from imagekit.effects.core import EFFECTS, Done, effect, start, target_ending
from imagekit.effects.lab_machines import as_source, remembered
from imagekit.effects.version import made
from imagekit.ids import Id, region
from imagekit.operations import named
from imagekit.operations.core import dig
from imagekit.rules.labs.exports import template_machine
from imagekit.rules.labs.reading import EXPORTS, PASSWORDS, Home, home_above, next_version
from imagekit.rules.papers import CREATE_VERSION
from imagekit.sources import Source
from imagekit.world import JSON, Job, Request, World

_DEFINE = "create image definition"


@effect("save image of lab plan", "save image of template")
def export(asked: Asked) -> Done:
    """FACTS LAB-005, LAB-006: a new definition, or a new version of the one that has this name; always specialized."""
    machine, home = template_machine(asked), home_above(asked)
    if machine is None or home is None or home.gallery is None:
        return Done(asked.world, 404)
    lab = asked.world.get(machine.parent) if machine.parent else None
    source = as_source(asked.world, machine, region(str((lab or {}).get("location") or home.region)))
    definition = home.gallery.child("images", str(asked.said("name")))
    world = _defined(asked.world, home, definition, machine, source)
    version = definition.child("versions", next_version(world, definition))
    begun = _begun(world, version, source, _targets(home, source))
    making = (begun.job.due - begun.job.began).total_seconds() if begun.job else 0.0
    told = {"version": version.key, PASSWORDS: remembered(begun.world, machine).get(PASSWORDS, "")}
    world, job = start(begun.world, asked, EXPORTS, facts.duration("export lab image") + making, **told)
    return Done(world, 202, None, job)


def _targets(home: Home, source: Source) -> list[JSON]:
    """FACTS LAB-004: in accounts all open regions of the same geography, the own one first; in plans the own one."""
    here = str(source.location)
    known = facts.region(here)
    if not home.is_account or known is None:
        return [{"name": here}]
    near = (one for one in facts.region_names().values() if one.geography == known.geography and one.access == "open")
    return [{"name": here}, *({"name": one.name} for one in near if one.name != known.name)]


def _defined(world: World, home: Home, definition: Id, machine: Id, source: Source) -> World:
    """A world in which the definition is there; how the service names publisher, offer and SKU is assumed."""
    if world.get(definition) is not None:
        return world
    gallery = world.get(definition.parent) if definition.parent else None
    identifier = {"publisher": home.id.name, "offer": machine.names[-2], "sku": definition.name}
    kind = {"osType": source.os_type, "osState": "Specialized", "hyperVGeneration": source.generation}
    properties = {**kind, "architecture": source.architecture, "identifier": identifier}
    body = {"location": (gallery or {}).get("location"), "properties": properties}
    return EFFECTS[_DEFINE](_asked(world, _DEFINE, definition, body)).world


def _begun(world: World, version: Id, source: Source, targets: list[JSON]) -> Done:
    """A version under way; that it names the template machine as its source is assumed."""
    properties = {
        "publishingProfile": {"targetRegions": targets},
        "storageProfile": {"source": {"virtualMachineId": source.id}},
    }
    body = {"location": source.location, "properties": properties}
    return made(_asked(world, CREATE_VERSION, version, body), source)


def _asked(world: World, name: str, id: Id, body: JSON) -> Asked:
    """What the service itself asks for in the gallery; by which api-version nobody says."""
    return Asked(Request("PUT", id, "2022-03-03", body, name=name), world, named(name), body)


@target_ending(EXPORTS)
def _exported(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    """The version came to its own end before; a gallery that went away meanwhile takes it along."""
    version = world.get(job.data["version"])
    if version and dig(version, "properties.provisioningState") != "Failed":
        return world, None
    return world, {"code": "ImageExportFailed", "message": "The image version the export was to make is not there."}
