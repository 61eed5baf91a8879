"""What the service does with the content of disks and snapshots: it opens a link to it, and closes it again."""

from __future__ import annotations

from imagekit.asked import Asked
from imagekit.effects.core import Done, effect, seconds_of, start, target_ending
from imagekit.exports import OPENED, READ, TO_WRITE, WRITTEN, resting
from imagekit.ids import Id
from imagekit.operations.core import dig, planted
from imagekit.world import JSON, Job, World


@effect("grant access to disk", "grant access to snapshot")
def grant(asked: Asked) -> Done:
    """202 without a body; the link is the output of the operation (recorded answers of 2023-05)."""
    said = {"lasts": asked.said("durationInSeconds"), "output": _links(asked)}
    world, job = start(asked.world, asked, OPENED, seconds_of(asked), **said)
    return Done(world, 202, None, job)


def _links(asked: Asked) -> JSON:
    """Links in the form of Azure's, which lead nowhere; the state of a guarded machine has one of its own."""
    links = {"accessSAS": _link(asked, "content")}
    if asked.said("getSecureVMGuestStateSAS"):
        links["securityDataAccessSAS"] = _link(asked, "guest state")
    return links


def _link(asked: Asked, what: str) -> str:
    token = asked.world.token(f"{what} of {asked.id.key}")
    host = f"md-{token.replace('-', '')[:12]}.z1.blob.storage.azure.net"
    return f"https://{host}/practice/abcd?sv=2018-03-28&sr=b&si={token}&sig=none"


@target_ending(OPENED)
def _opened(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    upload = dig(document, "properties.diskState") in (TO_WRITE, WRITTEN)
    return _in(world, document, WRITTEN if upload else READ), None


@effect("revoke access to disk", "revoke access to snapshot")
def revoke(asked: Asked) -> Done:
    """The link is no good any more; where there was none, nothing is lost (recorded answers of 2023-05)."""
    world, job = start(asked.world, asked, "access revoked", seconds_of(asked), output=None)
    return Done(world, 202, None, job)


@target_ending("access revoked")
def _revoked(world: World, job: Job, document: JSON) -> tuple[World, JSON | None]:
    """What was made to be filled and never was stays so; what was filled is a disk like others."""
    if dig(document, "properties.diskState") == TO_WRITE:
        return world, None
    return _in(world, document, resting(world, document)), None


def _in(world: World, document: JSON, state: str) -> World:
    return world.put(Id.parse(document["id"]), planted(document, "properties.diskState", state))
