"""The laws of targets that look further: at the galleries and groups that stand there, and at what a gallery takes.

What stands elsewhere Azure looks at after it has accepted the template; what a gallery refuses comes out at the end of
the build.
"""

from __future__ import annotations

from collections.abc import Iterator

from imagekit import facts
from imagekit.asked import Asked
from imagekit.ids import Id, group_id, region
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import (
    BUILD_TEMPLATE,
    BUILDER_JSON,
    BUILDER_SCHEMAS,
    COMPUTE,
    CREATE_TEMPLATE,
    LINUX_TEMPLATE,
    TROUBLE,
    VALIDATE_TEMPLATE,
    WINDOWS_TEMPLATE,
)
from imagekit.rules.templates.distribute import version_of
from imagekit.rules.templates.reading import Place, Template, items, named, part, places, whole
from imagekit.rules.templates.regions import TWO_REGIONS, regions_of
from imagekit.rules.templates.steps import called, of_kind
from imagekit.sources import DEFINITION, IMAGE, parsed

_EXPLICIT = LINUX_TEMPLATE.replace("Pictures/images/web", "Pictures/images/web/versions/3.1.0", 1)


def _home(asked: Asked, place: Place, field: str) -> Id | None:
    """The id a target names, where this subscription can tell what stands there."""
    id = parsed(named(place[1].get(field)))
    return id if id and id.subscription.lower() == asked.id.subscription.lower() else None


def _definitions(asked: Asked) -> Iterator[tuple[Place, Id]]:
    """The SharedImage targets of this subscription with the definition each goes to."""
    for place in of_kind(Template(asked).targets, "SharedImage"):
        id = _home(asked, place, "galleryImageId")
        if id and version_of(place):
            id = id.parent
        if id and id.type == DEFINITION and not id.is_collection:
            yield place, id


@rule(
    VALIDATE_TEMPLATE,
    refuses="BadSharedImageDistribute",
    message="The gallery image '{id}' was not found.",
    says="{step} goes to the definition {name!r}, and there is none.",
    fix="Make it first: az sig image-definition create -r {gallery} -i {name} …",
    fact="TPL-036, TPL-056",
    source=BUILDER_JSON,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[("Pictures/images/web", "Pictures/images/webb"), ("galleries/Pictures", "galleries/Paintings")],
)
def target_definition_exists(asked: Asked) -> Iterator[Found]:
    """The gallery and the definition a target goes to are there before the template.

    Image Builder makes versions, nothing above them: whose definition it is, and for which system, you have to say.
    """
    for place, id in _definitions(asked):
        if asked.world.get(id) is None:
            gallery = id.parent.name if id.parent else ""
            yield found(f"{place[0]}/galleryImageId", step=called(place), id=id, name=id.name, gallery=gallery)


@rule(
    VALIDATE_TEMPLATE,
    refuses="BadSharedImageDistribute",
    message="The OS state of the gallery image '{id}' is Specialized; only Generalized is supported.",
    says="{step} goes to {name!r}, a definition for specialized images, and Image Builder makes generalized ones.",
    fix="Use a definition with --os-state Generalized.",
    fact="TPL-031, TPL-056, STATE-001",
    source=BUILDER_JSON,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[("Pictures/images/web", "Pictures/images/desk")],
)
def target_definition_is_generalized(asked: Asked) -> Iterator[Found]:
    """The definition a target goes to is for generalized images.

    At the end of every build the machine is generalized, so no specialized image ever comes out.
    """
    for place, id in _definitions(asked):
        state = part(part(asked.world.get(id)).get("properties")).get("osState")
        if state == "Specialized":
            yield found(f"{place[0]}/galleryImageId", step=called(place), id=id, name=id.name)


@rule(
    VALIDATE_TEMPLATE,
    refuses="BadSharedImageDistribute",
    message="The gallery image version '{id}' already exists.",
    says="{step} is to make version {name}, and that is there already.",
    fix="Choose another number, or end the id at the definition to have one chosen.",
    fact="TPL-036, TPL-056",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_EXPLICIT,
    bad=[("versions/3.1.0", "versions/1.0.0")],
)
def target_version_is_new(asked: Asked) -> Iterator[Found]:
    """A version that a target asks for by number is not there yet.

    A version never changes what it holds. So a template with a number in it builds once; to build every month, let the
    service choose the number.
    """
    for place in of_kind(Template(asked).targets, "SharedImage"):
        id = _home(asked, place, "galleryImageId")
        if id and version_of(place) and asked.world.get(id):
            yield found(f"{place[0]}/galleryImageId", step=called(place), id=id, name=id.name)


