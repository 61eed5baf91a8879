"""The machines of a lab of either era: the template machine comes with the lab, the others when it is published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from imagekit import facts
from imagekit.asked import Asked
from imagekit.effects.core import Done, effect, framed, put, settled, start, target_ending
from imagekit.guest import first_boot, start_copy
from imagekit.ids import LAB, LAB_TEMPLATE, Id
from imagekit.operations.core import dig, planted
from imagekit.operations.labs import TEMPLATE
from imagekit.rules.labs.reading import PASSWORDS, LabImage, fingerprint
from imagekit.sources import Source
from imagekit.world import JSON, Job, World

_MADE = "lab made"  # the effect of the job that makes a template machine, whose data tells what it is made from


def template_of(lab: Id) -> Id:
    """The template machine of a lab."""
    return lab.child(*(("virtualMachines", TEMPLATE) if lab.type == LAB else ("environmentsettings", "default")))


def machines_of(world: World, lab: Id) -> list[Id]:
    """The machines of a lab beside its template machine."""
    template = template_of(lab)
    home = template.collection if lab.type == LAB else template.child("environments")
    return [id for one in world.members(home) if (id := Id.parse(one["id"])) != template]


def new_lab(asked: Asked, document: JSON, image: LabImage, user: Any, password: Any) -> Done:
    """A new lab as this document; its template machine is made from an image, for this user."""
    machine = template_of(asked.id)
    world = _prepared(asked.world, image, machine, user, asked.name)
    data = _about(image, machine, user, password)
    return put(replace(asked, world=world), document, _MADE, facts.duration("create lab"), **data)


def _about(image: LabImage, machine: Id, user: Any, password: Any) -> JSON:
    """What the job that makes a template machine is told, and what is remembered of it afterwards."""
    source = image.source
    known: JSON = {
        "machine": machine.key,
        "image": image.version["id"] if image.version else image.name,
        "user": str(user or ""),
        PASSWORDS: fingerprint(password),
    }
    if source is None:
        return known
    size = {"gb": source.os_gb or facts.os_disk_gb(str(source.os_type)), "os": source.os_type}
    return {**known, **size, "generation": source.generation, "architecture": source.architecture}


def remembered(world: World, machine: Id) -> JSON:
    """What is remembered of how a template machine was made; empty for one nobody knows."""
    made = (job for job in world.jobs.values() if job.effect == _MADE and job.data.get("machine") == machine.key)
    newest = max(made, key=lambda job: (job.due, job.id), default=None)
    return newest.data if newest else {}


def as_source(world: World, machine: Id, location: str) -> Source:
    """A template machine as what a specialized image version is made from (FACTS LAB-005)."""
    known = remembered(world, machine)
    return Source(
        "lab machine",
        str(machine),
        location,
        known.get("os") or "Linux",
        "Specialized",
        known.get("generation") or "V1",
        known.get("architecture") or "x64",
        os_gb=known.get("gb"),
        guest=world.guests.get(machine.key),
    )


def _prepared(world: World, image: LabImage, machine: Id, user: Any, hostname: str) -> World:
    """A world in which a guest lies ready for a template machine.

    A specialized image starts as it is, with the accounts that lie in it; a generalized one is set up anew.
    """
    source = image.source
    if source is None or source.guest is None:
        return world
    if source.os_state == "Specialized":
        return world.with_guest(machine, start_copy(source.guest).guest)
    boot = first_boot(source.guest, hostname, str(user or ""), world.token("lab"))
    return world.with_guest(machine, boot.guest)


@target_ending(_MADE)
def _made(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    """The template machine is there; a lab of a lab plan that wants none is made of its image directly."""
    lab = Id.parse(document["id"])
    machine = template_of(lab)
    if lab.type == LAB and dig(document, "properties.virtualMachineProfile.createOption") != "Image":
        world = _there(world, machine, {"vmType": "Template", "state": "Stopped"})
    return settled(settled(world, job.target), machine.key), None


def _there(world: World, machine: Id, properties: JSON) -> World:
    """A world in which a machine of a lab is there."""
    return world.put(machine, framed(machine, {}, {**properties, "provisioningState": "Succeeded"}))


# --- publishing -------------------------------------------------------------------------------------------------------


class _Era(NamedTuple):
    """How a lab of an era is published: where it says how far that is and how many places it has, and its machines."""

    state: str
    places: str
    ending: str  # the effect of the job that makes the machines
    kind: str
    machine: JSON  # what each says of itself


# A lab of a lab plan is published itself, one of a lab account by its template machine.
_ERAS = {
    LAB: _Era(
        "properties.state",
        "properties.virtualMachineProfile.sku.capacity",
        "lab published",
        "virtualMachines",
        {"vmType": "User", "state": "Stopped"},
    ),
    LAB_TEMPLATE: _Era(
        "properties.publishingState",
        "properties.maxUsersInLab",
        "template published",
        "environments",
        {"isClaimed": False, "lastKnownPowerState": "Stopped"},
    ),
}


@effect("publish lab", "publish template of lab")
def publish(asked: Asked) -> Done:
    """FACTS LAB-013: publishing makes, or makes anew, a machine for each place of the lab."""
    era = _ERAS[asked.id.type]
    marked = asked.world.put(asked.id, planted(asked.world.documents[asked.id.key], era.state, "Publishing"))
    world, job = start(marked, asked, era.ending, facts.duration("publish lab"))
    return Done(world, 202, None, job)


@target_ending("template published")
@target_ending("lab published")
def _published(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    """Each machine is a copy of the template machine as it is now."""
    id = Id.parse(document["id"])
    era, lab = _ERAS[id.type], id.parent or id
    for old in machines_of(world, lab):
        world = world.drop(old)
    for number in range(1, (dig(world.get(lab), era.places) or 0) + 1):
        machine = id.child(era.kind, str(number))
        world = _there(world, machine, era.machine).with_guest(machine, world.guests.get(template_of(lab).key))
    return settled(world.put(id, planted(document, era.state, "Published")), job.target), None
