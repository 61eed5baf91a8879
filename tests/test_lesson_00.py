"""The first ten minutes keep their word: what is promised happens, under every parameter set, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from imagekit import Cloud

from lessons import Lesson
from notebooks import LESSONS, code, read

LESSON = Lesson("00-start-here")
TURN = "# your command"

each_set = LESSON.each_set()


def refusals(shown: str) -> list[str]:
    """The rules that were met, in order."""
    return re.findall(r"^ *Rule ([a-z-]+):", shown, re.MULTILINE)


def test_the_first_cell_shows_a_picture() -> None:
    """The first thing a learner runs is three lines long and ends in a picture."""
    first = code(read(LESSON.path))[0]
    assert len([line for line in first.source.splitlines() if line]) == 3
    assert "<svg" in first.outputs[0].data["text/html"]


@each_set
def test_one_refusal_and_one_piece_of_advice(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """The learner is advised, regrets, and is told no once, with the way out naming the friend's region."""
    shown = LESSON.played(tmp_path, str, parameters)
    assert refusals(shown) == ["image-is-in-the-region"]
    assert set(re.findall(r"^ *! .*\[([a-z-]+)\]$", shown, re.MULTILINE)) == {"more-than-one-region"}
    assert f"Do: Add {parameters['far']} to its target regions" in shown


@each_set
def test_the_turn(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """The exercise is not done when it is left, and done by the folded solution; the lesson ends well both times."""
    [solution] = LESSON.solutions()
    ends = {word: LESSON.played(tmp_path, LESSON.edited(TURN, word), parameters) for word in (TURN, solution)}
    assert ["'not yet'" in ends[TURN], "'done'" in ends[solution]] == [True, True]
    assert all("lesson 00-start-here is done" in shown for shown in ends.values())


@pytest.mark.parametrize("said", ["az vm list -g studio", "az group create -n other -l eastus", "cloud.wait()"])
def test_what_is_no_refusal_does_not_count(tmp_path: Path, said: str) -> None:
    """Something that is carried out is no refusal."""
    cell = f"%%az\n{TURN}"
    change = LESSON.edited(cell, said) if said.startswith("cloud") else LESSON.edited(TURN, said)
    assert "'not yet'" in LESSON.played(tmp_path, change)


@pytest.mark.parametrize(
    "said",
    [
        "az vm start -g studio -n nobody",
        "az group create -n other -l eestus",
        "az sig image-version create -g studio -r Pictures -i ready -e one --virtual-machine $MAKER",
    ],
)
def test_each_suggestion_is_refused(tmp_path: Path, said: str) -> None:
    """The three ways the lesson names to be told no all lead there."""
    assert "'done'" in LESSON.played(tmp_path, LESSON.edited(TURN, said))


def test_a_prediction_is_taken(tmp_path: Path) -> None:
    """Whoever guesses right is told so."""
    change = LESSON.edited('["yes", "no"], None)', '["yes", "no"], "no")')
    assert "✓ as you said: no" in LESSON.played(tmp_path, change)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"os": "linux"}, "say 'Linux'"),
        ({"far": "Korea"}, "'Korea' is no region"),
        ({"far": "eastus"}, "both 'eastus'"),
    ],
)
def test_parameters_are_checked(tmp_path: Path, parameters: dict[str, Any], said: str) -> None:
    """A word the lesson cannot do with is refused by a message that says what to write."""
    with pytest.raises(AssertionError, match=said):
        LESSON.played(tmp_path, str, parameters)


def test_it_began_at_nine() -> None:
    """A new cloud's clock says nine, as the lesson tells."""
    assert Cloud().now.endswith(" 09:00:00")


def test_every_lesson_is_in_the_table() -> None:
    """Whatever other lesson there is, the table of the course leads to it."""
    linked = set(re.findall(r"\]\(([^)/]+)\.ipynb\)", "\n".join(LESSON.prose())))
    assert {path.stem for path in LESSONS.glob("*.ipynb")} - {LESSON.path.stem} <= linked


def test_paragraphs_are_short() -> None:
    """No paragraph has more than 60 words, and the whole is short enough for ten minutes."""
    paragraphs = [part for text in LESSON.prose() for part in text.split("\n\n") if not part.startswith(("|", "<"))]
    assert max(len(part.split()) for part in paragraphs) <= 60
    assert sum(len(part.split()) for part in paragraphs) <= 750
