"""Where in a text a finding is shown, for a pointer into what was made of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from imagekit.lint.loose import part, spelled, under
from imagekit.lint.source import Text
from imagekit.tongues.json_tree import below, looked_up, stands

_A_VARIABLE = re.compile(r"\[\s*variables\(\s*'([^']+)'\s*\)\s*\]", re.IGNORECASE)


def written_at(value: Any, pointer: str) -> str:
    """Where a value is written: what an expression brings along stands in the variable it names, or at itself.

    >>> template = {"variables": {"steps": ["a"]}, "resources": [{"customize": "[variables('steps')]"}]}
    >>> written_at(template, "/resources/0/customize/0"), written_at(template, "/resources/0/customize/7")
    ('/variables/steps/0', '/resources/0/customize')
    """
    steps = pointer.split("/")[1:]
    for done in range(len(steps) + 1):
        here = looked_up(value, "".join(f"/{step}" for step in steps[:done]))
        if isinstance(here, str):
            at = "".join(f"/{step}" for step in steps[:done])
            return _in_variable(value, here, at, steps[done:]) or (at if done < len(steps) else pointer)
    return pointer


def _in_variable(value: Any, said: str, pointer: str, rest: list[str]) -> str:
    """The place below a variable that an expression names all by itself; "" where there is none."""
    named = _A_VARIABLE.fullmatch(said)
    for lead in _leads(pointer) if named and rest else ():
        template = looked_up(value, lead)
        variables = part(under(template, "variables")) if isinstance(template, dict) else {}
        key = spelled(variables, named[1]) if named else ""
        place = below(below(lead, spelled(template, "variables")), key) if key in variables else ""
        whole = f"{place}/{'/'.join(rest)}"
        if place and stands(value, whole):
            return whole
    return ""


def _leads(pointer: str) -> Iterator[str]:
    """The pointers of what stands around a place, from the innermost to the whole."""
    while pointer:
        pointer = pointer.rpartition("/")[0]
        yield pointer


def place_of(text: Text, pointer: str) -> tuple[int, int]:
    """Where a finding is shown: a plain value by itself, an object or a list by its name."""
    value = looked_up(text.value, pointer)
    return text.name_at(pointer) if isinstance(value, dict | list) else text.at(pointer)
