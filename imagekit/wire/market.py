"""What machines can be had in a region, and how much of it is used (imagekit/facts/sizes.toml)."""

from __future__ import annotations

import re

from imagekit import facts
from imagekit.ids import VM, region
from imagekit.operations.core import dig
from imagekit.operations.machine_sizes import capabilities, listed
from imagekit.wire.sought import Sought
from imagekit.world import JSON

# What a new pay-as-you-go subscription may use in a region; what is asked for and granted differs: assumed.
MOST_CORES, MOST_MACHINES = 100, 25_000
_LOCATION = re.compile(r"\s*location\s+eq\s+'([^']*)'\s*", re.IGNORECASE)


def sizes(sought: Sought) -> JSON:
    """Every known size; which are to be had in which region is not modelled."""
    sought.known_region()
    return all_sizes()


def all_sizes() -> JSON:
    """Every known size, as clients list them."""
    return {"value": [listed(one) for one in facts.sizes().values()]}


def skus(sought: Sought) -> JSON:
    """The sizes again, with what each can do; for one region where $filter names it.

    Azure tells each size once for every region; here once for all regions with zones, and once for all without.
    """
    wanted = _LOCATION.fullmatch(sought.heard.query.get("$filter", ""))
    places = [one for one in facts.region_names().values() if wanted is None or one.name == region(wanted[1])]
    alike = [[one for one in places if one.zones is zoned] for zoned in (True, False)]
    return {"value": [_sku(one, some) for one in facts.sizes().values() for some in alike if some]}


def _sku(one: facts.Size, places: list[facts.Region]) -> JSON:
    tier, _, size = one.name.partition("_")
    return {
        "resourceType": "virtualMachines",
        "name": one.name,
        "tier": tier,
        "size": size,
        "family": one.family,
        "locations": [place.name for place in places],
        "locationInfo": [{"location": place.name, "zones": _zones(place), "zoneDetails": []} for place in places],
        "capabilities": capabilities(one),
        "restrictions": [],
    }


def _zones(place: facts.Region) -> list[str]:
    return ["1", "2", "3"] if place.zones else []


def usages(sought: Sought) -> JSON:
    """How many cores and machines a region has of this subscription, and how many it may have."""
    place = sought.known_region()
    machines = [one for one in sought.world.all_of(VM) if region(str(one.get("location"))) == place]
    sizes = [facts.size(str(dig(one, "properties.hardwareProfile.vmSize"))) for one in machines]
    cores = sum(one.vcpus for one in sizes if one)
    return {
        "value": [
            _usage("cores", "Total Regional vCPUs", cores, MOST_CORES),
            _usage("virtualMachines", "Virtual Machines", len(machines), MOST_MACHINES),
        ]
    }


def _usage(name: str, said: str, used: int, most: int) -> JSON:
    return {"limit": most, "unit": "Count", "currentValue": used, "name": {"value": name, "localizedValue": said}}


__all__ = ["all_sizes", "sizes", "skus", "usages"]
