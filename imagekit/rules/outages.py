"""What cannot be had while a region is down: its resources, its galleries with all in them, its groups."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit import facts
from imagekit.asked import Asked
from imagekit.ids import Id, group_id, region
from imagekit.operations import OPERATIONS
from imagekit.rules.core import Found, Source, found, rule
from imagekit.sources import parsed

_ABOUT_ONE = tuple(row.name for row in OPERATIONS if row.of == "one")
_KINDS = {"resourceGroups": "resource group", "galleries": "gallery", "images": "image", "versions": "image version"}


@rule(
    *_ABOUT_ONE,
    refuses="ServiceUnavailable",
    status=503,
    message="The service in region '{region}' is currently unavailable.",
    says="{said} is kept in {place}, and {place} is down.",
    fix="Do it in a region that is up; what is kept in one region only has to wait until cloud.outage() ends it.",
    fact="GAL-012",
    source=Source("azure-compute-gallery.md, footnote (also azure-docs#86394 and #103467)", "2024-03-04"),
    confidence="assumed",
    good="az disk create -g studio -n spare --size-gb 8 -l eastus",
    bad=[("-l eastus", "-l southindia")],
    gate=True,
)
def region_is_up(asked: Asked) -> Iterator[Found]:
    """What is kept in one region cannot be had while that region is down.

    A gallery replicates its images, not itself: gallery, definition and version are resources of one region each, and
    so is a resource group. How Azure behaves in such an hour is written nowhere in full; here (in the examples, South
    India is down) the stricter reading holds. Azure's own advice speaks for it: two galleries, in two regions.
    """
    down = asked.world.down
    for said, place in _needed(asked) if down else ():
        if place in down:
            known = facts.region(place)
            yield found("/location", said=said, region=place, place=known.display_name if known else place)
            return


def _needed(asked: Asked) -> Iterator[tuple[str, str]]:
    """What a request needs, in words, each with the region that keeps it."""
    if asked.location:
        yield _called(asked.id), asked.location
    yield from _line(asked, asked.id)
    if image := parsed(asked.image_id):
        yield from _line(asked, image)
    if asked.request.method != "GET" and asked.id.group:
        yield from _line(asked, group_id(asked.id.subscription, asked.id.group))


def _line(asked: Asked, id: Id | None) -> Iterator[tuple[str, str]]:
    """A resource and all that it is nested in."""
    while id is not None:
        if document := asked.world.get(id):
            yield _called(id), region(str(document.get("location") or ""))
        id = id.parent


def _called(id: Id) -> str:
    kind = id.type.rpartition("/")[2]
    word = "image definition" if id.type.endswith("galleries/images") else _KINDS.get(kind, kind.removesuffix("s"))
    return f"The {word} {id.name}"
