"""The laws of how a disk is set up: which kind where, and who may reach it."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit import facts
from imagekit.asked import Asked
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import COMPUTE

_DISKS = ("create disk", "update disk")
_ALL = (*_DISKS, "create snapshot", "update snapshot")


@rule(
    *_DISKS,
    refuses="BadRequest",
    message="Disks with sku '{sku}' are not available in this region.",
    says="{sku} keeps a disk in several zones, and {location} has none.",
    fix="Use {other}, or a region with availability zones.",
    fact="MI-011",
    source=Source("recorded answers of 2021-04 (azure-cli's tests)", "2021-04-14"),
    confidence="recorded",
    good="az disk create -g studio -n safe --size-gb 64 --sku StandardSSD_ZRS",
    bad=[("StandardSSD_ZRS", "StandardSSD_ZRS -l westus")],
)
def zone_redundant_disk_needs_zones(asked: Asked) -> Iterator[Found]:
    """A zone-redundant disk is kept where there are availability zones.

    It is written to three buildings at once. That every region with zones has such disks is assumed.
    """
    sku, known = str(asked.then("sku.name") or ""), facts.region(asked.location)
    if sku.upper().endswith("_ZRS") and known and not known.zones:
        yield found("/sku/name", sku=sku, location=known.name, other=f"{sku[:-3]}LRS")


@rule(
    *_ALL,
    refuses="ConflictingUserInput",
    message="Disk Access is only supported for disks with NetworkAccessPolicy AllowPrivate",
    says="A disk access is named, and networkAccessPolicy says {policy}.",
    fix="Say AllowPrivate, or leave diskAccessId out.",
    fact="S-B02",
    source=Source("azure-cli issue 28510, which quotes the service", "2024-03-06"),
    good=f"PUT https://management.azure.com{COMPUTE}/disks/shut?api-version=2025-01-02\n\n"
    '{"location": "eastus", "properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 8, '
    f'"networkAccessPolicy": "AllowPrivate", "diskAccessId": "{COMPUTE}/diskAccesses/door"}}}}',
    bad=[('"AllowPrivate"', '"AllowAll"')],
)
def disk_access_is_private(asked: Asked) -> Iterator[Found]:
    """A disk access goes with the networkAccessPolicy AllowPrivate, and with no other.

    It is the door for private links; where all may come or nobody, there is no use for it.
    """
    access = (asked.then if asked.request.method == "PATCH" else asked.said)("properties.diskAccessId")
    policy = asked.then("properties.networkAccessPolicy") or "AllowAll"
    if access and str(policy).lower() != "allowprivate":
        yield found("/properties/networkAccessPolicy", policy=policy)
