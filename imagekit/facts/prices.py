"""What replicas, traffic between regions and VMs cost: illustrative figures (imagekit/facts/prices.toml)."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from imagekit.facts.regions import region


@dataclass(frozen=True, slots=True)
class Price:
    """An illustrative price in US dollars: `per` says for what, such as "GB and month"."""

    amount: float
    per: str
    source: str
    date: datetime.date
    currency: str = "USD"
    illustrative: bool = True


def prices_dated() -> datetime.date:
    """Return the day on which the prices were put together.

    >>> prices_dated().isoformat()
    '2026-11-20'
    """
    day: datetime.date = _table()["date"]
    return day


def replica_price(storage: str) -> Price:
    """Return what a GB of a replica costs a month, by its storage account type in any case.

    Known are Standard_LRS, Standard_ZRS, Premium_LRS and StandardSSD_LRS; raises KeyError for others. Source:
    meters of snapshots, East US, July 2026; illustrative.

    >>> replica_price("standard_lrs").amount, replica_price("Premium_LRS").per
    (0.05, 'GB and month')
    """
    return _price(_replica(), storage, "GB and month", "replica", "storage account type")


def egress_price(origin: str, target: str) -> Price:
    """Return what a GB costs that goes from one region to another; nothing within a region.

    Raises KeyError for a region of which nobody knows the continent. Source: see prices.toml, 2026; illustrative.

    >>> egress_price("eastus", "West US 2").amount, egress_price("eastus", "koreacentral").amount
    (0.02, 0.05)
    """
    here, there = _continent(origin), _continent(target)
    same, other = _egress()[here]
    amount = 0.0 if region(origin) == region(target) else same if here == there else other
    return Price(amount, "GB", _table()["egress"]["source"], _table()["egress"]["date"])


def vm_price(size: str, os_type: str = "Linux") -> Price:
    """Return what a running VM of a size costs an hour with "Linux" or "Windows", its disks not counted.

    Raises KeyError for a size without a price here. Source: see prices.toml, 2026; illustrative.

    >>> vm_price("Standard_D2s_v5").amount, vm_price("standard_d2s_v5", "Windows").amount
    (0.1, 0.19)
    """
    return _price(_vm(os_type == "Windows"), size, "hour", "vm", "VM size")


def _price(amounts: Mapping[str, float], name: str, per: str, table: str, word: str) -> Price:
    known = {key.lower(): amount for key, amount in amounts.items()}
    if name.strip().lower() not in known:
        raise KeyError(f"no price is known for the {word} {name!r}; there are prices for {', '.join(amounts)}")
    return Price(known[name.strip().lower()], per, _table()[table]["source"], _table()[table]["date"])


def _continent(name: str) -> str:
    known = region(name)
    found = _continents().get(known.geography) if known else None
    if found is None:
        raise KeyError(f"no price is known for traffic of {name!r}: it is no region of the public cloud")
    return found


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("prices.toml").read_text(encoding="utf-8"))


@cache
def _replica() -> Mapping[str, float]:
    return MappingProxyType(_table()["replica"]["per_gb_month"])


@cache
def _egress() -> Mapping[str, tuple[float, float]]:
    return MappingProxyType({name: (same, other) for name, same, other in _table()["egress"]["per_gb"]})


@cache
def _vm(windows: bool) -> Mapping[str, float]:
    rows = _table()["vm"]["per_hour"]
    return MappingProxyType({name: with_windows if windows else linux for name, linux, with_windows in rows})


@cache
def _continents() -> Mapping[str, str]:
    rows = _table()["continents"].items()
    return MappingProxyType({geography: name for name, geographies in rows for geography in geographies})
