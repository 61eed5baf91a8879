"""The words of one az command: which row they name, its options, and the commands they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from imagekit.operations import OPERATIONS, Field, Operation, Scope, anything, beside, find
from imagekit.operations.account import mine
from imagekit.operations.forms import WHOLE, YES_NO, choice
from imagekit.operations.template_drafts import KEEP
from imagekit.operations.unspoken import GLOBAL_BEYOND, unspoken
from imagekit.tongues.building import build, within
from imagekit.tongues.command import Command, check_query
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import JSON, Request

OUTPUTS = choice("json", "jsonc", "table", "tsv", "yaml", "yamlc", "none")
GLOBAL = (
    Field("@query", "--query"),
    Field("@output", "--output -o", form=OUTPUTS),
    Field("@only", "--subscription"),
    *(Field("", option, form=YES_NO) for option in ("--only-show-errors", "--verbose", "--debug")),
)
UNTIL = ("created", "updated", "deleted", "exists")
WAIT = (
    *(Field(f"until.{word}", f"--{word}", form=YES_NO) for word in UNTIL),
    Field("until.custom", "--custom"),
    Field("@patience", "--timeout", form=WHOLE, az_default=3600),
    Field("", "--interval", form=WHOLE),
)
_OPTION = re.compile(r"--?[A-Za-z][^ ]*$|--?[A-Za-z][\w-]*=", re.DOTALL)
_DASHES = ("–", "—")
_WANTED = {"one": "one value", "some": "at least one value", "flag": "no value, true or false"}


@cache
def commands() -> dict[str, Operation]:
    """Every az command by its words, `wait` included for all that can be shown."""
    rows = {row.az: row for row in (*OPERATIONS, *beside.ROWS) if row.az}
    shown = (row for row in rows.values() if row.az.endswith(" show") and not row.reply)
    return {row.az.removesuffix(" show") + " wait": row for row in shown} | rows


@dataclass(frozen=True, slots=True)
class Spoken:
    """One az command taken apart: its row, its own words, and each option with the words behind it."""

    row: Operation
    name: str
    options: dict[str, list[str]]
    text: str
    line: int

    @property
    def fields(self) -> tuple[Field, ...]:
        """Everything this command may be told; a row's own option goes before a global one of the same name."""
        return (*(WAIT if self.name.endswith(" wait") else ()), *GLOBAL, *self.row.fields)

    def known(self) -> dict[str, Field]:
        """The fields by every spelling of their options."""
        return {option: field for field in self.fields for option in field.az_names}

    def said(self, field: Field) -> list[str] | None:
        """The words behind a field's option, or None."""
        return self.options.get(field.az_names[0]) if field.az else None


def spoken(words: Sequence[str], text: str, line: int) -> Spoken:
    """Take the words of one command apart; raises Unreadable for a command or an option az does not have."""
    if not any(words[:1]):
        raise Unreadable(f"{text.strip()[:60]!r} begins a line: a line begins with az.", line=line)
    row, name, rest = _row(list(words), line)
    command = Spoken(row, name, {}, text, line)
    for option, values in _options(rest, line):
        field = _spelled(option, command)
        command.options[field.az_names[0]] = values
    return command


def _row(words: list[str], line: int) -> tuple[Operation, str, list[str]]:
    """The row these words name, the command's own words, and the words that are left."""
    if words[:1] != ["az"]:
        said = words[0] if words else ""
        raise _no_az(said, line, words[1] if len(words) > 1 else "")
    path = [*_until_option(words[1:])]
    for length in range(len(path), 0, -1):
        name = " ".join(path[:length])
        if name in commands():
            return commands()[name], name, words[1 + length :]
    raise _no_command(" ".join(path), line)


_OTHERS = (
    (re.compile(r"[A-Z][A-Za-z]*-[A-Z]|[$@]"), "PowerShell: begin the cell with %%powershell"),
    (re.compile(r"(?:GET|PUT|PATCH|POST|DELETE)$"), "REST: begin the cell with %%rest"),
    (re.compile(r"[{]"), "JSON: begin the cell of a template with %%arm"),
)


