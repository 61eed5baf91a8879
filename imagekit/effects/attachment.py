"""Who holds a managed disk: a machine that runs, one that is deallocated, or nobody."""

from __future__ import annotations

from imagekit.exports import resting
from imagekit.ids import Id
from imagekit.operations.core import dig, planted, pruned
from imagekit.sources import disks_of
from imagekit.world import JSON, World


def held(world: World, machine: JSON) -> World:
    """A world in which the managed disks of a machine are in the state its power brings: Attached, or Reserved.

    Source: recorded answers of api-version 2022-07-02 (test_enable_trusted_launch_on_v2).
    """
    for disk in disks_of(machine):
        document = world.get(str(dig(disk, "managedDisk.id")))
        if document:
            state = resting(world, document)
            world = world.put(Id.parse(document["id"]), planted(document, "properties.diskState", state))
    return world


def let_go(world: World, disk: JSON) -> World:
    """A world in which a disk has left its machine: nobody's, or gone where its deleteOption says Delete."""
    document = world.get(str(dig(disk, "managedDisk.id")))
    if document is None:
        return world
    id = Id.parse(document["id"])
    if disk.get("deleteOption") == "Delete":
        return world.drop(id)
    return world.put(id, planted(pruned(document, "managedBy"), "properties.diskState", "Unattached"))
