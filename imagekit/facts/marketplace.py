"""What Azure Marketplace offers to make a first VM from, and the short names az has for it (marketplace.toml)."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

Parts = tuple[str, str, str]  # publisher, offer and SKU


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
    planned = {(who.lower(), what.lower()) for who, what in _table()["planned"]}
    is_planned = not planned.isdisjoint({(publisher.lower(), offer.lower()), (publisher.lower(), "*")})
    return PurchasePlan(sku, offer, publisher) if is_planned and offer and sku else None


def platform_alias(name: str, day: str = "") -> Parts | None:
    """Find the publisher, offer and SKU that a short name, in any case, stands for in the az of a day, or return None.

    `day` is written as 2020-09-11; empty means az 2.91.0. A name az has learnt since that day is understood too, so
    that a scene of today can be set up in a cloud of then.

    >>> platform_alias("win2019datacenter"), platform_alias("Win2019Datacenter", "2020-09-11")
    (('MicrosoftWindowsServer', 'WindowsServer', '2019-datacenter-gensecond'), \
('MicrosoftWindowsServer', 'WindowsServer', '2019-Datacenter'))
    >>> platform_alias("UbuntuLTS") is None
    True
    """
    wanted = name.strip().lower()
    lists = (platform_aliases(one) for one in (day, ""))
    return next((parts for one in lists for known, parts in one.items() if known.lower() == wanted), None)


@cache
def platform_aliases(day: str = "") -> Mapping[str, Parts]:
    """Return what az's short names for platform images stood for on a day; empty means az 2.91.0 (marketplace.toml).

    >>> "Ubuntu2204" in platform_aliases(), "UbuntuLTS" in platform_aliases("2020-09-11")
    (True, True)
    """
    held = [(name, parts) for name, parts, since, until in _names() if _holds(since, until, day)]
    return MappingProxyType(dict(held))


def _holds(since: str, until: str, day: str) -> bool:
    """Whether a name that was taken up one day and given up another is az's on a day; empty is always, or never."""
    return since <= day and (not until or day < until) if day else not until


def _names() -> Iterator[tuple[str, Parts, str, str]]:
    """Every short name az has or had, with what it stands for and the days it was taken up and given up."""
    now = [{**row, "name": row["alias"]} for row in _table()["image"] if "alias" in row]
    for row in (*now, *_table()["former_alias"]):
        publisher, offer, sku = row["urn"].split(":")
        yield row["name"], (publisher, offer, sku), str(row.get("since", "")), str(row.get("until", ""))


def os_disk_gb(os_type: str, sku: str = "") -> int:
    """Return the GB of an operating system disk where nobody said: 127 for Windows, 30 for all others.

    30 is recorded: the Linux images and versions of azure-cli's tests (FACTS VER-032), and the Windows images of a SKU
    with "smalldisk" in its name (2024 to 2026). 127 is assumed: no recording has a full-size Windows disk; the docs
    reckon with a 127 GB OS disk (GAL-013), and most templates ask for one (TPL-063).

    >>> os_disk_gb("Linux"), os_disk_gb("Windows"), os_disk_gb("Windows", "2022-datacenter-smalldisk")
    (30, 127, 30)
    """
    return 127 if os_type == "Windows" and "smalldisk" not in sku.lower() else 30


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("marketplace.toml").read_text(encoding="utf-8"))


@cache
def _images() -> tuple[PlatformImage, ...]:
    table = _table()
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
    own = {key: value for key, value in row.items() if key not in ("urn", "plan", "since")}
    plan = PurchasePlan(row["plan"], offer, publisher) if "plan" in row else None
    return PlatformImage(**{**usual, **own, **name, "plan": plan})


@cache
def _images_by_key() -> Mapping[str, PlatformImage]:
    return {f"{one.publisher}:{one.offer}:{one.sku}".lower(): one for one in _images()}
