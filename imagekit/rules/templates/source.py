"""The laws of what an image template starts from, as far as its words tell: the type, the names, the ids."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imagekit import facts
from imagekit.asked import Asked
from imagekit.rules.core import Found, Source, found, rule
from imagekit.rules.papers import (
    BAD_VALUE,
    BUILDER_JSON,
    BUILDER_JSON_2020,
    BUILDER_RELEASES,
    BUILDER_SCHEMAS,
    COMPUTE,
    CREATE_TEMPLATE,
    LINUX_TEMPLATE,
    MISSING,
)
from imagekit.rules.templates.reading import Template, bad, is_id, kind, named, part, text
from imagekit.rules.templates.shape import missing
from imagekit.rules.templates.steps import says
from imagekit.sources import IMAGE, VERSION
from imagekit.unreadable import nearest

# Each type of source with the api-version that brought it.
TYPES = {"PlatformImage": "", "ManagedImage": "2019-02-01-preview", "SharedImageVersion": "2019-05-01-preview"}
_NAMES = ("publisher", "offer", "sku", "version")
PLATFORM = """"type": "PlatformImage",
      "publisher": "Canonical",
      "offer": "0001-com-ubuntu-server-jammy",
      "sku": "22_04-lts-gen2",
      "version": "latest\""""
_MANAGED = f'"type": "ManagedImage",\n      "imageId": "{COMPUTE}/images/golden"'
_SHARED = (
    f'"type": "SharedImageVersion",\n      "imageVersionId": "{COMPUTE}/galleries/Pictures/images/web/versions/1.0.0"'
)
FROM_MANAGED = LINUX_TEMPLATE.replace(PLATFORM, _MANAGED)
FROM_SHARED = LINUX_TEMPLATE.replace(PLATFORM, _SHARED)


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE.replace("{said}", ""),
    says="{said!r} is no type of source{when}.",
    fix="{how}",
    fact="TPL-014, ERR-AIB-003",
    source=BUILDER_SCHEMAS,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[('"PlatformImage"', '"PlatfromImage"'), ('"PlatformImage"', '"VHD"'), ('"PlatformImage"', '"platformImage"')],
    text=True,
)
def source_type_is_known(asked: Asked) -> Iterator[Found]:
    """An image is made from a PlatformImage, a ManagedImage, or a SharedImageVersion.

    Which is which: an image of Azure Marketplace; an image made of one machine; a version in a gallery. The word
    decides which other fields are read, so it must be exact. The message shows no value at all: to the service an
    unknown type is an empty one.
    """
    template = Template(asked)
    said, version = named(template.source.get("type")), template.version
    known = [name for name, since in TYPES.items() if not version or since <= version]
    if said and said not in known and said.upper() != "ISO":
        late, near = said in TYPES, nearest(said, known)
        how = f"Use api-version {TYPES[said]} or later." if late else f"Write one of: {', '.join(known)}."
        when = f" before api-version {TYPES[said]}" if late else ""
        yield bad("/properties/source/type", said, when=when, how=f"Write {near}." if near and not late else how)


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE.replace("{said}", ""),
    says="ISO files are no source any more.",
    fix="Start from the Marketplace image of Red Hat, or upload a disk of your own and make an image of it.",
    fact="TPL-014",
    source=BUILDER_JSON_2020,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[('"PlatformImage"', '"ISO"')],
    text=True,
)
def iso_is_gone(asked: Asked) -> Iterator[Found]:
    """No image is made from an ISO file any more.

    The previews could install Red Hat Enterprise Linux from an ISO with your own subscription. New templates with it
    were refused from 31 March 2020, those that stood were built until 30 April 2020, and api-version 2020-02-14 has no
    such type.
    """
    if named(Template(asked).source.get("type")).upper() == "ISO":
        yield bad("/properties/source/type", "ISO")


# --- Marketplace -----------------------------------------------------------------------------------------------------


