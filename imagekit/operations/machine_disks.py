"""The data disks of a machine, put in and taken out: clients read the machine, alter its disks, and send it back whole.

`az vm disk attach` and `az vm disk detach` are changes of a machine in other words, so they stand beside the table
(azure-cli 2.91, command_modules/vm/custom.py, attach_managed_data_disk and detach_managed_data_disk). In PowerShell
Add-AzVMDataDisk and its neighbours alter the object that Get-AzVM gave, and Update-AzVM sends it (help of Az.Compute,
azps-16.2.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from imagekit.ids import DISK, VM, Id
from imagekit.operations.common import AZ_GROUP, GROUP, NO_WAIT
from imagekit.operations.config_objects import altered, made_by
from imagekit.operations.core import MADE, Field, Operation, Reply, Scope, Tongue, dig, planted, pruned
from imagekit.operations.disks import DISK_SKUS
from imagekit.operations.forms import NAME, WHOLE, WORDS, YES_NO, choice, loose_choice, ref, refs
from imagekit.operations.machines import CACHING, UPDATE
from imagekit.operations.paths import body_of
from imagekit.operations.scope import read_id
from imagekit.operations.updates import writable
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

_DATA = "properties.storageProfile.dataDisks"
_NEW_GB = 1023  # what az makes where nobody says a size
_VM = Field("name.0", "--vm-name", form=NAME, required=True)


def _attached(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """The machine with more data disks, each at the LUN that is said, or at the first that is free."""
    disks = [said["@disk"]] if "@disk" in said else said.get("@disks", [])
    if not disks or ("@disk" in said and "@disks" in said):
        raise Unreadable("say which disk: one with --name, or several with --disks")
    if len(disks) > 1 and "@lun" in said:
        raise Unreadable("--lun is for one disk; several take the LUNs that are free")
    machine = _machine(target, scope)
    for id in disks:
        data = dig(machine, _DATA) or []
        machine = planted(machine, _DATA, [*data, {"lun": said.get("@lun", free_lun(data)), **_disk(said, id)}])
    return machine


def _disk(said: dict[str, Any], id: str) -> JSON:
    if said.get("@new"):
        disk: JSON = {"createOption": "Empty", "name": read_id(id).name, "diskSizeGB": said.get("@size", _NEW_GB)}
    else:
        disk = {"createOption": "Attach", "managedDisk": {"id": id}}
    if sku := said.get("@sku"):
        disk = planted(disk, "managedDisk.storageAccountType", sku)
    return {**disk, "caching": said["@caching"]} if "@caching" in said else disk


def free_lun(data: list[JSON]) -> int:
    """The lowest LUN at which no data disk stands.

    >>> free_lun([{"lun": 0}, {"lun": 2}])
    1
    """
    taken = {disk.get("lun") for disk in data}
    return next(lun for lun in range(len(data) + 1) if lun not in taken)


def _detached(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """The machine without one of its data disks; az says by itself when it has none of this name."""
    machine = _machine(target, scope)
    data = dig(machine, _DATA) or []
    kept = [disk for disk in data if str(disk.get("name")).lower() != str(said["@name"]).lower()]
    if machine and len(kept) == len(data):
        names = ", ".join(str(disk.get("name")) for disk in data) or "none"
        raise Unreadable(f"No disk with the name {said['@name']!r} was found; the data disks are: {names}")
    return planted(machine, _DATA, kept)


def _machine(target: Id, scope: Scope) -> JSON:
    """The machine as az sends it back: without its image, so that nobody needs a right to that."""
    return pruned(writable(scope.look(target) or {}), "properties.storageProfile.imageReference")


# --- PowerShell: the machine as an object -----------------------------------------------------------------------------


def _with_disk(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
    """The machine with one data disk more."""
    machine, disk = said["@vm"], body_of({path: value for path, value in said.items() if path != "@vm"})
    return altered(machine, planted(machine, _DATA, [*(dig(machine, _DATA) or []), disk]))


def _without_disks(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
    """The machine without the data disks of these names."""
    machine, names = said["@vm"], [str(name).lower() for name in said["@names"]]
    kept = [disk for disk in dig(machine, _DATA) or [] if str(disk.get("name")).lower() not in names]
    return altered(machine, planted(machine, _DATA, kept))


def _with_os_disk(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> Any:
    """The machine with another operating system disk, or the same with other words about it."""
    changed = said["@vm"]
    for path, value in said.items():
        changed = changed if path == "@vm" else planted(changed, f"properties.storageProfile.osDisk.{path}", value)
    return altered(said["@vm"], changed)


def _sent(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """The machine as PowerShell sends it back."""
    return pruned(writable(said["@vm"]), "ResourceGroupName")


def _of_object(said: Mapping[str, Any], scope: Scope) -> Id:
    return read_id(str(said["@vm"].get("id") or ""))


_OBJECT = Field("@vm", "", "-VM", made_by("Get-AzVM"), required=True)
_CACHED = Field("caching", "", "-Caching", choice(*CACHING))
_ENDS = Field("deleteOption", "", "-DeleteOption", choice("Delete", "Detach"))
_STORED = (
    Field("name", "", "-Name"),
    Field("managedDisk.id", "", "-ManagedDiskId"),
    Field("managedDisk.storageAccountType", "", "-StorageAccountType"),
    Field("diskSizeGB", "", "-DiskSizeInGB", WHOLE),
    _CACHED,
    _ENDS,
)


def _alters(cmdlet: str, reply: Reply, *fields: Field) -> Operation:
    """A cmdlet that alters a machine in memory; nothing of it is asked of the cloud."""
    return Operation(
        f"make {cmdlet.partition('-Az')[2]}", MADE, VM, "", powershell=cmdlet, fields=fields, of="all", reply=reply
    )


ROWS: tuple[Operation, ...] = (
    replace(
        UPDATE,
        az="vm disk attach",
        fields=(
            AZ_GROUP,
            _VM,
            Field("@disk", "--name -n --disk", form=ref(DISK)),
            Field("@disks", "--disks", form=refs(DISK)),
            Field("@new", "--new", form=YES_NO),
            Field("@size", "--size-gb -z", form=WHOLE),
            Field("@sku", "--sku", form=loose_choice(*DISK_SKUS)),
            Field("@lun", "--lun", form=WHOLE),
            Field("@caching", "--caching", form=choice(*CACHING)),
        ),
        compose=_attached,
        beyond="--disk-ids --enable-write-accelerator --ids --new-names-of-rp --new-names-of-source-disk-restore-point "
        "--new-names-of-source-snapshots-or-disks --new-names-of-sr --source-disk-restore-point --source-disk-rp "
        "--source-resource --source-snapshots-or-disks",
        looks=True,
    ),
    replace(
        UPDATE,
        az="vm disk detach",
        fields=(AZ_GROUP, _VM, Field("@name", "--name -n", form=NAME, required=True)),
        compose=_detached,
        beyond="--disk-ids --force-detach",
        looks=True,
    ),
    replace(
        UPDATE,
        az="",
        powershell="Update-AzVM",
        fields=(replace(GROUP, az="", required=False), _OBJECT, NO_WAIT),
        compose=_sent,
        locate=_of_object,
    ),
    _alters(
        "Add-AzVMDataDisk",
        _with_disk,
        _OBJECT,
        Field("lun", "", "-Lun", WHOLE, required=True),
        Field("createOption", "", "-CreateOption", choice("Empty", "Attach", "FromImage", "Copy"), required=True),
        *_STORED,
    ),
    _alters(
        "Remove-AzVMDataDisk",
        _without_disks,
        _OBJECT,
        Field("@names", "", "-DataDiskNames -Name", WORDS, required=True),
    ),
    _alters("Set-AzVMOSDisk", _with_os_disk, _OBJECT, *_STORED),
)
