"""The tables of facts: what stands in them, how to look them up, that they agree with their sources."""

from __future__ import annotations

import csv
import dataclasses
import re
import statistics
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagekit import facts
from imagekit.facts.marketplace import _holds, _names

AZURE = Path(__file__).resolve().parents[2] / "shared" / "azure"
LISTS = ("vm_sizes_eastus_batch_2023-06-28.csv", "vm_sizes_real_skus.csv")
KEYS = ("name", "HyperVGenerations", "CpuArchitectureType")


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one collected table; the test is skipped where the collection is not at hand."""
    if not (AZURE / name).exists():
        pytest.skip(f"the collected data {name} is not beside the project")
    with (AZURE / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@pytest.mark.parametrize("said", ["eastus2", "EastUS2", "East US 2", "east us 2", " East US 2 "])
def test_region_is_found_however_it_is_written(said: str) -> None:
    """A region answers to its short name and its display name, in any case."""
    found = facts.region(said)
    assert found is not None
    assert (found.name, found.display_name, found.geography) == ("eastus2", "East US 2", "United States")


@pytest.mark.parametrize("said", ["", "eastus22", "moon", "East-US"])
def test_unknown_region_is_none(said: str) -> None:
    """A word that is no region gives None, so that a rule can refuse it."""
    assert facts.region(said) is None


def test_regions_tell_where_zones_are() -> None:
    """Zone-redundant storage can go to East US and West US 2, not to West US or West Central US."""
    zones = {name: facts.region_names()[name].zones for name in ("eastus", "westus2", "westus", "westcentralus")}
    assert zones == {"eastus": True, "westus2": True, "westus": False, "westcentralus": False}


def test_regions_are_complete_enough_for_everything_recorded() -> None:
    """Each region of the recordings and of the source documents is known, the early access ones included."""
    said = "westus eastus2 centraluseuap eastus southcentralus westcentralus westus2 francecentral koreasouth"
    said += " eastus2euap centralus northeurope westeurope"
    assert [name for name in said.split() if name not in facts.region_names()] == []
    assert len(facts.region_names()) == 70


def test_regions_know_their_geography() -> None:
    """Regions of one geography can be gathered, as Lab Services does when it copies an image around."""
    korea = [one.name for one in facts.region_names().values() if one.geography == "Korea"]
    assert korea == ["koreacentral", "koreasouth"]


def test_every_open_region_has_a_place_on_the_map() -> None:
    """Whole degrees for each region anybody may use; where nobody told where one lies, there is none."""
    regions = facts.region_names().values()
    assert [one.name for one in regions if one.access == "open" and one.latitude is None] == []
    for one in regions:
        assert (one.latitude is None) == (one.longitude is None)
        assert abs(one.latitude or 0) <= 90
        assert abs(one.longitude or 0) <= 180
    assert (facts.region_names()["brazilus"].latitude, facts.region_names()["taiwannorth"].longitude) == (None, None)


def test_regions_lie_where_their_cities_are() -> None:
    """Seoul, Zurich and Sao Paulo in whole degrees; Ireland is west of London, Sydney east of Melbourne."""
    where = {name: (one.latitude, one.longitude) for name, one in facts.region_names().items()}
    assert (where["koreacentral"], where["switzerlandnorth"], where["brazilsouth"]) == ((38, 127), (47, 9), (-24, -47))
    assert (where["northeurope"][1] or 0) < (where["uksouth"][1] or 0)
    assert (where["australiaeast"][1] or 0) > (where["australiasoutheast"][1] or 0)


def test_size_is_found_in_any_case() -> None:
    """A size answers in any case and keeps Azure's spelling."""
    found = facts.size("STANDARD_DS1_V2")
    assert found is not None
    assert (found.name, found.vcpus, found.memory_gb) == ("Standard_DS1_v2", 1, 3.5)
    assert facts.size("Standard_D2s_v99") is None


def test_the_size_az_takes_by_default_is_there() -> None:
    """The size az 2.91 takes when none is given is known from its documentation page, and said to be."""
    default = facts.size("Standard_D2s_v5")
    assert default is not None
    assert default.generations == ("V1", "V2")
    assert default.trusted_launch
    assert "dsv5-series.md" in default.source
    assert default.confidence == "medium"


