"""The page of progress: each lesson and its exercises, and in words how they stand."""

from __future__ import annotations

import html
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from imagekit import course
from imagekit.practice import exercise

DONE, NOT_YET = "done", "not yet"

_HEADS = ("Lesson", "Minutes", "Worked through", "Exercises")
_CAPTION = "How far you are"
_CELL = 'style="text-align:left;vertical-align:top"'
_PAGE = "font-family:var(--jp-ui-font-family,sans-serif);font-size:var(--jp-ui-font-size1,13px)"

Kept = Mapping[str, Mapping[str, tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise: `got` are the best points so far."""

    title: str
    of: float
    got: float = 0

    @property
    def state(self) -> str:
        """In words: done, so many of so many points, or not yet.

        >>> Exercise("grow a disk", 2, 1).state, Exercise("grow a disk", 2).state
        ('1 of 2 points', 'not yet')
        """
        if not self.got:
            return NOT_YET
        return DONE if self.got >= self.of else f"{self.got:g} of {self.of:g} points"


@dataclass(frozen=True, slots=True)
class Row:
    """One lesson; `link` leads to it from the notebook that shows the page, where it lies there."""

    title: str
    minutes: int
    done: bool
    exercises: tuple[Exercise, ...] = ()
    link: str = ""
    exercises_link: str = ""

    @property
    def state(self) -> str:
        """Whether the lesson was worked through, in words."""
        return DONE if self.done else NOT_YET

    @property
    def summary(self) -> str:
        """How its exercises stand, in one line.

        >>> Row("Disks", 25, True, (Exercise("grow", 2, 2), Exercise("repair", 3))).summary
        '1 of 2 done, 2 of 5 points'
        """
        if not self.exercises:
            return "none"
        done = sum(one.state == DONE for one in self.exercises)
        got, of = sum(one.got for one in self.exercises), sum(one.of for one in self.exercises)
        return f"{done} of {len(self.exercises)} done, {got:g} of {of:g} points"


@dataclass(frozen=True, slots=True)
class Page:
    """What `progress.page()` gives: a table in a notebook, lines elsewhere."""

    rows: tuple[Row, ...]
    kept: str

    def __repr__(self) -> str:
        cells = [_HEADS, *((row.title, _minutes(row), row.state, row.summary) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = ["  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)) for line in cells]
        return "\n".join([*(line.rstrip() for line in lines), "", self.summary, self.kept])

    @property
    def summary(self) -> str:
        """All in one sentence."""
        exercises = [one for row in self.rows for one in row.exercises]
        lessons = f"{sum(row.done for row in self.rows)} of {len(self.rows)} lessons"
        return f"{lessons} and {sum(one.state == DONE for one in exercises)} of {len(exercises)} exercises are done."

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": as_html(self)}


def rows(lessons: Collection[str], exercises: Kept, top: Path, at: Path) -> tuple[Row, ...]:
    """One row for each lesson of the course; links where a copy lies under `top`, as seen from the folder `at`."""
    tables = {path.stem: path for path in course.exercise_tables()}
    return tuple(
        Row(
            _numbered(path),
            course.minutes(path),
            path.stem in lessons,
            _exercises(tables.get(path.stem), exercises.get(path.stem, {})),
            _link(top / course.LESSONS / path.name, at),
            _link(top / course.EXERCISES / path.name, at),
        )
        for path in course.lessons()
    )


def as_html(page: Page) -> str:
    """The page as HTML: one table with a caption, and headers for columns and rows."""
    heads = "".join(f'<th scope="col" {_CELL}>{head}</th>' for head in _HEADS)
    body = "".join(map(_line, page.rows))
    return (
        f'<div style="{_PAGE}"><table><caption {_CELL}>{_CAPTION}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table><p>{html.escape(page.summary)} {html.escape(page.kept)}</p></div>"
    )


def _line(row: Row) -> str:
    plain = "".join(f"<td {_CELL}>{cell}</td>" for cell in (_minutes(row), row.state))
    return f'<tr><th scope="row" {_CELL}>{_to(row.link, row.title)}</th>{plain}<td {_CELL}>{_folded(row)}</td></tr>'


def _folded(row: Row) -> str:
    """The summary of the exercises, and each of them behind it."""
    if not row.exercises:
        return row.summary
    each = "".join(f"<li>{html.escape(f'{one.title}: {one.state}')}</li>" for one in row.exercises)
    way = (
        f"<p>{_to(row.exercises_link, f'Open the exercises of lesson {row.title[:2]}')}</p>"
        if row.exercises_link
        else ""
    )
    return f"<details><summary>{row.summary}</summary><ul>{each}</ul>{way}</details>"


def _to(link: str, words: str) -> str:
    return f'<a href="{html.escape(link)}">{html.escape(words)}</a>' if link else html.escape(words)


def _link(path: Path, at: Path) -> str:
    return quote(Path(os.path.relpath(path, at)).as_posix()) if path.exists() else ""


def _numbered(path: Path) -> str:
    """The title with the lesson's number in front, by which it is called."""
    return f"{path.stem.partition('-')[0]} {course.title(path)}"


def _minutes(row: Row) -> str:
    return str(row.minutes or "")


def _exercises(table: Path | None, kept: Mapping[str, tuple[float, float]]) -> tuple[Exercise, ...]:
    """The exercises of one table; a variant that was tried says itself how many points it is worth."""
    found = exercise.read(table).exercise if table else ()
    return tuple(
        Exercise(one.title, *reversed(kept[one.name])) if one.name in kept else Exercise(one.title, one.points)
        for one in found
    )
