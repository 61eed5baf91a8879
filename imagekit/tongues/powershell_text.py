"""What stands inside PowerShell's quotes: escapes, doubled quotes, `$name` and `$( … )`."""

from __future__ import annotations

import re
from collections.abc import Callable

from imagekit.tongues.powershell_nodes import Array, Joined, Literal, Statement, Value, Variable
from imagekit.unreadable import Unreadable

Place = tuple[int, int]
Read = Callable[[str, Place], tuple[Statement, ...]]

_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}
_SINGLE_PAIR = re.compile(r"(['‘’‚‛])['‘’‚‛]")
_DOUBLE_PAIR = r"|(?P<quote>[\"“”„])[\"“”„]"
_HERE_SPECIAL = (
    r"`(?:u\{(?P<code>[0-9A-Fa-f]{1,6})\}|(?P<escaped>.|\n))"
    r"|\$(?:\{(?P<braced>\w+)\}|(?P<name>\w+)(?P<scope>:\w)?)"
    r"|(?P<opening>\$\()"
)
_IN_HERE = re.compile(_HERE_SPECIAL)
_IN_QUOTES = re.compile(_HERE_SPECIAL + _DOUBLE_PAIR)
_BRACKET = re.compile(r"[()]")


def placed(local: Place, origin: Place) -> Place:
    """Give the line and column in the whole text of a place in a piece that stands at `origin`.

    >>> placed((1, 3), (5, 10)), placed((2, 3), (5, 10))
    ((5, 12), (6, 3))
    """
    line, column = local
    return origin[0] + line - 1, column + (origin[1] - 1 if line == 1 else 0)


def verbatim(token: str) -> Literal:
    """Read a text in single quotes, or a here-string in them: nothing in it has a meaning of its own.

    >>> verbatim("'it''s'").value
    "it's"
    """
    return Literal(_here_body(token) if token[0] == "@" else _SINGLE_PAIR.sub(r"\1", token[1:-1]))


def expandable(token: str, place: Place, read: Read) -> Value:
    """Read a text in double quotes, or a here-string in them; `read` reads what stands in `$( … )`."""
    if token[0] == "@":
        return _joined(_here_body(token), placed((2, 1), place), read, _IN_HERE)
    return _joined(token[1:-1], placed((1, 2), place), read, _IN_QUOTES)


def bare(word: str, place: Place, read: Read) -> Value:
    """Read a bare word behind a command: a text in which `$name` is replaced."""
    return _joined(word, place, read, _IN_HERE) if "$" in word else Literal(word)


def _here_body(token: str) -> str:
    """Give what stands between the first and the last line break; there may be only one."""
    return token[token.index("\n") + 1 : max(token.rindex("\n"), token.index("\n") + 1)]


def _joined(body: str, origin: Place, read: Read, special: re.Pattern[str]) -> Value:
    parts: list[str | Value] = []
    at = 0
    while found := special.search(body, at):
        part, end = _part(found, origin, read)
        parts += [body[at : found.start()], part]
        at = end
    parts.append(body[at:])
    if all(isinstance(part, str) for part in parts):
        return Literal("".join(str(part) for part in parts))
    return Joined(tuple(part for part in parts if part != ""))


def _part(found: re.Match[str], origin: Place, read: Read) -> tuple[str | Value, int]:
    """Give one special piece, and where it ends."""
    piece = found.groupdict()
    if piece["opening"]:
        return _values(found.string, found.end(), origin, read)
    if piece["code"]:
        return _code_point(found, origin), found.end()
    if piece["scope"]:
        says = f"write ${{{piece['name']}}} before a colon; PowerShell takes the colon as part of the name."
        raise _slip(found.string, found.start(), origin, says)
    if name := piece["braced"] or piece["name"]:
        return Variable(name), found.end()
    escaped = piece["escaped"] or piece.get("quote") or ""
    return _ESCAPES.get(escaped, escaped) if piece["escaped"] else escaped, found.end()


def _code_point(found: re.Match[str], origin: Place) -> str:
    code = int(found["code"], 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise _slip(found.string, found.start(), origin, f"there is no character with the number {found['code']}.")
    return chr(code)


def _values(body: str, start: int, origin: Place, read: Read) -> tuple[Value, int]:
    """Read the statements in `$( … )`; quotes of the outer kind cannot stand in them."""
    end = _closing(body, start)
    if end < 0:
        says = "the $( that opens here is never closed; double quotes inside it are not spoken here."
        raise _slip(body, start - 2, origin, says)
    return Array(read(body[start:end], _place(body, start, origin))), end + 1


def _closing(body: str, start: int) -> int:
    depth = 1
    for bracket in _BRACKET.finditer(body, start):
        depth += 1 if bracket[0] == "(" else -1
        if not depth:
            return bracket.start()
    return -1


def _place(body: str, at: int, origin: Place) -> Place:
    return placed((body.count("\n", 0, at) + 1, at - body.rfind("\n", 0, at)), origin)


def _slip(body: str, at: int, origin: Place, says: str) -> Unreadable:
    line, column = _place(body, at, origin)
    return Unreadable(says, "", line, column)
