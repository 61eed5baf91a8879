"""What the service does with resource groups, and with what is there as soon as it is asked for."""

from __future__ import annotations

from dataclasses import replace

from imagekit.asked import Asked
from imagekit.effects.attachment import let_go
from imagekit.effects.core import Done, effect, ending, framed, in_state, seconds_of, start
from imagekit.effects.staging import cleared
from imagekit.ids import TEMPLATE, Id
from imagekit.rules.core import path
from imagekit.rules.templates.changes import occupied
from imagekit.sources import disks_of
from imagekit.world import JSON, Job, World


@effect("create resource group")
def create(asked: Asked) -> Done:
    """What is there as soon as it is asked for."""
    properties = {**(asked.new.get("properties") or {}), "provisioningState": "Succeeded"}
    document = framed(asked.id, asked.new, properties)
    return Done(asked.world.put(asked.id, document), 200 if asked.old else 201, document)


@effect("delete resource group")
def delete(asked: Asked) -> Done:
    """A group goes with all that is in it, without asking for order; what may not be deleted then stays, and it too."""
    if asked.old is None:
        return Done(asked.world, 404)
    marked = asked.world.put(asked.id, in_state(asked.old, "Deleting"))
    world, job = start(marked, asked, "group gone", seconds_of(asked))
    return Done(world, 202, None, job)


@ending("group gone")
def _gone(world: World, job: Job) -> tuple[World, JSON | None]:
    """Work under way on what was in the group is canceled with it.

    A template with which something goes on cannot be deleted, so the group stays, and what it needs in it.
    """
    inside = f"{job.target}/"
    for machine in [world.documents[key] for key in world.machines if key.startswith(inside)]:
        for disk in disks_of(machine):
            world = let_go(world, disk)
    templates = [one for one in world.all_of(TEMPLATE) if str(one["id"]).lower().startswith(inside)]
    kept = [Id.parse(one["id"]) for one in templates if occupied(one)]
    for template in templates:
        if not occupied(template):
            world = cleared(world, template)
    for id in [one for one in world.inside(job.target) if not _is_of(one.key, kept)]:
        world = world.drop(id)
    for other in [one for one in world.pending.values() if one.target.startswith(inside)]:
        if not _is_of(other.target, kept):
            world = world.end(replace(other, status="Canceled"))
    return _rolled_back(world, job, kept) if kept else (world.drop(Id.parse(job.target)), None)


def _is_of(key: str, templates: list[Id]) -> bool:
    """Whether a key is that of one of these templates, or of something in it."""
    return any(f"{key}/".startswith(f"{one.key}/") for one in templates)


def _rolled_back(world: World, job: Job, kept: list[Id]) -> tuple[World, JSON]:
    """The error as others met it (bicep-registry-modules pull request 1607, 2024)."""
    group = world.documents[job.target]
    message = (
        f"Deletion of resource group '{group['name']}' failed as resources with identifiers "
        f"'{','.join(map(path, kept))}' could not be deleted. The provisioning state of the resource group will be "
        f"rolled back. The tracking Id is '{job.id}'. Please check audit logs for more details."
    )
    error = {"code": "ResourceGroupDeletionBlocked", "message": message}
    return world.put(Id.parse(job.target), in_state(group, "Succeeded")), error
