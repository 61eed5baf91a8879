"""The only IPython code: the cells %%az, %%powershell, %%rest and %%arm, and how what they raise is shown.

A cell talks to the variable `cloud`; `%%az other` talks to another one. `$NAME` in az cells and `$name` in PowerShell
cells also find the notebook's own variables when they hold text or numbers.
"""

from __future__ import annotations

import argparse
import linecache
import shlex
from collections.abc import Callable
from traceback import walk_tb
from types import TracebackType
from typing import Any

from imagekit.cloud import Cloud
from imagekit.operations.forms import json_or_text
from imagekit.talk import TONGUES
from imagekit.unreadable import Unreadable, nearest


def register(shell: Any) -> None:
    """Teach an IPython shell the four cells, and to tell in a line what this package raises on purpose."""
    for tongue in TONGUES:
        shell.register_magic_function(_cell(shell, tongue), "cell", tongue)
    shell.set_custom_exc((Unreadable, KeyError, ValueError), _misunderstood)


def _cell(shell: Any, tongue: str) -> Callable[[str, str], Any]:
    def cell(line: str, text: str) -> Any:
        options = _options(tongue).parse_args(shlex.split(line))
        cloud = _cloud(shell, options.cloud)
        _lend(shell, cloud)
        before = dict(cloud.variables)
        answers = cloud.say(text, tongue, options.group, _parameters(options.parameter))
        _give_back(shell, cloud, before)
        return answers

    cell.__doc__ = f"Say the cell's text in {tongue} to `cloud` (or to the cloud named on the line)."
    return cell


def _options(tongue: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"%%{tongue}", exit_on_error=False, add_help=False)
    parser.add_argument("cloud", nargs="?", default="cloud")
    parser.add_argument("-g", "--group", default="")
    parser.add_argument("-p", "--parameter", action="append", default=[])
    parser.error = _refuse  # type: ignore[method-assign]
    return parser


def _refuse(message: str) -> Any:
    raise Unreadable(f"the line of a cell takes a cloud's name, -g GROUP and -p name=value: {message}")


def _parameters(words: list[str]) -> dict[str, Any]:
    pairs = (word.partition("=") for word in words)
    return {name: json_or_text(value) for name, _, value in pairs}


def _cloud(shell: Any, name: str) -> Cloud:
    found = shell.user_ns.get(name)
    if isinstance(found, Cloud):
        return found
    clouds = [key for key, value in shell.user_ns.items() if isinstance(value, Cloud) and not key.startswith("_")]
    near = nearest(name, clouds)
    raise Unreadable(f"there is no cloud called {name!r} yet: write {name} = Cloud() in a cell before", nearest=near)


def _lend(shell: Any, cloud: Cloud) -> None:
    """Let the cloud's clients read the notebook's plain variables."""
    for name, value in shell.user_ns.items():
        if isinstance(value, str | int | float) and not name.startswith("_"):
            cloud.variables[name] = value


def _give_back(shell: Any, cloud: Cloud, before: dict[str, Any]) -> None:
    """Let the notebook read what the cell assigned; what it did not assign stays the notebook's own."""
    for name, value in cloud.variables.items():
        if name.isidentifier() and (name not in before or before[name] != value):
            shell.user_ns[name] = value


def _misunderstood(
    shell: Any, kind: type[BaseException], error: BaseException, trace: TracebackType, tb_offset: Any = None
) -> None:
    """Show in one line what was not understood, anything else as ever; a notebook that runs on its own stops there."""
    if _on_purpose(trace):
        says = error.args[0] if isinstance(error, KeyError) else error  # str() would quote a KeyError's message
        nothing = " Nothing of this cell was carried out." if _in_a_cell(trace) else ""
        shell._showtraceback(kind, error, [f"Not understood. {says}{nothing}"])
    else:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def _in_a_cell(trace: TracebackType) -> bool:
    """Whether a cell of this package was at work: its text is carried out as a whole or not at all."""
    return any(frame.f_globals is globals() and frame.f_code.co_name == "cell" for frame, _ in walk_tb(trace))


def _on_purpose(trace: TracebackType) -> bool:
    """Whether a `raise` of this package ended it, and no slip in Python."""
    frame, number = list(walk_tb(trace))[-1]
    line = linecache.getline(frame.f_code.co_filename, number).strip()
    return frame.f_globals.get("__name__", "").startswith("imagekit.") and line.startswith("raise ")
