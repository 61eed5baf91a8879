"""What the service does with lab accounts and their labs it agrees to (2018-2021)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from imagekit import facts
from imagekit.asked import Asked
from imagekit.effects.core import (
    EFFECTS,
    Done,
    effect,
    framed,
    in_state,
    put,
    settled,
    start,
    target_ending,
    without_nulls,
)
from imagekit.effects.lab_machines import MADE, about, cloned, prepared
from imagekit.effects.labs import machine_properties, template_of
from imagekit.facts.roles import roles
from imagekit.ids import LAB, ROLE_ASSIGNMENT, ROLE_DEFINITION, Id
from imagekit.operations import named
from imagekit.operations.core import dig, planted
from imagekit.permissions import LAB_ACCOUNTS
from imagekit.rules.labs.reading import wanted
from imagekit.world import JSON, Job, Request, World


@effect("create lab account")
def account(asked: Asked) -> Done:
    """A lab account is there within seconds."""
    properties = without_nulls(asked.new.get("properties") or {})
    return put(asked, framed(asked.id, asked.new, {"enabledRegionSelection": False, **properties}))


# --- the gallery ------------------------------------------------------------------------------------------------------


@effect("attach gallery to lab account")
def attach(asked: Asked) -> Done:
    """The service makes itself Contributor of a gallery it is attached to (how-to-attach-detach… 2020-09-11)."""
    properties = without_nulls(asked.new.get("properties") or {})
    world = _contributing(asked.world, str(properties["galleryId"]))
    asked = Asked(asked.request, world, asked.operation, asked.body)
    return put(asked, framed(asked.id, {}, properties))


def _contributing(world: World, gallery: str) -> World:
    """A world in which the application of lab accounts has the role Contributor on a gallery."""
    role = f"/subscriptions/{world.subscription}/providers/{ROLE_DEFINITION}/{roles()['contributor'].guid}"
    id = Id.parse(f"{gallery}/providers/{ROLE_ASSIGNMENT}/{world.token('lab services')}")
    said = {"roleDefinitionId": role, "principalId": LAB_ACCOUNTS, "principalType": "ServicePrincipal"}
    request = Request("PUT", id, "2022-04-01", {"properties": said}, name="create role assignment")
    return EFFECTS[request.name](Asked(request, world, named(request.name), {"properties": said})).world


@effect("detach gallery from lab account")
def detach(asked: Asked) -> Done:
    """Detaching is done at once and forgets which images were enabled; that its right stays behind is assumed."""
    if asked.old is None or asked.id.parent is None:
        return Done(asked.world, 204)
    world = asked.world.drop(asked.id)
    for one in [*world.members(asked.id.parent.child("sharedimages"))]:
        world = world.drop(Id.parse(one["id"]))
    return Done(world, 200)


# --- labs -------------------------------------------------------------------------------------------------------------


@effect("create lab in lab account")
def create(asked: Asked) -> Done:
    """Make a lab (createLab), and the setting of its template machine; the account itself stays as it is."""
    image, said = wanted(asked), asked.said("labParameters")
    if image is None or asked.old is None:
        return Done(asked.world, 404)
    lab = asked.id.child("labs", str(asked.said("name")))
    machine = lab.child("environmentsettings", "default")
    data = about(image, machine, said.get("username"), said.get("password"))
    world = prepared(asked.world, image, machine, said.get("username"), lab.name)
    place = {"location": asked.old.get("location")}
    world = world.put(lab, in_state(framed(lab, place, _lab(asked, said)), "Creating"))
    world = world.put(machine, in_state(framed(machine, place, _setting(said)), "Creating"))
    inner = Asked(replace(asked.request, id=lab), world, asked.operation, asked.body)
    world, job = start(world, inner, MADE, facts.duration("create lab"), **data)
    return Done(world, 202, None, job)


def _lab(asked: Asked, said: JSON) -> JSON:
    quota = said.get("userQuota") or "PT0H"
    common: JSON = {"userAccessMode": "Restricted", "usageQuota": quota, "maxUsersInLab": 0}
    return {**common, "createdDate": asked.world.clock.isoformat()}


def _setting(said: JSON) -> JSON:
    ids = {key: said[key] for key in ("galleryImageResourceId", "sharedImageResourceId") if said.get(key)}
    settings = {**ids, "size": said.get("vmSize"), "referenceVm": {"userName": said.get("username")}}
    return {"publishingState": "Draft", "resourceSettings": without_nulls(settings)}


@target_ending(MADE)
def _made(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    """The template machine is there, in a lab of either era; a lab without one is made of its image directly."""
    id = Id.parse(document["id"])
    if id.type != LAB:
        return settled(settled(world, job.target), job.data["machine"]), None
    if dig(document, "properties.virtualMachineProfile.createOption") != "Image":
        machine = template_of(id)
        properties = {**machine_properties("Template"), "provisioningState": "Succeeded"}
        world = world.put(machine, framed(machine, {}, properties))
    return settled(world, job.target), None


@effect("update lab of lab account")
def update(asked: Asked) -> Done:
    """A lab learns how many users it has; machines for them come when it is published."""
    properties = without_nulls(asked.new.get("properties") or {})
    place = {"location": (asked.parent or {}).get("location")}
    return put(
        asked, framed(asked.id, {**place, **asked.new}, properties), seconds=facts.duration("create lab account")
    )


@effect("publish template of lab")
def publish(asked: Asked) -> Done:
    """Publishing makes a machine for each user, as a copy of the template machine."""
    if asked.old is None:
        return Done(asked.world, 404)
    marked = asked.world.put(asked.id, planted(asked.old, "properties.publishingState", "Publishing"))
    world, job = start(marked, asked, "template published", facts.duration("publish lab"))
    return Done(world, 202, None, job)


@target_ending("template published")
def _published(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    id = Id.parse(document["id"])
    lab: Any = (world.get(id.parent) if id.parent else None) or {}
    count = dig(lab, "properties.maxUsersInLab") or 0
    properties = {"isClaimed": False, "lastKnownPowerState": "Stopped"}
    world = cloned(world, id, id.child("environments"), count, properties)
    return world.put(id, planted(document, "properties.publishingState", "Published")), None
