"""PowerShell cmdlets into requests, and requests into cmdlets, as Az.Compute has them."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import cache
from typing import Any

from imagekit.operations import OPERATIONS, Field, Operation, Scope, named
from imagekit.tongues.az import build, difference, spelled_values
from imagekit.tongues.command import Command
from imagekit.tongues.powershell_language import Call, commands, parse, quote, run
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import JSON, Request

Send = Callable[[Command], Any]
Variables = MutableMapping[str, Any]

# Cmdlets that ask nothing of the cloud: they wait for jobs or show what is there.
CLIENT = ("Wait-Job", "Receive-Job", "Get-Job", "Write-Output", "Write-Host")
COMMON = ("AsJob", "Confirm", "DefaultProfile", "ErrorAction", "Force", "NoWait", "PassThru", "Verbose", "WhatIf")


def perform(
    text: str,
    scope: Scope,
    send: Send,
    variables: Variables,
    client: Callable[[Call], Any],
    put: Callable[[Any], None] = lambda value: None,
) -> None:
    """Run PowerShell text; `send` carries each cmdlet out and gives back an object, `client` does what asks no cloud.

    `put` takes what a statement without a cmdlet of Azure puts out. All cmdlets and their parameters are looked up
    before the first is run.
    """
    statements = parse(text)
    for command in commands(statements):
        check(command.name, [argument.name for argument in command.arguments if argument.name], command)

    def call(said: Call) -> Any:
        if said.name.lower() in _client():
            return client(said)
        return send(_command(said, scope))

    for statement in statements:
        shown = run([statement], variables, call)
        if all(command.name.lower() in _client() for command in commands([statement])):
            for value in shown:
                put(value)


def read(text: str, scope: Scope) -> Request:
    """Read one cmdlet; raises Unreadable for anything else.

    >>> read("New-AzResourceGroup -Name lab -Location eastus", Scope("S")).body
    {'location': 'eastus'}
    """
    found: list[Request] = []
    perform(text, scope, lambda command: found.append(command.request), {}, lambda said: None)
    if len(found) != 1:
        raise Unreadable(f"one cmdlet is wanted here; there are {len(found)}")
    return found[0]


@cache
def cmdlets() -> dict[str, tuple[Operation, ...]]:
    """The rows each cmdlet may stand for, by lower-case name, those with switches of their own first."""
    table: dict[str, tuple[Operation, ...]] = {}
    for row in OPERATIONS:
        if row.powershell:
            table[row.powershell.lower()] = (*table.get(row.powershell.lower(), ()), row)
    return {name: tuple(sorted(rows, key=lambda row: -len(row.when))) for name, rows in table.items()}


@cache
def _client() -> frozenset[str]:
    return frozenset(name.lower() for name in CLIENT)


def check(name: str, parameters: list[str], place: Any) -> None:
    """Raise Unreadable for a cmdlet or a parameter that is not known here."""
    if name.lower() in _client():
        return
    rows = cmdlets().get(name.lower())
    if rows is None:
        known = [row.powershell for row in OPERATIONS if row.powershell] + list(CLIENT)
        raise Unreadable("not spoken here", name, place.line, place.column, nearest(name, known))
    known = [one for row in rows for one in (*_parameters(row), *row.when)] + list(COMMON)
    for parameter in parameters:
        if parameter.lower() not in {one.lower() for one in known} and not _begun(parameter, known):
            near = nearest(parameter, known)
            raise Unreadable(
                f"{name} has no parameter -{parameter}", "", place.line, place.column, f"-{near}" if near else ""
            )


def _begun(parameter: str, known: list[str]) -> str:
    """The parameter this is the unambiguous beginning of; PowerShell takes such beginnings."""
    begun = {one for one in known if one.lower().startswith(parameter.lower())}
    return next(iter(begun)) if len(begun) == 1 else ""


def _parameters(row: Operation) -> list[str]:
    return [name for field in row.fields for name in field.powershell_names]


def _command(said: Call, scope: Scope) -> Command:
    check(said.name, list(said.parameters), said)
    given = {_full(name, said).lower(): value for name, value in said.parameters.items() if value is not None}
    row = _row(said, given)
    try:
        request = _request(row, given, scope, said)
    except Unreadable as error:
        raise Unreadable(error.says, error.text, error.line or said.line, 0, error.nearest) from None
    waits = not any(given.get(switch) for switch in ("asjob", "nowait"))
    return Command(request, "powershell", said.text, said.line, waits)


def _full(name: str, said: Call) -> str:
    known = [one for row in cmdlets()[said.name.lower()] for one in (*_parameters(row), *row.when)] + list(COMMON)
    return name if name.lower() in {one.lower() for one in known} else _begun(name, known)


def _row(said: Call, given: dict[str, Any]) -> Operation:
    """The row among those of a cmdlet: its switches are there, and a name where it reads one resource."""
    rows = [row for row in cmdlets()[said.name.lower()] if all(switch.lower() in given for switch in row.when)]
    fits = [row for row in rows if row.of == "all" or _names_all(row, given)]
    return (fits or rows)[0]


def _names_all(row: Operation, given: dict[str, Any]) -> bool:
    """Whether every name a row needs is given (by name, or by a resource id)."""
    if "resourceid" in given or "id" in given:
        return True
    names = [field for field in row.fields if field.path.startswith("name.") and field.required]
    return all(any(one.lower() in given for one in field.powershell_names) for field in names)


def _request(row: Operation, given: dict[str, Any], scope: Scope, said: Call) -> Request:
    group = str(given.get("resourcegroupname") or scope.group)
    inner = Scope(scope.subscription, scope.look, group, scope.location, scope.read_json)
    values: dict[str, Any] = {}
    for field in row.fields:
        value = _value(field, given, row, inner)
        if value is not None and field.path:
            values[field.path] = value
    return build(row, values, inner, "powershell")


def _value(field: Field, given: dict[str, Any], row: Operation, scope: Scope) -> Any:
    if field.always is not None:
        return field.always
    name = next((one for one in field.powershell_names if one.lower() in given), "")
    if name:
        return field.form.ps_read(given[name.lower()], scope)
    by_id = "resourceid" in given or "id" in given
    if field.required and field.powershell and not by_id and not (field.path == "group" and scope.group):
        raise Unreadable(f"{row.powershell} needs -{field.powershell_names[0]}")
    return None


def write(request: Request, scope: Scope, line: str = " ") -> str:
    """Say a request in PowerShell; raises Unreadable where Az has no words for it.

    >>> write(read("New-AzResourceGroup -Name lab -Location eastus", Scope("S")), Scope("S"))
    "New-AzResourceGroup -Name 'lab' -Location 'eastus'"
    """
    row = named(request.name)
    if not row.powershell:
        raise Unreadable(f"there is no cmdlet to {request.name}")
    parts = [row.powershell, *(f"-{switch}" for switch in row.when if switch not in _parameters(row))]
    for field, value in spelled_values(row, request, scope, "powershell"):
        if field.powershell and value is not None and field.always is None:
            parts.append(_said(field, value))
    text = line.join(parts)
    again = read(text, scope)
    if again != request:
        raise Unreadable(f"PowerShell has no words for this: {difference(_plain(request), _plain(again))}")
    return text


def _said(field: Field, value: Any) -> str:
    name = f"-{field.powershell_names[0]}"
    if value is True and field.form.many == "flag":
        return name
    shown = field.form.ps_write(value)
    if isinstance(shown, list):
        return f"{name} {', '.join(map(quote, shown))}"
    return f"{name} {quote(shown)}"


def _plain(request: Request) -> JSON:
    parts = ("method", "action", "api_version", "query", "body")
    return {part: getattr(request, part) for part in parts} | {"id": str(request.id)}
