"""The lesson on generalized and specialized images keeps its word: solutions solve, and its sentences hold."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from imagekit import Cloud

from notebooks import LESSONS, ROOT, code, play, read

PATH = LESSONS / "02-generalized-or-specialized.ipynb"
SETS = tomllib.loads((ROOT / "tests/parameter_sets.toml").read_text(encoding="utf-8"))[PATH.stem]
TURNS = ("# your six lines", "# your command", "# your five commands")

each_set = pytest.mark.parametrize("parameters", [pytest.param(one, id=name) for name, one in SETS.items()])


def solutions(system: str) -> list[str]:
    """The folded solutions in their order; where there is one for each system, the one for this system."""
    folded = [cell.source for cell in read(PATH).cells if "<details>" in cell.source]
    blocks = [re.findall(r"```\n(.*?)```", text, re.DOTALL) for text in folded]
    return [block[-1] if system == "Windows" else block[0] for block in blocks]


def answered(notebook: NotebookNode, fillings: list[str]) -> NotebookNode:
    """The lesson with these texts in the places of the learner's own."""
    for cell in code(notebook):
        for turn, filling in zip(TURNS, fillings, strict=True):
            cell.source = cell.source.replace(turn, filling)
    return notebook


def played(tmp_path: Any, parameters: dict[str, Any], fillings: list[str]) -> list[str]:
    """What the cells show when the lesson is played with these fillings."""
    path = tmp_path / PATH.name
    nbformat.write(answered(read(PATH), fillings), path)
    return [text.strip() for text in play(path, parameters)]


def verdicts(shown: list[str]) -> list[str]:
    """What the three exercises say."""
    return [text for text in shown if text in ("'done'", "'not yet'")]


@each_set
def test_solutions_solve(tmp_path: Any, parameters: dict[str, Any]) -> None:
    """Each folded solution, pasted into its cell, turns 'not yet' into 'done', and the closing asserts still hold."""
    shown = played(tmp_path, parameters, solutions(parameters["os"]))
    assert verdicts(shown) == ["'done'"] * 3


@each_set
def test_unanswered(tmp_path: Any, parameters: dict[str, Any]) -> None:
    """Unanswered, every exercise says 'not yet' and the lesson runs to its end."""
    assert verdicts(played(tmp_path, parameters, list(TURNS))) == ["'not yet'"] * 3


def test_scrambled_lines_do_not_solve(tmp_path: Any) -> None:
    """The six lines in the order the lesson prints them solve nothing; they are the solution's lines."""
    text = next(cell.source for cell in read(PATH).cells if "These six lines" in cell.source)
    scrambled = re.findall(r"```\n(.*?)```", text, re.DOTALL)[0]
    assert sorted(scrambled.splitlines()) == sorted(solutions("Linux")[0].splitlines())
    assert verdicts(played(tmp_path, {}, [scrambled, *TURNS[1:]]))[0] == "'not yet'"


@pytest.mark.parametrize("missing", range(6))
def test_every_line_is_needed(tmp_path: Any, missing: int) -> None:
    """With one of the six lines left out, the first exercise is not done."""
    lines = solutions("Linux")[0].splitlines()
    left = "\n".join(lines[:missing] + lines[missing + 1 :])
    verdict = verdicts(played(tmp_path, {}, [left, *TURNS[1:]]))[0]
    assert verdict == "'not yet'"


REFUSALS = (
    "os-state-matches",
    "generalize-when-stopped",
    "provisioning-finishes",
    "generalized-never-starts",
    "specialized-takes-no-administrator",
    "generalized-needs-an-administrator",
    "script-needs-an-agent",
    "image-source-is-generalized",
)


@each_set
def test_refusals_come_in_order(tmp_path: Any, parameters: dict[str, Any]) -> None:
    """Under every parameter set the lesson meets the same refusals in the same order, and no other."""
    shown = "\n".join(played(tmp_path, parameters, list(TURNS)))
    assert tuple(re.findall(r"^ *Rule ([a-z-]+):", shown, re.MULTILINE)) == REFUSALS


def test_seconds_against_a_minute(tmp_path: Any) -> None:
    """The machine that is only started is there in less than half the time of the one that is set up."""
    shown = "\n".join(played(tmp_path, {}, list(TURNS)))
    assert "creates the virtual machine school7 (1 min" in shown
    assert re.search(r"creates the virtual machine worker1 \(\d+ s\)", shown)


@pytest.mark.parametrize(("system", "minutes"), [("Linux", 21), ("Windows", 41)])
def test_the_wait_for_nobody(tmp_path: Any, system: str, minutes: int) -> None:
    """Azure gives up after about 20 minutes under Linux, 40 under Windows."""
    shown = "\n".join(played(tmp_path, {"os": system}, list(TURNS)))
    assert f"creates the virtual machine web3: failed after {minutes} min" in shown


def test_the_mark_is_silent() -> None:
    """Marking changes nothing inside the guest, as the lesson says."""
    cloud = Cloud()
    cloud.say("az group create -n g -l eastus\naz vm create -g g -n m --image Ubuntu2204 --generate-ssh-keys")
    cloud.say("az vm deallocate -g g -n m")
    before = cloud.guest("m")
    cloud.say("az vm generalize -g g -n m")
    assert cloud.guest("m") == before


def test_paragraphs_are_short() -> None:
    """No paragraph of the lesson has more than 60 words."""
    texts = [part for cell in read(PATH).cells if cell.cell_type == "markdown" for part in cell.source.split("\n\n")]
    prose = [text for text in texts if not text.startswith(("|", "```", "<details", "az "))]
    assert [text for text in prose if len(text.split()) > 60] == []
