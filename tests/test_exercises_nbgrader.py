"""The whole way through nbgrader, offline: a teacher's notebooks, released, handed in, validated and graded."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import nbgrader.api
import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.validator import Validator
from traitlets.config import PyFileConfigLoader

from imagekit.practice import nbgrader_course
from imagekit.practice.exercise import Said

from exercise_papers import FILES, Pick, answered, file, notebook, solved
from notebooks import code

KEY = "autumn"
Score = dict[str, tuple[float | None, bool]]

# What nbgrader and its own packages warn of is nothing that could be mended here.
pytestmark = pytest.mark.filterwarnings("ignore")
each_file = pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in FILES])
alembic_version = cache(nbgrader.api.get_alembic_version)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A teacher's folder, as it is written for nbgrader."""
    monkeypatch.setenv("IMAGEKIT_PROGRESS", "off")
    # For every look into its gradebook nbgrader runs alembic by its bare name, to hear its version: once is enough.
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    monkeypatch.setattr(nbgrader.api, "get_alembic_version", alembic_version)
    nbgrader_course(tmp_path, KEY)
    return tmp_path


def graded(course: Path, path: Path, fill: Callable[[Any], Any]) -> Score:
    """Release a file, hand it in filled, and let nbgrader grade it: points, and whether a person has to read it."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.CourseDirectory.root = str(course)
    api = NbGraderAPI(config=config)
    succeeds(api.generate_assignment(path.stem))
    released = nbformat.read(course / "release" / path.stem / f"{path.stem}.ipynb", as_version=4)
    save(course / "submitted" / "ada" / path.stem, path.stem, fill(released))
    succeeds(api.autograde(path.stem, "ada"))
    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        grades = [grade for paper in book.find_submission(path.stem, "ada").notebooks for grade in paper.grades]
        return {grade.name: (grade.auto_score, bool(grade.needs_manual_grade)) for grade in grades}


def succeeds(done: dict[str, Any]) -> None:
    """What nbgrader did must have gone well; its log says why it did not."""
    assert done["success"], done["log"]


def save(folder: Path, name: str, paper: Any) -> Path:
    """Write a notebook into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(paper, folder / f"{name}.ipynb")
    return folder / f"{name}.ipynb"


@each_file
def test_a_file_goes_through_nbgrader(course: Path, path: Path) -> None:
    """Released is the learner's notebook, cell by cell; solved gets all points, and free text waits for a reader."""
    seen = []

    def fill(released: Any) -> Any:
        seen.extend(cell.source for cell in released.cells)
        return answered(released, file(path), solved, "ada", KEY)

    got = graded(course, path, fill)
    assert seen == [cell.source.replace('course = ""', f'course = "{KEY}"') for cell in notebook(path).cells]
    points = {one.name: (one.points, False) for one in file(path).exercise}
    texts = {f"{one.name}-why": (None, True) for one in file(path).exercise if one.by_hand}
    assert got == points | texts
    assert texts


def test_unsolved_scores_nothing(course: Path) -> None:
    """Who hands in what was released gets no points, not for free text either, and nobody has to read anything."""
    got = graded(course, FILES[0], lambda released: released)
    assert set(got.values()) == {(0.0, False)}


def test_a_table_that_is_handed_in_counts_for_nothing(course: Path) -> None:
    """A learner's own table beside the notebook, and an opening that asks for it, do not take the true ones' place."""
    path = FILES[0]
    generous = re.sub(r"(?m)^when = .*$", 'when = "`true`"', path.read_text("utf-8"))
    assert generous.count('when = "`true`"') > len(file(path).exercise)

    def fill(released: Any) -> Any:
        (course / "submitted" / "ada" / path.stem).mkdir(parents=True)
        (course / "submitted" / "ada" / path.stem / path.name).write_text(generous, encoding="utf-8")
        paper = answered(released, file(path), idle, "ada", KEY)
        opening = next(cell for cell in paper.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "opening")
        opening.source = opening.source.replace(path.stem, f"./{path.name}")
        return paper

    idle: Pick = lambda one: Said(say="az group create -n mine -l eastus") if one.said else None  # noqa: E731
    got = graded(course, path, fill)
    assert {got[one.name] for one in file(path).exercise} == {(0.0, False)}


def test_an_odd_name_is_graded_as_nobodys(course: Path) -> None:
    """What is no name in the first cell costs a learner nothing that was solved as nobody's."""
    path = FILES[0]

    def fill(released: Any) -> Any:
        paper = answered(released, file(path), solved)
        code(paper)[0].source = 'learner, course = ["ada"], "autumn"'
        return paper

    got = graded(course, path, fill)
    assert {one.name: got[one.name][0] for one in file(path).exercise} == {
        one.name: one.points for one in file(path).exercise
    }


def test_validate_tells_what_is_open(course: Path) -> None:
    """The Validate button of nbgrader fails on what is unsolved and on nothing else."""
    path = FILES[0]
    first, *rest = file(path).exercise
    pick: Pick = lambda one: solved(one) if one.name == first.name else None  # noqa: E731
    told = Validator().validate(str(save(course, path.stem, answered(notebook(path), file(path), pick))))
    sources = "".join(failure["source"] for failure in told["failed"])
    assert [one.name for one in rest if f'check("{one.name}")' not in sources] == []
    assert f'check("{first.name}")' not in sources


def test_a_course_is_not_overwritten(course: Path) -> None:
    """What a teacher has changed stays: nothing that is there is written again."""
    (course / "nbgrader_config.py").write_text("# mine", encoding="utf-8")
    assert nbgrader_course(course) == ()
    assert (course / "nbgrader_config.py").read_text("utf-8") == "# mine"
