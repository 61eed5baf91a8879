"""Platform images as clients look for them: publisher, offer, SKU, version (imagekit/facts/marketplace.toml).

These lists come as bare JSON arrays (recorded answers of 2022-11-01).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from imagekit import facts
from imagekit.wire.messages import Refused, error
from imagekit.wire.sought import Sought
from imagekit.world import JSON

GB = 1024**3
_PARTS = ("Publishers", "ArtifactTypes/VMImage/Offers", "Skus", "Versions")
_NONE = "Artifact: VMImage was not found."  # with NotFound, as Get-AzVMImageSku shows it


def publishers(sought: Sought) -> list[JSON]:
    """Who offers images."""
    return _listed(sought, (one.publisher for one in facts.platform_images()))


def offers(sought: Sought) -> list[JSON]:
    """What a publisher offers."""
    return _listed(sought, (one.offer for one in _images(sought)), "publisher")


def skus(sought: Sought) -> list[JSON]:
    """What an offer consists of."""
    return _listed(sought, (one.sku for one in _images(sought)), "publisher", "offer")


def versions(sought: Sought) -> list[JSON]:
    """The versions of a SKU; $orderby=name desc puts the newest first, $top takes so many."""
    image, query = _image(sought), sought.heard.query
    names = sorted(image.versions, reverse="desc" in query.get("$orderby", ""))
    top = query.get("$top", "")
    shown = [_version(sought, image, name) for name in (names[: int(top[:6])] if top.isdecimal() else names)]
    if query.get("$expand", "").lower().startswith("properties"):  # az asks for one of them, and is given all
        return shown
    return [{key: value for key, value in one.items() if key != "properties"} for one in shown]


def version(sought: Sought) -> JSON:
    """One version with what it holds."""
    image, name = _image(sought), sought.named["version"]
    if name not in image.versions:
        raise _no_artifact()
    return _version(sought, image, name)


def terms(sought: Sought) -> JSON:
    """The terms of an offer that is bought: as they were last accepted or not, at first not."""
    world, path = sought.world, sought.heard.path
    publisher, product, plan = (sought.named[part].lower() for part in ("publisher", "offer", "plan"))
    plans = [one.plan for one in facts.platform_images() if one.plan]
    sold = {(one.publisher.lower(), one.product.lower(), one.name.lower()): one for one in plans}
    found = sold.get((publisher, product, plan))
    if found is None:
        raise Refused(error(400, "BadRequest", _NO_TERMS.format(publisher=publisher, product=product, plan=plan)))
    said = {"publisher": found.publisher, "product": found.product, "plan": found.name, "accepted": False}
    own = {"id": path, "name": found.name, "type": "Microsoft.MarketplaceOrdering/offertypes"}
    return world.get(path) or {**own, "properties": {**said, "signature": world.token(path.lower())}}


# The words are those scripts look for; the code is assumed.
_NO_TERMS = "Unable to find legal terms for this offer: publisher '{publisher}', offer '{product}', plan '{plan}'."


def _images(sought: Sought) -> list[facts.PlatformImage]:
    """The images whose publisher, offer and SKU are those that are named, as far as they are."""
    wanted = [(part, sought.named[part].lower()) for part in ("publisher", "offer", "sku") if part in sought.named]
    return [one for one in facts.platform_images() if all(getattr(one, part).lower() == name for part, name in wanted)]


def _image(sought: Sought) -> facts.PlatformImage:
    """The image of a publisher, an offer and a SKU; raises Refused where there is none, or no such region."""
    found = _images(sought) if sought.known_region() else []
    if not found:
        raise _no_artifact()
    return found[0]


def _no_artifact() -> Refused:
    return Refused(error(404, "NotFound", _NONE))


def _listed(sought: Sought, names: Iterable[str], *above: str) -> list[JSON]:
    place, path = sought.known_region(), [sought.named[part] for part in above]
    found = sorted(set(names), key=str.lower)
    if not found:
        raise _no_artifact()
    return [{"location": place, "name": name, "id": _id(sought, *path, name)} for name in found]


def _id(sought: Sought, *names: str) -> str:
    head = f"/Subscriptions/{sought.world.subscription}/Providers/Microsoft.Compute/Locations/{sought.place}"
    return head + "".join(f"/{part}/{name}" for part, name in zip(_PARTS, names, strict=False))


def _version(sought: Sought, image: facts.PlatformImage, name: str) -> JSON:
    id = _id(sought, image.publisher, image.offer, image.sku, name)
    return {"properties": _properties(image), "location": sought.place, "name": name, "id": id}


def _properties(image: facts.PlatformImage) -> JSON:
    security = [{"name": "SecurityType", "value": image.security_type}] if image.security_type else []
    size = {"sizeInGb": image.os_disk_gb, "sizeInBytes": image.os_disk_gb * GB}
    return {
        "hyperVGeneration": image.generation,
        "architecture": image.architecture,
        "replicaType": "Managed",
        "disallowed": {"vmDiskType": "Unmanaged" if image.generation == "V2" else "None"},
        "automaticOSUpgradeProperties": {"automaticOSUpgradeSupported": False},
        "imageDeprecationStatus": {"imageState": "Active"},
        "features": [*security, {"name": "IsAcceleratedNetworkSupported", "value": "True"}],
        "osDiskImage": {"operatingSystem": image.os_type, **size},
        "dataDiskImages": [],
        **({"plan": asdict(image.plan)} if image.plan else {}),
    }


__all__ = ["offers", "publishers", "skus", "terms", "version", "versions"]
