"""ARM's own words: `METHOD address` with a JSON body, and whole deployment templates.

A REST text may hold several requests with `###` between them, comments, and header lines, as editors' REST clients
write them; `{subscriptionId}` stands for the practice subscription.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from imagekit.ids import Id
from imagekit.operations import Scope, find
from imagekit.tongues import jsontext
from imagekit.tongues.command import Command
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import JSON, Request

METHODS = ("GET", "PUT", "PATCH", "POST", "DELETE", "HEAD")
HOST = "management.azure.com"
_HEADER = re.compile(r"^[A-Za-z][\w-]*\s*:")


def perform(text: str, scope: Scope, send: Callable[[Command], Any]) -> None:
    """Send every request of a REST text in turn; all of them are read before the first is sent."""
    for command in list(commands(text, scope)):
        send(command)


def read(text: str, scope: Scope) -> Request:
    """Read one REST request.

    >>> read("GET /subscriptions/{subscriptionId}/resourceGroups/g?api-version=2024-11-01", Scope("S")).id.name
    'g'
    """
    found = list(commands(text, scope))
    if len(found) != 1:
        raise Unreadable(f"one request is wanted here; there are {len(found)}")
    return found[0].request


def commands(text: str, scope: Scope) -> Iterator[Command]:
    """Every request of a REST text."""
    line = 1
    for block in re.split(r"^###.*$", text, flags=re.MULTILINE):
        if block.strip():
            yield _command(block, line, scope)
        line += block.count("\n")


def _command(block: str, first: int, scope: Scope) -> Command:
    lines = block.split("\n")
    at = next((n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith(("#", "//"))), None)
    if at is None:
        raise Unreadable("there is no request here, only comments", line=first)
    method, _, address = lines[at].strip().partition(" ")
    if method.upper() not in METHODS:
        raise Unreadable(
            "a request begins with its method, such as PUT", method, first + at, nearest=nearest(method, METHODS)
        )
    start = at + 1
    while start < len(lines) and _HEADER.match(lines[start].strip()):
        start += 1
    body = _body("\n".join(lines[start:]), first + start - 1, scope)
    request = request_of(method.upper(), address.strip(), body, scope, first + at)
    return Command(request, "rest", block.strip(), first + at, wait=request.method != "GET")


def _body(text: str, above: int, scope: Scope) -> JSON | None:
    """The JSON behind the address; every slip is told, each with its place in the whole text."""
    if not text.strip():
        return None
    value = json_value(text.replace("{subscriptionId}", scope.subscription), above)
    if not isinstance(value, dict):
        raise Unreadable("the body of a request is a JSON object", line=above + 1)
    return value


def json_value(text: str, above: int = 0, what: str = "the body") -> Any:
    """Read JSON strictly; raises Unreadable with every slip and its line, counted from the top of the whole text."""
    found = jsontext.read(text)
    if found.clean:
        return found.value
    first, *more = [replace(slip, line=slip.line + above) for slip in found.slips]
    rest = "".join(f" {slip}" for slip in more[:4])
    raise Unreadable(f"{what} is not JSON: {first.says} {first.fix}{rest}", line=first.line, column=first.column)


def request_of(method: str, address: str, body: JSON | None, scope: Scope, line: int = 0) -> Request:
    """The request behind a method, an address and a body; raises Unreadable for an address that is none."""
    url = urlsplit(address.replace("{subscriptionId}", scope.subscription))
    if url.netloc and url.netloc.split(":")[0].lower() != HOST:
        raise Unreadable(f"requests go to https://{HOST}, not to {url.netloc}", line=line, nearest=HOST)
    path = unquote(url.path)
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    version = query.pop("api-version", "")
    try:
        id, action = _id_and_action(method, path)
    except ValueError as error:
        raise Unreadable(str(error), line=line) from None
    asked = tuple(sorted(query.items()))
    row = find(method, id, action, str(asked), scope.look(id) is not None, body)
    return Request(method, id, version, body, action, asked, row.name if row else "")


def _id_and_action(method: str, path: str) -> tuple[Id, str]:
    """A POST ends with what is to be done: …/virtualMachines/maker/deallocate."""
    id = Id.parse(path)
    if method == "POST" and id.is_collection:
        head, _, action = path.rstrip("/").rpartition("/")
        return Id.parse(head), action
    return id, ""


def write(request: Request, scope: Scope) -> str:
    """Say a request as REST text.

    >>> write(read("GET /subscriptions/S/resourceGroups/g?api-version=2024-11-01", Scope("S")), Scope("S"))
    'GET https://management.azure.com/subscriptions/S/resourceGroups/g?api-version=2024-11-01'
    """
    head = f"{request.method} https://{HOST}{request.url}"
    return head if request.body is None else f"{head}\n\n{json.dumps(request.body, indent=2, ensure_ascii=False)}"


def deployment(text: str, parameters: JSON, scope: Scope, name: str = "practice") -> Command:
    """A deployment template as the PUT that deploys it; raises Unreadable without a resource group."""
    template = json_value(text, what="the template")
    if not isinstance(template, dict):
        raise Unreadable("a deployment template is a JSON object")
    if not scope.group:
        raise Unreadable("say which resource group to deploy to: %%arm -g NAME, or cloud.say(text, group='NAME')")
    given = {key: {"value": value} for key, value in parameters.items()}
    target = Id.parse(
        f"/subscriptions/{scope.subscription}/resourceGroups/{scope.group}/providers/Microsoft.Resources/deployments/{name}"
    )
    properties = {"mode": "Incremental", "template": template, "parameters": given}
    request = Request("PUT", target, "2024-11-01", {"properties": properties}, name="create deployment")
    return Command(request, "arm", text)
