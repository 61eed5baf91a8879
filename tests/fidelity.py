"""The fidelity page: what is generated of it, from the rules, the operations and what the judges found.

As a script it brings the page up to date.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import groupby

from test_replay import REACHED

from imagekit.operations import OPERATIONS, Operation
from imagekit.rules import LATER, RULES, Rule

from notebooks import ROOT

PATH = ROOT / "FIDELITY.md"
_PART = r"(<!-- {0} -->\n).*?(<!-- end of {0} -->)"
_ROWS = {row.name: row for row in OPERATIONS}
_LOOKS = {look: operation for operation, looks in LATER.items() for look in looks}


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown; a bar in a cell would end it, so it is written as an entity."""
    lines = [list(heads), *([str(cell).replace("|", "&#124;") for cell in row] for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def modelled() -> str:
    """Each type of resource with what may be asked of it and the api-version that is spoken of it today."""
    ordered = sorted(OPERATIONS, key=lambda row: (row.type.lower(), row.name))
    kinds = [_kind(kind, list(rows)) for kind, rows in groupby(ordered, key=lambda row: row.type)]
    return table(("type", "operations", "api-version", "az", "PowerShell"), kinds)


def _kind(kind: str, rows: list[Operation]) -> tuple[object, ...]:
    verbs = ", ".join(sorted({row.name.split()[0] for row in rows}))
    newest = max((row.api_version for row in rows if row.api_version), default="")
    return f"`{kind}`", verbs, newest, sum(bool(row.az) for row in rows), sum(bool(row.powershell) for row in rows)


def confidence() -> str:
    """How sure the rules are, counted by strength."""
    counted = Counter((rule.confidence, rule.strength) for rule in RULES.values())
    levels = ("recorded", "client source", "document", "assumed")
    rows = [(level, counted[level, "refused"], counted[level, "advice"]) for level in levels]
    return table(("confidence", "refusals", "advice"), rows)


def rules() -> str:
    """Every rule with its papers, by the operation it speaks about first."""
    heads = ("rule", "", "written in", "facts", "confidence", "api-version", "bad examples played")
    by_subject = groupby(sorted(RULES.values(), key=_subject), key=_subject)
    return "\n".join(f"#### {subject}\n\n{table(heads, map(_papers, found))}" for subject, found in by_subject)


def _operation(rule: Rule) -> Operation:
    first = rule.on[0]
    return _ROWS[_LOOKS.get(first, first)]


def _subject(rule: Rule) -> str:
    return "everything" if len({_ROWS[_LOOKS.get(on, on)].type for on in rule.on}) > 4 else _operation(rule).type


def _papers(rule: Rule) -> tuple[object, ...]:
    version = "any" if _subject(rule) == "everything" else _operation(rule).api_version
    return f"`{rule.name}`", rule.strength, rule.source, rule.fact, rule.confidence, version, len(rule.bad)


def replayed() -> str:
    """How many recorded calls of each family are answered exactly."""
    rows = [(family, calls, exact, f"{exact / calls:.1%}") for family, (calls, exact) in REACHED.items()]
    calls, exact = (sum(one[n] for one in REACHED.values()) for n in (0, 1))
    return table(("family", "calls", "exact", ""), [*rows, ("**all**", calls, exact, f"{exact / calls:.1%}")])


def az() -> str:
    """What the real az sent for the lines of lessons, exercises and operations, beside what is read from them here."""
    found = json.loads((ROOT / "tests/judge/agreement.json").read_text(encoding="utf-8"))
    counted = ("lines", "agree", "differs", "az stops", "another day")
    differ = [(one["lines"], one["says"], one["who"], one["because"]) for one in found["differences"]]
    first = table((f"az {found['azure-cli']}", ""), [(word, found[word]) for word in counted])
    return f"{first}\n{table(('lines', 'difference', 'right', 'because'), differ)}"


PARTS: dict[str, Callable[[], str]] = {
    "modelled": modelled,
    "confidence": confidence,
    "replay": replayed,
    "az": az,
    "rules": rules,
}


def written(page: str) -> str:
    """The page with each generated part as it would be generated now; the prose between them stays."""
    for name, made in PARTS.items():
        found = re.search(_PART.format(name), page, re.DOTALL)
        assert found, f"the page has no part {name!r}"
        page = f"{page[: found.start()]}{found[1]}{made()}{found[2]}{page[found.end() :]}"
    return page


if __name__ == "__main__":
    PATH.write_text(written(PATH.read_text(encoding="utf-8")), encoding="utf-8")
