"""Between the values of a row's fields and a request, for az and PowerShell alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from imagekit.operations import OPERATIONS, Field, Operation, Scope, find, named
from imagekit.operations.anything import ANY, stands_for
from imagekit.operations.core import Tongue, dig
from imagekit.operations.paths import body_of
from imagekit.unreadable import Unreadable
from imagekit.world import JSON, Request


def build(row: Operation, values: dict[str, Any], scope: Scope, tongue: Tongue) -> Request:
    """Put values into a request: names into the id, dotted paths into the body, the rest to the row's own function."""
    target = row.target(values, scope)
    body = _body(values)
    if tongue in row.located and "location" not in body:
        body = _located(body, scope)
    if row.compose:
        said = {key: value for key, value in values.items() if key.startswith("@")}
        body = row.compose(said, body, target, scope, tongue)
    query = [(key.removeprefix("query."), value) for key, value in values.items() if key.startswith("query.")]
    sends = row.method in ("PUT", "PATCH") or (row.method == "POST" and bool(body))
    request = row.request(target, body if sends else None, scope, tuple((key, _text(value)) for key, value in query))
    if row.type == ANY:
        return stands_for(request, values, scope)
    one = find("GET", target) if row.of == "all" and not target.is_collection else None
    return replace(request, name=one.name) if one else request


def within(scope: Scope, group: str) -> Scope:
    """The same client, with words about this group."""
    return replace(scope, group=group)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _body(values: dict[str, Any]) -> JSON:
    beside = ("name.", "query.", "@")
    return body_of({key: value for key, value in values.items() if key != "group" and not key.startswith(beside)})


def _located(body: JSON, scope: Scope) -> JSON:
    """Without a location clients take that of the resource group (azure-cli _get_resource_group_location; New-AzVM)."""
    place = scope.home(scope.group)
    return {"location": place, **body} if place else body


def spelled_values(row: Operation, request: Request, scope: Scope, tongue: Tongue) -> list[tuple[Field, Any]]:
    """Each field of a row with the value a request holds for it, in the order of the row."""
    body: JSON = request.body or {}
    said: dict[str, Any] = {}
    if row.decompose:
        said, body = row.decompose(body, request.id, within(scope, request.id.group), tongue)
    query = dict(request.query)
    return [(field, _held(field.path, request, body, said, query)) for field in row.fields]


def _held(path: str, request: Request, body: JSON, said: dict[str, Any], query: dict[str, str]) -> Any:
    if path in said:
        return said[path]
    if path == "group":
        return request.id.group or None
    if path.startswith("name."):
        names = (request.id.group,) if request.id.type.endswith("/resourceGroups") else request.id.names
        number = int(path.removeprefix("name."))
        return names[number] if number < len(names) else None
    if path.startswith("query."):
        return query.get(path.removeprefix("query."))
    return None if not path or path.startswith("@") else dig(body, path)


def sayable(request: Request, tongue: str) -> list[Operation]:
    """The rows that may stand for a request, its own first; raises Unreadable where words cannot say it.

    A PUT to what stands already may be a change or the whole anew, so both rows are given; words that list may also
    show one (`az image builder show-runs --output-name`).
    """
    from imagekit.documents import MODELS, shape  # here, because pydantic takes longer to import than the rest

    if not request.name:
        raise Unreadable(f"{tongue} has no words for {request.method} {request.id.type}")
    own, model = named(request.name), MODELS.get(request.id.type)
    body = request.body if request.method == "PUT" else None
    slips = shape(model, body, request.api_version) if model and body else []
    wrong = [slip for slip in slips if slip.kind in ("wrong value", "missing") and slip.pointer != "/location"]
    if wrong:
        raise Unreadable(f"{tongue} has no words for this body: {wrong[0].kind} at {wrong[0].pointer}")
    others = (row for row in OPERATIONS if (row.method, row.type) == (request.method, own.type) and row is not own)
    return [own, *(row for row in others if not row.reply and row.method in ("GET", "PUT", "PATCH"))]


def first_words(request: Request, tongue: str, say: Callable[[Operation], str]) -> str:
    """What the first row that has words for a request says; raises Unreadable, for its own row, when none has."""
    refused: list[Unreadable] = []
    for row in sayable(request, tongue):
        try:
            return say(row)
        except Unreadable as error:
            refused.append(error)
    raise refused[0]


def same(request: Request, again: Request, tongue: str) -> None:
    """Raise Unreadable with the first difference when words do not say the whole request."""
    if request != again:
        raise Unreadable(f"{tongue} has no words for this: {_first_difference(request, again)}")


def _first_difference(want: Request, got: Request) -> str:
    for part in ("method", "id", "action", "api_version", "query"):
        if getattr(want, part) != getattr(got, part):
            return f"{part} {getattr(want, part)} (read back: {getattr(got, part)})"
    return difference(want.body, got.body) or "the body"


def difference(want: Any, got: Any, path: str = "") -> str:
    """The first place where two bodies differ, as a dotted path with both values; empty when they do not.

    >>> difference({"a": {"b": 1}}, {"a": {"b": 2}})
    'a.b = 1 (read back: 2)'
    """
    if isinstance(want, dict) and isinstance(got, dict):
        keys = [*want, *(key for key in got if key not in want)]
        found = (difference(want.get(key), got.get(key), f"{path}.{key}".lstrip(".")) for key in keys)
        return next(filter(None, found), "")
    return "" if want == got else f"{path} = {want!r} (read back: {got!r})"


__all__ = ["build", "difference", "first_words", "same", "sayable", "spelled_values", "within"]
