"""What a picture says of one document: its kind, its facts in a few words, and what it was made from.

Documents come as REST prints them (with `properties`) or as `az … -o json` does (without).

>>> flat({"name": "web", "properties": {"osType": "Linux"}})["osType"]
'Linux'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import jmespath

from imagekit.ids import Id, region

JSON = dict[str, Any]

KIND_OF_TYPE = {
    "microsoft.resources/resourcegroups": "group",
    "microsoft.compute/galleries": "gallery",
    "microsoft.compute/galleries/images": "definition",
    "microsoft.compute/galleries/images/versions": "version",
    "microsoft.compute/virtualmachines": "vm",
    "microsoft.compute/images": "image",
    "microsoft.compute/disks": "disk",
    "microsoft.compute/snapshots": "snapshot",
    "microsoft.virtualmachineimages/imagetemplates": "template",
    "microsoft.managedidentity/userassignedidentities": "identity",
    "microsoft.labservices/labplans": "labplan",
    "microsoft.labservices/labs": "lab",
    "microsoft.labservices/labaccounts": "labaccount",
    "microsoft.labservices/labaccounts/labs": "lab",
}

# Where a document says what it was made from: the first line that answers is taken, all its paths together.
_SOURCES: dict[str, tuple[tuple[str, ...], ...]] = {
    "version": (
        ("storageProfile.source.id", "storageProfile.source.virtualMachineId"),
        ("publishingProfile.source.managedImage.id",),
        ("storageProfile.osDiskImage.source.id", "storageProfile.dataDiskImages[].source.id"),
    ),
    "image": (
        ("sourceVirtualMachine.id",),
        (
            "storageProfile.osDisk.[managedDisk.id, snapshot.id][]",
            "storageProfile.dataDisks[].[managedDisk.id, snapshot.id][]",
        ),
    ),
    "snapshot": (("creationData.sourceResourceId",),),
    "disk": (
        ("creationData.sourceResourceId",),
        ("creationData.[galleryImageReference.id, imageReference.id][]",),
    ),
    "vm": (
        ("storageProfile.imageReference.id",),
        ("storageProfile.[osDisk][?createOption=='Attach'].managedDisk.id",),
    ),
    "template": (("source.[imageVersionId, imageId][]",),),
    "lab": (("virtualMachineProfile.imageReference.id",),),
}


def flat(document: JSON) -> JSON:
    """The document with its `properties` lifted to the top, as az prints it."""
    inner = document.get("properties")
    return {**inner, **document} if isinstance(inner, Mapping) else dict(document)


def find(document: JSON, path: str) -> Any:
    """What stands at a JMESPath in the flattened document, or None."""
    return jmespath.search(path, flat(document))


def words(document: JSON, path: str) -> str:
    """The text or number at a path; empty when there is none."""
    found = find(document, path)
    return str(found) if isinstance(found, str | int) else ""


def every(document: JSON, path: str) -> tuple[Any, ...]:
    """All that stands at a path, as a tuple, without the gaps."""
    found = find(document, path)
    many = found if isinstance(found, list) else [found]
    return tuple(item for item in many if item is not None)


def kind_of(resource: Id) -> str:
    """The kind a resource is drawn as; "other" for types that are only counted."""
    return KIND_OF_TYPE.get(resource.type.lower(), "other")


def sources(kind: str, document: JSON) -> tuple[Id, ...]:
    """The resources a document names as what it was made from."""
    for paths in _SOURCES.get(kind, ()):
        named = [text for path in paths for text in every(document, path) if isinstance(text, str)]
        if named:
            held = (text for text in named if text.startswith("/") and text.strip("/") and not _OFFERED.search(text))
            return tuple(_lab_of(_exact(document, text)) for text in held)
    return ()


def _exact(document: JSON, text: str) -> Id:
    """The id as written; `latest` and a definition's id become the version that was taken (FACTS VER-007)."""
    asked = Id.parse("/" + "/".join(part for part in text.split("/") if part))
    paths = ("storageProfile", "virtualMachineProfile")
    exact = next(filter(None, (words(document, f"{path}.imageReference.exactVersion") for path in paths)), "")
    if not exact or kind_of(asked) not in ("definition", "version"):
        return asked
    definition = asked if kind_of(asked) == "definition" else asked.parent
    return definition.child("versions", exact) if definition else asked


