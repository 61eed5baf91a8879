"""az words into requests, and requests into az words, as azure-cli 2.91 has them."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator, MutableMapping
from functools import cache
from typing import Any

from imagekit.ids import Id
from imagekit.operations import OPERATIONS, Field, Operation, Scope, named
from imagekit.operations.core import dig, planted
from imagekit.tongues.command import Command, searched, tabbed
from imagekit.tongues.shell import Piece, Statement, Word, statements
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import JSON, Request

Send = Callable[[Command], Any]
Variables = MutableMapping[str, Any]

GLOBAL = {
    "--query": "one",
    "--output": "one",
    "-o": "one",
    "--subscription": "one",
    "--only-show-errors": "flag",
    "--verbose": "flag",
    "--debug": "flag",
}
WAIT_FOR = ("--created", "--updated", "--deleted", "--exists")
WAIT_WITH = ("--timeout", "--interval", "--custom")


def perform(text: str, scope: Scope, send: Send, variables: Variables) -> None:
    """Run shell text command by command; `send` carries each out and gives back its body, or None."""
    spoken = statements(text)
    for statement in spoken:
        check(statement)
    for statement in spoken:
        _perform(statement, scope, send, variables)


def check(statement: Statement) -> None:
    """Raise Unreadable for a command or an option az does not have, before anything is run."""
    words = [word.plain for word in statement.words]
    if statement.assign and words[:1] != ["az"]:
        for inner in _inner(statement):
            check(inner)
        return
    row, rest, _ = _row(words, statement)
    for name, _values in _options(rest, row, statement):
        _spelled(name, row, statement)


def _inner(statement: Statement) -> Iterator[Statement]:
    for word in statement.words:
        for piece in word.pieces:
            if piece.kind == "command":
                yield from statements(piece.text)


def _perform(statement: Statement, scope: Scope, send: Send, variables: Variables) -> Any:
    words = [text for word in statement.words for text in _expanded(word, scope, send, variables)]
    if statement.assign and words[:1] != ["az"]:
        variables[statement.assign] = " ".join(words)
        return None
    command = _command(words, statement, scope)
    body = send(command)
    return command.shown(body), command.output


def _expanded(word: Word, scope: Scope, send: Send, variables: Variables) -> list[str]:
    """A word with its variables and commands filled in; unquoted ones may become several words, or none."""
    texts = [(piece, _piece(piece, scope, send, variables)) for piece in word.pieces]
    whole = "".join(text for _, text in texts)
    if all(piece.quoted or piece.kind == "text" for piece in word.pieces):
        return [whole]
    return whole.split()


def _piece(piece: Piece, scope: Scope, send: Send, variables: Variables) -> str:
    if piece.kind == "text":
        return piece.text
    if piece.kind == "command":
        return _output(piece.text, scope, send, variables)
    if piece.text not in variables:
        known = nearest(piece.text, [name for name in variables if not name.startswith("_")])
        raise Unreadable(f"the variable ${piece.text} has no value", nearest=f"${known}" if known else "")
    return str(variables[piece.text])


def _output(text: str, scope: Scope, send: Send, variables: Variables) -> str:
    """What `$(az …)` puts in its place: the text the command would print."""
    printed = []
    for statement in statements(text):
        shown, output = _perform(statement, scope, send, variables)
        printed.append(tabbed(shown) if output == "tsv" else json.dumps(shown, indent=2))
    return "\n".join(printed).strip()


def read(text: str, scope: Scope) -> Request:
    """Read one az command; raises Unreadable for anything else.

    >>> read("az group create -n lab -l eastus", Scope("S")).body
    {'location': 'eastus'}
    """
    spoken = statements(text)
    if len(spoken) != 1:
        raise Unreadable(f"one az command is wanted here; there are {len(spoken)}")
    return _command([word.plain for word in spoken[0].words], spoken[0], scope).request


# --- from words to a request ----------------------------------------------------------------------------------------


@cache
def commands() -> dict[str, Operation]:
    """Every az command by its words, `wait` included for all that can be shown."""
    rows = {row.az: row for row in OPERATIONS if row.az}
    waits = {row.az.removesuffix(" show") + " wait": row for row in OPERATIONS if row.az.endswith(" show")}
    return waits | rows


def _row(words: list[str], statement: Statement) -> tuple[Operation, list[str], str]:
    """The row these words name, the words that are left, and the command's own words."""
    if words[:1] != ["az"]:
        said = words[0] if words else ""
        raise Unreadable(f"{said!r} is not spoken here: a line begins with az", line=statement.line, nearest="az")
    path: list[str] = []
    for word in words[1:]:
        if word.startswith("-"):
            break
        path.append(word)
    for length in range(len(path), 0, -1):
        name = " ".join(path[:length])
        if name in commands() and length == len(path):
            return commands()[name], words[1 + length :], name
    said = " ".join(path)
    near = nearest(said, commands())
    raise Unreadable(f"az {said}: not a command known here", line=statement.line, nearest=f"az {near}" if near else "")


