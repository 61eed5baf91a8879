"""What an image, a version or a virtual machine can be made from, seen through one kind of glasses.

Rules and effects both ask "which system, which state, which generation, how large, where": `look_at` answers it for
a platform image, a managed image, an image definition or version, a virtual machine, a disk and a snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from imagekit import facts
from imagekit.guest import Guest
from imagekit.ids import Id, region
from imagekit.operations.core import dig
from imagekit.world import JSON, World

GALLERY = "Microsoft.Compute/galleries"
DEFINITION = f"{GALLERY}/images"
VERSION = f"{DEFINITION}/versions"
VM = "Microsoft.Compute/virtualMachines"
IMAGE = "Microsoft.Compute/images"
DISK = "Microsoft.Compute/disks"
SNAPSHOT = "Microsoft.Compute/snapshots"


@dataclass(frozen=True, slots=True)
class Source:
    """What can be known of something a version, an image or a machine is made from; None where nobody can tell."""

    kind: str
    id: str
    location: str | None = None
    os_type: str | None = None
    os_state: str | None = None
    generation: str | None = None
    architecture: str = "x64"
    security: str = "Standard"
    os_gb: int | None = None
    data: tuple[tuple[int, int | None], ...] = ()
    plan: tuple[str, str, str] | None = None
    storage: str | None = None
    exact: str | None = None
    guest: Guest | None = None


def parsed(text: Any) -> Id | None:
    """The id a text stands for, or None when it is none."""
    try:
        return Id.parse(text) if isinstance(text, str) else None
    except ValueError:
        return None


def look_at(world: World, text: Any) -> Source | None:
    """What stands at an id, or None when nothing does (or nothing anyone could make an image from)."""
    id = parsed(text)
    document = world.get(id) if id else None
    if id is None or document is None:
        return None
    view = {VM: _machine, IMAGE: _image, DEFINITION: _definition, VERSION: _version, DISK: _disk, SNAPSHOT: _disk}
    return view[id.type](world, id, document) if id.type in view else None


def _machine(world: World, id: Id, document: JSON) -> Source:
    disk = dig(document, "properties.storageProfile.osDisk") or {}
    machine = world.machines.get(id.key)
    behind = look_at(world, dig(disk, "managedDisk.id"))
    profile = dig(document, "properties.storageProfile") or {}
    origin = made_from(world, profile.get("imageReference") or {}, document.get("location", ""))
    generation = (behind.generation if behind else None) or (origin.generation if origin else None)
    return Source(
        "virtual machine",
        str(id),
        document.get("location"),
        disk.get("osType"),
        "Generalized" if machine and machine.generalized else "Specialized",
        generation or "V1",
        security=str(dig(document, "properties.securityProfile.securityType") or "Standard"),
        os_gb=disk.get("diskSizeGB"),
        data=tuple((item.get("lun", 0), item.get("diskSizeGB")) for item in profile.get("dataDisks") or []),
        plan=_plan(document.get("plan")),
        storage=dig(disk, "managedDisk.storageAccountType"),
        guest=world.guests.get(machine.disk) if machine else None,
    )


def _plan(plan: Any) -> tuple[str, str, str] | None:
    if not isinstance(plan, dict) or not plan.get("name"):
        return None
    return str(plan.get("name")), str(plan.get("publisher")), str(plan.get("product"))


def _image(world: World, id: Id, document: JSON) -> Source:
    properties = document.get("properties", {})
    disk = dig(properties, "storageProfile.osDisk") or {}
    machine = look_at(world, dig(properties, "sourceVirtualMachine.id"))
    return Source(
        "managed image",
        str(id),
        document.get("location"),
        disk.get("osType"),
        "Generalized",
        properties.get("hyperVGeneration", "V1"),
        os_gb=disk.get("diskSizeGB"),
        data=_luns(dig(properties, "storageProfile.dataDisks")),
        plan=machine.plan if machine else None,
        storage=disk.get("storageAccountType"),
        guest=world.guests.get(id.key),
    )


def _luns(disks: Any) -> tuple[tuple[int, int | None], ...]:
    return tuple((disk.get("lun", 0), disk.get("diskSizeGB") or disk.get("sizeInGB")) for disk in disks or [])


def security_of(definition: JSON) -> str:
    """The SecurityType feature of a definition; Standard when it names none (FACTS DEF-012)."""
    features = dig(definition, "properties.features") or []
    values = [item.get("value") for item in features if isinstance(item, dict) and item.get("name") == "SecurityType"]
    return str(values[0]) if values else "Standard"


def _definition(world: World, id: Id, document: JSON) -> Source:
    return _of_definition("image definition", str(id), document, document.get("location"))


def _of_definition(kind: str, id: str, document: JSON, location: str | None) -> Source:
    properties = document.get("properties", {})
    return Source(
        kind,
        id,
        location,
        properties.get("osType"),
        properties.get("osState"),
        properties.get("hyperVGeneration", "V1"),
        properties.get("architecture", "x64"),
        security_of(document),
        plan=_plan(properties.get("purchasePlan")),
    )


def _version(world: World, id: Id, document: JSON) -> Source:
    parent = world.get(id.parent) if id.parent else None
    known = _of_definition("image version", str(id), parent or {}, document.get("location"))
    profile = dig(document, "properties.storageProfile") or {}
    return Source(
        known.kind,
        known.id,
        known.location,
        known.os_type,
        known.os_state,
        known.generation,
        known.architecture,
        known.security,
        dig(profile, "osDiskImage.sizeInGB"),
        _luns(profile.get("dataDiskImages")),
        known.plan,
        exact=id.name,
        guest=world.guests.get(id.key),
    )


def _disk(world: World, id: Id, document: JSON) -> Source:
    properties = document.get("properties", {})
    return Source(
        "snapshot" if id.type == SNAPSHOT else "disk",
        str(id),
        document.get("location"),
        properties.get("osType"),
        None,
        properties.get("hyperVGeneration", "V1"),
        security=str(dig(properties, "securityProfile.securityType") or "Standard"),
        os_gb=properties.get("diskSizeGB"),
        storage=dig(document, "sku.name"),
        guest=world.guests.get(id.key),
    )


# --- what a virtual machine is made from --------------------------------------------------------------------------


def made_from(world: World, reference: JSON, location: str) -> Source | None:
    """The source behind the imageReference of a virtual machine in a region; None when there is none.

    A definition's id stands for the latest of its versions (FACTS GAL-002, VER-003).
    """
    if reference.get("publisher"):
        return platform(reference)
    shared = reference.get("communityGalleryImageId") or reference.get("sharedGalleryImageId")
    if shared:
        return Source("shared image", str(shared), os_type="Linux", os_state="Generalized", os_gb=30, exact=_tail(shared))
    id = parsed(reference.get("id"))
    if id is None or id.type != DEFINITION:
        return look_at(world, reference.get("id"))
    newest = latest(world, id, location)
    return look_at(world, newest["id"]) if newest else None


def _tail(id: str) -> str:
    return id.rpartition("/")[2]


def platform(reference: JSON) -> Source:
    """A platform image; one that is not in the tables is taken for what its name says."""
    names = [str(reference.get(key) or "") for key in ("publisher", "offer", "sku")]
    known = facts.platform_image(*names)
    wanted = str(reference.get("version") or "latest")
    if known is None:
        text = " ".join(names).lower()
        system = "Windows" if "windows" in text else "Linux"
        second = any(mark in text for mark in ("g2", "gen2", "gensecond"))
        exact = wanted if wanted != "latest" else "1.0.0"
        return Source("unknown platform image", ":".join(names), None, system, "Generalized", "V2" if second else "V1",
                      os_gb=127 if system == "Windows" else 30, exact=exact, guest=fresh(system))
    plan = known.plan
    return Source(
        "platform image",
        known.urn,
        None,
        known.os_type,
        "Generalized",
        known.generation,
        known.architecture,
        known.security_type or "Standard",
        known.os_disk_gb,
        plan=(plan.name, plan.publisher, plan.product) if plan else None,
        exact=known.latest if wanted == "latest" else wanted,
        guest=fresh(known.os_type),
    )


def fresh(system: str) -> Guest:
    """What lies on the disk of a platform image: an agent, nobody's account, ready to be set up."""
    return Guest(system, agent=True, deprovisioned=True)


