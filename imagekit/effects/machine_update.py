"""What the service does with a change to a virtual machine: values laid over values, disks added and taken away."""

from __future__ import annotations

from dataclasses import replace

from imagekit.asked import Asked, merged
from imagekit.effects.attachment import let_go
from imagekit.effects.core import Done, effect, framed, put, seconds_of, settled, target_ending, without_nulls
from imagekit.effects.machine_disks import data_disk, grown, placed, under_way
from imagekit.effects.machine_identity import identified
from imagekit.effects.machine_shown import renewed
from imagekit.ids import Id
from imagekit.operations.core import dig, planted, pruned
from imagekit.world import JSON, Job, World

SECRET = ("adminPassword", "customData")
_SECRET_PLACES = [f"properties.osProfile.{name}" for name in SECRET]
_SECURITY = "properties.securityProfile.securityType"
_OS = "properties.storageProfile.osDisk"
_DATA = "properties.storageProfile.dataDisks"


@effect("update vm")
def update(asked: Asked) -> Done:
    """Lay the new values over the old; a data disk that is named no more leaves at the end (recorded)."""
    old, sent = asked.old or {}, without_nulls(asked.body)
    disk, world = _os_disk(asked, dig(old, _OS) or {}, dig(sent, _OS) or {})
    data, world = _data_disks(replace(asked, world=world), dig(old, _DATA) or [], dig(sent, _DATA))
    for one in (disk, *data):
        world = _grown(world, one)
    world = _guarded(asked, world, str(dig(disk, "managedDisk.id")))
    laid = pruned(planted(planted(merged(asked.lasting, sent), _OS, disk), _DATA, data), *_SECRET_PLACES)
    document = renewed(identified(asked, framed(asked.id, laid, settings(laid["properties"]))), old)
    done = put(replace(asked, world=world), document, "vm changed", seconds_of(asked))
    return replace(done, body=under_way(asked, done.body))


def settings(properties: JSON) -> JSON:
    """A machine's properties with what the service adds to settings that were only begun.

    az sends an empty zoneMovement with every update; the answer says that it is off. A machine with Trusted Launch
    says on which controller its disks stand, also one that was Gen1 before (recorded answers of April 2026).
    """
    if isinstance(movement := dig(properties, _MOVEMENT), dict):
        properties = planted(properties, _MOVEMENT, {"isEnabled": False, **movement})
    if dig(properties, "securityProfile.securityType") == "TrustedLaunch" and not dig(properties, _CONTROLLER):
        properties = planted(properties, _CONTROLLER, "SCSI")
    return properties


_MOVEMENT = "resiliencyProfile.zoneMovement"
_CONTROLLER = "storageProfile.diskControllerType"


def _grown(world: World, disk: JSON) -> World:
    """A disk that its machine says is larger grows with it."""
    document = world.get(str(dig(disk, "managedDisk.id")))
    return world.put(Id.parse(document["id"]), grown(document, disk.get("diskSizeGB"))) if document else world


def _guarded(asked: Asked, world: World, disk: str) -> World:
    """The operating system disk is marked with the security type its machine changes to.

    Trusted Launch boots Gen2 only: a Gen1 machine that gets it is Gen2 from then on (trusted-launch-existing-vm-gen-1).
    """
    kind, document = asked.said(_SECURITY), world.get(disk)
    if document is None or kind in (None, asked.now(_SECURITY) or "Standard"):
        return world
    marked = planted(document, _SECURITY, kind)
    if kind == "TrustedLaunch":
        marked = planted(marked, "properties.hyperVGeneration", "V2")
    return world.put(Id.parse(disk), marked)


def _os_disk(asked: Asked, old: JSON, said: JSON) -> tuple[JSON, World]:
    """The operating system disk from now on: another one where another disk is named (`az vm update --os-disk`)."""
    world = asked.world
    other = world.get(str(dig(said, "managedDisk.id")))
    if other is None or other["id"].lower() == str(dig(old, "managedDisk.id")).lower():
        return _kept(old, said), world
    swapped = {**old, "managedDisk": {"id": other["id"]}, "diskSizeGB": None}
    disk, world = placed(asked, let_go(world, {**old, "deleteOption": "Detach"}), swapped, None)
    machine = world.machine(asked.id)
    return disk, world.with_machine(asked.id, replace(machine, disk=other["id"].lower()))


def _kept(old: JSON, said: JSON) -> JSON:
    """A disk that stays is the disk it was: its name and its managed disk cannot be changed under it."""
    kept: JSON = merged(old, pruned(said, "name"))
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
