"""What the service does with disks and snapshots it agrees to."""

from __future__ import annotations

from imagekit.asked import Asked, merged
from imagekit.effects.core import Done, effect, framed, gone, in_state, seconds_of, start, target_ending, without_nulls
from imagekit.effects.disk_answer import first_answer
from imagekit.effects.disk_document import GB, USUAL_GB, filled
from imagekit.ids import Id
from imagekit.operations.core import dig
from imagekit.sources import origin
from imagekit.world import JSON, Job, World


@effect("create disk", "create snapshot", "update disk", "update snapshot")
def create(asked: Asked) -> Done:
    """The first answer is 202 with what was sent, also for a change; the rest is filled in at the end (recorded)."""
    sent = _without_what_only_the_service_writes(without_nulls(asked.body))
    properties = {**(sent.get("properties") or {}), **_blob_size(sent)}
    echo = in_state(framed(asked.id, sent, properties), "Updating")
    document = merged(_lasting(asked, asked.old), echo) if asked.old else echo
    ending = "disk changed" if asked.old else "disk made"
    world, job = start(asked.world.put(asked.id, document), asked, ending, seconds_of(asked))
    return Done(world, 202, first_answer(asked, echo), job)


def _lasting(asked: Asked, old: JSON) -> JSON:
    """What stays where nothing is said of it; a PUT that names no disk access takes it away."""
    if asked.request.method == "PATCH":
        return old
    return {**old, "properties": {name: held for name, held in old["properties"].items() if name != "diskAccessId"}}


# azure-cli 2.91's model of disks (api-version 2025-01-02) marks these read-only.
READ_ONLY = ("managedBy", "managedByExtended", "timeCreated", "diskState", "uniqueId")


def _without_what_only_the_service_writes(body: JSON) -> JSON:
    """A body without values that clients send back as they were told them."""
    properties = {key: value for key, value in (body.get("properties") or {}).items() if key not in READ_ONLY}
    return {**{key: value for key, value in body.items() if key not in READ_ONLY}, "properties": properties}


def _blob_size(body: JSON) -> JSON:
    """The length of an imported blob is known at once."""
    if dig(body, "properties.creationData.createOption") != "Import":
        return {}
    return {"diskSizeBytes": int(dig(body, "properties.diskSizeGB") or USUAL_GB) * GB}


@target_ending("disk made")
def _made(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    id = Id.parse(document["id"])
    source = origin(world, dig(document, "properties.creationData") or {}, str(document.get("location")))
    world = world.put(id, filled(world, document, source))
    return (world.with_guest(id, source.guest) if source else world), None


@target_ending("disk changed")
def _changed(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    """What lies on the disk stays; what it can do follows from its size and its kind."""
    premium = str(dig(document, "sku.name")).lower().startswith("premium")
    properties = {name: held for name, held in document["properties"].items() if premium or name != "tier"}
    changed = filled(world, {**document, "properties": properties}, None)
    return world.put(Id.parse(document["id"]), changed), None


@effect("delete disk", "delete snapshot")
def delete(asked: Asked) -> Done:
    """Remove the resource; what was made from it stays."""
    return gone(asked)
