"""What the service does with image versions it agrees to: building them, changing them, copying them to regions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from imagekit import facts
from imagekit.asked import Asked, merged
from imagekit.effects.core import Done, effect, framed, put, settled, target_ending, without_nulls
from imagekit.effects.machine_disks import DATA_GB
from imagekit.ids import Id
from imagekit.operations.core import dig, planted, pruned
from imagekit.sources import Source, look_at, replicas
from imagekit.world import JSON, Job, World, stamp

# Adding regions to a version takes a while for each (FACTS VER-032: 195 s median for a change of targets).
PER_REGION = "update image version"
BUILD = "create image version"
NOTHING_TO_COPY = 5.0  # a change of dates or exclusions only: nobody timed it, assumed
OS_GB = facts.os_disk_gb("Linux")  # the recorded Linux images, which the medians belong to

NAMED_DATA = "ReadOnly"  # the caching of a data disk that was named one by one (recorded answers of 2021-11)
_SAFETY = {"reportedForPolicyViolation": False, "allowDeletionOfReplicatedLocations": False}


@effect("create image version")
def create(asked: Asked) -> Done:
    """FACTS VER-039: the first answer has the targets filled in; sizes follow when the version is built."""
    return made(asked, asked.source)


def made(asked: Asked, source: Source | None) -> Done:
    """A version under way, made from what is known of its source."""
    properties = without_nulls(asked.new.get("properties") or {})
    storage = properties.get("storageProfile") or {}
    if "osDiskImage" in storage:
        storage = {**storage, "osDiskImage": {"hostCaching": "ReadWrite", **storage["osDiskImage"]}}
    if "dataDiskImages" in storage:
        disks = [{"hostCaching": NAMED_DATA, **disk} for disk in storage["dataDiskImages"]]
        storage = {**storage, "dataDiskImages": disks}
    filled = {
        **properties,
        "publishingProfile": _publishing(asked, properties.get("publishingProfile") or {}),
        "storageProfile": storage,
        "safetyProfile": {**_SAFETY, **(properties.get("safetyProfile") or {})},
    }
    document = framed(asked.id, asked.new, filled)
    seconds = _building(source, document)
    taken: JSON = {"gb": source.os_gb, "data": [list(disk) for disk in source.data]} if source else {}
    taken["named"] = [_size(asked.world, disk) for disk in storage.get("dataDiskImages") or []]
    taken["platform"] = _platform(asked.world, source)
    done = put(asked, document, "version built", seconds, taken=taken, steps=_steps(document, seconds))
    return replace(done, world=done.world.with_guest(asked.id, source.guest if source else None))


def _platform(world: World, source: Source | None) -> list[JSON]:
    """The platform image a source machine was made from, as a version tells it (recorded answers of 2026-09)."""
    machine = world.get(source.id) if source and source.kind == "virtual machine" else None
    reference = dig(machine, "properties.storageProfile.imageReference") or {}
    named = [(part, reference.get(part)) for part in ("publisher", "offer", "sku")]
    return [{"name": f"source_image_{part}", "value": value} for part, value in named if value]


def _size(world: World, disk: JSON) -> int | None:
    """The size of the disk or snapshot a data disk is made from, as far as anyone can tell."""
    source = look_at(world, dig(disk, "source.id"))
    return source.os_gb if source else None


# --- the publishing profile -------------------------------------------------------------------------------------------


def _publishing(asked: Asked, profile: JSON) -> JSON:
    """FACTS VER-022: a region without its own count or storage takes the profile's, else 1 and Standard_LRS."""
    count, storage = profile.get("replicaCount") or 1, profile.get("storageAccountType") or "Standard_LRS"
    targets = profile.get("targetRegions") or [{"name": asked.new.get("location")}]
    edges = [_edge(item) for item in profile.get("targetExtendedLocations") or []]
    filled = {
        "excludeFromLatest": False,
        **profile,
        "targetRegions": [_target(item, count, storage) for item in targets],
        "replicaCount": count,
        "publishedDate": profile.get("publishedDate") or stamp(asked.world.clock),
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
    return _locked(shown)


def _locked(target: JSON) -> JSON:
    """Whoever names a key for the operating system disk is answered a security profile beside it (recorded)."""
    disk = dig(target, "encryption.osDiskImage")
    return planted(target, "encryption.osDiskImage", {"securityProfile": {}, **disk}) if disk else target


def _display(name: Any) -> str:
    known = facts.region(str(name))
    return known.display_name if known else str(name)


_EDGE = {name.lower(): name for name in ("StandardSSD_LRS", "Standard_LRS", "Standard_ZRS", "Premium_LRS")}


def _edge(item: JSON) -> JSON:
    """An edge zone keeps its image on StandardSSD_LRS unless told otherwise (FACTS VER-023)."""
    storage = str(item.get("storageAccountType") or "StandardSSD_LRS")
    name, kind = _display(item.get("name")), _EDGE.get(storage.lower(), storage)
    return _locked({**item, "name": name, "storageAccountType": kind})


# --- building ---------------------------------------------------------------------------------------------------------


def _building(source: Source | None, document: JSON) -> float:
    """Build in the own region, scaled by size (square root, assumed), then copy to each further region.

    A shallow version copies nothing and is made as fast as a definition (assumed).
    """
    if dig(document, "properties.publishingProfile.replicationMode") == "Shallow":
        return facts.duration("create image definition")
    scale = (max(OS_GB, (source.os_gb if source else None) or OS_GB) / OS_GB) ** 0.5
    further = sum(1 for _ in replicas(document)) - 1
    seconds: float = scale * (facts.duration(BUILD) + further * facts.duration(PER_REGION))
    return seconds


def _steps(document: JSON, seconds: float) -> list[JSON]:
    """When each region has its replicas, in seconds from the start: one after the other, the own region first."""
    home = _display(document.get("location"))
    ordered = sorted((item["name"] for item in replicas(document)), key=lambda name: name != home)
    further = len(ordered) - 1
    build = seconds / (1 + further * facts.duration(PER_REGION) / facts.duration(BUILD))
    copy = (seconds - build) / further if further else 0.0
    ends = [build + copy * number for number in range(len(ordered))]
    return [
        {"region": name, "from": begin, "to": end}
        for name, begin, end in zip(ordered, [0.0, *ends], ends, strict=False)
    ]


@target_ending("version built")
def _built(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    """FACTS VER-038: a version carries the operating system disk and all data disks of its source, as they were."""
    storage, taken = dig(document, "properties.storageProfile") or {}, job.data["taken"]
    built = planted(document, "properties.storageProfile", {**storage, **_disks(storage, taken)})
    built = planted(built, "properties.validationsProfile", _validations(taken.get("platform") or []))
    return settled(world.put(Id.parse(document["id"]), built), job.target), None


def _validations(platform: list[JSON]) -> JSON:
    """Nobody asked for a validation; what the image descends from is told where it is known (recorded answers)."""
    return {"validationOperationStatus": "NotExecuted", **({"platformAttributes": platform} if platform else {})}


def _disks(storage: JSON, taken: JSON) -> JSON:
    origin = dig(storage, "osDiskImage.source") or {}
    size = taken.get("gb") or OS_GB
    about = {"sizeInGB": size, "hostCaching": dig(storage, "osDiskImage.hostCaching") or "ReadWrite"}
    disks: JSON = {"osDiskImage": {**about, "source": origin}}
    if named := storage.get("dataDiskImages"):
        sizes = taken.get("named") or [None] * len(named)  # a cloud that was saved earlier has none
        disks["dataDiskImages"] = [
            {"sizeInGB": gb or DATA_GB, "hostCaching": "None", **disk} for disk, gb in zip(named, sizes, strict=True)
        ]
    elif taken.get("data"):
        disks["dataDiskImages"] = [
            {"lun": lun, "sizeInGB": gb or DATA_GB, "hostCaching": "None"} for lun, gb in taken["data"]
        ]
    return disks


# --- changing ---------------------------------------------------------------------------------------------------------


@effect("update image version")
def update(asked: Asked) -> Done:
    """FACTS VER-027: regions, counts, exclusion and end of life change; the disks stay as they are."""
    old = asked.old or {}
    sent = without_nulls(asked.body.get("properties") or {})
    profile = merged(dig(old, "properties.publishingProfile") or {}, sent.get("publishingProfile") or {})
    if not (sent.get("publishingProfile") or {}).get("targetExtendedLocations"):
        profile = pruned(profile, "targetExtendedLocations")
    safety = {**(dig(old, "properties.safetyProfile") or _SAFETY), **(sent.get("safetyProfile") or {})}
    properties = {**old["properties"], "publishingProfile": _publishing(asked, profile), "safetyProfile": safety}
    document = framed(asked.id, {**old, "tags": asked.new.get("tags")}, properties)
    new = sorted(_regions(document) - _regions(old))
    seconds = facts.duration(PER_REGION) * max(1, len(new)) if _copies(old, document) else NOTHING_TO_COPY
    steps = [{"region": name, "from": 0.0, "to": seconds} for name in new]
    done = put(asked, document, "succeed", seconds, steps=steps)
    return replace(done, body=without_validations(done.body))


def without_validations(document: JSON) -> JSON:
    """A version as the answer to a change shows it; what is asked later shows validations again (recorded in 2026)."""
    return pruned(document, "properties.validationsProfile")


def _regions(version: JSON) -> set[str]:
    return {item["name"] for item in replicas(version)}


def _copies(old: JSON, new: JSON) -> bool:
    """Whether there is anything to copy: other regions, or other counts."""
    return _places(old) != _places(new)


def _places(version: JSON) -> list[JSON]:
    """Where the copies are; whether they count as latest moves none of them."""
    return [pruned(one, "excludeFromLatest") for one in replicas(version)]


# --- replication over time --------------------------------------------------------------------------------------------


def replicated(world: World, version: JSON) -> list[JSON]:
    """The replicationStatus summary of a version: each region with its progress now (FACTS VER-030)."""
    key = str(version["id"]).lower()
    steps = {step["region"]: (job, step) for job in world.busy(key) for step in job.data.get("steps") or []}
    return [_progress(world, item["name"], steps.get(item["name"])) for item in replicas(version)]


def _progress(world: World, name: str, step: tuple[Job, JSON] | None) -> JSON:
    if step is None:
        return {"region": name, "state": "Completed", "progress": 100}
    job, times = step
    begun = job.began + timedelta(seconds=times["from"])
    length = max(times["to"] - times["from"], 0.001)
    share = min(max((world.clock - begun).total_seconds() / length, 0.0), 1.0)
    state = "Completed" if share >= 1 else "Replicating" if share > 0 else "Unknown"
    return {"region": name, "state": state, "progress": int(100 * share)}
