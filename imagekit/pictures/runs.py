"""A run as rows of a timeline: stages and steps with their times in seconds, states and last words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from imagekit.pictures.pieces import text
from imagekit.pictures.reading import JSON

MOST_ROWS = 32
_FIRST, _LAST = 6, 2


@dataclass(frozen=True, slots=True)
class Row:
    """A stage, or a step of one; `start` and `end` are seconds since the run began, None where not known."""

    stage: str
    step: str
    state: str
    start: float | None = None
    end: float | None = None
    says: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A run: its title, its rows in order, and the second that it is now, None when it is over."""

    title: str
    rows: tuple[Row, ...]
    now: float | None = None

    @property
    def length(self) -> float:
        """The seconds that the timeline spans."""
        marks = [row.end if row.end is not None else row.start for row in self.rows]
        return max((mark for mark in (*marks, self.now) if mark is not None), default=0.0)

    @property
    def took(self) -> float:
        """The seconds from the beginning until now, or until the last thing that was done."""
        past = [row.end for row in self.rows if row.end is not None and row.state != "waiting"]
        return self.now if self.now is not None else max(past, default=0.0)

    @property
    def state(self) -> str:
        """How the run stands as a whole: the gravest of its rows."""
        found = {row.state for row in self.rows}
        return next((state for state in ("failed", "cancelled", "running", "waiting", "done") if state in found), "")


def read(run: JSON) -> Run:
    """Read a run; what has no name or no time has an empty place."""
    now = seconds(run.get("now"))
    given = run.get("stages")
    rows = [_row(item, now) for item in given if isinstance(item, Mapping)] if isinstance(given, list) else []
    return Run(text(run.get("title")) or "Run", tuple(rows), now)


def _row(item: Mapping[str, Any], now: float | None) -> Row:
    state = text(item.get("state")).lower()
    start, end = seconds(item.get("from")), seconds(item.get("to"))
    if state == "running" and start is not None and now is not None:
        end = now  # when it will end nobody knows yet
    if state == "waiting" and start == end:
        start = end = None
    if start is not None and end is not None:
        end = max(start, end)
    return Row(text(item.get("name")), text(item.get("step")), state, start, end, text(item.get("says")))


def seconds(value: Any) -> float | None:
    """A number of seconds from 0 on; None for anything else."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and 0 <= value < 1e9 else None


def clock(time: float | None) -> str:
    """Seconds as minutes and seconds; empty when not known.

    >>> clock(275), clock(3725.4), clock(None)
    ('4:35', '62:05', '')
    """
    return "" if time is None else "{}:{:02}".format(*divmod(round(time), 60))


def took(row: Row) -> str:
    """How long a row took, as `clock` writes it; what is yet to come took nothing."""
    known = row.start is not None and row.end is not None and row.state not in ("waiting", "skipped")
    return clock((row.end or 0) - (row.start or 0)) if known else ""


def folded(rows: tuple[Row, ...]) -> list[Row]:
    """Many rows as few: of the steps in a stage the first, the last, and all that did not just go well."""
    if len(rows) <= MOST_ROWS:
        return list(rows)
    kept: list[Row] = []
    quiet: list[Row] = []
    for row in rows:
        if quiet and (not _quiet(row) or row.stage != quiet[0].stage):
            kept += _summed(quiet)
            quiet = []
        if _quiet(row):
            quiet.append(row)
        else:
            kept.append(row)
    return [*kept, *_summed(quiet)]


def _quiet(row: Row) -> bool:
    return bool(row.step) and not row.says and row.state in ("done", "waiting", "skipped")


def _summed(rows: list[Row]) -> Iterable[Row]:
    """A long row of quiet steps: the first, one that counts, the last."""
    inner = rows[_FIRST:-_LAST]
    if len(inner) < 2:
        return rows
    states = {row.state for row in inner}
    state = states.pop() if len(states) == 1 else ""
    starts = [row.start for row in inner if row.start is not None]
    ends = [row.end for row in inner if row.end is not None]
    many = Row(
        inner[0].stage, f"and {len(inner)} more steps", state, min(starts, default=None), max(ends, default=None)
    )
    return [*rows[:_FIRST], many, *rows[-_LAST:]]
