"""A run over its minutes: a bar for every stage and step, where it failed and what it said."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from imagekit.pictures import labels
from imagekit.pictures.drawing import DEFAULTS, attributes
from imagekit.pictures.look import KINDS, LINE_SIZE, MARKS, NAME_SIZE, PAPER, QUIET, TAG_SIZE, TEXT
from imagekit.pictures.picture import Picture
from imagekit.pictures.reading import JSON
from imagekit.pictures.runs import Row, Run, clock, folded, read, took
from imagekit.pictures.twin import table


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
_WIDE, _LINES = 104, 3


def timeline(run: JSON) -> Picture:
    """Draw a run as bars over minutes, stage by stage and step by step.

    `run` holds `title`, `stages` (each with `name`, `from` and `to` in seconds, `state`, and perhaps `step` and
    `says`) and, while it goes on, `now` in seconds. States: done, failed, running, waiting, cancelled, skipped.

    >>> stages = [{"name": "Building", "from": 0, "to": 90, "state": "done"}]
    >>> print(timeline({"title": "Run of baker", "stages": stages}))
    Run of baker
    <BLANKLINE>
    Done after 1:30.
    <BLANKLINE>
    stage     state  from  to    took
    --------  -----  ----  ----  ----
    Building  done   0:00  1:30  1:30
    """
    whole = read(run)
    title = labels.short(whole.title, 60)
    return Picture(_dot(whole), title, _twin(title, whole))


# The track


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


def _scale(length: float) -> Scale:
    step = next((tick for tick in _TICKS if length <= tick * _MOST_TICKS), 0)
    step = step or ceil(length / _MOST_TICKS / _TICKS[-1]) * _TICKS[-1]
    return Scale(step, max(1, ceil(length / step)))


def _tick(scale: Scale, n: int) -> str:
    """Minutes where ticks are whole minutes, else minutes and seconds; the last one says the unit."""
    time = scale.step * n
    said = clock(time) if scale.step < 60 else str(round(time / 60))
    return f"{said} min" if n == scale.ticks else said


def _axis(scale: Scale) -> str:
    cells = [
        _text_cell(_tick(scale, n), left, right)
        for n, (left, right) in enumerate(pairwise([*scale.places, scale.width + _ENDS]))
    ]
    return labels.table(f"<TR>{''.join(cells)}</TR>", padding=0)


def _text_cell(said: str, left: int, right: int) -> str:
    frame = f'FIXEDSIZE="TRUE" WIDTH="{right - left}" HEIGHT="14"'
    return f'<TD ALIGN="LEFT" {frame}>{labels.font(said, TAG_SIZE, QUIET)}</TD>'


def _now(scale: Scale, now: float) -> str:
    """The word over the line that is now, kept inside the track."""
    place = min(scale.at(now), scale.width - 12)
    cells = [_blank(place, 14)] if place else []
    said = labels.font(f"now {clock(now)}", TAG_SIZE, TEXT, bold=True)
    cells.append(f'<TD ALIGN="LEFT" FIXEDSIZE="TRUE" WIDTH="{scale.width + _ENDS - place}" HEIGHT="14">{said}</TD>')
    return labels.table(f"<TR>{''.join(cells)}</TR>", padding=0)


def _track(row: Row, scale: Scale, now: float | None) -> str:
    """The bar of a row between the lines of the ticks: thick for a stage, thin for a step."""
    here = scale.at(now) if now is not None else -1
    bar = _ends(row, scale)
    cuts = sorted({*scale.places, *(bar or ()), *([here] if here >= 0 else []), scale.width + _ENDS})
    height, gap = (6, 5) if row.step else (10, 3)
    empty = "".join(_blank(right - left, gap, _line(left, here, scale)) for left, right in pairwise(cuts))
    middle = "".join(_part(row, bar, left, right, height, _line(left, here, scale)) for left, right in pairwise(cuts))
    return labels.table(*(f"<TR>{cells}</TR>" for cells in (empty, middle, empty)), padding=0)


def _ends(row: Row, scale: Scale) -> tuple[int, int] | None:
    """Where a bar begins and ends; none for what was skipped or has no time."""
    if row.start is None or row.end is None or row.state == "skipped":
        return None
    left = min(scale.at(row.start), scale.width - _CELL)
    return left, max(scale.at(row.end), left + _CELL)


def _part(row: Row, bar: tuple[int, int] | None, left: int, right: int, height: int, line: str) -> str:
    """One cell of the middle row: a piece of the bar, or what lies beside it."""
    if not bar or not bar[0] <= left < bar[1]:
        return _blank(right - left, height, line)
    look = _look(row)
    sides = f"{'L' if left == bar[0] else ''}TB{'R' if right == bar[1] and row.state != 'running' else ''}"
    fill = f' BGCOLOR="{look.fill}"' if look.fill else ""
    edge = f'BORDER="1" SIDES="{sides}" COLOR="{look.ink}" STYLE="{look.line}"'
    return f'<TD FIXEDSIZE="TRUE" WIDTH="{right - left}" HEIGHT="{height}" {edge}{fill}></TD>'


def _line(left: int, here: int, scale: Scale) -> str:
    """The line on the left of a cell: dark where it is now, pale at a tick."""
    if left == here:
        return f'BORDER="2" SIDES="L" COLOR="{TEXT}"'
    return f'BORDER="1" SIDES="L" COLOR="{_GRID}"' if left in scale.places else ""


def _blank(width: int, height: int, line: str = "") -> str:
    return f'<TD FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="{height}" {line}></TD>'


def _look(row: Row) -> Bar:
    return BARS.get(row.state, _OTHER)


# The card


def _dot(whole: Run) -> str:
    kind, scale = KINDS["template"], _scale(whole.length)
    node = {
        "label": f"<{labels.table(*_head(whole), *_body(whole, scale), padding=0)}>",
        "shape": "box",
        "style": "rounded,filled",
        "fillcolor": PAPER,
        "color": kind.ink,
        "tooltip": labels.clean(whole.title),
    }
    body = [*(f"{word} {attributes(values)}" for word, values in DEFAULTS.items()), f"run {attributes(node)}"]
    return "\n".join(["digraph picture {", *(f"  {line}" for line in body), "}"]) + "\n"


def _head(whole: Run) -> list[str]:
    title = labels.font(labels.short(whole.title, 60), NAME_SIZE, TEXT, bold=True)
    colour = BARS[whole.state].ink if whole.state in BARS else QUIET
    return [labels.row(title, 4), labels.row(labels.font(_sum(whole), LINE_SIZE, colour), 4), labels.gap(4, 6)]


def _body(whole: Run, scale: Scale) -> Iterable[str]:
    if not whole.rows:
        yield labels.row(labels.font("nothing has begun yet", LINE_SIZE, QUIET), 4)
        return
    if whole.now is not None:
        yield f'<TR><TD COLSPAN="3"></TD><TD ALIGN="LEFT">{_now(scale, whole.now)}</TD></TR>'
    heads = "".join(f'<TD ALIGN="LEFT">{labels.font(word, TAG_SIZE, QUIET)}</TD>' for word in ("", "", "took"))
    yield f'<TR>{heads}<TD ALIGN="LEFT">{_axis(scale)}</TD></TR>'
    before = ""
    for row in folded(whole.rows):
        if row.step and row.stage != before:
            yield _drawn(Row(row.stage, "", ""), scale, whole.now)
        yield _drawn(row, scale, whole.now)
        yield from _says(row)
        before = row.stage


def _drawn(row: Row, scale: Scale, now: float | None) -> str:
    """Name, state, length and bar of a row; a step stands a little to the right."""
    name = f"\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}{labels.short(row.step, 27)}" if row.step else ""
    look = _look(row)
    cells = (
        labels.font(name or labels.short(row.stage, 30), LINE_SIZE, TEXT, bold=not row.step),
        labels.font(
            look.word or labels.short(row.state, 12), LINE_SIZE, look.ink, bold=row.state in ("failed", "running")
        ),
        labels.font(f"{took(row)}\N{NO-BREAK SPACE}", LINE_SIZE, QUIET),
    )
    said = "".join(f'<TD ALIGN="{side}" CELLPADDING="2">{cell}</TD>' for side, cell in zip(_SIDES, cells, strict=True))
    return f'<TR>{said}<TD ALIGN="LEFT">{_track(row, scale, now)}</TD></TR>'


_SIDES = ("LEFT", "LEFT", "RIGHT")


def _says(row: Row) -> Iterable[str]:
    """What a row said last, in a few lines over the whole width."""
    if not row.says:
        return
    failed = row.state == "failed"
    lines = textwrap.wrap(labels.clean(row.says), _WIDE)
    lines = [*lines[: _LINES - 1], " ".join(lines[_LINES - 1 :])]
    ink, fill = (_BAD, "#fdeeee") if failed else (QUIET, "#f5f7fa")
    said = "".join(
        f'{labels.font(labels.short(line, _WIDE), LINE_SIZE, ink)}<BR ALIGN="LEFT"/>' for line in lines if line
    )
    edge = f'BORDER="1" SIDES="L" COLOR="{ink}"'
    yield f'<TR><TD ALIGN="LEFT" COLSPAN="4" CELLPADDING="4" {edge} BGCOLOR="{fill}">{said}</TD></TR>'


# In words


def _sum(whole: Run) -> str:
    """How the run stands, and since when or after how long."""
    length = clock(whole.took)
    words = {
        "": "Nothing has begun yet",
        "waiting": "Waiting",
        "running": f"Running for {length}",
        "failed": f"Failed after {length}",
        "cancelled": f"Cancelled after {length}",
        "done": f"Done after {length}",
    }
    return f"{words[whole.state]}."


def _twin(title: str, whole: Run) -> str:
    """How the run stands, where it failed and what it said, then every row with its times, none folded."""
    rows = [(row.stage, row.step, row.state, clock(row.start), _until(row), took(row), row.says) for row in whole.rows]
    grid = table(("stage", "step", "state", "from", "to", "took", "says"), rows, 110) if rows else ""
    return "\n".join([title, "", _sum(whole), *_failures(whole), "", grid]).rstrip()


def _until(row: Row) -> str:
    """When a row ended; one that is running has no end yet."""
    return "" if row.state == "running" else clock(row.end)


def _failures(whole: Run) -> Iterable[str]:
    """Where it failed and what was said there; a stage only where none of its steps is to blame."""
    failed = [row for row in whole.rows if row.state == "failed"]
    blamed = {row.stage for row in failed if row.step}
    for row in failed:
        if row.step or row.says or row.stage not in blamed:
            yield labels.clean(f"Failed: {_place(row)}{f': {row.says}' if row.says else '.'}")


def _place(row: Row) -> str:
    return f"{row.stage}, {row.step}" if row.step else row.stage
