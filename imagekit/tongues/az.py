"""az words into requests, and requests into az words, as azure-cli 2.91 has them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any, Protocol

from imagekit.operations import Operation, Scope
from imagekit.tongues.az_words import heard, spoken
from imagekit.tongues.building import first_words, same, spelled_values
from imagekit.tongues.command import Command, tabbed
from imagekit.tongues.shell import Piece, Statement, Word, statements
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import Request

Variables = MutableMapping[str, Any]
DEEPEST = 10


class Sent(Protocol):
    """What comes back for a command: whether it was carried out, and the body."""

    @property
    def ok(self) -> bool: ...
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
        return command.shown(answer.body) if answer.ok else None

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
            known = nearest(piece.text, self.variables)
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
    """Read one az command; raises Unreadable for anything else.

    >>> read("az group create -n lab -l eastus", Scope("S")).body
    {'location': 'eastus'}
    """
    said = statements(text)
    if len(said) != 1:
        raise Unreadable(f"one az command is wanted here; there are {len(said)}")
    found = heard(spoken([word.plain for word in said[0].words], said[0].text, said[0].line), scope)
    if len(found) != 1:
        raise Unreadable(f"one request is wanted here; there are {len(found)}")
    return found[0].request


def write(request: Request, scope: Scope, line: str = " ") -> str:
    """Say a request in az; raises Unreadable where az has no words for it. `line` joins the options.

    >>> write(read("az group create -n lab -l eastus", Scope("S")), Scope("S"))
    'az group create --name lab --location eastus'
    """

    def say(row: Operation) -> str:
        if not row.az:
            raise Unreadable(f"az has no command to {row.name}")
        text = line.join([f"az {row.az}", *_written(row, request, scope)])
        same(request, read(text, scope), "az")
        return text

    return first_words(request, "az", say)


def _written(row: Operation, request: Request, scope: Scope) -> Iterator[str]:
    """Each option with its words, quoted for a shell; what az says by itself is left out."""
    for field, value in spelled_values(row, request, scope, "az"):
        if "--yes" in field.az_names and row.method == "DELETE":
            yield "--yes"
        if field.az and value is not None and value != field.az_default and field.always is None:
            words = [] if value is True and field.form.many == "flag" else field.form.az_write(value)
            yield " ".join([field.az_names[0], *map(shlex.quote, words)])
