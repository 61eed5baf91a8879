"""What a learner gets back for one text: an answer for each command, as lines and as the picture of what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

from imagekit import show
from imagekit.answer import Answer
from imagekit.effects.view import shown
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


def documents(world: World) -> dict[str, JSON]:
    """Every document of a world as a full GET would show it: with power states and replication."""
    query = {"$expand": "instanceView"}
    status = {"$expand": "ReplicationStatus"}
    return {
        document["id"]: shown(world, document, status if document.get("type", "").endswith("/versions") else query)
        for _, document in sorted(world.documents.items())
    }


def drawn(world: World) -> dict[str, JSON]:
    """Every document of a world as pictures need it: without what only the passing of time changes."""
    return {id: _without_times(document) for id, document in documents(world).items()}


def _without_times(document: JSON) -> JSON:
    view = dig(document, "properties.instanceView.statuses")
    if document.get("type") != VM or not view:
        return document
    codes = [{"code": status["code"]} for status in view]
    return {**document, "properties": {**document["properties"], "instanceView": {"statuses": codes}}}


__all__ = ["Answers", "documents", "drawn"]