_SHELL = {
    "$": "is the prompt of a shell: leave it out",
    "for": "is a loop of the shell, which is not spoken here: write the lines out, or use cloud.say in Python",
    "while": "is a loop of the shell, which is not spoken here: write the lines out, or use cloud.say in Python",
    "if": "asks the shell, which is not spoken here: && runs what follows only after success",
}


def _no_az(said: str, line: int, more: str = "") -> Unreadable:
    """What does not begin with az may be the shell's own, another tongue, or az itself misspelt."""
    if said in _SHELL:
        return Unreadable(f"{said!r} {_SHELL[said]}", line=line)
    if more == "=":
        return Unreadable(f"{said!r}: a shell takes no blanks round the = of a variable", line=line)
    if said.startswith("--"):
        return Unreadable(f"{said[:60]!r} begins a line: end the line before it with a backslash", line=line)
    other = next((says for pattern, says in _OTHERS if pattern.match(said)), "")
    if other:
        return Unreadable(f"{said[:60]!r} is {other}", line=line)
    return Unreadable(f"{said[:60]!r} is not spoken here: a line begins with az.", line=line, nearest="az")


def _until_option(words: list[str]) -> Iterator[str]:
    for word in words:
        if word.startswith("-"):
            return
        yield word


def _no_command(said: str, line: int) -> Unreadable:
    if why := unspoken(said):
        return Unreadable(f"az {said} is not modelled here: {why}", line=line)
    if not said:
        return Unreadable("az is followed by what to do, such as az group list", line=line)
    below = sorted({name.removeprefix(f"{said} ").split()[0] for name in commands() if name.startswith(f"{said} ")})
    if below:
        return Unreadable(f"az {said} goes on with one of {', '.join(below)}", line=line)
    near = nearest(said, commands())
    return Unreadable(f"az {said[:60]}: not a command known here.", line=line, nearest=f"az {near}" if near else "")


def _options(rest: list[str], line: int) -> Iterator[tuple[str, list[str]]]:
    """Each option with the words behind it; `--name=value` and `-n value` alike."""
    name, values = "", list[str]()
    for word in rest:
        if _OPTION.match(word):
            if name:
                yield name, values
            name, sign, value = word.partition("=")
            values = [value] if sign else []
        elif not name:
            raise _alone(word, line)
        else:
            values.append(word)
    if name:
        yield name, values


def _alone(word: str, line: int) -> Unreadable:
    if word[:1] in _DASHES:
        bare = word.lstrip("–—-")
        plain = ("-" if len(bare) == 1 else "--") + bare
        return Unreadable(f"{word!r} begins with a typographic dash.", line=line, nearest=plain)
    return Unreadable(f"{word[:60]!r} stands alone: every value in az follows an option", line=line)


def _spelled(option: str, command: Spoken) -> Field:
    """The field an option names: az takes a beginning that fits only one."""
    known = command.known()
    if option in known:
        return known[option]
    if option in ("--help", "-h"):
        raise Unreadable(f"az {command.name} takes {', '.join(_usual(command.row))}", line=command.line)
    if option in GLOBAL_BEYOND or option in command.row.beyond.split():
        says = f"az {command.name} has {option}, but it is not modelled here: leave it out"
        raise Unreadable(says, line=command.line)
    begun = {
        field.az_names[0]: field for name, field in known.items() if option[:2] == "--" and name.startswith(option)
    }
    if len(begun) == 1:
        return next(iter(begun.values()))
    raise Unreadable(
        f"az {command.name} has no option {option[:60]}.", line=command.line, nearest=nearest(option, known)
    )


def _usual(row: Operation) -> list[str]:
    return [field.az_names[0] for field in row.fields if field.az]


def heard(command: Spoken, scope: Scope) -> list[Command]:
    """The commands the words stand for, one for each of --ids; raises Unreadable for values az does not take."""
    try:
        return _heard(command, scope)
    except Unreadable as error:
        raise Unreadable(error.says, error.text, error.line or command.line, 0, error.nearest) from None


