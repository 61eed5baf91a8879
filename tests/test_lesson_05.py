"""The lesson on definitions and versions keeps its word: solutions solve, predictions are right, sentences hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from imagekit import explain, facts
from imagekit.operations import OPERATIONS

from lessons import Lesson, answered, verdicts
from notebooks import code, read

LESSON = Lesson("05-definitions-and-versions")
PATH, SETS = LESSON.path, LESSON.sets
prose, solutions, played, edited = LESSON.prose, LESSON.solutions, LESSON.played, LESSON.edited

each_set = LESSON.each_set()


# The exercises


@each_set
def test_solutions_solve(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Each folded solution, put into its cell, is found done, and the lesson still ends well."""
    shown = played(tmp_path, answered(*solutions()), parameters)
    assert verdicts(shown) == ["done"] * 2
    assert LESSON.done in shown


@each_set
def test_unanswered(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """With nothing written, every exercise says so and nothing breaks."""
    shown = played(tmp_path, str, parameters)
    assert verdicts(shown) == ["not yet"] * 2
    assert LESSON.done in shown


VERSION = "az sig image-version {} -g studio -r Pictures -i web -e "
KIOSK = "az vm create -g studio -n kiosk --location $zonal_region --security-type Standard --generate-ssh-keys --image "
ALL = "1.10.0 --target-regions $source_region=$replicas $second_region $zonal_region"
WRONG = {
    "excluded": f"{VERSION.format('update')}1.10.0 --set publishingProfile.excludeFromLatest=true\n{KIOSK}$WEB",
    "by number": f"{VERSION.format('update')}{ALL}\n{KIOSK}$WEB/versions/1.10.0",
    "an older one": f"{KIOSK}$WEB/versions/1.9.0",
    "elsewhere": f"{VERSION.format('update')}{ALL}\n{KIOSK.replace('$zonal_region', '$second_region')}$WEB",
    "replicas lost": f"{VERSION.format('update')}{ALL.replace('=$replicas', '')}\n{KIOSK}$WEB",
    "a region lost": f"{VERSION.format('update')}{ALL.replace(' $second_region', '')}\n{KIOSK}$WEB",
    "the version gone": f"{VERSION.format('delete')}1.10.0\n{KIOSK}$WEB",
    "no machine": f"{VERSION.format('update')}{ALL}",
}


@pytest.mark.parametrize("which", WRONG)
def test_wrong_ways_out(tmp_path: Path, which: str) -> None:
    """What only looks like the other way out is not yet done, and breaks nothing."""
    assert verdicts(played(tmp_path, answered(WRONG[which]))) == ["not yet"] * 2


@pytest.mark.parametrize("said", ["az sig delete -g studio -r Pictures", "az group delete -n studio --yes"])
def test_wrong_ways_to_an_empty_shelf(tmp_path: Path, said: str) -> None:
    """The gallery alone does not go, and the whole group is too much."""
    assert verdicts(played(tmp_path, answered(None, said)))[1] == "not yet"


# The predictions


@each_set
def test_right_answers_are_right(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Whoever predicts what the lesson then checks is told so each time."""
    checks = iter(re.findall(r"guess\.check\((.*)\)", "\n".join(cell.source for cell in code(read(PATH)))))
    shown = played(tmp_path, lambda source: re.sub(r"None\)", lambda _: f"{next(checks)})", source), parameters)
    assert (shown.count("✓ as you said"), "✗ you said" in shown) == (5, False)


# The sentences


REFUSALS = [
    "definition-is-fixed",
    "version-name",
    "home-region-is-a-target",
    "source-is-in-the-region",
    "target-regions-are-named-once",
    "image-is-in-the-region",
    "version-is-fixed",
    "children-first",
]


@each_set
def test_refusals_come_in_order(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Under every parameter set the lesson meets the same refusals in the same order, without advice."""
    shown = played(tmp_path, str, parameters)
    assert re.findall(r"^ *Rule ([a-z-]+):", shown, re.MULTILINE) == REFUSALS
    assert re.findall(r"^ *! ", shown, re.MULTILINE) == []


@each_set
def test_latest(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """`latest` gives 1.10.0 in two regions and nothing in the third, and 1.9.0 everywhere once 1.10.0 is excluded."""
    exclude = edited("widgets.versions(cloud)", 'widgets.versions(cloud).at(**{"1.10.0": True})')
    shown = played(tmp_path, exclude, parameters)
    [given] = re.findall(r"^\{(.*)\}$", shown, re.MULTILINE)
    assert sorted(re.findall(r": '([^']*)'", given)) == ["", "1.10.0", "1.10.0"]
    [says] = re.findall(r"^latest gives (.*)\.$", shown, re.MULTILINE)
    assert (says.count("1.9.0 in"), "1.10.0" in says) == (3, False)


def test_nothing_left(tmp_path: Path) -> None:
    """With all three excluded, `latest` has nothing left to give."""
    ticked = 'widgets.versions(cloud).at(**{"1.10.0": True, "1.9.0": True, "1.0.0": True})'
    shown = played(tmp_path, edited("widgets.versions(cloud)", ticked))
    [says] = re.findall(r"^latest gives (.*)\.$", shown, re.MULTILINE)
    assert says.count("nothing (none is ready and not excluded)") == 3


@each_set
def test_minute_eleven(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """At minute 11 version 1.10.0 is ready and 1.9.0 is not."""
    shown = played(tmp_path, edited("widgets.wait(cloud)", "widgets.wait(cloud).at(minute=11)"), parameters)
    assert "After 11 min: 1 of 2 done; 1.9.0 is under way." in shown


EXCLUDE = f"{VERSION.format('update')}1.10.0 --set publishingProfile.excludeFromLatest=true\n"
OWN = "az vm create -g studio -n own --security-type Standard --generate-ssh-keys --image "
DATED = f"{VERSION.format('create')}{{}} --virtual-machine $MAKER\n"
CLAIMS = {
    "excluded is not gone": (f"{EXCLUDE}{OWN}$WEB/versions/1.10.0", "✓ creates the virtual machine own"),
    "a date would do": (DATED.format("2026.11.2"), "✓ creates the image version 2026.11.2"),
    "no 2.0.0 is newer": (
        f"{DATED.format('2026.11.2')}{DATED.format('2.0.0')}{OWN}$WEB\n"
        "az vm show -g studio -n own --query storageProfile.imageReference.exactVersion -o tsv",
        "\n  2026.11.2",
    ),
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_claims(tmp_path: Path, claim: str) -> None:
    """What the prose says of versions, said to a branch, is so."""
    said, shown = CLAIMS[claim]
    assert shown in played(tmp_path, answered(None, said))


def test_the_other_sheet(tmp_path: Path) -> None:
    """The name of the second rule, put in the place of the first, has a sheet."""
    shown = played(tmp_path, edited('explain("home-region-is-a-target")', 'explain("source-is-in-the-region")'))
    assert "source-is-in-the-region: The source" in shown


def test_the_sources_disagree() -> None:
    """The sheet says what the prose says that it says."""
    assert "Other sources leave this open" in " ".join(explain("image-is-in-the-region").split())


def test_numbers_in_prose() -> None:
    """About seven minutes for the source region and some three for each further one."""
    assert round(facts.duration("create image version") / 60) == 7
    assert round(facts.duration("update image version") / 60) == 3
    text = " ".join(" ".join(prose()).split())
    assert "about seven minutes for the source region, some three for each further one" in text


def test_options_in_prose_are_spoken() -> None:
    """Every option the prose names is one of az or of PowerShell, as this house speaks them."""
    az = {name for row in OPERATIONS for field in row.fields for name in field.az.split()}
    known = az | {"--no-wait", "-AsJob"}
    named = set(re.findall(r"(?<![\w-])--?[A-Za-z][A-Za-z-]+", " ".join(re.findall(r"`([^`]+)`", " ".join(prose())))))
    assert named <= known
    assert len(named) >= 5


def test_worked_example(tmp_path: Path) -> None:
    """As it comes, the lesson plays the page's own example: 2 replicas, 1, and 1 in zone-redundant storage."""
    shown = played(tmp_path, str)
    rows = re.findall(r"^ *(\w[\w ]+US) {2,}(\d+) +(Standard_\w+)$", shown, re.MULTILINE)
    assert rows == [
        ("West Central US", "2", "Standard_LRS"),
        ("South Central US", "1", "Standard_LRS"),
        ("East US", "1", "Standard_ZRS"),
    ]


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"source_region": "East"}, "'East' is no region"),
        ({"second_region": "eastus"}, "three different ones"),
        ({"zonal_region": "westus"}, "has no availability zones"),
        ({"replicas": 1}, "replicas is 1"),
        ({"replicas": "2"}, "replicas is '2'"),
    ],
)
def test_parameters_are_checked(tmp_path: Path, parameters: dict[str, Any], said: str) -> None:
    """A word the lesson cannot do with is refused by a message that says what to write."""
    with pytest.raises(AssertionError, match=said):
        played(tmp_path, str, parameters)


def test_short() -> None:
    """At most 1,600 words, and no paragraph of more than 60."""
    assert sum(len(text.split()) for text in prose()) <= 1600
    paragraphs = [part for text in prose() for part in text.split("\n\n") if not part.startswith(("|", "<"))]
    assert max(len(part.split()) for part in paragraphs) <= 60