def _options(rest: list[str], row: Operation, statement: Statement) -> Iterator[tuple[str, list[str]]]:
    """Each option with the words behind it; `--name=value` and `-n value` alike."""
    name, values = "", []
    for word in rest:
        if re.match(r"--?[A-Za-z]", word):
            if name:
                yield name, values
            name, sign, value = word.partition("=")
            values = [value] if sign else []
        elif not name:
            raise Unreadable(f"{word!r} stands alone: every value in az follows an option", line=statement.line)
        else:
            values.append(word)
    if name:
        yield name, values


def _known(row: Operation) -> dict[str, Field | None]:
    known: dict[str, Field | None] = {option: field for field in row.fields for option in field.az_names}
    return known | dict.fromkeys((*GLOBAL, *WAIT_FOR, *WAIT_WITH))


def _spelled(name: str, row: Operation, statement: Statement) -> str:
    """The option in full: az takes a beginning that fits only one."""
    known = _known(row)
    if name in known:
        return name
    begun = [option for option in known if name.startswith("--") and option.startswith(name)]
    if len(begun) == 1:
        return begun[0]
    raise Unreadable(f"az {row.az} has no option {name}", line=statement.line, nearest=nearest(name, known))


def _command(words: list[str], statement: Statement, scope: Scope) -> Command:
    row, rest, name = _row(words, statement)
    said: dict[str, list[str]] = {}
    for option, values in _options(rest, row, statement):
        said[_spelled(option, row, statement)] = values
    for option, values in said.items():
        _count(option, values, row, statement)
    until = next((option[2:] for option in WAIT_FOR if option in said), "created") if name.endswith(" wait") else ""
    query = " ".join(said.get("--query", []))
    if query:
        searched(query, {})
    try:
        request, waits = _request(row, said, scope)
    except Unreadable as error:
        raise Unreadable(error.says, error.text, error.line or statement.line, 0, error.nearest) from None
    output = "".join(said.get("--output") or said.get("-o") or ["json"])
    return Command(request, "az", statement.text, statement.line, waits, until, query, output)


def _count(option: str, values: list[str], row: Operation, statement: Statement) -> None:
    """Refuse too few or too many words behind an option."""
    field = _known(row)[option]
    many = field.form.many if field else GLOBAL.get(option, "flag" if option in WAIT_FOR else "one")
    wrong = (many == "one" and len(values) != 1) or (many == "flag" and len(values) > 1)
    if wrong or (many == "some" and not values and field is not None and field.path):
        wanted = {"one": "one value", "some": "at least one value", "flag": "no value, true or false"}[many]
        raise Unreadable(f"{option} takes {wanted}; it got {' '.join(values) or 'none'}", line=statement.line)


def _request(row: Operation, said: dict[str, list[str]], scope: Scope) -> tuple[Request, bool]:
    """The request these options stand for, and whether az would wait for its end."""
    group = next((said[name][0] for name in ("--resource-group", "-g") if said.get(name)), scope.group)
    inner = Scope(scope.subscription, scope.look, group, scope.location, scope.read_json)
    values: dict[str, Any] = {}
    for field in row.fields:
        value = _value(field, said, row, inner)
        if value is not None and field.path:
            values[field.path] = value
    return build(row, values, inner, "az"), not values.get("@no_wait", False)


def _value(field: Field, said: dict[str, list[str]], row: Operation, scope: Scope) -> Any:
    if field.always is not None:
        return field.always
    option = next((name for name in field.az_names if name in said), "")
    if option:
        return field.form.az_read(said[option], scope)
    given = "--ids" in said or (field.path == "group" and scope.group)
    if field.required and field.az and not given:
        raise Unreadable(f"az {row.az} needs {field.az_names[0]}")
    return field.az_default


