"""The little of a Unix shell that pasted az commands need: words, quotes, continuations, comments, variables.

Everything else a shell can do (pipes, redirection, loops) is refused by name and place.
"""

from __future__ import annotations

import re
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
    line: int = 1


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

    @property
    def open(self) -> bool:
        """Whether an unquoted variable or command may make several words of it, or none."""
        return any(piece.kind != "text" and not piece.quoted for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Statement:
    """One command line: its words, and the variable its output goes to (`NAME=$(…)` or `NAME=value`).

    `chained` says that it stands behind `&&`: it is run only when the one before was carried out.
    """

    words: tuple[Word, ...]
    assign: str
    line: int
    text: str
    chained: bool = False


_REFUSED = {
    "|": "a pipe (az has --query and -o for that)",
    ">": "redirection (answers stay in the notebook)",
    "<": "redirection (answers stay in the notebook)",
    "&": "a command in the background (az has --no-wait)",
    "||": "a command for when the one before fails (say it when it has failed)",
    "(": "a subshell",
    ")": "a closing bracket without its $(",
}
_NAME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
_END = " \t\n;"
_STOPS = _END + "'\"$`\\|><&()\xa0“”„"
_PLACEHOLDER = re.compile(r"<[^\W\d][^<>\n|]*(?:>|\n|$)")
_CONTINUED = re.compile(r"\\[^\S\n]*(?:\n|\Z)")
_TYPOGRAPHIC = {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'"}


class Reader:
    """Walks through shell text once and yields statements; positions count from 1."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        """Keep the text, line ends of Windows and of old Macs made plain; `first_line` is where it begins."""
        self.text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.first_line = first_line
        self.at = 0
        self.joined = False

    def statements(self) -> Iterator[Statement]:
        """Every statement of the text in turn."""
        chained = False
        while self.at < len(self.text):
            begin = self.at
            words = tuple(self._words())
            if words:
                yield _statement(words, self.text[begin : self.at].strip().rstrip(";"), chained)
                chained = self.joined

    def _words(self) -> Iterator[Word]:
        """The words up to the end of this statement; `joined` says whether && ended it."""
        self.joined = False
        while self.at < len(self.text):
            character = self.text[self.at]
            if self._continued():
                self.at = self._end_of_line() + 1
            elif character in " \t":
                self.at += 1
            elif character == "#":
                self.at = self._end_of_line()
            elif character in "\n;":
                self.at += 1
                return
            elif self.text.startswith("&&", self.at):
                self.at += 2
                self.joined = True
                return
            else:
                yield self._word()

    def _continued(self) -> bool:
        """A backslash at the end of a line; blanks behind it are forgiven, as they cannot be seen."""
        return _CONTINUED.match(self.text, self.at) is not None

    def _end_of_line(self) -> int:
        end = self.text.find("\n", self.at)
        return len(self.text) if end < 0 else end

    def _word(self) -> Word:
        line, column = self.place(self.at)
        pieces: list[Piece] = []
        while self.at < len(self.text) and not self._ended():
            pieces.extend(self._piece())
        return Word(tuple(pieces), line, column)

    def _ended(self) -> bool:
        """Whether a word ends here."""
        return self.text[self.at] in _END or self.text.startswith("&&", self.at) or self._continued()

    def _piece(self) -> list[Piece]:
        character = self.text[self.at]
        if character == "'":
            return [Piece("text", self._until("'"), quoted=True)]
        if character == '"':
            return self._double()
        if character == "$":
            return [self._dollar(quoted=False)]
        if character == "`":
            return [self._backtick()]
        if character == "\\":
            self.at += 2
            return [Piece("text", self.text[self.at - 1 : self.at], quoted=True)]
        return [Piece("text", self._run())]

    def _run(self) -> str:
        """Plain signs up to the next one that means something."""
        begin = self.at
        self._refuse(begin)
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] not in _STOPS:
            self.at += 1
        return self.text[begin : self.at]

    def _refuse(self, at: int) -> None:
        """Raise Unreadable for what a shell can do and this one does not, and for signs that only look right."""
        character = self.text[at]
        sign = "||" if self.text.startswith("||", at) else character
        if _PLACEHOLDER.match(self.text, at):
            raise self._unreadable("a name in < > stands for a value of your own; put that value in its place", at)
        if sign in _REFUSED:
            raise self._unreadable(f"not spoken here: {_REFUSED[sign]}", at)
        if character in _TYPOGRAPHIC:
            raise self._unreadable(f"a typographic quote; a shell wants {_TYPOGRAPHIC[character]}", at)
        if character == "\xa0":
            raise self._unreadable("a blank that does not break; a shell wants a plain one", at)
        if character == "^" and not self.text[at + 1 : self._end_of_line()].strip():
            raise self._unreadable("a caret goes on in the next line only in cmd.exe; write a backslash", at)

    def _backtick(self) -> Piece:
        """An older spelling of $( )."""
        begin = self.at
        if not self.text[begin + 1 : self._end_of_line()].strip():
            raise self._unreadable("a backtick goes on in the next line only in PowerShell; write a backslash", begin)
        return Piece("command", self._until("`"), line=self.place(begin)[0])

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
        line = self.place(begin)[0]
        if self.text.startswith("$(", begin):
            return Piece("command", self._bracketed(begin), quoted, line)
        if self.text.startswith("${", begin):
            self.at = begin + 1
            return Piece("variable", self._braced(begin), quoted, line)
        self.at += 1
        name = self._name()
        return Piece("variable", name, quoted, line) if name else Piece("text", "$", quoted)

    def _braced(self, begin: int) -> str:
        name = self._until("}")
        if not name or any(character not in _NAME for character in name):
            raise self._unreadable("only ${NAME} is spoken here", begin)
        return name

    def _name(self) -> str:
        begin = self.at
        while self.at < len(self.text) and self.text[self.at] in _NAME:
            self.at += 1
        return self.text[begin : self.at]

    def _bracketed(self, begin: int) -> str:
        """The text of $( … ) up to the bracket that closes it; brackets in quotes do not count."""
        depth, self.at = 1, begin + 2
        while self.at < len(self.text) and depth:
            character = self.text[self.at]
            if character in "'\"":
                self._quoted(character)
                continue
            depth += {"(": 1, ")": -1}.get(character, 0)
            self.at += 2 if character == "\\" else 1
        if depth:
            raise self._unreadable("this $( is never closed", begin)
        return self.text[begin + 2 : self.at - 1]

    def _quoted(self, quote: str) -> None:
        """Step over text in quotes."""
        begin = self.at
        self.at += 1
        while self.text[self.at : self.at + 1] not in (quote, ""):
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        if self.at >= len(self.text):
            raise self._unreadable(f"this {quote} is never closed", begin)
        self.at += 1

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a position."""
        return self.text.count("\n", 0, at) + self.first_line, at - self.text.rfind("\n", 0, at)

    def _unreadable(self, says: str, at: int) -> Unreadable:
        line, column = self.place(at)
        return Unreadable(says, self.text[at : at + 12].split("\n")[0], line, column)


def _statement(words: tuple[Word, ...], text: str, chained: bool) -> Statement:
    """Take `NAME=` off the first word; `export` before it says the same."""
    if words[0].plain == "export" and len(words) > 1:
        words = words[1:]
    first = words[0]
    head = first.pieces[0] if first.pieces else Piece("text", "")
    name, sign, rest = head.text.partition("=")
    if head.kind != "text" or head.quoted or not sign or not name.isidentifier():
        return Statement(words, "", first.line, text, chained)
    pieces = (Piece("text", rest), *first.pieces[1:]) if rest else first.pieces[1:]
    return Statement((Word(pieces, first.line, first.column), *words[1:]), name, first.line, text, chained)


def statements(text: str, first_line: int = 1) -> list[Statement]:
    r"""Read shell text into statements; raises Unreadable with the place for what is not spoken here.

    `first_line` is the line of a larger text this one begins in.

    >>> [statement.words[0].plain for statement in statements("az group list # all\naz vm list")]
    ['az', 'az']
    """
    return list(Reader(text, first_line).statements())
