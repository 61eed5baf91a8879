"""Galleries as others see them: community galleries by their public name, shared ones by their unique name.

The shapes are those of recorded answers (azure-cli's tests, 2023). Whoever asks is of this subscription, so what is
shared is what is shared with it or its tenant.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from imagekit.ids import GALLERY, Id, region
from imagekit.operations.core import dig
from imagekit.wire.messages import Heard, Named, error
from imagekit.world import JSON, World


def galleries(world: World, heard: Heard, named: Named) -> Any:
    """The galleries that are shared with who asks; community galleries are found by their name alone."""
    if not _shared(named):
        return {"value": []}
    return {"value": [_gallery(one, names, named) for one, names in _visible(world, named) if names]}


def gallery(world: World, heard: Heard, named: Named) -> Any:
    found = _sought(world, named)
    return _gallery(found, [str(named["gallery"])], named) if found else _missing(named)


def images(world: World, heard: Heard, named: Named) -> Any:
    found = _sought(world, named)
    return {"value": [_image(one, named) for one in _inside(world, found, "images")]} if found else _missing(named)


def image(world: World, heard: Heard, named: Named) -> Any:
    found = _sought(world, named, "images")
    return _image(found, named) if found else _missing(named)


def versions(world: World, heard: Heard, named: Named) -> Any:
    found = _sought(world, named, "images")
    if found is None:
        return _missing(named)
    inside = [one for one in _inside(world, found, "versions") if _is_in(one, named)]
    return {"value": [_version(one, named) for one in inside]}


def version(world: World, heard: Heard, named: Named) -> Any:
    found = _sought(world, named, "images", "versions")
    return _version(found, named) if found and _is_in(found, named) else _missing(named)


def _shared(named: Named) -> bool:
    return str(named["kind"]).lower() == "sharedgalleries"


def _word(named: Named) -> str:
    return "SharedGalleries" if _shared(named) else "CommunityGalleries"


# --- finding ----------------------------------------------------------------------------------------------------------


def _visible(world: World, named: Named) -> Iterator[tuple[JSON, list[str]]]:
    """Each gallery with the names by which who asks may find it."""
    for one in world.all_of(GALLERY):
        profile = dig(one, "properties.sharingProfile") or {}
        if _shared(named):
            readers = {str(id).lower() for group in profile.get("groups") or [] for id in group.get("ids") or []}
            mine = readers & {world.subscription.lower(), world.tenant.lower()}
            yield one, [str(dig(one, "properties.identifier.uniqueName"))] if mine else []
        else:
            yield one, public_names(one)


def public_names(gallery: JSON) -> list[str]:
    """The names by which all the world finds a gallery; none where it is not shared with all the world."""
    info = dig(gallery, "properties.sharingProfile.communityGalleryInfo") or {}
    return list(info.get("publicNames") or []) if info.get("communityGalleryEnabled") is True else []


def _sought(world: World, named: Named, *kinds: str) -> JSON | None:
    """The gallery of a name, or what lies in it."""
    wanted = str(named["gallery"]).lower()
    found = next((one for one, names in _visible(world, named) if wanted in map(str.lower, names)), None)
    for kind, name in zip(kinds, (named.get("image"), named.get("version")), strict=False):
        found = world.get(Id.parse(found["id"]).child(kind, str(name))) if found else None
    return found


def _inside(world: World, document: JSON, kind: str) -> Iterator[JSON]:
    return world.members(Id.parse(document["id"]).child(kind))


def _is_in(document: JSON, named: Named) -> bool:
    """Whether a version has replicas where it is asked for."""
    targets = dig(document, "properties.publishingProfile.targetRegions") or []
    return region(str(named["place"])) in {region(str(target.get("name"))) for target in targets}


def _missing(named: Named) -> Any:
    name = named.get("version") or named.get("image") or named["gallery"]
    return error(404, "NotFound", f"{name} is not found among {_word(named)} in {named['place']}.")


# --- showing ----------------------------------------------------------------------------------------------------------


def _framed(named: Named, name: str, gallery: str, *more: str, properties: JSON | None = None) -> JSON:
    unique = f"/{_word(named)}/{gallery}" + "".join(f"/{part}" for part in more)
    own = {"location": region(str(named["place"])), "name": name, "identifier": {"uniqueId": unique}}
    return own if properties is None else {"properties": properties, **own}


def _gallery(document: JSON, names: list[str], named: Named) -> JSON:
    shown = _framed(named, names[0], names[0])
    info = dig(document, "properties.sharingProfile.communityGalleryInfo") or {}
    if _shared(named):
        return shown
    said = {key: info[key] for key in ("publisherUri", "publisherContact", "eula", "publicNames") if key in info}
    return {"communityMetadata": said, **shown}


def community(gallery: JSON, name: str, place: str) -> JSON:
    """A gallery as all the world sees it by one of its public names."""
    return _gallery(gallery, [name], {"kind": "communitygalleries", "place": place})


def _image(document: JSON, named: Named) -> JSON:
    said = document["properties"]
    shown = {key: said[key] for key in ("osType", "osState", "hyperVGeneration", "architecture") if key in said}
    # Community galleries do not tell publisher, offer and SKU (recorded).
    identifier = said.get("identifier") if _shared(named) else {}
    properties = {**shown, "identifier": identifier or {}, "recommended": {}}
    properties |= {"recommended": said["recommended"]} if said.get("recommended") else {}
    name = document["name"]
    return _framed(named, name, str(named["gallery"]), "Images", name, properties=properties)


def _version(document: JSON, named: Named) -> JSON:
    said, name = document["properties"], document["name"]
    profile = said.get("publishingProfile") or {}
    disks = said.get("storageProfile") or {}
    storage: JSON = {"osDiskImage": _disk(disks.get("osDiskImage") or {})}
    if disks.get("dataDiskImages"):
        storage["dataDiskImages"] = [_disk(one) for one in disks["dataDiskImages"]]
    properties = {
        "publishedDate": profile.get("publishedDate"),
        "excludeFromLatest": profile.get("excludeFromLatest", False),
        "storageProfile": storage,
    }
    where = "Images", str(named["image"]), "Versions", name
    return _framed(named, name, str(named["gallery"]), *where, properties=properties)


def _disk(said: JSON) -> JSON:
    """A disk without what it was made from."""
    shown = {"lun": said.get("lun"), "diskSizeGB": said.get("sizeInGB"), "hostCaching": said.get("hostCaching")}
    return {key: value for key, value in shown.items() if value is not None}


__all__ = ["community", "galleries", "gallery", "image", "images", "public_names", "version", "versions"]
