"""The lesson on generalized and specialized images keeps its word: solutions solve, wrong answers do not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from imagekit import Cloud

from lessons import Lesson, answered, verdicts

LESSON = Lesson("02-generalized-or-specialized")

each_set = LESSON.each_set()


@each_set
def test_solutions_solve(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Each folded solution turns 'not yet' into 'done', and the closing asserts still hold."""
    shown = LESSON.played(tmp_path, answered(*LESSON.solutions()), parameters)
    assert verdicts(shown) == ["done"] * 2
    assert LESSON.done in shown


@each_set
def test_unanswered(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Unanswered, every exercise says 'not yet' and the lesson runs to its end."""
    shown = LESSON.played(tmp_path, str, parameters)
    assert verdicts(shown) == ["not yet"] * 2
    assert LESSON.done in shown


def test_scrambled_lines_do_not_solve(tmp_path: Path) -> None:
    """The six lines in the order the lesson prints them solve nothing; they are the solution's lines."""
    [text] = [text for text in LESSON.prose() if "these six lines" in text]
    scrambled = re.findall(r"```\n(.*?)```", text, re.DOTALL)[0]
    assert sorted(scrambled.splitlines()) == sorted(LESSON.solutions()[0].splitlines())
    assert verdicts(LESSON.played(tmp_path, answered(scrambled)))[0] == "not yet"


@pytest.mark.parametrize("missing", range(6))
def test_every_line_is_needed(tmp_path: Path, missing: int) -> None:
    """With one of the six lines left out, the first exercise is not done."""
    lines = LESSON.solutions()[0].splitlines()
    left = "\n".join(lines[:missing] + lines[missing + 1 :])
    assert verdicts(LESSON.played(tmp_path, answered(left)))[0] == "not yet"


REFUSALS = [
    "os-state-matches",
    "generalize-when-stopped",
    "provisioning-finishes",
    "os-state-matches",  # how the two flags begin, before anybody ticks one
    "generalized-never-starts",
    "specialized-takes-no-administrator",
    "generalized-needs-an-administrator",
    "script-needs-an-agent",
]


@each_set
def test_refusals_come_in_order(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Under every parameter set the lesson meets the same refusals in the same order, and no other."""
    shown = LESSON.played(tmp_path, str, parameters)
    assert re.findall(r"^ *Rule ([a-z-]+):", shown, re.MULTILINE) == REFUSALS


@each_set
def test_three_first_boots(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """One is set up in about a minute, one waits for nobody for 20 or 40 minutes, one just starts, in seconds."""
    shown = LESSON.played(tmp_path, str, parameters)
    minutes = {"Linux": 21, "Windows": 41}[parameters["os"]]
    assert re.search(r"First boot of web1\n\nIt was set up and reported ready after 1:", shown)
    assert f"creates the virtual machine web3: failed after {minutes} min" in shown
    assert f"First boot of web3\n\nNobody reported; the service gave up after {minutes}:" in shown
    assert re.search(r"First boot of quiet2\n\nIt started, after 0:", shown)


@each_set
def test_three_stories(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """The school's image is generalized, the other two are specialized, and the advice says so."""
    shown = LESSON.played(tmp_path, str, parameters)
    advised = re.findall(r"^· it was: (\w+)\n*Generalized or specialized\?  (\w+)$", shown, re.MULTILINE)
    assert advised == [("Generalized",) * 2, ("Specialized",) * 2, ("Specialized",) * 2]


MAKER = (
    "az group create -n g -l eastus\n"
    "az vm create -g g -n m --image Ubuntu2204 --security-type Standard --generate-ssh-keys\n"
)
BARE = "sudo waagent -deprovision+user -force; sudo apt-get purge -y walinuxagent cloud-init"


def test_the_mark_is_silent() -> None:
    """Marking changes nothing inside the guest."""
    cloud = Cloud()
    cloud.say(f"{MAKER}az vm deallocate -g g -n m")
    before = cloud.guest("m")
    cloud.say("az vm generalize -g g -n m")
    assert cloud.machine("m").generalized
    assert cloud.guest("m") == before


def test_generalized_without_an_agent() -> None:
    """From a generalized image in which nobody is left to report, the machine does not get ready."""
    cloud = Cloud()
    cloud.say(
        f"{MAKER}az vm run-command invoke -g g -n m --command-id RunShellScript --scripts '{BARE}'\n"
        "az vm deallocate -g g -n m\naz vm generalize -g g -n m\n"
        "az image create -g g -n i --source m --hyper-v-generation V2\n"
        "az vm create -g g -n one --image i --generate-ssh-keys"
    )
    assert cloud.machine("one").boot()["end"] == "timed out"


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"os": "BSD"}, "say 'Linux'"),
        ({"region": "East"}, "'East' is no region"),
        ({"admin": "Ada"}, "small letters"),
        ({"admin": "root"}, "say 'ada'"),
    ],
)
def test_parameters_are_checked(tmp_path: Path, parameters: dict[str, Any], said: str) -> None:
    """A word the lesson cannot do with is refused by a message that says what to write."""
    with pytest.raises(AssertionError, match=said):
        LESSON.played(tmp_path, str, parameters)


def test_paragraphs_are_short() -> None:
    """No paragraph has more than 60 words, and the whole no more than a lesson of half an hour holds."""
    paragraphs = [
        part for text in LESSON.prose() for part in text.split("\n\n") if not part.startswith(("|", "<", "`"))
    ]
    assert max(len(part.split()) for part in paragraphs) <= 60
    assert len(" ".join(LESSON.prose()).split()) <= 1600


def test_both_tables_name_the_same_four() -> None:
    """The table that asks and the table that answers have the quadrants in the same places."""
    tables = [re.findall(r"\*\*([ABCD])\*\*", text) for text in LESSON.prose() if "| **no mark** |" in text]
    assert tables == [["A", "B", "C", "D"]] * 2
