"""The lesson on definitions and versions keeps its word: solutions solve, predictions are right, sentences hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from imagekit import facts
from imagekit.operations import OPERATIONS

from lessons import Lesson
from notebooks import code, read

LESSON = Lesson("05-definitions-and-versions")
PATH, SETS = LESSON.path, LESSON.sets
prose, solutions, played, edited = LESSON.prose, LESSON.solutions, LESSON.played, LESSON.edited
TURN = re.compile(r"# your commands? here")

each_set = pytest.mark.parametrize("parameters", [pytest.param(one, id=name) for name, one in SETS.items()])


# The exercises


@each_set
def test_solutions_solve(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Each folded solution, put into its cell, is found done, and the lesson still ends well."""
    waiting = iter(solutions())
    shown = played(tmp_path, lambda source: TURN.sub(lambda _: next(waiting), source), parameters)
    assert (shown.count("'done'"), shown.count("'not yet'")) == (3, 0)
    assert not list(waiting)


@each_set
def test_unanswered(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """With nothing written, every exercise says so and nothing breaks."""
    shown = played(tmp_path, str, parameters)
    assert (shown.count("'done'"), shown.count("'not yet'")) == (0, 3)


def test_solutions_solve_alone(tmp_path: Path) -> None:
    """The last exercise is solved even by those who left out the first."""
    last = solutions()[-1]
    assert "'done'" in played(tmp_path, edited("# your commands here", last))


# The predictions


@each_set
def test_right_answers_are_right(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Whoever predicts what the lesson then checks is told so each time."""
    checks = iter(re.findall(r"guess\.check\((.*)\)", "\n".join(cell.source for cell in code(read(PATH)))))
    shown = played(tmp_path, lambda source: re.sub(r"None\)", lambda _: f"{next(checks)})", source), parameters)
    assert (shown.count("✓ as you said"), "✗ you said" in shown) == (9, False)


# The sentences


def test_numbers_in_prose() -> None:
    """About seven minutes for the source region and some three for each further one; versions up to 2147483647."""
    assert round(facts.duration("create image version") / 60) == 7
    assert round(facts.duration("update image version") / 60) == 3
    text = " ".join(prose())
    assert "about seven minutes for the source region, some three for each further one" in text
    assert str(2**31 - 1) in text


def test_options_in_prose_are_spoken() -> None:
    """Every option the prose names is one of az or of PowerShell, as this house speaks them."""
    az = {name for row in OPERATIONS for field in row.fields for name in field.az.split()}
    powershell = {f"-{name}" for row in OPERATIONS for field in row.fields for name in field.powershell_names}
    known = az | powershell | {"--no-wait", "--plan-", "-AsJob", "-deprovision"}
    named = set(re.findall(r"(?<![\w-])--?[A-Za-z][A-Za-z-]+", " ".join(re.findall(r"`([^`]+)`", " ".join(prose())))))
    assert named <= known
    assert len(named) >= 12


def again(source: str) -> str:
    """The command that makes 1.0.0, and once more with a region without zones at the end of its targets."""
    if "$option $origin --no-wait" not in source:
        return source
    return source + source.removeprefix("%%az").replace("=standard_zrs", "=standard_zrs westus=1=standard_zrs")


INVITATIONS = {
    "zones": (again, "Rule zone-redundancy-needs-zones"),
    "papers": (edited("home-region-is-a-target", "source-is-in-the-region"), "source-is-in-the-region: The source"),
    "plan": (
        edited(
            "--offer Alma",
            "--offer Alma --plan-name 9-gen2 --plan-publisher almalinux --plan-product almalinux-x86_64",
        ),
        "✓ creates the image definition alma\n✓ creates the image version 1.0.0",
    ),
    "nothing left": (
        edited(
            "  --set publishingProfile.excludeFromLatest=true",
            "  --set publishingProfile.excludeFromLatest=true\n"
            + "\n".join(
                f"az sig image-version update -g studio -r Pictures -i web -e {number} "
                "--set publishingProfile.excludeFromLatest=true"
                for number in ("1.9.0", "1.0.0")
            ),
        ),
        "✗ creates the virtual machine kiosk: refused",
    ),
}


@pytest.mark.parametrize("invitation", INVITATIONS)
def test_invitations(tmp_path: Path, invitation: str) -> None:
    """What the prose invites to try comes out as the prose says."""
    change, said = INVITATIONS[invitation]
    assert said in played(tmp_path, change)


def test_worked_example(tmp_path: Path) -> None:
    """As it comes, the lesson plays the page's own example: 2 replicas, 1, and 1 in zone-redundant storage."""
    shown = played(tmp_path, str)
    rows = re.findall(r"^ *(\w[\w ]+US) {2,}(\d+) +(Standard_\w+)$", shown, re.MULTILINE)
    assert rows == [
        ("West Central US", "2", "Standard_LRS"),
        ("South Central US", "1", "Standard_LRS"),
        ("East US", "1", "Standard_ZRS"),
    ]
