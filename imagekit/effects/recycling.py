"""What becomes of deleted image versions: gone for good, or kept for a while where their gallery says so.

A gallery with soft delete keeps what is deleted for the days of its retention, in which it comes back as it was, and
some days of grace longer before it is wiped (recorded answers of 2026-09, api-version 2026-03-03).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from imagekit import facts
from imagekit.asked import Asked
from imagekit.effects.core import Done, copied_guest, effect, framed, gone, in_state, start, target_ending
from imagekit.effects.version import without_validations
from imagekit.ids import GALLERY, SOFT_DELETED, Id, resource_id
from imagekit.operations.core import dig, pruned
from imagekit.world import JSON, Job, World, stamp

BACK = "undelete image version"
_KEPT = "kept"  # the version itself, which no answer shows


def binned(world: World, version: Id) -> JSON | None:
    """What a gallery keeps of a deleted version at this id, as long as it can come back; None otherwise."""
    found = world.get(_place(version))
    return found if found and not _over(world, found, "consumptionEndTime") else None


def _over(world: World, kept: JSON, moment: str) -> bool:
    return world.clock >= datetime.fromisoformat(kept["properties"][moment])


def _place(version: Id) -> Id:
    """Where a gallery keeps a deleted version."""
    gallery, image, number = version.names
    return resource_id(version.subscription, version.group, SOFT_DELETED, gallery, "Images", image, number)


def _gallery(inside: Id) -> Id:
    """The gallery that something lies in."""
    return resource_id(inside.subscription, inside.group, GALLERY, inside.names[0])


@effect("delete image version")
def delete(asked: Asked) -> Done:
    """FACTS GAL-017, GAL-018: a gallery with soft delete keeps a version, unless the request says to bypass it."""
    bypassed = dict(asked.request.query).get("bypassSoftDelete", "").lower() == "true"
    return gone(asked, "remove" if bypassed or not _policy(asked.world, asked.id) else "recycle")


def _policy(world: World, version: Id) -> JSON:
    """The soft-delete policy of a version's gallery where it is on; an empty one otherwise."""
    policy: JSON = dig(world.get(_gallery(version)), "properties.softDeletePolicy") or {}
    return policy if policy.get("isSoftDeleteEnabled") else {}


@target_ending("recycle")
def _recycled(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    """The times count from the moment the deletion was asked for (recorded)."""
    version = Id.parse(document["id"])
    place, policy = _place(version), _policy(world, version)
    days, grace = policy.get("retentionPeriodInDays") or 0, policy.get("gracePeriodInDays") or 0
    properties = {
        "resourceArmId": document["id"],
        "softDeletedTime": stamp(job.began),
        "softDeletedArtifactType": "Images",
        "consumptionEndTime": stamp(job.began + timedelta(days=days)),
        "hardDeletionTargetTime": stamp(job.began + timedelta(days=days + grace)),
    }
    left = {**framed(place, {"location": document.get("location")}, properties), _KEPT: document}
    return copied_guest(world, version.key, place).put(place, left).drop(version), None


@effect("list soft-deleted image versions")
def listing(asked: Asked) -> Done:
    """What a gallery keeps of the deleted versions of a definition; what is to be wiped by now is not among it."""
    if asked.world.get(_gallery(asked.id)) is None:
        return Done(asked.world, 404)
    kept = [one for one in asked.world.members(asked.id) if not _over(asked.world, one, "hardDeletionTargetTime")]
    return Done(asked.world, 200, {"value": [pruned(one, _KEPT) for one in kept]})


@effect(BACK)
def undelete(asked: Asked) -> Done:
    """A deleted version comes back as it was, with the tags of the request: 200 and Updating (recorded)."""
    kept: JSON = (binned(asked.world, asked.id) or {})[_KEPT]
    back = in_state({**pruned(kept, "tags"), "tags": asked.body.get("tags") or {}}, "Updating")
    world = copied_guest(asked.world, _place(asked.id).key, asked.id).drop(_place(asked.id)).put(asked.id, back)
    world, job = start(world, asked, "succeed", facts.duration(BACK))
    return Done(world, 200, without_validations(back), job)
