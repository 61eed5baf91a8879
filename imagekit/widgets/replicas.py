"""A planner for replicas: how long a version takes to be everywhere, what it costs, and how many machines it bears."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from imagekit import facts, pictures
from imagekit.cloud import Cloud
from imagekit.ids import Id
from imagekit.pictures.reading import replicas as spread
from imagekit.pictures.reading import version_order
from imagekit.widgets.controls import Control, State, Tick, Whole
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
    """Plan the replicas of an image version: regions, replicas in each, machines made at once, GB of the disk.

    With a `cloud` the plan begins with how the newest version of its definition stands there, which stays as it is; the
    names may be left out where there is only one. Else it begins with `regions`, `replicas` and `gb`. The first region
    is where the version lives, and always takes part. Each plan is really carried out, in a practice cloud of its own:
    that is how long it takes. Costs are illustrative, of a dated table. Raises ValueError for a region there is not.

    >>> replicas(regions=["koreacentral", "eastus"]).at(machines=100).says.split(". ")[1]
    '1 replica bears 20 machines at once, for 100 it takes 5 (2 by the page of 2023)'
    """
    plan = Plan(tuple(regions), replicas, gb) if cloud is None else _standing(*shelf(cloud, gallery, definition, group))
    if unknown := [name for name in plan.regions if facts.region(name) is None]:
        raise ValueError(f"there is no region {unknown[0]!r} in the public cloud")
    home, *others = dict.fromkeys(str(_region(name).name) for name in (*plan.regions, *REGIONS))
    chosen = {_region(name).name for name in plan.regions}
    controls: tuple[Control, ...] = (
        Whole("replicas", "Replicas in each region", 1, MOST_REPLICAS),
        Whole("machines", "Machines made at once in a region", 1, MOST_MACHINES),
        Whole("gb", "GB of the disk", LEAST_GB, MOST_GB),
        *(Tick(name, _region(name).display_name) for name in others),
    )
    numbers = {"replicas": plan.replicas, "machines": machines, "gb": plan.gb}

    def show(state: State) -> Seen:
        wanted = (home, *(name for name in others if state[name]))
        return _seen(Plan(wanted, state["replicas"], state["gb"]), state["machines"])

    title = f"Replicas of a version that lives in {_region(home).display_name}"
    return Touch(title, controls, show, {**numbers, **{name: name in chosen for name in others}}, LEARN)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a version is to be, its own region first, with how many replicas in each, and how large it is."""

    regions: tuple[str, ...]
    replicas: int
    gb: int


def _standing(home: Id, versions: Mapping[str, JSON]) -> Plan:
    """How the newest version of a definition stands; of different counts the largest."""
    newest = versions[max(versions, key=version_order)]
    counts = dict(spread(newest))
    others = [name for name in counts if name != newest["location"]]
    size = newest["properties"]["storageProfile"]["osDiskImage"].get("sizeInGB", LEAST_GB)
    return Plan((newest["location"], *others), max(counts.values()), max(size, LEAST_GB))


def _region(name: str) -> facts.Region:
    known = facts.region(name)
    assert known is not None
    return known


def _seen(plan: Plan, machines: int) -> Seen:
    steps, lines, many = _played(plan), _bill(plan), counted(len(plan.regions), "region")
    monthly, once = (
        sum(line["per_month"] for line in lines if ("to_month" in line) is single) for single in (False, True)
    )
    took = lasting(max(step["to"] for step in steps))
    says = (
        f"In {many} after {took}. {_borne(plan.replicas, machines)}. "
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
    return Seen(says, copies, (_map(title, plan), pictures.cost(bill), _command(plan)))


def _borne(replicas: int, machines: int) -> str:
    """What the replicas of one region bear at once, and how many it would take."""
    enough, verb = ceil(machines / BEARS), "bears" if replicas == 1 else "bear"
    said = f"{counted(replicas, 'replica')} {verb} {replicas * BEARS} machines at once"
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


def _command(plan: Plan) -> str:
    targets = " ".join(f"{name}={plan.replicas}" for name in plan.regions)
    named = "az sig image-version create -g lab -r pictures -i tools -e 1.0.0"
    return f"{named} --virtual-machine $maker --target-regions {targets}"


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
    done = {"state": "Completed", "progress": 100, "replicas": plan.replicas}
    return [{**done, "name": step["region"], "from": step["from"], "to": step["to"]} for step in job.data["steps"]]


# --- money and place ------------------------------------------------------------------------------------------------


def _bill(plan: Plan) -> list[JSON]:
    """FACTS GAL-013: every replica is billed as a snapshot, and the first copy to each further region as traffic."""
    count = plan.replicas * len(plan.regions)
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
            "replicas": plan.replicas,
            "home": one.name == plan.regions[0],
            "state": "Completed",
            "storage": STORAGE,
        }
        for one in map(_region, plan.regions)
    ]
    return pictures.world_map({"title": title, "places": places})


__all__ = ["replicas"]
