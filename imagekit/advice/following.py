"""What follows from what was said, by the tables of imagekit.facts: truths for rows, and words for sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

from imagekit import facts
from imagekit.advice.sizes import SGX
from imagekit.advice.table import Said
from imagekit.facts import Size

_PER_REPLICA = 50  # machines at a time (azure-compute-gallery.md, 2023-09-20; FACTS VER-036)
# Systems that no platform image in the lists has: their image comes from a disk of one's own.
_OWN_DISK = {"Windows 11", "Windows 10 32-bit", "Windows 7", "Windows Server 2008 R2", "SUSE Linux 11"}


def following(needs: Mapping[str, Said]) -> dict[str, Any]:
    """Everything that was said, and what follows from it.

    >>> following({"size": "Standard_A2_v2"})["size_boots"], following({"os": "Windows 7"})["from_disk"]
    ('V1', True)
    """
    size = facts.size(str(needs["size"])) if "size" in needs else None
    own = needs.get("os") in _OWN_DISK or "on_premises" in needs or needs.get("vhdx") is True
    found = {
        "os_type": "Linux" if "Linux" in str(needs.get("os", "Linux")) else "Windows",
        "from_disk": own,
        "replicas": math.ceil(float(needs.get("vms_at_once", 1)) / _PER_REPLICA),
    }
    return {**needs, **found, **_of_memory(needs), **(_of_size(size, needs) if size else {})}


@cache
def _largest(generation: str) -> float:
    return max(size.memory_gb for size in facts.sizes().values() if generation in size.generations)


def _of_memory(needs: Mapping[str, Said]) -> dict[str, Any]:
    memory, first, second = float(needs.get("memory_gb", 0)), _largest("V1"), _largest("V2")
    boots = "V2" if memory > first else "both"
    return {"largest_v1": first, "largest": second, "memory_boots": boots, "memory_known": memory <= second}


def _of_size(size: Size, needs: Mapping[str, Said]) -> dict[str, Any]:
    confidential = size.confidential
    return {
        "size_boots": "both" if len(size.generations) > 1 else size.generations[0],
        # A confidential VM has a Secure Boot and a virtual TPM of its own.
        "size_guards": size.trusted_launch or confidential,
        "size_confidential": confidential,
        "size_sgx": size.family in SGX,
        "size_architecture": size.architecture,
        "architecture_fits": needs.get("architecture", size.architecture) == size.architecture,
        "size_memory": size.memory_gb,
        "size_holds": size.memory_gb >= float(needs.get("memory_gb", 0)),
    }
