"""Measure a world of 100,000 image versions, ten times what Azure allows in a region, beside 1,000: `make bench`.

The versions are copies of one that the practice cloud made: 10 galleries of 10 definitions with as many versions each.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from run import Row, table, timed

from imagekit import Cloud
from imagekit.ids import GALLERY, Id
from imagekit.wire import Heard, respond
from imagekit.world import JSON, World

STUDIO = """
az group create -n lab -l eastus
az vm create -g lab -n maker --image Ubuntu2204 --security-type Standard --generate-ssh-keys
az vm deallocate -g lab -n maker
MAKER=$(az vm show -g lab -n maker --query id -o tsv)
az sig create -g lab -r g0
az sig image-definition create -g lab -r g0 -i i0 --os-type Linux --os-state Specialized --publisher Contoso \
  --offer Web --sku Plain --features SecurityType=Standard
az sig image-version create -g lab -r g0 -i i0 -e 1.0.0 --virtual-machine $MAKER
"""
GALLERIES, DEFINITIONS = 10, 10
TOKEN = {"authorization": "Bearer practice"}


def grown(each: int) -> Cloud:
    """A cloud in which every definition has so many versions."""
    cloud = Cloud()
    cloud.say(STUDIO)
    gallery = next(one for one in cloud.world.documents.values() if one["type"] == GALLERY)
    definition = next(iter(cloud.world.members(Id.parse(gallery["id"]).child("images"))))
    version = next(iter(cloud.world.members(Id.parse(definition["id"]).child("versions"))))
    world = cloud.world
    for g in range(GALLERIES):
        world = _put(world, gallery, f"g{g}")
        for i in range(DEFINITIONS):
            world = _put(world, definition, f"g{g}", f"i{i}")
            for v in range(each):
                world = _put(world, version, f"g{g}", f"i{i}", f"1.0.{v}")
    cloud.world = world
    return cloud


def _put(world: World, document: JSON, *names: str) -> World:
    """A world in which a copy of the document stands under these names."""
    id = Id.parse(document["id"])
    copy = Id(id.scope, id.namespace, id.types, names)
    return world.put(copy, {**document, "id": str(copy), "name": names[-1]})


def asked(cloud: Cloud, path: str) -> Any:
    """What the wire answers to a GET of what lies in gallery g0."""
    place = f"/subscriptions/{cloud.subscription}/resourceGroups/lab/providers/Microsoft.Compute/galleries/g0{path}"
    reply = respond(cloud, Heard("GET", f"https://management.azure.com{place}?api-version=2024-03-03", TOKEN))
    if reply.status != 200:
        raise RuntimeError(f"{path} answered {reply.status}, so the figure would be worthless")
    return reply


def large() -> Iterator[Row]:
    """Measure `latest`, a page of a list and the picture of one gallery, in a small world and in a large one."""
    for each in (10, 1000):
        tracemalloc.start()
        cloud = grown(each)
        megabytes = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        where = f"{GALLERIES * DEFINITIONS * each:,} versions ({megabytes:,.0f} MB)"
        gallery = cloud.gallery("g0")
        for what, action, runs in (
            ("latest of one definition", lambda gallery=gallery: gallery.latest("i0"), 9),
            ("a page of its versions", lambda cloud=cloud: asked(cloud, "/images/i0/versions"), 9),
            ("one version by its name", lambda cloud=cloud: asked(cloud, "/images/i0/versions/1.0.9"), 45),
            ("picture of one gallery", lambda gallery=gallery: gallery.picture().dot, 3),
        ):
            against = "" if each == 10 else next(row for row in FIRST if what in row)
            row = Row(f"{where}: {what}", timed(action, runs), runs, against)
            if each == 10:
                FIRST.append(row.what)
            yield row


FIRST: list[str] = []  # what the rows of the small world are called

if __name__ == "__main__":
    Console().print(table([*large()]))