def _heard(command: Spoken, scope: Scope) -> list[Command]:
    values = _values(command, _grouped(command, scope))
    mine(str(values.pop("@only", scope.subscription)), scope)
    _agreed(command)
    until = _until(command, values)
    query, output = values.pop("@query", ""), values.pop("@output", "json")
    check_query(query) if query else None
    row, scope = command.row, _grouped(command, scope)
    made = []
    for id in values.pop("@ids", [None]):
        request, reply, drafts = _asked(row, values if id is None else {**values, "@ids": id}, scope)
        said = Command(
            request,
            "az",
            command.text,
            command.line,
            wait=not values.get("@no_wait"),
            until=until,
            query=query,
            output=output,
            table=row.table,
            reply=reply,
            details=bool(values.get("@details")),
            drafts=drafts,
            flat=row.type != anything.ANY,
            patience=values.get("@patience", 3600),
        )
        made.append(said)
    return made


def _asked(row: Operation, said: dict[str, Any], scope: Scope) -> tuple[Request, Any, Mapping[str, JSON | None]]:
    """The request of a command, what az answers by itself, and what becomes of its drafts (FACTS CLI-014)."""
    target = row.target(said, scope)
    first = find("GET", target) if row.looks else None
    if first and target.key not in scope.drafts() and scope.look(target) is None:
        return first.request(target, None, scope), None, {}
    request = build(row, said, scope, "az")
    drafts = row.keeps(said, request, scope) if row.keeps else {}
    if (kept := drafts.get(request.id.key)) is not None:
        return replace(request, name=row.name if row.reply else KEEP), kept, drafts
    return request, row.reply(said, request.id, scope, "az") if row.reply else None, drafts


def _agreed(command: Spoken) -> None:
    """Without a terminal az stops where it asks, and names --yes."""
    if command.row.asks and "--yes" not in command.options:
        raise Unreadable(f"az asks first, and a cell cannot answer: add --yes to az {command.name}")


def _until(command: Spoken, values: dict[str, Any]) -> str:
    """What `az … wait` waits for; a condition of one's own is JMESPath."""
    if not command.name.endswith(" wait"):
        return ""
    asked = [word for word in UNTIL if values.pop(f"until.{word}", False)]
    custom = str(values.pop("until.custom", ""))
    if not asked and not custom:
        raise Unreadable(f"say what to wait for: {', '.join(f'--{word}' for word in UNTIL)}, --custom with a JMESPath")
    check_query(custom) if custom else None
    return asked[0] if asked else custom


def _grouped(command: Spoken, scope: Scope) -> Scope:
    field = next((field for field in command.row.fields if field.path == "group"), None)
    words = command.said(field) if field else None
    return within(scope, words[0]) if words else scope


def _values(command: Spoken, scope: Scope) -> dict[str, Any]:
    """The value of every field that is said, or that az gives by itself, by its path."""
    values: dict[str, Any] = {}
    for field in command.fields:
        value = _value(field, command, scope)
        if value is not None and field.path:
            values[field.path] = value
    return values


def _value(field: Field, command: Spoken, scope: Scope) -> Any:
    if field.always is not None:
        return field.always
    words = command.said(field)
    if words is not None:
        _count(field, words)
        return field.form.az_read(words, scope)
    given = "--ids" in command.options or (field.path == "group" and scope.group)
    if field.required and field.az and not given:
        raise Unreadable(f"az {command.name} needs {field.az_names[0]}")
    return field.az_default


def _count(field: Field, words: list[str]) -> None:
    """Refuse too few or too many words behind an option."""
    most = {"one": 1, "flag": 1}.get(field.form.many, len(words))
    least = {"one": 1, "some": 1}.get(field.form.many, 0)
    if len(words) > most and (dashed := next((word for word in words if word[:1] in _DASHES), "")):
        raise _alone(dashed, 0)
    if not least <= len(words) <= most:
        got = " ".join(words)[:60] or "none"
        raise Unreadable(f"{field.az_names[0]} takes {_WANTED[field.form.many]}; it got {got}")
