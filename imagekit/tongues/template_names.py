"""What the names in an ARM template stand for: its parameters, its variables, and the values they go into.

Source: learn.microsoft.com, "Parameters in ARM templates", "Variables in ARM templates" and "Property
iteration in ARM templates", read 2026-11.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from imagekit.tongues.evaluation import evaluate
from imagekit.tongues.json_tree import below
from imagekit.tongues.template_functions import Scope
from imagekit.tongues.template_values import LARGEST, is_too_large, kind, same
from imagekit.unknown import Unknown
from imagekit.unreadable import Unreadable, nearest

JSON = dict[str, Any]

MOST_COPIES = 800
"""How often one copy loop may go round; source: "Resource iteration in ARM templates", read 2026-11."""

_TYPES = {
    "array": "array",
    "bool": "boolean",
    "int": "integer",
    "object": "object",
    "secureobject": "object",
    "securestring": "string",
    "string": "string",
}


class UnreadableTemplate(Unreadable):
    """A place in a template was not understood; `pointer` is its JSON pointer.

    >>> str(UnreadableTemplate("There is no name", "/resources/0"))
    'At /resources/0: There is no name'
    """

    def __init__(self, says: str, pointer: str, like: Unreadable | None = None, nearest: str = "") -> None:
        text, line, column = (like.text, like.line, like.column) if like else ("", 0, 0)
        super().__init__(says, text, line, column, nearest or (like.nearest if like else ""))
        self.pointer = pointer

    def __str__(self) -> str:
        """Give one short message: the place in the template, then what was said."""
        message = str(Unreadable(self.says, self.text, nearest=self.nearest))
        return f"At {self.pointer}: {message}" if self.pointer else message


# -- values -------------------------------------------------------------------------------------------------


def resolve(value: Any, scope: Scope, pointer: str = "") -> Any:
    """Give a piece of a template with every expression in it evaluated, and property loops written out.

    Raises UnreadableTemplate with the pointer of the expression that failed.

    >>> resolve({"copy": [{"name": "sizes", "count": 2, "input": "[copyIndex('sizes')]"}]}, Scope())
    {'sizes': [0, 1]}
    """
    if isinstance(value, str):
        return _evaluated(value, scope, pointer)
    if isinstance(value, list):
        return [resolve(item, scope, below(pointer, place)) for place, item in enumerate(value)]
    if isinstance(value, dict):
        return _resolved(value, scope, pointer)
    return value


def _resolved(value: JSON, scope: Scope, pointer: str) -> JSON:
    loops = property_loops(value)
    done = {
        _key(key, scope, pointer): resolve(inner, scope, below(pointer, key))
        for key, inner in value.items()
        if not (loops and key == "copy")
    }
    for place, loop in enumerate(loops):
        done[str(loop.get("name"))] = _property_loop(loop, scope, below(below(pointer, "copy"), place))
    return done


def _key(key: str, scope: Scope, pointer: str) -> str:
    made = _evaluated(key, scope, below(pointer, key))
    if isinstance(made, Unknown):
        return f"[{made.text}]"
    if not isinstance(made, str):
        raise UnreadableTemplate(f"A name must be a string, not {kind(made)}.", below(pointer, key))
    return made


def _evaluated(text: str, scope: Scope, pointer: str) -> Any:
    try:
        return evaluate(text, scope)
    except UnreadableTemplate:
        raise  # the parameter or variable asked for has said already where it stands
    except Unreadable as error:
        raise UnreadableTemplate(error.says, pointer, error) from None


def property_loops(value: JSON) -> list[JSON]:
    """Give the property loops under "copy"; anything else of that name is an ordinary property."""
    loops = value.get("copy")
    are_loops = isinstance(loops, list) and all(isinstance(loop, dict) and "input" in loop for loop in loops)
    return loops if are_loops and isinstance(loops, list) else []


def _property_loop(loop: JSON, scope: Scope, pointer: str) -> list[Any]:
    name = str(loop.get("name", ""))
    inner = below(pointer, "input")
    return [resolve(loop["input"], turn, inner) for turn in turns(loop, name, scope, pointer)]


def turns(loop: JSON, name: str, scope: Scope, pointer: str) -> list[Scope]:
    """Give one scope per turn of a copy loop, from 0 to its count.

    >>> [turn.copies[""] for turn in turns({"count": 3}, "vms", Scope(), "/resources/0/copy")]
    [0, 1, 2]
    """
    if not name:
        raise UnreadableTemplate("A copy loop needs a name.", pointer)
    count = resolve(loop.get("count"), scope, below(pointer, "count"))
    if kind(count) != "integer" or not 0 <= count <= MOST_COPIES:
        raise UnreadableTemplate(f"The count must be an integer from 0 to {MOST_COPIES}.", below(pointer, "count"))
    return [replace(scope, copies={**scope.copies, "": turn, name.lower(): turn}) for turn in range(count)]


# -- names --------------------------------------------------------------------------------------------------


class Names:
    """Answers names in any case; each value is made when first asked for, and then kept."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.makers: dict[str, Callable[[], Any]] = {}
        self.values: JSON = {}
        self.making: list[str] = []

    def add(self, name: str, make: Callable[[], Any]) -> None:
        """Let a name answer what is made for it."""
        self.makers[name.lower()] = make

    def __call__(self, name: str) -> Any:
        key = name.lower()
        if key not in self.makers:
            raise Unreadable(f"There is no {self.what} of this name", name, nearest=nearest(name, self.makers))
        if key not in self.values:
            self.values[key] = self._made(key)
        return self.values[key]

    def _made(self, key: str) -> Any:
        if key in self.making:
            raise Unreadable(f"These {self.what}s are made of each other", " -> ".join([*self.making, key]))
        self.making.append(key)
        try:
            value = self.makers[key]()
        finally:
            self.making.pop()
        if is_too_large(value):
            raise Unreadable(f"This {self.what} has more than {LARGEST:,} characters and items", key)
        return value


