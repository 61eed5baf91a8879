"""One request as it came in, one reply as Azure Resource Manager gives it.

What is refused about subscriptions has the codes and words that clients of Azure show (azure-cli, Terraform's azurerm);
HttpMethodNotAllowed, InvalidRequestUri and PreconditionFailed are assumed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from imagekit import plane
from imagekit.polling import asks_after
from imagekit.rules.api_versions import version_refused
from imagekit.tongues import arm
from imagekit.unreadable import Unreadable
from imagekit.wire.directory import who_is
from imagekit.wire.holding import Holder
from imagekit.wire.links import linked
from imagekit.wire.lookups import looked_up
from imagekit.wire.messages import Heard, Refused, Reply, error, reply
from imagekit.wire.paging import paged
from imagekit.wire.tags import tagged
from imagekit.world import Request, World

METHODS = ("GET", "HEAD", "PUT", "PATCH", "POST", "DELETE")


def respond(cloud: Holder, heard: Heard) -> Reply:
    """Reply to one request; whatever is wrong with it is an error in the reply, never an exception.

    A request that changes something is a step of the cloud, as one that was sent by `cloud.send`; reading is none. A
    look at a long-running operation lets simulated time pass until its end.

    >>> from imagekit import Cloud
    >>> respond(Cloud(), Heard("GET", "/subscriptions?api-version=2022-12-01")).json["value"][0]["displayName"]
    'Practice'
    >>> respond(Cloud(), Heard("GET", "/subscriptions")).json["error"]["code"]
    'MissingApiVersionParameter'
    """
    with cloud.lock:
        try:
            said = next(filter(None, (step(cloud, heard) for step in _STEPS)))
        except Refused as no:
            said = no.reply
        except Unreadable as slip:
            said = error(400, "InvalidRequestUri", str(slip))
        return _sent(cloud, heard, said)


def _sent(cloud: Holder, heard: Heard, said: Reply) -> Reply:
    """A reply as it leaves: with an id to ask support about; to HEAD it has no body."""
    number = uuid.uuid5(uuid.NAMESPACE_URL, f"{cloud.world.serial} {heard.method} {heard.url!r}")
    headers = {**said.headers, "x-ms-request-id": str(number)}
    if heard.verb != "HEAD":
        return Reply(said.status, headers, said.body)
    return Reply(204 if said.status == 200 else said.status, headers)


def _refused(cloud: Holder, heard: Heard) -> Reply | None:
    """What Azure Resource Manager itself refuses: how it was asked, by whom it is not known, and conditions not met."""
    if heard.verb not in METHODS:
        return error(405, "HttpMethodNotAllowed", f"The HTTP method {heard.verb!r} is not allowed.", _ALLOWED)
    if slip := version_refused(heard.query.get("api-version", "")):
        return reply(400, slip)
    if heard.parts[0] not in _BEGINNINGS:
        return error(404, "MissingSubscription", _NOWHERE)
    return _stranger(cloud, heard) or _conditions(cloud, heard)


_ALLOWED = {"Allow": ", ".join(METHODS)}
_BEGINNINGS = ("subscriptions", "providers", "tenants")
_NOWHERE = "The request did not have a subscription or a valid tenant level resource provider."


def _stranger(cloud: Holder, heard: Heard) -> Reply | None:
    """A subscription that is not this cloud's."""
    if heard.parts[0] != "subscriptions" or len(heard.parts) < 2 or heard.parts[1] == cloud.world.subscription.lower():
        return None
    named = heard.path.split("/")[2]
    try:
        uuid.UUID(named)
    except ValueError:
        says = f"The provided subscription identifier '{named}' is malformed or invalid."
        return error(400, "InvalidSubscriptionId", says)
    return error(404, "SubscriptionNotFound", f"The subscription '{named}' could not be found.")


def _conditions(cloud: Holder, heard: Heard) -> Reply | None:
    """If-None-Match: * makes only what is not there yet, If-Match changes only what is, as it was read."""
    there, wanted = cloud.world.get(heard.path), heard.header("If-Match")
    matches = there is not None and wanted in ("*", there.get("etag", wanted))
    if (heard.header("If-None-Match") == "*" and there) or (wanted and not matches):
        return error(412, "PreconditionFailed", "The condition in the headers of the request is not met.")
    return None


def _asked(cloud: Holder, heard: Heard) -> Reply:
    if heard.verb in ("GET", "HEAD"):
        return _read(cloud, heard)
    answer = cloud.send(heard.verb, heard.target, heard.json)
    _forget_again(cloud)
    return linked(heard, reply(answer.status, answer.body, answer.headers))


def _read(cloud: Holder, heard: Heard) -> Reply:
    """What stands there; collections come in pages."""
    request = arm.request_of("GET", heard.target, None, cloud.scope())
    for operation in _waited_for(cloud.world, heard, request):
        cloud.poll(operation)
    answer = plane.handle(cloud.world, request)
    return paged(heard, answer.status, answer.body)


def _waited_for(world: World, heard: Heard, request: Request) -> list[str]:
    """The operations that have ended for who looks: the one at this address, and for `az … wait` those of a resource.

    `az … wait` looks at the resource itself, every half minute, and names its command in a header (azure-cli 2.91).
    """
    if asks_after(request):
        return [request.id.name]
    return [job.id for job in world.busy(request.id.key)] if heard.header("CommandName").endswith(" wait") else []


def _forget_again(cloud: Holder) -> None:
    """A client that tries again what was refused has still done one step."""
    if len(cloud.history) < 2:
        return
    before, last = cloud.history[-2:]
    if before.before is last.after and [one.request for one in before.answers] == [one.request for one in last.answers]:
        cloud.history.pop()


_STEPS: tuple[Callable[[Holder, Heard], Reply | None], ...] = (who_is, _refused, looked_up, tagged, _asked)

__all__ = ["respond"]
