"""A planner for replicas: how long a version takes to be everywhere, what it costs, and how many machines it bears."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from imagekit import facts, pictures
from imagekit.cloud import Cloud
from imagekit.ids import Id, region
from imagekit.pictures.reading import replicas as spread
from imagekit.pictures.reading import version_order
from imagekit.widgets.controls import Control, State, Whole
from imagekit.widgets.touch import Seen, Touch
from imagekit.widgets.versions import shelf
from imagekit.widgets.words import counted, lasting
from imagekit.world import JSON

LEARN = "Regions cost time and traffic, replicas cost storage; replicas bound how many machines start at once."
REGIONS = ("koreacentral", "japaneast", "southeastasia", "westeurope", "eastus")

# Machines that one replica bears at once: 20 by the older page and best practices, 50 by that of 2023 (FACTS VER-036).
BEARS, BEARS_BY_NEWER_PAGE = 20, 50
MOST_REPLICAS, MOST_MACHINES, LEAST_GB, MOST_GB = 100, 1000, 30, 2048
STORAGE = "Standard_LRS"
EXAMPLE = "-g lab -r pictures -i tools -e 1.0.0"


def replicas(
    cloud: Cloud | None = None,
    gallery: str = "",
    definition: str = "",
    group: str = "",
    *,
    regions: Sequence[str] = REGIONS[:3],
    replicas: int = 1,
    machines: int = 60,
    gb: int = 30,
) -> Touch:
    """Plan the replicas of an image version: how many in each region, machines made at once, GB of the disk.

    With a `cloud` the plan begins with how the newest version of its definition stands there, which stays as it is; the
    names may be left out where there is only one, and `regions` are offered besides. Else it begins with `regions`,
    `replicas` in each, and `gb`. The first region is where the version lives, and always takes part; 0 is none. Each
    plan is really carried out, in a practice cloud of its own: that is how long a new version takes. Costs are
    illustrative, of a dated table. Raises ValueError for a region there is not.

    >>> replicas(regions=["koreacentral", "eastus"]).at(machines=100).says.split(". ")[1]
    '1 replica bears 20 machines at once, for 100 it takes 5 (2 by the page of 2023)'
    """
    if cloud is None:
        plan, named = Plan(tuple((name, replicas) for name in regions), gb), EXAMPLE
    else:
        plan, named = _standing(*shelf(cloud, gallery, definition, group))
    counts = {_region(name).name: count for name, count in plan.counts}
    home, *others = dict.fromkeys((*counts, *(_region(name).name for name in regions), *REGIONS))
    controls: tuple[Control, ...] = (
        Whole("machines", "Machines made at once in a region", 1, MOST_MACHINES),
        Whole("gb", "GB of the disk", LEAST_GB, MOST_GB),
        *(Whole(name, _label(name), int(name == home), MOST_REPLICAS) for name in (home, *others)),
    )

    def show(state: State) -> Seen:
        wanted = tuple((name, state[name]) for name in (home, *others) if state[name])
        return _seen(Plan(wanted, state["gb"]), state["machines"], named)

    title = f"Replicas of a version that lives in {_region(home).display_name}"
    begin = {"machines": machines, "gb": plan.gb, **{name: counts.get(name, 0) for name in (home, *others)}}
    return Touch(title, controls, show, begin, LEARN)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a version is to be, its own region first, with how many replicas in each, and how large it is."""

    counts: tuple[tuple[str, int], ...]
    gb: int

    @property
    def regions(self) -> tuple[str, ...]:
        """Where it is to be."""
        return tuple(name for name, _ in self.counts)


def _standing(home: Id, versions: Mapping[str, JSON]) -> tuple[Plan, str]:
    """How the newest version of a definition stands, and how az names the next one."""
    name = max(versions, key=version_order)
    newest = versions[name]
    here = newest["location"]
    counts = sorted(spread(newest), key=lambda pair: pair[0] != here)
    size = newest["properties"]["storageProfile"]["osDiskImage"].get("sizeInGB", LEAST_GB)
    *front, last = name.split(".")
    gallery = home.parent
    assert gallery is not None
    next_one = ".".join((*front, str(int(last) + 1)))
    return Plan(tuple(counts), max(size, LEAST_GB)), f"-g {home.group} -r {gallery.name} -i {home.name} -e {next_one}"


def _label(name: str) -> str:
    return f"Replicas in {_region(name).display_name}"


def _region(name: str) -> facts.Region:
    known = facts.region(name)
    if known is None:
        raise ValueError(f"there is no region {name!r} in the public cloud")
    return known


