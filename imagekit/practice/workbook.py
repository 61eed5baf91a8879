"""A file of exercises in a learner's hands: begin one, answer, check, and see the results."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imagekit import course as home
from imagekit.cloud import Cloud
from imagekit.practice import judging, variants
from imagekit.practice.exercise import Choice, Exercise, File, Question, read
from imagekit.practice.results import Result, Results
from imagekit.practice.verdict import Verdict
from imagekit.unreadable import nearest


@dataclass(frozen=True, slots=True, repr=False)
class Given:
    """What was answered, question by question; shows itself so that one can read it again."""

    lines: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join(self.lines)


@dataclass(eq=False, repr=False)
class Workbook:
    """The exercises of one lesson for one learner; the three words are `begin`, `answer` and `check`.

    `learner` and `course` decide the variants: whoever knows both gets the same ones again. A learner without a name
    gets the first of each.

    >>> work = exercises("01-disks-and-images")
    >>> work.learner, work.check(next(iter(work.file.by_name))).state
    ('', 'not answered')
    """

    file: File
    learner: str = ""
    course: str = ""
    _clouds: dict[str, Cloud] = field(default_factory=dict)
    _answers: dict[str, dict[str, str | tuple[str, ...]]] = field(default_factory=dict)
    _rungs: dict[tuple[str, str], int] = field(default_factory=dict)

    # --- three words ------------------------------------------------------------------------------------------------

    def begin(self, name: str) -> Cloud:
        """Print the task of an exercise and give a fresh cloud to do it in; what was answered before is forgotten."""
        exercise = self.exercise(name)
        judging.truths(exercise)
        cloud = self._clouds[exercise.name] = judging.stage(exercise)
        self._answers.pop(exercise.name, None)
        print("\n".join([exercise.task.strip("\n"), *_asked(exercise)]))
        return cloud

    def answer(self, name: str, /, **given: object) -> Given:
        """Answer the questions of an exercise by their names; None means not answered.

        What is none of the choices is told and not counted. Nothing here raises for a wrong answer.
        """
        exercise = self.exercise(name)
        kept = self._answers.setdefault(exercise.name, {})
        questions = {question.name: question for question in exercise.question}
        return Given(tuple(self._kept(kept, questions, key, value) for key, value in given.items()))

    def check(self, name: str, hint: int | None = None) -> Verdict:
        """How an exercise stands, with the first goal that is not met and a hint towards it.

        Each further check of the same goal gives the next hint; `hint` asks for a certain one, from 1.
        """
        exercise = self.exercise(name)
        if hint is not None and (isinstance(hint, bool) or not isinstance(hint, int) or hint < 1):
            raise ValueError(f"hints are counted from 1, such as check({exercise.name!r}, hint=2); {hint!r} is none")
        seen = self._seen(exercise)
        plain = judging.judge(exercise, seen)
        verdict = judging.judge(exercise, seen, hint or self._climbed(plain))
        self._record(verdict)
        return verdict

    # --- behind them ------------------------------------------------------------------------------------------------

    def exercise(self, name: object) -> Exercise:
        """This learner's variant of an exercise; raises ValueError for a name that is none, with the nearest."""
        if not isinstance(name, str) or name not in self.file.by_name:
            said = repr(name) if len(repr(name)) < 60 else f"{repr(name)[:60]}…"
            near = nearest(str(name)[:60], self.file.by_name)
            hint = f"did you mean {near!r}?" if near else f"there are {', '.join(self.file.by_name)}"
            raise ValueError(f"there is no exercise {said} here; {hint}")
        return variants.variant(self.file.by_name[name], self.variant(name))

    def variant(self, name: str) -> int:
        """The number of this learner's variant of an exercise, from 0."""
        whole = self.file.by_name[name]
        return variants.number(self.course, self.learner, f"{self.file.name}/{name}", variants.count(whole))

    def results(self) -> Results:
        """How all exercises stand now, as a table that can be exported; no hint is used up."""
        rows = [self._result(self.exercise(name)) for name in self.file.by_name]
        return Results(self.file.name, self.learner, self.course, tuple(rows))

    def _result(self, exercise: Exercise) -> Result:
        verdict = judging.judge(exercise, self._seen(exercise))
        hints = sum(count for (name, _), count in self._rungs.items() if name == exercise.name)
        number = self.variant(exercise.name)
        return Result(exercise.name, exercise.title, verdict.state, verdict.points, exercise.points, number, hints)

    def _seen(self, exercise: Exercise) -> dict[str, Any]:
        cloud = self._clouds.get(exercise.name) or judging.stage(exercise)
        return judging.reached(exercise, cloud, self._answers.get(exercise.name, {}))

    def _climbed(self, verdict: Verdict) -> int:
        """The rung for this check: one higher whenever the same goal is still not met."""
        if verdict.state != "not yet":
            return 0
        key = verdict.exercise, verdict.goal
        self._rungs[key] = self._rungs.get(key, 0) + 1
        return self._rungs[key]

    def _kept(
        self, kept: dict[str, str | tuple[str, ...]], questions: dict[str, Question], name: str, value: object
    ) -> str:
        """Keep one answer, and say in a line what was kept."""
        kept.pop(name, None)
        if name not in questions:
            return f"· there is no question {name!r}; the questions are {', '.join(questions) or 'none'}"
        if value is None or (isinstance(value, str | list | tuple | set) and not value):
            return f"· {name}: not answered"
        try:
            kept[name] = judging.chosen(questions[name], value)
        except ValueError as error:
            return f"· {name}: not counted. {error}"
        said = kept[name]
        return f"→ {name}: {said if isinstance(said, str) else ', '.join(said)}"

    def _record(self, verdict: Verdict) -> None:
        from imagekit.practice import progress  # here, because only a check leaves a trace

        progress.record(self.file.name, verdict.exercise, verdict.points, verdict.of)


