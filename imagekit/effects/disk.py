"""What the service does with disks, snapshots and managed images it agrees to."""

from __future__ import annotations

from dataclasses import replace

from imagekit.asked import Asked
from imagekit.effects.core import Done, copied_guest, effect, ending, framed, gone, in_state, put, seconds_of, start
from imagekit.effects.core import without_nulls
from imagekit.effects.machine import performance, tiered
from imagekit.ids import Id
from imagekit.operations.core import dig, planted
from imagekit.sources import Source, look_at, platform
from imagekit.world import JSON, Job, World, stamp


@effect("create disk", "create snapshot")
def create(asked: Asked) -> Done:
    """FACTS REC: a disk or snapshot is answered with 202 as it was sent; the rest is filled in at the end."""
    properties = without_nulls(asked.new.get("properties") or {})
    generation = properties.get("hyperVGeneration") or ("V1" if asked.id.type.endswith("snapshots") else None)
    sent = {**properties, "hyperVGeneration": generation or _generation(asked, properties)}
    sent.pop("provisioningState", None)
    document = in_state(framed(asked.id, asked.new, sent), "Updating")
    world, job = start(asked.world.put(asked.id, document), asked, "disk made", seconds_of(asked))
    return Done(world, 202, document, job)


def _generation(asked: Asked, properties: JSON) -> str:
    source = origin(asked.world, properties.get("creationData") or {})
    return (source.generation if source else None) or "V1"


def origin(world: World, creation: JSON) -> Source | None:
    """What a disk or snapshot is made from, as far as anyone can tell."""
    image = dig(creation, "imageReference.id") or dig(creation, "galleryImageReference.id")
    found = look_at(world, creation.get("sourceResourceId") or image)
    if found or not image:
        return found
    parts = [part.lower() for part in str(image).split("/")]
    names = [str(image).split("/")[parts.index(word) + 1] for word in ("publishers", "offers", "skus") if word in parts]
    return platform(dict(zip(("publisher", "offer", "sku"), names, strict=True))) if len(names) == 3 else None


@ending("disk made")
def _made(world: World, job: Job) -> tuple[World, JSON | None]:
    document = world.get(job.target)
    if document is None:
        return world, None
    id = Id.parse(document["id"])
    creation = dig(document, "properties.creationData") or {}
    source = origin(world, creation)
    properties = {**_defaults(world, document, source), **document["properties"], "provisioningState": "Succeeded"}
    properties["creationData"] = _creation(world, creation)
    properties["encryption"] = _encryption(document)
    size = int(properties.get("diskSizeGB") or (source.os_gb if source else None) or 30)
    properties |= {"diskSizeGB": size, "diskSizeBytes": size * 1024**3}
    if not id.type.endswith("snapshots"):
        properties |= performance(size, str(dig(document, "sku.name")).startswith("Premium"))
    whole = {**document, "sku": tiered(str(dig(document, "sku.name"))), "properties": properties}
    world = world.put(id, whole)
    return (world.with_guest(id, source.guest) if source else world), None


def _creation(world: World, creation: JSON) -> JSON:
    """A copy remembers the unique id of its source; a gallery image is also shown as image reference."""
    source = world.get(str(creation.get("sourceResourceId")))
    if source:
        creation = {**creation, "sourceUniqueId": dig(source, "properties.uniqueId")}
    gallery = creation.get("galleryImageReference")
    if not gallery:
        return creation
    id = gallery.get("id") or gallery.get("communityGalleryImageId") or gallery.get("sharedGalleryImageId")
    return {**creation, "imageReference": {"id": id}}


def _encryption(document: JSON) -> JSON:
    said = dig(document, "properties.encryption") or {}
    key = "EncryptionAtRestWithCustomerKey" if said.get("diskEncryptionSetId") else "EncryptionAtRestWithPlatformKey"
    return {"type": key, **{name: value for name, value in said.items() if value}}


def _defaults(world: World, document: JSON, source: Source | None) -> JSON:
    """What the service adds (recorded answers of api-version 2022-03-02 and 2022-07-02)."""
    known: JSON = {"networkAccessPolicy": "AllowAll", "publicNetworkAccess": "Enabled", "diskState": "Unattached"}
    known |= {"timeCreated": stamp(world.clock), "uniqueId": world.token(document["id"])}
    if document["type"].endswith("snapshots"):
        known["incremental"] = False
    if source and source.os_type:
        known |= {"osType": source.os_type, "supportedCapabilities": {"architecture": source.architecture}}
    if source and source.security != "Standard" and source.kind in ("disk", "snapshot"):
        known["securityProfile"] = {"securityType": source.security}
    return known


@effect("delete disk", "delete snapshot", "delete managed image")
def delete(asked: Asked) -> Done:
    """Remove the resource; what was made from it stays."""
    return gone(asked)


