"""Disks, snapshots and images as Az.Compute makes them first: objects in memory, handed to New-AzDisk and its like.

New-AzDisk, New-AzSnapshot and New-AzImage take such an object and no more (help of Az.Compute, azps-16.2.0, read
2026-11-20). What is not said is not sent. Set-AzImageOsDisk and its neighbours alter the object they are given.
"""

from __future__ import annotations

from typing import Any

from imagekit.ids import DISK, IMAGE, SNAPSHOT, VM, Id
from imagekit.operations.common import IN_RG
from imagekit.operations.core import MADE, Example, Field, Operation, Reply, Scope, Tongue, dig, planted
from imagekit.operations.forms import (
    ALONE,
    TAGS,
    WHOLE,
    YES_NO,
    Form,
    Made,
    choice,
    in_powershell,
    loose_choice,
)
from imagekit.operations.paths import body_of
from imagekit.operations.version_forms import arm_table
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

SYSTEMS = choice("Windows", "Linux")
GENERATIONS = choice("V1", "V2")
_CREATE = loose_choice("Empty", "Copy", "FromImage", "Import", "Attach", "Restore", "Upload")
_CREATION = "properties.creationData"
_OBJECT_OF = {DISK: "New-AzDiskConfig", SNAPSHOT: "New-AzSnapshotConfig", IMAGE: "New-AzImageConfig"}


def made_by(cmdlet: str) -> Form:
    """An object that a cmdlet makes, as it is: whoever alters it alters it for all who hold it."""

    def read(value: Any) -> Any:
        if isinstance(value, dict):
            return value
        raise Unreadable(f"this takes what {cmdlet} makes, not {value!r}")

    return in_powershell(read, lambda value: _written(cmdlet, value), f"an object of {cmdlet}")


def _written(cmdlet: str, value: Any) -> Made:
    """The cmdlets that make an object, one around the other; what they cannot say is left out."""
    if cmdlet == _OBJECT_OF[IMAGE]:
        return _image_written(value)
    return _one_written(cmdlet, value)


def _one_written(cmdlet: str, value: Any, *first: tuple[str, Any]) -> Made:
    row = next(row for row in ROWS if row.powershell == cmdlet)
    said = [(field, dig(value, field.path)) for field in row.fields if dig(value, field.path) is not None]
    parameters = ((field.powershell_names[0], field.form.ps_write(held)) for field, held in said)
    return Made(cmdlet, "", (*first, *parameters))


def _image_written(image: JSON) -> Made:
    written = _one_written("New-AzImageConfig", image)
    if disk := dig(image, "properties.storageProfile.osDisk"):
        written = _one_written("Set-AzImageOsDisk", disk, ("Image", written))
    for disk in dig(image, "properties.storageProfile.dataDisks") or []:
        written = _one_written("Add-AzImageDataDisk", disk, ("Image", written))
    return written


# --- what they make ---------------------------------------------------------------------------------------------------


