"""The laws of where a version goes: target regions, replicas, storage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from imagekit import facts
from imagekit.asked import Asked
from imagekit.ids import region
from imagekit.operations.core import dig
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import CREATE_VERSION, NEW_VERSION, OVERVIEW, TROUBLE, UPDATE_VERSION, VERSIONS
from imagekit.unreadable import nearest

_TARGETS = f"{NEW_VERSION} --target-regions eastus=1 westeurope=2"


@rule(
    CREATE_VERSION,
    UPDATE_VERSION,
    refuses="InvalidParameter",
    message="Gallery image version publishing profile regions '{regions}' must contain the location of image version "
    "'{home}'.",
    says="The version is made in {home}, which is not among its target regions ({regions}).",
    fix="Add {home} to the target regions.",
    fact="VER-015, VER-041, ERR-VER-002",
    source=VERSIONS,
    good=_TARGETS,
    bad=[("eastus=1 westeurope=2", "westeurope=2")],
)
def home_region_is_a_target(asked: Asked) -> Iterator[Found]:
    """The region a version is made in is one of its target regions.

    The first copy is the one all others are made from, so it stays. az adds the region by itself only when you name no
    target at all. This is one of two rules about regions: the other one says that the source lies there too.
    """
    regions = [region(str(item.get("name"))) for _, item in asked.targets()]
    if regions and asked.location not in regions:
        yield found("/properties/publishingProfile/targetRegions", regions=", ".join(regions), home=asked.location)


@rule(
    CREATE_VERSION,
    UPDATE_VERSION,
    refuses="InvalidParameter",
    message="Duplicate regions are not allowed in target publishing regions.",
    says="{name} stands {count} times among the target regions.",
    fix="Name it once, with the number of replicas you want.",
    fact="VER-028, ERR-VER-003",
    source=TROUBLE,
    good=_TARGETS,
    bad=[("westeurope=2", "westeurope=2 'West Europe'")],
)
def target_regions_are_named_once(asked: Asked) -> Iterator[Found]:
    """A target region is listed once.

    West Europe and westeurope are one region, however they are written.
    """
    counts = Counter(region(str(item.get("name"))) for _, item in asked.targets())
    for name, count in counts.items():
        if count > 1:
            yield found("/properties/publishingProfile/targetRegions", name=name, count=count)


@rule(
    CREATE_VERSION,
    UPDATE_VERSION,
    refuses="InvalidParameter",
    message="The target region '{name}' is not a valid Azure region.",
    says="{name!r} is no region of Azure.",
    fix="Use a region such as {near}.",
    fact="GAL-030, ERR-GAL-006",
    source=TROUBLE,
    confidence="assumed",
    good=_TARGETS,
    bad=[("westeurope", "westeuropa")],
)
def target_regions_are_known(asked: Asked) -> Iterator[Found]:
    """A target region is a region of Azure.

    Short and display names are both read.
    """
    for number, item in asked.targets():
        name = str(item.get("name"))
        if facts.region(name) is None:
            near = nearest(region(name), facts.region_names()) or "eastus"
            yield found(f"/properties/publishingProfile/targetRegions/{number}/name", name=name, near=near)


@rule(
    CREATE_VERSION,
    UPDATE_VERSION,
    refuses="InvalidParameter",
    message="The value {count} of parameter {field} is out of range. The value must be between 1 and 100, inclusive.",
    says="{count} replicas are not possible.",
    fix="Use 1 to 100; 50 are enough for nearly everybody.",
    fact="GAL-008, ERR-VER-004",
    source=OVERVIEW,
    confidence="assumed",
    good=_TARGETS,
    bad=[("westeurope=2", "westeurope=101"), ("westeurope=2", "westeurope=0")],
)
def replica_count(asked: Asked) -> Iterator[Found]:
    """A version has 1 to 100 replicas in a region.

    The limit was 10 in 2020, 50 in 2022 and has been 100 since January 2023.
    """
    counts = [("replicaCount", asked.said("properties.publishingProfile.replicaCount"))]
    counts += [("regionalReplicaCount", item.get("regionalReplicaCount")) for _, item in asked.targets()]
    for name, count in counts:
        if count is not None and not 1 <= count <= 100:
            yield found("/properties/publishingProfile", count=count, field=name)


@rule(
    CREATE_VERSION,
    UPDATE_VERSION,
    refuses="InvalidParameter",
    message="ZRS storage account type is not supported in this region.",
    says="{name} has no availability zones, so it cannot keep zone-redundant copies.",
    fix="Use Standard_LRS or Premium_LRS there.",
    fact="VER-023, ERR-DEF-007",
    source=TROUBLE,
    confidence="assumed",
    good=f"{NEW_VERSION} --target-regions eastus westeurope=1=standard_zrs",
    bad=[("westeurope=1=standard_zrs", "westus=1=standard_zrs")],
)
def zone_redundancy_needs_zones(asked: Asked) -> Iterator[Found]:
    """Zone-redundant storage exists only in regions with availability zones.

    Each copy is spread over three buildings of the region; where there is one building there is nothing to spread over.
    """
    whole = dig(asked.new, "properties.publishingProfile.storageAccountType")
    for number, item in asked.targets():
        known = facts.region(str(item.get("name")))
        kind = item.get("storageAccountType") or whole
        if known and kind == "Standard_ZRS" and not known.zones:
            yield found(f"/properties/publishingProfile/targetRegions/{number}", name=known.name)


@rule(
    CREATE_VERSION,
    refuses="InvalidParameter",
    message="The replica count must be 1 when replicationMode is Shallow.",
    says="Shallow replication makes one replica, not {count}.",
    fix="Leave the count out, or use --replication-mode Full.",
    fact="VER-026",
    source=Source("packer-plugin-azure PR 337", "2023"),
    confidence="assumed",
    good=f"{NEW_VERSION} --replication-mode Shallow",
    bad=[("Shallow", "Shallow --replica-count 2")],
)
def shallow_has_one_replica(asked: Asked) -> Iterator[Found]:
    """Shallow replication keeps exactly one replica.

    It copies nothing: the version points at its source. That is quick, good for tests and for very large disks, and
    nothing to deploy many machines from.
    """
    if asked.said("properties.publishingProfile.replicationMode") != "Shallow":
        return
    counts = [asked.said("properties.publishingProfile.replicaCount") or 1]
    counts += [item.get("regionalReplicaCount") or 1 for _, item in asked.targets()]
    if max(counts) > 1:
        yield found("/properties/publishingProfile/replicaCount", count=max(counts))
