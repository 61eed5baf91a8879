"""One request as it came in, one reply as Azure Resource Manager gives it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from imagekit import plane
from imagekit.tongues import arm
from imagekit.unreadable import Unreadable
from imagekit.wire.directory import known
from imagekit.wire.holding import Holder
from imagekit.wire.links import linked
from imagekit.wire.lookups import looked_up
from imagekit.wire.messages import Heard, Reply, error, reply, unreadable
from imagekit.wire.paging import paged
from imagekit.wire.tags import tagged

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
        except Unreadable as slip:
            said = error(400, "InvalidRequestUri", str(slip))
        return _sent(cloud, heard, said)


def _sent(cloud: Holder, heard: Heard, said: Reply) -> Reply:
    """A reply as it leaves: with an id to ask support about; to HEAD it has no body."""
    number = uuid.uuid5(uuid.NAMESPACE_URL, f"{cloud.world.serial} {heard.method} {heard.url!r}")
    headers = {**said.headers, "x-ms-request-id": str(number)}
    if heard.method.upper() != "HEAD":
        return Reply(said.status, headers, said.body)
    return Reply(204 if said.status == 200 else said.status, headers)


def _refused(cloud: Holder, heard: Heard) -> Reply | None:
    """What Azure Resource Manager itself refuses: how it was asked, by whom it is not known, and conditions not met."""
    if heard.verb not in METHODS:
        return error(405, "HttpMethodNotAllowed", f"The HTTP method {heard.verb!r} is not allowed.", _ALLOWED)
    if not heard.query.get("api-version"):
        return error(400, "MissingApiVersionParameter", _NO_VERSION)
    if heard.parts[0] not in _BEGINNINGS:
        return error(404, "MissingSubscription", _NOWHERE)
    return _stranger(cloud, heard) or _conditions(cloud, heard)


_ALLOWED = {"Allow": ", ".join(METHODS)}
_BEGINNINGS = ("subscriptions", "providers", "tenants")
_NOWHERE = "The request did not have a subscription or a valid tenant level resource provider."
_NO_VERSION = "The api-version query parameter (?api-version=) is required for all requests."


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
    other = wanted not in ("", "*") and (there or {}).get("etag", wanted) != wanted
    if (heard.header("If-None-Match") == "*" and there) or (wanted == "*" and not there) or other:
        return error(412, "PreconditionFailed", "The condition in the headers of the request is not met.")
    return None


def _polled(cloud: Holder, heard: Heard) -> Reply | None:
    """A look at a long-running operation: time has passed until its end."""
    if heard.verb != "GET" or len(heard.parts) < 4 or heard.parts[-2] not in plane.POLLED:
        return None
    cloud.poll(heard.path.rpartition("/")[2])
    return _read(cloud, heard)


def _read(cloud: Holder, heard: Heard) -> Reply:
    """What stands there; collections come in pages."""
    request = arm.request_of("GET", heard.target, None, cloud.scope())
    answer = plane.handle(cloud.world, request)
    return paged(heard, reply(answer.status, answer.body), answer.body)


def _asked(cloud: Holder, heard: Heard) -> Reply:
    if heard.verb in ("GET", "HEAD"):
        _waited(cloud, heard)
        return _read(cloud, heard)
    try:
        body = heard.json
    except ValueError as slip:
        return unreadable(slip)
    answer = cloud.send(heard.verb, heard.target, body)
    _forget_again(cloud)
    return linked(heard, reply(answer.status, answer.body, answer.headers))


def _waited(cloud: Holder, heard: Heard) -> None:
    """`az … wait` looks at the resource itself, every half minute: what is under way there has ended for it.

    az names its command in a header (azure-cli 2.91).
    """
    if heard.header("CommandName").endswith(" wait"):
        for job in [*cloud.world.busy(heard.path.lower())]:
            cloud.poll(job.id)


def _forget_again(cloud: Holder) -> None:
    """A client that tries again what was refused has still done one step."""
    if len(cloud.history) < 2:
        return
    before, last = cloud.history[-2:]
    if before.before is last.after and [one.request for one in before.answers] == [one.request for one in last.answers]:
        cloud.history.pop()


_STEPS: tuple[Callable[[Holder, Heard], Reply | None], ...] = (known, _refused, _polled, looked_up, tagged, _asked)

__all__ = ["respond"]
