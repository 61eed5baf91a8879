"""What PowerShell text means, as small frozen nodes: the tree between reading and running.

Lines and columns count from 1 and are kept where running may still have something to say.
"""

from __future__ import annotations

from dataclasses import dataclass


class TypedInt(int):
    """A whole number behind a command that remembers how it was typed.

    PowerShell hands `-Sku 007` to a text parameter as "007" and to a number parameter as 7: NumberConstant
    arguments keep their text. `str()` gives the text, everything else sees the number.

    >>> typed_int("007", 7) == 7, str(typed_int("007", 7))
    (True, '007')
    """

    typed: str

    def __str__(self) -> str:
        """Give the number as it was typed."""
        return self.typed


class TypedFloat(float):
    """A number with a fraction behind a command that remembers how it was typed, such as `-Sku 18.10`.

    >>> typed_float("18.10", 18.1) == 18.1, str(typed_float("18.10", 18.1))
    (True, '18.10')
    """

    typed: str

    def __str__(self) -> str:
        """Give the number as it was typed."""
        return self.typed


class SecureText(str):
    """A text that was made a SecureString: itself wherever it is handed over, and never shown."""

    __slots__ = ()


def typed_int(text: str, value: int) -> int:
    number = TypedInt(value)
    number.typed = text
    return number


def typed_float(text: str, value: float) -> float:
    number = TypedFloat(value)
    number.typed = text
    return number


@dataclass(frozen=True, slots=True)
class Literal:
    """A text or a number that stands for itself."""

    value: str | int | float


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name`; names are compared without case."""

    name: str


@dataclass(frozen=True, slots=True)
class Joined:
    """A text in double quotes, or a bare word with `$`: pieces of text and of values, joined when run."""

    parts: tuple[str | Value, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """Values with commas between them."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Array:
    """`@( … )` or `$( … )`: all that the statements inside give out."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`@{ key = value; … }`; no key stands twice."""

    entries: tuple[tuple[Value, Pipeline], ...]


@dataclass(frozen=True, slots=True)
class Member:
    """`.Name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Method:
    """`.ToString()` and the few others that need nothing between the brackets."""

    name: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Index:
    """`[0]` or `['key']`."""

    value: Value
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Path:
    """A value and the steps into it: `$vm.Id.ToString()`, `$regions[0].Name`."""

    base: Value
    steps: tuple[Member | Method | Index, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """`-Name value`; a switch has no value."""

    name: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Splat:
    """`@name`: the entries of a table handed over as parameters."""

    name: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Positional:
    """A value behind a command, before it is known which parameter it belongs to."""

    value: Value
    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Command:
    """A cmdlet and what it is handed; `text` is the command as it was written."""

    name: str
    arguments: tuple[Parameter | Splat, ...]
    line: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Stage:
    """What stands behind `|`: the properties to show, or the one property to take out."""

    name: str
    shown: Value | None
    taken: Value | None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A command or a value, and the stages it goes through."""

    head: Command | Value
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A pipeline, and the variables that get its result: `$job = $version = New-…` has two."""

    targets: tuple[str, ...]
    value: Pipeline


Value = Literal | Variable | Joined | Items | Array | Table | Path | Pipeline
