"""What a linter finds: one place in a text, the law that speaks there, and the error Azure would have answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

Strength = Literal["refused", "advice"]

_EXTENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|[^\s,:\[\]{}"]+|.')


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in a text that Azure would not understand: the rule, the pointer, and the words for people.

    `word` is what to look for in the string at the pointer, `column` counts from 1 inside it where that is known;
    `strength` is "advice" where that is all it is, whatever the rule says of deployments.
    """

    rule: str
    pointer: str
    says: str
    fix: str = ""
    word: str = ""
    column: int = 0
    strength: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to repair, or to think over, at one place of a text.

    `strength` is "refused" (Azure says no) or "advice" (Azure lets you); `pointer` is a JSON pointer (RFC 6901) into
    the text, `line` and `column` count from 1; `says` tells what is so here, `why` and `law` what rule speaks, `fix`
    what to do; `error` is what Azure would answer, {} where it would answer nothing; `source` is where that is written.
    `moment` is when Azure says so: "at once", "after acceptance" or "in the build"; `becomes` tells in a sentence what
    becomes of a template that was accepted first, "" for what is said at once.
    """

    rule: str
    strength: Strength
    pointer: str
    line: int
    column: int
    says: str
    law: str
    why: str
    fix: str
    error: Mapping[str, Any]
    source: str
    moment: str = "at once"
    becomes: str = ""

    @property
    def verdict(self) -> str:
        """The strength, and when Azure speaks where that is not at once: "refused in the build".

        >>> Finding("r", "refused", "", 1, 1, "s", "l", "w", "f", {}, "", "in the build").verdict
        'refused in the build'
        """
        is_late = self.strength == "refused" and self.moment != "at once"
        return f"{self.strength} {self.moment}" if is_late else self.strength

    @property
    def message(self) -> str:
        """What is so, what to do, and what becomes of a template where Azure takes it at first."""
        return " ".join(filter(None, (self.says, self.fix, self.becomes)))

    @property
    def answer(self) -> str:
        """Azure's error in one line, the one this finding spares, and when it comes; empty where there is none."""
        error = self.error.get("error", {})
        told = f"{error.get('code')}: {error.get('message')}" if error else ""
        late = self.becomes.removeprefix("Azure ").rstrip(".")
        return f"{late}: {told}" if late and told else told

    def as_advice(self) -> Finding:
        """The same, where it is not certain that Azure refuses anything."""
        return replace(self, strength="advice", error={}, becomes="")

    def __str__(self) -> str:
        """Give the finding as one line."""
        return f"{self.line}:{self.column} {self.verdict}: {self.says} {self.fix} [{self.rule}]"

    def as_json(self) -> dict[str, Any]:
        """Give the finding as plain JSON, its fields by name."""
        return asdict(self)


@dataclass(frozen=True)  # no slots: the lines are found only when asked for, and then kept
class Report:
    """What was found in one text; it shows itself, as text and in a notebook.

    `kind` is what the text was taken for: "deployment template", "image template" or "trigger" (one resource), "image
    template, as Azure shows it" (what the service wrote into it is not judged), "change of an image template" (a PATCH;
    only what it names is judged), "fragment: …" (a piece pasted from one), "parameter file",
    "Markdown page: …", "something else" or "unreadable"; `findings` stand in the order of the text; `version` is the
    api-version judged by, empty where it cannot be told.
    """

    kind: str
    findings: tuple[Finding, ...] = ()
    text: str = field(default="", repr=False)
    name: str = ""
    version: str = ""

    @property
    def refused(self) -> tuple[Finding, ...]:
        """What Azure would refuse."""
        return tuple(finding for finding in self.findings if finding.strength == "refused")

    @property
    def advice(self) -> tuple[Finding, ...]:
        """What Azure lets you do, and you may regret."""
        return tuple(finding for finding in self.findings if finding.strength == "advice")

    @property
    def ok(self) -> bool:
        """Whether nothing is refused."""
        return not self.refused

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def excerpt(self, finding: Finding) -> tuple[str, int]:
        """The line of a finding, and how many characters from its column on are meant."""
        line = self._lines[finding.line - 1].rstrip() if finding.line <= len(self._lines) else ""
        meant = _EXTENT.match(line, finding.column - 1)
        return line, len(meant[0]) if meant else 1

    def as_json(self) -> dict[str, Any]:
        """Give the report as plain JSON: name, kind, ok, version and findings."""
        findings = [finding.as_json() for finding in self.findings]
        return {"name": self.name, "kind": self.kind, "version": self.version, "ok": self.ok, "findings": findings}

    def as_sarif(self) -> dict[str, Any]:
        """Give the report in the Static Analysis Results Interchange Format, version 2.1.0."""
        from imagekit.lint.exchange import sarif  # what only some callers need is loaded when they ask

        return sarif([self])

    def as_github(self) -> str:
        """Give the report as workflow commands of GitHub Actions, one line a finding."""
        from imagekit.lint.exchange import github

        return github(self)

    def __str__(self) -> str:
        """Give the report as text to read."""
        from imagekit.lint.shown import as_text

        return as_text(self)

    def __repr__(self) -> str:
        return str(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        from imagekit.lint.page import as_html

        return {"text/html": as_html(self), "text/plain": str(self)}
