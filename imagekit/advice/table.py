"""The tables of advice as they are read: needs, rows that lead somewhere, what is compared, and commands to say.

One TOML file beside this module holds one question. Every sentence in it is a template with named fields.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from imagekit.rules.core import Source

QUESTIONS = ("generalized_or_specialized", "generation", "managed_image_or_gallery", "version_source")

Said = bool | float | str
Force = Literal["must", "leans", "note", "clash"]


def _source(written: Any) -> Any:
    return Source(*written) if isinstance(written, list) else written


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Need(_Row):
    """Something a person may need: a question in plain words, and what may be answered.

    `kind` is bool, text (one of `values`), number (in `unit`) or size (the name of a VM size). `tries` are answers that
    are worth trying when it is asked what would change a choice.
    """

    name: str
    asks: str
    kind: Literal["bool", "text", "number", "size"] = "bool"
    values: tuple[str, ...] = ()
    unit: str = ""
    tries: tuple[Said, ...] = ()
    telling: bool = True

    @property
    def answers(self) -> tuple[Said, ...]:
        """Answers that can be given: all there are, or a few of the many."""
        return self.tries or {"bool": (True, False), "text": self.values}.get(self.kind, ())

    @property
    def allowed(self) -> str:
        """What may be answered, in words."""
        some = {"bool": "True, False", "number": f"a number of {self.unit}", "size": "a VM size"}
        return some.get(self.kind) or ", ".join(f'"{value}"' for value in self.values)


class Row(_Row):
    """One row: when it holds, what it leads to, and why, with its source.

    `when` maps needs (or what follows from them) to a value, a list of values, {over = n} or {below = n}. A row that
    must be heeded or leans leads `to` a choice or `excludes` some; a note only says something, for one choice or for
    all; a clash says that needs cannot go together. `about` are the needs it is about, where `when` does not say it.
    """

    when: dict[str, Any] = Field(default_factory=dict)
    about: tuple[str, ...] = ()
    force: Force = "must"
    to: str = ""
    excludes: tuple[str, ...] = ()
    chosen: str = ""
    says: str
    fix: str = ""
    source: Annotated[Source, BeforeValidator(_source)]
    fact: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """The needs a row is about, the one that is asked for first."""
        return self.about or tuple(self.when)

    def allows(self, choice: str) -> bool:
        """Whether a row that must be heeded leaves a choice possible."""
        return choice == self.to if self.to else choice not in self.excludes


class Compared(_Row):
    """A row of the comparison: what is compared, and a cell for each choice."""

    says: str
    cells: tuple[str, ...]
    source: Annotated[Source, BeforeValidator(_source)]
    fact: str = ""


class Word(_Row):
    """A word that commands and rows use: the first row of its name that holds gives it; without one it is empty."""

    name: str
    when: dict[str, Any] = Field(default_factory=dict)
    chosen: str = ""
    says: Said = ""


class Saying(_Row):
    """Commands to say for one choice, or for some needs; fields in braces are names."""

    when: dict[str, Any] = Field(default_factory=dict)
    chosen: str = ""
    az: str = ""
    powershell: str = ""


class Question(_Row):
    """One question with all its tables; `choices` stand in the order they are taken in when nothing speaks."""

    name: str
    asks: str
    choices: tuple[str, ...]
    called: dict[str, str] = Field(default_factory=dict)
    assumes: str
    names: dict[str, str]
    anything: str
    need: tuple[Need, ...]
    row: tuple[Row, ...]
    default: Row
    compare: tuple[Compared, ...]
    word: tuple[Word, ...] = ()
    command: tuple[Saying, ...]

    @property
    def by_name(self) -> dict[str, Need]:
        """The needs by their names, in the order they are asked."""
        return {need.name: need for need in self.need}


@cache
def question(name: str) -> Question:
    """The tables of one question; raises KeyError with the questions there are.

    >>> question("generation").choices
    ('V2', 'V1')
    """
    if name not in QUESTIONS:
        raise KeyError(f"there is no question {name!r}; there are {', '.join(QUESTIONS)}")
    text = Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8")
    return Question.model_validate({"name": name, **tomllib.loads(text)})


@cache
def sentences() -> dict[str, str]:
    """The sentences that all questions share, by name."""
    return tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))
