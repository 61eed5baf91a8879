"""A sheet of paper: the one card that pictures which are tables or lists are drawn on, and words that wrap in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from imagekit.pictures import labels
from imagekit.pictures.drawing import DEFAULTS, attributes
from imagekit.pictures.look import LINE_SIZE, NAME_SIZE, PAPER, QUIET, TAG_SIZE, TEXT
from imagekit.pictures.pieces import some, text

RULE, ALARM = "#d5dde4", "#fdeeee"
SPACE = labels.font("\N{NO-BREAK SPACE}", LINE_SIZE)
_BREAKS = "/-_.:,;="
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def picture_of(statements: Iterable[str], defaults: Mapping[str, Mapping[str, str]] = DEFAULTS) -> str:
    """The DOT text of a picture that consists of these statements."""
    body = [*(f"{word} {attributes(values)}" for word, values in defaults.items()), *statements]
    return "\n".join(["digraph picture {", *(f"  {line}" for line in body), "}"]) + "\n"


def sheet(title: str, rows: Iterable[str], ink: str) -> str:
    """The DOT text of one sheet with these table rows on it."""
    return picture_of([f"sheet {attributes(paper(title, labels.table(*rows, padding=3), ink))}"])


def paper(title: str, table: str, ink: str) -> dict[str, str]:
    """A white card with a table on it."""
    look = {"shape": "box", "style": "rounded,filled", "fillcolor": PAPER, "color": ink}
    return {"label": f"<{table}>", **look, "tooltip": labels.clean(title)}


def heading(title: str, span: int, *said: str) -> list[str]:
    """The head of a sheet: its title, and lines below it in small."""
    first = labels.row(words(title, 72, size=NAME_SIZE, colour=TEXT, bold=True), span)
    return [first, *(labels.row(words(line, 108, 3), span) for line in said if line), labels.gap(span, 3)]


def chip(said: str, colour: str, *, solid: bool = True) -> str:
    """The cell of a word on a fill of its own, or in a frame of its own; never colour alone."""
    fill = f'BGCOLOR="{colour}"' if solid else f'BORDER="1" COLOR="{colour}"'
    return f"<TD {fill}>{labels.font(labels.clean(said), TAG_SIZE, PAPER if solid else colour, bold=True)}</TD>"


def beside(cell: str, content: str, points: int) -> str:
    """A chip with something on its right that is so wide: Graphviz would spread a chip alone over its whole row."""
    return labels.table(f'<TR>{cell}<TD ALIGN="LEFT" WIDTH="{points}">{SPACE}{content}</TD></TR>', padding=2)


def alarm(content: str, colour: str) -> str:
    """The cell of what is wrong: a line on its left and a pale fill."""
    return f'<TD ALIGN="LEFT" BORDER="2" SIDES="L" COLOR="{colour}" BGCOLOR="{ALARM}">{content}</TD>'


def words(
    said: str, wide: int, most: int = 3, *, size: int = LINE_SIZE, colour: str = QUIET, bold: bool = False
) -> str:
    """A text over a few left-aligned lines of so many signs; such texts can stand one after the other."""
    return "".join(line_of(labels.font(line, size, colour, bold=bold)) for line in wrapped(said, wide, most))


def cut(said: str, wide: int) -> str:
    """A text on one line, its end left out if it must be."""
    return wrapped(said, wide, 1)[0]


def line_of(*fonts: str) -> str:
    """One left-aligned line of a text."""
    return f'{"".join(fonts)}<BR ALIGN="LEFT"/>'


def wrapped(said: str, wide: int, most: int = 3) -> list[str]:
    """A text in at most so many lines; what does not fit ends in an ellipsis. An East Asian sign is two wide.

    >>> wrapped("The guest was never deprovisioned", 10, 2)
    ['The guest', 'was never…']
    >>> wrapped("이미지 버전", 6)
    ['이미지', '버전']
    """
    lines = [""]
    for part in (part for word in labels.clean(said).split(" ") for part in _parts(word, wide)):
        longer = f"{lines[-1]} {part}" if lines[-1] else part
        if width(longer) <= wide:
            lines[-1] = longer
        else:
            lines.append(part)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    return [*lines[: most - 1], f"{last if width(last) < wide else last[:-1]}{_ELLIPSIS}"]


def _parts(word: str, wide: int) -> Iterator[str]:
    """A word that is longer than a line in pieces, cut behind a mark such as a slash where there is one."""
    while width(word) > wide:
        fits = next(n for n in range(len(word), 0, -1) if n == 1 or width(word[:n]) <= wide)
        marks = [n for n in range(fits, fits // 2, -1) if word[n - 1] in _BREAKS]
        cut = marks[0] if marks else fits
        yield word[:cut]
        word = word[cut:]
    yield word


def width(said: str) -> int:
    """How many Latin signs a text is as wide as."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in said)


def told(value: Any) -> str:
    """A text, or the words of an object one after another, such as a page and its date."""
    if isinstance(value, Mapping):
        return ", ".join(some(*map(text, value.values())))
    return text(value)


def texts(values: Any) -> list[str]:
    """The entries of a list as texts; nothing for what is no list."""
    return [told(value) for value in values] if isinstance(values, list | tuple) else []


def objects(values: Any) -> list[Mapping[str, Any]]:
    """The objects in a list; nothing for what is no list."""
    return [value for value in values if isinstance(value, Mapping)] if isinstance(values, list | tuple) else []
