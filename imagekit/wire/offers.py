"""Platform images as clients look for them: publisher, offer, SKU, version (imagekit/facts/marketplace.toml).

These lists come as bare JSON arrays (recorded answers of 2022-11-01).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from imagekit import facts
from imagekit.ids import region
from imagekit.wire.market import no_region
from imagekit.wire.messages import Heard, Named, Reply, error
from imagekit.world import JSON, World

GB = 1024**3
_PARTS = ("Publishers", "ArtifactTypes/VMImage/Offers", "Skus", "Versions")
_NONE = "Artifact: VMImage was not found."


def publishers(world: World, heard: Heard, named: Named) -> Any:
    """Who offers images."""
    return _listed(world, named, (one.publisher for one in facts.platform_images()))


def offers(world: World, heard: Heard, named: Named) -> Any:
    """What a publisher offers."""
    return _listed(world, named, (one.offer for one in _found(named)), str(named["publisher"]))


def skus(world: World, heard: Heard, named: Named) -> Any:
    """What an offer consists of."""
    above = str(named["publisher"]), str(named["offer"])
    return _listed(world, named, (one.sku for one in _found(named)), *above)


def versions(world: World, heard: Heard, named: Named) -> Any:
    """The versions of a SKU; $orderby=name desc puts the newest first, $top takes so many."""
    found = _found(named)
    if not found or facts.region(str(named["place"])) is None:
        return _listed(world, named, ())
    names = sorted(found[0].versions, reverse="desc" in heard.query.get("$orderby", ""))
    top = heard.query.get("$top", "")
    names = names[: int(top[:6])] if top.isdecimal() else names
    shown = [_version(world, named, found[0], name) for name in names]
    if heard.query.get("$expand", "").lower().startswith("properties"):  # az asks for one of them, and is given all
        return shown
    return [{key: value for key, value in one.items() if key != "properties"} for one in shown]


def version(world: World, heard: Heard, named: Named) -> Any:
    """One version with what it holds."""
    found = [one for one in _found(named) if named["version"] in one.versions]
    if not found or facts.region(str(named["place"])) is None:
        return error(404, "NotFound", _NONE)
    return _version(world, named, found[0], str(named["version"]))


def terms(world: World, heard: Heard, named: Named) -> Any:
    """The terms of an offer that is bought: as they were last accepted or not, at first not."""
    publisher, product, plan = (str(named[part]).lower() for part in ("publisher", "offer", "plan"))
    plans = [one.plan for one in facts.platform_images() if one.plan]
    sold = {(one.publisher.lower(), one.product.lower(), one.name.lower()): one for one in plans}
    found = sold.get((publisher, product, plan))
    if found is None:
        return error(400, "BadRequest", _NO_TERMS.format(publisher=publisher, product=product, plan=plan))
    said = {"publisher": found.publisher, "product": found.product, "plan": found.name, "accepted": False}
    own = {"id": heard.path, "name": found.name, "type": "Microsoft.MarketplaceOrdering/offertypes"}
    return world.get(heard.path) or {**own, "properties": {**said, "signature": world.token(heard.path.lower())}}


_NO_TERMS = "Unable to find legal terms for this offer: publisher '{publisher}', offer '{product}', plan '{plan}'."


def _found(named: Named) -> list[facts.PlatformImage]:
    """The images whose publisher, offer and SKU are those that are named, as far as they are."""
    wanted = [(part, str(named[part]).lower()) for part in ("publisher", "offer", "sku") if named.get(part)]
    return [one for one in facts.platform_images() if all(getattr(one, part).lower() == name for part, name in wanted)]


def _listed(world: World, named: Named, names: Iterable[str], *above: str) -> list[JSON] | Reply:
    place = str(named["place"])
    if facts.region(place) is None:
        return no_region(place)
    found = sorted(set(names), key=str.lower)
    if not found:
        return error(404, "NotFound", _NONE)
    return [{"location": region(place), "name": name, "id": _id(world, place, *above, name)} for name in found]


def _id(world: World, place: str, *names: str) -> str:
    head = f"/Subscriptions/{world.subscription}/Providers/Microsoft.Compute/Locations/{region(place)}"
    return head + "".join(f"/{part}/{name}" for part, name in zip(_PARTS, names, strict=False))


def _version(world: World, named: Named, image: facts.PlatformImage, name: str) -> JSON:
    place = str(named["place"])
    return {
        "properties": _properties(image),
        "location": region(place),
        "name": name,
        "id": _id(world, place, image.publisher, image.offer, image.sku, name),
    }


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