@rule(
    VALIDATE_TEMPLATE,
    refuses="Other",
    message="Resource group '{group}' could not be found.",
    says="{step} is to stand in the group {group!r}, and there is none.",
    fix="Make it first: az group create -n {group} -l {location}",
    fact="TPL-035, TPL-056",
    source=BUILDER_JSON,
    confidence="assumed",
    good=WINDOWS_TEMPLATE,
    bad=[(f"{COMPUTE}/images/desk", f"{COMPUTE}/images/desk".replace("/studio/", "/studios/"))],
)
def target_group_exists(asked: Asked) -> Iterator[Found]:
    """The resource group of a ManagedImage target is there before the template.

    Image Builder makes a group for its own work, not for yours.
    """
    template = Template(asked)
    for place in of_kind(template.targets, "ManagedImage"):
        id = _home(asked, place, "imageId")
        if id and id.group and asked.world.get(group_id(id.subscription, id.group)) is None:
            where = named(place[1].get("location")) or template.location or "eastus"
            yield found(f"{place[0]}/imageId", step=called(place), group=id.group, location=where)


def _standing(asked: Asked) -> Iterator[tuple[Place, str, str]]:
    """The ManagedImage targets whose image is there already, with its name and region."""
    for place in of_kind(Template(asked).targets, "ManagedImage"):
        id = _home(asked, place, "imageId")
        document = asked.world.get(id) if id and id.type == IMAGE else None
        if id and document:
            yield place, id.name, region(str(document.get("location") or ""))


@rule(
    VALIDATE_TEMPLATE,
    refuses="Other",
    message="The image '{name}' already exists in location '{home}'; it cannot be created in '{said}'.",
    says="{step} is to make {name!r} in {said}, and an image of that name stands in {home}.",
    fix="Say {home}, or choose another name.",
    fact="TPL-035, ERR-GAL-004",
    source=BUILDER_SCHEMAS,
    confidence="assumed",
    good=WINDOWS_TEMPLATE.replace("images/desk", "images/golden", 1),
    bad=[('"location": "eastus"\n      }\n    ]', '"location": "westus2"\n      }\n    ]')],
)
def target_image_stays_in_its_region(asked: Asked) -> Iterator[Found]:
    """An image that is made anew stays in the region it stands in.

    A name in a group belongs to one resource in one region, and no resource moves.
    """
    for place, name, home in _standing(asked):
        said = region(named(place[1].get("location")))
        if said and said != home:
            yield found(f"{place[0]}/location", step=called(place), name=name, home=home, said=said)


@rule(
    CREATE_TEMPLATE,
    says="{step} will replace the image {name!r}.",
    fix="Choose another name if the old image is still needed; a gallery keeps versions side by side.",
    fact="TPL-035",
    source=BUILDER_SCHEMAS,
    good=WINDOWS_TEMPLATE,
    bad=[("images/desk", "images/golden")],
)
def target_image_is_replaced(asked: Asked) -> Iterator[Found]:
    """A managed image of the same name is replaced by each run.

    The schema speaks of artifacts that are created or updated. Machines made from the old image go on, but nobody can
    make another one.
    """
    for place, name, _ in _standing(asked):
        yield found(f"{place[0]}/imageId", step=called(place), name=name)


@rule(
    BUILD_TEMPLATE,
    refuses="InvalidParameter",
    message="Gallery image version publishing profile regions '{regions}' must contain the location of image version "
    "'{home}'.",
    says="{step} goes to {regions}; {name!r} stands in {home}, which is not among them.",
    fix="Add {home}.",
    fact="TPL-037, TPL-043, ERR-VER-002",
    source=BUILDER_JSON,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[('"replicationRegions": ["eastus"]', '"replicationRegions": ["westeurope"]')],
)
def gallery_region_is_a_target(asked: Asked) -> Iterator[Found]:
    """The region of the definition is among the regions of a target.

    The version is made in the region of its definition, and copied from there. The pages ask for that region in the
    list; in a recorded session of 2023 a template without it was created all the same and never built. The stricter
    word counts: the gallery refuses such a list.
    """
    for place, id in _definitions(asked):
        home = region(str(part(asked.world.get(id)).get("location") or ""))
        names = [region(name) for _, name in regions_of(place)]
        said = items(place[1].get("replicationRegions")) or items(place[1].get("targetRegions"))
        if home and names and len(names) == len(said) and home not in names:
            yield found(place[0], step=called(place), regions=", ".join(names), home=home, name=id.name)


