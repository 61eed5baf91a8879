"""The engine of the exercises: begin, answer, check, hints, variants, results; and what nobody expected."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imagekit import Cloud
from imagekit.practice import exercises, progress, variants
from imagekit.practice.exercise import read
from imagekit.practice.paper import answering
from imagekit.practice.results import Result, Results
from imagekit.practice.state import find, state
from imagekit.practice.workbook import Workbook
from imagekit.unreadable import Unreadable

SMALL = """
title = "Small"
intro = "Small."
outro = "Done."

[[exercise]]
name = "group"
title = "A group"
kind = "do"
story = "Make a group."
task = "Make the group {{name}} in {{place}}."
done = "A group is a folder."
start = "az group create -n there -l eastus"
plays.it = "az group create -n more -l eastus"
solution.say = "az group create -n {{name}} -l {{place}}"
[[exercise.question]]
name = "groups"
asks = "Groups afterwards:"
choices = [{ name = "1" }, { name = "2", says = "one more" }]
truth = "length(it.all.resourceGroups)"
[[exercise.question]]
name = "kinds"
asks = "Kinds of thing:"
several = true
choices = [{ name = "yes" }, { name = "no" }, { name = "none" }]
truth = "[`true`, it.all.disks]"
[[exercise.goal]]
name = "made"
says = "There is a group {{name}}."
when = "all.resourceGroups[?name=='{{name}}' && location=='{{place}}']"
points = 2
hints = ["first", "second", "third"]
[[exercise.goal.slips]]
when = "all.resourceGroups[?name=='{{name}}' && location!='{{place}}']"
says = "in another place"
[[exercise.goal]]
name = "said"
says = "How many groups."
when = "right.groups"
hints = ["count", "count again"]
[[exercise.goal]]
name = "listed"
says = "Which kinds."
when = "right.kinds"
hints = ["look", "look again"]
[[exercise.wrong]]
named = "nothing"
points = 0
goal = ""
tells = ""
[[exercise.vary.place]]
is = "eastus"
name = "near"
[[exercise.vary.place]]
is = "westus"
name = "far"
"""


@pytest.fixture(autouse=True)
def no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tested here leaves no trace in anybody's folder."""
    monkeypatch.setenv("IMAGEKIT_PROGRESS", "off")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A file with one small exercise."""
    path = tmp_path / "98-small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture
def work(small: Path) -> Workbook:
    """The small exercise in somebody's hands."""
    return exercises(small)


# begin


def test_begin_prints_the_task_and_gives_a_fresh_cloud(work: Workbook, capsys: pytest.CaptureFixture[str]) -> None:
    """Begin shows task and questions in words, and the cloud stands at the start with nothing to undo."""
    cloud = work.begin("group")
    told = capsys.readouterr().out
    assert told.startswith("Make the group near in eastus.\n")
    assert '"2": one more' in told
    assert (len(cloud.documents()), cloud.history) == (1, [])


def test_begin_again_starts_anew(work: Workbook) -> None:
    """Whoever begins again has a fresh cloud, and what was answered before counts no more."""
    work.begin("group").say("az group create -n near -l eastus")
    work.answer("group", groups=2)
    assert work.check("group").points == 3
    work.begin("group")
    assert work.check("group").state == "not answered"


