"""What an image, a version or a virtual machine can be made from, seen through one kind of glasses.

Rules and effects both ask "which system, which state, which generation, how large, where": `look_at` answers it for
a platform image, a managed image, an image definition or version, a virtual machine, a disk and a snapshot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from imagekit import facts, ids
from imagekit.guest import Guest
from imagekit.ids import Id, group_id, region
from imagekit.operations.core import dig
from imagekit.world import JSON, World

VM, DISK, SNAPSHOT, IMAGE = ids.VM, ids.DISK, ids.SNAPSHOT, ids.IMAGE
GALLERY, DEFINITION, VERSION = ids.GALLERY, ids.DEFINITION, ids.VERSION


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


def disks_of(document: JSON) -> list[JSON]:
    """The disks in a storage profile, the operating system's first: an empty one where it names none."""
    profile = dig(document, "properties.storageProfile") or {}
    return [profile.get("osDisk") or {}, *(profile.get("dataDisks") or [])]


def _machine(world: World, id: Id, document: JSON) -> Source:
    machine = world.machines.get(id.key)
    profile = dig(document, "properties.storageProfile") or {}
    disk = profile.get("osDisk") or {}
    made = look_at(world, dig(disk, "managedDisk.id"))
    made = made or made_from(world, profile.get("imageReference") or {}, document.get("location", ""))
    return Source(
        "virtual machine",
        str(id),
        document.get("location"),
        disk.get("osType"),
        "Generalized" if machine and machine.generalized else "Specialized",
        (made.generation if made else None) or "V1",
        made.architecture if made else "x64",
        security=str(dig(document, "properties.securityProfile.securityType") or "Standard"),
        os_gb=disk.get("diskSizeGB"),
        data=_luns(profile.get("dataDisks")),
        plan=_plan(document.get("plan")),
        storage=dig(disk, "managedDisk.storageAccountType"),
        guest=world.guests.get(machine.disk) if machine else None,
    )


def _plan(plan: Any) -> tuple[str, str, str] | None:
    named = isinstance(plan, dict) and plan.get("name")
    return (str(plan["name"]), str(plan.get("publisher")), str(plan.get("product"))) if named else None


