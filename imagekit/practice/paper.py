"""Notebooks of exercises, made from their TOML file: the learner's, and the teacher's with solutions in it.

Both carry nbgrader's metadata (schema 3). The teacher's is what `nbgrader generate_assignment` takes; with `SETTINGS`
as its nbgrader_config.py the released notebook is the learner's, cell by cell.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from imagekit import course as home
from imagekit.practice import judging
from imagekit.practice.exercise import Exercise, File, read
from imagekit.practice.workbook import Workbook
from imagekit.world import JSON

STUB = "# your answer"
WHY = "*Your reasons, in two or three sentences of your own.*"
SETTINGS = f"""# What nbgrader puts in the place of a solution: without these, an unanswered cell would end in an error.
c = get_config()  # noqa: F821
c.ClearSolutions.code_stub = {{"python": {STUB!r}}}
c.ClearSolutions.text_stub = {WHY!r}
"""
KINDS = {"do": "Do it", "repair": "Repair it", "predict": "Predict it", "slip": "Find the slip", "decide": "Decide"}
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_METADATA = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
_WIDEST = 120


def learner_version(file: File) -> JSON:
    """The notebook a learner gets, as JSON in notebook format 4.5."""
    return _notebook(_cells(file, None))


def source_version(path: str | Path, learner: str = "", course: str = "") -> JSON:
    """The teacher's notebook of a TOML file: solutions stand between BEGIN SOLUTION and END SOLUTION.

    Solutions are those of the learner's variants; without a name, of the first.

    >>> from imagekit import course
    >>> notebook = source_version(course.exercise_tables()[0])
    >>> any("BEGIN SOLUTION" in cell["source"] for cell in notebook["cells"])
    True
    """
    work = Workbook(read(path), learner, course)
    return _notebook(_cells(work.file, work))


def write(path: str | Path) -> Path:
    """Write the learner's notebook beside its TOML file; gives the notebook's path back."""
    target = Path(path).with_suffix(".ipynb")
    target.write_text(json.dumps(learner_version(read(path)), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return target


def nbgrader_course(folder: str | Path, course: str = "") -> tuple[Path, ...]:
    """Write what nbgrader needs of a course into a folder: its settings, and an assignment for each file of exercises.

    `course` is the word the variants are dealt by; it stands in every notebook. What is there already is left alone;
    gives the paths that were written.
    """
    texts = {Path(folder, "nbgrader_config.py"): SETTINGS}
    for path in home.exercise_tables():
        notebook = json.dumps(source_version(path, "", course), indent=1, ensure_ascii=False) + "\n"
        texts[Path(folder, "source", path.stem, f"{path.stem}.ipynb")] = notebook
    new = {path: text for path, text in texts.items() if not path.exists()}
    for path, text in new.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tuple(new)


def _notebook(cells: Iterator[JSON]) -> JSON:
    made = list(cells)
    for number, cell in enumerate(made):
        cell["id"] = hashlib.sha256(f"{number}{cell['source']}".encode()).hexdigest()[:12]
    return {"cells": made, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}


def _cells(file: File, work: Workbook | None) -> Iterator[JSON]:
    yield _text(f"# {file.title}\n\n{file.intro.strip()}")
    yield _code(_parameters(work), {"tags": ["parameters"]})
    yield _code(_OPENING.format(name=file.name), _graded("opening", locked=True))
    for number, exercise in enumerate(file.exercise, 1):
        yield _text(_heading(number, exercise))
        yield from _exercise(exercise, work.exercise(exercise.name) if work else None)
    yield _text(f"## How it stands\n\n{file.outro.strip()}")
    yield _code("work.results()")


def _parameters(work: Workbook | None) -> str:
    learner, course = (work.learner, work.course) if work else ("", "")
    return f"""learner = {_python(learner)}  # your name or number, as your teacher knows it
course = {_python(course)}  # the word your teacher gave out"""


_OPENING = """from imagekit.practice import exercises

%load_ext imagekit
work = exercises("{name}", learner, course)
begin, answer, check = work.begin, work.answer, work.check"""


def _heading(number: int, exercise: Exercise) -> str:
    points = "1 point" if exercise.points == 1 else f"{exercise.points} points"
    by_hand = f", and {exercise.by_hand} from your teacher" if exercise.by_hand else ""
    return f"## {number}. {exercise.title}\n\n*{KINDS[exercise.kind]} · {points}{by_hand}*\n\n{exercise.story.strip()}"


def _exercise(exercise: Exercise, solved: Exercise | None) -> Iterator[JSON]:
    """The cells of one exercise; `solved` is the variant whose solution is written in, None leaves the stubs."""
    name = exercise.name
    yield _code(f'cloud = begin("{name}")', _graded(f"{name}-begin", locked=True))
    if exercise.said:
        said = solved.solution.say.strip("\n") if solved else ""
        yield _code(f"%%az\n{_region(said, STUB)}", _graded(f"{name}-say", solution=True))
    if exercise.question:
        answered = answering(name, solution_answers(solved)) if solved else ""
        empty = answering(name, {question.name: None for question in exercise.question})
        yield _code(f"{empty}\n{_region(answered, STUB)}", _graded(f"{name}-answer", solution=True))
    yield _code(f'check("{name}")', _graded(name, locked=True, points=exercise.points))
    if exercise.by_hand:
        why = solved.solution.why.strip() if solved else ""
        yield _text(_region(why, WHY), _graded(f"{name}-why", solution=True, points=exercise.by_hand))


def _region(text: str, stub: str) -> str:
    return f"### BEGIN SOLUTION\n{text}\n### END SOLUTION" if text else stub


def solution_answers(exercise: Exercise) -> dict[str, str | list[str]]:
    """The right answer to every question of a variant: what its solution says, else what playing finds."""
    return {**judging.truths(exercise), **exercise.solution.answers}


def answering(name: str, given: Mapping[str, str | list[str] | None]) -> str:
    """The call that gives these answers, broken into lines where one would be too long."""
    words = [f"{key}={_python(value)}" for key, value in given.items()]
    line = f'answer("{name}", {", ".join(words)})'
    if len(line) <= _WIDEST:
        return line
    return "\n".join(["answer(", *(f"    {word}," for word in [f'"{name}"', *words]), ")"])


def _python(value: str | list[str] | None) -> str:
    return "None" if value is None else json.dumps(value, ensure_ascii=False)


def _graded(name: str, *, locked: bool = False, solution: bool = False, points: int = 0) -> JSON:
    told: JSON = {"grade": bool(points), "grade_id": name, "locked": locked, "schema_version": 3}
    told |= {"solution": solution, "task": False} | ({"points": points} if points else {})
    fixed = {"deletable": False} | ({"editable": False} if locked else {})
    return {**fixed, "nbgrader": told}


def _text(source: str, metadata: JSON | None = None) -> JSON:
    return {"cell_type": "markdown", "metadata": metadata or {}, "source": source}


def _code(source: str, metadata: JSON | None = None) -> JSON:
    return {"cell_type": "code", "execution_count": None, "metadata": metadata or {}, "outputs": [], "source": source}


__all__ = [
    "SETTINGS",
    "answering",
    "learner_version",
    "nbgrader_course",
    "solution_answers",
    "source_version",
    "write",
]