def build(row: Operation, values: dict[str, Any], scope: Scope, tongue: Any) -> Request:
    """Put values into a request: names into the id, dotted paths into the body, the rest to the row's own function."""
    values = dict(values)
    if ids := values.get("@ids"):
        target = _id(ids[0] if isinstance(ids, list) else ids)
    elif "@scope" in values:
        name = values.get("name.0") or "00000000-0000-0000-0000-000000000001"
        target = _id(f"{values['@scope']}/providers/{row.type}/{name}")
    else:
        if row.type.endswith("/deployments") and not values.get("name.0"):
            values["name.0"] = "practice"
        target = row.target(values, scope)
    body = _body(row, values)
    if row.located and tongue == "az" and "location" not in body:
        body = _located(body, scope)
    if row.compose:
        said = {key: value for key, value in values.items() if key.startswith("@")}
        body = row.compose(said, body, target, scope, tongue)
    query = [(key.removeprefix("query."), value) for key, value in values.items() if key.startswith("query.")]
    sends = row.method in ("PUT", "PATCH") or (row.method == "POST" and bool(body))
    return row.request(target, body if sends else None, tuple((key, _text(value)) for key, value in query))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _id(text: str) -> Id:
    try:
        return Id.parse(text)
    except ValueError as error:
        raise Unreadable(str(error)) from None


def _body(row: Operation, values: dict[str, Any]) -> JSON:
    body: JSON = {}
    for key, value in values.items():
        if key != "group" and not key.startswith(("name.", "query.", "@")):
            body = planted(body, key, value)
    return body


def _located(body: JSON, scope: Scope) -> JSON:
    """Without --location az takes the region of the resource group (azure-cli _get_resource_group_location)."""
    group = scope.look(Id.parse(f"/subscriptions/{scope.subscription}/resourceGroups/{scope.group}"))
    place = scope.location or (group or {}).get("location")
    return {"location": place, **body} if place else body


# --- from a request to words ----------------------------------------------------------------------------------------


def write(request: Request, scope: Scope, line: str = " ") -> str:
    """Say a request in az; raises Unreadable where az has no words for it. `line` joins the options.

    >>> write(read("az group create -n lab -l eastus", Scope("S")), Scope("S"))
    'az group create --name lab --location eastus'
    """
    row = named(request.name)
    if not row.az:
        raise Unreadable(f"az has no command to {request.name}")
    text = line.join([f"az {row.az}", *_written(row, request, scope)])
    again = read(text, scope)
    if again != request:
        raise Unreadable(f"az has no words for this: {_first_difference(request, again)}")
    return text


def _written(row: Operation, request: Request, scope: Scope) -> list[str]:
    options = []
    for field, value in spelled_values(row, request, scope, "az"):
        if field.az and value is not None and value != field.az_default and field.always is None:
            words = [] if value is True and field.form.many == "flag" else field.form.az_write(value)
            options.append(" ".join([field.az_names[0], *map(shlex.quote, words)]))
    return options


def spelled_values(row: Operation, request: Request, scope: Scope, tongue: Any) -> list[tuple[Field, Any]]:
    """Each field of a row with the value a request holds for it, in the order of the row."""
    body, said = request.body or {}, {}
    inner = Scope(scope.subscription, scope.look, request.id.group, scope.location, scope.read_json)
    if row.decompose:
        said, body = row.decompose(body, request.id, inner, tongue)
    query = dict(request.query)
    return [(field, _held(field.path, request.id, body, said, query)) for field in row.fields]


def _held(path: str, id: Id, body: JSON, said: dict[str, Any], query: dict[str, str]) -> Any:
    if path in said:
        return said[path]
    if path == "group":
        return id.group or None
    if path.startswith("name."):
        names = (id.group,) if id.type.endswith("/resourceGroups") else id.names
        number = int(path.removeprefix("name."))
        return names[number] if number < len(names) else None
    if path.startswith("query."):
        return query.get(path.removeprefix("query."))
    return None if not path or path.startswith("@") else dig(body, path)


def _first_difference(want: Request, got: Request) -> str:
    for part in ("method", "id", "action", "api_version", "query"):
        if getattr(want, part) != getattr(got, part):
            return f"{part} {getattr(want, part)}"
    return difference(want.body, got.body) or "the body"


def difference(want: Any, got: Any, path: str = "") -> str:
    """The first place where two bodies differ, as a dotted path with both values."""
    if isinstance(want, dict) and isinstance(got, dict):
        keys = [*want, *(key for key in got if key not in want)]
        found = (difference(want.get(key), got.get(key), f"{path}.{key}".lstrip(".")) for key in keys)
        return next(filter(None, found), "")
    return "" if want == got else f"{path} = {want!r} (read back: {got!r})"
