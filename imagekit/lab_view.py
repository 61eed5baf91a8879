"""A lab plan or lab account to look at: its gallery, the images it offers or not and why, and its labs."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from imagekit.asked import Asked
from imagekit.effects.lab_machines import remembered
from imagekit.effects.labs import template_of
from imagekit.ids import LAB, LAB_ACCOUNT, Id, region
from imagekit.operations import named
from imagekit.operations.core import dig
from imagekit.rules import Finding, judge
from imagekit.rules.labs.images import REASONS
from imagekit.rules.labs.reading import Home, LabImage, images
from imagekit.rules.labs.service import ENDS
from imagekit.world import JSON, Request, World

_HEADS = ("image", "from", "kind", "version", "offered")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an image is not offered: the rule that says so, in words for this image, and the way out."""

    rule: str
    says: str
    fix: str
    source: str

    def __str__(self) -> str:
        return f"{self.says} ({self.rule})"


@dataclass(frozen=True, slots=True)
class Offer:
    """One image, and whether a lab can be made from it.

    `kind` is "gallery" or "marketplace"; `state` Generalized or Specialized, `version` the newest one, which the next
    lab takes; both empty where there is none.
    """

    name: str
    kind: str
    system: str
    state: str
    version: str
    gb: int | None
    reasons: tuple[Reason, ...] = ()

    @property
    def yes(self) -> bool:
        """Whether it is offered."""
        return not self.reasons

    def as_json(self) -> JSON:
        """This offer as plain data."""
        reasons = [{"rule": one.rule, "says": one.says, "fix": one.fix, "source": one.source} for one in self.reasons]
        plain = {"name": self.name, "kind": self.kind, "system": self.system, "state": self.state}
        return {**plain, "version": self.version, "gb": self.gb, "offered": self.yes, "reasons": reasons}


@dataclass(frozen=True, slots=True)
class LabLine:
    """One lab: where it runs, how far it is, the image its template machine came from, and how many machines it has."""

    name: str
    region: str
    state: str
    image: str
    machines: int


@dataclass(frozen=True, repr=False)
class LabView:
    """A lab plan or a lab account in one world, with the images it offers and its labs.

    >>> from imagekit import Cloud
    >>> Cloud().lab_plan("campus")
    Traceback (most recent call last):
    KeyError: "there is no lab plan 'campus'"
    """

    world: World
    id: Id
    # A lab plan sees some sixty marketplace images; they are the same for all.
    _cache: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def document(self) -> JSON:
        """The plan or account as a GET shows it."""
        return self.world.documents[self.id.key]

    @property
    def home(self) -> Home:
        """The plan or account as the laws read it."""
        return Home(self.world, self.id, self.document)

    @property
    def gallery(self) -> str:
        """The name of the attached gallery; empty where none is."""
        found = self.home.gallery
        return found.name if found else ""

    @property
    def offered(self) -> tuple[Offer, ...]:
        """Every image of the attached gallery and of Azure Marketplace: offered when a lab is made, or why not.

        The answer is what the laws of making a lab say of each image, so it cannot differ from what happens.
        """
        if "offered" not in self._cache:
            self._cache["offered"] = tuple(self._offer(image) for image in images(self.home))
        found: tuple[Offer, ...] = self._cache["offered"]
        return found

    def offer(self, name: str) -> Offer:
        """One image by its name; raises KeyError where there is none."""
        found = next((one for one in self.offered if one.name.lower() == name.lower()), None)
        if found is None:
            raise KeyError(f"there is no image {name!r} in the gallery or the marketplace of {self.id.name!r}")
        return found

    def _offer(self, image: LabImage) -> Offer:
        source = image.source
        of_definition = dig(self.world.get(image.definition) if image.definition else None, "properties") or {}
        return Offer(
            image.name,
            image.kind,
            str((source.os_type if source else of_definition.get("osType")) or ""),
            str((source.os_state if source else of_definition.get("osState")) or ""),
            str((source.exact if source else "") or ""),
            source.os_gb if source else None,
            tuple(Reason(one.rule, one.says, one.fix, one.source) for one in self._refusals(image)),
        )

    def _refusals(self, image: LabImage) -> list[Finding]:
        """What stands in the way of a lab from an image, in the order of the reasons."""
        found = [one for one in judge(_asking(self.home, image)) if one.rule in REASONS]
        return sorted(found, key=lambda one: REASONS.index(one.rule))

    @property
    def labs(self) -> tuple[LabLine, ...]:
        """The labs of this plan or account."""
        return tuple(self._account_labs() if self.home.is_account else self._plan_labs())

    def _plan_labs(self) -> Iterator[LabLine]:
        for one in self.world.all_of(LAB):
            if str(dig(one, "properties.labPlanId") or "").lower() == self.id.key:
                id = Id.parse(one["id"])
                machines = sum(1 for _ in self.world.members(id.child("virtualMachines")))
                state = str(dig(one, "properties.state"))
                yield self._line(one, template_of(id), state, machines - 1)

    def _account_labs(self) -> Iterator[LabLine]:
        for one in self.world.members(self.id.child("labs")):
            setting = Id.parse(one["id"]).child("environmentsettings", "default")
            machines = sum(1 for _ in self.world.members(setting.child("environments")))
            state = str(dig(self.world.get(setting), "properties.publishingState") or "no template machine")
            yield self._line(one, setting, state, machines)

    def _line(self, lab: JSON, machine: Id, state: str, machines: int) -> LabLine:
        known = str(remembered(self.world, machine).get("image") or "")
        parts = known.split("/")
        image = f"{parts[-3]} {parts[-1]}" if len(parts) > 3 else known
        under_way = dig(lab, "properties.provisioningState")
        state = state if under_way in (None, "Succeeded") else str(under_way)
        return LabLine(str(lab["name"]), region(str(lab.get("location") or "")), state, image, max(machines, 0))

    # --- showing ----------------------------------------------------------------------------------------------------

    def _summary(self) -> list[str]:
        """The head: what this is, its gallery, its labs, and that it ends."""
        gallery = f"gallery {self.gallery}" if self.gallery else "no gallery"
        lines = [f"{self.home.word.capitalize()} {self.id.name} in {self.home.region}, {gallery}"]
        lines.append(f"Azure Lab Services ends on {_said(ENDS.date())}; the gallery stays yours.")
        for lab in self.labs:
            image = f" from {lab.image}" if lab.image else ""
            machines = f", {lab.machines} machine{'s' * (lab.machines != 1)}" if lab.machines else ""
            lines.append(f"Lab {lab.name} in {lab.region}: {lab.state}{image}{machines}")
        return lines

    def _rows(self) -> list[tuple[str, ...]]:
        """Every gallery image; of the marketplace only what is disabled, and how many there are."""
        shown = [one for one in self.offered if one.kind == "gallery" or not one.yes]
        rows = [_cells(one) for one in shown]
        rest = sum(1 for one in self.offered if one.kind == "marketplace" and one.yes)
        return [*rows, (f"and {rest} more", "marketplace", "", "latest", "yes")]

    def __repr__(self) -> str:
        rows = [_HEADS, *self._rows()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS) - 1)]
        return "\n".join([*self._summary(), "", *(_aligned(row, widths) for row in rows)])

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._html()}

    def _html(self) -> str:
        first, *rest = self._summary()
        told = "".join(f"<br>{html.escape(line)}" for line in rest)
        heads = "".join(f'<th scope="col" style="{_CELL}">{head}</th>' for head in _HEADS)
        rows = "".join(_row(row) for row in self._rows())
        caption = f'<caption style="text-align:left">Images of {html.escape(self.id.name)}</caption>'
        table = f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        return f"<p><strong>{html.escape(first)}</strong>{told}</p>{table}"


