"""The laws of a version's name and of what it is made from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from imagekit.asked import Asked
from imagekit.ids import region
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule, tail, typed
from imagekit.rules.papers import COMPUTE, CREATE_VERSION, FROM_IMAGE, NAME_IS_INVALID, NEW_VERSION, TROUBLE, VERSIONS
from imagekit.sources import (
    DISK,
    IMAGE,
    SNAPSHOT,
    VERSION,
    VM,
    look_at,
    parsed,
)


@rule(
    CREATE_VERSION,
    refuses="InvalidParameter",
    message=NAME_IS_INVALID,
    says="{name!r} is not a version number.",
    fix="Use three whole numbers with periods between, each up to 2147483647, for example 1.0.0.",
    fact="VER-001, VER-002, ERR-VER-001",
    source=Source("packer-plugin-azure issue 187, which quotes the service", "2022-02-25"),
    good=NEW_VERSION,
    bad=[("1.1.0", "1.1"), ("1.1.0", "1.1.2147483648"), ("1.1.0", "v1.1.0")],
)
def version_name(asked: Asked) -> Iterator[Found]:
    """An image version is named by three whole numbers, Major.Minor.Patch.

    The numbers are what `latest` compares, so nothing else may stand there; each fits a 32-bit integer.
    """
    parts = asked.name.split(".")
    whole = re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", asked.name) is not None
    if not whole or any(len(part) > 10 or int(part) > 2147483647 for part in parts):
        yield found("/name", target="galleryImageVersionName", name=asked.name)


@rule(
    CREATE_VERSION,
    refuses="InvalidParameter",
    message="The gallery artifact version source can only be specified either directly under storageProfile or within "
    "individual OS or data disks. One and only one source type (user image, snapshot, disk, virtual machine) can be "
    "provided.",
    says="{what}",
    fix="Name one source for the whole version, or one for the OS disk (and one for each data disk).",
    fact="VER-011, ERR-VER-012",
    source=Source("troubleshooting-shared-images.md; ansible-playbooks (Azure-Samples) issue 89", "2021-07-21"),
    good=FROM_IMAGE,
    bad=[
        (f'"source": {{"id": "{COMPUTE}/images/golden"}}', ""),
        (
            '"storageProfile": {',
            f'"storageProfile": {{"osDiskImage": {{"source": {{"id": "{COMPUTE}/snapshots/moment"}}}}, ',
        ),
    ],
)
def one_source(asked: Asked) -> Iterator[Found]:
    """A version has exactly one source for its operating system disk.

    Either one source for everything (a virtual machine, a managed image, another version), or one for the OS disk with
    one for each data disk; both at once would leave open which disk is meant.
    """
    whole = dig(asked.body, "properties.storageProfile.source") or {}
    disk = dig(asked.body, "properties.storageProfile.osDiskImage.source") or {}
    sources = [key for key in ("id", "virtualMachineId", "communityGalleryImageId") if whole.get(key)]
    count = len(sources) + bool(disk.get("id") or disk.get("uri"))
    if count != 1:
        what = "The version has no source." if count == 0 else f"The version names {count} sources for its OS disk."
        yield found("/properties/storageProfile", what=what)


@rule(
    CREATE_VERSION,
    refuses="NotFound",
    status=404,
    message="Source {id} is not found. Please check source exists, and is in the same region as gallery image version "
    "being created",
    says="{what}",
    fix="{how}",
    fact="VER-014, ERR-VER-005",
    source=TROUBLE,
    good=NEW_VERSION,
    bad=[("$MAKER", "${MAKER}y"), ("$MAKER", "$MAKER --location westus2")],
)
def source_is_in_the_region(asked: Asked) -> Iterator[Found]:
    """The source of a version exists and lies in the region the version is made in.

    The version is first built beside its source; copies go to other regions afterwards. This is one of two rules about
    regions: the other one says that this home region is among the targets.
    """
    profile = "/properties/storageProfile"
    yield from _away(asked, f"{profile}/source", asked.source_id)
    for n, disk in enumerate(asked.said("properties.storageProfile.dataDiskImages") or []):
        yield from _away(asked, f"{profile}/dataDiskImages/{n}/source", dig(disk, "source.id"))


def _away(asked: Asked, pointer: str, id: str | None) -> Iterator[Found]:
    """What keeps one source from being taken: it is not there, or it lies in another region."""
    if not id or typed(id) not in (VM, IMAGE, VERSION, DISK, SNAPSHOT):
        return
    name, source = tail(id), look_at(asked.world, id)
    home = region((source.location if source else "") or "")
    if source is None:
        yield found(pointer, id=id, what=f"There is no source {name!r}.", how=_looked_for(asked, id))
    elif source.kind != "image version" and home != asked.location:
        what = f"The source {name!r} lies in {home}, the version is to be made in {asked.location}."
        yield found(pointer, id=id, what=what, how=f"Make the version in {home} (--location {home}).")


def _looked_for(asked: Asked, id: str) -> str:
    """What to do where nothing stands at an id; a disk in the place of a snapshot was named without its id."""
    disk = parsed(id.replace("/snapshots/", "/disks/")) if typed(id) == SNAPSHOT else None
    if disk is None or asked.world.get(disk) is None:
        return "Check the id of the source."
    return f"Check the id: {tail(id)} is a disk. A bare name means a snapshot here; give a disk by its id."


@rule(
    CREATE_VERSION,
    refuses="InvalidParameter",
    message="The gallery image version source id: '{id}' must be specified in "
    "'galleryImageVersion.properties.storageProfile.source.virtualMachineId'.",
    says="The machine {name!r} is given as an image.",
    fix="Use --virtual-machine (PowerShell: -SourceImageVMId, REST: source.virtualMachineId).",
    fact="VER-012, VER-042",
    source=Source("azure-compute-docs PR 49; azure-cli issue 28700", "2024-09-30"),
    good=NEW_VERSION,
    bad=[("--virtual-machine", "--managed-image")],
)
def machine_has_its_own_option(asked: Asked) -> Iterator[Found]:
    """A source machine is named as a machine, not as an image.

    Until 2023 one field took the ids of machines, images and versions alike, and the pages of that time still say
    --managed-image with the id of a machine. Since api-version 2023-07-03 a machine has a field of its own.
    """
    id = asked.said("properties.storageProfile.source.id")
    if id and typed(str(id)) == VM and asked.request.api_version >= "2023-07-03":
        yield found("/properties/storageProfile/source/id", id=id, name=tail(id))


@rule(
    CREATE_VERSION,
    refuses="InvalidParameter",
    message="{message}",
    says="{kind} cannot be given as {place}.",
    fix="{how}",
    fact="VER-012, ERR-VER-011",
    source=TROUBLE,
    confidence="assumed",
    good=FROM_IMAGE,
    bad=[
        ("images/golden", "disks/data"),
        (
            f'"source": {{"id": "{COMPUTE}/images/golden"}}',
            f'"osDiskImage": {{"source": {{"id": "{COMPUTE}/images/golden"}}}}',
        ),
    ],
)
def source_stands_in_its_place(asked: Asked) -> Iterator[Found]:
    """A machine, an image or a version is the source of everything; a disk or snapshot is the source of one disk.

    In az, --os-snapshot takes disks and snapshots, and the others have options of their own: a disk given as
    --managed-image is the most common slip.
    """
    whole = asked.said("properties.storageProfile.source") or {}
    id = whole.get("virtualMachineId") or whole.get("id")
    if id and typed(id) not in (VM, IMAGE, VERSION):
        message = (
            f"The source id: {id} must either be a managed image, virtual machine or another gallery image version"
        )
        how = "Give a disk or snapshot with --os-snapshot (PowerShell: -OSDiskImage, REST: osDiskImage.source.id)."
        place = _MACHINE if whole.get("virtualMachineId") else _WHOLE
        yield found("/properties/storageProfile/source", message=message, kind=_kind(id), place=place, how=how)
    for pointer, disk in _disks(asked):
        origin = dig(disk, "source.id")
        if origin and not dig(disk, "source.uri") and typed(origin) not in (DISK, SNAPSHOT):
            message = f"The source id: {origin} must be a managed disk or snapshot"
            how = "Give it as the source of the whole version (REST: storageProfile.source)."
            place = _OS_DISK if pointer.endswith("osDiskImage") else _DATA_DISK
            yield found(f"{pointer}/source/id", message=message, kind=_kind(origin), place=place, how=how)


_WHOLE = "--managed-image (PowerShell: -SourceImageId, REST: source.id)"
_MACHINE = "--virtual-machine (PowerShell: -SourceImageVMId, REST: source.virtualMachineId)"
_OS_DISK = "--os-snapshot (PowerShell: -OSDiskImage, REST: osDiskImage.source.id)"
_DATA_DISK = "--data-snapshots (PowerShell: -DataDiskImage, REST: dataDiskImages)"
_KINDS = {
    VM: "A machine",
    IMAGE: "A managed image",
    VERSION: "An image version",
    DISK: "A disk",
    SNAPSHOT: "A snapshot",
}


def _kind(id: str) -> str:
    kind = typed(id).rpartition("/")[2]
    return _KINDS.get(typed(id)) or (f"One of the {kind}" if kind else "What is no id")


def _disks(asked: Asked) -> Iterator[tuple[str, dict[str, Any]]]:
    """The disks a version names one by one, with their pointers."""
    profile = asked.said("properties.storageProfile") or {}
    if profile.get("osDiskImage"):
        yield "/properties/storageProfile/osDiskImage", profile["osDiskImage"]
    for number, disk in enumerate(profile.get("dataDiskImages") or []):
        yield f"/properties/storageProfile/dataDiskImages/{number}", disk


@rule(
    CREATE_VERSION,
    refuses="Conflict",
    status=409,
    message="The source image '{id}' is being used by another replication at the moment.",
    says="{name!r} is still being copied into version {other}.",
    fix="Wait until that version is built and replicated (az sig image-version wait --created), then ask again.",
    fact="VER-016, ERR-VER-015",
    source=VERSIONS,
    confidence="assumed",
    good="az sig image-version create -g studio -r Pictures -i web -e 1.1.0 --managed-image golden\n"
    "az sig image-version create -g studio -r Pictures -i web -e 1.2.0 --managed-image golden",
    bad=[("1.1.0 --managed-image golden", "1.1.0 --managed-image golden --no-wait")],
)
def managed_image_is_free(asked: Asked) -> Iterator[Found]:
    """A managed image makes one version at a time.

    The next one waits until the first is completely built and replicated.
    """
    if asked.source is None or asked.source.kind != "managed image":
        return
    for job in asked.world.pending.values():
        source = dig(asked.world.get(job.target), "properties.storageProfile.source.id")
        used = str(source or "").lower() == asked.source.id.lower()
        if used and job.effect == "version built" and job.target != asked.id.key:
            words = {"name": tail(asked.source.id), "other": tail(job.target)}
            yield found("/properties/storageProfile/source", id=asked.source.id, **words)
