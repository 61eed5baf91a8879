"""The disks of a virtual machine: what its storage profile shows, and the managed disks behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from imagekit import facts
from imagekit.asked import Asked
from imagekit.effects.core import framed, without_nulls
from imagekit.effects.disk_document import GB, USUAL_GB, filled, usual_sku
from imagekit.effects.disk_performance import performance
from imagekit.ids import Id, resource_id
from imagekit.operations.core import dig, planted, pruned
from imagekit.sources import DISK, Source, disks_of, replica
from imagekit.world import JSON, World

DATA_GB = 10  # where neither request nor image says (recorded data disks)


def storage_profile(asked: Asked, image: Source | None) -> tuple[JSON, World]:
    """The storage profile as the service answers it, and a world with the managed disks in it."""
    said = without_nulls(asked.said("properties.storageProfile") or {})
    disk, world = placed(asked, asked.world, _os_disk(asked, said.get("osDisk") or {}, image), image)
    data: list[JSON] = []
    for number, item in enumerate(_data_disks(said.get("dataDisks") or [], image), 2):
        made, world = placed(asked, world, data_disk(asked, item, number, image), image)
        data.append(made)
    reference = said.get("imageReference")
    head = {"imageReference": _exact(reference, image)} if reference else {}
    return {**head, **said, **head, "osDisk": disk, "dataDisks": data, **_controller(world, disk, said)}, world


def under_way(asked: Asked, document: JSON) -> JSON:
    """A machine as it is answered at once: what is only being made has no id, and of names those it was given.

    Recorded answers of 2022 (azure-sdk-for-python's and azure-sdk-for-js's tests) and 2026-02 (azure-cli's tests).
    """
    given = {disk.get("name") for disk in disks_of(asked.body)}
    profile = document["properties"]["storageProfile"]

    def told(disk: JSON) -> JSON:
        id = dig(disk, "managedDisk.id")
        if id is None or asked.world.get(str(id)):
            return disk
        own = ["name"] if "lun" in disk and disk.get("name") not in given else []
        return pruned(disk, "managedDisk.id", *own)

    data = [told(disk) for disk in profile.get("dataDisks") or []]
    shown = {**profile, "osDisk": told(profile["osDisk"]), "dataDisks": data}
    return planted(document, "properties.storageProfile", shown)


def _exact(reference: JSON, image: Source | None) -> JSON:
    """FACTS VER-007: the machine remembers which version `latest` was."""
    exact = image.exact if image else None
    return {**reference, "exactVersion": exact} if exact else reference


def _controller(world: World, disk: JSON, said: JSON) -> JSON:
    """A machine whose disk could stand on either controller says on which it stands (recorded)."""
    behind = world.get(str(dig(disk, "managedDisk.id")))
    able = dig(behind, "properties.supportedCapabilities.diskControllerTypes")
    return {"diskControllerType": said.get("diskControllerType") or "SCSI"} if able else {}


# --- one disk ---------------------------------------------------------------------------------------------------------


def _os_disk(asked: Asked, said: JSON, image: Source | None) -> JSON:
    name = said.get("name") or _name(asked, "disk1" if _is_managed_image(image) else "OsDisk_1", 1)
    system = said.get("osType") or (image.os_type if image else None) or "Linux"
    size = said.get("diskSizeGB") or (None if _is_attached(said) else (image.os_gb if image else None) or USUAL_GB)
    return {
        "caching": "ReadWrite",
        **said,
        "name": name,
        "osType": _capital(str(system)),
        "createOption": _capital(str(said.get("createOption") or "FromImage")),
        "deleteOption": said.get("deleteOption") or "Detach",
        **({"diskSizeGB": size} if size else {}),
    }


def _data_disks(said: list[JSON], image: Source | None) -> Iterator[JSON]:
    """The data disks that were asked for, then those of the image, which come along unasked (FACTS VER-038)."""
    sizes = dict(image.data) if image else {}
    for number, disk in enumerate(said):
        lun = disk.get("lun", number)
        from_image = str(disk.get("createOption", "")).lower() == "fromimage"
        yield {"lun": lun, **({"diskSizeGB": sizes.get(lun) or DATA_GB} if from_image else {}), **disk}
    for lun in sorted(sizes.keys() - {disk.get("lun") for disk in said}):
        yield {"lun": lun, "createOption": "FromImage", "diskSizeGB": sizes[lun] or DATA_GB}


def data_disk(asked: Asked, said: JSON, number: int, image: Source | None) -> JSON:
    """A data disk as the storage profile shows it, named by the service where the request names none."""
    option = _capital(str(said.get("createOption") or "Empty"))
    gallery = option == "FromImage" and not _is_managed_image(image)
    name = said.get("name") or _name(asked, f"lun_{said['lun']}_{number}" if gallery else f"disk{number}", number)
    size = {} if _is_attached(said) else {"diskSizeGB": DATA_GB}
    shown = {"caching": "None", "deleteOption": "Detach", **size, **said}
    return {**shown, "name": name, "createOption": option, "toBeDetached": False}


def _is_attached(disk: JSON) -> bool:
    """Whether a disk is taken as it stands, with the size it has."""
    return str(disk.get("createOption")).lower() == "attach"


def _name(asked: Asked, word: str, number: int) -> str:
    return f"{asked.name}_{word}_{asked.world.token(f'{asked.name} disk {number}').replace('-', '')}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_managed_image(image: Source | None) -> bool:
    return image is not None and image.kind == "managed image"


# --- the managed disk behind it ---------------------------------------------------------------------------------------


def placed(asked: Asked, world: World, disk: JSON, image: Source | None) -> tuple[JSON, World]:
    """A disk of the machine with what lies behind it: a blob, the disk that is attached, or one that is made now."""
    if "vhd" in disk:
        return disk, world
    attached = world.get(str(dig(disk, "managedDisk.id")))
    document = grown(attached, disk.get("diskSizeGB")) if attached else _made(asked, world, disk, image)
    owned = planted({**document, "managedBy": str(asked.id)}, "properties.diskState", "Attached")
    managed = {
        **(disk.get("managedDisk") or {}),
        **_protection(document),
        "storageAccountType": dig(document, "sku.name"),
        "id": document["id"],
    }
    shown = without_nulls({**disk, "name": document["name"], "diskSizeGB": dig(document, "properties.diskSizeGB")})
    return {**shown, "managedDisk": managed}, world.put(Id.parse(document["id"]), owned)


def grown(document: JSON, gb: Any) -> JSON:
    """A managed disk made as large as its machine says: one of 30 GB was attached with 100 (recorded in May 2023)."""
    properties = document["properties"]
    if not isinstance(gb, int) or gb <= int(properties.get("diskSizeGB") or 0):
        return document
    speed = performance(gb, str(dig(document, "sku.name")), properties)
    return {**document, "properties": {**properties, "diskSizeGB": gb, "diskSizeBytes": gb * GB, **speed}}


def _protection(disk: JSON) -> JSON:
    """A disk with a customer's key, or one of a confidential machine, says so in the machine too (recorded)."""
    shown: JSON = {}
    if keys := dig(disk, "properties.encryption.diskEncryptionSetId"):
        shown["diskEncryptionSet"] = {"id": keys}
    kind = str(dig(disk, "properties.securityProfile.securityType") or "")
    if kind.startswith("ConfidentialVM"):
        only = "VMGuestStateOnly" in kind
        shown["securityProfile"] = {"securityEncryptionType": "VMGuestStateOnly" if only else "DiskWithVMGuestState"}
    return shown


def _made(asked: Asked, world: World, disk: JSON, image: Source | None) -> JSON:
    """The document of a new managed disk; a data disk holds no system."""
    id = resource_id(asked.id.subscription, asked.id.group, DISK, disk["name"])
    sku = usual_sku(dig(disk, "managedDisk.storageAccountType"), _usual_kind(asked, disk, image))
    keys = _keys(world, asked, disk, image)
    properties = {
        "creationData": _creation(asked, disk, image),
        "diskSizeGB": disk["diskSizeGB"],
        **({"encryption": {"diskEncryptionSetId": keys}} if keys else {}),
        **_guarded(asked, disk),
    }
    body = {"location": asked.new.get("location"), "zones": asked.new.get("zones"), "sku": {"name": sku}}
    return filled(world, framed(id, body, properties), None if "lun" in disk else image)


def _guarded(asked: Asked, disk: JSON) -> JSON:
    """The disk of a machine with Trusted Launch says so, and its copies too (azure-sdk-for-python issue 30479)."""
    trusted = "lun" not in disk and asked.said("properties.securityProfile.securityType") == "TrustedLaunch"
    return {"securityProfile": {"securityType": "TrustedLaunch"}} if trusted else {}


def _usual_kind(asked: Asked, disk: JSON, image: Source | None) -> str:
    """Premium where the size takes it, else standard; a managed image keeps its own kind (recorded)."""
    if image and image.kind == "managed image" and image.storage and disk["createOption"] == "FromImage":
        return image.storage
    size = facts.size(str(asked.said("properties.hardwareProfile.vmSize") or ""))
    return "Premium_LRS" if size is None or size.premium_storage else "Standard_LRS"


def _keys(world: World, asked: Asked, disk: JSON, image: Source | None) -> Any:
    """The disk encryption set that was named, or the one the version uses in this region (FACTS VER-034)."""
    said = dig(disk, "managedDisk.diskEncryptionSet.id")
    if said or image is None or image.kind != "image version" or disk["createOption"] != "FromImage":
        return said
    version = world.get(image.id)
    here = (replica(version, asked.location) if version else None) or {}
    listed = dig(here, "encryption.dataDiskImages") or []
    data = next((one for one in listed if one.get("lun") == disk.get("lun")), None)
    found = data if "lun" in disk else dig(here, "encryption.osDiskImage")
    return dig(found, "diskEncryptionSetId")


def _creation(asked: Asked, disk: JSON, image: Source | None) -> JSON:
    if disk["createOption"] != "FromImage" or image is None:
        return {"createOption": disk["createOption"]}
    lun = {"lun": disk["lun"]} if "lun" in disk else {}
    return {"createOption": "FromImage", "imageReference": {"id": _image_path(asked, image), **lun}}


def _image_path(asked: Asked, image: Source) -> str:
    """The id of the image; a platform image is named by a path in the region."""
    if not image.kind.endswith("platform image"):
        return image.id
    publisher, offer, sku, _ = image.id.split(":") if image.id.count(":") == 3 else (*image.id.split(":"), "")
    home = f"/Subscriptions/{asked.id.subscription}/Providers/Microsoft.Compute/Locations/{asked.location}"
    return f"{home}/Publishers/{publisher}/ArtifactTypes/VMImage/Offers/{offer}/Skus/{sku}/Versions/{image.exact}"
