"""The laws of the regions a target goes to: how they are said, and which there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from imagekit import facts
from imagekit.asked import Asked
from imagekit.ids import region
from imagekit.rules.core import Found, found, rule
from imagekit.rules.papers import (
    BAD_VALUE,
    BUILDER_SCHEMAS,
    LINUX_TEMPLATE,
    TROUBLE,
)
from imagekit.rules.templates.distribute import TARGETED
from imagekit.rules.templates.reading import Place, Template, bad, items, kind, named, part
from imagekit.rules.templates.steps import called, of_kind
from imagekit.unreadable import nearest

_REPLICATED = '"replicationRegions": ["eastus"]'
TWO_REGIONS = LINUX_TEMPLATE.replace(
    _REPLICATED,
    """"targetRegions": [
          {"name": "eastus", "replicaCount": 2, "storageAccountType": "Standard_ZRS"},
          {"name": "westeurope", "replicaCount": 1, "storageAccountType": "Standard_LRS"}
        ]""",
    1,
)


def regions_of(place: Place) -> list[tuple[str, str]]:
    """The regions a target names, each with its pointer; unknown ones are left out."""
    pointer, about = place
    if kind(about).lower() == "managedimage":
        said = [(f"{pointer}/location", about.get("location"))]
        return [(where, named(name)) for where, name in said if named(name)]
    return [*_of_list(place, "replicationRegions"), *_of_list(place, "targetRegions")]


def _of_list(place: Place, field: str) -> list[tuple[str, str]]:
    """The regions that one of the two lists of a target names."""
    said = items(place[1].get(field))
    if field == "targetRegions":
        named_ones = [(f"{place[0]}/{field}/{n}/name", part(one).get("name")) for n, one in enumerate(said)]
    else:
        named_ones = [(f"{place[0]}/{field}/{n}", one) for n, one in enumerate(said)]
    return [(where, named(name)) for where, name in named_ones if named(name)]


@rule(
    *TARGETED,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{step} names its regions twice: as replicationRegions and as targetRegions.",
    fix="Keep targetRegions.",
    fact="TPL-037, TPL-038, ERR-AIB-001",
    source=BUILDER_SCHEMAS,
    good=LINUX_TEMPLATE,
    bad=[(_REPLICATED, f'{_REPLICATED},\n        "targetRegions": [{{"name": "eastus"}}]')],
    text=True,
)
def regions_are_said_one_way(asked: Asked) -> Iterator[Found]:
    """A target names its regions as replicationRegions or as targetRegions, not both.

    targetRegions came with 2022-07-01 and can say replicas and storage for each region; replicationRegions is the older
    list of names.
    """
    for place in of_kind(Template(asked).targets, "SharedImage"):
        if place[1].get("replicationRegions") and place[1].get("targetRegions"):
            yield bad(f"{place[0]}/targetRegions", "", step=called(place))


@rule(
    *TARGETED,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{step} says storageAccountType beside targetRegions.",
    fix="Say it in each of targetRegions.",
    fact="TPL-039, ERR-AIB-001",
    source=BUILDER_SCHEMAS,
    confidence="assumed",
    good=TWO_REGIONS,
    bad=[('"targetRegions"', '"storageAccountType": "Standard_LRS",\n        "targetRegions"')],
    text=True,
)
def storage_type_stands_with_its_region(asked: Asked) -> Iterator[Found]:
    """The storage type of a target stands beside replicationRegions, or inside each of targetRegions.

    The one on the target speaks for all regions at once, which is what targetRegions does away with.
    """
    for place in of_kind(Template(asked).targets, "SharedImage"):
        said = named(place[1].get("storageAccountType"))
        if said and place[1].get("targetRegions") and not place[1].get("replicationRegions"):
            yield bad(f"{place[0]}/storageAccountType", said, step=called(place))


@rule(
    *TARGETED,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{step} names {said} {count} times.",
    fix="Name it once.",
    fact="TPL-037, VER-028, ERR-VER-003, ERR-AIB-001",
    source=TROUBLE,
    confidence="assumed",
    good=TWO_REGIONS,
    bad=[('"westeurope"', '"East US"')],
    text=True,
)
def target_names_a_region_once(asked: Asked) -> Iterator[Found]:
    """A list of a target's regions names each region once.

    East US and eastus are one region, however they are written. The gallery refuses the list otherwise.
    """
    for place in of_kind(Template(asked).targets, "SharedImage"):
        for said in (_of_list(place, "replicationRegions"), _of_list(place, "targetRegions")):
            for name, count in Counter(region(one) for _, one in said).items():
                where = [pointer for pointer, one in said if region(one) == name]
                if count > 1:
                    yield bad(where[1], name, step=called(place), count=count)


def _strange(place: Place) -> list[tuple[str, str]]:
    """The regions of a target that nobody knows, each at the first place it is named."""
    first: dict[str, tuple[str, str]] = {}
    for where, said in regions_of(place):
        if not facts.region_anywhere(said):
            first.setdefault(region(said), (where, said))
    return list(first.values())


@rule(
    *TARGETED,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{step} goes to {said!r}, which is no region of Azure.",
    fix="Use a region such as {near}.",
    fact="TPL-037, GAL-030, ERR-AIB-001",
    source=TROUBLE,
    confidence="assumed",
    good=TWO_REGIONS,
    bad=[("westeurope", "westeuropa"), ("westeurope", "1_location")],
    text=True,
)
def target_region_is_known(asked: Asked) -> Iterator[Found]:
    """A target goes to a region of Azure.

    Short and display names are both read. An image may go to regions that Image Builder itself does not work in, and to
    those of another cloud when the template stands there.
    """
    for place in Template(asked).targets:
        for where, said in _strange(place):
            if not facts.may_be_region(said):
                near = nearest(region(said), facts.region_names()) or "eastus"
                yield bad(where, said, step=called(place), near=near)


@rule(
    *TARGETED,
    says="{step} goes to {said!r}, a region that is not known here: it is new, or there is none.",
    fix="Look for it in: az account list-locations",
    fact="TPL-037, GAL-030",
    source=TROUBLE,
    good=TWO_REGIONS,
    bad=[("westeurope", "greececentral")],
    text=True,
)
def target_region_may_be_new(asked: Asked) -> Iterator[Found]:
    """A target goes to a region that is open already.

    Azure opens several regions a year, and a list of them is always late. A name that is built as theirs are, of a
    place and a direction, may be such a region; the gallery refuses it until the region is there for you.
    """
    for place in Template(asked).targets:
        for where, said in _strange(place):
            if facts.may_be_region(said):
                yield found(where, said=said, step=called(place))
