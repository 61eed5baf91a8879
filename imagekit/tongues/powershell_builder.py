"""The grammar's tree made into nodes, with the checks that need no running."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lark import Token, Tree

from imagekit.tongues.powershell_nodes import (
    Array,
    Command,
    Index,
    Items,
    Literal,
    Member,
    Method,
    Parameter,
    Path,
    Pipeline,
    Positional,
    Splat,
    Stage,
    Statement,
    Table,
    Value,
    Variable,
    typed_float,
    typed_int,
)
from imagekit.tongues.powershell_text import Place, Read, bare, expandable, placed, verbatim
from imagekit.unreadable import Unreadable, nearest

METHODS = ("ToString", "ToLower", "ToUpper", "Trim")
FIXED = ("null", "true", "false")
LONGEST_NUMBER = 40
# What may stand behind `|`, and the parameters each may have.
STAGES = {
    "Out-Null": (),
    "Format-Table": ("Property", "AutoSize", "Wrap"),
    "Format-List": ("Property",),
    "Select-Object": ("Property", "ExpandProperty"),
}
SWITCHES = ("AutoSize", "Wrap")
# PowerShell's own cmdlets whose first values need no names, and their switches, which take no value.
FIRST: dict[str, tuple[str, ...]] = {
    "convertto-securestring": ("String",),
    "get-job": ("Id",),
    "new-object": ("TypeName", "ArgumentList"),
    "receive-job": ("Job",),
    "wait-job": ("Job",),
    "write-host": ("Object",),
    "write-output": ("InputObject",),
}
_FLAGS = {"convertto-securestring": ("AsPlainText", "Force")}

_BYTES = {"": 1, "kb": 2**10, "mb": 2**20, "gb": 2**30, "tb": 2**40, "pb": 2**50}
_NUMBER = re.compile(r"(?P<digits>.*?)(?P<unit>[kmgtp]b)?", re.IGNORECASE)
_NAMELESS = "stands without a parameter name; write the name with its - before it."

Rule = Tree[Token]
Handed = Parameter | Splat | Positional


class Builder:
    """Makes nodes of the grammar's tree: one method per rule, given its tree and what its parts became."""

    def __init__(self, source: str, origin: Place, read: Read) -> None:
        """Keep the text of the tree, the place where it stands, and the way to read a piece of it."""
        self._source = source
        self._origin = origin
        self._read = read

    def build(self, tree: Rule) -> tuple[Statement, ...]:
        """Make the nodes from the leaves up, in the order of the text: the first slip is named first."""
        done: list[Any] = []
        for part in reversed(_parents_first(tree)):
            if isinstance(part, Token):
                done.append(part)
            else:
                first = len(done) - len(part.children)
                done[first:] = [getattr(self, part.data)(part, done[first:])]
        statements: tuple[Statement, ...] = done[0]
        return statements

    def script(self, _tree: Rule, statements: list[Statement]) -> tuple[Statement, ...]:
        return tuple(statements)

    def statement(self, _tree: Rule, children: list[Any]) -> Statement:
        return Statement(tuple(children[:-1]), children[-1])

    def target(self, tree: Rule, children: list[Token]) -> str:
        name = _name(children[0])
        if name.lower() in FIXED:
            raise self._slip(tree, f"${name} is fixed; choose another name for the variable.")
        return name

    def pipeline(self, _tree: Rule, children: list[Any]) -> Pipeline:
        return Pipeline(children[0], tuple(children[1:]))

    def command(self, tree: Rule, children: list[Any]) -> Command:
        name = children[0]
        arguments = self._arguments(tree, children[1:], _FLAGS.get(str(name).lower(), ()))
        named = tuple(_named(str(name), arguments))
        line, column = self._place(tree)
        return Command(str(name), named, line, column, self._text(tree))

    def stage(self, tree: Rule, children: list[Any]) -> Stage:
        name = _spelled(children[0], STAGES)
        given = [
            self._stage_parameter(tree, name, argument) for argument in self._arguments(tree, children[1:], SWITCHES)
        ]
        self._once(tree, [parameter for parameter, _ in given], "-{} stands twice; PowerShell wants it once.")
        values = dict(given)
        return Stage(name, values.get("Property"), values.get("ExpandProperty"))

    def _stage_parameter(self, tree: Rule, stage: str, argument: Handed) -> tuple[str, Value | None]:
        if isinstance(argument, Splat):
            raise self._slip(tree, f"{stage} takes no @{argument.name} here.")
        asked = argument.name if isinstance(argument, Parameter) else "Property"
        name = _spelled(asked, STAGES[stage])
        if not name:
            known = ", ".join(f"-{parameter}" for parameter in STAGES[stage]) or "nothing"
            says = f"{stage} takes {known} here, not -{asked}."
            raise self._slip(tree, says, nearest(asked, STAGES[stage]))
        return name, argument.value

    def _arguments(self, tree: Rule, handed: list[Handed], switches: tuple[str, ...] = ()) -> list[Handed]:
        """Give each parameter the value that stands behind it; a parameter without one is a switch."""
        paired: list[Handed] = []
        for argument in handed:
            last = paired[-1] if paired else None
            if isinstance(argument, Positional) and isinstance(last, Parameter) and _takes(last, switches):
                paired[-1] = Parameter(last.name, argument.value)
            else:
                paired.append(argument)
        names = [argument.name for argument in paired if isinstance(argument, Parameter)]
        self._once(tree, names, "the parameter -{} stands twice; PowerShell wants it once.")
        return paired

    def _once(self, tree: Rule, names: list[str], says: str) -> None:
        seen: set[str] = set()
        for name in names:
            if name.lower() in seen:
                raise self._slip(tree, says.format(name))
            seen.add(name.lower())

    def parameter(self, _tree: Rule, children: list[Any]) -> Parameter:
        return Parameter(children[0][1:].removesuffix(":"), children[1] if children[1:] else None)

    def splat(self, tree: Rule, children: list[Token]) -> Splat:
        return Splat(children[0][1:], *self._place(tree))

    def positional(self, tree: Rule, children: list[Value]) -> Positional:
        return Positional(children[0], self._text(tree), *self._place(tree))

    def arguments(self, _tree: Rule, children: list[Value]) -> Value:
        return children[0] if len(children) == 1 else Items(tuple(children))

    expression = arguments

    def lone(self, _tree: Rule, children: list[Value]) -> Value:
        return Items(tuple(children))

    def word(self, tree: Rule, children: list[Token]) -> Value:
        return bare(str(children[0]), self._place(tree), self._read)

    def number(self, tree: Rule, children: list[Token]) -> Literal:
        return Literal(self._number(tree, str(children[0])))

    def typed(self, tree: Rule, children: list[Token]) -> Literal:
        text = str(children[0])
        value = self._number(tree, text)
        if str(value) == text:
            return Literal(value)
        return Literal(typed_int(text, value) if isinstance(value, int) else typed_float(text, value))

    def _number(self, tree: Rule, text: str) -> int | float:
        if len(text) > LONGEST_NUMBER:
            raise self._slip(tree, "the number is too long to be read.")
        value = _value(text)
        if abs(value) == float("inf"):
            raise self._slip(tree, "the number is too large to be read.")
        return value

    def path(self, _tree: Rule, children: list[Any]) -> Value:
        base: Value = children[0]
        return Path(base, tuple(children[1:])) if children[1:] else base

    def variable(self, _tree: Rule, children: list[Token]) -> Variable:
        return Variable(_name(children[0]))

    def verbatim(self, _tree: Rule, children: list[Token]) -> Literal:
        return verbatim(str(children[0]))

    def expandable(self, tree: Rule, children: list[Token]) -> Value:
        return expandable(str(children[0]), self._place(tree), self._read)

    def group(self, _tree: Rule, children: list[Any]) -> Value:
        inner: Value = children[1]
        return inner

    def array(self, _tree: Rule, children: list[Any]) -> Array:
        return Array(children[1])

    def table(self, tree: Rule, children: list[Any]) -> Table:
        entries = children[1:-1]
        keys = [str(key.value) for key, _ in entries if isinstance(key, Literal)]
        self._once(tree, keys, "the key {} stands twice in the table.")
        return Table(tuple(entries))

    def entry(self, _tree: Rule, children: list[Any]) -> tuple[Value, Pipeline]:
        return children[0], children[1]

    def key(self, _tree: Rule, children: list[Token]) -> Literal:
        return Literal(str(children[0]))

    def member(self, _tree: Rule, children: list[Token]) -> Member:
        return Member(children[0][1:])

    def method(self, tree: Rule, children: list[Token]) -> Method:
        name = children[0][1:].partition("(")[0]
        known = _spelled(name, METHODS)
        if not known:
            raise self._slip(tree, f".{name}() is not spoken here.", nearest(name, METHODS))
        return Method(known, *self._place(tree))

    def index(self, tree: Rule, children: list[Any]) -> Index:
        return Index(children[1], *self._place(tree))

    def _place(self, tree: Rule) -> Place:
        first = _edge(tree, 0)
        return placed((first.line or 0, first.column or 0), self._origin)

    def _text(self, tree: Rule) -> str:
        return self._source[_edge(tree, 0).start_pos : _edge(tree, -1).end_pos]

    def _slip(self, tree: Rule, says: str, near: str = "") -> Unreadable:
        line, column = self._place(tree)
        return Unreadable(says, "", line, column, near)


