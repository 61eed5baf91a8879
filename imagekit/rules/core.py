"""A rule is one law: a short function with papers that cannot be left blank.

The first line of the function's docstring is the law in plain words, the rest is why. The decorator carries what the
service says (code, status, message), what a learner is told (says, fix), where it is written (fact, source), how sure
we are, and the nearest good and bad example: `bad` is `good` after one edit.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, Literal

from imagekit.asked import Asked
from imagekit.ids import Id
from imagekit.rules.sentences import told
from imagekit.world import JSON

Strength = Literal["refused", "advice"]
Moment = Literal["at once", "after acceptance", "in the build"]
Confidence = Literal["document", "client source", "recorded", "assumed"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule is written: the page or thread, and its date."""

    page: str
    date: str

    def __str__(self) -> str:
        return f"{self.page} ({self.date})"


@dataclass(frozen=True, slots=True)
class Found:
    """One place where a rule is broken: a JSON pointer, the words its sentences need, and what the service names."""

    pointer: str
    words: dict[str, Any]
    target: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says about one request: refused or advised, why, the shortest fix, and where that is written.

    `moment` is when Azure says so: an image template is looked at "at once", "after acceptance" and "in the build".
    """

    rule: str
    strength: Strength
    says: str
    why: str
    fix: str
    pointer: str
    code: str
    status: int
    message: str
    target: str
    source: str
    law: str = ""
    moment: Moment = "at once"

    @property
    def becomes(self) -> str:
        """What becomes of a template that was accepted, as a sentence; empty for what is said at once."""
        return MOMENTS[self.moment]

    @property
    def error(self) -> JSON:
        """The error as the service would answer it."""
        error = {"code": self.code, "message": self.message}
        return {"error": {**error, "target": self.target} if self.target else error}

    def __str__(self) -> str:
        return f"{self.says} {self.fix}"


Check = Callable[[Asked], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One law with its papers; see the module's words."""

    name: str
    on: tuple[str, ...]
    strength: Strength
    law: str
    why: str
    code: str
    status: int
    message: str
    says: str
    fix: str
    fact: str
    source: Source
    confidence: Confidence
    good: str
    bad: tuple[tuple[str, str], ...]
    gate: bool
    text: bool
    check: Check = field(compare=False, repr=False)

    def findings(self, asked: Asked) -> Iterator[Finding]:
        """Every place where a request breaks this rule."""
        for found in self.check(asked):
            yield self.finding(found)

    def error(self, **words: Any) -> JSON:
        """The error of this rule as the service would answer it, for one who needs nothing else of a finding."""
        return {"error": {"code": self.code, "message": self.message.format(**words)}}

    def finding(self, found: Found) -> Finding:
        """The finding for one place."""
        return Finding(
            self.name,
            self.strength,
            told(self.says, found.words),
            self.why,
            told(self.fix, found.words),
            found.pointer,
            self.code,
            self.status,
            self.message.format(**found.words),
            found.target,
            str(self.source),
            self.law,
            self.moment,
        )

    @property
    def moment(self) -> Moment:
        """When Azure looks at what this rule is about."""
        return next((_MOMENTS[look] for look in self.on if look in _MOMENTS), "at once")


# Azure looks at an image template three times: when it is sent, soon after it was accepted (provisioningState), and
# when it is built. What the later looks are called, with what becomes of the template then.
LATER = {
    "create image template": {
        "validate image template": "accepts the template, and soon after sets it to Failed with provisioningError",
        "build image template": "accepts the template, and its build fails",
    }
}
_BECOMES = {look: what for looks in LATER.values() for look, what in looks.items()}
_MOMENTS: dict[str, Moment] = {"validate image template": "after acceptance", "build image template": "in the build"}
MOMENTS = {"at once": ""} | {moment: f"Azure {_BECOMES[look]}." for look, moment in _MOMENTS.items()}

RULES: dict[str, Rule] = {}
_ON: dict[tuple[str, bool], list[Rule]] = {}


