"""How fast a managed disk is: by its size, or as it was asked for.

Sizes and figures: disks-types.md (azure-docs, 2024) and the managed-disk pricing page of 2023; what ultra disks get
where nobody says: recorded answers of api-version 2021-12-01 (azure-cli's tests, 2022).
"""

from __future__ import annotations

from typing import Any

from imagekit.world import JSON

# Premium SSD by size: (up to GB, tier, IOPS, MB/s).
_PREMIUM = (
    (4, "P1", 120, 25),
    (8, "P2", 120, 25),
    (16, "P3", 120, 25),
    (32, "P4", 120, 25),
    (64, "P6", 240, 50),
    (128, "P10", 500, 100),
    (256, "P15", 1100, 125),
    (512, "P20", 2300, 150),
    (1024, "P30", 5000, 200),
    (2048, "P40", 7500, 250),
    (4096, "P50", 7500, 250),
    (8192, "P60", 16000, 500),
    (16384, "P70", 18000, 750),
    (32767, "P80", 20000, 900),
)
# Those made with performancePlus give more (recorded of one of 530 GB); what larger ones give is in no source at hand.
_PLUS = {"P30": (8000, 300)}
# Standard kinds by size: (up to GB, IOPS, MB/s).
_SSD = ((4096, 500, 100), (8192, 2000, 400), (16384, 4000, 600), (32767, 6000, 750))
_HDD = ((4096, 500, 60), (8192, 1300, 300), (32767, 2000, 500))
# Kinds whose performance is asked for apart from the size, with what they give where nobody says.
_CHOSEN = {"UltraSSD_LRS": (100, 13), "PremiumV2_LRS": (3000, 125)}


def is_chosen(sku: str) -> bool:
    """Whether the performance of this kind of disk is chosen apart from its size.

    >>> is_chosen("UltraSSD_LRS"), is_chosen("Premium_LRS")
    (True, False)
    """
    return sku in _CHOSEN


def performance(gb: int, sku: str, said: JSON | None = None) -> JSON:
    """What a disk of this size and kind gives, where its properties say this.

    Premium SSD has tiers, and may be asked for one above that of its size.

    >>> performance(30, "Premium_LRS")
    {'diskIOPSReadWrite': 120, 'diskMBpsReadWrite': 25, 'tier': 'P4'}
    >>> performance(64, "Premium_LRS", {"tier": "P10"})["tier"], performance(128, "Premium_LRS", {"tier": "P6"})["tier"]
    ('P10', 'P10')
    >>> performance(10, "StandardSSD_LRS")["diskMBpsReadWrite"], performance(5000, "Standard_LRS")["diskIOPSReadWrite"]
    (100, 1300)
    """
    said = said or {}
    if is_chosen(sku):
        return _chosen(sku, said)
    if sku in ("Premium_LRS", "Premium_ZRS"):
        return _premium(gb, said)
    rows = _SSD if sku.startswith("StandardSSD") else _HDD
    _, iops, mbps = next((row for row in rows if gb <= row[0]), rows[-1])
    return {"diskIOPSReadWrite": iops, "diskMBpsReadWrite": mbps}


def _premium(gb: int, said: JSON) -> JSON:
    own: tuple[int, str, int, int] = next((row for row in _PREMIUM if gb <= row[0]), _PREMIUM[-1])
    asked: Any = str(said.get("tier")).upper()
    _, tier, iops, mbps = max([own, *(row for row in _PREMIUM if row[1] == asked)])
    if (said.get("creationData") or {}).get("performancePlus"):
        iops, mbps = _PLUS.get(tier, (iops, mbps))
    return {"diskIOPSReadWrite": iops, "diskMBpsReadWrite": mbps, "tier": tier}


def _chosen(sku: str, said: JSON) -> JSON:
    """Ultra disks say besides what all machines that only read them share."""
    names = ["diskIOPSReadWrite", "diskMBpsReadWrite"]
    given: JSON = dict(zip(names, _CHOSEN[sku], strict=True))
    if sku == "UltraSSD_LRS":
        given |= {"readOnly": False, "diskIOPSReadOnly": 100, "diskMBpsReadOnly": 13}
    return {name: said.get(name, usual) for name, usual in given.items()}
