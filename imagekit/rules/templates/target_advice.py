"""Advice about targets: what takes longer, what gets lost, and which number a version will have."""

from __future__ import annotations

from collections.abc import Iterator

from imagekit import facts
from imagekit.asked import Asked
from imagekit.ids import region
from imagekit.rules.core import Found, found, rule
from imagekit.rules.papers import (
    BUILDER_JSON,
    BUILDER_RELEASES,
    COMPUTE,
    CREATE_TEMPLATE,
    LINUX_TEMPLATE,
    WINDOWS_TEMPLATE,
)
from imagekit.rules.templates.distribute import version_of
from imagekit.rules.templates.reading import Template, items, kind, named, part
from imagekit.rules.templates.regions import regions_of
from imagekit.rules.templates.steps import called, of_kind

_VERSIONED = LINUX_TEMPLATE.replace(
    '"replicationRegions"', '"versioning": {"scheme": "Latest"},\n        "replicationRegions"', 1
)
_UBUNTU = (
    '"type": "PlatformImage",\n      "publisher": "Canonical",\n      "offer": "0001-com-ubuntu-server-jammy",\n'
    '      "sku": "22_04-lts-gen2",\n      "version": "latest"'
)


@rule(
    CREATE_TEMPLATE,
    says="The disk that {step} makes is lost when the template is deleted.",
    fix="Copy it away after the run, or say uri (since 2022-07-01) to have it in a storage account of yours.",
    fact="TPL-044",
    source=BUILDER_JSON,
    good=WINDOWS_TEMPLATE,
    bad=[
        (
            '"distribute": [',
            '"distribute": [\n      {\n        "type": "VHD",\n        "runOutputName": "disk"\n      },',
        )
    ],
    text=True,
)
def vhd_outlives_its_template(asked: Asked) -> Iterator[Found]:
    """A VHD is kept where it stays when the template goes.

    Without uri it lies in a storage account of the staging group, and that group goes with the template.
    """
    for place in of_kind(Template(asked).targets, "VHD"):
        if place[1].get("uri") in (None, ""):
            yield found(place[0], step=called(place))


@rule(
    CREATE_TEMPLATE,
    says="{step} goes to {said}, the template works in {home}: {what}",
    fix="{how}",
    fact="TPL-035, TPL-043",
    source=BUILDER_JSON,
    good=WINDOWS_TEMPLATE,
    bad=[('"location": "eastus"\n      }\n    ]', '"location": "westus2"\n      }\n    ]')],
    text=True,
)
def target_is_near(asked: Asked) -> Iterator[Found]:
    """An image is made in the region of its template, and goes to other regions from there.

    The disk is copied between the regions before the build is done. For a gallery, the definition's own region comes
    first: template and definition in one region save a copy.
    """
    template = Template(asked)
    for place in template.targets:
        names = [region(name) for _, name in regions_of(place) if facts.region_anywhere(name)]
        all_told = len(names) == max(1, len(_regions(place[1])))
        home = facts.region_anywhere(template.location)  # a strange region is told by a law of its own
        if not (home and names and all_told) or template.location in names:
            continue
        what, how = (
            "the copy makes the build longer.",
            f"Say {template.location}, if the image is not needed elsewhere.",
        )
        if kind(place[1]).lower() == "sharedimage":
            what = "the build takes one copy more."
            how = f"Keep template and definition in one region, and name it: add {template.location}."
        yield found(place[0], step=called(place), said=", ".join(names), home=template.location, what=what, how=how)


def _regions(about: dict[str, object]) -> list[object]:
    return items(about.get("replicationRegions")) or items(about.get("targetRegions"))


@rule(
    CREATE_TEMPLATE,
    says="{count} targets go to {name!r}{more}",
    fix="Keep one of them; a single gallery target takes many regions.",
    fact="TPL-033, TPL-036",
    source=BUILDER_JSON,
    good=WINDOWS_TEMPLATE,
    bad=[
        (
            '"distribute": [',
            '"distribute": [\n      {\n        "type": "ManagedImage",\n        "runOutputName": "other",\n'
            f'        "imageId": "{COMPUTE}/images/desk",\n        "location": "eastus"\n      }},',
        )
    ],
    text=True,
)
def targets_are_apart(asked: Asked) -> Iterator[Found]:
    """Two targets go to two places.

    Of two managed images with one id the later replaces the earlier. Two targets with one definition make two versions
    of the same content, and each is copied and kept.
    """
    seen: dict[str, list[tuple[str, str]]] = {}
    for pointer, about in Template(asked).targets:
        id = named(about.get("imageId")) or named(about.get("galleryImageId"))
        if id:
            seen.setdefault(id.rstrip("/").lower(), []).append((pointer, id))
    for same in seen.values():
        if len(same) > 1:
            pointer, id = same[1]
            more = "." if "/galleries/" in id.lower() else "; the last one stays."
            yield found(pointer, count=len(same), name=id.rstrip("/").rpartition("/")[2], more=more)


@rule(
    CREATE_TEMPLATE,
    says="{step} asks for version {number} and also says how to count; only one of the two can hold.",
    fix="End galleryImageId at the definition, or leave versioning out.",
    fact="TPL-036, TPL-040",
    source=BUILDER_JSON,
    good=_VERSIONED,
    bad=[("Pictures/images/web", "Pictures/images/web/versions/3.1.0")],
    text=True,
)
def version_is_chosen_once(asked: Asked) -> Iterator[Found]:
    """A target asks for one version number, or says how to count: versioning.

    versioning describes how a new number is made; where the id ends in a number there is none to make.
    """
    for place in of_kind(Template(asked).targets, "SharedImage"):
        if (number := version_of(place)) and place[1].get("versioning"):
            yield found(f"{place[0]}/versioning", step=called(place), number=number)


@rule(
    CREATE_TEMPLATE,
    says="{step}: {what}",
    fix='Use "scheme": "Latest".',
    fact="TPL-040",
    source=BUILDER_RELEASES,
    good=_VERSIONED.replace('"Latest"', '"Source"', 1),
    bad=[
        (_UBUNTU, f'"type": "ManagedImage",\n      "imageId": "{COMPUTE}/images/golden"'),
    ],
    text=True,
)
def source_has_a_version_to_take(asked: Asked) -> Iterator[Found]:
    """The scheme Source takes the number from the version of the source image.

    A platform image and a gallery version have one. A managed image has none, and its versions can only be counted.
    """
    template = Template(asked)
    for place in of_kind(template.targets, "SharedImage"):
        versioning = part(place[1].get("versioning"))
        if versioning.get("scheme") != "Source":
            continue
        if kind(template.source) == "ManagedImage":
            yield found(f"{place[0]}/versioning", step=called(place), what="a managed image has no version to take.")
