"""The lesson on generations keeps its word: solutions solve, wrong answers do not, and its sentences hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from imagekit import Cloud, advice, facts

from lessons import Lesson, answered, verdicts

LESSON = Lesson("03-gen1-or-gen2")

each_set = LESSON.each_set()


@each_set
def test_solutions_solve(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Each folded solution turns 'not yet' into 'done', and the closing asserts still hold."""
    shown = LESSON.played(tmp_path, answered(*LESSON.solutions()), parameters)
    assert verdicts(shown) == ["done"] * 2
    assert LESSON.done in shown


WRONG = {
    "the default generation": (
        0,
        "az sig image-definition create -g studio -r Pictures -i elders --os-type $os --os-state Specialized "
        "--features SecurityType=Standard --publisher Contoso --offer Web --sku Elders\n"
        "az sig image-version create -g studio -r Pictures -i elders -e 1.0.0 --virtual-machine $ELDER",
    ),
    "a label alone": (
        0,
        "az sig image-definition create -g studio -r Pictures -i elders --os-type $os --os-state Specialized "
        "--hyper-v-generation V1 --publisher Contoso --offer Web --sku Elders",
    ),
    "a size for Gen2 only": (
        1,
        "az vm create -g studio -n tall --image $gen1 --size Standard_D128ds_v6 --admin-username ada "
        "--admin-password $password",
    ),
    "a size the tables do not know": (
        1,
        "az vm create -g studio -n tall --image $gen1 --size Standard_D8_v99 --admin-username ada "
        "--admin-password $password",
    ),
    "another generation": (
        1,
        "az vm create -g studio -n tall --image $gen2 --size Standard_D8as_v5 --admin-username ada "
        "--admin-password $password",
    ),
    "a small size": (1, "az vm create -g studio -n tall --image $gen1 --size Standard_D2s_v5 --generate-ssh-keys"),
}


@pytest.mark.parametrize("which", WRONG)
def test_wrong_answers_do_not_solve(tmp_path: Path, which: str) -> None:
    """What only looks like an answer leaves the exercise not done."""
    assert LESSON.verdict(tmp_path, *WRONG[which]) == "not yet"


REFUSALS = [
    "generation-matches",
    "definition-is-fixed",
    "security-type-matches",
    "size-boots-the-generation",
    "size-boots-the-generation",
]


@each_set
def test_unanswered(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Under every parameter set the lesson runs to its end, and meets the same refusals in the same order."""
    shown = LESSON.played(tmp_path, str, parameters)
    assert verdicts(shown) == ["not yet"] * 2
    assert re.findall(r"^ *Rule ([a-z-]+):", shown, re.MULTILINE) == REFUSALS
    assert re.findall(r"^ *! .*\[([a-z-]+)\]$", shown, re.MULTILINE) == ["more-than-one-region"]
    assert LESSON.done in shown


@each_set
def test_a_fixed_definition_has_one_fault(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """The definition that was refused to become Gen1 is not told off for being Gen1."""
    shown = LESSON.played(tmp_path, str, parameters)
    fixed = shown[shown.index("Rule definition-is-fixed") : shown.index("Rule security-type-matches")]
    assert "Also:" not in fixed.partition("\n? ")[0]


@each_set
def test_the_second_law_stands_under_also(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """The first refusal names the security type as well, under Also, as the prose says."""
    shown = LESSON.played(tmp_path, str, parameters)
    first = shown[shown.index("Rule generation-matches") : shown.index("Rule definition-is-fixed")]
    assert re.search(r"Also: .*\[security-type-matches\]", first)


def test_the_rule_of_thumb() -> None:
    """In D, E and F up to v3 the letter s makes the difference; v4 and v5 boot both, v6 Gen2 only."""
    for name, size in facts.sizes().items():
        if read := re.fullmatch(r"standard_[def]\d+(s?)(?:_v(\d))?", name.lower()):
            age = int(read[2] or 1)
            both = ("V1", "V2") if read[1] or age > 3 else ("V1",)
            assert size.generations == (both if age < 6 else ("V2",)), name
    assert {facts.size(name).generations for name in ("Standard_D2as_v6", "Standard_D128ds_v6")} == {("V2",)}


def test_managed_images_are_gen1_by_default() -> None:
    """`az image create` says V1 when nobody says anything."""
    cloud = Cloud()
    cloud.say(
        "az group create -n g -l eastus\n"
        "az vm create -g g -n m --image Ubuntu2204 --security-type Standard --generate-ssh-keys\n"
        "az vm deallocate -g g -n m\naz vm generalize -g g -n m"
    )
    [answer] = cloud.say("az image create -g g -n i --source m")
    assert answer.request.body["properties"]["hyperVGeneration"] == "V1"
    assert [finding.rule for finding in answer.refusals] == ["image-has-the-generation-of-its-machine"]


def test_the_chooser_is_moved_as_the_lesson_says() -> None:
    """Windows 7 takes Gen1, and there are sizes with 64 GB for it; most needs turn nothing."""
    from imagekit import widgets

    touch = widgets.generation()
    assert "V1" in touch.at(os="Windows 7").says
    assert "64 GB" in str(touch.at(os="Windows 7", memory_gb=64).picture)
    assert any("Later on" in row["says"] for row in advice.generation().comparison_json()["rows"])


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"os": "BSD"}, "say 'Linux'"),
        ({"region": "East"}, "'East' is no region"),
        ({"old_size": "Standard_D2s_v5"}, "not for Gen1 only"),
        ({"new_size": "Standard_D2s_v5"}, "not for Gen2 only"),
        ({"new_size": "Standard_DC2s_v2"}, "lacks Trusted Launch"),
        ({"old_size": "huge"}, "'huge' is not for Gen1 only"),
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