_CELL = "text-align:left;vertical-align:top;padding:2px 12px 2px 0"


def _row(cells: tuple[str, ...]) -> str:
    head = f'<th scope="row" style="{_CELL}">{html.escape(cells[0])}</th>'
    rest = "".join(f'<td style="{_CELL}">{html.escape(cell)}</td>' for cell in cells[1:])
    return f"<tr>{head}{rest}</tr>"


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    """A row of the table as text; the last column is as long as it is."""
    cells = [f"{cell:{width}}" for cell, width in zip(row, widths, strict=False)]
    return "  ".join([*cells, row[-1]]).rstrip()


def _cells(offer: Offer) -> tuple[str, ...]:
    why = "; ".join(map(str, offer.reasons))
    kind = f"{offer.state} {offer.system}".strip()
    return (offer.name, offer.kind, kind, offer.version or "none", f"no: {why}" if why else "yes")


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _asking(home: Home, image: LabImage) -> Asked:
    """The request to make a lab from an image, as the laws judge it; it is sent to nobody."""
    reference = {"id": str(image.definition)} if image.definition else _urn(image)
    if home.id.type == LAB_ACCOUNT:
        row = named("create lab in lab account")
        kind = "sharedImageResourceId" if image.definition else "galleryImageResourceId"
        body: JSON = {"labParameters": {kind: str(image.place), "password": "-"}}
        request = Request("POST", home.id, row.api_version, body, row.action, name=row.name)
        return Asked(request, home.world, row, body)
    row = named("create lab")
    profile = {"imageReference": reference, "createOption": "Image"}
    body = {"location": home.region, "properties": {"labPlanId": str(home.id), "virtualMachineProfile": profile}}
    id = replace(home.id, types=("labs",), names=("a lab",))
    return Asked(Request("PUT", id, row.api_version, body, name=row.name), home.world, row, body)


def _urn(image: LabImage) -> JSON:
    one = image.platform
    return {"publisher": one.publisher, "offer": one.offer, "sku": one.sku} if one else {}


__all__ = ["LabLine", "LabView", "Offer", "Reason"]
