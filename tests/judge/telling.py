"""The table of agreement: by command, and each difference with its reason."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REASONS = tomllib.loads((Path(__file__).parent / "reasons.toml").read_text("utf-8"))["reason"]
STATES = ("agree", "differs", "az stops", "another day")
MOST = 3  # so many lines stand for a difference


@dataclass(frozen=True)
class Verdict:
    """What came of one line: the state, where the line stands, and what differs, or why az stops."""

    line: str
    state: str
    sources: list[str]
    found: list[str] = field(default_factory=list)

    @property
    def command(self) -> str:
        """The words of the command, without its options."""
        words = self.line.split()
        return " ".join(words[: next((n for n, word in enumerate(words) if word.startswith("-")), len(words))])


def as_json(found: list[Verdict], version: str, broken: Mapping[str, str]) -> dict[str, Any]:
    """The table as plain JSON."""
    commands: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        commands[one.command][one.state] += 1
    return {
        "azure-cli": version,
        "lines": len(found),
        **{state: sum(one.state == state for one in found) for state in STATES},
        "commands": {name: dict(counts) for name, counts in sorted(commands.items())},
        "differences": [*_grouped(found, "differs")],
        "stops": [*_grouped(found, "az stops")],
        "unplayed": dict(broken),
    }


def _grouped(found: list[Verdict], state: str) -> Iterator[dict[str, Any]]:
    """The differences of a state, the most frequent first, each with lines that show it."""
    rows: dict[tuple[str, str, str], list[Verdict]] = defaultdict(list)
    for one in found:
        if one.state == state:
            for told in dict.fromkeys(_told(says) for says in one.found):
                rows[told].append(one)
    for (says, who, because), lines in sorted(rows.items(), key=lambda row: (-len(row[1]), row[0])):
        shown = sorted({one.line for one in lines}, key=lambda line: (len(line), line))[:MOST]
        sources = sorted({source for one in lines for source in one.sources})
        yield {"says": says, "who": who, "because": because, "lines": len(lines), "from": sources[:MOST], "az": shown}


def _told(says: str) -> tuple[str, str, str]:
    """A difference without what is other in every line, who is right, and why."""
    for reason in REASONS:
        if re.fullmatch(reason["says"], says, re.DOTALL):
            return reason["shown"], reason["who"], reason["because"]
    return says, "", ""


def as_text(table: Mapping[str, Any]) -> str:
    """The table as one may read it."""
    lines = [f"azure-cli {table['azure-cli']}: {table['lines']} lines, " + _counted(table)]
    lines += [f"  {name:<42} {_counted(counts)}" for name, counts in table["commands"].items()]
    for title, rows in (("Differences", table["differences"]), ("Where az stops by itself", table["stops"])):
        lines += ["", title]
        for row in rows:
            why = f" [{row['who']}: {row['because']}]" if row["because"] else ""
            lines += [f"  {row['lines']:>4} {row['says']}{why}", *(f"         {line[:150]}" for line in row["az"])]
    lines += ["", *(f"Not played: {name}: {why}" for name, why in table["unplayed"].items())]
    return "\n".join(lines)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts[state]} {state}" for state in STATES if counts.get(state))