@pytest.mark.parametrize(
    ("name", "vcpus", "memory"),
    [("Standard_D8as_v6", 8, 32), ("Standard_D8s_v6", 8, 32), ("Standard_D192s_v6", 192, 768)],
)
def test_sizes_of_v6_boot_gen2_only(name: str, vcpus: int, memory: int) -> None:
    """The Dasv6 and Dsv6 series boot Gen2 and nothing else, as their pages say."""
    size = facts.size(name)
    assert size is not None
    assert (size.generations, size.vcpus, size.memory_gb) == (("V2",), vcpus, memory)
    assert size.source.endswith("sv6-series.md")


@pytest.mark.parametrize("name", LISTS)
def test_sizes_agree_with_the_collected_lists(name: str) -> None:
    """Every row of both SKU lists is here with the same generations and the same other figures."""
    wrong = []
    for row in rows(name):
        found = facts.size(row["name"])
        assert found is not None, row["name"]
        here = (found.name, ",".join(found.generations), found.architecture, found.vcpus, found.memory_gb)
        there = (*(row[key] for key in KEYS), int(row["vCPUs"]), float(row["MemoryGB"]))
        same_family = found.family.lower() == row["family"].lower()
        same_storage = found.premium_storage == (row["PremiumIO"] == "True")
        wrong += [] if here == there and same_family and same_storage else [(here, there)]
    assert wrong == []


def test_both_lists_have_360_rows() -> None:
    """The comparison above is over all 360 rows, not over an empty file."""
    assert [len(list(rows(name))) for name in LISTS] == [340, 20]


def test_trusted_launch_follows_the_sku_data_or_is_stricter() -> None:
    """A size the SKU data shuts out of Trusted launch is shut out; others only for a documented reason."""
    stricter = set()
    for row in rows(LISTS[0]):
        found = facts.size(row["name"])
        assert found is not None
        shut = row["TrustedLaunchDisabled"] == "True" or "V2" not in row["HyperVGenerations"]
        assert not (shut and found.trusted_launch), row["name"]
        stricter |= {found.family} if not shut and not found.trusted_launch else set()
    assert stricter == {"standardDCSv2Family", "standardNPSFamily", "Standard NDASv4_A100 Family"}


def test_trusted_launch_needs_generation_2() -> None:
    """No size offers Trusted launch without Gen2."""
    assert [one.name for one in facts.sizes().values() if one.trusted_launch and "V2" not in one.generations] == []


def test_no_size_stands_twice() -> None:
    """A size named in two rows would silently hide one of them."""
    table = facts._table("sizes")
    names = [row[0] for group in table["group"] for family in group["families"].values() for row in family]
    assert sorted(names) == sorted(facts.sizes())
    assert len({name.lower() for name in names}) == len(names)


def test_every_fact_names_its_source_and_confidence() -> None:
    """Regions, sizes and images say where they are from and from when."""
    regions, sizes = facts.region_names().values(), facts.sizes().values()
    papers = [(one.source, one.date.year) for one in regions] + [(one.source, one.date.year) for one in sizes]
    papers += [(one.source, one.date.year) for one in facts.platform_images()]
    assert [paper for paper in papers if not paper[0] or paper[1] < 2018] == []
    assert {one.confidence for one in sizes} == {"high", "medium"}
    assert {one.confidence for one in facts.platform_images()} == {"high", "medium", "low"}


def test_platform_image_is_found_in_any_case() -> None:
    """Publisher, offer and SKU are compared as Azure does, without case."""
    image = facts.platform_image("canonical", "UBUNTUSERVER", "18.04-lts")
    assert image is not None
    assert image.urn == "Canonical:UbuntuServer:18.04-LTS:latest"
    assert (image.latest, image.generation) == ("18.04.202306070", "V1")
    assert facts.platform_image("Canonical", "UbuntuServer", "19.04") is None


