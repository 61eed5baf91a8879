"""A slider over the history of a cloud: drag it and watch the subscription grow, each step with its command."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from imagekit import pictures
from imagekit.answers import drawn
from imagekit.cloud import Cloud
from imagekit.widgets.controls import State, Whole
from imagekit.widgets.touch import Seen, Touch
from imagekit.widgets.words import counted, first_line, shortened, unsecret

if TYPE_CHECKING:
    from imagekit.answer import Answer, Step

LEARN = "Each picture is what the words before it made; what was refused changed nothing."


def history(cloud: Cloud, step: int | None = None) -> Touch:
    """Go through what was said to a cloud, step by step: the command, what came back, and the subscription after it.

    `step` is where it stands at first, the last step unless said otherwise; 0 is before everything. What is said to the
    cloud later is not in it. Raises ValueError for a step that is not there.

    >>> cloud = Cloud()
    >>> answers = cloud.say("az group create -n lab -l eastus")
    >>> history(cloud).at(step=1).says
    'Step 1 of 1, 2026-11-02 09:00:00: az group create -n lab -l eastus. Carried out.'
    """
    steps = tuple(cloud.history)
    start = cloud.branch()
    start.world = steps[0].before if steps else cloud.world

    @lru_cache(maxsize=32)
    def show(number: int) -> Seen:
        return _step(steps, number) if number else _beginning(start, steps)

    def seen(state: State) -> Seen:
        return show(state["step"])

    slider = Whole("step", "Step", 0, len(steps), slides=True)
    return Touch("The history of this cloud", (slider,), seen, {"step": len(steps) if step is None else step}, LEARN)


def _beginning(cloud: Cloud, steps: Sequence[Step]) -> Seen:
    said = f"Before the first of {counted(len(steps), 'step')}, {cloud.now}." if steps else "Nothing was said yet."
    return Seen(said, pictures.subscription_map(drawn(cloud.world)))


def _step(steps: Sequence[Step], number: int) -> Seen:
    step = steps[number - 1]
    refused = [answer for answer in step.answers if not answer.ok]
    after = step.after.clock.strftime("%Y-%m-%d %H:%M:%S")
    text = unsecret(step.text)
    says = f"Step {number} of {len(steps)}, {after}: {first_line(text)}. {_outcome(step, len(refused))}"
    told = "\n".join(map(_told, step.answers))
    marks = {str(answer.request.id): answer.refusals[0].rule for answer in refused if answer.refusals}
    picture = pictures.subscription_map(drawn(step.after), drawn(step.before), marks)
    return Seen(says, picture, (shortened(text), shortened(unsecret(told)) if told else ""))


def _outcome(step: Step, refused: int) -> str:
    if not step.answers:
        return "Time passed." if step.tongue == "wait" else "Done."
    if not refused:
        return "Carried out."
    everything = refused == len(step.answers)
    return "Refused: nothing changed." if everything else f"{refused} of {len(step.answers)} refused."


def _told(answer: Answer) -> str:
    """What came back for one request, in a line."""
    name = f"{answer.request.name or answer.request.method} {answer.request.id.name}".strip()
    if answer.ok:
        return f"✓ {name}"
    why = answer.refusals[0] if answer.refusals else None
    return f"✗ {name}: {answer.status}" + (f" {why.says} [{why.rule}]" if why else "")


__all__ = ["history"]