def rule(
    *on: str,
    says: str,
    fix: str,
    fact: str,
    source: Source,
    good: str,
    bad: list[tuple[str, str]],
    refuses: str = "",
    status: int = 400,
    message: str = "",
    confidence: Confidence = "document",
    gate: bool = False,
    text: bool = False,
) -> Callable[[Check], Check]:
    """Register a function as the rule for these operations; without `refuses` it only advises.

    `message` is Azure's own, with the fields of the finding in braces; `bad` is a list of (what stands in `good`, what
    to write instead). A `gate` is asked before all others, which are not asked when it refuses; a rule for `text` needs
    no world, so it also judges a template by its text alone. Raises ValueError for papers left blank.
    """
    strength: Strength = "refused" if refuses else "advice"

    def register(check: Check) -> Check:
        name = check.__name__.replace("_", "-")
        law, why = _words(check)
        texts = {"law": law, "why": why, "says": says, "fix": fix, "fact": fact, "good": good, "bad": str(bad or "")}
        _whole(name, texts)
        papers = (refuses, status, message, says, fix, fact, source, confidence, good, tuple(bad), gate, text)
        RULES[name] = made = Rule(name, on, strength, law, why, *papers, check)
        for operation in on:
            _ON.setdefault((operation, gate), []).append(made)
        return check

    return register


def _words(check: Check) -> tuple[str, str]:
    """The law and the reason, from a function's docstring."""
    law, _, why = (inspect.getdoc(check) or "").partition("\n\n")
    return " ".join(law.split()), " ".join(why.split())


def _whole(name: str, papers: dict[str, str]) -> None:
    blank = [paper for paper, text in papers.items() if not text.strip()]
    if blank:
        raise ValueError(f"the papers of the rule {name} are blank: {', '.join(blank)}")
    if name in RULES:
        raise ValueError(f"the rule {name} stands twice")


def judge(asked: Asked, gates: bool = False) -> Iterator[Finding]:
    """All that the rules say about a request, refusals and advice; with `gates`, what is asked before all others."""
    for one in _ON.get((asked.operation.name, gates), ()):
        yield from one.findings(asked)


def own_refusals(asked: Asked, refusals: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The refusals without those that only follow from a change of what a definition fixes: it never comes to that."""
    fixed = [one for one in refusals if one.rule == "definition-is-fixed"]
    if not fixed:
        return refusals
    for one in fixed:
        asked = asked.without(one.pointer)
    still = {one.rule for one in judge(asked)}
    first = refusals.index(fixed[0])
    return (*refusals[:first], *(one for one in refusals[first:] if one in fixed or one.rule in still))


def judge_later(asked: Asked, look: str) -> Iterator[Finding]:
    """What a later look finds in a request that was accepted; `look` is one of LATER for its operation."""
    for one in _ON.get((look, False), ()):
        yield from one.findings(asked)


def judge_text(asked: Asked) -> Iterator[Finding]:
    """All that can be said about a request by its text alone, now and at later looks: no world is looked at."""
    name = asked.operation.name
    looks = ((name, True), (name, False), *((later, False) for later in LATER.get(name, ())))
    for one in (one for look in looks for one in _ON.get(look, ())):
        if one.text:
            yield from one.findings(asked)


def found(pointer: str, target: str = "", **words: Any) -> Found:
    """One place where a rule is broken, with the words its sentences need.

    >>> found("/name", name="v1").words
    {'name': 'v1'}
    """
    return Found(pointer, words, target)


def tail(id: Any) -> str:
    """The name at the end of an id, for sentences."""
    return str(id).rstrip("/").rpartition("/")[2]


def path(id: Id) -> str:
    """The types and names of a resource as Resource Manager's errors write them.

    >>> path(Id.parse("/subscriptions/S/resourceGroups/g/providers/Microsoft.Compute/galleries/G/images/i"))
    'Microsoft.Compute/galleries/G/images/i'
    """
    return str(id).rpartition("/providers/")[2]


def typed(id: str) -> str:
    """The type of the resource an id names; empty when it is no id."""
    try:
        return Id.parse(id).type
    except ValueError:
        return ""


def needs(text: str) -> set[str]:
    """The fields in braces a sentence needs."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}
