"""Template expressions such as `[concat(parameters('prefix'), '-vm')]` as nodes: reading and writing them.

`evaluation` gives them values. Source: learn.microsoft.com, "Syntax and expressions in ARM templates",
read 2026-11.

>>> node = parse("[toLower(resourceGroup().location)]")
>>> write(node)
'toLower(resourceGroup().location)'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from imagekit.unreadable import Unreadable

if TYPE_CHECKING:  # lark takes longer to import than all else here, and many texts hold no expression
    from lark import Lark, Token, UnexpectedInput

LONGEST = 24_576
"""Characters in one expression at most; same source."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that stands for itself."""

    value: Any


@dataclass(frozen=True, slots=True)
class Call:
    """A function's name and what it is called with."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Access:
    """A value and the steps into it: `.name` and `['name']` are the same step."""

    value: Node
    steps: tuple[Node, ...]


Node = Literal | Call | Access


def parse(text: str) -> Node:
    """Read the text of one JSON string: an expression in brackets, or a literal.

    Raises Unreadable with the column inside the text, counted from 1.

    >>> parse("[toLower('ABC')]")
    Call(name='toLower', arguments=(Literal(value='ABC'),))
    >>> parse("plain"), parse("[[not an expression]"), parse("[also] plain")
    (Literal(value='plain'), Literal(value='[not an expression]'), Literal(value='[also] plain'))
    """
    if not (text.startswith("[") and text.endswith("]")):
        return Literal(text)
    if text.startswith("[["):
        return Literal(text[1:])
    return _parse(text)


@lru_cache(maxsize=4096)
def _parse(text: str) -> Node:
    if len(text) > LONGEST:
        raise Unreadable(f"An expression may have up to {LONGEST:,} characters; this one has {len(text):,}.")
    from lark import UnexpectedInput

    try:
        return cast(Node, _parser().parse(text[1:-1]))
    except UnexpectedInput as error:
        raise _unreadable(error, text) from None


def _unreadable(error: UnexpectedInput, text: str) -> Unreadable:
    from lark import UnexpectedToken

    column = error.pos_in_stream + 2 if error.pos_in_stream is not None else len(text)  # lark counts behind "["
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return Unreadable("The expression ends too early; a bracket or value is missing.", column=len(text))
    return Unreadable("This does not fit into an expression", text=text[column - 1 : column + 19], column=column)


@cache
def _parser() -> Lark:
    from lark import Lark, Transformer, v_args

    @v_args(inline=True)
    class Nodes(Transformer["Token", Node]):
        """Makes nodes while lark reads, so that no tree is ever walked recursively."""

        def string(self, token: Token) -> Node:
            return Literal(str(token)[1:-1].replace("''", "'"))

        def integer(self, token: Token) -> Node:
            return Literal(int(token))

        def name(self, token: Token) -> Node:
            return Literal(str(token))

        def function(self, *names: Token) -> str:
            return ".".join(names)

        def call(self, name: str, *arguments: Node) -> Node:
            return Call(name, arguments)

        def access(self, value: Node, step: Node) -> Node:
            if isinstance(value, Access):
                return Access(value.value, (*value.steps, step))
            return Access(value, (step,))

    grammar = files("imagekit.tongues").joinpath("expressions.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", transformer=Nodes(), maybe_placeholders=False)


def write(node: Node) -> str:
    """Write a node as expression text, without the outer brackets.

    >>> write(parse("[ reference( 'nic' )['id'] ]"))
    "reference('nic').id"
    """
    match node:
        case Literal(str(value)):
            return "'" + value.replace("'", "''") + "'"
        case Literal(value):
            return str(value)
        case Call(name, arguments):
            return f"{name}({', '.join(map(write, arguments))})"
        case Access(value, steps):
            return write(value) + "".join(map(_write_step, steps))


def _write_step(step: Node) -> str:
    match step:
        case Literal(str(name)) if _NAME.fullmatch(name):
            return f".{name}"
    return f"[{write(step)}]"


_NAME = re.compile("[A-Za-z_][A-Za-z0-9_]*")


def calls(node: Node, name: str) -> Iterator[Call]:
    """Give every call of a function inside a node, however deep, its name in any case.

    >>> [write(call) for call in calls(parse("[concat(reference('a').x, reference('b'))]"), "reference")]
    ["reference('a')", "reference('b')"]
    """
    waiting: list[Node] = [node]
    while waiting:
        match waiting.pop(0):
            case Call(called, arguments) as call:
                waiting[:0] = arguments
                if called.lower() == name.lower():
                    yield call
            case Access(value, steps):
                waiting[:0] = [value, *steps]
