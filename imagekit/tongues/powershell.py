"""PowerShell cmdlets into requests, and requests into cmdlets, as Az.Compute has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

from imagekit.operations import OPERATIONS, Field, Operation, Scope, beside
from imagekit.operations.core import MADE
from imagekit.tongues.building import build, first_words, same, spelled_values, within
from imagekit.tongues.command import Command
from imagekit.tongues.powershell_language import Call, commands, items, parse, run
from imagekit.tongues.powershell_nodes import Command as Cmdlet
from imagekit.tongues.powershell_nodes import Parameter, SecureText, Statement
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import Request

Send = Callable[[Command], Any]
Variables = MutableMapping[str, Any]

COMMON = ("AsJob", "Confirm", "DefaultProfile", "ErrorAction", "Force", "NoWait", "PassThru", "Verbose")
# Cmdlets that ask nothing of the cloud, and what they take: they wait for jobs, show what is there, or make values.
_JOBS = ("Job", "Id", "Name", "InputObject", "Object", "Timeout", "Keep", "AutoRemoveJob")
CLIENT = {
    **dict.fromkeys(("Wait-Job", "Receive-Job", "Get-Job", "Write-Output", "Write-Host"), _JOBS),
    "ConvertTo-SecureString": ("String", "AsPlainText"),
    "New-Object": ("TypeName", "ArgumentList"),
}
_CLIENT = {name.lower(): takes for name, takes in CLIENT.items()}
_CREDENTIALS = ("pscredential", "system.management.automation.pscredential", "management.automation.pscredential")


def perform(
    text: str,
    scope: Scope,
    send: Send,
    variables: Variables,
    client: Callable[[Call], Any],
    put: Callable[[Any], None] = lambda value: None,
    make: Callable[[Command], Any] = lambda command: command.reply,
) -> None:
    """Run PowerShell text; `send` carries each cmdlet out and gives back an object, `client` does what asks no cloud.

    `put` takes what a statement puts out that asks nothing of the cloud; `make` gives what a cmdlet makes in memory.
    All cmdlets and their parameters are looked up before the first is run.
    """
    statements = parse(text)
    for command in commands(statements):
        check(command.name, [one.name for one in command.arguments if isinstance(one, Parameter)], command)

    def call(head: Cmdlet | None, said: Call) -> Any:
        check(said.name, said.parameters, said)
        if said.name.lower() in _CLIENT:
            return _values(said) or client(said)
        command = _command(said, scope)
        if head is None or (said.line, said.column) != (head.line, head.column):
            command = replace(command, output="none")
        return make(command) if command.request.method == MADE else send(command)

    for statement in statements:
        head = _shown(statement)
        values = run([statement], variables, partial(call, head))
        if head is None or head.name.lower() in _CLIENT or head.name.lower() in _makers():
            for value in values:
                put(value)


def _shown(statement: Statement) -> Cmdlet | None:
    """The cmdlet whose answer a statement puts out as it came; None where it is kept, taken apart or thrown away."""
    whole = all(stage.name != "Out-Null" and stage.shown is stage.taken is None for stage in statement.value.stages)
    head = statement.value.head
    return head if isinstance(head, Cmdlet) and whole and not statement.targets else None


def _values(said: Call) -> Any:
    """What a cmdlet makes that only makes a value: a text that is a secret, or a name and a password; else None."""
    given = {_full(said.name, name, said): value for name, value in said.parameters.items()}
    if said.name.lower() == "convertto-securestring":
        if not given.get("asplaintext") or not isinstance(given.get("string"), str):
            raise _slip(said, "ConvertTo-SecureString makes a text a secret here: -String 'text' -AsPlainText -Force")
        return SecureText(given["string"])
    if said.name.lower() != "new-object":
        return None
    if str(given.get("typename")).lower() not in _CREDENTIALS:
        raise _slip(said, "New-Object makes a System.Management.Automation.PSCredential here, and nothing else")
    pair = given.get("argumentlist")
    if not isinstance(pair, list) or [isinstance(one, str) for one in pair] != [True, True]:
        raise _slip(said, "a PSCredential is made of two things: ('user', $password)")
    return {"UserName": pair[0], "Password": SecureText(pair[1])}


def _slip(said: Call, says: str) -> Unreadable:
    return Unreadable(says, "", said.line, said.column)


def read(text: str, scope: Scope) -> Request:
    """Read one cmdlet; raises Unreadable for anything else.

    >>> read("New-AzResourceGroup -Name lab -Location eastus", Scope("S")).body
    {'location': 'eastus'}
    """
    found: list[Request] = []
    made: list[Request] = []

    def make(command: Command) -> Any:
        made.append(command.request)
        return command.reply

    perform(text, scope, lambda command: found.append(command.request), {}, lambda said: None, make=make)
    wanted = found or made[-1:]  # of objects made one in the other, the outermost
    if len(wanted) != 1:
        raise Unreadable(f"one cmdlet is wanted here; there are {len(wanted)}")
    return wanted[0]


@cache
def cmdlets() -> dict[str, tuple[Operation, ...]]:
    """The rows each cmdlet may stand for, by lower-case name, those with switches of their own first."""
    table: dict[str, tuple[Operation, ...]] = {}
    for row in (*OPERATIONS, *beside.ROWS):
        if row.powershell:
            table[row.powershell.lower()] = (*table.get(row.powershell.lower(), ()), row)
    return {name: tuple(sorted(rows, key=lambda row: -len(row.when))) for name, rows in table.items()}


@cache
def _makers() -> frozenset[str]:
    """The cmdlets that make objects in memory."""
    return frozenset(row.powershell.lower() for row in (*OPERATIONS, *beside.ROWS) if row.method == MADE)


@cache
def _takes(cmdlet: str) -> dict[str, str]:
    """Every parameter of a cmdlet by its lower-case name."""
    rows = cmdlets().get(cmdlet, ())
    own = _CLIENT.get(cmdlet) or [one for row in rows for one in (*_parameters(row), *row.when)]
    return {name.lower(): name for name in (*own, *COMMON)}


def check(name: str, parameters: Iterable[str], place: Any) -> None:
    """Raise Unreadable for a cmdlet or a parameter that is not known here."""
    if name.lower() not in cmdlets() and name.lower() not in _CLIENT:
        known = [row.powershell for row in OPERATIONS if row.powershell] + list(CLIENT)
        raise Unreadable("not spoken here", name, place.line, place.column, nearest(name, known))
    for parameter in parameters:
        _full(name, parameter, place)


def _full(cmdlet: str, parameter: str, place: Any) -> str:
    """A parameter in full and lower case; PowerShell takes a beginning that fits only one."""
    known, said = _takes(cmdlet.lower()), parameter.lower()
    begun = [said] if said in known else [name for name in known if said and name.startswith(said)]
    if len(begun) == 1:
        return begun[0]
    if said == "whatif":
        raise Unreadable("-WhatIf is not modelled here: try it in cloud.branch()", "", place.line, place.column)
    says, near = f"{cmdlet} has no parameter -{parameter[:60]}.", nearest(parameter, known.values())
    if begun:
        says, near = f"-{parameter} could be {', '.join(f'-{known[name]}' for name in sorted(begun))}", ""
    raise Unreadable(says, "", place.line, place.column, f"-{near}" if near else "")


def _parameters(row: Operation) -> list[str]:
    return [name for field in row.fields for name in field.powershell_names]


def _command(said: Call, scope: Scope) -> Command:
    given: dict[str, Any] = {}
    for name, value in said.parameters.items():
        full = _full(said.name, name, said)
        if full in given:
            raise Unreadable(f"-{name} is given twice", "", said.line, said.column)
        given[full] = value
    given = {name: value for name, value in given.items() if value is not None}
    try:
        return _heard(said, given, scope)
    except Unreadable as error:
        raise Unreadable(error.says, error.text, error.line or said.line, 0, error.nearest) from None


def _heard(said: Call, given: dict[str, Any], scope: Scope) -> Command:
    row = _row(said, given)
    inner = within(scope, str(given.get("resourcegroupname") or scope.group))
    values: dict[str, Any] = {}
    for field in row.fields:
        value = _value(field, given, row, inner)
        if value is not None and field.path:
            values[field.path] = value
    waits = not any(_true(given.get(switch)) for switch in ("asjob", "nowait"))
    request = build(row, values, inner, "powershell")
    reply = row.reply(values, request.id, inner, "powershell") if row.reply else None
    return Command(request, "powershell", said.text, said.line, waits, reply=reply)


def _true(value: Any) -> bool:
    """A switch may be given as -AsJob or as -AsJob:$false."""
    return value is not None and str(value).lower() not in ("false", "$false", "0")


def _row(said: Call, given: dict[str, Any]) -> Operation:
    """The row among those of a cmdlet: its switches are there, and a name where it reads one resource."""
    rows = [row for row in cmdlets()[said.name.lower()] if all(_true(given.get(one.lower())) for one in row.when)]
    if not rows:
        switches = [f"-{switch}" for row in cmdlets()[said.name.lower()] for switch in row.when]
        raise Unreadable(f"{said.name} needs one of {', '.join(dict.fromkeys(switches))}")
    fits = [row for row in rows if row.of == "all" or _names_all(row, given)]
    return (fits or rows)[0]


def _by_id(given: dict[str, Any]) -> bool:
    return "resourceid" in given or "id" in given


def _names_all(row: Operation, given: dict[str, Any]) -> bool:
    """Whether every name a row needs is given (by name, or by a resource id)."""
    names = [field for field in row.fields if field.path.startswith("name.") and field.required]
    return _by_id(given) or all(any(one.lower() in given for one in field.powershell_names) for field in names)


def _value(field: Field, given: dict[str, Any], row: Operation, scope: Scope) -> Any:
    if field.always is not None:
        return field.always
    name = next((one for one in field.powershell_names if one.lower() in given), "")
    if name:
        return field.form.ps_read(given[name.lower()], scope)
    replaced = _by_id(given) or (field.path == "group" and scope.group)
    if field.required and field.powershell and not replaced:
        raise Unreadable(f"{row.powershell} needs -{field.powershell_names[0]}")
    return None


def write(request: Request, scope: Scope, line: str = " ") -> str:
    """Say a request in PowerShell; raises Unreadable where Az has no words for it. `line` joins the parameters.

    >>> write(read("New-AzResourceGroup -Name lab -Location eastus", Scope("S")), Scope("S"))
    "New-AzResourceGroup -Name 'lab' -Location 'eastus'"
    """

    def say(row: Operation) -> str:
        if not row.powershell:
            raise Unreadable(f"there is no cmdlet to {row.name}")
        text = line.join([row.powershell, *_written(row, request, scope)])
        same(request, read(text, scope), "PowerShell")
        return text

    return first_words(request, "PowerShell", say)


def _written(row: Operation, request: Request, scope: Scope) -> Iterator[str]:
    yield from (f"-{switch}" for switch in row.when if switch not in _parameters(row))
    for field, value in spelled_values(row, request, scope, "powershell"):
        if field.powershell and value is not None and field.always is None:
            yield _said(field, value)


def _said(field: Field, value: Any) -> str:
    name = f"-{field.powershell_names[0]}"
    if value is True and field.form.many == "flag":
        return name
    shown = field.form.ps_write(value)
    try:
        return f"{name} {items(shown)}"
    except ValueError as error:
        raise Unreadable(f"PowerShell has no words for this: {error}") from None