@rule(
    BUILD_TEMPLATE,
    refuses="InvalidParameter",
    message="ZRS storage account type is not supported in this region.",
    says="{name} has no availability zones, so it cannot keep zone-redundant copies.",
    fix="Use Standard_LRS there.",
    fact="TPL-038, TPL-039, VER-023, ERR-DEF-007",
    source=TROUBLE,
    confidence="assumed",
    good=TWO_REGIONS,
    bad=[('{"name": "eastus"', '{"name": "westus"')],
    text=True,
)
def target_zones_are_there(asked: Asked) -> Iterator[Found]:
    """Zone-redundant storage is for regions with availability zones.

    The gallery finds out when the image is already built.
    """
    for place in of_kind(Template(asked).targets, "SharedImage"):
        for where, name in regions_of(place):
            one = items(place[1].get("targetRegions"))[int(where.split("/")[-2])] if "/targetRegions/" in where else {}
            storage = part(one).get("storageAccountType") or place[1].get("storageAccountType")
            known = facts.region(name)
            if storage == "Standard_ZRS" and known and not known.zones:
                yield found(where, name=known.name)


@rule(
    BUILD_TEMPLATE,
    refuses="InvalidParameter",
    message="The replica count must be 1 when replicationMode is Shallow.",
    says="{step} asks for {count} replicas of a shallow version.",
    fix="Leave replicaCount out, or use replicationMode Full.",
    fact="TPL-051, VER-026",
    source=Source("packer-plugin-azure PR 337", "2023"),
    confidence="assumed",
    good=TWO_REGIONS.replace("2024-02-01", "2025-10-01", 1)
    .replace('"replicaCount": 2', '"replicaCount": 1', 1)
    .replace('"targetRegions"', '"replicationMode": "Shallow",\n        "targetRegions"', 1),
    bad=[('"replicaCount": 1', '"replicaCount": 3')],
    text=True,
)
def shallow_target_has_one_replica(asked: Asked) -> Iterator[Found]:
    """A target with replicationMode Shallow keeps one replica in a region.

    A shallow version copies nothing. That is quick and meant for tests; there is nothing to spread a crowd over.
    """
    for place in of_kind(Template(asked).targets, "SharedImage"):
        counts = [whole(part(one).get("replicaCount")) or 1 for one in items(place[1].get("targetRegions"))]
        if place[1].get("replicationMode") == "Shallow" and max(counts, default=1) > 1:
            yield found(f"{place[0]}/replicationMode", step=called(place), count=max(counts))


@rule(
    BUILD_TEMPLATE,
    refuses="InvalidParameter",
    message="The value {count} of parameter regionalReplicaCount is out of range. The value must be between 1 and 100, "
    "inclusive.",
    says="{step} asks for {count} replicas in {name}; a version has 100 at most in a region.",
    fix="Say 1 to 100; 50 are enough for nearly everybody.",
    fact="TPL-038, GAL-008, ERR-VER-004",
    source=TROUBLE,
    confidence="assumed",
    good=TWO_REGIONS,
    bad=[('"replicaCount": 2', '"replicaCount": 101')],
    text=True,
)
def target_replicas_are_at_most_a_hundred(asked: Asked) -> Iterator[Found]:
    """A target asks for at most 100 replicas in a region.

    Image Builder knows no limit and takes any number; the gallery has one, and it speaks when the image is made.
    """
    for place in of_kind(Template(asked).targets, "SharedImage"):
        for pointer, one in places(place[1].get("targetRegions"), f"{place[0]}/targetRegions"):
            count = whole(one.get("replicaCount"))
            if count is not None and count > 100:
                name = named(one.get("name")) or "a region"
                yield found(f"{pointer}/replicaCount", step=called(place), count=count, name=name)
