"""Lesson 99 says of the house what is so, and its questions can be answered."""

from __future__ import annotations

from inspect import getsource
from pathlib import Path

import pytest

from imagekit import plane

from lessons import Lesson

LESSON = Lesson("99-how-it-is-built")


@pytest.mark.parametrize("number", [0, 1])
def test_solutions(number: int, tmp_path: Path) -> None:
    """Each folded solution turns its exercise from unanswered into done."""
    solution = LESSON.solutions()[number]
    blanks = ("mine = None  # plane.handle(cloud.world, Request(...))", "guess = {1: None, 2: None, 3: None}")
    before = LESSON.played(tmp_path, lambda source: source)
    after = LESSON.played(tmp_path, LESSON.edited(blanks[number], solution))
    assert after.count("'done'") == before.count("'done'") + 1


def test_the_heart_fits_on_a_screen() -> None:
    """`handle` is shown whole, and 40 lines are a screen."""
    assert getsource(plane.handle).count("\n") <= 40


@pytest.mark.parametrize("name", LESSON.sets)
def test_one_example_passes_and_one_edit_does_not(name: str, tmp_path: Path) -> None:
    """The chosen law is silent about its good example and speaks about the bad one, whichever law it is."""
    parameters = LESSON.sets[name]
    shown = LESSON.played(tmp_path, lambda source: source, parameters)
    assert "every command of the scene was accepted: True" in shown
    assert shown.count(f"Rule {parameters['law']}:") + shown.count(f"[{parameters['law']}]") >= 1
