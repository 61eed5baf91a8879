"""What the service does with disks and snapshots it agrees to."""

from __future__ import annotations

from imagekit.asked import Asked, merged
from imagekit.effects.core import Done, effect, framed, gone, in_state, seconds_of, start, target_ending, without_nulls
from imagekit.effects.disk_answer import first_answer
from imagekit.effects.disk_document import GB, USUAL_GB, filled
from imagekit.ids import Id
from imagekit.operations.core import dig, planted, pruned
from imagekit.operations.disks import as_copied
from imagekit.sources import origin
from imagekit.world import JSON, Job, World


@effect("create disk", "create snapshot", "update disk", "update snapshot")
def create(asked: Asked) -> Done:
    """The first answer is 202 with what was sent, also for a change; the rest is filled in at the end (recorded)."""
    sent = pruned(without_nulls(asked.body), *_READ_ONLY)
    properties = {**(sent.get("properties") or {}), **_blob_size(sent)}
    echo = in_state(framed(asked.id, sent, properties), "Updating")
    document = merged(_lasting(asked), _kept(echo))
    ending = "disk changed" if asked.old else "disk made"
    world, job = start(asked.world.put(asked.id, document), asked, ending, seconds_of(asked))
    return Done(world, 202, first_answer(asked, echo), job)


def _kept(echo: JSON) -> JSON:
    creation = dig(echo, _CREATION)
    return planted(echo, _CREATION, as_copied(creation)) if creation else echo


_CREATION = "properties.creationData"

# What clients send back as they were told it (read-only in azure-cli 2.91's model of disks, api-version 2025-01-02).
_READ_ONLY = (
    *("managedBy", "managedByExtended"),
    *(f"properties.{name}" for name in ("timeCreated", "diskState", "uniqueId")),
)


def _lasting(asked: Asked) -> JSON:
    """What stays where nothing is said of it; a PUT that names no disk access takes it away."""
    old = asked.lasting
    return old if asked.request.method == "PATCH" else pruned(old, "properties.diskAccessId")


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
    changed = filled(world, document if premium else pruned(document, "properties.tier"), None)
    return world.put(Id.parse(document["id"]), changed), None


@effect("delete disk", "delete snapshot")
def delete(asked: Asked) -> Done:
    """Remove the resource; what was made from it stays."""
    return gone(asked)
