"""What the words of `az sig image-version create` and `New-AzGalleryImageVersion` mean: what a version is made from.

Checked against the sources of azure-cli 2.91 (command_modules/vm: _validators.py, custom.py; 2026-11-20).
"""

from __future__ import annotations

from typing import Any

from imagekit.ids import Id
from imagekit.operations.core import Scope, Tongue, dig, planted, pruned
from imagekit.unreadable import Unreadable
from imagekit.world import JSON


def compose_version(said: dict[str, Any], body: JSON, target: Id, scope: Scope, tongue: Tongue) -> JSON:
    """FACTS VER-012, VER-041, VER-042: what az and PowerShell make of the source options."""
    if tongue == "az":
        _need_a_source(said)
    profile: JSON = {}
    if source := _whole_source(said, scope):
        profile["source"] = source
    if os_disk := _os_disk(said, scope):
        profile["osDiskImage"] = os_disk
    if data := _data_disks(said, scope):
        profile["dataDiskImages"] = data
    if profile:
        body = planted(body, "properties.storageProfile", profile)
    if tongue == "az" and not dig(body, "properties.publishingProfile.targetRegions") and body.get("location"):
        body = planted(body, "properties.publishingProfile.targetRegions", [{"name": body["location"]}])
    return body


_WHOLE = {"@managed_image": "--managed-image", "@virtual_machine": "--virtual-machine", "@version": "--image-version"}


def _need_a_source(said: dict[str, Any]) -> None:
    """FACTS CLI-007, VER-042, VER-043: what az itself refuses before it asks Azure anything."""
    whole = [option for key, option in _WHOLE.items() if said.get(key)]
    if len(whole) > 1:
        raise Unreadable(f"az takes only one of {' and '.join(whole)}: a version is made from one source")
    if not whole and not said.get("@os_snapshot") and not said.get("@os_vhd_uri"):
        raise Unreadable(
            "az wants to know what the version is made from: give --virtual-machine, --managed-image, --image-version, "
            "--os-snapshot or --os-vhd-uri"
        )
    for one, other in (("@os_vhd_uri", "@os_vhd_account"), ("@data_vhd_uris", "@data_vhd_accounts")):
        if bool(said.get(one)) != bool(said.get(other)):
            raise Unreadable(f"--{one[1:].replace('_', '-')} and its storage account go together: give both")
    if said.get("@data_luns") and not said.get("@data_snapshots"):
        raise Unreadable("--data-snapshot-luns goes with --data-snapshots")


def _whole_source(said: dict[str, Any], scope: Scope) -> JSON:
    if vm := said.get("@virtual_machine"):
        id = _must_be(vm, "virtualMachines", "--virtual-machine", "a virtual machine")
        return {"id" if scope.before(MACHINE_SINCE) else "virtualMachineId": id}
    if version := said.get("@version"):
        return {"id": _must_be(version, "versions", "--image-version", "an image version")}
    return {"id": said["@managed_image"]} if said.get("@managed_image") else {}


def _must_be(id: str, kind: str, option: str, what: str) -> str:
    if f"/{kind}/".lower() not in id.lower():
        raise Unreadable(f"{option} takes the resource id of {what}; {id!r} is none")
    return id


# Before api-version 2022-03-03 azure-cli said the account of a VHD as source.id; the day is assumed.
ACCOUNT_SINCE = "2022-06-01"
# Until its release 2.59 azure-cli said a machine as source.id (azure-cli pull request 28627, issue 22424).
MACHINE_SINCE = "2024-04-02"


def _vhd(uri: str, account: str, scope: Scope) -> JSON:
    return {"uri": uri, "id" if scope.before(ACCOUNT_SINCE) else "storageAccountId": account}


def _account(source: JSON) -> Any:
    return source.get("storageAccountId") or source.get("id")


def _os_disk(said: dict[str, Any], scope: Scope) -> JSON:
    if snapshot := said.get("@os_snapshot"):
        return {"source": {"id": snapshot}}
    if uri := said.get("@os_vhd_uri"):
        return {"source": _vhd(uri, said["@os_vhd_account"], scope)}
    return dict(said.get("@os_disk", {}))


def _data_disks(said: dict[str, Any], scope: Scope) -> list[JSON]:
    """Without LUNs az counts 0, 1, 2 (FACTS VER-043)."""
    disks = list(said.get("@data_disks", []))
    snapshots = said.get("@data_snapshots", [])
    luns = said.get("@data_luns") or list(range(len(snapshots)))
    uris = said.get("@data_vhd_uris", [])
    vhd_luns = said.get("@data_vhd_luns") or list(range(len(uris)))
    accounts = said.get("@data_vhd_accounts", [])
    if not (len(snapshots) == len(luns) and len(uris) == len(vhd_luns) == len(accounts)):
        raise Unreadable("each data disk needs one source and one LUN: the lists are not equally long")
    disks += [{"lun": lun, "source": {"id": id}} for id, lun in zip(snapshots, luns, strict=True)]
    for uri, lun, account in zip(uris, vhd_luns, accounts, strict=True):
        disks.append({"lun": lun, "source": _vhd(uri, account, scope)})
    return disks


def decompose_version(body: JSON, target: Id, scope: Scope, tongue: Tongue) -> tuple[dict[str, Any], JSON]:
    """The options that say this storage profile; the rest of the body is for the plain fields."""
    source = dig(body, "properties.storageProfile.source") or {}
    os_disk = dig(body, "properties.storageProfile.osDiskImage") or {}
    data = dig(body, "properties.storageProfile.dataDiskImages") or []
    rest = pruned(body, "properties.storageProfile")
    said = _source_said(source, tongue)
    if tongue == "powershell":
        said |= {"@os_disk": os_disk} if os_disk else {}
        said |= {"@data_disks": data} if data else {}
        return said, rest
    regions = dig(body, "properties.publishingProfile.targetRegions")
    if regions == [{"name": body.get("location")}]:
        rest = pruned(rest, "properties.publishingProfile.targetRegions")
    return said | _disks_said(os_disk, data), rest


def _source_said(source: JSON, tongue: Tongue) -> dict[str, Any]:
    if tongue == "powershell":
        key = "@virtual_machine" if "virtualMachineId" in source else "@managed_image"
        return {key: value} if (value := source.get("virtualMachineId") or source.get("id")) else {}
    if "virtualMachineId" in source:
        return {"@virtual_machine": source["virtualMachineId"]}
    return {"@managed_image": source["id"]} if "id" in source else {}


def _disks_said(os_disk: JSON, data: list[JSON]) -> dict[str, Any]:
    origin = os_disk.get("source", {})
    said: dict[str, Any] = {}
    if "uri" in origin:
        said |= {"@os_vhd_uri": origin["uri"], "@os_vhd_account": _account(origin)}
    elif "id" in origin:
        said["@os_snapshot"] = origin["id"]
    snapshots = [disk for disk in data if "id" in disk.get("source", {}) and "uri" not in disk["source"]]
    vhds = [disk for disk in data if "uri" in disk.get("source", {})]
    if snapshots:
        said["@data_snapshots"] = [disk["source"]["id"] for disk in snapshots]
        said["@data_luns"] = [disk.get("lun") for disk in snapshots]
    if vhds:
        said["@data_vhd_uris"] = [disk["source"]["uri"] for disk in vhds]
        said["@data_vhd_accounts"] = [_account(disk["source"]) for disk in vhds]
        said["@data_vhd_luns"] = [disk.get("lun") for disk in vhds]
    return said
