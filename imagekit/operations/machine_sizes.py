"""The sizes of virtual machines: what a client lists of them, and a machine that gets another.

`az vm resize` reads the machine and sends it back with another size (azure-cli 2.91, command_modules/vm/custom.py,
resize_vm), so it is `az vm update` in other words and stands beside the table.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from imagekit import facts
from imagekit.ids import Id, region
from imagekit.operations.account import client_row
from imagekit.operations.common import GROUP, IDS, NO_WAIT
from imagekit.operations.core import Example, Field, Operation, Scope, Tongue
from imagekit.operations.forms import NAME, YES_NO
from imagekit.operations.machines import UPDATE
from imagekit.unreadable import Unreadable
from imagekit.world import JSON

SIZES = "Microsoft.Compute/locations/vmSizes"
SKUS = "Microsoft.Compute/skus"
_OS_DISK_MB = 1_047_552  # of every size (FACTS GEN-012)
_USUAL = "eastus"  # where nobody names a region; the tables have one list for all regions


def _place(said: dict[str, Any]) -> facts.Region:
    named = str(said.get("@location") or _USUAL)
    place = facts.region(region(named))
    if place is None:
        raise Unreadable(f"{named!r} is no region the tables know; az account list-locations would list them in Azure")
    return place


def _sizes(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> list[JSON]:
    """Every size with its cores and memory; how many data disks it takes is not in the tables."""
    _place(said)
    return [listed(size) for size in facts.sizes().values()]


def listed(size: facts.Size) -> JSON:
    """A size with its cores and memory, as the service lists it."""
    return {
        "memoryInMB": round(size.memory_gb * 1024),
        "name": size.name,
        "numberOfCores": size.vcpus,
        "osDiskSizeInMB": _OS_DISK_MB,
    }


def _skus(said: dict[str, Any], target: Id, scope: Scope, tongue: Tongue) -> list[JSON]:
    """Every size with what it can do; part of a name will do, and there are no SKUs here but those of machines."""
    place, part = _place(said), str(said.get("@size") or "").lower()
    other = str(said.get("@kind") or "virtualMachines").lower() != "virtualmachines"
    if other or (said.get("@zone") and not place.zones):
        return []
    return [_sku(size, place) for size in facts.sizes().values() if part in size.name.lower()]


def capabilities(size: facts.Size) -> list[JSON]:
    """What a size can do.

    TrustedLaunchDisabled is told where it is so (FACTS GEN-011): OpenShift's installer looks whether it is there.
    """
    able = {
        "vCPUs": size.vcpus,
        "MemoryGB": f"{size.memory_gb:g}",
        "HyperVGenerations": ",".join(size.generations),
        "PremiumIO": size.premium_storage,
        "CpuArchitectureType": size.architecture,
        **({"TrustedLaunchDisabled": True} if "V2" in size.generations and not size.trusted_launch else {}),
    }
    return [{"name": name, "value": str(value)} for name, value in able.items()]


def _sku(size: facts.Size, place: facts.Region) -> JSON:
    return {
        "capabilities": capabilities(size),
        "family": size.family,
        "locationInfo": [{"location": place.name, "zones": ["1", "2", "3"] if place.zones else []}],
        "locations": [place.name],
        "name": size.name,
        "resourceType": "virtualMachines",
        "restrictions": [],
    }


_LOCATION = Field("@location", "--location -l", "-Location")
ROWS: tuple[Operation, ...] = (
    client_row(
        "list vm sizes",
        SIZES,
        ("vm list-sizes", "Get-AzVMSize"),
        (replace(_LOCATION, required=True),),
        Example("az vm list-sizes -l eastus", "Get-AzVMSize -Location eastus"),
        _sizes,
        "lists the sizes of virtual machines",
    ),
    client_row(
        "list skus",
        SKUS,
        ("vm list-skus", "Get-AzComputeResourceSku"),
        (
            _LOCATION,
            Field("@size", "--size -s"),
            Field("@zone", "--zone -z", form=YES_NO),
            Field("@kind", "--resource-type -r"),
            Field("", "--all", form=YES_NO),
        ),
        Example("az vm list-skus -l eastus --size Standard_D2", "Get-AzComputeResourceSku -Location eastus"),
        _skus,
        "lists the sizes of virtual machines and what they can do",
        table="[].{resourceType: resourceType, locations: locations[0], name: name, "
        "zones: join(',', locationInfo[0].zones), restrictions: 'None'}",
    ),
)

_VM_NAME = Field("name.0", "--name -n --vm-name", form=NAME, required=True)
BESIDE: tuple[Operation, ...] = (
    replace(
        UPDATE,
        az="vm resize",
        fields=(
            replace(GROUP, powershell=""),
            _VM_NAME,
            Field("@properties.hardwareProfile.vmSize", "--size", required=True),
            NO_WAIT,
            IDS,
        ),
        beyond="",
        looks=True,
    ),
)
