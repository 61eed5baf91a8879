"""Predict, then run: the answer first, then the command on a branch, then what really happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from imagekit.cloud import Cloud, compare
from imagekit.practice import predict as asked
from imagekit.widgets.controls import Button, Choice, State
from imagekit.widgets.touch import Seen, Touch

if TYPE_CHECKING:
    from imagekit.answers import Answers

LEARN = "Say what will happen before you look: what surprises you stays with you."


def predict(
    question: str,
    choices: Sequence[str],
    cloud: Cloud,
    command: str,
    outcome: str | Callable[[Answers], str],
    answer: str | None = None,
) -> Touch:
    """Ask for a prediction, run the command on a branch of the cloud when asked to, and hold one against the other.

    `outcome` is the choice that comes true, or a function that reads it off the answers; `answer` is one of the choices
    that is chosen already. Your own cloud stays as it is. Raises ValueError for an answer that is none of the choices.

    >>> cloud = Cloud()
    >>> will = "refused" if cloud.get("/subscriptions/S") else "carried out"
    >>> question = predict("Again?", ["carried out", "refused"], cloud, "az group create -n lab -l eastus", will)
    >>> question.move(answer="carried out").press("run").seen.says
    '✓ as you said: carried out'
    """
    asked(question, list(choices), answer)
    start = cloud.branch()
    ran: dict[str, Any] = {}

    def show(state: State) -> Seen:
        prediction = asked(question, list(choices), state["answer"])
        if not state["ran"]:
            return Seen(_waiting(question, choices, state["answer"]), None, (command.strip(),))
        if not ran:
            branch = start.branch()
            answers = branch.say(command)
            ran.update(answers=answers, picture=compare(start, branch))
        happened = outcome if isinstance(outcome, str) else outcome(ran["answers"])
        return Seen(str(prediction.check(happened)), ran["picture"], (command.strip(), str(ran["answers"])))

    options = (("I do not say", None), *((choice, choice) for choice in choices))
    controls = (
        Choice("answer", "Your prediction", options, in_view=True),
        Button("run", "Run it on a branch", lambda state: {**state, "ran": True}),
        Button("again", "Ask again", lambda state: {"answer": None, "ran": False}),
    )
    return Touch(question, controls, show, {"answer": answer, "ran": False}, LEARN)


def _waiting(question: str, choices: Sequence[str], answer: str | None) -> str:
    said = f"You say: {answer}." if answer else f"It may be: {' | '.join(choices)}."
    return f"? {question} {said} Nothing has run yet."


__all__ = ["predict"]
