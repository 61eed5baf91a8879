"""What machines can be had in a region, and how much of it is used (imagekit/facts/sizes.toml)."""

from __future__ import annotations

import re
from typing import Any

from imagekit import facts
from imagekit.ids import VM, region
from imagekit.operations.core import dig
from imagekit.wire.messages import Heard, Named, Reply, error
from imagekit.world import JSON, World

OS_DISK_MB = 1_047_552  # the largest operating system disk a size takes, as every answer of the service says
# What a new pay-as-you-go subscription may use in a region; what is asked for and granted differs: assumed.
MOST_CORES, MOST_MACHINES = 100, 25_000
_LOCATION = re.compile(r"\s*location\s+eq\s+'([^']*)'\s*", re.IGNORECASE)


def sizes(world: World, heard: Heard, named: Named) -> Any:
    """Every known size; which are to be had in which region is not modelled."""
    if facts.region(str(named["place"])) is None:
        return no_region(str(named["place"]))
    return all_sizes()


def all_sizes() -> JSON:
    """Every known size, as clients list them."""
    return {
        "value": [
            {
                "name": one.name,
                "numberOfCores": one.vcpus,
                "osDiskSizeInMB": OS_DISK_MB,
                "memoryInMB": int(one.memory_gb * 1024),
            }
            for one in facts.sizes().values()
        ]
    }


def no_region(place: str) -> Reply:
    """The error for a place that is no region."""
    return error(400, "InvalidParameter", f"The value '{place}' of parameter location is invalid.")


def skus(world: World, heard: Heard, named: Named) -> Any:
    """The sizes again, with what each can do; for one region where $filter names it.

    Azure tells each size once for every region; here once for all regions with zones, and once for all without.
    """
    wanted = _LOCATION.fullmatch(heard.query.get("$filter", ""))
    places = [one for one in facts.region_names() if wanted is None or one == region(wanted[1])]
    alike = [[one for one in places if bool(_zones(one)) is zoned] for zoned in (True, False)]
    return {"value": [_sku(one, some) for one in facts.sizes().values() for some in alike if some]}


def _sku(one: facts.Size, places: list[str]) -> JSON:
    said = {
        "vCPUs": one.vcpus,
        "MemoryGB": f"{one.memory_gb:g}",
        "HyperVGenerations": ",".join(one.generations),
        "CpuArchitectureType": one.architecture,
        "PremiumIO": one.premium_storage,
        "TrustedLaunchDisabled": not one.trusted_launch,
    }
    return {
        "resourceType": "virtualMachines",
        "name": one.name,
        "tier": one.name.partition("_")[0],
        "size": one.name.partition("_")[2],
        "family": one.family,
        "locations": places,
        "locationInfo": [{"location": place, "zones": _zones(place), "zoneDetails": []} for place in places],
        "capabilities": [{"name": name, "value": str(value)} for name, value in said.items()],
        "restrictions": [],
    }


def _zones(place: str) -> list[str]:
    found = facts.region(place)
    return ["1", "2", "3"] if found and found.zones else []


def usages(world: World, heard: Heard, named: Named) -> Any:
    """How many cores and machines a region has of this subscription, and how many it may have."""
    place = region(str(named["place"]))
    if facts.region(place) is None:
        return no_region(place)
    machines = [one for one in world.all_of(VM) if region(str(one.get("location"))) == place]
    sizes = [facts.size(str(dig(one, "properties.hardwareProfile.vmSize"))) for one in machines]
    cores = sum(one.vcpus for one in sizes if one)
    return {
        "value": [
            _usage("cores", "Total Regional vCPUs", cores, MOST_CORES),
            _usage("virtualMachines", "Virtual Machines", len(machines), MOST_MACHINES),
        ]
    }


def _usage(name: str, said: str, used: int, most: int) -> JSON:
    return {
        "limit": most,
        "unit": "Count",
        "currentValue": used,
        "name": {"value": name, "localizedValue": said},
    }


__all__ = ["all_sizes", "no_region", "sizes", "skus", "usages"]
