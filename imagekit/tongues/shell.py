"""The little of a Unix shell that pasted az commands need: words, quotes, continuations, comments, variables.

Everything else a shell can do (pipes, redirection, loops) is refused by name and place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from imagekit.unreadable import Unreadable


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a word: plain text, a variable's name, or the text of a command to run."""

    kind: Literal["text", "variable", "command"]
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command, with the place it begins at."""

    pieces: tuple[Piece, ...]
    line: int
    column: int

    @property
    def plain(self) -> str:
        """The word's own text, without what variables and commands would add."""
        return "".join(piece.text for piece in self.pieces if piece.kind == "text")


@dataclass(frozen=True, slots=True)
class Statement:
    """One command line: its words, and the variable its output goes to (`NAME=$(…)` or `NAME=value`)."""

    words: tuple[Word, ...]
    assign: str
    line: int
    text: str


_REFUSED = {
    "|": "a pipe (az has --query and -o for that)",
    ">": "redirection (answers stay in the notebook)",
    "<": "redirection (answers stay in the notebook)",
    "&": "a command in the background (az has --no-wait)",
    "(": "a subshell",
    ")": "a closing bracket without its $(",
}
_NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
_END = " \t\r\n;"


class Reader:
    """Walks through shell text once and yields statements; positions count from 1."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def statements(self) -> Iterator[Statement]:
        """Every statement of the text in turn."""
        while self.at < len(self.text):
            begin = self.at
            words = tuple(self._words())
            if words:
                yield _statement(words, self.text[begin : self.at].strip().rstrip(";"))

    def _words(self) -> Iterator[Word]:
        """The words up to the end of this statement."""
        while self.at < len(self.text):
            character = self.text[self.at]
            if self._continued():
                self.at = self.text.index("\n", self.at) + 1
            elif character in " \t\r":
                self.at += 1
            elif character == "#":
                self.at = self._end_of_line()
            elif character in "\n;":
                self.at += 1
                return
            elif self.text.startswith(("&&", "||"), self.at):
                self.at += 2
                return
            else:
                yield self._word()

    def _continued(self) -> bool:
        """A backslash at the end of a line; blanks behind it are forgiven, as they cannot be seen."""
        return self.text[self.at] == "\\" and self.text[self.at + 1 : self._end_of_line()].strip() == "" and (
            self._end_of_line() < len(self.text)
        )

    def _end_of_line(self) -> int:
        end = self.text.find("\n", self.at)
        return len(self.text) if end < 0 else end

    def _word(self) -> Word:
        line, column = self.place(self.at)
        pieces: list[Piece] = []
        while self.at < len(self.text) and self.text[self.at] not in _END and not self._continued():
            pieces.extend(self._piece())
        return Word(tuple(pieces), line, column)

    def _piece(self) -> list[Piece]:
        character = self.text[self.at]
        if character == "'":
            return [Piece("text", self._until("'"), quoted=True)]
        if character == '"':
            return self._double()
        if character == "$":
            return [self._dollar(quoted=False)]
        if character == "`":
            return [Piece("command", self._until("`"))]
        if character == "\\":
            self.at += 2
            return [Piece("text", self.text[self.at - 1 : self.at], quoted=True)]
        if character in _REFUSED:
            raise self._unreadable(f"not spoken here: {_REFUSED[character]}", self.at)
        return [Piece("text", self._run())]

    def _run(self) -> str:
        begin = self.at
        while self.at < len(self.text) and self.text[self.at] not in _END + "'\"$`\\" + "".join(_REFUSED):
            self.at += 1
        return self.text[begin : self.at]

    def _until(self, quote: str) -> str:
        begin = self.at
        end = self.text.find(quote, begin + 1)
        if end < 0:
            raise self._unreadable(f"this {quote} is never closed", begin)
        self.at = end + 1
        return self.text[begin + 1 : end]

    def _double(self) -> list[Piece]:
        """Text in double quotes: variables and commands count, and a backslash before four characters."""
        begin, pieces, plain = self.at, [Piece("text", "", quoted=True)], ""
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] != '"':
            if self.text[self.at] == "$":
                pieces += [Piece("text", plain, quoted=True), self._dollar(quoted=True)]
                plain = ""
                continue
            if self.text[self.at] == "\\" and self.text[self.at + 1 : self.at + 2] in ('"', "\\", "$", "`", "\n"):
                self.at += 1
            plain += self.text[self.at : self.at + 1]
            self.at += 1
        if self.at >= len(self.text):
            raise self._unreadable('this " is never closed', begin)
        self.at += 1
        return [*pieces, Piece("text", plain, quoted=True)]

    def _dollar(self, quoted: bool) -> Piece:
        begin = self.at
        if self.text.startswith("$(", begin):
            return Piece("command", self._bracketed(begin), quoted)
        if self.text.startswith("${", begin):
            self.at = begin + 1
            return Piece("variable", self._until("}"), quoted)
        self.at += 1
        name = self._name()
        return Piece("variable", name, quoted) if name else Piece("text", "$", quoted)

    def _name(self) -> str:
        begin = self.at
        while self.at < len(self.text) and self.text[self.at] in _NAME:
            self.at += 1
        return self.text[begin : self.at]

    def _bracketed(self, begin: int) -> str:
        depth, self.at = 1, begin + 2
        while self.at < len(self.text) and depth:
            depth += {"(": 1, ")": -1}.get(self.text[self.at], 0)
            self.at += 1
        if depth:
            raise self._unreadable("this $( is never closed", begin)
        return self.text[begin + 2 : self.at - 1]

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a position."""
        return self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at)

    def _unreadable(self, says: str, at: int) -> Unreadable:
        line, column = self.place(at)
        return Unreadable(says, self.text[at : at + 12].split("\n")[0], line, column)


def _statement(words: tuple[Word, ...], text: str) -> Statement:
    """Take `NAME=` off the first word; `export` before it says the same."""
    first = words[0]
    if first.plain == "export" and len(words) > 1:
        return _statement(words[1:], text)
    head = first.pieces[0] if first.pieces else Piece("text", "")
    name, sign, rest = head.text.partition("=")
    if head.kind != "text" or head.quoted or not sign or not name.isidentifier():
        return Statement(words, "", first.line, text)
    pieces = (Piece("text", rest), *first.pieces[1:]) if rest else first.pieces[1:]
    return Statement((Word(pieces, first.line, first.column), *words[1:]), name, first.line, text)


def statements(text: str) -> list[Statement]:
    """Read shell text into statements; raises Unreadable with the place for what is not spoken here.

    >>> [statement.words[0].plain for statement in statements("az group list # all\\naz vm list")]
    ['az', 'az']
    """
    return list(Reader(text).statements())
