"""How the replicas of an image version come into being: a bar for every region over the minutes it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from imagekit.pictures import labels
from imagekit.pictures.drawing import DEFAULTS, attributes
from imagekit.pictures.labels import clean, short
from imagekit.pictures.look import KINDS, LINE_SIZE, NAME_SIZE, PAPER, QUIET, TAG_SIZE, TEXT
from imagekit.pictures.picture import Picture
from imagekit.pictures.pieces import text
from imagekit.pictures.runs import Row, clock, seconds
from imagekit.pictures.tracks import BARS, Bar, Scale, axis, now_line, scale_of, track
from imagekit.pictures.twin import table

JSON = dict[str, Any]

# The service's own words for how a copy stands, and how a bar of that state is drawn.
_STATES = {"completed": "done", "replicating": "running", "unknown": "waiting", "failed": "failed"}
_NO_STATE = Bar("", QUIET)


@dataclass(frozen=True, slots=True)
class Line:
    """One region: its replicas, when their copy begins and ends in seconds, and how it stands now."""

    name: str
    replicas: int
    start: float | None
    end: float | None
    state: str
    progress: int | None


def replication(whole: JSON) -> Picture:
    """Draw how a version is copied to its regions, with what is done by now.

    `whole` holds `title`, `regions` (each with `name`, `replicas`, `from` and `to` in seconds since the work began,
    `state` in the service's words: Completed, Replicating, Unknown, Failed; and `progress` in percent) and `now` in
    seconds, or no `now` when all is over. What was there before has no `from` and `to`.

    >>> home = {"name": "eastus", "replicas": 2, "from": 0, "to": 400, "state": "Completed", "progress": 100}
    >>> print(replication({"title": "web 1.0.0", "regions": [home]}))
    web 1.0.0
    <BLANKLINE>
    In 1 region after 6:40.
    <BLANKLINE>
    region  replicas  state      progress  from  to
    ------  --------  ---------  --------  ----  ----
    eastus  2         Completed  100 %     0:00  6:40
    """
    title = text(whole.get("title")) or "Replication"
    given = whole.get("regions")
    lines = [_line(item) for item in given if isinstance(item, Mapping)] if isinstance(given, list) else []
    now = seconds(whole.get("now"))
    return Picture(_dot(title, lines, now), short(title, 60), _twin(title, lines, now))


def _line(item: Mapping[str, Any]) -> Line:
    count, progress = item.get("replicas"), seconds(item.get("progress"))
    start, end = seconds(item.get("from")), seconds(item.get("to"))
    return Line(
        text(item.get("name")),
        count if isinstance(count, int) and not isinstance(count, bool) else 1,
        start if end is not None else None,
        max(start, end) if start is not None and end is not None else None,
        text(item.get("state")),
        None if progress is None else int(progress),
    )


# --- drawing ----------------------------------------------------------------------------------------------------------


def _dot(title: str, lines: list[Line], now: float | None) -> str:
    scale = scale_of(max([line.end or 0.0 for line in lines] + [now or 0.0], default=0.0))
    node = {
        "label": f"<{labels.table(*_head(title, lines, now), *_body(lines, scale, now), padding=0)}>",
        "shape": "box",
        "style": "rounded,filled",
        "fillcolor": PAPER,
        "color": KINDS["gallery"].ink,
        "tooltip": clean(title),
    }
    body = [*(f"{word} {attributes(values)}" for word, values in DEFAULTS.items()), f"replication {attributes(node)}"]
    return "\n".join(["digraph picture {", *(f"  {line}" for line in body), "}"]) + "\n"


def _head(title: str, lines: list[Line], now: float | None) -> list[str]:
    said = labels.font(short(title, 60), NAME_SIZE, TEXT, bold=True), labels.font(_sum(lines, now), LINE_SIZE, QUIET)
    return [*(labels.row(each, 5) for each in said), labels.gap(5, 6)]


def _body(lines: list[Line], scale: Scale, now: float | None) -> Iterable[str]:
    if not lines:
        return
    if now is not None:
        yield f'<TR><TD COLSPAN="4"></TD><TD ALIGN="LEFT">{now_line(scale, now)}</TD></TR>'
    heads = ("region", "replicas", "", "")
    said = "".join(f'<TD ALIGN="LEFT" CELLPADDING="2">{labels.font(word, TAG_SIZE, QUIET)}</TD>' for word in heads)
    yield f'<TR>{said}<TD ALIGN="LEFT">{axis(scale)}</TD></TR>'
    yield from (_drawn(line, scale, now) for line in lines)


def _drawn(line: Line, scale: Scale, now: float | None) -> str:
    bar = BARS.get(_STATES.get(line.state.lower(), ""), _NO_STATE)
    sign = bar.word.partition(" ")[0] + " " if " " in bar.word else ""
    busy = line.state.lower() in ("replicating", "failed")
    cells = (
        ("LEFT", labels.font(short(line.name), LINE_SIZE, TEXT, bold=True)),
        ("RIGHT", labels.font(f"\N{MULTIPLICATION SIGN}{line.replicas}", LINE_SIZE, TEXT)),
        ("LEFT", labels.font(f"{sign}{short(line.state, 14)}", LINE_SIZE, bar.ink, bold=busy)),
        ("RIGHT", labels.font(_percent(line), LINE_SIZE, QUIET)),
    )
    said = "".join(f'<TD ALIGN="{side}" CELLPADDING="2">{cell}</TD>' for side, cell in cells)
    return f'<TR>{said}<TD ALIGN="LEFT">{track(scale, now, *_bars(line, now))}</TD></TR>'


def _bars(line: Line, now: float | None) -> tuple[Row, ...]:
    """The bar of a region; of one that is being copied what is done, and dashed what is still to come."""
    state = _STATES.get(line.state.lower(), "")
    if state == "running" and now is not None and line.start is not None and line.end is not None:
        here = min(max(now, line.start), line.end)
        return Row("", "", "running", line.start, here), Row("", "", "waiting", here, line.end)
    return (Row("", "", state, line.start, line.end),)


def _percent(line: Line) -> str:
    return "" if line.progress is None else f"{line.progress} %"


# --- in words ---------------------------------------------------------------------------------------------------------


def _sum(lines: list[Line], now: float | None) -> str:
    """In how many regions the version is, and how long it takes until it is in all."""
    if not lines:
        return "No regions."
    done = sum(line.state.lower() == "completed" for line in lines)
    last = max((line.end for line in lines if line.end is not None), default=None)
    number = f"{len(lines)} {'region' if len(lines) == 1 else 'regions'}"
    if done == len(lines):
        return f"In {number}{f' after {clock(last)}' if last is not None else ''}."
    failed = sum(line.state.lower() == "failed" for line in lines)
    rest = f"; failed in {failed}" if failed else f"; in all after {clock(last)}" if last is not None else ""
    return f"In {done} of {number}{f' at {clock(now)}' if now is not None else ''}{rest}."


def _twin(title: str, lines: list[Line], now: float | None) -> str:
    head = ("region", "replicas", "state", "progress", "from", "to")
    rows = [
        (line.name, str(line.replicas), line.state, _percent(line), clock(line.start), clock(line.end))
        for line in lines
    ]
    grid = table(head, rows) if rows else ""
    return "\n".join([clean(title), "", _sum(lines, now), "", grid]).rstrip()
