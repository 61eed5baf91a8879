"""What is known about Azure and can be looked up: regions, VM sizes, platform images and durations.

The figures stand in the TOML tables beside this module, each with its source and date. A table is read once,
when it is first asked for.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from imagekit.facts.files import known_checksum
from imagekit.facts.marketplace import (
    PlatformImage,
    PurchasePlan,
    os_disk_gb,
    plan,
    platform_alias,
    platform_aliases,
    platform_image,
    platform_images,
)
from imagekit.facts.prices import Price, egress_price, prices_dated, replica_price, vm_price
from imagekit.facts.regions import (
    Region,
    builder_regions,
    may_be_region,
    newer_regions,
    region,
    region_anywhere,
    region_names,
)

__all__ = [
    "CONFIDENTIAL",
    "Duration",
    "PlatformImage",
    "Price",
    "PurchasePlan",
    "Region",
    "Size",
    "builder_regions",
    "duration",
    "durations",
    "egress_price",
    "known_checksum",
    "may_be_region",
    "newer_regions",
    "os_disk_gb",
    "plan",
    "platform_alias",
    "platform_aliases",
    "platform_image",
    "platform_images",
    "prices_dated",
    "provisioning_timeout",
    "region",
    "region_anywhere",
    "region_names",
    "replica_price",
    "size",
    "sizes",
    "vm_price",
]


@dataclass(frozen=True, slots=True)
class Size:
    """A VM size: `generations` out of "V1" and "V2", memory in GB, `confidence` in the row high or medium."""

    name: str
    family: str
    generations: tuple[str, ...]
    vcpus: int
    memory_gb: float
    architecture: str
    trusted_launch: bool
    premium_storage: bool
    source: str
    date: datetime.date
    confidence: str

    @property
    def confidential(self) -> bool:
        """Whether a confidential VM may have this size (confidential-vm-overview.md, 2021-11-15)."""
        return self.family in CONFIDENTIAL


CONFIDENTIAL = ("standardDCASv5Family",)


@dataclass(frozen=True, slots=True)
class Duration:
    """How long an operation takes in seconds: median and range of `n` real runs; n = 0 means assumed."""

    seconds: float
    n: int
    low: float
    high: float
    note: str


def sizes() -> Mapping[str, Size]:
    """Return every known VM size by its name, spelled as Azure spells it; sources: see `Size.source`.

    >>> [name for name in sizes() if name.startswith("Basic_")]
    ['Basic_A1', 'Basic_A2', 'Basic_A3', 'Basic_A4']
    """
    return _sizes()


def size(name: str) -> Size | None:
    """Find a VM size by its name in any case, or return None for one that is not in the tables.

    >>> size("standard_d2_v3").generations, size("Standard_D2s_v3").generations
    (('V1',), ('V1', 'V2'))
    """
    return _sizes_by_key().get(name.strip().lower())


def durations() -> Mapping[str, Duration]:
    """Return how long each operation takes, by its plain name; source: recordings of 2023 (FACTS REC-002).

    >>> durations()["create image version"].n
    19
    """
    return _durations()


def duration(operation: str) -> float:
    """Return the seconds an operation takes; an unknown one raises KeyError.

    >>> duration("delete image version")
    90.2
    """
    known = _durations().get(operation)
    if known is None:
        raise KeyError(f"no duration is known for {operation!r}: add it to durations.toml")
    return known.seconds


def provisioning_timeout(os_type: str) -> float:
    """Return the seconds Azure waits for a new "Linux" or "Windows" VM to report back (FACTS ERR-VM-009).

    >>> provisioning_timeout("Linux"), provisioning_timeout("Windows")
    (1200.0, 2400.0)
    """
    return float(_table("durations")["provisioning_timeout"][os_type])


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).parent.joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def _sizes() -> Mapping[str, Size]:
    table = _table("sizes")
    rows = (one for group in table["group"] for one in _size_rows(group, table["sources"][group["source"]]))
    return MappingProxyType({one.name: one for one in rows})


def _size_rows(group: Mapping[str, Any], source: Mapping[str, Any]) -> Iterator[Size]:
    own = {key: value for key, value in group.items() if key != "families"}
    shared = {"architecture": "x64", **own, **source, "generations": tuple(group["generations"])}
    for family, rows in group["families"].items():
        for name, vcpus, memory in rows:
            yield Size(name=name, family=family, vcpus=vcpus, memory_gb=float(memory), **shared)


@cache
def _sizes_by_key() -> Mapping[str, Size]:
    return {name.lower(): one for name, one in _sizes().items()}


@cache
def _durations() -> Mapping[str, Duration]:
    rows = _table("durations")["seconds"].items()
    return MappingProxyType({name: _duration(row) for name, row in rows})


def _duration(row: Mapping[str, Any]) -> Duration:
    seconds = float(row["seconds"])
    low, high = float(row.get("low", seconds)), float(row.get("high", seconds))
    return Duration(seconds, row["n"], low, high, row.get("note", ""))