def _config(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
    """The object, under the names ARM has."""
    return body_of(said)


def _os_disk(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
    image = said["@image"]
    return altered(image, planted(image, "properties.storageProfile.osDisk", _disk(said)))


def _data_disk(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
    image = said["@image"]
    data = dig(image, "properties.storageProfile.dataDisks") or []
    return altered(image, planted(image, "properties.storageProfile.dataDisks", [*data, _disk(said)]))


def _disk(said: dict[str, Any]) -> JSON:
    return body_of({path: value for path, value in said.items() if path != "@image"})


def altered(held: JSON, after: JSON) -> JSON:
    """The very object, with what it holds from now on: as PowerShell's objects are."""
    held.clear()
    held.update(after)
    return held


def _image_reference(value: Any) -> JSON:
    return arm_table({"Id": "id", "Lun": "lun"}, value, "an image reference")


_REFERENCE = in_powershell(
    _image_reference,
    lambda value: {key.capitalize(): held for key, held in value.items()},
    "a table @{Id = …; Lun = …}",
)


def whole(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """The body that PowerShell sends: the object it is given; what az says stands in the body already."""
    sent: JSON = said.get("@object", body)
    return sent


def as_object(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    """The words for a body: in PowerShell the whole of it is an object."""
    return ({"@object": body}, {}) if tongue == "powershell" else ({}, body)


def _row(cmdlet: str, kind: str, reply: Reply, example: str, *fields: Field) -> Operation:
    """A cmdlet that makes an object or alters one; it asks nothing of the cloud."""
    return Operation(
        f"make {cmdlet.partition('-Az')[2]}",
        MADE,
        kind,
        "2025-01-02",
        powershell=cmdlet,
        fields=fields,
        example=Example(powershell=f"{cmdlet} {example}"),
        of="all",
        reply=reply,
        says=f"makes what {cmdlet.partition('-')[2]} stands for, in memory",
    )


_WHERE = (Field("location", "", "-Location"), Field("tags", "", "-Tag", TAGS))
_COPIED = (
    Field("sku.name", "", "-SkuName -AccountType"),
    Field("properties.osType", "", "-OsType", SYSTEMS),
    Field("properties.diskSizeGB", "", "-DiskSizeGB", WHOLE),
    Field("properties.hyperVGeneration", "", "-HyperVGeneration", GENERATIONS),
    Field(f"{_CREATION}.createOption", "", "-CreateOption", _CREATE),
    Field(f"{_CREATION}.sourceResourceId", "", "-SourceResourceId"),
    Field(f"{_CREATION}.sourceUri", "", "-SourceUri"),
    Field(f"{_CREATION}.imageReference", "", "-ImageReference", _REFERENCE),
)
_IMAGE = Field("@image", "", "-Image", made_by("New-AzImageConfig"), required=True)
_SOURCES = (
    Field("managedDisk.id", "", "-ManagedDiskId"),
    Field("snapshot.id", "", "-SnapshotId"),
    Field("blobUri", "", "-BlobUri"),
    Field("diskSizeGB", "", "-DiskSizeGB", WHOLE),
    Field("caching", "", "-Caching", choice("None", "ReadOnly", "ReadWrite")),
    Field("storageAccountType", "", "-StorageAccountType"),
)
_SETTINGS = (
    Field("properties.tier", "", "-Tier"),
    Field("properties.diskIOPSReadWrite", "", "-DiskIOPSReadWrite", WHOLE),
    Field("properties.diskMBpsReadWrite", "", "-DiskMBpsReadWrite", WHOLE),
    Field("properties.diskIOPSReadOnly", "", "-DiskIOPSReadOnly", WHOLE),
    Field("properties.diskMBpsReadOnly", "", "-DiskMBpsReadOnly", WHOLE),
    Field("properties.maxShares", "", "-MaxSharesCount", WHOLE),
    Field("properties.burstingEnabled", "", "-BurstingEnabled", YES_NO),
    Field("properties.networkAccessPolicy", "", "-NetworkAccessPolicy"),
    Field("properties.publicNetworkAccess", "", "-PublicNetworkAccess"),
    Field("properties.dataAccessAuthMode", "", "-DataAccessAuthMode"),
    Field("properties.supportsHibernation", "", "-SupportsHibernation", YES_NO),
    Field(f"{_CREATION}.performancePlus", "", "-PerformancePlus", YES_NO),
    Field(f"{_CREATION}.logicalSectorSize", "", "-LogicalSectorSize", WHOLE),
    Field(f"{_CREATION}.uploadSizeBytes", "", "-UploadSizeInBytes", WHOLE),
)
_CHANGED = (_COPIED[0], _COPIED[1], _COPIED[2], Field("tags", "", "-Tag", TAGS))

ROWS: tuple[Operation, ...] = (
    _row(
        "New-AzDiskConfig",
        DISK,
        _config,
        "-Location eastus -DiskSizeGB 64 -CreateOption Empty",
        *_WHERE,
        *_COPIED,
        Field(f"{_CREATION}.galleryImageReference", "", "-GalleryImageReference", _REFERENCE),
        Field("zones", "", "-Zone", ALONE),
        *_SETTINGS,
    ),
    _row("New-AzDiskUpdateConfig", DISK, _config, "-DiskSizeGB 128", *_CHANGED),
    _row(
        "New-AzSnapshotConfig",
        SNAPSHOT,
        _config,
        f"-Location eastus -CreateOption Copy -SourceResourceId {IN_RG}/providers/{DISK}/data",
        *_WHERE,
        *_COPIED,
        Field("properties.incremental", "", "-Incremental", YES_NO),
    ),
    _row("New-AzSnapshotUpdateConfig", SNAPSHOT, _config, "-SkuName Standard_ZRS", *_CHANGED),
    _row(
        "New-AzImageConfig",
        IMAGE,
        _config,
        f"-Location eastus -SourceVirtualMachineId {IN_RG}/providers/{VM}/maker -HyperVGeneration V2",
        *_WHERE,
        Field("properties.sourceVirtualMachine.id", "", "-SourceVirtualMachineId"),
        Field("properties.hyperVGeneration", "", "-HyperVGeneration", GENERATIONS),
        Field("properties.storageProfile.zoneResilient", "", "-ZoneResilient", YES_NO),
    ),
    _row(
        "Set-AzImageOsDisk",
        IMAGE,
        _os_disk,
        f"-Image (New-AzImageConfig -Location eastus) -OsType Linux -OsState Generalized "
        f"-SnapshotId {IN_RG}/providers/{SNAPSHOT}/before",
        _IMAGE,
        Field("osType", "", "-OsType", SYSTEMS),
        Field("osState", "", "-OsState", choice("Generalized", "Specialized")),
        *_SOURCES,
    ),
    _row(
        "Add-AzImageDataDisk",
        IMAGE,
        _data_disk,
        f"-Image (New-AzImageConfig -Location eastus) -Lun 0 -SnapshotId {IN_RG}/providers/{SNAPSHOT}/before",
        _IMAGE,
        Field("lun", "", "-Lun", WHOLE),
        *_SOURCES,
    ),
)
