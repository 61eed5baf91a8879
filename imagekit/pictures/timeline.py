"""A run over its minutes: a bar for every stage and step, where it failed and what it said."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from imagekit.pictures import labels
from imagekit.pictures.drawing import DEFAULTS, attributes
from imagekit.pictures.look import KINDS, LINE_SIZE, NAME_SIZE, PAPER, QUIET, TAG_SIZE, TEXT
from imagekit.pictures.picture import Picture
from imagekit.pictures.reading import JSON
from imagekit.pictures.runs import Row, Run, clock, folded, read, took
from imagekit.pictures.tracks import BARS, Scale, axis, bar_of, now_line, scale_of, track
from imagekit.pictures.twin import table

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


# The card


def _dot(whole: Run) -> str:
    kind = KINDS["template"]
    node = {
        "label": f"<{labels.table(*_head(whole), *body(whole), padding=0)}>",
        "shape": "box",
        "style": "rounded,filled",
        "fillcolor": PAPER,
        "color": kind.ink,
        "tooltip": labels.clean(whole.title),
    }
    lines = [*(f"{word} {attributes(values)}" for word, values in DEFAULTS.items()), f"run {attributes(node)}"]
    return "\n".join(["digraph picture {", *(f"  {line}" for line in lines), "}"]) + "\n"


def _head(whole: Run) -> list[str]:
    title = labels.font(labels.short(whole.title, 60), NAME_SIZE, TEXT, bold=True)
    colour = BARS[whole.state].ink if whole.state in BARS else QUIET
    return [labels.row(title, 4), labels.row(labels.font(_sum(whole), LINE_SIZE, colour), 4), labels.gap(4, 6)]


def body(whole: Run) -> Iterable[str]:
    """The bars of a run as table rows of four cells, under the axis of its minutes."""
    scale = scale_of(whole.length)
    if not whole.rows:
        yield labels.row(labels.font("nothing has begun yet", LINE_SIZE, QUIET), 4)
        return
    if whole.now is not None:
        yield f'<TR><TD COLSPAN="3"></TD><TD ALIGN="LEFT">{now_line(scale, whole.now)}</TD></TR>'
    heads = "".join(f'<TD ALIGN="LEFT">{labels.font(word, TAG_SIZE, QUIET)}</TD>' for word in ("", "", "took"))
    yield f'<TR>{heads}<TD ALIGN="LEFT">{axis(scale)}</TD></TR>'
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
    bar = bar_of(row)
    cells = (
        labels.font(f"{name or labels.short(row.stage, 30)}\N{NO-BREAK SPACE}", LINE_SIZE, TEXT, bold=not row.step),
        labels.font(
            bar.word or labels.short(row.state, 12), LINE_SIZE, bar.ink, bold=row.state in ("failed", "running")
        ),
        labels.font(f"{took(row)}\N{NO-BREAK SPACE}", LINE_SIZE, QUIET),
    )
    said = "".join(f'<TD ALIGN="{side}" CELLPADDING="2">{cell}</TD>' for side, cell in zip(_SIDES, cells, strict=True))
    return f'<TR>{said}<TD ALIGN="LEFT">{track(scale, now, row)}</TD></TR>'


_SIDES = ("LEFT", "LEFT", "RIGHT")


def _says(row: Row) -> Iterable[str]:
    """What a row said last, in a few lines over the whole width."""
    if not row.says:
        return
    failed = row.state == "failed"
    lines = textwrap.wrap(labels.clean(row.says), _WIDE)
    lines = [*lines[: _LINES - 1], " ".join(lines[_LINES - 1 :])]
    ink, fill = (BARS["failed"].ink, "#fdeeee") if failed else (QUIET, "#f5f7fa")
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
    return "\n".join([title, "", _sum(whole), *_failures(whole), "", rows_told(whole)]).rstrip()


def rows_told(whole: Run) -> str:
    """Every row of a run with its times as a table; empty when there is none."""
    rows = [(row.stage, row.step, row.state, clock(row.start), _until(row), took(row), row.says) for row in whole.rows]
    return table(("stage", "step", "state", "from", "to", "took", "says"), rows, 110) if rows else ""


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
