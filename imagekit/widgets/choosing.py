"""Choosers: say what you need, and see the choice, its reasons, and what would turn it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from imagekit import advice, pictures
from imagekit.widgets.controls import Choice, State
from imagekit.widgets.touch import Seen, Touch

LEARN = "Most needs change nothing: find the one that turns the choice."
GENERATION = "What really asks for a generation, and which sizes are left once it is chosen."
HOME = "A managed image does for one region and one kind of machine; find the need it cannot meet."

Show = Callable[[advice.Advice, State], Seen]


def choose(question: str, **needs: Any) -> Touch:
    """Put needs together for one of `advice.QUESTIONS`, and see the choice with its reasons.

    Every need is a control that begins with "not said"; `needs` are said already. Raises ValueError for a question, a
    need or a value there is not.

    >>> choose("generation").at(os="Windows 7").says
    'Gen1 or Gen2? V1 (Gen1). Windows 7 runs on Gen1 only...'
    """

    def show(answer: advice.Advice, state: State) -> Seen:
        return Seen(_says(answer), answer.picture(), (str(answer),))

    return _touch(question, needs, show, LEARN, ())


def generation(**needs: Any) -> Touch:
    """Put needs together for Gen1 or Gen2, and see the sizes that boot it and have what is asked.

    Besides the needs of `advice.needs("generation")` there is `vcpus`, the least that a size must have.

    >>> generation(secure_boot=True).at(vcpus=8, memory_gb=64).says
    'Gen1 or Gen2? V2 (Gen2). Secure Boot comes with...'
    """

    def show(answer: advice.Advice, state: State) -> Seen:
        path, words = answer.picture(), str(answer)
        if not answer.choice:
            return Seen(_says(answer), path, (words,))
        return Seen(_says(answer), pictures.sizes(_sizes(answer.choice, state)), (path, words))

    vcpus = Choice(
        "vcpus", "How many vCPUs at least?", (("not said", None), *((str(n), n) for n in (2, 4, 8, 16, 32, 64)))
    )
    return _touch("generation", needs, show, GENERATION, ("os", "secure_boot", "memory_gb", "vcpus"), vcpus)


def home(**needs: Any) -> Touch:
    """Put needs together for a managed image or a gallery, and see both side by side.

    >>> home().at(regions=3).says
    'Managed image or gallery? gallery. ...'
    """

    def show(answer: advice.Advice, state: State) -> Seen:
        return Seen(_says(answer), answer.comparison(), (answer.picture(), str(answer)))

    first = ("regions", "shared_with", "vms_at_once", "quickly")
    return _touch("managed_image_or_gallery", needs, show, HOME, first)


# --- what they share --------------------------------------------------------------------------------------------------


IN_VIEW = 4  # controls of a long form; the others come at a button


def _touch(
    question: str, needs: Mapping[str, Any], show: Show, learn: str, first: Sequence[str], *more: Choice
) -> Touch:
    """The form of a question: what was said stands in front, then `first`, then the rest in the table's order."""
    given = {name: value for name, value in needs.items() if name not in {one.name for one in more}}
    ask = getattr(advice, question) if question in advice.QUESTIONS else None
    if ask is None:
        raise ValueError(f"there is no question {question!r}; there are {', '.join(advice.QUESTIONS)}")
    title = ask(**given).asks
    front = (*needs, *first)
    controls = sorted(
        (*(_control(need, given.get(need.name)) for need in advice.needs(question)), *more),
        key=lambda one: front.index(one.name) if one.name in front else len(front),
    )

    def seen(state: State) -> Seen:
        own = {one.name for one in more}
        said = {name: value for name, value in state.items() if value is not None and name not in own}
        return show(ask(**said), state)

    state = {**{one.name: None for one in controls}, **needs}
    return Touch(title, tuple(controls), seen, state, learn, max(IN_VIEW, len(needs)))


# Numbers worth trying besides those that turn a choice.
_NUMBERS = {"memory_gb": (8.0, 32.0), "regions": (1.0, 3.0)}


def _control(need: advice.Need, given: Any) -> Choice:
    """A need as a choice whose first answer is that nobody said it."""
    worth = [True, False] if need.kind == "bool" else [*need.answers, *_NUMBERS.get(need.name, ())]
    worth = [_whole(one) for one in worth]
    if need.kind == "number":
        worth = sorted(set(worth))
    values = [*worth, *([given] if given is not None and given not in worth else [])]
    return Choice(need.name, need.asks, (("not said", None), *((_word(one, need.unit), one) for one in values)))


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _word(value: Any, unit: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,} {unit}".rstrip() if isinstance(value, int | float) else str(value)


def _sizes(choice: str, state: State) -> dict[str, Any]:
    return advice.sizes_for(
        generation=choice,
        vcpus_at_least=state["vcpus"] or 0,
        memory_gb_at_least=state["memory_gb"] or 0,
        trusted_launch=bool(state["secure_boot"] or state["vtpm"]),
        architecture=state["architecture"] or "",
        most=12,
    )


def _says(answer: advice.Advice) -> str:
    """The choice, or what stands in its way."""
    if answer.choice:
        return f"{answer.asks} {answer.name_of(answer.choice)}. {answer.reasons[0].says}"
    return f"{answer.asks} No choice: {' '.join(str(one) for one in answer.conflicts[:1])}"


__all__ = ["choose", "generation", "home"]
