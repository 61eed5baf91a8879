"""What one may ask of disks and snapshots that stand: another size, another kind.

`az disk update` reads the disk, alters it and sends it back; `az disk config update` and Update-AzDisk send what
changes (azure-cli 2.91, aaz/latest/disk/_update.py and _update_patch.py; help of Az.Compute, azps-16.2.0).
"""

from __future__ import annotations

from typing import Any

from imagekit.ids import DISK, Id
from imagekit.operations.common import GENERIC, IDS, NO_WAIT, Kind
from imagekit.operations.config_objects import as_object, made_by, whole
from imagekit.operations.core import Example, Field, Operation, Scope, Tongue, pruned
from imagekit.operations.disks import DISK_SKUS, DISKS, SNAPSHOT_SKU, SNAPSHOTS
from imagekit.operations.forms import WHOLE, choice
from imagekit.operations.updates import compose_update, decompose_untagged_update
from imagekit.world import JSON

# What only the service writes: az leaves it out of what it sends back (aaz/latest/disk/_update.py, read_only).
_READ_ONLY = (
    "managedBy",
    "managedByExtended",
    "sku.tier",
    "properties.diskSizeBytes",
    "properties.diskState",
    "properties.uniqueId",
    "properties.creationData.sourceUniqueId",
    "properties.incrementalSnapshotFamilyId",
)


def _updated(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """The whole disk as az sends it back."""
    return pruned(compose_update(said, body, target, scope, tongue), *_READ_ONLY)


def _update(kind: Kind, sku: Field, more: tuple[Field, ...], example: tuple[str, str], beyond: str) -> Operation:
    """A row that sends the whole back; `example` is what az says, and the body."""
    return Operation(
        f"update {kind.noun}",
        "PUT",
        kind.type,
        "2025-01-02",
        f"{kind.az} update",
        fields=(*kind.fields, sku, *more, *GENERIC, NO_WAIT, IDS),
        example=Example(
            f"az {kind.az} update {kind.az_one} {example[0]}",
            rest=f"PUT {kind.url}?api-version=2025-01-02\n\n{example[1]}",
        ),
        on="old",
        compose=_updated,
        decompose=decompose_untagged_update,
        says=f"changes the {kind.noun} {{name}}",
        beyond=beyond,
    )


_SIZE = Field("@properties.diskSizeGB", "--size-gb -z --disk-size-gb", form=WHOLE)
_BEYOND = """
--accelerated-network --architecture --disk-access --disk-encryption-set --encryption-type --network-access-policy
--public-network-access
"""
_BEYOND_DISK = f"""{_BEYOND}
--action-on-disk-delay --bursting-enabled --data-access-auth-mode --disk-iops-read-only --disk-iops-read-write
--disk-mbps-read-only --disk-mbps-read-write --enable-bursting --max-shares --security-option
--supported-security-option
"""

_OPEN = '"networkAccessPolicy": "AllowAll", "publicNetworkAccess": "Enabled", '
_KEYS = '"encryption": {"type": "EncryptionAtRestWithPlatformKey"}'
_DISK_BODY = (
    f'{{"location": "eastus", "sku": {{"name": "Premium_LRS"}}, "properties": {{{_OPEN}"creationData": '
    '{"createOption": "Empty"}, "diskSizeGB": 128, "diskIOPSReadWrite": 240, "diskMBpsReadWrite": 50, "tier": "P6", '
    f"{_KEYS}}}}}"
)
_SNAPSHOT_BODY = (
    f'{{"location": "eastus", "sku": {{"name": "Standard_ZRS"}}, "properties": {{{_OPEN}"incremental": false, '
    f'"creationData": {{"createOption": "Copy", "sourceResourceId": "{DISKS.id}"}}, "diskSizeGB": 64, {_KEYS}}}}}'
)

ROWS: tuple[Operation, ...] = (
    _update(
        DISKS,
        Field("@sku.name", "--sku", form=choice(*DISK_SKUS)),
        (_SIZE,),
        ("--size-gb 128", _DISK_BODY),
        _BEYOND_DISK,
    ),
    _update(
        SNAPSHOTS, Field("@sku.name", "--sku", form=SNAPSHOT_SKU), (), ("--sku Standard_ZRS", _SNAPSHOT_BODY), _BEYOND
    ),
    Operation(
        "change disk",
        "PATCH",
        DISK,
        "2023-04-02",
        "disk config update",
        "Update-AzDisk",
        fields=(
            *DISKS.fields,
            Field("@object", "", "-DiskUpdate", made_by("New-AzDiskUpdateConfig"), required=True),
            Field("properties.diskSizeGB", "--size-gb -z --disk-size-gb", form=WHOLE),
            NO_WAIT,
            IDS,
        ),
        example=Example(
            f"az disk config update {DISKS.az_one} --size-gb 128",
            f"Update-AzDisk {DISKS.powershell_one} -DiskUpdate (New-AzDiskUpdateConfig -DiskSizeGB 128)",
            f'PATCH {DISKS.url}?api-version=2023-04-02\n\n{{"properties": {{"diskSizeGB": 128}}}}',
        ),
        compose=whole,
        decompose=as_object,
        says="changes the disk {name}",
    ),
)
