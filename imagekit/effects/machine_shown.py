"""A virtual machine as an answer shows it: by its power state, and by the api-version that was asked with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from imagekit.effects.instance_view import instance_view
from imagekit.ids import Id
from imagekit.operations.core import dig, planted, pruned
from imagekit.world import JSON, World

# What is told of a machine where nothing was said: in which part, under which name, and since which api-version what.
# Recorded answers of 2021-11-01 (March 2022) do not tell of the agent's updates, those of 2022-03-01 to 2022-11-01 (May
# 2022 and May 2023) say false; from about 2024-11-01 on (recorded in March 2025 and later) the platform keeps the agent
# of a Windows machine up to date, and nothing is said of Linux. That there is no Trusted Launch is told in answers of
# 2025-11-01 (April 2026), as azure-mgmt-compute 39 says of SecurityTypes.
_UNSAID: dict[tuple[str, str], tuple[tuple[str, Any], ...]] = {
    ("properties.osProfile.linuxConfiguration", "enableVMAgentPlatformUpdates"): (
        ("2022-03-01", False),
        ("2024-11-01", None),
    ),
    ("properties.osProfile.windowsConfiguration", "enableVMAgentPlatformUpdates"): (
        ("2022-03-01", False),
        ("2024-11-01", True),
    ),
    ("properties", "securityProfile.securityType"): (("2025-11-01", "Standard"),),
}


def machine_shown(world: World, document: JSON, version: str, expand: str) -> JSON:
    """A machine's document as an answer with this api-version shows it.

    `expand` is the request's $expand in small letters: what is told only when it is asked for.
    """
    machine = world.machine(document["id"])
    look = _bare if machine.power == "deallocated" else partial(_as_it_is, world)
    document = _with_extensions(world, _filled(_with_disks(document, look), version))
    if "userdata" not in expand:
        document = pruned(document, "properties.userData")
    if "instanceview" not in expand:
        return document
    return planted(document, "properties.instanceView", instance_view(world, document, machine))


def _filled(document: JSON, version: str) -> JSON:
    """The machine with what an api-version tells where nothing was said."""
    for (within, name), values in _UNSAID.items():
        told = [value for since, value in values if since <= version]
        path = f"{within}.{name}"
        if told and told[-1] is not None and dig(document, within) is not None and dig(document, path) is None:
            document = planted(document, path, told[-1])
    return document


def _with_extensions(world: World, document: JSON) -> JSON:
    """The machine with the extensions that were put into it, whole."""
    extensions = list(world.members(Id.parse(f"{document['id']}/extensions")))
    return {**document, "resources": extensions} if extensions else document


def _with_disks(document: JSON, look: Callable[[JSON], JSON]) -> JSON:
    """The machine with each of its disks looked at again."""
    profile = dig(document, "properties.storageProfile") or {}
    data = [look(disk) for disk in profile.get("dataDisks") or []]
    return planted(
        document,
        "properties.storageProfile",
        {**profile, "osDisk": look(profile.get("osDisk") or {}), "dataDisks": data},
    )


def _as_it_is(world: World, disk: JSON) -> JSON:
    """A disk with the size and the kind its managed disk has by now."""
    behind = world.get(str(dig(disk, "managedDisk.id")))
    size, kind = dig(behind, "properties.diskSizeGB"), dig(behind, "sku.name")
    shown = planted(disk, "managedDisk.storageAccountType", kind) if kind else disk
    return {**shown, "diskSizeGB": size} if size else shown


def _bare(disk: JSON) -> JSON:
    """A deallocated machine does not tell the kind and size of its managed disks (recorded answers)."""
    if not disk.get("managedDisk"):
        return disk
    return pruned(disk, "diskSizeGB", "managedDisk.storageAccountType")


def renewed(document: JSON, old: JSON | None = None) -> JSON:
    """The document as it is kept: with the etag that follows the old one's, without what is made for each answer.

    The etag is a number in quotes, which grows with every change. Recorded: "1" for a machine that was only started,
    "2" for one that was set up, "6" after an update of it.
    """
    number = int(str((old or {}).get("etag") or '"0"').strip('"'))
    return {**pruned(document, "properties.instanceView", "resources"), "etag": f'"{number + 1}"'}


__all__ = ["machine_shown", "renewed"]