def test_begin_again_says_that_answers_are_gone(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Answers that count no more are told, for their cell still shows them; those of other exercises stay."""
    other = SMALL[SMALL.index("[[exercise]]") :].replace('name = "group"', 'name = "other"', 1)
    small.write_text(SMALL + other, encoding="utf-8")
    work = exercises(small)
    work.begin("group")
    work.answer("group", groups=2)
    work.answer("other", groups=2)
    assert "anew" not in capsys.readouterr().out
    work.begin("group")
    assert capsys.readouterr().out.endswith("\nAnswers start anew too: run the answer cell again.\n")
    assert (work.check("group").points, work.check("other").points) == (0, 1)


def test_a_task_is_no_wider_than_a_page(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Prose is broken at blanks, a label keeps its place, and a command stays in one piece to be copied."""
    told = f"{'word ' * 25}\nend.\n\n  a  {'long ' * 20}\n\naz group create -n {'x' * 90}"
    small.write_text(SMALL.replace('"Make the group {{name}} in {{place}}."', json.dumps(told)), "utf-8")
    exercises(small).begin("group")
    lines = capsys.readouterr().out.splitlines()
    assert [len(line) for line in lines if len(line) > 88] == [109]
    assert lines[1] == f"{'word ' * 8}end."
    assert lines[4].startswith("     long")


def test_an_exercise_may_play_on_another_day(small: Path) -> None:
    """All of it happens on the day it names, by the clock and in the words of that day."""
    small.write_text(SMALL.replace('kind = "do"', 'kind = "do"\nday = "2020-09-11"'), encoding="utf-8")
    cloud = exercises(small).begin("group")
    assert (cloud.now[:10], cloud.edition) == ("2020-09-11", "2020-09-11")


@pytest.mark.parametrize("name", ["gruop", "", "x" * 10_000, None, 7, ["group"], "group\n", "\ud800"])
@pytest.mark.parametrize("word", ["begin", "answer", "check"])
def test_a_name_that_is_none_is_told_in_a_line(work: Workbook, word: str, name: Any) -> None:
    """A wrong name is a short message with the names there are, whatever was given."""
    with pytest.raises(
        ValueError, match=r"there is no exercise .* here; (did you mean 'group'|there are group)"
    ) as told:
        getattr(work, word)(name)
    assert len(str(told.value)) < 200


# answer


def test_an_answer_is_kept_and_shown(work: Workbook) -> None:
    """An answer shows itself as it was understood: numbers, case and yes or no are no matter."""
    given = work.answer("group", groups=2, kinds=["YES", False])
    assert repr(given) == "→ groups: 2\n→ kinds: no, yes"


@pytest.mark.parametrize("value", [None, "", [], (), set()])
def test_nothing_is_not_answered(work: Workbook, value: Any) -> None:
    """Nothing given is not answered, and takes back what was."""
    work.answer("group", groups="2")
    assert repr(work.answer("group", groups=value)) == "· groups: not answered"
    assert work.check("group").state == "not answered"


@pytest.mark.parametrize(
    "value", ["three", 3, 2.5, float("nan"), 1e400, object(), {"a": 1}, b"2", "x" * 10_000, "\ud800", ["1", "2"], [[]]]
)
def test_an_odd_answer_is_told_and_not_counted(work: Workbook, value: Any) -> None:
    """What is none of the choices is told in a short line, raises nothing, and counts as not answered."""
    line = repr(work.answer("group", groups=value))
    assert line.startswith("· groups: not counted. ")
    assert line.encode()
    assert len(line) < 200
    assert work.check("group").state == "not answered"


def test_a_question_there_is_not_is_told(work: Workbook) -> None:
    """An answer to no question says which there are."""
    assert repr(work.answer("group", gruops=2)) == "· there is no question 'gruops'; the questions are groups, kinds"


def test_truths_are_played(work: Workbook) -> None:
    """What is right is what happens in the cloud; of a list all is wanted and no more."""
    work.answer("group", groups="2", kinds=["yes"])
    assert work.check("group").points == 1
    work.answer("group", kinds=["yes", "none"])
    assert work.check("group").points == 2


# check


def test_hints_climb(work: Workbook) -> None:
    """Each further check of the same goal gives the next hint, the last one stays, and one can be asked for."""
    cloud = work.begin("group")
    assert work.check("group").hint == ""
    cloud.say("az group create -n other -l eastus")
    assert [work.check("group").hint for _ in range(4)] == ["first", "second", "third", "third"]
    assert [work.check("group", hint=rung).hint for rung in (1, 2, 99)] == ["first", "second", "third"]
    cloud.say("az group create -n near -l eastus")
    assert (work.check("group").goal, work.check("group").hint) == ("said", "count again")


def test_a_known_slip_is_met_first(work: Workbook) -> None:
    """Who fell for something known hears of that before the common hints."""
    work.begin("group").say("az group create -n near -l westus")
    assert [work.check("group").hint for _ in range(2)] == ["in another place", "first"]
    assert work.check("group").rungs == 3


def test_a_slip_made_after_a_hint_is_told(work: Workbook) -> None:
    """A slip is told once, whenever it is made, and uses up no hint."""
    cloud = work.begin("group")
    cloud.say("az group create -n other -l eastus")
    assert work.check("group").hint == "first"
    cloud.say("az group create -n near -l westus")
    found = work.check("group")
    assert (found.hint, found.rung) == ("in another place", 0)
    assert repr(found).splitlines()[-1] == "  in another place"
    assert [work.check("group").hint for _ in range(2)] == ["second", "third"]
    assert work.results().rows[0].hints == 3


def test_work_in_the_cloud_of_another_exercise_is_told(small: Path) -> None:
    """Who goes back to an exercise without its begin hears once where the words went; it uses up no hint."""
    other = SMALL[SMALL.index("[[exercise]]") :].replace('name = "group"', 'name = "other"', 1)
    small.write_text(SMALL + other, encoding="utf-8")
    work = exercises(small)
    work.begin("group").say("az group create -n far -l eastus")
    cloud = work.begin("other")
    assert work.check("group").hint == "first"
    cloud.say("az group create -n near -l eastus")
    found = work.check("group")
    assert (found.hint.split(",")[0], found.rung) == ("Your last begin was other", 0)
    assert [work.check("group").hint, work.check("other").hint] == ["second", "count"]
    work.begin("group").say("az group create -n near -l eastus")
    assert work.check("group").hint == "count"


@pytest.mark.parametrize("hint", [0, -1, "2", True, 1.5, []])
def test_a_hint_is_counted_from_one(work: Workbook, hint: Any) -> None:
    """An odd number of a hint is told, with an example."""
    with pytest.raises(ValueError, match=r"hints are counted from 1, such as check\('group', hint=2\)"):
        work.check("group", hint=hint)


def test_a_hint_can_be_had_before_anything_is_done(work: Workbook) -> None:
    """Who asks for a hint gets it; it stays not answered."""
    found = work.check("group", hint=1)
    assert (found.state, found.hint, found.points) == ("not answered", "first", 0)


def test_who_is_stuck_at_the_start_gets_hints(work: Workbook) -> None:
    """Who has begun and has nothing to say is told how to get a hint, and gets one with each further check."""
    assert work.check("group").says.startswith("Run the cell with begin")
    assert work.check("group").hint == ""
    work.begin("group")
    first = work.check("group")
    assert (first.state, first.hint) == ("not answered", "")
    assert "run it again as it is for a hint" in first.says
    assert work.results().rows[0].hints == 0
    assert [work.check("group").hint for _ in range(3)] == ["first", "second", "third"]
    assert work.results().rows[0].hints == 3


def test_the_first_verdict_names_the_learner(small: Path) -> None:
    """Whose work it is stands where it is graded: on the first exercise, and above the results."""
    work = exercises(small, "<ada>", "autumn")
    work.begin("group")
    assert repr(work.check("group")).splitlines()[1] == "  for <ada>"
    assert "for &lt;ada&gt;" in work.check("group")._repr_mimebundle_()["text/html"]
    assert work.check("group")._repr_mimebundle_()["text/plain"] == "0"
    assert repr(work.results()).splitlines()[0] == "98-small: <ada>"


def test_a_verdict_shows_itself(work: Workbook) -> None:
    """In words: the state, the points, what is met, what is not, a hint; for nbgrader: the bare points."""
    work.begin("group").say("az group create -n near -l eastus")
    found = work.check("group")
    assert repr(found).splitlines() == [
        "◐ not yet: A group (2 of 4 points)",
        "  ✓ There is a group near.",
        "  ✗ Still to do: How many groups.",
        "  Hint 1 of 2: count",
    ]
    bundle = found._repr_mimebundle_()
    assert bundle["text/plain"] == "2"
    assert "Still to do: How many groups." in bundle["text/html"]
    assert 'role="status"' in bundle["text/html"]


def test_done_says_what_to_take_along(work: Workbook) -> None:
    """When all is done the verdict ends with the sentence of the exercise."""
    work.begin("group").say("az group create -n near -l eastus")
    work.answer("group", groups="2", kinds=["yes", "none"])
    assert repr(work.check("group")) == "✓ done: A group (4 of 4 points)\n  A group is a folder."


def test_what_was_undone_is_not_reached(work: Workbook) -> None:
    """The state counts, not what once was said."""
    cloud = work.begin("group")
    cloud.say("az group create -n near -l eastus")
    cloud.undo()
    assert work.check("group").state == "not answered"


def test_a_check_is_recorded(work: Workbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check leaves its points in the learner's own file."""
    monkeypatch.setenv("IMAGEKIT_PROGRESS", str(tmp_path / "mine.json"))
    work.begin("group").say("az group create -n near -l eastus")
    work.check("group")
    assert progress.read(tmp_path / "mine.json").exercises == {"98-small": {"group": (2, 4)}}


# Files and learners


def test_a_file_in_the_working_folder_is_found(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A course of one's own needs no installation: its file lies beside the notebook."""
    monkeypatch.chdir(small.parent)
    assert exercises("98-small").file.title == "Small"


def test_a_file_of_a_lessons_name_does_not_take_its_place(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a learner hands in beside the notebook is not what a lesson's exercises are judged by."""
    monkeypatch.chdir(small.parent)
    small.rename(small.with_name("01-disks-and-images.toml"))
    assert exercises("01-disks-and-images").file.title == "Disks and images: exercises"
    assert exercises("./01-disks-and-images.toml").file.title == "Small"


@pytest.mark.parametrize("name", ["01-disks-and-image", "", "../../etc/passwd", "a\0b", None, 3])
def test_exercises_there_are_not(name: Any) -> None:
    """A lesson there is not is told, with the nearest or all there are."""
    with pytest.raises(ValueError, match="there are no exercises"):
        exercises(name)


@pytest.mark.parametrize("learner", ["ada", "", 7, None, "한별", "\ud800", "a" * 100_000])
def test_any_name_is_a_learner(small: Path, learner: Any) -> None:
    """Names and numbers of any kind get a variant, and the same one again."""
    first, second = (exercises(small, learner, "autumn").variant("group") for _ in range(2))
    assert first == second


@pytest.mark.parametrize("learner", [[], ["ada"], {}, 1.5, True, object()])
def test_what_is_no_name_is_told(small: Path, learner: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no learner is told in one line, and nobody's exercises are there to go on with."""
    work = exercises(small, learner, learner)
    told = capsys.readouterr().out.splitlines()
    assert [line.split(" is a name")[0] for line in told] == ["· learner", "· course"]
    assert told[0].endswith(f"it was a {type(learner).__name__} and is left out.")
    assert (work.learner, work.course, work.variant("group")) == ("", "", 0)
    assert "no name given" in repr(work.results())


BROKEN = {
    "title = \n": "is no TOML",
    SMALL.replace('title = "Small"', ""): "title: Field required",
    SMALL.replace('kind = "do"', 'kind = "dance"'): "exercise.0.kind",
    SMALL.replace('says = "Which kinds."', 'sais = "Which kinds."'): "exercise.0.goal.2.sais: Extra inputs",
    SMALL.replace('when = "right.kinds"', 'when = "right.["'): "is no JMESPath",
    SMALL.replace('hints = ["look", "look again"]', 'hints = ["look"]'): "exercise.0.goal.2.hints",
    SMALL.replace('is = "westus"', ""): "each value of vary.place needs its own name",
    SMALL.replace('named = "nothing"', 'named = "nothing"\nonly = { place = "moon" }'): "'moon' }, but vary.place has",
    SMALL.replace('named = "nothing"', 'named = "nothing"\nonly = { day = "one" }'): "'one' }, but vary.day has []",
}


@pytest.mark.parametrize("text", BROKEN, ids=list(BROKEN.values()))
def test_a_broken_file_says_where(small: Path, text: str) -> None:
    """A file that is not in order is told, with the place."""
    small.write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable) as told:
        read(small)
    assert BROKEN[text] in str(told.value)


def test_a_hole_nothing_fills_is_told(small: Path) -> None:
    """A name in braces that no variant knows is told, with those there are."""
    small.write_text(SMALL.replace("Make the group {{name}}", "Make the group {{nam}}"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"nothing fills the hole \{\{nam\}\}; there are place, name"):
        exercises(small).begin("group")


def test_a_start_that_is_refused_is_told(small: Path) -> None:
    """An exercise whose start is refused is at fault itself, and says so."""
    small.write_text(SMALL.replace("-n there -l eastus", "-n there -l nowhere"), encoding="utf-8")
    with pytest.raises(ValueError, match="the start of 'group' is refused"):
        exercises(small).begin("group")


def test_a_truth_must_be_a_choice(small: Path) -> None:
    """A truth that nobody could answer is told."""
    small.write_text(SMALL.replace("length(it.all.resourceGroups)", "`9`"), encoding="utf-8")
    with pytest.raises(ValueError, match="the truth of 'groups' is '9', which is none of its choices"):
        exercises(small).begin("group")


def test_parts_for_some_variants_only() -> None:
    """What is for other variants is left out; what varies is filled in, as text or as what it is."""
    assert variants.fill("{{list}}", {"list": ["a"]}) == ["a"]
    assert variants.fill("{{a}}!", {"a": "{{b}}", "b": 3}) == "3!"


# State


def test_the_state_tells_what_is_so() -> None:
    """Machines, guests, documents and what was asked, with names in small letters, in plain JSON."""
    cloud = Cloud()
    cloud.say("az group create -n Lab -l eastus")
    cloud.say("az vm create -g lab -n Maker --image Ubuntu2204 --admin-username ada --generate-ssh-keys")
    cloud.say("az image create -g lab -n golden --source Maker")
    seen = json.loads(json.dumps(state(cloud)))
    assert find("machines[0].[name, group, power, guest.accounts]", seen) == ["maker", "lab", "running", ["ada"]]
    assert find("all.virtualMachines[0].path", seen) == "maker"
    assert find("history[-1].[does, name, ok, status, code]", seen) == [
        "create managed image",
        "golden",
        False,
        409,
        "OperationNotAllowed",
    ]
    assert find("contains(history[-1].refused, 'image-source-is-generalized')", seen) is True


# Results


def test_what_lies_in_a_blob_goes_by_its_address() -> None:
    """A guest in a VHD has no resource id; the state tells its address all the same."""
    cloud = Cloud()
    cloud.say("az group create -n lab -l eastus")
    cloud.say("az vm create -g lab -n maker --image Ubuntu2204 --generate-ssh-keys")
    key, guest = next(iter(cloud.world.guests.items()))
    cloud.world = replace(cloud.world, guests=cloud.world.guests.insert("https://a.blob/vhds/os.vhd", guest))
    assert find("guests[?name=='os.vhd'].path", state(cloud)) == ["https://a.blob/vhds/os.vhd"]
    assert find("length(guests)", state(cloud)) == 2, key


def test_results_are_a_table(work: Workbook, tmp_path: Path) -> None:
    """Results show every exercise, use up no hint, and are written as JSON or CSV, without the course's key."""
    work = exercises(tmp_path / "98-small.toml", "=ada", "secret")
    work.begin("group").say("az group create -n other -l eastus")
    work.check("group")
    found = work.results()
    assert "A group" in repr(found)
    page = found._repr_mimebundle_()["text/html"]
    assert '<th scope="col" style="text-align:left">exercise</th>' in page
    assert '<caption style="text-align:left">98-small: =ada</caption>' in page
    assert '<th scope="row" style="text-align:left">◐ A group</th>' in page
    told = json.loads(found.export(tmp_path / "r.json").read_text("utf-8"))
    assert (told["learner"], told["points"], told["of"], told["exercises"][0]["hints"]) == ("=ada", 0, 4, 1)
    rows = list(csv.DictReader(found.export(tmp_path / "r.csv").read_text("utf-8").splitlines()))
    assert (rows[0]["learner"], rows[0]["exercise"]) == ("'=ada", "group")
    assert not any("secret" in path.read_text("utf-8") for path in tmp_path.glob("r.*"))
    assert work.export(tmp_path / "w.json").read_text("utf-8") == (tmp_path / "r.json").read_text("utf-8")


def test_results_have_two_forms(tmp_path: Path) -> None:
    """Another kind of file is told before anything is written."""
    with pytest.raises(ValueError, match=r"NAME.json or NAME.csv; 'r.xlsx' is neither"):
        Results("1", "", "", (Result("a", "A", "done", 1, 1, 0, 0),)).export(tmp_path / "r.xlsx")


def test_a_long_answer_is_broken_into_lines() -> None:
    """A call that would be too long for a cell stands on several lines."""
    assert answering("a", {"b": None}) == 'answer("a", b=None)'
    long = answering("a", {"b": ["x" * 60, "y" * 60]})
    assert long.splitlines()[0] == "answer("
    assert long.endswith(",\n)")
