"""What is looked up beside resources: the question each row of the table of lookups is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from imagekit import facts
from imagekit.ids import Id, region
from imagekit.kept import missing
from imagekit.operations.scope import read_id
from imagekit.wire.messages import Heard, Refused, error, reply
from imagekit.world import JSON, World


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked up: in which world, by which request, and the names its address says in the places of a row."""

    world: World
    heard: Heard
    named: Mapping[str, str]

    @property
    def place(self) -> str:
        """The region the address names, in its short form; whether there is such a region is not looked at."""
        return region(self.named["place"])

    def known_region(self) -> str:
        """The same where there is such a region; raises Refused where there is none (code and words: assumed)."""
        if facts.region(self.place) is None:
            says = f"The value '{self.named['place']}' of parameter location is invalid."
            raise Refused(error(400, "InvalidParameter", says))
        return self.place

    @property
    def above(self) -> Id:
        """The resource whose address this is with one word more; raises Unreadable where it is none."""
        return read_id(self.heard.path.rpartition("/")[0])


def document_at(world: World, id: Id) -> JSON:
    """The document at an id; raises Refused where there is none."""
    found = world.get(id)
    if found is None:
        raise Refused(reply(404, missing(world, id)))
    return found


__all__ = ["Sought", "document_at"]
