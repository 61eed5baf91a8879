"""The lesson on galleries for classrooms keeps its word: solutions solve, predictions are right, sentences hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from imagekit import explain
from imagekit.permissions import APPLICATIONS, LAB_ACCOUNTS, LAB_PLANS

from lessons import Lesson, answered, verdicts
from notebooks import code, read

LESSON = Lesson("07-a-gallery-for-a-classroom")
SETS = LESSON.sets
prose, solutions, played, edited = LESSON.prose, LESSON.solutions, LESSON.played, LESSON.edited

each_set = LESSON.each_set()


def all_solutions() -> list[str]:
    """The folded solutions; that of the second exercise is in two tongues, for two cells."""
    return [text for cell in prose() for text in re.findall(r"^```\n(.*?)\n```", cell, re.DOTALL | re.MULTILINE)]


# The exercises


@each_set
def test_solutions_solve(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Each folded solution, put into its cell, is found done, and the lesson still ends well."""
    shown = played(tmp_path, answered(*all_solutions()), parameters)
    assert verdicts(shown) == ["done"] * 3
    assert LESSON.done in shown


@each_set
def test_unanswered(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """With nothing written, every exercise says so and nothing breaks."""
    shown = played(tmp_path, str, parameters)
    assert verdicts(shown) == ["not yet"] * 3
    assert LESSON.done in shown


def test_half_a_solution(tmp_path: Path) -> None:
    """The annex needs both the replica and the enabling, and a seat the word for specialized images."""
    wide, replica, enable, seat = all_solutions()
    assert verdicts(played(tmp_path, answered(wide, replica))) == ["done", "not yet", "not yet"]
    assert verdicts(played(tmp_path, answered(wide, None, enable))) == ["done", "not yet", "not yet"]
    general = seat.replace("--specialized", "--admin-username ada --admin-password $password")
    assert verdicts(played(tmp_path, answered(None, None, None, general))) == ["not yet"] * 3


def test_disk_too_large_again(tmp_path: Path) -> None:
    """A new version of the same large machine does not get `wide` onto the list."""
    wide, *_ = all_solutions()
    shown = played(tmp_path, answered(wide.replace("$MAKER", "$WIDE")))
    assert verdicts(shown)[0] == "not yet"


# The predictions


@each_set
def test_right_answers_are_right(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Whoever predicts what the lesson then checks is told so each time."""
    sources = "\n".join(cell.source for cell in code(read(LESSON.path)))
    checks = iter(re.findall(r"\w+\.check\((\"[^\"]*\")\)", sources))
    shown = played(tmp_path, lambda source: re.sub(r"None\)", lambda _: f"{next(checks)})", source), parameters)
    assert (shown.count("✓ as you said"), "✗ you said" in shown) == (4, False)


@each_set
def test_one_is_offered(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Of the three images one is on the list, and the other two say why not."""
    shown = played(tmp_path, str, parameters)
    course = parameters["course"]
    assert re.search(rf"^{course} +gallery +Specialized \w+ +1\.0\.0 +yes$", shown, re.MULTILINE)
    assert re.search(r"^twin .* no: .*\(lab-image-has-one-disk\)$", shown, re.MULTILINE)
    assert re.search(r"^wide .* no: .*\(lab-image-is-small-enough\)$", shown, re.MULTILINE)


# The sentences

REFUSALS = ["no-new-lab-accounts", "lab-services-owns-the-gallery", "export-fits-the-definition"]


@each_set
def test_refusals_come_in_order(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Under every parameter set the lesson meets the same refusals, and the advice it speaks of."""
    shown = played(tmp_path, str, parameters)
    assert re.findall(r"^ *Rule ([a-z-]+):", shown, re.MULTILINE) == REFUSALS
    advice = set(re.findall(r"^ *! .*\[([a-z-]+)\]$", shown, re.MULTILINE))
    assert advice >= {"lab-services-retires", "lab-services-takes-no-new-customers", "lab-credentials-stay"}


@each_set
def test_who_has_a_key(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Then the service made itself Contributor; now nobody but you has a key before you give one."""
    shown = played(tmp_path, str, parameters)
    then, now = re.findall(r"^By a role assignment: (.*)\.$", shown, re.MULTILINE)
    assert (then, now) == (f"you, {APPLICATIONS[LAB_ACCOUNTS]}", "you")
    assert any(f"--assignee {LAB_PLANS} --role Owner" in cell.source for cell in code(read(LESSON.path)))


@each_set
def test_export_goes_across_the_geography(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """In 2020 the export has a replica in more than one region, and today in one."""
    show = 'print(*(f"EXPORT {len(cloud.gallery(\'Shelf\').latest(kept))}" for cloud in (then, now)), sep="\\n")'
    shown = played(tmp_path, edited("progress.lesson_done", f"{show}\nprogress.lesson_done"), parameters)
    then, now = map(int, re.findall(r"^EXPORT (\d+)$", shown, re.MULTILINE))
    assert then > now == 1


@each_set
def test_graces_machine(tmp_path: Path, parameters: dict[str, Any]) -> None:
    """Grace's template machine is spring's: its host name, its account and its identity."""
    shows = 'print("{}", *(str(getattr(now.guest("0"), what)) for what in ("hostname", "accounts", "identity")))'
    spring, autumn = f"{shows.format('SPRING')}\n", f'{shows.format("AUTUMN")}\nnow.guest("0")'
    before = edited('accounts = predict("Who has', f'{spring}accounts = predict("Who has')
    after = edited('\nnow.guest("0")', f"\n{autumn}")
    shown = played(tmp_path, lambda source: after(before(source)), parameters)
    [first] = re.findall(r"^SPRING (.*)$", shown, re.MULTILINE)
    [second] = re.findall(r"^AUTUMN (.*)$", shown, re.MULTILINE)
    assert first == second
    assert first.startswith("spring ('ada',)")


def test_dates_are_those_of_the_laws(tmp_path: Path) -> None:
    """The first cell says plainly when the service ends and since when it takes nobody in, as the advice has it."""
    advice = "\n".join(re.findall(r"^ *! .*$", played(tmp_path, str), re.MULTILINE))
    for day in ("28 June 2027", "15 July 2024"):
        assert day in prose()[0]
        assert day in advice


def test_defaults_of_the_two_eras() -> None:
    """What the table says of enabling, roles and exports is what the laws say."""
    enabled, owner = explain("lab-image-is-enabled"), explain("lab-services-owns-the-gallery")
    assert "in lab accounts all are until one is disabled" in " ".join(enabled.split())
    assert "Contributor was enough for lab accounts" in " ".join(owner.split())
    assert "to all regions of the geography by themselves" in " ".join(explain("lab-image-is-in-the-region").split())


THREADS = {
    "MicrosoftDocs/azure-docs/issues/106330": "-SharedGalleryId $SHELF",
    "MicrosoftDocs/azure-docs/issues/68563": "-SharedGalleryId $SHELF",
    "MicrosoftDocs/azure-docs/issues/44212": 'now.guest("0")',
}


@pytest.mark.parametrize("thread", THREADS)
def test_incidents_are_within_reach(thread: str) -> None:
    """Each linked thread has the cell that shows it within three cells."""
    cells = read(LESSON.path).cells
    [told] = [n for n, cell in enumerate(cells) if f"https://github.com/{thread})" in cell.source]
    assert any(THREADS[thread] in cell.source for cell in cells[told - 3 : told + 4] if cell.cell_type == "code")


# The form


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"os": "linux"}, "os is 'linux'"),
        ({"region": "East"}, "'East' is no region"),
        ({"far": "eastus"}, "somewhere else"),
        ({"course": "Stat 1"}, "small letters only"),
        ({"course": "twin"}, "needed below"),
        ({"students": 401}, "students is 401"),
        ({"gb": 127}, "gb is 127"),
    ],
)
def test_parameters_are_checked(tmp_path: Path, parameters: dict[str, Any], said: str) -> None:
    """A word the lesson cannot do with is refused by a message that says what to write."""
    with pytest.raises(AssertionError, match=said):
        played(tmp_path, str, parameters)


def test_short() -> None:
    """At most 1,300 words, and no paragraph of more than 60."""
    assert sum(len(text.split()) for text in prose()) <= 1300
    paragraphs = [part for text in prose() for part in text.split("\n\n") if not part.startswith(("|", "<"))]
    assert max(len(part.split()) for part in paragraphs) <= 60