def _is_platform(template: Template) -> bool:
    return kind(template.source) == "PlatformImage"


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=MISSING,
    says="The source names no {name}.",
    fix="Name all four: publisher, offer, sku and version, as az vm image list --all shows them.",
    fact="TPL-015",
    source=BUILDER_JSON,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[('      "sku": "22_04-lts-gen2",\n', ""), ('"offer": "0001-com-ubuntu-server-jammy"', '"offer": ""')],
    text=True,
)
def platform_image_has_four_names(asked: Asked) -> Iterator[Found]:
    """An image of Azure Marketplace is named by publisher, offer, sku and version.

    Together they are its URN. The schema asks for none of them, yet no image is found without: a sku belongs to an
    offer, an offer to a publisher.
    """
    template = Template(asked)
    for name in _NAMES if _is_platform(template) else ():
        if not says(template.source, name):  # that its case is wrong is told by the laws of shape
            yield missing(f"/properties/source/{name}", name=name)


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{said!r} cannot be the version of a Marketplace image.",
    fix="Write three numbers, as az vm image list --all shows them, or latest.",
    fact="TPL-015",
    source=BUILDER_JSON,
    confidence="assumed",
    good=LINUX_TEMPLATE,
    bad=[('"version": "latest"', '"version": "22.04"'), ('"version": "latest"', '"version": "newest"')],
    text=True,
)
def platform_version_is_latest_or_a_number(asked: Asked) -> Iterator[Found]:
    """The version of a Marketplace image is three numbers with dots, or latest.

    What latest means is looked up when the build runs, not when the template is sent: the same template gives a fresher
    image next month. With a number you get the same image again.
    """
    template = Template(asked)
    said = named(template.source.get("version"))
    if _is_platform(template) and said and not re.fullmatch(r"(?i)latest|\d+\.\d+\.\d+", said):
        yield bad("/properties/source/version", said)


_PLAN = ("planName", "planProduct", "planPublisher")
_PLAN_INFO = """,
      "planInfo": {
        "planName": "9-gen2",
        "planProduct": "almalinux-x86_64",
        "planPublisher": "almalinux"
      }"""
_ALMA = """"type": "PlatformImage",
      "publisher": "almalinux",
      "offer": "almalinux-x86_64",
      "sku": "9-gen2",
      "version": "latest\""""
_PLANNED = LINUX_TEMPLATE.replace(PLATFORM, _ALMA + _PLAN_INFO)


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=MISSING,
    says="The plan names no {name}.",
    fix="Give all three: planName, planProduct, planPublisher, as az vm image show prints them under plan.",
    fact="TPL-015",
    source=BUILDER_SCHEMAS,
    confidence="assumed",
    good=_PLANNED,
    bad=[('        "planName": "9-gen2",\n', ""), ('"planProduct": "almalinux-x86_64"', '"planProduct": ""')],
    text=True,
)
def plan_is_whole(asked: Asked) -> Iterator[Found]:
    """A purchase plan is named by planName, planProduct and planPublisher.

    A plan is a contract with the publisher, and the three together say which one. They are usually the same words as
    sku, offer and publisher.
    """
    plan = Template(asked).source.get("planInfo")
    for name in _PLAN if isinstance(plan, dict) else ():
        if part(plan).get(name) in (None, ""):
            yield missing(f"/properties/source/planInfo/{name}", name=name)


@rule(
    CREATE_TEMPLATE,
    says="{urn} is sold under a plan, and the template names none.",
    fix="Add planInfo: planName {name!r}, planProduct {product!r}, planPublisher {publisher!r}; accept its terms once "
    "(az vm image terms accept).",
    fact="TPL-015",
    source=BUILDER_JSON,
    good=_PLANNED,
    bad=[(_PLAN_INFO, "")],
    text=True,
)
def planned_image_names_its_plan(asked: Asked) -> Iterator[Found]:
    """A Marketplace image that is sold under a plan is named with that plan.

    The build machine is a machine like any other: Compute refuses to start it from such an image without the plan, and
    the run fails after the template was taken.
    """
    source = Template(asked).source
    publisher, product, name = (named(source.get(name)) for name in _NAMES[:3])
    plan = facts.plan(publisher, product, name)
    if plan and _is_platform(Template(asked)) and source.get("planInfo") is None:
        words = {"name": plan.name, "product": plan.product, "publisher": plan.publisher}
        yield found("/properties/source", urn=f"{publisher}:{product}:{name}", **words)


