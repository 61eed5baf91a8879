"""Which images a lab can be made from, and why another is not: each reason is a law of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from imagekit.asked import Asked
from imagekit.ids import region
from imagekit.rules.core import Found, found, rule, tail
from imagekit.rules.labs.reading import (
    CREATE,
    NEW_LAB,
    LabImage,
    admin,
    fingerprint,
    home_of,
    named,
    password_in,
    pointer,
    wanted,
)
from imagekit.rules.papers import ATTACH_PLAN, LAB_IMAGES, LAB_IMAGES_2020, SPRING
from imagekit.rules.sentences import quoted
from imagekit.sources import in_region, replicas, versions

_LIMIT_GB = 128
_WEB = '-ImageReferenceId "$WEB"'


def _pointer(asked: Asked) -> str:
    """Where a request names its image."""
    if asked.operation.name == NEW_LAB:
        return "/properties/virtualMachineProfile/imageReference"
    shared = asked.said("labParameters.sharedImageResourceId")
    return f"/labParameters/{'sharedImageResourceId' if shared else 'galleryImageResourceId'}"


def _against(asked: Asked, image: LabImage, **words: Any) -> Found:
    """Something against an image, with what the sentences about all images name."""
    home = image.home
    return found(_pointer(asked), name=image.name, word=home.word, home=home.id.name, region=home.region, **words)


def _image(name: str) -> tuple[str, str]:
    """A bad example: another image of the gallery in place of the good one."""
    return _WEB, f'-ImageReferenceId "$PICTURES/images/{name}"'


@rule(
    *CREATE,
    refuses="ImageNotFound",
    status=404,
    message="The image '{name}' was not found.",
    says="There is no image {name!r}.",
    fix="Look up the names (Get-AzLabServicesPlanImage), or give the id of an image definition.",
    fact="LAB-014",
    source=LAB_IMAGES,
    confidence="assumed",
    good=SPRING,
    bad=[_image("nothing")],
)
def lab_image_is_known(asked: Asked) -> Iterator[Found]:
    """A lab is made from an image of Azure Marketplace or of the attached gallery, Windows or Linux.

    The first kind is prebuilt, the second made by the school itself.
    """
    if home_of(asked) and wanted(asked) is None:
        reference = named(asked)
        urn = ":".join(str(reference.get(key) or "") for key in ("publisher", "offer", "sku"))
        yield found(_pointer(asked), name=tail(reference.get("id") or urn.strip(":")))


@rule(
    *CREATE,
    refuses="ImageNotAvailable",
    message="The image '{name}' is not in the gallery attached to '{home}'.",
    says="{name!r} lies in a gallery that is not attached to the {word} {home!r}; {attached}.",
    fix="Attach that gallery, or bring the image into the attached one.",
    fact="LAB-007",
    source=LAB_IMAGES,
    confidence="assumed",
    good=SPRING,
    bad=[(_WEB, '-ImageReferenceId "$ELSEWHERE/images/web"')],
)
def lab_image_is_in_the_attached_gallery(asked: Asked) -> Iterator[Found]:
    """A gallery image lies in the gallery that is attached to the lab plan or lab account.

    Attach first, then choose: labs see the one gallery their plan or account names, whatever else is in the
    subscription.
    """
    image = wanted(asked)
    gallery = image.home.gallery if image else None
    if image and image.definition and image.definition.parent != gallery:
        attached = f"attached is {quoted(gallery.name)}" if gallery else "no gallery is attached"
        yield _against(asked, image, attached=attached)


@rule(
    *CREATE,
    refuses="ImageNotAvailable",
    message="The image '{name}' has no version that can be used.",
    says="{name!r} has no version that is made and counts as latest.",
    fix="{fix}",
    fact="LAB-006",
    source=LAB_IMAGES,
    confidence="assumed",
    good=SPRING,
    bad=[_image("supported")],
)
def lab_image_has_a_version(asked: Asked) -> Iterator[Found]:
    """A gallery image has a version that is made and not excluded from latest.

    A definition is a heading; the disks lie in its versions, and the next lab takes the newest by itself.
    """
    image = wanted(asked)
    if image and image.definition and image.version is None:
        some = versions(asked.world, image.definition)
        fix = "Wait until it is made, or take the exclusion back." if some else "Make a version of it first."
        yield _against(asked, image, fix=fix)


@rule(
    *CREATE,
    refuses="ImageNotSupported",
    message="The image '{name}' has an OS disk of {size} GB. Only images with an OS disk of less than 128 GB are "
    "supported.",
    says="The OS disk of {name!r} has {size} GB; Lab Services takes images under 128 GB.",
    fix="Make the image anew from a machine with a smaller OS disk (127 GB at most); a disk cannot be made smaller.",
    fact="LAB-002",
    source=LAB_IMAGES_2020,
    confidence="assumed",
    good=SPRING,
    bad=[_image("wide")],
)
def lab_image_is_small_enough(asked: Asked) -> Iterator[Found]:
    """The OS disk of a lab's image has less than 128 GB; a larger image is not offered.

    It is 128 itself that is already too large: the OS disk of a Windows image from Azure Marketplace has 127.
    """
    image = wanted(asked)
    size = image.source.os_gb if image and image.source else None
    if image and size and size >= _LIMIT_GB:
        yield _against(asked, image, size=size)


@rule(
    *CREATE,
    refuses="ImageNotSupported",
    message="The image '{name}' has {count}. Only images with a single disk are supported.",
    says="{name!r} has {count} beside its OS disk; Lab Services takes images with one disk.",
    fix="Make the image anew without data disks, and put what they hold on the OS disk.",
    fact="LAB-002, LAB-003",
    source=LAB_IMAGES_2020,
    confidence="assumed",
    good=SPRING,
    bad=[_image("twin")],
)
def lab_image_has_one_disk(asked: Asked) -> Iterator[Found]:
    """A lab's image has one disk, its OS disk; an image with data disks is not offered.

    A version carries the data disks of the machine it was made from, whether one thinks of them or not.
    """
    image = wanted(asked)
    disks = len(image.source.data) if image and image.source else 0
    if image and disks:
        yield _against(asked, image, count=f"{disks} data disk{'s' * (disks > 1)}")


@rule(
    *CREATE,
    refuses="ImageNotEnabled",
    message="The image '{name}' is not enabled.",
    says="{name!r} is not enabled in the {word} {home!r}; {usual}.",
    fix="Enable it: Update-AzLabServicesPlanImage -EnabledState Enabled (in a lab account PUT …/sharedimages/{name}).",
    fact="LAB-008",
    source=ATTACH_PLAN,
    confidence="assumed",
    good=SPRING,
    bad=[_image("spare")],
)
def lab_image_is_enabled(asked: Asked) -> Iterator[Found]:
    """A lab's image is enabled: in lab accounts all are until one is disabled, in lab plans none of the gallery's is.

    Who runs the plan decides what those who make labs may choose from. The default turned round in 2022.
    """
    image = wanted(asked)
    if image and not image.enabled:
        usual = "it was disabled there" if image.usual else "in a lab plan every gallery image starts so"
        yield _against(asked, image, usual=usual)


@rule(
    *CREATE,
    refuses="ImageNotAvailable",
    message="The image '{name}' is not replicated to the region '{region}'.",
    says="The newest version of {name!r}, {version}, has no replica in {region}, where the {word} stands; it has in "
    "{places}.",
    fix="Replicate it by hand: az sig image-version update --add publishingProfile.targetRegions name={region}.",
    fact="LAB-004",
    source=ATTACH_PLAN,
    confidence="assumed",
    good=SPRING,
    bad=[("$CAMPUS", "$WEST")],
)
def lab_image_is_in_the_region(asked: Asked) -> Iterator[Found]:
    """The newest version of a lab's image has a replica in the region of the lab plan or lab account.

    Lab accounts replicated what was exported to all regions of the geography by themselves. Lab plans do not: there it
    is done by hand, and each replica costs.
    """
    image = wanted(asked)
    version = image.version if image else None
    if image and version and not in_region(asked.world, version, image.home.region):
        places = ", ".join(region(str(one["name"])) for one in replicas(version))
        yield _against(asked, image, version=version["name"], places=places)


@rule(
    *CREATE,
    says="{name!r} is specialized: {wrong}, so nobody will be able to sign in.",
    fix="Give the user name and the password of the image's source; change them once the lab is there.",
    fact="LAB-011",
    source=LAB_IMAGES,
    good=SPRING.replace(*_image("desk")),
    bad=[("-AdminUserUsername ada", "-AdminUserUsername grace")],
)
def lab_credentials_stay(asked: Asked) -> Iterator[Found]:
    """A lab from a specialized image is made with the user name and the password of the image's source.

    A specialized image keeps its accounts, and nothing is set up at the first start. Azure makes the lab all the same;
    that nobody can sign in shows only then.
    """
    image = wanted(asked)
    source = image.source if image else None
    if image is None or source is None or source.os_state != "Specialized" or source.guest is None:
        return
    user, accounts = str(asked.said(f"{admin(asked)}.username") or ""), source.guest.accounts
    kept, given = password_in(asked.world, source.id), fingerprint(asked.said(f"{admin(asked)}.password"))
    wrong = "the password in it is another" if kept and given and kept != given else ""
    if accounts and user not in accounts:
        wrong = f"it knows {' or '.join(map(quoted, accounts))} and not {quoted(user)}"
    if wrong:
        place = "labParameters.username" if image.home.is_account else admin(asked)
        yield found(pointer(place), name=image.name, wrong=wrong)


# The reasons for which an image is not offered when a lab is made, in the order they are looked at.
REASONS = (
    "lab-image-is-in-the-attached-gallery",
    "lab-image-has-a-version",
    "lab-image-is-small-enough",
    "lab-image-has-one-disk",
    "lab-image-is-in-the-region",
    "lab-image-is-enabled",
)
