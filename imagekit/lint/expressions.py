"""Expressions as they are written: what in them Azure would not understand, before any of them is evaluated.

Azure reads every expression of a template before it deploys anything, those of conditions that will not hold included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from imagekit.lint.findings import Trouble
from imagekit.lint.loose import items, part, spelled, under
from imagekit.tongues.evaluation import is_function, no_such_function
from imagekit.tongues.expressions import Access, Call, Literal, Node, parse
from imagekit.tongues.json_tree import below
from imagekit.tongues.template_names import JSON
from imagekit.unreadable import Unreadable, nearest

NESTED = "microsoft.resources/deployments"
_NOT_READ = {"metadata", "comments", "$schema", "contentVersion"}  # Azure evaluates nothing in them
_NAMES = {"parameters": "parameter", "variables": "variable"}


@dataclass(frozen=True, slots=True)
class Known:
    """The names expressions may use, in their own spelling; None where they cannot be told."""

    parameters: tuple[str, ...] | None = None
    variables: tuple[str, ...] | None = None
    functions: tuple[str, ...] | None = None

    @staticmethod
    def of(template: JSON) -> Known:
        """The names that stand in one template."""
        variables = part(under(template, "variables"))
        loops = [str(part(loop).get("name")) for loop in items(variables.get("copy"))]
        return Known(tuple(part(under(template, "parameters"))), (*variables, *loops), tuple(_functions(template)))


def _functions(template: JSON) -> Iterator[str]:
    for group in items(under(template, "functions")):
        for member in part(part(group).get("members")):
            yield f"{part(group).get('namespace')}.{member}"


def is_expression(text: str) -> bool:
    """Whether Azure evaluates a string of a template.

    >>> is_expression("[parameters('a')]"), is_expression("[[plain]"), is_expression("plain")
    (True, False, False)
    """
    return text.startswith("[") and text.endswith("]") and not text.startswith("[[")


def calls_a_stranger(text: str) -> bool:
    """Whether an expression calls a function that is none of Azure's: one of the template's own, or a misspelt one."""
    asked = _asked(text)
    return not isinstance(asked, Unreadable) and any(what == "function" for what, _ in asked)


def in_template(template: JSON, pointer: str = "") -> Iterator[Trouble]:
    """Give what would not be understood in a template and those nested in it."""
    known = Known.of(template)
    for name, definition in part(under(template, "parameters")).items():
        place = below(below(below(pointer, spelled(template, "parameters")), name), "defaultValue")
        yield from in_value(part(definition).get("defaultValue"), place, known)
    for section in (spelled(template, name) for name in ("variables", "resources", "outputs")):
        yield from in_value(template.get(section), below(pointer, section), known)


def in_value(value: Any, pointer: str, known: Known) -> Iterator[Trouble]:
    """Give what would not be understood in a piece of a template."""
    waiting = [(value, pointer)]
    while waiting:
        value, pointer = waiting.pop()
        if isinstance(value, str):
            yield from _in_string(value, pointer, known)
        elif isinstance(value, list):
            waiting += [(item, f"{pointer}/{place}") for place, item in enumerate(value)]
        elif isinstance(value, dict):
            yield from _in_keys(value, pointer, known)
            inner = _own_template(value)
            waiting += [(item, below(pointer, key)) for key, item in value.items() if key not in _NOT_READ | inner]
            if inner:
                yield from _nested(value["properties"], below(pointer, "properties"), known)


def _own_template(value: JSON) -> set[str]:
    """The key under which a nested deployment holds a template of its own."""
    is_nested = str(value.get("type")).lower() == NESTED and "template" in part(value.get("properties"))
    return {"properties"} if is_nested else set()


def _nested(properties: JSON, pointer: str, known: Known) -> Iterator[Trouble]:
    for key in properties.keys() - {"template"}:
        yield from in_value(properties[key], below(pointer, key), known)
    template, place = part(properties["template"]), below(pointer, "template")
    if has_inner_scope(properties):
        yield from in_template(template, place)
    else:
        for section in ("resources", "outputs"):
            yield from in_value(template.get(section), below(place, section), known)


def has_inner_scope(properties: JSON) -> bool:
    """Whether a nested template is evaluated by itself, not in its parent."""
    return str(part(properties.get("expressionEvaluationOptions")).get("scope")).lower() == "inner"


def _in_keys(value: JSON, pointer: str, known: Known) -> Iterator[Trouble]:
    for key in value:
        if key.startswith("["):
            yield from _in_string(key, below(pointer, key), known)


def _in_string(text: str, pointer: str, known: Known) -> Iterator[Trouble]:
    if not is_expression(text):
        return
    asked = _asked(text)
    if isinstance(asked, Unreadable):
        if known.parameters is not None:  # what stands alone may as well be a test in a shell
            fix = "Repair it, or begin with [[ for a text that stands in brackets."
            yield Trouble("expression-can-be-read", pointer, str(asked), fix, column=asked.column)
        return
    for what, name in asked:
        yield from _stranger(what, name, pointer, known)


def _stranger(what: str, name: str, pointer: str, known: Known) -> Iterator[Trouble]:
    """Tell a name that nothing has."""
    if what == "function":
        if known.functions is None or name.lower() not in map(str.lower, known.functions):
            near = no_such_function(name).nearest
            yield Trouble("function-is-known", pointer, f"There is no template function {name!r}.", _meant(near), name)
        return
    names = getattr(known, f"{what}s")
    if names is not None and name.lower() not in map(str.lower, names):
        near = _meant(nearest(name, names)) or f"Define it under {what}s, or correct the name."
        yield Trouble(f"{what}-is-defined", pointer, f"The template has no {what} {name!r}.", near, name)


def _meant(near: str) -> str:
    return f"Did you mean {near}?" if near else ""


@lru_cache(maxsize=8192)
def _asked(text: str) -> tuple[tuple[str, str], ...] | Unreadable:
    """The parameters and variables an expression names, and the functions nobody knows; or why it cannot be read."""
    try:
        return tuple(dict.fromkeys(_strangers(parse(text))))
    except Unreadable as error:
        return error


def _strangers(node: Node) -> Iterator[tuple[str, str]]:
    waiting = [node]
    while waiting:
        match waiting.pop():
            case Call(name, arguments):
                waiting.extend(arguments)
                match name.lower(), arguments:
                    case "parameters" | "variables", (Literal(str(said)),):
                        yield _NAMES[name.lower()], said
                if not is_function(name):
                    yield "function", name
            case Access(value, steps):
                waiting.extend((value, *steps))
