"""az words into requests, and requests into az words, as azure-cli 2.91 has them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from imagekit.operations import Field, Operation, Scope, named
from imagekit.tongues.az_words import heard, spoken
from imagekit.tongues.building import first_words, same, spelled_values
from imagekit.tongues.command import CACHE, Command, tabbed
from imagekit.tongues.shell import Piece, Statement, Word, statements
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import JSON, Request

Variables = MutableMapping[str, Any]
DEEPEST = 10


class Sent(Protocol):
    """What comes back for a command: whether it was carried out, the status, and the body."""

    @property
    def ok(self) -> bool: ...
    @property
    def status(self) -> int: ...
    @property
    def body(self) -> Any: ...


Send = Callable[[Command], Sent]


def perform(text: str, scope: Scope, send: Send, variables: Variables) -> None:
    """Run shell text command by command; `send` carries each out.

    All commands and their options are looked up before the first is run.
    """
    said = statements(text)
    for statement in said:
        check(statement)
    _Shell(scope, send, variables).run(said)


def check(statement: Statement, depth: int = 0) -> None:
    """Raise Unreadable for a command or an option az does not have, before anything is run."""
    if depth > DEEPEST:
        raise Unreadable(f"commands stand in commands more than {DEEPEST} times", line=statement.line)
    for inner in _inner(statement):
        check(inner, depth + 1)
    words = [word.plain for word in statement.words if word.plain or not word.open]
    if not _only_assigns(statement, words):
        spoken(words, statement.text, statement.line)


def _inner(statement: Statement) -> Iterator[Statement]:
    """The commands inside `$( )`."""
    for word in statement.words:
        for piece in word.pieces:
            if piece.kind == "command":
                yield from statements(piece.text, piece.line)


def _only_assigns(statement: Statement, words: list[str]) -> bool:
    return bool(statement.assign) and words[:1] != ["az"]


@dataclass
class _Shell:
    """A shell at work; `ok` is whether the last command was carried out, which `&&` looks at."""

    scope: Scope
    send: Send
    variables: Variables
    ok: bool = True

    def run(self, said: Iterable[Statement]) -> list[tuple[Any, str]]:
        """Run statements in turn; gives what each shows, and in which output format."""
        return [self._statement(one) for one in said if self.ok or not one.chained]

    def _statement(self, statement: Statement) -> tuple[Any, str]:
        self.ok = True
        words = [text for word in statement.words for text in self._expanded(word)]
        if _only_assigns(statement, words):
            self.variables[statement.assign] = " ".join(words)
            return None, "none"
        self.ok = True
        said = heard(spoken(words, statement.text, statement.line), self.scope)
        shown = [self._shown(command) for command in said]
        return shown[0] if len(shown) == 1 else shown, said[0].output if said else "json"

    def _shown(self, command: Command) -> Any:
        answer = self.send(command)
        self.ok = self.ok and answer.ok
        if command.drafts and answer.status < 400:
            self._remember(drafted(self.variables.get(CACHE, {}), command))
        return command.shown(answer.body) if answer.ok else None

    def _remember(self, drafts: dict[str, JSON]) -> None:
        if drafts:
            self.variables[CACHE] = drafts
        else:
            self.variables.pop(CACHE, None)

    def _expanded(self, word: Word) -> list[str]:
        """A word with its variables and commands filled in; unquoted ones may become several words, or none."""
        whole = "".join(self._piece(piece, word) for piece in word.pieces)
        return whole.split() if word.open else [whole]

    def _piece(self, piece: Piece, word: Word) -> str:
        if piece.kind == "text":
            return piece.text
        if piece.kind == "command":
            return self._output(piece)
        if piece.text not in self.variables:
            known = nearest(piece.text, set(self.variables) - {CACHE})
            hint = f"${known}" if known else ""
            raise Unreadable(f"the variable ${piece.text} has no value.", "", word.line, word.column, hint)
        return str(self.variables[piece.text])

    def _output(self, piece: Piece) -> str:
        """What `$(az …)` puts in its place: the text the command would print."""
        printed = []
        for shown, output in self.run(statements(piece.text, piece.line)):
            if shown is not None and output != "none":
                printed.append(tabbed(shown) if output == "tsv" else json.dumps(shown, indent=2, ensure_ascii=False))
        return "\n".join(printed).strip()


def read(text: str, scope: Scope) -> Request:
    """Read one az command, which others with `--defer` may lead up to; raises Unreadable for anything else.

    >>> read("az group create -n lab -l eastus", Scope("S")).body
    {'location': 'eastus'}
    """
    drafts = dict(scope.drafts())
    scope = replace(scope, drafts=lambda: drafts)
    found: list[Command] = []
    for one in statements(text):
        for command in heard(spoken([word.plain for word in one.words], one.text, one.line), scope):
            drafts = drafted(drafts, command)
            found.append(command)
    wanted = found if len(found) == 1 else [command for command in found if not command.kept]
    if len(wanted) != 1:
        raise Unreadable(f"one az command is wanted here; there are {len(wanted)}")
    return wanted[0].request


def drafted(drafts: Mapping[str, JSON], command: Command) -> dict[str, JSON]:
    """What az remembers after a command: the drafts it had, and what the command keeps or forgets."""
    after = {**drafts, **command.drafts}
    return {key: body for key, body in after.items() if body is not None}


def write(request: Request, scope: Scope, line: str = " ") -> str:
    """Say a request in az; raises Unreadable where az has no words for it. `line` joins the options.

    >>> write(read("az group create -n lab -l eastus", Scope("S")), Scope("S"))
    'az group create --name lab --location eastus'
    """

    def checked(text: str) -> str:
        same(request, read(text, scope), "az")
        return text

    def say(row: Operation) -> str:
        if not row.az:
            raise Unreadable(f"az has no command to {row.name}")
        try:
            return checked(line.join([f"az {row.az}", *_written(row, spelled_values(row, request, scope, "az"))]))
        except Unreadable:
            if not row.steps:
                raise
        steps = row.steps(request.body or {}, request.id, scope)
        return checked("\n".join(_step(named(name), values, line) for name, values in steps))

    return first_words(request, "az", say)


def _step(row: Operation, values: Mapping[str, Any], line: str) -> str:
    """One of several commands that say a request together."""
    return line.join([f"az {row.az}", *_written(row, [(field, values.get(field.path)) for field in row.fields])])


def _written(row: Operation, spelled: Iterable[tuple[Field, Any]]) -> Iterator[str]:
    """Each option with its words, quoted for a shell; what az says by itself is left out."""
    for field, value in spelled:
        if row.asks and "--yes" in field.az_names:
            yield "--yes"
        if field.az and value is not None and value != field.az_default and field.always is None:
            words = [] if value is True and field.form.many == "flag" else field.form.az_write(value)
            yield " ".join([field.az_names[0], *map(shlex.quote, words)])
