"""Galleries as others see them: community galleries by their public name, shared ones by their unique name.

The shapes are those of recorded answers (azure-cli's tests, 2023). Whoever asks is of this subscription, so what is
shared is what is shared with it or its tenant.
"""

from __future__ import annotations

from collections.abc import Iterator

from imagekit.ids import GALLERY, Id, region
from imagekit.operations.core import dig
from imagekit.wire.messages import Refused, error
from imagekit.wire.sought import Sought
from imagekit.world import JSON, World

_COMMUNITY, _SHARED = "CommunityGalleries", "SharedGalleries"


def galleries(sought: Sought) -> JSON:
    """The galleries that are shared with who asks; community galleries are found by their name alone."""
    visible = _visible(sought) if _shared(sought) else ()
    return {"value": [_gallery(sought, one, names[0]) for one, names in visible]}


def gallery(sought: Sought) -> JSON:
    """One of them, by a name of it."""
    return _gallery(sought, _found(sought), sought.named["gallery"])


def images(sought: Sought) -> JSON:
    """The definitions in it."""
    return {"value": [_image(sought, one) for one in _inside(sought.world, _found(sought), "images")]}


def image(sought: Sought) -> JSON:
    """One of these."""
    return _image(sought, _found(sought, "image"))


def versions(sought: Sought) -> JSON:
    """The versions of a definition that have replicas where they are asked for."""
    inside = _inside(sought.world, _found(sought, "image"), "versions")
    return {"value": [_version(sought, one) for one in inside if _is_in(one, sought.place)]}


def version(sought: Sought) -> JSON:
    """One of these."""
    found = _found(sought, "image", "version")
    if not _is_in(found, sought.place):
        raise _missing(sought)
    return _version(sought, found)


def _shared(sought: Sought) -> bool:
    return sought.named["kind"].lower() == _SHARED.lower()


def _word(sought: Sought) -> str:
    return _SHARED if _shared(sought) else _COMMUNITY


# --- finding ----------------------------------------------------------------------------------------------------------


def _visible(sought: Sought) -> Iterator[tuple[JSON, list[str]]]:
    """Each gallery that who asks may find, with the names it is found by."""
    for one in sought.world.all_of(GALLERY):
        if names := _unique_names(sought.world, one) if _shared(sought) else public_names(one):
            yield one, names


def _unique_names(world: World, gallery: JSON) -> list[str]:
    """The name by which those find a gallery whom it is shared with; none where that is somebody else."""
    groups = dig(gallery, "properties.sharingProfile.groups") or []
    readers = {str(id).lower() for group in groups for id in group.get("ids") or []}
    mine = readers & {world.subscription.lower(), world.tenant.lower()}
    return [str(dig(gallery, "properties.identifier.uniqueName"))] if mine else []


def public_names(gallery: JSON) -> list[str]:
    """The names by which all the world finds a gallery; none where it is not shared with all the world."""
    info = dig(gallery, "properties.sharingProfile.communityGalleryInfo") or {}
    return list(info.get("publicNames") or []) if info.get("communityGalleryEnabled") is True else []


def _found(sought: Sought, *kinds: str) -> JSON:
    """The gallery of a name, or what lies in it; raises Refused where there is none."""
    wanted = sought.named["gallery"].lower()
    found = next((one for one, names in _visible(sought) if wanted in map(str.lower, names)), None)
    for kind in kinds:
        found = sought.world.get(Id.parse(found["id"]).child(f"{kind}s", sought.named[kind])) if found else None
    if found is None:
        raise _missing(sought)
    return found


def _inside(world: World, document: JSON, kind: str) -> Iterator[JSON]:
    return world.members(Id.parse(document["id"]).child(kind))


def _is_in(version: JSON, place: str) -> bool:
    """Whether a version has replicas in a region."""
    targets = dig(version, "properties.publishingProfile.targetRegions") or []
    return place in {region(str(target.get("name"))) for target in targets}


def _missing(sought: Sought) -> Refused:
    named = sought.named
    name = named.get("version") or named.get("image") or named["gallery"]
    return Refused(error(404, "NotFound", f"{name} is not found among {_word(sought)} in {named['place']}."))


# --- showing ----------------------------------------------------------------------------------------------------------


def _seen(word: str, place: str, name: str, *path: str) -> JSON:
    """What all of them show: where they are, their name, and the id others use."""
    return {"location": place, "name": name, "identifier": {"uniqueId": "/".join(("", word, *path))}}


def _gallery(sought: Sought, gallery: JSON, name: str) -> JSON:
    if _shared(sought):
        return _seen(_SHARED, sought.place, name, name)
    return community(gallery, name, sought.place)


def community(gallery: JSON, name: str, place: str) -> JSON:
    """A gallery as all the world sees it by one of its public names."""
    info = dig(gallery, "properties.sharingProfile.communityGalleryInfo") or {}
    said = {key: info[key] for key in ("publisherUri", "publisherContact", "eula", "publicNames") if key in info}
    return {"communityMetadata": said, **_seen(_COMMUNITY, place, name, name)}


def _image(sought: Sought, definition: JSON) -> JSON:
    said, name = definition["properties"], definition["name"]
    shown = {key: said[key] for key in ("osType", "osState", "hyperVGeneration", "architecture") if key in said}
    # Community galleries do not tell publisher, offer and SKU (recorded).
    identifier = said.get("identifier") if _shared(sought) else {}
    properties = {**shown, "identifier": identifier or {}, "recommended": said.get("recommended") or {}}
    own = _seen(_word(sought), sought.place, name, sought.named["gallery"], "Images", name)
    return {"properties": properties, **own}


def _version(sought: Sought, version: JSON) -> JSON:
    name = version["name"]
    profile = dig(version, "properties.publishingProfile") or {}
    disks = dig(version, "properties.storageProfile") or {}
    storage: JSON = {"osDiskImage": _disk(disks.get("osDiskImage") or {})}
    if disks.get("dataDiskImages"):
        storage["dataDiskImages"] = [_disk(one) for one in disks["dataDiskImages"]]
    properties = {
        "publishedDate": profile.get("publishedDate"),
        "excludeFromLatest": profile.get("excludeFromLatest", False),
        "storageProfile": storage,
    }
    path = sought.named["gallery"], "Images", sought.named["image"], "Versions", name
    return {"properties": properties, **_seen(_word(sought), sought.place, name, *path)}


def _disk(said: JSON) -> JSON:
    """A disk without what it was made from."""
    shown = {"lun": said.get("lun"), "diskSizeGB": said.get("sizeInGB"), "hostCaching": said.get("hostCaching")}
    return {key: value for key, value in shown.items() if value is not None}


__all__ = ["community", "galleries", "gallery", "image", "images", "public_names", "version", "versions"]
