"""PowerShell statements put to work: variables looked up, values built, commands handed to a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from imagekit.tongues.powershell_nodes import (
    Array,
    Command,
    Index,
    Items,
    Joined,
    Literal,
    Member,
    Method,
    Parameter,
    Path,
    Pipeline,
    SecureText,
    Splat,
    Stage,
    Statement,
    Table,
    Value,
    Variable,
)
from imagekit.unreadable import Unreadable

_FIXED = {"null": None, "true": True, "false": False}
_CHANGED: dict[str, Callable[[str], str]] = {
    "ToString": str,
    "ToLower": str.lower,
    "ToUpper": str.upper,
    "Trim": str.strip,
}


@dataclass(frozen=True, slots=True)
class Call:
    """One command as it is asked: its name and parameters as written, and where it stands.

    A switch has the value True. `text` is the command as it was written, from its name on.
    """

    name: str
    parameters: dict[str, Any]
    line: int
    column: int
    text: str


def property_of(value: Any, name: str) -> Any:
    """Give a property of a document as PowerShell shows it: any case, `properties` flattened, else None.

    A list answers with the property of each of its entries; Count and Length are its own.

    >>> property_of({"id": "/x", "properties": {"osType": "Linux"}}, "OsType")
    'Linux'
    >>> property_of([{"name": "a"}, {"name": "b"}], "Name")
    ['a', 'b']
    """
    if isinstance(value, Mapping):
        return _entry(value, name)
    if name.lower() in ("count", "length") and isinstance(value, list | str):
        return len(value)
    if isinstance(value, list):
        found = [property_of(entry, name) for entry in value]
        return [entry for entry in found if entry is not None] or None
    return None


def _entry(document: Mapping[str, Any], name: str) -> Any:
    for key, value in document.items():
        if key.lower() == name.lower():
            return value
    inner = document.get("properties")
    return _entry(inner, name) if isinstance(inner, Mapping) else None


def text_of(value: Any) -> str:
    """Give a value as PowerShell writes it into a text.

    >>> [text_of(value) for value in (None, True, 2.0, 1.5, ["a", 1], SecureText("a"))]
    ['', 'True', '2', '1.5', 'a 1', 'System.Security.SecureString']
    """
    if value is None:
        return ""
    if isinstance(value, SecureText):
        return "System.Security.SecureString"
    if isinstance(value, list):
        return " ".join(text_of(entry) for entry in value)
    if isinstance(value, Mapping):
        return "System.Collections.Hashtable"
    return repr(float(value)).removesuffix(".0").upper() if isinstance(value, float) else str(value)


def walk(node: object) -> Iterator[object]:
    """Give a node and all nodes in it, in the order of the text."""
    if isinstance(node, tuple):
        for entry in node:
            yield from walk(entry)
    elif is_dataclass(node):
        yield node
        for field in fields(node):
            yield from walk(getattr(node, field.name))


class Runner:
    """Runs statements over one set of variables; `call` is asked each command."""

    def __init__(self, variables: MutableMapping[str, Any], call: Callable[[Call], Any]) -> None:
        """Keep the variables, which are read and changed, and the function that answers commands."""
        self._variables = variables
        self._call = call

    def statement(self, statement: Statement) -> Any:
        """Run one statement and give what it puts out; an assignment puts out nothing."""
        value = self.value(statement.value)
        for target in statement.targets:
            self._variables[self._written(target)] = value
        return None if statement.targets else value

    def value(self, node: Command | Value) -> Any:
        """Give the value of a node."""
        match node:
            case Literal(value):
                return value
            case Variable(name):
                return self._variable(name)
            case Joined(parts):
                return "".join(part if isinstance(part, str) else text_of(self.value(part)) for part in parts)
            case Items(values):
                return [self.value(value) for value in values]
            case Array(statements):
                return [value for statement in statements for value in self._outputs(statement)]
            case Table(entries):
                return self._table(entries)
            case Path(base, steps):
                return self._path(base, steps)
            case Pipeline(head, stages):
                return self._pipeline(head, stages)
            case Command():
                return self._command(node)

    def _variable(self, name: str) -> Any:
        if name.lower() in _FIXED:
            return _FIXED[name.lower()]
        return self._variables.get(self._written(name))

    def _written(self, name: str) -> str:
        """Give a variable's name as it was first written; $VM and $vm are one variable."""
        return next((known for known in self._variables if known.lower() == name.lower()), name)

    def _outputs(self, statement: Statement) -> list[Any]:
        """Give what a statement adds to an array: lists are unrolled, a command may add nothing."""
        value = self.statement(statement)
        if isinstance(value, list):
            return value
        silent = statement.targets or isinstance(statement.value.head, Command) or statement.value.stages
        return [] if value is None and silent else [value]

    def _table(self, entries: tuple[tuple[Value, Pipeline], ...]) -> dict[str, Any]:
        return {str(self.value(key)): self.value(value) for key, value in entries}

    def _pipeline(self, head: Command | Value, stages: tuple[Stage, ...]) -> Any:
        value = self.value(head)
        for stage in stages:
            value = self._stage(stage, value)
        return value

    def _stage(self, stage: Stage, value: Any) -> Any:
        if stage.name == "Out-Null":
            return None
        if stage.taken is not None:
            return property_of(value, text_of(self.value(stage.taken)))
        shown = self.value(stage.shown) if stage.shown is not None else "*"
        names = [text_of(name) for name in (shown if isinstance(shown, list) else [shown])]
        return value if "*" in names else _only(value, names)

    def _path(self, base: Value, steps: tuple[Member | Method | Index, ...]) -> Any:
        value = self.value(base)
        for step in steps:
            match step:
                case Member(name):
                    value = property_of(value, name)
                case Method(name, line, column):
                    _something(value, f".{name}() has nothing to work on", line, column)
                    value = _CHANGED[name](text_of(value))
                case Index(key, line, column):
                    _something(value, "[ ] has nothing to pick from", line, column)
                    value = _picked(value, self.value(key))
        return value

    def _command(self, command: Command) -> Any:
        named: dict[str, Any] = {}
        splatted: dict[str, Any] = {}
        for argument in command.arguments:
            if isinstance(argument, Parameter):
                named[argument.name] = True if argument.value is None else self.value(argument.value)
            else:
                splatted |= self._splatted(argument)
        # A parameter that is written out wins over the same one in a splatted table (about_Splatting).
        said = {name.lower() for name in named}
        kept = {name: value for name, value in splatted.items() if name.lower() not in said}
        return self._call(Call(command.name, kept | named, command.line, command.column, command.text))

    def _splatted(self, splat: Splat) -> dict[str, Any]:
        value = self._variable(splat.name)
        if not isinstance(value, Mapping):
            says = f"@{splat.name} hands over the entries of a table, but ${splat.name} is not a table @{{ }}."
            raise Unreadable(says, "", splat.line, splat.column)
        return dict(value)


def _something(value: Any, says: str, line: int, column: int) -> None:
    if value is None:
        raise Unreadable(f"{says}: the value before it is $null.", "", line, column)


def _picked(value: Any, key: Any) -> Any:
    if isinstance(value, Mapping) and isinstance(key, str):
        return _entry(value, key)
    if isinstance(key, bool) or not isinstance(key, int):
        return None
    entries = value if isinstance(value, list | str) else [value]
    return entries[key] if -len(entries) <= key < len(entries) else None


def _only(value: Any, names: list[str]) -> Any:
    if isinstance(value, list):
        return [_only(entry, names) for entry in value]
    return {name: property_of(value, name) for name in names} if value is not None else None
