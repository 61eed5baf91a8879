"""Notebooks of exercises filled in, really run, and graded by nbgrader; all in this process."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import determine_grade, is_grade

from imagekit.practice import judging, variants
from imagekit.practice.exercise import Exercise, File, Said, Spoken, read
from imagekit.practice.paper import answering, learner_version, solution_answers
from imagekit.practice.verdict import Verdict

from notebooks import ROOT, code, fresh_shell

# EXERCISES=03* looks at some files only, while others are being written.
FILES = sorted((ROOT / "exercises").glob(f"{os.environ.get('EXERCISES', '*')}.toml"))


def file(path: Path) -> File:
    """A file of exercises, read once."""
    if path not in _READ:
        _READ[path] = read(path)
    return _READ[path]


_READ: dict[Path, File] = {}


def exercises() -> Iterator[tuple[Path, Exercise]]:
    """Every exercise of every file."""
    return ((path, exercise) for path in FILES for exercise in file(path).exercise)


def solved(exercise: Exercise, said: Said | None = None) -> Said:
    """A way to solve a variant, with the answers it does not give taken from the truths."""
    said = said or exercise.solution
    return said.model_copy(update={"answers": {**solution_answers(exercise), **said.answers}})


def spoken(said: Said) -> list[Spoken]:
    """What is to be said, part by part."""
    return [part for part in (said, *said.then) if part.say.strip()]


def verdict(exercise: Exercise, said: Said, rung: int = 1) -> Verdict:
    """How a variant stands when this is said and answered in it."""
    cloud = judging.stage(exercise)
    for part in spoken(said):
        cloud.say(part.say, part.tongue)
    questions = {question.name: question for question in exercise.question}
    answers = {name: judging.chosen(questions[name], value) for name, value in said.answers.items()}
    return judging.judge(exercise, judging.reached(exercise, cloud, answers), rung)


# Notebooks


def notebook(path: Path) -> NotebookNode:
    """The learner's notebook of a file."""
    return nbformat.from_dict(learner_version(file(path)))


Pick = Callable[[Exercise], Said | None]


def filled(path: Path, pick: Pick, learner: str = "", course: str = "") -> NotebookNode:
    """The learner's notebook of a file, filled in."""
    return answered(notebook(path), file(path), pick, learner, course)


def answered(paper: NotebookNode, whole: File, pick: Pick, learner: str = "", course: str = "") -> NotebookNode:
    """A notebook with what is picked for each of this learner's variants written into its cells."""
    code(paper)[0].source = f"learner, course = {learner!r}, {course!r}"
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in paper.cells}
    for exercise in whole.exercise:
        index = variants.number(course, learner, f"{whole.name}/{exercise.name}", variants.labels(exercise))
        if said := pick(variants.variant(exercise, index)):
            _write(cells, exercise.name, said)
    return paper


def _write(cells: dict[str, Any], name: str, said: Said) -> None:
    if said.say:
        cells[f"{name}-say"].source = f"%%az\n{said.say}"
    if said.answers:
        cells[f"{name}-answer"].source = answering(name, said.answers)
    if said.why:
        cells[f"{name}-why"].source = said.why


def run(paper: NotebookNode, folder: Path) -> NotebookNode:
    """Run all cells in a fresh shell; each keeps what it printed, showed and raised, as a kernel would store it."""
    with fresh_shell(folder) as shell:
        shell.displayhook.write_format_data = lambda *shown: None  # what a cell shows is stored, not printed
        for number, cell in enumerate(code(paper), 1):
            cell.execution_count, cell.outputs = number, list(_outputs(shell, cell.source))
    return paper


def _outputs(shell: InteractiveShell, source: str) -> Iterator[NotebookNode]:
    with capture_output() as captured:
        done = shell.run_cell(source)
    for name in ("stdout", "stderr"):
        if text := getattr(captured, name):
            yield new_output("stream", name=name, text=text)
    error = done.error_before_exec or done.error_in_exec
    if error is not None:
        yield new_output("error", ename=type(error).__name__, evalue=str(error), traceback=[])
    elif done.result is not None:
        data, _ = shell.display_formatter.format(done.result)
        yield new_output("execute_result", data=data, execution_count=1)


def grades(paper: NotebookNode) -> dict[str, tuple[float | None, float]]:
    """What nbgrader makes of each graded cell: the points (None: to be read by a person), and out of how many."""
    MetadataValidator().validate_nb(paper)
    log = logging.getLogger("nbgrader")
    graded = (cell for cell in paper.cells if is_grade(cell))
    return {cell.metadata.nbgrader.grade_id: determine_grade(cell, log) for cell in graded}
