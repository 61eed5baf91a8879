"""Judging: what was played gives the truths, the state reached is held against the goals, and the verdict says it.

Nothing here looks at the words a learner used, and no answer is typed in: truths come from the practice cloud.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from imagekit.cloud import Cloud
from imagekit.practice.exercise import Exercise, Goal, Question
from imagekit.practice.state import find, state
from imagekit.practice.verdict import Verdict
from imagekit.unreadable import Unreadable, nearest
from imagekit.world import JSON

Answers = Mapping[str, str | tuple[str, ...]]

_WORDS: dict[Any, str] = {True: "yes", False: "no", None: "none"}


def stage(exercise: Exercise) -> Cloud:
    """A fresh cloud in which everything has happened that the exercise begins with; its history is empty.

    Raises ValueError when the start itself is refused: then the exercise is at fault.
    """
    return _staged(exercise.model_dump_json()).branch()


@lru_cache(maxsize=512)
def _staged(text: str) -> Cloud:
    """The cloud as it stands before anybody begins; it is never handed out, only branched."""
    exercise = Exercise.model_validate_json(text)
    cloud = Cloud.on(exercise.day) if exercise.day else Cloud(edition=exercise.edition)
    for url, page in exercise.publish.items():
        cloud.publish(url, page)
    if exercise.start.strip():
        answers = cloud.say(exercise.start)
        if refused := [answer for answer in answers if not answer.ok]:
            raise ValueError(f"the start of {exercise.name!r} is refused: {refused[0].body}")
    if exercise.went_wrong.strip():
        cloud.say(exercise.went_wrong)
    cloud.history.clear()
    cloud.variables.clear()
    return cloud


def truths(exercise: Exercise) -> JSON:
    """The answer to each question, found by playing; raises ValueError for one that is none of the choices."""
    return dict(_truths(exercise.model_dump_json()))


@lru_cache(maxsize=512)
def _truths(text: str) -> tuple[tuple[str, Any], ...]:
    exercise = Exercise.model_validate_json(text)
    if not exercise.question:
        return ()
    seen = _played(exercise)
    return tuple((question.name, _truth(question, seen)) for question in exercise.question)


def _played(exercise: Exercise) -> JSON:
    """What is known after playing: the state at the start, the state after each play, and what the advice says."""
    start = stage(exercise)
    played = {name: state(_play(start.branch(), said)) for name, said in exercise.plays.items()}
    return {"start": state(start), "advice": _advised(exercise), **played}


def _play(cloud: Cloud, said: str | list[str]) -> Cloud:
    """Say one text after the other; where a later one makes no sense any more, as after a refusal, the play ends."""
    first, *rest = [said] if isinstance(said, str) else said
    cloud.say(first)
    for text in rest:
        try:
            cloud.say(text)
        except Unreadable:
            break
    return cloud


def _advised(exercise: Exercise) -> JSON:
    if exercise.advice is None or isinstance(exercise.advice.needs, str):
        return {}
    from imagekit import advice  # here, because few exercises ask for advice

    given = getattr(advice, exercise.advice.question)(**exercise.advice.needs)
    reasons = [{"needs": list(one.needs), "says": one.says, "leads": one.leads} for one in given.reasons]
    return {"choice": given.choice, "reasons": reasons}


def _truth(question: Question, seen: JSON) -> str | list[str]:
    found = find(question.truth, seen)
    truth = [word(item) for item in found or []] if question.several else word(found)
    known = {choice.name for choice in question.choices}
    if wild := [item for item in (truth if isinstance(truth, list) else [truth]) if item not in known]:
        raise ValueError(f"the truth of {question.name!r} is {wild[0]!r}, which is none of its choices")
    return truth


def word(value: Any) -> str:
    """A value as a choice spells it.

    >>> word(True), word(None), word(2), word("Generalized")
    ('yes', 'none', '2', 'Generalized')
    """
    return _WORDS[value] if value is None or isinstance(value, bool) else str(value)


def chosen(question: Question, given: object) -> str | tuple[str, ...]:
    """What was given as the question's own choices spell it; raises ValueError for what is none of them."""
    if not question.several:
        return _chosen(question, given)
    many = given if isinstance(given, list | tuple | set | frozenset) else [given]
    return tuple(sorted({_chosen(question, one) for one in many}))


