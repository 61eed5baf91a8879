"""What a run starts from: the source of the template, looked up when the build begins."""

from __future__ import annotations

from typing import Any

from imagekit.ids import Id, region
from imagekit.operations.core import dig
from imagekit.sources import VERSION, Source, in_region, latest, look_at, parsed, platform
from imagekit.world import JSON, World


def origin(world: World, template: JSON) -> Source | str:
    """The image a run of this template starts from now, or why there is none, in the service's words.

    `latest` means the newest when the build runs, not when the template was sent (FACTS TPL-015, TPL-017).
    """
    source, location = dig(template, "properties.source") or {}, str(template.get("location") or "")
    if source.get("type") == "PlatformImage":
        return platform(source)
    if source.get("type") == "ManagedImage":
        return look_at(world, source.get("imageId")) or _no_image(str(source.get("imageId")))
    if source.get("type") == "SharedImageVersion":
        return _version(world, source.get("imageVersionId"), location)
    return f"Sources of the type '{source.get('type')}' are no longer processed since 30 April 2020."  # FACTS TPL-014


def _version(world: World, text: Any, location: str) -> Source | str:
    id = parsed(text)
    if id and id.type == VERSION and id.name.lower() == "latest":
        newest = latest(world, id.parent or id, location)
        id = Id.parse(newest["id"]) if newest else id
    document = world.get(id) if id else None
    found = look_at(world, str(id)) if document else None
    if found is None or document is None:
        return _no_version(str(id or text), "the Resource was not found")
    if not in_region(world, document, location):
        return _no_version(str(id), f"it is not replicated to {region(location)}, where the template is")
    if found.os_state == "Specialized":
        return _no_version(str(id), "it is specialized, and Image Builder takes generalized images only")
    return found


def _no_image(id: str) -> str:
    return f"Build (Managed Image) step failed: Error getting Managed Image '{id}': the Resource was not found."


def _no_version(id: str, why: str) -> str:
    return f"Build (Shared Image Version) step failed for Image Version '{id}': {why}."


def label(template: JSON, found: Source) -> str:
    """What the tag VMImageBuilderSource says of an image (recorded of 2022-07-01; with `latest`, a thread of 2025)."""
    source = dig(template, "properties.source") or {}
    if source.get("type") == "PlatformImage":
        names = "::".join(str(source.get(key)) for key in ("publisher", "offer", "sku", "version"))
        exact = f" ({found.exact})" if str(source.get("version")).lower() == "latest" else ""
        return f"PlatformImage {names}{exact}"
    return f"{source.get('type')} {found.id}"
