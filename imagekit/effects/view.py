"""How the service shows what it keeps: instance views, replication status, and what it leaves out."""

from __future__ import annotations

from typing import Any

from imagekit.effects.gallery import replicated
from imagekit.operations.core import dig, planted
from imagekit.sources import VERSION, VM, look_at
from imagekit.world import JSON, Machine, World, stamp

_POWER = {
    "starting": "VM starting",
    "running": "VM running",
    "stopped": "VM stopped",
    "deallocated": "VM deallocated",
}


def shown(world: World, document: JSON, query: dict[str, str]) -> JSON:
    """A document as a GET with this query answers it."""
    kind = document.get("type")
    expand = query.get("$expand", "").lower()
    if kind == VM:
        return _machine(world, document, "instanceview" in expand)
    if kind == VERSION and expand == "replicationstatus":
        return planted(document, "properties.replicationStatus", _replication(world, document))
    if kind == "Microsoft.Compute/galleries":
        return _gallery(document, "$select" in query)
    return document


def _gallery(document: JSON, permissions: bool) -> JSON:
    """Groups are shown only where $select=Permissions asks for them (recorded answers of 2021-10-01)."""
    profile = dig(document, "properties.sharingProfile")
    if permissions:
        return planted(document, "properties.sharingProfile", {"permissions": "Private", **(profile or {})})
    if profile and "groups" in profile:
        kept = {key: value for key, value in profile.items() if key != "groups"}
        return planted(document, "properties.sharingProfile", kept)
    return document


def _replication(world: World, document: JSON) -> JSON:
    """FACTS VER-030."""
    summary = replicated(world, document)
    states = {item["state"] for item in summary}
    whole = "Completed" if states == {"Completed"} else "InProgress"
    return {"aggregatedState": whole, "summary": summary}


def _machine(world: World, document: JSON, with_view: bool) -> JSON:
    machine = world.machines.get(document["id"].lower(), Machine())
    if machine.power == "deallocated":
        document = planted(document, "properties.storageProfile", _deallocated(document))
    if not with_view:
        return document
    return planted(document, "properties.instanceView", instance_view(world, document, machine))


def _deallocated(document: JSON) -> JSON:
    """A deallocated machine does not tell the kind and size of its managed disks (recorded answers)."""
    profile = dig(document, "properties.storageProfile") or {}
    data = [_bare(disk) for disk in profile.get("dataDisks") or []]
    return {**profile, "osDisk": _bare(profile.get("osDisk") or {}), "dataDisks": data}


def _bare(disk: JSON) -> JSON:
    managed = disk.get("managedDisk")
    if not managed:
        return disk
    kept = {key: value for key, value in disk.items() if key != "diskSizeGB"}
    return {**kept, "managedDisk": {"id": managed.get("id")}}


def instance_view(world: World, document: JSON, machine: Machine) -> JSON:
    """What the platform and the agent report of a virtual machine (recorded answers of 2022-11-01)."""
    view: JSON = {}
    guest = world.guests.get(machine.disk)
    if machine.power == "running" and guest and guest.agent and not machine.trouble:
        view |= {"computerName": guest.hostname, **_agent(world)}
    disk = dig(document, "properties.storageProfile.osDisk.name")
    succeeded = _status("ProvisioningState/succeeded", "Provisioning succeeded", machine.booted)
    source = look_at(world, document["id"])
    view |= {
        "disks": [{"name": disk, "statuses": [succeeded]}],
        "hyperVGeneration": source.generation if source else "V1",
        "statuses": _statuses(document, machine),
    }
    return view


def _agent(world: World) -> JSON:
    ready = {**_status("ProvisioningState/succeeded", "Ready", stamp(world.clock)), "message": "Guest Agent is running"}
    return {"vmAgent": {"vmAgentVersion": "2.9.0.4", "statuses": [ready], "extensionHandlers": []}}


def _statuses(document: JSON, machine: Machine) -> list[JSON]:
    state = str(dig(document, "properties.provisioningState") or "Succeeded")
    words = {"Succeeded": "Provisioning succeeded", "Failed": "Provisioning failed"}
    statuses = [_status(f"ProvisioningState/{state.lower()}", words.get(state, state), machine.booted)]
    if machine.trouble:
        statuses[0] = {**statuses[0], "code": "ProvisioningState/failed/OSProvisioningTimedOut", "level": "Error"}
    if machine.generalized:
        statuses.append({"code": "OSState/generalized", "level": "Info", "displayStatus": "VM generalized"})
    power = {"code": f"PowerState/{machine.power}", "level": "Info", "displayStatus": _POWER[machine.power]}
    return [*statuses, power]


def _status(code: str, words: str, time: str) -> JSON:
    return {"code": code, "level": "Info", "displayStatus": words, "time": time}


def details(document: JSON) -> JSON:
    """What `az vm show -d` adds: the power state in one word."""
    codes: list[Any] = [status["code"] for status in dig(document, "properties.instanceView.statuses") or []]
    power = next((code.partition("/")[2] for code in codes if code.startswith("PowerState/")), "")
    return {**document, "properties": {**document["properties"], "powerState": f"VM {power}"}}


__all__ = ["details", "instance_view", "shown"]
