"""What an exercise is: task, questions, goals with their hints, solution and typical wrong answers, as data.

A file of exercises is TOML beside a notebook of the same name. Nothing in it is code: goals are JMESPath over the state
reached (`imagekit.practice.state`), truths are found by playing. `{{name}}` stands for what a variant puts there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from imagekit.unreadable import Unreadable

Kind = Literal["do", "repair", "predict", "slip", "decide"]
Only = dict[str, str | list[str]]


def _expression(text: str) -> str:
    """A text that is JMESPath; holes of variants count as a word."""
    try:
        jmespath.compile(text.replace("{{", "").replace("}}", ""))
    except JMESPathError as error:
        raise ValueError(f"{text!r} is no JMESPath: {error}") from None
    return text


Expression = Annotated[str, AfterValidator(_expression)]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]


Hole = Annotated[str, Field(pattern=r"^\{\{\w+\}\}$")]


class Part(BaseModel):
    """A frozen piece of an exercise; a key nobody knows is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Slip(Part):
    """What to say first to one who fell for something known: `when` is JMESPath over the state."""

    when: Expression
    says: str


class Goal(Part):
    """Something that shall be so: `says` in a sentence, `when` in JMESPath, with a ladder of hints towards it."""

    name: Word
    says: str
    when: Expression
    points: Annotated[int, Field(ge=1)] = 1
    hints: Annotated[tuple[str, ...], Field(min_length=2, max_length=4)]
    slips: tuple[Slip, ...] = ()
    only: Only = {}


class Choice(Part):
    """One possible answer: the word to give, and what it means."""

    name: str
    says: str = ""


class Question(Part):
    """Something asked: answered with one of the choices, or with a list of them where `several` says so.

    `truth` is JMESPath over what was played (and `start`, `advice`); true, false and nothing read "yes", "no", "none".
    """

    name: Word
    asks: str
    choices: Annotated[tuple[Choice, ...], Field(min_length=2)]
    truth: Expression
    several: bool = False
    only: Only = {}


class Spoken(Part):
    """Words in a tongue; without one the words tell which it is."""

    say: str = ""
    tongue: Literal["az", "powershell", "rest", "arm"] | None = None


class Said(Spoken):
    """Something a learner may do: say words, then perhaps others in another tongue, and give answers."""

    then: tuple[Spoken, ...] = ()
    answers: dict[str, str | list[str]] = {}
    why: str = ""
    only: Only = {}


class Wrong(Said):
    """A typical wrong answer: what it earns, the goal it misses, and words of the hint that meets it."""

    named: str
    points: Annotated[int, Field(ge=0)]
    goal: str
    tells: str


class Advised(Part):
    """The needs of a story, put to one of the tables of `imagekit.advice`; a hole for them is filled by the variant."""

    question: str
    needs: dict[str, Any] | Hole


class Exercise(Part):
    """One exercise, or one variant of it when nothing varies any more.

    `story` is Markdown and holds for every variant; `task` is what `begin` prints. `start` is said before and accepted,
    `went_wrong` after it and may be refused. `plays` are texts, or lists of them, said on branches to find truths.
    `edition` is a day whose words are spoken; on `day` all of it happens, by the clock too. `fields` fill holes in
    every variant, and what is chosen of each axis of `vary` fills those of one. `by_hand` points are for what a teacher
    reads.
    """

    name: Slug
    title: str
    kind: Kind
    story: str
    task: str
    done: str
    start: str = ""
    went_wrong: str = ""
    edition: str = ""
    day: str = ""
    publish: dict[str, str] = {}
    plays: dict[Word, str | list[str]] = {}
    advice: Advised | None = None
    question: tuple[Question, ...] = ()
    goal: Annotated[tuple[Goal, ...], Field(min_length=1)]
    solution: Said
    also: tuple[Said, ...] = ()
    wrong: Annotated[tuple[Wrong, ...], Field(min_length=1)]
    fields: dict[Word, Any] = {}
    vary: dict[Word, list[dict[str, Any]]] = {}
    by_hand: Annotated[int, Field(ge=0)] = 0

    @property
    def points(self) -> int:
        """What all goals together are worth."""
        return sum(goal.points for goal in self.goal)

    @property
    def said(self) -> bool:
        """Whether something is to be said to the cloud, beside or without answers."""
        return bool(self.solution.say)

    @model_validator(mode="after")
    def _axes_name_their_values(self) -> Self:
        for axis, values in self.vary.items():
            if any("is" not in value for value in values):
                raise ValueError(f"each value of vary.{axis} needs its own name: is = …")
        parts: list[Question | Goal | Said] = [*self.question, *self.goal, *self.also, *self.wrong]
        for part in parts:
            for axis, wanted in part.only.items():
                known = {value["is"] for value in self.vary.get(axis, [])}
                if wild := {wanted} - known if isinstance(wanted, str) else set(wanted) - known:
                    raise ValueError(f"only = {{ {axis} = {sorted(wild)[0]!r} }}, but vary.{axis} has {sorted(known)}")
        return self


class File(Part):
    """A file of exercises; `name` is that of the lesson it belongs to."""

    name: str = ""
    title: str
    intro: str
    outro: str
    exercise: Annotated[tuple[Exercise, ...], Field(min_length=1)]

    @cached_property
    def by_name(self) -> dict[str, Exercise]:
        """Every exercise by its name."""
        return {one.name: one for one in self.exercise}


def read(path: str | Path) -> File:
    """Read a file of exercises; raises Unreadable that says what is wrong in it and where.

    >>> read("nowhere.toml")
    Traceback (most recent call last):
    imagekit.unreadable.Unreadable: there is no file of exercises nowhere.toml
    """
    path = Path(path)
    if not path.is_file():
        raise Unreadable(f"there is no file of exercises {path}")
    try:
        return File(**(tomllib.loads(path.read_text(encoding="utf-8")) | {"name": path.stem}))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path.name} is no TOML: {error}") from None
    except ValidationError as error:
        raise Unreadable("\n".join([f"{path.name} is no file of exercises:", *_faults(error)])) from None


def _faults(error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        yield f"  {'.'.join(map(str, fault['loc']))}: {fault['msg']}"


__all__ = ["Advised", "Choice", "Exercise", "File", "Goal", "Question", "Said", "Slip", "Spoken", "Wrong", "read"]
