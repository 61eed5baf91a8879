"""Azure's regions: which there are, in which clouds, and where Image Builder works (imagekit/facts/regions.toml)."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from imagekit.ids import region as short_name


@dataclass(frozen=True, slots=True)
class Region:
    """A region: `zones` says whether it has availability zones, `access` is "open" or "restricted".

    `latitude` and `longitude` are whole degrees, None where nobody told where it lies.
    """

    name: str
    display_name: str
    geography: str
    zones: bool
    access: str
    source: str
    date: datetime.date
    latitude: int | None = None
    longitude: int | None = None


def region_names() -> Mapping[str, Region]:
    """Return every region of the public cloud by its short name; source: Microsoft's regions list, 2025-09-23.

    >>> region_names()["eastus2"].display_name
    'East US 2'
    """
    return _regions("region", "beyond")


def region(text: str) -> Region | None:
    """Find a region of the public cloud by its short or display name in any case, or return None.

    >>> region("East US 2") is region("eastus2")
    True
    """
    return region_names().get(short_name(text))


def region_anywhere(text: str) -> Region | None:
    """Find a region of any cloud: the public one, the one of the United States Government, and China's.

    >>> region_anywhere("China East 2").geography, region("China East 2")
    ('China', None)
    """
    return _regions("region", "beyond", "elsewhere").get(short_name(text))


def builder_regions(preview: bool = False) -> tuple[str, ...]:
    """Return the short names of the regions Image Builder works in; source: image-builder-json.md, 2023-10-03.

    With `preview`, those of its first preview (2020-03-24). Images may go to any other region.

    >>> len(builder_regions()), builder_regions(preview=True)[-1]
    (39, 'westeurope')
    """
    return _of_builder("preview_regions" if preview else "regions")


def newer_regions() -> tuple[str, ...]:
    """Return regions that are younger than that page: Image Builder may work in them by now.

    >>> "spaincentral" in newer_regions()
    True
    """
    return _of_builder("newer")


def may_be_region(text: str) -> bool:
    """Whether a name nobody knows here is built as Azure builds such names: a place, a direction, perhaps a number.

    Regions are added every year. What is nearly the name of a known place is misspelt, and no new region; so is a known
    region with its words turned around.

    >>> may_be_region("greececentral"), may_be_region("eastus7"), may_be_region("eastuss"), may_be_region("moon")
    (True, True, False, False)
    """
    said = _built(short_name(text))
    if said is None or said in _known().values():
        return False
    places = {place for place, _, _ in filter(None, _known().values())}
    return said[0] in places or (len(said[0]) > 2 and not get_close_matches(said[0], places, 1, _NEAR))


_DIRECTIONS = re.compile("north|south|east|west|central")
_NEAR = 0.8  # europa and europe are 0.83 alike, thailand and poland 0.57


def _built(name: str) -> tuple[str, str, str] | None:
    """The place, the directions and the number in a region's short name; None where it is not built like one."""
    bare = name.rstrip("0123456789")
    parts = [part for part in _DIRECTIONS.split(bare) if part]
    directions = "".join(sorted(_DIRECTIONS.findall(bare)))
    if len(parts) != 1 or not directions or not bare.isalpha() or len(name) > len(bare) + 1:
        return None
    return parts[0], directions, name[len(bare) :]


@cache
def _known() -> Mapping[str, tuple[str, str, str] | None]:
    """How the name of each known region is built."""
    return {name: _built(name) for name in _regions("region", "beyond", "elsewhere")}


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "regions.toml").read_text(encoding="utf-8"))


@cache
def _regions(*lists: str) -> Mapping[str, Region]:
    found = {}
    places = {name: (latitude, longitude) for name, latitude, longitude in _table()["places"]}
    for one in lists:
        prefix = "" if one == "region" else f"{one}_"
        source, day = _table()[f"{prefix}source"], _table()[f"{prefix}date"]
        for display, geography, zones, access in _table()[one]:
            name, place = short_name(display), places.get(display, (None, None))
            found[name] = Region(name, display, geography, zones, access, source, day, *place)
    return MappingProxyType(found)


@cache
def _of_builder(key: str) -> tuple[str, ...]:
    return tuple(short_name(one) for one in _table()["image_builder"][key])
