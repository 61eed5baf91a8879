"""Measure how long a learner waits for a verdict, and print it as one table: `make bench`.

`check` is claimed to answer in under 50 ms; `begin` plays what an exercise starts with and what its truths rest on.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator

from rich.console import Console
from run import Row, table, timed

from imagekit import course
from imagekit.practice import exercises
from imagekit.practice.exercise import Exercise
from imagekit.practice.paper import solution_answers
from imagekit.practice.workbook import Workbook

RUNS = 20


def solve(work: Workbook, exercise: Exercise) -> None:
    """Begin an exercise and solve it, without showing anything."""
    with contextlib.redirect_stdout(io.StringIO()):
        cloud = work.begin(exercise.name)
    if exercise.said:
        cloud.say(exercise.solution.say)
    work.answer(exercise.name, **solution_answers(exercise))
    if work.check(exercise.name).state != "done":
        raise RuntimeError(f"{exercise.name} is not solved, so its figure would be worthless")


def checking() -> Iterator[Row]:
    """Measure every check in the state after the solution, which is the largest; the three slowest by name."""
    seconds = {}
    for path in course.exercise_tables():
        work = exercises(path)
        for name in work.file.by_name:
            solve(work, work.exercise(name))
            seconds[f"{path.stem[:2]} {name}"] = timed(lambda work=work, name=name: work.check(name), RUNS)
    slow = sorted(seconds, key=lambda name: -seconds[name])
    middle = "check a solved exercise, the median"
    yield Row(middle, seconds[slow[len(slow) // 2]], RUNS)
    for name in slow[:3]:
        yield Row(f"check {name}", seconds[name], RUNS, middle)


if __name__ == "__main__":
    os.environ["IMAGEKIT_PROGRESS"] = "off"
    Console().print(table([*checking()]))
