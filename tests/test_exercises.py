"""Every exercise of every file: solvable in each variant, fair to the typical slip, and graded by nbgrader."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import pytest

from imagekit import course
from imagekit.practice import judging, variants
from imagekit.practice.exercise import Exercise, Said
from imagekit.practice.paper import learner_version
from imagekit.practice.state import find, state
from imagekit.unreadable import Unreadable

from exercise_papers import FILES, exercises, file, filled, grades, notebook, run, solved, spoken, verdict

KINDS = {"do", "repair", "predict", "slip", "decide"}
LEARNERS = [f"learner-{number}" for number in range(200)]

each_file = pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in FILES])
each_exercise = pytest.mark.parametrize(
    ("path", "exercise"), [pytest.param(path, one, id=f"{path.stem}-{one.name}") for path, one in exercises()]
)
each_variant = pytest.mark.parametrize(
    "exercise",
    [
        pytest.param(one, id=f"{path.stem}-{whole.name}-{number}")
        for path, whole in exercises()
        for number, one in enumerate(variants.each(whole))
    ],
)


@pytest.fixture(autouse=True)
def no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tested here leaves no trace in anybody's folder."""
    monkeypatch.setenv("IMAGEKIT_PROGRESS", "off")


# The files


@each_file
def test_a_file_asks_in_many_ways(path: Path) -> None:
    """A file has at least four exercises of at least four kinds, one of them said, one of them answered."""
    kinds = {exercise.kind for exercise in file(path).exercise}
    assert len(file(path).exercise) >= 4
    assert len(kinds) >= 4


@each_file
def test_the_notebook_is_the_file(path: Path) -> None:
    """The notebook that lies beside a file is what the file makes, so points and names cannot drift apart."""
    stored = json.loads(path.with_suffix(".ipynb").read_text("utf-8"))
    assert stored == learner_version(file(path)), "write it anew: imagekit.practice.paper.write(path)"
    nbformat.validate(stored)


@each_file
def test_names_are_for_one_thing(path: Path) -> None:
    """No two exercises of a file share a name."""
    assert [name for name, count in Counter(one.name for one in file(path).exercise).items() if count > 1] == []


@each_file
def test_another_tongue_does(path: Path) -> None:
    """In each file at least one exercise is shown to be solved in another tongue than az."""
    others = {part.tongue for one in file(path).exercise for said in one.also for part in spoken(said)}
    assert others & {"powershell", "rest", "arm"}


@each_exercise
def test_the_notebook_holds_for_every_variant(path: Path, exercise: Exercise) -> None:
    """What stands in the notebook says nothing that only one variant has."""
    assert "{{" not in exercise.title + exercise.story
    whole = [one.points for one in variants.each(exercise)]
    asked = [[question.name for question in one.question] for one in variants.each(exercise)]
    said = [one.said for one in variants.each(exercise)]
    assert [set(whole), len({*map(tuple, asked)}), len(set(said))] == [{exercise.points}, 1, 1]


# Every variant


@each_variant
def test_a_variant_begins_in_order(exercise: Exercise) -> None:
    """The start is accepted, nothing has a hole left, and no goal is met before anything was done."""
    seen = judging.reached(exercise, judging.stage(exercise), {})
    assert [goal.name for goal in exercise.goal if find(goal.when, seen)] == []
    assert "{{" not in exercise.model_dump_json()


@each_variant
def test_a_variant_is_solved_by_its_solution(exercise: Exercise) -> None:
    """The reference solution, and every other way that is noted, earns all points."""
    for said in (exercise.solution, *exercise.also):
        found = verdict(exercise, solved(exercise, said))
        assert (found.state, found.points) == ("done", exercise.points), f"{said}\n{found}"


@each_variant
def test_every_line_of_a_solution_is_needed(exercise: Exercise) -> None:
    """No line of the solution is idle, unless it says that it is merely advised: without it a goal is missed."""
    lines = re.sub(r"\\\n", " ", exercise.solution.say.strip()).splitlines()
    idle = [line for number, line in enumerate(lines) if line.strip() and done_without(exercise, lines, number)]
    assert [line for line in idle if "  # advised: " not in line] == []


