"""How az and PowerShell spell the target regions and the disks of an image version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imagekit.operations.core import Form
from imagekit.operations.forms import in_powershell, listed
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import JSON

STORAGE = ("Standard_LRS", "Standard_ZRS", "Premium_LRS")
_AZ_STORAGE = {word.lower(): word for word in STORAGE}

# PowerShell's keys and the fields of ARM they stand for.
_REGION = {
    "Name": "name",
    "ReplicaCount": "regionalReplicaCount",
    "StorageAccountType": "storageAccountType",
    "ExcludeFromLatest": "excludeFromLatest",
    "Encryption": "encryption",
}
_DISK = {"Source": "source", "Lun": "lun", "SizeInGB": "sizeInGB", "HostCaching": "hostCaching"}
_SOURCE = {"Id": "id", "Uri": "uri", "StorageAccountId": "storageAccountId"}


def _region_az(word: str) -> JSON:
    """FACTS VER-040: region, region=2, region=standard_zrs, region=1=standard_zrs."""
    name, *rest = word.split("=", 2)
    said: JSON = {"name": name}
    for part in rest:
        if part.isdecimal() and "regionalReplicaCount" not in said:
            said["regionalReplicaCount"] = int(part)
        elif part.lower() in _AZ_STORAGE:
            said["storageAccountType"] = _AZ_STORAGE[part.lower()]
        else:
            raise Unreadable(
                f"{word!r} is not a target region: {part!r} is no replica count and none of {', '.join(STORAGE)}.",
                nearest=nearest(part, STORAGE),
            )
    return said


def _region_to_az(said: JSON) -> str:
    parts = [said["name"], said.get("regionalReplicaCount"), said.get("storageAccountType")]
    return "=".join(str(part) for part in parts if part is not None)


def arm_table(table: Mapping[str, str], said: Any, what: str) -> JSON:
    """A PowerShell table with ARM's keys; raises Unreadable for keys it has not."""
    keys = {key.lower(): field for key, field in table.items()}
    if not isinstance(said, Mapping):
        raise Unreadable(f"{what} is a table @{{{'; '.join(f'{key} = …' for key in list(table)[:2])}}}, not {said!r}")
    for key in said:
        if key.lower() not in keys:
            raise Unreadable(f"{what} has no {key!r}; it knows {', '.join(table)}.", nearest=nearest(key, table))
    return {keys[key.lower()]: value for key, value in said.items()}


def powershell_table(table: Mapping[str, str], said: JSON) -> JSON:
    """A JSON object with PowerShell's keys."""
    keys = {field: key for key, field in table.items()}
    return {keys.get(field, field): value for field, value in said.items()}


def _disk_ps(value: Any) -> JSON:
    """PowerShell's @{Source = @{Id = …}; Lun = …; SizeInGB = …; HostCaching = …}, or just an id."""
    if isinstance(value, str):
        return {"source": {"id": value}}
    disk = arm_table(_DISK, value, "a disk of an image")
    if isinstance(disk.get("source"), Mapping):
        disk["source"] = arm_table(_SOURCE, disk["source"], "the source of a disk")
    return disk


def _disk_to_ps(said: JSON) -> JSON:
    disk = powershell_table(_DISK, said)
    if isinstance(disk.get("Source"), Mapping):
        disk["Source"] = powershell_table(_SOURCE, disk["Source"])
    return disk


DISK = in_powershell(_disk_ps, _disk_to_ps, "a disk")
DISKS = in_powershell(_disk_ps, _disk_to_ps, "disks", several=True)
REGIONS = Form(
    "any",
    lambda words, scope: [_region_az(word) for word in words],
    lambda regions: [_region_to_az(region) for region in regions],
    lambda value, scope: [arm_table(_REGION, item, "a target region") for item in listed(value)],
    lambda regions: [powershell_table(_REGION, region) for region in regions],
    "regions as name, name=count, name=storage or name=count=storage",
)
