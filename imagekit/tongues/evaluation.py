"""The value of a template expression, given what a deployment knows.

What only a running deployment can know, such as `reference(…)`, becomes an `Unknown`, and so does every
call it goes into. Source: learn.microsoft.com, "ARM template functions", read 2026-11.

>>> scope = Scope(parameters={"prefix": "web"}.__getitem__)
>>> evaluate("[concat(parameters('prefix'), '-vm')]", scope)
'web-vm'
>>> evaluate("[concat('id: ', reference('nic').id)]", scope)
Unknown(text="concat('id: ', reference('nic').id)")
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cmp_to_key
from typing import Any

from imagekit.tongues.expressions import Access, Call, Literal, Node, parse, write
from imagekit.tongues.template_functions import FUNCTIONS, SYMBOLIC, Function, Scope, check
from imagekit.tongues.template_values import LARGEST, MOST_ITEMS, is_too_large
from imagekit.unknown import Unknown, holds_unknown, unknowns
from imagekit.unreadable import Unreadable, nearest


def evaluate(text: str | Node, scope: Scope) -> Any:
    """Give the value of a JSON string or node: JSON, or an Unknown where only a deployment can tell.

    Raises Unreadable for what Azure would not understand either.

    >>> evaluate("[if(equals(mod(7, 2), 1), 'odd', 'even')]", Scope())
    'odd'
    """
    try:
        return _value(parse(text) if isinstance(text, str) else text, scope)
    except RecursionError:  # however a text is nested, the reader is told, not the interpreter's limit
        raise Unreadable("The expression nests too deeply.") from None


def _value(node: Node, scope: Scope) -> Any:
    match node:
        case Literal(value):
            return value
        case Access():
            return _accessed(node, scope)
        case Call(name):
            return _called(node, name.lower().removeprefix("sys."), scope)


def _unknown(node: Node, *among: Any) -> Unknown:
    """Leave a node open, and remember which resources it waits for."""
    of = dict.fromkeys(name for value in among for unknown in unknowns(value) for name in unknown.of)
    return Unknown(write(node), tuple(of))


def _left_open(node: Call, scope: Scope) -> Any:
    """`reference('nic')` and `listKeys('store', …)` wait for the resource they name, the first until it is there."""
    waits = node.arguments and node.name.lower().startswith(("reference", "list"))
    named = _value(node.arguments[0], scope) if waits else None
    found = scope.look(named) if node.name.lower() == "reference" and isinstance(named, str) else None
    if found is not None:
        return found if len(node.arguments) > 2 else found.get("properties") or {}
    return Unknown(write(node), (named,) if isinstance(named, str) else ())


def _accessed(node: Access, scope: Scope) -> Any:
    value = _value(node.value, scope)
    for done, step in enumerate(node.steps, 1):
        key = _value(step, scope)
        if isinstance(value, Unknown) or isinstance(key, Unknown):
            return _unknown(node, value, key)
        value = _step(value, key, write(Access(node.value, node.steps[:done])))
    return value


def _step(value: Any, key: Any, text: str) -> Any:
    found = _look(value, key)
    if found is _MISSING:
        near = nearest(key, value) if isinstance(value, dict) and isinstance(key, str) else ""
        raise Unreadable("There is nothing at this place", text=text, nearest=near)
    return found


_MISSING = object()


def _look(value: Any, key: Any) -> Any:
    """Look up one step; names in any case, as Azure does."""
    if isinstance(value, dict) and isinstance(key, str):
        return value[key] if key in value else _by_lower(value, key.lower())
    is_index = isinstance(value, list) and isinstance(key, int) and not isinstance(key, bool)
    return value[key] if is_index and 0 <= key < len(value) else _MISSING


def _by_lower(value: Mapping[str, Any], key: str) -> Any:
    return next((inner for name, inner in value.items() if name.lower() == key), _MISSING)


def _called(node: Call, name: str, scope: Scope) -> Any:
    if name in _SPECIAL:
        return _SPECIAL[name](node, scope)
    if name in SYMBOLIC or name.startswith("list"):
        return _left_open(node, scope)
    if name not in FUNCTIONS:
        raise no_such_function(node.name)
    given = [_value(argument, scope) for argument in node.arguments]
    if _stays_unknown(FUNCTIONS[name], given):
        return _unknown(node, *given)
    return _applied(FUNCTIONS[name], given, node, scope)


def _stays_unknown(function: Function, given: Sequence[Any]) -> bool:
    if function.holds == "all":
        return False
    if any(isinstance(value, Unknown) for value in given):
        return True
    return function.holds != "inside" and any(map(holds_unknown, given))


def _applied(function: Function, given: Sequence[Any], node: Call, scope: Scope) -> Any:
    check(function, given)
    try:
        value = function.call(scope, *given) if function.asks else function.call(*given)
    except ValueError as error:
        raise Unreadable(f"In {function.name}, {error}", text=write(node)) from None
    if is_too_large(value):
        says = f"{function.name} gives more than {LARGEST:,} characters and items here"
        raise Unreadable(says, text=write(node)[:60])
    return value


def is_function(name: str) -> bool:
    """Tell whether Azure knows a template function of this name, in any case.

    >>> is_function("sys.CONCAT"), is_function("listKeys"), is_function("concatenate")
    (True, True, False)
    """
    name = name.lower().removeprefix("sys.")
    return name in _SPECIAL or name in SYMBOLIC or name in FUNCTIONS or name.startswith("list")


def no_such_function(name: str) -> Unreadable:
    """What is raised for a function that Azure does not know, with the nearest name."""
    known = [*(function.name for function in FUNCTIONS.values()), *SYMBOLIC.values(), *_SPECIAL_NAMES]
    return Unreadable("There is no template function of this name", text=name, nearest=nearest(name, known))


# -- functions that do not evaluate all their arguments first ------------------------------------------------


def _arguments(node: Call, least: int, most: int) -> tuple[Node, ...]:
    if not least <= len(node.arguments) <= most:
        wants = str(least) if least == most else f"{least} or more"
        raise Unreadable(f"{node.name} takes {wants} arguments, not {len(node.arguments)}", text=write(node))
    return node.arguments


def _if(node: Call, scope: Scope) -> Any:
    question, then, *otherwise = _arguments(node, 2, 3)
    answer = _value(question, scope)
    if isinstance(answer, Unknown):
        return _unknown(node, answer)
    if not isinstance(answer, bool):
        raise Unreadable("if asks for true or false first", text=write(question))
    if answer:
        return _value(then, scope)
    return _value(otherwise[0], scope) if otherwise else None


def _and_or(node: Call, scope: Scope) -> Any:
    """`and` stops at the first false, `or` at the first true."""
    decides = node.name.lower().endswith("or")
    open_ones = []
    for argument in _arguments(node, 2, MOST_ITEMS):
        value = _value(argument, scope)
        if value is decides:
            return decides
        if not isinstance(value, bool | Unknown):
            raise Unreadable(f"{node.name} takes true and false only", text=write(argument))
        open_ones += [value] if isinstance(value, Unknown) else []
    return _unknown(node, *open_ones) if open_ones else not decides


def _coalesce(node: Call, scope: Scope) -> Any:
    for argument in _arguments(node, 1, MOST_ITEMS):
        value = _value(argument, scope)
        if isinstance(value, Unknown):
            return _unknown(node, value)
        if value is not None:
            return value
    return None


def _try_get(node: Call, scope: Scope) -> Any:
    """`tryGet(object, 'name', …)` gives null where there is nothing."""
    value, *keys = (_value(argument, scope) for argument in _arguments(node, 2, MOST_ITEMS))
    for key in keys:
        if isinstance(value, Unknown) or isinstance(key, Unknown):
            return _unknown(node, value, key)
        value = _look(value, key)
        if value is _MISSING or value is None:
            return None
    return value


def _asked(node: Call, scope: Scope) -> Any:
    """`parameters('a')`, `variables('a')` and `lambdaVariables('a')`."""
    name = _value(_arguments(node, 1, 1)[0], scope)
    if not isinstance(name, str):
        raise Unreadable(f"{node.name} takes a name in single quotes", text=write(node))
    match node.name.lower():
        case "parameters":
            return scope.parameters(name)
        case "variables":
            return scope.variables(name)
    if name.lower() not in scope.locals:
        raise Unreadable("There is no lambda variable of this name", text=name, nearest=nearest(name, scope.locals))
    return scope.locals[name.lower()]


def _copy_index(node: Call, scope: Scope) -> Any:
    """`copyIndex()`, `copyIndex(1)`, `copyIndex('loop')`, `copyIndex('loop', 1)`."""
    values = [_value(argument, scope) for argument in _arguments(node, 0, 2)]
    names = [value.lower() for value in values if isinstance(value, str)]
    offsets = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
    loop = names[0] if names else ""
    if len(names) > 1 or len(offsets) > 1 or len(names) + len(offsets) < len(values):
        raise Unreadable("copyIndex takes the name of a loop and an offset, both optional", text=write(node))
    if loop not in scope.copies:
        raise Unreadable("There is no copy loop here for", text=write(node), nearest=nearest(loop, scope.copies))
    turn = scope.copies[loop]
    return turn if isinstance(turn, Unknown) else turn + sum(offsets)


_Lambda = Callable[..., Any]


def _lambda(node: Call, scope: Scope) -> _Lambda:
    """`lambda('x', expression)`: a function of its named arguments."""
    *names, body = _arguments(node, 1, 4)
    plain = [str(_value(name, scope)).lower() for name in names]

    def call(*values: Any) -> Any:
        return _value(body, replace(scope, locals={**scope.locals, **dict(zip(plain, values, strict=False))}))

    return call


def _stray_lambda(node: Call, _scope: Scope) -> Any:
    raise Unreadable("A lambda belongs into map, filter, reduce, sort or toObject", text=write(node))


def _with_lambda(node: Call, scope: Scope) -> Any:
    """`map`, `filter`, `reduce`, `sort` and `toObject`: a list and what to do with its items."""
    first, *rest = _arguments(node, 2, 3)
    lambdas = [_lambda(call, scope) for call in rest if isinstance(call, Call) and call.name.lower() == "lambda"]
    items = _value(first, scope)
    if isinstance(items, Unknown):
        return _unknown(node, items)
    if not isinstance(items, list) or not lambdas:
        raise Unreadable(f"{node.name} takes an array and a lambda", text=write(node))
    start = _value(rest[0], scope) if node.name.lower() == "reduce" else None
    result = _LOOPS[node.name.lower()](items, start, lambdas)
    return _unknown(node, items) if result is _MISSING else result


def _filter(items: list[Any], _start: Any, lambdas: list[_Lambda]) -> Any:
    kept = [lambdas[0](item) for item in items]
    if any(isinstance(keep, Unknown) for keep in kept):
        return _MISSING
    return [item for item, keep in zip(items, kept, strict=True) if keep is True]


def _reduce(items: list[Any], start: Any, lambdas: list[_Lambda]) -> Any:
    for item in items:
        start = lambdas[0](start, item)
    return start


def _sort(items: list[Any], _start: Any, lambdas: list[_Lambda]) -> Any:
    """Sort by a lambda that tells whether its first argument goes first."""
    if holds_unknown(items):
        return _MISSING
    return sorted(items, key=cmp_to_key(lambda one, other: -1 if lambdas[0](one, other) is True else 1))


def _to_object(items: list[Any], _start: Any, lambdas: list[_Lambda]) -> Any:
    keys = [lambdas[0](item) for item in items]
    if not all(isinstance(key, str) for key in keys):
        return _MISSING
    return {key: lambdas[1](item) if lambdas[1:] else item for key, item in zip(keys, items, strict=True)}


_LOOPS: dict[str, Callable[[list[Any], Any, list[_Lambda]], Any]] = {
    "map": lambda items, _start, lambdas: [lambdas[0](item) for item in items],
    "filter": _filter,
    "reduce": _reduce,
    "sort": _sort,
    "toobject": _to_object,
}
_SPECIAL_NAMES: dict[str, Callable[[Call, Scope], Any]] = {
    "if": _if,
    "and": _and_or,
    "or": _and_or,
    "coalesce": _coalesce,
    "tryGet": _try_get,
    "parameters": _asked,
    "variables": _asked,
    "lambdaVariables": _asked,
    "copyIndex": _copy_index,
    "lambda": _stray_lambda,
    "map": _with_lambda,
    "filter": _with_lambda,
    "reduce": _with_lambda,
    "sort": _with_lambda,
    "toObject": _with_lambda,
}
_SPECIAL = {name.lower(): special for name, special in _SPECIAL_NAMES.items()}
