"""Reading and changing plain JSON by dotted paths; nothing is ever altered in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imagekit.world import JSON


def dig(body: Any, path: str) -> Any:
    """The value at a dotted path, or None.

    >>> dig({"a": {"b": 1}}, "a.b"), dig({}, "a.b")
    (1, None)
    """
    for part in path.split("."):
        if not isinstance(body, dict):
            return None
        body = body.get(part)
    return body


def objects(body: Any, path: str) -> list[JSON]:
    """The objects in a list at a dotted path; whatever else stands there counts for nothing.

    >>> objects({"a": [{"b": 1}, "c"]}, "a"), objects({"a": "b"}, "a")
    ([{'b': 1}], [])
    """
    found = dig(body, path)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def planted(body: JSON, path: str, value: Any) -> JSON:
    """A body with this value at a dotted path; the body given stays as it is.

    >>> planted({"a": {"c": 2}}, "a.b", 1)
    {'a': {'c': 2, 'b': 1}}
    """
    head, _, rest = path.partition(".")
    inner = body.get(head)
    below = planted(inner if isinstance(inner, dict) else {}, rest, value) if rest else value
    return {**body, head: below}


def body_of(values: Mapping[str, Any]) -> JSON:
    """A body of values by their dotted paths.

    >>> body_of({"location": "eastus", "sku.name": "Standard_LRS"})
    {'location': 'eastus', 'sku': {'name': 'Standard_LRS'}}
    """
    body: JSON = {}
    for path, value in values.items():
        body = planted(body, path, value)
    return body


def pruned(body: JSON, *paths: str) -> JSON:
    """A body without what stands at dotted paths, and without parts that are left empty by that.

    >>> pruned({"a": {"b": 1}, "c": 2, "d": 3}, "a.b", "d")
    {'c': 2}
    """
    for path in paths:
        head, _, rest = path.partition(".")
        inner = body.get(head)
        left = pruned(inner, rest) if rest and isinstance(inner, dict) else None
        body = {**body, head: left} if left else {key: value for key, value in body.items() if key != head}
    return body