def test_recorded_images_keep_their_recorded_figures() -> None:
    """The images whose description was recorded have that generation, security type and OS disk."""
    recorded = {
        "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2": ("V2", "TrustedLaunchSupported", 30),
        "OpenLogic:CentOS:7.5": ("V1", "", 30),
        "Debian:debian-10:10": ("V1", "", 30),
        "MicrosoftWindowsServer:WindowsServer:2022-datacenter-smalldisk-g2":
            ("V2", "TrustedLaunchAndConfidentialVmSupported", 30),
    }  # fmt: skip
    for urn, figures in recorded.items():
        image = facts.platform_image(*urn.split(":"))
        assert image is not None
        assert (image.generation, image.security_type, image.os_disk_gb) == figures
        assert image.confidence == "high"


def test_aliases_are_those_of_az() -> None:
    """The sixteen short names of az 2.91.0 are known, and no other."""
    aliases = """AzureLinux4 AzureLinux4Arm64 AzureLinux4Gen1 CentOS85Gen2 Debian11 FlatcarLinuxFreeGen2
        OpenSuseLeap154Gen2 RHELRaw8LVMGen2 SuseSles15SP3 Ubuntu2204 Win2012Datacenter Win2012R2Datacenter
        Win2016Datacenter Win2019Datacenter Win2022AzureEditionCore Win2022Datacenter"""
    assert sorted(image.alias for image in facts.platform_images() if image.alias) == aliases.split()
    assert sorted(facts.platform_aliases()) == aliases.split()
    assert facts.platform_alias("ubuntu2204") == facts.platform_alias("Ubuntu2204")
    assert facts.platform_alias("UbuntuLTS") is None
    assert facts.platform_alias("") is None


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ("2019-07-18", "CentOS CoreOS Debian RHEL SLES UbuntuLTS openSUSE-Leap"),
        ("2020-09-11", "CentOS CoreOS Debian RHEL SLES UbuntuLTS openSUSE-Leap"),
        ("2021-08-31", "CentOS Debian Flatcar RHEL SLES UbuntuLTS openSUSE-Leap"),
    ],
)
def test_aliases_of_earlier_days(day: str, wanted: str) -> None:
    """The az of those years had short names without a version, all of them for Gen1 images."""
    names = facts.platform_aliases(day)
    assert sorted(name for name in names if not name.startswith("Win")) == wanted.split()
    assert {name for name in names if name.startswith("Win")} == {
        "Win2008R2SP1", "Win2012Datacenter", "Win2012R2Datacenter", "Win2016Datacenter", "Win2019Datacenter",
    }  # fmt: skip
    known = [image for parts in names.values() if (image := facts.platform_image(*parts))]
    assert len(known) > 6
    assert {image.generation for image in known} == {"V1"}


def test_an_alias_is_one_image_a_day() -> None:
    """On no day does a short name stand twice, and what az has learnt since is understood earlier too."""
    for day in ("2020-09-11", "2022-04-01", "2023-05-01", "2023-11-13", "2023-11-14", "2026-11-20"):
        held = [name.lower() for name, _, since, until in _names() if _holds(since, until, day)]
        assert sorted(set(held)) == sorted(held)
    assert facts.platform_alias("Ubuntu2204", "2020-09-11") == facts.platform_alias("Ubuntu2204")
    assert sorted(facts.platform_aliases("2026-11-20")) == sorted(facts.platform_aliases())


def test_images_are_sound() -> None:
    """Versions rise, names are unique, Trusted launch and Arm64 need Gen2, disks have a usual size."""
    images = facts.platform_images()
    assert len({image.urn.lower() for image in images}) == len(images)
    for image in images:
        numbers = [tuple(map(int, version.split("."))) for version in image.versions]
        assert numbers == sorted(numbers), image.urn
        assert image.os_type in ("Linux", "Windows")
        assert image.generation in ("V1", "V2")
        assert image.generation == "V2" or not image.trusted_launch_supported
        assert image.generation == "V2" or image.architecture == "x64"
        assert image.os_disk_gb in (30, 64, 127)


def test_every_image_can_be_booted_by_some_size() -> None:
    """For each image there is a size with its generation and architecture."""
    can = {(generation, one.architecture) for one in facts.sizes().values() for generation in one.generations}
    assert {(image.generation, image.architecture) for image in facts.platform_images()} <= can


