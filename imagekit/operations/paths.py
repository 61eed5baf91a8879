"""Reading and changing plain JSON by dotted paths; nothing is ever altered in place."""

from __future__ import annotations

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


def planted(body: JSON, path: str, value: Any) -> JSON:
    """A body with this value at a dotted path; the body given stays as it is.

    >>> planted({"a": {"c": 2}}, "a.b", 1)
    {'a': {'c': 2, 'b': 1}}
    """
    head, _, rest = path.partition(".")
    inner = body.get(head)
    below = planted(inner if isinstance(inner, dict) else {}, rest, value) if rest else value
    return {**body, head: below}


def pruned(body: JSON, path: str) -> JSON:
    """A body without what stands at a dotted path, and without parts that are left empty by that.

    >>> pruned({"a": {"b": 1}, "c": 2}, "a.b")
    {'c': 2}
    """
    head, _, rest = path.partition(".")
    inner = body.get(head)
    left = pruned(inner, rest) if rest and isinstance(inner, dict) else None
    return {**body, head: left} if left else {key: value for key, value in body.items() if key != head}