def _named(command: str, arguments: list[Handed]) -> Iterator[Parameter | Splat]:
    """The arguments under the names they would have: values without one are the command's first, in their order."""
    said = {argument.name.lower() for argument in arguments if isinstance(argument, Parameter)}
    free = (name for name in FIRST.get(command.lower(), ()) if name.lower() not in said)
    for argument in arguments:
        if not isinstance(argument, Positional):
            yield argument
        elif name := next(free, ""):
            yield Parameter(name, argument.value)
        else:
            raise Unreadable(f"{argument.text} {_NAMELESS}", "", argument.line, argument.column)


def _takes(parameter: Parameter, switches: tuple[str, ...]) -> bool:
    return parameter.value is None and not _spelled(parameter.name, switches)


def _parents_first(tree: Rule) -> list[Rule | Token]:
    pending: list[Rule | Token] = [tree]
    parts: list[Rule | Token] = []
    while pending:
        part = pending.pop()
        parts.append(part)
        if isinstance(part, Tree):
            pending += part.children
    return parts


def _edge(tree: Rule, end: int) -> Token:
    """Give the first token of a rule (end 0) or its last (end -1)."""
    part: Rule | Token = tree
    while isinstance(part, Tree):
        part = part.children[end]
    return part


def _name(token: str) -> str:
    return token[1:].strip("{}")


def _spelled(word: str, known: Iterable[str]) -> str:
    """Give the known spelling of a word in any case, or ""."""
    return next((name for name in known if name.lower() == word.lower()), "")


def _value(text: str) -> int | float:
    parts = _NUMBER.fullmatch(text)
    digits, unit = (parts["digits"], parts["unit"] or "") if parts else (text, "")
    if "x" in digits.lower():
        return int(digits, 16) * _BYTES[unit.lower()]
    whole = digits.lstrip("+-").isdigit()
    return (int(digits) if whole else float(digits)) * _BYTES[unit.lower()]
