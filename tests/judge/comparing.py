"""What az sent, held against the request our reader made of the same line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from asking import Told
from gathering import Case

from imagekit.ids import Id, region
from imagekit.tongues import deployment as templates
from imagekit.wire import Heard
from imagekit.world import JSON, Request, World

MOST = 6  # so many differences of a body are told
Sent = tuple[str, str, str, dict[str, str], JSON | None]  # method, path, api-version, the rest of the query, body


def differences(case: Case, told: Told) -> list[str]:
    """How what az sent differs from what our reader made of the line; empty where it does not."""
    asked = [command.request for command, _ in case.heard if command.reply is None and not command.kept]
    sent = [one for heard in told.sent for one in _requests(heard, case.world)]
    named = "--name" in case.words or "-n" in case.words
    found = [line for request in asked for line in _differs(request, sent, named)]
    return [*found, *_besides(asked, sent, named), *_ends(case, told)]


def stops(case: Case, told: Told) -> str:
    """Why az stops by itself, before it asks for what is refused here; empty where it does not."""
    wants = any(command.request.method != "GET" and command.reply is None for command, _ in case.heard)
    refused = any(not answer.ok for _, answer in case.heard)
    return _said(told) if told.code and wants and refused and not _changes(told) else ""


def _requests(heard: Heard, world: World) -> Iterator[Sent]:
    """What a request asks for: itself, or each resource of the template it deploys."""
    query = {name: value for name, value in heard.query.items() if name != "api-version"}
    body = json.loads(heard.body) if heard.body.strip() else None
    yield heard.verb, heard.path, heard.query.get("api-version", ""), query, body
    if heard.verb == "PUT" and "/deployments/vm_deploy_" in heard.path:
        for resource in _deployed(heard.path, body, world):
            yield "PUT", resource.id, resource.api_version, {}, resource.body


def _deployed(path: str, body: Any, world: World) -> tuple[templates.Resource, ...]:
    id = Id.parse(path)
    parameters = templates.parameter_values({"parameters": body["properties"].get("parameters") or {}})
    place = {"subscription": id.subscription, "group": id.group, "location": "eastus", "now": world.clock}
    return templates.unfold(body["properties"]["template"], parameters, deployment=id.name, **place)


# --- one request ------------------------------------------------------------------------------------------------------


def _differs(request: Request, sent: list[Sent], named: bool) -> Iterator[str]:
    """How a request differs from the one of what az sent that is nearest to it."""
    wanted = _place(request.method, _path(request), named)
    same = [one for one in sent if _place(one[0], one[1], named) == wanted]
    if not same:
        yield f"az does not send {request.method} {_short(_path(request))}"
        return
    told = [list(_unlike(request, one)) for one in same]
    yield from min(told, key=len)


def _place(method: str, path: str, named: bool) -> tuple[str, str]:
    """Where a request goes; an assignment that nobody named has another name each time az makes it."""
    lower = path.lower()
    if not named and method == "PUT" and "/roleassignments/" in lower:
        lower = lower.rpartition("/")[0]
    return method, lower


def _unlike(request: Request, sent: Sent) -> Iterator[str]:
    _, _, version, query, body = sent
    if version != request.api_version:
        yield f"api-version: az {version}, here {request.api_version}"
    ours = {name.lower(): value for name, value in request.query}
    if query != ours:
        yield f"query: az {query}, here {ours}"
    unlike = [*_apart(_plain(body), _plain(request.body), "")]
    yield from unlike[:MOST]
    if len(unlike) > MOST:
        yield f"and {len(unlike) - MOST} more"


def _path(request: Request) -> str:
    return f"{request.id}/{request.action}" if request.action else str(request.id)


# Words that Azure reads in any case; az writes some of them small.
_WORDS = ("caching", "createoption", "deleteoption", "ostype", "storageaccounttype")


def _plain(value: Any, key: str = "") -> Any:
    """A body as it is compared: keys in any case, without nulls and empty lists, regions and ids in one spelling."""
    if isinstance(value, dict):
        return {name.lower(): _plain(item, name.lower()) for name, item in value.items() if item not in (None, [])}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if key == "location" and isinstance(value, str):
        return region(value)
    if isinstance(value, str) and (key in _WORDS or value.lower().startswith("/subscriptions/")):
        return value.lower()
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return value.replace(".000Z", "Z")
    return "a key" if key == "keydata" else value  # az makes one, where here a stand-in does


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def _apart(theirs: Any, ours: Any, at: str) -> Iterator[str]:
    """Where two values differ, deepest first."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in sorted(theirs.keys() | ours.keys()):
            yield from _apart(theirs.get(key, ...), ours.get(key, ...), f"{at}.{key}" if at else key)
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for number, (one, other) in enumerate(zip(theirs, ours, strict=True)):
            yield from _apart(one, other, f"{at}[{number}]")
    elif theirs != ours and {_empty(theirs), _empty(ours)} != {True}:
        yield f"{at or 'body'}: az {_told(theirs)}, here {_told(ours)}"


def _empty(value: Any) -> bool:
    """No body and an empty one say the same."""
    return value is ... or value is None or value == {}


def _told(value: Any) -> str:
    return "nothing" if value is ... or value is None else json.dumps(value, ensure_ascii=False)[:160]


def _short(path: str) -> str:
    return path.split("/providers/", 1)[-1] if "/providers/" in path else path


# --- the whole line ---------------------------------------------------------------------------------------------------


def _besides(asked: list[Request], sent: list[Sent], named: bool) -> Iterator[str]:
    """What az changes besides, and our reader says nothing of."""
    ours = {_place(request.method, _path(request), named) for request in asked}
    for method, path, *_ in sent:
        known = _place(method, path, named) in ours or method in ("GET", "HEAD") or _aside(path)
        if not known:
            yield f"az sends {method} {_short(path)} besides"


def _aside(path: str) -> bool:
    """What changes nothing modelled: registering, asking the directory, the deployment around a machine, networks."""
    lower = path.lower()
    looks = lower.endswith(("/register", "/getbyids"))
    return looks or "/deployments/vm_deploy_" in lower or "/microsoft.network/" in lower


def _ends(case: Case, told: Told) -> Iterator[str]:
    """Whether az was content with what it was answered, as our reader was."""
    fine = all(answer.ok for _, answer in case.heard) and not case.unread
    if fine and told.code:
        yield f"az ends with {told.code}: {_said(told)}"
    if not fine and not told.code:
        yield f"az is content; here: {case.unread or _refusal(case)}"
    if fine and told.question:
        yield f"az asks: {told.question}"


def _refusal(case: Case) -> str:
    return next(str(answer.body)[:200] for _, answer in case.heard if not answer.ok)


def _said(told: Told) -> str:
    """The first line of what az complains of."""
    lines = [line for line in told.err.splitlines() if line.startswith("ERROR: ") and "unexpected error" not in line]
    lines = lines or [line for line in told.err.splitlines() if line.strip() and not line.startswith("WARNING")]
    return (lines or [""])[0].removeprefix("ERROR: ")[:200]


def _changes(told: Told) -> bool:
    """Whether az asked for anything at all that is more than looking around."""
    asked = [heard for heard in told.sent if heard.verb not in ("GET", "HEAD")]
    return any("/deployments/vm_deploy_" in heard.path or not _aside(heard.path) for heard in asked)
