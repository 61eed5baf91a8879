"""Bars over time: a scale of seconds, its axis, the line that is now, and the bar of a row."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from imagekit.pictures import labels
from imagekit.pictures.look import KINDS, MARKS, QUIET, TAG_SIZE, TEXT
from imagekit.pictures.runs import Row, clock


@dataclass(frozen=True, slots=True)
class Bar:
    """How one state is drawn: its sign and word, its ink, the fill and the line of its bar."""

    word: str
    ink: str
    fill: str = ""
    line: str = "solid"


_GOOD, _BAD, _BUSY = MARKS["new"].colour, MARKS["failed"].colour, KINDS["vm"].ink
BARS = {
    "done": Bar("done", _GOOD, "#b9dec8"),
    "failed": Bar("\N{MULTIPLICATION SIGN} failed", _BAD, _BAD),
    "running": Bar("\N{BLACK RIGHT-POINTING TRIANGLE} running", _BUSY, "#cfe0f0"),
    "waiting": Bar("waiting", QUIET, "", "dashed"),
    "cancelled": Bar("\N{MULTIPLICATION SIGN} cancelled", "#9a6700", "#f3e3c0", "dashed"),
    "skipped": Bar("skipped", QUIET),
}
_OTHER = Bar("", QUIET, "#dfe5ea", "dashed")

# The track in points at most, the least cell that can hold its own lines, and the room behind the last tick.
_TRACK, _CELL, _ENDS = 300, 4, 44
_TICKS = (10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
_MOST_TICKS = 8
_GRID = "#dfe5ea"


@dataclass(frozen=True, slots=True)
class Scale:
    """Seconds to points: the seconds between two ticks, and how many there are."""

    step: float
    ticks: int

    @property
    def width(self) -> int:
        """The points from the first tick to the last, the same between any two."""
        return _TRACK // self.ticks // _CELL * _CELL * self.ticks

    def at(self, time: float) -> int:
        """The place of a time on the track."""
        return round(time / (self.step * self.ticks) * self.width / _CELL) * _CELL

    @property
    def places(self) -> tuple[int, ...]:
        """Where the ticks stand, the end of the track too."""
        return tuple(self.at(self.step * n) for n in range(self.ticks + 1))


def scale_of(length: float) -> Scale:
    """The scale for so many seconds, with ticks at round times."""
    step = next((tick for tick in _TICKS if length <= tick * _MOST_TICKS), 0)
    step = step or ceil(length / _MOST_TICKS / _TICKS[-1]) * _TICKS[-1]
    return Scale(step, max(1, ceil(length / step)))


def _tick(scale: Scale, n: int) -> str:
    """Minutes where ticks are whole minutes, else minutes and seconds; the last one says the unit."""
    time = scale.step * n
    said = clock(time) if scale.step < 60 else str(round(time / 60))
    return f"{said} min" if n == scale.ticks else said


def axis(scale: Scale) -> str:
    """The row of times over the tracks."""
    cells = [
        _text_cell(_tick(scale, n), left, right)
        for n, (left, right) in enumerate(pairwise([*scale.places, scale.width + _ENDS]))
    ]
    return labels.table(f"<TR>{''.join(cells)}</TR>", padding=0)


def _text_cell(said: str, left: int, right: int) -> str:
    frame = f'FIXEDSIZE="TRUE" WIDTH="{right - left}" HEIGHT="14"'
    return f'<TD ALIGN="LEFT" {frame}>{labels.font(said, TAG_SIZE, QUIET)}</TD>'


def now_line(scale: Scale, now: float) -> str:
    """The word over the line that is now, kept inside the track."""
    place = min(scale.at(now), scale.width - 12)
    cells = [blank(place, 14)] if place else []
    said = labels.font(f"now {clock(now)}", TAG_SIZE, TEXT, bold=True)
    cells.append(f'<TD ALIGN="LEFT" FIXEDSIZE="TRUE" WIDTH="{scale.width + _ENDS - place}" HEIGHT="14">{said}</TD>')
    return labels.table(f"<TR>{''.join(cells)}</TR>", padding=0)


def track(scale: Scale, now: float | None, *rows: Row) -> str:
    """The bars of one line between the lines of the ticks: thick for a stage, thin for a step."""
    here = scale.at(now) if now is not None else -1
    bars = [(row, ends) for row in rows if (ends := _ends(row, scale))]
    edges = {edge for _, ends in bars for edge in ends}
    cuts = sorted({*scale.places, *edges, *([here] if here >= 0 else []), scale.width + _ENDS})
    height, gap = (6, 5) if rows[0].step else (10, 3)
    empty = "".join(blank(right - left, gap, _line(left, here, scale)) for left, right in pairwise(cuts))
    closed = {right for _, (_, right) in bars} - {here}  # a bar that ends at a tick keeps its own edge
    lines = {left: "" if left in closed else _line(left, here, scale) for left in cuts}
    middle = "".join(_part(bars, left, right, height, lines[left]) for left, right in pairwise(cuts))
    return labels.table(*(f"<TR>{cells}</TR>" for cells in (empty, middle, empty)), padding=0)


def _ends(row: Row, scale: Scale) -> tuple[int, int] | None:
    """Where a bar begins and ends; none for what was skipped or has no time."""
    if row.start is None or row.end is None or row.state == "skipped":
        return None
    left = min(scale.at(row.start), scale.width - _CELL)
    return left, max(scale.at(row.end), left + _CELL)


def _part(bars: list[tuple[Row, tuple[int, int]]], left: int, right: int, height: int, line: str) -> str:
    """One cell of the middle row: a piece of a bar, or what lies beside it."""
    found = next(((row, ends) for row, ends in bars if ends[0] <= left < ends[1]), None)
    if found is None:
        return blank(right - left, height, line)
    row, ends = found
    bar = bar_of(row)
    sides = f"{'L' if left == ends[0] else ''}TB{'R' if right == ends[1] and row.state != 'running' else ''}"
    fill = f' BGCOLOR="{bar.fill}"' if bar.fill else ""
    edge = f'BORDER="1" SIDES="{sides}" COLOR="{bar.ink}" STYLE="{bar.line}"'
    return f'<TD FIXEDSIZE="TRUE" WIDTH="{right - left}" HEIGHT="{height}" {edge}{fill}></TD>'


def _line(left: int, here: int, scale: Scale) -> str:
    """The line on the left of a cell: dark where it is now, pale at a tick."""
    if left == here:
        return f'BORDER="2" SIDES="L" COLOR="{TEXT}"'
    return f'BORDER="1" SIDES="L" COLOR="{_GRID}"' if left in scale.places else ""


def blank(width: int, height: int, line: str = "") -> str:
    """A cell with nothing in it but perhaps a line at its left."""
    return f'<TD FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="{height}" {line}></TD>'


def bar_of(row: Row) -> Bar:
    """How the state of a row is drawn."""
    return BARS.get(row.state, _OTHER)
