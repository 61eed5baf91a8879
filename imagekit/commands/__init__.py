"""A script's text as its simple commands, and how sure it is that each of them runs.

Nothing is executed and nothing guessed: what stands in a loop, a function or behind `||` runs only perhaps. A text of
any bytes is read once from left to right; what was read last is kept, since a run asks again.
"""

from __future__ import annotations

from functools import lru_cache

from imagekit.commands import unix, windows
from imagekit.commands.command import Command

__all__ = ["Command", "commands"]


@lru_cache(maxsize=64)
def commands(text: str, system: str) -> tuple[Command, ...]:
    """The commands of a script for "Windows" (PowerShell) or any other system (a Unix shell), in turn.

    >>> [command.text for command in commands("a && b; if x; then exit 1; fi", "Linux") if command.certain]
    ['a', 'x']
    """
    return tuple(windows.commands(text) if system == "Windows" else unix.commands(text))