def _lab_of(source: Id) -> Id:
    """The lab of a lab's machine, which is not drawn by itself; any other source as it is."""
    while in_lab(source) and source.parent:
        source = source.parent
    return source


def in_lab(resource: Id) -> bool:
    """Whether a resource is told of by its lab, lab plan or lab account: its machines, and the images they see."""
    return resource.namespace.lower() == "microsoft.labservices" and kind_of(resource) == "other"


def tied(kind: str, resource: Id, document: JSON) -> tuple[Id, ...]:
    """What a resource belongs to beside its group: the identity of a template, the plan or account of a lab."""
    if kind == "template":
        return identities(document)
    plan = read_id(words(document, "labPlanId")) if kind == "lab" else None
    holder = plan or (resource.parent if kind == "lab" else None)
    return (holder,) if holder else ()


def targets(kind: str, document: JSON) -> tuple[Id, ...]:
    """The resources an image template puts its images into."""
    named = every(document, "distribute[].[galleryImageId, imageId][]") if kind == "template" else ()
    return tuple(Id.parse(text) for text in named if isinstance(text, str) and text.startswith("/subscriptions/"))


def artifact(document: JSON) -> Id | None:
    """The image that a run output of a template names; none for a VHD, which is no resource."""
    return read_id(words(document, "artifactId"))


def template_of(resource: Id) -> Id | None:
    """The image template that a run output or a trigger is a part of."""
    return resource.parent if resource.parent and kind_of(resource.parent) == "template" else None


def identities(document: JSON) -> tuple[Id, ...]:
    """The user-assigned identities in whose name a resource acts."""
    held = find(document, "identity.userAssignedIdentities")
    named = (read_id(text) for text in held if isinstance(text, str)) if isinstance(held, Mapping) else ()
    return tuple(identity for identity in named if identity)


def read_id(text: str) -> Id | None:
    """An id, or None for words and for what only looks like an id.

    >>> read_id("/subscriptions/S/resourceGroups/lab").name, read_id("/subscriptions//S"), read_id("lab")
    ('lab', None, None)
    """
    parts = text.strip().strip("/").lower().split("/")
    after = parts[::-1].index("providers") if "providers" in parts else 2
    return Id.parse(text) if text.strip().startswith("/") and all(parts) and after >= 2 else None


def own_disks(document: JSON) -> tuple[Id, ...]:
    """The disks that came into being with a VM and are part of it."""
    paths = (
        "storageProfile.[osDisk][?createOption!='Attach'].managedDisk.id",
        "storageProfile.dataDisks[].managedDisk.id",
    )
    named = [text for path in paths for text in every(document, path) if isinstance(text, str)]
    return tuple(Id.parse(text) for text in named if text.startswith("/subscriptions/"))


def marketplace(document: JSON) -> str:
    """The marketplace image a VM, an image template or a disk starts from: its short name, else offer and sku."""
    if alias := words(document, "imageAlias"):
        return alias
    for path in ("storageProfile.imageReference", "virtualMachineProfile.imageReference", "source"):
        if words(document, f"{path}.offer"):
            return f"{words(document, f'{path}.offer')} {words(document, f'{path}.sku')}".strip()
    named = _OFFERED.search(words(document, "creationData.imageReference.id"))
    return f"{named[1]} {named[2]}" if named else ""


# Where a disk names the marketplace image it was made from: an id that is no resource of the subscription.
_OFFERED = re.compile(r"/ArtifactTypes/VMImage/Offers/([^/]+)/Skus/([^/]+)", re.IGNORECASE)


