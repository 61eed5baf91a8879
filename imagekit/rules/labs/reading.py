"""What labs are made from, read from the world: the lab plan or lab account, its gallery, and the images it sees."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from imagekit import facts
from imagekit.asked import Asked
from imagekit.facts import PlatformImage
from imagekit.ids import ACCOUNT_IMAGE, LAB_ACCOUNT, LAB_PLAN, PLAN_IMAGE, SHARED_IMAGE, Id, region
from imagekit.operations.core import dig
from imagekit.permissions import LAB_ACCOUNTS, LAB_PLANS
from imagekit.sources import DEFINITION, VERSION, Source, latest, look_at, parsed, platform, versions
from imagekit.world import JSON, World

NEW_LAB = "create lab"  # of a lab plan
CREATE = (NEW_LAB, "create lab in lab account")
SAVE = ("save image of lab plan", "save image of template")
EXPORTS = "lab image exported"  # the effect of the job that exports
_IMAGES = (PLAN_IMAGE, SHARED_IMAGE, ACCOUNT_IMAGE)
PASSWORDS = "password"  # where jobs keep the fingerprint of a password, which no document ever shows


@dataclass(frozen=True, slots=True)
class Home:
    """The lab plan or lab account in which labs are made."""

    world: World
    id: Id
    document: JSON

    @property
    def is_account(self) -> bool:
        """Whether this is a lab account (2018-2021), not a lab plan."""
        return self.id.type == LAB_ACCOUNT

    @property
    def word(self) -> str:
        """What it is called in a sentence."""
        return "lab account" if self.is_account else "lab plan"

    @property
    def application(self) -> str:
        """The application Azure Lab Services works as (FACTS LAB-009)."""
        return LAB_ACCOUNTS if self.is_account else LAB_PLANS

    @property
    def role(self) -> str:
        """The least role that application needs on the attached gallery (FACTS LAB-009)."""
        return "Contributor" if self.is_account else "Owner"

    @property
    def region(self) -> str:
        """The region it stands in, where images have to have a replica."""
        return region(str(self.document.get("location") or ""))

    @property
    def gallery(self) -> Id | None:
        """The attached gallery, whether it is still there or not."""
        if not self.is_account:
            return parsed(dig(self.document, "properties.sharedGalleryId"))
        held = self.world.members(self.id.child("sharedgalleries"))
        return next((parsed(dig(one, "properties.galleryId")) for one in held), None)


@dataclass(frozen=True)  # no slots: what is looked up is kept
class LabImage:
    """An image a lab could be made from: of the gallery (`definition`), or of Azure Marketplace (`platform`)."""

    home: Home
    name: str
    definition: Id | None = None
    platform: PlatformImage | None = None
    exact: str = "latest"  # which version of a marketplace image is asked for

    @property
    def kind(self) -> str:
        """Where it comes from: "gallery" or "marketplace"."""
        return "gallery" if self.definition else "marketplace"

    @property
    def place(self) -> Id:
        """Where the plan or account keeps whether it may be used."""
        if not self.home.is_account:
            return self.home.id.child("images", self.name)
        return self.home.id.child("sharedimages" if self.definition else "galleryimages", self.name)

    @cached_property
    def version(self) -> JSON | None:
        """The newest version of a gallery image, which the next lab takes by itself (FACTS LAB-006)."""
        return latest(self.home.world, self.definition, self.home.region) if self.definition else None

    @cached_property
    def source(self) -> Source | None:
        """What the template machine would be made from; None while a gallery image has no version."""
        if self.platform:
            one = self.platform
            names = {"publisher": one.publisher, "offer": one.offer, "sku": one.sku, "version": self.exact}
            return platform(names)
        return look_at(self.home.world, self.version["id"]) if self.version else None

    @property
    def usual(self) -> bool:
        """Whether it may be used where nobody said: gallery images in accounts, not in plans (FACTS LAB-008).

        That marketplace images may be in lab plans too is assumed.
        """
        return self.home.is_account or self.platform is not None

    @cached_property
    def enabled(self) -> bool:
        """Whether it may be used."""
        said = told_enabled(dig(self.home.world.get(self.place), "properties"))
        return self.usual if said is None else said


def told_enabled(properties: Any) -> bool | None:
    """Whether these properties of an image say that it may be used; None where they do not say.

    It is `enabledState` in a lab plan; in a lab account `enableState` for an image of the gallery, `isEnabled` for one
    of Azure Marketplace.

    >>> told_enabled({"enabledState": "Disabled"}), told_enabled({"isEnabled": True}), told_enabled({})
    (False, True, None)
    """
    states = (dig(properties, key) for key in ("enabledState", "enableState", "isEnabled"))
    said = next((state for state in states if state is not None), None)
    return None if said is None else said in (True, "Enabled")


def home_at(world: World, id: Id | None) -> Home | None:
    """The lab plan or lab account at an id, or None."""
    document = world.get(id) if id else None
    return Home(world, id, document) if id and document and id.type in (LAB_PLAN, LAB_ACCOUNT) else None


def home_above(asked: Asked) -> Home | None:
    """The lab plan or lab account a request is sent to, itself or what lies in it."""
    id = asked.id
    return home_at(asked.world, Id(id.scope, id.namespace, id.types[:1], id.names[:1]))


def home_of(asked: Asked) -> Home | None:
    """The lab plan or lab account a request to make a lab is about."""
    if asked.operation.name == NEW_LAB:
        return home_at(asked.world, parsed(asked.then("properties.labPlanId")))
    return home_above(asked)


def images(home: Home, type: str = "") -> Iterator[LabImage]:
    """Every image a plan or account could know: those of the attached gallery, then those of Azure Marketplace.

    A lab account shows them apart: with `type`, only those of that list are given.
    """
    if home.gallery and type != ACCOUNT_IMAGE:
        for one in home.world.members(home.gallery.child("images")):
            yield LabImage(home, str(one["name"]), Id.parse(one["id"]))
    if type != SHARED_IMAGE:
        yield from (LabImage(home, urn_name(one), platform=one) for one in facts.platform_images())


def urn_name(image: PlatformImage) -> str:
    """The name of a marketplace image as Az.LabServices shows it: publisher.offer.sku in small letters.

    >>> urn_name(facts.platform_images()[0]).count(".") >= 2
    True
    """
    return f"{image.publisher}.{image.offer}.{image.sku}".lower()


def image_at(world: World, id: Id) -> LabImage | None:
    """The image that an id in a plan or account means, of the gallery before the marketplace; None where none is."""
    home = home_at(world, id.parent)
    found = images(home, id.type) if home and id.type in _IMAGES else ()
    return next((one for one in found if one.name.lower() == id.name.lower()), None)


def wanted(asked: Asked) -> LabImage | None:
    """The image a request to make a lab asks for; None where it names none there is, or there is no plan."""
    home = home_of(asked)
    return _meant(home, named(asked)) if home else None


def named(asked: Asked) -> JSON:
    """How a request to make a lab names its image: by id, or by publisher, offer and SKU."""
    if asked.operation.name == NEW_LAB:
        found = asked.then("properties.virtualMachineProfile.imageReference")
        return found if isinstance(found, dict) else {}
    said = asked.said("labParameters") or {}
    return {"id": said.get("sharedImageResourceId") or said.get("galleryImageResourceId")}


def admin(asked: Asked) -> str:
    """Where a request to make a lab names its user and password, as a dotted path."""
    return "properties.virtualMachineProfile.adminUser" if asked.operation.name == NEW_LAB else "labParameters"


def pointer(path: str) -> str:
    """A dotted path as a JSON pointer."""
    return "/" + path.replace(".", "/")


def _meant(home: Home, reference: JSON) -> LabImage | None:
    id = parsed(reference.get("id"))
    if id is None:
        known = facts.platform_image(*(str(reference.get(key) or "") for key in ("publisher", "offer", "sku")))
        exact = str(reference.get("version") or "latest")
        return LabImage(home, urn_name(known), platform=known, exact=exact) if known else None
    if id.type in _IMAGES:
        return image_at(home.world, id)
    definition = id.parent if id.type == VERSION else id
    document = home.world.get(definition) if definition and definition.type == DEFINITION else None
    return LabImage(home, str(document["name"]), Id.parse(document["id"])) if document else None


# --- what is remembered -----------------------------------------------------------------------------------------------


def fingerprint(password: Any) -> str:
    """A password as it can be compared and not read; empty for none."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, password)) if isinstance(password, str) and password else ""


def password_in(world: World, version: str) -> str:
    """The fingerprint of the password that lies in an exported version; empty where nobody knows it."""
    made = (job for job in world.jobs.values() if job.effect == EXPORTS and job.data.get("version") == version.lower())
    return next((str(job.data.get(PASSWORDS) or "") for job in made), "")


def next_version(world: World, definition: Id) -> str:
    """The name of a version that comes after all there are; that the service counts so is assumed.

    >>> next_version(World(), Id.parse("/subscriptions/S/resourceGroups/g/providers/P/galleries/G/images/i"))
    '1.0.0'
    """
    newest = next(iter(versions(world, definition)), None)
    if newest is None:
        return "1.0.0"
    major, minor, patch = map(int, newest["name"].split("."))
    if patch < _MOST:
        return f"{major}.{minor}.{patch + 1}"
    return f"{major}.{minor + 1}.0" if minor < _MOST else f"{major + 1}.0.0"


_MOST = 2**31 - 1
