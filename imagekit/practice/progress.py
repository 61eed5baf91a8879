"""How far a learner has come: a small file in the learner's own folder, and a page that shows it.

The file is `.imagekit-progress.json`, beside the folders notebooks/ and exercises/. IMAGEKIT_PROGRESS names another
file, or is `off` and keeps nothing. Nothing is sent anywhere; who takes the file away begins anew.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from imagekit import course
from imagekit.practice.page import Page, rows

FILE = ".imagekit-progress.json"
SETTING = "IMAGEKIT_PROGRESS"
OFF = "off"

Points = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Progress:
    """What is done: the lessons by name, and for each lesson's exercises the best points so far, and out of how many.

    >>> Progress().with_exercise("01-disks-and-images", "grow", 1, 2).with_exercise("01-disks-and-images", "grow", 0, 2)
    Progress(lessons=frozenset(), exercises={'01-disks-and-images': {'grow': (1, 2)}})
    """

    lessons: frozenset[str] = frozenset()
    exercises: Mapping[str, Mapping[str, Points]] = field(default_factory=dict)

    def with_lesson(self, lesson: str) -> Progress:
        """The same, and this lesson done."""
        return Progress(self.lessons | {lesson}, self.exercises)

    def with_exercise(self, lesson: str, exercise: str, points: float, of: float) -> Progress:
        """The same, and these points for an exercise where they are no fewer than before."""
        before = self.exercises.get(lesson, {})
        if exercise in before and before[exercise][0] / (before[exercise][1] or 1) > points / (of or 1):
            return self
        return Progress(self.lessons, {**self.exercises, lesson: {**before, exercise: (points, of)}})

    def as_text(self) -> str:
        """The file's text: JSON, in an order that does not depend on what was done first."""
        table = {"lessons": sorted(self.lessons), "exercises": self.exercises}
        return json.dumps(table, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


@dataclass(frozen=True, slots=True)
class Done:
    """What a lesson shows when it is done; the same whether progress is kept or not."""

    lesson: str

    def __repr__(self) -> str:
        return f"✓ lesson {self.lesson} is done"


def lesson_done(lesson: str) -> Done:
    """Remember that a lesson, named as its file is, was worked through.

    >>> lesson_done("00-start-here")
    ✓ lesson 00-start-here is done
    """
    _remember(lambda before: before.with_lesson(lesson))
    return Done(lesson)


def record(lesson: str, exercise: str, points: float, of: float) -> bool:
    """Remember the points for an exercise of a lesson; the best ones stay. Give whether they could be kept.

    They are not where IMAGEKIT_PROGRESS is off, nor in a folder that cannot be written: no exercise fails for that.
    """
    return _remember(lambda before: before.with_exercise(lesson, exercise, points, of))


def page(folder: str | Path = ".") -> Page:
    """Which lessons and exercises are done, as a table; `folder` is where the lessons lie, or a folder of theirs.

    It shows itself as HTML in a notebook and as text elsewhere, in words and not by colour.
    """
    file, at = where(folder), Path(folder).absolute()
    done = read(file) if file else Progress()
    return Page(rows(done.lessons, done.exercises, _top(at), at), _kept(file))


def where(folder: str | Path = ".") -> Path | None:
    """The file for a learner who works in this folder; None where progress is off."""
    setting = os.environ.get(SETTING, "")
    if setting.strip().lower() == OFF:
        return None
    return Path(setting).expanduser().absolute() if setting.strip() else _top(Path(folder).absolute()) / FILE


def read(file: Path) -> Progress:
    """What a file says; one that is damaged is set aside under the name it has with `.damaged`, and says nothing."""
    try:
        return _understood(json.loads(file.read_text("utf-8")))
    except OSError:
        return Progress()  # there is none yet, or nobody may read it: both are no progress that could be shown
    except (ValueError, KeyError, TypeError, AttributeError):
        return _set_aside(file)


def _understood(table: Mapping[str, object]) -> Progress:
    lessons, exercises = table["lessons"], table["exercises"]
    if not (isinstance(lessons, list) and isinstance(exercises, dict)):
        raise ValueError("not a record of progress")
    points = {
        str(lesson): {str(name): (_number(got), _number(of)) for name, (got, of) in entry.items()}
        for lesson, entry in exercises.items()
    }
    return Progress(frozenset(map(str, lessons)), points)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
        raise ValueError(f"{value!r} is no number of points")
    return value


def _set_aside(file: Path) -> Progress:
    try:
        os.replace(file, file.with_name(f"{file.name}.damaged"))
    except OSError:
        return Progress()  # it stays where it is; the next record tells that it could not be kept
    return Progress()


def _remember(change: Callable[[Progress], Progress]) -> bool:
    """Change what is kept, the file as a whole or not at all; give whether it could be kept."""
    file = where()
    if file is None:
        return False
    before = read(file)
    after = change(before)
    try:
        return after == before or _written(file, after.as_text())
    except OSError:
        return False


def _written(file: Path, text: str) -> bool:
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".imagekit-", dir=file.parent) as made:
        new = Path(made, "progress")
        new.write_text(text, "utf-8")
        os.replace(new, file)
    return True


def _top(folder: Path) -> Path:
    """The folder that holds the lessons and the exercises, seen from there or from one of the two."""
    return folder.parent if folder.name in (course.LESSONS, course.EXERCISES) else folder


def _kept(file: Path | None) -> str:
    """Where progress is kept, as a sentence; the same on every machine."""
    return f"Kept in {file.name}, on this computer only." if file else "Nothing is kept here: IMAGEKIT_PROGRESS is off."
