"""What the service does with managed images it agrees to."""

from __future__ import annotations

from typing import Any

from imagekit.asked import Asked
from imagekit.effects.core import Done, copied_guest, effect, framed, gone, in_state, put, target_ending, without_nulls
from imagekit.effects.disk_document import USUAL_GB
from imagekit.ids import VM, Id, rooted
from imagekit.operations.core import dig, planted
from imagekit.sources import disks_of, look_at
from imagekit.world import JSON, Job, World

# What every disk of an image is where nobody says (recorded answers of 2022-03-01, azure-cli's tests).
_USUAL = {"caching": "None", "storageAccountType": "Standard_LRS"}


@effect("create managed image", "update managed image")
def create(asked: Asked) -> Done:
    """FACTS MI-008, MI-014: the disks of a source machine are listed at once, their sizes at the end."""
    properties = without_nulls(asked.new.get("properties") or {})
    storage = {"dataDisks": [], **(properties.get("storageProfile") or {})}
    machine = asked.world.get(str(dig(properties, "sourceVirtualMachine.id")))
    if machine and not storage.get("osDisk"):
        storage = {**storage, **_of_machine(asked.world, machine)}
    storage["dataDisks"] = [{**_USUAL, **_rooted(disk)} for disk in storage["dataDisks"]]
    if "osDisk" in storage:
        storage["osDisk"] = {**_USUAL, **_rooted(storage["osDisk"])}
    filled = {"hyperVGeneration": "V1", **properties, "storageProfile": storage}
    return put(asked, framed(asked.id, asked.new, filled), "image made")


@effect("delete managed image")
def delete(asked: Asked) -> Done:
    """Remove the image; machines made from it keep their disks."""
    return gone(asked)


def _rooted(disk: JSON) -> JSON:
    """A disk of an image whose source is named by an id as it is answered: with the slash it begins with."""
    for place in (f"{kind}.id" for kind in ("snapshot", "managedDisk")):
        if named := dig(disk, place):
            disk = planted(disk, place, rooted(named))
    return disk


def _of_machine(world: World, machine: JSON) -> JSON:
    """An image holds the operating system disk and all data disks of its machine (FACTS MI-001)."""
    profile = dig(machine, "properties.storageProfile") or {}
    disk = profile.get("osDisk") or {}
    about = {"osType": disk.get("osType"), "osState": "Generalized"}
    data = [{"lun": item.get("lun"), **_disk(world, item)} for item in profile.get("dataDisks") or []]
    return {"osDisk": {**about, **_disk(world, disk)}, "dataDisks": data}


def _disk(world: World, disk: JSON) -> JSON:
    """One disk of a machine as a managed image lists it: by its managed disk, or by its blob."""
    if uri := dig(disk, "vhd.uri"):
        size, caching = disk.get("diskSizeGB") or USUAL_GB, disk.get("caching")
        return {"diskSizeGB": size, "blobUri": uri, "caching": caching, "storageAccountType": "Standard_LRS"}
    id = dig(disk, "managedDisk.id")
    sku = dig(world.get(str(id)), "sku.name") or dig(disk, "managedDisk.storageAccountType") or "Premium_LRS"
    return {"managedDisk": {"id": id}, "caching": disk.get("caching"), "storageAccountType": sku}


@target_ending("image made")
def _made(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    id = Id.parse(document["id"])
    storage = dig(document, "properties.storageProfile") or {}
    data = [_sized(world, disk) for disk in storage.get("dataDisks") or []]
    storage = {**storage, "dataDisks": data}
    if storage.get("osDisk"):
        storage["osDisk"] = _sized(world, storage["osDisk"])
    world = world.put(id, planted(in_state(document, "Succeeded"), "properties.storageProfile", storage))
    return _with_guest(world, id, document), None


def _sized(world: World, disk: JSON) -> JSON:
    behind = world.get(str(dig(disk, "managedDisk.id") or dig(disk, "snapshot.id")))
    size = dig(behind, "properties.diskSizeGB") if behind else _blob_gb(world, disk.get("blobUri"))
    return {**disk, "diskSizeGB": disk.get("diskSizeGB") or size or USUAL_GB}


def _blob_gb(world: World, uri: Any) -> Any:
    """A blob that is a disk of a machine is as large as that disk (recorded 2019-10, azure-sdk-for-net's tests)."""
    disks = (disk for machine in world.all_of(VM) for disk in disks_of(machine))
    return next((disk.get("diskSizeGB") for disk in disks if uri and dig(disk, "vhd.uri") == uri), None)


def _with_guest(world: World, id: Id, image: JSON) -> World:
    """What lies on the source's disk lies in the image."""
    if machine := look_at(world, dig(image, "properties.sourceVirtualMachine.id")):
        return world.with_guest(id, machine.guest)
    disk = dig(image, "properties.storageProfile.osDisk") or {}
    behind = dig(disk, "managedDisk.id") or dig(disk, "snapshot.id") or disk.get("blobUri") or ""
    return copied_guest(world, str(behind), id)
