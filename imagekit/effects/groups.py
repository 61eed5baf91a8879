"""What the service does with resource groups, and with what is there as soon as it is asked for."""

from __future__ import annotations

from dataclasses import replace

from imagekit.asked import Asked
from imagekit.effects.attachment import disks_of, let_go
from imagekit.effects.core import Done, effect, ending, framed, in_state, start
from imagekit.ids import Id
from imagekit.world import JSON, Job, World

GROUP_SECONDS = 60.0  # nobody timed it: assumed


@effect("create resource group", "create role assignment")
def create(asked: Asked) -> Done:
    """What is there as soon as it is asked for."""
    properties = {**(asked.new.get("properties") or {}), "provisioningState": "Succeeded"}
    if asked.id.type.endswith("roleAssignments"):
        properties = {**(asked.new.get("properties") or {}), "scope": asked.id.scope, "principalType": "User"}
    document = framed(asked.id, asked.new, properties)
    return Done(asked.world.put(asked.id, document), 200 if asked.old else 201, document)


@effect("delete resource group")
def delete(asked: Asked) -> Done:
    """A group goes with all that is in it, without asking for order."""
    if asked.old is None:
        return Done(asked.world, 404)
    marked = asked.world.put(asked.id, in_state(asked.old, "Deleting"))
    world, job = start(marked, asked, "group gone", GROUP_SECONDS)
    return Done(world, 202, None, job)


@ending("group gone")
def _gone(world: World, job: Job) -> tuple[World, JSON | None]:
    """Work under way on what was in the group is canceled with it."""
    inside = f"{job.target}/"
    for machine in [world.documents[key] for key in world.machines if key.startswith(inside)]:
        for disk in disks_of(machine):
            world = let_go(world, disk)
    for key in [key for key in world.documents if key == job.target or key.startswith(inside)]:
        world = world.drop(Id.parse(key))
    for other in [other for other in world.pending.values() if other.target.startswith(inside)]:
        world = world.end(replace(other, status="Canceled"))
    return world, None
