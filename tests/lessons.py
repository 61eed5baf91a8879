"""A lesson under test: its sentences, its folded solutions, and how it plays when some of its cells are changed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from notebooks import LESSONS, ROOT, code, play, read

Change = Callable[[str], str]
# Where a learner is to write: a comment such as "# your two commands".
_TURN = re.compile(r"^# your .*$", re.MULTILINE)


def answered(*answers: str | None) -> Change:
    """The change that puts these answers into the learner's places, in their order; None leaves a place as it is."""
    waiting = iter(answers)

    def said(turn: re.Match[str]) -> str:
        answer = next(waiting, None)
        return turn[0] if answer is None else answer

    return lambda source: _TURN.sub(said, source)


def verdicts(shown: str) -> list[str]:
    """What the exercises of a lesson say, in their order."""
    return re.findall(r"^'(done|not yet)'$", shown, re.MULTILINE)


class Lesson:
    """One lesson by its name, with its parameter sets."""

    def __init__(self, name: str) -> None:
        self.path = LESSONS / f"{name}.ipynb"
        self.done = f"lesson {name} is done"
        self.sets: dict[str, Any] = tomllib.loads((ROOT / "tests/parameter_sets.toml").read_text("utf-8"))[name]

    def each_set(self) -> pytest.MarkDecorator:
        """The mark that runs a test with every parameter set of the lesson."""
        return pytest.mark.parametrize("parameters", [pytest.param(one, id=name) for name, one in self.sets.items()])

    def prose(self) -> list[str]:
        """The lesson's own sentences."""
        return [cell.source for cell in read(self.path).cells if cell.cell_type == "markdown"]

    def solutions(self) -> list[str]:
        """The folded solutions, in their order."""
        return [text for cell in self.prose() for text in re.findall(r"<details>.*?```\n(.*?)```", cell, re.DOTALL)]

    def played(self, folder: Path, change: Change, parameters: dict[str, Any] | None = None) -> str:
        """All that the lesson shows when each code cell is changed in this way before it is played in a folder."""
        lesson = read(self.path)
        for cell in code(lesson):
            cell.source = change(cell.source)
        nbformat.write(lesson, folder / self.path.name)
        return "\n".join(play(folder / self.path.name, parameters))

    def verdict(self, folder: Path, place: int, said: str) -> str:
        """What one exercise says to an answer, while the others are left alone."""
        return verdicts(self.played(folder, answered(*[None] * place, said)))[place]

    def edited(self, old: str, new: str) -> Change:
        """One edit, which must find its place when it is played."""
        assert any(old in cell.source for cell in code(read(self.path))), old
        return lambda source: source.replace(old, new)