def _image(world: World, id: Id, document: JSON) -> Source:
    properties = document.get("properties", {})
    disk = dig(properties, "storageProfile.osDisk") or {}
    machine = look_at(world, dig(properties, "sourceVirtualMachine.id"))
    about = (disk.get("osType"), "Generalized", properties.get("hyperVGeneration", "V1"))
    return Source(
        "managed image",
        str(id),
        document.get("location"),
        *about,
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
    properties = document.get("properties", {})
    about = (properties.get("osType"), properties.get("osState"), properties.get("hyperVGeneration", "V1"))
    more = (properties.get("architecture", "x64"), security_of(document))
    plan = _plan(properties.get("purchasePlan"))
    return Source("image definition", str(id), document.get("location"), *about, *more, plan=plan)


def _version(world: World, id: Id, document: JSON) -> Source:
    parent = id.parent or id
    known = _definition(world, parent, world.get(parent) or {})
    profile = dig(document, "properties.storageProfile") or {}
    return replace(
        known,
        kind="image version",
        id=str(id),
        location=document.get("location"),
        os_gb=dig(profile, "osDiskImage.sizeInGB"),
        data=_luns(profile.get("dataDiskImages")),
        exact=id.name,
        guest=world.guests.get(id.key),
    )


def _disk(world: World, id: Id, document: JSON) -> Source:
    properties = document.get("properties", {})
    architecture = str(dig(properties, "supportedCapabilities.architecture") or "x64")
    about = (properties.get("osType"), None, properties.get("hyperVGeneration", "V1"), architecture)
    return Source(
        "snapshot" if id.type == SNAPSHOT else "disk",
        str(id),
        document.get("location"),
        *about,
        security=str(dig(properties, "securityProfile.securityType") or "Standard"),
        os_gb=properties.get("diskSizeGB"),
        storage=dig(document, "sku.name"),
        guest=world.guests.get(id.key),
    )


def made_from(world: World, reference: JSON, location: str) -> Source | None:
    """The source behind the imageReference of a virtual machine or a disk in a region; None when there is none.

    A definition's id stands for the latest of its versions (FACTS GAL-002, VER-003).
    """
    if reference.get("publisher"):
        return platform(reference)
    if shared := reference.get("communityGalleryImageId") or reference.get("sharedGalleryImageId"):
        return _shared(world, str(shared), location)
    if names := platform_names(reference.get("id")):
        return platform(names)
    id = parsed(reference.get("id"))
    newest = latest(world, id, location) if id and id.type == DEFINITION else reference
    return look_at(world, newest.get("id")) if newest else None


def origin(world: World, creation: JSON, location: str) -> Source | None:
    """What a disk or snapshot is made from, as far as anyone can tell.

    An image reference with a `lun` means that data disk of the image, not its operating system disk.
    """
    if copied := creation.get("sourceResourceId"):
        return look_at(world, copied)
    reference = creation.get("galleryImageReference") or creation.get("imageReference") or {}
    source = made_from(world, reference, location)
    if source is None or reference.get("lun") is None:
        return source
    return replace(source, os_type=None, os_gb=dict(source.data).get(reference["lun"]), guest=None)


_SHARED = re.compile(r"(?i)/(?:shared|community)galleries/([^/]+)/images/([^/]+)(?:/versions/([^/]+))?")


def _shared(world: World, text: str, location: str) -> Source:
    """An image somebody shares: looked up when the gallery is one of this subscription, else taken for a Linux one."""
    seen = _SHARED.fullmatch(text)
    gallery, definition, exact = seen.groups("latest") if seen else ("", "", text.rpartition("/")[2])
    if home := _gallery_of(world, gallery):
        inside = f"{home['id']}/images/{definition}"
        path = inside if exact == "latest" else f"{inside}/versions/{exact}"
        if found := made_from(world, {"id": path}, location):
            return replace(found, kind="shared image", id=text)
    about = ("Linux", "Generalized", "V1")
    return Source("shared image", text, None, *about, os_gb=facts.os_disk_gb("Linux"), exact=exact)


def _gallery_of(world: World, name: str) -> JSON | None:
    """The gallery others know by this name: its unique name or a public one (FACTS GAL-006, GAL-021)."""
    for group in world.members(group_id(world.subscription)):
        for gallery in world.members(Id(str(group["id"]), "Microsoft.Compute", ("galleries",), ())):
            public = dig(gallery, "properties.sharingProfile.communityGalleryInfo.publicNames") or []
            if name.lower() in (
                str(one).lower() for one in (dig(gallery, "properties.identifier.uniqueName"), *public)
            ):
                return gallery
    return None


_PLATFORM = re.compile(r"(?i).*/publishers/(.+)/artifacttypes/vmimage/offers/(.+)/skus/(.+?)(?:/versions/(.+))?")


def platform_names(path: Any) -> JSON | None:
    """The four names of a platform image in the path a disk names it by, or None for any other text.

    >>> platform_names("/Subscriptions/S/Providers/Microsoft.Compute/Locations/eastus/Publishers/Debian/ArtifactTypes"
    ...     "/VMImage/Offers/debian-10/Skus/10/Versions/0.1")
    {'publisher': 'Debian', 'offer': 'debian-10', 'sku': '10', 'version': '0.1'}
    """
    seen = _PLATFORM.fullmatch(path) if isinstance(path, str) else None
    return dict(zip(("publisher", "offer", "sku", "version"), seen.groups("latest"), strict=True)) if seen else None


def platform(reference: JSON) -> Source:
    """A platform image; one that is not in the tables is taken for what its name says."""
    names = [str(reference.get(key) or "") for key in ("publisher", "offer", "sku")]
    known = facts.platform_image(*names)
    wanted = str(reference.get("version") or "latest")
    if known is None:
        return _unknown(names, wanted if wanted != "latest" else "1.0.0")
    plan = (known.plan.name, known.plan.publisher, known.plan.product) if known.plan else None
    exact = known.latest if wanted == "latest" else wanted
    system = known.os_type
    about = (system, "Generalized", known.generation, known.architecture, known.security_type or "Standard")
    return Source(
        "platform image", known.urn, None, *about, known.os_disk_gb, plan=plan, exact=exact, guest=fresh(system)
    )


def _unknown(names: list[str], exact: str) -> Source:
    urn = ":".join(names)
    system = "Windows" if "windows" in urn.lower() else "Linux"
    second = any(mark in urn.lower() for mark in ("g2", "gen2", "gensecond"))
    about = (system, "Generalized", "V2" if second else "V1")
    size = facts.os_disk_gb(system, names[2])
    return Source("unknown platform image", urn, None, *about, os_gb=size, exact=exact, guest=fresh(system))


def fresh(system: str) -> Guest:
    """What lies on the disk of a platform image: an agent, nobody's account, ready to be set up."""
    return Guest(system, agent=True, deprovisioned=True)


def number(name: str) -> tuple[float, ...]:
    """A version's name as numbers, so that 1.10.0 comes after 1.9.9; names of any other form come last.

    >>> sorted(["beta", "1.10.0", "1.9.9"], key=number)
    ['1.9.9', '1.10.0', 'beta']
    """
    parts = name.split(".")
    numbers = all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts)
    return tuple(float(part) for part in parts) if numbers else (float("inf"),)


def versions(world: World, definition: Id) -> list[JSON]:
    """The versions of a definition, newest first, compared as numbers (FACTS VER-003)."""
    found = list(world.members(definition.child("versions")))
    return sorted(found, key=lambda version: number(version["name"]), reverse=True)


def latest(world: World, definition: Id, location: str = "") -> JSON | None:
    """The version `latest` stands for in a region: the highest that is made, stays, and is not excluded.

    The regional exclusion wins over the general one (FACTS VER-004, VER-005). That a version does not count before it
    is made is assumed: no source was found.
    """
    return next((version for version in versions(world, definition) if _counts(version, location)), None)


def _counts(version: JSON, location: str) -> bool:
    if dig(version, "properties.provisioningState") in ("Creating", "Deleting", "Failed"):
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


def in_region(world: World, version: JSON, location: str) -> bool:
    """Whether a version's replicas in a region are there; the steps of work under way tell when (FACTS VER-030)."""
    here = region(location)
    for job in world.busy(str(version["id"]).lower()):
        for step in job.data.get("steps") or []:
            if region(step["region"]) == here and world.clock < job.began + timedelta(seconds=step["to"]):
                return False
    return replica(version, location) is not None
