"""A virtual machine as an answer shows it: by its power state, and by the api-version that was asked with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from imagekit.effects.instance_view import instance_view
from imagekit.ids import Id
from imagekit.operations.core import dig, planted, pruned
from imagekit.world import JSON, World

# From which api-version on an answer tells these things. Recorded answers of 2021-11-01 (March 2022) do not tell of the
# agent's updates, those of 2022-03-01 (May 2022) do; the etag is in answers of 2024-03-01 (July 2024); that there is no
# Trusted Launch is told in answers of 2025-11-01 (April 2026), as azure-mgmt-compute 39 says of SecurityTypes.
_UPDATES, _ETAG, _STANDARD = "2022-03-01", "2024-03-01", "2025-11-01"
# From about here on the agent of a Windows machine is kept up to date by the platform, and nothing is said of Linux:
# recorded answers of May 2023 (2022-11-01) say false of both, those of March 2025 and later true, or nothing.
_UPDATED = "2024-11-01"

_AGENT = "properties.osProfile.{}Configuration.enableVMAgentPlatformUpdates"
_SECURITY = "properties.securityProfile.securityType"


def machine_shown(world: World, document: JSON, version: str = "", expand: str = "") -> JSON:
    """A machine's document as an answer with this api-version shows it; an empty one stands for the newest.

    `expand` is the request's $expand in small letters: what is told only when it is asked for.
    """
    machine = world.machine(document["id"])
    look = _bare if machine.power == "deallocated" else partial(_as_it_is, world)
    document = _with_extensions(world, _of_version(_with_disks(document, look), version))
    if "userdata" not in expand:
        document = pruned(document, "properties.userData")
    if "instanceview" not in expand:
        return document
    return planted(document, "properties.instanceView", instance_view(world, document, machine))


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
    hidden = {"diskSizeGB", "managedDisk"}
    managed = {key: value for key, value in disk["managedDisk"].items() if key != "storageAccountType"}
    return {**{key: value for key, value in disk.items() if key not in hidden}, "managedDisk": managed}


def _of_version(document: JSON, version: str) -> JSON:
    """What only some api-versions tell: the agent's updates, the etag, and that there is no Trusted Launch."""
    document = _agent_updates(document, version)
    if _since(_STANDARD, version) and dig(document, _SECURITY) is None:
        document = planted(document, _SECURITY, "Standard")
    if _since(_ETAG, version):
        return document
    return {key: value for key, value in document.items() if key != "etag"}


def _since(first: str, version: str) -> bool:
    return not version or version >= first


def _agent_updates(document: JSON, version: str) -> JSON:
    """Whether the platform keeps the agent up to date; said only of machines that were set up by it."""
    profile = dig(document, "properties.osProfile") or {}
    system = next((name for name in ("windows", "linux") if f"{name}Configuration" in profile), "")
    kept = _since(_UPDATED, version)
    silent = not _since(_UPDATES, version) or (kept and system == "linux")
    if not system or silent or dig(document, _AGENT.format(system)) is not None:
        return document
    return planted(document, _AGENT.format(system), kept)


def renewed(document: JSON, old: JSON | None = None) -> JSON:
    """The document as it is kept: with the etag that follows the old one's, without what is made for each answer.

    The etag is a number in quotes, which grows with every change. Recorded: "1" for a machine that was only started,
    "2" for one that was set up, "6" after an update of it.
    """
    number = int(str((old or {}).get("etag") or '"0"').strip('"'))
    kept = pruned(document, "properties.instanceView")
    return {**{key: value for key, value in kept.items() if key != "resources"}, "etag": f'"{number + 1}"'}


__all__ = ["machine_shown", "renewed"]
