"""Things side by side: a row for each thing they may differ in, a column for each, the chosen one marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from imagekit.pictures import labels
from imagekit.pictures.look import KINDS, LINE_SIZE, MARKS, NAME_SIZE, QUIET, TEXT
from imagekit.pictures.picture import Picture
from imagekit.pictures.pieces import text
from imagekit.pictures.reading import JSON
from imagekit.pictures.sheet import RULE, beside, chip, heading, objects, sheet, texts, told, words

MOST_COLUMNS = 4
_GOOD, _PALE = MARKS["new"].colour, "#eef7f1"
# Signs and points for all columns together, and for the words that say what a row is about.
_SIGNS, _POINTS, _FIRST = 80, 404, 31


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to compare: what it is, a cell for each column, and where that stands."""

    says: str
    cells: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A table of what differs; `choice` names one of the columns or is empty."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    choice: str


def comparison(said: JSON) -> Picture:
    """Draw things side by side, with the chosen one marked.

    `said` holds `title`, `columns` (names), `choice` (one of them, or empty) and `rows`, each with `says` (what is
    compared), `cells` (a text per column) and perhaps `source`.

    >>> rows = [{"says": "accounts", "cells": ["made at first boot", "kept"]}]
    >>> print(comparison({"title": "OS states", "columns": ["Generalized", "Specialized"], "rows": rows}))
    OS states
    <BLANKLINE>
    accounts
      Generalized: made at first boot
      Specialized: kept
    """
    whole = _read(said)
    title = labels.clean(whole.title)
    return Picture(_dot(whole), title, _twin(title, whole))


def _read(said: JSON) -> Comparison:
    columns = tuple(texts(said.get("columns")))
    rows = tuple(
        Row(text(item.get("says")), _filled(texts(item.get("cells")), len(columns)), told(item.get("source")))
        for item in objects(said.get("rows"))
    )
    return Comparison(text(said.get("title")) or "Comparison", columns, rows, text(said.get("choice")))


def _filled(cells: list[str], number: int) -> tuple[str, ...]:
    """As many cells as there are columns."""
    return tuple([*cells, *[""] * number][:number])


# Drawing


def _dot(whole: Comparison) -> str:
    shown = _shown(whole)
    span = len(shown) + 1
    more = len(whole.columns) - len(shown)
    rows = [*heading(whole.title, span, f"and {more} more, in the text" if more else "")]
    rows += [_heads(whole, shown), *(_row(whole, row, shown) for row in whole.rows)]
    if not whole.rows:
        rows.append(labels.row(labels.font("nothing to compare yet", LINE_SIZE, QUIET), span))
    return sheet(whole.title, rows, KINDS["other"].ink)


def _shown(whole: Comparison) -> list[int]:
    """The columns that fit, the chosen one among them."""
    order = sorted(range(len(whole.columns)), key=lambda n: (whole.columns[n] != whole.choice, n))
    return sorted(order[:MOST_COLUMNS])


def _heads(whole: Comparison, shown: list[int]) -> str:
    return f"<TR><TD></TD>{''.join(_head(whole, n, shown) for n in shown)}</TR>"


def _head(whole: Comparison, n: int, shown: list[int]) -> str:
    name = words(whole.columns[n], _signs(shown) - 4, 3, size=NAME_SIZE, colour=TEXT, bold=True)
    if not _is_choice(whole, n):
        return _td(name, shown, sides="B", chosen=False)
    mark = beside(chip("\N{CHECK MARK} chosen", _GOOD), " ", _points(shown) - 80)
    rows = (labels.row(name), labels.row(mark))
    return _td(labels.table(*rows, padding=0), shown, sides="LTR", chosen=True)


def _is_choice(whole: Comparison, n: int) -> bool:
    return whole.choice != "" and whole.columns[n] == whole.choice


def _row(whole: Comparison, row: Row, shown: list[int]) -> str:
    said = words(row.says, _FIRST, 3, colour=TEXT, bold=True) + (words(row.source, _FIRST, 4) if row.source else "")
    cells = [f'<TD ALIGN="LEFT" VALIGN="TOP" BORDER="1" SIDES="T" COLOR="{RULE}">{said}</TD>']
    last = "B" if row is whole.rows[-1] else ""
    for n in shown:
        cell = words(row.cells[n] or "\N{EN DASH}", _signs(shown), 6, colour=TEXT)
        chosen = _is_choice(whole, n)
        cells.append(_td(cell, shown, sides=f"TLR{last}" if chosen else "T", chosen=chosen))
    return f"<TR>{''.join(cells)}</TR>"


def _signs(shown: list[int]) -> int:
    return _SIGNS // max(len(shown), 2)


def _points(shown: list[int]) -> int:
    return _POINTS // max(len(shown), 2)


def _td(content: str, shown: list[int], *, sides: str, chosen: bool) -> str:
    """A cell; those of the chosen column stand on a pale fill in a frame."""
    frame = f'BORDER="1" SIDES="{sides}" COLOR="{_GOOD if chosen else RULE}"'
    fill = f' BGCOLOR="{_PALE}"' if chosen else ""
    return f'<TD ALIGN="LEFT" VALIGN="TOP" WIDTH="{_points(shown)}" {frame}{fill}>{content}</TD>'


# In words


def _twin(title: str, whole: Comparison) -> str:
    """The choice, then every row with all its cells, none folded."""
    choice = [labels.clean(f"Chosen: {whole.choice}."), ""] if whole.choice else []
    lines = [line for row in whole.rows for line in _told(whole, row)]
    return "\n".join([title, "", *choice, *(lines or ["Nothing to compare yet."])])


def _told(whole: Comparison, row: Row) -> Iterable[str]:
    yield labels.clean(row.says)
    for name, cell in zip(whole.columns, row.cells, strict=True):
        yield "  " + labels.clean(f"{name}: {cell or '-'}")
    if row.source:
        yield "  " + labels.clean(f"Source: {row.source}")
