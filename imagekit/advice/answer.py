"""An advice as a value: the choice, every reason with its source, what would change it, and what to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from imagekit.advice.table import Compared, Said
from imagekit.advice.telling import told_advice
from imagekit.rules.core import Source


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence with where it is written: the needs it is about, and the choice it leads to, if any.

    `fact` names rows of the list of facts (GEN-003); it is empty where only the page says so.
    """

    needs: tuple[str, ...]
    says: str
    leads: str
    source: Source
    fact: str = ""

    def __str__(self) -> str:
        return f"{self.says} [{self.source}]"


@dataclass(frozen=True, slots=True)
class Change:
    """One need said otherwise, and the choice that would come of it; `value` None means: not said."""

    need: str
    asks: str
    value: Said | None
    choice: str
    says: str

    @property
    def words(self) -> dict[str, Any]:
        """The change as keyword arguments."""
        return {self.need: self.value}

    def __str__(self) -> str:
        return self.says


@dataclass(frozen=True, slots=True)
class Conflict:
    """Needs that cannot be had together: which, why, and what to do about it."""

    needs: tuple[str, ...]
    says: str
    fix: str
    sources: tuple[Source, ...]

    def __str__(self) -> str:
        return f"{self.says} {self.fix}"


@dataclass(frozen=True, slots=True)
class Step:
    """One question on the way: what was said, where it leads and why; a decisive step settled the choice."""

    asks: str
    said: str
    leads: str
    why: str
    source: str
    taken: bool
    decisive: bool


@dataclass(frozen=True, slots=True, repr=False)
class Advice:
    """What to choose, with every reason; it shows itself as text and as the path that led there.

    `choice` is one of `choices`, or empty where needs contradict each other: then `conflicts` says which and why.
    `commands` are az, `powershell` the same in PowerShell where that is short; both rest on what `assumes` says.

    >>> from imagekit.advice import generation
    >>> answer = generation(os_disk_gb=3000)
    >>> answer.choice, answer.reasons[0].fact, answer.conflicts
    ('V2', 'GEN-003', ())
    """

    question: str
    asks: str
    choices: tuple[str, ...]
    called: Mapping[str, str]
    choice: str
    needs: Mapping[str, Said]
    reasons: tuple[Reason, ...]
    would_change: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    cautions: tuple[Reason, ...]
    commands: tuple[str, ...]
    powershell: tuple[str, ...]
    assumes: str
    path: tuple[Step, ...]
    compared: tuple[Compared, ...]

    def name_of(self, choice: str) -> str:
        """What a choice is called in a sentence: "V2 (Gen2)" for "V2"."""
        return self.called.get(choice, choice)

    @property
    def script(self) -> str:
        """All the az commands as one text, for `cloud.say` or a cell of %%az."""
        return "\n".join(self.commands)

    def as_json(self) -> dict[str, Any]:
        """The path as plain JSON, in the shape that `pictures.decision_path` reads."""
        steps = [{name: getattr(step, name) for name in Step.__slots__} for step in self.path]
        conflicts = [str(conflict) for conflict in self.conflicts]
        return {"question": self.asks, "choice": self.choice, "steps": steps, "conflicts": conflicts}

    def comparison_json(self) -> dict[str, Any]:
        """The choices side by side as plain JSON, in the shape that `pictures.comparison` reads."""
        rows = [{"says": row.says, "cells": list(row.cells), "source": str(row.source)} for row in self.compared]
        return {"title": self.asks, "columns": list(self.choices), "rows": rows, "choice": self.choice}

    def picture(self) -> Any:
        """The path to the choice, drawn."""
        from imagekit import pictures  # here, because not every session draws

        return pictures.decision_path(self.as_json())

    def comparison(self) -> Any:
        """The choices side by side, drawn."""
        from imagekit import pictures

        return pictures.comparison(self.comparison_json())

    def __repr__(self) -> str:
        return told_advice(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        drawn: dict[str, Any] = self.picture()._repr_mimebundle_(include, exclude)
        return {**drawn, "text/plain": repr(self)}
