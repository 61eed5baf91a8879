"""A file of exercises in a learner's hands: begin one, answer, check, and see the results."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from imagekit import course as home
from imagekit.cloud import Cloud
from imagekit.practice import judging, variants
from imagekit.practice.exercise import Exercise, File, Question, read
from imagekit.practice.results import Result, Results
from imagekit.practice.verdict import Verdict
from imagekit.practice.wrapped import asked
from imagekit.unreadable import nearest

ANEW = ("", "Answers start anew too: run the answer cell again.")
ELSEWHERE = "Your last begin was {last}, and what you said since went there. To go on here, begin this one again."


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
    _told: set[tuple[str, str]] = field(default_factory=set)
    _heard: dict[str, int] = field(default_factory=dict)

    # --- three words ------------------------------------------------------------------------------------------------

    def begin(self, name: str) -> Cloud:
        """Print the task of an exercise and give a fresh cloud to do it in.

        What was answered to this exercise before is forgotten, and said so; answers to others stay.
        """
        exercise = self.exercise(name)
        judging.truths(exercise)
        self._clouds.pop(exercise.name, None)  # so that the cloud begun last is the last of them
        cloud = self._clouds[exercise.name] = judging.stage(exercise)
        self._heard[exercise.name] = 0
        forgotten = self._answers.pop(exercise.name, None)
        print("\n".join([*asked(exercise), *(ANEW if forgotten else ())]))
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

        Each further check of the same goal gives the next hint, and a second one before anything was done the first;
        `hint` asks for a certain one, from 1. What is told once before that uses none up: a known slip, and that
        something was said in the cloud of another exercise. The verdict on the file's first exercise names the learner.
        """
        exercise = self.exercise(name)
        if hint is not None and (isinstance(hint, bool) or not isinstance(hint, int) or hint < 1):
            raise ValueError(f"hints are counted from 1, such as check({exercise.name!r}, hint=2); {hint!r} is none")
        seen = self._seen(exercise)
        verdict = self._hinted(exercise, seen, hint)
        self._record(verdict)
        return replace(verdict, learner=self.learner) if exercise.name == self.file.exercise[0].name else verdict

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
        return variants.number(self.course, self.learner, f"{self.file.name}/{name}", variants.labels(whole))

    def results(self) -> Results:
        """How all exercises stand now, as a table that can be exported; no hint is used up."""
        rows = [self._result(self.exercise(name)) for name in self.file.by_name]
        return Results(self.file.name, self.learner, self.course, tuple(rows))

    def export(self, path: str | Path) -> Path:
        """Write the results as they stand now to a file, NAME.json or NAME.csv; raises ValueError for any other."""
        return self.results().export(path)

    def _result(self, exercise: Exercise) -> Result:
        verdict = judging.judge(exercise, self._seen(exercise))
        hints = sum(count for (name, _), count in self._rungs.items() if name == exercise.name)
        number = self.variant(exercise.name)
        return Result(exercise.name, exercise.title, verdict.state, verdict.points, exercise.points, number, hints)

    def _seen(self, exercise: Exercise) -> dict[str, Any]:
        cloud = self._clouds.get(exercise.name) or judging.stage(exercise)
        return judging.reached(exercise, cloud, self._answers.get(exercise.name, {}))

    def _hinted(self, exercise: Exercise, seen: dict[str, Any], hint: int | None) -> Verdict:
        """The verdict with what was not told yet, or else with the next hint, or the one asked for."""
        begun = exercise.name in self._clouds
        told = {says for name, says in self._told if name == exercise.name}
        verdict = judging.judge(exercise, seen, 1, begun, told)
        last = self._elsewhere(exercise.name)
        if last and exercise.said and verdict.state != "done":
            return replace(verdict, hint=ELSEWHERE.format(last=last), rung=0, rungs=0)
        if verdict.hint and not verdict.rung:
            self._told.add((exercise.name, verdict.hint))
            return verdict
        return judging.judge(exercise, seen, hint or self._climbed(exercise, verdict), begun, told)

    def _elsewhere(self, name: str) -> str:
        """The exercise begun last, when it is another one and more was said in its cloud than any check has heard."""
        last = next(reversed(self._clouds), name)
        before = self._heard.get(last, 0)
        self._heard[last] = len(self._clouds[last].history) if last in self._clouds else 0
        return last if last != name and self._heard[last] > before else ""

    def _climbed(self, exercise: Exercise, verdict: Verdict) -> int:
        """The rung for this check: one higher whenever the same goal is still not met.

        The first check of what was only begun is none: whoever runs all cells to look at them uses up no hint.
        """
        if verdict.state == "done" or (verdict.state == "not answered" and exercise.name not in self._clouds):
            return 0
        key = exercise.name, verdict.goal or exercise.goal[0].name
        self._rungs[key] = self._rungs.get(key, 0 if verdict.goal else -1) + 1
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

    The name of a lesson is always the course's own file; a file of another name may lie in the working folder. What is
    no learner's name is told in a line, and the exercises are nobody's then. Raises Unreadable for a file that cannot
    be read and ValueError for a name there is none of.

    >>> exercises("01-disks-and-image")
    Traceback (most recent call last):
    ValueError: there are no exercises '01-disks-and-image'; did you mean '01-disks-and-images'?
    """
    return Workbook(read(_found(name)), _plain("learner", learner), _plain("course", course))


def _found(name: str | Path) -> Path:
    text = str(name)
    here = Path(text if text.endswith(".toml") else f"{text}.toml")
    known = {path.stem: path for path in home.exercise_tables()}
    if text.endswith(".toml") or (text not in known and here.name == str(here) and here.is_file()):
        return here
    if text not in known:
        near = nearest(text[:60], known)
        hint = f"did you mean {near!r}?" if near else f"there are {', '.join(known)}"
        raise ValueError(f"there are no exercises {text[:60]!r}; {hint}")
    return known[text]


def _plain(what: str, value: object) -> str:
    """A name as text; what is none is told and left out, for an error here would take all later cells along."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
        was = f"it was a {type(value).__name__} and is left out."
        print(f'· {what} is a name or a number, such as {what} = "ada"; {was}')
        return ""
    return "" if value is None else str(value).strip().encode("utf-8", "replace").decode("utf-8")


__all__ = ["Given", "Workbook", "exercises"]
