"""Microsoft Graph, as far as az asks it who an identity is: its address begins with v1.0 and has no api-version.

The directory of the practice cloud holds its managed identities; there are no people, groups or applications.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from imagekit.permissions import identities
from imagekit.wire.holding import Holder
from imagekit.wire.messages import Heard, Reply, error, reply
from imagekit.world import JSON, World

_BEGINNINGS = ("v1.0", "beta")
_NAMED = re.compile(r"servicePrincipalNames/any\(c:\s*c eq '([^']*)'\)", re.IGNORECASE)
_NO_GRAPH = (
    "The practice cloud knows no people, groups or applications of yours, only managed identities: "
    "say by its object id whom you mean (--assignee-object-id ID --assignee-principal-type ServicePrincipal)."
)
_DENIED = "Insufficient privileges to complete the operation."


def who_is(cloud: Holder, heard: Heard) -> Reply | None:
    """The reply to what is asked of the directory; None where the address is another."""
    if heard.parts[0] not in _BEGINNINGS:
        return None
    answer = _ASKED.get((heard.verb, "/".join(heard.parts[1:])))
    return answer(cloud.world, heard) if answer else error(501, "NotImplemented", _NO_GRAPH)


def _named(world: World, heard: Heard) -> Reply:
    """Service principals, all or those of one name."""
    wanted = heard.query.get("$filter", "")
    found = _NAMED.fullmatch(wanted.strip())
    if wanted and found is None:
        return error(501, "NotImplemented", _NO_GRAPH)
    return _all(one for one in _principals(world) if found is None or one["appId"].lower() == found[1].lower())


def _by_ids(world: World, heard: Heard) -> Reply:
    """Those of whom the directory knows one of these object ids.

    One id that nobody knows may be anybody's: az takes it as it is where it may not look (azure-cli 2.91).
    """
    wanted = (heard.json or {}).get("ids")
    ids = {str(id).lower() for id in wanted} if isinstance(wanted, list) else set()
    found = [one for one in _principals(world) if one["id"].lower() in ids]
    return _all(found) if found or len(ids) != 1 else error(403, "Authorization_RequestDenied", _DENIED)


def _nobody(world: World, heard: Heard) -> Reply:
    """The users: none."""
    return _all(())


_ASKED: dict[tuple[str, str], Callable[[World, Heard], Reply]] = {
    ("GET", "serviceprincipals"): _named,
    ("GET", "users"): _nobody,
    ("POST", "directoryobjects/getbyids"): _by_ids,
}


def _all(found: Iterable[JSON]) -> Reply:
    return reply(200, {"value": [*found]})


def _principals(world: World) -> Iterator[JSON]:
    for one in identities(world):
        said = one["properties"]
        yield _principal(str(said["principalId"]), str(said["clientId"]), str(one["name"]))


def _principal(id: str, application: str, name: str) -> JSON:
    own = {"id": id, "appId": application, "displayName": name, "servicePrincipalNames": [application]}
    return {"@odata.type": "#microsoft.graph.servicePrincipal", **own}


__all__ = ["who_is"]
