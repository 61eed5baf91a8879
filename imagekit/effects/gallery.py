"""What the service does with galleries, image definitions and image versions it agrees to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from imagekit import facts
from imagekit.asked import Asked, merged
from imagekit.effects.core import Done, effect, ending, framed, gone, put, start, without_nulls
from imagekit.ids import Id
from imagekit.operations.core import dig, planted
from imagekit.sources import Source, look_at
from imagekit.world import JSON, Job, World, stamp

# Adding regions to a version takes a while for each (FACTS VER-032: 195 s median for a change of targets).
PER_REGION = "update image version"


@effect("create gallery", "update gallery")
def gallery(asked: Asked) -> Done:
    """FACTS GAL-006, GAL-021: the service adds a unique name, and public names to a community gallery."""
    properties = without_nulls(asked.new.get("properties") or {})
    unique = f"{asked.id.subscription}-{asked.name.upper()}"
    properties = planted(properties, "identifier.uniqueName", unique)
    if dig(properties, "sharingProfile.permissions") == "Community":
        properties = _community(asked, properties)
    return put(asked, framed(asked.id, asked.new, properties))


def _community(asked: Asked, properties: JSON) -> JSON:
    info = dig(properties, "sharingProfile.communityGalleryInfo") or {}
    name = f"{info.get('publicNamePrefix')}-{asked.world.token(asked.name)}"
    filled = {"communityGalleryEnabled": False, **info, "publicNames": info.get("publicNames") or [name]}
    return planted(properties, "sharingProfile.communityGalleryInfo", filled)


@effect("delete gallery", "delete image definition", "delete image version")
def delete(asked: Asked) -> Done:
    """FACTS GAL-015, GAL-017: only the resource itself goes; machines made from it keep their disks."""
    return gone(asked)


@effect("share gallery: add", "share gallery: remove", "share gallery: reset", "share gallery: enable-community")
def share(asked: Asked) -> Done:
    """FACTS GAL-023: the share action answers 202 and works a moment."""
    world, job = start(asked.world, asked, "shared", facts.duration("share gallery"), body=asked.body)
    return Done(world, 202, None, job)


@ending("shared")
def _shared(world: World, job: Job) -> tuple[World, JSON | None]:
    document = world.get(job.target)
    if document is None:
        return world, None
    profile = dig(document, "properties.sharingProfile") or {}
    kind = job.data["body"].get("operationType")
    after = _PROFILES[kind](profile, job.data["body"].get("groups") or [])
    return world.put(Id.parse(document["id"]), planted(document, "properties.sharingProfile", after)), None


def _add(profile: JSON, groups: list[JSON]) -> JSON:
    return {**profile, "permissions": "Groups", "groups": _grouped(profile, groups, lambda old, new: old | new)}


def _take(profile: JSON, groups: list[JSON]) -> JSON:
    return {**profile, "groups": _grouped(profile, groups, lambda old, new: old - new)}


def _grouped(profile: JSON, groups: list[JSON], join: Any) -> list[JSON]:
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


@effect("create image definition", "update image definition")
def definition(asked: Asked) -> Done:
    """FACTS DEF-008, DEF-010: the api-version decides the generation; x64 where nothing was said."""
    properties = without_nulls(asked.new.get("properties") or {})
    late = asked.request.api_version >= "2025-03-03"
    if "hyperVGeneration" not in properties:
        properties = {"hyperVGeneration": "V2" if late else "V1", **properties}
        if late and "features" not in properties:
            properties["features"] = [{"name": "SecurityType", "value": "TrustedLaunchSupported"}]
    properties = {"architecture": "x64", **properties}
    if not properties.get("disallowed"):
        properties.pop("disallowed", None)
    return put(asked, framed(asked.id, asked.new, _named(properties)))


_SECURITY = {
    name.lower(): name
    for name in (
        "Standard",
        "TrustedLaunchSupported",
        "TrustedLaunch",
        "ConfidentialVMSupported",
        "ConfidentialVM",
        "TrustedLaunchAndConfidentialVmSupported",
    )
}


def _named(properties: JSON) -> JSON:
    """Security types in their usual spelling, as recorded answers show them."""
    features = properties.get("features")
    if not features:
        return {key: value for key, value in properties.items() if key != "features"}
    usual = [
        {**item, "value": _SECURITY.get(str(item.get("value")).lower(), item.get("value"))}
        if item.get("name") == "SecurityType"
        else item
        for item in features
    ]
    return {**properties, "features": usual}


@effect("create image version")
def create_version(asked: Asked) -> Done:
    """FACTS VER-039: the first answer has the targets filled in; sizes follow when the version is built."""
    properties = without_nulls(asked.new.get("properties") or {})
    profile = _publishing(asked, properties.get("publishingProfile") or {})
    storage = properties.get("storageProfile") or {}
    if "osDiskImage" in storage:
        storage = {**storage, "osDiskImage": {"hostCaching": "ReadWrite", **storage["osDiskImage"]}}
    safety = {**_SAFETY, **(properties.get("safetyProfile") or {})}
    filled = {**properties, "publishingProfile": profile, "storageProfile": storage, "safetyProfile": safety}
    document = framed(asked.id, asked.new, filled)
    seconds = _building(asked.source, document)
    return put(asked, document, "version built", seconds, source=asked.source_id, steps=_steps(document, seconds))


_SAFETY = {"reportedForPolicyViolation": False, "allowDeletionOfReplicatedLocations": False}


def _publishing(asked: Asked, profile: JSON) -> JSON:
    """FACTS VER-022: a region without its own count or storage takes the profile's, else 1 and Standard_LRS."""
    count, storage = profile.get("replicaCount") or 1, profile.get("storageAccountType") or "Standard_LRS"
    targets = profile.get("targetRegions") or [{"name": asked.new.get("location")}]
    regions = [_target(item, count, storage) for item in targets]
    edges = [_edge(item) for item in profile.get("targetExtendedLocations") or []]
    published = profile.get("publishedDate") or stamp(asked.world.clock)
    filled = {
        "excludeFromLatest": False,
        **profile,
        "targetRegions": regions,
        "replicaCount": count,
        "publishedDate": published,
        "storageAccountType": storage,
    }
    return {**filled, "targetExtendedLocations": edges} if edges else filled


