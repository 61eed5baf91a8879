"""A lab plan or lab account to look at: its gallery, the images it offers or not and why, and its labs."""

from __future__ import annotations

import html
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from imagekit.asked import Asked
from imagekit.effects.lab_machines import machines_of, remembered, template_of
from imagekit.ids import LAB, Id, region
from imagekit.operations import named
from imagekit.operations.core import dig
from imagekit.rules import Finding, judge
from imagekit.rules.labs.images import REASONS
from imagekit.rules.labs.reading import Home, LabImage, images
from imagekit.rules.labs.service import ENDS
from imagekit.sources import look_at, parsed
from imagekit.world import JSON, Request, World

_HEADS = ("image", "from", "kind", "version", "offered")


@dataclass(frozen=True, slots=True)
class Offer:
    """One image, and whether a lab can be made from it; `reasons` are what the laws of making a lab say against it.

    `kind` is "gallery" or "marketplace"; `state` Generalized or Specialized, `version` the newest one, which the next
    lab takes; empty where there is none.
    """

    name: str
    kind: str
    system: str
    state: str
    version: str
    gb: int | None
    reasons: tuple[Finding, ...] = ()

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


@dataclass(frozen=True, repr=False)  # no slots: a lab plan sees some sixty images, which are looked up once
class LabView:
    """A lab plan or a lab account in one world, with the images it offers and its labs.

    >>> from imagekit import Cloud
    >>> Cloud().lab_plan("campus")
    Traceback (most recent call last):
    KeyError: "there is no lab plan 'campus'"
    """

    world: World
    id: Id

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

    @cached_property
    def offered(self) -> tuple[Offer, ...]:
        """Every image of the attached gallery and of Azure Marketplace: offered when a lab is made, or why not.

        The answer is what the laws of making a lab say of each image, so it cannot differ from what happens.
        """
        return tuple(map(self._offer, images(self.home)))

    def offer(self, name: str) -> Offer:
        """One image by its name; raises KeyError where there is none."""
        found = next((one for one in self.offered if one.name.lower() == name.lower()), None)
        if found is None:
            raise KeyError(f"there is no image {name!r} in the gallery or the marketplace of {self.id.name!r}")
        return found

    def _offer(self, image: LabImage) -> Offer:
        source = image.source
        known = source or look_at(self.world, str(image.definition))  # a definition tells it without a version too
        found = [one for one in judge(_asking(self.home, image)) if one.rule in REASONS]
        return Offer(
            image.name,
            image.kind,
            str((known and known.os_type) or ""),
            str((known and known.os_state) or ""),
            str((source and source.exact) or ""),
            source.os_gb if source else None,
            tuple(sorted(found, key=lambda one: REASONS.index(one.rule))),
        )

    @property
    def labs(self) -> tuple[LabLine, ...]:
        """The labs of this plan or account."""
        if self.home.is_account:
            return tuple(map(self._line, self.world.members(self.id.child("labs"))))
        labs = self.world.all_of(LAB)
        return tuple(self._line(one) for one in labs if parsed(dig(one, "properties.labPlanId")) == self.id)

    def _line(self, lab: JSON) -> LabLine:
        id = Id.parse(lab["id"])
        machine = template_of(id)
        state = dig(lab, "properties.state")
        if self.home.is_account:
            state = dig(self.world.get(machine), "properties.publishingState") or "no template machine"
        known = str(remembered(self.world, machine).get("image") or "")
        parts = known.split("/")
        image = f"{parts[-3]} {parts[-1]}" if len(parts) > 3 else known
        under_way = dig(lab, "properties.provisioningState")
        state = str(state if under_way in (None, "Succeeded") else under_way)
        return LabLine(id.name, region(str(lab.get("location") or "")), state, image, len(machines_of(self.world, id)))

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
        rest = len(self.offered) - len(shown)
        return [*map(_cells, shown), (f"and {rest} more", "marketplace", "", "latest", "yes")]

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
    why = "; ".join(f"{one.says} ({one.rule})" for one in offer.reasons)
    kind = f"{offer.state} {offer.system}".strip()
    return (offer.name, offer.kind, kind, offer.version or "none", f"no: {why}" if why else "yes")


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _asking(home: Home, image: LabImage) -> Asked:
    """The request to make a lab from an image, as the laws judge it; it is sent to nobody."""
    if home.is_account:
        kind = "sharedImageResourceId" if image.definition else "galleryImageResourceId"
        id, row = home.id, named("create lab in lab account")
        body: JSON = {"labParameters": {kind: str(image.place)}}
    else:
        one = image.platform
        reference = (
            {"publisher": one.publisher, "offer": one.offer, "sku": one.sku} if one else {"id": str(image.definition)}
        )
        id, row = replace(home.id, types=("labs",), names=("a lab",)), named("create lab")
        body = {"properties": {"labPlanId": str(home.id), "virtualMachineProfile": {"imageReference": reference}}}
    return Asked(Request(row.method, id, row.api_version, body, row.action, name=row.name), home.world, row, body)


__all__ = ["LabLine", "LabView", "Offer"]
