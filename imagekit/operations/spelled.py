"""How the az words in a sentence are said in another tongue: read off the table, so no rule says anything twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from imagekit.operations.core import Field, Operation

_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*[a-z]")
_COMMAND = re.compile(r"\baz (?=((?:[a-z][a-z-]* ?)+))")
_LABEL = {"powershell": "PowerShell", "rest": "REST"}


def also_in(text: str, tongue: str, rows: tuple[Operation, ...]) -> str:
    """A sentence with az options in it, and behind it their names in the tongue that is spoken.

    What is spelled in several ways there, or not at all, is left out; az itself needs nothing added.

    >>> from imagekit.operations import OPERATIONS
    >>> also_in("Say --hyper-v-generation V2.", "powershell", OPERATIONS)
    'Say --hyper-v-generation V2. (In PowerShell --hyper-v-generation is -HyperVGeneration.)'
    >>> also_in("Say --hyper-v-generation V2.", "az", OPERATIONS)
    'Say --hyper-v-generation V2.'
    """
    if tongue not in _LABEL or _LABEL[tongue] in text:
        return text
    words = [*_commands(text, tongue, rows), *_options(text, tongue, rows)]
    return f"{text} (In {_LABEL[tongue]} {', '.join(dict.fromkeys(words))}.)" if words else text


_EACH = re.compile(r"(--[a-z-]+) \(PowerShell: ([^,()]+), REST: ([^()]+)\)")


def only_in(text: str, tongue: str) -> str:
    """A sentence that spells an option in every tongue, with the spelling of the one that is spoken.

    >>> only_in("It is no --managed-image (PowerShell: -SourceImageId, REST: source.id).", "rest")
    'It is no source.id.'
    """
    place = {"az": 1, "powershell": 2}.get(tongue, 3)
    return _EACH.sub(lambda each: each.group(place), text)


def _commands(text: str, tongue: str, rows: tuple[Operation, ...]) -> Iterator[str]:
    """The cmdlets for the az commands in a sentence, with their switches; over REST a command is an address."""
    known = {row.az: row for row in rows if row.az and row.powershell} if tongue == "powershell" else {}
    for said in _COMMAND.findall(text):
        words = said.split()
        for length in range(len(words), 0, -1):
            if row := known.get(" ".join(words[:length])):
                yield " ".join([f"az {row.az} is", row.powershell, *(f"-{switch}" for switch in row.when)])
                break


def _options(text: str, tongue: str, rows: tuple[Operation, ...]) -> Iterator[str]:
    for option in _OPTION.findall(text):
        spelled = _spelled(rows, tongue).get(option, frozenset())
        if len(spelled) == 1:
            yield f"{option} is {next(iter(spelled))}"


@cache
def _spelled(rows: tuple[Operation, ...], tongue: str) -> dict[str, frozenset[str]]:
    """Every az option with all its spellings in a tongue."""
    found: dict[str, frozenset[str]] = {}
    for field in (field for row in rows for field in row.fields):
        for option in field.az_names:
            found[option] = found.get(option, frozenset()) | frozenset(_names(field, tongue))
    return found


def _names(field: Field, tongue: str) -> Iterable[str]:
    if tongue == "powershell":
        return [f"-{name}" for name in field.powershell_names[:1]]
    return [field.path.lstrip("@")] if "properties." in field.path else []