def done_without(exercise: Exercise, lines: list[str], number: int) -> bool:
    """Whether an exercise is done although one line was left out."""
    say = "\n".join(lines[:number] + lines[number + 1 :])
    try:
        return verdict(exercise, solved(exercise, exercise.solution.model_copy(update={"say": say}))).state == "done"
    except Unreadable:
        return False


@each_variant
def test_a_typical_wrong_answer_is_met(exercise: Exercise) -> None:
    """A typical wrong answer earns what it deserves, and the first hint speaks to it."""
    for wrong in exercise.wrong:
        found = verdict(exercise, wrong)
        assert (found.points, found.goal) == (wrong.points, wrong.goal), f"{wrong.named}\n{found}"
        assert wrong.tells in found.hint, f"{wrong.named}\n{found}"
        assert found.points < found.of


@each_variant
def test_hints_do_not_give_it_away(exercise: Exercise) -> None:
    """No hint, not even the last, is a line of the solution, or says an answer as it is to be given."""
    lines = [line.strip() for line in exercise.solution.say.splitlines() if len(line.split()) > 4]
    answers = [f'{name} = "{truth}"' for name, truth in judging.truths(exercise).items()]
    hints = [hint for goal in exercise.goal for hint in (*goal.hints, *(slip.says for slip in goal.slips))]
    assert [hint for hint in hints if any(given in hint for given in lines + answers)] == []


# Variants


@each_exercise
def test_each_exercise_varies(path: Path, exercise: Exercise) -> None:
    """An exercise has at least two variants, and no two are alike in more than names."""
    shapes = [shape(one) for one in variants.each(exercise)]
    assert len(shapes) >= 2
    assert len(set(shapes)) == len(shapes)


def shape(exercise: Exercise) -> str:
    """What a variant is when names do not count: what is there at the start and after the solution, and the truths."""
    begun, ended = judging.stage(exercise), judging.stage(exercise)
    for part in spoken(exercise.solution):
        ended.say(part.say, part.tongue)
    worlds = [[kinds(state(cloud)), inside(state(cloud))] for cloud in (begun, ended)]
    steps = [(step["does"], step["ok"]) for step in state(ended)["history"]]
    return json.dumps([worlds, steps, judging.truths(exercise)], sort_keys=True)


def kinds(seen: dict[str, Any]) -> Any:
    """How many documents there are of each kind, with the choices made in them."""
    told = ("osState", "hyperVGeneration", "osType", "diskSizeGB")
    return {
        kind: sorted(repr([find(f"properties.{word}", one) for word in told] + [one.get("location")]) for one in all)
        for kind, all in seen["all"].items()
    }


def inside(seen: dict[str, Any]) -> Any:
    """How the machines stand, whatever they are called."""
    told = ("power", "generalized", "guest.os", "guest.agent", "guest.deprovisioned", "guest.hostname == name")
    return sorted(repr([find(word, one) for word in told]) for one in seen["machines"])


@each_exercise
def test_variants_are_spread(path: Path, exercise: Exercise) -> None:
    """Two hundred learners get only variants there are, all of them, and none of them most of the time."""
    labels = variants.labels(exercise)
    got = Counter(variants.number("autumn", learner, f"{path.stem}/{exercise.name}", labels) for learner in LEARNERS)
    assert sorted(got) == list(range(len(labels)))
    assert max(got.values()) < 2 * len(LEARNERS) / len(labels)


@each_exercise
def test_variants_follow_from_the_key(path: Path, exercise: Exercise) -> None:
    """The same course and learner get the same variant again; another course deals anew; nobody gets the first."""
    labels, name = variants.labels(exercise), f"{path.stem}/{exercise.name}"
    dealt = {key: [variants.number(key, one, name, labels) for one in LEARNERS] for key in ("autumn", "spring")}
    assert dealt["autumn"] == [variants.number("autumn", one, name, labels) for one in LEARNERS]
    assert dealt["autumn"] != dealt["spring"]
    assert variants.number("autumn", "", name, labels) == 0


