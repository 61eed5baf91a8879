"""The machines of a lab: the template machine comes with the lab, the others when it is published."""

from __future__ import annotations

from typing import Any

from imagekit import facts
from imagekit.effects.core import framed
from imagekit.guest import first_boot, start_copy
from imagekit.ids import Id
from imagekit.rules.labs.reading import PASSWORDS, LabImage, fingerprint
from imagekit.sources import Source
from imagekit.world import JSON, World

MADE = "lab made"  # the effect of the job that makes a template machine, whose data tells what it is made from


def about(image: LabImage, machine: Id, user: Any, password: Any) -> JSON:
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
    made = [job for job in world.jobs.values() if job.effect == MADE and job.data.get("machine") == machine.key]
    return max(made, key=lambda job: (job.due, job.id)).data if made else {}


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


def prepared(world: World, image: LabImage, machine: Id, user: Any, hostname: str) -> World:
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


def cloned(world: World, template: Id, home: Id, count: int, properties: JSON) -> World:
    """A world in which a lab has so many machines, each a copy of the template as it is now."""
    for one in list(world.members(home)):
        if one["name"] != template.name and (not one["name"].isdecimal() or int(one["name"]) > count):
            world = world.drop(Id.parse(one["id"]))
    guest = world.guests.get(template.key)
    for number in range(1, count + 1):
        id = Id(home.scope, home.namespace, home.types, (*home.names, str(number)))
        world = world.put(id, framed(id, {}, {**properties, "provisioningState": "Succeeded"}))
        world = world.with_guest(id, guest)
    return world
