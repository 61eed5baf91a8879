"""How the service shows what it keeps: replication status, power states, and what it leaves out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from imagekit.effects.instance_view import instance_view
from imagekit.effects.version import replicated
from imagekit.operations.core import dig, planted
from imagekit.sources import GALLERY, SNAPSHOT, VERSION, VM
from imagekit.world import JSON, World

COPY_SECONDS = 900.0  # a copy to another region goes on in the background; how long nobody timed: assumed


def shown(world: World, document: JSON, query: dict[str, str]) -> JSON:
    """A document as a GET with this query answers it."""
    kind = document.get("type")
    expand = query.get("$expand", "").lower()
    if kind == VM:
        return _machine(world, document, "instanceview" in expand)
    if kind == VERSION and expand == "replicationstatus":
        return planted(document, "properties.replicationStatus", _replication(world, document))
    if kind == GALLERY:
        return _gallery(document, "$select" in query)
    if kind == SNAPSHOT and dig(document, "properties.creationData.createOption") == "CopyStart":
        return _copied(world, document)
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
    whole = "Completed" if {item["state"] for item in summary} == {"Completed"} else "InProgress"
    return {"aggregatedState": whole, "summary": summary}


def _copied(world: World, document: JSON) -> JSON:
    """How far a copy from another region has come, in percent (recorded: 0.0 at once)."""
    began = dig(document, "properties.timeCreated")
    if began is None:
        return document
    passed = (world.clock - datetime.fromisoformat(began)).total_seconds()
    percent = round(min(100.0, 100 * passed / COPY_SECONDS), 1)
    return planted(document, "properties.completionPercent", percent)


def _machine(world: World, document: JSON, with_view: bool) -> JSON:
    machine = world.machine(document["id"])
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
    if not disk.get("managedDisk"):
        return disk
    hidden = {"diskSizeGB", "managedDisk"}
    managed = {key: value for key, value in disk["managedDisk"].items() if key != "storageAccountType"}
    return {**{key: value for key, value in disk.items() if key not in hidden}, "managedDisk": managed}


def details(document: JSON) -> JSON:
    """What `az vm show -d` adds: the power state in one word."""
    codes: list[Any] = [status["code"] for status in dig(document, "properties.instanceView.statuses") or []]
    power = next((code.partition("/")[2] for code in codes if code.startswith("PowerState/")), "")
    return {**document, "properties": {**document["properties"], "powerState": f"VM {power}"}}


__all__ = ["details", "instance_view", "shown"]