def _target(item: JSON, count: int, storage: str) -> JSON:
    """FACTS GAL-030: the service answers regions by their display names."""
    shown = {
        **item,
        "name": _display(item.get("name")),
        "regionalReplicaCount": item.get("regionalReplicaCount") or count,
        "storageAccountType": item.get("storageAccountType") or storage,
    }
    disk = dig(item, "encryption.osDiskImage")
    return planted(shown, "encryption.osDiskImage", {"securityProfile": {}, **disk}) if disk else shown


def _display(name: Any) -> str:
    known = facts.region(str(name))
    return known.display_name if known else str(name)


def _edge(item: JSON) -> JSON:
    """An edge zone keeps its image on StandardSSD_LRS unless told otherwise (FACTS VER-023)."""
    storage = str(item.get("storageAccountType") or "StandardSSD_LRS").lower()
    usual = {name.lower(): name for name in ("StandardSSD_LRS", "Standard_LRS", "Standard_ZRS", "Premium_LRS")}
    return {**item, "name": _display(item.get("name")), "storageAccountType": usual.get(storage, storage)}


def _building(source: Source | None, document: JSON) -> float:
    """Build in the own region, scaled by size (square root, assumed), then copy to each further region."""
    gb = max(30, (source.os_gb if source else None) or 30)
    scale = (gb / 30) ** 0.5
    further = len(dig(document, "properties.publishingProfile.targetRegions")) - 1
    if dig(document, "properties.publishingProfile.replicationMode") == "Shallow":
        return facts.duration("create image definition")
    return scale * (facts.duration("create image version") + further * facts.duration(PER_REGION))


def _steps(document: JSON, seconds: float) -> list[JSON]:
    """When each region has its replicas, in seconds from the start: one after the other, the own region first."""
    targets = dig(document, "properties.publishingProfile.targetRegions")
    home = _display(document.get("location"))
    ordered = sorted((item["name"] for item in targets), key=lambda name: name != home)
    build = seconds / (1 + (len(ordered) - 1) * facts.duration(PER_REGION) / facts.duration("create image version"))
    copy = (seconds - build) / (len(ordered) - 1) if len(ordered) > 1 else 0.0
    return [{"region": name, "from": build * (n > 0) + copy * max(0, n - 1), "to": build + copy * n} for n, name in enumerate(ordered)]