def test_a_purchase_plan_has_three_names() -> None:
    """An image with a plan gives the plan's name, product and publisher; most images have none."""
    plans = {image.plan for image in facts.platform_images()}
    assert facts.PurchasePlan("9-gen2", "almalinux-x86_64", "almalinux") in plans
    assert None in plans


# The collected table names resources and methods; 201 made something new, 200 changed it. Capturing a machine was timed
# too, but nobody can ask for it here.
UNASKED = ("POST", "vm capture", "202")
TIMED = {
    "create gallery": ("PUT", "gallery", "201"),
    "update gallery": ("PUT", "gallery", "200"),
    "delete gallery": ("DELETE", "gallery", "202"),
    "share gallery": ("POST", "gallery share", "202"),
    "create image definition": ("PUT", "gallery image definition", "201"),
    "delete image definition": ("DELETE", "gallery image definition", "202"),
    "create image version": ("PUT", "gallery image version", "201"),
    "update image version": ("PUT", "gallery image version", "200"),
    "delete image version": ("DELETE", "gallery image version", "202"),
    "create managed image": ("PUT", "managed image", "201"),
    "update managed image": ("PUT", "managed image", "200"),
    "delete managed image": ("DELETE", "managed image", "202"),
    "deallocate vm": ("POST", "vm deallocate", "202"),
    "create image template": ("PUT", "image template", "201"),
    "update image template": ("PATCH", "image template", "202"),
    "run image template": ("POST", "image template run", "202"),
    "delete image template": ("DELETE", "image template", "202"),
    "create trigger": ("PUT", "image template trigger", "201"),
    "delete trigger": ("DELETE", "image template trigger", "202"),
}


def test_durations_are_the_medians_of_the_recorded_runs() -> None:
    """Each timed operation has the median, the range and the number of its recorded runs that succeeded."""
    runs: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for row in rows("recorded_durations.csv"):
        if row["status"] == "Succeeded" and row["seconds"]:
            runs[row["method"], row["resource"], row["first_status"]].append(float(row["seconds"]))
    assert set(runs) == {*TIMED.values(), UNASKED}
    for operation, key in TIMED.items():
        known, seen = facts.durations()[operation], runs[key]
        assert known.n == len(seen), operation
        figures = (known.seconds, known.low, known.high)
        assert figures == pytest.approx((statistics.median(seen), min(seen), max(seen)), abs=0.006), operation


def test_durations_lie_in_their_range_and_assumed_ones_say_so() -> None:
    """A median lies between its ends; a figure nobody timed has no runs and a note."""
    for operation, known in facts.durations().items():
        assert known.low <= known.seconds <= known.high, operation
        assert known.n or known.note, operation


def test_unknown_operation_is_an_error() -> None:
    """Nothing is timed by accident: an unknown operation has to be added to the table."""
    assert facts.duration("delete image version") == 90.2
    with pytest.raises(KeyError, match="add it to"):
        facts.duration("water the plants")


def test_known_checksums_are_of_files() -> None:
    """Each is a SHA-256 in lower-case hex, of a file at an address of its own."""
    table = tomllib.loads((Path(facts.__file__).parent / "files.toml").read_text(encoding="utf-8"))
    urls = [row["url"] for row in table["file"]]
    assert len(urls) == len(set(urls)) >= 4
    assert [url for url in urls if not re.fullmatch("[0-9a-f]{64}", facts.known_checksum(url))] == []
    assert all(row["recorded"] for row in table["file"])


def test_facts_cannot_be_changed() -> None:
    """Everybody shares the tables, so neither a row nor a table can be written to."""
    size = facts.size("Standard_D2s_v3")
    assert size is not None
    with pytest.raises(dataclasses.FrozenInstanceError):
        size.vcpus = 64  # type: ignore[misc]
    for table in (facts.sizes(), facts.region_names(), facts.durations()):
        with pytest.raises(TypeError):
            table["Standard_D2s_v3"] = None  # type: ignore[index]


def test_nothing_is_read_before_it_is_asked_for() -> None:
    """Importing the module opens no table."""
    code = "from imagekit import facts; print(facts._table.cache_info().misses)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "0"
