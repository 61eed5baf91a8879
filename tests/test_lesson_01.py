"""The lesson on disks and images keeps its word: solutions solve, wrong answers do not, and its sentences hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from imagekit import Cloud

from lessons import Lesson, answered, verdicts

LESSON = Lesson("01-disks-and-images")

each_set = LESSON.each_set()


@each_set
def test_solutions_solve(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Each folded solution turns 'not yet' into 'done', and the closing asserts still hold."""
    shown = LESSON.played(tmp_path, answered(*LESSON.solutions()), parameters)
    assert verdicts(shown) == ["done"] * 3
    assert LESSON.done in shown


@each_set
def test_unanswered(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Unanswered, every exercise says 'not yet' and the lesson runs to its end."""
    shown = LESSON.played(tmp_path, str, parameters)
    assert verdicts(shown) == ["not yet"] * 3
    assert LESSON.done in shown


WRONG = {
    "a machine from the platform image": (0, "az vm create -g studio -n spare --image $image --generate-ssh-keys"),
    "the disk alone": (0, "az disk create -g studio -n spare --source system --hyper-v-generation V2"),
    "the flag as before": (
        1,
        "az sig image-version create -g studio -r Pictures -i kept -e 1.0.0 --managed-image $BACK",
    ),
    "only the large one": (2, "az disk delete -g studio -n archive --yes"),
    "the machines as well": (2, "az group delete -n studio --yes"),
}


@pytest.mark.parametrize("which", WRONG)
def test_wrong_answers_do_not_solve(tmp_path: Path, which: str) -> None:
    """What only looks like an answer leaves the exercise not done."""
    assert LESSON.verdict(tmp_path, *WRONG[which]) == "not yet"


REFUSALS = [
    "disk-serves-one-machine",
    "specialized-takes-no-administrator",
    "image-source-is-generalized",
    "managed-image-is-in-the-region",
    "image-stays-with-its-machine",
    "parent-exists",
    "source-stands-in-its-place",
    "disk-size",
    "children-first",
    "disk-in-use-stays",
]


@each_set
def test_refusals_come_in_order(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Under every parameter set the lesson meets the same refusals in the same order, and the one advice."""
    shown = LESSON.played(tmp_path, str, parameters)
    assert re.findall(r"^ *Rule ([a-z-]+):", shown, re.MULTILINE) == REFUSALS
    assert re.findall(r"^ *! .*\[([a-z-]+)\]$", shown, re.MULTILINE) == ["host-name-is-unique"]


@each_set
def test_two_disks(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """A machine from the image has a disk for each of the source's, and leaves both behind, beside the archive."""
    shown = LESSON.played(tmp_path, str, parameters)
    assert len(set(re.findall(r"\bone_disk[12]_\w+", shown))) == 2
    [left] = re.findall(r"Name +Size\n[ -]+\n((?: +\S+ +\d+\n)+)", shown)
    assert [line.split()[0].split("_")[0] for line in left.splitlines()] == ["archive", "one", "one"]


def test_one_terabyte_goes_in(tmp_path: Path) -> None:
    """With 1024 in the place of 2048 the last refusal of the gallery does not come."""
    shown = LESSON.played(tmp_path, LESSON.edited("2048", "1024"))
    assert "Rule disk-size" not in shown
    assert "creates the image version 2.0.0 (" in shown


def test_an_image_has_no_second_look() -> None:
    """What is changed on the source after the image was made does not reach machines made from the image before."""
    cloud = Cloud()
    cloud.say(
        "az group create -n g -l eastus\n"
        "az vm create -g g -n m --image Ubuntu2204 --security-type Standard --generate-ssh-keys\n"
        "az vm run-command invoke -g g -n m --command-id RunShellScript --scripts 'sudo waagent -deprovision -force'\n"
        "az vm deallocate -g g -n m\naz vm generalize -g g -n m\n"
        "az image create -g g -n i --source m --hyper-v-generation V2\n"
        "az vm create -g g -n one --image i --generate-ssh-keys"
    )
    before = cloud.guest("one")
    cloud.say("az image delete -g g -n i\naz vm delete -g g -n m --yes")
    assert cloud.guest("one") == before


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"os": "BSD"}, "say 'Linux'"),
        ({"region": "East"}, "'East' is no region"),
        ({"far": "eastus"}, "both 'eastus'"),
        ({"admin": "Ada"}, "small letters"),
        ({"admin": "root"}, "Azure takes no 'root'"),
    ],
)
def test_parameters_are_checked(tmp_path: Path, parameters: dict[str, Any], said: str) -> None:
    """A word the lesson cannot do with is refused by a message that says what to write."""
    with pytest.raises(AssertionError, match=said):
        LESSON.played(tmp_path, str, parameters)


def test_paragraphs_are_short() -> None:
    """No paragraph has more than 60 words."""
    paragraphs = [part for text in LESSON.prose() for part in text.split("\n\n") if not part.startswith(("|", "<"))]
    assert max(len(part.split()) for part in paragraphs) <= 60