def _chosen(question: Question, given: object) -> str:
    spelled = {choice.name.lower(): choice.name for choice in question.choices}
    said = word(given).strip() if isinstance(given, str | int | float) else f"a {type(given).__name__}"
    if said.lower() in spelled:
        return spelled[said.lower()]
    short = said if len(said) <= 40 else f"{said[:40]}…"
    near = nearest(short, spelled.values())
    hint = f" Did you mean {near!r}?" if near else ""
    raise ValueError(f"{short!r} is none of the answers to {question.name}: {' | '.join(spelled.values())}.{hint}")


def reached(exercise: Exercise, cloud: Cloud, answers: Answers) -> JSON:
    """The state goals are held against: that of the cloud, the answers, and how these compare with the truth.

    `right` says of each question whether it was answered rightly; of one with several answers, `missed` and `wrong`
    say which.
    """
    truth = truths(exercise)
    given = {name: list(value) if isinstance(value, tuple) else value for name, value in answers.items()}
    right = {name: _alike(given.get(name), value) for name, value in truth.items()}
    many = {name: (set(given.get(name) or []), set(value)) for name, value in truth.items() if isinstance(value, list)}
    missed = {name: sorted(wanted - said) for name, (said, wanted) in many.items()}
    wrong = {name: sorted(said - wanted) for name, (said, wanted) in many.items()}
    return {**state(cloud), "answers": given, "truth": truth, "right": right, "missed": missed, "wrong": wrong}


def _alike(given: Any, truth: Any) -> bool:
    return sorted(given or []) == sorted(truth) if isinstance(truth, list) else bool(given == truth)


def touched(exercise: Exercise, seen: JSON) -> bool:
    """Whether anything was done that counts: an answer given, or something said where saying is asked for."""
    return bool(seen["answers"]) or (exercise.said and bool(seen["history"]))


def judge(exercise: Exercise, seen: JSON, rung: int = 0, begun: bool = False, told: Collection[str] = ()) -> Verdict:
    """How an exercise stands in a state; `rung` picks the hint, from 1, and 0 gives none.

    A known slip that is not among those `told` takes the hint's place and has no rung. `begun` says whether there is a
    cloud for it already: it decides what one is told who has done nothing yet.
    """
    met = [goal for goal in exercise.goal if find(goal.when, seen)]
    unmet = next((goal for goal in exercise.goal if goal not in met), None)
    head = exercise.name, exercise.title
    if not touched(exercise, seen):
        hints = _rung(exercise.goal[0], rung)
        return Verdict(*head, "not answered", 0, exercise.points, says=BEGUN if begun else WAITING, **hints)
    points = sum(goal.points for goal in met)
    if unmet is None:
        return Verdict(*head, "done", points, exercise.points, tuple(goal.says for goal in met), says=exercise.done)
    told = {"goal": unmet.name, "says": unmet.says, **_hints(unmet, seen, rung, told)}
    return Verdict(*head, "not yet", points, exercise.points, tuple(goal.says for goal in met), **told)


WAITING = "Run the cell with begin, then your answer, then this one again. Nothing is lost."
BEGUN = "Nothing is answered yet. Do it in the cells above, then run this one again; run it again as it is for a hint."


def _hints(goal: Goal, seen: JSON, rung: int, told: Collection[str]) -> dict[str, Any]:
    """A slip that was made and not told yet, outside the count; otherwise the hint on the rung."""
    fresh = [slip.says for slip in goal.slips if slip.says not in told and find(slip.when, seen)]
    return {"hint": fresh[0]} if rung and fresh else _rung(goal, rung)


def _rung(goal: Goal, rung: int) -> dict[str, Any]:
    """The hint on one rung of the ladder; above the last there is the last, and below the first none."""
    if rung < 1:
        return {}
    rung = min(rung, len(goal.hints))
    return {"hint": goal.hints[rung - 1], "rung": rung, "rungs": len(goal.hints)}


__all__ = ["Answers", "chosen", "judge", "reached", "stage", "truths", "word"]