# --- images of your own ----------------------------------------------------------------------------------------------


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{said!r} is not the id of a managed image.",
    fix="Write /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/images/…{hint}.",
    fact="TPL-016, ERR-AIB-001",
    source=Source("image-builder-api-update-release-notes.md", "2021-10-01"),
    good=FROM_MANAGED,
    bad=[(f"{COMPUTE}/images/golden", "golden"), ("/images/golden", "/galleries/Pictures/images/web")],
    text=True,
)
def managed_source_is_an_image_id(asked: Asked) -> Iterator[Found]:
    """A ManagedImage source is named by the whole id of a managed image.

    A name alone could stand in any group. And a definition in a gallery is no managed image, though its id ends with
    images and a name too.
    """
    template = Template(asked)
    said = named(template.source.get("imageId"))
    is_said = said or template.source.get("imageId") == ""
    if kind(template.source) == "ManagedImage" and is_said and not is_id(said, IMAGE):
        hint = ", or use the type SharedImageVersion with imageVersionId" if "/galleries/" in said.lower() else ""
        yield bad("/properties/source/imageId", said, hint=hint)


_SHARED_GALLERY = re.compile(r"(?i)/(shared|community)galleries/[^/]+/images/[^/]+/versions/[^/]+")


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="{said!r} is not the id of an image version.",
    fix="Write /subscriptions/…/providers/Microsoft.Compute/galleries/…/images/…/versions/1.0.0, or …/versions/latest.",
    fact="TPL-017, ERR-AIB-001",
    source=BUILDER_JSON,
    confidence="assumed",
    good=FROM_SHARED,
    bad=[("/versions/1.0.0", ""), ("/versions/1.0.0", "/versions/newest"), ("web/versions/1.0.0", "web:1.0.0")],
    text=True,
)
def shared_source_is_a_version_id(asked: Asked) -> Iterator[Found]:
    """A SharedImageVersion source is named by the whole id of a version, down to its number.

    The definition alone carries no disks. To follow a definition, say latest where the number stands.
    """
    template = Template(asked)
    said = named(template.source.get("imageVersionId"))
    right = is_id(said, VERSION) or _SHARED_GALLERY.fullmatch(said)
    numbered = re.fullmatch(r"(?i)latest|\d+\.\d+\.\d+", said.rpartition("/")[2])
    is_said = said or template.source.get("imageVersionId") == ""
    if kind(template.source) == "SharedImageVersion" and is_said and not (right and numbered):
        yield bad("/properties/source/imageVersionId", said)


@rule(
    CREATE_TEMPLATE,
    refuses="ValidationFailed",
    message=BAD_VALUE,
    says="A gallery's latest version cannot be a source before api-version 2022-07-01.",
    fix="Name a version by its number, or use api-version 2022-07-01 or later.",
    fact="TPL-017",
    source=BUILDER_RELEASES,
    confidence="assumed",
    good=FROM_SHARED.replace("/versions/1.0.0", "/versions/latest"),
    bad=[("api-version=2024-02-01", "api-version=2021-10-01")],
    text=True,
)
def gallery_latest_came_in_2022(asked: Asked) -> Iterator[Found]:
    """Since api-version 2022-07-01 the version of a gallery source may be latest.

    It is looked up when the build runs. Together with a trigger, the image is built anew when its source gets a new
    version.
    """
    template = Template(asked)
    said = text(template.source.get("imageVersionId"))
    if template.before("2022-07-01") and kind(template.source) == "SharedImageVersion" and template.wants_latest:
        yield bad("/properties/source/imageVersionId", said)