# --- versions and which one is latest -----------------------------------------------------------------------------


def number(name: str) -> tuple[int, ...]:
    """A version's name as numbers, so that 1.10.0 comes after 1.9.9.

    >>> max(["1.9.9", "1.10.0"], key=number)
    '1.10.0'
    """
    return tuple(int(part) if part.isdigit() else -1 for part in name.split("."))


def versions(world: World, definition: Id) -> list[JSON]:
    """The versions of a definition, newest first, compared as numbers (FACTS VER-003)."""
    found = list(world.members(definition.child("versions")))
    return sorted(found, key=lambda version: number(version["name"]), reverse=True)


def latest(world: World, definition: Id, location: str = "") -> JSON | None:
    """The version `latest` stands for in a region: the highest that is neither excluded nor being deleted.

    The regional exclusion wins over the general one (FACTS VER-004, VER-005).
    """
    return next((version for version in versions(world, definition) if _counts(version, location)), None)


def _counts(version: JSON, location: str) -> bool:
    if dig(version, "properties.provisioningState") in ("Deleting", "Failed"):
        return False
    here = replica(version, location)
    regional = here.get("excludeFromLatest") if here else None
    general = bool(dig(version, "properties.publishingProfile.excludeFromLatest"))
    return not (general if regional is None else regional)


def replicas(version: JSON) -> Iterator[JSON]:
    """The target regions of a version."""
    yield from dig(version, "properties.publishingProfile.targetRegions") or []


def replica(version: JSON, location: str) -> JSON | None:
    """The target region of a version that is this one, or None."""
    return next((item for item in replicas(version) if region(str(item.get("name"))) == region(location)), None)
