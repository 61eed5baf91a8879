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
from imagekit.sources import DEFINITION, VERSION, Source, latest, look_at, parsed, platform, versions
from imagekit.world import JSON, World

CREATE = ("create lab", "create lab in lab account")
SAVE = ("save image of lab plan", "save image of template")
EXPORTS = "lab image exported"  # the effect of the job that exports
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

    @cached_property
    def enabled(self) -> bool:
        """Whether it may be used: gallery images by default in accounts, not in plans (FACTS LAB-008).

        That marketplace images are enabled by default in lab plans too is assumed.
        """
        said = (self.home.world.get(self.place) or {}).get("properties") or {}
        if "isEnabled" in said:
            return bool(said["isEnabled"])
        state = said.get("enabledState") or said.get("enableState")
        return state == "Enabled" if state else bool(self.home.is_account or self.platform)


def home_at(world: World, id: Any) -> Home | None:
    """The lab plan or lab account at an id, or None."""
    found = id if isinstance(id, Id) else parsed(id)
    document = world.get(found) if found else None
    if found is None or document is None or found.type not in (LAB_PLAN, LAB_ACCOUNT) or found.is_collection:
        return None
    return Home(world, found, document)


def home_of(asked: Asked) -> Home | None:
    """The lab plan or lab account a request to make a lab is about."""
    if asked.operation.name == "create lab":
        return home_at(asked.world, dig(asked.new, "properties.labPlanId"))
    return home_at(asked.world, asked.id)


def images(home: Home) -> Iterator[LabImage]:
    """Every image a plan or account could know: those of the attached gallery, then those of Azure Marketplace."""
    if home.gallery:
        for one in home.world.members(home.gallery.child("images")):
            yield LabImage(home, str(one["name"]), Id.parse(one["id"]))
    yield from (LabImage(home, urn_name(one), platform=one) for one in facts.platform_images())


def urn_name(image: PlatformImage) -> str:
    """The name of a marketplace image as Az.LabServices shows it: publisher.offer.sku in small letters.

    >>> urn_name(facts.platform_images()[0]).count(".") >= 2
    True
    """
    return f"{image.publisher}.{image.offer}.{image.sku}".lower()


def image_named(home: Home, name: str, kind: str = "") -> LabImage | None:
    """The image a plan or account knows by this name, of the gallery before the marketplace."""
    fits = (one for one in images(home) if one.name.lower() == name.lower() and kind in ("", one.kind))
    return next(fits, None)


_LISTS = {PLAN_IMAGE: "", SHARED_IMAGE: "gallery", ACCOUNT_IMAGE: "marketplace"}


def image_at(world: World, id: Id) -> LabImage | None:
    """The image that an id in a plan or account means, or None."""
    home = home_at(world, id.parent) if id.type in _LISTS and not id.is_collection else None
    return image_named(home, id.name, _LISTS[id.type]) if home else None


def wanted(asked: Asked) -> LabImage | None:
    """The image a request to make a lab asks for; None where it names none there is, or there is no plan."""
    home = home_of(asked)
    return _meant(home, named(asked)) if home else None


def named(asked: Asked) -> JSON:
    """How a request to make a lab names its image: by id, or by publisher, offer and SKU."""
    if asked.operation.name == "create lab":
        found = dig(asked.new, "properties.virtualMachineProfile.imageReference")
        return found if isinstance(found, dict) else {}
    said = asked.said("labParameters") or {}
    return {"id": said.get("sharedImageResourceId") or said.get("galleryImageResourceId")}


def _meant(home: Home, reference: JSON) -> LabImage | None:
    id = parsed(reference.get("id"))
    if id is None:
        known = facts.platform_image(*(str(reference.get(key) or "") for key in ("publisher", "offer", "sku")))
        exact = str(reference.get("version") or "latest")
        return LabImage(home, urn_name(known), platform=known, exact=exact) if known else None
    if id.type in _LISTS:
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


def password_of(world: World, machine: str) -> str:
    """The fingerprint of the password a template machine was made with; empty where nobody knows it."""
    jobs = (job for job in world.jobs.values() if job.data.get("machine") == machine.lower())
    newest = max(jobs, key=lambda job: (job.due, job.id), default=None)
    return str(newest.data.get(PASSWORDS) or "") if newest else ""


def next_version(world: World, definition: Id) -> str:
    """The name of a version that comes after all there are; that the service counts so is assumed.

    >>> next_version(World(), Id.parse("/subscriptions/S/resourceGroups/g/providers/P/galleries/G/images/i"))
    '1.0.0'
    """
    counted = [one["name"].split(".") for one in versions(world, definition)]
    newest = next((parts for parts in counted if len(parts) == 3 and all(part.isdecimal() for part in parts)), None)
    if newest is None:
        return "1.0.0"
    major, minor, patch = map(int, newest)
    if patch < _MOST:
        return f"{major}.{minor}.{patch + 1}"
    return f"{major}.{minor + 1}.0" if minor < _MOST else f"{major + 1}.0.0"


_MOST = 2**31 - 1