def _seen(plan: Plan, machines: int, named: str) -> Seen:
    steps, lines, many = _played(plan), _bill(plan), counted(len(plan.regions), "region")
    monthly, once = (
        sum(line["per_month"] for line in lines if ("to_month" in line) is single) for single in (False, True)
    )
    took = lasting(max(step["to"] for step in steps))
    says = (
        f"In {many} after {took}. {_borne(plan, machines)}. "
        f"About {monthly:.2f} USD a month and {once:.2f} USD once (illustrative, prices of {facts.prices_dated()})."
    )
    title = f"A version of {plan.gb} GB in {many}"
    copies = pictures.replication({"title": title, "regions": steps})
    bill = {
        "title": "What it costs",
        "currency": "USD",
        "dated": str(facts.prices_dated()),
        "lines": lines,
        "months": 12,
    }
    return Seen(says, copies, (_map(title, plan), pictures.cost(bill), _command(plan, named)))


def _borne(plan: Plan, machines: int) -> str:
    """What the replicas of one region bear at once, and how many it would take; of several regions the weakest."""
    name, replicas = min(plan.counts, key=lambda pair: pair[1])
    enough, verb = ceil(machines / BEARS), "bears" if replicas == 1 else "bear"
    uneven = len({count for _, count in plan.counts}) > 1
    where = f"In {_region(name).display_name} " if uneven else ""
    said = f"{where}{counted(replicas, 'replica')} {verb} {replicas * BEARS} machines at once"
    if enough <= replicas:
        return f"{said}, enough for {machines}"
    newer = f" ({ceil(machines / BEARS_BY_NEWER_PAGE)} by the page of 2023)"
    return f"{said}, for {machines} it takes {enough}{newer if machines > BEARS_BY_NEWER_PAGE * replicas else ''}"


# --- time: played --------------------------------------------------------------------------------------------------

_START = """\
az group create -n lab -l {home}
az sig create -g lab -r pictures
az sig image-definition create -g lab -r pictures -i tools -p Contoso -f Tools -s V1 --os-type Linux \\
  --os-state Generalized --features SecurityType=TrustedLaunch
az vm create -g lab -n maker --image Ubuntu2204 --os-disk-size-gb {gb} --generate-ssh-keys
az vm deallocate -g lab -n maker
az vm generalize -g lab -n maker
maker=$(az vm show -g lab -n maker --query id -o tsv)"""


def _command(plan: Plan, named: str = EXAMPLE) -> str:
    targets = " ".join(f"{name}={count}" for name, count in plan.counts)
    return f"az sig image-version create {named} --virtual-machine $maker --target-regions {targets}"


@lru_cache(maxsize=8)
def _made(home: str, gb: int) -> Cloud:
    cloud = Cloud()
    cloud.say(_START.format(home=home, gb=gb))
    return cloud


@lru_cache(maxsize=64)
def _played(plan: Plan) -> list[JSON]:
    """When each region has its replicas, in seconds, as it turns out in the practice cloud."""
    cloud = _made(plan.regions[0], plan.gb).branch()
    cloud.say(f"{_command(plan)} --no-wait")
    (job,) = cloud.world.pending.values()
    counts = dict(plan.counts)
    return [
        {
            "name": step["region"],
            "replicas": counts[region(step["region"])],
            "from": step["from"],
            "to": step["to"],
            "state": "Completed",
            "progress": 100,
        }
        for step in job.data["steps"]
    ]


# --- money and place ------------------------------------------------------------------------------------------------


def _bill(plan: Plan) -> list[JSON]:
    """FACTS GAL-013: every replica is billed as a snapshot, and the first copy to each further region as traffic."""
    count = sum(number for _, number in plan.counts)
    stored = facts.replica_price(STORAGE).amount * plan.gb * count
    lines: list[JSON] = [{"says": f"{counted(count, 'replica')} of {plan.gb} GB", "per_month": stored, "from_month": 1}]
    for name in plan.regions[1:]:
        sent = facts.egress_price(plan.regions[0], name).amount * plan.gb
        lines.append(
            {"says": f"copy to {_region(name).display_name}", "per_month": sent, "from_month": 1, "to_month": 1}
        )
    return lines


def _map(title: str, plan: Plan) -> pictures.Picture:
    places = [
        {
            "region": one.name,
            "latitude": one.latitude,
            "longitude": one.longitude,
            "replicas": count,
            "home": one.name == plan.regions[0],
            "state": "Completed",
            "storage": STORAGE,
        }
        for one, count in ((_region(name), number) for name, number in plan.counts)
    ]
    return pictures.world_map({"title": title, "places": places})


__all__ = ["replicas"]
