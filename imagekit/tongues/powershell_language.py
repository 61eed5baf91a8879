"""The part of PowerShell that runs Azure commands, as a language: read it, look over its commands, run it.

Nothing here knows Azure. `run` hands every command to a function and goes on with what comes back. Names are
compared without case, and what is missing is `$null`, as in PowerShell.

Spoken: comments, lines joined with a backtick, `;`, assignments (also chained), `$x.Property`, `$x[0]`,
`.ToString()`, both kinds of quotes and here-strings, numbers, tables `@{ }`, arrays `@( )`, lists with
commas, `( command )`, parameters, switches, `@splatting`, and `|` to Out-Null, Format-Table, Format-List
and Select-Object. All else is refused with `Unreadable`, which names the place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any

from imagekit.operations.forms import Made
from imagekit.tongues.powershell_nodes import Command, Statement
from imagekit.tongues.powershell_reader import read
from imagekit.tongues.powershell_runner import Call, Runner, property_of, walk

__all__ = ["Call", "Command", "Statement", "commands", "items", "parse", "property_of", "quote", "run"]

_BARE_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SINGLE_QUOTE = re.compile(r"(['‘’‚‛])")
_IN_DOUBLE = re.compile(r"([`$\"“”„])")
# 28 digits is what PowerShell holds without a loss.
_LONGEST_NUMBER = 28


def parse(text: str) -> tuple[Statement, ...]:
    r"""Read PowerShell text into statements, to be looked over with `commands` or run with `run`.

    Raises Unreadable, with line and column, for all that is not spoken here.

    >>> len(parse("$gallery = Get-AzGallery -Name myGallery; $gallery.Location"))
    2
    >>> parse("New-AzGallery `\n  -Name $base.Name`\n  -Location eastus")
    Traceback (most recent call last):
    imagekit.unreadable.Unreadable: Line 2: the backtick is glued to the value base.Name; put a blank
    before it. PowerShell forgives it here, but not after a plain word.
    """
    return read(text)


def commands(statements: Sequence[Statement]) -> list[Command]:
    """List the commands that `run` would ask, in the order of the text, each with name, line and column.

    >>> [command.name for command in commands(parse("$id = (Get-AzVM -Name a).Id; Remove-AzVM -Id $id"))]
    ['Get-AzVM', 'Remove-AzVM']
    """
    return [node for statement in statements for node in walk(statement) if isinstance(node, Command)]


def run(statements: Sequence[Statement], variables: MutableMapping[str, Any], call: Callable[[Call], Any]) -> list[Any]:
    """Run statements one after the other and give what they put out; `variables` is read and changed.

    `call` is asked each command and answers with a plain value, a dict or a list; None is "nothing". What an
    assignment gets is not put out, nor is `$null`. Raises Unreadable where a value cannot be used as written,
    and lets everything that `call` raises through.

    >>> answers = {"name": "myGallery", "properties": {"provisioningState": "Succeeded"}}
    >>> variables = {}
    >>> text = '$gallery = New-AzGallery -Name myGallery; "$($gallery.Name): $($gallery.ProvisioningState)"'
    >>> run(parse(text), variables, lambda call: answers)
    ['myGallery: Succeeded']
    """
    runner = Runner(variables, call)
    results = [runner.statement(statement) for statement in statements]
    return [result for result in results if result is not None]


def quote(value: Any) -> str:
    """Write a plain value as PowerShell: None, bool, number, text, list, dict with text keys, or what a cmdlet makes.

    Reading and running what it writes gives the value back. Raises ValueError for anything else.

    >>> quote({"Name": "it's", "ReplicaCount": 2, "Regions": ["East US", None]})
    "@{Name = 'it''s'; ReplicaCount = 2; Regions = @('East US', $null)}"
    """
    if value is None:
        return "$null"
    if isinstance(value, bool):
        return f"${str(value).lower()}"
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int | float):
        return _written(value)
    if isinstance(value, list | tuple):
        return _quoted_list(value)
    if isinstance(value, Mapping):
        return _quoted_table(value)
    if isinstance(value, Made):
        return _made(value)
    raise ValueError(f"PowerShell text is written for plain values only, not for {value!r}.")


def _made(value: Made) -> str:
    """A value made by a cmdlet; a list has commas, as parameters take it."""
    words = [value.cmdlet, f"-{value.switch}" if value.switch else ""]
    words += [f"-{name} {items(held)}" for name, held in value.parameters]
    return f"({' '.join(filter(None, words))})"


def items(value: Any) -> str:
    """Write a value as it stands behind a parameter: a list with commas and no brackets.

    >>> items(["East US", 2]), items([])
    ("'East US', 2", '@()')
    """
    return ", ".join(map(quote, value)) if isinstance(value, list) and value else quote(value)


def _written(value: int | float) -> str:
    text = repr(value)
    if len(text) > _LONGEST_NUMBER or text.lstrip("-") in ("inf", "nan"):
        raise ValueError(f"PowerShell has no literal for the number {text}.")
    return text


def _quoted(text: str) -> str:
    """Single quotes keep all signs but the carriage return, which reading would take for a line break."""
    if "\r" not in text:
        return "'" + _SINGLE_QUOTE.sub(r"\1\1", text) + "'"
    return '"' + _IN_DOUBLE.sub(r"`\1", text).replace("\r", "`r") + '"'


def _quoted_list(values: Sequence[Any]) -> str:
    """A list alone in a list would be unrolled; a comma before it keeps it one value."""
    alone = len(values) == 1 and isinstance(values[0], list | tuple)
    return f"@({', ' if alone else ''}{', '.join(quote(value) for value in values)})"


def _quoted_table(table: Mapping[Any, Any]) -> str:
    if any(not isinstance(key, str) for key in table):
        raise ValueError("The keys of a PowerShell table are written as text only.")
    if len({key.lower() for key in table}) < len(table):
        raise ValueError("The keys of a PowerShell table differ by more than their case.")
    return "@{" + "; ".join(f"{_quoted_key(key)} = {quote(value)}" for key, value in table.items()) + "}"


def _quoted_key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _quoted(key)
