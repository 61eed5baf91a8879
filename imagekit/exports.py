"""What is read from outside, by a link: how long the content of a disk or snapshot is open, and what state it is in.

A link is opened for a while and ends by itself; the operation that opened it tells when. States are Azure's (DiskState
in the published ARM schemas of Microsoft.Compute).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from imagekit.operations.core import dig, planted
from imagekit.world import JSON, World

READ, WRITTEN = "ActiveSAS", "ActiveUpload"
TO_WRITE = "ReadyToUpload"
OPENED = "access granted"  # the effect of the work that opens a link


def open_until(world: World, disk: JSON) -> datetime | None:
    """When the link to the content of a disk or snapshot ends; None where there is none, or it has ended."""
    if dig(disk, "properties.diskState") not in (READ, WRITTEN):
        return None
    key = str(disk["id"]).lower()
    opened = [job for job in world.jobs.values() if job.effect == OPENED and job.target == key]
    last = max(opened, key=lambda job: job.due, default=None)
    end = last.due + timedelta(seconds=last.data["lasts"]) if last else world.clock
    return end if end > world.clock else None


def resting(world: World, disk: JSON) -> str:
    """The state of a disk or snapshot that nobody reads from outside: Unattached, Attached or Reserved."""
    owner = world.get(str(disk.get("managedBy") or ""))
    if owner is None:
        return "Unattached"
    return "Reserved" if world.machine(owner["id"]).power == "deallocated" else "Attached"


def as_it_is(world: World, disk: JSON) -> JSON:
    """A disk or snapshot in the state it is in now: a link may have ended by itself."""
    state = dig(disk, "properties.diskState")
    if state not in (READ, WRITTEN) or open_until(world, disk):
        return disk
    return planted(disk, "properties.diskState", resting(world, disk))


__all__ = ["OPENED", "READ", "TO_WRITE", "WRITTEN", "as_it_is", "open_until", "resting"]
