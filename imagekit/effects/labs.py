"""What the service does with lab plans and their labs it agrees to (2022)."""

from __future__ import annotations

from typing import Any

from imagekit import facts
from imagekit.asked import Asked
from imagekit.effects.core import Done, effect, framed, gone, in_state, put, start, target_ending, without_nulls
from imagekit.effects.lab_machines import MADE, about, cloned, prepared
from imagekit.ids import Id
from imagekit.operations.core import dig, planted, pruned
from imagekit.operations.labs import TEMPLATE
from imagekit.rules.labs.reading import LabImage, wanted
from imagekit.world import JSON, Job, World

_VM = "properties.virtualMachineProfile"


@effect("create lab plan", "update lab plan")
def plan(asked: Asked) -> Done:
    """A PUT says the whole plan, so a gallery it does not name is detached; a PATCH detaches it by null or nothing."""
    whole = asked.body if asked.request.method == "PUT" else asked.new
    properties = without_nulls(whole.get("properties") or {})
    if not properties.get("sharedGalleryId"):
        properties.pop("sharedGalleryId", None)
    world = _forgotten(asked, properties.get("sharedGalleryId"))
    document = framed(asked.id, {**asked.new, **whole}, properties)
    return put(_in(asked, world), document, seconds=facts.duration("create lab plan"))


def _forgotten(asked: Asked, gallery: Any) -> World:
    """Which images of another gallery were enabled is forgotten with it; that it is so is assumed."""
    world, old = asked.world, str(asked.now("properties.sharedGalleryId") or "")
    if str(gallery or "").lower() == old.lower():
        return world
    for one in [*world.members(asked.id.child("images"))]:
        if dig(one, "properties.sharedGalleryId"):
            world = world.drop(Id.parse(one["id"]))
    return world


def _in(asked: Asked, world: World) -> Asked:
    return Asked(asked.request, world, asked.operation, asked.body)


@effect("delete lab plan")
def delete_plan(asked: Asked) -> Done:
    """Labs stay when their plan goes, and so do the images in the gallery (Remove-AzLabServicesLabPlan)."""
    return gone(asked)


# --- labs -------------------------------------------------------------------------------------------------------------


@effect("create lab", "update lab")
def lab(asked: Asked) -> Done:
    """A new lab is a draft, and its template machine is made; the password is never shown (ARM schema, Credentials)."""
    properties = without_nulls(asked.new.get("properties") or {})
    state = asked.now("properties.state") or "Draft"
    document = framed(asked.id, asked.new, {**properties, "state": state})
    password = dig(document, f"{_VM}.adminUser.password")
    for user in ("adminUser", "nonAdminUser"):
        document = pruned(document, f"{_VM}.{user}.password")
    image = wanted(asked)
    if asked.old is not None or image is None:
        return put(asked, document, seconds=facts.duration("create lab plan"))
    return _new(asked, _told(document, image), image, password)


def _told(document: JSON, image: LabImage) -> JSON:
    """Which version was taken, and the system, stand in the lab (ARM schema, ImageReference.exactVersion)."""
    source = image.source
    if source is None:
        return document
    document = planted(document, f"{_VM}.imageReference.exactVersion", source.exact)
    return planted(document, f"{_VM}.osType", source.os_type)


def _new(asked: Asked, document: JSON, image: LabImage, password: Any) -> Done:
    machine, user = template_of(asked.id), dig(document, f"{_VM}.adminUser.username")
    data = about(image, machine, user, password)
    world = prepared(asked.world, image, machine, user, asked.name)
    return put(_in(asked, world), document, MADE, facts.duration("create lab"), **data)


def template_of(lab: Id) -> Id:
    """The template machine of a lab."""
    return lab.child("virtualMachines", TEMPLATE)


@target_ending("lab gone")
def _lab_gone(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    for id in [*world.inside(job.target)]:
        world = world.drop(id)
    return world.drop(Id.parse(document["id"])), None


@effect("delete lab", "delete lab of lab account", "delete lab account")
def delete(asked: Asked) -> Done:
    """A lab goes with its machines, and a lab account with its labs; the images in the gallery stay."""
    if asked.old is None:
        return Done(asked.world, 204)
    marked = asked.world.put(asked.id, in_state(asked.old, "Deleting"))
    world, job = start(marked, asked, "lab gone", facts.duration("delete lab"))
    return Done(world, 202, None, job)


# --- publishing -------------------------------------------------------------------------------------------------------


@effect("publish lab")
def publish(asked: Asked) -> Done:
    """FACTS LAB-013: publishing makes, or makes anew, a machine for each place of the lab."""
    if asked.old is None:
        return Done(asked.world, 404)
    marked = asked.world.put(asked.id, planted(asked.old, "properties.state", "Publishing"))
    world, job = start(marked, asked, "lab published", facts.duration("publish lab"))
    return Done(world, 202, None, job)


@target_ending("lab published")
def _published(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    id = Id.parse(document["id"])
    count = dig(document, f"{_VM}.sku.capacity") or 0
    world = cloned(world, template_of(id), id.child("virtualMachines"), count, machine_properties("User"))
    return world.put(id, planted(document, "properties.state", "Published")), None


def machine_properties(kind: str) -> JSON:
    """What a machine of a lab says of itself: `kind` is Template or User."""
    return {"vmType": kind, "state": "Stopped"}
