"""What lab plans and lab accounts show of the images of their gallery and of Azure Marketplace (FACTS LAB-013)."""

from __future__ import annotations

from imagekit.asked import Asked
from imagekit.effects.core import Done, effect, framed, without_nulls
from imagekit.operations.core import dig
from imagekit.rules.labs.reading import LabImage, home_above, image_at, images, told_enabled
from imagekit.sources import replicas
from imagekit.world import JSON


def as_document(image: LabImage, enabled: bool | None = None) -> JSON:
    """An image as its plan or account shows it."""
    usable = image.enabled if enabled is None else enabled
    return framed(image.place, {}, without_nulls(_properties(image, usable)))


def _properties(image: LabImage, enabled: bool) -> JSON:
    word = "Enabled" if enabled else "Disabled"
    common = {"provisioningState": "Succeeded", **_about(image)}
    if not image.home.is_account:
        return {"displayName": image.name, "enabledState": word, **common}
    if image.platform:
        return {"author": image.platform.publisher, "isEnabled": enabled, "isOverride": False, **common}
    return {"enableState": word, "definitionName": image.name, **common}


def _about(image: LabImage) -> JSON:
    if image.platform:
        one = image.platform
        names = {"publisher": one.publisher, "offer": one.offer, "sku": one.sku, "version": one.latest}
        return {**names, "osType": one.os_type, "osState": "Generalized"}
    document = image.home.world.get(image.definition) if image.definition else None
    return {
        "osType": dig(document, "properties.osType"),
        "osState": dig(document, "properties.osState"),
        "sharedGalleryId": str(image.definition),
        "availableRegions": [str(one["name"]) for one in replicas(image.version)] if image.version else None,
        "version": image.version["name"] if image.version else None,
    }


@effect("list images of lab plan", "list shared images of lab account", "list gallery images of lab account")
def listed(asked: Asked) -> Done:
    """Every image the plan or account could use, with whether it is enabled."""
    home = home_above(asked)
    if home is None:
        return Done(asked.world, 404)
    return Done(asked.world, 200, {"value": [as_document(one) for one in images(home, asked.id.type)]})


@effect("show image of lab plan", "show shared image of lab account", "show gallery image of lab account")
def one(asked: Asked) -> Done:
    """One image, or 404 where there is none of this name."""
    image = image_at(asked.world, asked.id)
    return Done(asked.world, 200, as_document(image)) if image else Done(asked.world, 404)


@effect("update image of lab plan", "update shared image of lab account", "update gallery image of lab account")
def enabled(asked: Asked) -> Done:
    """Enable or disable an image; the answer is the image as it is now."""
    image = image_at(asked.world, asked.id)
    if image is None:
        return Done(asked.world, 404)
    document = as_document(image, told_enabled(asked.said("properties")))
    return Done(asked.world.put(image.place, document), 200, document)