def exercises(name: str | Path, learner: object = "", course: object = "") -> Workbook:
    """Open the exercises of a lesson by the lesson's name, or by the path of their TOML file.

    A file in the working folder comes before the course's own. Raises Unreadable for one that cannot be read and
    ValueError for a name there is none of.

    >>> exercises("01-disks-and-image")
    Traceback (most recent call last):
    ValueError: there are no exercises '01-disks-and-image'; did you mean '01-disks-and-images'?
    """
    return Workbook(read(_found(name)), _plain("learner", learner), _plain("course", course))


def _found(name: str | Path) -> Path:
    text = str(name)
    here = Path(text if text.endswith(".toml") else f"{text}.toml")
    known = {path.stem: path for path in home.exercise_tables()}
    if text.endswith(".toml") or (here.name == str(here) and here.is_file()):
        return here
    if text not in known:
        near = nearest(text[:60], known)
        hint = f"did you mean {near!r}?" if near else f"there are {', '.join(known)}"
        raise ValueError(f"there are no exercises {text[:60]!r}; {hint}")
    return known[text]


def _plain(what: str, value: object) -> str:
    if value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
        raise ValueError(f'{what} is a name or a number, such as {what} = "ada"; it was a {type(value).__name__}')
    return "" if value is None else str(value).strip()


WIDTH = 100


def _asked(exercise: Exercise) -> Iterator[str]:
    """The questions as `begin` prints them, each with the words that may be answered."""
    for question in exercise.question:
        many = ' (a list, such as ["one", "another"])' if question.several else ""
        yield from ("", *textwrap.wrap(f"{question.name}: {question.asks}{many}", WIDTH, subsequent_indent="  "))
        if any(choice.says for choice in question.choices):
            yield from (line for choice in question.choices for line in _explained(choice))
        else:
            yield "  " + " | ".join(f'"{choice.name}"' for choice in question.choices)


def _explained(choice: Choice) -> list[str]:
    said = f'"{choice.name}": {choice.says}' if choice.says else f'"{choice.name}"'
    return textwrap.wrap(said, WIDTH, initial_indent="  ", subsequent_indent="      ")


__all__ = ["Given", "Workbook", "exercises"]
