"""The laws of targets, as far as a template tells them by itself: names, ids, version numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit.asked import Asked
from imagekit.rules.core import Found, rule
from imagekit.rules.papers import (
    BAD_VALUE,
    BUILDER_JSON,
    COMPUTE,
    CREATE_TEMPLATE,
    LINUX_TEMPLATE,
    WINDOWS_TEMPLATE,
)
from imagekit.rules.templates.reading import Place, Template, bad, is_id, named, part, whole
from imagekit.rules.templates.steps import called, of_kind
from imagekit.sources import DEFINITION, IMAGE, VERSION, parsed

TARGETED = (CREATE_TEMPLATE, "update image template")  # distribute may be changed by PATCH since 2024-02-01 (TPL-053)
_DEFINITION = f"{COMPUTE}/galleries/Pictures/images/web"
_EXPLICIT = LINUX_TEMPLATE.replace("Pictures/images/web", "Pictures/images/web/versions/3.1.0", 1)
_COUNTED = LINUX_TEMPLATE.replace(
    '"replicationRegions"', '"versioning": {"scheme": "Latest", "major": 3},\n        "replicationRegions"', 1
)
_VHD = LINUX_TEMPLATE.replace(
    '"distribute": [',
    """"distribute": [
      {
        "type": "VHD",
        "runOutputName": "disk",
        "uri": "https://contoso.blob.core.windows.net/vhds/web.vhd"
      },""",
    1,
)


@rule(
    *TARGETED,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{count} targets have the runOutputName {said!r}.",
    fix="Give each target a name of its own.",
    fact="TPL-033, ERR-AIB-001",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_VHD,
    bad=[('"runOutputName": "disk"', '"runOutputName": "web"')],
    text=True,
)
def run_output_names_are_unique(asked: Asked) -> Iterator[Found]:
    """Each target has a runOutputName of its own.

    What a run puts out is kept under that name, and a name keeps one thing. Like all names in Azure it is compared
    without case.
    """
    seen: dict[str, list[tuple[str, str]]] = {}
    for pointer, about in Template(asked).targets:
        if name := named(about.get("runOutputName")):
            seen.setdefault(name.lower(), []).append((pointer, name))
    for same in seen.values():
        if len(same) > 1:
            yield bad(f"{same[1][0]}/runOutputName", same[1][1], count=len(same))


@rule(
    *TARGETED,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{step}: {said!r} is no id of a managed image to make.",
    fix="Write /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/images/NAME.",
    fact="TPL-035, ERR-AIB-001",
    source=BUILDER_JSON,
    good=WINDOWS_TEMPLATE,
    bad=[("images/desk", "disks/desk"), (f"{COMPUTE}/images/desk", "desk"), (f"{COMPUTE}/images/desk", "")],
    text=True,
)
def managed_image_target_is_an_image(asked: Asked) -> Iterator[Found]:
    """The imageId of a ManagedImage target is the whole id of a managed image.

    The image need not exist yet: the id says in which group it will stand and what it will be called.
    """
    for place in of_kind(Template(asked).targets, "ManagedImage"):
        said = place[1].get("imageId")
        if said == "" or (named(said) and not is_id(named(said), IMAGE)):
            yield bad(f"{place[0]}/imageId", said, step=called(place))


@rule(
    *TARGETED,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{step}: {said!r} is no image definition of a gallery.",
    fix="Write /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/galleries/GALLERY/images/DEFINITION.",
    fact="TPL-036, ERR-AIB-001",
    source=BUILDER_JSON,
    good=LINUX_TEMPLATE,
    bad=[("/galleries/Pictures/images/web", "/galleries/Pictures"), ("/galleries/Pictures/images", "/images")],
    text=True,
)
def gallery_target_is_a_definition(asked: Asked) -> Iterator[Found]:
    """The galleryImageId of a SharedImage target is the id of an image definition, or of a version in one.

    The gallery alone does not tell which of its definitions gets the new version, and a managed image is no part of a
    gallery.
    """
    for place in of_kind(Template(asked).targets, "SharedImage"):
        said = place[1].get("galleryImageId")
        right = is_id(named(said), DEFINITION) or is_id(named(said), VERSION)
        if said == "" or (named(said) and not right):
            yield bad(f"{place[0]}/galleryImageId", said, step=called(place))


def version_of(place: Place) -> str:
    """The version number a SharedImage target asks for; empty when the service is to choose one."""
    id = parsed(named(place[1].get("galleryImageId")))
    return id.name if id and id.type.lower() == VERSION.lower() and not id.is_collection else ""


@rule(
    *TARGETED,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{step} asks for version {number!r}, which is no version number.",
    fix="Write three whole numbers up to 2147483647, as in 1.2.0; or end the id at the definition.",
    fact="TPL-036, VER-002, ERR-AIB-001",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_EXPLICIT,
    bad=[("3.1.0", "latest"), ("3.1.0", "3.1"), ("3.1.0", "v3.1.0"), ("3.1.0", "3.1.2147483648")],
    text=True,
)
def explicit_version_is_a_number(asked: Asked) -> Iterator[Found]:
    """A version that a target asks for is three whole numbers of 32 bits, Major.Minor.Patch.

    latest is something to read from, not to write to. An id that ends at the definition lets the service count.
    """
    for place in of_kind(Template(asked).targets, "SharedImage"):
        number = version_of(place)
        parts = number.split(".")
        if number and not (len(parts) == 3 and all(re.fullmatch(r"[0-9]+", one) and fits(one) for one in parts)):
            yield bad(f"{place[0]}/galleryImageId", place[1]["galleryImageId"], step=called(place), number=number)


def fits(number: str) -> bool:
    """Whether a whole number may stand in a version: it is one of 32 bits (FACTS VER-002).

    >>> fits("2147483647"), fits("2147483648"), fits("0" * 5000)
    (True, False, True)
    """
    digits = number.lstrip("0")
    return len(digits) < 10 or (len(digits) == 10 and digits <= "2147483647")


@rule(
    *TARGETED,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{step} asks for the major number {said}; 2147483647 is the largest there is.",
    fix="Use a smaller one, or leave major out.",
    fact="TPL-041, VER-002, ERR-AIB-001",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_COUNTED,
    bad=[('"major": 3', '"major": 2147483648')],
    text=True,
)
def major_number_fits(asked: Asked) -> Iterator[Found]:
    """The major number under which versions are counted is one of 32 bits, as each number of a version is.

    The gallery takes no larger one, and would say so when the image is already built.
    """
    for place in of_kind(Template(asked).targets, "SharedImage"):
        major = whole(part(place[1].get("versioning")).get("major"))
        if major is not None and major > 2147483647:
            yield bad(f"{place[0]}/versioning/major", major, step=called(place))


@rule(
    *TARGETED,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{step} is to be written to {said!r}, which is no address of a blob.",
    fix="Write https://ACCOUNT.blob.core.windows.net/CONTAINER/NAME.vhd.",
    fact="TPL-044, ERR-AIB-001",
    source=BUILDER_JSON,
    confidence="assumed",
    good=_VHD,
    bad=[("https://contoso.blob.core.windows.net/vhds/web.vhd", "https://contoso.blob.core.windows.net/web.vhd")],
    text=True,
)
def vhd_uri_is_a_blob(asked: Asked) -> Iterator[Found]:
    """The uri of a VHD target is the address of a blob in Azure Storage: account, container, name.

    The template's identity writes there, so the account must let it.
    """
    for place in of_kind(Template(asked).targets, "VHD"):
        said = named(place[1].get("uri"))
        if said and not re.match(r"(?i)https://[a-z0-9]{3,24}\.(?:z\d+\.)?blob\.[a-z0-9.-]+/[^/?]+/[^?]+", said):
            yield bad(f"{place[0]}/uri", said.partition("?")[0], step=called(place))