@effect("create managed image", "update managed image")
def image(asked: Asked) -> Done:
    """FACTS MI-008, MI-014: the disks of a source machine are listed at once, their sizes at the end."""
    properties = without_nulls(asked.new.get("properties") or {})
    storage = properties.get("storageProfile") or {}
    machine = asked.world.get(str(dig(properties, "sourceVirtualMachine.id")))
    if machine and not storage.get("osDisk"):
        storage = {**_from_machine(asked.world, machine), **storage}
    if "osDisk" in storage:
        storage["osDisk"] = {"caching": "None", "storageAccountType": "Standard_LRS", **storage["osDisk"]}
    storage = {"dataDisks": [], **storage}
    generation = properties.get("hyperVGeneration") or "V1"
    filled = {**properties, "storageProfile": storage, "hyperVGeneration": generation}
    return put(asked, framed(asked.id, asked.new, filled), "image made")


def _from_machine(world: World, machine: JSON) -> JSON:
    profile = dig(machine, "properties.storageProfile") or {}
    disk = profile.get("osDisk") or {}
    about = {"osType": disk.get("osType"), "osState": "Generalized"}
    data = [{"lun": item.get("lun"), **_image_disk(world, item)} for item in profile.get("dataDisks") or []]
    return {"osDisk": {**about, **_image_disk(world, disk)}, "dataDisks": data}


def _image_disk(world: World, disk: JSON) -> JSON:
    """One disk of a machine as a managed image lists it: by its managed disk, or by its blob."""
    if uri := dig(disk, "vhd.uri"):
        return {
            "diskSizeGB": disk.get("diskSizeGB") or 30,
            "blobUri": uri,
            "caching": disk.get("caching"),
            "storageAccountType": "Standard_LRS",
        }
    id = dig(disk, "managedDisk.id")
    behind = world.get(str(id)) or {}
    sku = dig(behind, "sku.name") or dig(disk, "managedDisk.storageAccountType") or "Premium_LRS"
    return {"managedDisk": {"id": id}, "caching": disk.get("caching"), "storageAccountType": sku}


@ending("image made")
def _image_made(world: World, job: Job) -> tuple[World, JSON | None]:
    document = world.get(job.target)
    if document is None:
        return world, None
    id = Id.parse(document["id"])
    storage = dig(document, "properties.storageProfile") or {}
    sized = {
        "osDisk": _sized(world, storage.get("osDisk") or {}),
        "dataDisks": [_sized(world, disk) for disk in storage.get("dataDisks") or []],
    }
    whole = planted(in_state(document, "Succeeded"), "properties.storageProfile", {**storage, **sized})
    world = world.put(id, whole)
    machine = look_at(world, dig(document, "properties.sourceVirtualMachine.id"))
    if machine:
        return world.with_guest(id, machine.guest), None
    disk = dig(storage, "osDisk.managedDisk.id") or dig(storage, "osDisk.snapshot.id") or ""
    return copied_guest(world, str(disk), id), None


def _sized(world: World, disk: JSON) -> JSON:
    behind = world.get(str(dig(disk, "managedDisk.id") or dig(disk, "snapshot.id")))
    size = dig(behind, "properties.diskSizeGB") if behind else None
    return {**disk, "diskSizeGB": disk.get("diskSizeGB") or size or 30} if disk else disk


@effect("delete resource group")
def delete_group(asked: Asked) -> Done:
    """A group goes with all that is in it, without asking for order."""
    if asked.old is None:
        return Done(asked.world, 404)
    marked = asked.world.put(asked.id, in_state(asked.old, "Deleting"))
    world, job = start(marked, asked, "group gone", 60.0)
    return Done(world, 202, None, job)


@ending("group gone")
def _group_gone(world: World, job: Job) -> tuple[World, JSON | None]:
    inside = [key for key in world.documents if key == job.target or key.startswith(f"{job.target}/")]
    for key in inside:
        world = world.drop(Id.parse(key))
    kept = {id: other for id, other in world.pending.items() if not other.target.startswith(f"{job.target}/")}
    for other in list(world.pending.values()):
        if other.id not in kept:
            world = world.end(replace(other, status="Canceled"))
    return world, None


@effect("create resource group", "create role assignment")
def create_at_once(asked: Asked) -> Done:
    """What is there as soon as it is asked for."""
    properties = {**(asked.new.get("properties") or {}), "provisioningState": "Succeeded"}
    if asked.id.type.endswith("roleAssignments"):
        properties = {**(asked.new.get("properties") or {}), "scope": asked.id.scope, "principalType": "User"}
    document = framed(asked.id, asked.new, properties)
    return Done(asked.world.put(asked.id, document), 200 if asked.old else 201, document)