def named(template: JSON, given: Mapping[str, Any], scope: Scope, pointer: str = "") -> Scope:
    """Give the scope in which a template's own parameters and variables answer.

    Raises UnreadableTemplate for a parameter without a value, with a value that is not allowed, or that the
    template does not have.

    >>> sizes = {"parameters": {"n": {"type": "int"}}, "variables": {"twice": "[mul(parameters('n'), 2)]"}}
    >>> named(sizes, {"n": 4}, Scope()).variables("twice")
    8
    """
    parameters = section(template, "parameters", pointer)
    _refuse_strangers(given, parameters, below(pointer, "parameters"))
    values = {name.lower(): value for name, value in given.items()}
    ask = Names("parameter")
    inner = replace(scope, parameters=ask, variables=not_made, copies={}, locals={})
    for name, definition in parameters.items():
        place = below(below(pointer, "parameters"), name)
        ask.add(name, partial(_parameter, name, definition, values, inner, place))
    for name in parameters:
        ask(name)
    return _with_variables(template, inner, pointer)


def _with_variables(template: JSON, scope: Scope, pointer: str) -> Scope:
    variables = section(template, "variables", pointer)
    place = below(pointer, "variables")
    answer = Names("variable")
    full = replace(scope, variables=answer)
    for name, value in variables.items():
        if name != "copy":
            answer.add(name, partial(resolve, value, full, below(place, name)))
    for number, loop in enumerate(property_loops(variables)):
        answer.add(str(loop.get("name")), partial(_property_loop, loop, full, f"{place}/copy/{number}"))
    return full


def not_made(name: str) -> Any:
    """Refuse any name, where none may be used.

    Raises Unreadable.
    """
    raise Unreadable("Nothing of this name may be used here", text=name)


def section(template: JSON, name: str, pointer: str = "") -> JSON:
    """Give one of a template's sections that are objects; {} where it is not given."""
    value = template.get(name)
    if value is not None and not isinstance(value, dict):
        raise UnreadableTemplate(f"{name} must be an object, not {kind(value)}.", below(pointer, name))
    return value or {}


def _refuse_strangers(given: Mapping[str, Any], parameters: JSON, pointer: str) -> None:
    known = {name.lower() for name in parameters}
    for name in given:
        if name.lower() not in known:
            says = f"The template has no parameter {name!r}."
            raise UnreadableTemplate(says, pointer, nearest=nearest(name, parameters))


def _parameter(name: str, definition: Any, given: JSON, scope: Scope, pointer: str) -> Any:
    if not isinstance(definition, dict):
        raise UnreadableTemplate("A parameter is defined by an object.", pointer)
    if name.lower() in given:
        value = given[name.lower()]
    elif "defaultValue" in definition:
        value = resolve(definition["defaultValue"], scope, below(pointer, "defaultValue"))
    elif definition.get("nullable") is True:
        return None
    else:
        raise UnreadableTemplate(f"The parameter {name!r} has no value and no default.", pointer)
    check_value(name, definition, value, pointer)
    return value


def check_value(name: str, definition: JSON, value: Any, pointer: str) -> None:
    """Raise UnreadableTemplate for a value that the definition of a parameter does not allow."""
    if isinstance(value, Unknown) or (value is None and definition.get("nullable") is True):
        return
    wanted = _TYPES.get(str(definition.get("type")).lower())
    if wanted and kind(value) != wanted:
        raise UnreadableTemplate(f"The parameter {name!r} must be {wanted}, not {kind(value)}.", pointer)
    allowed = definition.get("allowedValues")
    if isinstance(allowed, list) and not _allowed(value, allowed):
        choices = ", ".join(map(str, allowed))
        near = nearest(str(value), map(str, allowed))
        says = f"The parameter {name!r} must be one of {choices}, not {str(value)[:60]}."
        raise UnreadableTemplate(says, pointer, nearest=near)
    _check_bounds(name, definition, value, pointer)


def _allowed(value: Any, allowed: list[Any]) -> bool:
    """Whether a value, or every item of an array, is one of those allowed."""
    if isinstance(value, list) and not any(isinstance(choice, list) for choice in allowed):
        return all(_allowed(item, allowed) for item in value)
    return any(same(value, choice) for choice in allowed)


def _check_bounds(name: str, definition: JSON, value: Any, pointer: str) -> None:
    bounded = [("Value", value)] if kind(value) == "integer" else []
    bounded += [("Length", len(value))] if isinstance(value, str | list) else []
    for measure, amount in bounded:
        least, most = definition.get(f"min{measure}"), definition.get(f"max{measure}")
        if _less(amount, least) or _less(most, amount):
            says = f"The {measure.lower()} of parameter {name!r} is {amount}; allowed is {least} to {most}."
            raise UnreadableTemplate(says, pointer)


def _less(one: Any, other: Any) -> bool:
    """Whether one number is less than another; a bound that is not given holds nothing back."""
    return kind(one) == kind(other) == "integer" and one < other
