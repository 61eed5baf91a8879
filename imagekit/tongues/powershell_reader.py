"""PowerShell text read into nodes: the grammar is asked, brackets are watched, a slip gets its place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken
from lark.lark import PostLex

from imagekit.tongues.powershell_builder import STAGES, Builder
from imagekit.tongues.powershell_nodes import Statement
from imagekit.tongues.powershell_slips import Spot, slip_at
from imagekit.tongues.powershell_text import Place, placed
from imagekit.unreadable import Unreadable, nearest

DEEPEST = 40

_OPENING = frozenset(("LPAR", "LARRAY", "LTABLE", "LINDEX"))
_CLOSING = frozenset(("RPAR", "RBRACE", "RINDEX"))


def read(text: str, origin: Place = (1, 1)) -> tuple[Statement, ...]:
    """Read PowerShell text into statements; `origin` is the line and column at which the text itself stands.

    Raises Unreadable with line and column for all that is not spoken here.

    >>> read("$job.State")[0].value.head
    Path(base=Variable(name='job'), steps=(Member(name='State'),))
    """
    # PowerShell takes each of the three as a line break, and a byte order mark at the start as nothing.
    source = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return Builder(source, origin, read).build(_tree(source, origin))


def _tree(source: str, origin: Place) -> Tree[Token]:
    try:
        return _grammar().parse(source)
    except UnexpectedInput as error:
        raise _unreadable(source, error, origin) from None
    except Unreadable as slip:
        line, column = placed((slip.line, slip.column), origin)
        raise Unreadable(slip.says, slip.text, line, column, slip.nearest) from None


@cache
def _grammar() -> Lark:
    text = files("imagekit.tongues").joinpath("powershell.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", start="script", postlex=_Watch())


class _Watch(PostLex):
    """Watches the tokens go by: what a bracket leaves open, and what stands behind `|`."""

    always_accept = ()

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        opened: list[Token] = []
        before = ""
        for token in stream:
            if token.type == "CMDLET" and before == "VBAR":
                _check_stage(token)
            _follow(token, opened)
            before = token.type if token.type != "_NEWLINE" else before
            yield token
        if opened:
            raise _at(opened[-1], f"the {opened[-1]} that opens here is never closed.")


def _follow(token: Token, opened: list[Token]) -> None:
    if token.type in _OPENING:
        opened.append(token)
    elif token.type in _CLOSING and opened:
        opened.pop()
    if len(opened) > DEEPEST:
        raise _at(token, f"brackets are nested deeper than {DEEPEST}.")


def _check_stage(token: Token) -> None:
    if token.lower() in (stage.lower() for stage in STAGES):
        return
    if token.lower() == "where-object":
        raise _at(token, "Where-Object is not spoken here; name what you want with the command's parameters.")
    says = f"behind | only {', '.join(STAGES)} are spoken here, not {token}."
    raise _at(token, says, nearest(token, STAGES))


def _at(token: Token, says: str, near: str = "") -> Unreadable:
    return Unreadable(says, str(token), token.line or 0, token.column or 0, near)


def _unreadable(source: str, error: UnexpectedInput, origin: Place) -> Unreadable:
    before = _before(error)
    at = len(source) if _ended(error) else error.pos_in_stream or 0
    spot = Spot(source, at, before.type if before else "", str(before or ""))
    says, text = slip_at(spot)
    local = (source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at))
    line, column = placed(local, origin)
    return Unreadable(says, text, line, column)


def _ended(error: UnexpectedInput) -> bool:
    return isinstance(error, UnexpectedToken) and error.token.type == "$END"


def _before(error: UnexpectedInput) -> Token | None:
    """Give the last token that was understood; lark keeps it with both of its errors, untyped."""
    history: list[Token] | None = getattr(error, "token_history", None)
    return history[-1] if history else None
