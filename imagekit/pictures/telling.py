"""The few words a picture says of one document: its facts, and which of them stand in the picture."""

from __future__ import annotations

from collections.abc import Callable

from imagekit.ids import region
from imagekit.pictures.reading import (
    JSON,
    every,
    excluded,
    generation,
    identities,
    marketplace,
    own_disks,
    replicas,
    unfinished,
    vm_state,
    words,
)

Facts = tuple[tuple[str, str], ...]

_SHORT = 24  # signs


def _spread(document: JSON) -> str:
    """Regions times replicas in a few words: by name where that is short, else the two sums."""
    rows, named = replicas(document), _all_regions(document)
    if len(named) <= _SHORT or len(rows) < 2:
        return named
    return f"{len(rows)} regions, {sum(count for _, count in rows)} replicas"


def _all_regions(document: JSON) -> str:
    return ", ".join(f"{place} \N{MULTIPLICATION SIGN}{count}" for place, count in replicas(document))


def _region(document: JSON) -> str:
    return region(words(document, "location"))


def _vm(document: JSON) -> dict[str, str]:
    disks = len(own_disks(document))
    return {
        "OS": words(document, "storageProfile.osDisk.osType"),
        "state": vm_state(document),
        "image": marketplace(document),
        "size": words(document, "hardwareProfile.vmSize"),
        "disks": str(disks) if disks > 1 else "",
        "region": _region(document),
    }


def _definition(document: JSON) -> dict[str, str]:
    arm = words(document, "architecture")
    kind = (
        words(document, "osState"),
        words(document, "osType"),
        generation(document),
        arm if arm != "x64" else "",
    )
    return {
        "kind": " ".join(word for word in kind if word),
        "state": unfinished(document),
        "identifier": " / ".join(every(document, "identifier.[publisher, offer, sku][]")),
    }


def _version(document: JSON) -> dict[str, str]:
    return {
        "spread": _spread(document),
        "state": unfinished(document),
        "latest": "excluded" if excluded(document) else "",
        "regions": _all_regions(document),
        "storage": words(document, "publishingProfile.storageAccountType"),
        "end of life": words(document, "publishingProfile.endOfLifeDate")[:10],
    }


def _image(document: JSON) -> dict[str, str]:
    disk = "storageProfile.osDisk"
    kind = (words(document, f"{disk}.osState"), words(document, f"{disk}.osType"), generation(document))
    return {
        "kind": " ".join(word for word in kind if word),
        "state": unfinished(document),
        "region": _region(document),
    }


def _disk(document: JSON) -> dict[str, str]:
    size = words(document, "diskSizeGB")
    return {
        "size": f"{size} GB" if size else "",
        "state": unfinished(document) or words(document, "diskState").lower(),
        "region": _region(document),
    }


def _snapshot(document: JSON) -> dict[str, str]:
    size = words(document, "diskSizeGB")
    return {"size": f"{size} GB" if size else "", "state": unfinished(document), "region": _region(document)}


def _gallery(document: JSON) -> dict[str, str]:
    shared = words(document, "sharingProfile.permissions")
    return {
        "location": words(document, "location"),
        "shared": "" if shared in ("", "Private") else f"shared: {shared}",
        "state": unfinished(document),
    }


def _template(document: JSON) -> dict[str, str]:
    steps = len(every(document, "customize"))
    names = ", ".join(identity.name for identity in identities(document))
    return {
        "steps": f"{steps} customizers" if steps != 1 else "1 customizer",
        "run": words(document, "lastRunStatus.runState"),
        "image": marketplace(document),
        "identity": f"acts as {names}" if names else "",
        "state": unfinished(document),
    }


def _lab(document: JSON) -> dict[str, str]:
    """A lab of a lab plan says how far it is; one of a lab account keeps that in the setting of its template."""
    places = words(document, "virtualMachineProfile.sku.capacity") or words(document, "maxUsersInLab")
    return {
        "OS": words(document, "virtualMachineProfile.osType"),
        "state": unfinished(document) or words(document, "state"),
        "places": f"{places} places" if places not in ("", "0", "1") else "1 place" if places == "1" else "",
        "image": marketplace(document),
        "region": _region(document),
    }


def _lab_home(document: JSON) -> dict[str, str]:
    gallery = words(document, "sharedGalleryId").rpartition("/")[2]
    return {
        "gallery": f"gallery {gallery}" if gallery else "",
        "state": unfinished(document),
        "region": _region(document),
    }


def _group(document: JSON) -> dict[str, str]:
    """A group that Image Builder works in says for which template (FACTS TPL-049)."""
    builder = "AzureVMImageBuilder" in (words(document, "tags.createdBy"), words(document, "tags.usedBy"))
    template = words(document, "tags.imageTemplateName") if builder else ""
    return {"location": words(document, "location"), "staging": f"staging of {template}" if template else ""}


_FACTS: dict[str, Callable[[JSON], dict[str, str]]] = {
    "vm": _vm,
    "definition": _definition,
    "version": _version,
    "image": _image,
    "disk": _disk,
    "snapshot": _snapshot,
    "gallery": _gallery,
    "group": _group,
    "template": _template,
    "lab": _lab,
    "labplan": _lab_home,
    "labaccount": _lab_home,
}

# What of the facts stands in the picture, line by line; the rest is for the words.
_LINES = {
    "vm": (("OS", "state"), ("image",), ("region",)),
    "definition": (("kind",), ("state",)),
    "version": (("spread",), ("state",)),
    "image": (("kind",), ("state",), ("region",)),
    "disk": (("size", "state"), ("region",)),
    "snapshot": (("size", "state"), ("region",)),
    "gallery": (("location", "shared", "state"),),
    "group": (("location",), ("staging",)),
    "marketplace": (("sku",),),
    "template": (("steps", "run"), ("image",), ("outputs",), ("identity",), ("state",)),
    "lab": (("OS", "state"), ("places",), ("image",), ("region",)),
    "labplan": (("gallery",), ("state",), ("region",)),
    "labaccount": (("gallery",), ("state",), ("region",)),
}


def facts(kind: str, document: JSON) -> Facts:
    """What is worth saying of a document, as pairs of a word and its value; nothing empty."""
    said = _FACTS[kind](document) if kind in _FACTS else {}
    return tuple((word, value) for word, value in said.items() if value)


def lines(kind: str, said: Facts) -> tuple[str, ...]:
    """The sub-lines of a thing in the picture."""
    known = dict(said)
    rows = (" \N{MIDDLE DOT} ".join(known[word] for word in row if word in known) for row in _LINES.get(kind, ()))
    return tuple(row for row in rows if row)
