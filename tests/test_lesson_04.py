"""The lesson on an image's home keeps its word: solutions solve, wrong answers do not, and its sentences hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from imagekit import advice, widgets

from lessons import Lesson, answered, verdicts

LESSON = Lesson("04-managed-image-or-gallery")

each_set = LESSON.each_set()


@each_set
def test_solutions_solve(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Each folded solution turns 'not yet' into 'done', and the closing asserts still hold."""
    shown = LESSON.played(tmp_path, answered(*LESSON.solutions()), parameters)
    assert verdicts(shown) == ["done"] * 2
    assert LESSON.done in shown


ANNEX = """az group create -n annex -l $far
az sig create -g annex -r Annex
az sig image-definition create -g annex -r Annex -i web --os-type $os --publisher Contoso --offer Web --sku Plain"""
WRONG = {
    "the label of az": (
        0,
        "az sig image-definition create -g studio -r Pictures -i guarded --os-type $os --publisher Contoso "
        "--offer Web --sku Guarded\nMAKER=$(az vm show -g studio -n maker --query id -o tsv)\n"
        "az sig image-version create -g studio -r Pictures -i guarded -e 1.0.0 --virtual-machine $MAKER",
    ),
    "more replicas of the same gallery": (
        1,
        "az sig image-version update -g studio -r Pictures -i web -e 1.0.0 --target-regions $region=1 $far=9",
    ),
    "a label without a version": (1, ANNEX),
    "a second gallery at home": (
        1,
        ANNEX.replace("$far", "$region")
        + "\naz sig image-version create -g annex -r Annex -i web -e 1.0.0 --image-version $OURS",
    ),
}


@pytest.mark.parametrize("which", WRONG)
def test_wrong_answers_do_not_solve(tmp_path: Path, which: str) -> None:
    """What only looks like an answer leaves the exercise not done."""
    assert LESSON.verdict(tmp_path, *WRONG[which]) == "not yet"


REFUSALS = [
    "image-source-is-generalized",
    "image-without-trusted-launch",
    "managed-image-is-in-the-region",
    "image-stays-in-its-subscription",
    "direct-sharing-needs-groups",
    "plan-is-named",
    "region-is-up",
]


@each_set
def test_unanswered(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Under every parameter set the lesson runs to its end, and meets the same refusals in the same order."""
    shown = LESSON.played(tmp_path, str, parameters)
    assert verdicts(shown) == ["not yet"] * 2
    assert re.findall(r"^ *Rule ([a-z-]+):", shown, re.MULTILINE) == REFUSALS
    assert re.findall(r"^ *! .*\[([a-z-]+)\]$", shown, re.MULTILINE) == []
    assert LESSON.done in shown


@each_set
def test_the_second_law_stands_under_also(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """The first refusal names Trusted Launch as well, under Also, as the prose says."""
    shown = LESSON.played(tmp_path, str, parameters)
    assert re.search(r"Also: .*\[image-without-trusted-launch\]", shown)


@each_set
def test_seconds_against_minutes(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """The managed image is there within seconds, the version takes minutes."""
    shown = LESSON.played(tmp_path, str, parameters)
    assert re.search(r"creates the managed image golden \([\d.]+ s\)", shown)
    assert re.search(r"creates the image version 1.0.0 \(\d+ min", shown)


def test_a_gallery_label_names_the_plan(tmp_path: Path) -> None:
    """A definition that is silent about the plan takes no version of an image with one."""
    label = "-i planned --os-type Linux --publisher Contoso --offer Web --sku Planned"
    said = (
        f"az sig image-definition create -g studio -r Pictures {label}\n"
        "az sig image-version create -g studio -r Pictures -i planned -e 1.0.0 --managed-image silver\n"
    )
    assert "plan-matches" in LESSON.played(tmp_path, answered(None, said))


def test_the_chooser_is_moved_as_the_lesson_says() -> None:
    """Regions, sharing and many machines at once turn the choice from a managed image; another need does not."""
    touch = widgets.home(purpose="dev/test")
    turned = {"regions": 3, "shared_with": "another tenant"}
    assert all("? gallery." in touch.at(**{name: value}).says for name, value in turned.items())
    most = advice.managed_image_or_gallery(purpose="dev/test", vms_at_once=100)
    assert most.choice == "gallery"
    assert "? managed image." in touch.at(os="Linux").says


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"os": "BSD"}, "say 'Linux'"),
        ({"region": "East"}, "'East' is no region"),
        ({"far": "eastus"}, "both 'eastus'"),
        ({"replicas": 1}, "from 2 to 40"),
        ({"replicas": 41}, "from 2 to 40"),
    ],
)
def test_parameters_are_checked(tmp_path: Path, parameters: dict[str, Any], said: str) -> None:
    """A word the lesson cannot do with is refused by a message that says what to write."""
    with pytest.raises(AssertionError, match=said):
        LESSON.played(tmp_path, str, parameters)


def test_prose_is_short() -> None:
    """No paragraph has more than 60 words, and the lesson no more than 1,600."""
    paragraphs = [part for text in LESSON.prose() for part in text.split("\n\n")]
    told = [part for part in paragraphs if not part.startswith(("|", "<", "1."))]
    assert max(len(part.split()) for part in told) <= 60
    assert sum(len(part.split()) for part in paragraphs) <= 1600