@ending("version built")
def _built(world: World, job: Job) -> tuple[World, JSON | None]:
    """FACTS VER-038: a version carries the operating system disk and all data disks of its source."""
    document = world.get(job.target)
    if document is None:
        return world, None
    id = Id.parse(document["id"])
    source = look_at(world, job.data.get("source"))
    storage = dig(document, "properties.storageProfile") or {}
    built = planted(document, "properties.storageProfile", {**storage, **_disks(storage, source)})
    built = planted(built, "properties.provisioningState", "Succeeded")
    return world.put(id, built).with_guest(id, source.guest if source else None), None


def _disks(storage: JSON, source: Source | None) -> JSON:
    origin = dig(storage, "osDiskImage.source") or {}
    size = (source.os_gb if source else None) or 30
    disks: JSON = {"osDiskImage": {"sizeInGB": size, "hostCaching": "ReadWrite", "source": origin}}
    if storage.get("dataDiskImages"):
        disks["dataDiskImages"] = [{"sizeInGB": 10, "hostCaching": "None", **disk} for disk in storage["dataDiskImages"]]
    elif source and source.data:
        disks["dataDiskImages"] = [{"lun": lun, "sizeInGB": gb or 10, "hostCaching": "None"} for lun, gb in source.data]
    return disks


@effect("update image version")
def update_version(asked: Asked) -> Done:
    """FACTS VER-027: regions, counts, exclusion and end of life change; the disks stay as they are."""
    old = asked.old or {}
    sent = without_nulls(asked.body.get("properties") or {})
    profile = merged(dig(old, "properties.publishingProfile") or {}, sent.get("publishingProfile") or {})
    if not (sent.get("publishingProfile") or {}).get("targetExtendedLocations"):
        profile = {key: value for key, value in profile.items() if key != "targetExtendedLocations"}
    safety = {**(dig(old, "properties.safetyProfile") or _SAFETY), **(sent.get("safetyProfile") or {})}
    properties = {**old["properties"], "publishingProfile": _publishing(asked, profile), "safetyProfile": safety}
    document = framed(asked.id, {**old, **{"tags": asked.new.get("tags")}}, properties)
    new = _new_regions(old, document)
    seconds = facts.duration(PER_REGION) * max(1, new) if _replicates(old, document) else 5.0
    return put(asked, document, "succeed", seconds, steps=_later_steps(old, document, seconds))


def _names(document: JSON) -> set[str]:
    return {item["name"] for item in dig(document, "properties.publishingProfile.targetRegions") or []}


def _new_regions(old: JSON, new: JSON) -> int:
    return len(_names(new) - _names(old))


def _replicates(old: JSON, new: JSON) -> bool:
    """Whether there is anything to copy: other regions, or other counts."""
    path = "properties.publishingProfile.targetRegions"
    return bool(dig(old, path) != dig(new, path))


def _later_steps(old: JSON, new: JSON, seconds: float) -> list[JSON]:
    return [{"region": name, "from": 0.0, "to": seconds} for name in sorted(_names(new) - _names(old))]


def replicated(world: World, version: JSON) -> list[JSON]:
    """The replicationStatus summary of a version: each region with its progress now (FACTS VER-030)."""
    key = str(version["id"]).lower()
    steps = {step["region"]: (job, step) for job in world.busy(key) for step in job.data.get("steps") or []}
    return [_progress(world, item["name"], steps.get(item["name"])) for item in _targets(version)]


def _targets(version: JSON) -> list[JSON]:
    return dig(version, "properties.publishingProfile.targetRegions") or []


def _progress(world: World, name: str, step: tuple[Job, JSON] | None) -> JSON:
    if step is None:
        return {"region": name, "state": "Completed", "progress": 100}
    job, times = step
    begun = job.began + timedelta(seconds=times["from"])
    length = max(times["to"] - times["from"], 0.001)
    share = min(max((world.clock - begun).total_seconds() / length, 0.0), 1.0)
    state = "Completed" if share >= 1 else "Replicating" if share > 0 else "Unknown"
    return {"region": name, "state": state, "progress": int(100 * share)}


def in_region(world: World, version: JSON, name: str) -> bool:
    """Whether a version's replicas in a region are there."""
    shown = _display(name)
    return any(item["region"] == shown and item["state"] == "Completed" for item in replicated(world, version))


