"""What a learner gets back for one text: an answer for each command, as lines and as the picture of what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, overload

from imagekit import facts, show
from imagekit.answer import Answer
from imagekit.effects.lab_machines import remembered, template_of
from imagekit.effects.view import shown
from imagekit.ids import ACCOUNT_LAB, Id
from imagekit.operations.core import dig
from imagekit.sources import VM
from imagekit.tongues.command import Command
from imagekit.world import JSON, World


@dataclass(frozen=True, repr=False)
class Answers(Sequence[Answer]):
    """The answers to one text, one per command; shows itself as lines and, in a notebook, with the picture.

    >>> from imagekit import Cloud
    >>> Cloud().say("az group create -n lab -l eastus")
    ✓ creates the resource group lab
    """

    answers: tuple[Answer, ...]
    commands: tuple[Command, ...]
    before: World
    after: World
    printed: tuple[tuple[int, str], ...] = ()

    def __len__(self) -> int:
        return len(self.answers)

    @overload
    def __getitem__(self, index: int) -> Answer: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Answer, ...]: ...

    def __getitem__(self, index: int | slice) -> Answer | tuple[Answer, ...]:
        return self.answers[index]

    def __repr__(self) -> str:
        return show.as_text(self.answers, self.commands, self.printed)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return show.as_bundle(self.answers, self.commands, self.printed, drawn(self.before), drawn(self.after))


def documents(world: World, within: str = "") -> dict[str, JSON]:
    """Every document of a world as a full GET would show it: with power states and replication.

    `within` is the key of the resource that is meant with all in it; empty for the whole world.
    """
    query = {"$expand": "instanceView"}
    status = {"$expand": "ReplicationStatus"}
    return {
        document["id"]: shown(world, document, status if document.get("type", "").endswith("/versions") else query)
        for _, document in sorted(pair for pair in world.documents.items() if f"{pair[0]}/".startswith(f"{within}/"))
    }


def drawn(world: World, within: str = "") -> dict[str, JSON]:
    """Every document of a world as pictures need it: without what only the passing of time changes.

    Labs of lab accounts, whose own documents say little, are told of in the words of labs in lab plans. What is made
    from a platform image has az's short name of it as `imageAlias`, which no document of Azure has.
    """
    found = documents(world, within).items()
    return {id: _with_alias(_as_in_a_plan(world, _without_times(document))) for id, document in found}


def _without_times(document: JSON) -> JSON:
    view = dig(document, "properties.instanceView.statuses")
    if document.get("type") != VM or not view:
        return document
    codes = [{"code": status["code"]} for status in view]
    return {**document, "properties": {**document["properties"], "instanceView": {"statuses": codes}}}


def _as_in_a_plan(world: World, document: JSON) -> JSON:
    """A lab of a lab account with what its template machine's setting and making tell: how far it is, from what."""
    if document.get("type") != ACCOUNT_LAB:
        return document
    machine = template_of(Id.parse(document["id"]))
    known, state = remembered(world, machine), dig(world.get(machine), "properties.publishingState")
    image = str(known.get("image") or "")
    profile = {"osType": known.get("os"), "imageReference": {"id" if image.startswith("/") else "offer": image}}
    return {**document, "properties": {**document["properties"], "state": state, "virtualMachineProfile": profile}}


def _with_alias(document: JSON) -> JSON:
    """The document with az's short name of the platform image it names: offer and SKU are long, and seldom known."""
    named = [dig(document, f"properties.{path}") or {} for path in _NAMED_IN]
    known = [name for one in named if (name := _aliases().get(_offered(one)))]
    return {**document, "imageAlias": known[0]} if known else document


_NAMED_IN = (
    "storageProfile.imageReference",
    "virtualMachineProfile.imageReference",
    "source",
    "creationData.imageReference",
)


def _offered(reference: JSON) -> tuple[str, str]:
    """Offer and SKU in small letters; disks name them inside an id: …/Offers/OFFER/Skus/SKU/…."""
    parts = str(reference.get("id") or "").strip("/").lower().split("/")
    inside = dict(zip(parts[::2], parts[1::2], strict=False))
    offer, sku = (reference.get("offer") or inside.get("offers"), reference.get("sku") or inside.get("skus"))
    return str(offer).lower(), str(sku).lower()


@cache
def _aliases() -> dict[tuple[str, str], str]:
    return {(one.offer.lower(), one.sku.lower()): one.alias for one in facts.platform_images() if one.alias}


__all__ = ["Answers", "documents", "drawn"]
