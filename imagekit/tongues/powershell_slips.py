r"""Kind words for PowerShell text that could not be read: what stands there, and what to do.

What PowerShell itself makes of a backtick at the end of a line, read from its own tokenizer and parser
(tokenizer.cs, CharTraits.cs and Parser.cs in github.com/PowerShell/PowerShell, read 2026-11-20):

- A blank before it, the line break right behind it: the two lines are one (`NextToken`, LineContinuation).
- Blanks behind it: it is skipped together with them, and the line break ends the command. The command runs
  without the rest; then the next line is tried as a command of its own, and "The term '-asJob' is not
  recognized" is all one sees (`CommandRule` takes a parameter in first place for a name).
- Glued to a bare word, a number, a parameter or a plain variable: the tokenizer is still inside the word, the
  backtick escapes the line break, and the line break becomes part of the word (`ScanGenericToken`, to which
  `ScanNumber` and `ScanVariable` fall back, and `ScanParameter`): `-OsType Windows` asks for "Windows\n".
- Glued to a property, a method call, a quoted text or a closing bracket: those end by themselves
  (`SimpleNameRule`), so the lines are joined after all. PowerShell does run `$imageDefinition.Name` with a
  backtick glued to it, although that is widely called a slip (SEED-006 too). It is refused here all the same,
  because it works by luck: with `$name` for `$x.Name` the line break is in the value. The message says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_QUOTES = "'‘’‚‛\"“”„"
_LONG_DASHES = "–—―"
_BLANKS_TO_LINE_END = re.compile(r"[^\S\n]+(?:\n|\Z)")
_PIECE = re.compile(r"[^\s`]{1,40}")
_CLOSED = re.compile(
    r"@?(['‘’‚‛](?:[^'‘’‚‛]++|['‘’‚‛]{2})*+['‘’‚‛]|[\"“”„](?:[^\"“”„`]++|`(?:.|\n)|[\"“”„]{2})*+[\"“”„])"
)

ENDS_BY_ITSELF = frozenset(
    ("MEMBER", "METHOD", "SINGLE", "DOUBLE", "SINGLE_HERE", "DOUBLE_HERE", "RPAR", "RBRACE", "RINDEX")
)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where reading stopped: the text, the place in it, and the kind and text of the word before."""

    source: str
    at: int
    kind_before: str
    word_before: str

    @property
    def sign(self) -> str:
        """The character that could not be read, or "" at the end of the text."""
        return self.source[self.at : self.at + 1]

    @property
    def line_before(self) -> str:
        """The line up to the place."""
        return self.source[self.source.rfind("\n", 0, self.at) + 1 : self.at]

    @property
    def piece(self) -> str:
        """The word at the place, at most 40 characters of it."""
        found = _PIECE.match(self.source, self.at)
        return found[0] if found else self.sign


def slip_at(spot: Spot) -> tuple[str, str]:
    """Give what to say about the text at the spot, and the piece of text it is said about.

    >>> slip_at(Spot("Get-AzVM <name>", 9, "CMDLET", "Get-AzVM"))[0]
    'a name in < > stands for a value of your own; put that value in its place.'
    """
    for kind in _KINDS:
        if says := kind(spot):
            return says, ""
    return "this is not spoken here", spot.piece


def _end(spot: Spot) -> str:
    return "" if spot.sign else "the text ends too early; a value is missing."


def _line_break(spot: Spot) -> str:
    return "the line ends too early; a value is missing." if spot.sign == "\n" else ""


def _backtick(spot: Spot) -> str:
    if spot.sign != "`":
        return ""
    if _BLANKS_TO_LINE_END.match(spot.source, spot.at + 1):
        return (
            "blanks after the backtick: PowerShell no longer sees it as the end of the line, so the command stops here."
        )
    following = spot.source[spot.at + 1 : spot.at + 2]
    if following == "\n":
        return _glued(spot)
    if not following:
        return "the backtick says that the command goes on, but nothing follows."
    return "a backtick may end a line or stand in double quotes; elsewhere it is not spoken here."


def _glued(spot: Spot) -> str:
    quoted = spot.word_before and spot.word_before[-1] in _QUOTES
    value = spot.word_before if quoted else spot.line_before.split()[-1].removeprefix("$")
    if spot.kind_before in ENDS_BY_ITSELF:
        return (
            f"the backtick is glued to the value {value}; put a blank before it. "
            "PowerShell forgives it here, but not after a plain word."
        )
    return (
        f"the backtick is glued to the value {value}; PowerShell needs a blank before it, "
        "or the line break becomes part of the value."
    )


def _parameter_first(spot: Spot) -> str:
    first_in_line = not spot.line_before.strip() and "\n" in spot.source[: spot.at]
    if not (first_in_line and spot.sign in "-–—―" and spot.piece[1:2].isalpha()):
        return ""
    return f"the line starts with {spot.piece}; end the line before with a blank and a backtick."


def _text(spot: Spot) -> str:
    if not (spot.sign in _QUOTES or (spot.sign == "@" and spot.piece[1:2] in tuple(_QUOTES))):
        return ""
    if spot.sign == "@":
        return (
            "a here-string opens at the end of a line, and its closing quote and @ stand first on a line; "
            "this one does not."
        )
    if _CLOSED.match(spot.source, spot.at):
        return "something is glued to the text in quotes; put a blank between the two."
    return f"the text that opens with {spot.sign} here is never closed."


def _angle(spot: Spot) -> str:
    if spot.source.startswith("<#", spot.at):
        return "the comment that opens with <# here is never closed with #>."
    if spot.sign == "<":
        return "a name in < > stands for a value of your own; put that value in its place."
    return ""


def _bracket(spot: Spot) -> str:
    if spot.sign == "{":
        return "blocks in { } are not spoken here, only tables @{ }."
    if spot.sign == "[":
        return "types in [ ] are not spoken here; write the value alone."
    return f"this {spot.sign} closes nothing that is open here." if spot.sign in ")}]" else ""


def _method(spot: Spot) -> str:
    called = re.compile(r"\.\w+\(").match(spot.source, spot.at)
    return f"{called[0]}…) with something in its brackets is not spoken here." if called else ""


def _assigned_part(spot: Spot) -> str:
    if spot.sign == "=" and spot.kind_before in ENDS_BY_ITSELF:
        return "only a variable can be given a value here, such as $name = …"
    return ""


def _first_word(spot: Spot) -> str:
    first = spot.kind_before in ("", "_NEWLINE", "SEMICOLON", "EQUAL", "LPAR", "LARRAY", "VBAR")
    if not (first and spot.sign.isalpha()):
        return ""
    if any(dash in spot.piece for dash in _LONG_DASHES):
        return f"{spot.piece} holds a long dash; type a plain one."
    if spot.piece == "az":
        return "az is not PowerShell: begin the cell with %%az."
    return f"{spot.piece} is not a command of the form Verb-Noun; only those are spoken here."


_KINDS: tuple[Callable[[Spot], str], ...] = (
    _end,
    _line_break,
    _backtick,
    _parameter_first,
    _text,
    _angle,
    _bracket,
    _method,
    _assigned_part,
    _first_word,
)