def vm_state(document: JSON) -> str:
    """Whether a VM is running, stopped, deallocated or generalized, or unfinished; empty when unknown."""
    codes = [str(code).lower() for code in every(document, "instanceView.statuses[].code")]
    if "osstate/generalized" in codes:
        return "generalized"
    power = [code.partition("/")[2] for code in codes if code.startswith("powerstate/")]
    return unfinished(document) or (power[-1] if power else words(document, "powerState").removeprefix("VM "))


def unfinished(document: JSON) -> str:
    """The provisioning state while it is not Succeeded: Creating, Updating or Failed."""
    state = words(document, "provisioningState")
    return "" if state in ("", "Succeeded") else state


def generation(document: JSON) -> str:
    """Gen1 or Gen2; empty when the document does not say."""
    return {"V1": "Gen1", "V2": "Gen2"}.get(words(document, "hyperVGeneration"), "")


def replicas(document: JSON) -> tuple[tuple[str, int], ...]:
    """Region and number of replicas of an image version, in the order of the document."""
    default = find(document, "publishingProfile.replicaCount")
    rows = [row for row in every(document, "publishingProfile.targetRegions") if isinstance(row, Mapping)]
    return tuple((region(str(row.get("name", ""))), _count(row.get("regionalReplicaCount"), default)) for row in rows)


def copied(document: JSON, place: str) -> int | None:
    """How much of a version has been copied to a region, in percent, while it is being copied; None when it is there.

    Only documents with their replicationStatus tell (FACTS VER-030); without it all replicas count as there.
    """
    rows = [row for row in every(document, "replicationStatus.summary") if isinstance(row, Mapping)]
    here = [row for row in rows if region(str(row.get("region", ""))) == place and row.get("state") != "Completed"]
    progress = here[0].get("progress") if here else None
    return progress if isinstance(progress, int) else 0 if here else None


def _count(*candidates: Any) -> int:
    """The first whole number; one replica is what Azure makes when nothing is said (FACTS VER-039)."""
    return next((n for n in candidates if isinstance(n, int) and not isinstance(n, bool)), 1)


def counts(document: JSON, place: str = "") -> bool:
    """Whether a version may be `latest`: it is made, stays, and is not excluded."""
    state = str(find(document, "provisioningState") or "Succeeded")
    return state not in ("Creating", "Deleting", "Failed") and not excluded(document, place)


def kinds_of_storage(document: JSON) -> str:
    """How a version is stored: one word where all regions agree, else each kind with its regions."""
    usual = words(document, "publishingProfile.storageAccountType")
    held: dict[str, list[str]] = {}
    for row in every(document, "publishingProfile.targetRegions"):
        if isinstance(row, Mapping):
            kind = str(row.get("storageAccountType") or usual)
            held.setdefault(kind, []).append(region(str(row.get("name", ""))))
    if len(held) < 2:
        return next(iter(held), usual)
    return ", ".join(f"{kind} in {', '.join(places)}" if kind != usual else kind for kind, places in held.items())


def excluded(document: JSON, place: str = "") -> bool:
    """Whether `latest` passes over a version; a region's flag wins over the version's (FACTS VER-005)."""
    flags = [
        row["excludeFromLatest"]
        for row in every(document, "publishingProfile.targetRegions")
        if isinstance(row, Mapping) and region(str(row.get("name", ""))) == place and "excludeFromLatest" in row
    ]
    return bool(flags[0] if flags else find(document, "publishingProfile.excludeFromLatest"))


def version_order(name: str) -> tuple[float, ...]:
    """Sort key of a version name: by number, not by text (FACTS VER-003); other names sort on top."""
    parts = name.split(".")
    numbers = all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts)
    return tuple(float(part) for part in parts) if numbers else (float("inf"),)


def timeless(value: object) -> object:
    """A document without what passes by: the moments at which its statuses were read, and how often it was written."""
    if isinstance(value, dict):
        return {key: timeless(part) for key, part in value.items() if key not in ("time", "etag")}
    return [timeless(part) for part in value] if isinstance(value, list) else value
