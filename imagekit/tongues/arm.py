"""ARM's own words: `METHOD address` with a JSON body, and whole deployment templates.

A REST text may hold several requests with `###` between them, comments, and header lines, as editors' REST clients
write them; `{subscriptionId}` stands for the practice subscription, and `{{name}}` for a variable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from imagekit.ids import Id
from imagekit.operations import OPERATIONS, Scope, find
from imagekit.operations.scope import read_id
from imagekit.tongues import jsontext
from imagekit.tongues.command import Command
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import JSON, Request

METHODS = ("GET", "PUT", "PATCH", "POST", "DELETE")
HOST = "management.azure.com"
COMMENT = ("#", "//")
_HEADER = re.compile(r"^[A-Za-z][\w-]*\s*:")
_VERSION = re.compile(r"\s+HTTP/[\d.]+$")
_VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0%?#&+{}<>]")
MOST_SLIPS = 5


def perform(
    text: str, scope: Scope, send: Callable[[Command], Any], variables: Mapping[str, Any] = MappingProxyType({})
) -> None:
    """Send every request of a REST text in turn, with variables filled in where it says {{name}}.

    All of them are read before the first is sent.
    """
    for command in list(commands(_filled(text, variables), scope)):
        send(command)


def _filled(text: str, variables: Mapping[str, Any]) -> str:
    """The text with the value of each variable in its place; a name without one is left for the reader to refuse."""
    return _VARIABLE.sub(lambda found: str(variables.get(found[1].strip(), found[0])), text)


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
    for block in re.split(r"^###.*$", text.removeprefix("\ufeff").replace("\r\n", "\n"), flags=re.MULTILINE):
        if any(not _aside(one) for one in block.split("\n")):
            yield _command(block, line, scope)
        line += block.count("\n")


def _aside(line: str) -> bool:
    """Whether a line holds nothing, or only a comment."""
    return not line.strip() or line.lstrip().startswith(COMMENT)


def _command(block: str, first: int, scope: Scope) -> Command:
    lines = block.split("\n")
    at = next(number for number, line in enumerate(lines) if not _aside(line))
    method, _, address = lines[at].strip().partition(" ")
    if method.upper() not in METHODS:
        near = nearest(method, METHODS)
        hint = "; az goes into a cell of %%az" if method == "az" else ""
        says = f"a request begins with its method, such as PUT{hint}"
        raise Unreadable(says, method[:60], first + at, nearest=near)
    start, more = _head(lines, at + 1)
    address = _VERSION.sub("", address.strip()) + more
    body = _body("\n".join(lines[start:]), first + start - 1, scope)
    request = request_of(method.upper(), address, body, scope, first + at)
    return Command(request, "rest", block.strip(), first + at, wait=request.method != "GET")


def _head(lines: list[str], start: int) -> tuple[int, str]:
    """Where the body begins, behind headers and comments, and what lines that begin with ? or & add to the address."""
    more = ""
    while start < len(lines):
        line = lines[start].strip()
        if line.startswith(("?", "&")):
            more += line
        elif not _HEADER.match(line) and not _aside(line):
            break
        start += 1
    return start, more


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
    rest = "".join(f" {slip}" for slip in more[: MOST_SLIPS - 1])
    raise Unreadable(f"{what} is not JSON: {first.says} {first.fix}{rest}", line=first.line, column=first.column)


def request_of(method: str, address: str, body: JSON | None, scope: Scope, line: int = 0) -> Request:
    """The request behind a method, an address and a body; raises Unreadable for an address that is none."""
    if method not in METHODS:
        raise Unreadable(f"there is no method {method!r}; there are {', '.join(METHODS)}", line=line)
    url = _split(address.replace("{subscriptionId}", scope.subscription), line)
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    version = query.pop("api-version", "")
    try:
        id, action = _id_and_action(method, unquote(url.path))
    except ValueError as error:
        raise Unreadable(str(error), line=line) from None
    asked = tuple(sorted(query.items()))
    row = find(method, id, action, str(asked), scope.look(id) is not None, body)
    if action and row is None and (near := nearest(action, _actions(id))):
        raise Unreadable(f"{id.type} has no action {action!r}.", "", line, nearest=near)
    if row and not id.subscription:
        raise Unreadable("an address begins with /subscriptions/{subscriptionId}", address[:60], line)
    if row and method != "GET" and not id.group and id.namespace.startswith("Microsoft.Compute"):
        raise Unreadable("behind the subscription an address names its /resourceGroups/NAME", address[:60], line)
    return Request(method, id, version, body, action, asked, row.name if row else "")


def _actions(id: Id) -> list[str]:
    """What may be asked of a type by POST."""
    return [row.action for row in OPERATIONS if row.action and row.type.lower() == id.type.lower()]


def _split(address: str, line: int) -> SplitResult:
    """The parts of an address that goes to Azure Resource Manager."""
    if variable := _VARIABLE.search(address):
        raise Unreadable(f"the variable {variable[0]} has no value", line=line)
    try:
        url = urlsplit(address)
    except ValueError as error:
        raise Unreadable(f"this is no address: {error}", address[:60], line) from None
    if url.netloc and url.netloc.split(":")[0].lower() != HOST:
        raise Unreadable(f"requests go to https://{HOST}, not to {url.netloc[:60]}.", line=line, nearest=HOST)
    return url


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
    path = f"{request.id}/{request.action}" if request.action else str(request.id)
    version = (("api-version", request.api_version),) if request.api_version else ()
    query = "&".join(
        f"{_encoded(name).replace('=', '%3D')}={_encoded(value)}" for name, value in (*request.query, *version)
    )
    head = f"{request.method} https://{HOST}{_encoded(path)}{'?' if query else ''}{query}"
    return head if request.body is None else f"{head}\n\n{json.dumps(request.body, indent=2, ensure_ascii=False)}"


def _encoded(text: str) -> str:
    """Text as it stands in an address: only what would be read otherwise is written as %XX."""
    return _UNSAFE.sub(lambda found: quote(found[0], safe=""), text)


def deployment(text: str, parameters: JSON, scope: Scope) -> Command:
    """A deployment template as the PUT that deploys it, under the name practice; raises Unreadable without a group."""
    template = json_value(text, what="the template")
    if not isinstance(template, dict):
        raise Unreadable("a deployment template is a JSON object")
    if not scope.group:
        raise Unreadable("say which resource group to deploy to: %%arm -g NAME, or cloud.say(text, group='NAME')")
    given = {key: {"value": value} for key, value in parameters.items()}
    group = f"/subscriptions/{scope.subscription}/resourceGroups/{scope.group}"
    target = read_id(f"{group}/providers/Microsoft.Resources/deployments/practice")
    properties = {"mode": "Incremental", "template": template, "parameters": given}
    request = Request("PUT", target, "2024-11-01", {"properties": properties}, name="create deployment")
    return Command(request, "arm", text)


__all__ = ["HOST", "METHODS", "commands", "deployment", "json_value", "perform", "read", "request_of", "write"]
