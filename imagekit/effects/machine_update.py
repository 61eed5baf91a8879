"""What the service does with a change to a virtual machine: values laid over values, disks added and taken away."""

from __future__ import annotations

from dataclasses import replace

from imagekit.asked import Asked, merged
from imagekit.effects.attachment import let_go
from imagekit.effects.core import Done, effect, framed, put, seconds_of, settled, target_ending, without_nulls
from imagekit.effects.machine_disks import data_disk, placed
from imagekit.effects.view import shown
from imagekit.ids import Id
from imagekit.operations.core import dig, planted
from imagekit.world import JSON, Job, World

SECRET = ("adminPassword", "customData")
_SECURITY = "properties.securityProfile.securityType"
_OS = "properties.storageProfile.osDisk"
_DATA = "properties.storageProfile.dataDisks"


@effect("update vm")
def update(asked: Asked) -> Done:
    """Lay the new values over the old; a data disk that is named no more leaves at the end (recorded)."""
    old, sent = asked.old or {}, without_nulls(asked.body)
    disk, world = _os_disk(asked, dig(old, _OS) or {}, dig(sent, _OS) or {})
    data, world = _data_disks(replace(asked, world=world), dig(old, _DATA) or [], dig(sent, _DATA))
    world = _guarded(asked, world, str(dig(disk, "managedDisk.id")))
    document = planted(planted(merged(old, sent), _OS, disk), _DATA, data)
    if profile := dig(document, "properties.osProfile"):
        kept = {name: value for name, value in profile.items() if name not in SECRET}
        document = planted(document, "properties.osProfile", kept)
    seconds = seconds_of(asked)
    done = put(replace(asked, world=world), framed(asked.id, document, document["properties"]), "vm changed", seconds)
    return replace(done, body=shown(done.world, done.body, {}))


def _guarded(asked: Asked, world: World, disk: str) -> World:
    """The operating system disk is marked with the security type its machine changes to."""
    kind, document = asked.said(_SECURITY), world.get(disk)
    if document is None or kind in (None, asked.now(_SECURITY)):
        return world
    return world.put(Id.parse(disk), planted(document, _SECURITY, kind))


def _os_disk(asked: Asked, old: JSON, said: JSON) -> tuple[JSON, World]:
    """The operating system disk from now on: another one where another disk is named (`az vm update --os-disk`)."""
    world = asked.world
    other = world.get(str(dig(said, "managedDisk.id")))
    if other is None or other["id"].lower() == str(dig(old, "managedDisk.id")).lower():
        return _kept(old, said), world
    swapped = {**old, "managedDisk": {"id": other["id"]}}
    disk, world = placed(asked, let_go(world, {**old, "deleteOption": "Detach"}), swapped, None)
    machine = world.machine(asked.id)
    return disk, world.with_machine(asked.id, replace(machine, disk=other["id"].lower()))


def _kept(old: JSON, said: JSON) -> JSON:
    """A disk that stays is the disk it was: its name and its managed disk cannot be changed under it."""
    kept: JSON = merged(old, {key: value for key, value in said.items() if key != "name"})
    id = dig(old, "managedDisk.id")
    return planted(kept, "managedDisk.id", id) if id else kept


def _data_disks(asked: Asked, old: list[JSON], said: list[JSON] | None) -> tuple[list[JSON], World]:
    """The data disks from now on, by LUN; a request without any word about them changes none."""
    world = asked.world
    if said is None:
        return old, world
    named = {disk.get("lun"): disk for disk in said}
    leaving = {"toBeDetached": True}
    disks = [_kept({**disk, "toBeDetached": False}, named.get(disk.get("lun"), leaving)) for disk in old]
    standing = {disk.get("lun") for disk in old}
    for disk in (disk for disk in said if disk.get("lun") not in standing):
        made, world = placed(asked, world, data_disk(asked, disk, len(disks) + 2, None), None)
        disks.append(made)
    return disks, world


@target_ending("vm changed")
def _changed(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    data = dig(document, _DATA) or []
    for disk in (disk for disk in data if disk.get("toBeDetached")):
        world = let_go(world, {**disk, "deleteOption": "Detach"})
    kept = [disk for disk in data if not disk.get("toBeDetached")]
    return settled(world.put(Id.parse(document["id"]), planted(document, _DATA, kept)), job.target), None
