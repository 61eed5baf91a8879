"""Who holds a managed disk: a machine that runs, one that is deallocated, or nobody."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.ids import Id
from imagekit.operations.core import dig, planted
from imagekit.world import JSON, World


def disks_of(machine: JSON) -> Iterator[JSON]:
    """The disks a machine's storage profile lists, the operating system disk first."""
    profile = dig(machine, "properties.storageProfile") or {}
    yield from (profile.get("osDisk") or {}, *(profile.get("dataDisks") or []))


def held(world: World, machine: JSON, state: str) -> World:
    """A world in which the managed disks of a machine are in this state: Attached, or Reserved while it is deallocated.

    Source: recorded answers of api-version 2022-07-02 (test_enable_trusted_launch_on_v2).
    """
    for disk in disks_of(machine):
        document = world.get(str(dig(disk, "managedDisk.id")))
        if document:
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
    loose = {key: value for key, value in document.items() if key != "managedBy"}
    return world.put(id, planted(loose, "properties.diskState", "Unattached"))
