"""What the service does with lab plans and their labs it agrees to (2022)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from imagekit.asked import Asked
from imagekit.effects.core import Done, effect, framed, gone, put, target_ending, without_nulls
from imagekit.effects.lab_machines import new_lab
from imagekit.ids import Id
from imagekit.operations.core import dig, planted, pruned
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
    return put(replace(asked, world=world), framed(asked.id, {**asked.new, **whole}, properties))


def _forgotten(asked: Asked, gallery: Any) -> World:
    """Which images of another gallery were enabled is forgotten with it; that it is so is assumed."""
    world, old = asked.world, str(asked.now("properties.sharedGalleryId") or "")
    if str(gallery or "").lower() == old.lower():
        return world
    for one in [*world.members(asked.id.child("images"))]:
        if dig(one, "properties.sharedGalleryId"):
            world = world.drop(Id.parse(one["id"]))
    return world


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
        return put(asked, document)
    return new_lab(asked, _told(document, image), image, dig(document, f"{_VM}.adminUser.username"), password)


def _told(document: JSON, image: LabImage) -> JSON:
    """Which version was taken, and the system, stand in the lab (ARM schema, ImageReference.exactVersion)."""
    source = image.source
    if source is None:
        return document
    document = planted(document, f"{_VM}.imageReference.exactVersion", source.exact)
    return planted(document, f"{_VM}.osType", source.os_type)


# --- deleting, in both eras -------------------------------------------------------------------------------------------


@effect("delete lab plan", "delete lab", "delete lab of lab account", "delete lab account")
def delete(asked: Asked) -> Done:
    """A lab goes with its machines, and a lab account with its labs; the images in the gallery stay.

    Labs stay when their plan goes (Remove-AzLabServicesLabPlan).
    """
    return gone(asked, "lab gone")


@target_ending("lab gone")
def _gone(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    for id in [*world.inside(job.target), Id.parse(document["id"])]:
        world = world.drop(id)
    return world, None
