"""The words were not understood: one exception for every tongue, and the nearest known spelling.

Being misunderstood is not being refused. A refusal is a value and comes from the cloud; `Unreadable` is
raised before anything is asked of the cloud, because nobody could tell what was meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class Unreadable(Exception):
    """The words were not understood; tells where, and which known spelling comes nearest.

    `line` and `column` count from 1; 0 means "no place known". `text` is the piece that was not
    understood, `nearest` a known word close to it, or empty. The message names the line; the column is
    said where the line alone would not help: in the first line, as texts of one line have no other. `more` is
    what else is to know, on lines of its own.

    >>> str(Unreadable("not a cmdlet I know", text="Get-AzVn", line=2, column=7, nearest="Get-AzVM"))
    'Line 2: not a cmdlet I know: Get-AzVn. Did you mean Get-AzVM?'
    >>> str(Unreadable("The expression ends too early.", line=1, column=9))
    'Line 1, column 9: The expression ends too early.'
    >>> str(Unreadable("The template is empty."))
    'The template is empty.'
    """

    def __init__(
        self, says: str, text: str = "", line: int = 0, column: int = 0, nearest: str = "", more: str = ""
    ) -> None:
        super().__init__(says, text, line, column, nearest, more)
        self.says = says
        self.text = text
        self.line = line
        self.column = column
        self.nearest = nearest
        self.more = more

    def __str__(self) -> str:
        """Give one short message: the place, what was said, the nearest known word."""
        said = _said(self.says, self.text)
        point = "." if self.nearest and said[-1:] not in ".!?" else ""
        rest = f"\n{self.more}" if self.more else ""
        return f"{_place(self.line, self.column)}{said}{point}{_hint(self.nearest)}{rest}"


def nearest(word: str, choices: Iterable[str]) -> str:
    """Give the choice spelled most like `word`, whatever its case, or "" when nothing is near.

    The choice comes back in its own spelling.

    >>> nearest("get-azvn", ["Get-AzVM", "New-AzVM", "Stop-AzVM"])
    'Get-AzVM'
    >>> nearest("banana", ["Get-AzVM"])
    ''
    """
    spelled = {choice.lower(): choice for choice in sorted(choices, reverse=True)}
    close = get_close_matches(word.lower(), spelled, n=1, cutoff=0.6)
    return spelled[close[0]] if close else ""


def _place(line: int, column: int) -> str:
    if line > 1:
        return f"Line {line}: "
    places = [f"{what} {number}" for what, number in (("line", line), ("column", column)) if number]
    return f"{', '.join(places).capitalize()}: " if places else ""


def _said(says: str, text: str) -> str:
    if not text or text in says:
        return says
    return f"{says.rstrip('.')}: {text}."


def _hint(word: str) -> str:
    return f" Did you mean {word}?" if word else ""
