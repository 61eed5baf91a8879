"""What one may ask of managed disks and snapshots."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from imagekit.ids import DISK, SNAPSHOT, Id, resource_id
from imagekit.operations.common import GROUP, LOCATION, NO_WAIT, QUIET, TAG, Kind, delete, listing, show
from imagekit.operations.config_objects import as_object, made_by, whole
from imagekit.operations.core import Example, Field, Operation, Scope, Tongue, dig, planted, pruned
from imagekit.operations.forms import ALONE, NAME, WHOLE, YES_NO, choice
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

DISK_SKUS = (
    "PremiumV2_LRS",
    "Premium_LRS",
    "Premium_ZRS",
    "StandardSSD_LRS",
    "StandardSSD_ZRS",
    "Standard_LRS",
    "UltraSSD_LRS",
)
GENERATION = choice("V1", "V2")
POLICY = choice("AllowAll", "AllowPrivate", "DenyAll")
SNAPSHOT_SKU = choice("Premium_LRS", "Standard_LRS", "Standard_ZRS")
AZ_LOCATION, AZ_TAG = replace(LOCATION, powershell=""), replace(TAG, powershell="")
_NEW_DISK = Field("name.0", "--name -n", "-DiskName -Name", NAME, required=True)
_DISK = Field("name.0", "--name -n --disk-name", "-DiskName -Name", NAME, required=True)
_NEW_SNAPSHOT = Field("name.0", "--name -n", "-SnapshotName -Name", NAME, required=True)
_SNAPSHOT = Field("name.0", "--name -n --snapshot-name", "-SnapshotName -Name", NAME, required=True)
DISKS = Kind("disk", "disks", DISK, "disk", "AzDisk", ((_DISK, "data"),))
SNAPSHOTS = Kind("snapshot", "snapshots", SNAPSHOT, "snapshot", "AzSnapshot", ((_SNAPSHOT, "before"),))


def _disk(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """Creation data from what is said of the source, or of an upload (azure-cli 2.91 create_managed_disk)."""
    if tongue == "powershell":
        return whole(said, body, target, scope, tongue)
    source, image = said.get("@source"), said.get("@gallery_image")
    if image:
        data: JSON = {"createOption": "FromImage", "galleryImageReference": _with_lun(image, said.get("@lun"))}
    elif source and str(source).startswith("https://"):
        data = {"createOption": "Import", "sourceUri": source, "storageAccountId": _account(str(source), target)}
    elif source:
        id = source if str(source).startswith("/") else str(_guess_disk(str(source), target, scope))
        data = {"createOption": "Copy", "sourceResourceId": id}
    else:
        data = {"createOption": _UPLOADS.get(str(said.get("@upload")), "Empty")}
    if data["createOption"] == "Empty" and not dig(body, "properties.diskSizeGB"):
        raise Unreadable("an empty disk needs a size: give --size-gb, or say what to copy with --source")
    if ("@upload" in said) != ("@uploadSizeBytes" in said):
        raise Unreadable("--upload-type and --upload-size-bytes go together")
    more = {name: said[f"@{name}"] for name in _CREATION if f"@{name}" in said}
    return planted(body, "properties.creationData", {**data, **more})


def as_copied(creation: JSON) -> JSON:
    """Creation data as the service keeps them: a disk or snapshot that is named in sourceUri is what is copied.

    Recorded answers of 2022-11 and 2023-01 (azure-sdk-for-python's tests).
    >>> as_copied({"createOption": "Copy", "sourceUri": "/subscriptions/S/resourceGroups/g"})
    {'createOption': 'Copy', 'sourceResourceId': '/subscriptions/S/resourceGroups/g'}
    """
    source = str(creation.get("sourceUri") or "")
    return {**pruned(creation, "sourceUri"), "sourceResourceId": source} if source.startswith("/") else creation


# What az says of an upload, and what it sends; and what stands beside the source under its own name.
_UPLOADS = {"Upload": "Upload", "UploadWithSecurityData": "UploadPreparedSecure"}
_CREATION = ("uploadSizeBytes", "logicalSectorSize", "performancePlus")


def _account(blob: str, target: Id) -> str:
    """The storage account of a blob: az takes it to be in the group of the disk."""
    name = blob.partition(".")[0].rpartition("/")[2]
    return str(resource_id(target.subscription, target.group, "Microsoft.Storage/storageAccounts", name))


def _with_lun(image: str, lun: int | None) -> JSON:
    return {"id": image} if lun is None else {"id": image, "lun": lun}


def _guess_disk(name: str, target: Id, scope: Scope) -> Id:
    kinds = [resource_id(scope.subscription, target.group, kind, name) for kind in (SNAPSHOT, DISK)]
    return next((id for id in kinds if scope.look(id) is not None), kinds[1])


def _disk_said(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    if tongue == "powershell":
        return as_object(body, target, scope, tongue)
    data = dig(body, "properties.creationData") or {}
    said = {
        "@source": data.get("sourceResourceId") or data.get("sourceUri"),
        "@gallery_image": dig(data, "galleryImageReference.id"),
        "@lun": dig(data, "galleryImageReference.lun"),
        "@upload": next((word for word, sent in _UPLOADS.items() if sent == data.get("createOption")), None),
        **{f"@{name}": data.get(name) for name in _CREATION},
    }
    return {key: value for key, value in said.items() if value is not None}, pruned(body, "properties.creationData")


_TABLE = (
    "{Name: name, ResourceGroup: resourceGroup, Location: location, Zones: (!zones && ' ') || join(' ', zones), "
    "Sku: sku.name, OsType: osType, SizeGb: diskSizeGB, ProvisioningState: provisioningState}"
)
_BEYOND_DISK = """
--accelerated-network --action-on-disk-delay --architecture --disk-access --disk-encryption-set --edge-zone
--encryption-type --for-upload --image-reference --image-reference-lun --secure-vm-disk-encryption-set
--security-data-uri --security-metadata-uri --security-option --security-type --source-storage-account-id
--supported-security-option
"""
_SETTINGS = (
    Field("properties.tier", "--tier"),
    Field("properties.diskIOPSReadWrite", "--disk-iops-read-write", form=WHOLE),
    Field("properties.diskMBpsReadWrite", "--disk-mbps-read-write", form=WHOLE),
    Field("properties.diskIOPSReadOnly", "--disk-iops-read-only", form=WHOLE),
    Field("properties.diskMBpsReadOnly", "--disk-mbps-read-only", form=WHOLE),
    Field("properties.maxShares", "--max-shares", form=WHOLE),
    Field("properties.burstingEnabled", "--enable-bursting", form=YES_NO),
    Field("properties.networkAccessPolicy", "--network-access-policy", form=POLICY),
    Field("properties.publicNetworkAccess", "--public-network-access", form=choice("Disabled", "Enabled")),
    Field("properties.dataAccessAuthMode", "--data-access-auth-mode", form=choice("AzureActiveDirectory", "None")),
    Field("properties.supportsHibernation", "--support-hibernation", form=YES_NO),
    Field("properties.optimizedForFrequentAttach", "--optimized-for-frequent-attach", form=YES_NO),
    Field("@performancePlus", "--performance-plus", form=YES_NO),
    Field("@logicalSectorSize", "--logical-sector-size", form=WHOLE),
    Field("@upload", "--upload-type", form=choice(*_UPLOADS)),
    Field("@uploadSizeBytes", "--upload-size-bytes", form=WHOLE),
)
_BEYOND_SNAPSHOT = """
--accelerated-network --architecture --bandwidth-copy-speed --copy-start --disk-access --disk-encryption-set
--edge-zone --elastic-san-id --elastic-san-resource-id --encryption-type --for-upload --ia-duration
--instant-access-duration --instant-access-duration-minutes --network-access-policy --public-network-access
--source-storage-account-id
"""

ROWS: tuple[Operation, ...] = (
    Operation(
        "create disk",
        "PUT",
        DISK,
        "2025-01-02",
        "disk create",
        "New-AzDisk",
        fields=(
            GROUP,
            _NEW_DISK,
            Field("@object", "", "-Disk", made_by("New-AzDiskConfig"), required=True),
            AZ_LOCATION,
            AZ_TAG,
            Field("properties.diskSizeGB", "--size-gb -z", form=WHOLE),
            Field("sku.name", "--sku", form=choice(*DISK_SKUS), az_default="Premium_LRS"),
            Field("properties.osType", "--os-type", form=choice("Windows", "Linux")),
            Field("@source", "--source"),
            Field("@gallery_image", "--gallery-image-reference"),
            Field("@lun", "--gallery-image-reference-lun", form=WHOLE),
            Field("properties.hyperVGeneration", "--hyper-v-generation", form=GENERATION),
            Field("zones", "--zone", form=ALONE),
            *_SETTINGS,
            NO_WAIT,
        ),
        example=Example(
            f"az disk create {DISKS.az_one} --location eastus --size-gb 64",
            f"New-AzDisk {DISKS.powershell_one} -Disk (New-AzDiskConfig -Location eastus -DiskSizeGB 64 "
            "-SkuName Premium_LRS -CreateOption Empty)",
            f"PUT {DISKS.url}?api-version=2025-01-02\n\n"
            '{"location": "eastus", "sku": {"name": "Premium_LRS"}, "properties": {"diskSizeGB": 64, "creationData": '
            '{"createOption": "Empty"}}}',
        ),
        on="new",
        located=("az",),
        compose=_disk,
        decompose=_disk_said,
        says="creates the disk {name}",
        beyond=_BEYOND_DISK,
        table=_TABLE,
    ),
    show(DISKS, "2025-01-02", table=_TABLE),
    listing(DISKS, "2025-01-02", table=f"[].{_TABLE}"),
    delete(DISKS, "2025-01-02", taking=(NO_WAIT, QUIET)),
    Operation(
        "create snapshot",
        "PUT",
        SNAPSHOT,
        "2025-01-02",
        "snapshot create",
        "New-AzSnapshot",
        fields=(
            GROUP,
            _NEW_SNAPSHOT,
            Field("@object", "", "-Snapshot", made_by("New-AzSnapshotConfig"), required=True),
            AZ_LOCATION,
            AZ_TAG,
            Field("@source", "--source"),
            Field("properties.diskSizeGB", "--size-gb -z", form=WHOLE),
            Field("sku.name", "--sku", form=SNAPSHOT_SKU, az_default="Standard_LRS"),
            Field("properties.incremental", "--incremental", form=YES_NO),
            Field("properties.hyperVGeneration", "--hyper-v-generation", form=GENERATION),
            NO_WAIT,
        ),
        example=Example(
            f"az snapshot create {SNAPSHOTS.az_one} --location eastus --source data",
            f"New-AzSnapshot {SNAPSHOTS.powershell_one} -Snapshot (New-AzSnapshotConfig -Location eastus "
            f"-SkuName Standard_LRS -CreateOption Copy -SourceResourceId {DISKS.id})",
            f"PUT {SNAPSHOTS.url}?api-version=2025-01-02\n\n"
            '{"location": "eastus", "sku": {"name": "Standard_LRS"}, "properties": {"creationData": {"createOption": '
            f'"Copy", "sourceResourceId": "{DISKS.id}"}}}}}}',
        ),
        on="new",
        located=("az",),
        compose=_disk,
        decompose=_disk_said,
        says="takes the snapshot {name}",
        beyond=_BEYOND_SNAPSHOT,
    ),
    show(SNAPSHOTS, "2025-01-02"),
    listing(SNAPSHOTS, "2025-01-02"),
    delete(SNAPSHOTS, "2025-01-02"),
)
