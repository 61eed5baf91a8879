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


@dataclass(frozen=True, slots=True)
class PurchasePlan:
    """The plan a paid or licensed image carries, in the words of `az vm create --plan-…`."""

    name: str
    product: str
    publisher: str


@dataclass(frozen=True, slots=True)
class PlatformImage:
    """An image of Azure Marketplace; `versions` are oldest first and only some of the real ones."""

    publisher: str
    offer: str
    sku: str
    versions: tuple[str, ...]
    os_type: str
    generation: str
    architecture: str
    os_disk_gb: int
    security_type: str
    plan: PurchasePlan | None
    alias: str
    source: str
    date: datetime.date
    confidence: str

    @property
    def latest(self) -> str:
        """The version that stands for "latest"."""
        return self.versions[-1]

    @property
    def urn(self) -> str:
        """The four parts as `az` writes them, with the version "latest"."""
        return f"{self.publisher}:{self.offer}:{self.sku}:latest"

    @property
    def trusted_launch_supported(self) -> bool:
        """Whether a Gen2 VM from this image may have Trusted launch."""
        return self.security_type.startswith("TrustedLaunch")


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


def platform_images() -> tuple[PlatformImage, ...]:
    """Return the platform images of the practice cloud; source: the az 2.91.0 aliases and recordings of 2023.

    >>> sum(bool(image.alias) for image in platform_images())
    16
    """
    return _images()


def platform_image(publisher: str, offer: str, sku: str) -> PlatformImage | None:
    """Find a platform image by three parts of its URN in any case, or return None.

    >>> platform_image("Debian", "debian-10", "10").latest
    '0.20230504.1370'
    """
    return _images_by_key().get(f"{publisher}:{offer}:{sku}".lower())


def plan(publisher: str, offer: str, sku: str) -> PurchasePlan | None:
    """Find the plan a platform image is sold under, or return None where none is known; source: marketplace.toml.

    >>> plan("redhat", "rhel-byos", "rhel-lvm8").product
    'rhel-byos'
    """
    known = platform_image(publisher, offer, sku)
    if known:
        return known.plan
    planned = {(who.lower(), what.lower()) for who, what in _table("marketplace")["planned"]}
    is_planned = not planned.isdisjoint({(publisher.lower(), offer.lower()), (publisher.lower(), "*")})
    return PurchasePlan(sku, offer, publisher) if is_planned and offer and sku else None


def platform_alias(name: str) -> PlatformImage | None:
    """Find a platform image by the short name az 2.91.0 has for it, in any case, or return None.

    >>> platform_alias("Ubuntu2204").urn
    'Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2:latest'
    >>> platform_alias("Ubuntu2404") is None
    True
    """
    return _images_by_alias().get(name.strip().lower())


def platform_aliases() -> tuple[str, ...]:
    """Return the short names az knows for platform images; source: the az 2.91.0 aliases.

    >>> "Ubuntu2204" in platform_aliases()
    True
    """
    return tuple(image.alias for image in _images() if image.alias)


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


def os_disk_gb(os_type: str) -> int:
    """Return the GB of an operating system disk where nobody said: 127 for Windows, 30 for all others.

    30 is recorded: the Linux images and versions of azure-cli's tests (FACTS VER-032). 127 is assumed: no recording has
    a full-size Windows disk; the docs reckon with a 127 GB OS disk (GAL-013), and most templates ask for one (TPL-063).

    >>> os_disk_gb("Linux"), os_disk_gb("Windows")
    (30, 127)
    """
    return 127 if os_type == "Windows" else 30


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
def _images() -> tuple[PlatformImage, ...]:
    table = _table("marketplace")
    return tuple(_image({**table["default"], **row}) for row in table["image"])


def _image(row: Mapping[str, Any]) -> PlatformImage:
    publisher, offer, sku = row["urn"].split(":")
    name = {"publisher": publisher, "offer": offer, "sku": sku, "versions": tuple(row["versions"])}
    usual = {
        "alias": "",
        "architecture": "x64",
        "security_type": "",
        "os_disk_gb": os_disk_gb(row["os_type"]),
    }
    own = {key: value for key, value in row.items() if key not in ("urn", "plan")}
    plan = PurchasePlan(row["plan"], offer, publisher) if "plan" in row else None
    return PlatformImage(**{**usual, **own, **name, "plan": plan})


@cache
def _images_by_key() -> Mapping[str, PlatformImage]:
    return {f"{one.publisher}:{one.offer}:{one.sku}".lower(): one for one in _images()}


@cache
def _images_by_alias() -> Mapping[str, PlatformImage]:
    return {one.alias.lower(): one for one in _images() if one.alias}


@cache
def _durations() -> Mapping[str, Duration]:
    rows = _table("durations")["seconds"].items()
    return MappingProxyType({name: _duration(row) for name, row in rows})


def _duration(row: Mapping[str, Any]) -> Duration:
    seconds = float(row["seconds"])
    low, high = float(row.get("low", seconds)), float(row.get("high", seconds))
    return Duration(seconds, row["n"], low, high, row.get("note", ""))
