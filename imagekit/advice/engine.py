"""From what was said to an advice: which rows hold, what they leave possible, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from imagekit.advice.following import following
from imagekit.advice.machine import Machine
from imagekit.advice.table import Question, Row, Said


def holds(when: Mapping[str, Any], truths: Mapping[str, Any]) -> bool:
    """Whether a row's conditions hold; what nobody said makes none hold.

    >>> holds({"regions": {"over": 1}}, {"regions": 3}), holds({"regions": {"over": 1}}, {})
    (True, False)
    """
    return all(name in truths and _is(truths[name], wanted) for name, wanted in when.items())


def _is(value: Any, wanted: Any) -> bool:
    match wanted:
        case {"over": limit}:
            return bool(value > limit)
        case {"below": limit}:
            return bool(value < limit)
        case list():
            return value in wanted
    return bool(value == wanted)


@dataclass(frozen=True)
class Weighed:
    """What was said to a question, weighed against its rows."""

    question: Question
    needs: Mapping[str, Said]

    @cached_property
    def truths(self) -> dict[str, Any]:
        """What was said, and what follows from it."""
        return following(self.needs)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows that hold and decide, in the order of the needs they are about."""
        order = list(self.question.by_name)
        held = [row for row in self.question.row if row.force in ("must", "leans") and holds(row.when, self.truths)]
        return tuple(sorted(held, key=lambda row: order.index(row.needs[0])))

    @cached_property
    def musts(self) -> tuple[Row, ...]:
        """The rows that must be heeded."""
        return tuple(row for row in self.rows if row.force == "must")

    def leaves(self, *rows: Row) -> tuple[str, ...]:
        """The choices that some rows leave possible."""
        return tuple(choice for choice in self.question.choices if all(row.allows(choice) for row in rows))

    @cached_property
    def clashes(self) -> tuple[Row, ...]:
        """The rows that say which needs cannot go together, whatever the choice."""
        return tuple(row for row in self.question.row if row.force == "clash" and holds(row.when, self.truths))

    @cached_property
    def contradictions(self) -> tuple[tuple[Row, ...], ...]:
        """Rows that leave no choice together: in pairs, or all of them where only all of them do."""
        if self.leaves(*self.musts):
            return ()
        pairs = tuple(pair for pair in combinations(self.musts, 2) if not self.leaves(*pair))
        return pairs or (self.musts,)

    @cached_property
    def choice(self) -> str:
        """What it comes to; empty where needs contradict each other."""
        possible = self.leaves(*self.musts)
        if self.clashes or not possible:
            return ""
        leaning = (row.to for row in self.rows if row.force == "leans" and row.to in possible)
        return possible[0] if len(possible) == 1 else next(leaning, self._usual(possible))

    def _usual(self, possible: tuple[str, ...]) -> str:
        return self.question.default.to if self.question.default.to in possible else possible[0]

    @cached_property
    def decisive(self) -> Row | None:
        """The row that settled it: one that names the choice, else the last that ruled another out, else none."""
        if not self.choice:
            return None
        naming = [row for row in (*self.musts, *self.rows) if row.to == self.choice]
        ruled = self.choice != self.question.default.to or len(self.leaves(*self.musts)) == 1
        ruling = [row for row in self.musts if row.excludes] if ruled else []
        return next(iter([*naming, *reversed(ruling)]), None)

    @cached_property
    def speaking(self) -> tuple[Row, ...]:
        """The reasons: every row that leads to the choice or rules others out; the usual choice where none does."""
        if not self.choice:
            return self.musts
        found = tuple(row for row in self.rows if row.to == self.choice or row.excludes)
        return found if self.decisive else (*found, self.question.default)

    @cached_property
    def full(self) -> dict[str, Any]:
        """The truths, and with a choice the words that only the choice makes known."""
        found = {**self.truths, **dict.fromkeys((word.name for word in self.question.word), "")}
        if self.choice and self.question.name == "generation":
            found |= Machine(self.choice, self.truths).words()
        for word in reversed(self.question.word):
            if word.chosen in ("", self.choice) and holds(word.when, {**self.truths, **found}):
                found[word.name] = word.says
        return found

    @cached_property
    def notes(self) -> tuple[Row, ...]:
        """What is worth knowing: notes on what was said, what leans the other way, and notes for this choice."""
        other = [row for row in self.rows if row.force == "leans" and row.to != self.choice] if self.choice else []
        noted = [row for row in self.question.row if row.force == "note" and holds(row.when, self.full)]
        for_this = [row for row in noted if row.chosen in ("", self.choice)]
        return (*(row for row in for_this if row.when), *other, *(row for row in for_this if not row.when))

    def trials(self) -> Iterator[tuple[str, Said | None, Weighed]]:
        """Every single need changed, with what it would come to: said otherwise, or not at all (None)."""
        for name, need in self.question.by_name.items():
            kept = {key: value for key, value in self.needs.items() if key != name}
            if name in self.needs:
                yield name, None, Weighed(self.question, kept)
            for answer in need.answers if need.telling else ():
                if answer != self.needs.get(name):
                    yield name, answer, Weighed(self.question, {**kept, name: answer})

    @cached_property
    def changes(self) -> tuple[tuple[str, Said | None, Weighed], ...]:
        """The trials that come to another choice, the first of each need and choice."""
        found: dict[tuple[str, str], tuple[str, Said | None, Weighed]] = {}
        for name, answer, other in self.trials():
            if other.choice not in ("", self.choice):
                found.setdefault((name, other.choice), (name, answer, other))
        return tuple(found.values())