@each_exercise
def test_a_new_variant_moves_only_those_who_get_it(path: Path, exercise: Exercise) -> None:
    """When a version adds a variant, some learners get that one, and all others keep theirs wherever it stands."""
    labels, name = variants.labels(exercise), f"{path.stem}/{exercise.name}"
    before = [labels[variants.number("autumn", one, name, labels)] for one in LEARNERS]
    more = ["new", *labels]
    after = [more[variants.number("autumn", one, name, more)] for one in LEARNERS]
    moved = [new for old, new in zip(before, after, strict=True) if old != new]
    assert set(moved) == {"new"}
    assert len(moved) < 2 * len(LEARNERS) / len(more)


# With nbgrader


@each_file
@pytest.mark.parametrize("learner", ["", "ada", "한별"])
def test_unsolved_is_no_points_and_no_error(path: Path, learner: str, tmp_path: Path) -> None:
    """Restart and run all passes when nothing is answered, and nbgrader gives no points."""
    paper = run(filled(path, lambda exercise: None, learner, "autumn"), tmp_path)
    shown = [output for cell in paper.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output for output in shown if output.output_type == "error" or output.get("name") == "stderr"] == []
    auto = {one.name for one in file(path).exercise}
    assert {name: got for name, (got, _) in grades(paper).items() if name in auto} == dict.fromkeys(auto, 0)


@each_file
@pytest.mark.parametrize("learner", ["", "ada", "한별", "=1+1"])
def test_solved_is_full_points(path: Path, learner: str, tmp_path: Path) -> None:
    """A learner who solves every variant in the notebook gets all points from nbgrader, but for what a person reads."""
    paper = run(filled(path, solved, learner, "autumn"), tmp_path)
    exercises = file(path).exercise
    expected = {one.name: (one.points, one.points) for one in exercises}
    assert {name: got for name, got in grades(paper).items() if name in expected} == expected


@each_file
def test_wrong_in_the_notebook_is_what_it_deserves(path: Path, tmp_path: Path) -> None:
    """A typical wrong answer written into the notebook gets its points from nbgrader, and a hint that meets it."""
    for number in range(max(len(one.wrong) for one in file(path).exercise)):
        paper = run(filled(path, lambda exercise, at=number: nth(exercise, at)), tmp_path)
        shown = {cell.metadata.nbgrader.grade_id: cell for cell in paper.cells if "nbgrader" in cell.metadata}
        for exercise in file(path).exercise:
            wrong = nth(next(variants.each(exercise)), number)
            if wrong is not None:
                assert grades(paper)[exercise.name] == (wrong.points, exercise.points), wrong.named
                assert wrong.tells in plain(shown[exercise.name].outputs[0].data["text/html"])


def nth(exercise: Exercise, number: int) -> Any:
    """The wrong answer of this number, where there is one that an az cell can hold."""
    fitting = [wrong for wrong in exercise.wrong if wrong.tongue in (None, "az") and not wrong.then]
    return fitting[number] if number < len(fitting) else None


def plain(page: str) -> str:
    """The words of a page."""
    text = re.sub(r"<[^>]*>", "", page)
    for name, sign in (("&#x27;", "'"), ("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(name, sign)
    return text


@each_file
def test_cells_are_nbgraders(path: Path) -> None:
    """What is graded is locked and what is answered is not; every cell of an exercise has an id of its own."""
    told = [cell.metadata.nbgrader for cell in notebook(path).cells if "nbgrader" in cell.metadata]
    assert {one.schema_version for one in told} == {3}
    assert len({one.grade_id for one in told}) == len(told)
    assert all(one.locked != one.solution for one in told)


def test_every_file_is_found() -> None:
    """The course finds the files there are, each with its notebook."""
    assert {path.name for path in FILES} <= {path.name for path in course.exercise_tables()}
    assert {path.stem for path in FILES} <= {path.stem for path in course.exercises()}


def test_said_is_the_same_everywhere() -> None:
    """An empty answer is no way to solve anything."""
    assert [one.name for _, one in exercises() if verdict(next(variants.each(one)), Said()).points] == []
