"""The path to a decision: what was asked and said, what each answer speaks for, and what settled it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from imagekit.pictures import labels
from imagekit.pictures.drawing import DEFAULTS, attributes
from imagekit.pictures.look import EDGE, KINDS, LINE_SIZE, MARKS, NAME_SIZE, PAPER, QUIET, TEXT
from imagekit.pictures.picture import Picture
from imagekit.pictures.pieces import text
from imagekit.pictures.reading import JSON
from imagekit.pictures.sheet import alarm, chip, heading, line_of, objects, paper, picture_of, texts, told, words

_GOOD, _BAD = MARKS["new"].colour, MARKS["refused"].colour
CHOSEN = "\N{CHECK MARK}"
_FRAME = "#c3cfd9"
# How many signs stand in a line of a question, and of what it leads to.
_WIDE, _SAID = 62, 27


@dataclass(frozen=True, slots=True)
class Step:
    """One question on the way: what was said, what that leads to, and why; a decisive one settles the matter."""

    number: int
    asks: str
    said: str
    leads: str
    why: str
    source: str
    taken: bool
    decisive: bool

    @property
    def part(self) -> str:
        """What the answer does to the decision, in words."""
        if not self.leads:
            return "decides nothing"
        word = "decides for" if self.decisive else "speaks for" if self.taken else "could lead to"
        return f"{word} {self.leads}"


@dataclass(frozen=True, slots=True)
class Decision:
    """A question, the steps to its answer, and the answer; without one, where the needs contradict each other."""

    question: str
    choice: str
    steps: tuple[Step, ...]
    conflicts: tuple[str, ...]

    @property
    def outcomes(self) -> dict[str, str]:
        """What the path may end in, each with the name of its node; the choice comes first."""
        found = [self.choice, *(step.leads for step in self.steps if step.taken)]
        return {name: f"end{n}" for n, name in enumerate(dict.fromkeys(filter(None, found)), 1)}


def decision_path(advice: JSON) -> Picture:
    """Draw how a question was decided: each step with what was said, what it leads to, and why.

    `advice` holds `question`, `choice` (empty where needs contradict), `conflicts` (texts) and `steps`, each with
    `asks`, `said`, `leads`, `why`, `source`, `taken` (it played a part) and `decisive` (it settled the matter).

    >>> step = {"asks": "One machine or many?", "said": "many", "leads": "Generalized", "taken": True, "decisive": True}
    >>> print(decision_path({"question": "Which state?", "choice": "Generalized", "steps": [step]}))
    Which state?
    <BLANKLINE>
    Choice: Generalized.
    <BLANKLINE>
    1. One machine or many? You said: many. It decides for Generalized.
    """
    whole = _read(advice)
    title = labels.clean(whole.question)
    return Picture(_dot(whole), title, _twin(title, whole))


def _read(advice: JSON) -> Decision:
    steps = tuple(_step(n, item) for n, item in enumerate(objects(advice.get("steps")), 1))
    conflicts = tuple(filter(None, texts(advice.get("conflicts"))))
    return Decision(text(advice.get("question")) or "Decision", text(advice.get("choice")), steps, conflicts)


def _step(number: int, item: Mapping[str, Any]) -> Step:
    asks, said, leads, why = (text(item.get(key)) for key in ("asks", "said", "leads", "why"))
    decisive = item.get("decisive") is True
    taken = decisive or item.get("taken") is True
    return Step(number, asks, said, leads, why, told(item.get("source")), taken, decisive)


# Drawing


def _dot(whole: Decision) -> str:
    path = paper(whole.question, labels.table(*_rows(whole), padding=2), KINDS["other"].ink)
    graph = {**DEFAULTS, "graph": {**DEFAULTS["graph"], "ranksep": "0.6"}}
    return picture_of([f"path {attributes(path)}", *_ends(whole), *_edges(whole)], graph)


def _rows(whole: Decision) -> Iterable[str]:
    yield from heading(whole.question, 1)
    if not whole.steps:
        yield labels.row(labels.font("nothing was asked", LINE_SIZE, QUIET))
    for step in whole.steps:
        yield f"<TR>{_framed(step)}</TR>"
        yield labels.gap(1, 4)
    if not whole.choice:
        yield from _open(whole)


def _framed(step: Step) -> str:
    """A step in its frame: heavy where it settled the matter, dashed where it played no part."""
    line = 'BORDER="2"' if step.decisive else 'BORDER="1"' if step.taken else 'BORDER="1" STYLE="dashed"'
    colour = _GOOD if step.decisive else EDGE if step.taken else _FRAME
    cells = (
        f'<TD ALIGN="LEFT" VALIGN="TOP" WIDTH="{points}">{part}</TD>'
        for points, part in ((290, _left(step)), (130, _right(step)))
    )
    inner = labels.table(f"<TR>{''.join(cells)}</TR>", padding=3)
    return f'<TD PORT="step{step.number}" ALIGN="LEFT" {line} COLOR="{colour}">{inner}</TD>'


def _left(step: Step) -> str:
    """What is asked, then why that matters and where it is written."""
    asks = words(f"{step.number}. {step.asks}", _WIDE - 8, size=10, colour=_ink(step), bold=True)
    return asks + "".join(words(said, _WIDE) for said in (step.why, step.source) if said)


def _right(step: Step) -> str:
    """What was said, then what that does to the decision."""
    said = words(f"you said: {step.said}" if step.said else "not said", _SAID, 2, colour=_ink(step), bold=True)
    sign = f"{CHOSEN} " if step.decisive else ""
    colour = _GOOD if step.decisive else _ink(step)
    return said + words(sign + step.part, _SAID, 3, colour=colour, bold=step.decisive)


def _ink(step: Step) -> str:
    return TEXT if step.taken else QUIET


def _open(whole: Decision) -> Iterable[str]:
    """No choice: the needs contradict, and how."""
    said = whole.conflicts or ("nothing that was said settles it",)
    told = labels.font("\N{MULTIPLICATION SIGN} no choice", 10, _BAD, bold=True)
    yield f"<TR>{alarm(line_of(told) + ''.join(words(one, 88, 4, colour=_BAD) for one in said), _BAD)}</TR>"


def _ends(whole: Decision) -> Iterable[str]:
    for name, node in whole.outcomes.items():
        yield f"{node} {attributes(_end(name, chosen=name == whole.choice))}"


def _end(name: str, *, chosen: bool) -> dict[str, str]:
    said = words(name, 18, size=NAME_SIZE, colour=TEXT if chosen else QUIET, bold=True)
    mark = chip(f"{CHOSEN} chosen", _GOOD) if chosen else chip("not chosen", QUIET, solid=False)
    style = "rounded,filled" if chosen else "rounded,filled,dashed"
    look = {"shape": "box", "style": style, "fillcolor": PAPER, "color": _GOOD if chosen else QUIET}
    width = {"penwidth": "2.2" if chosen else "1.0", "tooltip": labels.clean(name)}
    return {"label": f"<{labels.table(labels.row(said), f'<TR>{mark}</TR>', padding=2)}>", **look, **width}


def _edges(whole: Decision) -> Iterable[str]:
    """From each step that played a part to what it speaks for; the row says which of the two it does."""
    for step in whole.steps:
        if step.taken and step.leads:
            line = {"color": _GOOD, "penwidth": "2.6"} if step.decisive else {}
            yield f"path:step{step.number}:e -> {whole.outcomes[step.leads]}:w {attributes(line)}".rstrip()


# In words


def _twin(title: str, whole: Decision) -> str:
    """The choice, what contradicts, and every step with its reason and source, none folded."""
    choice = f"Choice: {whole.choice}." if whole.choice else "No choice."
    conflicts = [f"Conflict: {said}" for said in whole.conflicts]
    steps = [_sentence(step) for step in whole.steps] or ["Nothing was asked."]
    return "\n".join([title, "", *map(labels.clean, [choice, *conflicts]), "", *map(labels.clean, steps)])


def _sentence(step: Step) -> str:
    said = f"You said: {step.said}." if step.said else "Not said."
    source = f"Source: {step.source}." if step.source else ""
    return " ".join(filter(None, (f"{step.number}. {step.asks}", said, f"It {step.part}.", step.why, source)))
