"""What the service does with galleries and image definitions it agrees to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from imagekit import facts
from imagekit.asked import Asked
from imagekit.effects.core import Done, effect, framed, gone, in_state, put, start, target_ending, without_nulls
from imagekit.effects.identities import with_ids
from imagekit.ids import Id
from imagekit.operations.core import dig, planted, pruned
from imagekit.operations.definitions import SECURITY_TYPES
from imagekit.world import JSON, Job, World


@effect("create gallery", "update gallery")
def gallery(asked: Asked) -> Done:
    """FACTS GAL-006, GAL-021: the service adds a unique name, and public names to a community gallery.

    A change up to api-version 2022-03-03 is done at once, 200 and Succeeded (recorded answers of 2022 and 2023,
    azure-cli's and azure-sdk-for-python's tests); a later one answers Updating and works a moment (recorded answers of
    2026, azure-cli's tests; by then the service answered so at the older api-version, too).
    """
    properties = without_nulls(asked.new.get("properties") or {})
    unique = f"{asked.id.subscription}-{asked.name.upper()}"
    properties = planted(properties, "identifier.uniqueName", unique)
    if dig(properties, "sharingProfile.permissions") == "Community":
        properties = _community(asked, properties)
    if policy := properties.get("softDeletePolicy"):
        properties = {**properties, "softDeletePolicy": _recycling(policy)}
    document = with_ids(asked.world, framed(asked.id, asked.new, properties))
    if asked.old is None or asked.request.api_version > _LAST_AT_ONCE:
        return put(asked, document)
    changed = in_state(document, "Succeeded")
    return Done(asked.world.put(asked.id, changed), 200, changed)


_LAST_AT_ONCE = "2022-03-03"  # the last api-version at which a change was recorded as done at once


def _recycling(policy: JSON) -> JSON:
    """What is deleted stays for 7 days where nothing was said (recorded answers of 2026-04)."""
    return {**policy, "retentionPeriodInDays": policy.get("retentionPeriodInDays") or 7}


def _community(asked: Asked, properties: JSON) -> JSON:
    """Whether it is open, and its public names, only the service writes: clients leave them out of a change."""
    info = dig(properties, "sharingProfile.communityGalleryInfo") or {}
    was = dig(asked.old, "properties.sharingProfile.communityGalleryInfo") or {}
    name = f"{info.get('publicNamePrefix')}-{asked.world.token(asked.name)}"
    names = info.get("publicNames") or was.get("publicNames") or [name]
    opened = was.get("communityGalleryEnabled", False)
    filled = {"communityGalleryEnabled": opened, **info, "publicNames": names}
    return planted(properties, "sharingProfile.communityGalleryInfo", filled)


@effect("delete gallery")
def delete(asked: Asked) -> Done:
    """FACTS GAL-015: a gallery goes when it is empty, and with it what it keeps of deleted versions (recorded 2026)."""
    return gone(asked)


@effect("delete image definition")
def delete_definition(asked: Asked) -> Done:
    """FACTS GAL-015, GAL-017: only the definition itself goes; machines made from its versions keep their disks."""
    return gone(asked)


# --- sharing ----------------------------------------------------------------------------------------------------------


@effect("share gallery: add", "share gallery: remove", "share gallery: reset", "share gallery: enable-community")
def share(asked: Asked) -> Done:
    """FACTS GAL-023: the share action answers 202 and works a moment."""
    world, job = start(asked.world, asked, "shared", facts.duration("share gallery"), body=asked.body)
    return Done(world, 202, None, job)


@target_ending("shared")
def _shared(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    profile = dig(document, "properties.sharingProfile") or {}
    change = _PROFILES[job.data["body"].get("operationType")]
    after = change(profile, job.data["body"].get("groups") or [])
    return world.put(Id.parse(document["id"]), planted(document, "properties.sharingProfile", after)), None


def _add(profile: JSON, groups: list[JSON]) -> JSON:
    return {**profile, "permissions": "Groups", "groups": _grouped(profile, groups, lambda old, new: old | new)}


def _take(profile: JSON, groups: list[JSON]) -> JSON:
    return {**profile, "groups": _grouped(profile, groups, lambda old, new: old - new)}


def _grouped(profile: JSON, groups: list[JSON], join: Callable[[set[str], set[str]], set[str]]) -> list[JSON]:
    """The groups by kind, each joined with what was asked."""
    held = {group["type"]: set(group["ids"]) for group in profile.get("groups") or []}
    for group in groups:
        held[group["type"]] = join(held.get(group["type"], set()), set(group.get("ids") or []))
    return [{"type": kind, "ids": sorted(ids)} for kind, ids in held.items() if ids]


def _reset(profile: JSON, groups: list[JSON]) -> JSON:
    return {"permissions": "Private"}


def _enable(profile: JSON, groups: list[JSON]) -> JSON:
    return planted(profile, "communityGalleryInfo.communityGalleryEnabled", True)


_PROFILES = {"Add": _add, "Remove": _take, "Reset": _reset, "EnableCommunity": _enable}


# --- definitions ------------------------------------------------------------------------------------------------------


@effect("create image definition", "update image definition")
def definition(asked: Asked) -> Done:
    """FACTS DEF-008, DEF-010: the api-version decides the generation; x64 where nothing was said.

    The leave to change features is for one request and shows in no answer (recorded answers of 2026-04).
    """
    said = without_nulls(pruned(asked.new.get("properties") or {}, "allowUpdateImage"))
    said = pruned(said, *(name for name in ("disallowed", "features") if not said.get(name)))
    if "features" in said:
        said["features"] = [_usual(item) for item in said["features"]]
    properties = {"architecture": "x64", **_generation(asked.request.api_version, said), **said}
    return put(asked, framed(asked.id, asked.new, properties))


def _generation(api_version: str, said: JSON) -> JSON:
    """V1 up to api-version 2024-03-03; from 2025-03-03 V2, with Trusted Launch where no feature was named."""
    if "hyperVGeneration" in said:
        return {}
    if api_version < "2025-03-03":
        return {"hyperVGeneration": "V1"}
    return {"hyperVGeneration": "V2", "features": [{"name": "SecurityType", "value": "TrustedLaunchSupported"}]}


_SECURITY = {name.lower(): name for name in SECURITY_TYPES}


def _usual(feature: JSON) -> JSON:
    """A security type in its usual spelling, as recorded answers show it."""
    value: Any = feature.get("value")
    if feature.get("name") != "SecurityType":
        return feature
    return {**feature, "value": _SECURITY.get(str(value).lower(), value)}
